package fit

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"stance/data"
	"stance/internal/model/rules"
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
	if l.HasErrors() {
		c.Packs = c.Packs[:1]
		p, l = rules.Compile(c)
	}
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
