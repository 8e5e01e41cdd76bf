package table

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"stance/internal/model"
)

// Nested is the stream that has one row for each record: the columns of the
// article, and for every other table of an article a list of its rows.
const Nested = "nested"

// errorColumn is the last column of every stream: why a record has no result.
const errorColumn = "error"

// Columns that a stream leaves out. What depends on the whole corpus or on the
// input file means nothing for records that pass by, the text is with the
// caller, and rows in a list need not repeat what stands beside the list.
var (
	notNested = []string{"source_path", "record_no", "duplicate_of", "duplicate_similarity", "text"}
	notListed = []string{"article_id", "outlet", "pub_date"}
)

// listed are the tables whose rows belong to one article.
var listed = []string{Sentences, Mentions, Tones, Stances, Quotes, ArticleParties, Dyads}

// Streams returns the names that NewStream takes.
func Streams() []string { return append(slices.Clone(listed), Nested) }

// Stream describes rows of one table on their way to another program, as an
// Arrow IPC stream or as JSON Lines. Every column may be null: a record that
// could not be analysed is a row of nulls but for its article_id, if it is
// known, and the column error. A Stream is immutable.
type Stream struct {
	name    string
	format  StreamFormat
	content Content
	schema  *arrow.Schema
	parts   []streamPart
}

// StreamFormat is how a stream is encoded.
type StreamFormat uint8

const (
	StreamArrow StreamFormat = iota // Arrow IPC stream
	StreamJSONL                     // an object a row; values as Export writes them
)

// streamPart is a column of a table, or in a nested stream all of a table.
type streamPart struct {
	table   int   // index in Tables.All
	columns []int // of the table
	list    bool  // the rows are a list in one row
}

// NewStream returns the stream of a table that Streams lists.
func NewStream(name string, f StreamFormat, c Content, meta Metadata) (*Stream, error) {
	if !slices.Contains(Streams(), name) {
		return nil, fmt.Errorf("no stream %q", name)
	}
	s := &Stream{name: name, format: f, content: c}
	var fields []arrow.Field
	for t, sc := range Schemas() {
		switch {
		case name == sc.Name:
			fields = s.addColumns(fields, t, &sc, nil)
		case name != Nested:
		case sc.Name == Articles:
			fields = s.addColumns(fields, t, &sc, notNested)
		case slices.Contains(listed, sc.Name):
			p := streamPart{table: t, list: true}
			var members []arrow.Field
			for i := range sc.Columns {
				if c := &sc.Columns[i]; !slices.Contains(notListed, c.Name) {
					members = append(members, c.streamField())
					p.columns = append(p.columns, i)
				}
			}
			fields = append(fields, arrow.Field{Name: sc.Name, Type: nullableList(arrow.StructOf(members...)), Nullable: true})
			s.parts = append(s.parts, p)
		}
	}
	fields = append(fields, arrow.Field{Name: errorColumn, Type: arrow.BinaryTypes.String, Nullable: true})
	keys, values := meta.pairs()
	md := arrow.NewMetadata(keys, values)
	s.schema = arrow.NewSchema(fields, &md)
	return s, nil
}

func (s *Stream) addColumns(fields []arrow.Field, t int, sc *Schema, but []string) []arrow.Field {
	for i := range sc.Columns {
		if c := &sc.Columns[i]; !slices.Contains(but, c.Name) {
			fields = append(fields, c.streamField())
			s.parts = append(s.parts, streamPart{table: t, columns: []int{i}})
		}
	}
	return fields
}

// streamField is nullable to its elements: engines compare schemas strictly,
// and Spark takes elements of lists for nullable.
func (c *Column) streamField() arrow.Field {
	t := c.Kind.arrow()
	if c.Kind == Strings {
		t = nullableList(arrow.BinaryTypes.String)
	}
	return arrow.Field{Name: c.Name, Type: t, Nullable: true}
}

func nullableList(element arrow.DataType) arrow.DataType {
	return arrow.ListOfField(arrow.Field{Name: "element", Type: element, Nullable: true})
}

// Head returns what comes before the first rows: the schema, or nothing.
func (s *Stream) Head() ([]byte, error) {
	if s.format == StreamJSONL {
		return nil, nil
	}
	p := ipc.GetSchemaPayload(s.schema, memory.DefaultAllocator)
	defer p.Release()
	return payload(&p)
}

// Tail returns what comes after the last rows.
func (s *Stream) Tail() []byte {
	if s.format == StreamJSONL {
		return nil
	}
	return []byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0} // end of stream
}

func payload(p *ipc.Payload) ([]byte, error) {
	var b bytes.Buffer
	_, err := p.WritePayload(&b)
	return b.Bytes(), err
}

// StreamRows gathers rows of a stream. It serves one goroutine.
type StreamRows struct {
	s      *Stream
	tables *Tables
	b      *array.RecordBuilder
}

