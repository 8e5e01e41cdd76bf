package dataset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stance/internal/io/table"
)

// node is a file, folder or link of memory. What reached the disk for certain
// stands beside what a program sees.
type node struct {
	data, kept       []byte           // of a file; kept is as of its last sync
	entries, durable map[string]*node // of a folder; durable is as of its last sync
	target           string           // of a link
}

func folder() *node { return &node{entries: map[string]*node{}, durable: map[string]*node{}} }

// memory is a file system that can lose its power: Sync and SyncDir alone
// make sure that something is still there afterwards.
type memory struct {
	mu     sync.Mutex
	root   *node
	steps  int    // changes so far
	before func() // called before each change, with mu held; may be nil
	closes int    // files closed so far
	bad    int    // the closing that fails and loses the file; -1: none
}

// tick counts a change. It is called with mu held.
func (m *memory) tick() {
	if m.before != nil {
		m.before()
	}
	m.steps++
}

// find returns a node and the folder that holds it; nil for what is missing.
func (m *memory) find(name string) (dir, n *node) {
	n = m.root
	if name == "." {
		return nil, n
	}
	for part := range strings.SplitSeq(name, "/") {
		if n == nil || n.entries == nil {
			return nil, nil
		}
		dir, n = n, n.entries[part]
	}
	return dir, n
}

func missing(op, name string) error { return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist} }

func (m *memory) change(op, name string, f func(dir, n *node, base string) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tick()
	dir, n := m.find(name)
	if dir == nil {
		return missing(op, name)
	}
	return f(dir, n, path.Base(name))
}

func (m *memory) put(op, name string, made *node) error {
	return m.change(op, name, func(dir, n *node, base string) error {
		if n != nil {
			return &fs.PathError{Op: op, Path: name, Err: fs.ErrExist}
		}
		dir.entries[base] = made
		return nil
	})
}

func (m *memory) Create(name string) (File, error) {
	n := &node{}
	if err := m.put("create", name, n); err != nil {
		return nil, err
	}
	return &memoryFile{m: m, n: n, name: path.Base(name)}, nil
}

func (m *memory) Mkdir(name string) error { return m.put("mkdir", name, folder()) }
func (m *memory) Symlink(target, name string) error {
	return m.put("symlink", name, &node{target: target})
}

func (m *memory) Link(from, to string) error {
	m.mu.Lock()
	_, n := m.find(from)
	m.mu.Unlock()
	if n == nil {
		return missing("link", from)
	}
	return m.put("link", to, n)
}

func (m *memory) Rename(from, to string) error {
	m.mu.Lock()
	source, n := m.find(from)
	m.mu.Unlock()
	if n == nil {
		return missing("rename", from)
	}
	return m.change("rename", to, func(dir, _ *node, base string) error {
		delete(source.entries, path.Base(from))
		dir.entries[base] = n
		return nil
	})
}

func (m *memory) Remove(name string) error {
	return m.change("remove", name, func(dir, n *node, base string) error {
		if n == nil {
			return missing("remove", name)
		}
		delete(dir.entries, base)
		return nil
	})
}

func (m *memory) RemoveAll(name string) error {
	if err := m.change("remove", name, func(dir, _ *node, base string) error {
		delete(dir.entries, base)
		return nil
	}); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (m *memory) Open(name string) (File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, n := m.find(name)
	if n == nil {
		return nil, missing("open", name)
	}
	return &memoryFile{m: m, n: n, name: path.Base(name), r: bytes.NewReader(n.data)}, nil
}

func (m *memory) Readlink(name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, n := m.find(name)
	if n == nil {
		return "", missing("readlink", name)
	}
	return n.target, nil
}

func (m *memory) ReadDir(name string) ([]fs.DirEntry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, n := m.find(name)
	if n == nil {
		return nil, missing("readdir", name)
	}
	var list []fs.DirEntry
	for _, k := range slices.Sorted(maps.Keys(n.entries)) {
		list = append(list, fs.FileInfoToDirEntry(info{k, n.entries[k]}))
	}
	return list, nil
}

func (m *memory) SyncDir(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tick()
	_, n := m.find(name)
	if n == nil {
		return missing("sync", name)
	}
	n.durable = maps.Clone(n.entries)
	return nil
}

func (m *memory) Lock(string) (io.Closer, error) { return io.NopCloser(nil), nil }
func (m *memory) Close() error                   { return nil }

type memoryFile struct {
	m    *memory
	n    *node
	name string
	r    *bytes.Reader
}

func (f *memoryFile) Read(p []byte) (int, error)             { return f.r.Read(p) }
func (f *memoryFile) ReadAt(p []byte, at int64) (int, error) { return f.r.ReadAt(p, at) }
func (f *memoryFile) Stat() (fs.FileInfo, error)             { return info{f.name, f.n}, nil }
func (f *memoryFile) changed(do func()) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	f.m.tick()
	do()
}

