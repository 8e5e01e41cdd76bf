package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"stance/internal/analysis"
	"stance/internal/io/corpus"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
	"stance/internal/model"
	"stance/internal/model/party"
	"stance/internal/model/sentiment"
	"stance/internal/model/stance"
	"stance/internal/model/text"
	"stance/internal/pipeline"
)

const newsSample = "../../../shared/data/corpora/news_sample.jsonl.gz"

// benchSize is the bytes of text that benchmarks read.
const benchSize = 100e6

// benchNews writes the news sample as often as benchSize takes and returns the
// file, its articles and the bytes of their texts. No copy is that of another:
// in each round every second paragraph comes from another article.
func benchNews(b *testing.B) (path string, articles []model.Article, size int64) {
	b.Helper()
	f, err := os.Open(newsSample)
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
	type record struct{ ID, Source, Date, Title, Text string }
	var sample []record
	var paragraphs [][]string
	for d := json.NewDecoder(z); ; {
		var r record
		if err := d.Decode(&r); err == io.EOF {
			break
		} else if err != nil {
			b.Fatal(err)
		}
		if lines := strings.Split(r.Text, "\n"); len(lines) > 3 {
			sample, paragraphs = append(sample, r), append(paragraphs, lines)
		}
	}
	path = filepath.Join(b.TempDir(), "news.jsonl.gz")
	out, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	packed := gzip.NewWriter(out)
	defer packed.Close()
	e := json.NewEncoder(packed)
	for round := 0; size < benchSize; round++ {
		for i := range sample {
			r, other := sample[i], paragraphs[(i+101*round)%len(sample)]
			mixed := slices.Clone(paragraphs[i])
			for k := 1; k < min(len(mixed), len(other)); k += 2 {
				mixed[k] = other[k]
			}
			r.Text = strings.Join(mixed, "\n")
			r.ID = fmt.Sprintf("%s-%d", r.ID, round)
			if err := e.Encode(map[string]string{"id": r.ID, "source": r.Source, "date": r.Date, "title": r.Title, "text": r.Text}); err != nil {
				b.Fatal(err)
			}
			day, _ := time.Parse(time.DateOnly, r.Date)
			articles = append(articles, model.Article{ID: r.ID, Text: r.Text, Lang: "en", PublishedAt: day})
			if size += int64(len(r.Text)); size >= benchSize {
				break
			}
		}
	}
	return path, articles, size
}

// benchStage is a stage that runs over an article or a chunk of them.
type benchStage struct {
	name          string
	run           func()
	time          time.Duration // of the processor: the quickest round of each article or chunk
	bytes, allocs uint64
}

// measure runs a stage over a chunk several times.
func (s *benchStage) measure(b *testing.B) {
	var best time.Duration
	for round := range 3 {
		start := processorTime(b)
		s.run()
		if d := processorTime(b) - start; round == 0 || d < best {
			best = d
		}
	}
	s.time += best
	s.count(s.run)
}

// count adds what run allocates.
func (s *benchStage) count(run func()) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	s.bytes, s.allocs = s.bytes+after.TotalAlloc-before.TotalAlloc, s.allocs+after.Mallocs-before.Mallocs
}

