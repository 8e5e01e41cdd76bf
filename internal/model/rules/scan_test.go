package rules

import (
	"reflect"
	"strings"
	"testing"

	"stance/data"
	"stance/internal/diag"
)

// whole reads a file with the library; false when there is a mistake in it.
func whole(s Source) (tree, bool) {
	var l diag.List
	t, ok := parseAny(s, &l)
	return t, ok && len(l) == 0
}

// What the scanner reads is what the library reads, to the position; where it
// must read is a matter of speed alone.
func TestScan(t *testing.T) {
	for _, f := range data.Packs() {
		s := Source{Name: f.Name, Data: f.Data, Trusted: true}
		got, ok := scan(s)
		if want, _ := whole(s); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read by the scanner %v, and otherwise than by the library", f.Name, ok)
		}
	}
	for _, c := range []struct {
		text  string
		reads bool
	}{
		{"a: b", true},
		{"- {}", true},
		{"  a: b\n  # c\n\n  d:   e  # f\n\n", true},
		{"a:\n- b\n- c: d\n  e: [f, g]\nh: i", true},
		{"- a\n-   b: c\n    d:\n      - e\n- {f: [g, {h: i}], }\n- []\n- {}", true},
		{"a: [b,\nc,   # d\n\n  e f]\ng: {h: i,\n j: 'k l', \"m\": \"n: o # p, [q\"}", true},
		{"é: [ü, 'ß']\nañb: {c: d é, e: f}\ng: h", true},
		{"a: [true, False, null, NULL, yes, nil, t, 12, -3, 0.5, 1., 1e3, 0x1f, 0o7, 1_000, 2024-02-28, 2024-02-30, 2024-2-3, 1.0.0, 9/11, 3rd]", true},
		{"a: b, c]\nd: e}f [g\nh: i#j\nk: l:m\nn: o?", true},
		{"a: [b:c, d#e, f'g, h\"i]", true},
		{strings.Repeat("a", 900) + ": b", true},
		{"a: b\n---\nc: d", false},
		{"a: b\n  c", false},
		{"a: b\n c: d", false},
		{"a:\n    b: c\n  d: e", false},
		{"- a\nb: c", false},
		{"a: b: c", false},
		{"a: - b", false},
		{"a: b\na: c", false},
		{"a:", false},
		{"a: ", false},
		{"a: {b: , c: d}", false},
		{"a: [b\nc]", false},
		{"a: [b c: d]", false},
		{"a: [b", false},
		{"a: [[b", false},
		{"a: {b: {c: [", false},
		{"a: {b}", false},
		{"a: {b\n: c}", false},
		{"a: [b, , c]", false},
		{"a: [b]c", false},
		{"a: [b]#c", false},
		{"a: 'b'c", false},
		{"a: 'b''c'", false},
		{`a: ["\"b\" c", "\"", d]`, true},
		{`a: "b\n"`, false},
		{`a: "b\\"`, false},
		{`a: 'b\'`, false},
		{`a: "b\`, false},
		{"a: \"b\nc\"", false},
		{"a: 'b", false},
		{"a: &b c", false},
		{"a: *b", false},
		{"a: !b c", false},
		{"a: |\n  b", false},
		{"a: ~", false},
		{"<<: {a: b}", false},
		{"? a\n: b", false},
		{"- - a", false},
		{"-\n  a: b", false},
		{"a:\tb", false},
		{"a: b\r\nc: d", false},
		{"\ufeffa: b", false},
		{"a: b\u2028c: d", false},
		{"a: \x00", false},
		{"a: \xff", false},
		{"%YAML 1.2\n---\na: b", false},
		{strings.Repeat("a", 1100) + ": b", false},
		{strings.Repeat("[", 30) + strings.Repeat("]", 30), false},
		{"a: " + strings.Repeat("[", 30) + strings.Repeat("]", 30), false},
		{"a", false},
		{"", false},
		{"# a", false},
	} {
		if got := holdScan(t, c.text); got != c.reads {
			t.Errorf("%q: read by the scanner %v, want %v", clip(c.text), got, c.reads)
		}
	}
}

// holdScan holds the scanner to the library on a text, and reports whether it
// reads it.
func holdScan(t *testing.T, text string) bool {
	t.Helper()
	s := Source{Name: "t.yaml", Data: []byte(text)}
	got, ok := scan(s)
	if !ok {
		return false
	}
	want, right := whole(s)
	if !right || !reflect.DeepEqual(got, want) {
		t.Errorf("%q:\nread    %+v\nlibrary %+v, without a mistake: %v", text, got, want, right)
	}
	return true
}

func FuzzScan(f *testing.F) {
	f.Add("pack: {id: t, version: 1.0.0}\nparties:\n  - id: a # b\n    aliases:\n      - {text: \"C d\", from: 2020-01-01, near: [e, 'f']}\n      - G h\ncues:\n- id: i\n  lemmas: [j*,\n    k]\n")
	f.Add("- a\n-   b: c\n    d:\n      - e\n- {f: [g, {h: i}], }\n- []\n")
	f.Fuzz(func(t *testing.T, text string) { holdScan(t, text) })
}
