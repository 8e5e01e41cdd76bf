package dataset

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/s2"

	"stance/internal/io/table"
	"stance/internal/model"
)

// Options of an output folder.
type Options struct {
	FS       FS     // nil: the disk
	Run      string // name of the run's log and staging folder: [0-9A-Za-z.-]+, new for each run
	Format   table.Format
	Content  table.Content
	Metadata table.Metadata
	Settings map[string]string // options that shape the rows, for the manifest
	Keep     int               // generations kept, the new one among them; 0: 3
	NoCache  bool              // neither take parts from earlier runs nor keep any for later ones
}

// Output is an output folder that a run writes into. Its methods up to
// Commit take the results of a run: Start once, then Add and Flush for each
// worker in turn, Rejects and Rules.
type Output struct {
	dir     string
	opts    Options
	fs      FS
	own     bool // fs is to be closed
	lock    io.Closer
	staging string // staging/<run>
	gen     string // staging/<run>/gen
	workers []*writer
	mu      sync.Mutex
	late    chan<- lateFile // nil: no more come
	settled sync.WaitGroup  // done when all that came are settled
	unsafe  error           // of one that could not be settled; guarded by mu
	parts   map[string][]Part
	files   []Part              // of the generation, which are no tables
	folders map[string]bool     // made in the generation
	spills  map[string]*sealing // spilled runs; nil: their folder does not exist
	done    bool                // published, or perhaps published
	cache   cache
}

// writer is the scratch of one worker.
type writer struct {
	tables   *table.Tables
	encoders []*table.Encoder
	buf      bytes.Buffer
	begun    []begun // by table
	err      error   // of a row group
}

// begun is a part of which some row groups are on disk: that of a chunk with a
// very long article.
type begun struct {
	file *hashingWriter // nil: there are none
	rows int64
}

// lateFile is a file that is written and neither on the disk nor closed. A
// disk takes many files in less than one after the other.
type lateFile struct {
	f    File
	name string
	n    int64
}

// mostLate is how many late files are settled at once, and settlers how many
// goroutines do it: files that wait for the disk together take a tenth of the
// time that they take one after the other. Twice as many can be late.
const mostLate, settlers = 64, 8

// settle closes a file; sync says how it gets to the disk, nil when it need
// not be there.
func (o *Output) settle(l lateFile, sync func(File) error) error {
	if sync != nil {
		if err := sync(l.f); err != nil {
			l.f.Close()
			return o.fail("sync", l.name, l.n, err)
		}
	}
	return o.fail("close", l.name, l.n, l.f.Close())
}

// settleLate settles files while others are written: to wait for the disk
// takes no processor.
func (o *Output) settleLate(late <-chan lateFile) {
	var list []lateFile
	for l := range late {
		if list = append(list, l); len(list) == mostLate {
			o.settleAll(list)
			list = list[:0]
		}
	}
	o.settleAll(list)
}

// settleAll settles files. After an error it does no more than close them.
func (o *Output) settleAll(list []lateFile) {
	var wg sync.WaitGroup
	for first := range min(settlers, len(list)) {
		wg.Go(func() {
			for i := first; i < len(list); i += settlers {
				sync := File.Sync
				if o.failed() != nil {
					sync = nil
				}
				o.fault(o.settle(list[i], sync))
			}
		})
	}
	wg.Wait()
}

// fault notes why what was written cannot be published, if err is not nil.
func (o *Output) fault(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unsafe = cmp.Or(o.unsafe, err)
}

// failed returns what was noted.
func (o *Output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.unsafe
}

// endLate waits until no file is late.
func (o *Output) endLate() error {
	if o.late != nil {
		close(o.late)
		o.late = nil
	}
	o.settled.Wait()
	return o.unsafe
}

