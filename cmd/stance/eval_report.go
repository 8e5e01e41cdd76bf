package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"stance/internal/diag"
	"stance/internal/eval"
	"stance/internal/io/gold"
)

// renderer writes reports for people: aligned columns for a terminal, tables
// and lists for a pull request.
type renderer struct {
	w        *bytes.Buffer
	markdown bool
}

func newRenderer(w *bytes.Buffer, markdown bool) *renderer { return &renderer{w, markdown} }

// safe makes text of files harmless where it is shown.
func (d *renderer) safe(s string) string {
	s = diag.Escape(oneLine(s))
	if d.markdown {
		s = strings.NewReplacer("&", "&amp;", "<", "&lt;", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "@", "&#64;", "#", "\\#").Replace(s)
	}
	return s
}

func (d *renderer) title(s string) {
	if d.w.Len() > 0 {
		d.w.WriteByte('\n')
	}
	if d.markdown {
		fmt.Fprintf(d.w, "### %s\n\n", s)
		return
	}
	fmt.Fprintln(d.w, s)
}

func (d *renderer) point(depth int, format string, args ...any) {
	mark := "  "
	if d.markdown {
		mark = "- "
	}
	fmt.Fprintf(d.w, "%s%s%s\n", strings.Repeat("  ", depth), mark, fmt.Sprintf(format, args...))
}

// grid writes a table whose first column is of names; cells must be safe.
func (d *renderer) grid(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, row := range rows {
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			switch {
			case d.markdown && i == 0:
				fmt.Fprintf(d.w, "| %s%s |", cell, pad)
			case d.markdown:
				fmt.Fprintf(d.w, " %s%s |", pad, cell)
			case i == 0:
				fmt.Fprintf(d.w, "  %s%s", cell, pad)
			default:
				fmt.Fprintf(d.w, "  %s%s", pad, cell)
			}
		}
		d.w.WriteByte('\n')
		if n == 0 && d.markdown {
			for i, w := range widths {
				if i == 0 {
					fmt.Fprintf(d.w, "| %s |", strings.Repeat("-", w))
				} else {
					fmt.Fprintf(d.w, " %s: |", strings.Repeat("-", max(w-1, 1)))
				}
			}
			d.w.WriteByte('\n')
		}
	}
}

// figure renders a share or correlation, and a count without decimals.
func figure(name string, x float64) string {
	switch {
	case math.IsNaN(x):
		return "-"
	case name == "exact" || name == "direct_quotations":
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'f', 3, 64)
}

func (d *renderer) reports(reports []*eval.Report) {
	if len(reports) > 1 {
		d.sideBySide(reports)
	}
	for _, r := range reports {
		d.report(r)
	}
}

func heading(r *eval.Report) string {
	s := "task " + string(r.Task)
	if r.Form != "" {
		s += " (" + r.Form + ")"
	}
	if r.Scorer != "" {
		s += ", scorer " + string(r.Scorer)
	}
	s += fmt.Sprintf(": %s in %s", plural(len(r.Observations), "judgement"), plural(r.Texts(), "text"))
	for _, k := range r.Skipped {
		s += fmt.Sprintf("; %s skipped %s", plural(k.N, "text"), k.Why)
	}
	return s
}

// sideBySide compares scorers on one sample.
func (d *renderer) sideBySide(reports []*eval.Report) {
	d.title("scorers side by side")
	rows := [][]string{{"figure"}}
	for _, r := range reports {
		rows[0] = append(rows[0], string(r.Scorer), "95 % interval")
	}
	for i, m := range reports[0].Measures {
		row := []string{m.Name}
		for _, r := range reports {
			row = append(row, figure(m.Name, r.Value(m.Name)), interval(m.Name, r.Intervals[i]))
		}
		rows = append(rows, row)
	}
	d.grid(rows)
}

func interval(name string, iv eval.Interval) string {
	if math.IsNaN(iv.Low) {
		return "-"
	}
	return figure(name, iv.Low) + " to " + figure(name, iv.High)
}

func (d *renderer) report(r *eval.Report) {
	d.title(heading(r))
	rows := [][]string{{"figure", "value", "95 % interval"}}
	for i, m := range r.Measures {
		rows = append(rows, []string{m.Name, figure(m.Name, r.Value(m.Name)), interval(m.Name, r.Intervals[i])})
	}
	d.grid(rows)
	if r.Classes != nil {
		d.classes(r)
	}
	for i := range r.Slices {
		d.slice(&r.Slices[i])
	}
	if len(r.Worst) > 0 {
		d.title("worst errors")
		for _, o := range r.Worst {
			d.observation(r.Run, o, "")
		}
	}
	if r.Comparison != nil {
		d.comparison(r)
	}
	if len(r.Bars) > 0 {
		d.title("bars")
		for _, b := range r.Bars {
			if b.Failure == "" {
				d.point(0, "met: %s", d.safe(b.Name))
			} else {
				d.point(0, "MISSED: %s", d.safe(b.Failure))
			}
		}
	}
}

