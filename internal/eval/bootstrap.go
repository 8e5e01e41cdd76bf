package eval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Interval is a 95 % interval.
type Interval struct{ Low, High float64 }

// replicates is how often samples are drawn again; seed makes every run draw
// the same.
const (
	replicates = 1000
	seed       = 20240613
)

// draws draws whole articles with replacement, as many as there are, and
// calls f with how often each observation was drawn. A run of one article is
// drawn by text.
func (r *Run) draws(f func(weights []int32)) {
	cluster := make([]int32, len(r.Observations))
	by := func(key func(*Observation) string) int {
		index := make(map[string]int32)
		for i := range r.Observations {
			k := key(&r.Observations[i])
			n, ok := index[k]
			if !ok {
				n = int32(len(index))
				index[k] = n
			}
			cluster[i] = n
		}
		return len(index)
	}
	n := by(func(o *Observation) string { return o.Sample.Article })
	if n == 1 {
		n = by(func(o *Observation) string { return o.Sample.Pos.String() })
	}
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	drawn, weights := make([]int32, n), make([]int32, len(cluster))
	for range replicates {
		clear(drawn)
		for range n {
			drawn[random.IntN(n)]++
		}
		for i, c := range cluster {
			weights[i] = drawn[c]
		}
		f(weights)
	}
}

// Intervals returns the interval of each measure, in their order: the 2.5th
// to the 97.5th percentile of the drawn samples. Bounds are NaN for a measure
// that is not defined on most of them.
func (r *Run) Intervals() []Interval {
	values := make([][]float64, len(r.Measures))
	r.draws(func(w []int32) {
		for i, m := range r.Measures {
			values[i] = append(values[i], m.of(w))
		}
	})
	out := make([]Interval, len(values))
	for i := range values {
		out[i] = middle(values[i])
	}
	return out
}

// middle returns the central 95 % of the values that are defined.
func middle(values []float64) Interval {
	all := len(values)
	values = slices.DeleteFunc(values, math.IsNaN)
	if len(values)*2 <= all {
		return Interval{math.NaN(), math.NaN()}
	}
	slices.Sort(values)
	return Interval{quantile(values, 0.025), quantile(values, 0.975)}
}

// quantile interpolates between the neighbours of sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// Wilson returns the 95 % score interval of a share (Wilson 1927), which holds
// for small numbers too.
func Wilson(right, n float64) Interval {
	if n == 0 {
		return Interval{math.NaN(), math.NaN()}
	}
	const z = 1.959963984540054
	p := right / n
	mid := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	d := 1 + z*z/n
	return Interval{max(0, (mid-half)/d), min(1, (mid+half)/d)}
}

// McNemar returns the two-sided exact p-value of the hypothesis that two runs
// are right equally often, from how many observations only the first and only
// the second got right.
func McNemar(onlyFirst, onlySecond int) float64 {
	n, k := onlyFirst+onlySecond, min(onlyFirst, onlySecond)
	if n == 0 {
		return 1
	}
	logFactorial := func(i int) float64 { x, _ := math.Lgamma(float64(i) + 1); return x }
	p := 0.0
	for i := 0; i <= k; i++ {
		p += math.Exp(logFactorial(n) - logFactorial(i) - logFactorial(n-i) - float64(n)*math.Ln2)
	}
	return min(1, 2*p)
}
