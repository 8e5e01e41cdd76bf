package rules

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"stance/internal/diag"
)

// scanner reads the part of YAML that packs are written in, in a tenth of the
// time of the library: mappings and lists, indented or in brackets, of values
// that stand in one line each. It knows no mistakes: what it does not read, be
// it wrong or only rare, the library reads.
type scanner struct {
	growth
	s        string
	at       int     // offset of what comes next
	line     int     // from 1
	start    int     // offset of the line
	counted  int     // offset up to which the runes of the line are counted
	runes    int     // as many there are
	elements []tree  // of the lists that are being read
	fields   []field // of the mappings that are being read
}

// scan reads a file into a tree. It reports whether it could, within the limits.
func scan(s Source) (t tree, ok bool) {
	var mistakes diag.List
	c := scanner{growth: newGrowth(s, &mistakes), s: string(s.Data), line: 1}
	if len(c.s) > maxBytes || !printable(c.s) {
		return t, false
	}
	c.gap()
	t, ok = c.block(1)
	return t, ok && c.at == len(c.s) && (c.limit == 0 || c.nodes <= c.limit) && len(mistakes) == 0
}

// printable reports whether YAML allows all of s, none of it is a tab and
// nothing but \n breaks lines.
func printable(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == 0xfffe || r == 0xffff || r == utf8.RuneError {
			return false
		}
		i += n
	}
	return true
}

// pos returns the position of an offset in the line, which lies behind that of
// the call before.
func (c *scanner) pos(at int) diag.Position {
	if c.counted < c.start {
		c.counted, c.runes = c.start, 0
	}
	c.runes += utf8.RuneCountInString(c.s[c.counted:at])
	c.counted = at
	return diag.Position{File: c.file, Line: c.line, Col: c.runes + 1}
}

// column returns how far what comes next is indented.
func (c *scanner) column() int { return c.at - c.start }

// is reports whether a byte comes next.
func (c *scanner) is(b byte) bool { return c.at < len(c.s) && c.s[c.at] == b }

// blank reports whether there is nothing, a space or the end of a line at an
// offset.
func (c *scanner) blank(at int) bool { return at >= len(c.s) || c.s[at] == ' ' || c.s[at] == '\n' }

// dash reports whether an element of a list begins.
func (c *scanner) dash() bool { return c.is('-') && c.blank(c.at+1) }

// rest skips spaces and a comment. It reports whether the line ends there.
func (c *scanner) rest() bool {
	for c.is(' ') {
		c.at++
	}
	if c.is('#') && (c.at == c.start || c.s[c.at-1] == ' ') {
		n := strings.IndexByte(c.s[c.at:], '\n')
		if n < 0 {
			n = len(c.s) - c.at
		}
		c.at += n
	}
	return c.at == len(c.s) || c.s[c.at] == '\n'
}

// gap skips spaces, comments and ends of lines.
func (c *scanner) gap() {
	for c.rest() && c.at < len(c.s) {
		c.at++
		c.line++
		c.start = c.at
	}
}

// next moves from the end of a value to what comes in the next lines; false
// when the line goes on.
func (c *scanner) next() bool {
	ended := c.rest()
	c.gap()
	return ended
}

// longestKey is how long a key may be, in bytes. YAML counts to 1024.
const longestKey = 1000

// colon moves behind the colon that makes a key of the text before it, which
// begins in a column.
func (c *scanner) colon(col int) bool {
	for c.is(' ') {
		c.at++
	}
	if !c.is(':') || !c.blank(c.at+1) || c.column()-col > longestKey {
		return false
	}
	c.at++
	return true
}

// key reads a key.
func (c *scanner) key(within bool) (tree, bool) {
	col := c.column()
	t, ok := c.scalar(within)
	return t, ok && c.colon(col)
}

// block reads the indented mapping or list that begins here, and moves on to
// what is indented no more than it.
func (c *scanner) block(depth int) (tree, bool) {
	if c.dash() {
		return c.blockList(depth)
	}
	col := c.column()
	key, ok := c.key(false)
	if !ok {
		return tree{}, false
	}
	return c.blockMapping(key, col, depth)
}

func (c *scanner) blockList(depth int) (tree, bool) {
	t, ok := c.open(list, c.pos(c.at), depth)
	if !ok {
		return t, false
	}
	from, col := len(c.elements), c.column()
	for c.dash() && c.column() == col {
		c.at++
		if c.rest() || c.dash() {
			return t, false
		}
		at := c.column()
		e, ok := c.value(false, depth+1)
		switch {
		case !ok:
			return t, false
		case e.kind <= scalar && c.colon(at):
			c.nodes--
			if e, ok = c.blockMapping(e, at, depth+1); !ok {
				return t, false
			}
		case !c.next():
			return t, false
		}
		c.elements = append(c.elements, e)
	}
	return c.closeList(t, from), c.left(col)
}

// blockMapping reads on behind the first key, which stands in a column, and its
// colon.
func (c *scanner) blockMapping(key tree, col, depth int) (tree, bool) {
	t, ok := c.open(mapping, key.pos, depth)
	if !ok {
		return t, false
	}
	from := len(c.fields)
	for {
		var v tree
		if !c.rest() {
			v, ok = c.value(false, depth+1)
			ok = ok && c.next()
		} else if c.gap(); c.column() > col || c.column() == col && c.dash() {
			v, ok = c.block(depth + 1)
		} else {
			ok = false
		}
		if !ok {
			return t, false
		}
		c.fields = append(c.fields, field{key.text, key.pos, v})
		if c.at == len(c.s) || c.column() != col {
			return c.closeMapping(t, from), c.left(col)
		}
		if c.dash() {
			return t, false
		}
		if key, ok = c.key(false); !ok {
			return t, false
		}
	}
}

