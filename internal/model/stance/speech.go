package stance

import (
	"fmt"
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
	"stance/internal/trace"
)

// The rule and the sieve of what a speaker says of a party without a cue.
const (
	speechRule  = "speech"
	sieveSpeech = "learned:speaker>subject"
)

// The bars of speech: its words, the tone towards the party and the learned
// model of directed stance must agree.
const (
	speechWords    = 0.3 // strength of the words of the predicate, one side less the other
	speechTone     = 0.5 // probability of the tone
	speechPair     = 0.5 // probability of the directed stance
	speechCharged  = 0.4 // the same behind a verb that charges somebody
	speechSure     = 0.4 // the same where words and tone are sureWords and sureTone
	sureWords      = 0.5
	sureTone       = 0.8
	speechRequired = 0.6  // the same of what the target must or should do
	speechAlone    = 0.85 // the tone where the speaker stands in another sentence, which the directed stance does not see
	speechStrength = 0.5
)

// befallingClasses are the classes of the lexicon that tell what happens to
// somebody as often as what he does.
var befallingClasses = []string{"death", "disaster", "emotion-neg", "health-bad", "economy-bad", "deprivation", "trouble-sign"}

// chargingVerbs report what somebody is blamed for.
var chargingVerbs = []string{"charge", "allege", "complain", "protest", "grumble", "gripe", "retort", "fume", "moan", "rage"}

// pursuingVerbs tell what somebody does although an attitude is in them; other
// verbs of attitude in a predicate tell what he thinks of somebody else.
var pursuingVerbs = []string{"reject", "refuse", "oppose", "threaten", "plan", "plot", "seek", "attempt", "try", "want", "lie", "mock", "insult",
	"betray", "post", "press", "pressure", "push", "veto", "boycott", "share", "show", "release"}

// sufferingWords say that something is done to the subject or felt by it.
var sufferingWords = []string{"victim", "victims", "target", "targets", "scapegoat", "prey", "afraid", "worried", "nervous", "angry", "upset", "concerned",
	"scared", "frightened", "alarmed", "furious", "sick", "injured", "wounded", "dead", "suffer", "suffered", "suffering", "suffers", "under", "die", "dies", "died", "dying", "stake", "regret", "regretted", "regrets"}

// statement is a clause in which a speaker says something of a party.
type statement struct {
	target    int32
	subject   phrase
	group     int32
	predicate region
}

// speech adds what parties that speak say of others where no cue gave a
// stance: the target is the subject of a clause whose predicate judges it.
func (s *Stage) speech() {
	r := s.r
	if len(r.Quotes) == 0 {
		return
	}
	s.said = s.said[:0]
	for i := range r.Tones {
		t := &r.Tones[i]
		if t.Sentence < r.Piece.Known || t.P[0] < speechTone || s.l.Sentences[t.Sentence].Section == model.SectionBoilerplate {
			continue
		}
		for mi := t.Mention; int(mi) < len(r.Mentions) && r.Mentions[mi].Sentence == t.Sentence; mi++ {
			m := &r.Mentions[mi]
			if m.Kind != model.MentionParty || m.Party != s.party(t.Mention) || !m.Actor() || s.quoteAt[m.First] < 0 || !s.speaksOf(s.quoteAt[m.First], mi) {
				continue
			}
			s.sentenceAt = t.Sentence
			if of := s.statementOn(mi); of.group >= 0 {
				s.assess(&of, t)
				break
			}
		}
	}
	if len(s.said) == 0 {
		return
	}
	r.Stances = append(r.Stances, s.said...)
	s.sortStances()
	for i := range s.said {
		s.r.Mentions[s.said[i].Holder].Role = model.RoleHolder
		if m := &s.r.Mentions[s.said[i].Target]; m.Role == model.RoleNone {
			m.Role = model.RoleTarget
		}
	}
	s.alignActs()
}

// speaksOf reports whether a quote is the words of a party that is no kin of a
// mention in it, and has no stance towards it in the sentence.
func (s *Stage) speaksOf(q, target int32) bool {
	r := s.r
	h := r.Quotes[q].Mention
	if h < 0 {
		return false
	}
	hm, m := &r.Mentions[h], &r.Mentions[target]
	if hm.Party < 0 || int(hm.Party) >= len(s.p.Parties) || s.root(hm.Party) == s.root(m.Party) || slices.Contains(hm.Rollup, m.ID) || slices.Contains(m.Rollup, hm.ID) ||
		s.p.Parties[hm.Party].Kind == rules.Media || s.citizens(h) || s.citizens(target) {
		return false
	}
	first, last := s.stancesIn(m.Sentence)
	return !slices.ContainsFunc(r.Stances[first:last], func(st model.Stance) bool { return s.sameActor(st.Holder, h) && s.sameActor(st.Target, target) })
}

