package main

import (
	"context"
	"os"
	"testing"

	"stance/internal/io/corpus"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
	"stance/internal/model"
	"stance/internal/pipeline"
)

const (
	newsSample = "../../../shared/data/corpora/news_sample.jsonl.gz"
	ownSample  = "../../data/sample"
)

// benchInput is the news sample where it is there, else the sample corpus.
func benchInput() string {
	if _, err := os.Stat(newsSample); err == nil {
		return newsSample
	}
	return ownSample
}

func benchArticles(b *testing.B) (articles []model.Article, bytes int64) {
	b.Helper()
	src, err := corpus.Open([]string{benchInput()}, corpus.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := src.Read(context.Background(), 1, func(batch *model.Batch) error {
		articles = append(articles, batch.Articles...)
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for i := range articles {
		bytes += int64(len(articles[i].Text))
	}
	return articles, bytes
}

// BenchmarkAnalyze runs every stage on one core.
func BenchmarkAnalyze(b *testing.B) {
	articles, bytes := benchArticles(b)
	w := embedded(b).NewWorker()
	var r model.Result
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		sentences := 0
		for i := range articles {
			w.Analyze(&articles[i], &r, nil)
			sentences += len(r.Sentences)
		}
		if sentences < 2*len(articles) {
			b.Fatalf("%d sentences in %d articles", sentences, len(articles))
		}
	}
	b.ReportMetric(float64(len(articles))*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
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

// BenchmarkRun goes the whole road: read, analyse, encode, publish.
func BenchmarkRun(b *testing.B) {
	a := embedded(b)
	_, bytes := benchArticles(b)
	b.SetBytes(bytes)
	for b.Loop() {
		src, err := corpus.Open([]string{benchInput()}, corpus.Options{})
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
		if sum.Articles < 60 || sum.Rejected > 0 {
			b.Fatalf("%d articles, %d rejected", sum.Articles, sum.Rejected)
		}
		if err := out.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