func (d *renderer) classes(r *eval.Report) {
	c := r.Confusion()
	d.title("classes, and the answers (columns) to each gold class (rows)")
	head := []string{"class", "precision", "recall", "f1", "support"}
	for _, name := range r.Classes {
		head = append(head, "→ "+name)
	}
	rows := [][]string{head}
	for i, name := range r.Classes {
		s := c.Class(i)
		row := []string{name, figure("", s.Precision), figure("", s.Recall), figure("", s.F1), strconv.Itoa(int(s.Support))}
		for j := range r.Classes {
			row = append(row, strconv.Itoa(int(c.At(i, j))))
		}
		rows = append(rows, row)
	}
	d.grid(rows)
}

// mostParts bounds what is shown of a slice; the JSON object holds all.
const mostParts = 20

func (d *renderer) slice(s *eval.Slice) {
	d.title("by " + d.safe(s.By))
	head := []string{s.By, "n"}
	for _, m := range s.Parts[0].Measures {
		head = append(head, m.Name)
	}
	coded := s.Parts[0].Task == gold.Coded
	if coded {
		head = append(head, "95 % of coded")
	}
	rows := [][]string{head}
	for i, p := range s.Parts[:min(len(s.Parts), mostParts)] {
		row := []string{d.safe(s.Names[i]), strconv.Itoa(len(p.Observations))}
		for _, m := range p.Measures {
			row = append(row, figure(m.Name, p.Value(m.Name)))
		}
		if coded {
			row = append(row, interval("", p.Precision()))
		}
		rows = append(rows, row)
	}
	d.grid(rows)
	if more := len(s.Parts) - mostParts; more > 0 {
		d.point(0, "and %d more, all in --json", more)
	}
}

func (d *renderer) observation(r *eval.Run, o *eval.Observation, before string) {
	was := ""
	if before != "" {
		was = ", was " + before
	}
	d.point(0, "%s: answer %s%s, gold %s: %s", d.safe(o.Key), r.Answered(o), was, r.Wanted(o), d.safe(clip(o.Marked(), mostText)))
	if len(o.Features) > 0 {
		d.point(1, "by %s", d.safe(strings.Join(o.Features, ", ")))
	}
	for _, n := range o.Notes[:min(len(o.Notes), mostNotes)] {
		d.point(1, "%s", d.safe(n))
	}
	if more := len(o.Notes) - mostNotes; more > 0 {
		d.point(1, "and %d more, all in --json", more)
	}
}

// mostText and mostNotes bound what is shown of one text; the JSON object
// holds all.
const (
	mostText  = 400
	mostNotes = 12
)

// clip shortens a text to a number of code points.
func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// examples is how many changed answers are shown either way.
const examples = 10

func (d *renderer) comparison(r *eval.Report) {
	c := r.Comparison
	d.title("beside the baseline")
	d.point(0, "%s %.4f, was %.4f; difference %+.4f, 95 %% interval %+.4f to %+.4f", c.Measure, c.After, c.Before, c.After-c.Before, c.Difference.Low, c.Difference.High)
	d.point(0, "%d better, %d worse of %d shared; right now alone %d, right before alone %d, McNemar p = %.4f", len(c.Better), len(c.Worse), c.Shared, c.OnlyAfter, c.OnlyBefore, c.P)
	if c.New+c.Gone+c.Relabelled > 0 {
		d.point(0, "not compared: %d new, %d gone, %d labelled anew", c.New, c.Gone, c.Relabelled)
	}
	for _, x := range []struct {
		name string
		list []eval.Change
	}{{"worse", c.Worse}, {"better", c.Better}} {
		if len(x.list) == 0 {
			continue
		}
		d.title(x.name)
		for _, ch := range x.list[:min(len(x.list), examples)] {
			d.observation(r.Run, ch.Observation, ch.Before)
		}
		if more := len(x.list) - examples; more > 0 {
			d.point(0, "and %d more, all in --json", more)
		}
	}
}

// checkBars adds a bar for each least figure.
func checkBars(r *eval.Report, least []bar) error {
	for _, b := range least {
		known := false
		var names []string
		for _, m := range r.Measures {
			known = known || m.Name == b.measure
			names = append(names, m.Name)
		}
		if !known {
			return fail(exitUsage, "--min %s: the task has no such figure; it has %s", b.measure, strings.Join(names, ", "))
		}
		x := r.Value(b.measure)
		out := eval.Bar{Name: fmt.Sprintf("%s >= %g", b.measure, b.least)}
		if !(x >= b.least) {
			out.Failure = fmt.Sprintf("%s is %.4f, below %g", b.measure, x, b.least)
		}
		r.Bars = append(r.Bars, out)
	}
	return nil
}

type junitCase struct {
	XMLName xml.Name      `xml:"testcase"`
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

// junit renders the bars as JUnit XML, the format that build servers read.
func junit(r *eval.Report) ([]byte, error) {
	s := junitSuite{Name: "stance eval " + string(r.Task), Tests: len(r.Bars)}
	for _, b := range r.Bars {
		c := junitCase{Class: "stance.eval." + string(r.Task), Name: b.Name}
		if b.Failure != "" {
			s.Failures++
			c.Failure = &junitFailure{b.Failure}
		}
		s.Cases = append(s.Cases, c)
	}
	b, err := xml.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}
