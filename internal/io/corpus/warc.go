package corpus

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"stance/internal/model"
)

// Bounds of what stands around the content of a WARC record.
const (
	maxWARCHead = 64 << 10  // bytes of its header
	maxHTTPHead = 256 << 10 // bytes of the status line and header of a response
	maxRetold   = 256 << 20 // bytes of one file that are read again after a wrong length
)

// warcFile reads a WARC file: responses and resources that are HTML or plain
// text, and conversions to text (WET). A record that is damaged is rejected,
// and reading goes on at the next line that begins one.
func (d *decoder) warcFile(ctx context.Context, s *stream) error {
	w := newWARCReader(ctx, s)
	other := int64(0)
	for d.left != 0 {
		rec, err := w.next(d.c.opts.MaxRecord)
		if errors.Is(err, io.EOF) {
			break
		}
		d.rec.reset()
		src := model.Source{Path: d.f.path, RecordNo: rec.no, Offset: rec.offset}
		ft, _ := errors.AsType[*fault](err)
		switch {
		case err != nil && ft == nil:
			return err
		case ft != nil && ft.warning:
			d.reject(src, *ft, nil)
		case ft != nil:
			if d.count() {
				d.reject(src, *ft, rec.block)
			}
		case !d.warcRecord(src, rec):
			other++
		}
		if w.ended {
			break
		}
		if d.held >= batchText || len(d.batch.Rejects) >= 256 {
			if err := d.flush(); err != nil {
				return err
			}
		}
	}
	if other > 0 {
		d.rec.reset()
		d.reject(model.Source{Path: d.f.path}, fault{code: "E_WARC_OTHER", warning: true,
			message: fmt.Sprintf("%d responses and resources are no article: of another status than 200, or neither HTML nor plain text", other)}, nil)
	}
	return nil
}

// warcRecord is a record whose content is read.
type warcRecord struct {
	no     int64 // among all records of the input, from 1
	offset int64
	head   textproto.MIMEHeader
	block  []byte
}

// warcReader splits a stream into records.
type warcReader struct {
	ctx    context.Context
	src    *retelling
	r      *bufio.Reader // of src
	no     int64         // records begun
	offset int64         // in the decompressed input, of what r gives next
	line   []byte
	retold int64 // bytes read again so far
	ended  bool  // nothing follows the fault that next returned
}

// retelling reads back, and then r.
type retelling struct {
	back []byte
	r    io.Reader
}

func (t *retelling) Read(p []byte) (int, error) {
	if len(t.back) == 0 {
		return t.r.Read(p)
	}
	n := copy(p, t.back)
	t.back = t.back[n:]
	return n, nil
}

func newWARCReader(ctx context.Context, r io.Reader) *warcReader {
	src := &retelling{r: r}
	return &warcReader{ctx: ctx, src: src, r: bufio.NewReaderSize(src, 64<<10)}
}

// next returns the next record that can hold an article. Its error is io.EOF
// at the end and a *fault for a record that cannot be read; the next call
// then goes on behind it, unless w.ended.
func (w *warcReader) next(limit int64) (rec warcRecord, err error) {
	for {
		if err := w.ctx.Err(); err != nil {
			return rec, context.Cause(w.ctx)
		}
		rec = warcRecord{no: w.no + 1, offset: w.offset}
		line, err := w.readLine()
		switch {
		case err != nil && (err != io.EOF || len(line) == 0):
			return rec, w.end(err)
		case len(bytes.TrimSpace(line)) == 0:
			continue
		}
		w.no++
		if !isVersion(line) {
			rec.block = bytes.Clone(line[:min(len(line), model.RawHeadMax)])
			return rec, w.lost("the begin of a WARC record was expected")
		}
		head, err := w.header()
		if err != nil {
			return rec, err
		}
		rec.head = head
		size, err := strconv.ParseInt(head.Get("Content-Length"), 10, 64)
		if err != nil || size < 0 || len(head.Values("Content-Length")) > 1 {
			return rec, w.lost(fmt.Sprintf("Content-Length %.60q is not one length", head.Values("Content-Length")))
		}
		wanted := slices.Contains([]string{"response", "resource", "conversion"}, strings.ToLower(head.Get("Warc-Type")))
		if !wanted || size > limit {
			if err := w.skip(size); err != nil {
				return rec, err
			}
			if wanted {
				return rec, &fault{code: "E_TOO_LONG", message: fmt.Sprintf("a record of %d bytes is longer than the limit of %d", size, limit)}
			}
			continue
		}
		return rec, w.content(&rec, size)
	}
}

