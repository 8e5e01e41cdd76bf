package text

import (
	"unicode/utf8"

	"stance/internal/model"
)

// listReach is how many tokens on the next marker of a list is looked for.
const listReach = 120

// maxSentence is the longest sentence, in tokens: a longer one is cut before a
// word, since what is looked for in a sentence can take the square of its
// length. The longest in 5,000 articles of news has fewer than 400.
const maxSentence = 2000

// paragraph cuts the tokens [first, last) into sentences.
func (r *Reader) paragraph(l *model.Layers, first, last int32) {
	p := int32(len(l.Paragraphs))
	firstSentence := int32(len(l.Sentences))
	from := first
	cut := func(end int32) {
		if end > from {
			l.Sentences = append(l.Sentences, model.Sentence{
				Span:  model.Span{Start: r.tokens[from].Start, End: r.tokens[end-1].End},
				First: from, Last: end, Paragraph: p, Question: r.asks(from, end),
			})
			from = end
		}
	}
	// shorten cuts what is too long before end.
	shorten := func(end int32) {
		for end-from > maxSentence {
			at := from + maxSentence
			for t := at; t > at-maxSentence/2; t-- {
				if r.tokens[t].Kind == model.Word && r.tokens[t].Has(model.SpaceBefore) {
					at = t
					break
				}
			}
			cut(at)
		}
	}
	next := r.nextMarker(from, last)
	for r.nextStop < len(r.stops) && r.stops[r.nextStop] < last {
		s := r.stops[r.nextStop]
		if next >= 0 && next <= s {
			shorten(next)
			cut(next)
			next = r.nextMarker(from, last)
			continue
		}
		r.nextStop++
		if s < from {
			continue
		}
		shorten(s)
		if k := r.tokens[s].Kind; k == model.Symbol || k == model.Word && r.text[r.tokens[s].End-1] != '.' {
			// A bullet, or the word that heads a credit line.
			if r.tokens[s].Has(model.SpaceBefore) {
				cut(s)
				next = r.nextMarker(from, last)
			}
			continue
		}
		if end := r.boundary(from, s, last); end > from && end < last {
			cut(end)
			next = r.nextMarker(from, last)
		}
	}
	for next >= 0 && next < last {
		shorten(next)
		cut(next)
		next = r.nextMarker(from, last)
	}
	shorten(last)
	cut(last)
	l.Paragraphs = append(l.Paragraphs, model.Paragraph{
		Span:  model.Span{Start: r.tokens[first].Start, End: r.tokens[last-1].End},
		First: firstSentence, Last: int32(len(l.Sentences)),
	})
}

// asks reports whether the sentence [from, end) ends with a question mark.
func (r *Reader) asks(from, end int32) bool {
	for t := end - 1; t >= from; t-- {
		k := r.tokens[t]
		if k.Kind != model.QuoteMark && !k.Has(model.Closing) {
			if k.Kind != model.Punctuation || r.text[k.Start] != '!' {
				return k.Kind == model.Punctuation && r.text[k.Start] == '?'
			}
		}
	}
	return false
}

// is reports whether token t is the ASCII sign c.
func (r *Reader) is(t, last int32, c byte) bool {
	return t < last && r.tokens[t].Kind == model.Punctuation && r.text[r.tokens[t].Start] == c
}

