package stance

import (
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// issueReach is the number of tokens behind the cue or the target within which the issue stands.
const issueReach = 12

// withinIssue reports whether a mention is part of an issue's name behind the
// cue, which ends at token end: a place in it, or a party behind its first words.
func (s *Stage) withinIssue(m, end int32) bool {
	mm := &s.r.Mentions[m]
	i := s.issue(mm.First)
	return i >= 0 && s.r.Mentions[i].First >= end && (mm.AliasKind == model.AliasPlace || s.r.Mentions[i].First < mm.First)
}

// fillIssue returns the issue that is at stake: in the slot of the frame when
// there is one, else in the object or after the cue in its clause. own says
// that the slot names the issue itself, so that the stance may be towards it:
// who is criticised over a war is a target, the war is none.
func (s *Stage) fillIssue(at *place, frame *rules.Frame, target *filled) (issue int32, own bool) {
	sent := &s.l.Sentences[at.sentence]
	party := target.ok && target.phrase.Mention >= 0
	if target.gap && slices.ContainsFunc(frame.Issue, objective) {
		if m := s.issueNear(target.region); m >= 0 {
			return m, true // "the travel ban that Democrats oppose"
		}
	}
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
			if len(at.cue.Frame.Holder) == 0 && at.group >= 0 {
				if m = s.subjectIssue(region{r.First, max(r.Last, s.l.Groups[at.group].First)}); m < 0 {
					return s.issueIn(r), false
				}
			} else {
				m = s.issueIn(r)
			}
		}
		if m >= 0 {
			i := &s.r.Mentions[m]
			return m, kind != rules.SlotPrep || !party || i.First >= target.phrase.First && i.Last <= target.phrase.Last // "furor over the Mueller inquiry"
		}
		// "optimism about an agreement, which would bring a truce"
		if f.ok && kind != rules.SlotSubject && s.nounPhraseOpens(r, sent) {
			if m := s.issueIn(region{r.Last, sent.Last}); m >= 0 {
				return m, true
			}
		}
		if kind == rules.SlotObject && f.ok {
			if m := s.providedFor(r, sent); m >= 0 {
				return m, true // "legislation that would repeal"
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

// subjectIssue returns the issue that a subject names, not one that only hangs from
// it: "repealing the law", but not "stopping those who sell guns".
func (s *Stage) subjectIssue(r region) int32 {
	if t := r.First - 1; t > 0 && s.groupAt[t] >= 0 && s.l.Groups[s.groupAt[t]].Form == model.VerbGerund {
		if u := s.l.Groups[s.groupAt[t]].First - 1; u >= 0 && (s.canAt[u]&preposition != 0 || s.nominal(u) && s.class(u)&text.That == 0 && s.clauseAt[u] == s.clauseAt[t]) {
			return none
		}
	}
	return s.issueNear(r)
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
				if id := s.l.Tokens[u].ID; s.is(id, turns) && !s.undone(u) || s.compounded(u) && !s.is(id, plans|topical|deeds) {
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

// providedFor returns the issue that a plan in a region of the clause is for or
// against by the clause behind it: "backed a bill that would lift the embargo",
// "a law banning torture".
func (s *Stage) providedFor(r region, sent *model.Sentence) int32 {
	for c := sent.FirstClause; c < sent.LastClause; c++ {
		cl := &s.l.Clauses[c]
		if cl.Kind != model.ClauseRelative && cl.Kind != model.ClauseInfinitive && cl.Kind != model.ClauseParticiple || cl.First <= r.First || cl.First > r.Last+1 || !s.marked(cl.First-1, plans|topical) {
			continue
		}
		for t := cl.First; t < cl.Last; t++ {
			if g := s.groupAt[t]; g >= 0 {
				grp := &s.l.Groups[g]
				if grp.Passive || grp.Negated || t > cl.First+2 || !s.marked(grp.Head, furthers) && s.operator(grp.Head, rules.OpReverser) == nil {
					return none
				}
				return s.issueNear(region{grp.Last, cl.Last})
			}
		}
	}
	return none
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
