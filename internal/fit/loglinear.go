package fit

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"stance/internal/model/stance"
)

// classes of a log-linear model: against or negative, none or neutral, favor
// or positive.
const classes = 3

// observation is one labelled example of a log-linear model.
type observation struct {
	article string // what stays together in cross-validation
	label   int    // 0, 1, 2
	set     int    // sample that it comes from
	cols    []int32
	values  []float64
}

// loglinear is a multinomial regression with a quadratic penalty, fitted by
// L-BFGS (Liu and Nocedal 1989). It is deterministic.
type loglinear struct {
	names   []string
	index   map[string]int32
	support []int
	rows    []observation
	smooth  *smoothing // nil without
}

// add records an example. Features of one name sum up.
func (l *loglinear) add(article string, label int, space *stance.Space, features []stance.Feature) {
	if l.index == nil {
		l.index = map[string]int32{}
	}
	o := observation{article: article, label: label}
	for _, f := range features {
		name := space.Name(f)
		if strings.HasSuffix(name, ":") {
			continue // an unknown word
		}
		c, ok := l.index[name]
		if !ok {
			c = int32(len(l.names))
			l.index[name] = c
			l.names = append(l.names, name)
			l.support = append(l.support, 0)
		}
		if i := slices.Index(o.cols, c); i >= 0 {
			o.values[i] += float64(f.Value)
			continue
		}
		o.cols = append(o.cols, c)
		o.values = append(o.values, float64(f.Value))
		l.support[c]++
	}
	l.rows = append(l.rows, o)
}

// prune drops features with too little support and orders the rest by name.
func (l *loglinear) prune(least int) {
	order := make([]int32, 0, len(l.names))
	for i := range l.names {
		if l.support[i] >= least {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(l.names[a], l.names[b]) })
	moved := make([]int32, len(l.names))
	for i := range moved {
		moved[i] = -1
	}
	names, support := make([]string, len(order)), make([]int, len(order))
	for i, o := range order {
		moved[o] = int32(i)
		names[i], support[i] = l.names[o], l.support[o]
	}
	for r := range l.rows {
		o := &l.rows[r]
		n := 0
		for i, c := range o.cols {
			if moved[c] >= 0 {
				o.cols[n], o.values[n] = moved[c], o.values[i]
				n++
			}
		}
		o.cols, o.values = o.cols[:n], o.values[:n]
	}
	l.names, l.support, l.index = names, support, nil
}

// penalty scales the squared weight of a feature: words are many and weak,
// figures of the frames and the lexicon few and strong.
func penalty(name string) float64 {
	switch {
	case name == "bias":
		return 0.01
	case strings.Contains(name, ":"):
		return 1
	case name == smoothed:
		return 0.5
	}
	return 0.1
}

// solve fits the weights on the rows that keep accepts. weight balances the
// classes: each row weighs (n / (3 n_class))^balance.
func (l *loglinear) solve(ctx context.Context, keep func(int) bool, lambda, balance float64) ([]float64, error) {
	var rows []int
	var n [classes]float64
	for i := range l.rows {
		if keep(i) {
			rows = append(rows, i)
			n[l.rows[i].label]++
		}
	}
	var weight [classes]float64
	for c := range weight {
		weight[c] = math.Pow(float64(len(rows))/(classes*max(n[c], 1)), balance)
	}
	d := len(l.names) * classes
	pen := make([]float64, len(l.names))
	for i, name := range l.names {
		pen[i] = lambda * penalty(name)
	}
	objective := func(w, grad []float64) float64 {
		f := 0.0
		for i := range w {
			p := pen[i/classes]
			f += 0.5 * p * w[i] * w[i]
			grad[i] = p * w[i]
		}
		for _, r := range rows {
			o := &l.rows[r]
			x := score(w, o)
			p := normalise(x)
			k := weight[o.label]
			f -= k * math.Log(max(p[o.label], 1e-300))
			for c := range p {
				g := p[c]
				if c == o.label {
					g--
				}
				g *= k
				for j, col := range o.cols {
					grad[int(col)*classes+c] += g * o.values[j]
				}
			}
		}
		return f
	}
	return lbfgs(ctx, d, objective)
}

