package stance

import (
	"fmt"
	"slices"
	"strings"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
	"stance/internal/trace"
)

// Weights of the factors that no pack sets.
const (
	negationFlip    = -0.7 // a denied attitude is weaker than its opposite
	negationWeaken  = 0.5
	distancing      = 0.8
	headlineSection = 0.9 // compressed syntax, or a repetition
	hypothetical    = 0.4
	required        = 0.5
	nounReach       = 9   // tokens behind a noun cue within which its prepositions stand
	senseReach      = 10  // tokens behind a cue within which words tell its sense
	issueReach      = 12  // tokens behind the target within which its issue stands
	accusation      = 0.6 // of a reported act: "Israel said Hamas attacked"
)

// region is a stretch of tokens that a slot looked at.
type region struct{ First, Last int32 }

// filled is what a slot yields.
type filled struct {
	phrase phrase
	kind   rules.SlotKind
	region region
	ok     bool // a filler was found, known or not
	gap    bool // it is what a relative clause is about
}

type filler struct {
	holders, targets []int32
	derived          rules.Frame
	byWord           [1]int32
	swapped          []rules.Slot
}

// claim is a place of a cue that a rule has taken.
type claim struct {
	first, last int32
	rule        int32
	from, to    int32 // stances that it gave
}

// slotNames name the sieves: where the holder was found, then the target.
var slotNames = [...]string{"subject", "object", "prep", "clause", "possessive", "modifier", "any"}

// trait is what a rule is asked for with most of its cues.
type trait struct {
	directed   []int32 // prepositions that its target stands behind
	sections   uint8   // see rules.Scope
	force      bool    // it is about the use of force
	unless     uint64  // bits of the words that may not stand behind it, see Stage.senses; 0 without
	needs      uint64  // … of those one of which must
	ahead      bool    // what it is about stands behind it, unless it is passive
	overtaken  bool    // a word that it needs may stand before it, see Stage.anyOver
	subjective bool    // subjects tell the issue
	personal   bool    // what it is directed at is somebody, hardly ever something
	judging    bool    // it says what its holder thinks, so that what the target did stands for it
	harmful    bool    // who tells of it holds it against its doer, as a rule
	asks       bool    // it asks its target to do something
	severs     bool    // it cuts what ties holder and target: sanctions, relations
}

// personalActs are directed at somebody; others at what somebody does too.
var personalActs = []string{"accuse", "blame", "criticize", "mock", "insult", "thank", "urge", "demand", "request", "threaten", "warn", "assault", "kill", "fight", "console", "arrest"}

// harmfulActs do harm to their target.
var harmfulActs = []string{"betray", "obstruct", "insult", "coerce", "arrest", "threaten"}

// askingActs ask their target to do something.
var askingActs = []string{"demand", "urge", "request"}

func newTraits(cues []rules.Cue) []trait {
	traits := make([]trait, len(cues))
	for i := range cues {
		c := &cues[i]
		t := trait{
			directed: prepositions(&c.Frame), sections: c.Scope.Sections, force: force(c), unless: senseBit(c.Unless), needs: senseBit(c.Needs),
			ahead:      !slices.ContainsFunc(c.Frame.Target, aside) && !slices.ContainsFunc(c.Frame.Issue, aside),
			overtaken:  overtaken(c),
			subjective: slices.ContainsFunc(c.Frame.Issue, subjective) || c.Passive != nil && slices.ContainsFunc(c.Passive.Issue, subjective),
			judging:    judging(c),
		}
		if t.harmful = t.force; len(c.Emits) > 0 {
			e := &c.Emits[0]
			t.personal, t.asks = slices.Contains(personalActs, e.Act), slices.Contains(askingActs, e.Act)
			t.harmful = t.force || slices.Contains(harmfulActs, e.Act)
			t.severs = e.Root() == "16"
		}
		traits[i] = t
	}
	return traits
}

// senseBit returns the bit of a list of words that tell the sense of a cue. Some
// lists share one: a word without it is not in the list.
func senseBit(words []int32) uint64 {
	if len(words) == 0 {
		return 0
	}
	h := uint64(len(words))
	for _, id := range words {
		h = (h ^ uint64(id)) * 0x9e3779b97f4a7c15
	}
	return 1 << ((h >> 58) % 63) // the last one says that a sentence was looked at
}

// enterSenses notes which words tell the sense of a cue.
func (s *Stage) enterSenses() {
	s.senses = make([]uint64, len(s.word))
	for i := range s.traits {
		for _, id := range s.p.Cues[i].Unless {
			s.senses[id] |= s.traits[i].unless
		}
		for _, id := range s.p.Cues[i].Needs {
			s.senses[id] |= s.traits[i].needs
		}
	}
}

// aside reports whether what fills a slot may stand before the cue.
func aside(sl rules.Slot) bool {
	return sl.Kind != rules.SlotObject && sl.Kind != rules.SlotPrep && sl.Kind != rules.SlotClause
}

// subjective reports whether a slot asks for subjects.
func subjective(sl rules.Slot) bool {
	return sl.Kind == rules.SlotSubject || sl.Kind == rules.SlotClause
}

// stances tries the cues of each sentence, longest and most specific first at
// each place.
func (s *Stage) stances() {
	s.claims = s.claims[:0]
	mi, mentions := 0, s.r.Mentions
	for rest, si := s.cues, int32(0); len(rest) > 0; si++ {
		end := s.l.Sentences[si].Last
		s.mentionedTo, s.atIssue, s.placed, s.tentative, s.sensed = 0, false, false, false, 0
		for ; mi < len(mentions) && mentions[mi].First < end; mi++ {
			m := &mentions[mi]
			s.mentionedTo = max(s.mentionedTo, m.Last)
			s.atIssue = s.atIssue || m.Kind == model.MentionIssue
			s.placed = s.placed || m.AliasKind == model.AliasPlace
			s.tentative = s.placed || s.tentative || m.NeedsCue
		}
		n, longest, plain := 0, int32(0), s.mentionedTo == 0 && !s.tr.On() && s.kindsIn[si]&pairs == 0
		for ; n < len(rest) && rest[n].tok < end; n++ {
			longest = max(longest, rest[n].n)
			plain = plain && !rest[n].never && !rest[n].reciprocal
		}
		s.trying, rest = rest[:n], rest[n:]
		if plain {
			for i := range s.trying {
				s.r.RuleCounts[s.trying[i].cue].Tried++ // in vain
			}
			continue
		}
		s.sentenceAt, s.claimed = si, len(s.claims)
		for ; longest > 0; longest-- {
			for i := range s.trying {
				if s.trying[i].n == longest {
					s.try(&s.trying[i], si)
				}
			}
		}
	}
	s.sortStances()
	s.unify()
}

// try tries one cue of a sentence.
func (s *Stage) try(cm *cueMatch, si int32) {
	if cm.never {
		s.hold(cm)
		return
	}
	if len(s.claims) == s.claimed && !s.tr.On() && s.void(cm, si) {
		s.r.RuleCounts[cm.cue].Tried++ // in vain, as frame would find, and nothing shadows it
		return
	}
	outcome, why := s.frame(cm, si)
	if s.tr.On() {
		s.tr.Add(trace.Event{Stage: "stance", Sentence: si, Rule: s.p.Cues[cm.cue].ID, Outcome: outcome, Reason: why, Span: s.span(cm)})
	}
}

// void reports whether a cue gives nothing for one of the reasons that most do:
// it is no main verb here, or there is no word that it needs, or nobody whom it
// could be about.
func (s *Stage) void(cm *cueMatch, si int32) bool {
	head := cm.headAt()
	g := s.groupAt[head]
	if cm.class == rules.CueVerb && (g < 0 || cm.n == 1 && s.l.Groups[g].Head != cm.tok) {
		return true
	}
	rule, sent := &s.traits[cm.cue], &s.l.Sentences[si]
	if cm.class != rules.CueVerb || s.l.Groups[g].Passive || sent.Section == model.SectionHeadline || sent.Section == model.SectionHeadlineRepeat {
		return rule.needs != 0 && s.sensesIn(sent)&rule.needs == 0 // wherever it may stand
	}
	end := max(cm.tok+cm.n, s.l.Groups[g].Last)
	if rule.needs != 0 && !s.sensedBehind(cm.tok+cm.n, sent.Last, rule.needs) {
		return !rule.overtaken || s.relativeOver(head) == nil
	}
	return s.mentionedTo <= end && rule.ahead && !rule.judging && !s.tentative && !cm.reciprocal && s.kindsIn[si]&pairs == 0 && end+2 < sent.Last && s.relativeOver(head) == nil
}

// sensesIn returns the bits of the words of the sentence at hand.
func (s *Stage) sensesIn(sent *model.Sentence) uint64 {
	if s.sensed == 0 {
		senses, all := s.senses, uint64(1<<63)
		for i := sent.First; i < sent.Last; i++ {
			all |= senses[s.l.Tokens[i].ID]
		}
		s.sensed = all
	}
	return s.sensed
}

// sensedBehind reports whether a word with some bit of senses stands within
// senseReach tokens from token t on, before hi.
func (s *Stage) sensedBehind(t, hi int32, bit uint64) bool {
	senses, tokens := s.senses, s.l.Tokens[t:max(t, min(hi, t+senseReach))]
	for i := range tokens {
		if senses[tokens[i].ID]&bit != 0 {
			return true
		}
	}
	return false
}

// frame fills the frame of a cue and emits its stances. It returns what became
// of the cue and why.
func (s *Stage) frame(cm *cueMatch, si int32) (outcome, why string) {
	cue, rule := &s.p.Cues[cm.cue], &s.traits[cm.cue]
	count := &s.r.RuleCounts[cm.cue]
	count.Tried++
	head := cm.headAt()
	sent := &s.l.Sentences[si]
	if sent.Section == model.SectionBoilerplate {
		return "rejected", "boilerplate"
	}
	if rule.sections != 0 && rule.sections&(1<<sent.Section) == 0 {
		return "rejected", "section " + sent.Section.String() + " is out of scope"
	}
	for i := range s.claims[s.claimed:] {
		c := &s.claims[s.claimed+i]
		if c.first >= cm.tok+cm.n || c.last <= cm.tok {
			continue
		}
		count.Shadowed++
		other := s.p.Cues[c.rule].ID
		if other != cue.ID {
			s.shadow(c, cue.ID)
		}
		if s.tr.On() {
			why = "the words belong to " + other
		}
		return "shadowed", why
	}
	g, why := s.viable(cm, cm.class, head)
	if why != "" {
		return "rejected", why
	}
	// A cue inside a mention or an issue's name says nothing of its own.
	if m := s.issue(head); m >= 0 && s.r.Mentions[m].Last-s.r.Mentions[m].First > cm.n && cm.class != rules.CueNoun && !(cm.class == rules.CueVerb && s.r.Mentions[m].First == cm.tok) {
		return "rejected", "inside the name of an issue"
	}
	if m := s.mentionAt[head]; m >= 0 && s.r.Mentions[m].Last-s.r.Mentions[m].First > 1 && s.r.Mentions[m].AliasKind != model.AliasRole {
		return "rejected", "inside a name"
	}
	passive := g >= 0 && s.l.Groups[g].Passive && cm.class != rules.CueNoun && s.l.Groups[g].Head == head && !s.saysBy(cm) &&
		!((s.l.Tokens[s.l.Groups[g].First].Kind == model.Clitic || s.l.Groups[g].First == s.l.Groups[g].Head) && (s.opensPhrase(cm.tok+cm.n) || s.bareNoun(cm.tok+cm.n))) // "he's criticized the plan", "rejected criticism by"
	if !passive && rule.ahead && (sent.Section == model.SectionHeadline || sent.Section == model.SectionHeadlineRepeat) {
		passive = s.unsaidPassive(cm, g)
	}
	if t := cm.tok + cm.n - 1; cm.n > 1 && s.l.Tokens[t].ID == s.words.to && s.groupAt[t] >= 0 && s.groupAt[t] != g {
		return "rejected", "its preposition opens an infinitive" // "lied to start a war"
	}
	if t := cm.tok + cm.n; g >= 0 && !passive && cm.class == rules.CueVerb && len(cue.Frame.Holder) == 0 && s.l.Groups[g].Form == model.VerbParticiple && s.l.Groups[g].Head == head &&
		!(cm.tok > 0 && s.coordinates(cm.tok-1)) && int(t) < len(s.l.Tokens) && s.l.Tokens[t].Kind == model.Punctuation {
		return "rejected", "it is done to the subject" // "had an envoy murdered", "might be beaten up, shot"
	}
	if passive && cm.reciprocal && cue.Passive == nil {
		return "rejected", "what is done to each other has no passive"
	}
	end := cm.tok + cm.n
	if g >= 0 && s.l.Groups[g].Last > end && cm.class != rules.CueNoun {
		end = s.l.Groups[g].Last
	}
	mutual := cm.reciprocal || (s.kindsIn[si]&pairs != 0 || end+2 >= sent.Last) && s.eachOther(end)
	if !mutual && (s.mentionedTo == 0 || s.mentionedTo <= end && rule.ahead && !passive && !s.tentative && s.relativeOver(head) == nil && !(rule.judging && s.productNear(cm.tok, end, sent))) {
		return "rejected", nothingFills
	}
	at := place{cm: cm, cue: cue, head: head, group: g, end: end, sentence: si, passive: passive, force: rule.force}
	if rule.unless != 0 && s.anyBehind(&at, cue.Unless, rule.unless) ||
		rule.needs != 0 && !s.anyBehind(&at, cue.Needs, rule.needs) && !(passive && s.anyInSubject(g, cue.Needs)) && !s.anyOver(&at, cue.Needs) {
		return "rejected", "the words behind it make it another sense"
	}
	frame := &cue.Frame
	if passive {
		frame = s.passive(cue)
	}
	made := product{head: none, stake: none}
	var holder filled
	if s.tentative {
		holder = s.holder(&at, frame)
	}
	target := s.fillSlots(&at, frame.Target, true)
	if m := target.phrase.Mention; m >= 0 && !at.force && s.withinIssue(m, end) {
		target.phrase.Mention = none // "protested against the war in Gaza", "support for a strike on Syria"
	}
	issue, own := none, false
	if s.atIssue || s.tentative && rule.subjective {
		if issue, own = s.fillIssue(&at, frame, &target); issue >= 0 && issue == s.issue(head) {
			issue = none
		}
	}
	if target.phrase.Mention < 0 && rule.judging {
		made = s.product(&at, frame, &target)
	}
	if target.phrase.Mention < 0 && issue < 0 && !mutual && made.head < 0 {
		return "rejected", nothingFills
	}
	if sign := cue.Scope.Complement; sign != 0 && s.judgedAs(&at, &target, &made, issue) != sign {
		return "rejected", "the words said of the target do not judge it so"
	}
	if !s.tentative {
		holder = s.holder(&at, frame)
	}
	at.spurned = s.spurned(&at)
	neg, negFactor := s.negation(&at)
	if neg {
		count.Negated++
		if negFactor == 0 {
			return "rejected", "negated"
		}
	}
	if len(frame.Holder) > 0 && !holder.ok && g >= 0 && !passive && cue.Class == rules.CueVerb && s.l.Groups[g].Form != model.VerbFinite && s.l.Groups[g].Form != model.VerbImperative {
		return "rejected", "nobody is said to do it"
	}
	if m := holder.phrase.Mention; m >= 0 && holder.kind == rules.SlotSubject && s.r.Mentions[m].AliasKind == model.AliasPronoun {
		holder.phrase = s.notItself(head, holder.phrase)
	}
	holders, voice, reporter, source := s.whoHolds(&at, frame, &holder)
	targets := s.fill.targets[:0]
	if target.phrase.Mention >= 0 {
		dir := direction(target.kind)
		if target.gap {
			dir = -1
		}
		targets = s.conjuncts(target.phrase, dir, sent.First, sent.Last, targets)
		if at.force || rule.severs {
			targets = s.belongings(target.phrase, targets, s.bound(end))
		}
	}
	if made.head >= 0 && slices.ContainsFunc(holders, func(h int32) bool { return s.party(h) >= 0 }) {
		if targets = s.maker(&made, &at, holders, s.against(cue, negFactor), targets); len(targets) > 0 {
			target.phrase, target.ok = made.phrase, true
			target.phrase.Mention, target.phrase.Via = targets[0], viaProduct
			s.way = made.way
		} else if issue < 0 && made.stake < 0 {
			s.fill.targets = targets
			return "rejected", "nobody known is seen to have done what it is about"
		}
	}
	s.fill.targets = targets
	if len(targets) == 0 && len(holders) > 1 && s.eachOther(at.end) {
		targets, target.ok = holders, true
	}
	if cue.Reciprocal && len(targets) == 0 && !target.ok && len(holders) > 1 && !s.complemented(at.end) {
		targets = holders
	}
	fired, from := false, int32(len(s.r.Stances))
	for ei := range cue.Emits {
		e := &cue.Emits[ei]
		switch e.To {
		case rules.ToTarget:
			if e.Act == "urge" && len(targets) > 1 && s.twins(targets[0], targets[1]) {
				even := *e
				even.Polarity, e = 0, &even // "urged both sides": for neither
			}
			for _, h := range holders {
				for _, t := range targets {
					if source == "speaker" && len(holders) > 1 && slices.ContainsFunc(holders, func(h int32) bool { return s.sameActor(h, t) }) {
						continue // "they said that it": of one of themselves
					}
					fired = s.emit(&at, e, h, t, issue, voice, reporter, source, &holder, &target, neg, negFactor) || fired
				}
			}
		case rules.ToIssue:
			if issue < 0 && made.stake >= 0 {
				at.spurned = made.turned
				for _, h := range holders {
					fired = s.emit(&at, e, h, made.stake, none, voice, reporter, source, &holder, &target, neg, negFactor) || fired
				}
			}
			if issue < 0 || !own {
				continue
			}
			for _, h := range holders {
				fired = s.emit(&at, e, h, issue, none, voice, reporter, source, &holder, &target, neg, negFactor) || fired
			}
		case rules.ToHolder:
			speaker, v, _ := s.speaker(&at)
			for _, h := range holders {
				if h >= 0 {
					fired = s.emit(&at, e, speaker, h, issue, v, none, "speaker", &holder, &target, neg, negFactor) || fired
				}
			}
		}
	}
	if !fired {
		return "rejected", "holder and target are the same, or the target is unknown"
	}
	count.Fired++
	s.hold(cm)
	s.claims[len(s.claims)-1].from = from
	return "fired", ""
}

