// Package fit learns the weights of the models from labelled samples. Equal
// input gives equal weights, bit for bit.
package fit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"stance/internal/model"
	"stance/internal/model/party"
	"stance/internal/model/rules"
	"stance/internal/model/sentiment"
	"stance/internal/model/text"
)

// Example is a text with a gold rating. The unit of the ratings is free; the
// scorer's neutral zone is learned in it. Texts of one Article are never split
// between the part learned from and the part tested on.
type Example struct {
	Text    string
	Article string
	Rating  float64
}

// Set is a labelled sample.
type Set struct {
	Name     string
	Examples []Example
}

// Options steer the fit. Compile is required; the zero value of the others
// stands for the default given.
type Options struct {
	// Compile returns the program whose features are weighed, with the words
	// added to its vocabulary.
	Compile func(words []string) (*rules.Program, error)
	// Auxiliary samples help to learn words and lexicon entries; the model is
	// neither tested on them nor bound to their scale.
	Auxiliary  []Set
	Folds      int     // of the cross-validation: 5
	MinSupport int     // texts that must have a word: 3
	Neutral    float64 // gold ratings within ±Neutral are neutral: 0.5
}

// Model is a table of weights; sentiment.FormatWeights writes it.
type Model struct {
	Comments []string
	Weights  []sentiment.Weight
}

// Report says how well the fit did on texts that it had not seen.
type Report struct {
	N, Articles, Features int
	PearsonR              float64   // over all folds
	FoldR                 []float64 // by fold
	MacroF1               float64   // three classes at ±Neutral
	Low, High             float64   // neutral zone of the predictions
	Settings              string    // chosen by cross-validation
	Predictions           []float64 // by example, each from a model that had not seen its article
}

// setting is a choice of hyper-parameters.
type setting struct {
	ridge     float64
	auxiliary float64 // weight of an auxiliary sentence
	own       float64 // scale of what the target sample learns for itself
	word      float64 // scale of words
}

// The grid is walked along one axis at a time from its first row.
var (
	firstSetting = setting{ridge: 8, auxiliary: 0.3, own: 0.35, word: 0.3}
	ridges       = []float64{4, 6, 12, 18}
	auxiliaries  = []float64{0, 0.15, 0.5}
	owns         = []float64{0.2, 0.6}
	wordScales   = []float64{0.2, 0.4}
)

// Scales of the features before the ridge: the larger, the less a weight costs.
const (
	biasScale  = 5
	classScale = 0.7
	entryScale = 0.5
	auxScale   = 1.2 // gold of an auxiliary sample, in its standard deviations
	prune      = 0.02
)

// Sentiment learns the weights of the sentence scorer from gold by ridge
// regression, with the settings that cross-validation by article prefers. It
// stops early with the context's error.
func Sentiment(ctx context.Context, gold Set, opts Options) (Model, Report, error) {
	opts.Folds, opts.MinSupport = cmp.Or(opts.Folds, 5), cmp.Or(opts.MinSupport, 3)
	opts.Neutral = cmp.Or(opts.Neutral, 0.5)
	folds, articles := foldsOf(gold.Examples, opts.Folds)
	if articles < opts.Folds {
		return Model{}, Report{}, fmt.Errorf("fit: %s has %d articles; cross-validation needs %d", gold.Name, articles, opts.Folds)
	}
	d, err := newDesign(ctx, append([]Set{gold}, opts.Auxiliary...), opts)
	if err != nil {
		return Model{}, Report{}, err
	}
	best, predictions, err := d.choose(ctx, folds, opts.Folds)
	if err != nil {
		return Model{}, Report{}, err
	}
	y := d.y[:len(gold.Examples)]
	r := Report{
		N: len(y), Articles: articles, Features: len(d.names), PearsonR: pearson(predictions, y), Predictions: predictions,
		Settings: fmt.Sprintf("ridge %g, auxiliary %g, own %g, word %g", best.ridge, best.auxiliary, best.own, best.word),
	}
	for k := range opts.Folds {
		var p, g []float64
		for i, f := range folds {
			if f == k {
				p, g = append(p, predictions[i]), append(g, y[i])
			}
		}
		r.FoldR = append(r.FoldR, pearson(p, g))
	}
	r.Low, r.High, r.MacroF1 = neutralZone(predictions, y, opts.Neutral)
	w, err := d.solve(ctx, best, nil, -1)
	if err != nil {
		return Model{}, Report{}, err
	}
	return d.model(gold, opts, best, w, &r), r, nil
}

