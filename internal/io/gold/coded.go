package gold

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"stance/internal/diag"
)

// Code is a coder's verdict on a drawn row.
type Code int8

const (
	NotCoded Code = iota
	Wrong
	Right
)

// CoderPrefix begins the names of the fields that coders fill in: coder_1,
// coder_2 …
const CoderPrefix = "coder_"

// coded reads a drawn row of a table with the verdicts of its coders. Every
// field but text, weight and verdicts is kept for slices.
func (r *reader) coded(n *node, s *Sample) {
	s.Weight = 1
	if w := n.take("weight"); w != nil {
		x, err := strconv.ParseFloat(w.text, 64)
		if err != nil || !(x > 0) || x > 1e12 {
			r.bad(w.at, "value", "\"weight\" is %s; expected a number above 0", w.describe())
		}
		s.Weight = x
	}
	var coders []int
	for i := range n.members {
		if strings.HasPrefix(n.members[i].name, CoderPrefix) {
			coders = append(coders, i)
		}
	}
	if len(coders) == 0 {
		r.bad(n.at, "missing", "the field %q is missing; expected yes, no or nothing", CoderPrefix+"1")
	}
	slices.SortFunc(coders, func(a, b int) int { return strings.Compare(n.members[a].name, n.members[b].name) })
	codes := 0
	for _, i := range coders {
		m := &n.members[i]
		m.used = true
		c := NotCoded
		switch strings.ToLower(strings.TrimSpace(m.val.text)) {
		case "yes", "y", "right", "true", "1":
			c = Right
		case "no", "n", "wrong", "false", "0":
			c = Wrong
		case "", "null":
		default:
			r.bad(m.val.at, "value", "%q is %s; expected yes, no or nothing", m.name, m.val.describe())
		}
		if c != NotCoded {
			codes++
		}
		s.Codes = append(s.Codes, c)
	}
	if codes == 0 {
		s.Skip = "without a code"
	}
}

// isCSV tells a table from JSON Lines by its first character.
func isCSV(src []byte) bool {
	t := bytes.TrimLeft(src, " \t\r\n")
	return len(t) > 0 && t[0] != '{'
}

// readCSV reads coded rows from a table with a header line.
func readCSV(file string, src []byte, list *diag.List) []Sample {
	lines := bytes.Split(src, []byte("\n"))
	in := csv.NewReader(bytes.NewReader(src))
	fault := func(err error) {
		p := diag.Position{File: file, Line: 1}
		if e, ok := errors.AsType[*csv.ParseError](err); ok {
			p.Line, p.Col = e.Line, e.Column
			err = e.Err
		}
		list.Errorf(p, "syntax", "%v", err)
	}
	header, err := in.Read()
	if err != nil {
		fault(err)
		return nil
	}
	var out []Sample
	for {
		record, err := in.Read()
		if err == io.EOF {
			return out
		}
		if err != nil {
			fault(err)
			if errors.Is(err, csv.ErrFieldCount) {
				continue
			}
			return out // after a stray quotation mark nobody knows where the next row begins
		}
		line, _ := in.FieldPos(0)
		r := &reader{row: row{file: file, no: line, raw: lines[line-1], list: list}}
		n := &node{kind: '{'}
		for i, v := range record {
			at := 0
			if l, col := in.FieldPos(i); l == line {
				at = col - 1
			}
			if n.member(header[i]) != nil {
				r.bad(at, "duplicate", "the column %q is given twice", header[i])
				return out
			}
			n.members = append(n.members, member{name: header[i], val: &node{kind: '"', at: at, text: plain(v)}})
		}
		before := len(*list)
		if s := r.fields(n, Coded); len(*list) == before {
			out = append(out, *s)
		}
	}
}

// plain takes the apostrophe off that keeps a spreadsheet from reading a cell
// as a formula.
func plain(v string) string {
	if len(v) > 1 && v[0] == '\'' && strings.IndexByte("=+-@\t\r", v[1]) >= 0 {
		return v[1:]
	}
	return v
}
