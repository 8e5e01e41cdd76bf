package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"stance/internal/diag"
)

// Limits of a users' pack. Packs that come with the program may hold more
// nodes, since a list of all governments needs them.
const (
	maxBytes = 1 << 20
	maxDepth = 20
	maxNodes = 10_000
)

// treeKind is the shape of a value. YAML ends with the tree: what follows
// sees shapes, texts and positions.
type treeKind uint8

const (
	absent treeKind = iota // null, or nothing after the colon
	scalar
	list
	mapping
)

// scalarKind is what a plain scalar would be read as.
type scalarKind uint8

const (
	textScalar scalarKind = iota
	numberScalar
	boolScalar
	dateScalar
)

// tree is a positioned value of a pack.
type tree struct {
	pos    diag.Position
	kind   treeKind
	scalar scalarKind
	text   string
	list   []tree
	fields []field
}

// field is a key of a mapping with its value.
type field struct {
	name string
	pos  diag.Position
	tree
}

// String says what a value is, for messages.
func (t *tree) String() string {
	switch t.kind {
	case absent:
		return "nothing"
	case list:
		return "a list"
	case mapping:
		return "a mapping"
	}
	switch t.scalar {
	case numberScalar:
		return "the number " + t.text
	case boolScalar:
		return "the truth value " + t.text
	case dateScalar:
		return "the date " + t.text
	}
	return strconv.Quote(clip(t.text))
}

// clip shortens text that is quoted in a message.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// growth counts what a file holds against its limits.
type growth struct {
	file  string
	nodes int
	limit int // 0: unlimited
	l     *diag.List
}

func newGrowth(s Source, l *diag.List) growth {
	g := growth{file: s.Name, l: l, limit: maxNodes}
	if s.Trusted {
		g.limit = 0
	}
	return g
}

// parse reads one YAML file into a tree. It reports whether the tree may be
// decoded; a file with forbidden features still may, so that all its mistakes
// are shown at once.
func parse(s Source, l *diag.List) (tree, bool) {
	if t, ok := scan(s); ok {
		return t, true
	}
	return parseAny(s, l)
}

// parseAny is parse by the library.
func parseAny(s Source, l *diag.List) (tree, bool) {
	at := func(line int) diag.Position { return diag.Position{File: s.Name, Line: max(line, 1), Col: 1} }
	if len(s.Data) > maxBytes {
		l.Errorf(at(1), "limit", "the file has %d bytes; at most %d are read", len(s.Data), maxBytes)
		return tree{}, false
	}
	if i := invalidUTF8(s.Data); i >= 0 {
		line := 1 + bytes.Count(s.Data[:i], []byte("\n"))
		col := 1 + utf8.RuneCount(s.Data[bytes.LastIndexByte(s.Data[:i], '\n')+1:i])
		l.Errorf(diag.Position{File: s.Name, Line: line, Col: col}, "syntax", "byte 0x%02x is not UTF-8", s.Data[i])
		return tree{}, false
	}
	dec := yaml.NewDecoder(bytes.NewReader(s.Data))
	var root yaml.Node
	switch err := dec.Decode(&root); {
	case errors.Is(err, io.EOF):
		l.Errorf(at(1), "syntax", "the file is empty")
		return tree{}, false
	case err != nil:
		line, msg := yamlError(err)
		l.Errorf(at(line), "syntax", "%s", msg)
		return tree{}, false
	}
	g := newGrowth(s, l)
	if len(root.Content) != 1 {
		l.Errorf(at(1), "syntax", "the file is empty")
		return tree{}, false
	}
	var t tree
	if !g.tree(root.Content[0], &t, 1) {
		return tree{}, false
	}
	var next yaml.Node
	if err := dec.Decode(&next); err == nil {
		l.Errorf(g.pos(&next), "unsupported", "a second document begins here; only one is read")
	} else if !errors.Is(err, io.EOF) {
		line, msg := yamlError(err)
		l.Errorf(at(line), "syntax", "%s", msg)
	}
	return t, true
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8; -1
// when all of b is.
func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; ; {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
}

// yamlError takes the line out of a message of the YAML parser.
func yamlError(err error) (line int, msg string) {
	msg = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		if n, after, ok := strings.Cut(rest, ": "); ok {
			if line, err := strconv.Atoi(n); err == nil {
				return line, after
			}
		}
	}
	return 1, msg
}

