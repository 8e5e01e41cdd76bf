package table

import (
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
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

// RowGroup bounds the rows of a row group, and with them the rows of a very
// long article that are held at once. A chunk of news has fewer.
const RowGroup = 1 << 16

// groupText bounds the strings of a row group, in bytes.
const groupText = 32 << 20

// pageSize is the number of bytes after which a page ends.
const pageSize = 1 << 20

// Encoder encodes parts of one table. It is not safe for concurrent use.
type Encoder struct {
	schema *Schema
	meta   Metadata
	format Format
	root   *schema.GroupNode
	file   groups              // begun and not ended; nil: none
	bytes  []parquet.ByteArray // scratch of writeTexts
	words  []byte              // scratch of writeWords: a dictionary,
	ends   []int32             // where each of its words ends
	set    []byte              // and which rows are not null
}

// NewEncoder returns an encoder of a table's parts.
func NewEncoder(s *Schema, f Format, meta Metadata) (*Encoder, error) {
	root, err := s.parquet()
	if err != nil {
		return nil, fmt.Errorf("schema of table %s: %w", s.Name, err)
	}
	return &Encoder{schema: s, meta: meta, format: f, root: root}, nil
}

// groups is a file that is written group by group.
type groups interface {
	add(rows *Rows) error
	close() error
}

// Encode writes rows as one file to w, or as the rest of the one that Group
// began. It does not close w.
func (e *Encoder) Encode(w io.Writer, rows *Rows) error {
	return e.contain(func() error {
		if rows.n > 0 || e.file == nil {
			if err := e.group(w, rows); err != nil {
				return err
			}
		}
		f := e.file
		e.file = nil
		return f.close()
	})
}

// Group writes rows to w as a row group of a file that Encode ends with the
// same w. It keeps nothing of rows.
func (e *Encoder) Group(w io.Writer, rows *Rows) error {
	return e.contain(func() error { return e.group(w, rows) })
}

// Drop forgets the file that Group began.
func (e *Encoder) Drop() { e.file = nil }

// contain makes an error of a panic of the library.
func (e *Encoder) contain(encode func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("encoding table %s: %v", e.schema.Name, p)
		}
	}()
	return encode()
}

func (e *Encoder) group(w io.Writer, rows *Rows) (err error) {
	if e.file == nil {
		if e.format == ArrowIPC {
			e.file, err = e.beginArrow(w)
		} else {
			e.file, err = e.beginParquet(w, rows.n)
		}
		if err != nil {
			return err
		}
	}
	if rows.n == 0 {
		return nil
	}
	return e.file.add(rows)
}