func (f *memoryFile) Write(p []byte) (int, error) {
	f.changed(func() { f.n.data = append(f.n.data, p...) })
	return len(p), nil
}

func (f *memoryFile) Sync() error {
	f.changed(func() { f.n.kept = slices.Clone(f.n.data) })
	return nil
}

func (f *memoryFile) Close() error {
	if f.r != nil {
		return nil
	}
	failed := false
	f.changed(func() {
		if failed = f.m.bad == f.m.closes; failed {
			f.n.data, f.n.kept = nil, nil
		}
		f.m.closes++
	})
	if failed {
		return errors.New("closing failed")
	}
	return nil
}

type info struct {
	name string
	n    *node
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return int64(len(i.n.data)) }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) Sys() any           { return nil }
func (i info) IsDir() bool        { return i.n.entries != nil }
func (i info) Mode() fs.FileMode {
	switch {
	case i.n.entries != nil:
		return fs.ModeDir | 0o777
	case i.n.target != "":
		return fs.ModeSymlink | 0o777
	}
	return 0o666
}

// write puts what a disk holds after the power came back into a real folder.
// With namesOnly, every name is there and of the files what was synced: names
// often reach a disk before the data. Without, names are there that their
// folder's last sync made sure of.
func (n *node) write(dir string, namesOnly bool) error {
	entries := n.durable
	if namesOnly {
		entries = n.entries
	}
	for name, e := range entries {
		at := filepath.Join(dir, name)
		var err error
		switch {
		case e.entries != nil:
			if err = os.Mkdir(at, 0o777); err == nil {
				err = e.write(at, namesOnly)
			}
		case e.target != "":
			err = os.Symlink(e.target, at)
		default:
			err = os.WriteFile(at, e.kept, 0o666)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// seeded returns a file system with one published generation that lies safely
// on the disk.
func seeded(t *testing.T) *memory {
	t.Helper()
	m := &memory{root: folder(), bad: -1}
	if _, err := writeRun("out", Options{Run: "before", FS: m}, 1); err != nil {
		t.Fatal(err)
	}
	var settle func(n *node)
	settle = func(n *node) {
		n.durable, n.kept = maps.Clone(n.entries), slices.Clone(n.data)
		for _, e := range n.entries {
			settle(e)
		}
	}
	settle(m.root)
	m.steps, m.closes = 0, 0
	return m
}

// faults takes the power away before each change of a run and behind the
// last, and lets each closing of a file fail, and says what is wrong with the
// folder afterwards. It stops at the first few.
func faults(t *testing.T, bug func(FS) FS) (found []string) {
	t.Helper()
	const enough = 3
	// look returns the number of the generation that a disk shows.
	look := func(what string, root *node, namesOnly bool) (string, int) {
		dir := t.TempDir()
		if err := root.write(dir, namesOnly); err != nil {
			t.Fatal(err)
		}
		now, damage, err := Verify(context.Background(), dir)
		if err != nil {
			found = append(found, fmt.Sprintf("%s: %v %v", what, err, damage))
			return dir, 0
		}
		if now.Number != 1 && now.Number != 2 {
			found = append(found, fmt.Sprintf("%s: generation %d", what, now.Number))
		}
		return dir, now.Number
	}
	m := seeded(t)
	m.before = func() {
		for _, namesOnly := range []bool{true, false} {
			if len(found) >= enough {
				return
			}
			what := fmt.Sprintf("power lost before change %d, names only %v", m.steps, namesOnly)
			if dir, _ := look(what, m.root, namesOnly); m.steps%16 == 0 {
				if g, err := writeRun(dir, Options{Run: "again"}, 1); err != nil || g.Manifest.Rows(table.Articles) != 1 {
					found = append(found, fmt.Sprintf("%s: the next run: %v", what, err))
				}
			}
		}
	}
	if _, err := writeRun("out", Options{Run: "next", FS: bug(m)}, 1); err != nil {
		t.Fatal(err)
	}
	if m.steps < 60 {
		t.Fatalf("a run makes only %d changes", m.steps)
	}
	for _, namesOnly := range []bool{true, false} {
		if _, n := look("power lost after the run", m.root, namesOnly); n != 2 {
			found = append(found, fmt.Sprintf("power lost after the run: generation %d", n))
		}
	}
	for closing := range m.closes {
		if len(found) >= enough {
			return found
		}
		m := seeded(t)
		m.bad = closing
		_, err := writeRun("out", Options{Run: "next", FS: bug(m)}, 1)
		look(fmt.Sprintf("closing %d failed and the run said %v", closing, err), m.root, true)
	}
	return found
}

// Bugs that writers of files have had.
type (
	// neverSyncs renames without fsync.
	neverSyncs struct{ FS }
	// neverSyncsFolders syncs files and forgets the folders.
	neverSyncsFolders struct{ FS }
	// ignoresClose leaves the error of Close unchecked.
	ignoresClose struct{ FS }
	// manifestFirst syncs the tables after what tells of them.
	manifestFirst struct {
		FS
		mu    sync.Mutex
		later []File
	}
)

type buggyFile struct {
	File
	sync, close func() error
}

func (f buggyFile) Sync() error  { return f.sync() }
func (f buggyFile) Close() error { return f.close() }

func (b neverSyncs) Create(name string) (File, error) {
	f, err := b.FS.Create(name)
	return buggyFile{f, func() error { return nil }, func() error { return f.Close() }}, err
}

func (b neverSyncsFolders) SyncDir(string) error { return nil }

func (b ignoresClose) Create(name string) (File, error) {
	f, err := b.FS.Create(name)
	return buggyFile{f, func() error { return f.Sync() }, func() error { _ = f.Close(); return nil }}, err
}

func (b *manifestFirst) Create(name string) (File, error) {
	f, err := b.FS.Create(name)
	return buggyFile{f, func() error {
		if path.Ext(name) != ".parquet" {
			return f.Sync()
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.later = append(b.later, f)
		return nil
	}, func() error { return f.Close() }}, err
}

func (b *manifestFirst) Rename(from, to string) error {
	err := b.FS.Rename(from, to)
	if path.Base(to) == "current" {
		for _, f := range b.later {
			err = errors.Join(err, f.Sync())
		}
	}
	return err
}

// TestPowerLoss takes the power away before every change of a run, and lets
// every Close fail: whatever happens, the folder shows a whole generation. It
// first shows that it would find the bugs it looks for.
func TestPowerLoss(t *testing.T) {
	for _, bug := range []struct {
		name  string
		plant func(FS) FS
	}{
		{"rename without fsync", func(f FS) FS { return neverSyncs{f} }},
		{"folders without fsync", func(f FS) FS { return neverSyncsFolders{f} }},
		{"unchecked Close", func(f FS) FS { return ignoresClose{f} }},
		{"manifest before data", func(f FS) FS { return &manifestFirst{FS: f} }},
	} {
		found := faults(t, bug.plant)
		if len(found) == 0 {
			t.Errorf("the bug %q is not found", bug.name)
			continue
		}
		t.Logf("%s: %s", bug.name, found[0])
	}
	for _, f := range faults(t, func(f FS) FS { return f }) {
		t.Error(f)
	}
}