// content reads the content of a record. Where its length turns out to be
// wrong, records that it would swallow are read as such.
func (w *warcReader) content(rec *warcRecord, size int64) error {
	block, err := readAll(io.LimitReader(w.r, size), 64<<10, size)
	w.offset += int64(len(block))
	rec.block = block
	if err == nil && int64(len(block)) == size {
		if w.atBoundary() {
			return nil
		}
	}
	if at := nextVersion(block); at < len(block) && w.again(block[at:]) {
		rec.block = block[:at]
		return &fault{code: "E_WARC", message: fmt.Sprintf("Content-Length %d goes beyond the record, whose content ends after %d bytes", size, at)}
	}
	switch {
	case err != nil:
		return w.end(err)
	case int64(len(block)) < size:
		w.ended = true
		return &fault{code: "E_WARC_TRUNCATED", message: fmt.Sprintf("the record has %d bytes, and the input ends after %d of them", size, len(block))}
	}
	return w.lost(fmt.Sprintf("Content-Length %d does not end at the end of a record", size))
}

// again makes b what is read next, unless too much was read again already.
func (w *warcReader) again(b []byte) bool {
	ahead, _ := w.r.Peek(w.r.Buffered())
	back := slices.Concat(b, ahead, w.src.back)
	if w.retold += int64(len(back)); w.retold > maxRetold {
		return false
	}
	w.offset -= int64(len(b))
	w.src.back = back
	w.r.Reset(w.src)
	return true
}

// lost returns the fault of a record whose end is not known, behind it.
func (w *warcReader) lost(message string) error {
	if err := w.resync(); err != nil {
		return err
	}
	return &fault{code: "E_WARC", message: message}
}

// atBoundary reports whether a record may end here: nothing but line ends
// stand before the next record or the end of the input.
func (w *warcReader) atBoundary() bool {
	next, err := w.r.Peek(16)
	next = bytes.TrimLeft(next, "\r\n")
	return bytes.HasPrefix(next, []byte("WARC/")) || len(next) == 0 && err != nil
}

// end makes a *fault of the error at which the input ended, if it is one.
func (w *warcReader) end(err error) error {
	w.ended = true
	if err == io.EOF {
		return err
	}
	return asFault(err, "E_READ")
}

// readLine returns the next line with its end, at most maxWARCHead bytes of
// it; the rest then comes as the next line. It is valid until the next call.
func (w *warcReader) readLine() ([]byte, error) {
	w.line = w.line[:0]
	for {
		part, err := w.r.ReadSlice('\n')
		w.line = append(w.line, part...)
		w.offset += int64(len(part))
		if err == bufio.ErrBufferFull && len(w.line) < maxWARCHead {
			continue
		}
		if err == bufio.ErrBufferFull {
			err = nil
		}
		return w.line, err
	}
}

