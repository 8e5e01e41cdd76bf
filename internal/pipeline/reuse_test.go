package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"stance/internal/io/corpus"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
	"stance/internal/model"
	"stance/internal/pipeline"
)

// corpusDir is a folder of inputs that changes from night to night.
type corpusDir struct {
	t     *testing.T
	dir   string
	rng   *rand.Rand
	files map[string][][]byte // lines by name
	next  int
}

func (c *corpusDir) names() []string {
	var names []string
	for n := range c.files {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// articles returns n new lines. Some are near copies or bear ids in use.
func (c *corpusDir) articles(n int) [][]byte {
	var lines [][]byte
	for range n {
		i := c.next
		c.next++
		id, seed := fmt.Sprintf("%04x", c.rng.IntN(1<<16)), i
		switch c.rng.IntN(12) {
		case 0:
			seed = c.rng.IntN(i + 1) // the text of another article
		case 1:
			id = fmt.Sprintf("%04x", c.rng.IntN(64))
		case 2:
			lines = append(lines, []byte(`{"id": "broken`))
			continue
		}
		words := rand.New(rand.NewPCG(uint64(seed), 1))
		var text strings.Builder
		for range 30 + seed%40 {
			fmt.Fprintf(&text, "Alba accused Borea of delay %d. The Council praised Caldera %d. ", words.IntN(1000), words.IntN(1000))
		}
		lines = append(lines, fmt.Appendf(nil, `{"id":%q,"outlet":"Courier %d/%d","date":"2024-%02d-%02d","title":"Head %d","text":%q}`,
			id, seed%3, seed%2, 1+seed%4, 1+seed%28, seed, text.String()))
	}
	return lines
}

// night changes the folder as a night may.
func (c *corpusDir) night() string {
	names := c.names()
	name := names[c.rng.IntN(len(names))]
	lines := c.files[name]
	switch what := c.rng.IntN(7); what {
	case 0, 1:
		name = fmt.Sprintf("%02d.jsonl", c.rng.IntN(90))
		c.files[name] = c.articles(1 + c.rng.IntN(40))
		return "new file " + name
	case 2:
		if len(names) > 2 {
			delete(c.files, name)
			if err := os.Remove(filepath.Join(c.dir, name)); err != nil {
				c.t.Fatal(err)
			}
			return "without " + name
		}
		return "nothing new"
	case 3:
		c.files[name] = append(slices.Clone(lines), c.articles(1+c.rng.IntN(5))...)
		return "more in " + name
	case 4:
		i := c.rng.IntN(len(lines))
		c.files[name] = slices.Clone(lines)
		c.files[name][i] = bytes.Replace(lines[i], []byte("accused"), []byte("thanked again"), 1)
		return "a correction in " + name
	case 5:
		i := c.rng.IntN(len(lines))
		c.files[name] = slices.Delete(slices.Clone(lines), i, i+1)
		if len(lines) == 1 {
			c.files[name] = c.articles(1)
		}
		return "a retraction in " + name
	default:
		return "nothing new"
	}
}

func (c *corpusDir) write() {
	for name, lines := range c.files {
		write(c.t, c.dir, name, append(bytes.Join(lines, []byte("\n")), '\n'))
	}
}

// damage spoils something in the cache of an output folder.
func damage(t *testing.T, rng *rand.Rand, out string) string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*", "*/*"} {
		found, err := filepath.Glob(filepath.Join(out, "cache", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	if len(files) == 0 {
		return "no cache"
	}
	path := files[rng.IntN(len(files))]
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case rng.IntN(8) == 0:
		err = os.RemoveAll(filepath.Join(out, "cache"))
	case st.IsDir() || rng.IntN(4) == 0:
		err = os.RemoveAll(path)
	case rng.IntN(3) == 0:
		err = os.Truncate(path, rng.Int64N(st.Size()+1))
	default:
		var data []byte
		if data, err = os.ReadFile(path); err == nil && len(data) > 0 {
			data[rng.IntN(len(data))] ^= 1 << rng.IntN(8)
			err = os.WriteFile(path, data, 0o666)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return "damage to " + filepath.Base(path)
}

// interrupted runs into out and stops after so many articles.
func interrupted(t *testing.T, out string, inputs []string, po pipeline.Options, do dataset.Options, articles int64) {
	t.Helper()
	src, err := corpus.Open(inputs, corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := dataset.Open(out, do)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var left atomic.Int64
	left.Store(articles)
	po.Spill, po.Store, po.InputKey, po.ChunkKey, po.Rules = o, o, fmt.Sprintf("%+v", corpus.Options{}), "simple", []string{"r1"}
	po.NewWorker = func() (pipeline.Worker, error) { return after{left: &left, f: cancel}, nil }
	_, err = pipeline.Run(ctx, src, o, po)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
}

// joined runs over n shards and joins them.
func joined(t *testing.T, inputs []string, n int, po pipeline.Options, do dataset.Options) outcome {
	t.Helper()
	dir := t.TempDir()
	var dirs []string
	for i := range n {
		out := filepath.Join(dir, fmt.Sprint(i))
		do.Settings = map[string]string{"shard": fmt.Sprintf("%d/%d", i+1, n)}
		if _, err := runOnce(t, out, inputs, corpus.Options{Shard: i + 1, Shards: n}, po, do); err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, out)
	}
	slices.Reverse(dirs)
	ctx := context.Background()
	shards, err := dataset.OpenShards(ctx, dirs)
	if err != nil {
		t.Fatal(err)
	}
	opts := shards.Options()
	opts.Run = "joined"
	out, err := dataset.Open(filepath.Join(dir, "joined"), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Start(1); err != nil {
		t.Fatal(err)
	}
	shards.Into(out)
	sum, err := pipeline.Join(ctx, n, shards, out, pipeline.Options{Spill: out, Near: po.Near, ChunkText: po.ChunkText})
	if err := errors.Join(err, shards.Done()); err != nil {
		t.Fatal(err)
	}
	stats, err := shards.Rules()
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Rules(stats); err != nil {
		t.Fatal(err)
	}
	gen, err := out.Commit(dataset.Report{Totals: shards.Totals(sum.Rejected, sum.Warnings, sum.NearDuplicates), Inputs: shards.Generations[0].Manifest.Inputs})
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	return outcome{sum, gen, hashTree(t, gen.Path)}
}

// TestEveryNightIsARebuild changes a corpus from night to night, stops runs,
// spoils the cache, and compares with a run that knows nothing, by other
// numbers of workers, less memory, and over shards: one hash.
func TestEveryNightIsARebuild(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 11))
			c := &corpusDir{t: t, dir: filepath.Join(t.TempDir(), "in"), rng: rng, files: map[string][][]byte{}}
			c.files["10.jsonl"], c.files["20.jsonl"] = c.articles(60), c.articles(40)
			by, err := dataset.PartitionBy([]string{"none", "month", "outlet"}[seed])
			if err != nil {
				t.Fatal(err)
			}
			po := pipeline.Options{Near: true, ChunkText: 64 << 10, Folder: by.Folder()}
			do := dataset.Options{Metadata: table.Metadata{ToolVersion: "t"}, Settings: map[string]string{}}
			if seed == 2 {
				do.Format = table.ArrowIPC
			}
			out := filepath.Join(t.TempDir(), "out")
			for night := range []int{5, 8, 5}[seed] {
				what := "start"
				if night > 0 {
					what = c.night()
				}
				c.write()
				if night%3 == 1 {
					what += ", " + damage(t, rng, out)
				}
				do.Run = fmt.Sprint("night", night)
				if night%4 == 2 {
					what += ", interrupted"
					interrupted(t, out, []string{c.dir}, po, do, 1+rng.Int64N(150))
				}
				po.Workers, po.MemoryText = 1+rng.IntN(4), []int64{0, 30 << 10}[rng.IntN(2)]
				got, err := runOnce(t, out, []string{c.dir}, corpus.Options{}, po, do)
				if err != nil {
					t.Fatalf("seed %d, night %d (%s): %v", seed, night, what, err)
				}
				po.Workers, po.MemoryText = 1+rng.IntN(4), []int64{0, 30 << 10}[rng.IntN(2)]
				anew := do
				anew.NoCache = true
				want, err := runOnce(t, filepath.Join(t.TempDir(), "out"), []string{c.dir}, corpus.Options{}, po, anew)
				if err != nil {
					t.Fatal(err)
				}
				if got.hash != want.hash || got.gen.Hash != want.gen.Hash || fmt.Sprint(got.sum) != fmt.Sprint(want.sum) {
					t.Fatalf("seed %d, night %d (%s): other bytes\n%+v\n%+v", seed, night, what, got.sum, want.sum)
				}
				if night%4 == 3 {
					if j := joined(t, []string{c.dir}, 2+rng.IntN(3), po, do); j.gen.Hash != want.gen.Hash || j.hash != want.hash {
						t.Fatalf("seed %d, night %d (%s): joined shards have other bytes\n%+v\n%+v", seed, night, what, j.gen.Manifest.Totals, want.gen.Manifest.Totals)
					}
				}
				if _, damage, err := dataset.Verify(context.Background(), out); err != nil {
					t.Fatal(err, damage)
				}
			}
		})
	}
}

// TestRejectsFollowTheirLines makes a line longer that stands before the second
// of two articles of one id: the reject of that one moves on, too.
func TestRejectsFollowTheirLines(t *testing.T) {
	const line = `{"id": "%s", "text": "%s"}` + "\n"
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	for night, first := range []string{"Alba accused Borea.", "Alba accused Borea of delay."} {
		write(t, dir, "a.jsonl", fmt.Appendf(nil, line+line+line, "1", first, "2", "Borea praised Alba.", "2", "Borea accused Alba."))
		var got [2]outcome
		for i, to := range []string{out, filepath.Join(t.TempDir(), "out")} {
			var err error
			if got[i], err = runOnce(t, to, []string{filepath.Join(dir, "a.jsonl")}, corpus.Options{}, pipeline.Options{}, dataset.Options{Run: fmt.Sprint("night", night)}); err != nil {
				t.Fatal(err)
			}
		}
		if got[0].sum.Rejected != 1 || got[0].hash != got[1].hash {
			t.Errorf("night %d: %d rejects; as by a run that knows nothing: %v", night, got[0].sum.Rejected, got[0].hash == got[1].hash)
		}
	}
}

// counted counts the articles that are analysed.
type counted struct {
	simple
	n *atomic.Int64
}

func (w counted) Analyze(a *model.Article, r *model.Result) error {
	w.n.Add(1)
	return w.simple.Analyze(a, r)
}

// TestOnlyNewIsAnalysed says how much of a run is taken from the one before.
func TestOnlyNewIsAnalysed(t *testing.T) {
	c := &corpusDir{t: t, dir: filepath.Join(t.TempDir(), "in"), rng: rand.New(rand.NewPCG(5, 5)), files: map[string][][]byte{}}
	c.files["10.jsonl"] = c.articles(400)
	var n atomic.Int64
	po := pipeline.Options{ChunkText: 16 << 10, Workers: 2, NewWorker: func() (pipeline.Worker, error) { return counted{n: &n}, nil }}
	out := filepath.Join(t.TempDir(), "out")
	run := func() int64 {
		c.write()
		n.Store(0)
		if _, err := runOnce(t, out, []string{c.dir}, corpus.Options{}, po, dataset.Options{Run: fmt.Sprint("r", c.next)}); err != nil {
			t.Fatal(err)
		}
		c.next++
		return n.Load()
	}
	all := run()
	for _, v := range []struct {
		name   string
		change func()
		most   int64
	}{
		{"nothing new", func() {}, 0},
		{"a correction", func() {
			c.files["10.jsonl"][7] = bytes.Replace(c.files["10.jsonl"][7], []byte("accused"), []byte("did not accuse"), 1)
		}, all / 8},
		{"more in the same file", func() { c.files["10.jsonl"] = append(c.files["10.jsonl"], c.articles(10)...) }, all / 6},
		{"a retraction", func() { c.files["10.jsonl"] = c.files["10.jsonl"][:409] }, all / 8},
		{"a second file", func() { c.files["11.jsonl"] = c.articles(10) }, all / 8},
		{"a file before", func() { c.files["01.jsonl"] = c.articles(10) }, all / 6},
		{"nothing new again", func() {}, 0},
	} {
		v.change()
		if got := run(); got > v.most {
			t.Errorf("%s: %d of %d articles were analysed, expected at most %d", v.name, got, all, v.most)
		}
	}
	kept, err := filepath.Glob(filepath.Join(out, "cache", "*"))
	if err != nil || len(kept) > 400 {
		t.Errorf("%d files in the cache: %v", len(kept), err)
	}
}

// TestSmallInputs changes a folder of small files: those that are as they were
// are not decoded, and every night has the bytes of a run that knows nothing.
func TestSmallInputs(t *testing.T) {
	dir := t.TempDir()
	text := func(i int) []byte {
		return fmt.Appendf(nil, "Head %d\n\n%s", i, strings.Repeat(fmt.Sprintf("Alba accused Borea of delay %d. ", i), 20))
	}
	name := func(i int) string { return fmt.Sprintf("in/%03d.txt", i) }
	for i := range 60 {
		write(t, dir, name(i), text(i))
	}
	write(t, dir, "in/020.html", []byte("<p>"))
	write(t, dir, name(30), []byte("\x00\x01\x02\x03")) // a reject, which is kept as well
	in, out := []string{filepath.Join(dir, "in")}, filepath.Join(dir, "out")
	for night, v := range []struct {
		name   string
		change func()
		known  int64
	}{
		{"first", func() {}, 0},
		{"nothing new", func() {}, 61},
		{"changed, with the same size, and new ones", func() {
			write(t, dir, name(7), bytes.Replace(text(7), []byte("accused"), []byte("praised"), 1))
			write(t, dir, "in/000-new.txt", text(100))
			write(t, dir, name(60), text(101))
		}, 60},
		{"gone, empty, and the text of another", func() {
			if err := os.Remove(filepath.Join(dir, name(0))); err != nil {
				t.Fatal(err)
			}
			write(t, dir, name(59), nil)
			write(t, dir, name(12), text(11))
		}, 60},
		{"nothing new again", func() {}, 61},
	} {
		v.change()
		do := dataset.Options{Run: fmt.Sprint("night", night)}
		var count pipeline.Counter
		got, err := runOnce(t, out, in, corpus.Options{}, pipeline.Options{ChunkText: 8 << 10, Near: true, Workers: 1 + night, Counter: &count}, do)
		if err != nil {
			t.Fatal(err)
		}
		if n := count.Known.Load(); n != v.known {
			t.Errorf("%s: %d inputs were known, expected %d", v.name, n, v.known)
		}
		do.NoCache = true
		want, err := runOnce(t, filepath.Join(t.TempDir(), "out"), in, corpus.Options{}, pipeline.Options{ChunkText: 8 << 10, Near: true}, do)
		if err != nil {
			t.Fatal(err)
		}
		if got.hash != want.hash || fmt.Sprint(got.sum) != fmt.Sprint(want.sum) {
			t.Errorf("%s: other bytes\n%+v\n%+v", v.name, got.sum, want.sum)
		}
	}
}

// changing is a corpus whose files change when they are read once more.
type changing struct {
	*corpus.Corpus
	change func()
}

func (c changing) ReadAgain(ctx context.Context, workers int, want func(string) *model.Wanted, take func(*model.Batch) error) error {
	c.change()
	return c.Corpus.ReadAgain(ctx, workers, want, take)
}

// TestChangedBetween changes a known input before its texts are read once
// more: what changed is rejected, the rest is there, and the next run has all.
func TestChangedBetween(t *testing.T) {
	dir := t.TempDir()
	lines := invented(900)
	data := append(bytes.Join(lines, []byte("\n")), '\n')
	out, in := filepath.Join(dir, "out"), write(t, dir, "in.jsonl", data)
	po := pipeline.Options{ChunkText: 64 << 10, Rules: []string{"r1"}, InputKey: fmt.Sprintf("%+v", corpus.Options{}), ChunkKey: "simple",
		NewWorker: func() (pipeline.Worker, error) { return simple{}, nil }}
	want, err := runOnce(t, out, []string{in}, corpus.Options{}, po, dataset.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		name    string
		change  func() error
		rejects int64
	}{
		{"nothing", func() error { return nil }, 0},
		{"one", func() error {
			return os.WriteFile(in, bytes.Replace(data, []byte("Alba accused"), []byte("Alba praised"), 1), 0o666)
		}, 1},
		{"cut", func() error { return os.Truncate(in, int64(len(data)-len(lines[899])-2)) }, 1},
		{"gone", func() error { return os.Remove(in) }, 900},
	} {
		// The chunks are lost, what is known of the input is not.
		dirs, err := filepath.Glob(filepath.Join(out, "cache", "*", "index.json"))
		if err != nil || len(dirs) == 0 {
			t.Fatal(dirs, err)
		}
		for _, d := range dirs {
			if err := os.RemoveAll(filepath.Dir(d)); err != nil {
				t.Fatal(err)
			}
		}
		src, err := corpus.Open([]string{in}, corpus.Options{})
		if err != nil {
			t.Fatal(err)
		}
		o, err := dataset.Open(out, dataset.Options{Run: v.name})
		if err != nil {
			t.Fatal(err)
		}
		po.Spill, po.Store = o, o
		sum, err := pipeline.Run(t.Context(), changing{src, func() {
			if err := v.change(); err != nil {
				t.Fatal(err)
			}
		}}, o, po)
		if cerr := o.Close(); cerr != nil {
			t.Fatal(cerr)
		}
		if all := v.rejects == 900; all != errors.Is(err, pipeline.ErrAllRejected) || !all && err != nil || sum.Rejected != v.rejects || sum.Articles != 900-v.rejects || v.rejects > 0 && sum.FirstRejects[0].Code != "E_CHANGED" {
			t.Errorf("%s: %v %+v", v.name, err, sum)
		}
		write(t, dir, "in.jsonl", data)
		got, err := runOnce(t, out, []string{in}, corpus.Options{}, po, dataset.Options{Run: "after-" + v.name})
		if err != nil || got.hash != want.hash {
			t.Errorf("after %s: other bytes, %v", v.name, err)
		}
	}
}

// TestNotShards joins what does not belong together.
func TestNotShards(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.jsonl", append(bytes.Join(invented(30), []byte("\n")), '\n'))
	shard := func(name, of string, o corpus.Options, rules string) string {
		out := filepath.Join(dir, name)
		if _, err := runOnce(t, out, []string{in}, o, pipeline.Options{}, dataset.Options{Settings: map[string]string{"shard": of}, Metadata: table.Metadata{RulesHash: rules}}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	one := shard("one", "1/2", corpus.Options{Shard: 1, Shards: 2}, "r")
	two := shard("two", "2/2", corpus.Options{Shard: 2, Shards: 2}, "r")
	other := shard("other", "2/2", corpus.Options{Shard: 2, Shards: 2}, "s")
	third := shard("third", "1/3", corpus.Options{Shard: 1, Shards: 3}, "r")
	whole := filepath.Join(dir, "whole")
	if _, err := runOnce(t, whole, []string{in}, corpus.Options{}, pipeline.Options{}, dataset.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, dirs := range [][]string{{one, other}, {one, one}, {one, third}, {one, whole}, {one, two, third}} {
		if _, err := dataset.OpenShards(context.Background(), dirs); !errors.Is(err, dataset.ErrNotShards) {
			t.Errorf("%v: %v", dirs, err)
		}
	}
	if _, err := dataset.OpenShards(context.Background(), []string{two, one}); err != nil {
		t.Error(err)
	}
}

// TestKeptStreams keeps values and finds them, but not when a byte is wrong
// or the end is missing.
func TestKeptStreams(t *testing.T) {
	dir := t.TempDir()
	o, err := dataset.Open(dir, dataset.Options{Run: "r"})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := o.Start(1); err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("some text ", 60_000)
	if err := o.Keep("name", func(w io.Writer) error { _, err := io.WriteString(w, want); return err }); err != nil {
		t.Fatal(err)
	}
	found := func() bool {
		var b strings.Builder
		ok, err := o.Find("name", func(r io.Reader) error { _, err := io.Copy(&b, r); return err })
		if err != nil || ok && b.String() != want {
			t.Errorf("found %d bytes, error %v", b.Len(), err)
		}
		return ok
	}
	if !found() {
		t.Error("not found")
	}
	path := filepath.Join(dir, "cache", "name")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		bad := bytes.Clone(data)
		bad[i] ^= 0x10
		if i%7 == 0 {
			bad = data[:i]
		}
		if err := os.WriteFile(path, bad, 0o666); err != nil {
			t.Fatal(err)
		}
		if found() {
			t.Errorf("found though byte %d of %d is wrong", i, len(data))
		}
	}
}
