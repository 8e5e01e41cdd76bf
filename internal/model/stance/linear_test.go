package stance

import (
	"math"
	"slices"
	"strings"
	"testing"

	"stance/data"
	"stance/internal/model/rules"
)

func coreProgram(t testing.TB, words ...string) *rules.Program {
	t.Helper()
	c := rules.Config{Words: words}
	for _, f := range data.Packs()[:1] {
		c.Packs = append(c.Packs, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	p, l := rules.Compile(c)
	if p == nil {
		t.Fatal(l)
	}
	return p
}

const weights = "# comment\nfeature\tnegative\tneutral\tpositive\tsupport\n" +
	"bias\t0.5\t1\t-0.25\t9\nnear:liar\t2\t-1\t-1\t4\ntarget-of:accuse\t1\t0\t-1\t3\nnext:notaword\t9\t9\t9\t1\n"

func TestReadWeights(t *testing.T) {
	rows, err := ReadWeights([]byte(weights))
	if err != nil || len(rows) != 4 {
		t.Fatal(rows, err)
	}
	if want := (Row{"near:liar", [3]float64{2, -1, -1}, 4}); rows[1] != want {
		t.Errorf("row %+v, want %+v", rows[1], want)
	}
	if w := WeightWords([]byte(weights)); !slices.Contains(w, "liar") {
		t.Errorf("words %v", w)
	}
	for _, bad := range []string{"h\nx\t1\t2\n", "h\nx\t1\t2\tNaN\t4\n", "h\nx\t1\t2\t1e39\t4\n", "h\nx\t1\t2\t3\t-4\n", "h\nx\t1\t2\t3\tmany\n", "h\nx\t1\t2\t3\t4\t5\n"} {
		if _, err := ReadWeights([]byte(bad)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: error %v, want one that names line 2", bad, err)
		}
	}
}

func TestScore(t *testing.T) {
	p := coreProgram(t, "liar")
	m, err := NewToneModel(p, []byte(weights))
	if err != nil {
		t.Fatal(err)
	}
	liar := Feature{Kind: toneNear, Arg: p.Vocabulary.Lookup("liar"), Value: 1}
	features := []Feature{{toneBias, 0, 1}, liar, {toneReceivedFavor, 0, 1}} // the last has no weight
	o := observer{model: m.Linear}
	for _, f := range features {
		o.add(f.Kind, f.Arg, f.Value)
	}
	o.early = len(o.hits)
	if x := o.score(); x != [3]float64{2.5, 0, -1.25} {
		t.Errorf("scores %v", x)
	}
	pr := softmax(o.score())
	if sum := pr[0] + pr[1] + pr[2]; math.Abs(float64(sum)-1) > 1e-6 {
		t.Errorf("probabilities sum to %v", sum)
	}
	if want := math.Exp(2.5) / (math.Exp(2.5) + 1 + math.Exp(-1.25)); math.Abs(float64(pr[0])-want) > 1e-6 {
		t.Errorf("P(negative) %v, want %v", pr[0], want)
	}
	if got := o.top(0, nil); !slices.Equal(got, []string{"near:liar"}) {
		t.Errorf("top features %v", got)
	}
}

// Words side by side have the rows that one word after the other has, whichever
// kinds have weights.
func TestWordsSideBySide(t *testing.T) {
	m, err := NewToneModel(coreProgram(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	const first, last = 3, 4
	words := make([]wordAt, 6)
	for slots := range uint32(1 << 10) {
		for i := range words {
			words[i] = wordAt{tok: int32(i), rows: wordRows{int32(100*i) + 1, slots}}
		}
		one, all := observer{model: m.Linear}, observer{model: m.Linear}
		all.words(toneWordAfter, words)
		all.near(toneWordBefore, words[:first], first, last)
		all.near(toneWordAfter, words[last:], first, last)
		for i := range words {
			one.word(toneWordAfter, &words[i])
		}
		for i := range words {
			side, next := toneWordBefore, [...]Kind{2: tonePrev, 4: toneNext, 5: toneNext2}[i]
			if i == first {
				continue
			}
			if i >= last {
				side = toneWordAfter
			}
			one.word(side, &words[i])
			if next != 0 {
				one.word(next, &words[i])
			}
			one.word(toneNear, &words[i])
		}
		if !slices.Equal(one.rows, all.rows) {
			t.Fatalf("kinds %b: rows %v, want %v", slots, all.rows, one.rows)
		}
	}
}

// Every kind has a name of its own, and names lead back to their feature.
func TestSpaces(t *testing.T) {
	p := coreProgram(t, "liar")
	for name, templates := range map[string][]template{"tone": toneTemplates, "pair": pairTemplates} {
		if n := map[string]int{"tone": int(numToneKinds), "pair": int(numPairKinds)}[name]; n != len(templates) {
			t.Errorf("%s: %d kinds, %d templates", name, n, len(templates))
		}
		s := newSpace(p, templates)
		for k, tm := range templates {
			f := Feature{Kind: Kind(k)}
			switch tm.arg {
			case argWord:
				f.Arg = p.Vocabulary.Lookup("liar")
			case argAct:
				f.Arg = s.actIndex["accuse"]
			case argClass:
				if len(s.topics) == 0 {
					continue // this program has no lexicon
				}
			}
			if got, ok := s.parse(s.Name(f)); !ok || got != f {
				t.Errorf("%s: %q leads to %+v, want %+v", name, s.Name(f), got, f)
			}
		}
	}
}

func TestClass(t *testing.T) {
	for _, c := range []struct {
		forth, back  [classes]float64
		want, behind int // where the first stands first, and where it stands behind
	}{
		{[classes]float64{.1, .8, .1}, [classes]float64{.1, .8, .1}, 0, 0},
		{[classes]float64{.1, .2, .7}, [classes]float64{.1, .8, .1}, 1, 1},
		{[classes]float64{.1, .8, .1}, [classes]float64{.1, .2, .7}, 2, 2},
		{[classes]float64{.7, .2, .1}, [classes]float64{.1, .8, .1}, 3, 3},
		{[classes]float64{.1, .8, .1}, [classes]float64{.7, .2, .1}, 4, 4},
		{[classes]float64{.1, .5, .4}, [classes]float64{.1, .8, .1}, 0, 1},
		{[classes]float64{.1, .8, .1}, [classes]float64{.4, .5, .1}, 4, 0},
		{[classes]float64{.1, .4, .5}, [classes]float64{.5, .45, .05}, 4, 1},
	} {
		for _, inOrder := range []bool{true, false} {
			want := c.want
			if !inOrder {
				want = c.behind
			}
			got, p := Class(c.forth, c.back, inOrder)
			if sum := p[0] + p[1] + p[2] + p[3] + p[4]; got != want || math.Abs(sum-1) > 1e-9 {
				t.Errorf("%v %v, in order %t: class %d, want %d; probabilities %v", c.forth, c.back, inOrder, got, want, p)
			}
		}
	}
}

func TestArgmax(t *testing.T) {
	for _, c := range []struct {
		p    [classes]float32
		want int8
	}{{[classes]float32{.5, .3, .2}, -1}, {[classes]float32{.2, .3, .5}, 1}, {[classes]float32{.4, .4, .2}, 0}, {[classes]float32{.4, .2, .4}, 0}} {
		if got := argmax(c.p); got != c.want {
			t.Errorf("%v: %d, want %d", c.p, got, c.want)
		}
	}
}