// statementOn returns the statement whose subject a mention is, or whose doer
// behind "by"; its group is none without one.
func (s *Stage) statementOn(mi int32) statement {
	m := &s.r.Mentions[mi]
	sent := &s.l.Sentences[m.Sentence]
	for g := sent.FirstGroup; g < sent.LastGroup; g++ {
		grp := &s.l.Groups[g]
		if grp.Form != model.VerbFinite || s.quoteAt[grp.Head] != s.quoteAt[m.First] {
			continue
		}
		if grp.Passive && grp.Last < m.First && s.l.Tokens[grp.Last].ID == s.words.by {
			// "was attacked by Roe"
			if p := s.objectAfter(grp.Last+1, sent.Last); p.Mention == mi && (p.Via == viaHead || s.stands(s.l.Tokens[s.headOf(p)].ID)) {
				return statement{mi, p, g, region{grp.First, p.First}}
			}
		}
		if grp.Passive || grp.First < m.Last {
			continue
		}
		p := s.subject(g)
		if p.Mention != mi || p.Last > grp.First || p.Via == viaControlled || p.Via == viaParent || p.Via != viaHead && !s.stands(s.l.Tokens[s.headOf(p)].ID) {
			continue
		}
		ci := s.origin(max(s.clauseAt[grp.First], 0))
		for s.l.Clauses[ci].Kind == model.ClauseCoordinate && s.l.Clauses[ci].Parent >= 0 {
			ci = s.origin(s.l.Clauses[ci].Parent)
		}
		if k := s.l.Clauses[ci].Kind; k != model.ClauseMain && k != model.ClauseThat {
			break
		}
		return statement{mi, p, g, region{grp.First, s.predicateEnd(grp, sent)}}
	}
	return statement{group: none}
}

// predicateEnd returns where what a verb group governs ends: at a mark, a
// subordinator, or the next finite verb with its subject.
func (s *Stage) predicateEnd(grp *model.VerbGroup, sent *model.Sentence) int32 {
	for t := grp.Last; t < sent.Last; t++ {
		if g := s.groupAt[t]; g >= 0 && s.l.Groups[g].Form == model.VerbFinite {
			if p := s.subject(g); p.First >= grp.Last && p.Last <= t {
				return p.First
			}
			return t
		}
		if s.canAt[t]&boundKind != 0 && s.l.Tokens[t].Kind != model.QuoteMark || s.class(t)&(text.Subordinate|text.Conditional) != 0 && s.canAt[t]&preposition == 0 {
			return t
		}
	}
	return sent.Last
}

// assess adds a stance when what is said of its target is clearly bad.
func (s *Stage) assess(of *statement, t *model.Tone) {
	cue, p, why := s.blames(of, t)
	outcome := "rejected"
	if why == "" {
		s.said = append(s.said, s.blame(of, t, cue, p))
		st := &s.said[len(s.said)-1]
		if outcome = "scored"; s.tr.On() {
			why = fmt.Sprintf("%s -> %s by %s", s.name(st.Holder), s.name(st.Target), sieveSpeech)
		}
	}
	if s.tr.On() {
		s.tr.Add(trace.Event{Stage: "stance", Sentence: t.Sentence, Rule: speechRule, Outcome: outcome, Value: float64(p), Reason: why, Span: s.spanOf(cue)})
	}
}

// blames returns the words of a statement that judge its target, and the
// probability that the speaker is against it; or why that is not so.
func (s *Stage) blames(of *statement, t *model.Tone) (cue region, p float32, why string) {
	grp := &s.l.Groups[of.group]
	cue = region{grp.Head, grp.Head + 1}
	q := &s.r.Quotes[s.quoteAt[s.r.Mentions[of.target].First]]
	at := place{cm: &cueMatch{tok: grp.Head, n: 1}, head: grp.Head, group: of.group, end: grp.Last, sentence: t.Sentence}
	switch {
	case s.debris(t.Sentence):
		return cue, 0, "headlines run together here"
	case s.l.Sentences[t.Sentence].Question:
		return cue, 0, "it is asked, not said"
	case s.supposed(&at), s.unasserted(&at) != "", s.denies(of, q):
		return cue, 0, "the speaker does not assert it"
	case s.unsure(of):
		return cue, 0, "the subject is not sure"
	}
	mode, _ := s.modality(of.group)
	said := func(how set) bool { return q.Cue.Len() > 0 && s.marked(int32(s.l.TokenAt(q.Cue.End-1)), how) }
	if mode != "" && mode != "required" && !said(warning) {
		return cue, 0, "the speaker does not assert it"
	}
	if (s.cueVerb(of.group) != nil || s.reporting(of.group) != nil) && !s.marked(grp.Head, pursuing) {
		return cue, 0, "it tells what the target thinks of somebody" // "said that Israel condemned the attack"
	}
	words, cue := s.weigh(of, grp)
	if s.negated(grp) || s.nobody(grp) {
		words = max(words, 0)
	}
	charged := said(charging)
	if words > -speechWords && !(charged && words <= 0) {
		return cue, 0, "its words do not judge the target"
	}
	bar := float32(speechPair)
	switch {
	case s.r.Mentions[q.Mention].Sentence != t.Sentence:
		if p = t.P[0]; p < speechAlone || words > -speechWords {
			return cue, p, "the tone is not sure"
		}
		return cue, p, ""
	case mode != "":
		bar = speechRequired
	case words <= -sureWords && t.P[0] >= sureTone:
		bar = speechSure
	case charged:
		bar = speechCharged
	}
	if p = s.Pair(q.Mention, of.target)[0]; p < bar {
		return cue, p, "that the speaker is against the target is not sure"
	}
	return cue, p, ""
}

