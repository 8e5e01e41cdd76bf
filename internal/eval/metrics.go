package eval

import (
	"cmp"
	"math"
	"slices"

	"stance/internal/io/gold"
)

// Measure is a figure over the observations of a run. Its function takes how
// often each observation counts, so that a drawn sample needs no copies, and
// returns NaN where the figure is not defined.
type Measure struct {
	Name string
	of   func(weights []int32) float64
}

// measures lists the figures of the task, the one that the gate compares
// first.
func (r *Run) measures() []Measure {
	class := []Measure{
		{"macro_f1", func(w []int32) float64 { return r.confusion(w).MacroF1() }},
		{"accuracy", func(w []int32) float64 { return r.confusion(w).Accuracy() }},
		{"average_recall", func(w []int32) float64 { return r.confusion(w).AverageRecall() }},
	}
	ratio := func(name string, of func(c *Counts) float64) Measure {
		return Measure{name, func(w []int32) float64 {
			c := r.sum(w)
			return of(&c)
		}}
	}
	nan := math.NaN()
	switch {
	case r.Task == gold.Segmentation:
		return []Measure{
			ratio("boundary_f1", func(c *Counts) float64 { return c.foundF1(nan) }),
			ratio("boundary_precision", func(c *Counts) float64 { return c.Found / c.Predicted }),
			ratio("boundary_recall", func(c *Counts) float64 { return c.Found / c.Gold }),
			{"accuracy", func(w []int32) float64 { c := r.sum(w); return c.Exact / total(w) }},
			ratio("exact", func(c *Counts) float64 { return c.Exact }),
		}
	case r.Task == gold.Attribution:
		return []Measure{
			ratio("source_f1", func(c *Counts) float64 { return c.sourceF1(nan) }),
			ratio("content_f1", func(c *Counts) float64 { return c.foundF1(nan) }),
			ratio("content_precision", func(c *Counts) float64 { return c.Found / c.Predicted }),
			ratio("content_recall", func(c *Counts) float64 { return c.Found / c.Gold }),
			ratio("speaker_accuracy", func(c *Counts) float64 { return c.DirectRight / c.Direct }),
			ratio("direct_quotations", func(c *Counts) float64 { return c.Direct }),
		}
	case r.Task == gold.Parties:
		right := func(c *Counts) float64 { return c.Right / c.Judged }
		return []Measure{
			ratio("party_accuracy", right),
			ratio("mention_f1", func(c *Counts) float64 { return c.foundF1(nan) }),
			ratio("mention_precision", func(c *Counts) float64 { return c.Found / c.Predicted }),
			ratio("mention_recall", func(c *Counts) float64 { return c.Found / c.Gold }),
			ratio("accuracy", right),
		}
	case r.Task == gold.Relations:
		return []Measure{
			ratio("recall", func(c *Counts) float64 { return c.Found / c.Gold }),
			ratio("act_accuracy", func(c *Counts) float64 { return c.Right / c.Judged }),
			ratio("absent_right", func(c *Counts) float64 { return c.DirectRight / c.Direct }),
		}
	case r.Task == gold.Coded:
		return []Measure{
			ratio("precision", func(c *Counts) float64 { return c.Right / c.Judged }),
			ratio("precision_coded", func(c *Counts) float64 { return c.Found / c.Gold }),
			{"alpha", r.alpha},
		}
	case r.Task == gold.Sentiment && r.Rated:
		ratings, scores := r.column(func(o *Observation) float64 { return o.Sample.Rating }), r.column(func(o *Observation) float64 { return o.Score })
		byRating, byScore := ascending(ratings), ascending(scores)
		return append([]Measure{
			{"pearson_r", func(w []int32) float64 { return pearson(ratings, scores, w) }},
			{"spearman_r", func(w []int32) float64 {
				return pearson(ranks(ratings, byRating, w), ranks(scores, byScore, w), w)
			}},
		}, class...)
	case r.Task == gold.Tone:
		return append(class, Measure{"ece", r.ece})
	case r.Form == "pair":
		return append(class, Measure{"blind_macro_f1", func(w []int32) float64 {
			blind := [...]int{0, 1, 1, 2, 2}
			c := newConfusion(3)
			for i := range r.Observations {
				c.at[blind[r.Observations[i].Gold]*3+blind[r.Observations[i].Answer]] += float64(w[i])
			}
			return c.MacroF1()
		}})
	}
	return class
}

func total(w []int32) float64 {
	n := 0.0
	for _, x := range w {
		n += float64(x)
	}
	return n
}

func (r *Run) column(of func(*Observation) float64) []float64 {
	out := make([]float64, len(r.Observations))
	for i := range r.Observations {
		out[i] = of(&r.Observations[i])
	}
	return out
}

func (r *Run) sum(w []int32) Counts {
	var c Counts
	for i := range r.Observations {
		o, n := &r.Observations[i].Counts, float64(w[i])
		c.Gold += n * o.Gold
		c.Predicted += n * o.Predicted
		c.Found += n * o.Found
		c.Right += n * o.Right
		c.Judged += n * o.Judged
		c.Direct += n * o.Direct
		c.DirectRight += n * o.DirectRight
		c.Exact += n * o.Exact
	}
	return c
}

// Confusion counts gold classes (rows) by predicted classes (columns).
type Confusion struct {
	k  int
	at []float64
}

func newConfusion(k int) Confusion { return Confusion{k, make([]float64, k*k)} }

func (r *Run) confusion(w []int32) Confusion {
	c := newConfusion(len(r.Classes))
	for i := range r.Observations {
		c.at[r.Observations[i].Gold*c.k+r.Observations[i].Answer] += float64(w[i])
	}
	return c
}

