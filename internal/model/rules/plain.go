package rules

import (
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"stance/internal/diag"
)

// plainTree reads the part of YAML that the program's own packs are written
// in: mappings and lists in blocks, or in brackets over any lines, and scalars
// that end on their line. It gives the tree of the YAML library, whose time
// would be a quarter of all that a run takes to start; at anything else it
// gives up, and the library reads the file. Users' packs, in which anything
// may stand, always go to the library.
func plainTree(s Source) (tree, bool) {
	r := plainReader{s: string(s.Data), file: s.Name, line: 1, ascii: true}
	for _, c := range r.s {
		r.ascii = r.ascii && c < utf8.RuneSelf
		r.bad = r.bad || c < ' ' && c != '\n' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xfeff || c == utf8.RuneError
	}
	r.next()
	if r.bad || r.indent != 0 {
		return tree{}, false
	}
	t := r.block(1)
	return t, !r.bad && r.at == len(r.s)
}

// plainReader is the state of one reading. Between the lines of a block, at is
// the first character of the next line that says something and indent is its
// column from 0; -1 at the end.
type plainReader struct {
	s, file         string
	at, line, start int // start: of the line
	indent          int
	ascii           bool // one byte is one column
	bad             bool // something that only the library reads
}

func (r *plainReader) pos(at int) diag.Position {
	col := at - r.start
	if !r.ascii {
		col = utf8.RuneCountInString(r.s[r.start:at])
	}
	return diag.Position{File: r.file, Line: r.line, Col: col + 1}
}

// peek returns the character n after the next one; a line end behind the last.
func (r *plainReader) peek(n int) byte {
	if r.at+n < len(r.s) {
		return r.s[r.at+n]
	}
	return '\n'
}

func (r *plainReader) spaces() {
	for r.peek(0) == ' ' {
		r.at++
	}
}

// next goes past what is left of a line, which may only be a comment, and past
// lines that say nothing.
func (r *plainReader) next() {
	for r.at < len(r.s) {
		r.spaces()
		if r.peek(0) == '#' && (r.at == r.start || r.s[r.at-1] == ' ') {
			for r.peek(0) != '\n' {
				r.at++
			}
		}
		if r.peek(0) != '\n' {
			r.indent = r.at - r.start
			if spaces := strings.Trim(r.s[r.start:r.at], " "); spaces != "" {
				r.bad = true
			}
			return
		}
		if r.at < len(r.s) {
			r.at++
			r.line, r.start = r.line+1, r.at
		}
	}
	r.indent = -1
}

// item reports whether an element of a list in a block begins here.
func (r *plainReader) item() bool { return r.peek(0) == '-' && r.peek(1) == ' ' }

// block reads the list or mapping whose first line is at hand.
func (r *plainReader) block(depth int) tree {
	if !r.item() {
		return r.mapping(r.indent, depth)
	}
	t, indent := tree{pos: r.pos(r.at), kind: list}, r.indent
	for !r.bad && r.indent == indent && r.item() {
		r.at++
		r.spaces()
		if _, after := r.key(); after > 0 {
			t.list = append(t.list, r.mapping(r.at-r.start, depth+1))
			continue
		}
		t.list = append(t.list, r.inline(depth+1))
	}
	r.bad = r.bad || r.indent > indent
	return t
}

// mapping reads the mapping in a block whose keys stand at a column.
func (r *plainReader) mapping(column, depth int) tree {
	t := tree{pos: r.pos(r.at), kind: mapping}
	r.bad = r.bad || depth > maxDepth
	for r.indent = column; !r.bad && r.indent == column; {
		name, after := r.key()
		if after == 0 {
			r.bad = true
			break
		}
		f := field{name: name, pos: r.pos(r.at)}
		r.at = after
		r.spaces()
		if r.peek(0) != '\n' && r.peek(0) != '#' {
			f.tree = r.inline(depth + 1)
		} else if r.next(); r.indent > column || r.indent == column && r.item() {
			f.tree = r.block(depth + 1)
		} else {
			r.bad = true // nothing behind the colon
		}
		r.add(&t, f)
	}
	r.bad = r.bad || r.indent > column
	return t
}

// add adds a field; a key that stands twice or is too long for YAML is for the
// library to report.
func (r *plainReader) add(t *tree, f field) {
	r.bad = r.bad || len(f.name) > 200
	for i := range t.fields {
		r.bad = r.bad || t.fields[i].name == f.name
	}
	t.fields = append(t.fields, f)
}

// key returns the key that begins here and where its colon ends; 0 when no
// key begins here.
func (r *plainReader) key() (name string, after int) {
	if c := r.peek(0); c == '"' || c == '\'' {
		end := r.quoteEnd()
		if end == 0 || end+1 >= len(r.s) || r.s[end] != ':' || r.s[end+1] != ' ' && r.s[end+1] != '\n' {
			return "", 0
		}
		return unquote(r.s[r.at:end]), end + 1
	} else if strings.IndexByte(indicators, c) >= 0 {
		return "", 0
	}
	for i := r.at; i < len(r.s) && r.s[i] != '\n' && !strings.HasPrefix(r.s[i:], " #"); i++ {
		if r.s[i] == ':' {
			if i+1 < len(r.s) && r.s[i+1] != ' ' && r.s[i+1] != '\n' || r.s[i-1] == ' ' {
				break
			}
			return r.s[r.at:i], i + 1
		}
	}
	return "", 0
}

// indicators begin no plain scalar, or one that needs more care.
const indicators = "-?:,[]{}#&*!|>'\"%@`~<= "

