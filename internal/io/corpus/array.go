package corpus

import (
	"bytes"
	"context"
	"fmt"

	"stance/internal/model"
)

// jsonFile reads a JSON file: an array of objects, one object, or several one
// after the other. An element that is no valid JSON is rejected, and reading
// goes on after the comma that its brackets and strings leave open.
func (d *decoder) jsonFile(ctx context.Context, s *stream) error {
	r, offset := s.text()
	if ft := notTextAhead(r); ft != nil {
		return ft
	}
	w := &window{r: r, limit: int(d.c.opts.MaxRecord), offset: offset, line: 1}
	w.fill()
	p := jsonSplitter{w: w}
	p.space()
	array := len(w.b) > 0 && w.b[0] == '['
	n := int64(0)
	here := func() model.Source {
		return model.Source{Path: d.f.path, RecordNo: n, Line: w.line, Offset: w.offset}
	}
	broken := func(code, message string) error {
		n++
		d.rec.reset()
		if d.count() {
			d.reject(here(), fault{code: code, message: message}, w.b)
		}
		return w.err
	}
	if len(w.b) == 0 {
		if w.err != nil {
			return w.err
		}
		return broken("E_JSON", "no JSON value")
	}
	if array {
		w.drop(1)
		p.space()
		if len(w.b) > 0 && w.b[0] == ']' {
			w.drop(1)
			return p.rest(broken)
		}
	}
	for {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		p.space()
		size, status := p.value(array)
		if d.left == 0 {
			return nil
		}
		n++
		switch {
		case status == splitTooLong:
			src, head := here(), bytes.Clone(w.b[:model.RawHeadMax])
			if err := p.skip(ctx, array); err != nil {
				return err
			}
			d.rec.reset()
			if d.count() {
				d.reject(src, fault{code: "E_TOO_LONG", message: fmt.Sprintf("a value of %d bytes is longer than the limit of %d", w.offset-src.Offset, d.c.opts.MaxRecord)}, head)
			}
		case size == 0 && len(w.b) == 0:
			n--
			return broken("E_JSON", "the array is not closed")
		default:
			src, raw := here(), bytes.TrimSpace(w.b[:size])
			if d.count() {
				if ft := d.object(raw); ft != nil {
					d.reject(src, *ft, raw)
				} else {
					d.add(src, raw)
				}
			}
		}
		w.drop(size)
		if d.held >= batchText || len(d.batch.Rejects) >= 256 {
			if err := d.flush(); err != nil {
				return err
			}
		}
		line := w.line
		p.space()
		switch {
		case !array && len(w.b) == 0:
			return w.err
		case !array && w.line == line:
			return broken("E_JSON", "text follows the value on its line")
		case !array:
		case len(w.b) == 0:
			return broken("E_JSON", "the array is not closed")
		case w.b[0] == ',':
			w.drop(1)
		case w.b[0] == ']':
			w.drop(1)
			return p.rest(broken)
		default:
			return broken("E_JSON", "a comma or the end of the array was expected")
		}
	}
}

// jsonSplitter finds where values end without reading them.
type jsonSplitter struct {
	w      *window
	depth  int
	string bool
	escape bool
	at     int // bytes of the window looked at
}

type splitStatus uint8

const (
	splitGood splitStatus = iota
	splitTooLong
)

// space drops white space.
func (p *jsonSplitter) space() {
	for {
		i := 0
		for i < len(p.w.b) && (p.w.b[i] == ' ' || p.w.b[i] == '\n' || p.w.b[i] == '\r' || p.w.b[i] == '\t') {
			i++
		}
		p.w.drop(i)
		if len(p.w.b) > 0 || !p.w.fill() || len(p.w.b) == 0 {
			return
		}
	}
}

// value returns the length of the value at the begin of the window: up to a
// comma or closing bracket of the array around it, or else to where its own
// brackets close.
func (p *jsonSplitter) value(array bool) (int, splitStatus) {
	p.depth, p.string, p.escape, p.at = 0, false, false, 0
	for {
		if n, done := p.scan(p.w.b, array); done {
			return n, splitGood
		}
		if p.w.ended {
			return len(p.w.b), splitGood
		}
		if !p.w.fill() {
			return 0, splitTooLong
		}
	}
}

func (p *jsonSplitter) scan(b []byte, array bool) (int, bool) {
	for p.at < len(b) {
		c := b[p.at]
		switch {
		case p.escape:
			p.escape = false
		case p.string:
			// Most bytes stand in strings.
			i := bytes.IndexAny(b[p.at:min(len(b), p.at+64)], `"\`)
			if i < 0 {
				p.at = min(len(b), p.at+64)
				continue
			}
			p.at += i
			p.string, p.escape = b[p.at] != '"', b[p.at] == '\\'
		case c == '"':
			p.string = true
		case c == '{' || c == '[':
			p.depth++
		case p.depth == 0 && array && (c == ',' || c == ']'):
			return p.at, true
		case c == '}' || c == ']':
			if p.depth--; p.depth <= 0 && !array {
				return p.at + 1, true
			}
			p.depth = max(p.depth, 0)
		}
		p.at++
	}
	return len(b), false
}

// skip drops a value that is longer than the window.
func (p *jsonSplitter) skip(ctx context.Context, array bool) error {
	for {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		p.w.drop(len(p.w.b))
		p.at = 0
		if !p.w.fill() || len(p.w.b) == 0 {
			return nil
		}
		if n, done := p.scan(p.w.b, array); done {
			p.w.drop(n)
			return nil
		}
	}
}

// rest reports what follows the value of the file.
func (p *jsonSplitter) rest(broken func(code, message string) error) error {
	if p.space(); len(p.w.b) > 0 {
		return broken("E_JSON", "text follows the array")
	}
	return p.w.err
}