// unsaidPassive reports whether a verb in a headline lacks the auxiliary of its
// passive: "Russia blamed for blast", "Iran urged to free crew".
func (s *Stage) unsaidPassive(cm *cueMatch, g int32) bool {
	if g < 0 || cm.n > 1 || s.l.Groups[g].Last-s.l.Groups[g].First > 1 || s.class(cm.tok)&(text.VerbPast|text.VerbPast2) != text.VerbPast|text.VerbPast2 || s.class(cm.tok)&text.VerbBase != 0 {
		return false
	}
	t := cm.tok + 1
	if int(t) >= len(s.l.Tokens) || s.opensPhrase(t) {
		return false
	}
	cue := &s.p.Cues[cm.cue]
	object := false
	for i := range cue.Frame.Target {
		sl := &cue.Frame.Target[i]
		if object = object || sl.Kind == rules.SlotObject; sl.Kind == rules.SlotPrep && slices.Contains(sl.Words, s.l.Tokens[t].ID) {
			return false
		}
	}
	for i := range cue.Frame.Issue {
		if sl := &cue.Frame.Issue[i]; (sl.Kind == rules.SlotPrep || sl.Kind == rules.SlotClause) && slices.Contains(sl.Words, s.l.Tokens[t].ID) {
			return object
		}
	}
	return object && s.l.Tokens[t].ID == s.words.by
}

// holder fills the holder of a cue's frame.
func (s *Stage) holder(at *place, frame *rules.Frame) filled {
	f := s.fillSlots(at, frame.Holder, false)
	if f.ok && f.kind == rules.SlotSubject && at.cue.Class == rules.CueVerb && !at.passive {
		if p, asked := s.asker(at.group, f.phrase); asked {
			if f.phrase.Via = viaControlled; p.Mention >= 0 {
				f.phrase, at.wanted = p, true
			}
		}
	}
	if at.cue.Class == rules.CueNoun && !f.ok && len(frame.Holder) > 0 {
		if p := s.bearer(at); p.found() {
			return filled{phrase: p, kind: rules.SlotSubject, region: region{p.First, p.Last}, ok: true}
		}
	}
	return f
}

// asker returns who asks the subject p of a verb group to do what it says:
// "Congo urged the West to punish Rwanda", "demanded that it condemn Iran". asked
// is false where nobody is seen to ask.
func (s *Stage) asker(g int32, p phrase) (by phrase, asked bool) {
	grp := &s.l.Groups[g]
	c := &s.l.Clauses[s.origin(max(s.clauseAt[grp.First], 0))]
	if grp.Form != model.VerbInfinitive && !(c.Kind == model.ClauseThat && grp.Form == model.VerbFinite && s.class(grp.First)&text.VerbBase != 0 && s.class(grp.First)&text.VerbPast == 0) {
		return by, false
	}
	up := s.governor(c, grp.First)
	if up < 0 || s.l.Groups[up].Last > grp.First || !s.asking(s.l.Groups[up].Head) {
		return by, false
	}
	over := &s.l.Groups[up]
	switch {
	case over.Passive && p.First == s.subject(up).First:
		by = s.afterPreposition(over.Last, grp.First, s.byWord())
	case p.First >= over.Last && !s.verbBetween(over.Last, p.First):
		by = s.subject(up)
	default:
		return by, false
	}
	if !by.found() {
		return phrase{Mention: none}, true
	}
	return s.lend(by), true
}

// asking reports whether a cue of the sentence with its verb at token t asks
// its target to do something.
func (s *Stage) asking(t int32) bool {
	if s.marked(t, forcing) {
		return false
	}
	for i := range s.trying {
		if cm := &s.trying[i]; cm.headAt() == t && s.traits[cm.cue].asks && !cm.never {
			return true
		}
	}
	return false
}

// nothingFills is why most cues give nothing.
const nothingFills = "no party or issue fills the target"

// hold claims the words of a cue.
func (s *Stage) hold(cm *cueMatch) {
	n := int32(len(s.r.Stances))
	s.claims = append(s.claims, claim{cm.tok, cm.tok + cm.n, cm.cue, n, n})
}

// anyBehind reports whether one of the words stands within senseReach tokens
// behind a cue, in its scope. bit is theirs.
func (s *Stage) anyBehind(at *place, words []int32, bit uint64) bool {
	t := at.cm.tok + at.cm.n
	hi := s.l.Sentences[at.sentence].Last
	if at.cue.Scope.SameClause {
		hi = s.bound(t)
	}
	if hi = min(hi, t+senseReach); t >= hi {
		return false
	}
	senses, tokens := s.senses, s.l.Tokens[t:hi]
	for i := range tokens {
		if id := tokens[i].ID; senses[id]&bit != 0 && contains(words, id) {
			return true
		}
	}
	return false
}

// overtaken reports whether a word that a rule needs may head what its relative
// clause is about.
func overtaken(c *rules.Cue) bool {
	return len(c.Frame.Target) > 0 && c.Frame.Target[0].Kind == rules.SlotPrep
}

// anyOver reports whether one of the words heads what the relative clause of a
// verb is about, which the verb lacks: "sanctions that Israel imposed on".
func (s *Stage) anyOver(at *place, words []int32) bool {
	if at.group < 0 || at.passive || !overtaken(at.cue) {
		return false
	}
	c := s.relativeOver(at.head)
	if c == nil {
		return false
	}
	p := s.antecedent(c)
	return p.found() && contains(words, s.l.Tokens[s.headOf(p)].ID)
}

// contains reports whether a word is among some, which are sorted.
func contains(words []int32, id int32) bool {
	_, ok := slices.BinarySearch(words, id)
	return ok
}

// anyInSubject reports whether one of the words stands in the subject of a
// passive verb group: "tariffs were imposed on".
func (s *Stage) anyInSubject(g int32, words []int32) bool {
	p := s.subject(g)
	for t := p.First; t < s.l.Groups[g].First && t < p.First+senseReach; t++ {
		if contains(words, s.l.Tokens[t].ID) {
			return true
		}
	}
	return false
}

// cutAt ends an object that only modifies or owns one of the words that its
// cue needs before that word: the verb and the word make the deed, "took
// Iran's side", "froze Russian assets".
func (s *Stage) cutAt(p phrase, needs []int32) phrase {
	if p.Mention < 0 || p.Via != viaPossessor && p.Via != viaModifier {
		return p
	}
	t := s.r.Mentions[p.Mention].Last
	for t < p.Last && (s.l.Tokens[t].Kind == model.Clitic || s.plainAdjective(t)) {
		t++
	}
	if t >= p.Last {
		return p
	}
	if contains(needs, s.l.Tokens[t].ID) {
		p.Last, p.Via = t, viaHead
	}
	return p
}

// bareNoun reports whether a noun stands at token t that is no time.
func (s *Stage) bareNoun(t int32) bool {
	if int(t) >= len(s.l.Tokens) || s.groupAt[t] >= 0 {
		return false
	}
	c := s.class(t)
	return c&(text.Noun|text.NounPlural) != 0 && c&(text.Weekday|text.Month|text.Preposition|text.Adverb|text.Coordinator|text.Subordinate|text.Determiner|text.Pronoun) == 0 && !s.marked(t, timeNouns)
}

// complemented reports whether what is agreed or argued follows token t: an
// infinitive or a that-clause, which need not be about each other.
func (s *Stage) complemented(t int32) bool {
	return int(t) < len(s.l.Tokens) && s.class(t)&(text.To|text.That) != 0
}

// withinIssue reports whether a mention is part of an issue's name behind the
// cue, which ends at token end: a place in it, or a party behind its first words.
func (s *Stage) withinIssue(m, end int32) bool {
	mm := &s.r.Mentions[m]
	i := s.issue(mm.First)
	return i >= 0 && s.r.Mentions[i].First >= end && (mm.AliasKind == model.AliasPlace || s.r.Mentions[i].First < mm.First)
}

// eachOther reports whether "each other", "one another" or "the other" stands
// at token t, over a preposition: what is done is done by each side.
func (s *Stage) eachOther(t int32) bool {
	if int(t) < len(s.l.Tokens) && s.canAt[t]&preposition != 0 {
		t++
	}
	if int(t)+1 >= len(s.l.Tokens) {
		return false
	}
	a, b := s.l.Tokens[t].ID, s.l.Tokens[t+1].ID
	w := &s.words
	return b == w.other && (a == w.each || a == w.the) || a == w.one && b == w.another
}

// saysBy reports whether the phrase of a cue holds a "by" of its own, which
// names no doer: "stood by".
func (s *Stage) saysBy(cm *cueMatch) bool {
	for t := cm.headAt() + 1; t < cm.tok+cm.n; t++ {
		if s.l.Tokens[t].ID == s.words.by {
			return true
		}
	}
	return false
}

// place is a cue in its sentence.
type place struct {
	cm       *cueMatch
	cue      *rules.Cue
	head     int32 // token that inflects
	group    int32 // verb group of the cue or of its copula; none
	end      int32 // token after the cue and its verb group
	sentence int32
	passive  bool
	force    bool // the rule is about the use of force
	wanted   bool // the holder asks somebody else to do it
	spurned  bool // what says it is a text that its holder rejects
}

func (s *Stage) span(cm *cueMatch) model.Span {
	return model.Span{Start: s.l.Tokens[cm.tok].Start, End: s.l.Tokens[cm.tok+cm.n-1].End}
}

func direction(k rules.SlotKind) int32 {
	if k == rules.SlotSubject || k == rules.SlotPossessive {
		return -1
	}
	return 1
}

// shadow notes on the stances of a claim that another rule lost to them.
func (s *Stage) shadow(c *claim, rule string) {
	start := s.l.Tokens[c.first].Start
	id := s.p.Cues[c.rule].ID
	for i := c.from; i < c.to; i++ {
		st := &s.r.Stances[i]
		if st.Rule == id && st.Cue.Start == start && !slices.Contains(st.Shadowed, rule) {
			st.Shadowed = append(st.Shadowed, rule)
		}
	}
}

// viable checks that the word is used in the class of its rule and returns
// the verb group that carries it.
func (s *Stage) viable(cm *cueMatch, class rules.CueClass, head int32) (group int32, why string) {
	g := s.groupAt[head]
	switch class {
	case rules.CueVerb:
		if g < 0 {
			return none, "no verb here"
		}
		if s.l.Groups[g].Head != head && cm.n == 1 {
			return none, "not the main verb"
		}
		if t := head + 1; cm.n == 1 && int(t) < len(s.l.Tokens) && s.marked(t, particles) && s.l.Tokens[t].ID != s.words.up {
			return none, "the particle makes it another verb"
		}
		return g, ""
	case rules.CueNoun:
		if g >= 0 && s.mentionAt[head] < 0 && s.l.Groups[g].Head == head && s.l.Groups[g].Form != model.VerbGerund {
			return none, "a verb here, no noun"
		}
		if t := cm.tok + cm.n; s.compounded(t) {
			return none, "not the head noun"
		} else if s.takesObject(t) {
			return none, "a name is its object"
		}
		return s.groupBefore(cm.tok), ""
	case rules.CueAdjective:
		if g >= 0 && cm.n == 1 && s.l.Groups[g].Head == head && s.l.Groups[g].Form == model.VerbFinite && !s.l.Groups[g].Passive && s.opensPhrase(head+1) {
			return none, "a verb with an object" // "devoted a chapter to"
		}
		if t := cm.tok - 1; t >= 0 && s.groupAt[t] < 0 && (s.canAt[t]&determiner != 0 || s.l.Tokens[t].Kind == model.Clitic || s.plainAdjective(t)) {
			return none, "an adjective used as a noun, or before one"
		}
		if t := cm.tok + cm.n; int(t) < len(s.l.Tokens) && s.groupAt[t] < 0 && s.l.Tokens[t].Kind == model.Word && s.mentionAt[t] < 0 &&
			s.class(t)&(text.Noun|text.NounPlural) != 0 && s.class(t)&(text.Preposition|text.Adverb|text.Determiner|text.Pronoun|text.To|text.That|text.Weekday|text.Coordinator|text.Subordinate) == 0 {
			return none, "an adjective before its noun"
		}
		if g >= 0 {
			return g, ""
		}
		for t := cm.tok - 1; t >= 0 && (s.adverbial(t) || s.groupAt[t] >= 0); t-- {
			if g := s.groupAt[t]; g >= 0 {
				if s.l.Groups[g].Form == model.VerbGerund && s.class(s.l.Groups[g].Head)&text.Be != 0 {
					return g, "" // "accused him of being afraid"
				}
				break
			}
		}
		return s.groupBefore(cm.tok), ""
	}
	if t := cm.tok + cm.n; cm.n > 1 && s.class(t-1)&text.Have != 0 {
		for int(t) < len(s.l.Tokens)-1 && s.adverbial(t) {
			t++
		}
		if int(t) < len(s.l.Tokens) && s.class(t)&text.VerbPast2 == 0 {
			return none, "nothing that it says was done follows" // "should not have any say"
		}
	}
	if g >= 0 {
		return g, ""
	}
	return s.groupBefore(cm.tok), ""
}

