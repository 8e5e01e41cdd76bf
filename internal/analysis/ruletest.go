package analysis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"stance/internal/diag"
	"stance/internal/model"
	"stance/internal/model/rules"
)

// TestResult is the outcome of one inline test of a cue.
type TestResult struct {
	Cue, Text string
	Pos       diag.Position
	Todo      bool     // a known gap: reported, never failed
	Failures  []string // what was expected and not found, or found and not expected
}

// TestRules runs the inline tests of every cue that keep accepts (nil for
// all), in the order of the packs.
func (a *Analyzer) TestRules(keep func(*rules.Cue) bool) []TestResult {
	w := a.NewWorker()
	var r model.Result
	var out []TestResult
	for i := range a.Program.Cues {
		cue := &a.Program.Cues[i]
		if keep != nil && !keep(cue) {
			continue
		}
		for j := range cue.Tests {
			t := &cue.Tests[j]
			art := &model.Article{ID: "test", Text: t.Text, Lang: "en"}
			if t.Date != "" {
				if d, err := time.Parse(time.DateOnly, t.Date); err == nil {
					art.PublishedAt = d
				}
			}
			w.Analyze(art, &r, nil)
			out = append(out, TestResult{cue.ID, t.Text, t.Pos, t.Todo, checkTest(&r, t)})
		}
	}
	return out
}

// checkTest compares the stances found with those expected: each expectation
// must be met, an empty list wants no stance at all, and nothing may be as an
// absent one.
func checkTest(r *model.Result, t *rules.Test) []string {
	var failures []string
	if len(t.Expect) == 0 && len(r.Stances) > 0 {
		failures = append(failures, "expected no stance, found "+describeAll(r))
	}
	for i := range t.Expect {
		if e := &t.Expect[i]; !found(r, e) {
			failures = append(failures, fmt.Sprintf("expected %s, found %s", expectation(e), describeAll(r)))
		}
	}
	for i := range t.Absent {
		if e := &t.Absent[i]; found(r, e) {
			failures = append(failures, fmt.Sprintf("expected no %s, found %s", expectation(e), describeAll(r)))
		}
	}
	return failures
}

// found reports whether some stance is as expected.
func found(r *model.Result, e *rules.Expect) bool {
	return slices.ContainsFunc(r.Stances, func(s model.Stance) bool { return meets(r, &s, e) })
}

func meets(r *model.Result, s *model.Stance, e *rules.Expect) bool {
	holder := "narrator"
	if s.Holder >= 0 {
		holder = r.Mentions[s.Holder].ID
	} else if s.Voice == model.VoiceUnknown {
		holder = "unknown"
	}
	t := &r.Mentions[s.Target]
	if e.Holder != "" && e.Holder != holder || e.Act != "" && e.Act != s.Act || e.Polarity != nil && *e.Polarity != s.Polarity {
		return false
	}
	if e.Target != "" && e.Target != t.ID {
		return false
	}
	if e.Issue != "" && !(t.Kind == model.MentionIssue && t.ID == e.Issue) && !(s.Issue >= 0 && r.Mentions[s.Issue].ID == e.Issue) {
		return false
	}
	return true
}

func expectation(e *rules.Expect) string {
	var parts []string
	for _, x := range [][2]string{{"holder", e.Holder}, {"target", e.Target}, {"issue", e.Issue}, {"act", e.Act}} {
		if x[1] != "" {
			parts = append(parts, x[0]+" "+x[1])
		}
	}
	if e.Polarity != nil {
		parts = append(parts, fmt.Sprintf("polarity %d", *e.Polarity))
	}
	return strings.Join(parts, ", ")
}

func describeAll(r *model.Result) string {
	if len(r.Stances) == 0 {
		return "none"
	}
	var parts []string
	for i := range r.Stances {
		s := &r.Stances[i]
		holder := "-"
		if s.Holder >= 0 {
			holder = r.Mentions[s.Holder].ID
		}
		parts = append(parts, fmt.Sprintf("%s->%s %+d %s (%s)", holder, r.Mentions[s.Target].ID, s.Polarity, s.Act, s.Rule))
	}
	return strings.Join(parts, "; ")
}
