package columnar

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// OpenArrow opens an Arrow IPC file, or stream, of size bytes. Its error wraps
// ErrDamaged.
func OpenArrow(r io.ReaderAt, size int64, lim Limits) (f *File, err error) {
	defer contain(&err)
	mem := newCapped(lim)
	opts := arrowOptions(mem)
	head := make([]byte, 6)
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return nil, damaged(err)
	}
	file := bytes.Equal(head, []byte("ARROW1"))
	if err := checkArrow(r, size, file); err != nil {
		return nil, damaged(err)
	}
	if !file {
		return openStream(io.NewSectionReader(r, 0, size), opts)
	}
	fr, err := ipc.NewFileReader(io.NewSectionReader(r, 0, size), opts...)
	if err != nil {
		return nil, damaged(err)
	}
	f = arrowFile(fr.Schema(), func(i int) (arrow.RecordBatch, error) {
		if i >= fr.NumRecords() {
			return nil, io.EOF
		}
		return fr.RecordBatchAt(i)
	})
	f.close = func() { fr.Close() }
	return f, nil
}

// OpenArrowStream opens an Arrow IPC stream of unknown length. A record batch
// is read when it has arrived and not before it is asked for. The stream ends
// with its mark or with r, but never inside a message. Its error wraps
// ErrDamaged.
func OpenArrowStream(r io.Reader, lim Limits) (f *File, err error) {
	defer contain(&err)
	mem := newCapped(lim)
	return openStream(&checkedStream{r: r, limit: mem.left}, arrowOptions(mem))
}

func arrowOptions(mem *capped) []ipc.Option {
	return []ipc.Option{ipc.WithAllocator(mem), ipc.WithBodySizeLimit(mem.left), ipc.WithMetadataSizeLimit(maxMetadata), ipc.WithCompressConcurrency(1)}
}

// openStream opens a stream whose metadata were checked.
func openStream(r io.Reader, opts []ipc.Option) (*File, error) {
	sr, err := ipc.NewReader(r, opts...)
	if err != nil {
		return nil, damaged(err)
	}
	f := arrowFile(sr.Schema(), func(int) (arrow.RecordBatch, error) {
		if !sr.Next() {
			if err := sr.Err(); err != nil {
				return nil, err
			}
			return nil, io.EOF
		}
		rec := sr.RecordBatch()
		rec.Retain()
		return rec, nil
	})
	f.close = sr.Release
	return f, nil
}

// arrowFile is a file of record batches; next returns io.EOF after the last.
func arrowFile(sc *arrow.Schema, next func(i int) (arrow.RecordBatch, error)) *File {
	f := &File{Metadata: map[string]string{}, Rows: -1}
	md := sc.Metadata()
	for i, k := range md.Keys() {
		f.Metadata[k] = md.Values()[i]
	}
	for i, fd := range sc.Fields() {
		c := Column{Name: fd.Name, Nullable: fd.Nullable, index: i, Type: fd.Type.String()}
		c.Kind, c.Type = arrowKind(fd.Type)
		f.Columns = append(f.Columns, c)
	}
	f.read = func(ctx context.Context, cols []Column, take func(*Batch) error) error {
		b := &Batch{Columns: make([]Values, len(cols))}
		for i := 0; ; i++ {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			rec, err := next(i)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return damaged(err)
			}
			err = readRecord(rec, cols, b, take)
			rec.Release()
			if err != nil {
				return err
			}
		}
	}
	return f
}

func arrowKind(t arrow.DataType) (Kind, string) {
	switch t := t.(type) {
	case *arrow.StringType, *arrow.LargeStringType, *arrow.StringViewType:
		return Text, "string"
	case *arrow.BinaryType, *arrow.LargeBinaryType:
		return Text, "binary"
	case *arrow.BooleanType:
		return Bool, "bool"
	case *arrow.Int32Type, *arrow.Int64Type, *arrow.Int16Type, *arrow.Int8Type, *arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type:
		return Int, t.Name()
	case *arrow.Float32Type:
		return Float, "float32"
	case *arrow.Float64Type:
		return Float, "float64"
	case *arrow.Date32Type:
		return Time, "date32"
	case *arrow.TimestampType:
		zone := ""
		if t.TimeZone != "" {
			zone = ", " + t.TimeZone
		}
		return Time, "timestamp[" + t.Unit.String() + zone + "]"
	case *arrow.DictionaryType:
		if k, name := arrowKind(t.ValueType); k == Text {
			return Text, name
		}
	case *arrow.ListType:
		if k, name := arrowKind(t.Elem()); k == Text {
			return Texts, "list<" + name + ">"
		}
	}
	return Other, t.String()
}

