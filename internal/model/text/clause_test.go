package text

import (
	"fmt"
	"strings"
	"testing"

	"stance/internal/model"
)

// clausesOf renders the clauses of the first sentence: kind, the index of the
// parent where it is not the clause before, + for a resumed one, and the words.
func clausesOf(a *model.Article, l *model.Layers) string {
	var out []string
	s := l.Sentences[0]
	for c := s.FirstClause; c < s.LastClause; c++ {
		k := l.Clauses[c]
		name := k.Kind.String()
		if k.Resumes >= 0 {
			name = "+" + name
		}
		if k.Parent >= 0 && k.Parent != c-1 {
			name += fmt.Sprint(k.Parent)
		}
		out = append(out, name+"["+a.Text[l.Tokens[k.First].Start:l.Tokens[k.Last-1].End]+"]")
	}
	return strings.Join(out, " ")
}

// groupsOf renders the verb groups of the first sentence.
func groupsOf(a *model.Article, l *model.Layers) string {
	var out []string
	s := l.Sentences[0]
	for g := s.FirstGroup; g < s.LastGroup; g++ {
		k := l.Groups[g]
		w := strings.ReplaceAll(a.Text[l.Tokens[k.First].Start:l.Tokens[k.Last-1].End], " ", "_") + "/" + formNames[k.Form][:3]
		for _, flag := range []struct {
			set  bool
			name string
		}{{k.Passive, "+passive"}, {k.Negated, "+neg"}, {k.Perfect, "+perf"}, {k.Progressive, "+prog"}, {k.Modal >= 0, "+modal"}} {
			if flag.set {
				w += flag.name
			}
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

func TestClauses(t *testing.T) {
	r := NewReader(vocabulary)
	var l model.Layers
	for _, c := range []struct{ text, clauses, groups string }{} {
		a := &model.Article{Text: c.text}
		r.Read(a, &l)
		check(t, a, &l)
		if got := clausesOf(a, &l); got != c.clauses {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.clauses)
		}
		if got := groupsOf(a, &l); got != c.groups {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.groups)
		}
	}
}