// header reads the header of a record to the empty line behind it.
func (w *warcReader) header() (textproto.MIMEHeader, error) {
	var head []byte
	for {
		if next, _ := w.r.Peek(5); string(next) == "WARC/" {
			return nil, &fault{code: "E_WARC", message: "the header is not closed by an empty line"}
		}
		line, err := w.readLine()
		if err != nil {
			if err = w.end(err); err == io.EOF {
				err = &fault{code: "E_WARC_TRUNCATED", message: "the input ends within the header of a record"}
			}
			return nil, err
		}
		if head = append(head, line...); len(head) > maxWARCHead {
			return nil, w.lost(fmt.Sprintf("a header of more than %d bytes", maxWARCHead))
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
	}
	return fieldsOf(head), nil
}

// fieldsOf reads the fields of a header. Lines that are none are left out,
// since crawlers keep what servers send.
func fieldsOf(head []byte) textproto.MIMEHeader {
	h := textproto.MIMEHeader{}
	last := ""
	for line := range bytes.Lines(head) {
		name, value, ok := strings.Cut(string(line), ":")
		switch {
		case last != "" && (line[0] == ' ' || line[0] == '\t'):
			h[last][len(h[last])-1] += " " + strings.TrimSpace(string(line))
		case ok && name != "":
			last = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))
			h[last] = append(h[last], strings.TrimSpace(value))
		}
	}
	return h
}

// skip drops the content of a record.
func (w *warcReader) skip(size int64) error {
	for left := size; left > 0; {
		if err := w.ctx.Err(); err != nil {
			return context.Cause(w.ctx)
		}
		n, err := w.r.Discard(int(min(left, 1<<20)))
		w.offset += int64(n)
		if left -= int64(n); err == io.EOF {
			w.ended = true
			return &fault{code: "E_WARC_TRUNCATED", message: fmt.Sprintf("the record has %d bytes, and the input ends after %d of them", size, size-left)}
		} else if err != nil {
			return w.end(err)
		}
	}
	if !w.atBoundary() {
		return w.lost(fmt.Sprintf("Content-Length %d does not end at the end of a record", size))
	}
	return nil
}

// resync drops what comes before the next line that begins a record. It
// returns an error only where the context ended.
func (w *warcReader) resync() error {
	for {
		if err := w.ctx.Err(); err != nil {
			return context.Cause(w.ctx)
		}
		if next, err := w.r.Peek(len("WARC/1.0")); isVersion(next) || err != nil && len(next) == 0 {
			return nil
		}
		// A line longer than what is read at a time comes in parts, and what
		// follows within one begins no record.
		for {
			line, err := w.readLine()
			if err != nil || len(line) > 0 && line[len(line)-1] == '\n' {
				break
			}
		}
	}
}

func isVersion(line []byte) bool {
	return len(line) >= 8 && string(line[:5]) == "WARC/" && line[5] >= '0' && line[5] <= '9' && line[6] == '.'
}

// nextVersion returns where in b a line begins a record, len(b) for nowhere.
func nextVersion(b []byte) int {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("\nWARC/"))
		if i < 0 {
			return len(b)
		}
		if at += i + 1; isVersion(b[at:]) {
			return at
		}
	}
}

// warcRecord adds the article of a record to the batch, or a reject. It
// reports false for content that is no article.
func (d *decoder) warcRecord(src model.Source, rec warcRecord) bool {
	body, kind, cut := rec.block, rec.head.Get("Content-Type"), rec.head.Get("Warc-Truncated") != ""
	if strings.HasPrefix(strings.ToLower(kind), "application/http") && strings.EqualFold(rec.head.Get("Warc-Type"), "response") {
		status, head, rest, ok := cutHTTP(rec.block)
		if !ok {
			if d.count() {
				d.reject(src, fault{code: "E_WARC_HTTP", message: "the response has no HTTP header"}, rec.block)
			}
			return true
		}
		if status != "200" {
			return false
		}
		var partly bool
		body, partly = decodeBody(rest, head, maxPage)
		kind, cut = head.Get("Content-Type"), cut || partly
	}
	if kind == "" {
		kind = http.DetectContentType(body)
	}
	media, _, _ := strings.Cut(strings.ToLower(kind), ";")
	media = strings.TrimSpace(media)
	page := media == "text/html" || media == "application/xhtml+xml"
	if !page && media != "text/plain" {
		return false
	}
	if !d.count() {
		return true
	}
	if ft := d.webContent(src, rec.head, body, kind, page, cut); ft != nil {
		d.reject(src, *ft, body)
	}
	return true
}

