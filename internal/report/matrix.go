package report

import (
	"cmp"
	"slices"
	"strings"

	"stance/internal/io/columnar"
	"stance/internal/io/table"
)

// Name is a party, issue, person or voice as the tables name it.
type Name struct {
	Kind string // party, issue, person, voice
	ID   string
}

func (n Name) voice() bool { return n.Kind == "voice" }

// Cell holds the stances of one holder towards one target.
type Cell struct {
	Holder, Target          Name
	N                       int
	Favor, Neutral, Against int
	Mean                    float64 // of the scores, [-1, 1]
	Evidence                []Evidence
}

// Few reports whether the mean rests on too little to be shown as one.
func (c *Cell) Few() bool { return c.N < 3 }

// Left returns how many stances are not among the evidence.
func (c *Cell) Left() int { return c.N - len(c.Evidence) }

// Matrix shows who expresses what towards whom.
type Matrix struct {
	Holders, Targets []Name
	Rows             [][]*Cell // [holder][target], nil without a stance
	Stances          int       // that count
	Left             int       // of those, stances whose holder or target has no row or column
}

// Evidence is one stance with its sentence.
type Evidence struct {
	Article, Sentence string // ids
	Outlet            string
	Date              day
	Dated             bool
	Headline, URL     string
	Source            string // the input that holds the article
	Text              []Span // the sentence; empty where it was not stored
	Holder, Cue       string // as the text has them
	Target            string
	HolderElsewhere   bool // the holder is named in another sentence
	TargetElsewhere   bool
	Act, Rule, Label  string
	Section           string
	Score, Confidence float64

	id                           string
	holderMention, targetMention string
	sentence                     string // as stored
	cue, holder, target          span   // code points of the article's text
}

// Span is a piece of a sentence and its part in the stance: holder, cue,
// target, "" for none, or gap for words that are left out.
type Span struct{ Part, Text string }

// gap marks words that are left out of a long sentence.
const gap = "gap"

type span struct{ start, end int }

// Bounds of a page.
const (
	mostNames    = 12  // holders, targets
	mostEvidence = 5   // sentences of a cell
	mostContext  = 280 // code points on either side of the cue
)

// pair counts the stances of a holder towards a target.
type pair struct {
	n                       int
	favor, neutral, against int
	sum                     float64
}

func holderOf(party, person, mention, voice string) Name {
	switch {
	case party != "":
		return Name{"party", party}
	case person != "":
		return Name{"person", person}
	case mention != "": // of somebody whom the packs do not know
		return Name{"voice", "unknown"}
	}
	return Name{"voice", voice}
}

func targetOf(party, issue, person string) Name {
	switch {
	case party != "":
		return Name{"party", party}
	case issue != "":
		return Name{"issue", issue}
	}
	return Name{"person", person}
}

// between are the columns that name holder and target.
var between = []string{"counts", "holder_party", "holder_person", "holder_mention_id", "voice", "target_party", "target_issue", "target_person"}

// ends returns holder and target of a row that begins with the columns
// between.
func ends(c []columnar.Values, i int) [2]Name {
	return [2]Name{holderOf(c[1].Texts[i], c[2].Texts[i], c[3].Texts[i], c[4].Texts[i]), targetOf(c[5].Texts[i], c[6].Texts[i], c[7].Texts[i])}
}

// matrix counts the stances, takes the holders and targets with most of them,
// and finds evidence for each cell: the stances of which the analysis is
// surest.
func (t tables) matrix() (*Matrix, *pair, error) {
	pairs := make(map[[2]Name]*pair)
	all := new(pair)
	err := t.each(table.Stances, slices.Concat(between, []string{"polarity", "score"}), func(c []columnar.Values, i int) {
		if !c[0].Bools[i] {
			return
		}
		p := pairs[ends(c, i)]
		if p == nil {
			p = new(pair)
			pairs[ends(c, i)] = p
		}
		for _, x := range []*pair{p, all} {
			x.n++
			x.sum += c[9].Floats[i]
			switch sign := c[8].Ints[i]; {
			case sign > 0:
				x.favor++
			case sign < 0:
				x.against++
			default:
				x.neutral++
			}
		}
	})
	if err != nil {
		return nil, nil, err
	}
	m := &Matrix{Stances: all.n}
	holders, targets := make(map[Name]int), make(map[Name]int)
	for ends, p := range pairs {
		holders[ends[0]] += p.n
		targets[ends[1]] += p.n
	}
	m.Holders, m.Targets = top(holders), top(targets)
	m.Left = all.n
	var cells []*Cell
	for _, h := range m.Holders {
		row := make([]*Cell, len(m.Targets))
		for j, x := range m.Targets {
			if p := pairs[[2]Name{h, x}]; p != nil {
				row[j] = &Cell{Holder: h, Target: x, N: p.n, Favor: p.favor, Neutral: p.neutral, Against: p.against, Mean: p.sum / float64(p.n)}
				cells = append(cells, row[j])
				m.Left -= p.n
			}
		}
		m.Rows = append(m.Rows, row)
	}
	return m, all, t.evidence(cells)
}

