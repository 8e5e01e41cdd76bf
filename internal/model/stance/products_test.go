package stance_test

import (
	"strings"
	"testing"

	"stance/internal/model"
)

// TestProductsOfEarlierSentences holds the row of what a party did to the
// mention of that party, which may stand in a sentence before.
func TestProductsOfEarlierSentences(t *testing.T) {
	w := worker(t)
	var r model.Result
	first := func(text string) model.Stance {
		w.Analyze(&model.Article{ID: "t", Text: text, Lang: "en"}, &r, nil)
		for _, st := range r.Stances {
			if st.Act == "condemn" {
				return st
			}
		}
		t.Fatalf("no stance in %q", text)
		return model.Stance{}
	}
	const told = "Norway imposed a levy on salmon. "
	named := first(told + "Iceland condemned Norway.").Confidence
	for _, x := range []struct{ way, text string }{
		{"antecedent", told + "The fish were few. Iceland condemned the move."},
		{"antecedent", told + strings.Repeat("The fish were few that year. ", 12) + "Iceland condemned the move."}, // what the article is about
		{"agent", "Norway was quiet. Iceland condemned the measures announced by Norway."},
		{"apposition", "Norway taxed salmon, a step that Iceland condemned."},
	} {
		way, text := x.way, x.text
		st := first(text)
		m := r.Mentions[st.Target]
		if m.ID != "norway" || r.Mentions[st.Holder].ID != "iceland" || m.Role != model.RoleTarget {
			t.Errorf("%q: %s towards %s, whose role is %v", text, r.Mentions[st.Holder].ID, m.ID, m.Role)
		}
		if !strings.HasSuffix(st.Sieve, ">"+way) || st.Confidence >= named {
			t.Errorf("%q: sieve %s, confidence %.2f; expected %s and less than %.2f", text, st.Sieve, st.Confidence, way, named)
		}
		if earlier := m.Sentence < st.Sentence; earlier != (way == "antecedent") {
			t.Errorf("%q: the target is in sentence %d, the cue in %d", text, m.Sentence, st.Sentence)
		}
	}
}
