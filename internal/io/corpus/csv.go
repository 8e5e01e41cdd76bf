package corpus

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"stance/internal/model"
)

// csvFile reads a file of delimited records with a header. A record that is
// quoted wrongly is rejected, and reading goes on at the line after its
// first, so that one stray quotation mark does not swallow its neighbours.
func (d *decoder) csvFile(ctx context.Context, s *stream) error {
	r, offset := s.text()
	if ft := notTextAhead(r); ft != nil {
		return ft
	}
	w := &window{r: r, limit: int(d.c.opts.MaxRecord), offset: offset, line: 1}
	w.fill()
	c := csvReader{delimiter: '\t'}
	if d.f.format == formatCSV {
		c.delimiter = guessDelimiter(w.b)
	}
	var columns []rank // role of each column; at 255 for none
	text := false
	for n := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		size, status := c.parse(w.b, w.ended)
		if status == csvMore {
			if w.fill() {
				continue
			}
			status = csvTooLong
		}
		if size == 0 && len(w.b) == 0 {
			break
		}
		if d.left == 0 {
			return nil
		}
		raw := w.b[:size]
		if status == csvGood && len(c.fields) == 1 && len(c.fields[0]) == 0 && !c.quoted {
			w.drop(size) // a blank line
			continue
		}
		if columns == nil && status == csvGood {
			var ft *fault
			if columns, text, ft = d.csvHeader(c.fields); ft != nil {
				return ft
			}
			w.drop(size)
			continue
		}
		n++
		src := model.Source{Path: d.f.path, RecordNo: n, Line: w.line, Offset: w.offset}
		d.rec.reset()
		if !d.count() {
			return nil
		}
		switch {
		case status != csvGood:
			messages := map[csvStatus]fault{
				csvQuote:   {code: "E_CSV", message: "text follows a closing quotation mark"},
				csvOpen:    {code: "E_CSV", message: "a quotation mark is not closed"},
				csvTooLong: {code: "E_TOO_LONG", message: fmt.Sprintf("a record longer than the limit of %d bytes", d.c.opts.MaxRecord)},
			}
			size = lineEnd(w.b)
			d.reject(src, messages[status], w.b[:size])
			if size == len(w.b) && !w.ended {
				if err := w.skipLine(ctx); err != nil {
					return err
				}
				continue
			}
			if columns == nil {
				return nil // without a header nothing else can be read
			}
		case len(c.fields) != len(columns):
			d.reject(src, fault{code: "E_CSV_COLUMNS", message: fmt.Sprintf("%d columns where the header has %d", len(c.fields), len(columns))}, raw)
		case !text:
			d.reject(src, fault{code: "E_NO_TEXT", message: "no text column; looked for " + d.c.roles.namesOf(roleText)}, raw)
		default:
			if ft := d.csvRecord(raw, c.fields, columns); ft != nil {
				d.reject(src, *ft, raw)
			} else {
				d.add(src, raw)
			}
		}
		w.drop(size)
		if d.held >= batchText || len(d.batch.Rejects) >= 256 {
			if err := d.flush(); err != nil {
				return err
			}
		}
	}
	if w.err != nil {
		return w.err
	}
	return nil
}

const noRole = 255

// csvHeader returns the role of each column, and whether one holds the text.
func (d *decoder) csvHeader(names [][]byte) (columns []rank, text bool, ft *fault) {
	seen := map[string]bool{}
	columns = make([]rank, len(names))
	for i, n := range names {
		name := strings.TrimSpace(string(n))
		k, known := d.c.roles[name]
		if !known {
			k.at = noRole
		} else if seen[name] {
			return nil, false, &fault{code: "E_DUP_KEY", message: fmt.Sprintf("the header names column %q twice", name)}
		}
		seen[name] = true
		columns[i] = k
		text = text || known && k.role == roleText
	}
	return columns, text, nil
}

func (d *decoder) csvRecord(raw []byte, fields [][]byte, columns []rank) *fault {
	valid := utf8.Valid(raw)
	if !valid {
		if d.c.opts.StrictUTF8 {
			return &fault{code: "E_UTF8", message: "invalid UTF-8"}
		}
		d.rec.warn("invalid_utf8")
	}
	for i, k := range columns {
		if k.at == noRole || len(fields[i]) == 0 {
			continue
		}
		v := fields[i]
		if !valid {
			s, _ := validUTF8(v)
			v = []byte(s)
		}
		d.rec.set(k, value{raw: v})
	}
	if t := &d.rec.values[roleText]; !t.set {
		t.set = true // the column is there and empty
	}
	return nil
}