// value reads a value that begins in the line, within brackets or not.
func (c *scanner) value(within bool, depth int) (tree, bool) {
	switch {
	case c.is('['):
		return c.flowList(depth)
	case c.is('{'):
		return c.flowMapping(depth)
	}
	c.nodes++
	t, ok := c.scalar(within)
	return t, ok && depth <= maxDepth
}

func (c *scanner) flowList(depth int) (tree, bool) {
	t, ok := c.open(list, c.pos(c.at), depth)
	if !ok {
		return t, false
	}
	c.at++
	from := len(c.elements)
	for c.gap(); !c.is(']'); c.gap() {
		e, ok := c.value(true, depth+1)
		if !ok || !c.more(']') {
			return t, false
		}
		c.elements = append(c.elements, e)
	}
	c.at++
	return c.closeList(t, from), true
}

func (c *scanner) flowMapping(depth int) (tree, bool) {
	t, ok := c.open(mapping, c.pos(c.at), depth)
	if !ok {
		return t, false
	}
	c.at++
	from := len(c.fields)
	for c.gap(); !c.is('}'); c.gap() {
		key, ok := c.key(true)
		if !ok {
			return t, false
		}
		c.gap()
		v, ok := c.value(true, depth+1)
		if !ok || !c.more('}') {
			return t, false
		}
		c.fields = append(c.fields, field{key.text, key.pos, v})
	}
	c.at++
	return c.closeMapping(t, from), true
}

// open begins a mapping or list.
func (c *scanner) open(k treeKind, pos diag.Position, depth int) (tree, bool) {
	c.nodes++
	return tree{kind: k, pos: pos}, depth <= maxDepth
}

// closeList and closeMapping give a list or mapping what was read of it since
// there were so many elements or fields.
func (c *scanner) closeList(t tree, from int) tree {
	t.list = append(make([]tree, 0, len(c.elements)-from), c.elements[from:]...)
	c.elements = c.elements[:from]
	return t
}

func (c *scanner) closeMapping(t tree, from int) tree {
	t.fields = append(make([]field, 0, len(c.fields)-from), c.fields[from:]...)
	c.fields = c.fields[:from]
	c.duplicates(t.fields)
	return t
}

// left reports whether what comes next is indented no more than a column.
func (c *scanner) left(col int) bool { return c.at == len(c.s) || c.column() <= col }

// more reports whether a comma follows, which it skips, or a bracket.
func (c *scanner) more(bracket byte) bool {
	c.gap()
	if c.is(',') {
		c.at++
		return true
	}
	return c.is(bracket)
}

// scalar reads a value that begins and ends in the line, and is in quotation
// marks or begins with a letter or figure. It reports whether it could.
func (c *scanner) scalar(within bool) (tree, bool) {
	t := tree{kind: scalar, pos: c.pos(c.at)}
	if c.is('"') || c.is('\'') {
		var ok bool
		t.text, ok = c.quoted()
		return t, ok
	}
	rest, end := c.s[c.at:], 0
text:
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\n':
			break text
		case ' ':
			continue
		case '#':
			if i > 0 && rest[i-1] == ' ' {
				break text
			}
		case ':':
			if c.blank(c.at + i + 1) {
				break text
			}
		case ',', '[', ']', '{', '}', '?':
			if within {
				break text
			}
		}
		end = i + 1
	}
	t.text = rest[:end]
	c.at += end
	return t, end > 0 && t.resolve()
}

// quoted returns a text in quotation marks. A backslash stands in it before
// marks alone.
func (c *scanner) quoted() (string, bool) {
	mark, rest := c.s[c.at], c.s[c.at+1:]
	escaped := false
	for end := 0; end < len(rest); end++ {
		switch b := rest[end]; {
		case b == '\n':
			return "", false
		case b == '\\':
			if end++; mark != '"' || end == len(rest) || rest[end] != '"' {
				return "", false
			}
			escaped = true
		case b == mark:
			c.at += end + 2
			s := rest[:end]
			if escaped {
				s = strings.ReplaceAll(s, `\"`, `"`)
			}
			return s, !c.is(mark)
		}
	}
	return "", false
}

// resolve says what a scalar without quotation marks is. It reports false for
// one that begins with a sign.
func (t *tree) resolve() bool {
	switch b := t.text[0]; {
	case 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b >= utf8.RuneSelf:
		switch t.text {
		case "true", "True", "TRUE", "false", "False", "FALSE":
			t.scalar = boolScalar
		case "null", "Null", "NULL":
			t.kind = absent
		}
		return true
	case '0' <= b && b <= '9' || b == '-' && len(t.text) > 1 && '0' <= t.text[1] && t.text[1] <= '9':
		if isDate(t.text) {
			t.scalar = dateScalar
		} else {
			t.tagged((&yaml.Node{Kind: yaml.ScalarNode, Value: t.text}).ShortTag())
		}
		return true
	}
	return false
}

// isDate reports whether s is surely a date: the library tries layouts.
func isDate(s string) bool {
	const layout = "0000-00-00"
	if len(s) != len(layout) {
		return false
	}
	for i := range len(layout) {
		if c := s[i]; layout[i] == '-' && c != '-' || layout[i] == '0' && (c < '0' || c > '9') {
			return false
		}
	}
	month, day := s[5:7], s[8:]
	return "01" <= month && month <= "12" && "01" <= day && day <= "28"
}
