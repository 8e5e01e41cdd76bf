package stance

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// Kind is a template of features. A feature is a kind with an argument: a
// word, an act, or nothing.
type Kind uint8

// Feature is one observation about a target or a pair.
type Feature struct {
	Kind  Kind
	Arg   int32 // vocabulary id or index of an act, as the kind says; 0 otherwise
	Value float32
}

// argKind is what the argument of a kind is.
type argKind uint8

const (
	argNone argKind = iota
	argWord
	argAct
	argClass
)

// template describes a kind; the names stand in the weight files.
type template struct {
	name string
	arg  argKind
}

// Space is a feature space: templates with the words and acts of a program.
// It is immutable.
type Space struct {
	v         *text.Vocabulary
	templates []template
	kinds     map[string]Kind // by name
	acts      []string
	actIndex  map[string]int32
	topics    []string // classes of the lexicon
	topicOf   []int32  // by index into Program.Lexicon
}

func newSpace(p *rules.Program, templates []template) *Space {
	s := &Space{v: p.Vocabulary, templates: templates, kinds: make(map[string]Kind, len(templates)), actIndex: map[string]int32{}}
	for k, t := range templates {
		s.kinds[t.name] = Kind(k)
	}
	for i := range p.Cues {
		for _, e := range p.Cues[i].Emits {
			if _, ok := s.actIndex[e.Act]; !ok {
				s.actIndex[e.Act] = 0
				s.acts = append(s.acts, e.Act)
			}
		}
	}
	slices.Sort(s.acts)
	for i, a := range s.acts {
		s.actIndex[a] = int32(i)
	}
	topics := map[string]int32{}
	for i := range p.Lexicon {
		topics[p.Lexicon[i].Class] = 0
	}
	s.topics = slices.Sorted(maps.Keys(topics))
	for i, t := range s.topics {
		topics[t] = int32(i)
	}
	s.topicOf = make([]int32, len(p.Lexicon))
	for i := range p.Lexicon {
		s.topicOf[i] = topics[p.Lexicon[i].Class]
	}
	return s
}

// Name renders a feature as in the weight files: "next:attack".
func (s *Space) Name(f Feature) string {
	t := s.templates[f.Kind]
	switch t.arg {
	case argWord:
		return t.name + ":" + s.v.Form(f.Arg)
	case argAct:
		return t.name + ":" + s.acts[f.Arg]
	case argClass:
		return t.name + ":" + s.topics[f.Arg]
	}
	return t.name
}

// size returns the number of arguments of a kind that is not of words.
func (s *Space) size(k Kind) int {
	switch s.templates[k].arg {
	case argAct:
		return len(s.acts)
	case argClass:
		return len(s.topics)
	}
	return 1
}

// parse reads a feature's name.
func (s *Space) parse(name string) (Feature, bool) {
	head, arg, _ := strings.Cut(name, ":")
	if k, ok := s.kinds[head]; ok {
		switch s.templates[k].arg {
		case argWord:
			id := s.v.Lookup(arg)
			return Feature{Kind: k, Arg: id}, id != 0
		case argAct:
			a, ok := s.actIndex[arg]
			return Feature{Kind: k, Arg: a}, ok
		case argClass:
			a, ok := slices.BinarySearch(s.topics, arg)
			return Feature{Kind: k, Arg: int32(a)}, ok
		}
		return Feature{Kind: k}, true
	}
	return Feature{}, false
}

// classes is the number of classes of every linear model: against or
// negative, none or neutral, favor or positive.
const classes = 3

// Linear is a multinomial log-linear model: P(c) is proportional to
// exp(sum of value times weight). It is immutable and safe for concurrent
// use.
type Linear struct {
	Space     *Space
	bit       []uint32   // per kind of words: its bit in wordRows; 0 for other kinds
	words     []wordRows // per vocabulary id
	base      []int32    // per other kind: where its arguments lie in rows
	rows      []int32    // per other kind and argument: row of weights; 0 without
	weights   []weight   // per row
	names     []string   // per row
	intercept int32      // row of the first kind; 0 without
}

