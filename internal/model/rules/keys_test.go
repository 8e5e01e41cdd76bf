package rules

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestKeysDescribed holds the README's tables of keys to what packs may hold.
func TestKeysDescribed(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(readme), "\n### Every key of a pack\n")
	section, _, ended := strings.Cut(section, "\n## ")
	if !found || !ended {
		t.Fatal("README.md has no section that ends, \"Every key of a pack\"")
	}
	for what, keys := range map[string][]string{
		"pack": packKeys, "pack:": infoKeys, "party": partyKeys, "membership": memberKeys, "alias": aliasKeys,
		"demonyms": demonymKeys, "leader": leaderKeys, "issue": issueKeys, "cue": cueKeys, "frame": frameKeys,
		"emit": emitKeys, "scope": scopeKeys, "test": testKeys, "expect": expectKeys, "negation": negationKeys,
		"modality": modalKeys, "reporting": reportKeys, "label": labelKeys, "degree": degreeKeys, "product": productKeys,
		"kind of a party": partyKinds, "kind of an alias": aliasKinds, "case": caseRules, "else": elses, "class": cueClasses,
		"to": emitTargets, "negated": negations, "clause": clauses, "sections": sections,
	} {
		for _, k := range keys {
			if !strings.Contains(section, "`"+k+"`") {
				t.Errorf("%s: `%s` is not described", what, k)
			}
		}
	}
	for _, k := range slices.Concat(slotKinds, lemmaKeys) {
		if !strings.Contains(section, k) {
			t.Errorf("%q is not described", k)
		}
	}
}
