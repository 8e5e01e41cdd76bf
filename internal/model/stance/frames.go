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
	distancing      = 0.8
	headlineSection = 0.9 // compressed syntax, or a repetition
	hypothetical    = 0.4
	required        = 0.5
	senseReach      = 10  // tokens behind a cue within which words tell its sense
	accusation      = 0.6 // of a reported act: "Israel said Hamas attacked"
)

// claim is a place of a cue that a rule has taken.
type claim struct {
	first, last int32
	rule        int32
	from, to    int32 // stances that it gave
}

// stances tries the cues of each sentence, longest and most specific first at
// each place.
func (s *Stage) stances() {
	s.claims = s.claims[:0]
	mi, mentions := 0, s.r.Mentions
	for rest, si := s.cues, int32(0); int(si) < len(s.l.Sentences); si++ {
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
		if s.trying, rest = rest[:n], rest[n:]; !plain && s.mentionedTo > 0 && si >= s.l.Piece.Known {
			longest = s.rejoin(si, longest)
		}
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

// rejoin adds to the cues of a sentence those of several words that adverbs or a
// day part: "voted overwhelmingly against", "lashed out angrily at", "called on
// Monday for". It returns the length of the longest.
func (s *Stage) rejoin(si, longest int32) int32 {
	sent, toks, whole := &s.l.Sentences[si], s.l.Tokens, true
	for g := sent.FirstGroup; g < sent.LastGroup; g++ {
		t := s.l.Groups[g].Head
		if s.known[toks[t].ID].can&startsCue == 0 {
			continue
		}
		for at := t + 1; at <= t+2 && at+1 < sent.Last; at++ {
			if s.canAt[at]&parting == 0 || at > t+1 && !s.p.CuePhrases.Opens(toks[t].ID, toks[t+1].ID) {
				continue
			}
			u := at
			for u+1 < sent.Last && u < at+3 && s.parts(u, g) {
				u++
			}
			if u == at || s.marked(u, timing) || at == t+1 && !s.p.CuePhrases.Opens(toks[t].ID, toks[u].ID) {
				continue
			}
			s.unparted = append(append(s.unparted[:0], toks[t:at]...), toks[u:min(u+6, sent.Last)]...)
			s.matches = s.p.CuePhrases.Match(s.unparted, 0, s.matches[:0])
			for _, m := range s.matches {
				if f := &s.forms[m.Value]; m.Len > at-t && f.class == rules.CueVerb && f.head == 0 {
					if whole {
						s.rejoined, whole = append(s.rejoined[:0], s.trying...), false
					}
					s.rejoined = append(s.rejoined, cueMatch{t, m.Len + u - at, *f})
					longest = max(longest, m.Len+u-at)
				}
			}
			break
		}
	}
	if !whole {
		s.trying = s.rejoined
	}
	return longest
}

// parts reports whether token u behind the head of verb group g is an adverb that
// makes no other verb of it, or of a day.
func (s *Stage) parts(u, g int32) bool {
	switch can := s.canAt[u]; {
	case can&parting == 0 || can&named != 0 || s.groupAt[u] >= 0 && s.groupAt[u] != g:
		return false
	case can&preposition != 0:
		return s.l.Tokens[u].ID == s.words.on && s.class(u+1)&text.Weekday != 0
	}
	return !s.marked(u, particles|measuring|tying|locates) && (s.class(u)&text.Weekday != 0 || s.adverbial(u) && s.class(u)&text.Negator == 0)
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
	if rule.topical && !s.atIssue {
		return true
	}
	if cm.class != rules.CueVerb || s.l.Groups[g].Passive || sent.Section == model.SectionHeadline || sent.Section == model.SectionHeadlineRepeat {
		return rule.needs != 0 && s.sensesIn(sent)&rule.needs == 0 // wherever it may stand
	}
	end := max(cm.tok+cm.n, s.l.Groups[g].Last)
	if rule.needs != 0 && !s.sensedBehind(cm.tok+cm.n, sent.Last, rule.needs) {
		return !rule.overtaken || s.relativeOver(head) == nil
	}
	return s.mentionedTo <= end && rule.ahead && !rule.judging && !s.tentative && !cm.reciprocal && s.kindsIn[si]&pairs == 0 && end+2 < sent.Last && s.relativeOver(head) == nil
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
	mutual := cue.Reciprocal || (s.kindsIn[si]&pairs != 0 || end+2 >= sent.Last) && s.eachOther(end)
	if !mutual && (s.mentionedTo == 0 || s.mentionedTo <= end && rule.ahead && !passive && !s.tentative && s.relativeOver(head) == nil && !(rule.judging && (s.productNear(cm.tok, end, sent) || cue.Scope.Complement < 0 && g >= 0 && s.whatBefore(g) > 0)) && !(rule.amid && s.amid(cm) >= 0)) {
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
	if rule.amid && !target.ok && issue < 0 && made.head < 0 {
		if p := s.acting(&at); p.Mention >= 0 && p.Via != viaModifier && p.Via != viaPossessor && s.fillSlots(&at, frame.Holder, false).kind != rules.SlotSubject {
			target = filled{phrase: p, kind: rules.SlotSubject, region: region{p.First, p.Last}, ok: true}
		}
	}
	if target.phrase.Mention < 0 && issue < 0 && !mutual && made.head < 0 {
		return "rejected", nothingFills
	}
	if cue.Scope.Infinitive && !s.bidden(&at, &target) {
		return "rejected", "nobody is asked to do anything"
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
	if cue.Reciprocal && len(targets) == 0 && !target.ok && len(holders) > 1 && holder.kind != rules.SlotPossessive && !s.complemented(at.end) {
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
	if f.ok && f.phrase.Mention < 0 && f.kind == rules.SlotSubject {
		if p := s.revealed(at, f.phrase); p.found() {
			f.phrase = p
		}
	}
	if at.cue.Class == rules.CueNoun && !f.ok && len(frame.Holder) > 0 && !s.possessed(at) {
		if p := s.bearer(at); p.found() {
			return filled{phrase: p, kind: rules.SlotSubject, region: region{p.First, p.Last}, ok: true}
		}
	}
	return f
}

// revealed returns who is said behind "was" to be the one that a sentence opens
// with: "Among those who condemned it was Iran", "The first to condemn it was".
func (s *Stage) revealed(at *place, p phrase) phrase {
	sent := &s.l.Sentences[at.sentence]
	if at.group < 0 || p.Last > s.l.Groups[at.group].First || p.First > sent.First+2 {
		return phrase{Mention: none}
	}
	if kind := s.l.Clauses[s.origin(max(s.clauseAt[at.head], 0))].Kind; kind != model.ClauseRelative && kind != model.ClauseInfinitive && kind != model.ClauseParticiple {
		return phrase{Mention: none}
	}
	g := at.group + 1
	for g < sent.LastGroup && s.l.Groups[g].Form != model.VerbFinite {
		g++
	}
	if g < sent.LastGroup && s.class(s.l.Groups[g].Head)&text.Be != 0 && !s.l.Groups[g].Negated {
		if q := s.phraseStarting(s.l.Groups[g].Last, sent.Last); q.Mention >= 0 && q.Via == viaHead {
			return q
		}
	}
	return phrase{Mention: none}
}

// possessed reports whether nobody but who owns what a noun cue names holds it: "his
// support of", but "had the support of".
func (s *Stage) possessed(at *place) bool {
	d := s.traits[at.cm.cue].directed
	return len(d) == 1 && d[0] == s.words.of && !slices.ContainsFunc(at.cue.Frame.Holder, outside)
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
	if up < 0 || s.l.Groups[up].Last > grp.First || !s.asking(s.l.Groups[up].Head, grp.Form != model.VerbInfinitive) {
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
// its target to do something, where that a that-clause may say what.
func (s *Stage) asking(t int32, that bool) bool {
	if s.marked(t, forcing) {
		return false
	}
	for i := range s.trying {
		if cm := &s.trying[i]; cm.headAt() == t && s.traits[cm.cue].asks && !cm.never && !(that && s.p.Cues[cm.cue].Scope.Infinitive) {
			return true
		}
	}
	return false
}

// bidden reports whether an infinitive follows the target of a cue, who is to do
// what it says: "told Congo on Monday to withdraw".
func (s *Stage) bidden(at *place, target *filled) bool {
	if !target.phrase.found() {
		return false
	}
	t := at.end
	if !at.passive && target.kind != rules.SlotSubject {
		t = max(t, target.phrase.Last)
	}
	for hi := min(t+9, s.l.Sentences[at.sentence].Last-1); t < hi; t++ {
		if g := s.groupAt[t]; g >= 0 && s.mentionAt[t] < 0 {
			return s.l.Groups[g].Form == model.VerbInfinitive && s.class(s.l.Groups[g].First)&text.To != 0
		}
		if s.l.Tokens[t].ID == s.words.to {
			return s.l.Tokens[t+1].Kind == model.QuoteMark || s.canAt[t+1]&(unlisted|named) == unlisted && !s.l.Tokens[t+1].Has(model.Capital) // "to 'stop'", "to reclassify"
		}
		if kind := s.l.Tokens[t].Kind; kind == model.QuoteMark || kind == model.Punctuation && !s.isComma(t) || s.class(t)&(text.That|text.Conditional) != 0 {
			return false
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
	if s.traits[at.cm.cue].predicates {
		hi = s.predicateEnd(t, hi)
	}
	for ; t < hi; t++ {
		if s.word(t).senses&bit != 0 && contains(words, s.l.Tokens[t].ID) {
			return true
		}
	}
	return false
}

// predicateEnd returns where the words from token t on end that say what a subject
// is, before what hangs from them: "is a disaster for", "are cruel and wrong,".
func (s *Stage) predicateEnd(t, hi int32) int32 {
	for u := t; u < hi; u++ {
		switch tok := &s.l.Tokens[u]; {
		case tok.Kind == model.Punctuation && tok.Len() == 1 && !s.isComma(u), tok.Kind == model.Dash, s.class(u)&(text.Subordinate|text.That|text.To) != 0 && u > t,
			s.canAt[u]&(preposition|adverb) == preposition && u > t && tok.ID != s.words.of, s.groupAt[u] >= 0 && s.l.Groups[s.groupAt[u]].Form == model.VerbFinite:
			return u
		}
	}
	return hi
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
		if v := s.groupAt[cm.tok]; cm.n > 1 && v >= 0 && s.mentionAt[cm.tok] < 0 && s.l.Groups[v].Head == cm.tok {
			return none, "a verb here, no noun" // "to warm relations"
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
		first := cm.tok
		if first > 1 && s.l.Tokens[first-1].ID == s.words.as {
			for first--; first > 1 && s.adverbial(first-1); {
				first--
			}
			if g := s.groupAt[first-1]; g >= 0 {
				return g, "" // "were just as critical of"
			}
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
		if t := holder.phrase.First - 2; at.cue.Reciprocal && holder.kind == rules.SlotModifier && t >= sent.First && s.hyphens(t+1) && s.actorAt(t) >= 0 {
			out = append(out, s.actorAt(t)) // "the US-China trade war"
		}
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

// hyphens reports whether the mark at token t joins the names around it.
func (s *Stage) hyphens(t int32) bool {
	tok := &s.l.Tokens[t]
	return tok.Kind == model.Hyphen || tok.Kind == model.Dash || tok.Kind == model.Symbol && s.r.Article.Text[tok.Start] == '/'
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

// emit adds one stance unless holder and target are the same actor: two people of
// one party are not. holder may be none; target is a mention of a party or issue.
func (s *Stage) emit(at *place, e *rules.Emit, holder, target, issue int32, voice model.Voice, reporter int32, source string,
	hf, tf *filled, negated bool, negFactor float32) bool {
	tm := &s.r.Mentions[target]
	if holder >= 0 && s.sameActor(holder, target) && !s.colleagues(holder, target) {
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
	if s.befallen(e, target, tf) || tm.Kind == model.MentionIssue && s.undone(tm.Last) {
		reversed = !reversed
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
		if mode == "" && len(at.cue.Frame.Holder) == 0 && at.cue.Class == rules.CueVerb {
			_, at.wanted = s.asker(at.group, tf.phrase) // "demanded Israel show restraint"
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

// befallen reports whether what fills the slot of a target is what befalls the
// target, of which somebody judges: "voted for his impeachment", "condemned her
// arrest", but not "his arrest of".
func (s *Stage) befallen(e *rules.Emit, target int32, tf *filled) bool {
	p := tf.phrase
	if p.Mention != target || p.Via != viaPossessor || tf.kind == rules.SlotSubject || s.r.Mentions[target].Person == "" || !judges(e) || e.Act == "console" || e.Act == "mock" {
		return false
	}
	h := s.headOf(p)
	return s.marked(h, falls) && (h < s.r.Mentions[target].First || int(h)+1 >= len(s.l.Tokens) || s.l.Tokens[h+1].ID != s.words.of)
}

// undone reports whether the noun at token t, behind an issue, is for its end:
// "the tariff repeal".
func (s *Stage) undone(t int32) bool {
	return int(t) < len(s.l.Tokens) && s.marked(t, turns) && s.groupAt[t] < 0 && s.operator(t, rules.OpReverser) != nil
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

// doubtful is the confidence of a reading that is evidence for the learned
// models but too unsure for a row.
const doubtful = 0

// Why what is done to something of a target is not done to the target: whoever
// does it may be blamed all the same.
const (
	onlyModifies = "the target only modifies what is meant"
	onlyOwns     = "the target only owns what is meant"
)

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