// blame is the stance of a statement.
func (s *Stage) blame(of *statement, t *model.Tone, cue region, p float32) model.Stance {
	m := &s.r.Mentions[of.target]
	q := &s.r.Quotes[s.quoteAt[m.First]]
	f := model.Factors{Base: -speechStrength, Reversal: 1, Negation: 1, Reporting: 1, Section: 1, Alias: aliasFactor[m.AliasKind]}
	mode, factor := s.modality(of.group)
	f.Modality = factor
	if q.Reporting == model.ReportingDistancing {
		f.Reporting = distancing
	}
	if k := s.l.Sentences[t.Sentence].Section; k != model.SectionBody && k != model.SectionDek {
		f.Section = headlineSection
	}
	return model.Stance{Sentence: t.Sentence, Voice: model.VoiceParty, ReportedBy: none, Holder: q.Mention, Target: of.target, Issue: none, Act: "fault", CAMEO: "11",
		Polarity: -1, Score: f.Product(), Factors: f, Modality: mode, Verb: q.Verb, InQuote: s.inQuotation(cue.First) != nil, Rule: speechRule, Sieve: sieveSpeech,
		Cue: s.spanOf(cue), Confidence: max(p*m.Confidence*s.r.Mentions[q.Mention].Confidence, 0.01)}
}

// spanOf returns the bytes of some tokens.
func (s *Stage) spanOf(r region) model.Span {
	return model.Span{Start: s.l.Tokens[r.First].Start, End: s.l.Tokens[r.Last-1].End}
}

// unsure reports whether the words before the subject of a statement make it
// another's or none: "Roe, not Moe, lied", "what Roe does is", "[if] Roe lies",
// "the lie Roe told".
func (s *Stage) unsure(of *statement) bool {
	lo := s.sentenceFirst(of.subject.First)
	for _, first := range [...]int32{of.subject.First, s.r.Mentions[of.target].First} {
		if u := first - 1; u >= lo && (s.kindsAt[u]>>rules.OpNegation&1 != 0 || s.class(u)&(text.Negator|text.Question) != 0 && s.class(u)&text.That == 0) {
			return true
		}
	}
	for u := max(of.subject.First-3, lo); u < of.subject.First; u++ {
		if s.class(u)&text.Conditional != 0 && s.class(u)&text.That == 0 {
			return true
		}
	}
	u := of.subject.First - 1
	return u >= lo && s.class(of.subject.First)&text.That == 0 && !s.l.Groups[of.group].Passive && s.bareNoun(u) && s.mentionAt[u] < 0 && s.quoteAt[u] == s.quoteAt[of.subject.First]
}

// denies reports whether a speaker denies a statement or says that it is not
// what he thinks.
func (s *Stage) denies(of *statement, q *model.Quote) bool {
	if q.Cue.Len() > 0 {
		if o := s.operator(int32(s.l.TokenAt(q.Cue.End-1)), rules.OpImplicative); o != nil && o.op.Factor < 0 {
			return true
		}
	}
	sent := &s.l.Sentences[s.sentenceAt]
	at := s.quoteAt[of.subject.First]
	for g := sent.FirstGroup; g < of.group; g++ {
		if grp := &s.l.Groups[g]; s.quoteAt[grp.Head] == at && (s.cueVerb(g) != nil || s.reporting(g) != nil) && s.negated(grp) {
			return true
		}
	}
	return false
}

// weigh sums up the polarity of the words of a predicate and returns the
// worst of them, the verb without any. What befalls the subject weighs
// half, what it suffers makes the sum zero.
func (s *Stage) weigh(of *statement, grp *model.VerbGroup) (sum float32, cue region) {
	cue = region{grp.Head, grp.Head + 1}
	worst := float32(0)
	for _, e := range s.entriesIn(of.predicate) {
		if s.canAt[e.tok]&named != 0 {
			continue
		}
		x := e.polarity
		if s.befalling[e.topic] {
			x /= 2
		}
		sum += x
		if x < worst {
			worst, cue = x, region{e.tok, e.tok + 1}
		}
	}
	s.matches = s.p.LexiconPhrases.Match(s.l.Tokens[:of.predicate.Last], int(cue.First), s.matches[:0])
	if n := len(s.matches); n > 0 {
		cue.Last = max(cue.Last, cue.First+s.matches[n-1].Len)
	}
	for t := of.predicate.First; t < min(of.predicate.Last, grp.Last+4); t++ {
		if s.marked(t, suffering) {
			return 0, cue
		}
	}
	return sum, cue
}
