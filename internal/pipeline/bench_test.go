package pipeline_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"stance/internal/io/corpus"
	"stance/internal/io/dataset"
	"stance/internal/model"
	"stance/internal/pipeline"
)

const newsSample = "../../../shared/data/corpora/news_sample.jsonl.gz"

// sparse thins the simple analysis to about what the rules find in news.
type sparse struct{ simple }

func (w sparse) Analyze(a *model.Article, r *model.Result) error {
	if err := w.simple.Analyze(a, r); err != nil {
		return err
	}
	few := func(sentence int32) bool { return sentence%6 != 0 }
	r.Stances = slices.DeleteFunc(r.Stances, func(s model.Stance) bool { return few(s.Sentence) })
	r.Dyads = slices.DeleteFunc(r.Dyads, func(d model.Dyad) bool { return few(d.Sentence) })
	r.Tones = slices.DeleteFunc(r.Tones, func(t model.Tone) bool { return t.Sentence%3 != 0 })
	return nil
}

// BenchmarkNews runs the simple analysis over real articles: reading,
// ordering and writing, without what the stages cost.
func BenchmarkNews(b *testing.B) {
	if _, err := os.Stat(newsSample); err != nil {
		b.Skip("no news sample beside the repository:", err)
	}
	b.ReportAllocs()
	for b.Loop() {
		got, err := runOnce(b, filepath.Join(b.TempDir(), "out"), []string{newsSample}, corpus.Options{}, pipeline.Options{NewWorker: func() (pipeline.Worker, error) { return sparse{}, nil }}, dataset.Options{NoCache: true})
		if err != nil || got.sum.Articles != 5000 {
			b.Fatal(err, got.sum.Articles)
		}
		b.SetBytes(got.sum.TextBytes)
	}
}