// NewRows returns no rows of the stream.
func (s *Stream) NewRows() *StreamRows {
	return &StreamRows{s: s, tables: NewTables(s.content), b: array.NewRecordBuilder(memory.DefaultAllocator, s.schema)}
}

// Add adds the rows of a result. Its strings must stay as they are until
// Encode returns.
func (r *StreamRows) Add(res *model.Result) error {
	r.tables.Add(res)
	if r.s.name == Nested && !res.Piece.More {
		return r.move()
	}
	return nil
}

// Reject adds the row of a record that has no result.
func (r *StreamRows) Reject(rej *model.Reject) error {
	if err := r.move(); err != nil {
		return err
	}
	for i, f := range r.s.schema.Fields() {
		switch {
		case f.Name == "article_id" && rej.ArticleID != "":
			r.b.Field(i).(*array.StringBuilder).Append(rej.ArticleID)
		case f.Name == errorColumn:
			r.b.Field(i).(*array.StringBuilder).Append(rej.Message + " [" + rej.Code + "]")
		default:
			r.b.Field(i).AppendNull()
		}
	}
	return nil
}

// move hands the rows of the tables on to the builders, if there are any.
func (r *StreamRows) move() error {
	defer r.tables.Reset()
	all, n := r.tables.All(), 0
	for i, p := range r.s.parts {
		rows, b := all[p.table], r.b.Field(i)
		if !p.list {
			if n = rows.n; n == 0 {
				return nil
			}
			if err := appendColumn(b, &rows.cols[p.columns[0]], n); err != nil {
				return err
			}
			continue
		}
		list := b.(*array.ListBuilder)
		list.Append(true)
		row := list.ValueBuilder().(*array.StructBuilder)
		for j, c := range p.columns {
			if err := appendColumn(row.FieldBuilder(j), &rows.cols[c], rows.n); err != nil {
				return err
			}
		}
		for range rows.n {
			row.Append(true)
		}
	}
	for range n {
		r.b.Field(len(r.s.parts)).AppendNull()
	}
	return nil
}

// Encode returns the rows added since the last call and drops them. No rows
// are no bytes.
func (r *StreamRows) Encode() ([]byte, error) {
	if err := r.move(); err != nil {
		return nil, err
	}
	rec := r.b.NewRecordBatch()
	defer rec.Release()
	if rec.NumRows() == 0 {
		return nil, nil
	}
	if r.s.format == StreamJSONL {
		return appendRecord(nil, rec), nil
	}
	p, err := ipc.GetRecordBatchPayload(rec)
	if err != nil {
		return nil, err
	}
	defer p.Release()
	return payload(&p)
}

// appendRecord appends the rows of a record batch as JSON Lines.
func appendRecord(dst []byte, rec arrow.RecordBatch) []byte {
	for row := range int(rec.NumRows()) {
		for i, c := range rec.Columns() {
			dst = append(appendJSON(append(dst, "{,"[min(i, 1)]), rec.ColumnName(i)), ':')
			dst = appendValue(dst, c, row)
		}
		dst = append(dst, "}\n"...)
	}
	return dst
}

// appendValue appends a value as JSON, as Export renders it.
func appendValue(dst []byte, a arrow.Array, i int) []byte {
	if a.IsNull(i) {
		return append(dst, "null"...)
	}
	switch a := a.(type) {
	case *array.String:
		return appendJSON(dst, a.Value(i))
	case *array.Boolean:
		return strconv.AppendBool(dst, a.Value(i))
	case *array.Int32:
		return strconv.AppendInt(dst, int64(a.Value(i)), 10)
	case *array.Int64:
		return strconv.AppendInt(dst, a.Value(i), 10)
	case *array.Float32:
		x := float64(a.Value(i))
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return append(dst, "null"...)
		}
		return strconv.AppendFloat(dst, x, 'g', -1, 32)
	case *array.Date32:
		return appendJSON(dst, a.Value(i).ToTime().Format(time.DateOnly))
	case *array.Timestamp:
		return appendJSON(dst, time.UnixMicro(int64(a.Value(i))).UTC().Format(time.RFC3339Nano))
	case *array.List:
		dst = append(dst, '[')
		from, to := a.ValueOffsets(i)
		for j := from; j < to; j++ {
			if j > from {
				dst = append(dst, ',')
			}
			dst = appendValue(dst, a.ListValues(), int(j))
		}
		return append(dst, ']')
	case *array.Struct:
		for j, f := range a.DataType().(*arrow.StructType).Fields() {
			dst = append(appendJSON(append(dst, "{,"[min(j, 1)]), f.Name), ':')
			dst = appendValue(dst, a.Field(j), i)
		}
		return append(dst, '}')
	}
	panic(fmt.Sprintf("no JSON of %s", a.DataType())) // a mistake of this package
}
