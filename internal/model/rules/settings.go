package rules

import (
	"strings"

	"stance/internal/diag"
)

// Setting is a key of a settings file with what stands behind it: one value,
// several, or further settings. Exactly one of the two slices is set; neither
// for a key without a value.
type Setting struct {
	Name   string
	Pos    diag.Position // of the key
	Values []Value
	Fields []Setting
}

// Value is a plain value as it is written, without quotation marks.
type Value struct {
	Text string
	Pos  diag.Position
}

// Settings reads a YAML file of settings with the limits of a user's pack. The
// keys are not checked: their meaning is the caller's. Mistakes come all at
// once; the settings are then incomplete.
func Settings(s Source) ([]Setting, diag.List) {
	var l diag.List
	t, ok := parse(s, &l)
	if ok && t.kind != mapping {
		l.Errorf(t.pos, "type", "expected settings, got %s", &t)
	}
	return settings(t.fields, &l), l
}

func settings(fields []field, l *diag.List) []Setting {
	out := make([]Setting, len(fields))
	for i := range fields {
		f := &fields[i]
		out[i] = Setting{Name: f.name, Pos: f.pos}
		switch f.kind {
		case mapping:
			out[i].Fields = settings(f.fields, l)
		case scalar:
			out[i].Values = []Value{{strings.TrimSpace(f.text), f.tree.pos}}
		case list:
			for k := range f.list {
				e := &f.list[k]
				if e.kind != scalar {
					l.Errorf(e.pos, "type", "expected a value, got %s", e)
					continue
				}
				out[i].Values = append(out[i].Values, Value{strings.TrimSpace(e.text), e.pos})
			}
		}
	}
	return out
}

// Suggest completes a message about a name that is not known: the nearest of
// the known ones, or all of them.
func Suggest(name string, known []string) string { return suggest(name, known) }