// Open makes and locks an output folder and clears what dead runs left in
// staging. Its errors wrap ErrLocked, ErrPermission or ErrCannotCreate.
func Open(dir string, opts Options) (_ *Output, err error) {
	if opts.Run == "" || strings.ContainsFunc(opts.Run, func(r rune) bool {
		return r != '-' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) || opts.Run[0] == '.' {
		return nil, fmt.Errorf("%w: %q is no name for a run", ErrCannotCreate, opts.Run)
	}
	opts.Keep = cmp.Or(opts.Keep, 3)
	o := &Output{dir: dir, opts: opts, fs: opts.FS, parts: map[string][]Part{}, folders: map[string]bool{}}
	if o.fs == nil {
		if o.fs, err = OpenDisk(dir); err != nil {
			return nil, err
		}
		o.own = true
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.release())
		}
	}()
	o.lock, err = o.fs.Lock(".lock")
	if errors.Is(err, ErrLocked) {
		return nil, fmt.Errorf("%s: %w", dir, ErrLocked)
	}
	if err != nil {
		return nil, cannotCreate(filepath.Join(dir, ".lock"), err)
	}
	if err := o.fs.RemoveAll("staging"); err != nil {
		return nil, cannotCreate(filepath.Join(dir, "staging"), err)
	}
	o.staging = path.Join("staging", opts.Run)
	o.gen = path.Join(o.staging, "gen")
	for _, d := range []string{"staging", o.staging, o.gen} {
		if err := o.fs.Mkdir(d); err != nil {
			return nil, cannotCreate(filepath.Join(dir, d), err)
		}
	}
	return o, nil
}

// release gives the lock and the folder back.
func (o *Output) release() error {
	o.fault(fs.ErrClosed) // what is late now is published by nobody
	_ = o.endLate()
	var err error
	if o.lock != nil {
		err = o.lock.Close()
		o.lock = nil
	}
	if o.own {
		err = errors.Join(err, o.fs.Close())
		o.own = false
	}
	return err
}

// Close ends the run. What was not committed is removed.
func (o *Output) Close() error {
	var err error
	if o.lock != nil && !o.done {
		err = o.fail("remove", o.staging, 0, o.fs.RemoveAll(o.staging))
	}
	return errors.Join(err, o.release())
}

// fail gives an error of the file system its path.
func (o *Output) fail(op, name string, n int64, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Path: filepath.Join(o.dir, name), Bytes: n, Err: err}
}

// Start prepares for the results of workers.
func (o *Output) Start(workers int) error {
	for number := range workers {
		w := &writer{tables: table.NewTables(o.opts.Content)}
		var err error
		if w.encoders, err = table.NewEncoders(o.opts.Format, o.opts.Metadata); err != nil {
			return err
		}
		w.begun = make([]begun, len(w.encoders))
		for i, rows := range w.tables.All() {
			name := path.Join(o.staging, fmt.Sprintf("begun-%d-%s", number, rows.Schema.Name))
			rows.WhenFull(func() { w.err = cmp.Or(w.err, o.group(w, i, rows, name)) })
		}
		o.workers = append(o.workers, w)
	}
	for _, s := range table.Schemas() {
		if err := o.makeFolder(s.Name); err != nil {
			return err
		}
	}
	late := make(chan lateFile, mostLate)
	o.late = late
	o.settled.Go(func() { o.settleLate(late) })
	return o.openCache()
}

// makeFolder makes a folder of the generation, once.
func (o *Output) makeFolder(name string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.folders[name] {
		return nil
	}
	o.folders[name] = true
	name = path.Join(o.gen, name)
	return o.fail("create", name, 0, o.fs.Mkdir(name))
}

// Add takes a result.
func (o *Output) Add(worker int, res *model.Result) error {
	w := o.workers[worker]
	w.tables.Add(res)
	return w.err
}

// Drop forgets the results that a worker gave since its last Flush.
func (o *Output) Drop(worker int) error {
	w := o.workers[worker]
	w.tables.Reset()
	for i, b := range w.begun {
		if b.file == nil {
			continue
		}
		w.encoders[i].Drop()
		w.begun[i] = begun{}
		if err := errors.Join(b.file.f.Close(), o.fs.Remove(b.file.name)); err != nil {
			return o.fail("remove", b.file.name, 0, err)
		}
	}
	return nil
}

