package stance

import (
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// nounReach is the number of tokens behind a noun cue within which its prepositions stand.
const nounReach = 9

// region is a stretch of tokens that a slot looked at.
type region struct{ First, Last int32 }

// filled is what a slot yields.
type filled struct {
	phrase phrase
	kind   rules.SlotKind
	region region
	ok     bool // a filler was found, known or not
	gap    bool // it is what a relative clause is about
	named  bool // what the cue calls so is its own doing
}

type filler struct {
	holders, targets []int32
	derived          rules.Frame
	byWord           [1]int32
	swapped          []rules.Slot
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
	c := s.class(t)
	return tok.Kind == model.Word && c&(text.Noun|text.NounPlural) != 0 && c&(text.Verb|text.Adjective|text.Adverb|text.Preposition|text.Coordinator|text.Pronoun|text.Determiner) == 0 &&
		!s.marked(t, parcels) && !tok.Has(model.Capital)
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

// fillSlots tries the slots in order; a filler with a known actor wins over
// one without.
func (s *Stage) fillSlots(at *place, slots []rules.Slot, target bool) filled {
	best := filled{phrase: phrase{Mention: none}}
	if target && at.cue.Scope.Complement < 0 && at.group >= 0 && !at.passive {
		if p, r := s.doerCalled(at); p.Mention >= 0 {
			return filled{phrase: p, kind: rules.SlotObject, region: r, ok: true, named: true}
		}
	}
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

// whatBefore returns the token of "what" before the subject of a verb group, else 0.
func (s *Stage) whatBefore(g int32) int32 {
	for t, k := s.l.Groups[g].First-1, 0; t > 0 && k < 12 && s.groupAt[t] < 0; t, k = t-1, k+1 {
		if s.l.Tokens[t].ID == s.words.what {
			return t
		}
		if s.canAt[t]&(boundKind|markKind) != 0 {
			break
		}
	}
	return 0
}

// doerCalled returns whose doing it is that a cue calls so, and the words for it:
// "what Iran called an act of war by Israel", "bombed the port in what Iran
// called an act of war".
func (s *Stage) doerCalled(at *place) (phrase, region) {
	nobody := phrase{Mention: none}
	w := s.whatBefore(at.group)
	if w < 1 {
		return nobody, region{}
	}
	for i := range s.trying {
		if cm := &s.trying[i]; cm.tok+cm.n == w && s.traits[cm.cue].judging {
			return nobody, region{} // "condemned what it called", and that says it
		}
	}
	t := s.soCalled(w)
	hi := s.bound(t)
	p := s.phraseStarting(t, hi)
	if t < at.end || !p.found() || p.Mention >= 0 && p.Via == viaHead {
		return nobody, region{}
	}
	if p.Via == viaModifier && !s.human(p) {
		p.Via = viaPossessor // "American bullying"
	}
	r := region{t, p.Last}
	if p.Mention < 0 {
		for u := p.Last; u < min(hi, p.Last+8) && s.canAt[u]&boundKind == 0 && s.groupAt[u] < 0; u++ {
			if id := s.l.Tokens[u].ID; s.mentionAt[u] < 0 && (id == s.words.by || id == s.words.from) {
				q := s.phraseStarting(u+1, hi)
				q.Via = max(q.Via, viaPossessor)
				return q, region{t, u}
			}
		}
	}
	if g := s.groupBefore(w - 1); p.Mention < 0 && s.l.Tokens[w-1].ID == s.words.in && g >= 0 && s.l.Groups[g].Form == model.VerbFinite && !s.l.Groups[g].Passive && !s.l.Groups[g].Negated &&
		s.class(s.l.Groups[g].Head)&(text.Reporting|text.Be) == 0 {
		p = s.lend(s.subject(g))
	}
	return p, r
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
				if f.phrase = s.titled(at); f.phrase.found() {
					f.kind = rules.SlotObject
				} else {
					f.phrase = s.appositive(at)
				}
			}
		} else if p := s.appositive(at); p.found() {
			f.phrase = p
		} else if at.cue.Class == rules.CuePhrase && s.canAt[at.cm.tok]&determiner != 0 && at.cm.tok > 1 && s.isComma(at.cm.tok-1) && s.nominal(at.cm.tok-2) {
			f.phrase = s.phraseBeforeCue(at) // "Iran, an enemy of Israel,"
		} else if p := s.calledThat(at); !target && p.Mention >= 0 {
			f.phrase = p
		} else if p := s.actingIn(at, target); p.found() {
			f.phrase = p
		} else if at.group >= 0 && target && at.cue.Class == rules.CuePhrase && s.l.Tokens[at.cm.tok].ID != s.words.to && s.l.Groups[at.group].Head < at.cm.tok && (!s.adjoins(at) || s.marked(s.l.Groups[at.group].Head, pulls)) {
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
		if p := f.phrase; target && p.found() && p.Mention < 0 && p.Last+1 < hi && s.marked(p.Last-1, falls) && s.l.Tokens[p.Last].ID == s.words.of && judges(&at.cue.Emits[0]) && at.cue.Emits[0].Polarity > 0 {
			if q := s.phraseStarting(p.Last+1, hi); q.Mention >= 0 && q.Via == viaHead && s.r.Mentions[q.Mention].Person != "" {
				f.phrase = s.ofWhom(p, q) // "welcomed the overthrow of Assad"
			}
		}
		if p := f.phrase; p.found() && p.Mention < 0 && (p.Last-p.First > 1 || s.canAt[p.First]&pronoun == 0) {
			f.phrase = s.behind(p, hi)
			if target && f.phrase.Mention < 0 {
				if f.phrase = s.alongside(p, hi); f.phrase.Mention < 0 {
					f.phrase = s.toldName(p, hi)
				}
				if f.phrase.Mention < 0 && at.force {
					f.phrase = s.within(at, p, hi)
				}
			}
		}
		if target && len(at.cue.Needs) > 0 {
			f.phrase = s.cutAt(f.phrase, at.cue.Needs)
		}
	case rules.SlotPrep:
		if target && at.cue.Class == rules.CueNoun && at.end < sent.Last && s.nominal(at.end) && s.namesRole(at) {
			break // "Trump critic Jane Roe of Ohio"
		}
		from, hi := at.end, s.reach(at)
		for t := from; gap > 0 && !target && len(at.cue.Needs) > 0 && t < min(hi, at.end+senseReach); t++ {
			if contains(at.cue.Needs, s.l.Tokens[t].ID) && s.class(t)&(text.Noun|text.NounPlural) != 0 {
				from, gap = t+1, gap+t+1-at.end // "drew praise from Iran and fury from Oman"
				for hi = min(hi, from); hi < s.reach(at) && s.groupAt[hi] < 0; hi++ {
				}
				break
			}
		}
		f.phrase = s.afterPreposition(from, hi, sl.Words)
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
		f.phrase = s.actorOf(r, sent, slices.Contains(sl.Words, s.words.ifID) || slices.Contains(sl.Words, s.words.whether))
	case rules.SlotPossessive:
		f.phrase = s.possessor(at.cm.tok, sent.First)
		gap = 0
	case rules.SlotModifier:
		if m := s.modifierBefore(at.cm.tok, sent.First); m >= 0 && !(target && s.namesRole(at) && !s.sided(m)) {
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
		case c.Kind == model.ClauseInfinitive && c.Parent >= 0 && c.First > 0 && s.groupAt[c.First-1] >= 0: // "which it vowed to repeal"
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
	if at.group < 0 || at.passive || s.l.Groups[at.group].Form != model.VerbFinite && s.l.Groups[at.group].Form != model.VerbInfinitive || c.First == 0 {
		return nobody
	}
	if t := at.end; int(t) < len(s.groupAt) && s.groupAt[t] >= 0 && s.groupAt[t] != at.group && s.origin(s.clauseAt[t]) != s.origin(c.Parent) {
		return nobody // "who they suspect planned it", but "the ban that they oppose was"
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
	if personal && p.Mention < 0 && c.First > 0 && s.isComma(c.First-1) && !s.human(p) && s.nominal(c.First-2) {
		if q := s.phraseEnding(c.First-2, s.sentenceFirst(c.First)); q.Mention >= 0 && q.Via == viaHead && s.r.Mentions[q.Mention].Kind != model.MentionIssue {
			p = q // "out of the hands of Hamas, which"
		}
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

// amid returns where a preposition stands before the noun phrase of a cue that
// says what something is done under: "under pressure from", "in the face of
// Iran's objections"; none without.
func (s *Stage) amid(cm *cueMatch) int32 {
	t, lo := cm.tok-1, max(cm.tok-6, 0)
	for t > lo && s.nominal(t) && !s.marked(t, amidst|beneath) {
		t--
	}
	if t > 3 && s.l.Tokens[t].ID == s.words.of && s.marked(t-1, amidst) && s.l.Tokens[t-3].ID == s.words.in {
		return t - 3
	}
	if from := cm.class == rules.CuePhrase; t < 0 || s.groupAt[t] >= 0 && s.canAt[t]&preposition == 0 ||
		!s.marked(t, amidst) && !(s.marked(t, beneath) && (from || s.l.Tokens[t].ID == s.words.under && s.traits[cm.cue].asks)) {
		return none // not "over the Roe case", but "under Iranian pressure"
	}
	return t
}

// actingIn is acting for the target of a phrase cue.
func (s *Stage) actingIn(at *place, target bool) phrase {
	if !target || at.cue.Class != rules.CuePhrase {
		return phrase{Mention: none}
	}
	return s.acting(at)
}

// acting returns who does what is done under the noun or phrase of a cue:
// "Under pressure from Iran, Oman", "Oman left amid Iran's complaints".
func (s *Stage) acting(at *place) phrase {
	nobody := phrase{Mention: none}
	t := s.amid(at.cm)
	if t < 0 || at.cue.Class == rules.CuePhrase && s.class(at.head)&(text.Noun|text.NounPlural) == 0 {
		return nobody
	}
	sent := &s.l.Sentences[at.sentence]
	does := at.group >= 0 && s.l.Groups[at.group].Last <= t && s.l.Groups[at.group].Form == model.VerbFinite
	if t > sent.First+1 && s.isComma(t-1) && s.nominal(t-2) && !(does && !s.l.Groups[at.group].Passive) {
		if p := s.phraseEnding(t-2, sent.First); p.Mention >= 0 && p.Via == viaHead {
			return p
		}
	}
	if p := s.phraseEnding(t-1, sent.First); t > sent.First && p.Mention >= 0 && p.Via == viaHead && p.First > sent.First && s.l.Tokens[p.First-1].ID == s.words.by {
		return p // "a bill signed by Trump despite"
	}
	if t > sent.First && s.canAt[t-1]&joiner == 0 && !(s.isComma(t-1) && s.groupBefore(t) < 0) {
		if does {
			return s.subject(at.group)
		}
		return nobody
	}
	comma := at.end
	for comma < min(sent.Last, at.end+14) && !s.isComma(comma) {
		comma++
	}
	for g := sent.FirstGroup; g < sent.LastGroup; g++ {
		if grp := &s.l.Groups[g]; grp.First > comma && grp.Form == model.VerbFinite {
			if p := s.subject(g); p.First > comma {
				return p
			}
			break
		}
	}
	return nobody
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
		if q.Mention >= 0 && ((id == s.words.by || id == s.words.behind) && !s.human(p) || k == 0 && id == s.words.of && !slices.Contains(s.nounTargets(p.Last-1), id) && !s.marked(p.Last-1, suffered)) {
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
	case t > p.Last && !joined && s.canAt[p.First]&determiner != 0 && (s.class(p.Last-1)&text.PersonNoun != 0 || s.marked(p.Last-1, rivals)):
		if q := s.phraseStarting(t, hi); q.Mention >= 0 && q.Via == viaHead && s.r.Mentions[q.Mention].Person != "" && s.r.Mentions[q.Mention].AliasKind != model.AliasRole {
			return q // "his predecessor, Jane Roe"
		}
		if !several {
			return p
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

// toldName returns the name in apposition behind a noun phrase for somebody:
// "its southern neighbor, Iran"; else the phrase.
func (s *Stage) toldName(p phrase, hi int32) phrase {
	t := p.Last
	if t+1 >= hi || !s.isComma(t) || !s.human(p) || s.class(s.headOf(p))&text.NounPlural != 0 {
		return p
	}
	q := s.phraseStarting(t+1, hi)
	if q.Mention < 0 || q.Via != viaHead || q.First != t+1 || q.Last < hi && s.canAt[q.Last]&boundKind == 0 {
		return p
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

// pastAside returns the token behind an aside of a few words that opens at a
// comma: "by, among others, Iran"; t without one.
func (s *Stage) pastAside(t, hi int32) int32 {
	if t >= hi || !s.isComma(t) {
		return t
	}
	for u := t + 1; u < min(hi, t+6); u++ {
		if s.isComma(u) {
			return u + 1
		}
	}
	return t
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
		p := s.phraseStarting(s.pastAside(u+1, hi), hi)
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
		if !s.nominal(u) && s.class(u)&text.Adjective == 0 || s.canAt[u]&determiner != 0 && s.l.Tokens[u].ID != s.words.most {
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
	c := s.class(h)
	switch {
	case p.Mention >= 0:
		return true
	case c&text.PersonNoun != 0 || s.marked(h, people):
		// "The group", "the former governor" without an antecedent may be known.
		return h < p.Last-1 || !(s.marked(h, refers) && (s.l.Tokens[p.First].ID == s.words.the || s.canAt[p.First]&determiner != 0 && h-p.First < 2))
	case c&(text.Pronoun|text.Determiner|text.Relative|text.That) != 0:
		return false
	}
	// A name that no pack knows: its bearer holds it, not nobody in particular.
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
	if grp.Passive || grp.Last > at.cm.tok || !s.marked(grp.Head, light) && s.class(grp.Head)&(text.Be|text.Have) == 0 {
		return phrase{Mention: none}
	}
	if !s.adjoins(at) || s.namesRole(at) && s.word(grp.Head).class&text.Be == 0 && !s.marked(grp.Head, copular) {
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
			if s.class(at.head)&text.NounPlural != 0 && p.First == s.phraseEnding(at.head, lo).First && s.r.Mentions[q.Mention].Person != "" && !(q.First > lo && s.coordinates(q.First-1)) {
				return phrase{Mention: none} // "compared Roe, Iran supporters"
			}
			return q
		case joined && q.found() && (s.class(q.Last-1)&text.PersonNoun != 0 || q.Mention >= 0 && s.canAt[q.First]&determiner != 0):
			p = q // "the leader and a friend of", "a Republican and a friend of"
			continue
		}
		break
	}
	return phrase{Mention: none}
}

// titled returns whom a noun cue says more of before their name: "Trump critic
// Jane Roe", "her main rival, John Roe, won".
func (s *Stage) titled(at *place) phrase {
	t, hi := at.end, s.l.Sentences[at.sentence].Last
	apart := t < hi && s.isComma(t)
	if apart {
		t++
	}
	if t >= hi || !s.namesRole(at) || s.canAt[t]&nounish == 0 && s.canAt[t]&named == 0 {
		return phrase{Mention: none}
	}
	p := s.phraseStarting(t, hi)
	if p.Mention < 0 || p.Via != viaHead || s.r.Mentions[p.Mention].Person == "" || s.r.Mentions[p.Mention].AliasKind == model.AliasPronoun || apart && (s.class(at.head)&text.NounPlural != 0 || p.Last < hi-1 && !s.isComma(p.Last)) {
		return phrase{Mention: none}
	}
	return p
}

// sided reports whether a name before a noun cue for a role tells whose part it
// is, not of which party or country whoever plays it is: "a Trump critic", but "a
// Republican critic".
func (s *Stage) sided(m int32) bool {
	mm := &s.r.Mentions[m]
	return mm.Person != "" || s.governs(m) && mm.AliasKind == model.AliasName
}

// adjoins reports whether nothing but a noun phrase, with or for at most, lies
// between the verb group of a cue and the cue.
func (s *Stage) adjoins(at *place) bool {
	for t := s.l.Groups[at.group].Last; t < at.cm.tok; t++ {
		id := s.l.Tokens[t].ID
		if s.is(id, particles) {
			return false // "gave up leverage"
		}
		if (!s.nominal(t) && !s.adverbial(t) && s.canAt[t]&(joiner|contraster) == 0 || s.is(id, locates)) && id != s.words.forID && id != s.words.with && id != s.words.to && id != s.words.under && !(id == s.words.of && (s.numeral(t-1) || s.marked(t-1, vessels))) {
			return false
		}
	}
	return true
}