// smoothing carries weights over between words of like company: next to its
// own weight, each word at a place in the sentence has one that is linear in
// its vector. Both are learned together and added up, so that the weight file
// knows only words.
type smoothing struct {
	model   *loglinear // the supported columns, and then a block of vectorSize per place
	columns []int32    // of the full model, for the supported ones
	vector  [][]float64
	place   []int // per column of the full model; -1 without a vector
	scale   float64
}

// smoothOver prepares smoothing of the words at the named places.
func (l *loglinear) smoothOver(vectors map[string][]float64, places []string, least int) {
	s := &smoothing{vector: make([][]float64, len(l.names)), place: make([]int, len(l.names))}
	for i, name := range l.names {
		head, word, _ := strings.Cut(name, ":")
		s.place[i] = slices.Index(places, head)
		if s.vector[i] = vectors[word]; s.vector[i] == nil {
			s.place[i] = -1
		}
		if l.support[i] >= least {
			s.columns = append(s.columns, int32(i))
		}
	}
	s.model = l.restrict(s.columns)
	first := int32(len(s.model.names))
	for range len(places) * vectorSize {
		s.model.names, s.model.support = append(s.model.names, smoothed), append(s.model.support, len(l.rows))
	}
	blocks := make([][]float64, len(l.rows))
	squares := 0.0
	for r := range l.rows {
		b := make([]float64, len(places)*vectorSize)
		for i, c := range l.rows[r].cols {
			if p := s.place[c]; p >= 0 {
				axpy(l.rows[r].values[i], s.vector[c], b[p*vectorSize:(p+1)*vectorSize])
			}
		}
		squares += dot(b, b)
		blocks[r] = b
	}
	// Scaled to a common spread, so that the penalty means the same for all samples.
	s.scale = 0.5 / math.Sqrt(squares/float64(max(len(l.rows), 1)*len(places)*vectorSize))
	for r, b := range blocks {
		o := &s.model.rows[r]
		for d, x := range b {
			if x != 0 {
				o.cols, o.values = append(o.cols, first+int32(d)), append(o.values, x*s.scale)
			}
		}
	}
	l.smooth = s
}

// smoothed names the columns of word vectors; no weight file holds it.
const smoothed = "vector"

// solve fits the smoothed model and returns weights of the full one.
func (s *smoothing) solve(ctx context.Context, keep func(int) bool, lambda, balance float64) ([]float64, error) {
	sw, err := s.model.solve(ctx, keep, lambda, balance)
	if err != nil {
		return nil, err
	}
	w := make([]float64, len(s.vector)*classes)
	for i, c := range s.columns {
		copy(w[int(c)*classes:], sw[i*classes:i*classes+classes])
	}
	for c, p := range s.place {
		if p < 0 {
			continue
		}
		for d, x := range s.vector[c] {
			at := (len(s.columns) + p*vectorSize + d) * classes
			for k := range classes {
				w[c*classes+k] += s.scale * x * sw[at+k]
			}
		}
	}
	return w, nil
}

