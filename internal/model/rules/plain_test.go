package rules

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"stance/internal/diag"
)

// TestPlainTree holds the quick reading of the project's own packs to the
// library's: it reads all of them, and every shape, text and position is the
// same.
func TestPlainTree(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "data", "*", "*.yaml"))
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := Source{Name: filepath.Base(name), Data: b, Trusted: true}
		got, ok := plainTree(s)
		if !ok {
			t.Errorf("%s: is left to the library; keep to the plain part of YAML", name)
			continue
		}
		same(t, s, got)
	}
}

// same compares a tree with the library's reading of a source.
func same(t *testing.T, s Source, got tree) {
	t.Helper()
	var l diag.List
	want, ok := parseYAML(s, &l)
	if !ok || len(l) > 0 {
		t.Fatalf("%s: the library finds mistakes: %v", s.Name, l)
	}
	if d := difference(&got, &want); d != "" {
		t.Errorf("%s: %s", s.Name, d)
	}
}

// difference describes the first difference between two trees.
func difference(got, want *tree) string {
	a, b := *got, *want
	a.list, a.fields, b.list, b.fields = nil, nil, nil, nil
	if !reflect.DeepEqual(a, b) || len(got.list) != len(want.list) || len(got.fields) != len(want.fields) {
		return got.pos.String() + " " + got.String() + ", the library has " + want.pos.String() + " " + want.String()
	}
	for i := range got.list {
		if d := difference(&got.list[i], &want.list[i]); d != "" {
			return d
		}
	}
	for i := range got.fields {
		x, y := &got.fields[i], &want.fields[i]
		if x.name != y.name || x.pos != y.pos {
			return x.pos.String() + " key " + x.name + ", the library has " + y.pos.String() + " " + y.name
		}
		if d := difference(&x.tree, &y.tree); d != "" {
			return d
		}
	}
	return ""
}

// FuzzPlainTree looks for text that the quick reading takes for something
// else than the library does, or that the library refuses.
func FuzzPlainTree(f *testing.F) {
	for _, s := range []string{
		"a: b\nc:\n  - d\n  - e: f\n    g: [h, {i: 1, j: -0.5}]\nk: 2001-12-22\n",
		"a:\n- b # c\n- 'd'\n\n# e\nf: {\"g h\": true, i: 9/11,\n  j: [k,\n # l\n m ]}\n",
		"é: [ü, \"#\"]\na: x#y\nb: c:d\n", "a: [b: c]\n", "- - a\n", "a: b\n  c\n", "a: [b c\n  d]\n", "a: 0x1f\nb: 1_0\nc: .5\nd: 1e3\n", "a: b: c\n", "{a: b}\n", "a: 'b''c'\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := Source{Name: "t.yaml", Data: []byte(text), Trusted: true}
		if got, ok := plainTree(s); ok {
			same(t, s, got)
		}
	})
}
