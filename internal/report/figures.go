package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"stance/internal/io/columnar"
	"stance/internal/io/table"
)

// Run is what a run's manifest says of it.
type Run struct {
	Generation                  string // hash of its manifest
	Tool, Rules, Lexicon, Model string // version and hashes
	Settings                    map[string]string
	// Records read = Articles + Rejected + Duplicates.
	Records, Rejected, Duplicates int64
}

// Figures are what the page shows.
type Figures struct {
	Run
	Articles, Dated int
	Outlets         int
	First, Last     day // of publication; set where Dated is not 0
	Sentences       int
	Counted         int // sentences that count
	Mentions        int
	Stances         int // that count
	Favor, Neutral  int
	Against         int
	Period          string // of a point of the tone
	Tone            []Series
	OtherParties    int // without a series
	Matrix          *Matrix
	Rules           []Rule
	RulesFired      int
	RulesIdle       int // whose words were found and that never fired
	Rejects         []Reject
	OtherRejects    int // groups left out
	Notes           []Note
}

// Rule is what a rule did over the run.
type Rule struct {
	ID                                        string
	Tried, Fired, Shadowed, Negated, Articles int64
	Per1000                                   float64 // sentences
}

// Reject groups the rejects, or warnings, of one code.
type Reject struct {
	Severity, Code, Stage string
	N                     int
	Examples              []string
}

// Note says what a reader must know about the data before a figure is quoted.
type Note struct {
	Grave bool   // it touches a figure above
	Share string // "12 of 68"
	Text  string
}

// Bounds of a page.
const (
	mostRules    = 15
	mostGroups   = 12 // of rejects, of warnings
	mostExamples = 3
)

// Make reads the tables of a generation and computes the figures.
func Make(ctx context.Context, generation string, run Run) (*Figures, error) {
	t := tables{ctx, generation}
	f := &Figures{Run: run}
	var q quality
	if err := q.articles(t, f); err != nil {
		return nil, err
	}
	if err := q.rows(t, f); err != nil {
		return nil, err
	}
	o, err := t.tone(periodFor(f.First, f.Last))
	if err != nil {
		return nil, err
	}
	f.Period = o.name
	f.Tone, f.OtherParties = o.series()
	var all *pair
	if f.Matrix, all, err = t.matrix(); err != nil {
		return nil, err
	}
	f.Stances, f.Favor, f.Neutral, f.Against = all.n, all.favor, all.neutral, all.against
	if err := t.rules(f); err != nil {
		return nil, err
	}
	if err := t.rejects(f); err != nil {
		return nil, err
	}
	f.Notes = q.notes(f, o)
	return f, nil
}

func (t tables) rules(f *Figures) error {
	err := t.each(table.RuleStats, []string{"rule", "tried", "fired", "shadowed", "negated", "articles", "per_1000_sentences"}, func(c []columnar.Values, i int) {
		r := Rule{c[0].Texts[i], c[1].Ints[i], c[2].Ints[i], c[3].Ints[i], c[4].Ints[i], c[5].Ints[i], c[6].Floats[i]}
		if r.Fired > 0 {
			f.Rules = append(f.Rules, r)
		} else if r.Tried > 0 {
			f.RulesIdle++
		}
	})
	f.RulesFired = len(f.Rules)
	slices.SortFunc(f.Rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(b.Fired, a.Fired), strings.Compare(a.ID, b.ID))
	})
	f.Rules = f.Rules[:min(len(f.Rules), mostRules)]
	return err
}

func (t tables) rejects(f *Figures) error {
	groups := make(map[[3]string]*Reject)
	err := t.each(table.Rejects, []string{"severity", "code", "stage", "source_path", "line", "record_no", "message"}, func(c []columnar.Values, i int) {
		key := [3]string{c[0].Texts[i], c[1].Texts[i], c[2].Texts[i]}
		g := groups[key]
		if g == nil {
			g = &Reject{Severity: key[0], Code: key[1], Stage: key[2]}
			groups[key] = g
		}
		g.N++
		if len(g.Examples) < mostExamples {
			place := c[3].Texts[i]
			if line := c[4].Ints[i]; line > 0 {
				place += ":" + number(int(line))
			}
			g.Examples = append(g.Examples, place+": "+c[6].Texts[i])
		}
	})
	for _, g := range groups {
		f.Rejects = append(f.Rejects, *g)
	}
	slices.SortFunc(f.Rejects, func(a, b Reject) int {
		return cmp.Or(strings.Compare(a.Severity, b.Severity), cmp.Compare(b.N, a.N), strings.Compare(a.Code, b.Code), strings.Compare(a.Stage, b.Stage))
	})
	f.OtherRejects = max(len(f.Rejects)-mostGroups, 0)
	f.Rejects = f.Rejects[:len(f.Rejects)-f.OtherRejects]
	return err
}

