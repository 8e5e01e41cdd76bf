package eval

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"stance/internal/io/gold"
	"stance/internal/model"
)

// Report is a run with all that is told about it.
type Report struct {
	*Run
	Intervals  []Interval // one per measure
	Slices     []Slice
	Worst      []*Observation // the worst errors, worst first
	Comparison *Comparison    // nil without a baseline
	Bars       []Bar
}

// Slice is the run cut by one field.
type Slice struct {
	By    string
	Names []string // the values of the field
	Parts []*Run   // the observations of each
}

// Bar is a condition that fails the run.
type Bar struct {
	Name    string
	Failure string // "" when it is met
}

// NewReport computes the intervals.
func NewReport(r *Run) *Report { return &Report{Run: r, Intervals: r.Intervals()} }

// SliceBy cuts the run by a field and reports whether any observation has it.
// Parts are ordered by size, then by name.
func (r *Report) SliceBy(by string) bool {
	parts := make(map[string]*Run)
	s := Slice{By: by}
	for i := range r.Observations {
		v := r.Observations[i].SliceValue(by)
		p := parts[v]
		if p == nil {
			p = &Run{Task: r.Task, Form: r.Form, Scorer: r.Scorer, Classes: r.Classes, Rated: r.Rated}
			parts[v] = p
			s.Names = append(s.Names, v)
		}
		p.Observations = append(p.Observations, r.Observations[i])
	}
	slices.SortFunc(s.Names, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(parts[b].Observations), len(parts[a].Observations)), strings.Compare(a, b))
	})
	for _, n := range s.Names {
		parts[n].finish()
		s.Parts = append(s.Parts, parts[n])
	}
	r.Slices = append(r.Slices, s)
	return len(s.Names) > 1 || s.Names[0] != "-"
}

// FindWorst keeps the n worst errors: the surest wrong answers, the ratings
// missed by most, the texts with most spans wrong.
func (r *Report) FindWorst(n int) {
	var wrong []*Observation
	for i := range r.Observations {
		if o := &r.Observations[i]; o.Good < 1 {
			wrong = append(wrong, o)
		}
	}
	slices.SortStableFunc(wrong, func(a, b *Observation) int { return cmp.Compare(r.badness(b), r.badness(a)) })
	r.Worst = wrong[:min(n, len(wrong))]
}

func (r *Report) badness(o *Observation) float64 {
	switch {
	case r.Classes == nil:
		return float64(len(o.Notes))
	case o.P != nil:
		return o.P[o.Answer] - o.P[o.Gold]
	case r.Rated:
		return math.Abs(o.Sample.Rating/4 - o.Score)
	}
	return math.Abs(o.Score)
}

// Wanted names what the gold expects.
func (r *Run) Wanted(o *Observation) string {
	if r.Classes != nil {
		return r.Classes[o.Gold]
	}
	return "right 1.00"
}

// Answered names what was answered.
func (r *Run) Answered(o *Observation) string { return r.answer(o) }

// Texts is the number of samples behind the observations.
func (r *Run) Texts() int {
	n := 0
	for i := range r.Observations {
		if i == 0 || r.Observations[i].Sample != r.Observations[i-1].Sample {
			n++
		}
	}
	return n
}

// Precision is the interval of the share of coded rows that are right.
func (r *Run) Precision() Interval {
	c := r.sum(r.whole())
	return Wilson(c.Found, c.Gold)
}