func (g *growth) pos(n *yaml.Node) diag.Position {
	return diag.Position{File: g.file, Line: max(n.Line, 1), Col: max(n.Column, 1)}
}

// tree converts a node into t; false when a limit ends the reading.
func (g *growth) tree(n *yaml.Node, t *tree, depth int) bool {
	t.pos = g.pos(n)
	if g.nodes++; g.limit > 0 && g.nodes > g.limit {
		g.l.Errorf(t.pos, "limit", "more than %d values; split the file", g.limit)
		return false
	}
	if depth > maxDepth {
		g.l.Errorf(t.pos, "limit", "nested deeper than %d levels", maxDepth)
		return false
	}
	if n.Anchor != "" {
		g.l.Errorf(t.pos, "unsupported", "anchor &%s; write the value out where it is needed", clip(n.Anchor))
	}
	if n.Style&yaml.TaggedStyle != 0 {
		g.l.Errorf(t.pos, "unsupported", "tag %s; none is needed", clip(n.Tag))
	}
	switch n.Kind {
	case yaml.AliasNode:
		g.l.Errorf(t.pos, "unsupported", "alias *%s; write the value out here", clip(n.Value))
	case yaml.ScalarNode:
		t.kind, t.text = scalar, n.Value
		if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			break
		}
		t.tagged(n.Tag)
	case yaml.SequenceNode:
		t.kind = list
		t.list = make([]tree, len(n.Content))
		for i, c := range n.Content {
			if !g.tree(c, &t.list[i], depth+1) {
				return false
			}
		}
	case yaml.MappingNode:
		t.kind = mapping
		t.fields = make([]field, 0, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			k, at := n.Content[i], len(t.fields)
			t.fields = append(t.fields, field{name: k.Value, pos: g.pos(k)})
			if !g.tree(n.Content[i+1], &t.fields[at].tree, depth+1) {
				return false
			}
			if !g.key(k) {
				t.fields = t.fields[:at]
			}
		}
		g.duplicates(t.fields)
	}
	return true
}

// tagged says what a plain scalar is by the tag that the library gives it.
func (t *tree) tagged(tag string) {
	switch tag {
	case "!!null":
		t.kind = absent
	case "!!int", "!!float":
		t.scalar = numberScalar
	case "!!bool":
		t.scalar = boolScalar
	case "!!timestamp":
		t.scalar = dateScalar
	}
}

// key reports whether a node can be a key.
func (g *growth) key(k *yaml.Node) bool {
	p := g.pos(k)
	switch {
	case k.Kind != yaml.ScalarNode:
		g.l.Errorf(p, "type", "a key must be text")
		return false
	case k.Tag == "!!merge" && k.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0:
		g.l.Errorf(p, "unsupported", "merge key <<; write the keys out here")
		return false
	case k.Anchor != "":
		g.l.Errorf(p, "unsupported", "anchor &%s; write the value out where it is needed", clip(k.Anchor))
	case k.Style&yaml.TaggedStyle != 0:
		g.l.Errorf(p, "unsupported", "tag %s; none is needed", clip(k.Tag))
	}
	return true
}

// duplicates reports keys that occur twice. Large mappings (degree words) are
// sorted first, so that a hostile file costs no quadratic time.
func (g *growth) duplicates(fs []field) {
	if len(fs) <= 8 {
		for i := range fs {
			if j := slices.IndexFunc(fs[:i], func(f field) bool { return f.name == fs[i].name }); j >= 0 {
				g.l.Errorf(fs[i].pos, "duplicate-key", "key %q stands twice; first at line %d", clip(fs[i].name), fs[j].pos.Line)
			}
		}
		return
	}
	order := make([]int, len(fs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(fs[a].name, fs[b].name) })
	first := order[0]
	for _, i := range order[1:] {
		if fs[i].name != fs[first].name {
			first = i
			continue
		}
		g.l.Errorf(fs[i].pos, "duplicate-key", "key %q stands twice; first at line %d", clip(fs[i].name), fs[first].pos.Line)
	}
}

// decoder reads trees into declarations and collects mistakes.
type decoder struct{ l *diag.List }

func (d *decoder) want(t *tree, what string) {
	d.l.Errorf(t.pos, "type", "expected %s, got %s", what, t)
}

