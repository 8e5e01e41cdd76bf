package pipeline_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"stance/internal/io/corpus"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
	"stance/internal/model"
	"stance/internal/pipeline"
)

// simple is an analysis that is easy to predict: sentences end at ". ", words
// stand between spaces, every capitalised word is a mention, and each two in
// a sentence are a stance.
type simple struct{}

func (simple) Analyze(a *model.Article, r *model.Result) error {
	if strings.Contains(a.Text, "PANIC") {
		panic("asked for")
	}
	*r = model.Result{Article: a, Layers: model.Layers{Tokens: r.Tokens[:0], Sentences: r.Sentences[:0], Runes: r.Runes},
		Mentions: r.Mentions[:0], Stances: r.Stances[:0], Tones: r.Tones[:0], Sentiments: r.Sentiments[:0], Parties: r.Parties[:0], Dyads: r.Dyads[:0], RuleCounts: r.RuleCounts[:0]}
	r.Runes.Reset(a.Text)
	var fired int64
	for at := 0; at < len(a.Text); {
		end := len(a.Text)
		if i := strings.Index(a.Text[at:], ". "); i >= 0 {
			end = at + i + 1
		}
		if strings.TrimSpace(a.Text[at:end]) == "" {
			break
		}
		s := model.Sentence{Span: model.Span{Start: int32(at), End: int32(end)}, First: int32(len(r.Tokens))}
		no := int32(len(r.Sentences))
		first := int32(len(r.Mentions))
		for w := at; w < end; {
			n := strings.IndexAny(a.Text[w:end], " \n")
			if n < 0 {
				n = end - w
			}
			if n > 0 {
				sp := model.Span{Start: int32(w), End: int32(w + n)}
				r.Tokens = append(r.Tokens, model.Token{Span: sp})
				if c := a.Text[w]; c >= 'A' && c <= 'Z' && len(r.Mentions)-int(first) < 4 {
					r.Mentions = append(r.Mentions, model.Mention{Span: sp, Sentence: no, ID: strings.ToLower(a.Text[w : w+1]), Alias: a.Text[w : w+1], Resolution: "longest", Confidence: 0.5, Rollup: []string{"all"}})
				}
			}
			w += n + 1
		}
		s.Last = int32(len(r.Tokens))
		r.Sentences = append(r.Sentences, s)
		r.Sentiments = append(r.Sentiments, model.Sentiment{Score: float32(no%3-1) / 3, Label: int8(no%3 - 1)})
		for m := first + 1; m < int32(len(r.Mentions)); m++ {
			r.Stances = append(r.Stances, model.Stance{Sentence: no, Holder: first, Target: m, Issue: -1, ReportedBy: -1, Act: "accuse", Polarity: -1, Score: -0.3, Rule: "r1", Cue: r.Mentions[m].Span})
			r.Tones = append(r.Tones, model.Tone{Sentence: no, Mention: m, Mentions: 1, P: [3]float32{0.5, 0.3, 0.2}, Speaker: -1, Label: -1})
			r.Dyads = append(r.Dyads, model.Dyad{Sentence: no, A: first, B: m, HasStance: true})
			fired++
		}
		at = end + 1
	}
	r.RuleCounts = append(r.RuleCounts, model.RuleCount{Tried: fired, Fired: fired})
	return nil
}

type outcome struct {
	sum  pipeline.Summary
	gen  *dataset.Generation
	hash string
}

