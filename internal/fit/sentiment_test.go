package fit

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stance/data"
	"stance/internal/model/rules"
	"stance/internal/model/sentiment"
)

var write = flag.Bool("fit", false, "fit on the shared samples and write data/model/sentiment.tsv")

// compile compiles the embedded packs.
func compile(words []string) (*rules.Program, error) {
	c := rules.Config{Words: words}
	for _, f := range data.Packs() {
		c.Packs = append(c.Packs, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	for _, f := range data.Lexicons() {
		c.Lexicons = append(c.Lexicons, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	p, l := rules.Compile(c)
	return p, l.Err()
}

func shared(t *testing.T, name string) Set {
	t.Helper()
	f, err := os.Open(filepath.Join("../../../shared/data", name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("no ../shared/data/%s", name)
	} else if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	set, l := ReadSet(filepath.Dir(name), f)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return set
}

func TestFitShared(t *testing.T) {
	if !*write {
		t.Skip("run with -fit to fit on the shared samples and write the weights")
	}
	gold := shared(t, "nyt_editorials/train.jsonl")
	opts := Options{Compile: compile}
	for _, n := range []string{"newsmtsc", "dse"} {
		opts.Auxiliary = append(opts.Auxiliary, shared(t, n+"/train.jsonl"))
	}
	m, r, err := Sentiment(context.Background(), gold, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("n %d, %d articles, %d features, r %.4f %.3f, macro-F1 %.4f in [%.3f, %.3f], %s", r.N, r.Articles, r.Features, r.PearsonR, r.FoldR, r.MacroF1, r.Low, r.High, r.Settings)
	if err := os.WriteFile("../../data/model/sentiment.tsv", m.Format(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// goldOf makes a small sample: half of the articles are about good things.
func goldOf(n int) Set {
	set := Set{Name: "made"}
	good := []string{"The rescue was a brilliant success.", "Volunteers gave generous help to the town.", "The plovers nested early, a happy day."}
	bad := []string{"The attack was a brutal crime.", "Fraud and corruption ruined the company.", "The gurning clerks were not honest."}
	for i := range n {
		e := Example{Text: good[i/2%3], Article: fmt.Sprintf("a%d", i/4), Rating: 2 + float64(i%3)/10}
		if i%2 == 1 {
			e.Text, e.Rating = bad[i/2%3], -e.Rating
		}
		set.Examples = append(set.Examples, e)
	}
	return set
}

func TestSentimentIsDeterministic(t *testing.T) {
	p, err := compile([]string{"gurning", "plovers"})
	if err != nil {
		t.Fatal(err)
	}
	opts := Options{Compile: func([]string) (*rules.Program, error) { return p, nil }, Auxiliary: []Set{goldOf(30)}}
	var first []byte
	for range 2 {
		m, r, err := Sentiment(context.Background(), goldOf(60), opts)
		if err != nil {
			t.Fatal(err)
		}
		if r.PearsonR < 0.9 || r.MacroF1 < 0.6 || len(r.Predictions) != 60 || len(r.FoldR) != 5 {
			t.Errorf("report %+v", r)
		}
		table := m.Format()
		if first == nil {
			first = table
		} else if !bytes.Equal(first, table) {
			t.Error("two fits on the same sample differ")
		}
		if _, err := sentiment.NewScorer(p, table, sentiment.Options{}); err != nil {
			t.Error(err)
		}
		if !bytes.Contains(table, []byte("word\tgurning\t-")) {
			t.Error("a word of the bad sentences that the lexicon lacks has no weight")
		}
	}
}

func TestSentimentErrors(t *testing.T) {
	if _, _, err := Sentiment(context.Background(), goldOf(8), Options{Compile: compile}); err == nil || !strings.Contains(err.Error(), "made has 2 articles") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Sentiment(ctx, goldOf(60), Options{Compile: compile}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestFoldsKeepArticlesTogether(t *testing.T) {
	set := goldOf(100)
	folds, articles := foldsOf(set.Examples, 5)
	if articles != 25 {
		t.Errorf("%d articles, want 25", articles)
	}
	sizes, fold := map[int]int{}, map[string]int{}
	for i, e := range set.Examples {
		if f, ok := fold[e.Article]; ok && f != folds[i] {
			t.Errorf("article %s is in folds %d and %d", e.Article, f, folds[i])
		}
		fold[e.Article] = folds[i]
		sizes[folds[i]]++
	}
	for f, n := range sizes {
		if n != 20 {
			t.Errorf("fold %d has %d examples, want 20", f, n)
		}
	}
}

// TestRidge compares with the closed form of one column and of two that are
// orthogonal: w = x·y / (x·x + lambda).
func TestRidge(t *testing.T) {
	var m sparse
	m.cols = 2
	for i := range 4 {
		m.add(int32(i%2), float64(i+1))
		m.endRow()
	}
	w, err := m.ridge(context.Background(), []float64{1, 2, 3, 4}, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{(1 + 9) / (1 + 9 + 2.0), (4 + 16) / (4 + 16 + 2.0)} {
		if math.Abs(w[i]-want) > 1e-6 {
			t.Errorf("weight %d is %g, want %g", i, w[i], want)
		}
	}
}

func TestReadSet(t *testing.T) {
	set, l := ReadSet("g.jsonl", strings.NewReader(`{"id":"x-1_1","text":"a","rating":1.5,"label":1}
{"id":"x-1_2","text":"b","label":-1}

{"article":"y","text":"c","targets":[{"label":1},{"label":0}]}
{"id":"z","text":"d"}
`))
	want := []Example{{"a", "x-1", 1.5}, {"b", "x-1", -1}, {"c", "y", 0.5}}
	if err := l.Err(); err != nil || fmt.Sprint(set.Examples) != fmt.Sprint(want) {
		t.Errorf("%v, error %v; want %v", set.Examples, err, want)
	}
	_, l = ReadSet("g.jsonl", strings.NewReader("{\n{\"id\":\"a\",\"rating\":1}\n"))
	if got := l.Error(); !strings.HasPrefix(got, "g.jsonl:1:1: ") || !strings.HasSuffix(got, "g.jsonl:2:1: no text [missing-field]") {
		t.Errorf("diagnostics %q", got)
	}
}

// TestLexiconOnEditorials holds the lexicon alone, which has seen no gold, to
// the correlation it had when it was written; VADER has .49 on the same texts.
func TestLexiconOnEditorials(t *testing.T) {
	gold := shared(t, "nyt_editorials/train.jsonl")
	p, err := compile(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sentiment.NewScorer(p, nil, sentiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := newReader(p)
	var sc sentiment.Scratch
	var scores, ratings []float64
	for _, e := range gold.Examples {
		r.read(e.Text)
		sum := 0.0
		for i := range r.layers.Sentences {
			sum += float64(s.Score(&r.article, &r.layers, r.mentions, i, &sc, nil).Score)
		}
		scores, ratings = append(scores, sum/float64(len(r.layers.Sentences))), append(ratings, e.Rating)
	}
	if got := pearson(scores, ratings); got < 0.58 {
		t.Errorf("Pearson r %.3f, want 0.58 or more", got)
	}
}