// marker returns a code for the list marker at token t (its style in the low
// bits, its value above), 0 when there is none: 1. 1) (1) 1.) a. a) (a).
func (r *Reader) marker(t, last int32) int32 {
	if t < last && r.tokens[t].Kind == model.Symbol && r.isBullet(t) {
		t++
	}
	style, open := int32(0), false
	if r.is(t, last, '(') {
		open = true
		t++
	}
	if t >= last {
		return 0
	}
	k := r.tokens[t]
	word := k.In(r.text)
	value := int32(0)
	switch {
	case k.Kind == model.Number && len(word) <= 2:
		for _, c := range []byte(word) {
			if byteKind[c]&cDigit == 0 {
				return 0
			}
			value = value*10 + int32(c-'0')
		}
		style = 1
	case k.Kind == model.Word && len(word) == 1:
		if value = int32(word[0]|0x20-'a') + 1; value < 1 || value > 26 {
			return 0
		}
		style = 2
		if k.Has(model.Capital) {
			style = 3
		}
	default:
		return 0
	}
	switch {
	case r.is(t+1, last, '.') && r.tokens[t+1].Len() == 1 && !r.tokens[t+1].Has(model.SpaceBefore):
		if style += 4; r.is(t+2, last, ')') {
			style += 4
		}
		if open {
			return 0
		}
	case r.is(t+1, last, ')') && !r.tokens[t+1].Has(model.SpaceBefore):
		if style += 12; open {
			style += 4
		}
	default:
		return 0
	}
	return value<<5 | style
}

// nextMarker returns the token that begins the next part of an inline list
// whose marker stands at from; -1 when there is none.
func (r *Reader) nextMarker(from, last int32) int32 {
	k := r.tokens[from].Kind
	if k != model.Number && k != model.Symbol && (k != model.Word || r.tokens[from].Len() > 1) && (k != model.Punctuation || !r.is(from, last, '(')) {
		return -1
	}
	m := r.marker(from, last)
	if m == 0 {
		return -1
	}
	want := m + 1<<5
	for t := from + 2; t < last && t < from+listReach; t++ {
		if r.tokens[t].Has(model.SpaceBefore) && r.marker(t, last) == want {
			e := t + 2
			for e < last && r.tokens[e].Kind == model.Punctuation {
				e++
			}
			if r.isBullet(t) || e < last && r.tokens[e].Has(model.SpaceBefore) && (r.tokens[e].Has(model.Capital) || m&31 >= 8) {
				return t
			}
		}
	}
	return -1
}

// boundary decides whether the stop at token s ends the sentence that began
// at from, and returns the token after its end; 0 when it does not.
func (r *Reader) boundary(from, s, last int32) int32 {
	stop := r.tokens[s]
	c := r.text[stop.Start]
	full := stop.Kind == model.Punctuation && c == '.' && stop.Len() == 1
	if full && s+1 < last && r.tokens[s+1].Has(model.SpaceBefore) && r.is(s+1, last, '.') && r.tokens[s+1].Len() == 1 {
		return r.spacedDots(s, last)
	}
	e := s + 1
	closed := false
	for ; e < last; e++ {
		k := r.tokens[e]
		if k.Has(model.Closing) {
			// A spaced mark that closes belongs here as well.
			if k.Has(model.SpaceBefore) && k.Kind != model.QuoteMark {
				break
			}
			closed = true
			continue
		}
		if k.Kind == model.Punctuation && !k.Has(model.SpaceBefore) {
			if b := r.text[k.Start]; b == '!' || b == '?' || b == '.' || b == 0xe2 {
				if b != '.' {
					c = b
				}
				continue
			}
			if k.Has(model.Opening) && r.is(e, last, '[') && e+2 < last && r.tokens[e+1].Kind == model.Number && r.is(e+2, last, ']') {
				e += 2 // a note
				continue
			}
		}
		break
	}
	if e >= last {
		return e
	}
	n := r.tokens[e]
	if n.Kind == model.Punctuation && !n.Has(model.Opening) || n.Kind == model.Clitic || n.Kind == model.Hyphen {
		return 0
	}
	if n.Kind == model.Dash {
		return 0
	}
	if stop.Kind == model.Word {
		if r.afterAbbreviation(from, s, e, last, closed) {
			return e
		}
		return 0
	}
	if full && r.marksList(from, s) {
		return 0
	}
	if !n.Has(model.SpaceBefore) {
		return r.unspaced(s, e, last)
	}
	ellipsis := stop.Len() > 1 && c != '!' && c != '?'
	start := r.startOf(e, last)
	switch {
	case ellipsis && closed && n.Has(model.Opening):
		return 0
	case ellipsis:
		if word := r.firstWord(e, last); word.Len() == 1 && r.text[word.Start] == 'I' {
			return 0
		}
		if start == startCapital && (!stop.Has(model.SpaceBefore) || stop.Len() == 4 || r.v.classes[r.firstWord(e, last).ID]&opener != 0) {
			return e
		}
		return 0
	case start == startLower:
		// Careless writing starts sentences in lower case; what stands before
		// the stop must then be a word that is no abbreviation.
		if !closed && (r.ordinary(s-1) && r.v.classes[n.ID] != 0 || c == '?' && r.v.classes[n.ID]&(Question|Subject|Be|Modal|Do) != 0) {
			return e
		}
		return 0
	case closed && (c == '!' || c == '?') && r.attributed(e, last):
		return 0
	case full && (r.unknownShort(s, e) || r.degree(s) && start == startOther):
		return 0
	}
	return e
}

