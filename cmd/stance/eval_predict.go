package main

import (
	"math"
	"slices"

	"stance/internal/analysis"
	"stance/internal/eval"
	"stance/internal/io/gold"
	"stance/internal/model"
	"stance/internal/model/sentiment"
	"stance/internal/model/stance"
)

// predictor answers for labelled texts with what the analysis finds, one
// method per task.
type predictor struct {
	w       *analysis.Worker
	r       model.Result
	art     model.Article
	learned bool // weights of directed stance have been learned
	events  bool // weights of events have been learned
}

func newPredictor(a *analysis.Analyzer, c analysis.Config) *predictor {
	return &predictor{w: a.NewWorker(), learned: c.Pair != nil, events: c.Event != nil}
}

func (p *predictor) article(s *gold.Sample) *model.Article {
	p.art = model.Article{ID: s.ID, Text: s.Text, Lang: "en", PublishedAt: s.Date}
	return &p.art
}

func (p *predictor) analyze(s *gold.Sample) { p.w.Analyze(p.article(s), &p.r, nil) }

// targets analyses the text with the given spans as targets, in their order.
func (p *predictor) targets(s *gold.Sample, spans ...[]model.Span) {
	targets := make([]analysis.Target, len(spans))
	for i := range spans {
		targets[i].Spans = spans[i]
	}
	p.w.AnalyzeTargets(p.article(s), targets, &p.r, nil)
}

// at fills the slices of a judgement about a span.
func (p *predictor) at(j *eval.Judgement, sp model.Span) {
	if i := p.r.SentenceAt(sp.Start); i >= 0 {
		j.Section, j.Quoted = p.r.Sentences[i].Section.String(), p.r.Sentences[i].Quoted.String()
	}
}

func (p *predictor) Segment(s *gold.Sample) []model.Span {
	p.analyze(s)
	out := make([]model.Span, len(p.r.Sentences))
	for i := range p.r.Sentences {
		out[i] = p.r.Sentences[i].Span
	}
	return out
}

// Sentiment averages the sentences by their tokens. The label of one sentence
// is its own; that of several is their mean label, rounded at thirds.
func (p *predictor) Sentiment(s *gold.Sample, scorer eval.Scorer) eval.Judgement {
	p.analyze(s)
	var j eval.Judgement
	var label, n float64
	for i := range p.r.Sentences {
		sent, x := &p.r.Sentences[i], &p.r.Sentiments[i]
		w := float64(sent.Last - sent.First)
		switch n += w; scorer {
		case eval.Bayes:
			j.Score += w * float64(x.Bayes)
			label += w * float64(x.BayesLabel)
		case eval.Vader:
			j.Score += w * float64(x.Vader)
			label += w * float64(sentiment.VaderLabel(x.Vader))
		default:
			j.Score += w * float64(x.Score)
			label += w * float64(x.Label)
		}
	}
	if n > 0 {
		j.Score /= n
		if label /= n; label > 1.0/3 {
			j.Class = 1
		} else if label < -1.0/3 {
			j.Class = -1
		}
	}
	p.at(&j, model.Span{})
	return j
}

// Tone answers with the clearest tone of each target: the one furthest from
// neutral, where several sentences name it. A target without one is neutral.
func (p *predictor) Tone(s *gold.Sample) []eval.Judgement {
	spans := make([][]model.Span, len(s.Targets))
	for i, t := range s.Targets {
		spans[i] = append([]model.Span{t.Span}, t.Further...)
	}
	p.targets(s, spans...)
	out := make([]eval.Judgement, len(s.Targets))
	for i := range out {
		j := &out[i]
		j.P = []float64{0, 1, 0}
		found := false
		for k := range p.r.Tones {
			t := &p.r.Tones[k]
			if p.r.Mentions[t.Mention].ID != analysis.TargetID(i) || found && math.Abs(float64(t.Score())) <= math.Abs(j.Score) {
				continue
			}
			found = true
			j.Class, j.Score = int(t.Label), float64(t.Score())
			j.P = []float64{float64(t.P[0]), float64(t.P[1]), float64(t.P[2])}
			j.Features = slices.Clone(t.Features)
		}
		p.at(j, s.Targets[i].Span)
	}
	return out
}