// BenchmarkStages takes the news through one stage after the other: an article
// at a time through those that find something out, as a worker has it at hand,
// and a chunk at a time through the tables. An op is all of it. Times are of the processor, so that a busy machine
// matters little; x-text is the time in units of the text stage.
func BenchmarkStages(b *testing.B) {
	path, articles, size := benchNews(b)
	c, a := benchAnalyzer(b)
	scorer, err := sentiment.NewScorer(a.Program, c.Sentiment, sentiment.Options{Bayes: true})
	if err != nil {
		b.Fatal(err)
	}
	tone, err := stance.NewToneModel(a.Program, c.Tone)
	if err != nil {
		b.Fatal(err)
	}
	pair, err := stance.NewPairModel(a.Program, nil)
	if err != nil {
		b.Fatal(err)
	}
	var scratch sentiment.Scratch
	reader, finder, stage := text.NewReader(a.Program.Vocabulary), party.NewFinder(a.Program), stance.NewStage(a.Program, tone, pair, pair)
	tables := table.NewTables(table.Content{})
	encoders, err := table.NewEncoders(table.Parquet, table.Metadata{})
	if err != nil {
		b.Fatal(err)
	}
	var chunk []model.Article
	var results []model.Result
	var part bytes.Buffer
	at := 0 // the article of the chunk
	each := func(f func(*model.Article, *model.Result)) func() {
		return func() { f(&chunk[at], &results[at]) }
	}
	stages := []benchStage{
		{name: "text", run: each(func(a *model.Article, r *model.Result) { r.Article = a; reader.Read(a, &r.Layers) })},
		{name: "mentions", run: each(func(a *model.Article, r *model.Result) { r.Mentions = finder.Find(a, &r.Layers, r.Mentions[:0], nil) })},
		{name: "sentiment", run: each(func(a *model.Article, r *model.Result) {
			r.Sentiments = r.Sentiments[:0]
			for k := range r.Sentences {
				r.Sentiments = append(r.Sentiments, scorer.Score(a, &r.Layers, r.Mentions, k, &scratch, nil))
			}
		})},
		{name: "stance", run: each(func(_ *model.Article, r *model.Result) { stage.Run(r, nil) })},
		{name: "rows", run: func() {
			tables.Reset()
			for i := range chunk {
				tables.Add(&results[i])
			}
		}},
		{name: "encoding", run: func() {
			for i, rows := range tables.All() {
				part.Reset()
				if err := encoders[i].Encode(&part, rows); err != nil || part.Len() == 0 {
					b.Fatal("encoding:", err)
				}
			}
		}},
	}
	const finding = 4 // stages before the tables
	reading := benchStage{name: "reader", run: func() {
		src, err := corpus.Open([]string{path}, corpus.Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		if err := src.Read(context.Background(), 1, func(batch *model.Batch) error { n += len(batch.Articles); return nil }); err != nil || n != len(articles) {
			b.Fatal(n, "articles read,", len(articles), "written:", err)
		}
	}}
	reading.measure(b)
	found := 0
	for rest := articles; len(rest) > 0; rest = rest[len(chunk):] {
		n := 0
		for length := 0; n < len(rest) && length < 1<<20; n++ { // see pipeline.Options.ChunkText
			length += len(rest[n].Text)
		}
		chunk = rest[:n]
		results = append(results, make([]model.Result, max(0, n-len(results)))...)
		// Round by round: what runs twice in a row is quicker than ever in a run.
		best := make([][finding]time.Duration, n)
		for round := range 3 {
			for at = range chunk {
				for i := range finding {
					start := processorTime(b)
					stages[i].run()
					if d := processorTime(b) - start; round == 0 || d < best[at][i] {
						best[at][i] = d
					}
				}
			}
		}
		for i := range finding {
			for at = range best {
				stages[i].time += best[at][i]
			}
			stages[i].count(func() {
				for at = range chunk {
					stages[i].run()
				}
			})
		}
		for i := finding; i < len(stages); i++ {
			stages[i].measure(b)
		}
		for i := range chunk {
			found += len(results[i].Stances)
		}
	}
	if found < len(articles) {
		b.Fatalf("%d stances in %d articles", found, len(articles))
	}
	for _, s := range append(stages, reading) {
		b.Run(s.name, func(b *testing.B) {
			b.ReportMetric(float64(s.time.Nanoseconds()), "ns/op")
			b.ReportMetric(float64(size)/1e6/s.time.Seconds(), "MB/s")
			b.ReportMetric(float64(len(articles))/s.time.Seconds(), "articles/s")
			b.ReportMetric(float64(s.bytes), "B/op")
			b.ReportMetric(float64(s.allocs), "allocs/op")
			b.ReportMetric(float64(s.time)/float64(stages[0].time), "x-text")
		})
	}
}

// benchAnalyzer returns what run analyses with.
func benchAnalyzer(b *testing.B) (analysis.Config, *analysis.Analyzer) {
	b.Helper()
	c, err := configuration(nil, false)
	if err != nil {
		b.Fatal(err)
	}
	c.Pair, c.Event, c.Bayes = nil, nil, true
	a, err := newAnalyzer(c)
	if err != nil {
		b.Fatal(err)
	}
	return c, a
}

// BenchmarkCompile is the part of a start that packs, lexicon and weights
// take.
func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		c, err := configuration(nil, false)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := newAnalyzer(c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRun goes the whole road: read, analyse, encode, publish. x-text is
// its processor time, of all cores, in units of the text stage's.
func BenchmarkRun(b *testing.B) {
	path, articles, size := benchNews(b)
	_, a := benchAnalyzer(b)
	reader := text.NewReader(a.Program.Vocabulary)
	var layers model.Layers
	var inText, inRun time.Duration
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		start := processorTime(b)
		for i := range articles {
			reader.Read(&articles[i], &layers)
		}
		inText += processorTime(b) - start
		b.StartTimer()
		start = processorTime(b)
		src, err := corpus.Open([]string{path}, corpus.Options{})
		if err != nil {
			b.Fatal(err)
		}
		out, err := dataset.Open(b.TempDir(), dataset.Options{Run: "bench", Format: table.Parquet})
		if err != nil {
			b.Fatal(err)
		}
		sum, err := pipeline.Run(context.Background(), src, out, pipeline.Options{Spill: out, Near: true, NewWorker: func() (pipeline.Worker, error) { return worker{a.NewWorker()}, nil }})
		if err != nil {
			b.Fatal(err)
		}
		if sum.Articles != int64(len(articles)) || sum.Rejected > 0 {
			b.Fatalf("%d of %d articles, %d rejected", sum.Articles, len(articles), sum.Rejected)
		}
		if err := out.Close(); err != nil {
			b.Fatal(err)
		}
		inRun += processorTime(b) - start
	}
	b.ReportMetric(float64(len(articles))*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
	b.ReportMetric(float64(inRun)/float64(inText), "x-text")
}

// processorTime is the time of all cores that the process has taken.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
