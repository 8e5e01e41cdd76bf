package corpus

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"stance/internal/model"
)

// lines decodes a block of JSON Lines and reports the fault after it.
func (d *decoder) lines(t task) {
	d.batch.InputBytes += t.stored
	if t.f.wants == nil {
		d.arena = make([]byte, 0, len(t.block)+len(t.block)/16)
	}
	line, offset := t.line, t.offset
	for rest := t.block; len(rest) > 0 && d.left != 0; {
		text := rest
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			text, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		src := model.Source{Path: t.f.path, RecordNo: line, Line: line, Offset: offset}
		line++
		offset += int64(len(text)) + 1
		if t.f.wants != nil && !t.f.wants.Has(src.RecordNo) {
			continue
		}
		if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && d.count() {
			if ft := d.object(trimmed); ft != nil {
				d.reject(src, *ft, text)
			} else {
				d.add(src, text)
			}
		}
	}
	if t.fault == nil {
		return
	}
	d.rec.reset()
	if t.fault.warning || d.count() {
		d.reject(model.Source{Path: t.f.path, RecordNo: t.fline, Line: t.fline, Offset: t.foff}, *t.fault, t.rest)
	}
}

// object gathers the fields of one JSON object into d.rec.
func (d *decoder) object(raw []byte) *fault {
	err := d.objectWith(raw, false)
	if s, ok := errors.AsType[*jsontext.SyntacticError](err); ok && s.Err != nil && strings.Contains(s.Err.Error(), "UTF-8") {
		if d.c.opts.StrictUTF8 {
			return &fault{code: "E_UTF8", message: jsonMessage(err)}
		}
		err = d.objectWith(raw, true)
		d.rec.warn("invalid_utf8")
	}
	if err == nil {
		return nil
	}
	if ft, ok := errors.AsType[*fault](err); ok {
		return ft
	}
	return &fault{code: "E_JSON", message: jsonMessage(err)}
}

func (d *decoder) objectWith(raw []byte, allowInvalid bool) error {
	d.rec.reset()
	// A buffer is read where it lies, so values are parts of raw. A field that
	// nobody asks for may stand twice, one that is read may not.
	d.in = *bytes.NewBuffer(raw)
	if d.json == nil {
		d.json = jsontext.NewDecoder(&d.in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(allowInvalid))
	} else {
		d.json.Reset(&d.in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(allowInvalid))
	}
	if k := d.json.PeekKind(); k != '{' && k != 0 {
		if err := d.json.SkipValue(); err != nil {
			return err
		}
		if _, err := d.json.ReadToken(); err == nil {
			return &fault{code: "E_JSON", message: "more than one value"}
		} else if err != io.EOF {
			return err
		}
		return &fault{code: "E_TYPE", message: "a JSON object was expected, found " + kindName(k)}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	var seen [numRoles]uint8 // bits by rank
	for d.json.PeekKind() == '"' {
		name, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		plain := name[1 : len(name)-1]
		if bytes.IndexByte(plain, '\\') >= 0 {
			d.short, _ = jsontext.AppendUnquote(d.short[:0], name)
			plain = d.short
		}
		k, known := d.c.roles[string(plain)]
		v, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		if seen[k.role]>>k.at&1 != 0 {
			return &fault{code: "E_DUP_KEY", message: "the record names " + strconv.Quote(string(plain)) + " twice"}
		}
		seen[k.role] |= 1 << k.at
		end := d.json.InputOffset()
		at := raw[end-int64(len(v)) : end]
		switch v.Kind() {
		case '"':
			d.rec.set(k, value{raw: at, quoted: true, valid: !allowInvalid})
		case '0':
			if k.role == roleText || k.role == roleHeadline {
				return &fault{code: "E_TYPE", message: "the " + roleNames[k.role] + " is a number, not a string"}
			}
			d.rec.set(k, value{raw: at, number: true})
		case 'n':
		default:
			switch k.role {
			case roleText, roleHeadline, roleID:
				return &fault{code: "E_TYPE", message: "the " + roleNames[k.role] + " is a " + kindName(v.Kind()) + ", not a string"}
			}
			d.rec.warn("bad_field")
		}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	if _, err := d.json.ReadToken(); err == nil {
		return &fault{code: "E_JSON", message: "more than one value"}
	} else if err != io.EOF {
		return err
	}
	return nil
}

func jsonMessage(err error) string {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return "the JSON value ends too early"
	}
	return strings.TrimPrefix(err.Error(), "jsontext: ")
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{', '}':
		return "object"
	case '[', ']':
		return "array"
	case '"':
		return "string"
	case '0':
		return "number"
	case 'n':
		return "null"
	default:
		return "boolean"
	}
}
