package stance

import (
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// What a cue says its target is, in tokens and polarities.
const (
	complementReach = 14
	complementLean  = 0.25 // polarity that a complement has at least
	complementShare = 2    // times that of the words against it
)

// judgedAs returns whether the words that a cue says of its target are for it
// or against it: "called the plan a disgrace", "described them as friends",
// "retorted that they had lied". It is the sign of a clear majority of the
// words of the lexicon, else 0.
func (s *Stage) judgedAs(at *place, target *filled, issue int32) int8 {
	r := s.said(at, target, issue)
	if p := &target.phrase; p.Mention >= 0 && p.First < r.First && r.First < p.Last {
		p.Last = r.First // "called the Israeli plan reckless"
	}
	sum := polarities{}
	for t := r.First; t < r.Last; t++ {
		if s.canAt[t]&preposition != 0 && t > r.First && sum.sign() < 0 {
			break // "a betrayal of peace", but "the leading sponsor of terrorism"
		}
		t += max(s.weigh(t, r.First, &sum)-1, 0)
	}
	return sum.sign()
}

// polarities are sums of those of words for and against somebody.
type polarities struct{ positive, negative float32 }

func (p polarities) sign() int8 {
	switch {
	case p.negative >= complementLean && p.negative >= complementShare*p.positive:
		return -1
	case p.positive >= complementLean && p.positive >= complementShare*p.negative:
		return 1
	}
	return 0
}

// weigh adds the entry of the lexicon at token t, negated by a word from token
// lo on, and returns its length.
func (s *Stage) weigh(t, lo int32, sum *polarities) int32 {
	if s.canAt[t]&entries == 0 || s.mentionAt[t] >= 0 && s.actorAt(t) >= 0 {
		return 0
	}
	s.matches = s.p.LexiconPhrases.Match(s.l.Tokens, int(t), s.matches[:0])
	if len(s.matches) == 0 {
		return 0
	}
	x, n := s.lexemeOf(s.matches).polarity, s.matches[len(s.matches)-1].Len
	for u := max(t-3, lo); u < t; u++ {
		if s.operator(u, rules.OpNegation) != nil && s.operator(u, rules.OpPseudo) == nil {
			x *= -0.5
			break
		}
	}
	if x > 0 {
		sum.positive += x
	} else {
		sum.negative -= x
	}
	return n
}

// said returns the stretch of the sentence that says what the target is.
func (s *Stage) said(at *place, target *filled, issue int32) region {
	first, last := at.end, s.l.Sentences[at.sentence].Last
	switch p := target.phrase; {
	case target.kind == rules.SlotClause && p.Mention >= 0:
		return region{p.Last, min(target.region.Last, p.Last+complementReach)}
	case p.Mention >= 0 && p.First >= at.end:
		first = s.r.Mentions[p.Mention].Last
		if p.Via != viaHead {
			for first = p.Last; first > s.r.Mentions[p.Mention].Last && s.plainAdjective(first-1); first-- {
			}
		}
	case p.Mention < 0 && issue >= 0 && s.r.Mentions[issue].First >= at.end:
		first = s.r.Mentions[issue].Last
	}
	if needs := at.cue.Needs; len(needs) > 0 {
		t := first
		for ; t < min(last, first+complementReach); t++ {
			if _, ok := slices.BinarySearch(needs, s.l.Tokens[t].ID); ok {
				break
			}
		}
		first = t + 1
	} else if int(first) < len(s.l.Tokens) && (s.canAt[first]&preposition != 0 || s.marked(first, pointing|timing)) {
		return region{} // "called the president on Monday"
	}
	last = min(last, first+complementReach)
	for t := first; t < last; t++ {
		switch tok := &s.l.Tokens[t]; {
		case tok.Kind == model.QuoteMark || s.mentionAt[t] >= 0:
		case tok.Kind == model.Dash, tok.Kind == model.Punctuation, s.class(t)&(text.Subordinate|text.Relative) != 0 && s.canAt[t]&preposition == 0 && t > first:
			return region{first, t}
		case s.groupAt[t] >= 0 && s.l.Groups[s.groupAt[t]].Form != model.VerbParticiple && (t == first || s.l.Groups[s.groupAt[t]].Form != model.VerbGerund):
			return region{first, t}
		}
	}
	return region{first, max(first, last)}
}
