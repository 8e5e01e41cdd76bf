package report

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"stance/internal/diag"
	"stance/internal/io/columnar"
	"stance/internal/io/table"
)

// KWIC asks for a name or cue in its context.
type KWIC struct {
	Name  string // id of a party, issue, person or rule, or words of the text
	All   bool   // also what does not count: repeats, boilerplate, copies
	Most  int    // lines kept, the first in the order of Sort; 0 keeps all
	Sort  string // place, left or right
	Width int    // columns of context on either side when printed, at least 1
}

// Orders are the values of KWIC.Sort: by article and place, by the words to
// the left of the keyword from right to left, by the words to its right.
var Orders = []string{"place", "left", "right"}

// Concordance is the answer: every place where the name stands.
type Concordance struct {
	Kind, Name string // what was meant: party, issue, person, rule, cue or words
	N          int    // places, those that are left out included
	Articles   int
	Lines      []Line
}

// Line is one place with the rest of its sentence.
type Line struct {
	Article  string `json:"article_id"`
	Sentence string `json:"sentence_id"`
	Outlet   string `json:"outlet"`
	Date     string `json:"pub_date"` // YYYY-MM-DD, empty when unknown
	Section  string `json:"section"`
	Start    int    `json:"start"` // code points of the article's text
	End      int    `json:"end"`
	Left     string `json:"left"`
	Keyword  string `json:"keyword"`
	Right    string `json:"right"`
}

// ErrNoText says that the tables hold no sentences.
var ErrNoText = errors.New("the tables hold no text")

// UnknownError says that no table knows a name, and which ones are like it.
type UnknownError struct {
	Name string
	Like []string
}

func (e *UnknownError) Error() string {
	message := fmt.Sprintf("the tables hold no party, issue, person, rule, cue or mention called %q", e.Name)
	if len(e.Like) > 0 {
		message += " (did you mean " + strings.Join(e.Like, ", ") + "?)"
	}
	return message
}

// kinds are what a name can mean, the first that fits counts.
var kinds = []string{"party", "issue", "person", "rule", "cue", "words"}

// Find reads the places of a name from the tables of a generation.
func (k KWIC) Find(ctx context.Context, generation string) (*Concordance, error) {
	t := tables{ctx, generation}
	known := make(map[string]map[string]bool, len(kinds)) // names by kind
	for _, kind := range kinds {
		known[kind] = make(map[string]bool)
	}
	err := t.each(table.Mentions, []string{"kind", "party", "person", "surface"}, func(c []columnar.Values, i int) {
		if kind := c[0].Texts[i]; kind != "person" {
			known[kind][c[1].Texts[i]] = true
		}
		known["person"][c[2].Texts[i]] = true
		known["words"][strings.ToLower(c[3].Texts[i])] = true
	})
	if err != nil {
		return nil, err
	}
	err = t.each(table.Stances, []string{"rule", "cue"}, func(c []columnar.Values, i int) {
		known["rule"][c[0].Texts[i]] = true
		known["cue"][strings.ToLower(c[1].Texts[i])] = true
	})
	if err != nil {
		return nil, err
	}
	err = t.each(table.Quotes, []string{"cue"}, func(c []columnar.Values, i int) { known["cue"][strings.ToLower(c[0].Texts[i])] = true })
	if err != nil {
		return nil, err
	}
	o := &Concordance{}
	for _, kind := range kinds {
		name := k.Name
		if kind == "cue" || kind == "words" {
			name = strings.ToLower(name)
		}
		delete(known[kind], "")
		if known[kind][name] {
			o.Kind, o.Name = kind, name
			break
		}
	}
	if o.Kind == "" {
		return nil, &UnknownError{k.Name, like(k.Name, known)}
	}
	places, err := t.places(o)
	if err != nil {
		return nil, err
	}
	return o, k.context(t, o, places)
}

// mostLike bounds the names that are offered for one that is not known.
const mostLike = 4