// between returns P(against), P(none) and P(favor) from target a towards
// target b by a learned model, and the rules that fired for them. Without one
// (nil), the summed scores of the rules stand for probabilities.
func (p *predictor) between(a, b int, learned func(holder, target int32) [3]float32) (probabilities [3]float64, rules []string) {
	sum := 0.0
	for i := range p.r.Stances {
		st := &p.r.Stances[i]
		if st.Holder >= 0 && p.r.Mentions[st.Holder].ID == analysis.TargetID(a) && p.r.Mentions[st.Target].ID == analysis.TargetID(b) {
			sum += float64(st.Score)
			rules = append(rules, st.Rule)
		}
	}
	holder, target := p.r.FirstMention(analysis.TargetID(a)), p.r.FirstMention(analysis.TargetID(b))
	if learned != nil && holder >= 0 && target >= 0 {
		for i, x := range learned(holder, target) {
			probabilities[i] = float64(x)
		}
		return probabilities, rules
	}
	probabilities[against], probabilities[favor] = max(-sum, 0), max(sum, 0)
	if sum == 0 {
		probabilities[noStance] = 1
	}
	return probabilities, rules
}

// Places in the probabilities of directed stance.
const (
	against = iota
	noStance
	favor
)

// Pair answers with one of the five classes.
func (p *predictor) Pair(s *gold.Sample) eval.Judgement {
	p.targets(s, []model.Span{s.Pair.P}, []model.Span{s.Pair.Q})
	var learned func(holder, target int32) [3]float32
	if p.learned {
		learned = p.w.Pair
	}
	pq, rules := p.between(0, 1, learned)
	qp, more := p.between(1, 0, learned)
	j := eval.Judgement{Features: append(rules, more...)}
	if p.learned {
		class, five := stance.Class(pq, qp, s.Pair.P.Start < s.Pair.Q.Start)
		j.Class, j.P = class, five[:]
	} else {
		best := 0.0
		for class, x := range []float64{1: pq[favor], 2: qp[favor], 3: pq[against], 4: qp[against]} {
			if x > best {
				best, j.Class = x, class
			}
		}
	}
	j.Score = [...]float64{0, pq[favor], qp[favor], -pq[against], -qp[against]}[j.Class]
	p.at(&j, s.Pair.P)
	return j
}

// Event answers with the sign of what the source does to the target.
func (p *predictor) Event(s *gold.Sample) eval.Judgement {
	p.targets(s, s.Event.Source, s.Event.Target)
	var learned func(source, target int32) [3]float32
	if p.events {
		learned = p.w.Event
	}
	x, rules := p.between(0, 1, learned)
	j := eval.Judgement{Features: rules, Score: x[favor] - x[against]}
	if p.events {
		j.P = []float64{eval.Neutral: x[noStance], eval.Cooperation: x[favor], eval.Conflict: x[against]}
	}
	switch max(x[against], x[noStance], x[favor]) {
	case x[noStance]:
	case x[favor]:
		j.Class = eval.Cooperation
	default:
		j.Class = eval.Conflict
	}
	p.at(&j, s.Event.Source[0])
	return j
}

// Attribute answers with the quotes; where the speaker is known by a mention
// alone, that is the source. A quotation that the narrator interrupts is one
// attribution in pieces.
func (p *predictor) Attribute(s *gold.Sample) []eval.Attribution {
	p.analyze(s)
	out := make([]eval.Attribution, 0, len(p.r.Quotes))
	last := -1 // the attribution that the next piece may go on with
	for i := range p.r.Quotes {
		q := &p.r.Quotes[i]
		if q.Continues && last >= 0 {
			out[last].Further = append(out[last].Further, q.Span)
			continue
		}
		a := eval.Attribution{Content: q.Span, Source: q.Source}
		if q.Source.Len() == 0 && q.Mention >= 0 {
			a.Source = p.r.Mentions[q.Mention].Span
		}
		if q.Parent < 0 && !q.Attitude {
			last = len(out)
		}
		out = append(out, a)
	}
	return out
}

// Parties answers with the mentions that names and roles make; pronouns and
// bare descriptions are not coded.
func (p *predictor) Parties(s *gold.Sample) []gold.Mention {
	p.analyze(s)
	var out []gold.Mention
	for i := range p.r.Mentions {
		m := &p.r.Mentions[i]
		if m.Kind == model.MentionIssue || m.AliasKind == model.AliasPronoun || m.Resolution == "coreference" {
			continue
		}
		party := m.ID
		if !m.Actor() || m.Kind == model.MentionPerson {
			party = "" // a place that is no actor, or a person of no party
		}
		out = append(out, gold.Mention{Span: m.Span, Party: party})
	}
	return out
}

// Relations answers with the stances, as the table has them.
func (p *predictor) Relations(s *gold.Sample) []gold.Relation {
	p.analyze(s)
	var out []gold.Relation
	for i := range p.r.Stances {
		st := &p.r.Stances[i]
		x := gold.Relation{Span: st.Cue, Target: p.r.Mentions[st.Target].ID, Polarity: st.Polarity, Polar: true, Act: st.Act}
		if st.Holder >= 0 {
			x.Holder = p.r.Mentions[st.Holder].ID
		}
		out = append(out, x)
	}
	return out
}
