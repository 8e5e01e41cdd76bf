package fit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"stance/internal/diag"
)

// maxLine bounds a line of a sample, in bytes.
const maxLine = 1 << 20

// ReadSet reads a sample of JSON lines: text and rating, else label (-1, 0,
// 1), else the mean label of targets. A line without any of them is skipped.
// The article is the field article, or the id up to its last underscore or
// hyphen. Every mistake of the file is in the list.
func ReadSet(name string, in io.Reader) (Set, diag.List) {
	set := Set{Name: name}
	var l diag.List
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 1<<16), maxLine)
	line := 0
	for s.Scan() {
		line++
		pos := diag.Position{File: name, Line: line, Col: 1}
		row := bytes.TrimSpace(s.Bytes())
		if len(row) == 0 {
			continue
		}
		var g struct {
			ID, Article, Text string
			Rating, Label     *float64
			Targets           []struct{ Label *float64 }
		}
		if err := json.Unmarshal(row, &g); err != nil {
			l.Errorf(pos, "syntax", "%v", err)
			continue
		}
		if strings.TrimSpace(g.Text) == "" {
			l.Errorf(pos, "missing-field", "no text")
			continue
		}
		e := Example{Text: g.Text, Article: g.Article}
		if e.Article == "" {
			if e.Article = g.ID; strings.ContainsAny(g.ID, "_-") {
				e.Article = g.ID[:strings.LastIndexAny(g.ID, "_-")]
			}
		}
		labels := 0
		for _, t := range g.Targets {
			if t.Label != nil {
				e.Rating += *t.Label
				labels++
			}
		}
		switch {
		case g.Rating != nil:
			e.Rating = *g.Rating
		case g.Label != nil:
			e.Rating = *g.Label
		case labels > 0:
			e.Rating /= float64(labels)
		default:
			continue
		}
		set.Examples = append(set.Examples, e)
	}
	if err := s.Err(); err != nil {
		l.Errorf(diag.Position{File: name, Line: line + 1}, "syntax", "%v", err)
	}
	return set, l
}