// design is the sparse matrix of all samples, the target sample first.
type design struct {
	names   []sentiment.Weight // by feature; Value unused
	rows    [][]cell
	y       []float64
	set     []int // by row
	sets    int
	support []int
}

type cell struct {
	feature int32
	value   float64
}

func newDesign(ctx context.Context, sets []Set, opts Options) (*design, error) {
	if opts.Compile == nil {
		return nil, errors.New("fit: no Compile")
	}
	p, err := opts.Compile(nil)
	if err != nil {
		return nil, err
	}
	words, err := commonWords(ctx, p, sets, opts.MinSupport)
	if err != nil {
		return nil, err
	}
	if p, err = opts.Compile(words); err != nil {
		return nil, err
	}
	d := &design{sets: len(sets)}
	x := sentiment.NewExtractor(p)
	r := newReader(p)
	type key struct {
		kind sentiment.Kind
		id   int32
	}
	index := map[key]int32{}
	var sc sentiment.Scratch
	var found []sentiment.Feature
	sums := map[int32]float64{}
	for s, set := range sets {
		scale := 1.0
		if s > 0 {
			scale = auxScale / deviation(set.Examples)
		}
		for _, e := range set.Examples {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			r.read(e.Text)
			clear(sums)
			total := 0.0
			for i := range r.layers.Sentences {
				total += float64(r.layers.Sentences[i].Last - r.layers.Sentences[i].First)
			}
			for i := range r.layers.Sentences {
				share := float64(r.layers.Sentences[i].Last-r.layers.Sentences[i].First) / total
				x.Read(&r.article, &r.layers, r.mentions, i, &sc)
				found = x.Features(&sc, found[:0])
				for _, f := range found {
					k := key{f.Kind, f.ID}
					id, ok := index[k]
					if !ok {
						id = int32(len(d.names))
						index[k] = id
						d.names = append(d.names, sentiment.Weight{Kind: f.Kind, Feature: x.Name(f)})
						d.support = append(d.support, 0)
					}
					sums[id] += f.Value * share
				}
			}
			row := make([]cell, 0, len(sums))
			for id, v := range sums {
				row = append(row, cell{id, v})
				d.support[id]++
			}
			slices.SortFunc(row, func(a, b cell) int { return int(a.feature - b.feature) })
			d.rows, d.y, d.set = append(d.rows, row), append(d.y, e.Rating*scale), append(d.set, s)
		}
	}
	d.drop(opts.MinSupport)
	return d, nil
}

// drop removes words that too few sentences have.
func (d *design) drop(minSupport int) {
	keep := make([]int32, len(d.names))
	n := int32(0)
	for i, w := range d.names {
		if w.Kind == sentiment.Word && d.support[i] < minSupport {
			keep[i] = -1
			continue
		}
		keep[i] = n
		d.names[n], d.support[n] = w, d.support[i]
		n++
	}
	d.names, d.support = d.names[:n], d.support[:n]
	for i, row := range d.rows {
		kept := row[:0]
		for _, c := range row {
			if f := keep[c.feature]; f >= 0 {
				kept = append(kept, cell{f, c.value})
			}
		}
		d.rows[i] = kept
	}
}

// scales returns what each feature is multiplied by.
func (d *design) scales(s setting) []float64 {
	out := make([]float64, len(d.names))
	for i, w := range d.names {
		switch w.Kind {
		case sentiment.Dense:
			out[i] = 1
			if w.Feature == "bias" {
				out[i] = biasScale
			}
		case sentiment.Class:
			out[i] = classScale
		case sentiment.Entry:
			out[i] = entryScale
		default:
			out[i] = s.word
		}
	}
	return out
}

// solve learns from all rows but the target rows of one fold. Every sample
// has weights of its own on top of those that all share, so that words are
// learned from all and the scale of each label from its own sample. It
// returns the weights of the target sample.
func (d *design) solve(ctx context.Context, s setting, folds []int, without int) ([]float64, error) {
	n := len(d.names)
	scales := d.scales(s)
	own := make([]float64, n)
	for i, w := range d.names {
		if own[i] = s.own * scales[i]; w.Kind == sentiment.Dense || w.Kind == sentiment.Class {
			own[i] = scales[i]
		}
	}
	sets := d.sets
	if s.auxiliary == 0 {
		sets = 1
	}
	m := sparse{cols: n * (1 + sets)}
	var y []float64
	for i, row := range d.rows {
		if d.set[i] >= sets || folds != nil && i < len(folds) && folds[i] == without {
			continue
		}
		weight := 1.0
		if d.set[i] > 0 {
			weight = math.Sqrt(s.auxiliary)
		}
		for _, c := range row {
			m.add(c.feature, c.value*scales[c.feature]*weight)
			m.add(c.feature+int32(n*(1+d.set[i])), c.value*own[c.feature]*weight)
		}
		m.endRow()
		y = append(y, d.y[i]*weight)
	}
	w, err := m.ridge(ctx, y, s.ridge)
	if err != nil {
		return nil, err
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = w[i]*scales[i] + w[n+i]*own[i]
	}
	return out, nil
}

