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
	for si := range s.l.Sentences {
		sent := &s.l.Sentences[si]
		for s.directAt < s.directEnd && s.r.Quotes[s.directAt].LastSentence <= int32(si) {
			s.directAt++
		}
		for g := sent.FirstGroup; g < sent.LastGroup; g++ {
			grp := &s.l.Groups[g]
			verb, op := s.cueVerb(g), s.reporting(g)
			if verb == nil && op == nil || grp.Form == model.VerbImperative {
				continue
			}
			if grp.Passive {
				s.undergone(g, verb, op, sent, int32(si))
			} else {
				s.active(g, verb, op, sent, int32(si))
			}
		}
	}
}

func (s *Stage) active(g int32, verb *cueVerb, op *opMatch, sent *model.Sentence, si int32) {
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
		c.who = s.subject(g)
		if !c.who.found() && op != nil && grp.Form != model.VerbInfinitive {
			c.who = s.objectAfter(grp.Last, sent.Last) // "…, said X"
		}
	}
	if !c.who.found() && takes&takesSeeming == 0 || s.sameSpeaker(grp.Head, c.who) {
		return
	}
	c.who = s.named(g, s.widen(c.who, min(grp.First, max(c.who.Last, sent.First))))
	if op != nil {
		if !inverted {
			first, last := s.content(g, sent)
			if first >= last {
				first, last = s.bareContent(g, takes, sent)
			}
			if first < last {
				s.addIndirect(c, first, last, si)
				return
			}
		}
		if grp.Form != model.VerbInfinitive {
			if first, last := s.fronted(g, c.who, sent); first < last {
				c.method = sieveFronted
				s.addIndirect(c, first, last, si)
				return
			}
		}
	}
	if inverted || s.cited(c.cue) {
		return
	}
	s.governed(g, takes, c, sent, si)
}

// governed attributes what a cue governs other than a clause.
func (s *Stage) governed(g int32, takes complement, c cited, sent *model.Sentence, si int32) {
	grp := &s.l.Groups[g]
	at := grp.Last
	for at < sent.Last && s.groupAt[at] < 0 && s.adverbial(at) {
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
				s.addAttitude(c, first, s.extent(at, shapeInfinitive, sent), si)
				return
			}
			c.method = sieveInfinitive
			s.addAttitude(c, at, s.extent(at, shapeInfinitive, sent), si)
		}
		return
	}
	if p := s.attributing.preps[s.l.Tokens[at].ID]; p != 0 && s.mentionAt[at] < 0 {
		if takes&p != 0 && at+1 < sent.Last {
			c.method = sievePreposition
			s.addAttitude(c, at+1, s.extent(at+1, shapeObject, sent), si)
		}
		return
	}
	if takes&(takesObject|takesObjectInfinitive) == 0 || !s.nominal(at) && s.l.Tokens[at].Kind != model.QuoteMark {
		return
	}
	p := s.phraseStarting(at, sent.Last)
	if p.found() && p.Mention < 0 && s.temporal(p) {
		return
	}
	if takes&takesObject == 0 {
		if !p.found() || p.Last >= sent.Last || s.groupAt[p.Last] < 0 || s.l.Groups[s.groupAt[p.Last]].Form != model.VerbInfinitive {
			return
		}
	}
	c.method = sieveObject
	s.addAttitude(c, at, s.extent(at, shapeObject, sent), si)
}

// undergone attributes "is opposed by X" and "is expected to …".
func (s *Stage) undergone(g int32, verb *cueVerb, op *opMatch, sent *model.Sentence, si int32) {
	if verb == nil {
		return
	}
	grp := &s.l.Groups[g]
	at := grp.Last
	for at < sent.Last && s.groupAt[at] < 0 && s.adverbial(at) {
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
	s.addAttitude(c, first, s.extent(at, shapeInfinitive, sent), si)
}

// sameSpeaker reports whether a cue stands in a direct quotation and its
// source is I or we: whom the quotation has named already.
func (s *Stage) sameSpeaker(head int32, who phrase) bool {
	i := s.quoteAt[head]
	return i >= 0 && s.r.Quotes[i].Kind != model.QuoteIndirect && who.found() && s.firstPerson(who)
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
	p := s.objectAfter(grp.Last, sent.Last)
	if !p.found() || p.Last < sent.Last && s.groupAt[p.Last] >= 0 || s.temporal(p) && p.Mention < 0 {
		return phrase{Mention: none}, false
	}
	return p, true
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
			s.cover(int32(i))
			return
		}
	}
	q := model.Quote{Span: span, FirstSentence: si, LastSentence: si + 1, Kind: model.QuoteIndirect, Mention: none, Parent: none, Attitude: attitude}
	s.cite(&q, c)
	s.addQuote(q)
}

// content returns the tokens of the content clause that verb group g governs,
// with everything that hangs from it.
func (s *Stage) content(g int32, sent *model.Sentence) (first, last int32) {
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
		return cl.First, s.extent(cl.First, shapeClause, sent)
	}
	// "asked how", "knows what"
	for t := grp.Last; t < sent.Last && t < grp.Last+4; t++ {
		switch {
		case s.class(t)&text.Question != 0 && s.mentionAt[t] < 0:
			return t, s.extent(t, shapeClause, sent)
		case s.groupAt[t] >= 0 || !s.nominal(t) && !s.adverbial(t):
			return 0, 0
		}
	}
	return 0, 0
}

