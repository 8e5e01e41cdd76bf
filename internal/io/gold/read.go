package gold

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"stance/internal/diag"
	"stance/internal/model"
)

// Read decodes a gold file for one task: JSON Lines, for coded rows also CSV. The list holds every mistake; the
// samples are those without one, in the order of the file. Blank lines are
// passed over.
func Read(file string, src []byte, task Task) ([]Sample, diag.List) {
	var list diag.List
	var out []Sample
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if task == Coded && isCSV(src) {
		out, src = readCSV(file, src, &list), nil
	}
	for no := 1; len(src) > 0; no++ {
		raw := src
		if i := bytes.IndexByte(src, '\n'); i >= 0 {
			raw, src = src[:i], src[i+1:]
		} else {
			src = nil
		}
		raw = bytes.TrimRight(raw, "\r")
		if len(bytes.TrimSpace(raw)) == 0 {
			continue
		}
		r := &reader{row: row{file: file, no: no, raw: raw, list: &list}}
		before := len(list)
		if s := r.sample(task); len(list) == before {
			out = append(out, *s)
		}
	}
	if len(out) == 0 && len(list) == 0 {
		list.Errorf(diag.Position{File: file}, "empty", "the file holds no labelled text; expected one JSON object a line")
	}
	list.Sort()
	return out, list
}

// reader decodes one line.
type reader struct {
	row
	runes model.Runes
	text  string
	chars int // code points in text
}

func (r *reader) sample(task Task) *Sample {
	n := r.parse()
	if n == nil {
		return nil
	}
	if !r.object(n, "the line") {
		return nil
	}
	return r.fields(n, task)
}

