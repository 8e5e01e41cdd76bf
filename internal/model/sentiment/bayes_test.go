package sentiment

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	library "github.com/cdipaolo/sentiment"
)

// restoreLibrary restores the library's model once for all tests.
var restoreLibrary = sync.OnceValues(library.Restore)

func bayes(t testing.TB) *Bayes {
	t.Helper()
	b, err := NewBayes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sentences returns up to n real texts of the shared samples, one per line or
// paragraph.
func sentences(t testing.TB, n int) []string {
	t.Helper()
	const dir = "../../../../shared/data/"
	var out []string
	add := func(in io.Reader, lines bool) {
		s := bufio.NewScanner(in)
		s.Buffer(nil, 1<<24)
		for s.Scan() && len(out) < n {
			var x struct{ Text string }
			if err := json.Unmarshal(s.Bytes(), &x); err != nil {
				t.Fatal(err)
			}
			if !lines {
				out = append(out, x.Text)
				continue
			}
			for _, p := range strings.Split(x.Text, "\n") {
				for _, p := range strings.SplitAfter(p, ". ") {
					if p = strings.TrimSpace(p); p != "" && len(out) < n {
						out = append(out, p)
					}
				}
			}
		}
	}
	for _, name := range []string{"nyt_editorials/train.jsonl", "newsmtsc/train.jsonl", "corpora/news_sample.jsonl.gz"} {
		f, err := os.Open(dir + name)
		if errors.Is(err, os.ErrNotExist) {
			t.Skipf("no ../shared/data/%s", name)
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".gz") {
			z, err := gzip.NewReader(f)
			if err != nil {
				t.Fatal(err)
			}
			add(z, true)
		} else {
			add(f, false)
		}
		f.Close()
	}
	return out
}

// agree fails when Bayes and the library's Predict give different labels.
func agree(t *testing.T, b *Bayes, predict func(string) uint8, s string) (known bool) {
	t.Helper()
	odds, label, ok := b.Score(s)
	want := int8(-1)
	if predict(s) == 1 {
		want = 1
	}
	if ok && label != want {
		t.Errorf("%q: label %d with log-odds %g, the library says %d", s, label, odds, want)
	}
	return ok
}

func TestBayesAgreesWithPredict(t *testing.T) {
	models, err := restoreLibrary()
	if err != nil {
		t.Fatal(err)
	}
	b, predict := bayes(t), models[library.English].Predict
	for _, s := range []string{
		"", " ", "...", "12 34", "good", "Bad.", "don't", "DON'T STOP", "a\nb good\tbad", "wonderful  terrible", "xyzzyq",
		"Ünique naïve café", "İstanbul is GREAT", "good-bye", "good\u00a0bad", "word" + strings.Repeat("s", 100) + " good", "“terrible”",
		strings.Repeat("é", 40) + " awful", strings.Repeat("a", 61) + "é bad",
	} {
		agree(t, b, predict, s)
	}
	if _, _, ok := b.Score("xyzzyq 12"); ok {
		t.Error("a sentence without a known word has a score")
	}
}

func TestBayesAgreesOnRealSentences(t *testing.T) {
	texts := sentences(t, 20_000)
	models, err := restoreLibrary()
	if err != nil {
		t.Fatal(err)
	}
	b, predict := bayes(t), models[library.English].Predict
	known := 0
	for _, s := range texts {
		if agree(t, b, predict, s) {
			known++
		}
	}
	if known < 5000 {
		t.Errorf("%d sentences with a known word; want 5000 or more", known)
	}
	t.Logf("%d sentences, %d with a known word", len(texts), known)
}

func BenchmarkBayes(b *testing.B) {
	texts := sentences(b, 20_000)
	s := bayes(b)
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	b.SetBytes(int64(size / len(texts)))
	b.ReportAllocs()
	known, n := 0, 0
	for b.Loop() {
		if _, _, ok := s.Score(texts[n%len(texts)]); ok {
			known++
		}
		n++
	}
	if known*10 < n*9 {
		b.Fatalf("%d of %d sentences have a known word", known, n)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "sentences/s")
}

func BenchmarkNewBayes(b *testing.B) {
	for b.Loop() {
		c, err := restore()
		if err != nil {
			b.Fatal(err)
		}
		if s, err := newBayes(c); err != nil || len(s.slots) < 100_000 {
			b.Fatal(err)
		}
	}
}
