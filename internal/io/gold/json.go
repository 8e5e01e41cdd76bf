package gold

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"stance/internal/diag"
)

// maxDepth bounds nesting; gold needs five levels.
const maxDepth = 32

// node is a JSON value that knows where it stands.
type node struct {
	kind    byte // { [ " 0 t f n
	at      int  // byte offset in the line
	text    string
	members []member
	elems   []*node
}

type member struct {
	name string
	val  *node
	used bool
}

// row is one line while it is read.
type row struct {
	file string
	no   int
	raw  []byte
	list *diag.List
}

// bad reports a mistake at a byte offset of the line.
func (r *row) bad(at int, kind, format string, args ...any) {
	r.list.Errorf(r.pos(at), kind, format, args...)
}

func (r *row) pos(at int) diag.Position {
	return diag.Position{File: r.file, Line: r.no, Col: utf8.RuneCount(r.raw[:min(at, len(r.raw))]) + 1}
}

// errStop ends the reading of a line whose mistake has been reported.
var errStop = errors.New("mistake reported")

// parse reads the line's value, or reports why there is none.
func (r *row) parse() *node {
	d := jsontext.NewDecoder(bytes.NewReader(r.raw), jsontext.AllowDuplicateNames(true))
	n, err := r.value(d, 0)
	if err == nil {
		end := int(d.InputOffset())
		if _, err = d.ReadToken(); err == io.EOF {
			return n
		} else if err == nil {
			r.bad(r.next(end), "syntax", "more than one value on the line; a gold file holds one object a line")
			return nil
		}
	}
	if err == errStop {
		return nil
	}
	at := int(d.InputOffset())
	if s, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at = int(s.ByteOffset)
		err = s.Err
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		r.bad(len(r.raw), "syntax", "the JSON ends too early")
		return nil
	}
	kind := "syntax"
	if strings.Contains(err.Error(), "UTF-8") {
		kind = "utf8"
	}
	r.bad(at, kind, "%s", strings.TrimPrefix(err.Error(), "jsontext: "))
	return nil
}

// next returns where the token after a byte offset begins.
func (r *row) next(at int) int {
	for at < len(r.raw) && strings.IndexByte(" \t\r\n,:", r.raw[at]) >= 0 {
		at++
	}
	return at
}

func (r *row) value(d *jsontext.Decoder, depth int) (*node, error) {
	at := r.next(int(d.InputOffset()))
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	n := &node{kind: byte(t.Kind()), at: at}
	switch n.kind {
	case '"', '0':
		n.text = t.String()
		return n, nil
	case '{', '[':
	default:
		n.text = t.String()
		return n, nil
	}
	if depth == maxDepth {
		r.bad(at, "depth", "values are nested more than %d deep", maxDepth)
		return nil, errStop
	}
	for {
		at := r.next(int(d.InputOffset()))
		if k := d.PeekKind(); k == '}' || k == ']' {
			_, err := d.ReadToken()
			n.text = string(r.raw[n.at:d.InputOffset()])
			return n, err
		}
		if n.kind == '[' {
			e, err := r.value(d, depth+1)
			if err != nil {
				return nil, err
			}
			n.elems = append(n.elems, e)
			continue
		}
		t, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		name := t.String()
		v, err := r.value(d, depth+1)
		if err != nil {
			return nil, err
		}
		if first := n.member(name); first != nil {
			r.bad(at, "duplicate", "the key %q is given twice; the first stands at column %d", name, r.pos(first.val.at).Col)
			continue
		}
		n.members = append(n.members, member{name: name, val: v})
	}
}

func (n *node) member(name string) *member {
	for i := range n.members {
		if n.members[i].name == name {
			return &n.members[i]
		}
	}
	return nil
}

// take returns the value of a key and marks it as known; nil when the key is
// absent or null.
func (n *node) take(name string) *node {
	m := n.member(name)
	if m == nil {
		return nil
	}
	m.used = true
	if m.val.kind == 'n' {
		return nil
	}
	return m.val
}

func (n *node) describe() string {
	switch n.kind {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "the number " + n.text
	case 'n':
		return "null"
	}
	return n.text
}

// need is take with a report when the key is absent or null.
func (r *row) need(n *node, name, what string) *node {
	if v := n.take(name); v != nil {
		return v
	}
	if m := n.member(name); m != nil {
		r.bad(m.val.at, "missing", "%q is null; expected %s", name, what)
	} else {
		r.bad(n.at, "missing", "the field %q is missing; expected %s", name, what)
	}
	return nil
}

// str reads a string, or reports another type. Nil gives "".
func (r *row) str(n *node, name string) string {
	if n == nil {
		return ""
	}
	if n.kind != '"' {
		r.bad(n.at, "type", "%q is %s; expected a string", name, n.describe())
		return ""
	}
	return n.text
}

// number reads a number, or reports another type.
func (r *row) number(n *node, name string) (float64, bool) {
	if n == nil {
		return 0, false
	}
	if n.kind != '0' {
		r.bad(n.at, "type", "%q is %s; expected a number", name, n.describe())
		return 0, false
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		r.bad(n.at, "value", "%q is out of range: %s", name, n.text)
		return 0, false
	}
	return f, true
}

// integer reads a whole number; 3.0 is one.
func (r *row) integer(n *node, name string) (int, bool) {
	f, ok := r.number(n, name)
	if !ok {
		return 0, false
	}
	if f != float64(int32(f)) {
		r.bad(n.at, "type", "%q is %s; expected a whole number", name, n.text)
		return 0, false
	}
	return int(f), true
}

// array reads an array, or reports another type. Nil gives nil, false.
func (r *row) array(n *node, name string) ([]*node, bool) {
	if n == nil {
		return nil, false
	}
	if n.kind != '[' {
		r.bad(n.at, "type", "%q is %s; expected an array", name, n.describe())
		return nil, false
	}
	return n.elems, true
}

// object reports whether n is an object, and complains when it is not.
func (r *row) object(n *node, name string) bool {
	if n == nil {
		return false
	}
	if n.kind != '{' {
		r.bad(n.at, "type", "%s is %s; expected an object", name, n.describe())
		return false
	}
	return true
}
