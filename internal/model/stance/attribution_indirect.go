package stance

import (
	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// shape is the shape of a content, which tells how far it goes.
type shape uint8

const (
	shapeClause     shape = iota // that …, whether …, or a clause without a marker
	shapeInfinitive              // to …
	shapeObject                  // a noun phrase and what hangs from it
)

// farthest bounds a content, in tokens, so that the cost of a sentence stays
// linear.
const farthest = 300

// indirect attributes what follows a cue without marks: "X said (that) …",
// "X hopes to …", "X opposed …", and what stands before it: "…, X said."
func (s *Stage) indirect() {
	s.directAt, s.directEnd = 0, len(s.r.Quotes)
	words := s.attributives
	for si := range s.l.Sentences {
		sent := &s.l.Sentences[si]
		s.sentenceAt = int32(si)
		for s.directAt < s.directEnd && s.r.Quotes[s.directAt].LastSentence <= int32(si) {
			s.directAt++
		}
		n := 0
		for n < len(words) && words[n] < sent.Last {
			n++
		}
		if n > 0 {
			s.nominals(words[:n], sent, int32(si))
			words = words[n:]
		}
		for g := sent.FirstGroup; g < sent.LastGroup; g++ {
			grp := &s.l.Groups[g]
			if s.canAt[grp.Head]&verbAttributes == 0 && s.kindsAt[grp.Head]>>rules.OpReporting&1 == 0 || grp.Form == model.VerbImperative {
				continue
			}
			verb, op := s.cueVerb(g), s.reporting(g)
			if grp.Passive {
				s.undergone(g, verb, op, sent, int32(si))
			} else {
				s.active(g, verb, op, sent, int32(si))
			}
		}
	}
}

func (s *Stage) active(g int32, verb *cueWord, op *opMatch, sent *model.Sentence, si int32) {
	grp := &s.l.Groups[g]
	c := cited{cue: s.groupSpan(g), method: sieveThatClause}
	var takes complement
	if verb != nil {
		takes, c.lemma = verb.takes, verb.lemma
	}
	if op != nil {
		c.op = op.op
	}
	inverted := false
	if op != nil && takes&invertible != 0 {
		c.who, inverted = s.inverted(g, sent)
	}
	if !inverted {
		c.who = s.source(g, sent)
	}
	if c.who.Last-c.who.First > 1 && s.class(c.who.First)&text.Question != 0 && s.mentionAt[c.who.First] < 0 {
		c.who.First++ // "what it called a mistake"
	}
	if !c.who.found() && takes&takesSeeming == 0 || s.idle(g, c.who) || s.dummy(c.who) {
		return
	}
	quoted := s.cited(c.cue)
	c.who = s.named(g, s.widen(c.who, min(grp.First, max(c.who.Last, sent.First))))
	if op != nil {
		if !inverted {
			if grp.Modal >= 0 && !quoted {
				return // "would say that": nobody has said it
			}
			first, last := s.content(g, takes, sent)
			if first >= last {
				first, last = s.bareContent(g, takes, quoted, sent)
			}
			if first < last {
				s.addIndirect(c, first, last, si)
				return
			}
		}
		if grp.Form != model.VerbInfinitive && takes&fronted != 0 {
			if first, last := s.fronted(g, c.who, sent); first < last && !(quoted && last == sent.Last) {
				c.method = sieveFronted
				s.addIndirect(c, first, last, si)
				return
			}
		}
	}
	if inverted || quoted || takes&takesSeeming == 0 && s.isIt(c.who) {
		return
	}
	s.governed(g, takes, c, sent, si)
}

// governed attributes what a cue governs other than a clause.
func (s *Stage) governed(g int32, takes complement, c cited, sent *model.Sentence, si int32) {
	grp := &s.l.Groups[g]
	at := grp.Last
	for at < sent.Last && (s.skips(at) || s.l.Tokens[at].Kind == model.QuoteMark && !s.l.Tokens[at].Has(model.Opening)) {
		at++
	}
	if at >= sent.Last {
		return
	}
	if k := s.groupAt[at]; k >= 0 && k != g {
		if takes&(takesInfinitive|takesSeeming) != 0 && s.l.Groups[k].Form == model.VerbInfinitive && s.class(s.l.Groups[k].First)&text.To != 0 {
			if takes&takesSeeming != 0 {
				first := at
				if c.who.found() && c.who.Last == grp.First {
					first = c.who.First
				}
				c.who, c.method = phrase{Mention: none}, sieveSeeming
				s.addAttitude(c, first, s.extent(grp.First, at, shapeInfinitive, sent), si)
				return
			}
			c.method = sieveInfinitive
			s.addAttitude(c, at, s.extent(grp.First, at, shapeInfinitive, sent), si)
		}
		return
	}
	if p := s.word(at).preposition; p != 0 && s.mentionAt[at] < 0 {
		if takes&p != 0 && at+1 < sent.Last {
			c.method, c.cue.End = sievePreposition, s.l.Tokens[at].End
			s.addAttitude(c, at+1, s.extent(grp.First, at+1, shapeObject, sent), si)
		}
		return
	}
	if takes&(takesObject|takesObjectInfinitive) == 0 || !s.nominal(at) && s.l.Tokens[at].Kind != model.QuoteMark {
		return
	}
	p := s.phraseStarting(at, sent.Last)
	if s.dates(at, sent.Last) || p.found() && p.Mention < 0 && p.Last-p.First < 3 && s.temporal(p) {
		return
	}
	if takes&takesObject == 0 {
		if !p.found() || p.Last >= sent.Last || s.groupAt[p.Last] < 0 || s.l.Groups[s.groupAt[p.Last]].Form != model.VerbInfinitive {
			return
		}
	}
	c.method = sieveObject
	s.addAttitude(c, at, s.extent(grp.First, at, shapeObject, sent), si)
}

// undergone attributes "is opposed by X" and "is expected to …".
func (s *Stage) undergone(g int32, verb *cueWord, op *opMatch, sent *model.Sentence, si int32) {
	if verb == nil {
		return
	}
	grp := &s.l.Groups[g]
	at := grp.Last
	for at < sent.Last && s.skips(at) {
		at++
	}
	if at+1 >= sent.Last {
		return
	}
	c := cited{cue: s.groupSpan(g), lemma: verb.lemma, method: sievePassive, who: phrase{Mention: none}}
	if op != nil {
		c.op = op.op
	}
	if s.l.Tokens[at].ID == s.words.by && verb.takes&(takesObject|takesObjectInfinitive) != 0 {
		what := s.subject(g)
		if c.who = s.objectAfter(at+1, sent.Last); c.who.found() && what.found() && what.Last <= grp.First {
			c.who = s.widen(c.who, sent.Last)
			s.addAttitude(c, what.First, what.Last, si)
		}
		return
	}
	k := s.groupAt[at]
	infinitive := k >= 0 && k != g && s.l.Groups[k].Form == model.VerbInfinitive && verb.takes&(takesInfinitive|takesObjectInfinitive) != 0
	as := s.l.Tokens[at].ID == s.words.as && verb.takes&takesAs != 0
	if !infinitive && !as || grp.Form != model.VerbFinite {
		return
	}
	first := at
	if what := s.subject(g); what.found() && what.Last == grp.First {
		first = what.First
	}
	c.method = sieveSeeming
	s.addAttitude(c, first, s.extent(grp.First, at, shapeInfinitive, sent), si)
}

// source returns who is behind a cue: its subject. Where the clause bounds
// hide it, that is the noun phrase that opens the sentence, when a comma
// parts it from the cue ("Roe, who …, said"), else the one before the cue; for
// a participle the subject of the verb before it.
func (s *Stage) source(g int32, sent *model.Sentence) phrase {
	grp := &s.l.Groups[g]
	p := s.subject(g)
	if q := s.beside(g, p, sent); q.found() {
		return q
	}
	if grp.Form == model.VerbGerund && grp.First > sent.First && s.isComma(grp.First-1) {
		// "…, adding that": whoever acts in the main clause.
		for k := g - 1; k >= sent.FirstGroup && k > g-12; k-- {
			if s.l.Groups[k].Form != model.VerbFinite {
				continue
			}
			if kind := s.l.Clauses[s.origin(s.clauseAt[s.l.Groups[k].First])].Kind; kind == model.ClauseMain || kind == model.ClauseCoordinate {
				if q := s.source(k, sent); q.found() {
					return q
				}
				break
			}
		}
	}
	comma := grp.First > sent.First && s.isComma(grp.First-1)
	if u := p.First - 1; comma && p.found() && p.Last < grp.First-1 && u > sent.First && s.isComma(u) && s.canAt[p.First]&determiner != 0 {
		// "Roe, a governor whose state is poor, called"
		if q := s.phraseEnding(u-1, sent.First); q.found() && q.First == sent.First && s.l.Tokens[q.Last-1].Has(model.Capital) {
			return q
		}
	}
	if p.found() && p.Last <= grp.First {
		ci := s.origin(s.clauseAt[p.Last-1])
		aside := s.l.Tokens[p.Last-1].Kind == model.Number ||
			ci != s.origin(s.clauseAt[grp.First]) && (s.l.Clauses[ci].Kind == model.ClauseRelative || s.l.Clauses[ci].Kind == model.ClauseParticiple)
		if !comma || grp.Form != model.VerbFinite && !s.misread(g) || !aside {
			return p
		}
	}
	if grp.Form == model.VerbFinite || grp.Form == model.VerbParticiple && !grp.Passive {
		t := sent.First
		if comma {
			for t < grp.First && (s.l.Tokens[t].Kind == model.QuoteMark || s.coordinates(t) || s.contrasts(t)) {
				t++
			}
			if q := s.phraseStarting(t, grp.First); q.found() && q.First == t && !s.temporal(q) {
				return q
			}
		}
		for t = grp.First - 1; t >= sent.First && t > grp.First-8; t-- {
			if s.groupAt[t] >= 0 && s.mentionAt[t] < 0 || s.isComma(t) {
				break
			}
			if !s.nominal(t) || s.adverbial(t) || s.class(t)&text.That != 0 && s.mentionAt[t] < 0 {
				continue
			}
			if q := s.phraseEnding(t, sent.First); q.found() && !s.temporal(q) {
				return q
			}
		}
	}
	if p.found() && p.Last <= grp.First {
		return p
	}
	if grp.Form == model.VerbGerund || grp.Form == model.VerbInfinitive {
		for k := g - 1; k >= sent.FirstGroup && k > g-6; k-- {
			if s.l.Groups[k].Form == model.VerbFinite {
				if q := s.subject(k); q.found() && q.Last <= grp.First {
					return q
				}
			}
		}
	}
	return phrase{Mention: none}
}

// misread reports whether a verb group is an active past form that was read
// as a participle: "Roe, 69, said he".
func (s *Stage) misread(g int32) bool {
	grp := &s.l.Groups[g]
	return grp.Form == model.VerbParticiple && !grp.Passive && s.reporting(g) != nil
}

// beside returns the noun phrase right before a verb group, when it must be
// its subject although the clause bounds say p: a pronoun, a name before a
// finite verb, any noun before a gerund ("with aides urging").
func (s *Stage) beside(g int32, p phrase, sent *model.Sentence) phrase {
	grp := &s.l.Groups[g]
	t := grp.First - 1
	for t > sent.First && s.groupAt[t] < 0 && s.adverbial(t) && s.canAt[t]&preposition == 0 {
		t--
	}
	if t < sent.First || p.Last == t+1 || s.groupAt[t] >= 0 && s.mentionAt[t] < 0 || s.l.Tokens[t].Kind != model.Word {
		return phrase{Mention: none}
	}
	if (grp.Form == model.VerbFinite || s.spokenOf(grp)) && s.class(t)&text.Subject != 0 {
		return s.read(phrase{First: t, Last: t + 1, Mention: none})
	}
	if grp.Form == model.VerbInfinitive || !s.nominal(t) || s.class(t)&(text.Noun|text.NounPlural) == 0 && s.mentionAt[t] < 0 && !s.l.Tokens[t].Has(model.Capital) {
		return phrase{Mention: none}
	}
	q := s.phraseEnding(t, sent.First)
	if !q.found() || s.temporal(q) {
		return phrase{Mention: none}
	}
	if grp.Form == model.VerbGerund {
		return q
	}
	if u := q.First - 1; q.Mention < 0 || q.Via != viaHead || u >= sent.First && (s.canAt[u]&preposition != 0 && s.mentionAt[u] < 0 || s.coordinates(u)) {
		return phrase{Mention: none}
	}
	return q
}

// nominals attributes what nouns and adjectives of a sentence govern: "his
// claim that …", "has no plan to …", "is critical of …".
func (s *Stage) nominals(words []int32, sent *model.Sentence, si int32) {
	g := sent.FirstGroup // first group that ends after t
	for _, t := range words {
		if t+2 >= sent.Last {
			break
		}
		for g < sent.LastGroup && s.l.Groups[g].Last <= t {
			g++
		}
		c := cited{cue: model.Span{Start: s.l.Tokens[t].Start, End: s.l.Tokens[t].End}, who: phrase{Mention: none}}
		before := g - 1
		if s.groupAt[t] >= 0 {
			before = s.groupAt[t] // "is worried": read as a passive
			if s.l.Groups[before].Head != t || !s.l.Groups[before].Passive {
				continue
			}
		}
		at := t + 1
		var cue *cueWord
		if cue = s.cueWord(adjectiveCue, t); cue != nil && before >= sent.FirstGroup {
			if grp := &s.l.Groups[before]; (grp.Last <= t && t-grp.Last < 4 && s.marked(grp.Head, copular) && s.joins(grp.Last, t)) || grp.Head == t {
				c.who = s.named(before, s.source(before, sent))
				c.cue.Start = s.l.Tokens[grp.First].Start
			}
		}
		if !c.who.found() && s.groupAt[t] < 0 {
			if cue = s.cueWord(nounCue, t); cue != nil {
				if c.who = s.whose(t, before, sent); !c.who.found() && cue.takes&takesClause != 0 {
					c.who, at = s.claimant(at, sent)
				}
			}
		}
		if cue == nil || !c.who.found() || s.quoteAt[t] >= 0 || s.isIt(c.who) {
			continue
		}
		c.lemma, c.method = cue.lemma, sieveNoun
		switch k := s.groupAt[at]; {
		case k >= 0:
			if cue.takes&takesInfinitive != 0 && s.l.Groups[k].First == at && s.l.Groups[k].Form == model.VerbInfinitive && s.class(at)&text.To != 0 {
				s.addAttitude(c, at, s.extent(t, at, shapeInfinitive, sent), si)
			}
		case s.class(at)&text.That != 0 || s.class(at)&(text.Question|text.Conditional) != 0 && cue.takes&takesClause != 0:
			if cue.takes&takesClause != 0 {
				s.addIndirect(c, at, s.extent(t, at, shapeClause, sent), si)
			}
		default:
			if p := s.word(at).preposition; p&cue.takes != 0 && s.mentionAt[at] < 0 {
				s.addAttitude(c, at+1, s.extent(t, at+1, shapeObject, sent), si)
			}
		}
	}
}

// joins reports whether only adverbs stand in [a, b).
func (s *Stage) joins(a, b int32) bool {
	for t := a; t < b; t++ {
		if !s.adverbial(t) && s.class(t)&text.Adverb == 0 {
			return false
		}
	}
	return true
}

// whose returns whose claim or plan the noun at token t is: the possessor
// before it, or the subject of a light verb.
func (s *Stage) whose(t, before int32, sent *model.Sentence) phrase {
	lo := max(sent.First, t-12)
	for u := t - 1; u >= lo; u-- {
		switch {
		case s.class(u)&text.Possessive != 0:
			return s.read(phrase{First: u, Last: u + 1, Mention: none})
		case s.l.Tokens[u].Kind == model.Clitic:
			if u == lo {
				return phrase{Mention: none}
			}
			return s.phraseEnding(u-1, max(sent.First, u-reach))
		}
		if !s.nominal(u) || s.groupAt[u] >= 0 {
			break
		}
		if s.canAt[u]&determiner != 0 {
			lo = u
		}
	}
	if before < sent.FirstGroup {
		return phrase{Mention: none}
	}
	grp := &s.l.Groups[before]
	if !s.marked(grp.Head, supporting) || grp.Passive || t-grp.Last > 4 {
		return phrase{Mention: none}
	}
	for u := grp.Last; u < t; u++ {
		if !s.nominal(u) && !s.adverbial(u) {
			return phrase{Mention: none}
		}
	}
	return s.named(before, s.source(before, sent))
}

// claimant returns whose claim a noun is that ends before token t, and the token
// that its content begins with: "a claim by Iran that", "a warning from the
// Greek minister, Dendias, that".
func (s *Stage) claimant(t int32, sent *model.Sentence) (phrase, int32) {
	if id := s.l.Tokens[t].ID; id != s.words.by && id != s.words.from {
		return phrase{Mention: none}, t
	}
	p := s.phraseStarting(t+1, sent.Last)
	u := p.Last
	for k := 0; k < 3 && p.found() && u+1 < sent.Last && s.isComma(u); k++ {
		q := s.phraseStarting(u+1, sent.Last)
		if u++; !q.found() {
			break
		}
		if u = q.Last; q.Mention >= 0 {
			p = q
		}
	}
	if !p.found() || u >= sent.Last || s.class(u)&text.That == 0 {
		return phrase{Mention: none}, t
	}
	return p, u
}

// idle reports whether a cue stands in the words of somebody quoted and names
// nobody new: "I think", "you know", "they say".
func (s *Stage) idle(g int32, who phrase) bool {
	i := s.quoteAt[s.l.Groups[g].Head]
	if i < 0 || !who.found() {
		return false
	}
	if s.l.Groups[g].Form == model.VerbInfinitive || s.firstPerson(who) {
		return true
	}
	if who.Mention >= 0 {
		return s.r.Quotes[i].Mention >= 0 && s.sameActor(who.Mention, s.r.Quotes[i].Mention)
	}
	return s.r.Quotes[i].Kind == model.QuoteDirect || who.Last-who.First == 1 && s.canAt[who.First]&pronoun != 0
}

// dummy reports whether a source is there or that, which speak for nobody.
func (s *Stage) dummy(p phrase) bool {
	if p.Last-p.First != 1 || p.Mention >= 0 {
		return false
	}
	c := s.class(p.First)
	return c&text.That != 0 || c&text.Pronoun != 0 && c&text.Adverb != 0
}

// isIt reports whether a source is a bare it.
func (s *Stage) isIt(p phrase) bool {
	return p.Last-p.First == 1 && s.l.Tokens[p.First].ID == s.words.it
}

// named extends a source that is the antecedent of a relative clause to its
// pronoun: "reporters who".
func (s *Stage) named(g int32, p phrase) phrase {
	c := &s.l.Clauses[s.origin(s.clauseAt[s.l.Groups[g].First])]
	if c.Kind == model.ClauseRelative && c.Marker >= p.Last && c.Marker-p.Last < 8 && c.Marker < s.l.Groups[g].First {
		p.Last = c.Marker + 1
	}
	return p
}

// inverted returns the source that follows its verb: "…, said X".
func (s *Stage) inverted(g int32, sent *model.Sentence) (phrase, bool) {
	grp := &s.l.Groups[g]
	t := grp.First - 1
	if grp.Form != model.VerbFinite && grp.Form != model.VerbParticiple || t < sent.First || grp.Last >= sent.Last {
		return phrase{Mention: none}, false
	}
	if k := s.l.Tokens[t].Kind; !s.isComma(t) && k != model.QuoteMark && k != model.Dash {
		return phrase{Mention: none}, false
	}
	if !s.nominal(grp.Last) {
		return phrase{Mention: none}, false
	}
	p := s.objectAfter(grp.Last, sent.Last)
	if !p.found() || p.Last < sent.Last && s.groupAt[p.Last] >= 0 || s.temporal(p) && p.Mention < 0 {
		return phrase{Mention: none}, false
	}
	switch {
	case s.l.Tokens[t].Kind == model.QuoteMark || s.isComma(t) && t > sent.First && s.l.Tokens[t-1].Kind == model.QuoteMark:
	case p.Last+1 < sent.Last && s.isComma(p.Last) && s.goesOn(p.Last+1, sent):
	case !s.states(sent.First, t):
		return phrase{Mention: none}, false
	default:
		for u := p.Last; u < min(sent.Last, p.Last+farthest); u++ {
			if k := s.groupAt[u]; k >= 0 && s.l.Groups[k].Form == model.VerbFinite && s.clauseAt[u] == s.clauseAt[grp.First] {
				return phrase{Mention: none}, false
			}
		}
	}
	return p, true
}

// states reports whether tokens [first, last) hold a finite verb of a clause
// that can stand alone.
func (s *Stage) states(first, last int32) bool {
	for u := max(first, last-farthest); u < last; u++ {
		if k := s.groupAt[u]; k >= 0 && s.l.Groups[k].Form == model.VerbFinite {
			switch s.l.Clauses[s.origin(s.clauseAt[u])].Kind {
			case model.ClauseMain, model.ClauseCoordinate, model.ClauseThat:
				return true
			}
		}
	}
	return false
}

// cited reports whether a direct quotation near the current sentence has the
// cue already.
func (s *Stage) cited(cue model.Span) bool {
	for i := s.directAt; i < min(s.directEnd, s.directAt+16); i++ {
		if s.r.Quotes[i].Cue == cue {
			return true
		}
	}
	return false
}

func (s *Stage) addAttitude(c cited, first, last, si int32) {
	s.attach(c, first, last, si, true)
}

func (s *Stage) addIndirect(c cited, first, last, si int32) {
	s.attach(c, first, last, si, false)
}

// attach appends reported words or an attitude. Direct quotations of the same
// sentence by the same cue are pieces of it.
func (s *Stage) attach(c cited, first, last, si int32, attitude bool) {
	for last > first && s.l.Tokens[last-1].Kind == model.Punctuation && !s.l.Tokens[last-1].Has(model.Closing) {
		last--
	}
	for first < last && s.isComma(first) {
		first++
	}
	if last <= first {
		return
	}
	span := model.Span{Start: s.l.Tokens[first].Start, End: s.l.Tokens[last-1].End}
	for i := s.directAt; i < s.directEnd && s.r.Quotes[i].Start <= span.End; i++ {
		q := &s.r.Quotes[i]
		if q.Cue != c.cue || q.Method == "" {
			if span.Contains(q.Span) && (q.Method == sieveUnattributed || q.Method == sieveFloating) {
				q.Method = "" // a piece of it
			}
			continue
		}
		if q.Span.Contains(span) {
			return // the words between marks, attributed already
		}
		if span.Overlaps(q.Span) || span.End <= q.Start {
			q.Start, q.End, q.Kind = min(q.Start, span.Start), max(q.End, span.End), model.QuoteMixed
			s.cover(int32(i), first, last)
			return
		}
	}
	q := model.Quote{Span: span, FirstSentence: si, LastSentence: si + 1, Kind: model.QuoteIndirect, Mention: none, Parent: none, Attitude: attitude}
	s.cite(&q, c)
	s.addQuote(&q, first, last)
}

// content returns the tokens of the content clause that verb group g governs,
// with everything that hangs from it.
func (s *Stage) content(g int32, takes complement, sent *model.Sentence) (first, last int32) {
	grp := &s.l.Groups[g]
	ci := s.clauseAt[grp.First]
	for c := max(s.clauseAt[grp.Last-1], sent.FirstClause); c < sent.LastClause; c++ {
		cl := &s.l.Clauses[c]
		if cl.First-grp.Last > 12 {
			break
		}
		if cl.Kind != model.ClauseThat && cl.Kind != model.ClauseCondition || cl.First < grp.Last || cl.Resumes >= 0 || s.origin(cl.Parent) != s.origin(ci) {
			continue
		}
		// Another verb between means another governor.
		for t := grp.Last; t < cl.First; t++ {
			if k := s.groupAt[t]; k >= 0 && k != g && s.l.Groups[k].Form == model.VerbFinite {
				return 0, 0
			}
		}
		return cl.First, s.extent(grp.First, cl.First, shapeClause, sent)
	}
	if takes&bluntClause != 0 {
		// "said on Saturday that there were …"
		for t := grp.Last; t < sent.Last && t < grp.Last+12 && s.groupAt[t] < 0; t++ {
			if s.class(t)&text.That != 0 && t > grp.Last {
				return t, s.extent(grp.First, t, shapeClause, sent)
			}
		}
	}
	// "asked how", "knows what"
	for t := grp.Last; t < sent.Last && t < grp.Last+4; t++ {
		switch {
		case t > grp.Last && s.marked(t, when):
			return 0, 0
		case s.class(t)&text.Question != 0 && s.mentionAt[t] < 0:
			return t, s.extent(grp.First, t, shapeClause, sent)
		case s.groupAt[t] >= 0 || !s.nominal(t) && !s.adverbial(t):
			return 0, 0
		}
	}
	return 0, 0
}

// bareContent returns the clause without "that" that follows a cue: "said
// there was no plan". After some cues whatever follows is said, unless the
// cue belongs to a quotation.
func (s *Stage) bareContent(g int32, takes complement, quoted bool, sent *model.Sentence) (first, last int32) {
	grp := &s.l.Groups[g]
	at := grp.Last
	for at < sent.Last && (s.skips(at) || s.class(at)&text.Weekday != 0) {
		at++
	}
	if at >= sent.Last {
		return 0, 0
	}
	blunt := takes&bluntClause != 0 && !quoted
	if k := s.groupAt[at]; k >= 0 {
		switch s.l.Groups[k].Form {
		case model.VerbFinite:
			return at, s.extent(grp.First, at, shapeClause, sent) // "what he said was a mistake"
		case model.VerbGerund:
			if blunt {
				return at, s.extent(grp.First, at, shapeClause, sent) // "said closing it would help"
			}
		}
		return 0, 0
	}
	if s.canAt[at]&preposition != 0 && s.mentionAt[at] < 0 {
		// "said in an interview he would"
		for u := at + 1; u < sent.Last && u < at+14 && !quoted; u++ {
			if s.groupAt[u] >= 0 {
				break
			}
			if s.class(u)&text.Subject != 0 && u+1 < sent.Last && s.groupAt[u+1] >= 0 {
				return u, s.extent(grp.First, u, shapeClause, sent)
			}
		}
		return 0, 0
	}
	if s.nominal(at) || s.canAt[at]&pronoun != 0 || s.l.Tokens[at].Kind == model.QuoteMark {
		relative := false
		for u := at; u < sent.Last && u < at+24; u++ {
			if k := s.groupAt[u]; k >= 0 && k != g {
				if s.l.Groups[k].Form == model.VerbFinite && !relative {
					return at, s.extent(grp.First, at, shapeClause, sent)
				}
				break
			}
			if s.isComma(u) || u > at && s.class(u)&text.Subordinate != 0 && s.mentionAt[u] < 0 {
				break
			}
			relative = relative || u > at && s.class(u)&(text.Relative|text.That) != 0 && s.mentionAt[u] < 0
		}
	} else if s.isComma(at) && s.subject(g).First <= sent.First+1 {
		at++ // "Roe said, win or lose, he would stay"
	} else if s.l.Tokens[at].Kind != model.Word {
		return 0, 0
	}
	if blunt {
		if e := s.extent(grp.First, at, shapeClause, sent); e-at >= 4 {
			return at, e
		}
	}
	return 0, 0
}

// extent returns the end of a content that starts at token first, for the
// cue at token cue. It reaches
// to the end of the sentence unless the narrator takes the word again: after
// a comma with "but", "while", another cue or the source; an object also ends
// before what says when it was spoken.
func (s *Stage) extent(cue, first int32, sh shape, sent *model.Sentence) int32 {
	hi := min(sent.Last, first+farthest)
	home, before, finite := s.origin(s.clauseAt[cue]), none, false
	if g := s.groupAt[cue]; g >= 0 && s.misread(g) {
		home = s.origin(s.l.Clauses[home].Parent)
	}
	for t := first; t < hi; t++ {
		if c := s.clauseAt[t]; c != before {
			before = c
			// The clause above the cue's goes on.
			if c = s.origin(c); c != home && t > first && (sh != shapeClause || finite) && s.descends(home, c) {
				return t
			}
		}
		if k := s.groupAt[t]; !finite && k >= 0 {
			finite = s.l.Groups[k].Form == model.VerbFinite
		}
		can := s.canAt[t]
		if can&(boundKind|joiner|contraster|dating) == 0 {
			continue
		}
		tok := &s.l.Tokens[t]
		switch {
		case tok.Kind == model.QuoteMark:
			if tok.Has(model.Opening) {
				t = s.closing(t, hi)
			} else if t > first && !s.opensWithin(first, t) {
				return t
			}
		case tok.Kind == model.Dash:
			if t > first && (sh != shapeClause || s.dashBefore(first, sent)) {
				return t
			}
		case tok.Kind == model.Punctuation:
			switch s.r.Article.Text[tok.Start] {
			case ';':
				return t
			case ':':
				if sh == shapeObject && t+1 < hi && s.l.Tokens[t+1].Has(model.Capital) {
					return t
				}
			case ')', ']':
				if !s.bracketWithin(first, t) {
					return t
				}
			case ',':
				if s.resumes(t+1, sh, sent) || s.opensSentence(cue, sent) && s.mainFollows(t+1, sent) {
					return t
				}
			}
		case can&(joiner|contraster) != 0 && (t > first || can&contraster != 0):
			if s.takesUp(t, sh, sent) {
				return t
			}
		case sh == shapeObject && t > first && s.groupAt[t] < 0 && can&named == 0:
			if s.is(tok.ID, timing) || s.dates(t, hi) {
				return t
			}
		}
	}
	return hi
}

// opensSentence reports whether a cue stands in the clause that a
// subordinator opens the sentence with: "While aides said …, the mayor left".
func (s *Stage) opensSentence(cue int32, sent *model.Sentence) bool {
	t := sent.First
	for t < cue && (s.coordinates(t) || s.contrasts(t) || s.l.Tokens[t].Kind == model.QuoteMark) {
		t++
	}
	if t >= cue || s.class(t)&(text.Subordinate|text.Conditional) == 0 || s.mentionAt[t] >= 0 || cue-t > 20 {
		return false
	}
	for ; t < cue; t++ {
		if s.isComma(t) {
			return false
		}
	}
	return true
}

// mainFollows reports whether a noun phrase with its finite verb begins at
// token t, after a comma.
func (s *Stage) mainFollows(t int32, sent *model.Sentence) bool {
	for u := t; u < sent.Last && u < t+12; u++ {
		if k := s.groupAt[u]; k >= 0 {
			return u > t && s.l.Groups[k].Form == model.VerbFinite
		}
		if s.isComma(u) || s.coordinates(u) || s.class(u)&text.Relative != 0 && s.mentionAt[u] < 0 {
			return false
		}
	}
	return false
}

// dates reports whether a time begins at token t: "last week", "on Monday",
// "in 2016".
func (s *Stage) dates(t, hi int32) bool {
	c := s.class(t)
	if c&text.Weekday != 0 {
		return s.l.Tokens[t].Has(model.Capital)
	}
	if t+1 >= hi {
		return false
	}
	next := s.l.Tokens[t+1]
	switch {
	case c&text.Preposition != 0:
		n := s.class(t + 1)
		return n&(text.Weekday|text.Month) != 0 && next.Has(model.Capital) || s.l.Tokens[t].ID == s.words.in && next.Kind == model.Number && next.Len() == 4 || s.pointer(t+1) && t+2 < hi && s.calendar(t+2)
	case s.pointer(t):
		return s.calendar(t + 1)
	}
	return false
}

// pointer reports whether token t is last, this, next, earlier or late.
func (s *Stage) pointer(t int32) bool {
	return s.marked(t, pointing)
}

// calendar reports whether token t is a stretch of time.
func (s *Stage) calendar(t int32) bool {
	return s.class(t)&(text.Weekday|text.Month) != 0 || s.temporal(phrase{First: t, Last: t + 1, Mention: s.mentionAt[t]}) && s.l.Tokens[t].Kind == model.Word || s.pointer(t)
}

// skips reports whether token t is an adverb between a cue and what it
// governs.
func (s *Stage) skips(t int32) bool {
	return s.groupAt[t] < 0 && s.adverbial(t) && s.class(t)&(text.Preposition|text.Question) == 0
}

// closing returns the closing mark of the quotation that opens at token t,
// within hi; t when there is none.
func (s *Stage) closing(t, hi int32) int32 {
	for u := t + 1; u < hi; u++ {
		if k := &s.l.Tokens[u]; k.Kind == model.QuoteMark && !k.Has(model.Opening) {
			return u
		}
	}
	return t
}

func (s *Stage) opensWithin(first, t int32) bool {
	open := false
	for u := first; u < t; u++ {
		if k := &s.l.Tokens[u]; k.Kind == model.QuoteMark {
			open = k.Has(model.Opening)
		}
	}
	return open
}

func (s *Stage) bracketWithin(first, t int32) bool {
	for u := t - 1; u >= first; u-- {
		if k := &s.l.Tokens[u]; k.Kind == model.Punctuation && (s.r.Article.Text[k.Start] == '(' || s.r.Article.Text[k.Start] == '[') {
			return true
		}
	}
	return false
}

// dashBefore reports whether a dash that is still open stands before token t.
func (s *Stage) dashBefore(t int32, sent *model.Sentence) bool {
	open := false
	for u := max(sent.First, t-farthest); u < t; u++ {
		if s.l.Tokens[u].Kind == model.Dash {
			open = !open
		}
	}
	return open
}

// contrasts reports whether token t is but or yet.
func (s *Stage) contrasts(t int32) bool {
	return s.canAt[t]&contraster != 0
}

// cueAt reports whether the verb group at token t is a cue.
func (s *Stage) cueAt(t int32) bool {
	g := s.groupAt[t]
	return g >= 0 && (s.cueVerb(g) != nil || s.reporting(g) != nil)
}

// resumes reports whether the narrator takes the word again at token t, after
// a comma.
func (s *Stage) resumes(t int32, sh shape, sent *model.Sentence) bool {
	if t >= sent.Last {
		return true
	}
	if s.operator(t, rules.OpAccordingTo) != nil {
		return true
	}
	c := s.class(t)
	g := s.groupAt[t]
	switch {
	case s.l.Tokens[t].Kind == model.QuoteMark:
		return false
	case g >= 0:
		grp := &s.l.Groups[g]
		switch grp.Form {
		case model.VerbGerund:
			return sh != shapeClause || s.reporting(g) != nil
		case model.VerbFinite, model.VerbParticiple:
			return s.reporting(g) != nil && !grp.Passive || grp.Form == model.VerbFinite && sh != shapeClause
		}
		return false
	case s.contrasts(t), s.coordinates(t):
		return s.takesUp(t, sh, sent)
	case s.l.Tokens[t].ID == s.words.which, s.sumsUp(t, sent):
		return true
	case s.l.Tokens[t].ID == s.words.who:
		return sh == shapeObject
	case c&text.Subordinate != 0 && c&text.Preposition == 0 && s.mentionAt[t] < 0:
		return sh == shapeObject || s.marked(t, turning)
	}
	// "…, he said": the source and its cue.
	if s.nominal(t) {
		if p := s.phraseStarting(t, min(sent.Last, t+12)); p.found() && p.Last < sent.Last {
			if k := s.groupAt[p.Last]; k >= 0 && s.reports(k) != nil && s.l.Groups[k].Form == model.VerbFinite && (s.l.Groups[k].Last >= sent.Last-1 || !s.nominal(s.l.Groups[k].Last)) {
				return true
			}
		}
	}
	return false
}

// sumsUp reports whether a noun at token t, after a comma, takes up what was
// said in order to say more of it: "…, a claim that Roe denied".
func (s *Stage) sumsUp(t int32, sent *model.Sentence) bool {
	if !s.marked(t, article) {
		return false
	}
	p := s.phraseStarting(t, min(sent.Last, t+6))
	for u := t + 1; u < p.Last; u++ {
		if s.marked(u, summing) && u+1 < sent.Last {
			return s.nominal(u+1) && s.groupAt[u+1] < 0 || s.class(u+1)&(text.That|text.Relative) != 0 || u+2 < sent.Last && s.canAt[u+1]&preposition != 0 && s.class(u+2)&text.Relative != 0
		}
	}
	return false
}

// takesUp reports whether the narrator goes on after the coordinator at token
// t: "… and said", "…, and he left".
func (s *Stage) takesUp(t int32, sh shape, sent *model.Sentence) bool {
	comma := s.isComma(t - 1)
	u := t + 1
	for u < sent.Last && s.groupAt[u] < 0 && s.adverbial(u) {
		u++
	}
	if u >= sent.Last {
		return false
	}
	if s.contrasts(t) && comma {
		return s.class(u)&text.That == 0
	}
	if g := s.groupAt[u]; g >= 0 {
		grp := &s.l.Groups[g]
		if grp.Form == model.VerbFinite || grp.Form == model.VerbParticiple && !grp.Passive {
			return s.cueAt(u) || sh == shapeObject
		}
		return grp.Form == model.VerbGerund && sh == shapeObject && s.cueAt(u)
	}
	if !comma {
		return false
	}
	if s.class(u)&text.Subject != 0 {
		return true
	}
	for k := u; k < sent.Last && k < u+8; k++ {
		if g := s.groupAt[k]; g >= 0 {
			return s.l.Groups[g].Form == model.VerbFinite && (sh != shapeClause || s.reports(g) != nil)
		}
		if s.isComma(k) {
			return false
		}
	}
	return false
}

// origin returns the first piece of a clause that was split.
func (s *Stage) origin(c int32) int32 {
	if c < 0 {
		return c
	}
	return s.origins[c]
}

// descends reports whether clause d hangs from clause c.
func (s *Stage) descends(d, c int32) bool {
	c = s.origin(c)
	for k := 0; d >= 0 && k < 64; k++ {
		d = s.origin(d)
		if d == c {
			return true
		}
		d = s.l.Clauses[d].Parent
	}
	return false
}

// fronted returns what stands before "…, X said", and what goes on after it:
// "The mayor, aides said, will resign."
func (s *Stage) fronted(g int32, who phrase, sent *model.Sentence) (first, last int32) {
	grp := &s.l.Groups[g]
	start := min(grp.First, who.First)
	if start <= sent.First+1 || grp.Form == model.VerbInfinitive || grp.Form == model.VerbGerund {
		return 0, 0
	}
	t, end := start-1, start-1
	if s.l.Tokens[t].Kind == model.QuoteMark && t > sent.First {
		end = start // They have “no idea,” she said
		t--
	}
	if !s.isComma(t) && s.l.Tokens[t].Kind != model.Dash && s.l.Tokens[t].Kind != model.QuoteMark {
		return 0, 0
	}
	after := max(grp.Last, who.Last)
	if after < sent.Last-1 && s.isComma(after) && s.goesOn(after+1, sent) {
		return sent.First, sent.Last
	}
	// Nothing but adverbs, times and places may follow the pair.
	for u := after; u < min(sent.Last, after+farthest); u++ {
		if s.isComma(u) || s.coordinates(u) || s.contrasts(u) || s.class(u)&text.Subordinate != 0 && s.canAt[u]&preposition == 0 {
			break
		}
		if k := s.groupAt[u]; k >= 0 && k != g && s.l.Groups[k].Form == model.VerbFinite && s.clauseAt[u] == s.clauseAt[grp.First] {
			return 0, 0
		}
	}
	if s.l.Tokens[start-1].Kind == model.QuoteMark && s.inQuotation(sent.First) == nil && s.nominal(sent.First) {
		return sent.First, end
	}
	// What stands before must be a clause, not an opening phrase.
	if s.states(sent.First, t) {
		return sent.First, end
	}
	return 0, 0
}

// goesOn reports whether the sentence that "X said," interrupted goes on at
// token t with a verb of its own.
func (s *Stage) goesOn(t int32, sent *model.Sentence) bool {
	c := s.class(t)
	if c&(text.Relative|text.Coordinator) != 0 && s.mentionAt[t] < 0 || c&text.Subordinate != 0 && c&text.Preposition == 0 {
		return false
	}
	for u := t; u < sent.Last && u < t+farthest; u++ {
		if s.l.Tokens[u].Kind == model.QuoteMark {
			return false
		}
		if k := s.groupAt[u]; k >= 0 {
			return s.l.Groups[k].Form == model.VerbFinite && s.l.Clauses[s.origin(s.clauseAt[u])].Kind != model.ClauseRelative
		}
	}
	return false
}

// accordingTo attributes the rest of a sentence to the source named in it.
func (s *Stage) accordingTo() {
	for si := range s.l.Sentences {
		c := s.accordingIn(int32(si), nil)
		if c.method == "" {
			continue
		}
		sent := &s.l.Sentences[si]
		first, last := sent.First, sent.Last
		cueTok := int32(s.l.TokenAt(c.cue.Start))
		if cueTok-sent.First > 2 {
			if after := c.who.Last; after < sent.Last-1 && s.isComma(after) && s.goesOn(after+1, sent) {
				s.addIndirect(c, first, last, int32(si))
				continue
			}
			last = cueTok
			for last > first && s.isComma(last-1) {
				last--
			}
		} else {
			first = c.who.Last
			for first < last && s.isComma(first) {
				first++
			}
		}
		s.addIndirect(c, first, last, int32(si))
	}
}

// accordingIn returns the source after "according to" in a sentence, outside
// of quotation q.
func (s *Stage) accordingIn(si int32, q *model.Quotation) cited {
	if s.kindsIn[si]>>rules.OpAccordingTo&1 == 0 {
		return cited{}
	}
	sent := &s.l.Sentences[si]
	lo, hi := sent.First, sent.Last
	if q != nil {
		lo, hi = max(lo, q.First-reach), min(hi, q.Last+reach)
	}
	for t := lo; t < hi; t++ {
		if s.kindsAt[t]>>rules.OpAccordingTo&1 == 0 {
			continue
		}
		o := s.operator(t, rules.OpAccordingTo)
		if q != nil && t >= q.First && t < q.Last || q == nil && s.inQuotation(t) != nil {
			continue
		}
		p := s.objectAfter(t+o.n, sent.Last)
		if !p.found() {
			continue
		}
		cue := model.Span{Start: s.l.Tokens[t].Start, End: s.l.Tokens[t+o.n-1].End}
		return cited{s.widen(p, sent.Last), cue, o.op, "", sieveAccordingTo}
	}
	return cited{}
}