// learn solves on the rows that keep accepts, drops all but the rows most
// features that tell most, and solves again. Weights of dropped features are
// zero.
func (l *loglinear) learn(ctx context.Context, keep func(int) bool, lambda, balance float64, most int) ([]float64, error) {
	var w []float64
	var err error
	if l.smooth != nil {
		w, err = l.smooth.solve(ctx, keep, lambda, balance)
	} else {
		w, err = l.solve(ctx, keep, lambda, balance)
	}
	if err != nil || len(l.names) <= most {
		return w, err
	}
	order := make([]int32, len(l.names))
	tells := make([]float64, len(l.names))
	for i := range l.names {
		order[i] = int32(i)
		x := w[i*classes : i*classes+classes]
		tells[i] = (max(x[0], x[1], x[2]) - min(x[0], x[1], x[2])) * math.Sqrt(float64(l.support[i]))
		if !strings.Contains(l.names[i], ":") {
			tells[i] = math.Inf(1)
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(tells[b], tells[a]), cmp.Compare(a, b)) })
	if l.smooth != nil { // the vectors have spread their weight over the words: nothing to solve again
		for _, c := range order[most:] {
			clear(w[int(c)*classes : int(c)*classes+classes])
		}
		return w, nil
	}
	small := l.restrict(order[:most])
	sw, err := small.solve(ctx, keep, lambda, balance)
	if err != nil {
		return nil, err
	}
	clear(w)
	for i, c := range order[:most] {
		copy(w[int(c)*classes:], sw[i*classes:i*classes+classes])
	}
	return w, nil
}

// restrict returns a model of some of the columns, in their order.
func (l *loglinear) restrict(cols []int32) *loglinear {
	at := make([]int32, len(l.names))
	for i := range at {
		at[i] = -1
	}
	small := &loglinear{names: make([]string, len(cols)), support: make([]int, len(cols)), rows: make([]observation, len(l.rows))}
	for i, c := range cols {
		at[c] = int32(i)
		small.names[i], small.support[i] = l.names[c], l.support[c]
	}
	for r := range l.rows {
		o := l.rows[r]
		cols, values := make([]int32, 0, len(o.cols)), make([]float64, 0, len(o.cols))
		for i, c := range o.cols {
			if at[c] >= 0 {
				cols, values = append(cols, at[c]), append(values, o.values[i])
			}
		}
		o.cols, o.values = cols, values
		small.rows[r] = o
	}
	return small
}

func score(w []float64, o *observation) (x [classes]float64) {
	for j, col := range o.cols {
		at := int(col) * classes
		v := o.values[j]
		x[0] += w[at] * v
		x[1] += w[at+1] * v
		x[2] += w[at+2] * v
	}
	return x
}

func normalise(x [classes]float64) [classes]float64 {
	m := max(x[0], x[1], x[2])
	sum := 0.0
	for c := range x {
		x[c] = math.Exp(x[c] - m)
		sum += x[c]
	}
	for c := range x {
		x[c] /= sum
	}
	return x
}

// lbfgs minimises a smooth convex function of d variables from zero.
func lbfgs(ctx context.Context, d int, f func(w, grad []float64) float64) ([]float64, error) {
	const memory, rounds, tolerance = 8, 120, 1e-5
	w, g := make([]float64, d), make([]float64, d)
	next, ng, dir := make([]float64, d), make([]float64, d), make([]float64, d)
	type pair struct {
		s, y []float64
		rho  float64
	}
	var past []pair
	fx := f(w, g)
	for range rounds {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		copy(dir, g)
		alpha := make([]float64, len(past))
		for i := len(past) - 1; i >= 0; i-- {
			alpha[i] = past[i].rho * dot(past[i].s, dir)
			axpy(-alpha[i], past[i].y, dir)
		}
		if len(past) > 0 {
			p := past[len(past)-1]
			scale(1/(p.rho*dot(p.y, p.y)), dir)
		} else {
			scale(1/max(math.Sqrt(dot(g, g)), 1), dir)
		}
		for i := range past {
			axpy(alpha[i]-past[i].rho*dot(past[i].y, dir), past[i].s, dir)
		}
		slope := -dot(g, dir)
		if slope > -1e-12 {
			break
		}
		step, fn := 1.0, 0.0
		for range 30 {
			copy(next, w)
			axpy(-step, dir, next)
			if fn = f(next, ng); fn <= fx+1e-4*step*slope {
				break
			}
			step /= 2
		}
		p := pair{make([]float64, d), make([]float64, d), 0}
		for i := range w {
			p.s[i], p.y[i] = next[i]-w[i], ng[i]-g[i]
		}
		if sy := dot(p.s, p.y); sy > 1e-12 {
			p.rho = 1 / sy
			past = append(past, p)
			if len(past) > memory {
				past = past[1:]
			}
		}
		done := fx-fn <= tolerance*max(math.Abs(fx), 1)
		copy(w, next)
		copy(g, ng)
		fx = fn
		if done {
			break
		}
	}
	return w, nil
}

