package stance

import (
	"cmp"
	"slices"

	"stance/internal/model"
)

// labelAt is the mean from which an article counts as for or against a party.
const labelAt = 0.15

// evidenceHalf is the number of tones and stances at which confidence in a
// party's summary reaches one half.
const evidenceHalf = 3

// dyads lists the ordered pairs of parties of each counted sentence: the
// opportunities for a stance, and whether one was found.
func (s *Stage) dyads() {
	r := s.r
	mi, sti := 0, 0
	for si := range s.l.Sentences {
		first := s.summary[:0]
		for ; mi < len(r.Mentions) && int(r.Mentions[mi].Sentence) == si; mi++ {
			m := &r.Mentions[mi]
			if m.Kind == model.MentionIssue || m.Party < 0 || !m.Actor() ||
				slices.ContainsFunc(first, func(o int32) bool { return s.party(o) == m.Party }) {
				continue
			}
			first = append(first, int32(mi))
		}
		s.summary = first
		for sti < len(r.Stances) && int(r.Stances[sti].Sentence) < si {
			sti++
		}
		if !s.l.Sentences[si].Section.Counts() {
			continue
		}
		for _, a := range first {
			for _, b := range first {
				if a == b {
					continue
				}
				d := model.Dyad{Sentence: int32(si), A: a, B: b}
				for k := sti; k < len(r.Stances) && int(r.Stances[k].Sentence) == si; k++ {
					if s.sameActor(r.Stances[k].Holder, a) && s.sameActor(r.Stances[k].Target, b) {
						d.HasStance = true
						break
					}
				}
				r.Dyads = append(r.Dyads, d)
			}
		}
	}
}

// summarise counts each party's mentions, tones and stances over the
// sentences that count, so that the repeated headline and the summary weigh
// nothing. The means are made with the last piece.
func (s *Stage) summarise() {
	r := s.r
	at := func(m int32) *model.PartySummary {
		mm := &r.Mentions[m]
		if mm.Kind == model.MentionIssue || mm.Party < 0 {
			return nil
		}
		for i := range r.Parties {
			if r.Parties[i].Party == mm.Party {
				return &r.Parties[i]
			}
		}
		r.Parties = append(r.Parties, model.PartySummary{Party: mm.Party, ID: mm.ID})
		return &r.Parties[len(r.Parties)-1]
	}
	counts := func(si int32) bool { return s.l.Sentences[si].Section.Counts() }
	for i := range r.Mentions {
		m := &r.Mentions[i]
		if m.Sentence < r.Piece.Known || !m.Actor() || !counts(m.Sentence) {
			continue
		}
		if p := at(int32(i)); p != nil {
			p.Mentions++
			s.mentions++
		}
	}
	for len(s.narrated) < len(r.Parties) {
		s.narrated = append(s.narrated, 0)
	}
	for i := range r.Tones {
		t := &r.Tones[i]
		if !counts(t.Sentence) {
			continue
		}
		p := at(t.Mention)
		if p == nil {
			continue
		}
		p.Sentences++
		p.ToneMean += t.Score()
		switch t.Label {
		case -1:
			p.Negative++
		case 1:
			p.Positive++
		default:
			p.Neutral++
		}
		if t.Voice == model.VoiceNarrator {
			p.ToneNarrator += t.Score()
			p.HasNarrator = true
			for k := range r.Parties {
				if &r.Parties[k] == p && k < len(s.narrated) {
					s.narrated[k]++
				}
			}
		}
	}
	for i := range r.Stances {
		st := &r.Stances[i]
		if !counts(st.Sentence) {
			continue
		}
		if st.Holder >= 0 {
			if p := at(st.Holder); p != nil {
				p.Given++
				p.StanceGiven += st.Score
			}
		}
		if p := at(st.Target); p != nil {
			p.Received++
			p.StanceTaken += st.Score
		}
	}
	for i := range r.Quotes {
		if q := &r.Quotes[i]; q.Mention >= 0 && !q.Attitude && q.FirstSentence < int32(len(s.l.Sentences)) && counts(q.FirstSentence) {
			if p := at(q.Mention); p != nil {
				p.Quotes++
			}
		}
	}
	if r.Piece.More {
		return
	}
	for i := range r.Parties {
		p := &r.Parties[i]
		evidence := float32(p.Sentences + p.Received)
		sum := p.ToneMean + p.StanceTaken
		if p.Sentences > 0 {
			p.ToneMean /= float32(p.Sentences)
		}
		if i < len(s.narrated) && s.narrated[i] > 0 {
			p.ToneNarrator /= float32(s.narrated[i])
		}
		if p.Given > 0 {
			p.StanceGiven /= float32(p.Given)
		}
		if p.Received > 0 {
			p.StanceTaken /= float32(p.Received)
		}
		if s.mentions > 0 {
			p.Share = float32(p.Mentions) / float32(s.mentions)
		}
		if evidence > 0 {
			mean := sum / evidence
			switch {
			case mean <= -labelAt:
				p.Label = -1
			case mean >= labelAt:
				p.Label = 1
			}
			p.Confidence = evidence / (evidence + evidenceHalf)
		}
	}
	slices.SortFunc(r.Parties, func(a, b model.PartySummary) int { return cmp.Compare(a.ID, b.ID) })
}