// takesObject reports whether somebody's name stands at token t with nothing
// between it and the word before, which then is a verb: "Roe calls Iran reckless".
func (s *Stage) takesObject(t int32) bool {
	if int(t) >= len(s.l.Tokens) || s.canAt[t]&named == 0 || s.clauseAt[t] != s.clauseAt[t-1] {
		return false
	}
	m := s.actorAt(t)
	return m >= 0 && s.r.Mentions[m].First == t && s.class(t-1)&text.VerbS != 0 && s.l.Tokens[t-1].Kind == model.Word
}

// compounded reports whether token t is a common noun that the noun before it
// only modifies: "attack helicopters", but not "an aid package".
func (s *Stage) compounded(t int32) bool {
	if int(t) >= len(s.l.Tokens) || s.mentionAt[t] >= 0 || s.groupAt[t] >= 0 {
		return false
	}
	tok := &s.l.Tokens[t]
	c := s.word[tok.ID].class
	return tok.Kind == model.Word && c&(text.Noun|text.NounPlural) != 0 && c&(text.Verb|text.Adjective|text.Adverb|text.Preposition|text.Coordinator|text.Pronoun|text.Determiner) == 0 &&
		!s.is(tok.ID, parcels) && !tok.Has(model.Capital)
}

// groupBefore returns the last finite verb group before token t in its clause,
// else the last one of any form.
func (s *Stage) groupBefore(t int32) int32 {
	c := s.clauseAt[t]
	found := none
	for u := t - 1; u >= 0 && s.clauseAt[u] == c; u-- {
		if g := s.groupAt[u]; g >= 0 {
			if s.l.Groups[g].Form == model.VerbFinite {
				return g
			}
			if found < 0 {
				found = g
			}
		}
	}
	return found
}

// passive returns the cue's passive frame, or the active one turned: the
// by-phrase holds, and what was the object is the subject.
func (s *Stage) passive(cue *rules.Cue) *rules.Frame {
	if cue.Passive != nil {
		return cue.Passive
	}
	f := &s.fill.derived
	holder := append(f.Holder[:0], rules.Slot{Kind: rules.SlotPrep, Words: s.byWord()})
	if len(cue.Frame.Holder) == 0 {
		holder = holder[:0]
	}
	swap := s.fill.swapped[:0]
	object := false
	for _, sl := range cue.Frame.Target {
		if sl.Kind == rules.SlotObject {
			sl, object = rules.Slot{Kind: rules.SlotSubject}, true
		} else if sl.Kind == rules.SlotSubject && !object {
			sl = rules.Slot{Kind: rules.SlotPrep, Words: s.fill.byWord[:]}
		}
		swap = append(swap, sl)
	}
	s.fill.swapped = swap
	*f = rules.Frame{Holder: holder, Target: swap, Issue: cue.Frame.Issue}
	return f
}

// fillSlots tries the slots in order; a filler with a known actor wins over
// one without.
func (s *Stage) fillSlots(at *place, slots []rules.Slot, target bool) filled {
	best := filled{phrase: phrase{Mention: none}}
	for i := range slots {
		s.placesToo = s.placed && s.takesPlaces(at, &slots[i])
		f := s.fillSlot(at, &slots[i], target)
		s.placesToo = false
		if !f.ok {
			continue
		}
		if t := f.phrase.Last; f.phrase.Mention >= 0 && f.phrase.Via != viaHead && f.kind == rules.SlotObject && i+1 < len(slots) && slots[i+1].Kind == rules.SlotPrep && len(slots[i+1].Words) == 1 &&
			int(t) < len(s.l.Tokens) && s.l.Tokens[t].ID == slots[i+1].Words[0] {
			if g := s.fillSlot(at, &slots[i+1], target); g.ok {
				return g // "blamed the envoy's death on the gang"
			}
		}
		if f.phrase.Mention >= 0 {
			return f
		}
		if !best.ok {
			best = f
		}
	}
	if target && !at.cue.Reciprocal && (!best.ok || best.phrase.Mention < 0 && best.phrase.found() && (s.temporal(best.phrase) || at.cue.Scope.Complement != 0 && s.headed(best.phrase) < 0)) && slices.ContainsFunc(slots, objective) {
		if c := s.relativeOver(at.head); c != nil && (c.Marker < 0 || c.Marker == c.First) {
			s.placesToo = s.placed && s.traits[at.cm.cue].personal
			p := s.missing(at, c)
			s.placesToo = false
			if p.found() {
				return filled{phrase: p, kind: rules.SlotObject, region: region{p.First, p.Last}, ok: true, gap: true}
			}
		}
	}
	return best
}

func owning(sl rules.Slot) bool { return sl.Kind == rules.SlotPossessive }

func objective(sl rules.Slot) bool { return sl.Kind == rules.SlotObject }

// force reports whether the cue is about the use of force, which hits places:
// CAMEO roots 17 to 20.
func force(c *rules.Cue) bool {
	for i := range c.Emits {
		if code := c.Emits[i].CAMEO; len(code) >= 2 && code[:2] >= "17" && code[:2] <= "20" {
			return true
		}
	}
	return false
}

// takesPlaces reports whether a country's name in the slot is the actor even
// where it reads as a place elsewhere: "lashed out at Japan", "came under fire
// from Turkey". What stands "in" it stays a place.
func (s *Stage) takesPlaces(at *place, sl *rules.Slot) bool {
	switch sl.Kind {
	case rules.SlotObject:
		return true
	case rules.SlotPrep:
		return at.force || !slices.Contains(sl.Words, s.words.in)
	}
	return false
}

func (s *Stage) fillSlot(at *place, sl *rules.Slot, target bool) filled {
	f := filled{phrase: phrase{Mention: none}, kind: sl.Kind}
	sent := &s.l.Sentences[at.sentence]
	gap, called := at.cue.Scope.MaxGap, false
	switch sl.Kind {
	case rules.SlotSubject:
		if at.cue.Class == rules.CueNoun && !target {
			if f.phrase = s.bearer(at); !f.phrase.found() {
				f.phrase = s.appositive(at)
			}
		} else if p := s.appositive(at); p.found() {
			f.phrase = p
		} else if at.cue.Class == rules.CuePhrase && s.canAt[at.cm.tok]&determiner != 0 && at.cm.tok > 1 && s.isComma(at.cm.tok-1) && s.nominal(at.cm.tok-2) {
			f.phrase = s.phraseBeforeCue(at) // "Iran, an enemy of Israel,"
		} else if p := s.calledThat(at); !target && p.Mention >= 0 {
			f.phrase = p
		} else if at.group >= 0 && target && at.cue.Class == rules.CuePhrase && (!s.adjoins(at) || s.marked(s.l.Groups[at.group].Head, pulls)) {
			break // "won a race rife with attacks from"
		} else if t := at.cm.tok - 1; at.cue.Class == rules.CueAdjective && t > 0 && s.groupAt[t] < 0 && s.nominal(t) && !s.adverbial(t) && (s.class(t)&(text.Noun|text.NounPlural) != 0 && s.class(t)&text.Adjective == 0 || s.actorAt(t) >= 0) {
			f.phrase = s.phraseBeforeCue(at) // "wrote a report critical of"
		} else if p := s.madeSo(at); p.found() {
			f.phrase = p
		} else if at.group >= 0 {
			f.phrase = s.subject(at.group)
		} else if at.cue.Class == rules.CueAdjective || at.cue.Class == rules.CuePhrase {
			f.phrase = s.phraseBeforeCue(at)
		}
		gap = 0
	case rules.SlotObject:
		hi := s.bound(at.end)
		f.phrase = s.objectAfter(at.end, hi)
		if target {
			if t := s.soCalled(at.end); t > at.end {
				hi, called = s.bound(t), true
				f.phrase = s.objectAfter(t, hi)
			}
		}
		if p := f.phrase; p.found() && p.Mention < 0 && (p.Last-p.First > 1 || s.canAt[p.First]&pronoun == 0) {
			f.phrase = s.behind(p, hi)
			if target && f.phrase.Mention < 0 {
				if f.phrase = s.alongside(p, hi); f.phrase.Mention < 0 && at.force {
					f.phrase = s.within(at, p, hi)
				}
			}
		}
		if target && len(at.cue.Needs) > 0 {
			f.phrase = s.cutAt(f.phrase, at.cue.Needs)
		}
	case rules.SlotPrep:
		f.phrase = s.afterPreposition(at.end, s.reach(at), sl.Words)
		if f.phrase.found() {
			if f.phrase.Mention < 0 {
				if f.phrase = s.alongside(f.phrase, s.reach(at)); f.phrase.Mention < 0 && at.force && target {
					f.phrase = s.within(at, f.phrase, s.reach(at))
				}
			}
			break
		}
		if c := s.relativeOver(at.head); c != nil && c.Marker == c.First+1 && slices.Contains(sl.Words, s.l.Tokens[c.First].ID) {
			f.phrase, f.gap = s.missing(at, c), true // "against which it voted"
		}
	case rules.SlotClause:
		opens := at.end
		if t := at.cm.tok + at.cm.n - 1; at.cm.n > 1 && slices.Contains(sl.Words, s.l.Tokens[t].ID) {
			opens = t // "charged that"
		}
		r := s.complement(opens, sent, sl.Words)
		if at.cue.Class == rules.CueNoun && s.toldBetween(opens, r.First) {
			r = region{} // "rejected the accusation, saying that"
		}
		f.region = r
		f.phrase = s.actorOf(r, sent, slices.Contains(sl.Words, s.words.ifID))
	case rules.SlotPossessive:
		f.phrase = s.possessor(at.cm.tok, sent.First)
		gap = 0
	case rules.SlotModifier:
		if m := s.modifierBefore(at.cm.tok, sent.First); m >= 0 {
			f.phrase = phrase{s.r.Mentions[m].First, s.r.Mentions[m].Last, m, viaHead}
		}
		gap = 0
	case rules.SlotAny:
		f.phrase = s.firstActor(region{at.end, s.bound(at.end)})
		if !f.phrase.found() {
			lo := s.l.Clauses[max(s.clauseAt[at.cm.tok], 0)].First
			for t := at.cm.tok - 1; t >= lo; t-- {
				if m := s.actorAt(t); m >= 0 {
					f.phrase = phrase{s.r.Mentions[m].First, s.r.Mentions[m].Last, m, viaHead}
					break
				}
			}
		}
	}
	if v := f.phrase.Via; f.phrase.Mention >= 0 && (v == viaPossessor || v == viaModifier) && !target &&
		(sl.Kind == rules.SlotSubject && !s.acts(f.phrase) || s.marked(s.headOf(f.phrase), rivals)) {
		f.phrase.Mention = none // the latter: "angered Israel backers"
	}
	f.ok = f.phrase.found() || f.region.Last > f.region.First
	if f.ok && f.region.Last == 0 {
		f.region = region{f.phrase.First, f.phrase.Last}
	}
	if f.ok && gap > 0 && f.region.First-at.end > gap {
		return filled{phrase: phrase{Mention: none}}
	}
	if m := f.phrase.Mention; m >= 0 && !f.gap && !called && at.cue.Scope.SameClause && s.origin(s.clauseAt[min(f.phrase.First, s.r.Mentions[m].First)]) != s.origin(s.clauseAt[at.cm.tok]) && sl.Kind != rules.SlotSubject {
		return filled{phrase: phrase{Mention: none}}
	}
	return f
}

// relativeOver returns the relative clause that a verb at token t is a verb of,
// itself or joined to one; nil without. Clauses of place, time and possession
// leave nothing out.
func (s *Stage) relativeOver(t int32) *model.Clause {
	for ci, k := s.origin(max(s.clauseAt[t], 0)), 0; ci >= 0 && k < 4; ci, k = s.origin(s.l.Clauses[ci].Parent), k+1 {
		c := &s.l.Clauses[ci]
		switch {
		case c.Kind == model.ClauseRelative && (c.Marker < 0 || s.class(c.Marker)&(text.That|text.Pronoun|text.Question) != 0 && s.class(c.Marker)&text.Adverb == 0 && s.class(c.Marker)&text.Possessive == 0):
			return c
		case c.Kind != model.ClauseCoordinate || c.Parent < 0:
			return nil
		}
	}
	return nil
}

// notItself returns who the subject of a relative clause is where a pronoun was
// taken for what the clause is about: "He met Kurti, whom he accused".
func (s *Stage) notItself(t int32, own phrase) phrase {
	c := s.relativeOver(t)
	if c == nil || own.First < c.First || own.Last <= c.Marker+1 {
		return own
	}
	if p := s.antecedent(c); p.Mention >= 0 && s.sameActor(p.Mention, own.Mention) {
		if g := s.governor(c, c.First); g >= 0 {
			if q := s.subject(g); q.Mention >= 0 && !s.sameActor(q.Mention, own.Mention) && q.Via != viaModifier {
				own.Mention = q.Mention
			}
		}
	}
	return own
}

// missing returns what a relative clause with a subject of its own is about,
// which its verb lacks: "Iran, which Israel attacked", "an offer Iran refused".
func (s *Stage) missing(at *place, c *model.Clause) phrase {
	nobody := phrase{Mention: none}
	if at.group < 0 || at.passive || s.l.Groups[at.group].Form != model.VerbFinite || c.First == 0 || int(at.end) < len(s.groupAt) && s.groupAt[at.end] >= 0 && s.groupAt[at.end] != at.group {
		return nobody // the last: "who they suspect planned it"
	}
	personal := s.traits[at.cm.cue].personal
	if s.complemented(at.end) && !personal {
		return nobody // "which he hopes to win"
	}
	own := s.subject(at.group)
	if !own.found() || own.First < c.First || own.Last <= c.Marker+1 || own.Last > s.l.Groups[at.group].First {
		return nobody
	}
	p := s.antecedent(c)
	if !p.found() || s.temporal(p) {
		return nobody
	}
	if t := p.First - 1; !personal && t > 0 && (c.Marker < 0 || s.class(c.Marker)&(text.That|text.Determiner) != 0) && s.canAt[t]&(governing|named) == governing && s.groupAt[t] < 0 && s.groupAt[t-1] < 0 {
		return nobody // "sales to Iran which it stopped": of which is not sure
	}
	for t := c.First - 1; t >= p.Last; t-- {
		if s.class(t)&(text.Weekday|text.Month) != 0 || s.l.Tokens[t].Kind == model.Number || s.marked(t, timeNouns) {
			return nobody // "told it in May that"
		}
	}
	if p.Mention >= 0 {
		if p.Via == viaModifier || p.Via == viaPossessor && personal {
			return nobody
		}
		return p
	}
	if q := s.renamed(p); q.Mention >= 0 && s.headed(p) < 0 {
		return q
	}
	return p
}