func dot(a, b []float64) (x float64) {
	for i := range a {
		x += a[i] * b[i]
	}
	return x
}

func axpy(k float64, x, y []float64) {
	for i := range y {
		y[i] += k * x[i]
	}
}

func scale(k float64, x []float64) {
	for i := range x {
		x[i] *= k
	}
}

// folds deals articles to k folds.
func (l *loglinear) folds(k int) []int {
	examples := make([]Example, len(l.rows))
	for i := range l.rows {
		examples[i].Article = l.rows[i].article
	}
	f, _ := foldsOf(examples, k)
	return f
}

// validate returns the cross-validated class probabilities of every row.
func (l *loglinear) validate(ctx context.Context, folds []int, k int, lambda, balance float64, most int) ([][classes]float64, error) {
	out := make([][classes]float64, len(l.rows))
	for fold := range k {
		w, err := l.learn(ctx, func(i int) bool { return folds[i] != fold }, lambda, balance, most)
		if err != nil {
			return nil, err
		}
		for i := range l.rows {
			if folds[i] == fold {
				out[i] = normalise(score(w, &l.rows[i]))
			}
		}
	}
	return out, nil
}

// macroF1 of the most probable class, with the class table.
func macroF1(p [][classes]float64, rows []observation) float64 {
	var table [classes][classes]int
	for i := range rows {
		best := 0
		for c := range p[i] {
			if p[i][c] > p[i][best] {
				best = c
			}
		}
		table[rows[i].label][best]++
	}
	return tableF1(table[:])
}

// tableF1 is the mean F1 over the classes of a confusion table that occur.
func tableF1[R ~[3]int](table []R) float64 {
	sum, n := 0.0, 0.0
	for c := range table {
		tp, wrong := table[c][c], 0
		gold := 0
		for o := range table {
			gold += table[c][o]
			if o != c {
				wrong += table[c][o] + table[o][c]
			}
		}
		if gold == 0 {
			continue
		}
		n++
		if tp > 0 {
			sum += 2 * float64(tp) / float64(2*tp+wrong)
		}
	}
	return sum / max(n, 1)
}

// calibrationError is the expected calibration error in ten bins of the
// probability of the predicted class (Naeini et al. 2015).
func calibrationError(p [][classes]float64, rows []observation) float64 {
	var n, right, conf [10]float64
	for i := range rows {
		best := 0
		for c := range p[i] {
			if p[i][c] > p[i][best] {
				best = c
			}
		}
		b := min(int(p[i][best]*10), 9)
		n[b]++
		conf[b] += p[i][best]
		if rows[i].label == best {
			right[b]++
		}
	}
	e := 0.0
	for b := range n {
		e += math.Abs(conf[b] - right[b])
	}
	return e / float64(max(len(rows), 1))
}

// format writes a weight file: comments, a header and a row per feature.
func (l *loglinear) format(comments []string, w []float64) []byte {
	var b strings.Builder
	for _, c := range comments {
		fmt.Fprintf(&b, "# %s\n", c)
	}
	b.WriteString(stance.WeightsHeader + "\n")
	for i, name := range l.names {
		x := w[i*classes : i*classes+classes]
		if math.Abs(x[0])+math.Abs(x[1])+math.Abs(x[2]) < 0.03 {
			continue // too little to show in any score
		}
		fmt.Fprintf(&b, "%s\t%.3f\t%.3f\t%.3f\t%d\n", name, x[0], x[1], x[2], l.support[i])
	}
	return []byte(b.String())
}
