package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
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

// Encoder encodes parts of one table. It is not safe for concurrent use, nor
// together with those that it was made with.
type Encoder struct {
	schema *Schema
	meta   Metadata
	format Format
	parts  *schema.Schema // of Parquet
	props  *parquet.WriterProperties
	pages  *pages
	file   groups // begun and not ended; nil: none
}

// NewEncoders returns an encoder of each table's parts, in the order of
// Schemas. They share their scratch.
func NewEncoders(f Format, meta Metadata) ([]*Encoder, error) {
	p, err := newPages()
	if err != nil {
		return nil, err
	}
	var list []*Encoder
	for _, s := range Schemas() {
		root, err := s.parquet()
		if err != nil {
			return nil, fmt.Errorf("schema of table %s: %w", s.Name, err)
		}
		e := &Encoder{schema: &s, meta: meta, format: f, parts: schema.NewSchema(root), pages: p}
		e.props = e.properties()
		list = append(list, e)
	}
	return list, nil
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
			e.file, err = e.beginParquet(w)
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

// properties are what the footer tells of the columns.
func (e *Encoder) properties() *parquet.WriterProperties {
	props := []parquet.WriterProperty{
		parquet.WithCreatedBy("stance " + e.meta.ToolVersion),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithDictionaryDefault(false),
	}
	for i := range e.schema.Columns {
		path := e.parts.Column(i).Path()
		if c := &e.schema.Columns[i]; !c.few {
			props = append(props, parquet.WithEncodingFor(path, c.encoding()))
		}
	}
	return parquet.NewWriterProperties(props...)
}

// encoding returns the encoding of a column without a dictionary.
func (c *Column) encoding() parquet.Encoding {
	switch {
	case c.long || c.Kind == Binary:
		return parquet.Encodings.DeltaLengthByteArray // lengths and bytes apart: smaller than one after the other
	case c.Kind == String:
		return parquet.Encodings.DeltaByteArray // an id begins as the one before it
	case c.Kind == Int32 || c.Kind == Int64 || c.Kind == Time || c.Kind == Date:
		return parquet.Encodings.DeltaBinaryPacked
	default:
		return parquet.Encodings.Plain
	}
}

// parquetFile is a Parquet file of some row groups. The library makes its
// footer, its page index and its bloom filters.
type parquetFile struct {
	e      *Encoder
	w      io.Writer
	at     int64 // bytes written
	footer *metadata.FileMetaDataBuilder
	index  metadata.PageIndexBuilder
	blooms metadata.FileBloomFilterBuilder
	groups int16
}

// Write and Tell are how the library writes to the file.
func (f *parquetFile) Write(b []byte) (int, error) {
	n, err := f.w.Write(b)
	f.at += int64(n)
	return n, err
}

func (f *parquetFile) Tell() int64 { return f.at }

const magic = "PAR1"

func (e *Encoder) beginParquet(w io.Writer) (groups, error) {
	keys, values := e.meta.pairs()
	kv := metadata.NewKeyValueMetadata()
	for i := range keys {
		if err := kv.Append(keys[i], values[i]); err != nil {
			return nil, err
		}
	}
	f := &parquetFile{e: e, w: w, footer: metadata.NewFileMetadataBuilder(e.parts, e.props, kv),
		index: metadata.PageIndexBuilder{Schema: e.parts}, blooms: metadata.FileBloomFilterBuilder{Schema: e.parts}}
	_, err := io.WriteString(f, magic)
	return f, err
}

func (f *parquetFile) add(rows *Rows) error {
	group := f.footer.AppendRowGroup()
	if err := f.index.AppendRowGroup(); err != nil {
		return err
	}
	blooms := map[string]metadata.BloomFilterBuilder{}
	for i := range rows.cols {
		c, p := &f.e.schema.Columns[i], f.e.pages
		p.encode(c, &rows.cols[i])
		if err := f.chunk(i, group.NextColumnChunk()); err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
		if c.bloom {
			b := metadata.NewBloomFilterFromNDVAndFPP(uint32(len(p.hashes)), parquet.DefaultBloomFilterFPP, parquet.DefaultMaxBloomFilterBytes, memory.DefaultAllocator)
			b.InsertBulk(p.hashes)
			blooms[f.e.parts.Column(i).Path()] = b
		}
	}
	f.blooms.AppendRowGroup(group, blooms)
	group.SetNumRows(rows.n)
	f.groups++
	return group.Finish(0, f.groups-1)
}

// chunk writes the pages of a column and notes where they are.
func (f *parquetFile) chunk(i int, chunk *metadata.ColumnChunkMetaDataBuilder) error {
	c, p := &f.e.schema.Columns[i], f.e.pages
	if p.compress() {
		chunk.Contents().MetaData.Codec = 0 // uncompressed
	}
	var columns metadata.ColumnIndexBuilder
	var offsets *metadata.OffsetIndexBuilder
	if !c.long {
		var bad, worse error
		columns, bad = f.index.GetColumnIndexBuilder(i)
		offsets, worse = f.index.GetOffsetIndexBuilder(i)
		if err := errors.Join(bad, worse); err != nil {
			return err
		}
	}
	var all bounds
	info := metadata.ChunkMetaInfo{IndexPageOffset: -1}
	clear(p.counts.DictEncodingStats)
	clear(p.counts.DataEncodingStats)
	encoding := parquet.Encodings.RLEDict
	if !c.few {
		encoding = c.encoding()
	}
	for j := range p.list {
		g := &p.list[j]
		at := f.at
		p.head = g.appendHead(p.head[:0], encoding)
		if _, err := f.Write(p.head); err != nil {
			return err
		}
		if _, err := f.Write(g.stored); err != nil {
			return err
		}
		info.UncompressedSize += int64(len(p.head) + g.raw)
		info.CompressedSize += f.at - at
		if g.dictionary {
			info.DictPageOffset = at
			p.counts.DictEncodingStats[parquet.Encodings.Plain]++
			continue
		}
		if info.DataPageOffset == 0 {
			info.DataPageOffset = at
		}
		info.NumValues += int64(g.levels)
		p.counts.DataEncodingStats[encoding]++
		if c.long {
			continue
		}
		stats := g.bounds.encode(c.Kind)
		if err := columns.AddPage(&stats); err != nil {
			return err
		}
		if err := offsets.AddPage(at, int64(g.row), int32(f.at-at)); err != nil {
			return err
		}
		all.merge(&g.bounds)
	}
	if !c.long {
		if err := errors.Join(columns.Finish(), offsets.Finish(0)); err != nil {
			return err
		}
		chunk.SetStats(all.encode(c.Kind))
	}
	return chunk.Finish(info, c.few, false, p.counts)
}

func (f *parquetFile) close() error {
	if err := f.blooms.WriteTo(f); err != nil {
		return err
	}
	var at metadata.PageIndexLocation
	f.index.Finish()
	if err := f.index.WriteTo(f, &at); err != nil {
		return err
	}
	if err := f.footer.SetPageIndexLocation(at); err != nil {
		return err
	}
	footer, err := f.footer.Finish()
	if err != nil {
		return err
	}
	n, err := footer.WriteTo(f, nil)
	if err != nil {
		return err
	}
	_, err = f.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(n)), magic...))
	return err
}
