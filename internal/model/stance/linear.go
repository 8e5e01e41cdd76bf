package stance

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
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
	acts      []string
	actIndex  map[string]int32
	topics    []string // classes of the lexicon
	topicOf   []int32  // by index into Program.Lexicon
}

func newSpace(p *rules.Program, templates []template) *Space {
	s := &Space{v: p.Vocabulary, templates: templates, actIndex: map[string]int32{}}
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
	for i := range p.Lexicon {
		s.topics = append(s.topics, p.Lexicon[i].Class)
	}
	slices.Sort(s.topics)
	s.topics = slices.Compact(s.topics)
	s.topicOf = make([]int32, len(p.Lexicon))
	for i := range p.Lexicon {
		at, _ := slices.BinarySearch(s.topics, p.Lexicon[i].Class)
		s.topicOf[i] = int32(at)
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

// size returns the number of arguments of a kind.
func (s *Space) size(k Kind) int {
	switch s.templates[k].arg {
	case argWord:
		return s.v.Len()
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
	for k, t := range s.templates {
		if t.name != head {
			continue
		}
		switch t.arg {
		case argWord:
			id := s.v.Lookup(arg)
			return Feature{Kind: Kind(k), Arg: id}, id != 0
		case argAct:
			a, ok := s.actIndex[arg]
			return Feature{Kind: Kind(k), Arg: a}, ok
		case argClass:
			a, ok := slices.BinarySearch(s.topics, arg)
			return Feature{Kind: Kind(k), Arg: int32(a)}, ok
		}
		return Feature{Kind: Kind(k)}, true
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
	Space   *Space
	rows    [][]int32 // per kind and argument: row of weights from 1; 0 without
	weights [][classes]float32
	names   []string // per row
	known   []bool   // per vocabulary id: some kind has a weight for the word
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
	l := &Linear{Space: s, rows: make([][]int32, len(s.templates)), weights: make([][classes]float32, 1), names: make([]string, 1), known: make([]bool, s.v.Len())}
	rows, err := ReadWeights(tsv)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		f, ok := s.parse(r.Feature)
		if !ok {
			continue
		}
		if l.rows[f.Kind] == nil {
			l.rows[f.Kind] = make([]int32, s.size(f.Kind))
		}
		l.rows[f.Kind][f.Arg] = int32(len(l.weights))
		if s.templates[f.Kind].arg == argWord {
			l.known[f.Arg] = true
		}
		l.weights = append(l.weights, [classes]float32{float32(r.Weights[0]), float32(r.Weights[1]), float32(r.Weights[2])})
		l.names = append(l.names, r.Feature)
	}
	return l, nil
}

// ReadWeights reads a weight file: comments (#), a header, and rows of
// feature, one weight per class, support, separated by tabs.
func ReadWeights(tsv []byte) ([]Row, error) {
	var rows []Row
	sc := bufio.NewScanner(bytes.NewReader(tsv))
	header := false
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		if !header {
			header = true
			continue
		}
		cols := strings.Split(line, "\t")
		if len(cols) != classes+2 {
			return nil, fmt.Errorf("weights, line %d: %d columns, expected %d", n, len(cols), classes+2)
		}
		r := Row{Feature: cols[0]}
		for i := range r.Weights {
			w, err := strconv.ParseFloat(cols[i+1], 64)
			if err != nil || math.IsNaN(w) || math.IsInf(w, 0) {
				return nil, fmt.Errorf("weights, line %d: %q is no weight", n, cols[i+1])
			}
			r.Weights[i] = w
		}
		var err error
		if r.Support, err = strconv.Atoi(cols[classes+1]); err != nil {
			return nil, fmt.Errorf("weights, line %d: %q is no support", n, cols[classes+1])
		}
		rows = append(rows, r)
	}
	return rows, sc.Err()
}

// WeightWords returns the words that a weight file asks the vocabulary for.
func WeightWords(tsv []byte) []string {
	rows, err := ReadWeights(tsv)
	if err != nil {
		return nil // the model's constructor reports it
	}
	var words []string
	for _, r := range rows {
		if _, w, ok := strings.Cut(r.Feature, ":"); ok {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// Row returns the weights of a feature, nil when it has none.
func (l *Linear) Row(f Feature) *[classes]float32 {
	rows := l.rows[f.Kind]
	if rows == nil || rows[f.Arg] == 0 {
		return nil
	}
	return &l.weights[rows[f.Arg]]
}

// Score returns the log-linear scores of the classes, before normalising.
func (l *Linear) Score(features []Feature) (x [classes]float64) {
	for _, f := range features {
		if w := l.Row(f); w != nil {
			for c := range x {
				x[c] += float64(w[c]) * float64(f.Value)
			}
		}
	}
	return x
}

// top appends the names of the n features that argue most for class c
// against the others.
func (l *Linear) top(features []Feature, c, n int, out []string) []string {
	var best [8]struct {
		row int32
		x   float32
	}
	k := 0
	for _, f := range features {
		rows := l.rows[f.Kind]
		if rows == nil || rows[f.Arg] == 0 || f.Kind == 0 {
			continue
		}
		row := rows[f.Arg]
		w := &l.weights[row]
		x := f.Value * (w[c] - (w[0]+w[1]+w[2])/classes)
		if x <= 0.02 {
			continue
		}
		i := k
		for i > 0 && best[i-1].x < x {
			i--
		}
		if i >= n {
			continue
		}
		k = min(k+1, n)
		copy(best[i+1:k], best[i:k-1])
		best[i].row, best[i].x = row, x
	}
	for i := range k {
		out = append(out, l.names[best[i].row])
	}
	return out
}