// runOnce reads inputs into dir and returns what was published.
func runOnce(t testing.TB, dir string, inputs []string, co corpus.Options, po pipeline.Options, do dataset.Options) (outcome, error) {
	t.Helper()
	if do.Run == "" {
		do.Run = "run"
	}
	src, err := corpus.Open(inputs, co)
	if err != nil {
		return outcome{}, err
	}
	out, err := dataset.Open(dir, do)
	if err != nil {
		return outcome{}, err
	}
	if po.NewWorker == nil {
		po.NewWorker = func() (pipeline.Worker, error) { return simple{}, nil }
	}
	po.Spill, po.Rules = out, []string{"r1"}
	if !do.NoCache {
		po.Store, po.InputKey, po.ChunkKey = out, fmt.Sprintf("%+v", co), "simple"
	}
	if co.Shards > 1 {
		po.Shard = func(write func(io.Writer) error) error { return out.Attach(dataset.ShardFile, write) }
	}
	sum, err := pipeline.Run(context.Background(), src, out, po)
	if err != nil {
		return outcome{sum: sum}, errors.Join(err, out.Close())
	}
	gen, err := out.Commit(dataset.Report{Inputs: src.Inputs(), Totals: dataset.Totals{Records: sum.Records, Articles: sum.Articles, Rejected: sum.Rejected,
		Duplicates: sum.Duplicates, NearDuplicates: sum.NearDuplicates, Skipped: sum.Skipped, Warnings: sum.Warnings, TextBytes: sum.TextBytes}})
	if err := errors.Join(err, out.Close()); err != nil {
		return outcome{sum: sum, gen: gen}, err
	}
	return outcome{sum, gen, hashTree(t, gen.Path)}, nil
}

