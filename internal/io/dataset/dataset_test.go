package dataset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"stance/internal/io/table"
	"stance/internal/model"
)

// result is a small result with one sentence.
func result(id, text string) *model.Result {
	r := &model.Result{Article: &model.Article{ID: id, Text: text}}
	r.Runes.Reset(text)
	r.Sentences = []model.Sentence{{Span: model.Span{End: int32(len(text))}}}
	return r
}

// writeRun writes and publishes one generation of n articles with a spilled
// run beside.
func writeRun(dir string, o Options, n int) (g *Generation, err error) {
	out, err := Open(dir, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := out.Start(2); err != nil {
		return nil, err
	}
	w, err := out.CreateSpill("a")
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(w, "spilled")
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	r, err := out.OpenSpill("a")
	if err != nil {
		return nil, err
	}
	back, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close(), out.RemoveSpill("a")); err != nil || string(back) != "spilled" {
		return nil, errors.Join(err, fmt.Errorf("spill holds %q", back))
	}
	for i := range n {
		if err := out.Add(i%2, result(fmt.Sprint("a", i), "Some text.")); err != nil {
			return nil, err
		}
		c := &model.Chunk{Number: i}
		if i == 0 {
			c.Key = "first"
		}
		if err := out.Flush(i%2, c, nil); err != nil {
			return nil, err
		}
	}
	if err := out.Rejects(0, []model.Reject{{Source: model.Source{Path: "x"}, Code: "E_JSON"}}); err != nil {
		return nil, err
	}
	return out.Commit(Report{Totals: Totals{Records: int64(n) + 1, Articles: int64(n), Rejected: 1}, Log: map[string]int{"workers": 2}})
}