// group writes rows of a table to a file, of which more follow.
func (o *Output) group(w *writer, i int, rows *table.Rows, name string) (err error) {
	defer rows.Reset()
	b := &w.begun[i]
	if b.file == nil {
		if b.file, err = o.create(name); err != nil {
			return err
		}
	}
	b.rows += int64(rows.Len())
	w.buf.Reset()
	if err := w.encoders[i].Group(&w.buf, rows); err != nil {
		return err
	}
	_, err = b.file.Write(w.buf.Bytes())
	return err
}

// Flush writes the rows of a chunk as one part of each table that has any,
// and keeps them under the chunk's key.
func (o *Output) Flush(worker int, c *model.Chunk, state []byte) error {
	parts, err := o.writeParts(o.workers[worker], c)
	if err != nil || c.Key == "" {
		return err
	}
	return o.keepParts(c, parts, state)
}

// writeParts writes the rows that a worker holds.
func (o *Output) writeParts(w *writer, c *model.Chunk) ([]Part, error) {
	defer w.tables.Reset()
	if w.err != nil {
		return nil, w.err
	}
	var parts []Part
	for i, rows := range w.tables.All() {
		if rows.Len() > 0 || w.begun[i].rows > 0 {
			p, err := o.writePart(w, i, rows, c)
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
	}
	return parts, nil
}

func (o *Output) writePart(w *writer, i int, rows *table.Rows, c *model.Chunk) (Part, error) {
	w.buf.Reset()
	if err := w.encoders[i].Encode(&w.buf, rows); err != nil {
		return Part{}, err
	}
	name, err := o.partName(rows.Schema.Name, c)
	if err != nil {
		return Part{}, err
	}
	var p Part
	b := w.begun[i]
	w.begun[i] = begun{}
	if b.file == nil {
		p, err = o.writeLate(path.Join(o.gen, name), w.buf.Bytes())
	} else {
		p, err = o.endFile(b.file, path.Join(o.gen, name), w.buf.Bytes())
	}
	if err != nil {
		return Part{}, err
	}
	p.Name, p.Rows = name, b.rows+int64(rows.Len())
	o.addPart(rows.Schema.Name, p)
	return p, nil
}

// partName names a chunk's part of a table and makes its folder.
func (o *Output) partName(table string, c *model.Chunk) (string, error) {
	return partName(table, c.Folder, c.Number, o.opts.Format), o.makeFolder(path.Join(table, c.Folder))
}

func partName(name, folder string, number int, f table.Format) string {
	return path.Join(name, folder, fmt.Sprintf("part-%05d%s", number, f.Ending()))
}

func (o *Output) addPart(table string, p Part) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.parts[table] = append(o.parts[table], p)
}

// writeFile writes a new file and has it on disk before it returns.
func (o *Output) writeFile(name string, data []byte) (Part, error) {
	return partOf(data), o.write(name, data, File.Sync)
}

// writeLate writes a new file that endLate has on disk. Its error may be that
// of a file before.
func (o *Output) writeLate(name string, data []byte) (Part, error) {
	if err := o.failed(); err != nil {
		return Part{}, err
	}
	l, err := o.begin(name, data)
	if err != nil {
		return Part{}, err
	}
	o.late <- l
	return partOf(data), nil
}

func partOf(data []byte) Part {
	sum := sha256.Sum256(data)
	return Part{Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), xxHash: xxhash.Sum64(data)}
}

// write writes a new file and settles it.
func (o *Output) write(name string, data []byte, sync func(File) error) error {
	l, err := o.begin(name, data)
	if err != nil {
		return err
	}
	return o.settle(l, sync)
}

// begin writes a new file, which is to be settled.
func (o *Output) begin(name string, data []byte) (lateFile, error) {
	l := lateFile{name: name, n: int64(len(data))}
	f, err := o.fs.Create(name)
	if err != nil {
		return l, o.fail("create", name, 0, err)
	}
	wrote, err := f.Write(data)
	if err == nil && wrote < len(data) {
		err = io.ErrShortWrite
	}
	if err != nil {
		f.Close()
		return l, o.fail("write", name, l.n, err)
	}
	l.f = f
	return l, nil
}