// inline reads a value to the end of its line, or to the end of its brackets.
func (r *plainReader) inline(depth int) tree {
	var t tree
	switch c := r.peek(0); {
	case c == '[' || c == '{' || c == '"' || c == '\'':
		t = r.flow(depth)
	default:
		end := r.at
		for end < len(r.s) && r.s[end] != '\n' && !strings.HasPrefix(r.s[end:], " #") {
			r.bad = r.bad || r.s[end] == ':' && (end+1 == len(r.s) || r.s[end+1] == ' ' || r.s[end+1] == '\n')
			end++
		}
		t = r.plain(end)
	}
	line := r.line
	r.next()
	r.bad = r.bad || r.indent >= 0 && r.line == line
	return t
}

// flow reads a value between brackets.
func (r *plainReader) flow(depth int) tree {
	c := r.peek(0)
	t := tree{pos: r.pos(r.at), kind: list}
	r.bad = r.bad || depth > maxDepth
	switch c {
	case '"', '\'':
		end := r.quoteEnd()
		if end == 0 {
			r.bad = true
			return t
		}
		t.kind, t.text = scalar, unquote(r.s[r.at:end])
		r.at = end
		return t
	case '{':
		t.kind = mapping
	case '[':
	default:
		return r.plain(r.flowEnd())
	}
	closing := c + 2 // ] and } in ASCII
	for r.at++; !r.bad; {
		r.gap()
		if r.peek(0) == closing {
			r.at++
			return t
		}
		var f field
		if t.kind == mapping {
			f.pos = r.pos(r.at)
			k := r.flow(depth + 1)
			if k.kind != scalar || r.peek(0) != ':' || r.peek(1) != ' ' {
				break
			}
			f.name = k.text
			r.at++
			r.gap()
		}
		if p := r.peek(0); p == ',' || p == ']' || p == '}' {
			break
		}
		f.tree = r.flow(depth + 1)
		if t.kind == mapping {
			r.add(&t, f)
		} else {
			t.list = append(t.list, f.tree)
		}
		r.gap()
		if r.peek(0) == ',' {
			r.at++
		} else if r.peek(0) != closing {
			break
		}
	}
	r.bad = true
	return t
}

// gap goes past spaces, line ends and comments between brackets.
func (r *plainReader) gap() {
	for r.at < len(r.s) {
		switch c := r.s[r.at]; {
		case c == ' ':
		case c == '\n':
			r.line, r.start = r.line+1, r.at+1
		case c == '#' && (r.at == r.start || r.s[r.at-1] == ' '):
			for r.peek(1) != '\n' {
				r.at++
			}
		default:
			return
		}
		r.at++
	}
}

// flowEnd returns the end of a plain scalar between brackets.
func (r *plainReader) flowEnd() int {
	end := r.at
	for ; end < len(r.s) && strings.IndexByte(",]}\n", r.s[end]) < 0 && !strings.HasPrefix(r.s[end:], " #"); end++ {
		c := r.s[end]
		r.bad = r.bad || c == '[' || c == '{'
		if c == ':' && end+1 < len(r.s) && strings.IndexByte(" ,[]{}\n", r.s[end+1]) >= 0 {
			break
		}
	}
	return end
}

// quoteEnd returns the offset behind the quoted scalar that begins here; 0
// when it goes on in the next line or escapes more than quotation marks.
func (r *plainReader) quoteEnd() int {
	q := r.peek(0)
	for i := r.at + 1; i < len(r.s); i++ {
		switch c := r.s[i]; {
		case c == '\n':
			return 0
		case c == '\\' && q == '"':
			if i++; i == len(r.s) || r.s[i] != '"' && r.s[i] != '\\' {
				return 0
			}
		case c == q:
			if q == '"' || i+1 == len(r.s) || r.s[i+1] != q {
				return i + 1
			}
			i++
		}
	}
	return 0
}

// unquote returns the text of a scalar with its marks.
func unquote(s string) string {
	q, s := s[0], s[1:len(s)-1]
	if q == '\'' {
		return strings.ReplaceAll(s, "''", "'")
	}
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s)
}

// plain reads the plain scalar that lasts to end, spaces behind it included.
func (r *plainReader) plain(end int) tree {
	t := tree{pos: r.pos(r.at), kind: scalar, text: strings.TrimRight(r.s[r.at:end], " ")}
	r.at = end
	if t.text == "" {
		r.bad = true
		return t
	}
	switch c := t.text[0]; {
	case '0' <= c && c <= '9', c == '.', c == '+', c == '-' && len(t.text) > 1 && t.text[1] != ' ':
		t.scalar = r.numeric(t.text)
	case strings.IndexByte(indicators, c) >= 0:
		r.bad = true
	default:
		switch t.text {
		case "true", "True", "TRUE", "false", "False", "FALSE":
			t.scalar = boolScalar
		case "null", "Null", "NULL":
			t.kind = absent
		}
	}
	return t
}

// numeric says what a scalar that begins like a number is.
func (r *plainReader) numeric(s string) scalarKind {
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return dateScalar
	}
	whole, fraction, float := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if digits(whole) && (whole[0] != '0' || len(whole) == 1) && (!float || digits(fraction)) && len(s) < 16 {
		return numberScalar
	}
	// Few enough to ask the library.
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(s), &n); err != nil || len(n.Content) != 1 || n.Content[0].Kind != yaml.ScalarNode || n.Content[0].Value != s {
		r.bad = true
		return textScalar
	}
	return scalarOf(n.Content[0].Tag)
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