func TestPublish(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "out")
	if _, err := Current(dir); !errors.Is(err, ErrNoData) {
		t.Fatalf("before: %v", err)
	}
	for i := 1; i <= 5; i++ {
		g, err := writeRun(dir, Options{Run: fmt.Sprint("r", i), Metadata: table.Metadata{ToolVersion: "t"}}, i)
		if err != nil || g.Number != i {
			t.Fatal(g, err)
		}
		now, damage, err := Verify(context.Background(), dir)
		if err != nil || now.Number != i || now.Hash != g.Hash || len(damage) > 0 || now.Manifest.Rows(table.Articles) != int64(i) {
			t.Fatal(now, damage, err)
		}
	}
	gens, _ := os.ReadDir(filepath.Join(dir, "gen"))
	runs, _ := os.ReadDir(filepath.Join(dir, "runs"))
	left, _ := os.ReadDir(filepath.Join(dir, "staging"))
	if len(gens) != 3 || len(runs) != 5 || len(left) != 0 {
		t.Errorf("%d generations, %d runs, %d in staging", len(gens), len(runs), len(left))
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	a, err := Open(dir, Options{Run: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{Run: "b"}); !errors.Is(err, ErrLocked) {
		t.Errorf("second run: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := Open(dir, Options{Run: "b"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCannotCreate(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{file, filepath.Join(file, "below")} {
		if _, err := Open(at, Options{Run: "a"}); !errors.Is(err, ErrCannotCreate) {
			t.Errorf("%s: %v", at, err)
		}
	}
	if _, err := Open(dir, Options{Run: "../a"}); err == nil {
		t.Error("a run with a name that leads out was opened")
	}
	if os.Getuid() == 0 {
		t.Skip("nothing is forbidden to root")
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(dir, "sub"), Options{Run: "a"}); !errors.Is(err, ErrPermission) {
		t.Errorf("forbidden folder: %v", err)
	}
}

// failing is a file system whose n-th change fails, and none after it works:
// a full or broken disk stays so.
type failing struct {
	FS
	mu     sync.Mutex
	n      int // changes that still work; negative after the failure
	failed string
	cause  error
	short  bool // the failing write writes half
}

func (f *failing) step(op, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n--
	if f.n >= 0 {
		return nil
	}
	if f.failed == "" {
		f.failed = op + " " + name
	}
	return f.cause
}

func (f *failing) Create(name string) (File, error) {
	if err := f.step("create", name); err != nil {
		return nil, err
	}
	file, err := f.FS.Create(name)
	return &failingFile{file, f, name}, err
}

func (f *failing) Mkdir(name string) error {
	if err := f.step("mkdir", name); err != nil {
		return err
	}
	return f.FS.Mkdir(name)
}

func (f *failing) Rename(from, to string) error {
	if err := f.step("rename", to); err != nil {
		return err
	}
	return f.FS.Rename(from, to)
}

func (f *failing) Link(from, to string) error {
	if err := f.step("link", to); err != nil {
		return err
	}
	return f.FS.Link(from, to)
}

func (f *failing) Symlink(target, name string) error {
	if err := f.step("symlink", name); err != nil {
		return err
	}
	return f.FS.Symlink(target, name)
}

func (f *failing) SyncDir(name string) error {
	if err := f.step("syncdir", name); err != nil {
		return err
	}
	return nil
}

func (f *failing) RemoveAll(name string) error {
	if err := f.step("removeall", name); err != nil {
		return err
	}
	return f.FS.RemoveAll(name)
}

func (f *failing) Remove(name string) error {
	if err := f.step("remove", name); err != nil {
		return err
	}
	return f.FS.Remove(name)
}

func (f *failing) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := f.step("readdir", name); err != nil {
		return nil, err
	}
	return f.FS.ReadDir(name)
}

func (f *failing) Open(name string) (File, error) {
	if err := f.step("open", name); err != nil {
		return nil, err
	}
	return f.FS.Open(name)
}

func (f *failing) Lock(name string) (io.Closer, error) {
	if err := f.step("lock", name); err != nil {
		return nil, err
	}
	return f.FS.Lock(name)
}

type failingFile struct {
	File
	f    *failing
	name string
}

func (f *failingFile) Write(p []byte) (int, error) {
	if err := f.f.step("write", f.name); err != nil {
		if f.f.short {
			return f.File.Write(p[:len(p)/2]) // as a broken system might, without an error
		}
		return 0, err
	}
	return f.File.Write(p)
}

func (f *failingFile) Sync() error {
	if err := f.f.step("sync", f.name); err != nil {
		return err
	}
	return nil // what is tested is the protocol, not the disk
}

func (f *failingFile) Close() error {
	err := f.f.step("close", f.name)
	return errors.Join(err, f.File.Close())
}

// TestEveryChangeFails lets each change of the file system fail in turn. A
// run whose change failed says so, and the folder shows the generation before
// or, from the last rename on, the new one; each is whole.
func TestEveryChangeFails(t *testing.T) {
	before := t.TempDir()
	if _, err := writeRun(before, Options{Run: "before"}, 1); err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		writes := false
		for _, short := range []bool{false, true} {
			if short && !writes {
				continue // there is nothing to write half of
			}
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(before)); err != nil {
				t.Fatal(err)
			}
			real, err := OpenDisk(dir)
			if err != nil {
				t.Fatal(err)
			}
			working := &failing{FS: real, n: 1 << 30}
			f := &failing{FS: real, n: n, cause: []error{syscall.ENOSPC, syscall.EIO}[n%2], short: short}
			g, err := writeRun(dir, Options{Run: "next", FS: f}, 3)
			writes = strings.HasPrefix(f.failed, "write ")
			if f.failed == "" {
				if err != nil {
					t.Fatal(err)
				}
				if n < 60 {
					t.Fatalf("a run makes only %d changes", n)
				}
				return
			}
			if err == nil {
				t.Errorf("change %d (%s) failed in silence", n, f.failed)
				continue
			}
			if !strings.Contains(err.Error(), dir) || !errors.Is(err, ErrIO) && !errors.Is(err, ErrCannotCreate) && !errors.Is(err, ErrPermission) {
				t.Errorf("change %d (%s): %v", n, f.failed, err)
			}
			now, damage, verr := Verify(context.Background(), dir)
			if verr != nil {
				t.Errorf("change %d (%s): %v %v", n, f.failed, verr, damage)
				continue
			}
			switch {
			case g != nil && now.Number != g.Number:
				t.Errorf("change %d (%s): generation %d is said to be published, %d is", n, f.failed, g.Number, now.Number)
			case g == nil && now.Number != 1 && f.failed != "syncdir .":
				t.Errorf("change %d (%s): failed and published %d", n, f.failed, now.Number)
			}
			if n%8 == 0 {
				if _, err := writeRun(dir, Options{Run: "again", FS: working}, 3); err != nil {
					t.Errorf("change %d (%s): the next run: %v", n, f.failed, err)
				}
			}
			if err := real.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestVerifyNamesDamage(t *testing.T) {
	dir := t.TempDir()
	g, err := writeRun(dir, Options{Run: "r"}, 2)
	if err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(g.Path, table.Sentences, "part-00001.parquet")
	data, err := os.ReadFile(part)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		name   string
		damage func() error
		undo   func() error
		want   string
	}{
		{"a bit", func() error {
			d := append([]byte(nil), data...)
			d[len(d)/2] ^= 4
			return os.WriteFile(part, d, 0o666)
		}, func() error { return os.WriteFile(part, data, 0o666) }, "other bytes"},
		{"a cut", func() error { return os.Truncate(part, 9) }, func() error { return os.WriteFile(part, data, 0o666) }, "9 bytes where"},
		{"a loss", func() error { return os.Remove(part) }, func() error { return os.WriteFile(part, data, 0o666) }, "no such file"},
		{"a stranger", func() error { return os.WriteFile(part+"x", nil, 0o666) }, func() error { return os.Remove(part + "x") }, "was not committed"},
	} {
		if err := v.damage(); err != nil {
			t.Fatal(err)
		}
		_, damage, err := Verify(context.Background(), dir)
		if !errors.Is(err, ErrDamaged) || len(damage) != 1 || !strings.Contains(damage[0].Reason, v.want) {
			t.Errorf("%s: %v %v", v.name, damage, err)
		}
		if err := v.undo(); err != nil {
			t.Fatal(err)
		}
	}
	manifest := filepath.Join(g.Path, "manifest.json")
	m, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest, []byte(strings.Replace(string(m), `"rows": 1`, `"rows": 2`, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Verify(context.Background(), dir); !errors.Is(err, ErrDamaged) {
		t.Errorf("changed manifest: %v", err)
	}
}

// TestVerifyFindsEveryBit turns bits of every file of a generation.
func TestVerifyFindsEveryBit(t *testing.T) {
	dir := t.TempDir()
	g, err := writeRun(dir, Options{Run: "r"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(g.Path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i := 0; i < len(data); i += 1 + len(data)/8 {
			bad := bytes.Clone(data)
			bad[i] ^= 1 << (i % 8)
			if err := os.WriteFile(path, bad, 0o666); err != nil {
				return err
			}
			_, damage, err := Verify(context.Background(), dir)
			named := err != nil && strings.Contains(err.Error(), path)
			for _, d := range damage {
				named = named || d.Path == path
			}
			if !errors.Is(err, ErrDamaged) || !named {
				t.Errorf("%s, byte %d: %v %v", path, i, err, damage)
			}
		}
		return os.WriteFile(path, data, 0o666)
	})
	if err != nil || files < 14 {
		t.Fatalf("%d files, error %v", files, err)
	}
}

// TestWithoutLinks writes where there are no hard links.
func TestWithoutLinks(t *testing.T) {
	dir := t.TempDir()
	real, err := OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer real.Close()
	for i := range 2 {
		if _, err := writeRun(dir, Options{Run: fmt.Sprint(i), FS: linkless{real}}, 2); err != nil {
			t.Fatal(err)
		}
	}
	if _, damage, err := Verify(context.Background(), dir); err != nil {
		t.Error(damage, err)
	}
	kept, err := filepath.Glob(filepath.Join(dir, cacheDir, "first", "*.parquet"))
	if err != nil || len(kept) == 0 {
		t.Errorf("kept %v, error %v", kept, err)
	}
}

type linkless struct{ FS }

func (linkless) Link(string, string) error { return syscall.ENOTSUP }

// TestRowGroups adds a result of so many sentences that its rows come in row
// groups, in both formats, and drops one.
func TestRowGroups(t *testing.T) {
	for _, format := range []table.Format{table.Parquet, table.ArrowIPC} {
		dir := filepath.Join(t.TempDir(), "out")
		out, err := Open(dir, Options{Run: "r", Format: format})
		if err != nil {
			t.Fatal(err)
		}
		if err := out.Start(1); err != nil {
			t.Fatal(err)
		}
		long := result("long", strings.Repeat("a", 2*table.RowGroup+7))
		long.Sentences = long.Sentences[:0]
		for i := range int32(len(long.Article.Text)) {
			long.Sentences = append(long.Sentences, model.Sentence{Span: model.Span{Start: i, End: i + 1}})
		}
		if err := out.Add(0, result("before", "Some text.")); err != nil {
			t.Fatal(err)
		}
		if err := out.Add(0, long); err != nil {
			t.Fatal(err)
		}
		if held := out.workers[0].tables.All()[1].Len(); held >= table.RowGroup {
			t.Errorf("%d rows are held", held)
		}
		if err := out.Drop(0); err != nil {
			t.Fatal(err)
		}
		for _, r := range []*model.Result{result("a", "Some text."), long, result("z", "Some text.")} {
			if err := out.Add(0, r); err != nil {
				t.Fatal(err)
			}
		}
		if err := out.Flush(0, &model.Chunk{}, nil); err != nil {
			t.Fatal(err)
		}
		// The next part of the table is a file of its own.
		if err := errors.Join(out.Add(0, result("zz", "Some text.")), out.Flush(0, &model.Chunk{Number: 1}, nil)); err != nil {
			t.Fatal(err)
		}
		g, err := out.Commit(Report{Totals: Totals{Records: 4, Articles: 4}})
		if err := errors.Join(err, out.Close()); err != nil {
			t.Fatal(err)
		}
		if n := g.Manifest.Rows(table.Sentences); n != 2*table.RowGroup+10 {
			t.Errorf("%d rows", n)
		}
		at := -1
		err = table.Read(context.Background(), g.Path, table.Sentences, []string{"article_id", "sentence", "sentence_id"}, func(b *table.Batch) error {
			for i := range b.Rows {
				id, n := b.Columns[0].Texts[i], b.Columns[1].Ints[i]
				if at++; at > 0 && at < len(long.Sentences)+1 && (id != "long" || n != int64(at-1) || b.Columns[2].Texts[i] != fmt.Sprint("long/s", at-1)) {
					return fmt.Errorf("row %d is sentence %d of %s", at, n, id)
				}
			}
			return nil
		})
		if err != nil || at != 2*table.RowGroup+9 {
			t.Errorf("%s: %d rows read, %v", format.Ending(), at+1, err)
		}
		if _, damage, err := Verify(context.Background(), dir); err != nil || len(damage) > 0 {
			t.Error(damage, err)
		}
	}
}
