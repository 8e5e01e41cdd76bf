package sentiment

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	library "github.com/cdipaolo/sentiment"

	"stance/internal/model"
	"stance/internal/model/text"
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

// oddTexts are texts on which tokens and the library's words differ.
var oddTexts = []string{
	"", " ", "...", "12 34", "good", "Bad.", "don't", "DON'T STOP", "a\nb good\tbad", "wonderful  terrible", "xyzzyq",
	"Ünique naïve café", "İstanbul is GREAT", "good-bye", "good\u00a0bad", "word" + strings.Repeat("s", 100) + " good", "“terrible”",
	strings.Repeat("é", 40) + " awful", strings.Repeat("a", 61) + "é bad", "Israel's U.S.-backed 10th plan: awful,good",
	"The ﬁne <b>great</b> œuvre, æsthetic as Straße, was so\u00adme terrible www.good.com 3.5m º good", "don’t “love” it … bad—good", "militaristically worst", "<cue lone tear rolling down my face>",
}

func TestBayesAgreesWithPredict(t *testing.T) {
	models, err := restoreLibrary()
	if err != nil {
		t.Fatal(err)
	}
	b, predict := bayes(t), models[library.English].Predict
	for _, s := range oddTexts {
		agree(t, b, predict, s)
	}
	if _, _, ok := b.Score("xyzzyq 12"); ok {
		t.Error("a sentence without a known word has a score")
	}
}

// The model is read without the library's Restore, which would have given the
// same.
func TestBayesIsWhatRestoreGives(t *testing.T) {
	models, err := restoreLibrary()
	if err != nil {
		t.Fatal(err)
	}
	m, b := models[library.English], bayes(t)
	data, err := m.Words.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]struct {
		Count [2]uint64
		Seen  uint64
	}
	if err := json.Unmarshal(data, &words); err != nil {
		t.Fatal(err)
	}
	if want := (bayesLogs{math.Log(m.Probabilities[0]), math.Log(m.Probabilities[1])}); b.prior != want {
		t.Errorf("prior is %v, want %v", b.prior, want)
	}
	for w, n := range words {
		at := b.word(w)
		if at == 0 {
			t.Fatalf("%q is not known", w)
		}
		log := func(n uint64, seen float64) float64 { return math.Log(float64(n+1) / seen) }
		all := float64(n.Seen + m.DictCount)
		if want := (bayesLogs{log(n.Count[0], all), log(n.Count[1], all)}); b.logs[at] != want {
			t.Fatalf("%q: log-probabilities %v, want %v", w, b.logs[at], want)
		}
	}
	filled := 0
	for i := range b.slots {
		if b.slots[i] != 0 {
			filled++
		}
	}
	if filled != len(words) || filled < 100_000 {
		t.Errorf("%d words, the library has %d", filled, len(words))
	}
}

func TestNewBayesRefusesAnotherLayout(t *testing.T) {
	const good = `{"en":{"words":{"a":{"Count":[1,2],"Seen":3}},"count":[1,1],"vocabulary_size":1}}`
	if _, err := newBayes([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "{}", good[:40], strings.Replace(good, "3", "4", 1), strings.Replace(good, `"a"`, `"\u0061"`, 1),
		strings.Replace(good, "[1,1]", "[1,1,1]", 1), strings.Replace(good, "Count", "count", 1), strings.Replace(good, `},"count"`, `,},"count"`, 1)} {
		if _, err := newBayes([]byte(bad)); err == nil {
			t.Errorf("%s: no error", bad)
		}
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

// By tokens and by letters a sentence is the same.
func TestBayesAgreesOnTokens(t *testing.T) {
	p := compile(t)
	b, r := bayes(t), text.NewReader(p.Vocabulary)
	words := b.over(p.Vocabulary)
	var l model.Layers
	var sc Scratch
	var run bayesRun
	check := func(s string) {
		a := model.Article{Text: s}
		r.Read(&a, &l)
		for i := range l.Sentences {
			s := &l.Sentences[i]
			if i%stretch == 0 {
				run.read(words, a.Text, l.Tokens, l.Sentences[i:min(i+stretch, len(l.Sentences))], &sc)
			}
			odds, label, ok := words.score(run.of(i % stretch))
			if o, lb, k := b.Score(s.In(a.Text)); o != odds || lb != label || k != ok {
				t.Errorf("%q: log-odds %v, %d, %v by tokens; %v, %d, %v by letters", s.In(a.Text), odds, label, ok, o, lb, k)
			}
		}
	}
	for _, s := range oddTexts {
		check(s)
		check("Good " + s + " bad")
	}
	for _, a := range articles(t, 1000) {
		check(a.Text)
	}
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
	v := compile(b).Vocabulary
	for b.Loop() {
		data, err := library.Asset("model.json")
		if err != nil {
			b.Fatal(err)
		}
		s, err := newBayes(data)
		if err != nil {
			b.Fatal(err)
		}
		if words := s.over(v); words.words[0] != mixed {
			b.Fatal("the unknown word is known")
		}
	}
}
