package corpus

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
	"unsafe"

	"stance/internal/model"
)

// textFile reads one file as one article. A file of no bytes holds none.
func (d *decoder) textFile(s *stream) error {
	r, _ := s.text()
	data, err := readAll(r, d.f.size, d.c.opts.MaxRecord)
	d.rec.reset()
	src := model.Source{Path: d.f.path, RecordNo: 1, Line: 1}
	if err != nil {
		ft := err.(*fault)
		if !ft.warning {
			d.count()
			d.reject(src, *ft, data)
			return nil
		}
		d.reject(src, *ft, nil)
	}
	if len(data) == 0 || !d.count() {
		return nil
	}
	if !printableHead(data[:min(len(data), 8<<10)]) {
		d.reject(src, fault{code: "E_BINARY", message: "does not look like text"}, data)
		return nil
	}
	a := model.Article{Source: src}
	if utf8.Valid(data) {
		a.Text = unsafe.String(&data[0], len(data))
	} else if d.c.opts.StrictUTF8 {
		d.reject(src, fault{code: "E_UTF8", message: "invalid UTF-8"}, data)
		return nil
	} else {
		a.Text, _ = validUTF8(data)
		a.Warnings = []string{"invalid_utf8"}
	}
	if len(bytes.TrimSpace(data)) == 0 {
		d.reject(src, fault{code: "E_EMPTY_TEXT", message: "the text is empty"}, data)
		return nil
	}
	d.addArticle(a)
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
			return buf, &fault{code: "E_TOO_LONG", message: fmt.Sprintf("longer than the limit of %d bytes", limit)}
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
