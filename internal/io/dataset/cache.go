package dataset

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/s2"

	"stance/internal/model"
)

// The cache holds what runs found out, by what it follows from. Nothing in it
// is needed: it may be deleted at any time, and what is damaged is not used.
//
//	OUT/cache/<key>/            parts of a chunk, links to those of generations
//	OUT/cache/<key>/index.json  their hashes and the state of the run
//	OUT/cache/<name>            what a run kept by name, compressed or whole
//	OUT/cache/used-000042       what generation 42 is made of
type cache struct {
	used   map[string]bool // names that this run asked for or kept
	pruned bool
}

const (
	cacheDir  = "cache"
	indexName = "index.json"
	usedName  = "used-"
)

func (o *Output) openCache() error {
	if o.opts.NoCache {
		return nil
	}
	o.cache.used = map[string]bool{}
	if err := o.fs.Mkdir(cacheDir); err != nil && !errors.Is(err, fs.ErrExist) {
		return o.fail("create", cacheDir, 0, err)
	}
	return nil
}

// Spare keeps what was kept under a name from being removed with what this run
// does not use.
func (o *Output) Spare(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cache.used[name] = true
}

// index is what is known about the kept parts of a chunk.
type index struct {
	State []byte      `json:"state"`
	Parts []indexPart `json:"parts"`
}

type indexPart struct {
	Table string `json:"table"`
	Part
	XXHash uint64 `json:"xxhash"`
}

// seal tells damage in a file, for a tenth of what SHA-256 costs.
type seal struct {
	Bytes  int64  `json:"bytes"`
	XXHash uint64 `json:"xxhash"`
}

// kept names the file of a table's part in the cache.
func (o *Output) kept(key, table string) string {
	return path.Join(cacheDir, key, table+o.opts.Format.Ending())
}

// keepParts keeps the parts of a chunk. What another run kept under the key
// was damaged, or it would have been taken.
func (o *Output) keepParts(c *model.Chunk, parts []Part, state []byte) error {
	if err := o.pruneOnce(); err != nil {
		return err
	}
	o.Spare(c.Key)
	dir := path.Join(o.staging, "keep-"+c.Key)
	if err := o.fs.Mkdir(dir); err != nil {
		return o.fail("create", dir, 0, err)
	}
	x := index{State: state}
	for _, p := range parts {
		name, _, _ := strings.Cut(p.Name, "/")
		if err := o.link(path.Join(o.gen, p.Name), path.Join(dir, name+o.opts.Format.Ending())); err != nil {
			return err
		}
		x.Parts = append(x.Parts, indexPart{name, p, p.xxHash})
	}
	data, err := json.Marshal(x)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	// Not synced: after a power failure a damaged index is no index.
	if err := o.write(path.Join(dir, indexName), append([]byte(hex.EncodeToString(sum[:])+"\n"), data...), nil); err != nil {
		return err
	}
	to := path.Join(cacheDir, c.Key)
	if err := o.fs.RemoveAll(to); err != nil {
		return o.fail("remove", to, 0, err)
	}
	return o.fail("rename", to, 0, o.fs.Rename(dir, to))
}

// Reuse takes the parts kept under the key of a chunk into the generation,
// when each is there and has the bytes it had.
func (o *Output) Reuse(c *model.Chunk) (state []byte, ok bool, err error) {
	if o.opts.NoCache {
		return nil, false, nil
	}
	o.Spare(c.Key)
	data, err := o.readFile(path.Join(cacheDir, c.Key, indexName))
	if err != nil {
		return nil, false, nil
	}
	var x index
	head, rest, found := bytes.Cut(data, []byte("\n"))
	if sum := sha256.Sum256(rest); !found || string(head) != hex.EncodeToString(sum[:]) || json.Unmarshal(rest, &x) != nil {
		return nil, false, nil
	}
	for i := range x.Parts {
		if p := &x.Parts[i]; !o.whole(o.kept(c.Key, p.Table), seal{p.Bytes, p.XXHash}) {
			return nil, false, nil
		}
	}
	for _, p := range x.Parts {
		if p.Name, err = o.partName(p.Table, c); err != nil {
			return nil, false, err
		}
		if err := o.link(o.kept(c.Key, p.Table), path.Join(o.gen, p.Name)); err != nil {
			return nil, false, err
		}
		o.addPart(p.Table, p.Part)
	}
	return x.State, true, nil
}

// whole reports whether a file has the bytes that it had.
func (o *Output) whole(name string, had seal) bool {
	has, err := o.seal(name)
	return err == nil && has == had
}

func (o *Output) seal(name string) (s seal, err error) {
	f, err := o.fs.Open(name)
	if err != nil {
		return s, err
	}
	defer f.Close()
	h := xxhash.New()
	s.Bytes, err = io.Copy(h, f)
	s.XXHash = h.Sum64()
	return s, err
}

// link gives a file a second name, or copies it where the file system has no
// hard links.
func (o *Output) link(from, to string) error {
	err := o.fs.Link(from, to)
	if err == nil || !noLinks(err) {
		return o.fail("link", to, 0, err)
	}
	data, err := o.readFile(from)
	if err != nil {
		return o.fail("read", from, 0, err)
	}
	_, err = o.writeFile(to, data)
	return err
}

func (o *Output) readFile(name string) (data []byte, err error) {
	f, err := o.fs.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(f)
}

// Kept returns what a run kept under a name in an output folder, when it is
// there and whole.
func Kept(dir, name string) ([]byte, bool) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, false
	}
	defer root.Close()
	var data []byte
	o := Output{fs: disk{root}, cache: cache{used: map[string]bool{}}}
	ok, err := o.Find(name, func(r io.Reader) (err error) {
		data, err = io.ReadAll(r)
		return err
	})
	return data, ok && err == nil
}

