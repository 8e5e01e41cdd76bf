package table

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// arrowFile is an Arrow IPC file of one record batch for each row group.
type arrowFile struct {
	schema *arrow.Schema
	fw     *ipc.FileWriter
}

// onlyWriter hides the other methods of a writer, which the library would
// close.
type onlyWriter struct{ io.Writer }

func (e *Encoder) beginArrow(w io.Writer) (groups, error) {
	sc := e.schema.Arrow(e.meta)
	fw, err := ipc.NewFileWriter(onlyWriter{w}, ipc.WithSchema(sc), ipc.WithZstd())
	return &arrowFile{sc, fw}, err
}

func (f *arrowFile) add(rows *Rows) error {
	b := array.NewRecordBuilder(memory.DefaultAllocator, f.schema)
	defer b.Release()
	b.Reserve(rows.n)
	for i := range rows.cols {
		if err := appendColumn(b.Field(i), &rows.cols[i], rows.n); err != nil {
			return fmt.Errorf("column %s: %w", f.schema.Field(i).Name, err)
		}
	}
	rec := b.NewRecordBatch()
	defer rec.Release()
	return f.fw.Write(rec)
}

func (f *arrowFile) close() error { return f.fw.Close() }

// appendColumn spreads the dense values of c over n rows.
func appendColumn(b array.Builder, c *column, n int) error {
	spread := func(add func(i int)) {
		next := 0
		for row := range n {
			if len(c.def) > 0 && c.def[row] == 0 {
				b.AppendNull()
				continue
			}
			add(next)
			next++
		}
	}
	switch b := b.(type) {
	case *array.ListBuilder:
		element, ok := b.ValueBuilder().(*array.StringBuilder)
		if !ok {
			return fmt.Errorf("a list of %T", b.ValueBuilder())
		}
		next := 0
		for i := range c.def {
			if c.rep[i] == 0 {
				b.Append(true)
			}
			if c.def[i] == 1 {
				element.Append(c.string(next))
				next++
			}
		}
	case *array.StringBuilder:
		spread(func(i int) { b.Append(c.string(i)) })
	case *array.BinaryBuilder:
		spread(func(i int) { b.Append(bytesOf(c.text[i])) })
	case *array.BooleanBuilder:
		spread(func(i int) { b.Append(c.bools[i]) })
	case *array.Int32Builder:
		spread(func(i int) { b.Append(c.i32[i]) })
	case *array.Date32Builder:
		spread(func(i int) { b.Append(arrow.Date32(c.i32[i])) })
	case *array.Int64Builder:
		spread(func(i int) { b.Append(c.i64[i]) })
	case *array.TimestampBuilder:
		spread(func(i int) { b.Append(arrow.Timestamp(c.i64[i])) })
	case *array.Float32Builder:
		spread(func(i int) { b.Append(c.f32[i]) })
	default:
		return fmt.Errorf("no builder for %T", b)
	}
	return nil
}
