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
// opportunities for a stance, and whether one was found. There is a tone
// towards each party of a sentence.
func (s *Stage) dyads() {
	r := s.r
	stances := r.Stances
	for rest := r.Tones; len(rest) > 0; {
		si, n := rest[0].Sentence, 1
		for n < len(rest) && rest[n].Sentence == si {
			n++
		}
		tones := rest[:n]
		rest = rest[n:]
		if n == 1 || !s.l.Sentences[si].Section.Counts() {
			continue
		}
		at := len(r.Dyads)
		r.Dyads = slices.Grow(r.Dyads, n*(n-1))
		for a := range tones {
			for b := range tones {
				if a != b {
					r.Dyads = append(r.Dyads, model.Dyad{Sentence: si, A: tones[a].Mention, B: tones[b].Mention})
				}
			}
		}
		for len(stances) > 0 && stances[0].Sentence < si {
			stances = stances[1:]
		}
		for ; len(stances) > 0 && stances[0].Sentence == si; stances = stances[1:] {
			for i := at; i < len(r.Dyads); i++ {
				if d := &r.Dyads[i]; s.sameActor(stances[0].Holder, d.A) && s.sameActor(stances[0].Target, d.B) {
					d.HasStance = true
				}
			}
		}
	}
}

// summarise counts each party's mentions, tones and stances over the
// sentences that count, so that the repeated headline and the summary weigh
// nothing. The means are made with the last piece.
func (s *Stage) summarise() {
	r := s.r
	at := func(m int32) int { // index into r.Parties; -1
		mm := &r.Mentions[m]
		if mm.Kind == model.MentionIssue || mm.Party < 0 {
			return -1
		}
		for i := range r.Parties {
			if r.Parties[i].Party == mm.Party {
				return i
			}
		}
		r.Parties = append(r.Parties, model.PartySummary{Party: mm.Party, ID: mm.ID})
		s.narrated = append(s.narrated, 0)
		return len(r.Parties) - 1
	}
	counts := func(si int32) bool { return s.l.Sentences[si].Section.Counts() }
	for i := range r.Tones {
		t := &r.Tones[i]
		if !counts(t.Sentence) {
			continue
		}
		k := at(t.Mention)
		p := &r.Parties[k]
		p.Mentions += t.Mentions
		s.mentions += t.Mentions
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
			s.narrated[k]++
		}
	}
	for i := range r.Stances {
		st := &r.Stances[i]
		if !counts(st.Sentence) {
			continue
		}
		if st.Holder >= 0 {
			if k := at(st.Holder); k >= 0 {
				p := &r.Parties[k]
				p.Given++
				p.StanceGiven += st.Score
			}
		}
		if k := at(st.Target); k >= 0 {
			p := &r.Parties[k]
			p.Received++
			p.StanceTaken += st.Score
		}
	}
	for i := range r.Quotes {
		if q := &r.Quotes[i]; q.Mention >= 0 && !q.Attitude && q.FirstSentence < int32(len(s.l.Sentences)) && counts(q.FirstSentence) {
			if k := at(q.Mention); k >= 0 {
				r.Parties[k].Quotes++
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
		if s.narrated[i] > 0 {
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