// weight is what a feature says for each class, and the mean of the three: four
// of them fill a cache line.
type weight [classes + 1]float32

// wordRows says which kinds of a word have weights. Their rows lie side by
// side, so that a word costs one look here and one at its weights.
type wordRows struct {
	first int32  // row of the first of them
	slots uint32 // bits of the kinds
}

// Row is one line of a weight file.
type Row struct {
	Feature string
	Weights [classes]float64
	Support int
}

// newLinear reads the weights of a TSV with the columns feature, one weight
// per class and support. Features whose word or act the program lacks are
// passed over: the packs have changed since the fit.
func newLinear(s *Space, tsv []byte) (*Linear, error) {
	l := &Linear{Space: s, bit: make([]uint32, len(s.templates)), base: make([]int32, len(s.templates)), words: make([]wordRows, s.v.Len())}
	next := uint32(1)
	for k, t := range s.templates {
		if t.arg == argWord {
			l.bit[k] = next
			next <<= 1
		} else {
			l.base[k] = int32(len(l.rows))
			l.rows = append(l.rows, make([]int32, s.size(Kind(k)))...)
		}
	}
	rows, err := ReadWeights(tsv)
	if err != nil {
		return nil, err
	}
	features, n := make([]Feature, len(rows)), int32(1) // row 0 is that of features without weights
	for i, r := range rows {
		f, ok := s.parse(r.Feature)
		if !ok {
			features[i].Arg = none
			continue
		}
		features[i] = f
		if bit := l.bit[f.Kind]; bit != 0 {
			l.words[f.Arg].slots |= bit
		} else if at := &l.rows[l.base[f.Kind]+f.Arg]; *at == 0 {
			*at = n
			n++
		}
	}
	for id := range l.words {
		w := &l.words[id]
		w.first = n
		n += int32(bits.OnesCount32(w.slots))
	}
	l.weights, l.names = make([]weight, n), make([]string, n)
	for i, r := range rows {
		if features[i].Arg == none {
			continue
		}
		row := l.row(features[i])
		w := weight{float32(r.Weights[0]), float32(r.Weights[1]), float32(r.Weights[2])}
		w[classes] = (w[0] + w[1] + w[2]) / classes
		l.weights[row] = w
		l.names[row] = r.Feature
	}
	l.intercept = l.row(Feature{})
	return l, nil
}

// row returns the row of a feature's weights; 0 without any.
func (l *Linear) row(f Feature) int32 {
	bit := l.bit[f.Kind]
	if bit == 0 {
		return l.rows[l.base[f.Kind]+f.Arg]
	}
	return l.words[f.Arg].row(bit)
}

// row returns the row of the kind of a bit; 0 without any.
func (w wordRows) row(bit uint32) int32 {
	if w.slots&bit == 0 {
		return 0
	}
	return w.first + int32(bits.OnesCount32(w.slots&(bit-1)))
}

// has returns 1 where the kind of a bit has a row, else 0.
func (w wordRows) has(bit uint32) int {
	if w.slots&bit != 0 {
		return 1
	}
	return 0
}

// WeightsHeader names the columns of a weight file.
const WeightsHeader = "feature\tnegative\tneutral\tpositive\tsupport"

