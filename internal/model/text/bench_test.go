package text

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"stance/internal/model"
)

// newsTexts returns the texts of the shared news sample, or skips.
func newsTexts(tb testing.TB) []string {
	f, err := os.Open(filepath.Join(sharedData, "corpora", "news_sample.jsonl.gz"))
	if err != nil {
		tb.Skipf("needs the shared data: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var texts []string
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		var x struct{ Text string }
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, x.Text)
	}
	return texts
}

// sampleTexts returns the texts of the repository's own sample corpus, or skips.
func sampleTexts(tb testing.TB) []string {
	files, _ := filepath.Glob("../../../data/sample/*.txt")
	if len(files) == 0 {
		tb.Skip("needs data/sample/*.txt")
	}
	var texts []string
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	return texts
}

// bigVocabulary has about 20,000 forms.
func bigVocabulary() *Vocabulary {
	b := NewBuilder()
	for i := 0; len(b.forms) < 20000; i++ {
		b.Add(fmt.Sprintf("form%05d", i), Noun)
	}
	for _, prefix := range []string{"militar", "terroris", "extremis", "negotiat"} {
		b.AddPrefix(prefix)
	}
	return b.Build()
}

func benchmarkTexts(b *testing.B, texts []string, read func(*Reader, *model.Article, *model.Layers) int) {
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	r := NewReader(bigVocabulary())
	var l model.Layers
	var a model.Article
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		n := 0
		for _, t := range texts {
			a.Text = t
			n += read(r, &a, &l)
		}
		if n < len(texts) {
			b.Fatalf("%d found in %d texts", n, len(texts))
		}
	}
	b.ReportMetric(float64(len(texts)*b.N)/b.Elapsed().Seconds(), "articles/s")
}

func readAll(r *Reader, a *model.Article, l *model.Layers) int {
	r.Read(a, l)
	return len(l.Sentences)
}

func BenchmarkReadNews(b *testing.B)   { benchmarkTexts(b, newsTexts(b), readAll) }
func BenchmarkReadSample(b *testing.B) { benchmarkTexts(b, sampleTexts(b), readAll) }

func BenchmarkTokeniseNews(b *testing.B) {
	benchmarkTexts(b, newsTexts(b), func(r *Reader, a *model.Article, _ *model.Layers) int {
		r.tokenise(a.Text, 0)
		return len(r.tokens)
	})
}

func BenchmarkSentencesNews(b *testing.B) {
	benchmarkTexts(b, newsTexts(b), func(r *Reader, a *model.Article, l *model.Layers) int {
		r.tokenise(a.Text, 0)
		l.Tokens = r.tokens
		r.structure(a, l)
		return len(l.Sentences)
	})
}