// each calls f for the fields of a mapping whose keys are known.
func (d *decoder) each(t *tree, what string, keys []string, f func(*field)) bool {
	if t.kind != mapping {
		d.want(t, what)
		return false
	}
	for i := range t.fields {
		fl := &t.fields[i]
		if !slices.Contains(keys, fl.name) {
			d.l.Errorf(fl.pos, "unknown-key", "unknown key %q in %s; %s", clip(fl.name), what, suggest(fl.name, keys))
			continue
		}
		f(fl)
	}
	return true
}

// elements calls f for the elements of a list.
func (d *decoder) elements(t *tree, what string, f func(*tree)) {
	if t.kind != list {
		d.want(t, "a list of "+what)
		return
	}
	for i := range t.list {
		f(&t.list[i])
	}
}

// str is a text with its position; the zero value is absent.
type str struct {
	S   string
	Pos diag.Position
}

func (d *decoder) str(t *tree, what string) str {
	if t.kind != scalar || t.scalar != textScalar {
		if t.kind == scalar {
			d.l.Errorf(t.pos, "type", "expected %s, got %s; quote it", what, t)
		} else {
			d.want(t, what)
		}
		return str{}
	}
	s := strings.TrimSpace(t.text)
	if s == "" {
		d.l.Errorf(t.pos, "value", "expected %s, got empty text", what)
		return str{}
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == utf8.RuneError }) {
		d.l.Errorf(t.pos, "value", "%s holds a control character", what)
		return str{}
	}
	return str{s, t.pos}
}

// code is text that may look like a number.
func (d *decoder) code(t *tree, what string) str {
	if t.kind != scalar {
		d.want(t, what)
		return str{}
	}
	return str{strings.TrimSpace(t.text), t.pos}
}

func (d *decoder) strs(t *tree, what string) []str {
	var out []str
	if t.kind == list {
		out = make([]str, 0, len(t.list))
	}
	d.elements(t, what, func(e *tree) {
		if s := d.str(e, what); s.S != "" {
			out = append(out, s)
		}
	})
	return out
}

func (d *decoder) bool(t *tree, what string) bool {
	if t.kind != scalar || t.scalar != boolScalar {
		d.want(t, what+": true or false")
		return false
	}
	return strings.EqualFold(t.text, "true")
}

func (d *decoder) number(t *tree, what string, lo, hi float64) (float64, bool) {
	if t.kind == scalar && t.scalar == numberScalar {
		v, err := strconv.ParseFloat(t.text, 64)
		if err == nil && v >= lo && v <= hi {
			return v, true
		}
		d.l.Errorf(t.pos, "value", "%s is %s; expected a number from %v to %v", what, clip(t.text), lo, hi)
		return 0, false
	}
	d.want(t, fmt.Sprintf("%s: a number from %v to %v", what, lo, hi))
	return 0, false
}

func (d *decoder) integer(t *tree, what string, lo, hi int) (int, bool) {
	v, ok := d.number(t, what, float64(lo), float64(hi))
	if ok && v != float64(int(v)) {
		d.l.Errorf(t.pos, "value", "%s is %s; expected a whole number", what, clip(t.text))
		return 0, false
	}
	return int(v), ok
}

// choice returns the index of a text among the names; -1 when it is none.
func (d *decoder) choice(t *tree, what string, names []string) int {
	s := d.str(t, what)
	if s.S == "" {
		return -1
	}
	i := slices.Index(names, s.S)
	if i < 0 {
		d.l.Errorf(s.Pos, "value", "%s %q; %s", what, clip(s.S), suggest(s.S, names))
	}
	return i
}

// id returns a name of lower-case letters, digits and hyphens.
func (d *decoder) id(t *tree, what string) str {
	s := d.str(t, what)
	if s.S != "" && !validID(s.S) {
		d.l.Errorf(s.Pos, "value", "%s %q; expected lower-case letters, digits and hyphens", what, clip(s.S))
		return str{}
	}
	return s
}

func validID(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 80
}

// suggest names the nearest of the names, or all of them.
func suggest(s string, names []string) string {
	best, at := 3, -1
	for i, n := range names {
		if d := diag.Edits(s, n); d < best {
			best, at = d, i
		}
	}
	if at >= 0 && best < len(names[at]) {
		return fmt.Sprintf("did you mean %q?", names[at])
	}
	sorted := slices.Sorted(slices.Values(names))
	if len(sorted) > 24 {
		sorted = append(sorted[:24:24], "…")
	}
	return "expected one of " + strings.Join(sorted, ", ")
}
