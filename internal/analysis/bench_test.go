package analysis

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"stance/internal/model"
)

// articles returns up to n real articles.
func articles(tb testing.TB, n int) (out []model.Article, size int) {
	tb.Helper()
	f, err := os.Open("../../../shared/data/corpora/news_sample.jsonl.gz")
	if errors.Is(err, os.ErrNotExist) {
		tb.Skip("no ../shared/data/corpora/news_sample.jsonl.gz")
	} else if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<24)
	for s.Scan() && len(out) < n {
		var x struct{ ID, Text, Date string }
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			tb.Fatal(err)
		}
		day, _ := time.Parse(time.DateOnly, x.Date)
		out = append(out, model.Article{ID: x.ID, Text: x.Text, Lang: "en", PublishedAt: day})
		size += len(x.Text)
	}
	return out, size
}

// BenchmarkStages takes each article through the stages in turn and reports
// what each costs in units of the text stage. Of every article and stage the
// quickest round counts, so that a busy machine does not matter: give it ten
// rounds or more.
func BenchmarkStages(b *testing.B) {
	arts, size := articles(b, 1000)
	w := embedded(b).NewWorker()
	const (
		text = iota
		party
		news
		stances
		numStages
	)
	best := make([][numStages]time.Duration, len(arts))
	var r model.Result
	b.SetBytes(int64(size))
	b.ReportAllocs()
	sentences := 0
	for b.Loop() {
		sentences = 0
		found, tones := 0, 0
		for i := range arts {
			r.Article = &arts[i]
			lap, stage := time.Now(), 0
			done := func() {
				now := time.Now()
				if d := now.Sub(lap); best[i][stage] == 0 || d < best[i][stage] {
					best[i][stage] = d
				}
				lap, stage = now, stage+1
			}
			w.reader.Read(&arts[i], &r.Layers)
			done()
			r.Mentions = w.finder.Find(&arts[i], &r.Layers, r.Mentions[:0], nil)
			done()
			r.Sentiments = w.a.scorer.All(&arts[i], &r.Layers, r.Mentions, r.Sentiments[:0], &w.sentiment, nil)
			done()
			w.stage.Run(&r, nil)
			done()
			sentences += len(r.Sentences)
			found, tones = found+len(r.Stances), tones+len(r.Tones)
		}
		if found < len(arts) || tones < 5*len(arts) {
			b.Fatalf("%d stances, %d tones in %d articles", found, tones, len(arts))
		}
	}
	var sum [numStages]time.Duration
	for i := range best {
		for stage, d := range best[i] {
			sum[stage] += d
		}
	}
	b.ReportMetric(float64(size)/1e6/sum[text].Seconds(), "text-MB/s")
	b.ReportMetric(float64(sentences)/sum[news].Seconds(), "news-sentences/s")
	b.ReportMetric(float64(sum[party])/float64(sum[text]), "party/text")
	b.ReportMetric(float64(sum[news])/float64(sum[text]), "news/text")
	b.ReportMetric(float64(sum[stances])/float64(sum[text]), "stance/text")
}
