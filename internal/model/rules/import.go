package rules

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"stance/internal/diag"
	"stance/internal/model/text"
)

// imported is a party of a foreign file.
type imported struct {
	id, label, kind, parent string
	aliases                 []string
}

// Import turns a foreign list of actors into the YAML text of a pack named
// after the file:
//
//   - a dictionary in the YAML layout of quanteda: categories, nested to any
//     depth, of words with * at their end. A category becomes a party, the
//     category around it its parent;
//   - a CSV file with the columns party, alias and perhaps kind; a first row
//     with these names is a header.
//
// Parties of a dictionary have the kind group, for their author to correct.
// The pack is nil when the list has errors.
func Import(name string, data []byte) ([]byte, diag.List) {
	var l diag.List
	im := importer{l: &l, at: map[string]int{}}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".csv":
		im.csv(name, data)
	case ".yaml", ".yml":
		if t, ok := parse(Source{Name: name, Data: data}, &l); ok {
			if t.kind != mapping {
				(&decoder{&l}).want(&t, "a mapping of categories to words")
			} else {
				im.categories(&t, "", 0)
			}
		}
	default:
		l.Errorf(diag.Position{File: name}, "value", "file type %q; expected .yaml, .yml or .csv", clip(ext))
	}
	if len(im.parties) == 0 && !l.HasErrors() {
		l.Errorf(diag.Position{File: name, Line: 1, Col: 1}, "missing", "the file names no party")
	}
	l.Sort()
	if l.HasErrors() {
		return nil, l
	}
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	return im.write(slug(strings.TrimSuffix(base, path.Ext(base)))), l
}

type importer struct {
	l       *diag.List
	parties []imported
	at      map[string]int
}

// party returns the party of an id, made when it is new.
func (im *importer) party(id, label string) *imported {
	i, ok := im.at[id]
	if !ok {
		i = len(im.parties)
		im.at[id] = i
		im.parties = append(im.parties, imported{id: id, label: label, kind: "group"})
	}
	return &im.parties[i]
}

func (im *importer) alias(p *imported, word string, pos diag.Position) {
	word = strings.Join(strings.Fields(word), " ")
	for w := range strings.FieldsSeq(word) {
		if strings.ContainsAny(strings.TrimSuffix(w, "*"), "*?[]") || w == "*" {
			im.l.Warnf(pos, "pattern", "%q is left out; a wildcard can only stand for the end of a word", clip(word))
			return
		}
	}
	if !hasWord(word) {
		im.l.Warnf(pos, "pattern", "%q is left out; it holds no word", clip(word))
		return
	}
	if !slices.Contains(p.aliases, word) {
		p.aliases = append(p.aliases, word)
	}
}

func (im *importer) categories(t *tree, parent string, depth int) {
	for i := range t.fields {
		f := &t.fields[i]
		id := slug(f.name)
		if id == "" {
			im.l.Errorf(f.pos, "value", "category %q; expected a name with letters or digits", clip(f.name))
			continue
		}
		if parent != "" {
			id = parent + "-" + id
		}
		if _, ok := im.at[id]; ok {
			im.l.Errorf(f.pos, "duplicate-id", "category %q gives the party id %s a second time", clip(f.name), id)
			continue
		}
		im.party(id, f.name).parent = parent
		im.words(&f.tree, id, depth)
	}
}

func (im *importer) words(t *tree, id string, depth int) {
	switch t.kind {
	case scalar:
		im.alias(&im.parties[im.at[id]], t.text, t.pos)
	case mapping:
		im.categories(t, id, depth+1)
	case list:
		for i := range t.list {
			im.words(&t.list[i], id, depth)
		}
	}
}

func (im *importer) csv(name string, data []byte) {
	if len(data) > maxBytes {
		im.l.Errorf(diag.Position{File: name, Line: 1, Col: 1}, "limit", "the file has %d bytes; at most %d are read", len(data), maxBytes)
		return
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			im.l.Errorf(diag.Position{File: name, Line: bad.Line, Col: bad.Column}, "syntax", "%s", bad.Err.Error())
			return
		}
		line, col := r.FieldPos(0)
		pos := diag.Position{File: name, Line: line, Col: col}
		if first && len(row) > 1 && strings.EqualFold(row[0], "party") && strings.EqualFold(row[1], "alias") {
			continue
		}
		if len(row) < 2 || len(row) > 3 {
			im.l.Errorf(pos, "value", "%d columns; expected party, alias and perhaps kind", len(row))
			continue
		}
		id := slug(row[0])
		if id == "" {
			im.l.Errorf(pos, "value", "party %q; expected a name with letters or digits", clip(row[0]))
			continue
		}
		p := im.party(id, strings.TrimSpace(row[0]))
		if len(row) == 3 && strings.TrimSpace(row[2]) != "" {
			kind := strings.TrimSpace(row[2])
			if !slices.Contains(partyKinds, kind) {
				line, col := r.FieldPos(2)
				im.l.Errorf(diag.Position{File: name, Line: line, Col: col}, "value", "a party kind %q; %s", clip(kind), suggest(kind, partyKinds))
				continue
			}
			p.kind = kind
		}
		line, col = r.FieldPos(1)
		im.alias(p, row[1], diag.Position{File: name, Line: line, Col: col})
	}
}

// write renders the pack.
func (im *importer) write(id string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "pack: {id: %s, version: 0.1.0, lang: en, license: unknown}\n\nparties:\n", id)
	for _, p := range im.parties {
		fmt.Fprintf(&b, "  - id: %s\n    label: %s\n    kind: %s\n", p.id, strconv.Quote(p.label), p.kind)
		if p.parent != "" {
			fmt.Fprintf(&b, "    parent: %s\n", p.parent)
		}
		if len(p.aliases) == 0 {
			continue
		}
		b.WriteString("    aliases:\n")
		for _, a := range p.aliases {
			fmt.Fprintf(&b, "      - %s\n", strconv.Quote(a))
		}
	}
	return b.Bytes()
}

// slug makes an id of a name.
func slug(name string) string {
	var b strings.Builder
	for _, r := range text.Fold(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := strings.TrimSuffix(b.String(), "-")
	return s[:min(len(s), 80)]
}