// crossValidate predicts every target row by a model that has not seen its
// article.
func (d *design) crossValidate(ctx context.Context, s setting, folds []int, k int) ([]float64, error) {
	out := make([]float64, len(folds))
	errs := make([]error, k)
	var wg sync.WaitGroup
	for fold := range k {
		wg.Go(func() {
			w, err := d.solve(ctx, s, folds, fold)
			if err != nil {
				errs[fold] = err
				return
			}
			for i, f := range folds {
				if f == fold {
					for _, c := range d.rows[i] {
						out[i] += c.value * w[c.feature]
					}
				}
			}
		})
	}
	wg.Wait()
	return out, errors.Join(errs...)
}

// choose walks the grid and returns the setting with the best correlation.
func (d *design) choose(ctx context.Context, folds []int, k int) (best setting, predictions []float64, err error) {
	best = firstSetting
	if d.sets == 1 {
		best.auxiliary = 0
	}
	if predictions, err = d.crossValidate(ctx, best, folds, k); err != nil {
		return best, nil, err
	}
	top := pearson(predictions, d.y[:len(folds)])
	try := func(s setting) {
		if err != nil {
			return
		}
		var p []float64
		if p, err = d.crossValidate(ctx, s, folds, k); err != nil {
			return
		}
		if r := pearson(p, d.y[:len(folds)]); r > top {
			best, predictions, top = s, p, r
		}
	}
	at := best
	for _, v := range ridges {
		at.ridge = v
		try(at)
	}
	if d.sets > 1 {
		at = best
		for _, v := range auxiliaries {
			at.auxiliary = v
			try(at)
		}
		at = best
		for _, v := range owns {
			at.own = v
			try(at)
		}
	}
	at = best
	for _, v := range wordScales {
		at.word = v
		try(at)
	}
	return best, predictions, err
}

func (d *design) model(gold Set, opts Options, s setting, w []float64, r *Report) Model {
	var m Model
	m.Comments = []string{
		"Weights of the sentence sentiment scorer, learned by stance fit sentiment.",
		fmt.Sprintf("gold: %s, %d texts of %d articles", gold.Name, r.N, r.Articles),
	}
	if s.auxiliary > 0 {
		for _, set := range opts.Auxiliary {
			m.Comments = append(m.Comments, fmt.Sprintf("auxiliary: %s, %d texts", set.Name, len(set.Examples)))
		}
	}
	var fr []string
	for _, v := range r.FoldR {
		fr = append(fr, strconv.FormatFloat(v, 'f', 3, 64))
	}
	m.Comments = append(m.Comments, "settings: "+r.Settings,
		fmt.Sprintf("cross-validated by article, %d folds: Pearson r %.4f (%s), macro-F1 at ±%g %.4f", opts.Folds, r.PearsonR, strings.Join(fr, ", "), opts.Neutral, r.MacroF1))
	m.Weights = append(m.Weights,
		sentiment.Weight{Kind: sentiment.Param, Feature: sentiment.ParamLow, Value: r.Low, Support: r.N},
		sentiment.Weight{Kind: sentiment.Param, Feature: sentiment.ParamHigh, Value: r.High, Support: r.N},
		sentiment.Weight{Kind: sentiment.Param, Feature: sentiment.ParamScale, Value: 0.5 / opts.Neutral * 0.5, Support: r.N})
	for i, f := range d.names {
		f.Value, f.Support = w[i], d.support[i]
		if f.Kind == sentiment.Word && math.Abs(f.Value) < prune*opts.Neutral/0.5 || f.Value == 0 {
			continue
		}
		m.Weights = append(m.Weights, f)
	}
	return m
}

// Format writes the model as a table.
func (m *Model) Format() []byte { return sentiment.FormatWeights(m.Comments, m.Weights) }

// reader reads one text after the other.
type reader struct {
	article  model.Article
	layers   model.Layers
	mentions []model.Mention
	text     *text.Reader
	finder   *party.Finder
}

