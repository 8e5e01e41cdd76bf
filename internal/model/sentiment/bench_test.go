package sentiment

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"stance/data"
	"stance/internal/model"
	"stance/internal/model/party"
	"stance/internal/model/text"
)

// articles returns up to n real articles.
func articles(t testing.TB, n int) []model.Article {
	t.Helper()
	f, err := os.Open("../../../../shared/data/corpora/news_sample.jsonl.gz")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no ../shared/data/corpora/news_sample.jsonl.gz")
	} else if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<24)
	var out []model.Article
	for s.Scan() && len(out) < n {
		var x struct{ Text string }
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, model.Article{Text: x.Text})
	}
	return out
}

// BenchmarkNews reads real articles, finds their mentions and scores them; it
// compares the time of the scoring with that of the text stage.
func BenchmarkNews(b *testing.B) {
	arts := articles(b, 200)
	p := compile(b)
	s, err := NewScorer(p, data.Model("sentiment.tsv"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	r, f := text.NewReader(p.Vocabulary), party.NewFinder(p)
	var l model.Layers
	var sc Scratch
	var mentions []model.Mention
	var scores []model.Sentiment
	var reading, scoring time.Duration
	size := 0
	for i := range arts {
		size += len(arts[i].Text)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	n, rounds := 0, 0
	labels := [3]int{}
	for b.Loop() {
		for i := range arts {
			start := time.Now()
			r.Read(&arts[i], &l)
			reading += time.Since(start)
			mentions = f.Find(&arts[i], &l, mentions[:0], nil)
			start = time.Now()
			scores = s.All(&arts[i], &l, mentions, scores[:0], &sc, nil)
			scoring += time.Since(start)
			for k := range scores {
				labels[scores[k].Label+1]++
			}
			n += len(l.Sentences)
		}
		rounds++
	}
	if labels[0]+labels[1]+labels[2] != n || labels[0] == 0 || labels[1] == 0 || labels[2] == 0 {
		b.Fatalf("labels %d of %d sentences", labels, n)
	}
	b.ReportMetric(float64(scoring)/float64(reading), "of-text-stage")
	b.ReportMetric(float64(n)/scoring.Seconds(), "sentences/s")
	b.ReportMetric(float64(size*rounds)/1e6/scoring.Seconds(), "scoring-MB/s")
}

func BenchmarkVader(b *testing.B) {
	texts := sentences(b, 2000)
	v := newVader()
	n, scored := 0, 0
	for b.Loop() {
		if v.score(texts[n%len(texts)]) != 0 {
			scored++
		}
		n++
	}
	if scored == 0 {
		b.Fatal("no sentence has a score")
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "sentences/s")
}

func TestScoreAllocatesNothing(t *testing.T) {
	b := newsScorer(t)
	b.read("The brutal attack was not a success, but the brave rescue workers of Springfield saved hundreds of lives without any help.")
	score := func() { b.s.Score(&b.article, &b.layers, b.mentions, 0, &b.scratch, nil) }
	score()
	if n := testing.AllocsPerRun(100, score); n != 0 {
		t.Errorf("%v allocations per sentence", n)
	}
}
