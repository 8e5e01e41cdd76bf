package main

import (
	"strings"
	"testing"
)

// TestInlineRules runs the tests that stand in the embedded packs.
func TestInlineRules(t *testing.T) {
	results := embedded(t).TestRules(nil)
	if len(results) < 600 {
		t.Errorf("the packs hold %d tests", len(results))
	}
	for _, r := range results {
		if len(r.Failures) > 0 && !r.Todo {
			t.Errorf("%s: %s: %s\n\t%s", r.Pos, r.Cue, r.Text, strings.Join(r.Failures, "\n\t"))
		}
	}
}

// TestSymmetry holds that rules, aliases, lexicon and weights treat opponents
// alike.
func TestSymmetry(t *testing.T) {
	compared, faults := embedded(t).Symmetry()
	if compared < 1000 {
		t.Errorf("%d sentences compared", compared)
	}
	for _, f := range faults {
		t.Error(f)
	}
}