// Find lets read have what was kept under a name, when it is there and whole.
func (o *Output) Find(name string, read func(io.Reader) error) (bool, error) {
	if o.opts.NoCache {
		return false, nil
	}
	o.Spare(name)
	f, err := o.fs.Open(path.Join(cacheDir, name))
	if err != nil {
		return false, nil
	}
	defer f.Close()
	// Its blocks have checksums; it is read once to see them all.
	open := func() io.Reader {
		return s2.NewReader(io.NewSectionReader(f, 0, 1<<62), s2.ReaderMaxBlockSize(spillBlock))
	}
	size, ok := sizeOf(open())
	if !ok {
		return false, nil
	}
	return true, read(io.LimitReader(open(), size))
}

// sizeOf returns the bytes before the trailer, which is their number: a
// stream that is cut between two blocks has none.
func sizeOf(r io.Reader) (int64, bool) {
	var tail []byte
	var n int64
	buf := make([]byte, spillBlock)
	for {
		m, err := r.Read(buf)
		n += int64(m)
		tail = append(tail, buf[max(0, m-8):m]...)
		tail = tail[max(0, len(tail)-8):]
		if err == io.EOF {
			n -= 8
			return n, n >= 0 && binary.LittleEndian.Uint64(tail) == uint64(n)
		}
		if err != nil {
			return 0, false
		}
	}
}

// Keep keeps what write writes under a name.
func (o *Output) Keep(name string, write func(io.Writer) error) error {
	return o.keep(name, func(f File, path string) error {
		s := newSpillFile(o, f, path)
		err := write(s)
		if err == nil {
			_, err = s.Write(binary.LittleEndian.AppendUint64(nil, uint64(s.n)))
		}
		return errors.Join(err, s.Close())
	})
}

// KeepWhole keeps what write writes under a name, for Load: it is not
// compressed, for what is read by most runs and written by few.
func (o *Output) KeepWhole(name string, write func(io.Writer) error) error {
	return o.keep(name, func(f File, path string) error {
		h := xxhash.New()
		err := write(io.MultiWriter(h, f))
		if err == nil {
			_, err = f.Write(binary.LittleEndian.AppendUint64(nil, h.Sum64()))
		}
		return cmp.Or(o.fail("write", path, 0, err), o.fail("close", path, 0, f.Close()))
	})
}

// keep makes a file of the cache, once write has written and closed it.
func (o *Output) keep(name string, write func(f File, path string) error) error {
	if o.opts.NoCache {
		return nil
	}
	o.Spare(name)
	from, to := path.Join(o.staging, "keep-"+name), path.Join(cacheDir, name)
	f, err := o.fs.Create(from)
	if err != nil {
		return o.fail("create", from, 0, err)
	}
	if err := write(f, from); err != nil {
		return err
	}
	return o.fail("rename", to, 0, o.fs.Rename(from, to))
}

// maxWhole bounds what Load reads into memory.
const maxWhole = 1 << 30

// Load returns what KeepWhole kept under a name, when it is there and whole.
func (o *Output) Load(name string) ([]byte, bool) {
	if o.opts.NoCache {
		return nil, false
	}
	o.Spare(name)
	f, err := o.fs.Open(path.Join(cacheDir, name))
	if err != nil {
		return nil, false
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil || st.Size() < 8 || st.Size() > maxWhole {
		return nil, false
	}
	data := make([]byte, st.Size())
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, false
	}
	data, sum := data[:len(data)-8], data[len(data)-8:]
	return data, xxhash.Sum64(data) == binary.LittleEndian.Uint64(sum)
}

// keepUsed notes what the new generation is made of and removes what none of
// the generations kept is.
func (o *Output) keepUsed(number int, gens []generation) error {
	if o.opts.NoCache {
		return nil
	}
	name := fmt.Sprintf("%s%06d", usedName, number)
	from, to := path.Join(o.staging, name), path.Join(cacheDir, name)
	if err := o.write(from, []byte(strings.Join(slices.Sorted(maps.Keys(o.cache.used)), "\n")), nil); err != nil {
		return err
	}
	if err := o.fs.Rename(from, to); err != nil {
		return o.fail("rename", to, 0, err)
	}
	return o.prune(gens)
}

// pruneOnce removes what neither this run nor a generation uses, as soon as
// the run knows what it can use, so that runs that fail do not fill the disk.
func (o *Output) pruneOnce() error {
	o.mu.Lock()
	pruned := o.cache.pruned
	o.cache.pruned = true
	o.mu.Unlock()
	if pruned {
		return nil
	}
	gens, err := o.generations()
	if err != nil {
		return err
	}
	return o.prune(gens)
}

// prune removes what none of the generations nor this run uses.
func (o *Output) prune(gens []generation) error {
	o.mu.Lock()
	used := maps.Clone(o.cache.used)
	o.mu.Unlock()
	for _, g := range gens {
		name := fmt.Sprintf("%s%06d", usedName, g.number)
		used[name] = true
		list, err := o.readFile(path.Join(cacheDir, name))
		if err != nil {
			continue // its parts are made anew
		}
		for n := range strings.Lines(string(list)) {
			used[strings.TrimSpace(n)] = true
		}
	}
	names, err := o.fs.ReadDir(cacheDir)
	if err != nil {
		return o.fail("read", cacheDir, 0, err)
	}
	for _, n := range names {
		if used[n.Name()] {
			continue
		}
		name := path.Join(cacheDir, n.Name())
		if err := o.fs.RemoveAll(name); err != nil {
			return o.fail("remove", name, 0, err)
		}
	}
	return nil
}