func (e *Encoder) properties(rows int) *parquet.WriterProperties {
	props := []parquet.WriterProperty{
		parquet.WithCreatedBy("stance " + e.meta.ToolVersion),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCompressionLevel(zstdLevel),
		parquet.WithDictionaryDefault(false),
		parquet.WithPageIndexEnabled(true),
		parquet.WithMaxRowGroupLength(RowGroup),
		parquet.WithDataPageSize(pageSize),
		parquet.WithBatchSize(1 << 15),
	}
	for i := range e.schema.Columns {
		c := &e.schema.Columns[i]
		path := c.Name
		if c.Kind == Strings {
			path += ".list.element"
		}
		switch {
		case c.few:
			props = append(props, parquet.WithDictionaryFor(path, true))
		case c.Kind == String || c.Kind == Binary:
			// Lengths and bytes apart: smaller than one after the other.
			props = append(props, parquet.WithEncodingFor(path, parquet.Encodings.DeltaLengthByteArray))
		case c.Kind == Int32 || c.Kind == Int64 || c.Kind == Time || c.Kind == Date:
			props = append(props, parquet.WithEncodingFor(path, parquet.Encodings.DeltaBinaryPacked))
		}
		if c.long {
			props = append(props, parquet.WithStatsFor(path, false), parquet.WithPageIndexEnabledFor(path, false))
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

// parquetFile is a Parquet file of some row groups.
type parquetFile struct {
	e  *Encoder
	fw *file.Writer
}

// beginParquet begins a file whose first row group has so many rows.
func (e *Encoder) beginParquet(w io.Writer, rows int) (groups, error) {
	keys, values := e.meta.pairs()
	kv := metadata.NewKeyValueMetadata()
	for i := range keys {
		if err := kv.Append(keys[i], values[i]); err != nil {
			return nil, err
		}
	}
	// The writer closes what it is given; w is the caller's.
	fw, err := file.NewParquetWriterWithError(onlyWriter{w}, e.root, file.WithWriterProps(e.properties(rows)), file.WithWriteMetadata(kv))
	return &parquetFile{e, fw}, err
}

func (f *parquetFile) add(rows *Rows) error {
	rg, err := f.fw.AppendRowGroupChecked()
	if err != nil {
		return err
	}
	for i := range rows.cols {
		cw, err := rg.NextColumn()
		if err != nil {
			return err
		}
		if err := f.e.writeColumn(cw, &rows.cols[i]); err != nil {
			return fmt.Errorf("column %s: %w", f.e.schema.Columns[i].Name, err)
		}
	}
	return rg.Close()
}

func (f *parquetFile) close() error { return f.fw.Close() }

// onlyWriter hides the other methods of a writer.
type onlyWriter struct{ io.Writer }

func (e *Encoder) writeColumn(cw file.ColumnChunkWriter, c *column) (err error) {
	// No levels are nil: an empty slice would mean no values.
	var def []int16
	if len(c.def) > 0 {
		def = c.def
	}
	if c.words != nil {
		return e.writeWords(cw, c, def)
	}
	switch cw := cw.(type) {
	case *file.ByteArrayColumnChunkWriter:
		err = e.writeTexts(cw, c.text, def)
	case *file.BooleanColumnChunkWriter:
		_, err = cw.WriteBatch(c.bools, def, nil)
	case *file.Int32ColumnChunkWriter:
		_, err = cw.WriteBatch(c.i32, def, nil)
	case *file.Int64ColumnChunkWriter:
		_, err = cw.WriteBatch(c.i64, def, nil)
	case *file.Float32ColumnChunkWriter:
		_, err = cw.WriteBatch(c.f32, def, nil)
	default:
		return fmt.Errorf("no writer for %T", cw)
	}
	return err
}

// writeTexts writes strings. A page can end only where a batch does, so that
// batches are cut by their bytes.
func (e *Encoder) writeTexts(cw *file.ByteArrayColumnChunkWriter, texts []string, def []int16) error {
	size, rows := 0, 0
	flush := func() error {
		levels := def
		if def != nil {
			levels, def = def[:rows], def[rows:]
		}
		_, err := cw.WriteBatch(e.bytes, levels, nil)
		clear(e.bytes)
		e.bytes, size, rows = e.bytes[:0], 0, 0
		return err
	}
	for next := 0; next < len(texts) || rows < len(def); rows++ {
		if size >= pageSize {
			if err := flush(); err != nil {
				return err
			}
		}
		if def == nil || def[rows] == 1 {
			e.bytes = append(e.bytes, bytesOf(texts[next]))
			size += len(texts[next])
			next++
		}
	}
	return flush()
}

// writeWords writes a column of few different strings: its dictionary as it
// is, and then the places in it. The library leaves the statistics of such a
// column to its caller. It makes one page of the places, however many.
func (e *Encoder) writeWords(cw file.ColumnChunkWriter, c *column, def []int16) error {
	encoder, ok := cw.CurrentEncoder().(interface{ PutDictionary(arrow.Array) error })
	statistics, known := cw.PageStatistics().(*metadata.ByteArrayStatistics)
	if !ok || !known {
		return fmt.Errorf("no dictionary for %T", cw)
	}
	e.words, e.ends = e.words[:0], append(e.ends[:0], 0)
	for _, s := range c.words.list {
		e.words = append(e.words, s...)
		e.ends = append(e.ends, int32(len(e.words)))
	}
	words := array.NewData(arrow.BinaryTypes.String, len(c.words.list), []*memory.Buffer{nil, buffer(e.ends), memory.NewBufferBytes(e.words)}, nil, 0, 0)
	if err := encoder.PutDictionary(array.MakeFromData(words)); err != nil {
		return err
	}
	nulls := 0
	for _, d := range def {
		nulls += 1 - int(d)
	}
	statistics.IncNulls(int64(nulls))
	if len(c.words.list) > 0 {
		statistics.IncNumValues(int64(max(len(c.at), len(def)) - nulls))
		statistics.SetMinMax(bytesOf(slices.Min(c.words.list)), bytesOf(slices.Max(c.words.list)))
	}
	// Rows that are null have a place, which a bitmap leaves out; empty lists
	// have none.
	var set *memory.Buffer
	var rep []int16
	if c.kind == Strings {
		nulls, rep = 0, c.rep
	} else if nulls > 0 {
		e.set = append(e.set[:0], make([]byte, (len(def)+7)/8)...)
		for i, d := range def {
			e.set[i/8] |= byte(d) << (i % 8)
		}
		set = memory.NewBufferBytes(e.set)
	}
	places := array.NewData(arrow.PrimitiveTypes.Int32, len(c.at), []*memory.Buffer{set, buffer(c.at)}, nil, nulls, 0)
	return cw.WriteDictIndices(array.MakeFromData(places), def, rep)
}

// buffer returns values as a buffer of Arrow's, which does not own them.
func buffer(values []int32) *memory.Buffer {
	return memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(values))
}
