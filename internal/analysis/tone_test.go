package analysis

import (
	"math"
	"strings"
	"testing"

	"stance/data"
	"stance/internal/model"
	"stance/internal/model/rules"
)

func embedded(t testing.TB) *Analyzer {
	t.Helper()
	return compiled(t, embeddedConfig())
}

func compiled(t testing.TB, c Config) *Analyzer {
	t.Helper()
	a, mistakes, err := New(c)
	if err != nil || a == nil {
		t.Fatal(err, mistakes)
	}
	return a
}

// embeddedConfig is all that the binary holds.
func embeddedConfig() Config {
	c := Config{Sentiment: data.Model("sentiment.tsv"), Tone: data.Model("tone.tsv"), Pair: data.Model("stance.tsv"), Event: data.Model("event.tsv")}
	for _, f := range data.Packs() {
		c.Packs = append(c.Packs, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	for _, f := range data.Lexicons() {
		c.Lexicons = append(c.Lexicons, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	return c
}

// Who the parties are must not matter: with the names swapped, so are the
// tones, the pairs and the events.
func TestNeutralBetweenParties(t *testing.T) {
	w := embedded(t).NewWorker()
	var r model.Result
	read := func(text, a, b string) (tones [][3]float32, pair, event [3]float32) {
		w.Analyze(&model.Article{ID: "n", Text: text, Lang: "en"}, &r, nil)
		at := [2]int32{-1, -1}
		for i := range r.Mentions {
			for k, name := range []string{a, b} {
				if at[k] < 0 && strings.Contains(r.Mentions[i].In(text), name) {
					at[k] = int32(i)
				}
			}
		}
		if at[0] < 0 || at[1] < 0 {
			t.Fatalf("%q: %s or %s is not found", text, a, b)
		}
		for i := range r.Tones {
			tones = append(tones, r.Tones[i].P)
		}
		return tones, w.Pair(at[0], at[1]), w.Event(at[0], at[1])
	}
	sentences := []string{
		"A accused B of a brutal crackdown and praised its own record.",
		"A agreed to hold talks with B after weeks of violence.",
		"The failure of A to protect civilians drew sharp criticism from B.",
		"Analysts said A had lied, while B kept its promises.",
		"B was attacked by A on Friday.",
	}
	for _, names := range [][2]string{{"Hamas", "Hezbollah"}, {"Ukraine", "Russia"}, {"Democrats", "Republicans"}} {
		for _, s := range sentences {
			put := func(a, b string) string { return strings.NewReplacer("A ", a+" ", "B ", b+" ", "B.", b+".").Replace(s) }
			t1, p1, e1 := read(put(names[0], names[1]), names[0], names[1])
			t2, p2, e2 := read(put(names[1], names[0]), names[1], names[0])
			if len(t1) != len(t2) || len(t1) < 2 {
				t.Errorf("%s %v: %d and %d tones", s, names, len(t1), len(t2))
				continue
			}
			for i := range t1 {
				if !near(t1[i], t2[i]) {
					t.Errorf("%s %v: tone %d is %v, swapped %v", s, names, i, t1[i], t2[i])
				}
			}
			if !near(p1, p2) || !near(e1, e2) {
				t.Errorf("%s %v: pair %v, swapped %v; event %v, swapped %v", s, names, p1, p2, e1, e2)
			}
		}
	}
}

func near(a, b [3]float32) bool {
	sum := float32(0)
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 1e-5 {
			return false
		}
		sum += a[i]
	}
	return math.Abs(float64(sum)-1) < 1e-5
}
