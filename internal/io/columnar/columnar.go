// Package columnar reads Parquet and Arrow IPC files as Go slices, column by
// column. Files may be damaged or hostile: panics of the decoders become
// errors, and their memory is capped.
package columnar

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Kind is the Go type that a column is read as.
type Kind uint8

const (
	Other Kind = iota // nothing this package reads
	Text              // strings and byte strings: Values.Texts
	Texts             // lists of strings: Values.Lists
	Bool              // Values.Bools
	Int               // integers: Values.Ints
	Float             // Values.Floats
	Time              // timestamps and dates, as microseconds since 1970 in UTC: Values.Ints
)

// Column is a column of a file.
type Column struct {
	Name     string
	Type     string // as Arrow names it: string, list<string>, int32, timestamp[us, UTC] …
	Kind     Kind
	Nullable bool

	index int   // of the leaf in Parquet, of the field in Arrow
	scale scale // to microseconds
	def   int16 // level of a value that is set
	list  listLevels
}

// scale turns stored times into microseconds.
type scale struct{ times, over int64 }

func (s scale) micros(v int64) int64 {
	if s.over > 1 {
		q := v / s.over
		if v%s.over < 0 {
			q--
		}
		return q
	}
	return v * max(s.times, 1)
}

// listLevels are the definition levels of a list column from which on the
// list is there, has an element, and the element is set.
type listLevels struct{ there, element, set int16 }

// Values are the values of one column in a batch, one for each row. Where
// Set is not nil and false, the row is null and its value zero.
type Values struct {
	Texts  []string
	Lists  [][]string
	Bools  []bool
	Ints   []int64
	Floats []float64
	Set    []bool
}

// Null reports whether row i is null.
func (v *Values) Null(i int) bool { return v.Set != nil && !v.Set[i] }

// Batch is a number of rows. Its slices are reused by the next; its strings
// are not.
type Batch struct {
	Rows    int
	Columns []Values // in the order asked for
}

// Clone returns a copy that no other batch reuses.
func (b *Batch) Clone() *Batch {
	c := &Batch{b.Rows, slices.Clone(b.Columns)}
	for i := range c.Columns {
		v := &c.Columns[i]
		v.Texts, v.Bools, v.Ints, v.Floats, v.Set = slices.Clone(v.Texts), slices.Clone(v.Bools), slices.Clone(v.Ints), slices.Clone(v.Floats), slices.Clone(v.Set)
		v.Lists = slices.Clone(v.Lists)
		for j := range v.Lists {
			v.Lists[j] = slices.Clone(v.Lists[j])
		}
	}
	return c
}

// Limits bound what a file can cost. Zero means the default.
type Limits struct {
	Memory  int64 // held by decoders at a time, bytes; 0: 512 MiB
	Foreign bool  // the file is not our own: texts are read one by one, since a Parquet file can repeat a long one in every row
}

// ErrDamaged is wrapped by errors of files that cannot be read as what they
// claim to be.
var ErrDamaged = errors.New("damaged file")

// File is an open file.
type File struct {
	Columns  []Column
	Rows     int64
	Metadata map[string]string // key-value metadata
	read     func(ctx context.Context, cols []Column, take func(*Batch) error) error
	close    func()
}

// batchRows is the number of rows read at a time, at most; batchText is the
// text that they should hold and maxText what they may, in bytes.
const (
	batchRows = 1024
	batchText = 16 << 20
	maxText   = 192 << 20
)

// Read reads the named columns and gives batches of rows to take. An error of
// take ends reading and is returned as it is.
func (f *File) Read(ctx context.Context, names []string, take func(*Batch) error) (err error) {
	cols := make([]Column, len(names))
	for i, n := range names {
		at := slices.IndexFunc(f.Columns, func(c Column) bool { return c.Name == n })
		if at < 0 {
			return fmt.Errorf("%w: no column %q", ErrDamaged, n)
		}
		if cols[i] = f.Columns[at]; cols[i].Kind == Other {
			return fmt.Errorf("%w: column %q has type %s, which is not read", ErrDamaged, n, cols[i].Type)
		}
	}
	var failed error
	defer contain(&err)
	err = f.read(ctx, cols, func(b *Batch) error {
		failed = take(b)
		return failed
	})
	if failed != nil {
		return failed
	}
	return err
}

// Close gives back what the decoders hold.
func (f *File) Close() {
	defer func() { _ = recover() }() // decoders of damaged files may fail again
	if f.close != nil {
		f.close()
	}
}

// contain turns a panic of a decoder into an error.
func contain(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: %v", ErrDamaged, p)
	}
}

func damaged(err error) error {
	if err == nil || errors.Is(err, ErrDamaged) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %v", ErrDamaged, err)
}

// capped is an allocator with a limit. Beyond it, it panics, which contain
// catches: decoders have no other way to be told.
type capped struct {
	memory.Allocator
	left int64
}

func newCapped(l Limits) *capped {
	n := l.Memory
	if n <= 0 {
		n = 512 << 20
	}
	return &capped{Allocator: memory.NewGoAllocator(), left: n}
}

var errMemory = errors.New("the file asks for more memory than it may have")

func (c *capped) Allocate(size int) []byte {
	if c.left -= int64(size); c.left < 0 {
		panic(errMemory)
	}
	return c.Allocator.Allocate(size)
}

func (c *capped) Reallocate(size int, b []byte) []byte {
	if c.left -= int64(size - len(b)); c.left < 0 {
		panic(errMemory)
	}
	return c.Allocator.Reallocate(size, b)
}

func (c *capped) Free(b []byte) {
	c.left += int64(len(b))
	c.Allocator.Free(b)
}