// guessDelimiter returns the delimiter that the first line holds most often
// outside quotation marks.
func guessDelimiter(b []byte) byte {
	best, most := byte(','), 0
	line := b[:lineEnd(b)]
	for _, c := range []byte{',', ';', '\t', '|'} {
		n, quoted := 0, false
		for _, x := range line {
			switch {
			case x == '"':
				quoted = !quoted
			case x == c && !quoted:
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// lineEnd returns the length of the first line with its end.
func lineEnd(b []byte) int {
	i := bytes.IndexAny(b, "\r\n")
	switch {
	case i < 0:
		return len(b)
	case b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n':
		return i + 2
	}
	return i + 1
}

type csvStatus uint8

const (
	csvGood    csvStatus = iota
	csvMore              // the record goes on past the data
	csvQuote             // text after a closing quotation mark
	csvOpen              // the data ends within quotation marks
	csvTooLong           // longer than the limit
)

// csvReader splits records into fields.
type csvReader struct {
	delimiter byte
	fields    [][]byte // parts of the record or of scratch
	scratch   []byte
	quoted    bool // a field stood between quotation marks
}

// parse splits the record at the begin of b and returns its length with its
// line end. Lines end in LF, CR LF or CR.
func (c *csvReader) parse(b []byte, ended bool) (int, csvStatus) {
	c.fields, c.scratch, c.quoted = c.fields[:0], c.scratch[:0], false
	for i := 0; ; {
		if i < len(b) && b[i] == '"' {
			c.quoted = true
			i++
			start, from := len(c.scratch), i
			for {
				j := bytes.IndexByte(b[i:], '"')
				if j < 0 {
					if ended {
						return len(b), csvOpen
					}
					return 0, csvMore
				}
				i += j + 1
				if i < len(b) && b[i] == '"' {
					c.scratch = append(c.scratch, b[from:i]...)
					i++
					from = i
					continue
				}
				break
			}
			if start == len(c.scratch) {
				c.fields = append(c.fields, b[from:i-1])
			} else {
				c.scratch = append(c.scratch, b[from:i-1]...)
				c.fields = append(c.fields, c.scratch[start:])
			}
			if i == len(b) && !ended {
				return 0, csvMore
			}
			if i < len(b) && b[i] != c.delimiter && b[i] != '\n' && b[i] != '\r' {
				return i, csvQuote
			}
		} else {
			from := i
			for i < len(b) && b[i] != c.delimiter && b[i] != '\n' && b[i] != '\r' {
				i++
			}
			if i == len(b) && !ended {
				return 0, csvMore
			}
			c.fields = append(c.fields, b[from:i])
		}
		switch {
		case i == len(b):
			return i, csvGood
		case b[i] == c.delimiter:
			i++
		case b[i] == '\n':
			return i + 1, csvGood
		case i+1 < len(b) && b[i+1] == '\n':
			return i + 2, csvGood
		case i+1 == len(b) && !ended:
			return 0, csvMore
		default:
			return i + 1, csvGood
		}
	}
}

// window is a part of a stream that grows while a record needs it.
type window struct {
	r      io.Reader
	limit  int
	buf    []byte // its capacity is kept
	b      []byte // what is read and not dropped; part of buf
	offset int64  // of b in the stream
	line   int64  // of b, from 1
	ended  bool
	err    error // why the stream ended, when not at its end
}

// fill reads more, at least doubling what is held, and reports whether there
// is more, or the end was found.
func (w *window) fill() bool {
	if w.ended || len(w.b) >= w.limit {
		return false
	}
	want := min(max(2*len(w.b), 256<<10), w.limit)
	if cap(w.buf) < want {
		w.buf = make([]byte, want)
	}
	n := copy(w.buf[:cap(w.buf)], w.b)
	w.buf = w.buf[:cap(w.buf)]
	for n < want {
		m, err := w.r.Read(w.buf[n:want])
		n += m
		if err != nil {
			w.ended = true
			if err != io.EOF {
				w.err = asFault(err, "E_READ")
			}
			break
		}
	}
	w.b = w.buf[:n]
	return true
}

// drop gives up the first n bytes, which end a line or the stream.
func (w *window) drop(n int) {
	d := w.b[:n]
	lf := bytes.Count(d, newline)
	w.line += int64(lf + bytes.Count(d, []byte{'\r'}) - bytes.Count(d, []byte("\r\n")))
	w.offset += int64(n)
	w.b = w.b[n:]
}

// skipLine drops everything up to the end of the line, which lies past the
// window.
func (w *window) skipLine(ctx context.Context) error {
	w.drop(len(w.b))
	for {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if !w.fill() || len(w.b) == 0 {
			return nil
		}
		n := lineEnd(w.b)
		done := n < len(w.b) || w.b[n-1] == '\n' || w.b[n-1] == '\r'
		w.drop(n)
		if done {
			return nil
		}
	}
}
