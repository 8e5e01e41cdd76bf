package stance

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"stance/data"
	"stance/internal/model"
	"stance/internal/model/party"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// BenchmarkSteps takes real articles through the steps of Run and reports what
// each costs in units of the text stage. Of each article the quickest round
// counts, so that a busy machine matters little.
func BenchmarkSteps(b *testing.B) {
	f, err := os.Open("../../../../shared/data/corpora/news_sample.jsonl.gz")
	if errors.Is(err, os.ErrNotExist) {
		b.Skip("no ../shared/data/corpora/news_sample.jsonl.gz")
	} else if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	arts := make([]model.Article, 500)
	for i, d := 0, json.NewDecoder(z); i < len(arts); i++ {
		var x struct{ ID, Text string }
		if err := d.Decode(&x); err != nil {
			b.Fatal(err)
		}
		arts[i] = model.Article{ID: x.ID, Text: x.Text, Lang: "en"}
	}
	c := rules.Config{Words: WeightWords(data.Model("tone.tsv"))}
	for _, f := range data.Packs() {
		c.Packs = append(c.Packs, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	for _, f := range data.Lexicons() {
		c.Lexicons = append(c.Lexicons, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	p, mistakes := rules.Compile(c)
	if p == nil {
		b.Fatal(mistakes)
	}
	tone, err := NewToneModel(p, data.Model("tone.tsv"))
	if err != nil {
		b.Fatal(err)
	}
	pair, err := NewPairModel(p, nil)
	if err != nil {
		b.Fatal(err)
	}
	reader, finder, s := text.NewReader(p.Vocabulary), party.NewFinder(p), NewStage(p, tone, pair, pair)
	var r, whole model.Result
	units := []string{"text", "attribution-x-text", "stances-x-text", "tones-x-text", "summary-x-text"}
	steps := []func(){
		func() { reader.Read(r.Article, &r.Layers) },
		func() { s.scan(); s.index(); s.attribute() },
		func() { s.stances(); s.settleMentions() },
		func() { s.toneAll() },
		func() { s.publish(); s.dyads(); s.summarise() },
	}
	best := make([]time.Duration, len(arts)*len(steps))
	for b.Loop() {
		for i := range arts {
			r.Article = &arts[i]
			for k, step := range steps {
				if k == 1 {
					r.Mentions = finder.Find(r.Article, &r.Layers, r.Mentions[:0], nil)
					r.Sentiments = resize(r.Sentiments, len(r.Sentences))
					s.r, s.l, s.tr, s.sentenceAt = &r, &r.Layers, nil, 0
					r.Quotes, r.Stances, r.Tones, r.Parties, r.Dyads = r.Quotes[:0], r.Stances[:0], r.Tones[:0], r.Parties[:0], r.Dyads[:0]
					r.RuleCounts = resize(r.RuleCounts, len(p.Cues))
					clear(r.RuleCounts)
				}
				start := time.Now()
				step()
				if d, at := time.Since(start), i*len(steps)+k; best[at] == 0 || d < best[at] {
					best[at] = d
				}
			}
		}
	}
	// The steps are those of Run as long as they give what it gives.
	whole.Article = r.Article
	reader.Read(whole.Article, &whole.Layers)
	whole.Mentions = finder.Find(whole.Article, &whole.Layers, nil, nil)
	whole.Sentiments = make([]model.Sentiment, len(whole.Sentences))
	s.Run(&whole, nil)
	if len(whole.Tones) == 0 || len(whole.Stances) != len(r.Stances) || len(whole.Tones) != len(r.Tones) || len(whole.Parties) != len(r.Parties) || len(whole.Dyads) != len(r.Dyads) {
		b.Fatalf("%d stances, %d tones, %d parties, %d dyads; Run gives %d, %d, %d, %d", len(r.Stances), len(r.Tones), len(r.Parties), len(r.Dyads),
			len(whole.Stances), len(whole.Tones), len(whole.Parties), len(whole.Dyads))
	}
	sums := make([]time.Duration, len(steps))
	for at, d := range best {
		sums[at%len(steps)] += d
	}
	for k, unit := range units[1:] {
		b.ReportMetric(float64(sums[k+1])/float64(sums[0]), unit)
	}
}
