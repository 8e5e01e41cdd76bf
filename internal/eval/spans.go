package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stance/internal/io/gold"
	"stance/internal/model"
)

// compareSentences counts sentence ends. The last end of a text is given away
// by the text and not counted.
func compareSentences(s *gold.Sample, found []model.Span) (Counts, []string) {
	var c Counts
	var notes []string
	ends := func(spans []model.Span) []int32 {
		var out []int32
		for _, sp := range spans[:max(len(spans)-1, 0)] {
			out = append(out, sp.End)
		}
		return out
	}
	want, have := ends(s.Sentences), ends(found)
	c.Gold, c.Predicted = float64(len(want)), float64(len(have))
	for _, e := range want {
		if slices.Contains(have, e) {
			c.Found++
		} else {
			notes = append(notes, "not cut after "+around(s.Text, e))
		}
	}
	for _, e := range have {
		if !slices.Contains(want, e) {
			notes = append(notes, "cut after "+around(s.Text, e))
		}
	}
	if slices.Equal(s.Sentences, found) {
		c.Exact = 1
	} else if len(notes) == 0 {
		notes = append(notes, "the ends agree, but text before or after a sentence is counted to it or not")
	}
	return c, notes
}

// around shows where a cut falls.
func around(text string, at int32) string {
	a, b := max(at-24, 0), min(at+16, int32(len(text)))
	for a > 0 && !utf8.RuneStart(text[a]) {
		a--
	}
	for int(b) < len(text) && !utf8.RuneStart(text[b]) {
		b++
	}
	return fmt.Sprintf("%q|%q", text[a:at], text[at:b])
}

// minOverlap is the token overlap from which an attribution counts as found:
// of the words of either content, the share that both hold (Jaccard index).
const minOverlap = 0.5

// compareAttributions pairs gold and found attributions, best overlap first,
// each once.
func compareAttributions(s *gold.Sample, found []Attribution) (Counts, []string) {
	words := wordStarts(s.Text)
	type match struct {
		gold, found int
		overlap     float64
	}
	var matches []match
	for i := range s.Attributions {
		for j := range found {
			if v := overlap(words, s.Attributions[i].Content, &found[j]); v >= minOverlap {
				matches = append(matches, match{i, j, v})
			}
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int { return cmp.Compare(b.overlap, a.overlap) })
	c := Counts{Gold: float64(len(s.Attributions)), Predicted: float64(len(found))}
	var notes []string
	goldUsed, foundUsed := make([]bool, len(s.Attributions)), make([]bool, len(found))
	for _, m := range matches {
		if goldUsed[m.gold] || foundUsed[m.found] {
			continue
		}
		goldUsed[m.gold], foundUsed[m.found] = true, true
		a, f := &s.Attributions[m.gold], &found[m.found]
		c.Found++
		right := sourceRight(a.Source, f.Source)
		if right {
			c.Right++
		} else {
			notes = append(notes, fmt.Sprintf("source %q, expected %q, of %q", f.Source.In(s.Text), textOf(s.Text, a.Source), clip(textOf(s.Text, a.Content))))
		}
		if len(a.Source) > 0 && isDirect(s.Text, a.Content) {
			c.Direct++
			if right {
				c.DirectRight++
			}
		}
	}
	for i, used := range goldUsed {
		if !used {
			notes = append(notes, fmt.Sprintf("missed %q by %q", clip(textOf(s.Text, s.Attributions[i].Content)), textOf(s.Text, s.Attributions[i].Source)))
		}
	}
	for j, used := range foundUsed {
		if !used {
			notes = append(notes, fmt.Sprintf("found %q by %q", clip(found[j].Content.In(s.Text)), found[j].Source.In(s.Text)))
		}
	}
	return c, notes
}

// sourceRight reports whether the found source shares a byte with the gold
// one, or whether neither knows any.
func sourceRight(want []model.Span, got model.Span) bool {
	if got.Len() == 0 || len(want) == 0 {
		return got.Len() == 0 && len(want) == 0
	}
	return slices.ContainsFunc(want, func(w model.Span) bool { return w.Overlaps(got) })
}

// isDirect reports whether a content is a direct quotation: its first and
// last characters are quotation marks, whatever stops stand outside them.
func isDirect(text string, content []model.Span) bool {
	const marks = "\"“”„«»‘’'"
	if len(content) == 0 {
		return false
	}
	end := content[0].End
	for _, c := range content {
		end = max(end, c.End)
	}
	head := strings.TrimSpace(text[content[0].Start:end])
	tail := strings.TrimRight(head, " .,;:!?")
	first, _ := utf8.DecodeRuneInString(head)
	last, _ := utf8.DecodeLastRuneInString(tail)
	return tail != "" && strings.ContainsRune(marks, first) && strings.ContainsRune(marks, last)
}

// wordStarts returns the byte offsets at which words begin: runs of letters,
// digits and marks.
func wordStarts(text string) []int32 {
	var out []int32
	inside := false
	for i, c := range text {
		word := unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c)
		if word && !inside {
			out = append(out, int32(i))
		}
		inside = word
	}
	return out
}

