// Package sentiment scores the sentiment of whole sentences. The scorer of
// the tool itself reads a lexicon, what negates, weighs and turns its words,
// and learned words, and adds up learned weights; those of cdipaolo/sentiment
// and VADER stand beside it for comparison.
package sentiment

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"sync"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/trace"
)

// Options say what is scored beside the tool's own sentiment.
type Options struct {
	Bayes bool // cdipaolo/sentiment
	Vader bool
}

// Scorer scores sentences. It is immutable and safe for concurrent use;
// Scratch holds what one worker needs.
type Scorer struct {
	*Extractor
	dense            [numDense]float64
	class            []float64
	low, high, scale float64
	bayes            *bayesWords                 // nil when it is off or later gives it
	later            func() (*bayesWords, error) // nil when bayes is there or off
	vader            *vader
}

// Without a table of weights the priors of the lexicon count as they stand.
var priors = []Weight{
	{Dense, denseName(positive + strength), 1.2, 0}, {Dense, denseName(negative + strength), -1.2, 0},
	{Dense, denseName(positive + negated), -0.6, 0}, {Dense, denseName(negative + negated), 0.5, 0},
	{Dense, denseName(positive + reversed), -0.6, 0}, {Dense, denseName(negative + reversed), 0.6, 0},
	{Dense, denseName(positive + beforeBut), -0.4, 0}, {Dense, denseName(negative + beforeBut), 0.4, 0},
}

// NewScorer returns a scorer of a program with a table of weights as
// FormatWeights writes it; nil stands for the priors of the lexicon. The
// program's vocabulary should hold the table's Words: those that it lacks
// count nothing.
func NewScorer(p *rules.Program, weights []byte, opts Options) (*Scorer, error) {
	list := priors
	if weights != nil {
		var err error
		if list, err = ParseWeights(weights); err != nil {
			return nil, fmt.Errorf("weights of sentiment: %w", err)
		}
	}
	s := newScorer(newExtractor(p), list)
	if opts.Vader {
		s.vader = newVader()
	}
	if opts.Bayes {
		s.later = sync.OnceValues(func() (*bayesWords, error) {
			b, err := NewBayes()
			if err != nil {
				return nil, err
			}
			return b.over(p.Vocabulary), nil
		})
		// The models of the stages are read meanwhile; the first score waits.
		go func() { _, _ = s.later() }()
	}
	return s, nil
}

// Whole returns a copy of the scorer that has at hand what the first score
// would wait for.
func (s *Scorer) Whole() (*Scorer, error) {
	whole := *s
	if s.later != nil {
		var err error
		if whole.bayes, err = s.later(); err != nil {
			return nil, err
		}
		whole.later = nil
	}
	return &whole, nil
}

// newScorer spreads the weights over arrays by id. It takes x over.
func newScorer(x *Extractor, weights []Weight) *Scorer {
	s := &Scorer{
		Extractor: x, class: make([]float64, len(x.classes)),
		low: -0.3, high: 0.3, scale: 0.5,
	}
	x.entries = make([]float32, len(x.words))
	dense, classes, entries := map[string]int{}, index(x.classes), index(x.words)
	for i := range numDense {
		dense[denseName(i)] = i
	}
	for _, w := range weights {
		switch w.Kind {
		case Param:
			switch w.Feature {
			case ParamLow:
				s.low = w.Value
			case ParamHigh:
				s.high = w.Value
			case ParamScale:
				s.scale = w.Value
			}
		case Dense:
			if i, ok := dense[w.Feature]; ok {
				s.dense[i] = w.Value
			}
		case Class:
			if i, ok := classes[w.Feature]; ok {
				s.class[i] = w.Value
			}
		case Entry:
			if i, ok := entries[w.Feature]; ok {
				x.entries[i] = float32(w.Value)
			}
		case Word:
			if id := x.p.Vocabulary.Lookup(w.Feature); id > 0 {
				x.weigh(id, fixedOf(w.Value))
			}
		}
	}
	x.find()
	return s
}

func index(list []string) map[string]int {
	m := make(map[string]int, len(list))
	for i, s := range list {
		m[s] = i
	}
	return m
}