// webContent adds the article of a page or plain text to the batch, or
// returns why it cannot. Cut says that the end of the content is missing.
func (d *decoder) webContent(src model.Source, head textproto.MIMEHeader, body []byte, kind string, page, cut bool) *fault {
	if len(body) > maxPage {
		return &fault{code: "E_TOO_LONG", message: fmt.Sprintf("longer than the limit of %d bytes", maxPage)}
	}
	address := strings.ToValidUTF8(strings.Trim(head.Get("Warc-Target-Uri"), "<>"), "\uFFFD")
	crawled, dated := parseDate(head.Get("Warc-Date"))
	if page {
		if ft := d.page(body, kind, address); ft != nil {
			return ft
		}
		if dated && !d.rec.values[roleDate].set {
			d.set(roleDate, crawled.Format(time.RFC3339Nano))
			d.rec.warn("crawl_date")
		}
		if cut {
			d.rec.warn("truncated")
		}
		d.add(src, body)
		return nil
	}
	text, ft := d.decode(body, kind)
	if ft != nil {
		return ft
	}
	lang, _, _ := strings.Cut(head.Get("Warc-Identified-Content-Language"), ",")
	a := model.Article{Source: src, URL: address, Outlet: hostOf(address), Lang: languageOf(lang), PublishedAt: crawled}
	if dated {
		d.rec.warn("crawl_date")
	}
	if cut {
		d.rec.warn("truncated")
	}
	slices.Sort(d.rec.warnings)
	a.Warnings = slices.Clone(d.rec.warnings)
	d.plain(text, a)
	return nil
}

// cutHTTP splits a response into the code of its status, its header and its
// body as sent.
func cutHTTP(b []byte) (status string, head textproto.MIMEHeader, body []byte, ok bool) {
	limit := b[:min(len(b), maxHTTPHead)]
	end, gap := bytes.Index(limit, []byte("\r\n\r\n")), 4
	if i := bytes.Index(limit, []byte("\n\n")); i >= 0 && (end < 0 || i < end) {
		end, gap = i, 2
	}
	line, fields, _ := bytes.Cut(limit[:max(end, 0)], newline)
	words := strings.Fields(string(line))
	if end < 0 || len(words) < 2 || !strings.HasPrefix(words[0], "HTTP/") {
		return "", nil, nil, false
	}
	return words[1], fieldsOf(fields), b[end+gap:], true
}

// decodeBody undoes the transfer and content encodings of a response. Many
// crawlers store the body decoded and leave the header as it was, so what
// cannot be decoded is returned as it is. Of content longer than limit, limit
// bytes and one are returned; partly says that its end cannot be decoded.
func decodeBody(b []byte, head textproto.MIMEHeader, limit int64) (body []byte, partly bool) {
	coded := func(open func(io.Reader) (io.Reader, error)) {
		r, err := open(bytes.NewReader(b))
		if err != nil {
			return
		}
		if c, ok := r.(*zstd.Decoder); ok {
			defer c.Close()
		}
		out, err := io.ReadAll(io.LimitReader(r, limit+1))
		if err == nil || len(out) > 0 {
			b, partly = out, partly || err != nil
		}
	}
	if strings.EqualFold(head.Get("Transfer-Encoding"), "chunked") {
		coded(func(r io.Reader) (io.Reader, error) { return httputil.NewChunkedReader(r), nil })
	}
	encodings := strings.Split(strings.ToLower(head.Get("Content-Encoding")), ",")
	for _, e := range slices.Backward(encodings[:min(len(encodings), 4)]) {
		switch strings.TrimSpace(e) {
		case "gzip", "x-gzip":
			coded(func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) })
		case "deflate":
			coded(func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) })
		case "br":
			coded(func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil })
		case "zstd":
			coded(func(r io.Reader) (io.Reader, error) {
				return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
			})
		}
	}
	return b, partly
}
