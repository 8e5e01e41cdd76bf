// Package diag reports mistakes in users' files as values: a position, what
// is wrong and what was expected. All mistakes of a file are collected,
// sorted and shown at once.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Position is a place in a file. Line and Col count from 1; Col counts code
// points. Zero means unknown.
type Position struct {
	File      string
	Line, Col int
}

// String renders file:line:col without the unknown parts.
func (p Position) String() string {
	s := Path(p.File)
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
		if p.Col > 0 {
			s += fmt.Sprintf(":%d", p.Col)
		}
	}
	return s
}

// Severity ranks a diagnostic.
type Severity uint8

const (
	Error Severity = iota
	Warning
)

// Diagnostic is one mistake.
type Diagnostic struct {
	Position
	Severity Severity
	Kind     string // short and stable: syntax, unknown-key, duplicate, …
	Message  string // what is wrong and what was expected
}

// String renders file:line:col: message [kind].
func (d Diagnostic) String() string {
	w := ""
	if d.Severity == Warning {
		w = "warning: "
	}
	return fmt.Sprintf("%s: %s%s [%s]", d.Position, w, Escape(d.Message), d.Kind)
}

// List collects diagnostics. The zero value is ready to use.
type List []Diagnostic

// Errorf adds an error.
func (l *List) Errorf(p Position, kind, format string, args ...any) {
	*l = append(*l, Diagnostic{p, Error, kind, fmt.Sprintf(format, args...)})
}

// Warnf adds a warning.
func (l *List) Warnf(p Position, kind, format string, args ...any) {
	*l = append(*l, Diagnostic{p, Warning, kind, fmt.Sprintf(format, args...)})
}

// HasErrors reports whether the list holds anything above a warning.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sort orders by file, line, column, kind and message, and drops repeats.
func (l *List) Sort() {
	slices.SortFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message))
	})
	*l = slices.Compact(*l)
}

// Err returns the list as an error when it has errors, else nil.
func (l List) Err() error {
	if !l.HasErrors() {
		return nil
	}
	l.Sort()
	return l
}

// Error joins the lines of all diagnostics, so that a List is an error.
func (l List) Error() string {
	var b strings.Builder
	for i, d := range l {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(d.String())
	}
	return b.String()
}

// Escape makes text from files and names harmless on a terminal: control
// characters, bidirectional controls, other invisible formatting and invalid
// UTF-8 are written as \u{…} (bytes as \x..).
func Escape(s string) string {
	clean := true
	for _, r := range s {
		if r == utf8.RuneError || hostile(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case hostile(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// Path is Escape for the name of a file in a message of one line: a line feed
// is written too.
func Path(s string) string { return strings.ReplaceAll(Escape(s), "\n", `\u{a}`) }

func hostile(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
}

// Edits is the Levenshtein distance of two names in bytes, for messages that
// ask whether another name was meant. Names of more than 80 bytes are as far
// from all others as they are long: a hostile one shall not take long.
func Edits(a, b string) int {
	const most = 80
	if n := max(len(a), len(b)); n > most {
		return n
	}
	var row [most + 1]int
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
