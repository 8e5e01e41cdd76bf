package stance

import (
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
)

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
	amid       bool    // its noun may say what somebody does something under
	topical    bool    // it is about issues alone
	predicates bool    // it says what its subject is
	severs     bool    // it cuts what ties holder and target: sanctions, relations
}

// personalActs are directed at somebody; others at what somebody does too.
var personalActs = []string{"accuse", "blame", "criticize", "mock", "insult", "thank", "urge", "demand", "request", "threaten", "warn", "assault", "kill", "fight", "console", "arrest"}

// harmfulActs do harm to their target.
var harmfulActs = []string{"betray", "obstruct", "insult", "coerce", "arrest", "threaten"}

// askingActs ask their target to do something.
var askingActs = []string{"demand", "urge", "request"}

func newTraits(cues []rules.Cue, from int32) []trait {
	traits := make([]trait, len(cues))
	for i := range cues {
		c := &cues[i]
		t := trait{
			directed: prepositions(&c.Frame), sections: c.Scope.Sections, force: force(c), unless: senseBit(c.Unless), needs: senseBit(c.Needs),
			ahead:      !slices.ContainsFunc(c.Frame.Target, aside) && !slices.ContainsFunc(c.Frame.Issue, aside),
			overtaken:  overtaken(c),
			topical:    len(c.Frame.Target) == 0,
			predicates: len(c.Frame.Target) == 0 && len(c.Frame.Issue) > 0 && c.Frame.Issue[0].Kind == rules.SlotSubject && len(c.Needs) > 0,
			subjective: slices.ContainsFunc(c.Frame.Issue, subjective) || c.Passive != nil && slices.ContainsFunc(c.Passive.Issue, subjective),
			judging:    judging(c),
		}
		if t.harmful = t.force; len(c.Emits) > 0 {
			e := &c.Emits[0]
			t.personal, t.asks = slices.Contains(personalActs, e.Act), slices.Contains(askingActs, e.Act)
			t.harmful = t.force || slices.Contains(harmfulActs, e.Act)
			t.severs = e.Root() == "16"
			t.amid = c.Class == rules.CueNoun && e.Polarity < 0 && e.To == rules.ToTarget && e.Root() >= "10" && e.Root() <= "12" && slices.ContainsFunc(c.Frame.Holder, func(sl rules.Slot) bool { return slices.Contains(sl.Words, from) })
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
	for i := range s.traits {
		for _, id := range s.p.Cues[i].Unless {
			s.sorts[id].senses |= s.traits[i].unless
		}
		for _, id := range s.p.Cues[i].Needs {
			s.sorts[id].senses |= s.traits[i].needs
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

// sensesIn returns the bits of the words of the sentence at hand.
func (s *Stage) sensesIn(sent *model.Sentence) uint64 {
	if s.sensed == 0 {
		all := uint64(1 << 63)
		for t := sent.First; t < sent.Last; t++ {
			all |= s.word(t).senses
		}
		s.sensed = all
	}
	return s.sensed
}

// sensedBehind reports whether a word with some bit of senses stands within
// senseReach tokens from token t on, before hi.
func (s *Stage) sensedBehind(t, hi int32, bit uint64) bool {
	sorts := s.sorts
	for _, sort := range s.sortAt[t:max(t, min(hi, t+senseReach))] {
		if sorts[sort].senses&bit != 0 {
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

func direction(k rules.SlotKind) int32 {
	if k == rules.SlotSubject || k == rules.SlotPossessive {
		return -1
	}
	return 1
}

// outside reports whether what fills a slot stands apart from the cue's noun phrase.
func outside(sl rules.Slot) bool {
	return sl.Kind != rules.SlotPossessive && sl.Kind != rules.SlotModifier
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

// prepositions returns those that a frame's target stands behind.
func prepositions(f *rules.Frame) []int32 {
	for _, sl := range f.Target {
		if sl.Kind == rules.SlotPrep {
			return sl.Words
		}
	}
	return nil
}

// forceful reports whether an emit is about the use of force or its release,
// which hit people and places: CAMEO roots 17 to 20, and 08.
func forceful(e *rules.Emit) bool {
	root := e.Root()
	return root >= "17" && root <= "20" || root == "08"
}
