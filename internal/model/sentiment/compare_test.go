package sentiment

import (
	"testing"
	"time"

	library "github.com/cdipaolo/sentiment"

	"stance/data"
	"stance/internal/model"
	"stance/internal/model/party"
	"stance/internal/model/text"
)

// BenchmarkOthers scores the sentences of real articles with the scorers that
// people use in Go and with the tool's own, and reports the time of each in
// units of the text stage. Of each article the quickest round counts.
func BenchmarkOthers(b *testing.B) {
	arts := articles(b, 300)
	p := compile(b)
	own, err := NewScorer(p, data.Model("sentiment.tsv"), Options{Bayes: true})
	if err != nil {
		b.Fatal(err)
	}
	models, err := restoreLibrary()
	if err != nil {
		b.Fatal(err)
	}
	r, f, v, predict := text.NewReader(p.Vocabulary), party.NewFinder(p), newVader(), models[library.English].Predict
	var l model.Layers
	var sc Scratch
	var mentions []model.Mention
	var a *model.Article
	scored := 0
	each := func(score func(i int)) func() {
		return func() {
			for i := range l.Sentences {
				score(i)
			}
		}
	}
	steps := []struct {
		unit string
		run  func()
	}{
		{"text", func() { r.Read(a, &l) }},
		{"own-x-text", each(func(i int) {
			if x := own.Score(a, &l, mentions, i, &sc, nil); x.HasBayes {
				scored++
			}
		})},
		{"cdipaolo-x-text", each(func(i int) {
			if predict(l.Sentences[i].In(a.Text)) == 1 {
				scored++
			}
		})},
		{"govader-x-text", each(func(i int) {
			if v.score(l.Sentences[i].In(a.Text)) != 0 {
				scored++
			}
		})},
	}
	best := make([]time.Duration, len(steps)*len(arts))
	for b.Loop() {
		for i := range arts {
			a = &arts[i]
			for k := range steps {
				start := time.Now()
				steps[k].run()
				if d, at := time.Since(start), i*len(steps)+k; best[at] == 0 || d < best[at] {
					best[at] = d
				}
				if k == 0 {
					mentions = f.Find(a, &l, mentions[:0], nil)
				}
			}
		}
	}
	if scored < 1000 {
		b.Fatalf("%d scores", scored)
	}
	sums := make([]time.Duration, len(steps))
	for at, d := range best {
		sums[at%len(steps)] += d
	}
	for k, s := range steps[1:] {
		b.ReportMetric(float64(sums[k+1])/float64(sums[0]), s.unit)
	}
}
