package stance

import (
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// making is what a word has to do with products: the kinds that it names as a
// noun, and those that its subject makes as a verb.
type making struct {
	noun, verb uint16
	lead       lead
}

// lead is how a word before a product's noun leads to whose it is.
type lead uint8

const (
	definite   lead = 1 << iota // the, this: told of before, or owned
	indefinite                  // a: told of right before, in apposition
	personal                    // his, her
	impersonal                  // its
	plural                      // their
	elsewhere                   // any, our, own: nobody whom the text has named, or the speaker
)

// product is a noun phrase for what a party did, said or made.
type product struct {
	phrase  phrase
	head    int32 // token of its noun; none
	kinds   uint16
	leads   lead
	victim  int32  // actor that it was done to; none
	after   int32  // token after what hangs from the noun
	way     string // how its maker was found
	stake   int32  // issue that it is for or against; none
	turned  bool   // it is against that
	topical bool   // what the article is about is searched for its maker
}

// How far back the maker of a product is looked for.
const (
	productSentences = 3
	productParagraph = 8 // sentences, within the paragraph
	productReach     = 12
	stakeSentences   = 2 // back to what a product is for or against
	openingSentences = 2 // of the body, which tell what it is about
)

// enterProducts notes which words name and make products.
func (s *Stage) enterProducts() {
	s.actMakes = map[string]uint16{}
	for k, p := range s.p.Products {
		for _, id := range p.Nouns {
			s.sorts[id].noun |= 1 << k
		}
		for _, id := range p.Verbs {
			s.sorts[id].verb |= 1 << k
		}
		for _, act := range p.Acts {
			s.actMakes[act] |= 1 << k
		}
		if p.Suffered {
			s.suffered |= 1 << k
		}
		if p.Enacted {
			s.enacted |= 1 << k
		}
	}
	for _, x := range []struct {
		is    lead
		words []string
	}{
		{definite, []string{"the", "this", "that", "these", "those", "such", "both"}},
		{indefinite, []string{"a", "an"}},
		{personal, []string{"his", "her"}},
		{impersonal, []string{"its"}},
		{plural, []string{"their"}},
		{elsewhere, []string{"my", "our", "your", "own", "any", "no", "every", "each", "some", "another", "other", "similar", "previous", "earlier",
			"past", "whose", "what", "future"}},
	} {
		for _, w := range x.words {
			s.sorts[s.v.Lookup(w)].lead = x.is
		}
	}
	s.sorts[0].making = making{} // the unknown word
	for i := range s.p.Cues {
		for _, e := range s.p.Cues[i].Emits {
			switch kinds := s.actMakes[e.Act]; e.Root() {
			case "10", "11", "13":
				s.verbal |= kinds
			case "18":
				s.deadly |= kinds
			}
		}
	}
	s.female = map[string]bool{}
	for i := range s.p.Persons {
		s.female[s.p.Persons[i].ID] = s.p.Persons[i].Female
	}
}

// judging reports whether a rule says what its holder thinks of its target, so
// that what the target did stands for it.
func judging(c *rules.Cue) bool {
	return slices.ContainsFunc(c.Emits, func(e rules.Emit) bool {
		return e.To == rules.ToTarget && judges(&e) && e.Polarity != 0 && e.CAMEO != "055"
	})
}

// productNear reports whether a product is named near a cue, the tokens
// [first, last) of a sentence: behind it, or before it in a clause that may be
// about it.
func (s *Stage) productNear(first, last int32, sent *model.Sentence) bool {
	for t := max(sent.First, first-productReach); t < min(sent.Last, last+productReach); t++ {
		if s.word(t).noun != 0 {
			return true
		}
	}
	return false
}

// headed returns the token of the product's noun that heads a phrase, over what
// says when or how it was: none without.
func (s *Stage) headed(p phrase) int32 {
	if !p.found() {
		return none
	}
	t := s.headOf(p)
	for t > p.First && s.word(t).noun == 0 && (s.plainAdjective(t) || s.adverbial(t) || s.marked(t, timeNouns|pointing) ||
		s.groupAt[t] >= 0 && s.l.Groups[s.groupAt[t]].Form != model.VerbFinite || // "termed the decision alarming"
		s.class(t)&(text.Weekday|text.Month) != 0 || s.l.Tokens[t].Kind == model.Number) {
		t--
	}
	tok := &s.l.Tokens[t]
	if s.word(t).noun == 0 || s.canAt[t]&(named|issued) == named || s.groupAt[t] >= 0 && !s.gerundNoun(t) || tok.Has(model.Capital) && !s.headline(t) {
		return none
	}
	return t
}

// product returns the product that fills the target of a cue, which no party's
// name does: in the slot, or before the relative clause of the cue.
func (s *Stage) product(at *place, frame *rules.Frame, target *filled) product {
	d := product{phrase: target.phrase, head: none, victim: none, stake: none}
	if target.ok {
		if target.kind == rules.SlotClause || target.kind == rules.SlotAny {
			return d
		}
		if d.head = s.headed(d.phrase); d.head < 0 && target.gap {
			if t := d.phrase.First - 2; t > 0 && s.canAt[t+1]&preposition != 0 && s.nominal(t) { // "a vote in the region, which"
				if p := s.phraseEnding(t, s.sentenceFirst(t)); p.found() && s.headed(p) >= 0 {
					d.phrase, d.head = p, s.headed(p)
				}
			}
		}
	}
	if d.head < 0 && (!target.ok || at.cue.Scope.Complement != 0) && at.group >= 0 && !at.passive && len(frame.Target) > 0 && frame.Target[0].Kind == rules.SlotObject && s.l.Groups[at.group].Form == model.VerbFinite {
		if p := s.gapBefore(at); p.found() {
			d.phrase, d.head = p, s.headed(p) // "a claim that the ministry called false"
		}
	}
	if d.head >= 0 {
		d.kinds = s.word(d.head).noun
	}
	return d
}

// gapBefore returns the noun phrase that is the object of a cue in a relative
// clause: "an offer that Iran welcomed", "a claim the ministry denied".
func (s *Stage) gapBefore(at *place) phrase {
	p := s.subject(at.group)
	if !p.found() || p.Mention < 0 {
		return phrase{Mention: none}
	}
	lo := s.sentenceFirst(at.cm.tok)
	if c := &s.l.Clauses[s.origin(max(s.clauseAt[at.cm.tok], 0))]; c.Marker > lo && c.Marker < p.First && s.l.Tokens[c.Marker].ID != s.words.who &&
		(c.Kind == model.ClauseRelative || c.Kind == model.ClauseThat && s.word(c.Marker-1).noun != 0) {
		return s.antecedent(c)
	}
	t := s.r.Mentions[p.Mention].First - 1
	for t > lo && t >= p.First && (s.canAt[t]&determiner != 0 || s.plainAdjective(t)) {
		t--
	}
	if t > lo && s.canAt[t]&determiner != 0 {
		t--
	}
	if t > lo && s.gerundNoun(t) {
		return phrase{First: t - 1, Last: t + 1, Mention: none}
	}
	if t <= lo || s.word(t).noun == 0 || s.groupAt[t] >= 0 || s.canAt[t]&named != 0 {
		return phrase{Mention: none}
	}
	return s.phraseEnding(t, lo)
}

// gerundNoun reports whether a product's noun at token t reads as a gerund and is
// none: "a finding".
func (s *Stage) gerundNoun(t int32) bool {
	g := s.groupAt[t]
	return g >= 0 && t > 0 && s.l.Groups[g].Form == model.VerbGerund && s.l.Groups[g].Last-s.l.Groups[g].First == 1 &&
		s.canAt[t-1]&determiner != 0 && s.groupAt[t-1] < 0 && s.word(t).noun != 0
}

// maker appends to out who did, said or made a product: its owner, else the last
// party before that did such a thing. It is none of the holders.
func (s *Stage) maker(d *product, at *place, holders []int32, against bool, out []int32) []int32 {
	if !s.owned(d) {
		return out
	}
	if m, told := s.agentOf(d, at); told {
		d.way = "agent"
		return s.takes(d, m, holders, out)
	}
	if d.kinds&^s.suffered == 0 && d.leads&personal != 0 {
		d.leads = definite // "condemned his arrest"
	}
	switch {
	case d.leads&elsewhere != 0:
		return out
	case d.leads&indefinite != 0 || d.leads == 0 && s.parted(d.phrase.First-1, at.sentence):
		d.way = "apposition"
		return s.unlessEnacted(d, at, s.toldBefore(d, at, holders, out), out)
	case d.leads&personal != 0:
		d.way = "pronoun"
		return s.lastPerson(d, at, holders, against, out)
	case d.leads == 0 && !(against && s.verbal&d.kinds != 0), !against && (s.deadly&d.kinds != 0 || d.leads&(impersonal|plural) != 0):
		return out
	}
	d.way = "antecedent"
	return s.unlessEnacted(d, at, s.lastMade(d, at, holders, against, out), out)
}

// unlessEnacted returns the makers of a product that were found, unless it is a law or
// vote and the cue does not judge it: out.
func (s *Stage) unlessEnacted(d *product, at *place, found, out []int32) []int32 {
	if d.kinds&s.enacted != 0 && !(len(at.cue.Frame.Holder) > 0 && passesJudgement(at.cue)) {
		return out
	}
	return found
}

// passesJudgement reports whether a cue says what its holder thinks of somebody,
// not only how it votes: CAMEO 11, and what of 05 is praise.
func passesJudgement(c *rules.Cue) bool {
	return slices.ContainsFunc(c.Emits, func(e rules.Emit) bool {
		return e.To == rules.ToTarget && (e.Root() == "11" || e.Act == "praise" || e.Act == "welcome")
	})
}

// owned reads the words before the noun of a product. It reports false where
// they name somebody whom no pack knows.
func (s *Stage) owned(d *product) bool {
	for t := d.phrase.First; t < d.head; t++ {
		tok := &s.l.Tokens[t]
		lead := s.word(t).lead
		d.leads |= lead
		if tok.Kind == model.Clitic {
			return false
		}
		if lead != 0 || s.canAt[t]&(named|issued) != 0 {
			continue
		}
		if tok.Has(model.Capital) && !s.headline(t) || s.class(t)&text.PersonNoun != 0 || s.marked(t, heads|people) && s.word(t).noun == 0 {
			return false
		}
	}
	return true
}

// agentOf reads what hangs from the noun of a product. told says that it tells
// who made it; m is none where no pack knows them.
func (s *Stage) agentOf(d *product, at *place) (m int32, told bool) {
	hi := s.l.Sentences[at.sentence].Last
	if d.head < at.cm.tok {
		hi = at.cm.tok
	}
	t := d.head + 1
	for ; t < hi && t < d.head+2*productReach; d.after = t {
		id := s.l.Tokens[t].ID
		if g := s.groupAt[t]; g >= 0 && s.mentionAt[t] < 0 {
			if g == at.group {
				return none, false
			}
			grp := &s.l.Groups[g]
			if grp.Form == model.VerbParticiple || grp.Passive {
				if t > d.head+1 && s.marked(t-1, texts) {
					return none, false // "the attack in a statement drafted by"
				}
				if p := s.afterPreposition(grp.Last, min(hi, s.bound(grp.Last)), s.byWord()); p.found() {
					return p.Mention, true
				}
			}
			return none, false
		}
		if s.canAt[t]&preposition != 0 && s.mentionAt[t] < 0 && id != s.words.as {
			p := s.phraseStarting(t+1, hi)
			if !p.found() {
				return none, false
			}
			switch {
			case id == s.words.by || id == s.words.from:
				return p.Mention, true
			case id == s.words.on || id == s.words.against || id == s.words.of && s.deadly&d.kinds != 0:
				if d.victim < 0 {
					d.victim = p.Mention
				}
			case id == s.words.of && p.Mention < 0 && (s.class(s.headOf(p))&text.PersonNoun != 0 || s.marked(s.headOf(p), heads|people)):
				return none, true
			}
			if t = p.Last; s.marked(s.headOf(p), texts) {
				return none, false // "condemned the attack in a statement drafted by"
			}
			continue
		}
		// "the measures the Union imposed", "a law that the Senate passed"
		u := t
		if c := s.class(u); c&text.That != 0 || id == s.words.which {
			u++
		}
		if int(u) < len(s.l.Tokens) && u < hi && s.nominal(u) && s.groupAt[u] < 0 {
			if p := s.phraseStarting(u, hi); p.found() && p.Last < hi && s.groupAt[p.Last] >= 0 && s.groupAt[p.Last] != at.group && s.l.Groups[s.groupAt[p.Last]].Form == model.VerbFinite {
				if g := s.groupAt[p.Last]; s.word(s.l.Groups[g].Head).verb&d.kinds != 0 || u == t {
					return p.Mention, true
				}
			}
		}
		return none, false
	}
	return none, false
}

// byWord is the list of prepositions before an agent.
func (s *Stage) byWord() []int32 {
	s.fill.byWord[0] = s.words.by
	return s.fill.byWord[:]
}

// takes appends a maker unless it is nobody known, a holder or the victim.
func (s *Stage) takes(d *product, m int32, holders []int32, out []int32) []int32 {
	if s.tries(d, m, holders) == takesIt {
		out = append(out, s.namedBy(m))
	}
	return out
}

// namedBy returns the mention that a pronoun refers to.
func (s *Stage) namedBy(m int32) int32 {
	if mm := &s.r.Mentions[m]; mm.AliasKind == model.AliasPronoun && mm.Antecedent >= 0 {
		return mm.Antecedent
	}
	return m
}

// trial is what becomes of somebody who may have made a product.
type trial uint8

const (
	takesIt trial = iota
	isHolder
	unfit
	unnamed
)

// tries says what becomes of a mention as the maker of a product.
func (s *Stage) tries(d *product, m int32, holders []int32) trial {
	if m < 0 || s.r.Mentions[m].Party < 0 || s.r.Mentions[m].Kind == model.MentionIssue || !s.r.Mentions[m].Actor() {
		return unnamed
	}
	for _, h := range holders {
		if h >= 0 && s.sameActor(h, m) {
			return isHolder
		}
	}
	if d.victim >= 0 && s.sameActor(d.victim, m) {
		return unfit
	}
	person := s.r.Mentions[m].Person != ""
	if d.leads&personal != 0 && !person || d.leads&impersonal != 0 && person {
		return unfit
	}
	return takesIt
}

// parted reports whether a comma or dash of a sentence stands at token t.
func (s *Stage) parted(t, si int32) bool {
	return t > s.l.Sentences[si].First && (s.isComma(t) || s.l.Tokens[t].Kind == model.Dash)
}

// lastPerson appends whom "his" or "her" before a product means: the last
// person before it, if no other whom it fits stands between.
func (s *Stage) lastPerson(d *product, at *place, holders []int32, against bool, out []int32) []int32 {
	if !against && slices.ContainsFunc(holders, func(h int32) bool {
		return h >= 0 && s.r.Mentions[h].Person != "" && !s.misgendered(d, &s.r.Mentions[h])
	}) {
		return out // "defended his decision": their own
	}
	here := &s.l.Sentences[at.sentence]
	first := min(d.phrase.First, at.cm.tok)
	for si := at.sentence; si >= 0 && si >= at.sentence-productSentences; si-- {
		sent := &s.l.Sentences[si]
		if sent.Section != here.Section {
			break
		}
		for t := min(sent.Last, first) - 1; t >= sent.First; t-- {
			m := s.mentionAt[t]
			if m < 0 {
				continue
			}
			mm := &s.r.Mentions[m]
			t = mm.First
			if mm.Person == "" || s.misgendered(d, mm) {
				continue
			}
			switch s.tries(d, m, holders) {
			case takesIt:
				return append(out, s.namedBy(m))
			case isHolder:
				if !against || d.head < at.cm.tok {
					return out
				}
			case unnamed:
				return out
			}
		}
	}
	return out
}

// misgendered reports whether the word before a product cannot mean a person.
func (s *Stage) misgendered(d *product, m *model.Mention) bool {
	hint := rules.Hint(0)
	if female, known := s.female[m.Person]; known {
		hint = rules.HintMale
		if female {
			hint = rules.HintFemale
		}
	} else {
		hint = s.p.Words[s.l.Tokens[m.First].ID].Hint
	}
	for t := d.phrase.First; t < d.head; t++ {
		switch s.l.Tokens[t].ID {
		case s.words.his:
			return hint&(rules.HintFemale|rules.HintMale) == rules.HintFemale
		case s.words.her:
			return hint&(rules.HintFemale|rules.HintMale) != rules.HintFemale
		}
	}
	return false
}

// toldBefore appends who did what an apposition sums up: "sent jets, a step
// that Japan denounced", "said it was a lie, a claim that Iran rejected".
func (s *Stage) toldBefore(d *product, at *place, holders, out []int32) []int32 {
	t := d.phrase.First - 1
	lo := s.sentenceFirst(d.head)
	if t <= lo {
		return out
	}
	if g := s.groupAt[t]; g >= 0 { // "made an offer that"
		if (s.marked(s.l.Groups[g].Head, light) || s.word(s.l.Groups[g].Head).verb&d.kinds != 0) && !s.negated(&s.l.Groups[g]) && !s.l.Groups[g].Passive && g != at.group && s.verbal&d.kinds == 0 {
			return s.allOf(d, s.subject(g), holders, out)
		}
		return out
	}
	if !s.parted(t, at.sentence) {
		return out
	}
	if q := s.quoteAt[t-1]; q >= 0 && s.r.Quotes[q].Cue.Len() > 0 {
		if v := s.l.TokenAt(s.r.Quotes[q].Cue.End - 1); v >= 0 && (s.verbal&d.kinds != 0 || s.word(int32(v)).verb&d.kinds != 0) {
			return s.takes(d, s.r.Quotes[q].Mention, holders, out)
		}
	}
	last := none
	for u := t - 1; u >= lo; u-- {
		g := s.groupAt[u]
		if g < 0 || s.l.Groups[g].Head != u || s.l.Groups[g].Form == model.VerbInfinitive || s.l.Groups[g].Form == model.VerbGerund || s.l.Groups[g].Passive && s.l.Groups[g].Form != model.VerbFinite || s.mentionAt[u] >= 0 {
			continue
		}
		if s.word(u).verb&d.kinds != 0 {
			last = g
			break
		}
		if last < 0 && s.l.Clauses[s.origin(max(s.clauseAt[u], 0))].Kind != model.ClauseRelative {
			last = g
		}
	}
	if last < 0 {
		return out
	}
	for k := 0; s.verbal&d.kinds != 0 && k < 4; k++ { // up to whoever says it
		c := &s.l.Clauses[s.origin(max(s.clauseAt[s.l.Groups[last].First], 0))]
		up := s.governor(c, c.First)
		if c.Kind == model.ClauseMain || up < 0 {
			break
		}
		if last = up; c.Kind == model.ClauseThat {
			break
		}
	}
	p, _ := s.doer(last)
	return s.allOf(d, p, holders, out)
}

// allOf appends the actors of a subject that made a product together.
func (s *Stage) allOf(d *product, p phrase, holders, out []int32) []int32 {
	if p.Mention < 0 || (p.Via == viaPossessor || p.Via == viaModifier) && !s.acts(p) {
		return out
	}
	sent := &s.l.Sentences[s.sentenceOf(p.First)]
	n := len(out)
	out = s.conjuncts(p, -1, sent.First, sent.Last, out)
	kept := out[:n]
	for _, m := range out[n:] {
		kept = s.takes(d, m, holders, kept)
	}
	return kept
}

// doer returns who does what a verb group says; sure is false where that is
// left open: "was attacked".
func (s *Stage) doer(g int32) (p phrase, sure bool) {
	grp := &s.l.Groups[g]
	if grp.Passive {
		p = s.afterPreposition(grp.Last, s.bound(grp.Last), s.byWord())
		return p, p.found()
	}
	p = s.subject(g)
	return p, p.found() && p.Via != viaControlled
}

// lastMade appends the last party before a product that made one of its kind, in
// its paragraph or near it, else at the beginning of the article, which tells of
// what it is about. Somebody whom no pack knows may have made it, then nobody is
// appended.
func (s *Stage) lastMade(d *product, at *place, holders []int32, against bool, out []int32) []int32 {
	here := &s.l.Sentences[at.sentence]
	row := len(s.r.Stances) - 1
	si := at.sentence
	for ; si >= 0 && si > at.sentence-productParagraph; si-- {
		sent := &s.l.Sentences[si]
		if sent.Section != here.Section || at.sentence-si > productSentences && sent.Paragraph != here.Paragraph {
			break
		}
		if d.kinds&s.enacted != 0 && at.sentence-si > stakeSentences {
			return out // many laws are spoken of
		}
		if found, done := s.madeIn(d, at, si, &row, holders, against, out); done {
			return found
		}
	}
	if here.Section != model.SectionBody || s.verbal&d.kinds != 0 || d.leads != definite {
		return out
	}
	body := si
	for body >= 0 && s.l.Sentences[body].Section == model.SectionBody {
		body--
	}
	d.topical = s.deadly&d.kinds == 0 // who struck is often unknown
	for si = min(si, body+openingSentences); si > body; si-- {
		if found, done := s.madeIn(d, at, si, &row, holders, against, out); done {
			return found
		}
	}
	for ; d.topical && si >= 0; si-- { // headline and summary tell of the same
		if found, done := s.madeIn(d, at, si, &row, holders, against, out); done {
			return found
		}
	}
	return out
}

// madeIn appends the last party in sentence si that made a product; done says
// that somebody did, known or not.
func (s *Stage) madeIn(d *product, at *place, si int32, row *int, holders []int32, against bool, out []int32) (found []int32, done bool) {
	sent := &s.l.Sentences[si]
	for t := min(sent.Last, d.phrase.First, at.cm.tok) - 1; t >= sent.First; t-- {
		tok := &s.l.Tokens[t]
		p, sure := phrase{Mention: none}, false
		if st := s.heldAt(row, si, tok.Start, d.kinds); st != nil {
			mm := &s.r.Mentions[st.Holder]
			p, sure = phrase{mm.First, mm.Last, st.Holder, viaHead}, true
			if d.leads == 0 && s.tries(d, st.Target, holders) != isHolder {
				return out, true
			}
		} else if d.leads == 0 {
			continue
		} else if w := s.word(t); w.verb&d.kinds != 0 && s.made(t, at.group) {
			p, sure = s.doer(s.groupAt[t])
		} else if w.noun&d.kinds != 0 && s.groupAt[t] < 0 && s.canAt[t]&named == 0 && (s.deadly&d.kinds != 0 || d.topical || s.alike(t, d.head)) {
			if p = s.ownerOf(t, sent.First); p.Mention < 0 && s.alike(t, d.head) {
				p = s.bearer(&place{cm: &cueMatch{tok: t, n: 1}, cue: at.cue, group: s.groupBefore(t)}) // "held drills"
			}
			sure = p.Mention >= 0
		}
		if !sure || p.Mention < 0 && p.found() && s.word(s.headOf(p)).noun != 0 && s.groupAt[t] >= 0 {
			continue // what a bill bans, its maker bans
		}
		s.stakeOf(d, at, t, si)
		if p.Mention >= 0 && (p.Via == viaPossessor || p.Via == viaModifier) && !s.acts(p) {
			p.Mention = none
		}
		switch s.tries(d, p.Mention, holders) {
		case takesIt:
			if !s.echoed(d, sent) || s.verbal&d.kinds != 0 && si < at.sentence && !s.toldOf(holders, sent, p) {
				return out, true
			}
			return s.allOf(d, p, holders, out), true
		case isHolder:
			if !against {
				return out, true
			}
		case unnamed:
			if !d.topical {
				return out, true
			}
		}
	}
	return out, false
}

// toldOf reports whether a sentence is about one of the holders too: whoever
// answers was spoken of.
func (s *Stage) toldOf(holders []int32, sent *model.Sentence, maker phrase) bool {
	for t := sent.First; t < sent.Last; t++ {
		m := s.mentionAt[t]
		if m < 0 || m == maker.Mention {
			continue
		}
		for _, h := range holders {
			if h >= 0 && s.r.Mentions[m].Party >= 0 && s.r.Mentions[m].Party == s.r.Mentions[h].Party {
				return true
			}
		}
	}
	return false
}

// heldAt returns a stance of sentence si with a cue at byte b whose holder makes
// a product of some kinds; nil without. row is the last stance that
// may be one and moves down.
func (s *Stage) heldAt(row *int, si int32, b int32, kinds uint16) *model.Stance {
	for *row >= 0 && s.r.Stances[*row].Sentence > si {
		*row--
	}
	for i := *row; i >= 0 && s.r.Stances[i].Sentence == si; i-- {
		if st := &s.r.Stances[i]; st.Cue.Start == b && st.Holder >= 0 && st.Confidence > doubtful && s.actMakes[st.Act]&kinds != 0 {
			return st
		}
	}
	return nil
}

// made reports whether the verb at token t heads a group, not that of a cue,
// that says what happened.
func (s *Stage) made(t, cue int32) bool {
	g := s.groupAt[t]
	if g < 0 || g == cue || s.l.Groups[g].Head != t || s.mentionAt[t] >= 0 {
		return false
	}
	grp := &s.l.Groups[g]
	return grp.Form != model.VerbInfinitive && (grp.Form != model.VerbParticiple || grp.Passive) && grp.Modal < 0 && !grp.Negated
}

// alike reports whether two nouns begin alike, such as singular and plural.
func (s *Stage) alike(a, b int32) bool {
	const letters = 4
	x, y := s.v.Form(s.l.Tokens[a].ID), s.v.Form(s.l.Tokens[b].ID)
	return len(x) >= letters && len(y) >= letters && x[:letters] == y[:letters]
}

// ownerOf returns whose the noun at token t is: "Israel's strike", "a Saudi
// raid", "the offer by Egypt".
func (s *Stage) ownerOf(t, lo int32) phrase {
	if p := s.possessor(t, lo); p.Mention >= 0 {
		return phrase{p.First, p.Last, p.Mention, viaHead}
	}
	if m := s.modifierBefore(t, lo); m >= 0 && s.r.Mentions[m].AliasKind == model.AliasDemonym {
		return phrase{s.r.Mentions[m].First, s.r.Mentions[m].Last, m, viaHead}
	}
	if int(t)+1 < len(s.l.Tokens) && s.l.Tokens[t+1].ID == s.words.by {
		p := s.phraseStarting(t+2, s.bound(t+2))
		return p
	}
	return phrase{Mention: none}
}

// echoed reports whether the names behind the noun of a product stand in a
// sentence too, so that both may tell of one thing.
func (s *Stage) echoed(d *product, sent *model.Sentence) bool {
names:
	for t := d.head + 1; t < d.after; t++ {
		tok := &s.l.Tokens[t]
		if !tok.Has(model.Capital) || tok.Kind != model.Word || s.class(t)&(text.Weekday|text.Month) != 0 {
			continue
		}
		m := s.mentionAt[t]
		for u := sent.First; u < sent.Last; u++ {
			if s.l.Tokens[u].ID == tok.ID && tok.ID != 0 || m >= 0 && s.mentionAt[u] >= 0 && s.sameActor(m, s.mentionAt[u]) {
				continue names
			}
		}
		return false
	}
	return true
}

// against reports whether a cue, negated or not, is against its target.
func (s *Stage) against(c *rules.Cue, negated float32) bool {
	for i := range c.Emits {
		if e := &c.Emits[i]; e.To == rules.ToTarget {
			return (e.Polarity < 0) == (negated > 0)
		}
	}
	return false
}

// stakeOf notes which issue the making of a product, by the word at token t of
// sentence si, is for or against: "proposed to raise the tariffs".
func (s *Stage) stakeOf(d *product, at *place, t, si int32) {
	if (s.deadly|s.verbal)&d.kinds != 0 || s.groupAt[t] < 0 || at.sentence-si > stakeSentences {
		return
	}
	for i := len(s.r.Stances) - 1; i >= 0 && s.r.Stances[i].Sentence >= si; i-- {
		if st := &s.r.Stances[i]; st.Cue.Start == s.l.Tokens[t].Start && s.r.Mentions[st.Target].Kind == model.MentionIssue && st.Polarity != 0 {
			d.stake, d.turned = st.Target, st.Polarity < 0
			return
		}
	}
	grp := &s.l.Groups[s.groupAt[t]]
	if grp.Passive {
		return
	}
	if d.stake = s.issueNear(region{grp.Last, s.bound(grp.Last)}); d.stake >= 0 {
		d.turned = s.reversal(&place{cue: at.cue, end: grp.Last}, s.r.Mentions[d.stake].First) != (s.operator(t, rules.OpReverser) != nil)
	}
}