// starts of what follows a stop.
type start uint8

const (
	startOther   start = iota // a sign, a number
	startCapital              // a capital letter, quotation marks and brackets aside
	startLower
)

// firstWord returns the first token from e on that is no mark or bracket.
func (r *Reader) firstWord(e, last int32) model.Token {
	for e < last-1 && (r.tokens[e].Kind == model.QuoteMark || r.tokens[e].Has(model.Opening)) {
		e++
	}
	return r.tokens[e]
}

// startOf tells what stands at the start of a possible sentence.
func (r *Reader) startOf(e, last int32) start {
	n := r.firstWord(e, last)
	if n.Kind != model.Word {
		return startOther
	}
	if n.Has(model.Capital) {
		return startCapital
	}
	x, _ := utf8.DecodeRuneInString(r.text[n.Start:])
	if x == 'i' && n.Len() == 1 || x < utf8.RuneSelf && byteKind[byte(x)]&cLetter == 0 {
		return startOther
	}
	// eBay, iPhone
	if n.Len() > 2 && byteKind[r.text[n.Start+1]]&cUpper != 0 {
		return startCapital
	}
	return startLower
}

// marksList reports whether the stop at s ends the marker of a list at from.
func (r *Reader) marksList(from, s int32) bool {
	if s > from && r.isBullet(from) {
		from++
	}
	if s != from+1 {
		return false
	}
	k := r.tokens[from]
	if k.Kind == model.Number {
		return k.Len() <= 3
	}
	return k.Kind == model.Word && k.Len() == 1 && r.text[k.Start] != 'I'
}

// unspaced decides on a stop with no white space after it ("ended.The").
func (r *Reader) unspaced(s, e, last int32) int32 {
	n, p := r.tokens[e], model.Token{}
	if s > 0 {
		p = r.tokens[s-1]
	}
	if n.Kind == model.QuoteMark && n.Has(model.Opening) && e > s {
		return e
	}
	if n.Kind == model.Word && n.Has(model.Capital) && (!n.Has(model.AllCaps) || n.Len() == 1) &&
		(p.Kind == model.Number || p.Kind == model.Word && p.Len() > 1 || e > s+1) {
		return e
	}
	if r.tokens[s].Len() == 1 && r.ordinary(e) && r.ordinary(s-1) {
		return e
	}
	return 0
}

// attributed reports whether, after a closing mark, a name and a reporting
// verb follow: "Really?" Smith asked.
func (r *Reader) attributed(e, last int32) bool {
	for t := e; t < last && t < e+6; t++ {
		k := r.tokens[t]
		c := r.v.classes[k.ID]
		if t > e && c&Reporting != 0 && c&Verb != 0 && !k.Has(model.Capital) {
			return true
		}
		if k.Kind == model.Clitic || k.Kind == model.Hyphen || k.Kind == model.Word && k.Has(model.Capital) && (t > e || c&opener == 0) {
			continue
		}
		return t > e && k.Kind == model.Word && c&(Noun|PersonNoun) != 0 && t+1 < last && r.v.classes[r.tokens[t+1].ID]&Reporting != 0
	}
	return false
}

