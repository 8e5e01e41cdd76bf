package main

import (
	"os"
	"path/filepath"
	"testing"

	"stance/internal/analysis"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
	"stance/internal/model/rules"
)

// A run takes the analyzer as an earlier one kept it when it is whole and of
// the same packs, and makes it anew otherwise.
func TestAnalyzerIsKept(t *testing.T) {
	c := analysis.Config{Packs: mustPacks(t), Lexicons: lexicons()}
	a, err := newAnalyzer(c)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	// run reports whether a run over so many bytes of text made its analyzer.
	run := func(key string, text int64) bool {
		t.Helper()
		out, err := dataset.Open(dir, dataset.Options{Run: "r", Format: table.Parquet})
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		if err := out.Start(1); err != nil {
			t.Fatal(err)
		}
		e := &engine{key: key, flat: true}
		e.make = func() (*analysis.Analyzer, error) { e.made = true; return a, nil }
		got, err := e.analyzer(out)
		if err != nil || got.Program.Hash != a.Program.Hash {
			t.Fatal(got, err)
		}
		if err := e.keep(out, text); err != nil {
			t.Fatal(err)
		}
		return e.made
	}
	kept := filepath.Join(dir, "cache", "analyzer-one")
	change := func(f func([]byte) []byte) func() {
		return func() {
			b, err := os.ReadFile(kept)
			if err == nil {
				err = os.WriteFile(kept, f(b), 0o666)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, step := range []struct {
		what   string
		before func()
		key    string
		text   int64
		made   bool
	}{
		{"a run with little text", nil, "one", snapshotLeast - 1, true},
		{"after a run with little text", nil, "one", snapshotLeast, true},
		{"after a run with much text", nil, "one", 0, false},
		{"again", nil, "one", 0, false},
		{"of other packs", nil, "two", 0, true},
		{"a changed byte", change(func(b []byte) []byte { b[len(b)/2] ^= 1; return b }), "one", snapshotLeast, true},
		{"made anew", nil, "one", 0, false},
		{"cut short", change(func(b []byte) []byte { return b[:len(b)/3] }), "one", snapshotLeast, true},
		{"under a name that is not its own", func() {
			if err := os.Rename(kept, filepath.Join(dir, "cache", "analyzer-two")); err != nil {
				t.Fatal(err)
			}
		}, "two", 0, true},
		{"gone", nil, "one", 0, true},
	} {
		if step.before != nil {
			step.before()
		}
		if made := run(step.key, step.text); made != step.made {
			t.Errorf("%s: made %v, want %v", step.what, made, step.made)
		}
	}
}

func mustPacks(t *testing.T) []rules.Source {
	t.Helper()
	packs, err := packSources(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	return packs
}