// hashTree hashes the names and bytes of all files of a folder.
func hashTree(t testing.TB, dir string) string {
	t.Helper()
	h := sha256.New()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		fmt.Fprintf(h, "%s %d %x\n", path, len(data), sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// invented returns n records of JSON Lines.
func invented(n int) [][]byte {
	var lines [][]byte
	for i := range n {
		text := strings.Repeat(fmt.Sprintf("Alba accused Borea of delay number %d — again. The Council praised Caldera. ", i), 3+i%7)
		lines = append(lines, fmt.Appendf(nil, `{"id":"a%03d","outlet":"Courier %d","date":"2024-03-%02d","title":"Head %d","text":%q}`, (i*37)%n, i%3, 1+i%28, i, text))
	}
	return lines
}

func write(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func packed(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func TestSameBytesWhateverTheWay(t *testing.T) {
	dir := t.TempDir()
	lines := invented(200)
	lines = append(lines, []byte(`{"id":"a007","text":"other content under a used id"}`), []byte(`{"id": "broken"`), []byte(`{"id":"p","text":"PANIC here"}`), lines[5])
	half := len(lines) / 2
	a := write(t, dir, "a.jsonl", append(bytes.Join(lines[:half], []byte("\n")), '\n'))
	b := write(t, dir, "b.jsonl.gz", packed(bytes.Join(lines[half:], []byte("\n"))))
	c := write(t, dir, "c/one.txt", []byte("Alba thanked Borea. It was late.\n"))
	write(t, dir, "c/two.txt", []byte("Alba thanked Borea. It was late.\n"))
	var want outcome
	for i, v := range []struct {
		inputs []string
		opts   pipeline.Options
	}{
		{[]string{a, b, filepath.Dir(c)}, pipeline.Options{Workers: 1}},
		{[]string{filepath.Dir(c), b, a}, pipeline.Options{Workers: 2}},
		{[]string{b, a, filepath.Dir(c)}, pipeline.Options{Workers: 8}},
		{[]string{b, a, filepath.Dir(c)}, pipeline.Options{Workers: 3, MemoryText: 2000}},
	} {
		v.opts.ChunkText = 8 << 10
		got, err := runOnce(t, t.TempDir(), v.inputs, corpus.Options{}, v.opts, dataset.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want = got
			s := got.sum
			if s.Records != 206 || s.Articles != 201 || s.Rejected != 3 || s.Duplicates != 2 || s.Chunks < 4 {
				t.Errorf("summary %+v", s)
			}
			if len(s.Pairs) != 4 || s.Pairs[1].Holder != "a" || s.Pairs[1].Target != "b" || s.Pairs[1].Stances != 995 {
				t.Errorf("pairs %+v", s.Pairs)
			}
			continue
		}
		if got.hash != want.hash || got.gen.Hash != want.gen.Hash {
			t.Errorf("variant %d: other bytes", i)
		}
		if fmt.Sprint(got.sum) != fmt.Sprint(want.sum) {
			t.Errorf("variant %d: summary %+v, want %+v", i, got.sum, want.sum)
		}
	}
}

func TestEverythingRejected(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.jsonl", []byte("{}\n[]\n"))
	out := filepath.Join(dir, "out")
	got, err := runOnce(t, out, []string{in}, corpus.Options{}, pipeline.Options{}, dataset.Options{})
	if !errors.Is(err, pipeline.ErrAllRejected) {
		t.Fatalf("error %v", err)
	}
	if len(got.sum.FirstRejects) != 2 || got.sum.FirstRejects[0].Code != "E_NO_TEXT" || got.sum.FirstRejects[1].Code != "E_TYPE" {
		t.Errorf("rejects %+v", got.sum.FirstRejects)
	}
	if left, _ := filepath.Glob(filepath.Join(out, "*", "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// after calls f when so many articles were analysed.
type after struct {
	simple
	left *atomic.Int64
	f    func()
}

func (w after) Analyze(a *model.Article, r *model.Result) error {
	if w.left.Add(-1) == 0 {
		w.f()
	}
	return w.simple.Analyze(a, r)
}

func TestCancel(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.jsonl", bytes.Join(invented(3000), []byte("\n")))
	before := runtime.NumGoroutine()
	for _, memory := range []int64{0, 100 << 10} {
		src, err := corpus.Open([]string{in}, corpus.Options{})
		if err != nil {
			t.Fatal(err)
		}
		out, err := dataset.Open(filepath.Join(dir, "out"), dataset.Options{Run: "r"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var left atomic.Int64
		left.Store(500)
		var counter pipeline.Counter
		sum, err := pipeline.Run(ctx, src, out, pipeline.Options{Workers: 3, ChunkText: 16 << 10, MemoryText: memory, Spill: out, Counter: &counter,
			NewWorker: func() (pipeline.Worker, error) { return after{left: &left, f: cancel}, nil }})
		if !errors.Is(err, context.Canceled) || sum.Articles >= 600 || counter.Articles.Load() != sum.Articles {
			t.Errorf("%d articles, error %v", sum.Articles, err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := dataset.Current(filepath.Join(dir, "out")); !errors.Is(err, dataset.ErrNoData) {
			t.Errorf("published: %v", err)
		}
		cancel()
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

func TestTooManyRejects(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.jsonl", bytes.Join(append(invented(20), bytes.Split(bytes.Repeat([]byte("{\n"), 20), []byte("\n"))...), []byte("\n")))
	if _, err := runOnce(t, filepath.Join(dir, "out"), []string{in}, corpus.Options{}, pipeline.Options{StopRejects: 11}, dataset.Options{}); !errors.Is(err, pipeline.ErrTooManyRejects) {
		t.Error(err)
	}
	if got, err := runOnce(t, filepath.Join(dir, "out"), []string{in}, corpus.Options{}, pipeline.Options{StopRejects: 21}, dataset.Options{}); err != nil || got.sum.Rejected != 20 {
		t.Error(got.sum, err)
	}
}

// TestArrowFiles writes Arrow IPC files and marks near duplicates.
func TestArrowFiles(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.jsonl", bytes.Join(invented(50), []byte("\n")))
	got, err := runOnce(t, filepath.Join(dir, "out"), []string{in}, corpus.Options{}, pipeline.Options{Near: true}, dataset.Options{Format: table.ArrowIPC})
	if err != nil || got.sum.NearDuplicates != 0 {
		t.Fatal(got.sum, err)
	}
	if _, damage, err := dataset.Verify(context.Background(), filepath.Join(dir, "out")); err != nil {
		t.Error(damage, err)
	}
}

func BenchmarkRunSimple(b *testing.B) {
	lines := invented(4000)
	data := append(bytes.Join(lines, []byte("\n")), '\n')
	dir := b.TempDir()
	in := write(b, dir, "in.jsonl", data)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		got, err := runOnce(b, filepath.Join(dir, "out"), []string{in}, corpus.Options{}, pipeline.Options{}, dataset.Options{})
		if err != nil || got.sum.Articles != 4000 {
			b.Fatal(err, got.sum.Articles)
		}
	}
}