// soCalled returns the token behind a clause at token t that only says by whom
// what follows is called so: "condemned what it called an attack"; else t.
func (s *Stage) soCalled(t int32) int32 {
	if int(t)+2 >= len(s.l.Tokens) || s.l.Tokens[t].ID != s.words.what {
		return t
	}
	for u := t + 1; u < t+8 && int(u) < len(s.l.Tokens); u++ {
		g := s.groupAt[u]
		if g < 0 || s.mentionAt[u] >= 0 {
			continue
		}
		grp := &s.l.Groups[g]
		if grp.Passive || !s.marked(grp.Head, naming) || int(grp.Last)+1 >= len(s.l.Tokens) {
			break
		}
		if s.l.Tokens[grp.Last].ID == s.words.as {
			return grp.Last + 1
		}
		return grp.Last
	}
	return t
}

// calledThat returns the object of which a phrase cue says what it is: "called
// Greece an ally of", "described Iran as a threat to".
func (s *Stage) calledThat(at *place) phrase {
	if at.cue.Class != rules.CuePhrase || at.group < 0 || s.l.Groups[at.group].Passive || !s.marked(s.l.Groups[at.group].Head, naming) {
		return phrase{Mention: none}
	}
	t := at.cm.tok - 1
	if t > 0 && s.l.Tokens[t].ID == s.words.as {
		t--
	}
	if lo := s.l.Groups[at.group].Last; t >= lo && s.nominal(t) {
		return s.phraseEnding(t, lo)
	}
	return phrase{Mention: none}
}

// madeSo returns the object of the verb before an adjective, which says what
// becomes of it: "made Iran a little nervous about".
func (s *Stage) madeSo(at *place) phrase {
	if at.cue.Class != rules.CueAdjective || at.group < 0 {
		return phrase{Mention: none}
	}
	grp := &s.l.Groups[at.group]
	if grp.Last >= at.cm.tok || grp.Passive || s.class(grp.Head)&(text.Be|text.Have) != 0 || s.marked(grp.Head, copular) {
		return phrase{Mention: none}
	}
	p := s.objectAfter(grp.Last, at.cm.tok)
	if p.Mention < 0 || p.Via != viaHead {
		return phrase{Mention: none}
	}
	for t := s.r.Mentions[p.Mention].Last; t < at.cm.tok; t++ {
		if s.canAt[t]&(adverb|determiner) == 0 && s.class(t)&text.Adjective == 0 && !s.adverbial(t) {
			return phrase{Mention: none}
		}
	}
	p.Last = s.r.Mentions[p.Mention].Last
	return p
}

// behind finds the actor behind an object that names none: "the attack by
// Hamas", "the decision of the Israeli cabinet". The complement that the head
// noun itself is directed at ("the attack on Israel") is passed over.
func (s *Stage) behind(p phrase, hi int32) phrase {
	t := p.Last
	if int(t) < len(s.l.Tokens) && s.clauseAt[t] >= 0 {
		// "the deal Iran signed"
		if c := &s.l.Clauses[s.clauseAt[t]]; c.Kind == model.ClauseRelative && c.Marker < 0 && c.First == t {
			if q := s.phraseStarting(t, c.Last); q.Mention >= 0 && q.Via == viaHead && int(q.Last) < len(s.groupAt) && s.groupAt[q.Last] >= 0 {
				p.Last, p.Mention, p.Via = q.Last, q.Mention, viaPossessor
				return p
			}
		}
	}
	if s.marked(t-1, tying) {
		t-- // "men loyal to"
	}
	if q := s.heldBy(t); q.Mention >= 0 {
		p.Last, p.Mention, p.Via = q.Last, q.Mention, max(viaPossessor, q.Via)
		return p
	}
	t = p.Last
	for k := 0; k < 3 && t < hi && s.canAt[t]&preposition != 0 && s.mentionAt[t] < 0; k++ {
		id := s.l.Tokens[t].ID
		q := s.phraseStarting(t+1, hi)
		if !q.found() {
			return p
		}
		if q.Mention >= 0 && (id == s.words.by && !s.human(p) || k == 0 && id == s.words.of && !slices.Contains(s.nounTargets(p.Last-1), id) && !s.marked(p.Last-1, suffered)) {
			return s.ofWhom(p, q)
		}
		t = q.Last
	}
	return p
}

// alongside finds the actor that a phrase without one is joined to or exemplified
// by: "both the army and Hamas", "some states, including Iran", "three members,
// Chad and Mali among them".
func (s *Stage) alongside(p phrase, hi int32) phrase {
	t := p.Last
	if t >= hi {
		return p
	}
	joined, several := s.coordinates(t), s.human(p) || s.marked(s.headOf(p), counts|entourage)
	if s.isComma(t) {
		t++
	}
	switch {
	case t >= hi:
		return p
	case s.marked(t, instancing):
		if !several {
			return p
		}
		if t++; t < hi && s.class(t)&(text.Pronoun|text.Preposition|text.Subordinate) != 0 && s.mentionAt[t] < 0 {
			t++ // "among them", "such as"
		}
	case joined && s.issueIn(region{p.First, p.Last}) < 0:
		if t++; t < hi && s.repeats(t, p) {
			t++
		}
	case t == p.Last || !several:
		return p
	}
	q := s.phraseStarting(t, hi)
	if q.Mention < 0 || q.Via != viaHead || int(q.Last) < len(s.groupAt) && s.groupAt[q.Last] >= 0 && s.l.Groups[s.groupAt[q.Last]].Form == model.VerbFinite {
		return p
	}
	if t == p.Last+1 && !joined && !s.marked(p.Last+1, instancing) {
		// ", Chad and Mali among them"
		u := q.Last
		for k := 0; k < 6 && u < hi && !s.marked(u, instancing); k++ {
			u++
		}
		if u >= hi || !s.marked(u, instancing) {
			return p
		}
	}
	return q
}

// heldBy returns who has, steers or is near to what a noun phrase before token t
// names: "areas held by Hamas", "men loyal to Iran".
func (s *Stage) heldBy(t int32) phrase {
	hi := s.l.Sentences[s.sentenceOf(t-1)].Last
	if t+2 < hi && s.marked(t, holding|tying) && s.mentionAt[t+1] < 0 && (s.marked(t, tying) && (s.canAt[t+1]&preposition != 0 || s.class(t+1)&text.To != 0) || s.l.Tokens[t+1].ID == s.words.by) {
		return s.phraseStarting(t+2, hi)
	}
	return phrase{Mention: none}
}

// within finds whose land a thing is in that force is used against: "fired
// drones at a depot in Romania". People there need not be of it.
func (s *Stage) within(at *place, p phrase, hi int32) phrase {
	t := p.Last
	if t+1 >= hi || s.l.Tokens[t].ID != s.words.in || at.cue.Emits[0].Root() != "18" || s.human(p) || s.temporal(p) {
		return p
	}
	if q := s.phraseStarting(t+1, hi); q.Mention >= 0 && (s.r.Mentions[q.Mention].AliasKind == model.AliasPlace || s.governs(q.Mention)) {
		p.Last, p.Mention, p.Via = q.Last, q.Mention, max(viaPossessor, q.Via)
	}
	return p
}

// governs reports whether a mention is of a government.
func (s *Stage) governs(m int32) bool {
	p := s.r.Mentions[m].Party
	return p >= 0 && int(p) < len(s.p.Parties) && s.p.Parties[p].Kind == rules.Government
}

// nounTargets returns the prepositions that a noun cue at token t is directed
// with.
func (s *Stage) nounTargets(t int32) []int32 {
	var directed []int32
	longest := int32(0)
	for i := range s.trying {
		cm := &s.trying[i]
		if cm.class != rules.CueNoun || cm.headAt() != t || cm.n <= longest {
			continue
		}
		if d := s.traits[cm.cue].directed; d != nil {
			directed, longest = d, cm.n
		}
	}
	return directed
}

// prepositions returns those that a frame's target stands behind.
func prepositions(f *rules.Frame) []int32 {
	for _, sl := range f.Target {
		if sl.Kind == rules.SlotPrep {
			return sl.Words
		}
	}
	return nil
}

// reach returns how far after a cue its prepositions may stand: to the end of
// the clause, not past a colon, semicolon or dash; for a noun not past any
// punctuation nor further than nounReach tokens.
func (s *Stage) reach(at *place) int32 {
	hi := s.bound(at.end)
	noun := at.cue.Class == rules.CueNoun
	if noun {
		hi = min(hi, at.end+nounReach)
	}
	for t := at.end; t < hi; t++ {
		tok := &s.l.Tokens[t]
		if tok.Kind == model.Dash || tok.Kind == model.Punctuation && s.mentionAt[t] < 0 && (noun || !s.isComma(t)) {
			return t
		}
	}
	return hi
}

// afterPreposition returns the phrase after the first of the prepositions in
// tokens [t, hi), not past another verb.
func (s *Stage) afterPreposition(t, hi int32, words []int32) phrase {
	for u := t; u < hi; u++ {
		if s.groupAt[u] >= 0 && s.mentionAt[u] < 0 && s.l.Groups[s.groupAt[u]].Form == model.VerbFinite {
			break
		}
		if s.l.Tokens[u].ID == s.words.as && s.mentionAt[u] < 0 && !slices.Contains(words, s.words.as) {
			break // "leads the inquiry as chairman of"
		}
		if s.mentionAt[u] >= 0 || !slices.Contains(words, s.l.Tokens[u].ID) {
			continue
		}
		p := s.phraseStarting(u+1, hi)
		if !p.found() {
			if u+1 < hi && s.groupAt[u+1] >= 0 {
				break // "support for adding it to the list"
			}
			continue
		}
		if s.l.Tokens[u].ID == s.words.with && int(p.Last) < len(s.groupAt) && s.groupAt[p.Last] >= 0 && s.l.Groups[s.groupAt[p.Last]].Form == model.VerbGerund {
			continue // "argued over guns, with the Republican charging"
		}
		if p.Mention < 0 {
			p = s.behind(p, hi)
		}
		return p
	}
	return phrase{Mention: none}
}

// complement returns the region of the clause after token t that one of the
// markers opens, with all that hangs from it. A bare content clause counts as
// one opened by "that".
func (s *Stage) complement(t int32, sent *model.Sentence, markers []int32) region {
	that, condition := slices.Contains(markers, s.words.that), slices.Contains(markers, s.words.ifID)
	for c := sent.FirstClause; c < sent.LastClause; c++ {
		cl := &s.l.Clauses[c]
		if cl.First < t || cl.Resumes >= 0 {
			continue
		}
		if !condition && (cl.First > t+14 || s.verbBetween(t, cl.First)) {
			break
		}
		if u := cl.First - 1; u >= t && s.class(u)&text.Clausal != 0 && s.class(u)&(text.Noun|text.NounPlural) != 0 && s.groupAt[u] < 0 {
			return region{} // "demanded an inquiry into claims that": theirs, not the cue's
		}
		ok := cl.Marker >= 0 && slices.Contains(markers, s.l.Tokens[cl.Marker].ID) || that && cl.Kind == model.ClauseThat ||
			cl.Kind == model.ClauseInfinitive && slices.Contains(markers, s.words.to)
		if !ok {
			continue
		}
		if u := cl.First - 1; cl.Kind == model.ClauseInfinitive && u >= t && s.l.Tokens[u].ID == s.words.whether {
			return region{} // "decided whether to"
		}
		if o := s.objectAfter(t, cl.First); o.found() && o.Last == cl.First && cl.Marker == cl.First && o.Mention < 0 && s.l.Tokens[cl.Marker].ID == s.words.that && !s.human(o) && !s.temporal(o) && s.class(o.Last-1)&(text.Noun|text.NounPlural) != 0 && s.class(o.Last-1)&text.Clausal == 0 {
			return region{} // "demanded leadership that only he can give"
		}
		last := cl.Last
		for d := c + 1; d < sent.LastClause && s.descends(d, c); d++ {
			last = s.l.Clauses[d].Last
		}
		return region{cl.First, last}
	}
	if condition {
		return region{}
	}
	// No clause bound was seen: the marker itself.
	for u := t; u < min(t+14, sent.Last); u++ {
		if g := s.groupAt[u]; g >= 0 && s.mentionAt[u] < 0 && s.l.Groups[g].Form != model.VerbGerund || u > t && s.class(u)&text.Subordinate != 0 && !slices.Contains(markers, s.l.Tokens[u].ID) {
			break // what follows belongs to that verb or clause
		}
		if slices.Contains(markers, s.l.Tokens[u].ID) {
			return region{u + 1, s.bound(u + 1)}
		}
	}
	return region{}
}

// toldBetween reports whether a verb of saying stands in tokens [a, b).
func (s *Stage) toldBetween(a, b int32) bool {
	for t := a; t < b; t++ {
		if g := s.groupAt[t]; g >= 0 && s.mentionAt[t] < 0 && s.class(s.l.Groups[g].Head)&text.Reporting != 0 {
			return true
		}
	}
	return false
}

// verbBetween reports whether a finite verb or an infinitive stands in tokens
// [a, b).
func (s *Stage) verbBetween(a, b int32) bool {
	for t := a; t < b; t++ {
		if g := s.groupAt[t]; g >= 0 && s.mentionAt[t] < 0 && (s.l.Groups[g].Form == model.VerbFinite || s.l.Groups[g].Form == model.VerbInfinitive) {
			return true
		}
	}
	return false
}

// actorOf returns who acts in a complement clause: the subject of its first
// finite verb, else its first actor outside prepositional phrases.
// Whoever acts under a condition is not sure unless the clause is one.
func (s *Stage) actorOf(r region, sent *model.Sentence, condition bool) phrase {
	for g := sent.FirstGroup; g < sent.LastGroup; g++ {
		grp := &s.l.Groups[g]
		if grp.First < r.First || grp.First >= r.Last || grp.Form != model.VerbFinite {
			continue
		}
		if p := s.subject(g); p.Mention >= 0 && p.First >= r.First {
			if c := s.clauseAt[p.First]; !condition && c >= 0 && s.l.Clauses[s.origin(c)].Kind == model.ClauseCondition {
				p.Via = max(p.Via, viaParent)
			}
			return p
		}
		break
	}
	p := s.firstActor(r)
	if p.First > r.First+3 {
		p.Via = viaParent // far in, and no subject
	}
	return p
}

// firstActor returns the first actor of a region that no preposition but of,
// by, against and from governs, nor one joined to such by "and".
func (s *Stage) firstActor(r region) phrase {
	governed := false
	for t := r.First; t < r.Last; t++ {
		m := s.actorAt(t)
		if m < 0 {
			switch id := s.l.Tokens[t].ID; {
			case s.groupAt[t] >= 0:
				governed = false
			case s.canAt[t]&preposition != 0:
				governed = id != s.words.of && id != s.words.by && id != s.words.against && id != s.words.from
			}
			continue
		}
		mm := &s.r.Mentions[m]
		if !mm.NeedsCue && !governed {
			return phrase{mm.First, mm.Last, m, viaHead}
		}
		t = mm.Last - 1
	}
	return phrase{Mention: none}
}

