package model

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestRunes compares the offsets of random texts with a count from the begin.
func TestRunes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, letters := range [][]string{{"a", " "}, {"a", "é", "“", "😀", "\u0301", "ÿ"}, {"😀"}} {
		var b strings.Builder
		for range rng.IntN(1500) {
			b.WriteString(letters[rng.IntN(len(letters))])
		}
		text := b.String()
		var r Runes
		r.Reset(text)
		for i := 0; i <= len(text); i++ {
			if i < len(text) && !utf8.RuneStart(text[i]) {
				continue
			}
			if got, want := r.Rune(int32(i)), utf8.RuneCountInString(text[:i]); int(got) != want || int(r.Byte(got)) != i {
				t.Fatalf("byte %d of %d: code point %d, not %d, and back at %d", i, len(text), got, want, r.Byte(got))
			}
		}
	}
}