// quality counts what limits the figures.
type quality struct {
	noOutlet, noSentence, copies, foreign int            // articles
	warnings                              map[string]int // articles by warning
	unresolved                            int            // mentions
	unsure, voiceless, stances            int            // stances that count
	text                                  bool           // sentences are stored
}

func (q *quality) articles(t tables, f *Figures) error {
	outlets := make(map[string]bool)
	q.warnings = make(map[string]int)
	return t.each(table.Articles, []string{"outlet", "pub_date", "n_sentences", "lang", "duplicate_of", "warnings"}, func(c []columnar.Values, i int) {
		f.Articles++
		f.Sentences += int(c[2].Ints[i])
		if outlet := c[0].Texts[i]; outlet == "" {
			q.noOutlet++
		} else {
			outlets[outlet] = true
			f.Outlets = len(outlets)
		}
		if d, ok := dayOf(&c[1], i); ok {
			if f.Dated == 0 {
				f.First, f.Last = d, d
			}
			f.First, f.Last = min(f.First, d), max(f.Last, d)
			f.Dated++
		}
		if c[2].Ints[i] == 0 {
			q.noSentence++
		}
		if lang := c[3].Texts[i]; lang != "" && lang != "en" && !strings.HasPrefix(lang, "en-") {
			q.foreign++
		}
		if !c[4].Null(i) {
			q.copies++
		}
		for _, w := range c[5].Lists[i] {
			q.warnings[w]++
		}
	})
}

func (q *quality) rows(t tables, f *Figures) error {
	err := t.each(table.Sentences, []string{"counts", "text"}, func(c []columnar.Values, i int) {
		if c[0].Bools[i] {
			f.Counted++
		}
		q.text = q.text || !c[1].Null(i)
	})
	if err != nil {
		return err
	}
	err = t.each(table.Mentions, []string{"party", "person"}, func(c []columnar.Values, i int) {
		f.Mentions++
		if c[0].Null(i) && c[1].Null(i) {
			q.unresolved++
		}
	})
	if err != nil {
		return err
	}
	return t.each(table.Stances, []string{"counts", "holder_party", "holder_person", "holder_mention_id", "voice", "confidence"}, func(c []columnar.Values, i int) {
		if !c[0].Bools[i] {
			return
		}
		q.stances++
		if holderOf(c[1].Texts[i], c[2].Texts[i], c[3].Texts[i], c[4].Texts[i]) == (Name{"voice", "unknown"}) {
			q.voiceless++
		}
		if c[5].Floats[i] < 0.5 {
			q.unsure++
		}
	})
}

// notes words what was counted.
func (q *quality) notes(f *Figures, o *tone) []Note {
	var notes []Note
	add := func(n, of int, grave bool, format string, args ...any) {
		if n > 0 {
			notes = append(notes, Note{grave, number(n) + " of " + number(of), fmt.Sprintf(format, args...)})
		}
	}
	add(f.Articles-f.Dated, f.Articles, true, "articles have no date: they are missing from the tone over time, and who was in office is guessed from what they say")
	add(q.noOutlet, f.Articles, false, "articles name no outlet")
	add(q.copies, f.Articles, false, "articles are copies or near copies of others; they are in the tables and in no figure here but the first row")
	add(q.foreign, f.Articles, true, "articles are marked as written in another language than English, which is all the analysis reads")
	add(q.noSentence, f.Articles, false, "articles have no sentence")
	if f.Records > 0 {
		add(int(f.Rejected), int(f.Records), true, "input records were rejected: see above")
	}
	codes := make([]string, 0, len(q.warnings))
	for w := range q.warnings {
		codes = append(codes, w)
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(cmp.Compare(q.warnings[b], q.warnings[a]), strings.Compare(a, b))
	})
	for _, w := range codes[:min(len(codes), mostGroups)] {
		add(q.warnings[w], f.Articles, false, "articles carry the warning %s", w)
	}
	add(f.Counted-o.with, f.Counted, false, "counted sentences name no party that the packs know: nothing is said about those")
	add(q.unresolved, f.Mentions, false, "mentions could mean several parties and were left open")
	add(q.voiceless, q.stances, true, "stances are by a speaker whom the packs do not know (the row “unknown”)")
	add(q.unsure, q.stances, true, "stances have a confidence below 0.5: read their sentences before you quote them")
	few, points := 0, 0
	for _, s := range f.Tone {
		for _, p := range s.Points {
			points++
			if !p.Interval {
				few++
			}
		}
	}
	add(few, points, true, "points of the tone over time rest on fewer than %d articles: they are hollow and have no interval", fewestClusters)
	if f.Counted > 0 && !q.text {
		notes = append(notes, Note{Text: "The tables were written without sentences (--no-text), so evidence shows its words alone."})
	}
	return notes
}