// possessor returns the actor whose possessive governs the noun at token t:
// "Israel's long-standing criticism".
func (s *Stage) possessor(t, lo int32) phrase {
	for u := t - 1; u >= lo && u > t-6; u-- {
		if m := s.actorAt(u); m >= 0 {
			mm := &s.r.Mentions[m]
			if mm.Last < t && s.l.Tokens[mm.Last].Kind == model.Clitic || mm.AliasKind == model.AliasPronoun && s.canAt[u]&determiner != 0 {
				return phrase{mm.First, mm.Last, m, viaHead}
			}
			break
		}
		if m := s.owner(u, lo); m >= 0 {
			return phrase{u, u + 1, m, viaParent}
		}
		if !s.nominal(u) || s.canAt[u]&determiner != 0 {
			break
		}
	}
	return phrase{Mention: none}
}

// owner returns the actor that a possessive pronoun at token u refers to: the
// last one before it in the sentence that the pronoun fits.
func (s *Stage) owner(u, lo int32) int32 {
	person := false
	switch s.l.Tokens[u].ID {
	case s.words.his, s.words.her:
		person = true
	case s.words.its, s.words.their:
	default:
		return none
	}
	for t := u - 1; t >= lo; t-- {
		m := s.actorAt(t)
		if m < 0 {
			continue
		}
		mm := &s.r.Mentions[m]
		named := mm.Person != "" || mm.AliasKind == model.AliasPronoun || mm.Kind == model.MentionPerson
		if !mm.NeedsCue && (named == person || s.l.Tokens[u].ID == s.words.their && !person) {
			return m
		}
	}
	return none
}

// modifierBefore returns the actor that stands as an adjective or noun before
// the noun at token t: "Israeli attack", "US support".
func (s *Stage) modifierBefore(t, lo int32) int32 {
	for u := t - 1; u >= lo && u > t-4; u-- {
		if m := s.actorAt(u); m >= 0 {
			if s.r.Mentions[m].AliasKind == model.AliasPronoun || s.hyphenated(&s.r.Mentions[m]) {
				return none // the latter: "anti-Iran bias"
			}
			return m
		}
		if !s.nominal(u) || s.l.Tokens[u].Kind == model.Clitic || s.class(u)&(text.Determiner|text.VerbS) != 0 {
			break
		}
	}
	return none
}

// phraseBeforeCue returns the noun phrase that an adjective or phrase without
// a verb follows: "a group critical of Israel".
func (s *Stage) phraseBeforeCue(at *place) phrase {
	t := at.cm.tok - 1
	lo := s.l.Sentences[at.sentence].First
	for t >= lo && (s.isComma(t) || s.adverbial(t)) {
		t--
	}
	if t < lo || !s.nominal(t) {
		return phrase{Mention: none}
	}
	return s.phraseEnding(t, lo)
}

// fillIssue returns the issue that is at stake: in the slot of the frame when
// there is one, else in the object or after the cue in its clause. own says
// that the slot names the issue itself, so that the stance may be towards it:
// who is criticised over a war is a target, the war is none.
func (s *Stage) fillIssue(at *place, frame *rules.Frame, target *filled) (issue int32, own bool) {
	sent := &s.l.Sentences[at.sentence]
	party := target.ok && target.phrase.Mention >= 0
	for i := range frame.Issue {
		f := s.fillSlot(at, &frame.Issue[i], true)
		kind := frame.Issue[i].Kind
		r, m := f.region, none
		switch kind {
		case rules.SlotPrep:
			for u := at.end; u < min(sent.Last, at.end+issueReach) && s.nearby(u, u+1); u++ {
				if s.l.Tokens[u].Kind == model.Punctuation && s.mentionAt[u] < 0 || s.l.Tokens[u].Kind == model.Dash {
					break
				}
				if slices.Contains(frame.Issue[i].Words, s.l.Tokens[u].ID) && s.mentionAt[u] < 0 && s.issue(u) < 0 {
					r = region{u + 1, s.bound(u + 1)}
					m = s.issueNear(r)
					break
				}
				if at.cue.Class == rules.CueNoun && s.groupAt[u] >= 0 && s.issue(u) < 0 {
					break // "a campaign to raise money for"
				}
			}
		case rules.SlotObject:
			r = region{at.end, s.bound(at.end)}
			m = s.issueNear(r)
		case rules.SlotClause:
			if r.First < r.Last && s.l.Clauses[s.clauseAt[r.First]].Kind == model.ClauseInfinitive {
				m = s.issueNear(r)
			} else if len(frame.Target) > 0 || slices.Contains(frame.Issue[i].Words, s.words.that) {
				m = s.issueIn(s.firstStatement(r))
			}
		default:
			m = s.issueIn(r)
		}
		if m >= 0 {
			return m, kind != rules.SlotPrep || !party
		}
		// "optimism about an agreement, which would bring a truce"
		if f.ok && kind != rules.SlotSubject && s.nounPhraseOpens(r, sent) {
			if m := s.issueIn(region{r.Last, sent.Last}); m >= 0 {
				return m, true
			}
		}
	}
	if target.ok && target.kind != rules.SlotSubject {
		if m := s.issueIn(region{target.region.First, min(s.bound(target.region.Last), target.region.Last+issueReach)}); m >= 0 {
			return m, false
		}
	}
	if target.ok {
		return s.issueIn(target.region), target.kind == rules.SlotSubject
	}
	if len(frame.Issue) == 0 && len(frame.Target) > 0 && frame.Target[0].Kind != rules.SlotSubject {
		return s.issueIn(region{at.end, s.bound(at.end)}), false
	}
	return none, false
}

// firstStatement cuts a content clause where its second finite verb begins.
func (s *Stage) firstStatement(r region) region {
	seen := none
	for t := r.First; t < r.Last; t++ {
		g := s.groupAt[t]
		if g < 0 || g == seen || s.l.Groups[g].Form != model.VerbFinite {
			continue
		}
		if seen >= 0 {
			return region{r.First, t}
		}
		seen = g
	}
	return r
}

// issueNear returns the issue that a region of the clause is about: in the
// noun phrase that opens it, with what hangs from that by a preposition, or in
// the object of the infinitive or gerund that opens it.
func (s *Stage) issueNear(r region) int32 {
	verbs := 0
	for t := r.First; t < min(r.Last, r.First+issueReach); t++ {
		m := s.issue(t)
		if g := s.groupAt[t]; m < 0 && g >= 0 {
			m = s.issue(s.l.Groups[g].Head) // "refused to withdraw its troops"
		}
		if m >= 0 {
			if u := s.r.Mentions[m].Last; int(u) < len(s.l.Tokens) {
				if id := s.l.Tokens[u].ID; s.is(id, turns) || s.compounded(u) && !s.is(id, plans|topical|deeds) {
					return none // "the Brexit extension", "Obamacare opponents"
				}
			}
			return m
		}
		tok := &s.l.Tokens[t]
		if s.mentionAt[t] >= 0 {
			continue
		}
		if g := s.groupAt[t]; g >= 0 {
			if s.l.Groups[g].Form == model.VerbFinite || s.l.Groups[g].Form == model.VerbParticiple || verbs > 0 {
				return none
			}
			if !s.marked(s.l.Groups[g].Head, furthers) && s.operator(s.l.Groups[g].Head, rules.OpReverser) == nil {
				return none
			}
			verbs++
			t = s.l.Groups[g].Last - 1
			if o := s.operator(s.l.Groups[g].Head, rules.OpReverser); o != nil {
				for u := s.l.Groups[g].Head + o.n; t+1 < u && s.issue(t+1) < 0; {
					t++ // "give up"
				}
			}
			continue
		}
		switch c := s.class(t); {
		case tok.Kind == model.Dash, tok.Kind == model.Punctuation:
			return none
		case c&(text.Subordinate|text.Conditional|text.Question) != 0 && c&(text.Noun|text.Adjective|text.Determiner|text.Adverb|text.Preposition) == 0:
			return none
		case c&(text.Relative|text.That) != 0 && c&text.Determiner == 0 && t > r.First:
			return none
		case c&text.Preposition != 0 && !(t > r.First && slices.Contains(s.words.carry, tok.ID) && s.carries(t-1, r.First)):
			return none
		}
	}
	return none
}

// carries reports whether a noun at token t, after lo, is for or against what
// hangs from it by a preposition: "a bill on", "an end to".
func (s *Stage) carries(t, lo int32) bool {
	id := s.l.Tokens[t].ID
	if s.is(id, plans|topical|counts) {
		return true
	}
	for u := t; u >= lo && u > t-3; u-- {
		if o := s.operator(u, rules.OpReverser); o != nil && u+o.n >= t+1 {
			return true
		}
	}
	return false
}

// nounPhraseOpens reports whether a plan by its name in a region of the clause
// has a relative clause, which says what the plan is about.
func (s *Stage) nounPhraseOpens(r region, sent *model.Sentence) bool {
	plan := false
	for t := r.First; t < r.Last; t++ {
		plan = plan || s.marked(t, plans)
	}
	if !plan {
		return false
	}
	for c := sent.FirstClause; c < sent.LastClause; c++ {
		if cl := &s.l.Clauses[c]; cl.Kind == model.ClauseRelative && cl.First >= r.First && cl.First <= r.Last+2 && cl.Marker >= 0 && s.l.Tokens[cl.Marker].ID == s.words.which {
			return true
		}
	}
	return false
}

func (s *Stage) issueIn(r region) int32 {
	for t := r.First; t < r.Last && int(t) < len(s.issueAt); t++ {
		if m := s.issue(t); m >= 0 {
			return m
		}
	}
	return none
}

// issue returns the mention of an issue over token t; none without.
func (s *Stage) issue(t int32) int32 {
	if s.canAt[t]&issued == 0 {
		return none
	}
	return s.issueAt[t]
}

// speaker returns who speaks at a cue: the source of the innermost quote.
func (s *Stage) speaker(at *place) (mention int32, voice model.Voice, q *model.Quote) {
	qi := s.quoteAt[at.cm.tok]
	if qi < 0 {
		return none, model.VoiceNarrator, nil
	}
	q = &s.r.Quotes[qi]
	if q.Mention < 0 || s.party(q.Mention) < 0 && s.r.Mentions[q.Mention].Person == "" {
		return q.Mention, model.VoiceUnknown, q
	}
	return q.Mention, model.VoiceParty, q
}

// whoHolds returns the holders of a cue's stance: the fillers of the slot,
// else the speaker in force, else the narrator (none). source names where
// they were found.
func (s *Stage) whoHolds(at *place, frame *rules.Frame, holder *filled) (holders []int32, voice model.Voice, reporter int32, source string) {
	sent := &s.l.Sentences[at.sentence]
	speaker, voice, q := s.speaker(at)
	out := s.fill.holders[:0]
	defer func() { s.fill.holders = holders }()
	if holder.ok && holder.phrase.Mention >= 0 {
		out = s.conjuncts(holder.phrase, direction(holder.kind), sent.First, sent.Last, out)
		return out, voice, speaker, slotNames[holder.kind]
	}
	if holder.ok {
		// Somebody whom no pack knows: "analysts", "one negotiator".
		if s.firstPerson(holder.phrase) {
			if q != nil {
				return append(out, speaker), voice, none, "speaker"
			}
			if sent.Section == model.SectionBody {
				return append(out, none), model.VoiceNarrator, none, "narrator"
			}
		}
		return append(out, none), model.VoiceUnknown, speaker, "unknown"
	}
	if len(frame.Holder) > 0 && (at.passive || at.cue.Class == rules.CueNoun) {
		if q != nil && at.cue.Class == rules.CueNoun {
			return s.speakers(q, out), voice, none, "speaker"
		}
		return append(out, none), model.VoiceUnknown, speaker, "unknown"
	}
	if q != nil {
		return s.speakers(q, out), voice, none, "speaker"
	}
	return append(out, none), model.VoiceNarrator, none, "narrator"
}

// speakers appends the source of a quote and those joined to it: "Britain and
// France said".
func (s *Stage) speakers(q *model.Quote, out []int32) []int32 {
	if q.Mention < 0 || s.r.Mentions[q.Mention].AliasKind == model.AliasPronoun || q.Cue.Len() == 0 {
		return append(out, q.Mention)
	}
	m := &s.r.Mentions[q.Mention]
	sent := &s.l.Sentences[s.sentenceOf(m.First)]
	dir := int32(-1)
	if s.l.Tokens[m.First].Start > q.Cue.Start {
		dir = 1
	}
	return s.conjuncts(phrase{m.First, m.Last, q.Mention, viaHead}, dir, sent.First, sent.Last, out)
}

// firstPerson reports whether the phrase is I or we: the speaker.
func (s *Stage) firstPerson(p phrase) bool {
	id := s.l.Tokens[p.First].ID
	return p.Last-p.First == 1 && (id == s.words.i || id == s.words.we)
}