// Rejects writes rejects as one part.
func (o *Output) Rejects(part int, rejects []model.Reject) error {
	w := o.workers[0]
	for i := range rejects {
		w.tables.AddReject(&rejects[i])
	}
	_, err := o.writeParts(w, &model.Chunk{Number: part})
	return err
}

// Rules writes the statistics of the rules.
func (o *Output) Rules(stats []model.RuleStat) error {
	w := o.workers[0]
	for i := range stats {
		w.tables.AddRule(&stats[i])
	}
	_, err := o.writeParts(w, &model.Chunk{})
	return err
}

// CreateSpill, OpenSpill and RemoveSpill keep the runs of an external sort in
// the staging folder, which goes when the run ends.
func (o *Output) CreateSpill(name string) (io.WriteCloser, error) {
	if err := o.makeSpill(); err != nil {
		return nil, err
	}
	name = o.spill(name)
	f, err := o.fs.Create(name)
	if err != nil {
		return nil, o.fail("create", name, 0, err)
	}
	// A run is read once and soon: to compress it costs more than its size.
	s := newSpillFile(o, f, name, s2.WriterUncompressed())
	o.mu.Lock()
	defer o.mu.Unlock()
	o.spills[name] = s.file
	return s, nil
}

// spill returns the path of a spilled run.
func (o *Output) spill(name string) string { return path.Join(o.staging, "spill", name) }

// makeSpill makes the folder of spilled runs, once.
func (o *Output) makeSpill() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.spills != nil {
		return nil
	}
	o.spills = map[string]*sealing{}
	dir := o.spill("")
	return o.fail("create", dir, 0, o.fs.Mkdir(dir))
}

func newSpillFile(o *Output, f File, name string, opts ...s2.WriterOption) *spillFile {
	file := &sealing{File: f, xx: xxhash.New()}
	return &spillFile{o: o, file: file, w: s2.NewWriter(file, append(opts, s2.WriterBlockSize(spillBlock), s2.WriterConcurrency(1))...), name: name}
}