// All appends the sentiment of every sentence of a. Mentions are those of the
// whole article by position; parties and persons are masked. The recorder, when
// on, gets the part of every word (stage sentiment).
func (s *Scorer) All(a *model.Article, l *model.Layers, mentions []model.Mention, out []model.Sentiment, sc *Scratch, tr *trace.Recorder) []model.Sentiment {
	sc.trace = tr.On()
	bayes := s.trained()
	r := reading{x: s.Extractor, text: a.Text, l: l, sc: sc}
	for from := 0; from < len(l.Sentences); from += stretch {
		to := min(from+stretch, len(l.Sentences))
		r.survey(mentions, from, to)
		if bayes != nil {
			sc.bayes.read(bayes, a.Text, l.Tokens, l.Sentences[from:to], sc)
		}
		for i := from; i < to; i++ {
			r.read(i, &sc.ahead[i-from])
			out = append(out, s.score(a, l, i, sc, tr))
			if bayes != nil {
				r := &out[len(out)-1]
				r.Bayes, r.BayesLabel, r.HasBayes = bayes.score(sc.bayes.of(i - from))
			}
		}
	}
	return out
}

// Score returns the sentiment of one sentence of a; see All.
func (s *Scorer) Score(a *model.Article, l *model.Layers, mentions []model.Mention, sentence int, sc *Scratch, tr *trace.Recorder) model.Sentiment {
	sc.trace = tr.On()
	s.Read(a, l, mentions, sentence, sc)
	r := s.score(a, l, sentence, sc, tr)
	if bayes := s.trained(); bayes != nil {
		sc.bayes.read(bayes, a.Text, l.Tokens, l.Sentences[sentence:sentence+1], sc)
		r.Bayes, r.BayesLabel, r.HasBayes = bayes.score(sc.bayes.of(0))
	}
	return r
}

// trained returns Bayes, where it is on.
func (s *Scorer) trained() *bayesWords {
	if s.later == nil {
		return s.bayes
	}
	b, err := s.later()
	if err != nil {
		panic(err) // the model is compiled in: a build without it is broken
	}
	return b
}

// score rates a sentence that was read, but for Bayes.
func (s *Scorer) score(a *model.Article, l *model.Layers, sentence int, sc *Scratch, tr *trace.Recorder) model.Sentiment {
	var each func(h *hit, part float64)
	if tr.On() {
		each = func(h *hit, part float64) { s.traceHit(a, l, sentence, h, part, tr) }
	}
	rating, up, down := s.rate(sc, each)
	rating, up, down = rating+sc.words.value(), up+sc.raising.value(), down+(sc.raising-sc.words).value()
	for _, f := range sc.found {
		tr.Add(trace.Event{Stage: "sentiment", Sentence: int32(sentence), Rule: "word:" + s.p.Vocabulary.Form(f.id),
			Outcome: "scored", Reason: "learned word", Span: f.at, Value: f.weight.value()})
	}
	r := model.Sentiment{
		Score: squash(rating * s.scale), Cues: int32(len(sc.hits)),
		Positive: squash(up * s.scale), Negative: squash(down * s.scale),
	}
	switch {
	case rating > s.high:
		r.Label = 1
	case rating < s.low:
		r.Label = -1
	}
	if tr.On() {
		tr.Add(trace.Event{Stage: "sentiment", Sentence: int32(sentence), Rule: "news", Outcome: "scored",
			Reason: fmt.Sprintf("rating %.2f from %d lexicon words; neutral between %.2f and %.2f", rating, len(sc.hits), s.low, s.high),
			Span:   l.Sentences[sentence].Span, Value: float64(r.Score)})
	}
	if s.vader != nil {
		r.Vader, r.HasVader = s.vader.score(l.Sentences[sentence].In(a.Text)), true
	}
	return r
}

// squash maps a sum to [-1, 1].
func squash(v float64) float32 {
	if v == 0 {
		return 0
	}
	return float32(math.Tanh(v))
}

