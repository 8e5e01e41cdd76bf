package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"stance/internal/analysis"
	"stance/internal/model"
)

const seedFolder = "../../../shared/seed"

// embedded compiles the embedded configuration once for all tests.
var embedded = func() func(t testing.TB) *analysis.Analyzer {
	var a *analysis.Analyzer
	return func(t testing.TB) *analysis.Analyzer {
		t.Helper()
		if a == nil {
			c, err := configuration(nil, false)
			if err != nil {
				t.Fatal(err)
			}
			c.Bayes = true // as run has it
			if a, err = newAnalyzer(c); err != nil {
				t.Fatal(err)
			}
		}
		return a
	}
}()

// relation is one line under must of the gold file.
type relation struct {
	section, starts, holder, to, act string
	polarity                         int8
	hasPolarity                      bool
}

var (
	mustLine  = regexp.MustCompile(`^\s*- \{section: (\w+), starts: "([^"]+)"(.*)\}$`)
	goldField = regexp.MustCompile(`(holder|to|act|polarity): ([\w-]+)`)
)

func readRelations(t *testing.T, path string) []relation {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []relation
	for _, line := range strings.Split(string(b), "\n") {
		m := mustLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		r := relation{section: m[1], starts: m[2]}
		fields, _, _ := strings.Cut(m[3], "note:")
		for _, f := range goldField.FindAllStringSubmatch(fields, -1) {
			switch f[1] {
			case "holder":
				r.holder = f[2]
			case "to":
				r.to = f[2]
			case "act":
				r.act = f[2]
			case "polarity":
				n, err := strconv.Atoi(f[2])
				if err != nil {
					t.Fatal(err)
				}
				r.polarity, r.hasPolarity = int8(n), true
			}
		}
		out = append(out, r)
	}
	return out
}

func (w relation) met(r *model.Result) bool {
	for i := range r.Stances {
		s := &r.Stances[i]
		sent := &r.Sentences[s.Sentence]
		if sent.Section.String() != w.section || !strings.HasPrefix(sent.In(r.Article.Text), w.starts) || r.Mentions[s.Target].ID != w.to {
			continue
		}
		if w.holder != "" && (s.Holder < 0 || r.Mentions[s.Holder].ID != w.holder) || w.hasPolarity && s.Polarity != w.polarity || w.act != "" && s.Act != w.act {
			continue
		}
		return true
	}
	return false
}

// TestReferenceArticle holds the layout of the reference article, the
// relations that a careful reader finds in it, and its traps.
func TestReferenceArticle(t *testing.T) {
	if _, err := os.Stat(seedFolder); err != nil {
		t.Skipf("the reference article is not there: %v", err)
	}
	arts, err := readArticles(context.Background(), filepath.Join(seedFolder, "article_000.txt"), "2025-07-12", nil)
	if err != nil {
		t.Fatal(err)
	}
	var r model.Result
	embedded(t).NewWorker().Analyze(arts[0], &r, nil)

	n := map[model.Section]int{}
	paragraphs := map[int32]bool{}
	for _, s := range r.Sentences {
		n[s.Section]++
		if s.Section == model.SectionBody {
			paragraphs[s.Paragraph] = true
		}
	}
	if r.Layout != model.LayoutDigest || n[model.SectionSummary] != 2 || n[model.SectionHeadlineRepeat] != 1 || n[model.SectionDek] != 1 ||
		n[model.SectionBody] != 24 || len(paragraphs) != 10 {
		t.Errorf("layout %s, sentences per section %v, %d body paragraphs", r.Layout, n, len(paragraphs))
	}

	relations := readRelations(t, filepath.Join(seedFolder, "article_000.gold.yaml"))
	if len(relations) != 14 {
		t.Fatalf("%d relations read from the gold file", len(relations))
	}
	found := 0
	for _, w := range relations {
		if w.met(&r) {
			found++
		} else {
			t.Logf("not found: %+v", w)
		}
	}
	t.Logf("%d of %d relations found", found, len(relations))
	if found < wantedRelations {
		t.Errorf("%d of %d relations found, wanted %d", found, len(relations), wantedRelations)
	}

	text := arts[0].Text
	for i := range r.Stances {
		s := &r.Stances[i]
		target := &r.Mentions[s.Target]
		row := s.Rule + " " + s.Cue.In(text) + ": " + r.Sentences[s.Sentence].In(text)
		if s.Holder >= 0 {
			h := &r.Mentions[s.Holder]
			if !h.Actor() {
				t.Errorf("a place holds a stance: %s", row)
			}
			if h.ID == "qatar" && s.Polarity < 0 {
				t.Errorf("a mediator against somebody: %s", row)
			}
		}
		if target.ID == "qatar" && s.Polarity < 0 {
			t.Errorf("somebody against a mediator: %s", row)
		}
		if cue := strings.ToLower(s.Cue.In(text)); s.Polarity > 0 && (strings.Contains(cue, "humanitarian") || cue == "aid") {
			t.Errorf("humanitarian aid taken for praise: %s", row)
		}
	}
	for i := range r.Mentions {
		m := &r.Mentions[i]
		before := text[max(0, m.Start-9):m.Start]
		switch surface := m.In(text); {
		case strings.HasSuffix(before, "southern ") && m.Actor() && m.ID == "israel", strings.HasSuffix(before, "to ") && surface == "Doha" && m.Actor():
			t.Errorf("%q after %q is a place", surface, before)
		case surface == "Israel" && strings.HasPrefix(text[m.End:], " Katz"):
			t.Error("Israel Katz taken for the country")
		}
	}
}

// wantedRelations is how many of the fourteen relations must be found.
const wantedRelations = 12
