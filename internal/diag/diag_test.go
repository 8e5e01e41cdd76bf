package diag

import (
	"strings"
	"testing"
)

func TestEdits(t *testing.T) {
	long := strings.Repeat("a", 81)
	for _, v := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"party", "parties", 3},
		{"run", "run", 0}, {long[:80], long[:79], 1}, {long, long, 81}, {long, "a", 81},
	} {
		if got := Edits(v.a, v.b); got != v.want {
			t.Errorf("Edits(%.9q, %.9q) = %d, not %d", v.a, v.b, got, v.want)
		}
		if Edits(v.a, v.b) != Edits(v.b, v.a) {
			t.Errorf("Edits(%.9q, %.9q) depends on their order", v.a, v.b)
		}
	}
}
