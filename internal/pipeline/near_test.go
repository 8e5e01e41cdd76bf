package pipeline

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"stance/internal/model"
)

// words returns n invented words.
func words(rng *rand.Rand, n int) []string {
	w := make([]string, n)
	for i := range w {
		w[i] = fmt.Sprintf("w%d", rng.IntN(5000))
	}
	return w
}

func TestNearDuplicates(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	article := func(id string, day int, w []string) model.Article {
		a := model.Article{ID: id, Text: strings.Join(w, " "), PublishedAt: time.Date(2024, 1, day, 0, 0, 0, 0, time.UTC)}
		copy(a.TextSHA256[:], a.Text)
		return a
	}
	wire := words(rng, 600)
	cut := wire[:540]
	added := append(append([]string{"By", "our", "staff"}, wire...), words(rng, 30)...)
	other := append(append([]string{}, wire[:150]...), words(rng, 450)...)
	short := words(rng, 20)
	articles := []model.Article{article("later", 9, wire), article("first", 2, wire), article("cut", 5, cut), article("added", 6, added), article("other", 7, other),
		article("short2", 4, short), article("short1", 3, short), article("short3", 3, append([]string{"x"}, short...)), article("undated", 1, wire)}
	articles[8].PublishedAt = time.Time{}
	articles[8].Text = strings.ToUpper(articles[8].Text)
	for i := range 500 {
		articles = append(articles, article(fmt.Sprint("noise", i), 1+i%20, words(rng, 300)))
	}
	for range 3 {
		rng.Shuffle(len(articles), func(i, j int) { articles[i], articles[j] = articles[j], articles[i] })
		var n near
		byID := slices.SortedFunc(slices.Values(articles), func(a, b model.Article) int { return strings.Compare(a.ID, b.ID) })
		for i := range byID {
			n.marks = append(n.marks, newMark(&byID[i]))
		}
		n.resolve()
		want := map[string]string{"later": "first", "cut": "first", "added": "first", "undated": "first", "short2": "short1"}
		if len(n.leads) != len(want) {
			t.Errorf("leads %v", n.leads)
		}
		for number, got := range n.leads {
			if id, l := byID[number].ID, byID[got.number].ID; want[id] != l || got.similarity() < 0.7 || got.similarity() > 1 {
				t.Errorf("%s: lead %s %+v, want %s", id, l, got, want[id])
			}
		}
	}
}

func BenchmarkMark(b *testing.B) {
	a := model.Article{ID: "a", Text: strings.Join(words(rand.New(rand.NewPCG(1, 1)), 1000), " ")}
	b.SetBytes(int64(len(a.Text)))
	for b.Loop() {
		if newMark(&a).bins == [bins]uint8{} {
			b.Fatal("no mark")
		}
	}
}
