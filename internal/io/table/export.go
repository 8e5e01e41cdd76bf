package table

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"stance/internal/io/columnar"
)

// ExportFormat is a text format that tables are exported to.
type ExportFormat uint8

const (
	// CSV has a header, commas and RFC 4180 quotation; null is an empty field.
	// Lists are joined with "|". Text that a spreadsheet would take for a
	// formula begins with an apostrophe.
	CSV ExportFormat = iota
	// JSONL has one object a row; null is null.
	JSONL
)

// Export writes a table of a generation to w as text. Times are RFC 3339 in
// UTC, dates YYYY-MM-DD, bytes base64.
func Export(ctx context.Context, generation, table string, f ExportFormat, w io.Writer) error {
	s := Find(table)
	if s == nil {
		return fmt.Errorf("no table %q", table)
	}
	names := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		names[i] = c.Name
	}
	b := bufio.NewWriterSize(w, 64<<10)
	if f == CSV {
		if _, err := b.WriteString(strings.Join(names, ",") + "\n"); err != nil {
			return err
		}
	}
	var line []byte
	err := Read(ctx, generation, table, names, func(batch *columnar.Batch) error {
		for row := range batch.Rows {
			line = line[:0]
			for i := range s.Columns {
				line = appendCell(line, f, &s.Columns[i], &batch.Columns[i], row, i == 0)
			}
			if f == JSONL {
				line = append(line, '}')
			}
			if _, err := b.Write(append(line, '\n')); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.Flush()
}

func appendCell(dst []byte, f ExportFormat, c *Column, v *columnar.Values, row int, first bool) []byte {
	switch {
	case f == JSONL && first:
		dst = append(dst, '{')
	case !first:
		dst = append(dst, ',')
	}
	if f == JSONL {
		dst = append(appendJSON(dst, c.Name), ':')
	}
	if v.Null(row) {
		if f == JSONL {
			dst = append(dst, "null"...)
		}
		return dst
	}
	text := appendCSV
	if f == JSONL {
		text = appendJSON
	}
	switch c.Kind {
	case Strings:
		if f == CSV {
			return appendCSV(dst, strings.Join(v.Lists[row], "|"))
		}
		dst = append(dst, '[')
		for i, s := range v.Lists[row] {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, s)
		}
		return append(dst, ']')
	case Bool:
		return strconv.AppendBool(dst, v.Bools[row])
	case Int32, Int64:
		return strconv.AppendInt(dst, v.Ints[row], 10)
	case Float32:
		x := v.Floats[row]
		if math.IsNaN(x) || math.IsInf(x, 0) {
			if f == JSONL {
				dst = append(dst, "null"...)
			}
			return dst
		}
		return strconv.AppendFloat(dst, x, 'g', -1, 32)
	case Date:
		return text(dst, time.UnixMicro(v.Ints[row]).UTC().Format(time.DateOnly))
	case Time:
		return text(dst, time.UnixMicro(v.Ints[row]).UTC().Format(time.RFC3339Nano))
	case Binary:
		return text(dst, base64.StdEncoding.EncodeToString([]byte(v.Texts[row])))
	default:
		return text(dst, v.Texts[row])
	}
}

// appendCSV quotes where it must. What a spreadsheet might run is made text.
func appendCSV(dst []byte, s string) []byte {
	quote := strings.ContainsAny(s, ",\"\r\n")
	if quote {
		dst = append(dst, '"')
	}
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		dst = append(dst, '\'')
	}
	if !quote {
		return append(dst, s...)
	}
	for i := range len(s) {
		if s[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}

func appendJSON(dst []byte, s string) []byte {
	// Invalid UTF-8 is replaced, which is the only error there is.
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}