// negation reports whether the cue is negated and by what factor; a factor
// of zero means that nothing is asserted.
func (s *Stage) negation(at *place) (bool, float32) {
	n, refused := false, false
	if at.group >= 0 && at.cue.Class != rules.CueNoun {
		grp := &s.l.Groups[at.group]
		n = s.negated(grp)
		refused = n && (grp.Form == model.VerbInfinitive || grp.Modal >= 0 && s.marked(grp.Modal, willing))
		n = n || s.nobody(grp) || s.neitherOf(at.group)
		if t := at.end; at.cue.Class == rules.CueVerb && int(t) < len(s.l.Tokens) && s.class(t)&text.Negator != 0 && s.canAt[t]&determiner != 0 && s.operator(t, rules.OpPseudo) == nil {
			n = !n // "approve no more nominees"
		}
		if grp.Form == model.VerbGerund && s.deniedUpTo(grp.First, s.sentenceFirst(grp.First)) {
			n = !n // "without consulting"
		}
		if h := s.pairedWith(at.group); h >= 0 {
			grp = &s.l.Groups[h] // "refused to consider or even meet"
		}
		if t := s.aimBefore(grp); t > 0 && s.deniedNoun(t) != s.marked(t, unwilling) || s.averse(grp) {
			n, refused = !n, t < 0 || s.marked(t, unwilling) // "has no plans to", "refusal to"
		}
		if grp.Form == model.VerbInfinitive || grp.Form == model.VerbGerund && !(grp.First > 0 && s.groupAt[grp.First-1] < 0 && s.marked(grp.First-1, means)) { // not "failed by sending"
			g := s.governor(&s.l.Clauses[s.origin(max(s.clauseAt[grp.First], 0))], grp.First)
			if up := s.over(s.groupAt[grp.First]); up >= 0 && s.l.Groups[up].Form == model.VerbFinite {
				g = up // "is not thinking about firing"
			}
			if t := grp.First - 1; t >= 0 && s.groupAt[t] >= 0 {
				g = s.groupAt[t] // "avoided killing"
			}
			if g >= 0 {
				if s.l.Groups[g].Last <= grp.First && grp.First-s.l.Groups[g].Last <= 6 {
					if o := s.operator(s.l.Groups[g].Head, rules.OpImplicative); o != nil && (o.op.Factor == 0 && s.l.Groups[g].Last == grp.First || o.op.Factor < 0 && s.class(s.l.Groups[g].Head)&text.Reporting != 0 && grp.Form == model.VerbGerund && o.n == 1) {
						return true, 0 // "pretended to", "feared offending", "denied arming"
					} else if o != nil && o.op.Factor < 0 {
						n, refused = !n, true
					}
					if s.negated(&s.l.Groups[g]) || s.l.Groups[g].Form == model.VerbFinite && s.nobody(&s.l.Groups[g]) {
						n = !n
					}
				}
			}
		}
	}
	if at.cue.Class != rules.CueVerb {
		lo := s.sentenceFirst(at.cm.tok)
		for t := at.cm.tok - 1; t >= lo && t >= at.cm.tok-4; t-- {
			if s.operator(t, rules.OpNegation) != nil && s.operator(t, rules.OpPseudo) == nil {
				n = true
				break
			}
			if !s.nominal(t) && s.class(t)&text.Adverb == 0 && s.groupAt[t] < 0 {
				n = n || s.deniedUpTo(t+1, lo)
				break
			}
		}
		if at.cue.Class == rules.CueNoun && at.group >= 0 && at.cm.tok-s.l.Groups[at.group].Last <= 3 {
			grp := &s.l.Groups[at.group]
			n = n || grp.Negated
			if grp.Form == model.VerbInfinitive {
				if g := s.governor(&s.l.Clauses[s.origin(max(s.clauseAt[grp.First], 0))], grp.First); g >= 0 && s.l.Groups[g].Last <= grp.First {
					o := s.operator(s.l.Groups[g].Head, rules.OpImplicative)
					n = n || s.negated(&s.l.Groups[g]) || o != nil && o.op.Factor < 0 // "did not mean to launch an attack", "refused to impose"
				}
			}
			if c := s.clauseAt[at.cm.tok]; c >= 0 && s.operator(s.l.Clauses[c].First, rules.OpNegation) != nil {
				n = true // "Nor have I heard any complaints"
			}
		}
	}
	if _, _, q := s.speaker(at); q != nil && q.Cue.Len() > 0 && q.Kind == model.QuoteIndirect {
		if t := int32(s.l.TokenAt(q.Cue.End - 1)); s.groupAt[t] >= 0 {
			if o := s.operator(t, rules.OpImplicative); o != nil && o.op.Factor < 0 {
				n = !n // "denied that it attacked", but "has little doubt that"
			}
		}
	}
	if !n {
		return false, 1
	}
	switch at.cue.Negated {
	case rules.NegatedFlip:
		return true, negationFlip
	case rules.NegatedWeaken:
		return true, negationWeaken
	case rules.NegatedKeep:
		return true, 1
	case rules.NegatedRefused:
		if refused {
			return true, negationFlip
		}
	}
	return true, 0
}

// deniedNoun reports whether a negation stands before the noun at token t,
// over adjectives: "no legal authority".
func (s *Stage) deniedNoun(t int32) bool {
	u := t - 1
	for u > 0 && u > t-3 && s.groupAt[u] < 0 && s.class(u)&text.Adjective != 0 && s.kindsAt[u]>>rules.OpNegation&1 == 0 {
		u--
	}
	return u >= 0 && s.operator(u, rules.OpNegation) != nil
}

// deniedUpTo reports whether a negation outside of verb groups ends at token t:
// "without consulting", "far from satisfied".
func (s *Stage) deniedUpTo(t, lo int32) bool {
	for u := max(t-3, lo); u < t; u++ {
		if o := s.operator(u, rules.OpNegation); o != nil && u+o.n == t && s.groupAt[u] < 0 && s.operator(u, rules.OpPseudo) == nil {
			return true
		}
	}
	return false
}

// neitherOf reports whether a verb group follows a negated one over "or":
// "has never pursued or sought".
func (s *Stage) neitherOf(g int32) bool {
	t := s.l.Groups[g].First - 1
	return g > 0 && t > 0 && s.l.Tokens[t].ID == s.words.or && s.l.Groups[g-1].Last == t && s.negated(&s.l.Groups[g-1])
}

// nobody reports whether a negation opens the clause of a verb group: "Nor
// could he", "Not all agencies are", "that not a single Democrat can".
func (s *Stage) nobody(grp *model.VerbGroup) bool {
	c := &s.l.Clauses[max(s.clauseAt[grp.First], 0)]
	first := c.First
	if first == c.Marker && s.operator(first, rules.OpNegation) == nil {
		first++
	}
	if first < grp.First && s.operator(first, rules.OpNegation) != nil && s.operator(first, rules.OpPseudo) == nil && !s.commaWithin(first, grp.First) {
		return true
	}
	if grp.Form != model.VerbFinite {
		return false
	}
	p := s.subject(s.groupAt[grp.Head]) // "For years no army has"
	return p.found() && p.Via == viaHead && p.Last <= grp.First && s.class(p.First)&text.Negator != 0 && s.canAt[p.First]&determiner != 0
}

// negated reports whether a verb group is negated in earnest: not by "not only".
func (s *Stage) negated(grp *model.VerbGroup) bool {
	if !grp.Negated {
		return false
	}
	for t := max(grp.First-2, s.sentenceFirst(grp.First)); t < min(grp.Last+2, int32(len(s.l.Tokens))); t++ {
		if s.operator(t, rules.OpPseudo) != nil {
			return false
		}
	}
	return true
}

// commaWithin reports whether a comma stands in tokens [a, b).
func (s *Stage) commaWithin(a, b int32) bool {
	for t := a; t < b; t++ {
		if s.isComma(t) {
			return true
		}
	}
	return false
}

// spurned reports whether a cue is what a text says that its subject rejects:
// "vetoed a resolution demanding", "voted against a bill calling for".
func (s *Stage) spurned(at *place) bool {
	if at.group < 0 || s.l.Groups[at.group].Form != model.VerbGerund {
		return false
	}
	t := s.l.Groups[at.group].First - 1
	lo := s.sentenceFirst(t + 1)
	if t <= lo || !s.marked(t, texts|plans) || s.groupAt[t] >= 0 {
		return false
	}
	against := false
	for t--; t > lo && s.groupAt[t] < 0 && (s.nominal(t) || s.canAt[t]&preposition != 0); t-- {
		against = against || s.l.Tokens[t].ID == s.words.against
	}
	g := s.groupAt[t]
	return g >= 0 && !s.l.Groups[g].Passive && (against || s.marked(s.l.Groups[g].Head, undo)) && !s.negated(&s.l.Groups[g])
}

// averse reports whether an infinitive hangs from a word that denies it:
// "unwilling to", "a refusal to", "neither able nor willing to".
func (s *Stage) averse(grp *model.VerbGroup) bool {
	t := grp.First - 1
	if t >= 0 && s.class(t)&text.To != 0 {
		t--
	}
	if grp.Form != model.VerbInfinitive || t < 1 || s.groupAt[t] >= 0 {
		return false
	}
	id := s.l.Tokens[t].ID
	return s.is(id, averse) || s.operator(t-1, rules.OpNegation) != nil && s.groupAt[t-1] < 0 && s.class(t)&text.Adjective != 0
}

// reversal reports whether a reverser stands between the cue and the token with
// which begins what fills the slot: "urged an end to the blockade".
func (s *Stage) reversal(at *place, first int32) bool {
	n, from := false, at.end
	for t := from; len(at.cue.Needs) > 0 && t < first; t++ {
		if contains(at.cue.Needs, s.l.Tokens[t].ID) {
			from = t + 1 // "imposed a ban on" is the deed
		}
	}
	for t := from; t < first; t++ {
		if n && s.class(t)&text.Conditional != 0 {
			n = false // "threatened to end the talks if"
		}
		if t > 0 && s.l.Tokens[t-1].Kind == model.Hyphen {
			continue // "an open-ended ceasefire"
		}
		if s.class(t)&text.Negator != 0 && t+1 < first && s.class(t+1)&text.To != 0 && s.nearby(t+1, first) {
			n = !n // "promised not to impose"
			continue
		}
		if o := s.operator(t, rules.OpReverser); o != nil && first-(t+o.n) <= 6 && s.nearby(t+o.n, first) {
			n = !n
			t += o.n - 1
		}
	}
	if t := first - 2; t >= at.end && s.l.Tokens[first-1].Kind == model.Hyphen && s.l.Tokens[t].ID == s.words.anti && s.issue(first) >= 0 {
		n = !n // "voted for the anti-DACA bill"
	}
	return n
}

// nearby reports whether no finite verb stands in tokens [a, b).
func (s *Stage) nearby(a, b int32) bool {
	for t := a; t < b; t++ {
		if g := s.groupAt[t]; g >= 0 && s.l.Groups[g].Form == model.VerbFinite && s.mentionAt[t] < 0 {
			return false
		}
	}
	return true
}

// emit adds one stance unless holder and target are the same actor. holder
// may be none; target is a mention of a party or issue.
func (s *Stage) emit(at *place, e *rules.Emit, holder, target, issue int32, voice model.Voice, reporter int32, source string,
	hf, tf *filled, negated bool, negFactor float32) bool {
	tm := &s.r.Mentions[target]
	if holder >= 0 && s.sameActor(holder, target) {
		return false
	}
	if holder < 0 && reporter >= 0 && s.sameActor(reporter, target) && source != "unknown" {
		return false
	}
	if tm.Kind != model.MentionIssue && tm.Party < 0 && tm.Person == "" {
		return false
	}
	if at.wanted && (tm.Kind == model.MentionIssue || e.Polarity == 0 || e.Polarity > 0 && (at.cue.Reciprocal || e.Act == "concede" || e.Root() != "05" && e.Root() != "07" && e.Root() != "08")) {
		return false // who asks two sides to talk is for neither
	}
	sent := &s.l.Sentences[at.sentence]
	f := model.Factors{Base: float32(e.Polarity) * e.Strength, Reversal: 1, Negation: negFactor, Modality: 1, Reporting: 1, Section: 1, Alias: 1}
	first := tm.First
	if tf.phrase.Via == viaProduct && target != issue && tm.Kind != model.MentionIssue {
		first = tf.phrase.First
	}
	reversed := s.reversal(at, first)
	if e.Polarity < 0 && tm.Kind != model.MentionIssue && tf.phrase.Via != viaHead {
		reversed = false // "criticized the lack of a response by the Senate"
	}
	if reversed != (at.spurned && tm.Kind == model.MentionIssue) {
		f.Reversal = -1
	}
	mode := ""
	if at.group >= 0 {
		if mode, f.Modality = s.modality(at.group); mode == "" && at.cue.Class != rules.CueNoun {
			mode, f.Modality = s.passedOn(at.group)
		}
		if mode == "" && at.cue.Class != rules.CueNoun && s.supposed(at) {
			mode, f.Modality = "hypothetical", hypothetical
		}
		if mode == "" && at.wanted {
			mode, f.Modality = "required", required
		}
	}
	if kind := s.l.Clauses[s.origin(max(s.clauseAt[at.cm.tok], 0))].Kind; sent.Question && mode == "" && (kind == model.ClauseMain || kind == model.ClauseCoordinate) {
		mode, f.Modality = "question", hypothetical
	}
	verb := ""
	_, _, q := s.speaker(at)
	if q != nil {
		verb = q.Verb
		if q.Reporting == model.ReportingDistancing {
			f.Reporting = distancing
		}
	}
	if sent.Section != model.SectionBody && sent.Section != model.SectionDek {
		f.Section = headlineSection
	}
	f.Alias = aliasFactor[tm.AliasKind]
	if tm.Kind == model.MentionIssue {
		f.Alias = 1
	}
	conf := s.confidence(at, holder, target, source, hf, tf)
	done := conf // that the holder does it
	if why := s.doubt(at, e, holder, target, source, mode, hf, tf, negated); why != "" {
		if conf = doubtful; why != onlyModifies && why != onlyOwns {
			done = doubtful
		}
		if s.tr.On() {
			s.tr.Add(trace.Event{Stage: "stance", Sentence: at.sentence, Rule: at.cue.ID, Outcome: "doubted", Reason: why, Span: s.span(at.cm)})
		}
	}
	score := f.Product()
	polarity := int8(0)
	if score > 0 {
		polarity = 1
	} else if score < 0 {
		polarity = -1
	}
	if reporter >= 0 && s.sameActor(reporter, holder) {
		reporter = none
	}
	sieve := s.sieve(source, slotNames[tf.kind], at.passive)
	if tm.Kind == model.MentionIssue {
		sieve = s.sieve(source, "issue", at.passive)
	} else if tf.phrase.Via == viaProduct {
		sieve = s.sieve(source, s.way, at.passive)
	}
	st := model.Stance{Sentence: at.sentence, Voice: voice, ReportedBy: reporter, Holder: holder, Target: target, Issue: issue,
		Act: e.Act, CAMEO: e.CAMEO, Polarity: polarity, Score: score, Factors: f, Negated: negated, Reversed: reversed, Modality: mode,
		Verb: verb, InQuote: s.inQuotation(at.cm.tok) != nil, Rule: at.cue.ID, Sieve: sieve, Cue: s.span(at.cm), Confidence: conf}
	s.add(st)
	// A reported misdeed accuses its doer: "Israel said Hamas attacked", "Congo says
	// Rwanda backs the rebels".
	if q != nil && q.Mention >= 0 && e.To == rules.ToTarget && (e.Polarity < 0 && s.traits[at.cm.cue].harmful || e.Polarity > 0 && s.abets(e, q.Mention, holder, target)) &&
		s.told(at) && !at.passive && holder >= 0 && source != "speaker" &&
		!negated && mode == "" && !s.sameActor(q.Mention, holder) && s.r.Mentions[holder].Party >= 0 && s.r.Mentions[q.Mention].Party >= 0 {
		f.Base, f.Alias, f.Reversal = -accusation*e.Strength, aliasFactor[s.r.Mentions[holder].AliasKind], 1
		st.Holder, st.Target, st.Act, st.CAMEO, st.Factors, st.ReportedBy = q.Mention, holder, "accuse", "112", f, none
		st.Score, st.Polarity, st.Reversed, st.Sieve, st.Confidence = f.Product(), -1, false, "reported-act", done*0.8
		s.add(st)
	}
	if s.tr.On() {
		s.tr.Add(trace.Event{Stage: "stance", Sentence: at.sentence, Rule: at.cue.ID, Outcome: "scored", Value: float64(score), Span: st.Cue,
			Reason: fmt.Sprintf("%s -> %s by %s", s.name(holder), s.name(target), sieve)})
	}
	return true
}

// abets reports whether an emit is help for an armed group of which somebody
// speaks who is none and not with it.
func (s *Stage) abets(e *rules.Emit, speaker, holder, target int32) bool {
	if holder < 0 || e.Root() < "05" || e.Root() > "07" || s.sameActor(speaker, target) {
		return false
	}
	t, h, sp := s.party(target), s.party(holder), s.party(speaker)
	n := int32(len(s.p.Parties))
	armed := func(p int32) bool { return p >= 0 && p < n && s.p.Parties[p].Kind == rules.ArmedGroup }
	return armed(t) && !armed(h) && !armed(sp)
}