// OpenSpill opens what CreateSpill wrote.
func (o *Output) OpenSpill(name string) (io.ReadCloser, error) {
	name = o.spill(name)
	f, err := o.fs.Open(name)
	if err != nil {
		return nil, o.fail("open", name, 0, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{s2.NewReader(f, s2.ReaderMaxBlockSize(spillBlock)), f}, nil
}

// RemoveSpill removes what CreateSpill wrote.
func (o *Output) RemoveSpill(name string) error {
	name = o.spill(name)
	return o.fail("remove", name, 0, o.fs.Remove(name))
}

// spillBlock is the unit of checksums of spilled runs, of which many are open
// at once, and of compression of what is kept.
const spillBlock = 128 << 10

// spillFile checks what it writes, and names its path in errors.
type spillFile struct {
	o    *Output
	file *sealing
	w    *s2.Writer
	name string
	n    int64
}

func (s *spillFile) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.n += int64(n)
	return n, s.o.fail("write", s.name, int64(len(p)), err)
}

func (s *spillFile) Close() error {
	return errors.Join(s.o.fail("write", s.name, s.n, s.w.Close()), s.o.fail("close", s.name, 0, s.file.Close()))
}

// sealing is a file that is sealed while it is written.
type sealing struct {
	File
	xx *xxhash.Digest
	n  int64
}

func (s *sealing) Write(p []byte) (int, error) {
	n, err := s.File.Write(p)
	s.xx.Write(p[:n])
	s.n += int64(n)
	return n, err
}

// Generation is a published set of tables.
type Generation struct {
	Number   int
	Path     string // of its folder
	Hash     string // first 16 hex digits of the manifest's SHA-256
	Manifest Manifest
}

// Report is what Commit is told about the run.
type Report struct {
	Totals Totals
	Inputs []model.Input
	Log    any // written to runs/<run>.json: times, host, workers
}

// Commit publishes what was written. When it fails before the new generation
// can be seen, the folder shows the generation before. An error that comes
// with a generation came after publishing.
func (o *Output) Commit(r Report) (*Generation, error) {
	m := &Manifest{Layout: LayoutVersion, SchemaVersion: table.Version, Metadata: o.opts.Metadata,
		Format: strings.TrimPrefix(o.opts.Format.Ending(), "."), Settings: o.opts.Settings, Totals: r.Totals, Inputs: r.Inputs}
	if m.Totals.Records != m.Totals.Articles+m.Totals.Rejected+m.Totals.Duplicates {
		return nil, fmt.Errorf("totals do not balance: %d records, %d articles, %d rejected, %d duplicates",
			m.Totals.Records, m.Totals.Articles, m.Totals.Rejected, m.Totals.Duplicates)
	}
	if err := o.complete(m); err != nil {
		return nil, err
	}
	data, err := m.encode()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	if _, err := o.writeFile(path.Join(o.gen, "manifest.json"), data); err != nil {
		return nil, err
	}
	if _, err := o.writeFile(path.Join(o.gen, "_SUCCESS"), []byte(hash+"\n")); err != nil {
		return nil, err
	}
	if err := o.syncDir(o.gen); err != nil {
		return nil, err
	}
	gens, err := o.generations()
	if err != nil {
		return nil, err
	}
	g := &Generation{Number: 1, Hash: hash[:16], Manifest: *m}
	if len(gens) > 0 {
		g.Number = gens[len(gens)-1].number + 1
	}
	name := path.Join("gen", fmt.Sprintf("%06d-%s", g.Number, g.Hash))
	g.Path = filepath.Join(o.dir, name)
	if err := o.publish(name); err != nil {
		return nil, err
	}
	return g, o.after(r, g, append(gens, generation{g.Number, path.Base(name)}))
}

// complete writes what the generation lacks: parts of tables without rows,
// so that every table can be opened, and the codebook.
func (o *Output) complete(m *Manifest) error {
	for i, s := range table.Schemas() {
		if len(o.parts[s.Name]) == 0 {
			if _, err := o.writePart(o.workers[0], i, table.NewRows(&s), &model.Chunk{}); err != nil {
				return err
			}
		}
		t := TableInfo{Name: s.Name, Parts: o.parts[s.Name]}
		slices.SortFunc(t.Parts, func(a, b Part) int { return cmp.Compare(a.Name, b.Name) })
		for _, p := range t.Parts {
			t.Rows += p.Rows
			t.Bytes += p.Bytes
		}
		m.Tables = append(m.Tables, t)
	}
	if err := o.endLate(); err != nil {
		return err
	}
	for _, dir := range slices.Sorted(maps.Keys(o.folders)) {
		if err := o.syncDir(path.Join(o.gen, dir)); err != nil {
			return err
		}
	}
	book, err := table.CodebookJSON()
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{"codebook.json", book}, {"codebook.md", table.Codebook()}} {
		p, err := o.writeFile(path.Join(o.gen, f.name), f.data)
		if err != nil {
			return err
		}
		p.Name = f.name
		o.files = append(o.files, p)
	}
	m.Files = o.files
	slices.SortFunc(m.Files, func(a, b Part) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

// ShardFile is the file of a generation that says what joining shards takes.
const ShardFile = "shard.bin"

// Attach writes a further file of the generation.
func (o *Output) Attach(name string, write func(io.Writer) error) (err error) {
	w, err := o.create(path.Join(o.gen, name))
	if err != nil {
		return err
	}
	if err := write(w); err != nil {
		w.f.Close()
		return err
	}
	p, err := w.end()
	if err != nil {
		return err
	}
	p.Name = name
	o.files = append(o.files, p)
	return nil
}

// endFile writes the rest of a file and gives it its name.
func (o *Output) endFile(w *hashingWriter, name string, rest []byte) (Part, error) {
	if _, err := w.Write(rest); err != nil {
		w.f.Close()
		return Part{}, err
	}
	p, err := w.end()
	if err != nil {
		return Part{}, err
	}
	return p, o.fail("rename", name, p.Bytes, o.fs.Rename(w.name, name))
}

// hashingWriter hashes and counts what it writes.
type hashingWriter struct {
	o    *Output
	f    File
	name string
	sum  hash.Hash
	xx   *xxhash.Digest
	n    int64
}

func (w *hashingWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	w.sum.Write(p[:n])
	w.xx.Write(p[:n])
	w.n += int64(n)
	return n, w.o.fail("write", w.name, int64(len(p)), err)
}

// create begins a new file.
func (o *Output) create(name string) (*hashingWriter, error) {
	f, err := o.fs.Create(name)
	if err != nil {
		return nil, o.fail("create", name, 0, err)
	}
	return &hashingWriter{o: o, f: f, name: name, sum: sha256.New(), xx: xxhash.New()}, nil
}

// end has the file on disk before it returns what it is.
func (w *hashingWriter) end() (Part, error) {
	p := Part{Bytes: w.n, SHA256: hex.EncodeToString(w.sum.Sum(nil)), xxHash: w.xx.Sum64()}
	return p, w.o.settle(lateFile{w.f, w.name, w.n}, File.Sync)
}

func (o *Output) syncDir(name string) error { return o.fail("sync", name, 0, o.fs.SyncDir(name)) }

// publish moves the generation to its place and points current to it.
func (o *Output) publish(name string) error {
	if err := o.fs.Mkdir("gen"); err != nil && !errors.Is(err, fs.ErrExist) {
		return o.fail("create", "gen", 0, err)
	}
	if err := o.syncDir("."); err != nil {
		return err
	}
	if err := o.fs.Rename(o.gen, name); err != nil {
		return o.fail("rename", name, 0, err)
	}
	if err := o.syncDir("gen"); err != nil {
		return err
	}
	link := path.Join(o.staging, "current")
	if err := o.fs.Symlink(name, link); err != nil {
		return o.fail("link", link, 0, err)
	}
	// From here on the generation may be published whatever is returned.
	o.done = true
	if err := o.fs.Rename(link, "current"); err != nil {
		return o.fail("rename", "current", 0, err)
	}
	return o.syncDir(".")
}

// after writes the run's log, prunes old generations and clears staging. The
// generation is published, so errors are told but change nothing.
func (o *Output) after(r Report, g *Generation, gens []generation) error {
	var errs []error
	log, err := json.MarshalIndent(struct {
		Generation string `json:"generation"`
		Log        any    `json:"log"`
	}{path.Base(filepath.ToSlash(g.Path)), r.Log}, "", "  ")
	if err == nil {
		if err = o.fs.Mkdir("runs"); err == nil || errors.Is(err, fs.ErrExist) {
			_, err = o.writeFile(path.Join("runs", o.opts.Run+".json"), append(log, '\n'))
		}
	}
	errs = append(errs, err, o.keepUsed(g.Number, gens[max(0, len(gens)-o.opts.Keep):]))
	for _, old := range gens[:max(0, len(gens)-o.opts.Keep)] {
		name := path.Join("gen", old.name)
		errs = append(errs, o.fail("remove", name, 0, o.fs.RemoveAll(name)))
	}
	errs = append(errs, o.fail("remove", o.staging, 0, o.fs.RemoveAll(o.staging)))
	return errors.Join(errs...)
}

// generation is a folder under gen.
type generation struct {
	number int
	name   string
}

// generations lists the folders under gen by number.
func (o *Output) generations() ([]generation, error) {
	list, err := o.fs.ReadDir("gen")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, o.fail("read", "gen", 0, err)
	}
	var gens []generation
	for _, e := range list {
		number, _, found := strings.Cut(e.Name(), "-")
		if n, err := strconv.Atoi(number); err == nil && found && e.IsDir() {
			gens = append(gens, generation{n, e.Name()})
		}
	}
	slices.SortFunc(gens, func(a, b generation) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.name, b.name))
	})
	return gens, nil
}