// fields reads the fields of one sample.
func (r *reader) fields(n *node, task Task) *Sample {
	s := &Sample{Pos: r.pos(n.at), Raw: string(r.raw)}
	r.common(n, s, task)
	if r.text == "" {
		return s
	}
	switch task {
	case Segmentation:
		r.segmentation(n, s)
	case Sentiment:
		r.sentiment(n, s)
	case Tone:
		r.tone(n, s)
	case Stance:
		r.stance(n, s)
	case Attribution:
		r.attribution(n, s)
	case Parties:
		r.parties(n, s)
	case Relations:
		r.relations(n, s)
	case Coded:
		r.coded(n, s)
	}
	for _, m := range n.members {
		if !m.used && m.val.kind != 'n' {
			s.Fields = append(s.Fields, Field{m.name, m.val.text})
		}
	}
	slices.SortFunc(s.Fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	if s.Outlet = first(s.Field("outlet"), s.Field("publisher")); s.Outlet == "" {
		if m := n.member("source"); m != nil && m.val.kind == '"' && s.Pair == nil {
			s.Outlet = m.val.text
		} else {
			s.Outlet = outletOf(s.ID)
		}
	}
	return s
}

func first(s ...string) string {
	for _, x := range s {
		if x != "" {
			return x
		}
	}
	return ""
}

// common reads what every task has: id, article, text and date.
func (r *reader) common(n *node, s *Sample, task Task) {
	name := "text"
	if task == Tone && n.member("text") == nil && n.member("sentence_normalized") != nil {
		name = "sentence_normalized" // as NewsMTSC publishes it
	}
	if t := r.need(n, name, "the labelled text"); t != nil {
		if r.text = r.str(t, name); r.text == "" && t.kind == '"' {
			r.bad(t.at, "empty", "%q is empty", name)
		}
	}
	s.Text = r.text
	r.runes.Reset(r.text)
	r.chars = utf8.RuneCountInString(r.text)
	id := "id"
	if n.member("id") == nil {
		id = "primary_gid"
	}
	if v := n.take(id); v != nil && v.kind == '0' {
		s.ID = v.text // a number is as good as a name
	} else {
		s.ID = r.str(v, id)
	}
	if s.ID == "" {
		s.ID = fmt.Sprintf("%s:%d", r.file, r.no)
		s.Article = s.ID
	}
	if v := n.take("article"); v != nil && v.kind == '0' {
		s.Article = v.text
	} else if a := r.str(v, "article"); a != "" {
		s.Article = a
	}
	if s.Article == "" {
		s.Article = articleOf(s.ID)
	} else if m := n.member("article"); m != nil {
		m.used = false // kept among the fields, so that a given article can be told from one made up
	}
	if m := n.member("date"); m != nil && m.val.kind != 'n' {
		d, err := time.Parse(time.DateOnly, m.val.text)
		if err != nil {
			d, err = time.Parse(time.RFC3339, m.val.text)
		}
		switch {
		case err == nil && m.val.kind == '"':
			m.used = true
			s.Date = d
		case task == Parties || task == Relations: // who holds an office hangs on it
			r.bad(m.val.at, "value", "\"date\" is %s; expected YYYY-MM-DD", m.val.describe())
		}
	}
}

// at converts a code-point offset.
func (r *reader) at(n *node, name string) (int32, bool) {
	i, ok := r.integer(n, name)
	if !ok {
		return 0, false
	}
	if i < 0 || i > r.chars {
		r.bad(n.at, "range", "%q is %d, outside the text of %d code points", name, i, r.chars)
		return 0, false
	}
	return r.runes.Byte(int32(i)), true
}

// span reads {from, to, mention?}. The mention, where given, must be what
// stands between the offsets: otherwise they count in something else.
func (r *reader) span(n *node, name string, needMention bool) (model.Span, bool) {
	if n == nil || !r.object(n, fmt.Sprintf("%q", name)) {
		return model.Span{}, false
	}
	a, okA := r.at(r.need(n, "from", "the code point where the span begins"), "from")
	to := r.need(n, "to", "the code point where the span ends")
	b, okB := r.at(to, "to")
	var m *node
	if needMention {
		m = r.need(n, "mention", "the text of the span")
	} else {
		m = n.take("mention")
	}
	mention := r.str(m, "mention")
	if !okA || !okB {
		return model.Span{}, false
	}
	sp := model.Span{Start: a, End: b}
	if a >= b {
		r.bad(to.at, "range", "the span is empty or runs backwards; \"to\" is exclusive and lies after \"from\"")
		return sp, false
	}
	if m != nil && m.kind == '"' && mention != sp.In(r.text) {
		r.bad(m.at, "mention", "\"mention\" is %q but the offsets hold %q; they count code points, the end exclusive", mention, sp.In(r.text))
		return sp, false
	}
	return sp, true
}

// spans reads an array of spans, and orders them.
func (r *reader) spans(n *node, name string) []model.Span {
	elems, _ := r.array(n, name)
	var out []model.Span
	for _, e := range elems {
		if sp, ok := r.span(e, name, false); ok {
			out = append(out, sp)
		}
	}
	slices.SortFunc(out, func(a, b model.Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	return out
}

// label reads -1, 0 or 1.
func (r *reader) label(n *node, name string) int8 {
	i, ok := r.integer(n, name)
	if ok && (i < -1 || i > 1) {
		r.bad(n.at, "value", "%q is %d; expected -1, 0 or 1", name, i)
	}
	return int8(i)
}

func (r *reader) segmentation(n *node, s *Sample) {
	v := r.need(n, "sentences", "an array of {from, to} or of strings")
	elems, ok := r.array(v, "sentences")
	if !ok {
		return
	}
	if len(elems) == 0 {
		r.bad(v.at, "empty", "\"sentences\" is empty; a text has at least one")
	}
	end := int32(0)
	for _, e := range elems {
		var sp model.Span
		if e.kind == '"' {
			sp, ok = r.find(e, end)
		} else {
			sp, ok = r.span(e, "sentences", false)
			sp = trim(r.text, sp)
		}
		if !ok {
			continue
		}
		if sp.Start < end {
			r.bad(e.at, "order", "the sentence begins before the one before it ends; sentences are ordered and disjoint")
			continue
		}
		if sp.Len() == 0 {
			r.bad(e.at, "empty", "the sentence holds only white space")
			continue
		}
		s.Sentences = append(s.Sentences, sp)
		end = sp.End
	}
}

// trim takes white space off both ends.
func trim(text string, sp model.Span) model.Span {
	t := sp.In(text)
	left := strings.TrimLeftFunc(t, unicode.IsSpace)
	sp.Start += int32(len(t) - len(left))
	sp.End = sp.Start + int32(len(strings.TrimRightFunc(left, unicode.IsSpace)))
	return sp
}

// find looks for a sentence given as a string, from an offset on. Runs of
// white space match each other.
func (r *reader) find(n *node, from int32) (model.Span, bool) {
	words := strings.Fields(n.text)
	if len(words) == 0 {
		r.bad(n.at, "empty", "the sentence holds only white space")
		return model.Span{}, false
	}
	for at := int(from); ; {
		i := strings.Index(r.text[at:], words[0])
		if i < 0 {
			r.bad(n.at, "mention", "the sentence %q is not in the text after the sentence before it", n.text)
			return model.Span{}, false
		}
		start := at + i
		end, ok := start+len(words[0]), true
		for _, w := range words[1:] {
			rest := strings.TrimLeftFunc(r.text[end:], unicode.IsSpace)
			gap := len(r.text) - end - len(rest)
			if gap == 0 || !strings.HasPrefix(rest, w) {
				ok = false
				break
			}
			end += gap + len(w)
		}
		if ok {
			return model.Span{Start: int32(start), End: int32(end)}, true
		}
		at = start + 1
		for at < len(r.text) && !utf8.RuneStart(r.text[at]) {
			at++
		}
	}
}

// neutralZone is the half-width of the ratings that are neither good nor bad.
const neutralZone = 0.5

func (r *reader) sentiment(n *node, s *Sample) {
	rating, label := n.take("rating"), n.take("label")
	if rating == nil && label == nil {
		r.bad(n.at, "missing", "the fields \"rating\" and \"label\" are both missing; expected a number, or -1, 0 or 1")
		return
	}
	s.Rating, s.HasRating = r.number(rating, "rating")
	switch {
	case label != nil:
		s.Label = r.label(label, "label")
	case s.Rating >= neutralZone:
		s.Label = 1
	case s.Rating <= -neutralZone:
		s.Label = -1
	}
}

func (r *reader) tone(n *node, s *Sample) {
	v := r.need(n, "targets", "an array of {from, to, mention, label}")
	elems, _ := r.array(v, "targets")
	for _, e := range elems {
		sp, ok := r.span(e, "targets", true)
		if e.kind != '{' {
			continue
		}
		t := Target{Span: sp}
		if p := e.take("polarity"); p != nil && e.member("label") == nil {
			t.Label = r.polarity(p)
		} else {
			t.Label = r.label(r.need(e, "label", "-1, 0 or 1"), "label")
		}
		t.Further = r.spans(e.take("further_mentions"), "further_mentions")
		if ok {
			s.Targets = append(s.Targets, t)
		}
	}
	if v != nil && v.kind == '[' && len(elems) == 0 {
		s.Skip = "without a target"
	}
}

// polarity reads NewsMTSC's scale, where 2 is negative and 6 positive.
func (r *reader) polarity(n *node) int8 {
	i, ok := r.integer(n, "polarity")
	if ok && i != 2 && i != 4 && i != 6 {
		r.bad(n.at, "value", "\"polarity\" is %d; expected 2 (negative), 4 (neutral) or 6 (positive)", i)
	}
	return int8(i/2 - 2)
}

func (r *reader) stance(n *node, s *Sample) {
	class, quad := n.member("class"), n.member("quad")
	switch {
	case class != nil && quad != nil:
		r.bad(n.at, "value", "\"class\" and \"quad\" are both given; a text is labelled in one of the two ways")
	case quad != nil:
		s.Event = &Event{Quad: r.class(r.need(n, "quad", "0 to 4"), "quad")}
		s.Event.Source = r.located(n.take("source"), "source")
		s.Event.Target = r.located(n.take("target"), "target")
		if len(s.Event.Source) == 0 || len(s.Event.Target) == 0 {
			s.Skip = "without a span of source and target"
		}
	case class != nil || n.member("p") != nil || n.member("q") != nil:
		s.Pair = &Pair{Class: r.class(r.need(n, "class", "0 to 4"), "class")}
		s.Pair.P, _ = r.span(r.need(n, "p", "a span {from, to}"), "p", false)
		s.Pair.Q, _ = r.span(r.need(n, "q", "a span {from, to}"), "q", false)
	default:
		r.bad(n.at, "missing", "the fields \"class\" (with \"p\" and \"q\") and \"quad\" (with \"source\" and \"target\") are both missing")
	}
}

func (r *reader) class(n *node, name string) int {
	i, ok := r.integer(n, name)
	if ok && (i < 0 || i > 4) {
		r.bad(n.at, "value", "%q is %d; expected 0 to 4", name, i)
	}
	return i
}

// located reads an array of spans and leaves out those that its coders could
// not place: null offsets.
func (r *reader) located(n *node, name string) []model.Span {
	elems, _ := r.array(n, name)
	var out []model.Span
	for _, e := range elems {
		if e.kind == '{' && isNull(e, "from") && isNull(e, "to") {
			continue
		}
		if sp, ok := r.span(e, name, false); ok {
			out = append(out, sp)
		}
	}
	return out
}

func isNull(n *node, name string) bool {
	m := n.member(name)
	return m != nil && m.val.kind == 'n'
}

func (r *reader) attribution(n *node, s *Sample) {
	elems, _ := r.array(r.need(n, "attributions", "an array of {source, cue, content}"), "attributions")
	for _, e := range elems {
		if !r.object(e, "an attribution") {
			continue
		}
		a := Attributed{
			Source:  r.spans(r.need(e, "source", "an array of spans, which may be empty"), "source"),
			Cue:     r.spans(r.need(e, "cue", "an array of spans, which may be empty"), "cue"),
			Content: r.spans(r.need(e, "content", "an array of spans"), "content"),
		}
		if len(a.Content) > 0 { // coders marked some cues that report nothing
			s.Attributions = append(s.Attributions, a)
		}
	}
}

func (r *reader) parties(n *node, s *Sample) {
	elems, _ := r.array(r.need(n, "mentions", "an array of {from, to, party}"), "mentions")
	for _, e := range elems {
		sp, ok := r.span(e, "mentions", false)
		if e.kind != '{' {
			continue
		}
		m := Mention{Span: sp, Party: r.str(e.take("party"), "party")}
		if e.member("party") == nil {
			r.bad(e.at, "missing", "the field \"party\" is missing; expected an id, or null where none is meant")
			continue
		}
		if ok {
			s.Mentions = append(s.Mentions, m)
		}
	}
}

func (r *reader) relations(n *node, s *Sample) {
	r.expected(r.need(n, "relations", "an array of {from, to, target, holder?, polarity?, act?}"), "relations", false, s)
	r.expected(n.take("absent"), "absent", true, s)
	if len(s.Relations) == 0 {
		s.Skip = "without a relation"
	}
}

// expected reads an array of relations.
func (r *reader) expected(n *node, name string, absent bool, s *Sample) {
	elems, _ := r.array(n, name)
	for _, e := range elems {
		sp, ok := r.span(e, name, false)
		if e.kind != '{' {
			continue
		}
		x := Relation{Span: sp, Absent: absent, Holder: r.str(e.take("holder"), "holder"), Act: r.str(e.take("act"), "act")}
		t := r.need(e, "target", "the id of a party or issue")
		if x.Target = r.str(t, "target"); x.Target == "" && t != nil && t.kind == '"' {
			r.bad(t.at, "empty", "\"target\" is empty; expected the id of a party or issue")
		}
		if p := e.take("polarity"); p != nil && p.kind != 'n' {
			x.Polarity, x.Polar = r.label(p, "polarity"), true
		}
		if ok {
			s.Relations = append(s.Relations, x)
		}
	}
}
