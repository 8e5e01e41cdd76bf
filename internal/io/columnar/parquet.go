package columnar

import (
	"context"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// OpenParquet opens a Parquet file of size bytes. Its error wraps ErrDamaged.
func OpenParquet(r io.ReaderAt, size int64, lim Limits) (f *File, err error) {
	defer contain(&err)
	mem := newCapped(lim)
	props := parquet.NewReaderProperties(mem)
	props.BufferedStreamEnabled = true
	props.MaxCompressedPageSize, props.MaxUncompressedPageSize = 128<<20, 160<<20
	pr, err := file.NewParquetReader(io.NewSectionReader(r, 0, size), file.WithReadProps(props))
	if err != nil {
		return nil, damaged(err)
	}
	f = &File{Rows: pr.NumRows(), Metadata: map[string]string{}, close: func() { pr.Close() }}
	meta := pr.MetaData()
	if kv := meta.KeyValueMetadata(); kv != nil {
		for i, k := range kv.Keys() {
			f.Metadata[k] = kv.Values()[i]
		}
	}
	root := meta.Schema.Root()
	for i := range root.NumFields() {
		f.Columns = append(f.Columns, parquetColumn(root.Field(i), meta.Schema))
	}
	f.read = func(ctx context.Context, cols []Column, take func(*Batch) error) error {
		for g := range pr.NumRowGroups() {
			if err := readGroup(ctx, pr.RowGroup(g), cols, lim.Foreign, take); err != nil {
				return damaged(err)
			}
		}
		return nil
	}
	return f, nil
}

func parquetColumn(n schema.Node, s *schema.Schema) Column {
	c := Column{Name: n.Name(), Nullable: n.RepetitionType() == parquet.Repetitions.Optional, Type: "nested"}
	leaf, ok := n.(*schema.PrimitiveNode)
	path := n.Name()
	if !ok {
		if leaf, path = listLeaf(n); leaf == nil {
			return c
		}
		c.Kind = Texts
	}
	for i := range s.NumColumns() {
		if col := s.Column(i); col.Path() == path {
			c.index, c.def = i, col.MaxDefinitionLevel()
		}
	}
	if c.Kind == Texts {
		c.Type = "list<string>"
		if leaf.PhysicalType() != parquet.Types.ByteArray {
			c.Kind = Other
		}
		if c.Nullable {
			c.list.there = 1
		}
		c.list.element, c.list.set = c.list.there+1, c.def
		return c
	}
	if n.RepetitionType() == parquet.Repetitions.Repeated {
		return c
	}
	logical := leaf.LogicalType()
	c.Type = leaf.PhysicalType().String()
	switch leaf.PhysicalType() {
	case parquet.Types.ByteArray:
		c.Kind, c.Type = Text, "binary"
		if _, ok := logical.(schema.StringLogicalType); ok {
			c.Type = "string"
		}
	case parquet.Types.Boolean:
		c.Kind, c.Type = Bool, "bool"
	case parquet.Types.Float:
		c.Kind, c.Type = Float, "float32"
	case parquet.Types.Double:
		c.Kind, c.Type = Float, "float64"
	case parquet.Types.Int32:
		c.Kind, c.Type = Int, "int32"
		if _, ok := logical.(schema.DateLogicalType); ok {
			c.Kind, c.Type, c.scale = Time, "date32", scale{times: 86400e6}
		}
	case parquet.Types.Int64:
		c.Kind, c.Type = Int, "int64"
		if t, ok := logical.(schema.TimestampLogicalType); ok {
			c.Kind = Time
			zone := ""
			if t.IsAdjustedToUTC() {
				zone = ", UTC"
			}
			switch t.TimeUnit() {
			case schema.TimeUnitMillis:
				c.Type, c.scale = "timestamp[ms"+zone+"]", scale{times: 1000}
			case schema.TimeUnitNanos:
				c.Type, c.scale = "timestamp[ns"+zone+"]", scale{over: 1000}
			default:
				c.Type = "timestamp[us" + zone + "]"
			}
		}
	}
	return c
}

// listLeaf returns the leaf of a list of plain values and its path.
func listLeaf(n schema.Node) (*schema.PrimitiveNode, string) {
	g, ok := n.(*schema.GroupNode)
	if _, list := n.LogicalType().(schema.ListLogicalType); !ok || !list || g.NumFields() != 1 {
		return nil, ""
	}
	mid, ok := g.Field(0).(*schema.GroupNode)
	if !ok || mid.NumFields() != 1 || mid.RepetitionType() != parquet.Repetitions.Repeated {
		return nil, ""
	}
	leaf, ok := mid.Field(0).(*schema.PrimitiveNode)
	if !ok || leaf.RepetitionType() == parquet.Repetitions.Repeated {
		return nil, ""
	}
	return leaf, g.Name() + "." + mid.Name() + "." + leaf.Name()
}

// readGroup reads one row group in batches.
func readGroup(ctx context.Context, rg *file.RowGroupReader, cols []Column, foreign bool, take func(*Batch) error) error {
	rows := rg.NumRows()
	if rows < 0 {
		return fmt.Errorf("a row group of %d rows", rows)
	}
	chunks := make([]chunkReader, len(cols))
	for i := range cols {
		cr, err := rg.Column(cols[i].index)
		if err != nil {
			return err
		}
		chunks[i] = chunkReader{col: &cols[i], cr: cr, foreign: foreign}
	}
	size := int64(0) // of the texts, as the file says
	for i := range cols {
		if meta, err := rg.MetaData().ColumnChunk(cols[i].index); err == nil && cols[i].Kind == Text {
			size += max(0, min(meta.TotalUncompressedSize(), 1<<40))
		}
	}
	most := max(1, min(batchRows, batchText/(1+size/max(1, rows))))
	b := &Batch{Columns: make([]Values, len(cols))}
	for rows > 0 {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		b.Rows = int(min(rows, most))
		for i := range chunks {
			if err := chunks[i].read(b.Rows, &b.Columns[i]); err != nil {
				return fmt.Errorf("column %q: %w", cols[i].Name, err)
			}
		}
		if err := take(b); err != nil {
			return err
		}
		rows -= int64(b.Rows)
	}
	return nil
}

// chunkReader reads a column of a row group row by row.
type chunkReader struct {
	col      *Column
	cr       file.ColumnChunkReader
	def, rep []int16
	bytes    []parquet.ByteArray
	text     int  // bytes of text in the batch
	foreign  bool // as in Limits
	bools    []bool
	i32      []int32
	i64      []int64
	f32      []float32
	f64      []float64
	pending  []string // a list whose end is not seen yet
	open     bool     // there is one
	null     bool     // and it is null
}

// read reads rows into v.
func (c *chunkReader) read(rows int, v *Values) error {
	v.Texts, v.Lists, v.Bools, v.Ints, v.Floats = v.Texts[:0], v.Lists[:0], v.Bools[:0], v.Ints[:0], v.Floats[:0]
	v.Set, c.text = v.Set[:0], 0
	if !c.col.Nullable {
		v.Set = nil
	}
	if c.col.Kind == Texts {
		return c.readLists(rows, v)
	}
	for have := 0; have < rows; {
		n, err := c.step(rows-have, v)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("%d rows are missing", rows-have)
		}
		have += n
	}
	return nil
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// spread appends rows values of which those at the full level come from get.
func spread[T any](c *chunkReader, dst []T, total, values int, get func(i int) T, v *Values) ([]T, error) {
	next := 0
	for i := range total {
		set := c.col.def == 0 || c.def[i] == c.col.def
		if c.col.Nullable {
			v.Set = append(v.Set, set)
		}
		if !set {
			var none T
			dst = append(dst, none)
			continue
		}
		if next >= values {
			return dst, fmt.Errorf("%d values where levels promise more", values)
		}
		dst = append(dst, get(next))
		next++
	}
	return dst, nil
}

// step reads up to n rows of a flat column and returns how many.
func (c *chunkReader) step(n int, v *Values) (int, error) {
	c.def = sized(c.def, n)
	var total int64
	var values int
	var err error
	fail := func(e error) (int, error) {
		if err == nil {
			err = e
		}
		return int(total), err
	}
	switch cr := c.cr.(type) {
	case *file.ByteArrayColumnChunkReader:
		// The library copies what it gives, beside the allocator.
		if c.foreign {
			n = 1
		}
		c.bytes = sized(c.bytes, n)
		if total, values, err = cr.ReadBatch(int64(n), c.bytes, c.def, nil); err == nil {
			for _, b := range c.bytes[:values] {
				c.text += len(b)
			}
			if c.text > maxText {
				return fail(fmt.Errorf("%d rows with more than %d bytes of text", len(v.Texts)+1, maxText))
			}
			v.Texts, err = spread(c, v.Texts, int(total), values, func(i int) string { return string(c.bytes[i]) }, v)
		}
	case *file.BooleanColumnChunkReader:
		c.bools = sized(c.bools, n)
		if total, values, err = cr.ReadBatch(int64(n), c.bools, c.def, nil); err == nil {
			v.Bools, err = spread(c, v.Bools, int(total), values, func(i int) bool { return c.bools[i] }, v)
		}
	case *file.Int32ColumnChunkReader:
		c.i32 = sized(c.i32, n)
		if total, values, err = cr.ReadBatch(int64(n), c.i32, c.def, nil); err == nil {
			v.Ints, err = spread(c, v.Ints, int(total), values, func(i int) int64 { return c.col.scale.micros(int64(c.i32[i])) }, v)
		}
	case *file.Int64ColumnChunkReader:
		c.i64 = sized(c.i64, n)
		if total, values, err = cr.ReadBatch(int64(n), c.i64, c.def, nil); err == nil {
			v.Ints, err = spread(c, v.Ints, int(total), values, func(i int) int64 { return c.col.scale.micros(c.i64[i]) }, v)
		}
	case *file.Float32ColumnChunkReader:
		c.f32 = sized(c.f32, n)
		if total, values, err = cr.ReadBatch(int64(n), c.f32, c.def, nil); err == nil {
			v.Floats, err = spread(c, v.Floats, int(total), values, func(i int) float64 { return float64(c.f32[i]) }, v)
		}
	case *file.Float64ColumnChunkReader:
		c.f64 = sized(c.f64, n)
		if total, values, err = cr.ReadBatch(int64(n), c.f64, c.def, nil); err == nil {
			v.Floats, err = spread(c, v.Floats, int(total), values, func(i int) float64 { return c.f64[i] }, v)
		}
	default:
		return fail(fmt.Errorf("type %T is not read", c.cr))
	}
	return fail(err)
}

// readLists reads rows of a list column. The end of a list is seen only at
// the begin of the next, so one may be left over for the next batch.
func (c *chunkReader) readLists(rows int, v *Values) error {
	cr, ok := c.cr.(*file.ByteArrayColumnChunkReader)
	if !ok {
		return fmt.Errorf("type %T is not read as a list", c.cr)
	}
	done := func() {
		list := c.pending
		v.Lists = append(v.Lists, list)
		if c.col.Nullable {
			v.Set = append(v.Set, !c.null)
		}
		c.pending, c.open, c.null = nil, false, false
	}
	for len(v.Lists) < rows {
		// One level at a time past the rows wanted would be lost, so read
		// no more levels than rows are missing.
		n := rows - len(v.Lists)
		c.def, c.rep, c.bytes = sized(c.def, n), sized(c.rep, n), sized(c.bytes, n)
		total, values, err := cr.ReadBatch(int64(n), c.bytes, c.def, c.rep)
		if err != nil {
			return err
		}
		if total == 0 {
			if c.open && len(v.Lists) == rows-1 {
				done()
				return nil
			}
			return fmt.Errorf("%d rows are missing", rows-len(v.Lists))
		}
		next := 0
		for i := range int(total) {
			if c.rep[i] == 0 {
				if c.open {
					done()
				}
				c.open, c.null = true, c.def[i] < c.col.list.there
			}
			switch {
			case c.def[i] == c.col.list.set:
				if next >= values {
					return fmt.Errorf("%d values where levels promise more", values)
				}
				c.pending = append(c.pending, string(c.bytes[next]))
				next++
			case c.def[i] >= c.col.list.element:
				c.pending = append(c.pending, "")
			}
		}
	}
	return nil
}