// sieve says where holder and target were found.
type sieve struct {
	source, target string
	passive        bool
}

// sieve names a sieve; each name is made once.
func (s *Stage) sieve(source, target string, passive bool) string {
	key := sieve{source, target, passive}
	name, made := s.sieves[key]
	if !made {
		name = source + ">" + target
		if passive {
			name = "passive:" + name
		}
		s.sieves[key] = name
	}
	return name
}

// told reports whether the cue is a verb that says what happened: not a noun
// ("support for an attack") and no infinitive or gerund.
func (s *Stage) told(at *place) bool {
	return at.cue.Class == rules.CueVerb && at.group >= 0 && s.l.Groups[at.group].Form == model.VerbFinite
}

// name renders a mention for the trace.
func (s *Stage) name(m int32) string {
	if m < 0 {
		return "(none)"
	}
	mm := &s.r.Mentions[m]
	if mm.ID != "" {
		return mm.ID
	}
	return strings.TrimSpace(mm.Person + " " + mm.In(s.r.Article.Text))
}

// aliasFactor discounts what is said of a party through its officials,
// capital or a pronoun.
var aliasFactor = [...]float32{model.AliasName: 1, model.AliasShort: 1, model.AliasLeader: 0.9, model.AliasRole: 0.9, model.AliasDemonym: 0.9,
	model.AliasMetonym: 0.8, model.AliasPronoun: 0.8, model.AliasPlace: 0.7}

// add appends a stance unless the same cue already asserts it.
func (s *Stage) add(st model.Stance) {
	for i := len(s.r.Stances) - 1; i >= 0 && i >= len(s.r.Stances)-12; i-- {
		o := &s.r.Stances[i]
		if o.Cue == st.Cue && o.Rule == st.Rule && o.Holder == st.Holder && o.Target == st.Target && o.Act == st.Act {
			return
		}
	}
	s.r.Stances = append(s.r.Stances, st)
}

// confidence is how sure the reading of holder and target is, in [0, 1].
func (s *Stage) confidence(at *place, holder, target int32, source string, hf, tf *filled) float32 {
	c := float32(0.95)
	weigh := func(f *filled, m int32) {
		if m < 0 || !f.ok {
			return
		}
		switch f.phrase.Via {
		case viaPossessor:
			c *= 0.85
		case viaModifier:
			c *= 0.7
		case viaParent:
			c *= 0.85
		case viaProduct:
			c *= 0.6
		}
		if f.kind == rules.SlotClause || f.kind == rules.SlotAny {
			c *= 0.7
		}
	}
	weigh(hf, holder)
	weigh(tf, target)
	c *= s.r.Mentions[target].Confidence
	switch {
	case holder >= 0:
		c *= s.r.Mentions[holder].Confidence
	case source == "unknown":
		c *= 0.6
	case source == "narrator":
		c *= 0.8 // what reads like a judgement may be a plain report
	}
	if s.l.Sentences[at.sentence].Section == model.SectionHeadline || s.l.Sentences[at.sentence].Section == model.SectionHeadlineRepeat {
		c *= 0.9
	}
	return max(c, 0.01)
}

// doubtful is the confidence of a reading that is evidence for the learned
// models but too unsure for a row.
const doubtful = 0

// Why what is done to something of a target is not done to the target: whoever
// does it may be blamed all the same.
const (
	onlyModifies = "the target only modifies what is meant"
	onlyOwns     = "the target only owns what is meant"
)

// doubt returns why a reading is too unsure for a row; "" when it is not.
func (s *Stage) doubt(at *place, e *rules.Emit, holder, target int32, source, mode string, hf, tf *filled, negated bool) string {
	tm := &s.r.Mentions[target]
	if s.debris(at.sentence) {
		return "headlines run together here"
	}
	if kind := s.l.Clauses[s.origin(max(s.clauseAt[at.cm.tok], 0))].Kind; s.l.Sentences[at.sentence].Question && (kind == model.ClauseMain || kind == model.ClauseCoordinate) {
		return "it is asked, not said"
	}
	if why := s.unasserted(at); why != "" {
		return why
	}
	if at.spurned && tm.Kind != model.MentionIssue {
		return "the holder rejects the text that says it"
	}
	hard := forceful(e)
	hit := e.Polarity < 0 && (hard || e.Root() == "16") && holder >= 0 && s.abroad(target, holder) // with whatever is of the target
	if at.cue.Class == rules.CueNoun && len(at.cue.Frame.Holder) > 0 {
		switch {
		case source == "speaker":
			return "who speaks of it need not hold it"
		case source == "unknown":
			return "a deed or attitude of nobody in particular"
		case e.Polarity > 0 && at.cm.tok > 0 && s.marked(at.cm.tok-1, sour):
			return "what it names is strained or only thought of"
		case at.group >= 0 && s.undoes(at):
			return "the verb before undoes it"
		}
	}
	if len(at.cue.Frame.Holder) == 0 && e.Polarity > 0 && !negated && (mode == "required" || mode == "hypothetical") {
		return "it is asked for or supposed, not said" // "must keep its word"
	}
	if at.cue.Class == rules.CueNoun && len(at.cue.Frame.Holder) == 0 && e.Polarity > 0 && at.group >= 0 && s.undoes(at) {
		return "the verb before undoes it" // "questioned the wisdom of"
	}
	if len(at.cue.Frame.Holder) > 0 && mode == "hypothetical" && at.group >= 0 && s.l.Groups[at.group].Perfect && s.l.Groups[at.group].Modal >= 0 {
		return "it would have been, and was not"
	}
	switch {
	case holder >= 0:
		if s.r.Mentions[holder].Party < 0 && tm.Kind != model.MentionIssue && tm.Party < 0 {
			return "a party is neither holder nor target"
		}
		if s.local(&s.r.Mentions[holder], false) {
			return "a place within a country is not its government"
		}
		if s.citizens(holder) && !hard && !s.abroad(holder, target) && !strings.HasPrefix(e.CAMEO, "14") {
			return "citizens do not speak for their government"
		}
		if q := s.quoteAt[at.cm.tok]; hf.ok && hf.kind == rules.SlotSubject && q >= 0 && s.r.Quotes[q].Kind == model.QuoteDirect && s.l.Tokens[hf.phrase.Last-1].End <= s.r.Quotes[q].Start {
			return "the subject stands outside of the quotation"
		}
		if source == "speaker" && at.cue.Class == rules.CueVerb && len(at.cue.Frame.Holder) > 0 && !hf.ok && at.group >= 0 && !at.passive && s.l.Groups[at.group].Form == model.VerbFinite {
			return "who does it was not found"
		}
		if hf.ok && hf.kind == rules.SlotSubject && s.quotedAway(at, hf.phrase) {
			return "a quotation with a subject of its own lies between"
		}
		if hf.ok && hf.phrase.Via == viaControlled {
			return "it is wanted of the holder, not said"
		}
		if hf.ok && hf.phrase.Via == viaParent && at.group >= 0 && s.stray(at.group) {
			return "the infinitive hangs from no verb near it"
		}
	case tm.Kind != model.MentionIssue && tm.Party < 0:
		return "a party is neither holder nor target"
	case source == "unknown":
		if mode != "" && mode != "intended" {
			return "nobody known, and not asserted"
		}
		if clause := len(at.cue.Frame.Target) > 0 && at.cue.Frame.Target[0].Kind == rules.SlotClause; tm.Kind == model.MentionIssue && !clause || tm.AliasKind == model.AliasPronoun {
			return "neither side is a party by its name"
		}
		if hf.ok && (hf.phrase.Via == viaControlled || !s.agent(hf.phrase)) {
			return "the holder is nobody who can hold it"
		}
		if at.passive && !hf.ok && s.l.Tokens[s.l.Groups[at.group].First].Kind == model.Clitic {
			return "it may be perfect, not passive" // "the proposal he's hailed"
		}
		if at.passive && (tf.phrase.Via != viaHead || !hf.ok && (s.complemented(at.end) || !judges(e) && !hard)) {
			return "the subject is not sure, or it is only expected to do something"
		}
	case source == "narrator" || source == "speaker":
		if q := s.quoteAt[at.cm.tok]; source == "speaker" && (s.nameless(q) || len(at.cue.Frame.Holder) == 0) {
			return "who speaks was not found"
		} else if c := &s.l.Clauses[s.origin(max(s.clauseAt[at.cm.tok], 0))]; q >= 0 && c.Kind == model.ClauseThat && c.First > 0 && s.marked(c.First-1, notions) &&
			s.groupAt[c.First-1] < 0 && s.r.Quotes[q].Start <= s.l.Tokens[c.First-1].Start {
			return "others claim it, of whom it is told" // "she spoke of claims that he lied"
		}
		if len(at.cue.Frame.Holder) > 0 && (!hf.ok || source == "narrator") {
			return "nobody is seen to do it"
		}
		if kind := s.l.Clauses[s.origin(max(s.clauseAt[at.cm.tok], 0))].Kind; source == "narrator" && (kind == model.ClauseThat || kind == model.ClauseCondition || tf.phrase.Via == viaParent && tf.kind == rules.SlotSubject) {
			return "the narrator does not assert it" // "the idea that he is weak is nuts"
		}
		if at.group >= 0 && at.cue.Class == rules.CueVerb && s.dangles(&s.l.Groups[at.group]) {
			return "it is not said that it is done" // "threats to escalate", "a ban on using gas"
		}
		if source == "narrator" && at.cue.Scope.Reported {
			return "the narrator tells what happened"
		}
		if source == "narrator" && tf.kind == rules.SlotModifier {
			return onlyModifies
		}
		if source == "narrator" && mode != "" || source == "narrator" && at.group >= 0 && s.l.Groups[at.group].Form != model.VerbFinite {
			return "the narrator does not assert it"
		}
	}
	if t := at.cm.tok; at.cue.Class == rules.CuePhrase && s.class(t)&text.NounPlural != 0 && source == "subject" && t > 0 && !s.isComma(t-1) && s.class(t-1)&(text.Be|text.Adjective|text.Adverb) == 0 {
		return "the people of the cue are not the subject" // "met critics of the deal"
	}
	if t := at.cm.tok - 1; at.cue.Class == rules.CuePhrase && source == "subject" && t > 0 && s.canAt[at.cm.tok]&preposition != 0 && s.groupAt[t] < 0 && s.mentionAt[t] < 0 &&
		s.class(t)&(text.Noun|text.NounPlural) != 0 && s.class(t)&(text.Adjective|text.Adverb) == 0 {
		return "the phrase hangs from a noun" // "a vote in favor of"
	}
	if t := tm.Last; tm.Kind == model.MentionIssue && s.marked(at.head, wishes) && tf.kind != rules.SlotSubject && int(t) < len(s.groupAt) && s.groupAt[t] >= 0 && s.class(t)&text.To != 0 {
		return "it is about what becomes of the issue" // "wants the deal to fail"
	}
	if tm.Kind == model.MentionIssue || at.cue.Reciprocal && tf.kind == rules.SlotSubject {
		return ""
	}
	if s.citizens(target) && !hard && !s.abroad(target, holder) && source != "narrator" {
		return "citizens are not their government"
	}
	if s.local(tm, hard) {
		return "a place within a country is not its government"
	}
	if !tf.ok || !tf.phrase.found() || target != tf.phrase.Mention {
		if t := tm.Last; (hard || e.Root() == "16") && !hit && int(t) < len(s.l.Tokens) && t > tf.phrase.Last && (s.l.Tokens[t].Kind == model.Clitic || s.nominal(t) && !s.adverbial(t)) {
			return onlyOwns
		}
		return ""
	}
	if tf.kind == rules.SlotSubject && (tf.phrase.Via == viaControlled || s.quotedAway(at, tf.phrase)) {
		return "the subject is not sure"
	}
	if t := tf.phrase.Last; tf.kind == rules.SlotPrep && int(t) < len(s.groupAt) && s.groupAt[t] >= 0 && s.l.Groups[s.groupAt[t]].Form == model.VerbGerund {
		return "it is about what befalls the target" // "glad about the Americans being released"
	}
	h := s.headOf(tf.phrase)
	id := s.l.Tokens[h].ID
	if (tf.phrase.Via != viaHead || tm.AliasKind == model.AliasRole && tm.Person == "") && strings.HasPrefix(e.CAMEO, "04") && s.is(id, deeds|plans) {
		return "a deed is met, not who does it" // "met the Russian demands"
	}
	switch tf.phrase.Via {
	case viaParent:
		if tf.kind == rules.SlotClause {
			return "the actor of the clause is not sure"
		}
	case viaModifier:
		kinds := s.makes[id].noun
		made := judges(e) && (kinds&^(s.enacted|s.suffered) != 0 || kinds&s.enacted != 0 && passesJudgement(at.cue)) // "denounced the Saudi blockade"
		if s.issue(h) >= 0 && tf.kind != rules.SlotSubject && !(made && e.Polarity < 0) {
			return "the issue is meant that the target modifies" // "celebrated the Iran nuclear deal"
		}
		if !made && !hit && (!s.stands(id) && !(hard && s.is(id, struck)) || (s.foreign(target) || s.places[tm.Alias]) && !s.is(id, heads|plans|deeds) && !(hard && s.is(id, struck))) {
			return onlyModifies
		}
	case viaPossessor:
		if s.is(id, rivals) || s.is(id, entourage) && e.Polarity < 0 && !judges(e) && !hit {
			return "people around the target are meant"
		}
		if !s.stands(id) && !(hard && s.is(id, struck)) && !judges(e) && !hit {
			return onlyOwns
		}
	}
	return ""
}

// undoes reports whether the verb that has a noun cue as its object ends or
// denies what the noun names: "cut aid to", "rejected criticism of".
func (s *Stage) undoes(at *place) bool {
	grp := &s.l.Groups[at.group]
	if grp.Last > at.cm.tok || grp.Passive {
		return false
	}
	for t := grp.Last; t < at.cm.tok; t++ {
		if !s.nominal(t) && !s.adverbial(t) && !s.coordinates(t) && s.l.Tokens[t].ID != s.words.of { // "lifted most of its sanctions on"
			return false
		}
	}
	return s.marked(grp.Head, undo)
}

// dangles reports whether an infinitive or gerund hangs from a noun or from a
// preposition that does not say what its subject does.
func (s *Stage) dangles(grp *model.VerbGroup) bool {
	if grp.Form != model.VerbInfinitive && grp.Form != model.VerbGerund {
		return false
	}
	t := grp.First - 1
	if t >= 0 && s.class(t)&text.To != 0 {
		t--
	}
	if t < 0 || s.groupAt[t] >= 0 || s.marked(t, means) {
		return false
	}
	return s.canAt[t]&preposition != 0 || s.class(t)&(text.Noun|text.NounPlural) != 0 && s.class(t)&(text.Adjective|text.Verb) == 0 && s.mentionAt[t] < 0
}

