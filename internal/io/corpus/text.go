package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
	"unsafe"

	"stance/internal/model"
)

// textFile reads one file as one article, of the day that its name tells. A file
// of no bytes holds none.
func (d *decoder) textFile(s *stream) error {
	src := model.Source{Path: d.f.path, RecordNo: 1, Line: 1}
	r, _ := s.text()
	if data := d.wholeFile(s, r, d.c.opts.MaxRecord, src); data != nil {
		d.plain(data, model.Article{Source: src, PublishedAt: dateOfName(d.f.path)})
	}
	return nil
}

// wholeFile reads a file that is one record. It returns nil where there is
// nothing to read or the record had to be rejected.
func (d *decoder) wholeFile(s *stream, r io.Reader, limit int64, src model.Source) []byte {
	data, err := readAll(r, s.size, min(limit, d.c.opts.MaxRecord))
	d.rec.reset()
	ft, _ := errors.AsType[*fault](err)
	if ft == nil {
		ft = s.changed()
	}
	switch {
	case ft == nil && len(data) == 0:
		return nil
	case ft != nil && ft.warning:
		d.reject(src, *ft, nil)
	}
	if !d.count() {
		return nil
	}
	if ft != nil && !ft.warning {
		d.reject(src, *ft, data)
		return nil
	}
	return data
}

// plain adds an article that is text without fields to the batch, or a
// reject. The article keeps data.
func (d *decoder) plain(data []byte, a model.Article) {
	ft := notText(data)
	switch {
	case ft != nil:
	case len(bytes.TrimSpace(data)) == 0:
		ft = &fault{code: "E_EMPTY_TEXT", message: "the text is empty"}
	case utf8.Valid(data):
		a.Text = unsafe.String(&data[0], len(data))
	case d.c.opts.StrictUTF8:
		ft = &fault{code: "E_UTF8", message: "invalid UTF-8"}
	default:
		a.Text, _ = validUTF8(data)
		a.Warnings = append(a.Warnings, "invalid_utf8")
	}
	if ft != nil {
		d.reject(a.Source, *ft, data)
		return
	}
	d.addArticle(a, data)
}

// notText returns why the start of a file cannot be that of a text, nil when
// it can: it is that of a known binary format, or holds many control
// characters or much that is no UTF-8.
func notText(data []byte) *fault {
	head := data[:min(len(data), 4<<10)]
	kind := http.DetectContentType(head)
	if strings.HasPrefix(kind, "text/") {
		return nil
	}
	if kind != "application/octet-stream" {
		return &fault{code: "E_BINARY", message: "looks like " + kind + ", not like text"}
	}
	control := 0
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != '\v' || r == utf8.RuneError && n == 1 {
			control++
		}
		i += n
	}
	if control*10 > len(head)*3 {
		return &fault{code: "E_BINARY", message: "does not look like text"}
	}
	return nil
}

// readAll reads r up to limit bytes. Its error is a *fault; the data before a
// fault is returned with it.
func readAll(r io.Reader, size, limit int64) ([]byte, error) {
	buf := make([]byte, 0, min(size, limit)+512)
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > limit {
			return buf[:limit], &fault{code: "E_TOO_LONG", message: fmt.Sprintf("longer than the limit of %d bytes", limit)}
		}
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, asFault(err, "E_READ")
		}
		if len(buf) == cap(buf) {
			grown := make([]byte, len(buf), min(2*int64(cap(buf)), limit+512))
			copy(grown, buf)
			buf = grown
		}
	}
}
