package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"stance/internal/io/corpus"
	"stance/internal/io/dataset"
	"stance/internal/model"
	"stance/internal/pipeline"
)

// stopping counts the articles that are analysed and ends the run at one of
// them, as a kill does: what is not kept is lost.
type stopping struct {
	counted
	at   int64 // 0: at none
	stop func()
}

func (w stopping) Analyze(a *model.Article, r *model.Result) error {
	if err := w.counted.Analyze(a, r); err != nil {
		return err
	}
	if w.n.Load() == w.at {
		w.stop()
	}
	return nil
}

// rereading counts how often inputs are read once more.
type rereading struct {
	*corpus.Corpus
	n int
}

func (c *rereading) ReadAgain(ctx context.Context, workers int, want func(string) *model.Wanted, take func(*model.Batch) error) error {
	c.n++
	return c.Corpus.ReadAgain(ctx, workers, want, take)
}

// TestStoppedAnywhere stops runs by two workers at points all over a corpus: the
// run after analyses at most a fifth again of what was analysed, reads no text
// from an input again, and publishes the bytes of a run that nothing stopped.
func TestStoppedAnywhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const all = 400
	c := &corpusDir{t: t, rng: rand.New(rand.NewPCG(3, 3))}
	var lines [][]byte
	for i := range all {
		line := c.articles(1)[0]
		for bytes.Contains(line, []byte("broken")) {
			line = c.articles(1)[0]
		}
		_, rest, _ := bytes.Cut(line, []byte(`,"outlet"`))
		lines = append(lines, append(fmt.Appendf(nil, `{"id":"%03d-%x","outlet"`, i, c.rng.Uint32()), rest...))
	}
	in := write(t, dir, "in.jsonl", append(bytes.Join(lines, []byte("\n")), '\n'))
	po := pipeline.Options{Workers: 2, ChunkText: 32 << 10, Rules: []string{"r1"}, InputKey: "reading", ChunkKey: "simple"}
	run := func(out, name string, at int64) (analysed int64, reread int, hash string) {
		t.Helper()
		src, err := corpus.Open([]string{in}, corpus.Options{})
		if err != nil {
			t.Fatal(err)
		}
		o, err := dataset.Open(out, dataset.Options{Run: name})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var n atomic.Int64
		po.Spill, po.Store = o, o
		po.NewWorker = func() (pipeline.Worker, error) { return stopping{counted{n: &n}, at, cancel}, nil }
		source := &rereading{Corpus: src}
		sum, err := pipeline.Run(ctx, source, o, po)
		if at == 0 && err == nil {
			var gen *dataset.Generation
			if gen, err = o.Commit(dataset.Report{Inputs: src.Inputs(), Totals: dataset.Totals{Records: sum.Records, Articles: sum.Articles}}); err == nil {
				hash = hashTree(t, gen.Path)
			}
		} else if errors.Is(err, context.Canceled) {
			err = nil
		}
		if err := errors.Join(err, o.Close()); err != nil {
			t.Fatal(err)
		}
		return n.Load(), source.n, hash
	}
	_, _, want := run(filepath.Join(dir, "whole"), "whole", 0)
	var finished, redone int64
	for i, at := range []int64{all / 10, all / 4, all / 2, all * 3 / 4, all * 9 / 10} {
		// As many runs as it takes, or one that holds all and is made for the store.
		po.MemoryText = []int64{256 << 10, 4 << 20}[i%2]
		out := filepath.Join(dir, fmt.Sprint(at))
		before, _, _ := run(out, "stopped", at)
		after, reread, hash := run(out, "after", 0)
		finished, redone = finished+before, redone+before+after-all
		t.Logf("stopped at %d: %d of %d again", at, before+after-all, before)
		if hash != want || reread > 0 || after > all-before/2 {
			t.Errorf("stopped at %d: %d were analysed before and %d after; inputs were read again %d times; same bytes: %v", at, before, after, reread, hash == want)
		}
		if left, err := filepath.Glob(filepath.Join(out, "cache", "*-00000")); err != nil || len(left) > 0 {
			t.Errorf("kept after publishing: %v %v", left, err)
		}
	}
	if redone*5 > finished {
		t.Errorf("%d of %d articles were analysed again", redone, finished)
	}
}

// TestKeptSpills keeps spilled runs for the next run, which finds them when all
// are there and whole.
func TestKeptSpills(t *testing.T) {
	dir := t.TempDir()
	texts := map[string]string{"a": "one run", "b": "another run"}
	open := func(name string) *dataset.Output {
		t.Helper()
		o, err := dataset.Open(dir, dataset.Options{Run: name})
		if err == nil {
			err = o.Start(1)
		}
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	o := open("first")
	for _, name := range []string{"a", "b"} {
		f, err := o.CreateSpill(name)
		if err == nil {
			_, err = f.Write([]byte(texts[name]))
		}
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(o.KeepSpills("texts", []string{"a", "b"}), o.Close()); err != nil {
		t.Fatal(err)
	}
	found := func(name string) int {
		t.Helper()
		o := open(name)
		defer o.Close()
		spills, err := o.FindSpills("texts")
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range spills {
			f, err := o.OpenSpill(s)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			_, err = b.ReadFrom(f)
			if want := texts[[]string{"a", "b"}[i]]; errors.Join(err, f.Close()) != nil || b.String() != want {
				t.Errorf("%s: %q %v", name, b.String(), err)
			}
		}
		return len(spills)
	}
	if n := found("whole"); n != 2 {
		t.Errorf("%d runs found, want 2", n)
	}
	path := filepath.Join(dir, "cache", "texts-00001")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func() error{
		"cut":     func() error { return os.WriteFile(path, data[:len(data)-1], 0o666) },
		"changed": func() error { return os.WriteFile(path, append(bytes.Clone(data[:len(data)-1]), data[0]), 0o666) },
		"gone":    func() error { return os.Remove(path) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if n := found(name); n != 0 {
			t.Errorf("%s: %d runs found", name, n)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