// bareContent returns the clause without "that" that follows a cue: "said
// there was no plan".
func (s *Stage) bareContent(g int32, takes complement, sent *model.Sentence) (first, last int32) {
	grp := &s.l.Groups[g]
	at := grp.Last
	for at < sent.Last && s.groupAt[at] < 0 && (s.adverbial(at) || s.class(at)&text.Weekday != 0) {
		at++
	}
	if at >= sent.Last {
		return 0, 0
	}
	if s.class(at)&text.Preposition != 0 && s.mentionAt[at] < 0 {
		// "said in an interview he would"
		for u := at + 1; u < sent.Last && u < at+14; u++ {
			if s.groupAt[u] >= 0 {
				return 0, 0
			}
			if s.class(u)&text.Subject != 0 && u+1 < sent.Last && s.groupAt[u+1] >= 0 {
				return u, s.extent(u, shapeClause, sent)
			}
		}
		return 0, 0
	}
	if !s.nominal(at) && s.class(at)&text.Pronoun == 0 && s.l.Tokens[at].Kind != model.QuoteMark {
		return 0, 0
	}
	relative := false
	for u := at; u < sent.Last && u < at+24; u++ {
		if k := s.groupAt[u]; k >= 0 && k != g {
			if s.l.Groups[k].Form == model.VerbFinite && !relative && u > at {
				return at, s.extent(at, shapeClause, sent)
			}
			break
		}
		if s.isComma(u) {
			break
		}
		relative = relative || u > at && s.class(u)&(text.Relative|text.That) != 0 && s.mentionAt[u] < 0
	}
	if takes&bluntClause != 0 {
		if e := s.extent(at, shapeClause, sent); e-at >= 4 {
			return at, e
		}
	}
	return 0, 0
}

// extent returns the end of a content that starts at token first. It reaches
// to the end of the sentence unless the narrator takes the word again: after
// a comma with "but", "while", another cue or the source; an object also ends
// before what says when it was spoken.
func (s *Stage) extent(first int32, sh shape, sent *model.Sentence) int32 {
	hi := min(sent.Last, first+farthest)
	t := first
	for t < hi {
		tok := &s.l.Tokens[t]
		switch {
		case tok.Kind == model.QuoteMark:
			if tok.Has(model.Opening) {
				if e := s.closing(t, hi); e > t {
					t = e + 1
					continue
				}
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
			case ')', ']':
				if !s.bracketWithin(first, t) {
					return t
				}
			case ',':
				if s.resumes(t+1, sh, sent) {
					return t
				}
			}
		case t > first && s.coordinates(t) || s.contrasts(t):
			if s.takesUp(t, sh, sent) {
				return t
			}
		case t > first && sh == shapeObject && s.groupAt[t] < 0 && s.mentionAt[t] < 0:
			c := s.class(t)
			if c&text.Subordinate != 0 && c&text.Preposition != 0 && !s.isAs(t) || c&text.Weekday != 0 && tok.Has(model.Capital) {
				if c&text.Weekday != 0 && s.l.Tokens[t-1].ID == s.words.on {
					t--
				}
				return max(t, first+1)
			}
		}
		t++
	}
	return hi
}

func (s *Stage) isAs(t int32) bool { return s.l.Tokens[t].ID == s.words.as }

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
	id := s.l.Tokens[t].ID
	return id == s.words.but || id == s.words.yet
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
	case s.contrasts(t):
		return true
	case s.coordinates(t):
		return s.takesUp(t, sh, sent)
	case s.l.Tokens[t].ID == s.words.which:
		return true
	case s.l.Tokens[t].ID == s.words.who:
		return sh == shapeObject
	case c&text.Subordinate != 0 && c&text.Preposition == 0 && s.mentionAt[t] < 0:
		switch s.l.Tokens[t].ID {
		case s.words.although, s.words.though, s.words.while, s.words.whereas:
			return true
		}
		return sh == shapeObject
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
		return true
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
	if sh == shapeClause {
		return false
	}
	for k := u; k < sent.Last && k < u+8; k++ {
		if g := s.groupAt[k]; g >= 0 {
			return s.l.Groups[g].Form == model.VerbFinite
		}
		if s.isComma(k) {
			return false
		}
	}
	return false
}

// origin returns the first piece of a clause that was split.
func (s *Stage) origin(c int32) int32 {
	for c >= 0 && s.l.Clauses[c].Resumes >= 0 {
		c = s.l.Clauses[c].Resumes
	}
	return c
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
	t := start - 1
	if s.l.Tokens[t].Kind == model.QuoteMark && t > sent.First {
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
	for u := after; u < sent.Last; u++ {
		if k := s.groupAt[u]; k >= 0 && k != g && s.l.Groups[k].Form == model.VerbFinite && s.clauseAt[u] == s.clauseAt[grp.First] {
			return 0, 0
		}
	}
	// What stands before must be a clause, not an opening phrase.
	for u := sent.First; u < t; u++ {
		if k := s.groupAt[u]; k >= 0 && s.l.Groups[k].Form == model.VerbFinite {
			return sent.First, t
		}
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
		sent := &s.l.Sentences[si]
		c := s.accordingIn(sent, nil)
		if c.method == "" {
			continue
		}
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
func (s *Stage) accordingIn(sent *model.Sentence, q *model.Quotation) cited {
	for t := sent.First; t < sent.Last; t++ {
		o := s.operator(t, rules.OpAccordingTo)
		if o == nil || q != nil && t >= q.First && t < q.Last || q == nil && s.inQuotation(t) != nil {
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