func like(name string, known map[string]map[string]bool) []string {
	far := make(map[string]int)
	low := strings.ToLower(name)
	for _, names := range known {
		for n := range names {
			d := diag.Edits(low, strings.ToLower(n))
			if len(low) > 2 && strings.Contains(n, low) {
				d = min(d, 2)
			}
			if d <= max(2, len(low)/4) {
				far[n] = d
			}
		}
	}
	var list []string
	for n := range far {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(far[a], far[b]), strings.Compare(a, b)) })
	return list[:min(len(list), mostLike)]
}

// places returns where the name stands, by article, in order and without
// repetition.
func (t tables) places(o *Concordance) (map[string][]span, error) {
	places := make(map[string][]span)
	add := func(article string, start, end int64) {
		places[article] = append(places[article], span{int(start), int(end)})
	}
	var err error
	if o.Kind == "rule" || o.Kind == "cue" {
		err = t.each(table.Stances, []string{"article_id", "cue_start", "cue_end", "rule", "cue"}, func(c []columnar.Values, i int) {
			if o.Kind == "rule" && c[3].Texts[i] == o.Name || o.Kind == "cue" && strings.ToLower(c[4].Texts[i]) == o.Name {
				add(c[0].Texts[i], c[1].Ints[i], c[2].Ints[i])
			}
		})
	} else {
		err = t.each(table.Mentions, []string{"article_id", "start", "end", "kind", "party", "person", "surface"}, func(c []columnar.Values, i int) {
			var is bool
			switch o.Kind {
			case "person":
				is = c[5].Texts[i] == o.Name
			case "words":
				is = strings.ToLower(c[6].Texts[i]) == o.Name
			default:
				is = c[3].Texts[i] != "person" && c[4].Texts[i] == o.Name
			}
			if is {
				add(c[0].Texts[i], c[1].Ints[i], c[2].Ints[i])
			}
		})
	}
	if err == nil && o.Kind == "cue" {
		err = t.each(table.Quotes, []string{"article_id", "cue_start", "cue_end", "cue"}, func(c []columnar.Values, i int) {
			if strings.ToLower(c[3].Texts[i]) == o.Name {
				add(c[0].Texts[i], c[1].Ints[i], c[2].Ints[i])
			}
		})
	}
	for _, p := range places {
		slices.SortFunc(p, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	}
	for article, p := range places {
		places[article] = slices.Compact(p)
	}
	return places, err
}

// context fills in the lines.
func (k KWIC) context(t tables, o *Concordance, places map[string][]span) error {
	order := k.order()
	articles := make(map[string]bool)
	text := false
	err := t.each(table.Sentences, []string{"article_id", "sentence_id", "outlet", "pub_date", "section", "start", "end", "counts", "text"}, func(c []columnar.Values, i int) {
		text = text || !c[8].Null(i)
		article := c[0].Texts[i]
		at := places[article]
		if at == nil || !k.All && !c[7].Bools[i] {
			return
		}
		start, end := int(c[5].Ints[i]), int(c[6].Ints[i])
		from, _ := slices.BinarySearchFunc(at, start, func(p span, start int) int { return cmp.Compare(p.start, start) })
		var runes []rune
		for _, p := range at[from:] {
			if p.start >= end {
				break
			}
			if runes == nil {
				runes = []rune(c[8].Texts[i])
			}
			if p.end-start > len(runes) {
				break // no text
			}
			l := Line{Article: article, Sentence: c[1].Texts[i], Outlet: c[2].Texts[i], Section: c[4].Texts[i], Start: p.start, End: p.end,
				Left: string(runes[:p.start-start]), Keyword: string(runes[p.start-start : p.end-start]), Right: string(runes[p.end-start:])}
			if d, ok := dayOf(&c[3], i); ok {
				l.Date = d.time().Format("2006-01-02")
			}
			o.Lines = append(o.Lines, l)
			o.N++
			articles[article] = true
			if k.Most > 0 && len(o.Lines) >= 2*k.Most+1024 {
				slices.SortFunc(o.Lines, order)
				o.Lines = o.Lines[:k.Most]
			}
		}
	})
	if err == nil && !text {
		err = ErrNoText
	}
	slices.SortFunc(o.Lines, order)
	if k.Most > 0 {
		o.Lines = o.Lines[:min(len(o.Lines), k.Most)]
	}
	o.Articles = len(articles)
	return err
}

func (k KWIC) order() func(a, b Line) int {
	place := func(a, b Line) int {
		return cmp.Or(strings.Compare(a.Article, b.Article), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	}
	switch k.Sort {
	case "left":
		return func(a, b Line) int {
			return cmp.Or(slices.CompareFunc(leftward(a.Left), leftward(b.Left), strings.Compare), place(a, b))
		}
	case "right":
		return func(a, b Line) int {
			return cmp.Or(slices.CompareFunc(words(a.Right), words(b.Right), strings.Compare), place(a, b))
		}
	}
	return place
}

// words returns the words of a context, in lower case and without marks.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func leftward(s string) []string {
	w := words(s)
	slices.Reverse(w)
	return w
}

// Print writes the lines for people; each keyword begins at the same column. Characters
// that would move a terminal's cursor or turn its text are shown, not obeyed.
func (o *Concordance) Print(w io.Writer, columns int) error {
	times := func(n int, noun string) string {
		if n == 1 {
			return "1 " + noun
		}
		return number(n) + " " + noun + "s"
	}
	head := fmt.Sprintf("%s %s: %s in %s", o.Kind, diag.Escape(o.Name), times(o.N, "place"), times(o.Articles, "article"))
	if left := o.N - len(o.Lines); left > 0 {
		head += ", " + number(left) + " left out"
	}
	var b strings.Builder
	b.WriteString(head + "\n")
	most := 0
	for _, l := range o.Lines {
		most = max(most, cells(flat(l.Keyword)))
	}
	most = min(most, columns)
	for _, l := range o.Lines {
		left, key, right := lastCells(strings.TrimLeft(flat(l.Left), " "), columns), firstCells(flat(l.Keyword), columns), firstCells(strings.TrimRight(flat(l.Right), " "), columns)
		fmt.Fprintf(&b, "%s%s[%s]%s%s ", blanks(columns-cells(left)), left, key, right, blanks(columns+most-cells(key)-cells(right)))
		for _, s := range []string{l.Date, l.Outlet} {
			if s != "" {
				b.WriteString(" " + diag.Escape(s))
			}
		}
		b.WriteString(" " + diag.Escape(l.Sentence) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// flat shows a context on one line.
func flat(s string) string { return diag.Escape(strings.Map(white, s)) }

func white(r rune) rune {
	if r == '\n' || r == '\r' || r == '\t' {
		return ' '
	}
	return r
}

func blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }

// cell returns the columns that a character takes on a terminal.
func cell(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

func cells(s string) int {
	n := 0
	for _, r := range s {
		n += cell(r)
	}
	return n
}

// firstCells returns the beginning of s that fits, with a mark where it is cut.
func firstCells(s string, columns int) string {
	if cells(s) <= columns {
		return s
	}
	n := 1 // the mark
	for i, r := range s {
		if n += cell(r); n > columns {
			return s[:i] + "…"
		}
	}
	return s
}

// lastCells returns the end of s that fits, with a mark where it is cut.
func lastCells(s string, columns int) string {
	n := cells(s)
	if n <= columns {
		return s
	}
	n++ // the mark
	for i, r := range s {
		if n <= columns && cell(r) > 0 {
			return "…" + s[i:]
		}
		n -= cell(r)
	}
	return ""
}

// JSONL writes one JSON object a line, texts as they are.
func (o *Concordance) JSONL(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, l := range o.Lines {
		if err := e.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

// CSV writes the lines as RFC 4180 with a header; inert makes text of what a
// spreadsheet would take for a formula.
func (o *Concordance) CSV(w io.Writer, inert func(string) string) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"article_id", "sentence_id", "outlet", "pub_date", "section", "start", "end", "left", "keyword", "right"}}
	for _, l := range o.Lines {
		row := []string{l.Article, l.Sentence, l.Outlet, l.Date, l.Section, strconv.Itoa(l.Start), strconv.Itoa(l.End), l.Left, l.Keyword, l.Right}
		for i := range row {
			row[i] = inert(row[i])
		}
		rows = append(rows, row)
	}
	return c.WriteAll(rows)
}
