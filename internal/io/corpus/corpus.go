// Package corpus reads articles from files, folders, globs and standard
// input. A record that cannot be read becomes a model.Reject with its place
// in the input, and its neighbours are kept.
package corpus

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"stance/internal/model"
)

// Options say how inputs are read. The zero value reads every known format
// with the limits below.
type Options struct {
	From       string            // format of standard input and of files with an unknown ending: an ending without its dot, such as jsonl or csv.gz
	Fields     map[string]string // role (id, outlet, date, headline, text, url, byline, lang) to the name of the field that holds it
	StrictUTF8 bool              // reject records with invalid UTF-8 instead of replacing it
	MaxRecord  int64             // longest record in bytes; 0 means 128 MiB
	Limit      int64             // records to read; 0 means all
	Since      time.Time         // leave out articles published before; zero means none
	Until      time.Time         // leave out articles published at or after; zero means none
	Shard      int               // read articles of this shard, from 1 to Shards
	Shards     int               // 0 or 1 means no shards
	Stdin      io.Reader         // what "-" reads; nil means os.Stdin
}

// DefaultMaxRecord is the longest record read unless options say otherwise.
const DefaultMaxRecord = 128 << 20

// ErrInputMissing is wrapped by Open's error when an input does not exist or
// a glob or folder holds no article file.
var ErrInputMissing = errors.New("input missing")

// ErrOptions is wrapped by Open's error when options or inputs make no sense.
var ErrOptions = errors.New("invalid input options")

// Corpus is a set of inputs. Read may be called once.
type Corpus struct {
	opts    Options
	roles   roles
	files   []*file
	ignored int
	size    int64
	prompt  bool // records are handed on as soon as they have arrived
}

// file is one input and what became of it.
type file struct {
	path    string // as shown in tables
	open    string // as given to the operating system
	format  format
	packing packing
	fault   *fault // known before reading: not a regular file, unknown format
	size    int64
	begun   *begun        // not nil: the first lines are known
	wants   *model.Wanted // not nil: the records that are wanted of lines

	bytes            int64 // as stored; set when reading ends
	sum              string
	records, rejects atomic.Int64
}

// format is how records lie in a decompressed stream.
type format uint8

const (
	formatUnknown format = iota
	formatText
	formatLines
	formatArray
	formatCSV
	formatTSV
	formatHTML
	formatWARC
	formatParquet
	formatArrow
)

var formatNames = [...]string{"unknown", "txt", "jsonl", "json", "csv", "tsv", "html", "warc", "parquet", "arrow"}

// String returns the name that --from takes.
func (f format) String() string { return formatNames[f] }

// endings lists the file endings of each format.
var endings = []struct {
	ending string
	format format
}{
	{".txt", formatText}, {".text", formatText},
	{".jsonl", formatLines}, {".ndjson", formatLines}, {".json", formatArray},
	{".csv", formatCSV}, {".tsv", formatTSV},
	{".html", formatHTML}, {".htm", formatHTML}, {".xhtml", formatHTML}, {".warc", formatWARC}, {".wet", formatWARC},
	{".parquet", formatParquet}, {".arrow", formatArrow}, {".feather", formatArrow}, {".arrows", formatArrow}, {".ipc", formatArrow},
}

// packing is how a stream is compressed.
type packing uint8

const (
	packingNone packing = iota
	packingGzip
	packingZstd
	packingBzip2
)

var packings = []struct {
	ending  string
	packing packing
}{{".gz", packingGzip}, {".zst", packingZstd}, {".zstd", packingZstd}, {".bz2", packingBzip2}}

