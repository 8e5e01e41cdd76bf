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

// benchStage is a stage that runs over the units of a chunk: its articles, or
// the tables.
type benchStage struct {
	name          string
	units         func() int
	run           func(unit int)
	time          time.Duration // the quickest round of each unit
	bytes, allocs uint64
}

// measure runs a stage over a chunk several times.
func (s *benchStage) measure() {
	best := make([]time.Duration, s.units())
	var before, after runtime.MemStats
	const rounds = 4
	for round := range rounds {
		if round == rounds-1 {
			runtime.ReadMemStats(&before)
		}
		for i := range best {
			start := time.Now()
			s.run(i)
			if d := time.Since(start); round == 0 || d < best[i] {
				best[i] = d
			}
		}
	}
	runtime.ReadMemStats(&after)
	s.bytes, s.allocs = s.bytes+after.TotalAlloc-before.TotalAlloc, s.allocs+after.Mallocs-before.Mallocs
	for _, d := range best {
		s.time += d
	}
}

// BenchmarkStages takes the news through one stage after the other, a chunk at
// a time on one core. An op is all of it; x-text is the time in units of the
// text stage. Of each article or table the quickest round counts, so that a
// busy machine matters little.
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
	var encoders []*table.Encoder
	for _, s := range table.Schemas() {
		e, err := table.NewEncoder(&s, table.Parquet, table.Metadata{})
		if err != nil {
			b.Fatal(err)
		}
		encoders = append(encoders, e)
	}
	var chunk []model.Article
	var results []model.Result
	var part bytes.Buffer
	inChunk, inTables := func() int { return len(chunk) }, func() int { return len(encoders) }
	stages := []benchStage{
		{name: "text", units: inChunk, run: func(i int) { results[i].Article = &chunk[i]; reader.Read(&chunk[i], &results[i].Layers) }},
		{name: "mentions", units: inChunk, run: func(i int) {
			r := &results[i]
			r.Mentions = finder.Find(r.Article, &r.Layers, r.Mentions[:0], nil)
		}},
		{name: "sentiment", units: inChunk, run: func(i int) {
			r := &results[i]
			r.Sentiments = r.Sentiments[:0]
			for k := range r.Sentences {
				r.Sentiments = append(r.Sentiments, scorer.Score(r.Article, &r.Layers, r.Mentions, k, &scratch, nil))
			}
		}},
		{name: "stance", units: inChunk, run: func(i int) { stage.Run(&results[i], nil) }},
		{name: "rows", units: inChunk, run: func(i int) {
			if i == 0 {
				tables.Reset()
			}
			tables.Add(&results[i])
		}},
		{name: "encoding", units: inTables, run: func(i int) {
			part.Reset()
			if err := encoders[i].Encode(&part, tables.All()[i]); err != nil || part.Len() == 0 {
				b.Fatal("encoding:", err)
			}
		}},
	}
	reading := benchStage{name: "reader", units: func() int { return 1 }, run: func(int) {
		src, err := corpus.Open([]string{path}, corpus.Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		if err := src.Read(context.Background(), 1, func(batch *model.Batch) error { n += len(batch.Articles); return nil }); err != nil || n != len(articles) {
			b.Fatal(n, "articles read,", len(articles), "written:", err)
		}
	}}
	reading.measure()
	found := 0
	for rest := articles; len(rest) > 0; rest = rest[len(chunk):] {
		n := 0
		for length := 0; n < len(rest) && length < 1<<20; n++ { // see pipeline.Options.ChunkText
			length += len(rest[n].Text)
		}
		chunk = rest[:n]
		results = append(results, make([]model.Result, max(0, n-len(results)))...)
		for i := range stages {
			stages[i].measure()
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
