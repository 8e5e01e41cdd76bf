package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	parquetfile "github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// arrowBytes holds two articles as an Arrow IPC file or stream.
func arrowBytes(t testing.TB, stream bool) []byte {
	t.Helper()
	sc := arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.PrimitiveTypes.Int64}, {Name: "text", Type: arrow.BinaryTypes.String}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, sc)
	defer b.Release()
	b.Field(0).(*array.Int64Builder).AppendValues([]int64{1, 2}, nil)
	b.Field(1).(*array.StringBuilder).AppendValues([]string{"One.", "Two."}, nil)
	rec := b.NewRecordBatch()
	defer rec.Release()
	var out bytes.Buffer
	var w interface {
		Write(arrow.RecordBatch) error
		io.Closer
	}
	var err error
	if stream {
		w = ipc.NewWriter(&out, ipc.WithSchema(sc))
	} else if w, err = ipc.NewFileWriter(&out, ipc.WithSchema(sc)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(rec), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parquetBytes holds rows articles of the same text.
func parquetBytes(t testing.TB, text string, rows int) []byte {
	t.Helper()
	leaf, err := schema.NewPrimitiveNodeLogical("text", parquet.Repetitions.Required, schema.StringLogicalType{}, parquet.Types.ByteArray, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, schema.FieldList{leaf}, -1)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := parquetfile.NewParquetWriter(&out, root, parquetfile.WithWriterProps(parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithDictionaryPageSizeLimit(1<<30))))
	g, err := w.AppendRowGroupChecked()
	if err != nil {
		t.Fatal(err)
	}
	c, err := g.NextColumn()
	if err != nil {
		t.Fatal(err)
	}
	values := make([]parquet.ByteArray, rows)
	for i := range values {
		values[i] = parquet.ByteArray(text)
	}
	if _, err := c.(*parquetfile.ByteArrayColumnChunkWriter).WriteBatch(values, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Close(), g.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestColumnFiles(t *testing.T) {
	arrowFile, arrowStream, parquetFile := string(arrowBytes(t, false)), string(arrowBytes(t, true)), string(parquetBytes(t, "One.", 1))
	two := `%[1]s:1 1 "" "One." ` + noDate + " []\n" + `%[1]s:2 2 "" "Two." ` + noDate + " []\n"
	one := `%[1]s:1 70277bfc409b5021 "" "One." ` + noDate + " []\n"
	for _, v := range []struct{ name, data, want string }{
		{"x.arrow", arrowFile, two}, {"x.arrow", arrowStream, two}, {"x.arrows", arrowStream, two}, {"x.arrow.gz", string(gzipped(arrowFile)), two},
		{"x.arrows.zst", string(zstandard(arrowStream)), two}, {"x.parquet", parquetFile, one}, {"x.parquet.gz", string(gzipped(parquetFile)), one},
		{"x.parquet.zst", string(zstandard(parquetFile)), one},
		{"x.parquet.gz", string(gzipped(parquetFile)) + "junk", one + "%[1]s:0 line 0 at 0 E_GZIP_JUNK \n"},
		{"x.parquet.gz", string(gzipped(parquetFile))[:100], "%[1]s:1 line 0 at 0 E_GZIP_TRUNCATED \n"},
		{"x.parquet.gz", string(gzipped(parquetFile[:100])), "%[1]s:1 line 0 at 0 E_DAMAGED \n"},
	} {
		if g, want := read(t, []string{write(t, v.name, []byte(v.data))}, Options{}, 1).summary(), fmt.Sprintf(v.want, v.name); g != want {
			t.Errorf("%s\ngot:\n%swant:\n%s", v.name, g, want)
		}
	}
	c, err := Open([]string{"-"}, Options{From: "parquet.gz", Stdin: bytes.NewReader(gzipped(parquetFile))})
	if err != nil {
		t.Fatal(err)
	}
	if g := readCorpus(t, c, 1); len(g.articles) != 1 {
		t.Error("stdin:", g.summary())
	}
}

// TestRepeatedText reads a small file in which one long text stands in every
// row.
func TestRepeatedText(t *testing.T) {
	data := parquetBytes(t, strings.Repeat("The council said so. ", 50_000), 250)
	g := read(t, []string{write(t, "x.parquet", data)}, Options{}, 1)
	if len(g.rejects) != 1 || g.rejects[0].Code != "E_DAMAGED" || len(data) > 1<<20 {
		t.Errorf("%d bytes gave %d articles, rejects %+v", len(data), len(g.articles), g.rejects)
	}
}
