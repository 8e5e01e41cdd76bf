package fit

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"stance/data"
	"stance/internal/analysis"
	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/stance"
)

// An intercept alone must learn the shares of the classes, and a feature that
// two rows of three have the shares within them.
func TestSolveByHand(t *testing.T) {
	l := &loglinear{names: []string{"bias", "near:x"}, support: []int{12, 6}}
	add := func(label, n int, x bool) {
		for range n {
			o := observation{label: label, cols: []int32{0}, values: []float64{1}}
			if x {
				o.cols, o.values = []int32{0, 1}, []float64{1, 1}
			}
			l.rows = append(l.rows, o)
		}
	}
	add(0, 1, false)
	add(1, 2, false)
	add(2, 3, false)
	add(0, 3, true)
	add(1, 2, true)
	add(2, 1, true)
	w, err := l.solve(t.Context(), func(int) bool { return true }, 1e-7, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		row  int
		want [classes]float64
	}{{0, [classes]float64{1. / 6, 2. / 6, 3. / 6}}, {6, [classes]float64{3. / 6, 2. / 6, 1. / 6}}} {
		p := normalise(score(w, &l.rows[c.row]))
		for k := range p {
			if math.Abs(p[k]-c.want[k]) > 2e-3 {
				t.Errorf("row %d: %.4f, want %.4f", c.row, p, c.want)
			}
		}
	}
	// The balance makes each class weigh the same.
	w, _ = l.solve(t.Context(), func(i int) bool { return i < 6 }, 1e-7, 1)
	for k, x := range normalise(score(w, &l.rows[0])) {
		if math.Abs(x-1./3) > 2e-3 {
			t.Errorf("balanced: class %d has %.4f, want 1/3", k, x)
		}
	}
}

func TestSolveStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := &loglinear{names: []string{"bias"}, rows: []observation{{cols: []int32{0}, values: []float64{1}}}}
	if _, err := l.solve(ctx, func(int) bool { return true }, 1, 0); err == nil {
		t.Error("no error from a cancelled fit")
	}
}

func TestMeasures(t *testing.T) {
	rows := []observation{{label: 0}, {label: 0}, {label: 1}, {label: 2}}
	p := [][classes]float64{{.8, .1, .1}, {.1, .8, .1}, {.1, .8, .1}, {.1, .1, .8}}
	// F1: 2/3 (1 right, 1 missed), 2/3 (1 right, 1 too many), 1.
	if f := macroF1(p, rows); math.Abs(f-(2./3+2./3+1)/3) > 1e-9 {
		t.Errorf("macro-F1 %.4f", f)
	}
	// Three of four are right at a confidence of .8.
	if e := calibrationError(p, rows); math.Abs(e-.05) > 1e-9 {
		t.Errorf("calibration error %.4f, want 0.05", e)
	}
}

func TestEigen(t *testing.T) {
	values, vectors := eigen([][]float64{{2, 1}, {1, 2}})
	if math.Abs(values[0]-3) > 1e-9 || math.Abs(values[1]-1) > 1e-9 {
		t.Fatalf("values %v, want 3 and 1", values)
	}
	if math.Abs(vectors[0][0]-vectors[1][0]) > 1e-9 || math.Abs(vectors[0][1]+vectors[1][1]) > 1e-9 {
		t.Errorf("vectors %v", vectors)
	}
}

func TestDecompose(t *testing.T) {
	// Rank 2 with singular values 5 and 3.
	m := newMatrix(4, 3)
	copy(m.row(0), []float32{5, 0, 0})
	copy(m.row(2), []float32{0, 0, 3})
	u, s := m.decompose(2, 1)
	if math.Abs(s[0]-5) > 1e-6 || math.Abs(s[1]-3) > 1e-6 {
		t.Errorf("singular values %v, want 5 and 3", s)
	}
	if math.Abs(math.Abs(u[0][0])-1) > 1e-6 || math.Abs(math.Abs(u[1][2])-1) > 1e-6 {
		t.Errorf("singular vectors %v", u)
	}
}

func analyzer(t *testing.T, tone []byte) *analysis.Analyzer {
	t.Helper()
	c := analysis.Config{Tone: tone, Words: []string{"mayor", "helped", "wrecked"}}
	for _, f := range data.Packs()[:1] {
		c.Packs = append(c.Packs, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	c.Lexicons = []rules.Source{{Name: "small", Data: []byte("lemma\tpos\tpolarity\tclass\nruin\tv\t-0.5\tdisaster\n"), Trusted: true}}
	a, mistakes, err := analysis.New(c)
	if err != nil || a == nil {
		t.Fatal(err, mistakes)
	}
	return a
}

func samples() []TargetExample {
	var out []TargetExample
	for i := range 24 {
		e := TargetExample{Article: string(rune('a' + i)), Text: "Doe helped the town again.", Label: 1}
		switch i % 3 {
		case 1:
			e.Text, e.Label = "Doe wrecked the town again.", -1
		case 2:
			e.Text, e.Label = "Doe entered the town again.", 0
		}
		e.Target.Spans = []model.Span{{Start: 0, End: 3}}
		out = append(out, e)
	}
	return out
}

// Equal samples give equal files, and a model reads back what was written.
func TestToneRoundTrip(t *testing.T) {
	a := analyzer(t, nil)
	first, r, err := Tone(t.Context(), a, samples(), LinearOptions{})
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := Tone(t.Context(), analyzer(t, nil), samples(), LinearOptions{})
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("two fits differ (%v)", err)
	}
	if r.MacroF1 < 0.99 {
		t.Errorf("macro-F1 %.3f on a sample that three verbs explain", r.MacroF1)
	}
	rows, err := stance.ReadWeights(first)
	if err != nil || len(rows) == 0 {
		t.Fatal(rows, err)
	}
	m, err := stance.NewToneModel(a.Program, first)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(first), "\nverb:wrecked\t") {
		t.Error("the verb that tells most has no weight")
	}
	b := analyzer(t, first)
	w := b.NewWorker()
	var res model.Result
	for _, e := range samples()[:3] {
		w.AnalyzeTargets(&model.Article{ID: "x", Text: e.Text, Lang: "en"}, []analysis.Target{e.Target}, &res, nil)
		if len(res.Tones) != 1 || int(res.Tones[0].Label) != e.Label {
			t.Errorf("%s: tones %+v, want label %d", e.Text, res.Tones, e.Label)
		}
	}
	for _, row := range rows[:3] {
		if !strings.Contains(string(first), row.Feature) || m.Space == nil {
			t.Errorf("row %q is not in the file", row.Feature)
		}
	}
}
