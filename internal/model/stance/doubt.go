package stance

import (
	"strings"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// slotNames name the sieves: where the holder was found, then the target.
var slotNames = [...]string{"subject", "object", "prep", "clause", "possessive", "modifier", "any"}

// Weights of a denied attitude.
const (
	negationFlip   = -0.7 // it is weaker than its opposite
	negationWeaken = 0.5
)

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

// namedHere reports whether a pronoun stands for somebody whom its sentence names.
func (s *Stage) namedHere(m *model.Mention) bool {
	if m.Person == "" || m.Antecedent < 0 {
		return false
	}
	a := &s.r.Mentions[m.Antecedent]
	return a.Sentence == m.Sentence && a.AliasKind != model.AliasPronoun
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
	if first < from && at.group >= 0 && s.issue(first) >= 0 {
		// "an end to the blockade is welcome", "repealing the law is wrong"
		if p := s.subject(at.group); p.found() && p.First <= first && first < s.l.Groups[at.group].First {
			if from = p.First; from > 0 && s.groupAt[from-1] >= 0 && s.l.Groups[s.groupAt[from-1]].Form == model.VerbGerund {
				from = s.l.Groups[s.groupAt[from-1]].First
			}
		}
	}
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
	if t := first - 2; t >= from && s.l.Tokens[first-1].Kind == model.Hyphen && s.l.Tokens[t].ID == s.words.anti && s.issue(first) >= 0 {
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

// sieve says where holder and target were found.
type sieve struct {
	source, target string
	passive        bool
}

// told reports whether the cue is a verb that says what happened: not a noun
// ("support for an attack") and no infinitive or gerund.
func (s *Stage) told(at *place) bool {
	return at.cue.Class == rules.CueVerb && at.group >= 0 && s.l.Groups[at.group].Form == model.VerbFinite
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
		case (e.Polarity > 0 || !tf.ok) && at.cm.tok > 0 && s.marked(at.cm.tok-1, sour):
			return "what it names is strained or only thought of"
		case !tf.ok && (mode == "hypothetical" || s.feared(at.cm.tok)):
			return "it need not come to it" // "could lead to a war between"
		case at.group >= 0 && s.undoes(at):
			return "the verb before undoes it"
		case s.namesRole(at) && s.formerly(at.cm.tok):
			return "it was so once" // "a former Trump foe"
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
		if clause := len(at.cue.Frame.Target) > 0 && at.cue.Frame.Target[0].Kind == rules.SlotClause; tm.Kind == model.MentionIssue && !clause || tm.AliasKind == model.AliasPronoun && !s.namedHere(tm) {
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
		if source == "narrator" && (at.cue.Scope.Reported || tm.Kind == model.MentionIssue && len(at.cue.Frame.Issue) > 0 && at.cue.Frame.Issue[0].Kind == rules.SlotSubject) {
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
		s.class(t)&(text.Noun|text.NounPlural) != 0 && s.class(t)&(text.Adjective|text.Adverb) == 0 && !(s.l.Tokens[at.cm.tok].ID == s.words.in && s.marked(t, texts) && at.group >= 0 && !at.passive && s.adjoins(at)) {
		return "the phrase hangs from a noun" // "a vote in favor of", but "issued a statement in support of"
	}
	if t := tm.Last; (tm.Kind == model.MentionIssue || e.Polarity > 0) && s.marked(at.head, wishes) && tf.kind != rules.SlotSubject && int(t) < len(s.groupAt) && s.groupAt[t] >= 0 && s.class(t)&text.To != 0 {
		return "it is about what becomes of the target" // "wants the deal to fail", "would like him to call"
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
	strikes := hard || e.Act == "threaten"
	switch tf.phrase.Via {
	case viaParent:
		if tf.kind == rules.SlotClause {
			return "the actor of the clause is not sure"
		}
	case viaModifier:
		kinds := s.word(h).noun
		made := judges(e) && (kinds&^(s.enacted|s.suffered) != 0 || kinds&s.enacted != 0 && passesJudgement(at.cue)) // "denounced the Saudi blockade"
		if s.issue(h) >= 0 && tf.kind != rules.SlotSubject && !(made && e.Polarity < 0) {
			return "the issue is meant that the target modifies" // "celebrated the Iran nuclear deal"
		}
		folk := e.Act == "thank" && id == s.words.folk || // "thanked the Ukrainian people"
			e.Polarity > 0 && judges(e) && s.is(id, entourage) && s.class(tf.phrase.First)&text.Possessive != 0 // "stood with its Polish allies"
		if !made && !hit && !folk && (!s.stands(h) && !(strikes && s.is(id, struck)) || (s.foreign(target) || s.places[tm.Alias]) && !s.is(id, heads|plans|deeds) && !(strikes && s.is(id, struck))) {
			return onlyModifies
		}
	case viaPossessor:
		if s.is(id, rivals) || s.is(id, entourage) && e.Polarity < 0 && !judges(e) && !hit {
			return "people around the target are meant"
		}
		if e.Root() == "09" {
			if s.is(id, notions|suffered) {
				return onlyOwns // "looked into her allegations"
			}
		} else if !s.stands(h) && !(strikes && s.is(id, struck)) && !judges(e) && !hit {
			return onlyOwns
		}
	}
	return ""
}

// formerly reports whether the noun phrase before token t says that what follows is
// over.
func (s *Stage) formerly(t int32) bool {
	for u := t - 1; u >= 0 && u > t-5 && s.nominal(u); u-- {
		if s.marked(u, once) && s.class(u)&text.Adjective != 0 {
			return true
		}
	}
	return false
}

// feared reports whether the noun at token t is only thought of: "fears of a new
// war".
func (s *Stage) feared(t int32) bool {
	for t--; t > 0 && s.canAt[t]&preposition == 0 && s.nominal(t); t-- {
	}
	return t > 0 && s.groupAt[t] < 0 && s.canAt[t]&preposition != 0 && s.marked(t-1, notions)
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
	return mm.First == 0 || s.canAt[mm.First-1]&determiner == 0 || s.marked(mm.First-1, counts) // "all Americans"
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

// stands reports whether the noun at token t stands for its owner: a body, a
// person or a deed.
func (s *Stage) stands(t int32) bool {
	return s.marked(t, heads|plans|deeds) || s.class(t)&text.PersonNoun != 0 && !s.marked(t, rivals)
}

// quotedAway reports whether a quotation opens between a subject and its verb
// and goes on with more than the verb: then it has a subject of its own.
func (s *Stage) quotedAway(at *place, p phrase) bool {
	if at.group < 0 {
		return false
	}
	grp := &s.l.Groups[at.group]
	joined := grp.Form == model.VerbFinite && s.coordinates(grp.First-1)
	resumes := grp.Form == model.VerbFinite && s.l.Clauses[max(s.clauseAt[grp.First], 0)].Resumes >= 0
	away, verb := false, false
	for t := p.Last; t < grp.First; t++ {
		switch tok := &s.l.Tokens[t]; {
		case tok.Kind != model.QuoteMark:
			verb = verb || s.groupAt[t] >= 0 && s.mentionAt[t] < 0 && s.l.Groups[s.groupAt[t]].Form == model.VerbFinite
		case tok.Has(model.Opening):
			away, verb = away || s.nominal(t+1) && !s.adverbial(t+1), false
			resumes = resumes && s.origin(max(s.clauseAt[t], 0)) != s.origin(max(s.clauseAt[grp.First], 0))
		case s.coordinates(t + 1), joined && !verb && s.nominal(t+1), resumes:
			away = false // `called it "a farce" and urged`, `met the "rebels" there and urged`, `Egypt, which fears a "war," urged`
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