// At returns how many of one gold class were given one answer.
func (c Confusion) At(gold, answer int) float64 { return c.at[gold*c.k+answer] }

// ClassScore is what one class got.
type ClassScore struct{ Precision, Recall, F1, Support float64 }

// Class scores one class. Precision is NaN when it was never predicted and
// recall NaN when no gold has it; F1 is NaN only when both are.
func (c Confusion) Class(i int) ClassScore {
	var gold, answered float64
	for j := range c.k {
		gold += c.At(i, j)
		answered += c.At(j, i)
	}
	right := c.At(i, i)
	return ClassScore{right / answered, right / gold, f1(right, answered, gold, math.NaN()), gold}
}

// Accuracy is the share of right answers.
func (c Confusion) Accuracy() float64 {
	var right, n float64
	for i := range c.k {
		right += c.At(i, i)
		for j := range c.k {
			n += c.At(i, j)
		}
	}
	return right / n
}

// MacroF1 is the mean F1 of the classes that occur in gold. An answer of
// another class costs the recall of the right one.
func (c Confusion) MacroF1() float64 {
	return c.mean(func(s ClassScore) float64 { return s.F1 })
}

// AverageRecall is the mean recall of the classes that occur in gold.
func (c Confusion) AverageRecall() float64 {
	return c.mean(func(s ClassScore) float64 { return s.Recall })
}

func (c Confusion) mean(of func(ClassScore) float64) float64 {
	sum, n := 0.0, 0.0
	for i := range c.k {
		if s := c.Class(i); s.Support > 0 {
			sum += of(s)
			n++
		}
	}
	return sum / n
}

// pearson is the correlation of x and y, each pair counted w times; NaN when
// either does not vary.
func pearson(x, y []float64, w []int32) float64 {
	var n, mx, my float64
	for i, k := range w {
		n += float64(k)
		mx += float64(k) * x[i]
		my += float64(k) * y[i]
	}
	mx, my = mx/n, my/n
	var xx, yy, xy float64
	for i, k := range w {
		dx, dy := x[i]-mx, y[i]-my
		xx += float64(k) * dx * dx
		yy += float64(k) * dy * dy
		xy += float64(k) * dx * dy
	}
	if xx == 0 || yy == 0 {
		return math.NaN()
	}
	return xy / math.Sqrt(xx*yy)
}

// ascending returns the indices of x in ascending order of value.
func ascending(x []float64) []int32 {
	order := make([]int32, len(x))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(x[a], x[b]) })
	return order
}

// ranks returns the rank of each value among the values counted w times;
// equal values share the mean of their ranks.
func ranks(x []float64, order []int32, w []int32) []float64 {
	out := make([]float64, len(x))
	before := 0.0
	for i := 0; i < len(order); {
		j, n := i, 0.0
		for ; j < len(order) && x[order[j]] == x[order[i]]; j++ {
			n += float64(w[order[j]])
		}
		for _, k := range order[i:j] {
			out[k] = before + (n+1)/2
		}
		before += n
		i = j
	}
	return out
}

// eceBins is the number of equal bins of confidence.
const eceBins = 10

// ece is the expected calibration error (Guo et al. 2017): the mean distance,
// over bins of the answer's probability, between that probability and how
// often the answer is right, weighted by the size of the bin. NaN when an
// answer comes without probabilities.
func (r *Run) ece(w []int32) float64 {
	var n, confident, right [eceBins]float64
	for i := range r.Observations {
		o := &r.Observations[i]
		if o.P == nil {
			return math.NaN()
		}
		p := o.P[o.Answer]
		b := min(int(p*eceBins), eceBins-1)
		k := float64(w[i])
		n[b] += k
		confident[b] += k * p
		if o.Gold == o.Answer {
			right[b] += k
		}
	}
	sum, all := 0.0, 0.0
	for b := range n {
		sum += math.Abs(confident[b] - right[b])
		all += n[b]
	}
	return sum / all
}

// alpha is the agreement of the coders.
func (r *Run) alpha(w []int32) float64 {
	var units [][]string
	for i := range r.Observations {
		unit := make([]string, len(r.Observations[i].Sample.Codes))
		for j, c := range r.Observations[i].Sample.Codes {
			unit[j] = [...]string{"", "no", "yes"}[c]
		}
		for range w[i] {
			units = append(units, unit)
		}
	}
	return Alpha(units)
}

// Alpha is Krippendorff's alpha for nominal codes: 1 for full agreement, 0
// for that of chance. A unit is the codes that its coders gave, "" where one
// gave none; units with less than two codes say nothing. NaN when nothing
// can disagree: one code, or no unit with two.
func Alpha(units [][]string) float64 {
	var names []string
	index := func(code string) int {
		for i, n := range names {
			if n == code {
				return i
			}
		}
		names = append(names, code)
		return len(names) - 1
	}
	var each []float64 // how often each code occurs in units with two codes or more
	var disagree, n float64
	for _, u := range units {
		var codes []int
		for _, c := range u {
			if c != "" {
				codes = append(codes, index(c))
			}
		}
		if len(codes) < 2 {
			continue
		}
		for len(each) < len(names) {
			each = append(each, 0)
		}
		differ := 0.0
		for i, a := range codes {
			each[a]++
			n++
			for j, b := range codes {
				if i != j && a != b {
					differ++
				}
			}
		}
		disagree += differ / float64(len(codes)-1)
	}
	expected := n * n
	for _, c := range each {
		expected -= c * c
	}
	if expected == 0 {
		return math.NaN()
	}
	return 1 - (n-1)*disagree/expected
}