// supposed reports whether the clause of a cue hangs from what need not be so:
// "if the evidence shows that he lied", "until he denounces", "the idea that".
func (s *Stage) supposed(at *place) bool {
	ci := s.origin(max(s.clauseAt[at.cm.tok], 0))
	for k := 0; ci >= 0 && k < 8; k++ {
		c := &s.l.Clauses[ci]
		switch c.Kind {
		case model.ClauseCondition:
			return true
		case model.ClauseAdverbial:
			return k == 0 && c.Marker >= 0 && s.l.Tokens[c.Marker].ID == s.words.until && s.class(s.l.Groups[at.group].First)&(text.VerbPast|text.Have) == 0
		case model.ClauseThat:
			if t := c.First - 1; t >= 0 && s.marked(t, notions) && s.groupAt[t] < 0 && s.quoteAt[at.cm.tok] < 0 {
				return true
			}
		case model.ClauseInfinitive:
		default:
			return false // what a relative clause or participle adds is so
		}
		ci = s.origin(c.Parent)
	}
	return false
}

// unasserted returns why nobody asserts the clause of a cue: a condition, or
// what somebody is said not to have said or shown.
func (s *Stage) unasserted(at *place) string {
	ci := s.origin(max(s.clauseAt[at.cm.tok], 0))
	c := &s.l.Clauses[ci]
	for c.Kind == model.ClauseInfinitive && c.Parent >= 0 {
		c = &s.l.Clauses[s.origin(c.Parent)] // "if he wanted to attack"
	}
	switch c.Kind {
	case model.ClauseCondition:
		if !(c.Marker >= 0 && s.l.Tokens[c.Marker].ID == s.words.whether && (at.cue.Class == rules.CueNoun || at.group >= 0 && s.l.Groups[at.group].Form == model.VerbGerund)) {
			return "it is a condition, or a question" // but "whether the sanctions on Iran work"
		}
	case model.ClauseThat:
		t := c.First - 2
		for t > 0 && s.class(t)&text.Adjective != 0 && s.class(t)&text.Negator == 0 && s.groupAt[t] < 0 {
			t-- // "no clear evidence that"
		}
		if t >= 0 && s.operator(t, rules.OpNegation) != nil && s.operator(t, rules.OpPseudo) == nil && s.groupAt[t] < 0 && s.class(c.First-1)&text.Noun != 0 {
			return "there is no word of it" // "no evidence that"
		}
		for k := 0; k < 4 && (c.Kind == model.ClauseThat || c.Kind == model.ClauseInfinitive); k++ {
			g := s.governor(c, c.First)
			if g < 0 || s.l.Groups[g].Last > c.First {
				break
			}
			if p := s.subject(g); s.negated(&s.l.Groups[g]) || p.found() && p.Via == viaHead && s.class(p.First)&text.Negator != 0 {
				return "it is not what was said" // "nobody suggested that they believed that"
			}
			if s.class(s.l.Groups[g].Head)&text.Reporting == 0 {
				break
			}
			c = &s.l.Clauses[s.origin(max(s.clauseAt[s.l.Groups[g].First], 0))]
		}
	}
	return ""
}

// forceful reports whether an emit is about the use of force or its release,
// which hit people and places: CAMEO roots 17 to 20, and 08.
func forceful(e *rules.Emit) bool {
	root := e.Root()
	return root >= "17" && root <= "20" || root == "08"
}

// judges reports whether an emit says what the holder thinks, so that what is
// said of somebody's conduct is said of them: CAMEO roots 05 and 11 to 14.
func judges(e *rules.Emit) bool {
	root := e.Root()
	return root == "05" || root >= "11" && root <= "14"
}

// local reports whether a mention is of a city or region, which hard deeds may
// hit, or a pronoun for one; "the government" is one of a country.
func (s *Stage) local(m *model.Mention, hard bool) bool {
	return s.places[m.Alias] && (m.AliasKind == model.AliasPlace && !hard || m.AliasKind == model.AliasPronoun && s.canAt[m.Head]&pronoun != 0)
}

// citizens reports whether a mention is a bare plural of origin ("Americans"):
// people, not a government, unless "the" makes it a side.
func (s *Stage) citizens(m int32) bool {
	mm := &s.r.Mentions[m]
	if mm.AliasKind == model.AliasPronoun && mm.Antecedent >= 0 {
		mm = &s.r.Mentions[mm.Antecedent] // "Americans say they"
	}
	if mm.AliasKind != model.AliasDemonym || mm.NeedsCue || !mm.Plural || mm.Party < 0 || int(mm.Party) >= len(s.p.Parties) || s.p.Parties[mm.Party].Kind != rules.Government {
		return false
	}
	return mm.First == 0 || s.canAt[mm.First-1]&determiner == 0
}

// abroad reports whether the other side of a stance is a power of another
// country, towards which a people stands for its country.
func (s *Stage) abroad(people, other int32) bool {
	a, b := s.party(people), s.party(other)
	if a < 0 || b < 0 || int(b) >= len(s.p.Parties) || s.r.Mentions[other].Kind == model.MentionIssue || s.root(a) == s.root(b) {
		return false
	}
	switch s.p.Parties[b].Kind {
	case rules.Government, rules.ArmedGroup, rules.IGO, rules.Group:
		return true
	}
	return false
}

// root returns the party at the top of the tree that holds party p.
func (s *Stage) root(p int32) int32 {
	for int(p) < len(s.p.Parties) && s.p.Parties[p].Parent >= 0 {
		p = s.p.Parties[p].Parent
	}
	return p
}

// stands reports whether a noun by its id stands for its owner: a body, a
// person or a deed.
func (s *Stage) stands(id int32) bool {
	return s.is(id, heads|plans|deeds) || s.word[id].class&text.PersonNoun != 0 && !s.is(id, rivals)
}

// quotedAway reports whether a quotation opens between a subject and its verb
// and goes on with more than the verb: then it has a subject of its own.
func (s *Stage) quotedAway(at *place, p phrase) bool {
	if at.group < 0 {
		return false
	}
	away, first := false, s.l.Groups[at.group].First
	for t := p.Last; t+1 < first; t++ {
		switch tok := &s.l.Tokens[t]; {
		case tok.Kind != model.QuoteMark:
		case tok.Has(model.Opening):
			away = away || s.nominal(t+1) && !s.adverbial(t+1)
		case s.coordinates(t + 1):
			away = false // `called it "a farce" and urged`
		}
	}
	return away
}

// stray reports whether an infinitive has neither a verb nor a noun for an aim
// close before it that could say whose it is.
func (s *Stage) stray(g int32) bool {
	grp := &s.l.Groups[g]
	if grp.Form != model.VerbInfinitive {
		return false
	}
	lo := s.sentenceFirst(grp.First)
	for t := grp.First - 1; t >= lo && t > grp.First-12; t-- {
		if u := s.groupAt[t]; u >= 0 && u != g {
			return t <= grp.First-7 && !s.marked(s.l.Groups[u].Head, aimed)
		}
		if t > grp.First-7 && s.marked(t, aims) {
			return false
		}
		if s.isComma(t) && t <= grp.First-7 {
			break
		}
	}
	return true
}

// foreign reports whether a mention is a bare adjective of a country: "an
// Israeli group" is not Israel's.
func (s *Stage) foreign(m int32) bool {
	mm := &s.r.Mentions[m]
	return mm.NeedsCue && (mm.AliasKind == model.AliasDemonym || mm.AliasKind == model.AliasMetonym) && s.governs(m)
}

// headOf returns the token that heads a noun phrase: the last one before its
// first preposition.
func (s *Stage) headOf(p phrase) int32 {
	for t := p.First + 1; t < p.Last; t++ {
		if s.canAt[t]&preposition != 0 && s.mentionAt[t] < 0 {
			return t - 1
		}
	}
	return p.Last - 1
}

// agent reports whether a phrase without a known actor can hold an attitude or
// do a deed: people, a body, a name. "He" and "it" without an antecedent may be
// anybody, a known party too.
func (s *Stage) agent(p phrase) bool {
	h := s.headOf(p)
	tok := &s.l.Tokens[h]
	c := s.word[tok.ID].class
	switch {
	case p.Mention >= 0:
		return true
	case c&text.PersonNoun != 0 || s.is(tok.ID, people):
		// "The group", "the former governor" without an antecedent may be known.
		return !(s.is(tok.ID, refers) && (s.l.Tokens[p.First].ID == s.words.the || s.canAt[p.First]&determiner != 0 && h-p.First < 2))
	case c&(text.Pronoun|text.Determiner|text.Relative|text.That) != 0:
		return false
	}
	// A name that no pack knows: its bearer holds it, not nobody in particular.
	return false
}

// nameless reports whether a quote has no source, or one by a name that no
// pack knows: somebody in particular said it.
func (s *Stage) nameless(qi int32) bool {
	if qi < 0 {
		return false
	}
	q := &s.r.Quotes[qi]
	if q.Mention >= 0 {
		return false
	}
	if q.Source.Len() == 0 {
		return q.Kind != model.QuoteIndirect
	}
	first := int32(s.l.TokenAt(q.Source.Start))
	p := phrase{First: first, Last: first + 1, Mention: none}
	for int(p.Last) < len(s.l.Tokens) && s.l.Tokens[p.Last].Start < q.Source.End {
		p.Last++
	}
	h := s.headOf(p)
	tok := &s.l.Tokens[h]
	return tok.Has(model.Capital) && (h > s.sentenceFirst(h) || s.class(h) == 0) && s.class(h)&(text.NounPlural|text.PersonNoun|text.Pronoun) == 0 && !s.is(tok.ID, people)
}

// debris reports whether a sentence is headlines and captions run together:
// bars between them, or the marks that sites leave where one was cut.
func (s *Stage) debris(si int32) bool {
	if s.judged.sentence != si {
		s.judged.sentence, s.judged.debris = si, s.runTogether(si)
	}
	return s.judged.debris
}

func (s *Stage) runTogether(si int32) bool {
	sent := &s.l.Sentences[si]
	if sent.Section != model.SectionBody && sent.Section != model.SectionDek {
		return false
	}
	for t := sent.First; t < sent.Last; t++ {
		tok := &s.l.Tokens[t]
		switch id := tok.ID; {
		case tok.Kind == model.Symbol && tok.Len() == 1 && s.r.Article.Text[tok.Start] == '|':
			return true
		case id == s.words.more && tok.Has(model.AllCaps):
			return true
		case t == sent.First && id == s.words.photos:
			return true
		}
	}
	return false
}

// bearer returns who has what a noun cue names: the subject of the verb that
// has the noun as its object and adds little of its own, "voiced support",
// "launched an attack", "is a critic".
func (s *Stage) bearer(at *place) phrase {
	g := at.group
	if g < 0 {
		return phrase{Mention: none}
	}
	grp := &s.l.Groups[g]
	if id := s.l.Tokens[grp.Head].ID; grp.Passive || grp.Last > at.cm.tok || !s.is(id, light) && s.word[id].class&(text.Be|text.Have) == 0 {
		return phrase{Mention: none}
	}
	if !s.adjoins(at) || s.namesRole(at) && s.word[s.l.Tokens[grp.Head].ID].class&text.Be == 0 && !s.marked(grp.Head, copular) {
		return phrase{Mention: none} // the second: "backs a rival of"
	}
	return s.subject(g)
}

// namesRole reports whether a cue says what somebody is: "a critic of".
func (s *Stage) namesRole(at *place) bool {
	if at.cue.Class == rules.CueNoun {
		return len(at.cue.Frame.Holder) == 1 && at.cue.Frame.Holder[0].Kind == rules.SlotSubject && slices.ContainsFunc(at.cue.Frame.Target, owning)
	}
	return at.cue.Class == rules.CuePhrase && s.class(at.head)&text.PersonNoun != 0
}

// appositive returns whom a noun cue says more of, behind a comma and, after
// another role, "and": "Roe, a longtime supporter of Ukraine, left".
func (s *Stage) appositive(at *place) phrase {
	if !s.namesRole(at) {
		return phrase{Mention: none}
	}
	lo := s.l.Sentences[at.sentence].First
	p := s.phraseEnding(at.head, lo)
	for range 3 {
		t := p.First - 1
		for t > lo && (s.adverbial(t) || s.canAt[t]&leading != 0) {
			t--
		}
		if t > lo+1 && s.l.Tokens[t].ID == s.words.of && s.numeral(t-1) {
			p = s.phraseEnding(t-1, lo) // "one of the critics of"
			continue
		}
		joined := t > lo && s.coordinates(t)
		if t <= lo || !joined && !s.isComma(t) || s.canAt[p.First]&determiner == 0 && s.class(p.First)&text.NumberWord == 0 && joined || !s.nominal(t-1) {
			break
		}
		q := s.phraseEnding(t-1, lo)
		switch {
		case !joined && q.Mention >= 0 && q.Via == viaHead && q.Last == t:
			return q
		case joined && q.found() && s.class(q.Last-1)&text.PersonNoun != 0:
			p = q // "the leader and a friend of"
			continue
		}
		break
	}
	return phrase{Mention: none}
}

// adjoins reports whether nothing but a noun phrase, with or for at most, lies
// between the verb group of a cue and the cue.
func (s *Stage) adjoins(at *place) bool {
	for t := s.l.Groups[at.group].Last; t < at.cm.tok; t++ {
		id := s.l.Tokens[t].ID
		if s.is(id, particles) {
			return false // "gave up leverage"
		}
		if (!s.nominal(t) && !s.adverbial(t) && !s.coordinates(t) || s.is(id, locates)) && id != s.words.forID && id != s.words.with && id != s.words.to && id != s.words.under && !(id == s.words.of && s.numeral(t-1)) {
			return false
		}
	}
	return true
}

// publish takes the doubtful readings out of the result. The learned models
// keep them as evidence.
func (s *Stage) publish() {
	s.doubted = s.doubted[:0]
	out := s.r.Stances[:0]
	for _, st := range s.r.Stances {
		if st.Confidence > doubtful {
			out = append(out, st)
		} else {
			s.doubted = append(s.doubted, st)
		}
	}
	s.r.Stances = out
	s.alignActs(s.r.Stances, s.doubted)
}

// alignActs notes the acts of stances, one list behind the other.
func (s *Stage) alignActs(lists ...[]model.Stance) {
	s.actOf = s.actOf[:0]
	for _, stances := range lists {
		for i := range stances {
			s.actOf = append(s.actOf, s.tone.Space.actIndex[stances[i].Act])
		}
	}
}

// unify keeps, of stances that one sentence asserts with the same holder,
// target, act and polarity, all rows: they are different evidence. Rows that
// share the very cue differ in act only; the stronger shadows nothing. What is
// dropped are accusations that a cue of its own already makes.
func (s *Stage) unify() {
	out := s.r.Stances[:0]
	for i := range s.r.Stances {
		st := s.r.Stances[i]
		better := func(o model.Stance) bool {
			return o.Sieve != "reported-act" && o.Polarity < 0 && s.sameActor(o.Holder, st.Holder) && o.Holder >= 0 && s.sameActor(o.Target, st.Target)
		}
		if st.Sieve == "reported-act" {
			// Stances lie in the order of their sentences.
			dup := false
			for j := len(out) - 1; j >= 0 && out[j].Sentence == st.Sentence; j-- {
				dup = dup || better(out[j])
			}
			for j := i + 1; j < len(s.r.Stances) && s.r.Stances[j].Sentence == st.Sentence; j++ {
				dup = dup || better(s.r.Stances[j])
			}
			if dup {
				continue
			}
		}
		out = append(out, st)
	}
	s.r.Stances = out
}