// readRecord gives the rows of a record batch in batches.
func readRecord(rec arrow.RecordBatch, cols []Column, b *Batch, take func(*Batch) error) error {
	var values []func(int) string
	for _, c := range cols {
		if a := rec.Column(c.index); c.Kind == Text && int64(a.Len()) >= rec.NumRows() {
			value, _, _, err := accessors(a)
			if err != nil {
				return damaged(fmt.Errorf("column %q: %w", c.Name, err))
			}
			values = append(values, func(i int) string {
				if a.IsNull(i) {
					return ""
				}
				return value(i)
			})
		}
	}
	for from, to := int64(0), int64(0); from < rec.NumRows(); from = to {
		to = from + rowsOf(rec, values, from)
		b.Rows = int(to - from)
		for i := range cols {
			if err := readArray(rec.Column(cols[i].index), int(from), int(to), &b.Columns[i]); err != nil {
				return damaged(fmt.Errorf("column %q: %w", cols[i].Name, err))
			}
		}
		if err := take(b); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf returns how many rows from a row on make a batch. values give the
// texts of the columns that hold some.
func rowsOf(rec arrow.RecordBatch, values []func(int) string, from int64) int64 {
	n, text := min(batchRows, rec.NumRows()-from), 0
	for i := range n {
		for _, value := range values {
			if text += len(value(int(from + i))); text > batchText {
				return max(i, 1)
			}
		}
	}
	return n
}

// readArray reads the values from..to of an array.
func readArray(a arrow.Array, from, to int, v *Values) error {
	if a.Len() < to {
		return fmt.Errorf("%d values for %d rows", a.Len(), to)
	}
	*v = Values{Texts: v.Texts[:0], Lists: v.Lists[:0], Bools: v.Bools[:0], Ints: v.Ints[:0], Floats: v.Floats[:0], Set: v.Set[:0]}
	for i := from; i < to; i++ {
		v.Set = append(v.Set, a.IsValid(i))
	}
	if !slices.Contains(v.Set, false) {
		v.Set = nil
	}
	switch a := a.(type) {
	case *array.List:
		values, ok := a.ListValues().(array.StringLike)
		if !ok {
			return fmt.Errorf("a list of %s", a.DataType())
		}
		for i := from; i < to; i++ {
			var list []string
			if a.IsValid(i) {
				start, end := a.ValueOffsets(i)
				for j := start; j < end; j++ {
					list = append(list, strings.Clone(values.Value(int(j))))
				}
			}
			v.Lists = append(v.Lists, list)
		}
		return nil
	case *array.Boolean:
		for i := from; i < to; i++ {
			v.Bools = append(v.Bools, a.IsValid(i) && a.Value(i))
		}
		return nil
	}
	text, number, float, err := accessors(a)
	if err != nil {
		return err
	}
	for i := from; i < to; i++ {
		set := a.IsValid(i)
		switch {
		case text != nil && set:
			v.Texts = append(v.Texts, strings.Clone(text(i)))
		case text != nil:
			v.Texts = append(v.Texts, "")
		case number != nil && set:
			v.Ints = append(v.Ints, number(i))
		case number != nil:
			v.Ints = append(v.Ints, 0)
		case set:
			v.Floats = append(v.Floats, float(i))
		default:
			v.Floats = append(v.Floats, 0)
		}
	}
	return nil
}

// accessors returns how the values of an array are read, as one of its types.
func accessors(a arrow.Array) (text func(int) string, number func(int) int64, float func(int) float64, err error) {
	switch a := a.(type) {
	case *array.Dictionary:
		values, _, _, err := accessors(a.Dictionary())
		if err != nil || values == nil {
			return nil, nil, nil, fmt.Errorf("a dictionary of %s", a.Dictionary().DataType())
		}
		return func(i int) string { return values(a.GetValueIndex(i)) }, nil, nil, nil
	case *array.Binary:
		text = func(i int) string { return string(a.Value(i)) }
	case *array.LargeBinary:
		text = func(i int) string { return string(a.Value(i)) }
	case array.StringLike:
		text = a.Value
	case *array.Int8:
		number = func(i int) int64 { return int64(a.Value(i)) }
	case *array.Int16:
		number = func(i int) int64 { return int64(a.Value(i)) }
	case *array.Int32:
		number = func(i int) int64 { return int64(a.Value(i)) }
	case *array.Int64:
		number = a.Value
	case *array.Uint8:
		number = func(i int) int64 { return int64(a.Value(i)) }
	case *array.Uint16:
		number = func(i int) int64 { return int64(a.Value(i)) }
	case *array.Uint32:
		number = func(i int) int64 { return int64(a.Value(i)) }
	case *array.Float32:
		float = func(i int) float64 { return float64(a.Value(i)) }
	case *array.Float64:
		float = a.Value
	case *array.Date32:
		number = func(i int) int64 { return int64(a.Value(i)) * 86400e6 }
	case *array.Timestamp:
		s := scale{}
		switch a.DataType().(*arrow.TimestampType).Unit {
		case arrow.Second:
			s.times = 1e6
		case arrow.Millisecond:
			s.times = 1e3
		case arrow.Nanosecond:
			s.over = 1e3
		}
		number = func(i int) int64 { return s.micros(int64(a.Value(i))) }
	default:
		err = fmt.Errorf("type %s is not read", a.DataType())
	}
	return text, number, float, err
}