// ordinary reports whether token t is a known word in lower case.
func (r *Reader) ordinary(t int32) bool {
	if t < 0 {
		return false
	}
	k := r.tokens[t]
	return k.Kind == model.Word && k.Len() > 1 && !k.Has(model.Capital) && r.v.classes[k.ID]&^(Abbreviation|Title) != 0 && r.text[k.End-1] != '.'
}

// degree reports whether the stop at s follows the sign of an ordinal (N°).
func (r *Reader) degree(s int32) bool {
	return s > 0 && r.tokens[s-1].Kind == model.Symbol && r.tokens[s-1].ID == r.v.signs.degree
}

// unknownShort guesses that the word before the stop at s is an abbreviation
// that no list has: capital, short and without a vowel.
func (r *Reader) unknownShort(s, e int32) bool {
	if s == 0 {
		return false
	}
	k := r.tokens[s-1]
	if e != s+1 || k.Kind != model.Word || k.Len() > 4 || k.Len() < 2 || !k.Has(model.Capital) || k.Has(model.AllCaps) || k.End != r.tokens[s].Start {
		return false
	}
	for _, c := range []byte(k.In(r.text)) {
		switch c | 0x20 {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			return false
		}
		if byteKind[c]&cLetter == 0 {
			return false
		}
	}
	return true
}

// spacedDots decides on dots with spaces between them. After a word's own
// stop they begin the next sentence; four spaced dots end one.
func (r *Reader) spacedDots(s, last int32) int32 {
	e := s
	for e < last && r.is(e, last, '.') && r.tokens[e].Len() == 1 && (e == s || r.tokens[e].Has(model.SpaceBefore)) {
		e++
	}
	for r.nextStop < len(r.stops) && r.stops[r.nextStop] < e {
		r.nextStop++
	}
	if e < last && r.startOf(e, last) == startCapital && !r.tokens[e].Has(model.Closing) {
		switch word := r.firstWord(e, last); {
		case e-s > 3 && !r.tokens[s].Has(model.SpaceBefore):
			return s + 1
		case e-s > 3 || word.Len() > 1 && r.v.classes[word.ID]&opener != 0:
			return e
		}
	}
	return 0
}

// afterAbbreviation decides whether the abbreviation at s, which ends in a
// stop, also ends the sentence; what follows begins at e.
func (r *Reader) afterAbbreviation(from, s, e, last int32, closed bool) bool {
	stop, n := r.tokens[s], r.tokens[e]
	kind := r.v.shorts[stop.ID]
	if r.startOf(e, last) != startCapital {
		return false
	}
	if s >= 2 && r.tokens[s-1].Kind == model.Hyphen && r.tokens[s-2].Len() == 1 && r.tokens[s-2].Has(model.Capital) {
		return true // "R-Ky.", which a comma would follow within a sentence
	}
	if !n.Has(model.SpaceBefore) && kind == noShort {
		return n.Kind == model.Word && n.Has(model.Capital) && n.Len() > 1 && r.v.classes[n.ID]&opener != 0
	}
	word := r.firstWord(e, last)
	c := r.v.classes[word.ID]
	if word.Has(model.AllCaps) && word.Len() > 1 && !stop.Has(model.AllCaps) {
		c = 0
	}
	if closed && kind != shortTitle {
		return true
	}
	switch kind {
	case shortTitle, shortNumber, shortLatin:
		return false
	case shortEtc:
		return true
	case shortTime:
		if c&(Weekday|Month) != 0 || word.Has(model.AllCaps) && word.Len() > 1 {
			return false
		}
		return c&opener != 0 || r.hasVerb(from, s)
	}
	if stop.Len() == 2 { // an initial
		return false
	}
	return c&opener != 0 && c&(Month|Weekday) == 0
}

// hasVerb reports whether a form that can be a finite verb stands in [from, to).
func (r *Reader) hasVerb(from, to int32) bool {
	for t := from; t < to; t++ {
		if c := r.v.classes[r.tokens[t].ID]; c&(VerbPast|VerbS|Be|Have|Do|Modal) != 0 && c&nounish == 0 {
			return true
		}
	}
	return false
}
