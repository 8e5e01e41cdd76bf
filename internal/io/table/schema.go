// Package table describes the output tables, fills them from results,
// encodes them as Parquet or Arrow IPC files and reads them back. The
// description of a column is the one source of its type in files, of the
// codebook and of what the command line prints about it.
package table

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// Version is the schema version of the tables, stored in every file.
const Version = "1"

// Kind is the type of a column.
type Kind uint8

const (
	String  Kind = iota // UTF-8
	Strings             // list of UTF-8
	Bool
	Int32
	Int64
	Float32
	Date   // days since 1970-01-01
	Time   // microseconds since 1970-01-01T00:00:00Z
	Binary // bytes
)

var kindNames = [...]string{"string", "list<string>", "bool", "int32", "int64", "float32", "date32", "timestamp[us, UTC]", "binary"}

// String returns the name of the type in Arrow's words.
func (k Kind) String() string { return kindNames[k] }

// Column describes one column.
type Column struct {
	Name     string `json:"name"`
	Kind     Kind   `json:"-"`
	Null     bool   `json:"nullable"`
	Meaning  string `json:"meaning"`
	Unit     string `json:"unit,omitempty"`      // code points, bytes, articles …
	Values   string `json:"values,omitempty"`    // what can stand in it
	NullRule string `json:"null_rule,omitempty"` // when it is null
	Example  string `json:"example"`

	few   bool // few different strings: dictionary-encoded; all lists are
	bloom bool // looked up by value: bloom filter
	long  bool // free text: no statistics
}

// Schema describes one table.
type Schema struct {
	Name    string   `json:"name"`
	Meaning string   `json:"meaning"` // what one row is
	Key     []string `json:"key"`     // columns that together are unique
	Order   []string `json:"order"`   // columns that rows are sorted by
	Columns []Column `json:"columns"`
}

// Column returns the column of a name and its index, or -1.
func (s *Schema) Column(name string) (Column, int) {
	i := slices.IndexFunc(s.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}, -1
	}
	return s.Columns[i], i
}

// Find returns the schema of a table, or nil.
func Find(name string) *Schema {
	for _, s := range Schemas() {
		if s.Name == name {
			return &s
		}
	}
	return nil
}

// Arrow returns the schema in Arrow's terms, with metadata.
func (s *Schema) Arrow(meta Metadata) *arrow.Schema {
	fields := make([]arrow.Field, len(s.Columns))
	for i, c := range s.Columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Kind.arrow(), Nullable: c.Null}
	}
	keys, values := meta.pairs()
	md := arrow.NewMetadata(keys, values)
	return arrow.NewSchema(fields, &md)
}

func (k Kind) arrow() arrow.DataType {
	switch k {
	case Strings:
		return arrow.ListOfField(arrow.Field{Name: "element", Type: arrow.BinaryTypes.String})
	case Bool:
		return arrow.FixedWidthTypes.Boolean
	case Int32:
		return arrow.PrimitiveTypes.Int32
	case Int64:
		return arrow.PrimitiveTypes.Int64
	case Float32:
		return arrow.PrimitiveTypes.Float32
	case Date:
		return arrow.FixedWidthTypes.Date32
	case Time:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case Binary:
		return arrow.BinaryTypes.Binary
	default:
		return arrow.BinaryTypes.String
	}
}

// parquet returns the schema in Parquet's terms.
func (s *Schema) parquet() (*schema.GroupNode, error) {
	fields := make(schema.FieldList, 0, len(s.Columns))
	for _, c := range s.Columns {
		n, err := c.parquet()
		if err != nil {
			return nil, err
		}
		fields = append(fields, n)
	}
	return schema.NewGroupNode(s.Name, parquet.Repetitions.Required, fields, -1)
}

func (c *Column) parquet() (schema.Node, error) {
	rep := parquet.Repetitions.Required
	if c.Null {
		rep = parquet.Repetitions.Optional
	}
	if c.Kind == Strings {
		element, err := schema.NewPrimitiveNodeLogical("element", parquet.Repetitions.Required, schema.StringLogicalType{}, parquet.Types.ByteArray, -1, -1)
		if err != nil {
			return nil, err
		}
		return schema.ListOfWithName(c.Name, element, rep, -1)
	}
	var logical schema.LogicalType
	physical := parquet.Types.ByteArray
	switch c.Kind {
	case String:
		logical = schema.StringLogicalType{}
	case Bool:
		physical = parquet.Types.Boolean
	case Int32:
		physical = parquet.Types.Int32
	case Int64:
		physical = parquet.Types.Int64
	case Float32:
		physical = parquet.Types.Float
	case Date:
		logical, physical = schema.DateLogicalType{}, parquet.Types.Int32
	case Time:
		logical, physical = schema.NewTimestampLogicalType(true, schema.TimeUnitMicros), parquet.Types.Int64
	}
	return schema.NewPrimitiveNodeLogical(c.Name, rep, logical, physical, -1, -1)
}
