package sentiment

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is the kind of a feature.
type Kind uint8

const (
	Param Kind = iota // not a feature: a number the scorer needs
	Dense             // of the sentence or of one side's hits
	Class             // strength of the hits of one class, negative when flipped
	Entry             // a lexicon entry, negative when flipped
	Word              // a word of the vocabulary, in the lexicon or not
)

var kindNames = [...]string{"param", "dense", "class", "entry", "word"}

// String returns the name used in tables.
func (k Kind) String() string { return kindNames[k] }

// Weight is a row of the table of weights. Feature is the name within the
// kind: a class, a lexicon text, a word. Support is the number of gold sentences that have the feature.
type Weight struct {
	Kind    Kind
	Feature string
	Value   float64
	Support int
}

// The parameters of a table of weights, in units of the gold rating.
const (
	ParamLow   = "neutral-low"  // a sentence is negative below
	ParamHigh  = "neutral-high" // a sentence is positive above
	ParamScale = "scale"        // score = tanh(rating * scale)
)

// WeightsHeader names the columns of a table of weights.
const WeightsHeader = "kind\tfeature\tweight\tsupport"

// FormatWeights writes a table of weights: comments, a header, one row per
// weight, sorted by kind and name.
func FormatWeights(comments []string, weights []Weight) []byte {
	var b bytes.Buffer
	for _, c := range comments {
		fmt.Fprintf(&b, "# %s\n", c)
	}
	b.WriteString(WeightsHeader + "\n")
	sorted := slices.Clone(weights)
	slices.SortFunc(sorted, func(a, b Weight) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Feature, b.Feature)) })
	for _, w := range sorted {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%d\n", w.Kind, w.Feature, strconv.FormatFloat(w.Value, 'g', 4, 64), w.Support)
	}
	return b.Bytes()
}

// ParseWeights reads a table of weights. An error names the line.
func ParseWeights(data []byte) ([]Weight, error) {
	weights := make([]Weight, 0, bytes.Count(data, []byte{'\n'}))
	header := false
	line := 0
	for rest := string(data); rest != ""; {
		row, after, _ := strings.Cut(rest, "\n")
		rest = after
		line++
		if row == "" || row[0] == '#' {
			continue
		}
		if !header {
			if row != WeightsHeader {
				return nil, fmt.Errorf("line %d: expected the header kind, feature, weight, support with tabs between", line)
			}
			header = true
			continue
		}
		w, _, err := ParseWeight(row)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		weights = append(weights, w)
	}
	return weights, nil
}

// ParseWeight reads a row of a table of weights. An error is about the field of
// that index.
func ParseWeight(row string) (w Weight, field int, err error) {
	kind, rest, _ := strings.Cut(row, "\t")
	k := slices.Index(kindNames[:], kind)
	if k < 0 {
		return w, 0, fmt.Errorf("kind %q; expected one of %s", kind, strings.Join(kindNames[:], ", "))
	}
	w.Kind = Kind(k)
	feature, rest, ok := strings.Cut(rest, "\t")
	value, support, ok2 := strings.Cut(rest, "\t")
	if !ok || !ok2 || feature == "" {
		return w, 0, fmt.Errorf("expected kind, feature, weight, support with tabs between")
	}
	w.Feature = feature
	if w.Kind == Param && feature != ParamLow && feature != ParamHigh && feature != ParamScale {
		return w, 1, fmt.Errorf("param %q; expected %s, %s or %s", feature, ParamLow, ParamHigh, ParamScale)
	}
	if w.Value, err = strconv.ParseFloat(value, 64); err != nil || w.Value != w.Value || w.Value > 100 || w.Value < -100 {
		return w, 2, fmt.Errorf("weight %q; expected a number from -100 to 100", value)
	}
	if w.Support, err = strconv.Atoi(support); err != nil || w.Support < 0 {
		return w, 3, fmt.Errorf("support %q; expected a whole number", support)
	}
	return w, 0, nil
}

// Words returns the vocabulary forms that a table of weights speaks of, for
// rules.Config.Words, the commonest first. A table that cannot be read has none: NewScorer reports
// the error.
func Words(weights []byte) []string {
	list, err := ParseWeights(weights)
	if err != nil {
		return nil
	}
	slices.SortStableFunc(list, func(a, b Weight) int { return cmp.Compare(b.Support, a.Support) })
	var words []string
	for _, w := range list {
		if w.Kind == Word && !strings.HasSuffix(w.Feature, "*") {
			words = append(words, w.Feature)
		}
	}
	for _, w := range list {
		if w.Kind == Entry && !strings.ContainsAny(w.Feature, " -") && !strings.HasSuffix(w.Feature, "*") {
			words = append(words, w.Feature)
		}
	}
	return words
}