// rate adds the weights of the hits and of the sentence. What a side as a
// whole is given (its root, the balance) is shared among its hits by their
// strength, so that the parts and the sentence's own weight make the rating.
// Up and down are the sums of the parts that raise and lower; each, when it is
// not nil, gets the parts.
func (s *Scorer) rate(sc *Scratch, each func(h *hit, part float64)) (rating, up, down float64) {
	d, w := &sc.dense, &s.dense
	rating = d[bias]*w[bias] + d[question]*w[question] + d[exclamation]*w[exclamation] + d[length]*w[length] +
		d[contrast]*w[contrast] + d[negators]*w[negators] + d[quotedWhole]*w[quotedWhole]
	if len(sc.hits) == 0 {
		return rating, 0, 0
	}
	perStrength, perNet := [2]float64{s.perStrength(sc, 0), s.perStrength(sc, 1)}, 0.0
	if sc.net != 0 {
		perNet = (w[balance]*d[balance] + w[density]*d[density]) / sc.net
	}
	for i := range sc.hits {
		h := &sc.hits[i]
		side, e := h.side(), h.strength()
		w := w[positive+side*numSigned:][:numSigned]
		part := perNet * h.net()
		if h.flips() {
			if h.flags.has(negated) {
				part += e * w[negated]
			} else {
				part += e * w[reversed]
			}
		} else {
			part += e*perStrength[side] + w[count]
			for f := h.flags; f != 0; f &= f - 1 {
				part += e * w[bits.TrailingZeros32(uint32(f))]
			}
		}
		part += h.sign() * (e*s.class[h.class] + float64(h.weight))
		rating += part
		up, down = up+max(part, 0), down+max(-part, 0)
		if each != nil {
			each(h, part)
		}
	}
	return rating, up, down
}

// perStrength returns what a side's hits weigh per unit of strength.
func (s *Scorer) perStrength(sc *Scratch, side int) float64 {
	v := sc.strength[side]
	if v == 0 {
		return 0
	}
	w := s.dense[positive+side*numSigned:]
	return w[strength] + (w[root]*math.Sqrt(v)+w[late]*sc.late[side])/v
}

// net is the strength of the hit with its sign, turned when it is flipped.
func (h *hit) net() float64 { return float64(h.polarity) * h.sign() }

func (s *Scorer) traceHit(a *model.Article, l *model.Layers, sentence int, h *hit, part float64, tr *trace.Recorder) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, prior %.2f", s.classes[h.class], h.polarity)
	for f := range numSigned {
		if h.flags.has(f) {
			b.WriteString(", " + signedNames[f])
		}
	}
	tr.Add(trace.Event{Stage: "sentiment", Sentence: int32(sentence), Rule: "entry:" + s.words[h.word], Outcome: "scored", Reason: b.String(),
		Span: model.Span{Start: l.Tokens[h.first].Start, End: l.Tokens[h.last-1].End}, Value: part})
}

// Feature is a feature of a sentence and its value.
type Feature struct {
	Kind  Kind
	ID    int32 // index of the dense feature, class or entry; vocabulary id of a word
	Value float64
}

// Features appends what Read found while learning. The values of a feature
// that comes more than once add up; the rating of a sentence is the sum of the
// values times the weights.
func (x *Extractor) Features(sc *Scratch, out []Feature) []Feature {
	for i, v := range sc.dense {
		if v != 0 {
			out = append(out, Feature{Dense, int32(i), v})
		}
	}
	out = sc.sides(out)
	for i := range sc.hits {
		h := &sc.hits[i]
		out = append(out, Feature{Class, int32(h.class), h.sign() * h.strength()}, Feature{Entry, h.word, h.sign()})
	}
	for _, f := range sc.found {
		out = append(out, Feature{Word, f.id, 1})
	}
	return out
}

// Name returns the name of a feature in the table of weights.
func (x *Extractor) Name(f Feature) string {
	switch f.Kind {
	case Dense:
		return denseName(int(f.ID))
	case Class:
		return x.classes[f.ID]
	case Entry:
		return x.words[f.ID]
	}
	return x.p.Vocabulary.Form(f.ID)
}
