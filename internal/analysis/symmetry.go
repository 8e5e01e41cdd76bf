package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// opponents are parties that news sets against each other, by names that
// behave alike in a sentence. A pair counts where the packs know both.
var opponents = [][2]string{{"Israel", "Iran"}, {"Hamas", "Hezbollah"}, {"Russia", "Ukraine"}, {"Republicans", "Democrats"},
	{"China", "Taiwan"}, {"India", "Pakistan"}, {"Israelis", "Palestinians"}, {"Greece", "Turkey"}}

// tolerance is the difference between two probabilities or scores that is
// rounding.
const tolerance = 1e-4

// Symmetry says every sentence that the verbs of the cues make of two
// opponents, and every inline test that names both, twice: as it is and with
// the two swapped. Stances, tones and sentiment must be mirror images. It
// returns the number of pairs compared and what differs.
func (a *Analyzer) Symmetry() (compared int, faults []string) {
	w := a.NewWorker()
	var plain, mirrored model.Result
	check := func(sentence, x, y string) {
		swapped := swap(sentence, x, y)
		if swapped == sentence || partOfWord(sentence, x) || partOfWord(sentence, y) {
			return
		}
		w.Analyze(&model.Article{ID: "plain", Text: sentence, Lang: "en"}, &plain, nil)
		w.Analyze(&model.Article{ID: "mirrored", Text: swapped, Lang: "en"}, &mirrored, nil)
		compared++
		if f := mirror(&plain, &mirrored, x, y); f != "" {
			faults = append(faults, fmt.Sprintf("%q: %s", sentence, f))
		}
	}
	for _, p := range opponents {
		if !a.knows(w, p[0]) || !a.knows(w, p[1]) {
			continue
		}
		for i := range a.Program.CueForms {
			f := &a.Program.CueForms[i]
			cue := &a.Program.Cues[f.Cue]
			if cue.Class == rules.CueVerb && f.Form&text.VerbPast != 0 && strings.Count(f.Lemma, " ") == 0 {
				check(fmt.Sprintf("%s %s %s.", p[0], a.form(f), p[1]), p[0], p[1])
			}
		}
		for i := range a.Program.Cues {
			for _, t := range a.Program.Cues[i].Tests {
				if strings.Contains(t.Text, p[0]) && strings.Contains(t.Text, p[1]) {
					check(t.Text, p[0], p[1])
				}
			}
		}
	}
	return compared, faults
}

// form returns the past tense that a cue form stands for.
func (a *Analyzer) form(f *rules.CueForm) string {
	for _, x := range text.Inflections(f.Lemma, text.InflectVerb) {
		if x.Class&text.VerbPast != 0 {
			return x.Text
		}
	}
	return f.Lemma
}

// knows reports whether a name alone names exactly one party.
func (a *Analyzer) knows(w *Worker, name string) bool {
	var r model.Result
	w.Analyze(&model.Article{ID: "name", Text: name + " spoke.", Lang: "en"}, &r, nil)
	return len(r.Mentions) == 1 && r.Mentions[0].Party >= 0
}

// partOfWord reports whether a name begins a longer word of the sentence:
// "Iranian" has no mirror image made of names.
func partOfWord(s, name string) bool {
	for rest := s; ; {
		_, after, found := strings.Cut(rest, name)
		if !found {
			return false
		}
		if after != "" && (after[0] >= 'a' && after[0] <= 'z' || after[0] >= 0x80) && !strings.HasPrefix(after, "’") {
			return true
		}
		rest = after
	}
}

func swap(s, x, y string) string {
	return strings.NewReplacer(x, y, y, x).Replace(s)
}

// mirror compares two results in which x and y have changed places.
func mirror(plain, mirrored *model.Result, x, y string) string {
	a, b := stanceNames(plain, "", ""), stanceNames(mirrored, x, y)
	if !slices.Equal(a, b) {
		return fmt.Sprintf("stances %v, mirrored %v", a, b)
	}
	if len(plain.Tones) != len(mirrored.Tones) {
		return fmt.Sprintf("%d tones, mirrored %d", len(plain.Tones), len(mirrored.Tones))
	}
	for i := range plain.Tones {
		for c := range plain.Tones[i].P {
			if math.Abs(float64(plain.Tones[i].P[c]-mirrored.Tones[i].P[c])) > tolerance {
				return fmt.Sprintf("tone %.4f, mirrored %.4f", plain.Tones[i].P, mirrored.Tones[i].P)
			}
		}
	}
	for i := range plain.Sentiments {
		if i < len(mirrored.Sentiments) && math.Abs(float64(plain.Sentiments[i].Score-mirrored.Sentiments[i].Score)) > tolerance {
			return fmt.Sprintf("sentiment %.4f, mirrored %.4f", plain.Sentiments[i].Score, mirrored.Sentiments[i].Score)
		}
	}
	return ""
}

// stanceNames renders stances by the surface of their parties; x and y stand
// for each other when given.
func stanceNames(r *model.Result, x, y string) []string {
	name := func(m int32) string {
		if m < 0 {
			return "-"
		}
		s := r.Mentions[m].In(r.Article.Text)
		if x != "" {
			s = swap(s, x, y)
		}
		return s
	}
	var out []string
	for i := range r.Stances {
		s := &r.Stances[i]
		out = append(out, fmt.Sprintf("%s>%s %s %.3f", name(s.Holder), name(s.Target), s.Act, s.Score))
	}
	slices.Sort(out)
	return out
}