// top returns the names with most stances, voices behind all others: they are
// what the packs give no name to.
func top(counts map[Name]int) []Name {
	var names []Name
	for n := range counts {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b Name) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a.ID, b.ID), strings.Compare(a.Kind, b.Kind))
	})
	names = names[:min(len(names), mostNames)]
	named := slices.DeleteFunc(slices.Clone(names), Name.voice)
	return append(named, slices.DeleteFunc(names, func(n Name) bool { return !n.voice() })...)
}

// evidence fills in the sentences of each cell.
func (t tables) evidence(cells []*Cell) error {
	of := make(map[[2]Name]*Cell, len(cells))
	for _, c := range cells {
		of[[2]Name{c.Holder, c.Target}] = c
	}
	columns := slices.Concat(between, []string{"stance_id", "article_id", "sentence_id", "outlet", "pub_date", "section", "target_mention_id",
		"act", "label", "score", "rule", "cue", "cue_start", "cue_end", "snippet", "confidence"})
	err := t.each(table.Stances, columns, func(c []columnar.Values, i int) {
		cell := of[ends(c, i)]
		if cell == nil || !c[0].Bools[i] {
			return
		}
		e := Evidence{id: c[8].Texts[i], Confidence: c[23].Floats[i]}
		place, _ := slices.BinarySearchFunc(cell.Evidence, e, func(a, b Evidence) int {
			return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.id, b.id))
		})
		if place == mostEvidence {
			return
		}
		e.Article, e.Sentence, e.Outlet, e.Section = c[9].Texts[i], c[10].Texts[i], c[11].Texts[i], c[13].Texts[i]
		e.Date, e.Dated = dayOf(&c[12], i)
		e.holderMention, e.targetMention = c[3].Texts[i], c[14].Texts[i]
		e.Act, e.Label, e.Score, e.Rule = c[15].Texts[i], c[16].Texts[i], c[17].Floats[i], c[18].Texts[i]
		e.Cue, e.cue, e.sentence = c[19].Texts[i], span{int(c[20].Ints[i]), int(c[21].Ints[i])}, c[22].Texts[i]
		cell.Evidence = slices.Insert(cell.Evidence, place, e)
		cell.Evidence = cell.Evidence[:min(len(cell.Evidence), mostEvidence)]
	})
	if err != nil {
		return err
	}
	// The rows that the evidence refers to, by id.
	articles, sentences, mentions := make(map[string][]*Evidence), make(map[string][]*Evidence), make(map[string][]*Evidence)
	for _, c := range cells {
		for i := range c.Evidence {
			e := &c.Evidence[i]
			articles[e.Article] = append(articles[e.Article], e)
			sentences[e.Sentence] = append(sentences[e.Sentence], e)
			mentions[e.targetMention] = append(mentions[e.targetMention], e)
			if e.holderMention != "" {
				mentions[e.holderMention] = append(mentions[e.holderMention], e)
			}
		}
	}
	err = t.each(table.Articles, []string{"article_id", "headline", "url", "source_path"}, func(c []columnar.Values, i int) {
		for _, e := range articles[c[0].Texts[i]] {
			e.Headline, e.URL, e.Source = c[1].Texts[i], c[2].Texts[i], c[3].Texts[i]
		}
	})
	if err != nil {
		return err
	}
	err = t.each(table.Mentions, []string{"mention_id", "sentence_id", "surface", "start", "end"}, func(c []columnar.Values, i int) {
		id := c[0].Texts[i]
		for _, e := range mentions[id] {
			at, here := span{int(c[3].Ints[i]), int(c[4].Ints[i])}, c[1].Texts[i] == e.Sentence
			if id == e.targetMention {
				e.Target, e.target, e.TargetElsewhere = c[2].Texts[i], at, !here
			}
			if id == e.holderMention {
				e.Holder, e.holder, e.HolderElsewhere = c[2].Texts[i], at, !here
			}
		}
	})
	if err != nil {
		return err
	}
	return t.each(table.Sentences, []string{"sentence_id", "start"}, func(c []columnar.Values, i int) {
		for _, e := range sentences[c[0].Texts[i]] {
			e.mark(int(c[1].Ints[i]))
		}
	})
}

// mark cuts the sentence, which begins at a code point of the article's text,
// where cue, holder and target stand. Of two that overlap the cue comes first,
// then the holder.
func (e *Evidence) mark(start int) {
	text := []rune(e.sentence)
	type part struct {
		name string
		span
	}
	var parts []part
	for _, p := range []part{{"cue", e.cue}, {"holder", e.holder}, {"target", e.target}} {
		p.start, p.end = p.start-start, p.end-start
		if p.start < 0 || p.end > len(text) || p.start >= p.end ||
			slices.ContainsFunc(parts, func(o part) bool { return p.start < o.end && o.start < p.end }) {
			continue
		}
		parts = append(parts, p)
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.start, b.start) })
	at, limit := max(e.cue.start-start-mostContext, 0), min(e.cue.end-start+mostContext, len(text))
	add := func(part string, from, to int) {
		if from = max(from, at); from < min(to, limit) {
			e.Text = append(e.Text, Span{part, string(text[from:min(to, limit)])})
		}
	}
	if at > 0 && limit > 0 {
		e.Text = append(e.Text, Span{gap, "…"})
	}
	done := 0
	for _, p := range parts {
		add("", done, p.start)
		add(p.name, p.start, p.end)
		done = p.end
	}
	add("", done, len(text))
	if limit < len(text) {
		e.Text = append(e.Text, Span{gap, "…"})
	}
}