// ReadWeights reads a weight file: comments (#), a header and rows. An error
// names the line.
func ReadWeights(tsv []byte) ([]Row, error) {
	rows := make([]Row, 0, bytes.Count(tsv, []byte{'\n'}))
	text := string(tsv) // features are pieces of it
	header := false
	for n := 1; text != ""; n++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if !header {
			header = true
			continue
		}
		r, _, err := ParseRow(line)
		if err != nil {
			return nil, fmt.Errorf("weights, line %d: %w", n, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// ParseRow reads a row of a weight file: feature, one weight per class and
// support, separated by tabs. An error is about the field of that index.
func ParseRow(line string) (r Row, field int, err error) {
	if n := strings.Count(line, "\t") + 1; n != classes+2 {
		return r, 0, fmt.Errorf("%d columns; expected feature, negative, neutral, positive, support with tabs between", n)
	}
	r.Feature, line, _ = strings.Cut(line, "\t")
	for i := range r.Weights {
		var cell string
		cell, line, _ = strings.Cut(line, "\t")
		w, err := strconv.ParseFloat(cell, 64)
		if err != nil || !(math.Abs(w) <= 100) {
			return r, i + 1, fmt.Errorf("weight %q; expected a number from -100 to 100", cell)
		}
		r.Weights[i] = w
	}
	if r.Support, err = strconv.Atoi(line); err != nil || r.Support < 0 {
		return r, classes + 1, fmt.Errorf("support %q; expected a whole number", line)
	}
	return r, 0, nil
}

// WeightWords returns the words that a weight file asks the vocabulary for.
func WeightWords(tsv []byte) []string {
	known := map[string]bool{}
	for line := range strings.Lines(string(tsv)) {
		feature, _, _ := strings.Cut(line, "\t") // the model's constructor reports what is wrong
		if _, w, ok := strings.Cut(feature, ":"); ok && line[0] != '#' {
			known[w] = true
		}
	}
	return slices.Sorted(maps.Keys(known))
}

// hit is a feature that has a weight.
type hit struct {
	row   int32
	value float32
}

// observer takes down what is seen of a target or a pair: the features that
// the model has a weight for or, while fitting, every feature.
type observer struct {
	model    *Linear
	fitting  bool
	features []Feature // while fitting
	hits     []hit     // else
	rows     []int32   // of the words around, which are hits of value 1
	early    int       // hits before them
}

// reset forgets what was seen and goes on with a model.
func (o *observer) reset(l *Linear) {
	o.model, o.features, o.hits, o.rows = l, o.features[:0], o.hits[:0], o.rows[:0]
}

// add adds a feature.
func (o *observer) add(k Kind, arg int32, value float32) {
	if o.fitting {
		o.features = append(o.features, Feature{k, arg, value})
		return
	}
	l := o.model
	row := int32(0)
	if bit := l.bit[k]; bit != 0 {
		row = l.words[arg].row(bit)
	} else {
		row = l.rows[l.base[k]+arg]
	}
	if row != 0 {
		o.hits = append(o.hits, hit{row, value})
	}
}

// strength adds a feature of a kind without argument, of whose value 0 is no
// feature. Inlined at every call it would crowd out other code.
//
//go:noinline
func (o *observer) strength(k Kind, x float32) {
	if !(x > 0) {
		return
	}
	if o.fitting {
		o.features = append(o.features, Feature{k, 0, x})
	} else if row := o.model.rows[o.model.base[k]]; row != 0 {
		o.hits = append(o.hits, hit{row, x})
	}
}

// word adds a feature of a word of the sentence that was looked at.
func (o *observer) word(k Kind, w *wordAt) {
	if o.fitting {
		o.features = append(o.features, Feature{k, w.id, 1})
	} else if row := w.rows.row(o.model.bit[k]); row != 0 {
		o.rows = append(o.rows, row)
	}
}

// words adds a feature of words that stand side by side. Its kind is the first
// of words or the second.
func (o *observer) words(k Kind, words []wordAt) {
	if o.fitting {
		for i := range words {
			o.word(k, &words[i])
		}
		return
	}
	bit := o.model.bit[k]
	rows, n := o.room(len(words))
	for i := range words { // about half of them have a weight, so that a branch would cost more
		w := words[i].rows
		rows[n] = w.first + int32(w.slots&(bit-1))
		n += w.has(bit)
	}
	o.rows = rows[:n]
}

// near adds the features of words near a target on one side of it, of the same
// kinds and the third.
func (o *observer) near(k Kind, words []wordAt, first, last int32) {
	if o.fitting {
		for i := range words {
			w := &words[i]
			o.word(k, w)
			if next := nextTo(w.tok, first, last); next != toneNear {
				o.word(next, w)
			}
			o.word(toneNear, w)
		}
		return
	}
	bits := o.model.bit
	side, near := bits[k], bits[toneNear]
	rows, n := o.room(3 * len(words))
	for i := range words {
		w := words[i].rows
		rows[n] = w.first + int32(w.slots&(side-1))
		n += w.has(side)
		if next := nextTo(words[i].tok, first, last); next != toneNear {
			rows[n] = w.row(bits[next])
			n += w.has(bits[next])
		}
		rows[n] = w.first + int32(w.slots&1+w.slots>>1&1)
		n += w.has(near)
	}
	o.rows = rows[:n]
}

// nextTo returns the kind of a word by where it stands to a target.
func nextTo(t, first, last int32) Kind {
	switch t {
	case first - 1:
		return tonePrev
	case last:
		return toneNext
	case last + 1:
		return toneNext2
	}
	return toneNear
}

// room returns the rows with room for more behind, and how many they are.
func (o *observer) room(more int) ([]int32, int) {
	n := len(o.rows)
	return slices.Grow(o.rows, more)[:n+more], n
}

// score returns the log-linear scores of the classes, before normalising.
func (o *observer) score() [classes]float64 {
	var against, none, favor float64 // an array would be kept in memory
	weights := o.model.weights
	for i := range o.hits {
		w, v := &weights[o.hits[i].row], float64(o.hits[i].value)
		against += float64(w[0]) * v
		none += float64(w[1]) * v
		favor += float64(w[2]) * v
	}
	for _, row := range o.rows {
		w := &weights[row]
		against += float64(w[0])
		none += float64(w[1])
		favor += float64(w[2])
	}
	return [classes]float64{against, none, favor}
}

// top appends the names of the features that argue most for class c against
// the others.
func (o *observer) top(c int, out []string) []string {
	const least = 0.02 // an argument that moves nothing
	best := podium{{0, least}, {0, least}, {0, least}}
	first := 0
	if o.early > 0 && o.hits[0].row == o.model.intercept {
		first = 1 // it is no argument
	}
	best.hits(o.model.weights, o.hits[first:o.early], c)
	best.rows(o.model.weights, o.rows, c)
	best.hits(o.model.weights, o.hits[o.early:], c)
	for i := range best {
		if best[i].row != 0 {
			out = append(out, o.model.names[best[i].row])
		}
	}
	return out
}

// podium is the three hits that argue most for a class, each row once: a word
// may stand twice in a sentence. Of equal ones the first stays.
type podium [3]hit

// hits takes in what argues more for class c than the last.
func (p *podium) hits(weights []weight, hits []hit, c int) {
	c &= 3
	least := p[2].value
	for i := range hits {
		w := &weights[hits[i].row]
		if x := hits[i].value * (w[c] - w[classes]); x > least {
			least = p.admit(hit{hits[i].row, x})
		}
	}
}

// rows is hits for those of value 1.
func (p *podium) rows(weights []weight, rows []int32, c int) {
	c &= 3
	least := p[2].value
	for _, row := range rows {
		w := &weights[row]
		if x := w[c] - w[classes]; x > least {
			least = p.admit(hit{row, x})
		}
	}
}

// admit takes in a hit that is greater than the last and returns what the next
// must exceed.
func (p *podium) admit(h hit) float32 {
	switch {
	case h.value > p[0].value:
		p[0], p[1], p[2] = h, p[0], p[1]
	case h.row == p[0].row:
	case h.value > p[1].value:
		p[1], p[2] = h, p[1]
	case h.row != p[1].row:
		p[2] = h
	}
	return p[2].value
}