// Formats returns the names that Options.From takes.
func Formats() []string {
	var names []string
	for _, e := range endings {
		names = append(names, e.format.String())
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (o *Options) validate() error {
	if f, _ := classify("." + o.From); o.From != "" && f == formatUnknown {
		return fmt.Errorf("%w: format %q is unknown; known are %s, each also with .gz, .zst or .bz2 behind it", ErrOptions, o.From, strings.Join(Formats(), ", "))
	}
	if o.Shards < 0 || o.Shards > 1 && (o.Shard < 1 || o.Shard > o.Shards) {
		return fmt.Errorf("%w: shard %d of %d", ErrOptions, o.Shard, o.Shards)
	}
	if o.Limit < 0 || o.MaxRecord < 0 || o.MaxRecord >= 1<<30 {
		return fmt.Errorf("%w: limit %d, longest record %d", ErrOptions, o.Limit, o.MaxRecord)
	}
	if o.MaxRecord == 0 {
		o.MaxRecord = DefaultMaxRecord
	}
	if o.Stdin == nil {
		o.Stdin = os.Stdin
	}
	return nil
}

// Open finds the files behind inputs: files, folders (searched for known
// endings; links inside are not followed), globs, and "-" for standard input.
// Nothing is read yet. Its error wraps ErrInputMissing or ErrOptions.
func Open(inputs []string, opts Options) (*Corpus, error) {
	if err := opts.validate(); err != nil {
		return nil, err
	}
	roles, err := newRoles(opts.Fields)
	if err != nil {
		return nil, err
	}
	c := &Corpus{opts: opts, roles: roles}
	if len(inputs) == 0 {
		return nil, fmt.Errorf("%w: no input given", ErrInputMissing)
	}
	for _, in := range inputs {
		if err := c.add(in); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(c.files, func(a, b *file) int { return cmp.Compare(a.path, b.path) })
	c.files = slices.CompactFunc(c.files, func(a, b *file) bool { return a.path == b.path })
	for _, f := range c.files {
		c.size += f.size
	}
	return c, nil
}

func (c *Corpus) add(in string) error {
	if in == "-" {
		if c.opts.From == "" {
			return fmt.Errorf("%w: standard input needs --from with one of %s", ErrOptions, strings.Join(Formats(), ", "))
		}
		f := &file{path: "-"}
		f.format, f.packing = classify("." + c.opts.From)
		c.files = append(c.files, f)
		return nil
	}
	st, err := os.Stat(in)
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(in, "*?["):
		found, err := filepath.Glob(in)
		if err != nil {
			return fmt.Errorf("%w: pattern %q: %v", ErrOptions, in, err)
		}
		if len(found) == 0 {
			return fmt.Errorf("%w: no file matches %q", ErrInputMissing, in)
		}
		for _, f := range found {
			if err := c.add(f); err != nil {
				return err
			}
		}
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %q does not exist", ErrInputMissing, in)
	case err != nil:
		c.addFile(in, nil, fault{code: "E_OPEN", message: reason(err)})
		return nil
	case st.IsDir():
		return c.addFolder(in)
	case !st.Mode().IsRegular():
		c.addFile(in, st, fault{code: "E_NOT_REGULAR", message: "neither a regular file nor a folder"})
	default:
		c.addFile(in, st, fault{})
	}
	return nil
}

func (c *Corpus) addFolder(folder string) error {
	n := len(c.files)
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if path == folder {
				return fmt.Errorf("%w: %q: %s", ErrInputMissing, folder, reason(err))
			}
			c.addFile(path, nil, fault{code: "E_OPEN", message: reason(err)})
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if !d.Type().IsRegular() {
			c.ignored++
			return nil
		}
		if f, _ := classify(path); f == formatUnknown {
			c.ignored++
			return nil
		}
		st, err := d.Info()
		if err != nil {
			c.addFile(path, nil, fault{code: "E_OPEN", message: reason(err)})
			return nil
		}
		c.addFile(path, st, fault{})
		return nil
	})
	if err != nil {
		return err
	}
	if len(c.files) == n {
		return fmt.Errorf("%w: folder %q holds no file with a known ending (%s)", ErrInputMissing, folder, knownEndings())
	}
	return nil
}

func (c *Corpus) addFile(path string, st fs.FileInfo, ft fault) {
	f := &file{path: filepath.ToSlash(filepath.Clean(path)), open: path}
	f.format, f.packing = classify(path)
	if f.format == formatUnknown && c.opts.From != "" {
		pack := f.packing
		if f.format, f.packing = classify("." + c.opts.From); f.packing == packingNone {
			f.packing = pack
		}
	}
	switch {
	case ft.code != "":
		f.fault = &ft
	case f.format == formatUnknown:
		f.fault = &fault{code: "E_FORMAT", message: "unknown ending; known are " + knownEndings() + ", or give --from"}
	}
	if st != nil && st.Mode().IsRegular() {
		f.size = st.Size()
	}
	c.files = append(c.files, f)
}

// Size returns the stored bytes of all inputs whose size is known before
// reading.
func (c *Corpus) Size() int64 { return c.size }

// Ignored returns how many files in folders were left out because their
// ending is unknown or they are not regular files.
func (c *Corpus) Ignored() int { return c.ignored }

// Inputs returns, once Read has returned, each input as it was read, ordered
// by path.
func (c *Corpus) Inputs() []model.Input {
	in := make([]model.Input, len(c.files))
	for i, f := range c.files {
		in[i] = f.input()
	}
	return in
}

// input returns a file as it was read.
func (f *file) input() model.Input {
	return model.Input{Path: f.path, Format: f.format.String(), Bytes: f.bytes, SHA256: f.sum, Records: f.records.Load(), Rejects: f.rejects.Load()}
}

func classify(path string) (format, packing) {
	name := strings.ToLower(filepath.Base(path))
	pack := packingNone
	for _, p := range packings {
		if rest, ok := strings.CutSuffix(name, p.ending); ok {
			name, pack = rest, p.packing
			break
		}
	}
	for _, e := range endings {
		if strings.HasSuffix(name, e.ending) {
			return e.format, pack
		}
	}
	return formatUnknown, pack
}

func knownEndings() string {
	var s []string
	for _, e := range endings {
		s = append(s, e.ending)
	}
	return strings.Join(s, ", ")
}

// reason strips the operation and path of an error of the operating system,
// which messages give on their own.
func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err.Error()
	}
	return err.Error()
}

// workersFor bounds goroutines that decode.
func workersFor(n int) int {
	if n < 1 {
		n = runtime.GOMAXPROCS(0)
	}
	return n
}
