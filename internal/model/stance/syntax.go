package stance

import (
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// phrase is a noun phrase: a run of tokens and the actor that it stands for.
type phrase struct {
	First, Last int32 // tokens, half-open; empty when nothing was found
	Mention     int32 // actor; none
	Via         via
}

// via says how the phrase leads to its actor.
type via uint8

const (
	viaHead       via = iota // the actor heads the phrase
	viaPossessor             // "Israel's army", "the army of Israel"
	viaModifier              // "the Israeli proposal"
	viaParent                // inherited from the clause above
	viaControlled            // told to do it: "urged Israel to stop"
	viaProduct               // it did what the phrase names: "condemned the attack"
)

func (p phrase) found() bool { return p.Last > p.First }

type subjectMemo struct {
	state  uint8 // 0 unknown, 1 in progress, 2 known
	phrase phrase
}

// nominal reports whether token t can stand inside a noun phrase.
func (s *Stage) nominal(t int32) bool {
	c := s.canAt[t] & (nounish | named | markKind)
	return c != 0 && (c < markKind || s.scares(t))
}

// scares reports whether the mark at token t makes scare quotes, which stand
// inside noun phrases; others bound them. It is rare and stays out of nominal.
//
//go:noinline
func (s *Stage) scares(t int32) bool {
	q := s.quotationAt(s.l.Tokens[t].Start)
	return q != nil && q.Scare
}

// quotationAt returns the innermost quotation whose span holds the byte.
func (s *Stage) quotationAt(b int32) *model.Quotation {
	i := s.quotationsTo(b)
	for low := max(i-16, 0); i > low; i-- {
		if q := &s.l.Quotations[i-1]; b < q.End {
			return q
		}
	}
	return nil
}

// quotationsTo returns how many quotations start at or before the byte.
func (s *Stage) quotationsTo(b int32) int {
	lo, hi := 0, len(s.l.Quotations)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if s.l.Quotations[m].Start <= b {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// phraseEnding returns the noun phrase that ends at token last (inclusive)
// and starts at or after lo.
func (s *Stage) phraseEnding(last, lo int32) phrase {
	for last >= lo && s.adverbial(last) {
		last--
	}
	if u := s.dayEnding(last, lo); u > lo {
		last = u - 1
	}
	t := last
	all := does(0)
walk:
	for t >= lo && s.nominal(t) {
		c := s.canAt[t]
		switch all |= c; {
		case c&(determiner|pronoun) == 0 || t == last:
		case c&(determiner|named) == determiner && t > lo && s.canAt[t-1]&cliticKind != 0 && s.l.Tokens[t].ID == s.words.most:
			// "Qatar's most vocal supporter"
		case c&(determiner|named) == determiner:
			// A determiner opens the phrase, except a possessive inside one.
			if t--; t >= lo && s.l.Tokens[t+1].ID == s.words.most && s.l.Tokens[t].ID == s.words.the {
				t-- // "the most prominent"
			}
			break walk
		case c&determiner == 0 && s.mentionAt[t] != s.mentionAt[t+1]:
			break walk
		}
		t--
	}
	p := phrase{First: t + 1, Last: last + 1, Mention: none}
	if all&named == 0 {
		return p
	}
	return s.read(p)
}

// phraseStarting returns the noun phrase that starts at token first, before
// hi.
func (s *Stage) phraseStarting(first, hi int32) phrase {
	t := s.pastMeasure(first, hi)
	for t < hi && s.canAt[t]&(leading|named) == leading && s.groupAt[t] < 0 {
		t++
	}
	start, all := t, does(0)
	for t < hi && s.nominal(t) {
		c := s.canAt[t]
		if c >= markKind && c&markKind != 0 && t > start && s.setApart(t) {
			break
		}
		if c&dating != 0 && t > start && s.dayAfter(t) >= 0 {
			break
		}
		if all |= c; c&(determiner|pronoun) != 0 && t > start {
			if c&(determiner|named) == determiner && s.canAt[t-1]&(cliticKind|determiner) == 0 || c&determiner == 0 && s.mentionAt[t] != s.mentionAt[t-1] {
				break
			}
		}
		t++
	}
	for t > start+1 && s.adverbial(t-1) {
		t--
	}
	p := phrase{First: start, Last: t, Mention: none}
	if all&named == 0 {
		return p
	}
	if s.marked(t-1, timeNouns) {
		p.Last = s.beforeTime(p)
	}
	return s.read(p)
}

// dayAfter returns where a time ends that begins at token t behind a noun and
// says no more than when: "blamed Congress Friday for", "the envoy last week
// left", but not "the Friday talks"; none without.
func (s *Stage) dayAfter(t int32) int32 {
	u, n := t, int32(len(s.l.Tokens))
	for u < n && s.marked(u, pointing) {
		u++
	}
	if u >= n || s.canAt[u]&named != 0 || s.class(u)&text.Weekday == 0 && (u == t || s.class(u)&text.Month == 0 && !s.marked(u, timeNouns)) {
		return none
	}
	if u++; u < n && s.marked(u, timeNouns) {
		u++ // "Friday night"
	}
	if s.canAt[t-1]&(determiner|cliticKind) != 0 || s.canAt[t-1]&named == 0 && (s.class(t-1)&(text.Noun|text.NounPlural) == 0 || s.class(t-1)&text.Adjective != 0) ||
		u < n && s.nominal(u) && !s.adverbial(u) && s.canAt[u]&determiner == 0 {
		return none
	}
	return u
}

// dayEnding returns where such a time begins that ends with token last; none
// without.
func (s *Stage) dayEnding(last, lo int32) int32 {
	if last < lo || s.class(last)&(text.Weekday|text.Month) == 0 && !s.marked(last, timeNouns) {
		return none
	}
	for t := last; t > lo && t > last-4; t-- {
		if s.canAt[t]&dating != 0 && s.dayAfter(t) == last+1 {
			return t
		}
	}
	return none
}

// beforeTime returns where a phrase with a name ends before a stretch of time:
// "criticized Israel two days after", "met Macron hours before".
func (s *Stage) beforeTime(p phrase) int32 {
	t := p.Last - 1
	for t > p.First && s.canAt[t-1]&named == 0 && (s.numeral(t-1) || s.canAt[t-1]&determiner != 0) {
		t--
	}
	if t > p.First && s.canAt[t-1]&named != 0 && s.l.Tokens[t-1].Kind == model.Word && s.mentionAt[t] < 0 {
		return t
	}
	return p.Last
}

// setApart reports whether the quotation that opens at token t behind a noun is no
// part of the noun's phrase: "called the plan 'reckless'".
func (s *Stage) setApart(t int32) bool {
	if !s.l.Tokens[t].Has(model.Opening) || s.canAt[t-1]&determiner != 0 || s.plainAdjective(t-1) {
		return false
	}
	for u := t + 1; u < t+5 && int(u)+1 < len(s.l.Tokens); u++ {
		if s.l.Tokens[u].Kind == model.QuoteMark {
			return !s.nominal(u + 1)
		}
	}
	return false
}

// read finds the actor of a noun phrase: the one that heads it, else the
// possessor before the head noun, else a modifier.
func (s *Stage) read(p phrase) phrase {
	if !p.found() {
		return p
	}
	p.Last = s.beforeDay(p)
	for t := p.Last - 1; t >= p.First; t-- {
		if s.canAt[t]&named == 0 {
			continue
		}
		m := s.actorAt(t)
		if m < 0 {
			continue
		}
		mm := &s.r.Mentions[m]
		if s.hyphenated(mm) {
			if u := mm.Last + 1; u < p.Last && s.l.Tokens[u].ID == s.words.led && s.l.Tokens[u-1].Kind == model.Hyphen && !s.l.Tokens[p.Last-1].Has(model.Capital) {
				p.Mention, p.Via = m, viaPossessor // "Hamas-led gunmen"
				return p
			}
			t = mm.First
			continue
		}
		end := p.Last
		for end > p.First && s.canAt[end-1]&cliticKind != 0 {
			end-- // "Netanyahu's" alone: a possessive without its head
		}
		switch {
		case mm.NeedsCue && mm.AliasKind == model.AliasDemonym && mm.Last < p.Last:
			p.Mention, p.Via = m, viaModifier
		case mm.Last >= end, mm.Last+1 == end && s.canAt[mm.Last]&pronoun != 0 && s.marked(mm.Last, selves), mm.First == p.First && mm.AliasKind != model.AliasDemonym && (s.plainAdjective(mm.Last) || s.numeral(mm.Last)):
			p.Mention, p.Via = m, viaHead // "Hamas itself", "promised Ukraine new tanks", "gave Egypt two ships"
		case mm.Last+1 == end && mm.AliasKind != model.AliasDemonym && s.class(mm.Last)&text.Adverb != 0 && s.groupAt[min(int(end), len(s.groupAt)-1)] >= 0:
			p.Mention, p.Via = m, viaHead // "that the army first withdraw"
		case mm.Last+1 == end && mm.Plural && s.class(mm.Last)&text.VerbIng != 0 && int(end) < len(s.l.Tokens) && s.canAt[end]&preposition != 0:
			p.Mention, p.Via = m, viaHead // "European leaders meeting in Brussels"
		case mm.Last < p.Last && s.l.Tokens[mm.Last].Kind == model.Clitic:
			p.Mention, p.Via = m, viaPossessor
		default:
			// A title or name within a longer capitalised name: "Netanyahu spokesman".
			p.Mention, p.Via = m, viaModifier
		}
		if p.Via == viaModifier {
			// "the president's Syria policy" is the president's.
			for u := mm.First - 1; u > p.First; u-- {
				if o := s.actorAt(u - 1); o >= 0 && s.l.Tokens[u].Kind == model.Clitic {
					p.Mention, p.Via = o, viaPossessor
					break
				}
			}
		}
		return p
	}
	return p
}

// beforeDay returns where a noun phrase ends without the day behind its name:
// "slammed congressional Democrats Tuesday night for".
func (s *Stage) beforeDay(p phrase) int32 {
	t, day := p.Last, p.Last
	for t > p.First+1 && s.canAt[t-1]&named == 0 && (s.class(t-1)&text.Weekday != 0 || s.marked(t-1, timeNouns|pointing)) {
		t--
		if s.class(t)&text.Weekday != 0 || s.marked(t, pointing) {
			day = t
		}
	}
	if s.canAt[day-1]&named == 0 {
		return p.Last
	}
	return day
}

// hyphenated reports whether a mention is only part of a compound adjective:
// "anti-Assad rebels", "the GOP-led House".
func (s *Stage) hyphenated(m *model.Mention) bool {
	if t := m.First - 1; t > 0 && s.l.Tokens[t].Kind == model.Hyphen && s.mentionAt[t-1] < 0 && !s.marked(t-1, once) && (m.AliasKind == model.AliasDemonym || !s.l.Tokens[t-1].Has(model.Capital)) {
		return true
	}
	t := m.Last
	return int(t)+1 < len(s.l.Tokens) && s.l.Tokens[t].Kind == model.Hyphen && s.mentionAt[t+1] < 0 && s.class(t+1)&(text.Verb|text.Adjective) != 0 && !s.l.Tokens[t+1].Has(model.Capital)
}

// plainAdjective reports whether token t is an adjective and nothing else.
func (s *Stage) plainAdjective(t int32) bool {
	c := s.class(t)
	return c&text.Adjective != 0 && c&(text.Noun|text.NounPlural|text.Verb) == 0 && !s.l.Tokens[t].Has(model.Capital)
}

// numeral reports whether token t is a number or a sign before one.
func (s *Stage) numeral(t int32) bool {
	kind := s.l.Tokens[t].Kind
	return kind == model.Number || kind == model.Symbol || s.class(t)&text.NumberWord != 0
}

// acts reports whether the head noun of the phrase acts for its possessor.
func (s *Stage) acts(p phrase) bool {
	h := s.headOf(p)
	return s.marked(h, heads) || (s.class(h)&text.PersonNoun != 0 && !s.marked(h, rivals) || s.marked(h, texts)) && !(p.Mention >= 0 && p.Via == viaModifier && s.foreign(p.Mention))
}

// subject returns the subject of a verb group: the noun phrase before it in
// its clause that no preposition governs, else the one that the clause
// inherits.
func (s *Stage) subject(g int32) phrase {
	memo := &s.subjects[g]
	switch memo.state {
	case 1: // a cycle of inheritance: nothing to inherit
		return phrase{Mention: none}
	case 2:
		return memo.phrase
	}
	memo.state = 1
	p := s.findSubject(g)
	s.subjects[g] = subjectMemo{2, p}
	return p
}

func (s *Stage) findSubject(g int32) phrase {
	grp := &s.l.Groups[g]
	ci := s.clauseAt[grp.First]
	if ci < 0 {
		return phrase{Mention: none}
	}
	if grp.Form == model.VerbFinite || grp.Form == model.VerbImperative || grp.Form == model.VerbInfinitive && s.class(grp.First)&text.To == 0 && s.l.Clauses[ci].Kind != model.ClauseInfinitive {
		if p := s.subjectBefore(grp.First, ci); p.found() {
			if t := p.Last; p.Mention < 0 && t < grp.First && s.l.Tokens[t].ID == s.words.led {
				if q := s.heldBy(t); q.Mention >= 0 && q.Via == viaHead {
					p.Mention, p.Via = q.Mention, viaPossessor // "gunmen led by Hamas stormed"
				}
			}
			return p
		}
	}
	if grp.Form == model.VerbInfinitive && g > 0 && s.class(grp.First)&text.To == 0 && s.sentenceOf(grp.First) == s.sentenceOf(s.l.Groups[g-1].First) {
		// "to help Iran attack Israel"
		if up := s.l.Groups[g-1].Last; grp.First-up <= 5 && s.pairedWith(g) < 0 {
			if p := s.phraseEnding(grp.First-1, up); p.found() && p.Mention >= 0 && p.Via == viaHead && p.First == up && p.Last == grp.First {
				p.Via = viaControlled
				return p
			}
		}
	}
	if grp.Form == model.VerbGerund && s.nominalised(grp) {
		return phrase{Mention: none}
	}
	if p := s.reduced(grp); p.found() {
		return p
	}
	if k := s.twin(g); k >= 0 {
		return s.subject(k)
	}
	if grp.Form == model.VerbGerund && grp.First > 1 {
		// "With Republicans opposing the bill"
		if p := s.phraseEnding(grp.First-1, s.sentenceFirst(grp.First)); p.found() && p.Last == grp.First && p.First > 1 && s.l.Tokens[p.First-1].ID == s.words.with && !s.marked(p.First-2, texts) {
			return p
		}
	}
	ci = s.origin(ci)
	c := &s.l.Clauses[ci]
	switch c.Kind {
	case model.ClauseRelative:
		if p := s.antecedent(c); p.found() {
			if q := s.renamed(p); q.Mention >= 0 && s.headed(p) < 0 {
				return q
			}
			if p.Mention < 0 && s.marked(s.headOf(p), texts) && s.word(p.First).lead&definite == 0 {
				// "Turkey sent a letter which accused": its author does.
				if up := s.governor(c, c.First); up >= 0 && s.l.Groups[up].Last <= c.First && !s.l.Groups[up].Passive {
					if q := s.subject(up); q.Mention >= 0 {
						return s.lend(q)
					}
				}
			}
			return p
		}
	case model.ClauseParticiple:
		joined := false // "nominated by Roe, confirmed": both said of the subject
		if g := s.governor(c, grp.First); g >= 0 && grp.Form == model.VerbParticiple && c.First > 0 && s.isComma(c.First-1) {
			joined = s.l.Groups[g].Passive
		}
		if grp.Form == model.VerbParticiple && !joined && !(c.First > 0 && s.isComma(c.First-1) && s.opensPhrase(grp.Last)) {
			if p := s.antecedent(c); p.found() {
				if up := s.governor(c, c.First); up >= 0 && p.Last-p.First == 1 && s.marked(p.First, selves) {
					return s.subject(up) // "found itself criticized"
				}
				return p
			}
		}
		return s.inherit(c, grp) // "limited its influence, brokered a deal": a past tense, for it has an object
	case model.ClauseInfinitive:
		return s.controller(c, grp)
	}
	if grp.Form == model.VerbGerund || grp.Form == model.VerbParticiple {
		// "the group backed by Iran" where no clause bound was seen.
		if grp.Form == model.VerbParticiple && grp.First > c.First {
			if p := s.phraseEnding(grp.First-1, c.First); p.found() {
				return p
			}
		}
	}
	if grp.Form == model.VerbInfinitive && !(c.Kind == model.ClauseCoordinate && s.class(grp.First)&text.To == 0) {
		return s.controller(c, grp)
	}
	if grp.Form == model.VerbGerund {
		if h := s.sibling(grp, ci); h >= 0 {
			if !s.carriedOut(grp, h) {
				if p := s.object(h, grp.First); p.found() && s.l.Tokens[grp.First-1].ID == s.words.of && p.Last == grp.First-1 {
					p.Via = viaControlled
					return p // "accused Iran of being hostile to"
				} else if s.l.Tokens[grp.First-1].ID == s.words.forID {
					if s.l.Groups[h].Passive && s.l.Groups[h].Last == grp.First-1 {
						return s.lend(s.subject(h)) // "was praised for backing Iran"
					} else if p.found() && p.Last == grp.First-1 && p.Via == viaHead {
						return s.lend(p) // "criticized Roe for backing Iran"
					}
				}
				return phrase{Mention: none}
			}
			return s.lend(s.subject(h))
		}
	}
	return s.inherit(c, grp)
}

// twin returns the gerund that a gerund is joined to by "and" or "or": "by
// refusing to sign and accusing them"; none without.
func (s *Stage) twin(g int32) int32 {
	grp := &s.l.Groups[g]
	if t := grp.First - 1; grp.Form != model.VerbGerund || t < 1 || !s.coordinates(t) || s.groupAt[t] >= 0 {
		return none
	}
	for k := g - 1; k >= 0 && s.l.Groups[k].First > grp.First-20 && s.l.Groups[k].First >= s.sentenceFirst(grp.First); k-- {
		switch s.l.Groups[k].Form {
		case model.VerbGerund:
			return k
		case model.VerbFinite:
			return none
		}
	}
	return none
}

// pairedWith returns the infinitive that a bare one follows over "and" or "or":
// "to consider or even meet"; none without.
func (s *Stage) pairedWith(g int32) int32 {
	grp := &s.l.Groups[g]
	if g == 0 || grp.Form != model.VerbInfinitive || s.class(grp.First)&text.To != 0 || s.l.Groups[g-1].Form != model.VerbInfinitive {
		return none
	}
	t := grp.First - 1
	for t > 0 && s.adverbial(t) && s.groupAt[t] < 0 {
		t--
	}
	if t < 1 || !s.coordinates(t) || s.groupAt[t-1] != g-1 {
		return none
	}
	return g - 1
}

// carriedOut reports whether the subject of verb group h does what a gerund in
// its clause says: "won by defeating", "kept attacking", but not "spoke of
// attacking" nor "accused them of attacking".
func (s *Stage) carriedOut(grp *model.VerbGroup, h int32) bool {
	t := grp.First - 1
	for t > 0 && s.adverbial(t) {
		t--
	}
	if t < 1 || s.canAt[t]&preposition == 0 || s.groupAt[t] >= 0 {
		return true
	}
	id := s.l.Tokens[t].ID
	if id == s.words.in {
		return s.class(t-1)&(text.Adjective|text.VerbPast2) == 0 // not "interested in making"
	}
	// "After months of attacking, they"
	return s.is(id, means) || s.l.Groups[h].First > grp.First && s.marked(s.sentenceFirst(t), means)
}

// sibling returns the finite verb of the clause that a gerund is part of: the
// last one before it ("carried out an act by killing"), else the first one
// behind a comma ("After months of investigating, they closed").
func (s *Stage) sibling(grp *model.VerbGroup, ci int32) int32 {
	sent := &s.l.Sentences[s.sentenceOf(grp.First)]
	before := none
	for g := sent.FirstGroup; g < sent.LastGroup; g++ {
		h := &s.l.Groups[g]
		if h.Form != model.VerbFinite || s.origin(s.clauseAt[h.First]) != ci {
			continue
		}
		if h.First > grp.First {
			if t := grp.First - 1; before < 0 && s.commaWithin(grp.Last, h.First) && (t < sent.First || s.canAt[t]&preposition != 0) {
				return g
			}
			break
		}
		before = g
	}
	return before
}

// subjectBefore walks left from token before to the start of clause ci, over
// adverbs, prepositional phrases and appositions.
func (s *Stage) subjectBefore(before, ci int32) phrase {
	c := &s.l.Clauses[ci]
	t := before - 1
	if t > 1 && s.l.Tokens[t].Kind == model.Hyphen {
		t -= 2 // "test-fired a missile"
	}
	best := phrase{Mention: none}
	crossed := false // a comma or coordinator lies behind
	end := none      // of what is read since the last comma
	for steps := 0; steps < 64; steps++ {
		for t < c.First {
			// The clause resumes after an embedded one: go on before that.
			if c.Resumes < 0 {
				return best
			}
			c = &s.l.Clauses[c.Resumes]
			t = c.Last - 1
		}
		if t <= c.Marker && c.Kind == model.ClauseRelative && c.Marker == c.First+2 {
			return best // "some of whom"
		}
		can := s.canAt[t]
		switch {
		case s.groupAt[t] >= 0 && can&named == 0:
			grp := &s.l.Groups[s.groupAt[t]]
			if u := grp.First - 1; grp.Form == model.VerbGerund && !best.found() && u >= c.First && s.canAt[u]&(determiner|pronoun) == 0 && s.nominal(u) && s.groupAt[u] < 0 &&
				(s.canAt[u]&named != 0 || s.class(u)&(text.PersonNoun|text.NounPlural) != 0) {
				t = u
				continue // "leaders meeting in Laos rebuked"
			}
			return best // another verb of the clause stands between
		case t == c.First && c.Resumes >= 0 && can&markKind != 0, t == c.Marker && can&named == 0, can&pairing != 0 && s.l.Tokens[t].ID == s.words.each:
			t--
			continue
		case !s.nominal(t) || s.adverbial(t):
			if tok := &s.l.Tokens[t]; tok.Kind == model.Punctuation && tok.Has(model.Opening) {
				return best
			}
			crossed = crossed || s.coordinates(t) || s.isComma(t)
			if s.isComma(t) {
				end = none
			}
			t--
			continue
		}
		lo := c.First
		if c.Kind == model.ClauseRelative && c.Marker >= lo && t > c.Marker && s.l.Tokens[c.Marker].ID == s.words.which {
			lo = c.Marker + 1 // "before which it": no phrase
		}
		p := s.phraseEnding(t, lo)
		if !p.found() {
			t--
			continue
		}
		if s.lettered(p) {
			t, crossed = p.First-1, true
			continue
		}
		if u := p.First - 1; u-1 > c.First && s.class(u)&text.Negator != 0 && s.groupAt[u] < 0 && (s.isComma(u-1) || s.coordinates(u-1)) {
			t, crossed = u-1, true
			continue // "Oman, and not the Yemeni army, fired"
		}
		if end < 0 {
			end = p.Last
		}
		prev := p.First - 1
		prep := prev >= c.First && prev != c.Marker && s.canAt[prev]&(governing|named) == governing && s.groupAt[prev] < 0 &&
			!(prev == c.First && s.class(prev)&text.Coordinator != 0) // "But Iran refused"
		if prep && s.measured(p.First) {
			prep = false
		}
		if prep && p.Mention >= 0 {
			if first := s.r.Mentions[p.Mention].First; first > p.First && s.timeEnds(first-1) {
				p.First, prep = first, false // "On Sunday Egypt condemned", "In recent days Russia"
			} else if first > p.First && s.mentionAt[first-1] >= 0 && s.r.Mentions[s.mentionAt[first-1]].AliasKind == model.AliasPlace {
				p.First, prep = first, false // "In Geneva Iran condemned"
			}
		}
		switch {
		case prep && s.l.Tokens[prev].ID == s.words.of && prev-1 >= c.First && s.nominal(prev-1):
			head := s.phraseEnding(prev-1, c.First)
			if !head.found() {
				t = prev - 1
				continue
			}
			if u := head.First - 2; u > c.First && s.l.Tokens[u+1].ID == s.words.as && s.l.Tokens[u].ID == s.words.such {
				t = u - 1
				continue
			}
			if head.Mention < 0 && p.Mention >= 0 && s.acts(head) {
				head.Mention, head.Via = p.Mention, viaPossessor
			} else if head.Mention < 0 && p.Mention >= 0 && s.counts(head) {
				head.Mention, head.Via = p.Mention, p.Via
			}
			p = phrase{First: head.First, Last: p.Last, Mention: head.Mention, Via: head.Via}
			if q := p.First - 1; q >= c.First && s.canAt[q]&preposition != 0 && s.groupAt[q] < 0 {
				t = q - 1
				continue
			}
		case prep:
			// "a spokesman for the ministry", "officials at the Pentagon"
			if id := s.l.Tokens[prev].ID; p.Mention >= 0 && p.Via != viaModifier && (id == s.words.forID || id == s.words.at || id == s.words.with || id == s.words.from || id == s.words.by) && prev-1 >= c.First && s.nominal(prev-1) && s.groupAt[prev-1] < 0 {
				if head := s.phraseEnding(prev-1, c.First); head.found() && head.Mention < 0 && (s.acts(head) && id != s.words.by || id == s.words.by && s.marked(s.headOf(head), deeds|texts)) && !s.prepositional(head.First, c.First) {
					return phrase{First: head.First, Last: p.Last, Mention: p.Mention, Via: viaPossessor}
				}
			}
			if t = prev - 1; t > c.First && s.l.Tokens[prev].ID == s.words.as && s.l.Tokens[t].ID == s.words.such {
				t-- // "countries such as Iran"
			}
			continue
		case prev > c.First && s.coordinates(prev):
			// "between Israel and Hamas": the preposition governs both.
			if q := s.phraseEnding(prev-1, c.First); q.found() && q.First-1 >= c.First {
				if u := q.First - 1; u != c.Marker && s.canAt[u]&preposition != 0 && s.groupAt[u] < 0 && s.mentionAt[u] < 0 && s.l.Tokens[u].ID != s.words.of && s.class(q.First)&text.Relative == 0 {
					t = u - 1
					continue
				}
			}
		}
		if p.Mention < 0 && prev > c.First && (s.coordinates(prev) || s.isComma(prev) && s.headline(prev)) {
			// "the United States and its allies", "Biden, allies push out"
			if q := s.phraseEnding(prev-1, c.First); q.Mention >= 0 && q.Via == viaHead {
				return q
			}
		}
		if crossed && !best.found() && !s.temporal(p) {
			// "raised taxes and blamed Congress": the object of the verb before.
			if u := p.First - 1; u >= c.First && s.groupAt[u] >= 0 && s.mentionAt[u] < 0 && s.l.Groups[s.groupAt[u]].Form == model.VerbFinite {
				return s.subject(s.groupAt[u])
			}
		}
		behind := p.First - 1
		if behind > c.First && s.marked(behind, selves) {
			behind-- // ", herself a former president of Chile,"
		}
		apposed := end < int32(len(s.l.Tokens)) && s.isComma(end) && p.First > c.First && s.isComma(behind)
		if p.Mention >= 0 && best.Mention >= 0 && s.party(p.Mention) < 0 {
			return best // "Jane Roe, the chief of the Senate Democrats"
		}
		if p.Mention >= 0 && !(apposed && s.describes(p)) { // "Qatar, a US ally, refused"
			return p
		}
		if s.temporal(p) {
			t = p.First - 1
			continue
		}
		if !best.found() || p.Mention >= 0 && best.Mention < 0 {
			best = p
		}
		// ", a former general," may be an apposition to the name before it.
		u := behind
		for u >= c.First && s.adverbial(u) {
			u-- // ", hardly a friend,"
		}
		if u >= c.First && end < int32(len(s.l.Tokens)) && s.isComma(u) && s.isComma(end) {
			t, end = u-1, none
			continue
		}
		return best
	}
	return best
}

// timeEnds reports whether token t ends a time: a day, month or year, or a noun
// for a stretch of time.
func (s *Stage) timeEnds(t int32) bool {
	tok := &s.l.Tokens[t]
	return s.class(t)&(text.Weekday|text.Month) != 0 || tok.Kind == model.Number && (tok.Len() == 4 || s.class(t-1)&text.Month != 0) || s.is(tok.ID, timeNouns)
}

// describes reports whether a phrase with an actor may say more of somebody
// named before it: "a US ally", "Iran's ally", "the Republican nominee".
func (s *Stage) describes(p phrase) bool {
	m := &s.r.Mentions[p.Mention]
	return p.Via == viaModifier || p.Via == viaPossessor || m.AliasKind == model.AliasRole && m.Person == "" && !m.Plural
}

// headline reports whether token t is part of a headline, where a comma joins.
func (s *Stage) headline(t int32) bool {
	sec := s.l.Sentences[s.sentenceOf(t)].Section
	return sec == model.SectionHeadline || sec == model.SectionHeadlineRepeat
}

// measured reports whether a quantity that a preposition belongs to stands at
// token t: "at least one", "more than 100", "about 50".
func (s *Stage) measured(t int32) bool {
	switch id := s.l.Tokens[t-1].ID; {
	case s.l.Tokens[t].ID == s.words.least || s.l.Tokens[t].ID == s.words.most:
		return id == s.words.at
	case s.class(t)&text.NumberWord != 0 || s.l.Tokens[t].Kind == model.Number:
		return s.is(id, rough) || id == s.words.to && t > 1 && s.l.Tokens[t-2].ID == s.words.up
	}
	return false
}

// lettered reports whether a phrase is the letter of a party with a state,
// which stands behind a name: "R-Ohio".
func (s *Stage) lettered(p phrase) bool {
	return p.Mention < 0 && p.Last-p.First > 2 && s.l.Tokens[p.First].Len() == 1 && s.l.Tokens[p.First+1].Kind == model.Hyphen
}

// counts reports whether a phrase only says how many of what follows it are
// meant: "some of", "a number of", "98% of". Less than half of them do not speak
// for the rest.
func (s *Stage) counts(p phrase) bool {
	t := p.Last - 1
	if n := t - 1; n >= p.First && s.l.Tokens[n].Kind == model.Number && (s.l.Tokens[t].ID == s.words.percent || s.l.Tokens[t].Kind == model.Symbol) {
		share := s.l.Tokens[n].In(s.r.Article.Text)
		return len(share) > 1 && (share[0] >= '5' || len(share) > 2 && share[2] != '.')
	}
	return s.marked(t, counts) || s.class(t)&text.NumberWord != 0 || s.l.Tokens[t].Kind == model.Number
}

// prepositional reports whether a preposition stands before token t.
func (s *Stage) prepositional(t, lo int32) bool {
	return t-1 >= lo && s.canAt[t-1]&preposition != 0 && s.groupAt[t-1] < 0 && s.mentionAt[t-1] < 0
}

func (s *Stage) isColon(t int32) bool {
	tok := &s.l.Tokens[t]
	return tok.ID == s.words.colon && tok.Kind == model.Punctuation && tok.Len() == 1
}

func (s *Stage) isComma(t int32) bool {
	return s.canAt[t]&commaKind != 0 && s.l.Tokens[t].Len() == 1
}

// adverbial reports whether token t is an adverb and nothing else.
func (s *Stage) adverbial(t int32) bool {
	c := s.canAt[t] & (adverb | unlisted | named)
	return c == adverb || c == unlisted && s.adverbLike(t)
}

// adverbLike reports whether token t, which has no class, is formed like an
// adverb.
func (s *Stage) adverbLike(t int32) bool {
	tok := &s.l.Tokens[t]
	form := tok.In(s.r.Article.Text)
	return len(form) > 4 && form[len(form)-2:] == "ly" && !tok.Has(model.Capital)
}

// temporal reports whether the phrase is a time: "Monday", "last week".
func (s *Stage) temporal(p phrase) bool {
	for t := p.First; t < p.Last; t++ {
		if s.class(t)&(text.Weekday|text.Month) != 0 {
			return true
		}
	}
	last := &s.l.Tokens[p.Last-1]
	if p.Last-p.First > 1 && s.class(p.Last-1)&(text.Adverb|text.Adjective) != 0 && p.Mention < 0 && s.marked(p.Last-2, timeNouns) {
		return true // "two days later"
	}
	if s.is(last.ID, timeNouns) {
		return p.Mention < 0
	}
	return last.Kind == model.Number
}

// antecedent returns the noun phrase before the marker of a relative or
// participle clause.
func (s *Stage) antecedent(c *model.Clause) phrase {
	t := c.First - 1
	lo := s.sentenceFirst(c.First)
	if t > lo && s.coordinates(t) && s.groupAt[t] < 0 {
		// "a minister who chairs the council and who accused": of the same one
		if k := s.clauseAt[t-1]; k >= 0 && s.l.Clauses[k].Kind == model.ClauseRelative && s.l.Clauses[k].Resumes < 0 && s.l.Clauses[k].First < t && s.l.Clauses[k].Marker >= 0 && c.Marker >= 0 && s.l.Tokens[s.l.Clauses[k].Marker].ID == s.l.Tokens[c.Marker].ID {
			return s.antecedent(&s.l.Clauses[k])
		}
	}
	for t >= lo && (s.isComma(t) || s.l.Tokens[t].Kind == model.Dash || s.canAt[t]&preposition != 0 && s.mentionAt[t] < 0 && t == c.First-1) {
		t--
	}
	if u := t; u >= lo && s.l.Tokens[u].Has(model.Closing) && s.l.Tokens[u].Kind == model.Punctuation {
		for u >= lo && u > t-6 && !s.l.Tokens[u].Has(model.Opening) {
			u--
		}
		t = u - 1 // "the agency (IAEA), which"
	}
	if t < lo || !s.nominal(t) {
		return phrase{Mention: none}
	}
	p := s.phraseEnding(t, lo)
	if u := p.First - 2; u >= lo && s.isComma(u+1) && p.Mention < 0 && p.Last-p.First <= 6 && s.l.Tokens[p.First].Len() == 1 && s.l.Tokens[p.First].Has(model.Capital) && s.nominal(u) {
		p = s.phraseEnding(u, lo) // "Roe, D-N.J., who"
	}
	if u := p.First - 2; u >= lo && s.isComma(u+1) && s.mentionAt[u] >= 0 && s.r.Mentions[s.mentionAt[u]].AliasKind == model.AliasPlace && c.First == p.Last {
		return phrase{Mention: none} // "the attack in Benghazi, Libya that"
	}
	if c.Marker >= 0 && s.l.Tokens[c.Marker].ID == s.words.who && p.found() {
		// "two Democrats with roots in the state who"
		for q, k := p, 0; k < 3 && q.found() && q.First-1 > lo; k++ {
			prev := q.First - 1
			if s.human(q) || s.canAt[prev]&preposition == 0 || s.mentionAt[prev] >= 0 || s.groupAt[prev] >= 0 || !s.nominal(prev-1) {
				if k > 0 && q.Mention >= 0 && q.Via == viaHead && s.human(q) {
					return q
				}
				break
			}
			q = s.phraseEnding(prev-1, lo)
		}
	}
	// "officials in Gaza who", "a leader of Hamas who": climb over one
	// prepositional phrase when its noun names no actor.
	for k := 0; k < 2 && p.found() && p.First-1 > lo; k++ {
		prev := p.First - 1
		if p.Mention < 0 && s.marked(p.Last-1, texts) {
			break // "named Rwanda in a resolution which"
		}
		if s.canAt[prev]&preposition == 0 || s.mentionAt[prev] >= 0 || !s.nominal(prev-1) {
			break
		}
		if c.Marker >= 0 && s.l.Tokens[c.Marker].ID == s.words.who && p.Mention < 0 && (s.class(p.Last-1)&text.PersonNoun != 0 || s.marked(p.Last-1, people)) {
			break // "matched members of Congress with people who"
		}
		head := s.phraseEnding(prev-1, lo)
		if !head.found() {
			break
		}
		if head.Mention < 0 && c.Marker >= 0 && s.l.Tokens[c.Marker].ID == s.words.who && p.Mention >= 0 &&
			(s.l.Tokens[prev].ID == s.words.to || s.r.Mentions[p.Mention].AliasKind == model.AliasName && s.r.Mentions[p.Mention].Person == "") {
			return head // "a singer from Nigeria who"
		}
		if head.Mention < 0 && s.l.Tokens[prev].ID == s.words.of && p.Mention >= 0 && !s.acts(head) && !s.counts(head) {
			return head // "a shutdown of the government that"
		}
		if head.Mention < 0 && c.Marker >= 0 && s.l.Tokens[c.Marker].ID != s.words.who && (s.marked(s.headOf(head), plans) || s.marked(prev, concerns) && p.Last == c.First) {
			return head // "a bill for the department that", "tweets about Israel that"
		}
		if head.Mention < 0 && (s.l.Tokens[prev].ID != s.words.of || p.Mention < 0 || !s.acts(head)) {
			break
		}
		if head.Mention < 0 {
			head.Mention, head.Via = p.Mention, viaPossessor
		} else if p.Mention >= 0 && s.l.Tokens[prev].ID != s.words.on && s.l.Tokens[prev].ID != s.words.of {
			// Both are actors: the nearer one is meant more often, unless it is a place.
			break
		}
		head.Last = p.Last
		p = head
	}
	return p
}

// human reports whether a noun phrase names people, not a body or a thing.
func (s *Stage) human(p phrase) bool {
	if p.Mention >= 0 && p.Via == viaHead {
		m := &s.r.Mentions[p.Mention]
		return m.Person != "" || m.Plural || m.AliasKind == model.AliasLeader || m.AliasKind == model.AliasRole || m.AliasKind == model.AliasPronoun
	}
	h := s.headOf(p)
	return s.class(h)&text.PersonNoun != 0 || s.marked(h, people) || s.l.Tokens[h].Has(model.Capital) && s.mentionAt[h] < 0
}

// renamed returns whom a noun phrase without an actor says more of: the name
// that it stands behind in apposition ("Hezbollah, the army in Lebanon which")
// or the subject that it is the predicate of ("Roe is one of those who").
func (s *Stage) renamed(p phrase) phrase {
	lo := s.sentenceFirst(p.First)
	t := p.First - 1
	for p.Mention < 0 && t > lo && s.canAt[t]&preposition != 0 && s.mentionAt[t] < 0 && s.groupAt[t] < 0 && s.nominal(t-1) {
		q := s.phraseEnding(t-1, lo)
		if !q.found() || q.Mention >= 0 {
			return phrase{Mention: none}
		}
		t = q.First - 1
	}
	if t > lo && s.marked(t, instancing) {
		t-- // "was among those who"
	}
	switch {
	case p.Mention >= 0 || t <= lo:
	case s.isComma(t) && s.canAt[t+1]&determiner != 0:
		if q := s.phraseEnding(t-1, lo); q.Mention >= 0 && q.Via == viaHead && q.Last == t {
			return s.lend(q)
		}
	case s.groupAt[t] >= 0 && s.class(s.l.Groups[s.groupAt[t]].Head)&text.Be != 0 && !s.negated(&s.l.Groups[s.groupAt[t]]):
		if q := s.subject(s.groupAt[t]); q.Mention >= 0 && !s.isIt(q) {
			return s.lend(q)
		}
	}
	return phrase{Mention: none}
}

// sentenceFirst returns the first token of the sentence that holds token t.
func (s *Stage) sentenceFirst(t int32) int32 {
	return s.l.Sentences[s.sentenceOf(t)].First
}

// sentenceOf returns the sentence that holds token t, most often that of the
// call before.
func (s *Stage) sentenceOf(t int32) int32 {
	if last := &s.l.Sentences[s.sentenceAt]; t < last.First || t >= last.Last {
		s.turnTo(t)
	}
	return s.sentenceAt
}

// turnTo is sentenceOf where it is another, most often one of the next.
func (s *Stage) turnTo(t int32) {
	for si := s.sentenceAt + 1; int(si) < min(len(s.l.Sentences), int(s.sentenceAt)+8); si++ {
		if sent := &s.l.Sentences[si]; t < sent.Last {
			if t < sent.First {
				break
			}
			s.sentenceAt = si
			return
		}
	}
	s.sentenceAt = int32(max(s.l.SentenceAt(s.l.Tokens[t].Start), 0))
}

// inherit returns the subject of the clause above, or of the clause before
// for coordinated ones; a participle that opens the sentence takes the
// subject of the main clause after it.
func (s *Stage) inherit(c *model.Clause, grp *model.VerbGroup) phrase {
	g := s.governor(c, grp.First)
	if c.Kind == model.ClauseParticiple && grp.Form == model.VerbGerund && g >= 0 && s.l.Groups[g].Passive && c.First > 0 && s.isComma(c.First-1) {
		// "said they would fight until Iran is defeated, rejecting talks"
		if up := &s.l.Clauses[s.origin(max(s.clauseAt[s.l.Groups[g].First], 0))]; up.Kind == model.ClauseAdverbial {
			g = s.governor(up, up.First)
		}
	}
	if grp.Form == model.VerbFinite && c.Kind == model.ClauseCoordinate && g >= 0 && s.l.Groups[g].Form == model.VerbGerund {
		// "accused Iran of lying and urged": finite verbs are joined.
		if h := s.sibling(&s.l.Groups[g], s.origin(s.clauseAt[s.l.Groups[g].First])); h >= 0 && h < g {
			g = h
		}
	}
	if g >= 0 && c.Kind == model.ClauseCoordinate && grp.Form == model.VerbFinite && s.past(grp) && !s.past(&s.l.Groups[g]) && !s.l.Groups[g].Perfect && !s.l.Groups[g].Passive {
		// "warned that it could lead to war and praised": the tense tells.
		if up := &s.l.Clauses[s.origin(max(s.clauseAt[s.l.Groups[g].First], 0))]; up.Kind == model.ClauseThat {
			if h := s.governor(up, up.First); h >= 0 && s.l.Groups[h].Last <= up.First && s.past(&s.l.Groups[h]) {
				g = h
			}
		}
	}
	if t := grp.First - 1; g >= 0 && c.Kind == model.ClauseCoordinate && t > 0 && s.coordinates(t) && s.present(grp) && !s.present(&s.l.Groups[g]) {
		// "said that states which back Fatah and distrust": the tense tells.
		for k := g + 1; int(k) < len(s.l.Groups) && s.l.Groups[k].Last <= t; k++ {
			if s.l.Groups[k].Form == model.VerbFinite && s.present(&s.l.Groups[k]) {
				g = k
			}
		}
	}
	if g >= 0 {
		if p := s.subject(g); p.found() {
			return s.lend(p)
		}
	}
	return phrase{Mention: none}
}

// present reports whether a verb group is in the present tense or a bare form.
func (s *Stage) present(grp *model.VerbGroup) bool {
	c := s.class(grp.First)
	return c&(text.VerbBase|text.VerbS) != 0 && c&(text.VerbPast|text.Modal) == 0
}

// past reports whether a verb group is in the past tense and in no other.
func (s *Stage) past(grp *model.VerbGroup) bool {
	c := s.class(grp.First)
	return grp.Modal < 0 && c&text.VerbPast != 0 && c&(text.VerbBase|text.VerbS) == 0
}

// lend returns a subject as that of a clause below: the owner of a noun that
// does not act for it stays behind.
func (s *Stage) lend(p phrase) phrase {
	if (p.Via == viaPossessor || p.Via == viaModifier) && !s.acts(p) {
		p.Mention = none
	}
	p.Via = max(p.Via, viaParent)
	return p
}

// governor returns the verb group that clause c hangs from: the last one of
// its parent before it, else the first one of the parent; none without.
func (s *Stage) governor(c *model.Clause, before int32) int32 {
	parent := c.Parent
	if parent < 0 {
		// A coordinate clause without a parent follows the clause before it.
		if c.Kind == model.ClauseMain || c.First == 0 {
			return none
		}
		parent = s.clauseAt[c.First-1]
		if parent < 0 || s.sentenceOf(c.First-1) != s.sentenceOf(c.First) {
			return none
		}
	}
	parent = s.origins[parent]
	sent := &s.l.Sentences[s.sentenceOf(c.First)]
	of := func(g int32) bool { return s.origin(s.clauseAt[s.l.Groups[g].First]) == parent }
	// From the near ones on: a sentence without an end has many.
	at, end := sent.FirstGroup, sent.LastGroup
	for at < end {
		if mid := (at + end) / 2; s.l.Groups[mid].First < before {
			at = mid + 1
		} else {
			end = mid
		}
	}
	for g := at - 1; g >= sent.FirstGroup; g-- {
		if of(g) {
			return g
		}
	}
	for g := at; g < sent.LastGroup; g++ {
		if of(g) {
			return g
		}
	}
	return none
}

// controller returns who is to act in an infinitive: the object of the verb
// above when there is one ("urged Israel to stop"), else its subject
// ("vowed to stop").
func (s *Stage) controller(c *model.Clause, grp *model.VerbGroup) phrase {
	if p := s.planner(grp); p.found() {
		return p
	}
	g := s.governor(c, grp.First)
	if g < 0 {
		// "to" without a clause of its own: the verb group just before.
		ci := s.clauseAt[grp.First]
		sent := &s.l.Sentences[s.sentenceOf(grp.First)]
		for k := sent.FirstGroup; k < sent.LastGroup; k++ {
			if s.l.Groups[k].Last <= grp.First && s.clauseAt[s.l.Groups[k].First] == ci {
				g = k
			}
		}
	}
	if g < 0 {
		return phrase{Mention: none}
	}
	up := &s.l.Groups[g]
	if p := s.phraseEnding(grp.First-1, max(up.Last, c.First-12)); p.Mention >= 0 && p.Via == viaHead && p.Last == grp.First && p.First > 0 && s.l.Tokens[p.First-1].ID == s.words.forID &&
		s.r.Mentions[p.Mention].AliasKind != model.AliasMetonym {
		p.Via = viaControlled // "options for Trump to shun"
		return p
	}
	for t := grp.First - 1; t >= up.Last && t > grp.First-9; t-- {
		if id := s.l.Tokens[t+1].ID; s.marked(t, orders) && (id == s.words.from || id == s.words.by || id == s.words.on || id == s.words.forID) {
			return phrase{First: t, Last: t + 1, Mention: none, Via: viaControlled} // "faces pressure from Hollywood to"
		}
	}
	if up.Passive {
		p := s.subject(g)
		if p.found() && s.marked(up.Head, bidding) {
			p.Via = viaControlled // "was asked to support"
		}
		return p
	}
	o := s.object(g, grp.First)
	if t := up.Last; !o.found() && t < grp.First && s.marked(up.Head, appeals) && s.canAt[t]&preposition != 0 && s.mentionAt[t] < 0 {
		o = s.objectAfter(t+1, min(grp.First, s.bound(t))) // "called on Russia to"
	}
	near := o.found() && o.Last <= grp.First && grp.First-o.Last <= 2
	if near && o.Mention < 0 && (s.marked(o.Last-1, people) || o.Last-o.First == 1 && s.canAt[o.First]&pronoun != 0 && s.marked(up.Head, wishes) || s.marked(up.Head, causing)) {
		o.Via = viaControlled // "want the majority to", "allows the town to be taken"
		return o
	}
	if near && o.Mention >= 0 {
		if told := up.Form != model.VerbInfinitive && up.Modal < 0 && !up.Negated && s.marked(up.Head, prompting); o.Via == viaHead && !told {
			o.Via = viaControlled
		}
		return o
	}
	p := s.subject(g)
	if p.found() {
		return s.lend(p)
	}
	return p
}

// opensPhrase reports whether a determiner or an actor stands at token t.
func (s *Stage) opensPhrase(t int32) bool {
	return int(t) < len(s.l.Tokens) && (s.canAt[t]&determiner != 0 || s.mentionAt[t] >= 0) && s.groupAt[t] < 0
}

// nominalised reports whether a gerund opens its clause and a finite verb of
// the clause follows: "overthrowing him would be a disaster" says nobody does.
func (s *Stage) nominalised(grp *model.VerbGroup) bool {
	if t := grp.First - 1; t >= 0 && s.groupAt[t] >= 0 && s.l.Groups[s.groupAt[t]].Form == model.VerbFinite && s.class(s.l.Groups[s.groupAt[t]].Head)&text.Reporting != 0 &&
		s.finiteAfter(grp.Last-1) {
		return true // "said invading Iraq was a mistake"
	}
	c := &s.l.Clauses[s.clauseAt[grp.First]]
	if c.Kind == model.ClauseParticiple || grp.First > c.First+1 || grp.First == c.First+1 && c.Marker != c.First {
		return false
	}
	for t := grp.Last; t < c.Last; t++ {
		if s.isComma(t) {
			return false
		}
		if v := s.groupAt[t]; v >= 0 && s.l.Groups[v].Form == model.VerbFinite && s.mentionAt[t] < 0 {
			return true
		}
	}
	return false
}

// reduced returns the noun phrase right before a gerund, which then is the
// gerund's subject: "showed a journalist criticizing". Of what is written or
// said, the author is: "a letter urging".
func (s *Stage) reduced(grp *model.VerbGroup) phrase {
	if grp.Form != model.VerbGerund {
		return phrase{Mention: none}
	}
	t := grp.First - 1
	lo := s.sentenceFirst(grp.First)
	if t <= lo || !s.nominal(t) || s.adverbial(t) {
		return phrase{Mention: none}
	}
	p := s.phraseEnding(t, lo)
	if !p.found() || p.Last != grp.First || s.temporal(p) || p.Mention < 0 && s.class(p.Last-1)&text.PersonNoun == 0 && !s.marked(p.Last-1, people) || p.First == lo {
		return phrase{Mention: none}
	}
	if p.Mention >= 0 && p.Via != viaHead {
		return phrase{Mention: none}
	}
	if u := p.First - 1; u > lo && s.canAt[u]&(governing|named) == governing && s.groupAt[u] < 0 && s.l.Tokens[u].ID != s.words.of && s.l.Tokens[u].ID != s.words.by && s.l.Tokens[u].ID != s.words.from {
		if q := s.phraseEnding(u-1, lo); q.found() && s.marked(s.headOf(q), texts) {
			return phrase{Mention: none} // "sent a letter to Macron urging"
		} else if q.found() && q.Mention < 0 && grp.Passive && s.l.Tokens[u].ID == s.words.forID && !s.human(q) && s.groupAt[u-1] < 0 {
			return q // "ballots for Roe being burned"
		}
	}
	return p
}

// finiteAfter reports whether a finite verb follows token t in its sentence,
// before a comma.
func (s *Stage) finiteAfter(t int32) bool {
	last := s.l.Sentences[s.sentenceOf(t)].Last
	for t++; t < last && !s.isComma(t); t++ {
		if v := s.groupAt[t]; v >= 0 && s.l.Groups[v].Form == model.VerbFinite && s.mentionAt[t] < 0 {
			return true
		}
	}
	return false
}

// aimBefore returns the noun for an aim whose infinitive a verb group is; none
// without.
func (s *Stage) aimBefore(grp *model.VerbGroup) int32 {
	t := grp.First - 1
	if t >= 0 && s.class(t)&text.To != 0 {
		t--
	}
	if grp.Form != model.VerbInfinitive || t < 0 || !s.marked(t, aims) {
		return none
	}
	return t
}

// planner returns whose effort, plan or decision an infinitive says: "the
// Republican push to repeal", "Israel's decision to withdraw".
func (s *Stage) planner(grp *model.VerbGroup) phrase {
	t := grp.First - 1
	if t >= 0 && s.class(t)&text.To != 0 {
		t--
	}
	lo := s.sentenceFirst(grp.First)
	if t < lo || !s.nominal(t) {
		return phrase{Mention: none}
	}
	if m := s.actorAt(t); m >= 0 && t > lo { // "an effort by Republicans to"
		p := s.phraseEnding(t, lo)
		for k := 0; k < 3 && p.First-1 > lo && s.coordinates(p.First-1) && s.nominal(p.First-2); k++ {
			p = s.phraseEnding(p.First-2, lo) // "by Roe and the Smiths to"
		}
		if u := p.First - 1; u > lo && s.l.Tokens[u].ID == s.words.by && s.marked(u-1, aims) {
			return phrase{s.r.Mentions[m].First, s.r.Mentions[m].Last, m, viaParent}
		}
		return phrase{Mention: none}
	}
	if !s.marked(t, aims) {
		return phrase{Mention: none}
	}
	if m := s.possessor(t, lo); m.Mention >= 0 {
		m.Via = viaParent
		return m
	}
	if m := s.modifierBefore(t, lo); m >= 0 {
		return phrase{s.r.Mentions[m].First, s.r.Mentions[m].Last, m, viaParent}
	}
	// "Russia's build-up and blatant efforts to", else the object of a verb whose
	// subject has the aim: "made a decision to".
	first := t
	for u := t; u >= lo && u > t-9 && (s.nominal(u) || s.coordinates(u)); u-- {
		if m := s.actorAt(u); m >= 0 && s.l.Tokens[s.r.Mentions[m].Last].Kind == model.Clitic {
			return phrase{s.r.Mentions[m].First, s.r.Mentions[m].Last, m, viaParent}
		}
		first = u
	}
	if s.marked(t, orders) || first == lo || s.groupAt[first-1] < 0 {
		return phrase{First: t, Last: t + 1, Mention: none, Via: viaControlled} // somebody else is to do it
	}
	if g := s.groupAt[first-1]; !s.l.Tokens[t].Has(model.Capital) && !s.l.Groups[g].Passive && s.marked(s.l.Groups[g].Head, undo) && !s.marked(s.l.Groups[g].Head, furthers) {
		return phrase{First: t, Last: t + 1, Mention: none, Via: viaControlled} // "undermined efforts to"
	}
	return phrase{Mention: none}
}

// object returns the direct object of a verb group: the noun phrase right
// after it, up to token hi.
func (s *Stage) object(g, hi int32) phrase {
	grp := &s.l.Groups[g]
	return s.objectAfter(grp.Last, min(hi, s.bound(grp.Last)))
}

// objectAfter returns the noun phrase that starts at token t, over adverbs
// and an opening scare quote.
func (s *Stage) objectAfter(t, hi int32) phrase {
	for t < hi && s.adverbial(t) && s.groupAt[t] < 0 && !s.marked(t, locates) {
		t++
	}
	if t = s.pastMeasure(s.pastDay(t, hi), hi); t >= hi || !s.nominal(t) {
		return phrase{Mention: none}
	}
	p := s.phraseStarting(t, hi)
	if !p.found() || p.Mention >= 0 && p.Via == viaHead {
		return p
	}
	// "the policies of Israel", "the government of Israel"
	if p.Last < hi && s.l.Tokens[p.Last].ID == s.words.of && !s.marked(p.Last-1, suffered) && !s.turnsOn(p.Last-1) {
		if q := s.phraseStarting(p.Last+1, hi); q.found() && q.Mention >= 0 && p.Mention < 0 {
			p = s.ofWhom(p, q)
		}
	}
	return p
}

// turnsOn reports whether a noun at token t is directed against whoever hangs from
// it by "of": "resisted any reproach of Iran".
func (s *Stage) turnsOn(t int32) bool {
	for i := range s.trying {
		if cm := &s.trying[i]; cm.class == rules.CueNoun && cm.headAt() == t && s.p.Cues[cm.cue].Emits[0].Polarity < 0 && slices.Contains(s.traits[cm.cue].directed, s.words.of) {
			return true
		}
	}
	return false
}

// pastDay returns the token behind a day or text at token t that stands before an
// object: "condemned Thursday the decision", "condemned on Thursday the decision",
// "condemned in a statement the raid".
func (s *Stage) pastDay(t, hi int32) int32 {
	day := t
	if day < hi && s.canAt[day]&preposition != 0 {
		day++
		if s.l.Tokens[t].ID == s.words.in {
			u := day
			for u < hi && u < day+5 && s.nominal(u) && (u == day || s.canAt[u]&(determiner|named) == 0) {
				u++
			}
			if u > day && u < hi && s.marked(u-1, texts) && s.canAt[u]&(determiner|named) != 0 {
				return u
			}
		}
	}
	if day+1 >= hi || s.class(day)&text.Weekday == 0 || s.mentionAt[day] >= 0 || s.canAt[day+1]&(determiner|named) == 0 {
		return t
	}
	return day + 1
}

// ofWhom joins a noun phrase to the actor that hangs from it: one of those whom
// it counts, else one who has or is part of what it names.
func (s *Stage) ofWhom(p, q phrase) phrase {
	if !s.counts(p) {
		q.Via = max(viaPossessor, q.Via)
	}
	p.Last, p.Mention, p.Via = q.Last, q.Mention, q.Via
	return p
}

// pastMeasure returns the token behind words at token t that say how exact a
// number is: "at least 20", "more than a dozen", "as many as 500".
func (s *Stage) pastMeasure(t, hi int32) int32 {
	if t+1 >= hi || !s.marked(t, measuring) || s.mentionAt[t] >= 0 {
		return t
	}
	u, next := t+1, s.l.Tokens[t+1].ID
	switch {
	case next == s.words.least || next == s.words.most || next == s.words.than || next == s.words.to:
		u++
	case s.l.Tokens[t].ID == s.words.as:
		u += 2
	case s.canAt[t]&(preposition|adverb) == preposition && !s.marked(t, rough): // "at the first"
		return t
	}
	if u < hi && (s.numeral(u) || u+1 < hi && u > t+1 && s.canAt[u]&determiner != 0 && s.numeral(u+1)) {
		return u
	}
	return t
}

// bound returns the end of the stretch after token t within which a cue looks
// for its complements: the end of the clause, or of its remainder.
func (s *Stage) bound(t int32) int32 {
	n := int32(len(s.l.Tokens))
	if t >= n {
		return n
	}
	at := max(t-1, 0)
	ci := s.clauseAt[at]
	if ci < 0 {
		return s.l.Sentences[s.sentenceOf(at)].Last
	}
	return s.l.Clauses[ci].Last
}

// conjuncts appends the actors that are coordinated with the phrase: "Israel,
// Egypt and the US", "Macron, the French president, and Merz". dir is -1 to look
// left of it (subjects), 1 right.
func (s *Stage) conjuncts(p phrase, dir int32, lo, hi int32, out []int32) []int32 {
	if p.Mention < 0 {
		return out
	}
	out = s.allAt(p.Mention, out)
	if p.Via != viaHead && p.Via != viaParent && (dir < 0 || p.Last >= hi || !s.coordinates(p.Last)) {
		return out // but "misled Polish voters and Ukraine"
	}
	if s.placed && s.r.Mentions[p.Mention].AliasKind == model.AliasPlace {
		s.placesToo = true // "from Berlin, Paris and Rome"
		defer func() { s.placesToo = false }()
	}
	cur := p
	for range 8 {
		var next phrase
		if dir < 0 {
			t := cur.First - 1
			for t >= lo && (s.isComma(t) || s.coordinates(t) || t > lo && s.adverbial(t) && s.canAt[t-1]&(joiner|contraster) != 0 || t > lo && s.canAt[t]&contraster != 0 && t+1 < cur.First) {
				t--
			}
			if t == cur.First-1 || t < lo || !s.nominal(t) {
				break
			}
			next = s.phraseEnding(t, lo)
			if prev := next.First - 1; next.Mention >= 0 && prev >= lo && s.canAt[prev]&preposition != 0 && s.mentionAt[prev] < 0 && s.class(next.First)&text.Relative == 0 && s.l.Clauses[max(s.clauseAt[prev], 0)].Marker != prev {
				break // the last: "for which Chad and Niger"
			}
		} else {
			t := s.pastJoiner(cur, hi)
			if t == cur.Last || t >= hi || !s.nominal(t) {
				break
			}
			next = s.phraseStarting(t, hi)
			if between := p.First > lo && s.l.Tokens[p.First-1].ID == s.words.between; !between && next.Last < hi && s.groupAt[next.Last] >= 0 && s.l.Groups[s.groupAt[next.Last]].Form == model.VerbFinite || s.apposedSubject(next, hi) {
				break // the subject of the next clause
			}
		}
		if !next.found() || next.Mention < 0 || next.Via != viaHead {
			break
		}
		// Without a real "and", a comma alone joins an apposition.
		switch comma := s.isComma(min(cur.Last, next.Last)); {
		case len(out) > 1 && s.twins(out[0], out[1]) && slices.ContainsFunc(out, func(m int32) bool { return s.sameActor(m, next.Mention) }):
		case comma && s.sameActor(cur.Mention, next.Mention) && s.onePerson(cur.Mention, next.Mention):
		case comma && len(out) == 1 && !s.joined(min(cur.First, next.First), max(cur.Last, next.Last)):
			return out
		default:
			out = s.allAt(next.Mention, out)
		}
		cur = next
	}
	return out
}

// allAt appends a mention and those at the same place, which with it are what a
// plural means: "they", "both governments".
func (s *Stage) allAt(m int32, out []int32) []int32 {
	if !s.r.Mentions[m].Plural {
		return append(out, m)
	}
	first := m
	for first > 0 && s.twins(first-1, m) {
		first--
	}
	for n := len(out); int(first) < len(s.r.Mentions) && s.twins(first, m); first++ {
		if !slices.ContainsFunc(out[:n], func(o int32) bool { return s.sameActor(o, first) && s.onePerson(o, first) }) {
			out = append(out, first)
		}
	}
	return out
}

// twins reports whether two mentions are of parties that one plural means.
func (s *Stage) twins(a, b int32) bool {
	x, y := &s.r.Mentions[a], &s.r.Mentions[b]
	return x.Span == y.Span && x.Kind == y.Kind
}

// belongings appends the actor whose thing is joined to what a phrase or the
// last of its conjuncts names: "Iranian banks and Russian ships", "Israel and an
// American freighter".
func (s *Stage) belongings(p phrase, out []int32, hi int32) []int32 {
	if p.Mention < 0 || len(out) == 0 {
		return out
	}
	if m := out[len(out)-1]; m != p.Mention {
		p = phrase{s.r.Mentions[m].First, s.r.Mentions[m].Last, m, viaHead}
	}
	t := p.Last
	if t+1 >= hi || !s.coordinates(t) {
		return out
	}
	if t++; s.repeats(t, p) {
		t++
	}
	q := s.phraseStarting(t, hi)
	if q.Mention >= 0 && (q.Via == viaModifier || q.Via == viaPossessor) && !(q.Last < hi && s.groupAt[q.Last] >= 0) {
		out = append(out, q.Mention)
	}
	return out
}

// apposedSubject reports whether a phrase is the subject of a verb behind an
// apposition: "Norway, and its envoy, Roe, left".
func (s *Stage) apposedSubject(p phrase, hi int32) bool {
	if p.Last+1 >= hi || !s.isComma(p.Last) {
		return false
	}
	q := s.phraseStarting(p.Last+1, hi)
	if !q.found() || q.Last+1 >= hi || !s.isComma(q.Last) {
		return false
	}
	t := q.Last + 1
	for t+1 < hi && s.adverbial(t) {
		t++
	}
	g := s.groupAt[t]
	return g >= 0 && (s.l.Groups[g].Form == model.VerbFinite || s.class(t)&text.VerbPast != 0 && s.l.Tokens[min(t+1, hi)].ID != s.words.by)
}

// onePerson reports whether two mentions of a party may be of one person.
func (s *Stage) onePerson(a, b int32) bool {
	x, y := s.r.Mentions[a].Person, s.r.Mentions[b].Person
	return x == "" || y == "" || x == y
}

// pastJoiner returns the token after what joins a phrase to one behind it: commas,
// "and", "as well as", "but also", with a preposition that stands before both.
func (s *Stage) pastJoiner(p phrase, hi int32) int32 {
	t := p.Last
	joined := false
	for t < hi {
		switch id := s.l.Tokens[t].ID; {
		case s.isComma(t):
		case s.coordinates(t), id == s.words.also && s.canAt[t-1]&contraster != 0:
			joined = true
		case s.canAt[t]&contraster != 0 && t+1 < hi && s.l.Tokens[t+1].ID == s.words.also:
		case id == s.words.as && t+2 < hi && s.l.Tokens[t+1].ID == s.words.well && s.l.Tokens[t+2].ID == s.words.as:
			t, joined = t+2, true
		case s.class(t)&text.Negator != 0:
			return p.Last // "and not Egypt"
		case joined && s.adverbial(t):
		case joined && s.repeats(t, p):
			return t + 1
		default:
			return t
		}
		t++
	}
	return t
}

// repeats reports whether the preposition before a phrase stands at token t again.
func (s *Stage) repeats(t int32, p phrase) bool {
	return p.First > 0 && s.canAt[t]&(preposition|named) == preposition && s.l.Tokens[t].ID == s.l.Tokens[p.First-1].ID
}

func (s *Stage) coordinates(t int32) bool { return s.canAt[t]&joiner != 0 }

// joined reports whether "and" or "or" stands within or just after the
// stretch, so that its commas list actors.
func (s *Stage) joined(first, last int32) bool {
	for t := first; t < last+6 && t < int32(len(s.l.Tokens)); t++ {
		if s.coordinates(t) {
			return true
		}
		if t >= last && !s.isComma(t) && !s.nominal(t) {
			return false
		}
	}
	return false
}
