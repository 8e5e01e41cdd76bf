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

// BenchmarkStages takes each article through the stages in turn, so that a
// busy machine slows all of them alike, and reports what each costs in units
// of the text stage.
func BenchmarkStages(b *testing.B) {
	arts, size := articles(b, 1000)
	w := embedded(b).NewWorker()
	s := w.a.scorer
	var r model.Result
	var text, party, news, stance time.Duration
	lap := time.Now()
	until := func(d *time.Duration) {
		now := time.Now()
		*d += now.Sub(lap)
		lap = now
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	rounds, sentences := 0, 0
	for b.Loop() {
		stances, tones := 0, 0
		for i := range arts {
			r.Article = &arts[i]
			lap = time.Now()
			w.reader.Read(&arts[i], &r.Layers)
			until(&text)
			r.Mentions = w.finder.Find(&arts[i], &r.Layers, r.Mentions[:0], nil)
			until(&party)
			r.Sentiments = r.Sentiments[:0]
			for k := range r.Sentences {
				r.Sentiments = append(r.Sentiments, s.Score(&arts[i], &r.Layers, r.Mentions, k, &w.sentiment, nil))
			}
			until(&news)
			w.stage.Run(&r, nil)
			until(&stance)
			sentences += len(r.Sentences)
			stances, tones = stances+len(r.Stances), tones+len(r.Tones)
		}
		if stances < len(arts) || tones < 5*len(arts) {
			b.Fatalf("%d stances, %d tones in %d articles", stances, tones, len(arts))
		}
		rounds++
	}
	b.ReportMetric(float64(party)/float64(text), "party/text")
	b.ReportMetric(float64(news)/float64(text), "news/text")
	b.ReportMetric(float64(stance)/float64(text), "stance/text")
	b.ReportMetric(float64(size*rounds)/1e6/text.Seconds(), "text-MB/s")
	b.ReportMetric(float64(sentences)/news.Seconds(), "news-sentences/s")
}
