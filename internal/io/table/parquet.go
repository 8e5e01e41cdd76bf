package table

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// Format is the file format of a part.
type Format uint8

const (
	Parquet Format = iota
	ArrowIPC
)

// Ending returns the ending of the format's files.
func (f Format) Ending() string { return [...]string{".parquet", ".arrow"}[f] }

// Metadata is stored with every file. It holds nothing of the clock, the
// machine or the number of workers.
type Metadata struct {
	ToolVersion string `json:"tool_version"`
	RulesHash   string `json:"rules_hash"`
	LexiconHash string `json:"lexicon_hash"`
	ModelHash   string `json:"model_hash"`
}

func (m Metadata) pairs() (keys, values []string) {
	return []string{"schema_version", "tool_version", "rules_hash", "lexicon_hash", "model_hash"},
		[]string{Version, m.ToolVersion, m.RulesHash, m.LexiconHash, m.ModelHash}
}

// rowGroup bounds the rows of a row group. A chunk's rows are far fewer.
const rowGroup = 1 << 20

// Encoder encodes parts of one table. It is not safe for concurrent use.
type Encoder struct {
	schema *Schema
	meta   Metadata
	format Format
	root   *schema.GroupNode
	bytes  []parquet.ByteArray // scratch
}

// NewEncoder returns an encoder of a table's parts.
func NewEncoder(s *Schema, f Format, meta Metadata) (*Encoder, error) {
	root, err := s.parquet()
	if err != nil {
		return nil, fmt.Errorf("schema of table %s: %w", s.Name, err)
	}
	return &Encoder{schema: s, meta: meta, format: f, root: root}, nil
}

// Encode writes rows as one file to w. It does not close w.
func (e *Encoder) Encode(w io.Writer, rows *Rows) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("encoding table %s: %v", e.schema.Name, p)
		}
	}()
	if e.format == ArrowIPC {
		return e.encodeArrow(w, rows)
	}
	return e.encodeParquet(w, rows)
}

func (e *Encoder) properties(rows int) *parquet.WriterProperties {
	props := []parquet.WriterProperty{
		parquet.WithCreatedBy("stance " + e.meta.ToolVersion),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCompressionLevel(zstdLevel),
		parquet.WithDictionaryDefault(false),
		parquet.WithPageIndexEnabled(true),
		parquet.WithMaxRowGroupLength(rowGroup),
		parquet.WithBatchSize(4096),
	}
	for i := range e.schema.Columns {
		c := &e.schema.Columns[i]
		path := c.Name
		if c.Kind == Strings {
			path += ".list.element"
		}
		if c.few {
			props = append(props, parquet.WithDictionaryFor(path, true))
		}
		if c.long {
			props = append(props, parquet.WithStatsFor(path, false), parquet.WithPageIndexEnabledFor(path, false))
		}
		if c.Kind == Int32 || c.Kind == Int64 || c.Kind == Time {
			props = append(props, parquet.WithEncodingFor(path, parquet.Encodings.DeltaBinaryPacked))
		}
		if c.bloom && rows > 0 {
			props = append(props, parquet.WithBloomFilterEnabledFor(path, true), parquet.WithBloomFilterNDVFor(path, int64(rows)))
		}
	}
	return parquet.NewWriterProperties(props...)
}

// zstdLevel is the level at which the tables of a news corpus are encoded
// fastest for their size: higher levels cost time for a few per cent.
const zstdLevel = 1

func (e *Encoder) encodeParquet(w io.Writer, rows *Rows) error {
	keys, values := e.meta.pairs()
	kv := metadata.NewKeyValueMetadata()
	for i := range keys {
		if err := kv.Append(keys[i], values[i]); err != nil {
			return err
		}
	}
	// The writer closes what it is given; w is the caller's.
	fw, err := file.NewParquetWriterWithError(onlyWriter{w}, e.root, file.WithWriterProps(e.properties(rows.n)), file.WithWriteMetadata(kv))
	if err != nil {
		return err
	}
	if rows.n > 0 {
		rg, err := fw.AppendRowGroupChecked()
		if err != nil {
			return err
		}
		for i := range rows.cols {
			cw, err := rg.NextColumn()
			if err != nil {
				return err
			}
			if err := e.writeColumn(cw, &rows.cols[i]); err != nil {
				return fmt.Errorf("column %s: %w", e.schema.Columns[i].Name, err)
			}
		}
		if err := rg.Close(); err != nil {
			return err
		}
	}
	return fw.Close()
}

// onlyWriter hides the other methods of a writer.
type onlyWriter struct{ io.Writer }

func (e *Encoder) writeColumn(cw file.ColumnChunkWriter, c *column) (err error) {
	// No levels are nil: an empty slice would mean no values.
	var def, rep []int16
	if len(c.def) > 0 {
		def = c.def
	}
	if len(c.rep) > 0 {
		rep = c.rep
	}
	switch cw := cw.(type) {
	case *file.ByteArrayColumnChunkWriter:
		e.bytes = e.bytes[:0]
		for _, s := range c.text {
			e.bytes = append(e.bytes, bytesOf(s))
		}
		_, err = cw.WriteBatch(e.bytes, def, rep)
		clear(e.bytes)
	case *file.BooleanColumnChunkWriter:
		_, err = cw.WriteBatch(c.bools, def, rep)
	case *file.Int32ColumnChunkWriter:
		_, err = cw.WriteBatch(c.i32, def, rep)
	case *file.Int64ColumnChunkWriter:
		_, err = cw.WriteBatch(c.i64, def, rep)
	case *file.Float32ColumnChunkWriter:
		_, err = cw.WriteBatch(c.f32, def, rep)
	default:
		return fmt.Errorf("no writer for %T", cw)
	}
	return err
}
