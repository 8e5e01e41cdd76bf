package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stance/internal/analysis"
)

// TestRulesOnLongArticle counts in a long article, which is analysed in pieces,
// what stands in it once.
func TestRulesOnLongArticle(t *testing.T) {
	const said = 9
	part := "Hamas accused Israel of delay, and Hamas frobbled Israel. Hamas watched Israel.\n\n" + strings.Repeat("x", analysis.Long/(said-1)) + "\n\n"
	dir := t.TempDir()
	in, packs := filepath.Join(dir, "long.txt"), [2]string{filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml")}
	if err := os.WriteFile(in, []byte("A long text\n\n"+strings.Repeat(part, said)), 0o666); err != nil {
		t.Fatal(err)
	}
	for i, verb := range []string{"frobnicate", "frobble"} {
		pack := "pack: {id: p, version: 1.0.0, lang: en, license: CC0-1.0}\ncues:\n  - id: frob\n    class: verb\n    lemmas: [" + verb + "]\n" +
			"    frame: {holder: subject, target: object}\n    emit: [{to: target, polarity: -1, strength: 0.5, act: betray}]\n"
		if err := os.WriteFile(packs[i], []byte(pack), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"rules", "stats", in}, exitOK, "28 sentences, 9 stances"},
		{[]string{"rules", "mine", in}, exitOK, "9  watched"},
		{[]string{"rules", "diff", packs[0], packs[0], "--corpus", in}, exitOK, "9 stances unchanged"},
		{[]string{"rules", "diff", packs[0], packs[1], "--corpus", in}, exitCheck, "9  frob"},
	} {
		if code, out, said := command(c.args...); code != c.code || !strings.Contains(out, c.want) {
			t.Errorf("%v: exit code %d, want %d and %q\n%s%s", c.args, code, c.code, c.want, out, said)
		}
	}
}