// Confusion returns the whole run's; it panics for tasks that count spans.
func (r *Run) Confusion() Confusion { return r.confusion(r.whole()) }

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in order; NaN is null.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if f, ok := m.value.(float64); ok {
			m.value = number(f)
		}
		for j, x := range []any{m.name, m.value} {
			enc, err := json.Marshal(x)
			if err != nil {
				return nil, err
			}
			if j > 0 {
				b.WriteByte(':')
			}
			b.Write(enc)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// number is a float with six decimals, null where it is not defined.
func number(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return round(x)
}

// JSON renders reports as one object with the names of the documentation.
// With further scorers, the first report is the object and "scorers" holds
// all of them by name.
func JSON(reports []*Report) ([]byte, error) {
	o := reports[0].object()
	if len(reports) > 1 {
		var all object
		for _, r := range reports {
			all = append(all, member{string(r.Scorer), r.object()})
		}
		o = append(o, member{"scorers", all})
	}
	b, err := json.MarshalIndent(o, "", "  ")
	return append(b, '\n'), err
}

func (r *Report) object() object {
	o := object{{"task", r.Task}}
	if r.Form != "" {
		o = append(o, member{"form", r.Form})
	}
	if r.Scorer != "" {
		o = append(o, member{"scorer", r.Scorer})
	}
	o = append(o, member{"n", len(r.Observations)})
	o = append(o, r.figures()...)
	intervals := object{}
	for i, m := range r.Measures {
		var v any
		if iv := r.Intervals[i]; !math.IsNaN(iv.Low) {
			v = []any{number(iv.Low), number(iv.High)}
		}
		intervals = append(intervals, member{m.Name, v})
	}
	o = append(o, member{"intervals", intervals})
	skipped := object{}
	for _, s := range r.Skipped {
		skipped = append(skipped, member{s.Why, s.N})
	}
	o = append(o, member{"texts", r.Texts()}, member{"skipped", skipped})
	if len(r.Slices) > 0 {
		cuts := object{}
		for _, s := range r.Slices {
			parts := object{}
			for i, name := range s.Names {
				part := append(object{{"n", len(s.Parts[i].Observations)}}, s.Parts[i].figures()...)
				if r.Task == gold.Coded {
					iv := s.Parts[i].Precision()
					part = append(part, member{"precision_coded_interval", []any{number(iv.Low), number(iv.High)}})
				}
				parts = append(parts, member{name, part})
			}
			cuts = append(cuts, member{s.By, parts})
		}
		o = append(o, member{"slices", cuts})
	}
	if len(r.Worst) > 0 {
		var errors []object
		for _, x := range r.Worst {
			errors = append(errors, r.describe(x))
		}
		o = append(o, member{"errors", errors})
	}
	if c := r.Comparison; c != nil {
		changes := func(list []Change) []object {
			out := []object{}
			for _, x := range list {
				out = append(out, append(r.describe(x.Observation), member{"before", x.Before}))
			}
			return out
		}
		o = append(o, member{"baseline", object{{"measure", c.Measure}, {"before", c.Before}, {"after", c.After},
			{"difference", []any{number(c.Difference.Low), number(c.Difference.High)}}, {"mcnemar_p", c.P},
			{"only_before", c.OnlyBefore}, {"only_after", c.OnlyAfter}, {"shared", c.Shared}, {"new", c.New}, {"gone", c.Gone}, {"relabelled", c.Relabelled},
			{"significantly_worse", c.Significant()}, {"better", changes(c.Better)}, {"worse", changes(c.Worse)}}})
	}
	if len(r.Bars) > 0 {
		var bars []object
		for _, b := range r.Bars {
			bars = append(bars, object{{"name", b.Name}, {"met", b.Failure == ""}, {"failure", b.Failure}})
		}
		o = append(o, member{"bars", bars})
	}
	return o
}

// figures are the measures, per class scores and confusion of a run. The
// names that every task shares are always there, null where they mean
// nothing.
func (r *Run) figures() object {
	value := func(name string) any { return number(r.Value(name)) }
	o := object{{"accuracy", value("accuracy")}, {"macro_f1", value("macro_f1")}, {"average_recall", value("average_recall")}}
	classes, confusion := object{}, object{}
	if r.Classes != nil {
		c := r.Confusion()
		for i, name := range r.Classes {
			s := c.Class(i)
			classes = append(classes, member{name, object{{"precision", s.Precision}, {"recall", s.Recall}, {"f1", s.F1}, {"support", int(s.Support)}}})
			row := object{}
			for j, answer := range r.Classes {
				row = append(row, member{answer, int(c.At(i, j))})
			}
			confusion = append(confusion, member{name, row})
		}
	}
	o = append(o, member{"per_class", classes}, member{"confusion", confusion})
	for _, m := range r.Measures {
		switch m.Name {
		case "accuracy", "macro_f1", "average_recall":
		default:
			o = append(o, member{m.Name, value(m.Name)})
		}
	}
	if r.Task == gold.Sentiment && !r.Rated {
		o = append(o, member{"pearson_r", nil}, member{"spearman_r", nil})
	}
	return o
}

func (r *Run) describe(x *Observation) object {
	o := object{{"id", x.Key}, {"at", x.Sample.Pos.String()}, {"text", x.Marked()}, {"gold", r.Wanted(x)}, {"answer", r.answer(x)}}
	if x.Score != 0 {
		o = append(o, member{"score", x.Score})
	}
	if len(x.Features) > 0 {
		o = append(o, member{"features", x.Features})
	}
	if len(x.Notes) > 0 {
		o = append(o, member{"notes", x.Notes})
	}
	return o
}

// Marked returns the text with the spans that were asked about in brackets; of
// several lines, those that hold a span.
func (o *Observation) Marked() string {
	var b strings.Builder
	text, at := o.Sample.Text, int32(0)
	spans := slices.Clone(o.Spans)
	slices.SortFunc(spans, func(a, c model.Span) int { return cmp.Compare(a.Start, c.Start) })
	if len(spans) > 0 {
		at = int32(strings.LastIndexByte(text[:spans[0].Start], '\n') + 1)
		last := int(spans[len(spans)-1].End)
		if n := strings.IndexByte(text[last:], '\n'); n >= 0 {
			text = text[:last+n]
		}
	}
	for _, s := range spans {
		if s.Start < at {
			continue
		}
		b.WriteString(text[at:s.Start])
		b.WriteByte('[')
		b.WriteString(s.In(text))
		b.WriteByte(']')
		at = s.End
	}
	b.WriteString(text[at:])
	return b.String()
}