func newReader(p *rules.Program) *reader {
	return &reader{text: text.NewReader(p.Vocabulary), finder: party.NewFinder(p)}
}

func (r *reader) read(s string) {
	r.article = model.Article{Text: s, Lang: "en"}
	r.text.Read(&r.article, &r.layers)
	r.mentions = r.finder.Find(&r.article, &r.layers, r.mentions[:0], nil)
}

// commonWords returns the folded forms of the words that enough examples have
// in lower case.
func commonWords(ctx context.Context, p *rules.Program, sets []Set, least int) ([]string, error) {
	r := newReader(p)
	counts := map[string]int{}
	for _, set := range sets {
		for _, e := range set.Examples {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			r.read(e.Text)
			seen := map[string]bool{}
			for _, t := range r.layers.Tokens {
				if t.Kind != model.Word || t.Has(model.Capital) {
					continue
				}
				if form := text.Fold(t.In(e.Text)); !seen[form] {
					seen[form] = true
					counts[form]++
				}
			}
		}
	}
	var words []string
	for w, n := range counts {
		if n >= least {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return words, nil
}

// foldsOf deals the articles out, the largest first, each to the fold that
// has the fewest examples yet.
func foldsOf(examples []Example, k int) (folds []int, articles int) {
	sizes := map[string]int{}
	for _, e := range examples {
		sizes[e.Article]++
	}
	names := make([]string, 0, len(sizes))
	for a := range sizes {
		names = append(names, a)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(a, b)) })
	fold := map[string]int{}
	filled := make([]int, k)
	for _, a := range names {
		least := 0
		for f := range filled {
			if filled[f] < filled[least] {
				least = f
			}
		}
		fold[a] = least
		filled[least] += sizes[a]
	}
	for _, e := range examples {
		folds = append(folds, fold[e.Article])
	}
	return folds, len(names)
}

func deviation(examples []Example) float64 {
	mean, sum := 0.0, 0.0
	for _, e := range examples {
		mean += e.Rating
	}
	mean /= float64(len(examples))
	for _, e := range examples {
		sum += (e.Rating - mean) * (e.Rating - mean)
	}
	return max(math.Sqrt(sum/float64(len(examples))), 1e-9)
}

// pearson returns the correlation of two samples; 0 when one is constant.
func pearson(a, b []float64) float64 {
	var ma, mb float64
	for i := range a {
		ma += a[i]
		mb += b[i]
	}
	ma, mb = ma/float64(len(a)), mb/float64(len(b))
	var aa, bb, ab float64
	for i := range a {
		aa += (a[i] - ma) * (a[i] - ma)
		bb += (b[i] - mb) * (b[i] - mb)
		ab += (a[i] - ma) * (b[i] - mb)
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}

// neutralZone returns the bounds that give the best macro-F1 against gold at
// ±neutral, out of a grid in twentieths of neutral. The best is a plateau: of
// the bounds that come within slack of it, those furthest apart are taken, so
// that a sentence without a clear side is neutral.
func neutralZone(predictions, gold []float64, neutral float64) (low, high, f1 float64) {
	const first, last, slack = 4, 28, 0.003
	bound := func(i int) float64 { return float64(i) * neutral / 20 }
	var scores [last + 1][last + 1]float64
	best := 0.0
	for i := first; i <= last; i++ {
		for j := first; j <= last; j++ {
			scores[i][j] = zoneF1(predictions, gold, -bound(i), bound(j), neutral)
			best = max(best, scores[i][j])
		}
	}
	width := 0
	for i := first; i <= last; i++ {
		for j := first; j <= last; j++ {
			if f := scores[i][j]; f >= best-slack && (i+j > width || i+j == width && f > f1) {
				low, high, f1, width = -bound(i), bound(j), f, i+j
			}
		}
	}
	return low, high, f1
}

// zoneF1 returns the mean F1 of the three classes.
func zoneF1(predictions, gold []float64, low, high, neutral float64) float64 {
	side := func(v, low, high float64) int {
		switch {
		case v < low:
			return 0
		case v > high:
			return 2
		}
		return 1
	}
	var table [3][3]int
	for n, p := range predictions {
		table[side(gold[n], -neutral, neutral)][side(p, low, high)]++
	}
	sum := 0.0
	for c := range 3 {
		wrong := 0
		for o := range 3 {
			if o != c {
				wrong += table[c][o] + table[o][c]
			}
		}
		if right := table[c][c]; right > 0 {
			sum += 2 * float64(right) / float64(2*right+wrong)
		}
	}
	return sum / 3
}