func overlap(words []int32, want []model.Span, got *Attribution) float64 {
	both, either := 0, 0
	for _, w := range words {
		holds := func(s model.Span) bool { return s.Start <= w && w < s.End }
		a, b := slices.ContainsFunc(want, holds), holds(got.Content) || slices.ContainsFunc(got.Further, holds)
		if a && b {
			both++
		}
		if a || b {
			either++
		}
	}
	if either == 0 {
		return 0
	}
	return float64(both) / float64(either)
}

func textOf(text string, spans []model.Span) string {
	var parts []string
	for _, s := range spans {
		parts = append(parts, s.In(text))
	}
	return strings.Join(parts, " … ")
}

// clip shortens what is shown of a content.
func clip(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// compareMentions pairs each gold mention with the found one that it shares
// most bytes with. Where the gold names no party, the right answer is to name
// none.
func compareMentions(s *gold.Sample, found []gold.Mention) (Counts, []string) {
	var c Counts
	var notes []string
	used := make([]bool, len(found))
	for _, m := range s.Mentions {
		best, most := -1, int32(0)
		for j := range found {
			if n := min(m.End, found[j].End) - max(m.Start, found[j].Start); n > most && !used[j] {
				best, most = j, n
			}
		}
		got := ""
		if best >= 0 {
			used[best] = true
			got = found[best].Party
		}
		c.Judged++
		if m.Party != "" {
			c.Gold++
		}
		if got != "" {
			c.Predicted++
			if m.Party != "" {
				c.Found++
			}
		}
		if got == m.Party {
			c.Right++
		} else {
			notes = append(notes, fmt.Sprintf("%q is %s, expected %s", m.In(s.Text), nameOr(got), nameOr(m.Party)))
		}
	}
	for j := range found {
		if !used[j] && found[j].Party != "" {
			c.Predicted++
			notes = append(notes, fmt.Sprintf("%q is %s, expected no mention", found[j].In(s.Text), found[j].Party))
		}
	}
	return c, notes
}

func nameOr(party string) string {
	if party == "" {
		return "no party"
	}
	return party
}

// compareRelation looks for a relation among those found whose cues stand in
// its span, and tells what stands there instead.
func compareRelation(want *gold.Relation, found []gold.Relation) (Counts, []string) {
	var notes []string
	hit, act := false, false
	for i := range found {
		f := &found[i]
		if !want.Overlaps(f.Span) {
			continue
		}
		if (want.Holder == "" || f.Holder == want.Holder) && f.Target == want.Target && (!want.Polar || f.Polarity == want.Polarity) && (!want.Absent || want.Act == "" || f.Act == want.Act) {
			hit, act = true, act || f.Act == want.Act
		}
		notes = append(notes, "found "+nameRelation(f))
	}
	told := func(what string) []string { return append([]string{what + nameRelation(want)}, notes...) }
	switch {
	case want.Absent && hit:
		return Counts{Direct: 1}, told("must be absent: ")
	case want.Absent:
		return Counts{Direct: 1, DirectRight: 1}, nil
	case !hit:
		return Counts{Gold: 1}, told("missed ")
	case want.Act == "":
		return Counts{Gold: 1, Predicted: 1, Found: 1}, nil
	case !act:
		return Counts{Gold: 1, Predicted: 1, Found: 1, Judged: 1}, told("expected ")
	}
	return Counts{Gold: 1, Predicted: 1, Found: 1, Judged: 1, Right: 1}, nil
}

func nameRelation(r *gold.Relation) string {
	how := ""
	if r.Polar {
		how = " " + [...]string{"against", "neutral towards", "in favor of"}[r.Polarity+1]
	}
	return strings.TrimSpace(fmt.Sprintf("%s%s %s %s", firstOf(r.Holder, "somebody"), firstOf(how, " towards"), r.Target, r.Act))
}

// countCodes counts a coded row: as one, right as far as its coders say so,
// and as the rows of the tables that it stands for.
func countCodes(s *gold.Sample) Counts {
	right, n := 0.0, 0.0
	for _, c := range s.Codes {
		if c != gold.NotCoded {
			n++
		}
		if c == gold.Right {
			right++
		}
	}
	return Counts{Gold: 1, Predicted: 1, Found: right / n, Judged: s.Weight, Right: s.Weight * right / n}
}
