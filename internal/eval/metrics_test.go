package eval

import (
	"math"
	"testing"

	"stance/internal/io/gold"
	"stance/internal/model"
)

func near(a, b float64) bool {
	return math.Abs(a-b) < 1e-9 || math.IsNaN(a) && math.IsNaN(b)
}

func ones(n int) []int32 {
	w := make([]int32, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

// The table, gold classes in rows:
//
//	5  2 1
//	3 10 2
//	1  1 5
func TestConfusion(t *testing.T) {
	c := Confusion{3, []float64{5, 2, 1, 3, 10, 2, 1, 1, 5}}
	want := []ClassScore{{5. / 9, 5. / 8, 10. / 17, 8}, {10. / 13, 10. / 15, 20. / 28, 15}, {5. / 8, 5. / 7, 10. / 15, 7}}
	for i, w := range want {
		g := c.Class(i)
		if !near(g.Precision, w.Precision) || !near(g.Recall, w.Recall) || !near(g.F1, w.F1) || g.Support != w.Support {
			t.Errorf("class %d: %v, want %v", i, g, w)
		}
	}
	for name, x := range map[string][2]float64{
		"accuracy": {c.Accuracy(), 20. / 30}, "macro F1": {c.MacroF1(), (10./17 + 20./28 + 10./15) / 3}, "average recall": {c.AverageRecall(), (5./8 + 10./15 + 5./7) / 3},
	} {
		if !near(x[0], x[1]) {
			t.Errorf("%s %v, want %v", name, x[0], x[1])
		}
	}
}

func TestConfusionWithAbsentClasses(t *testing.T) {
	// The second class is answered once and never gold; the third is neither.
	c := Confusion{3, []float64{3, 1, 0, 0, 0, 0, 0, 0, 0}}
	if got := c.MacroF1(); !near(got, 6./7) {
		t.Errorf("macro F1 %v", got)
	}
	if got := c.AverageRecall(); !near(got, 0.75) {
		t.Errorf("average recall %v", got)
	}
	if s := c.Class(2); !math.IsNaN(s.Precision) || !math.IsNaN(s.Recall) || !math.IsNaN(s.F1) {
		t.Errorf("absent class %v", s)
	}
}

func TestCorrelation(t *testing.T) {
	x, y := []float64{1, 2, 3, 4, 5}, []float64{2, 4, 5, 4, 5}
	w := ones(5)
	if got := pearson(x, y, w); !near(got, 6/math.Sqrt(60)) {
		t.Errorf("Pearson %v", got)
	}
	if got := pearson(ranks(x, ascending(x), w), ranks(y, ascending(y), w), w); !near(got, 7/math.Sqrt(90)) {
		t.Errorf("Spearman with ties %v", got)
	}
	if got := pearson(x, []float64{1, 1, 1, 1, 1}, w); !math.IsNaN(got) {
		t.Errorf("constant %v", got)
	}
}

// A weight of two is the value given twice.
func TestWeightsRepeat(t *testing.T) {
	x, y, w := []float64{3, 1, 2, 2}, []float64{1, 5, 2, 7}, []int32{2, 1, 0, 3}
	x2, y2 := []float64{3, 3, 1, 2, 2, 2}, []float64{1, 1, 5, 7, 7, 7}
	if a, b := pearson(x, y, w), pearson(x2, y2, ones(6)); !near(a, b) {
		t.Errorf("Pearson %v, repeated %v", a, b)
	}
	a := pearson(ranks(x, ascending(x), w), ranks(y, ascending(y), w), w)
	b := pearson(ranks(x2, ascending(x2), ones(6)), ranks(y2, ascending(y2), ones(6)), ones(6))
	if !near(a, b) {
		t.Errorf("Spearman %v, repeated %v", a, b)
	}
}

func TestCalibrationError(t *testing.T) {
	answer := func(p float64, right bool) Observation {
		o := Observation{Answer: 0, Gold: 1, Judgement: Judgement{P: []float64{p, 1 - p}}}
		if right {
			o.Gold = 0
		}
		return o
	}
	// Between .9 and 1: sure by .93, right by half. Between .5 and .6: sure by .55, always right.
	r := &Run{Observations: []Observation{answer(.95, true), answer(.91, false), answer(.55, true), answer(.55, true)}}
	if got := r.ece(ones(4)); !near(got, (.86+.9)/4) {
		t.Errorf("ECE %v", got)
	}
	if got := r.ece([]int32{0, 0, 1, 1}); !near(got, .45) {
		t.Errorf("ECE of two %v", got)
	}
	r.Observations[0].P = nil
	if got := r.ece(ones(4)); !math.IsNaN(got) {
		t.Errorf("ECE without probabilities %v", got)
	}
}

func TestAlpha(t *testing.T) {
	two := func(a, b string) (units [][]string) {
		for i := range a {
			units = append(units, []string{a[i : i+1], b[i : i+1]})
		}
		return units
	}
	tests := []struct {
		name  string
		units [][]string
		want  float64
	}{
		// Four of ten units differ; 14 zeros and 6 ones: 1 - 19·8/168.
		{"two coders", two("0100000010", "1110010000"), 1 - 19.*8/168},
		{"agreement", two("aabb", "aabb"), 1},
		// Units of 3 and 2 codes: 4/2 + 2 disagreements, 3 a and 2 b: 1 - 4·4/12. The single code is passed over.
		{"missing codes", [][]string{{"a", "a", "b"}, {"", "a", "b"}, {"b", "", ""}}, 1 - 4.*4/12},
		{"one code", two("aaa", "aaa"), math.NaN()},
		{"nobody twice", [][]string{{"a"}, {"b", ""}}, math.NaN()},
	}
	for _, tt := range tests {
		if got := Alpha(tt.units); !near(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestMcNemar(t *testing.T) {
	for _, tt := range []struct {
		a, b int
		want float64
	}{{10, 2, 2 * (1 + 12 + 66) / 4096.}, {2, 10, 158 / 4096.}, {5, 5, 1}, {0, 0, 1}, {0, 6, 2 / 64.}} {
		if got := McNemar(tt.a, tt.b); !near(got, tt.want) {
			t.Errorf("%d, %d: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestWilson(t *testing.T) {
	i := Wilson(8, 10)
	if math.Abs(i.Low-.4902) > 1e-4 || math.Abs(i.High-.9433) > 1e-4 {
		t.Error(i)
	}
}

func TestQuantile(t *testing.T) {
	x := []float64{0, 1, 2, 3, 4}
	for q, want := range map[float64]float64{0: 0, .025: .1, .5: 2, .975: 3.9, 1: 4} {
		if got := quantile(x, q); !near(got, want) {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
}

func TestCompareSentences(t *testing.T) {
	s := &gold.Sample{Text: "A b. C d. E.", Sentences: []model.Span{{Start: 0, End: 4}, {Start: 5, End: 9}, {Start: 10, End: 12}}}
	// One end found, one missed, one made up; the last end is not counted.
	c, notes := compareSentences(s, []model.Span{{Start: 0, End: 1}, {Start: 2, End: 4}, {Start: 5, End: 12}})
	if c.Gold != 2 || c.Predicted != 2 || c.Found != 1 || c.Exact != 0 || len(notes) != 2 {
		t.Errorf("%+v %q", c, notes)
	}
	if c, _ := compareSentences(s, s.Sentences); c.Exact != 1 || c.Found != 2 {
		t.Errorf("%+v", c)
	}
}

func TestCompareAttributions(t *testing.T) {
	//       0123456789012345678901234567890123456789
	text := `"We won it all," Ann said. Bob fears rain.`
	sp := func(a, b int32) model.Span { return model.Span{Start: a, End: b} }
	s := &gold.Sample{Text: text, Attributions: []gold.Attributed{
		{Source: []model.Span{sp(17, 20)}, Content: []model.Span{sp(0, 16)}},
		{Source: []model.Span{sp(27, 30)}, Content: []model.Span{sp(37, 41)}},
	}}
	// Two of the four words of the first, with the right source; the second with a wrong one; a third that is none.
	c, notes := compareAttributions(s, []Attribution{{Content: sp(1, 7), Source: sp(17, 20)}, {Content: sp(31, 41), Source: sp(17, 20)}, {Content: sp(17, 25)}})
	want := Counts{Gold: 2, Predicted: 3, Found: 2, Right: 1, Direct: 1, DirectRight: 1}
	if c != want || len(notes) != 2 {
		t.Errorf("%+v %q", c, notes)
	}
	if c, _ = compareAttributions(s, []Attribution{{Content: sp(1, 3), Source: sp(17, 20)}}); c.Found != 0 {
		t.Errorf("a quarter of the words counts as found: %+v", c)
	}
	if c, _ = compareAttributions(&gold.Sample{Text: text}, nil); c.sourceF1(1) != 1 {
		t.Errorf("nothing to find: %+v", c)
	}
}

func TestCompareMentions(t *testing.T) {
	sp := func(a, b int32) model.Span { return model.Span{Start: a, End: b} }
	s := &gold.Sample{Text: "Ann and Bob in Rome", Mentions: []gold.Mention{{Span: sp(0, 3), Party: "a"}, {Span: sp(8, 11), Party: "b"}, {Span: sp(15, 19)}}}
	c, notes := compareMentions(s, []gold.Mention{{Span: sp(0, 7), Party: "a"}, {Span: sp(8, 11), Party: "x"}, {Span: sp(12, 14), Party: "c"}, {Span: sp(15, 19)}})
	want := Counts{Gold: 2, Predicted: 3, Found: 2, Judged: 3, Right: 2}
	if c != want || len(notes) != 2 {
		t.Errorf("%+v %q", c, notes)
	}
	if c, _ = compareMentions(s, []gold.Mention{{Span: sp(15, 19), Party: "italy"}}); c.Right != 0 || c.Predicted != 1 || c.Found != 0 {
		t.Errorf("%+v", c)
	}
}

func TestIsDirect(t *testing.T) {
	for text, want := range map[string]bool{`"Go," `: true, "“Stop.”": true, `‘No’`: true, "he went": false, `the "end"`: false, `"`: true, "": false} {
		if got := isDirect(text, []model.Span{{End: int32(len(text))}}); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
