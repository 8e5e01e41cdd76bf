package eval

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"stance/internal/io/gold"
)

// Baseline is a stored run: what was answered to each labelled text, so that
// a later run can be compared answer by answer.
type Baseline struct {
	Version int       `json:"version"`
	Task    gold.Task `json:"task"`
	Form    string    `json:"form,omitempty"`
	Scorer  Scorer    `json:"scorer,omitempty"`
	Items   []Item    `json:"items"`
}

const baselineVersion = 1

// Item is the answer to one observation.
type Item struct {
	Key    string    `json:"key"`
	Gold   string    `json:"gold"` // hash of the gold line: an answer to another question does not count
	Answer string    `json:"answer,omitempty"`
	Score  float64   `json:"score,omitempty"`
	P      []float64 `json:"p,omitempty"`
	Counts *Counts   `json:"counts,omitempty"`
}

// Store returns the run as a baseline.
func (r *Run) Store() *Baseline {
	b := &Baseline{Version: baselineVersion, Task: r.Task, Form: r.Form, Scorer: r.Scorer}
	for i := range r.Observations {
		o := &r.Observations[i]
		it := Item{Key: o.Key, Gold: lineHash(o.Sample.Raw)}
		if r.Classes != nil {
			it.Answer, it.Score, it.P = r.Classes[o.Answer], round(o.Score), rounded(o.P)
		} else {
			c := o.Counts
			it.Counts = &c
		}
		b.Items = append(b.Items, it)
	}
	return b
}

// round keeps six decimals: more would differ between machines.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }

func rounded(p []float64) (out []float64) {
	for _, x := range p {
		out = append(out, round(x))
	}
	return out
}

func lineHash(raw string) string {
	h := sha256.Sum256([]byte(raw))
	return hex.EncodeToString(h[:6])
}

// Marshal writes one item a line, so that a version control shows which
// answers a change has changed.
func (b *Baseline) Marshal() ([]byte, error) {
	var out bytes.Buffer
	head, err := json.Marshal(Baseline{b.Version, b.Task, b.Form, b.Scorer, []Item{}})
	if err != nil {
		return nil, err
	}
	out.Write(bytes.TrimSuffix(head, []byte("]}")))
	for i := range b.Items {
		line, err := json.Marshal(&b.Items[i])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
		out.Write(line)
	}
	out.WriteString("\n]}\n")
	return out.Bytes(), nil
}

// ParseBaseline reads what Marshal wrote.
func ParseBaseline(src []byte) (*Baseline, error) {
	d := json.NewDecoder(bytes.NewReader(src))
	d.DisallowUnknownFields()
	var b Baseline
	if err := d.Decode(&b); err != nil {
		return nil, fmt.Errorf("not a baseline: %w", err)
	}
	if b.Version != baselineVersion {
		return nil, fmt.Errorf("baseline of version %d; this tool reads version %d", b.Version, baselineVersion)
	}
	return &b, nil
}

// Comparison is a run beside its baseline, over what both have answered.
type Comparison struct {
	Measure       string
	Before, After float64  // over the shared observations
	Difference    Interval // of After - Before, drawn by article
	Better, Worse []Change
	P             float64 // McNemar, over answers right in one run alone
	OnlyBefore    int     // observations right in the baseline alone
	OnlyAfter     int
	Shared        int
	New, Gone     int // observations that one side alone has
	Relabelled    int // the gold line has changed since
}

// Change is an observation that was answered better or worse before.
type Change struct {
	*Observation
	Before string // what the baseline answered
}

// Significant reports whether the run is worse beyond chance, at 5 %, by
// either test.
func (c *Comparison) Significant() bool {
	return c.OnlyBefore > c.OnlyAfter && c.P < 0.05 || c.Difference.High < 0
}

// Compare lays the run beside a baseline. It fails when they have nothing in
// common.
func (r *Run) Compare(b *Baseline) (*Comparison, error) {
	if b.Task != r.Task || b.Form != r.Form || b.Scorer != r.Scorer {
		return nil, fmt.Errorf("the baseline is of task %s; this run is of task %s", describe(b.Task, b.Form, b.Scorer), describe(r.Task, r.Form, r.Scorer))
	}
	items := make(map[string]*Item, len(b.Items))
	for i := range b.Items {
		items[b.Items[i].Key] = &b.Items[i]
	}
	c := &Comparison{}
	before := &Run{Task: r.Task, Form: r.Form, Scorer: r.Scorer, Classes: r.Classes, Rated: r.Rated}
	after := &Run{Task: r.Task, Form: r.Form, Scorer: r.Scorer, Classes: r.Classes, Rated: r.Rated}
	matched := 0
	for i := range r.Observations {
		o := r.Observations[i]
		it := items[o.Key]
		switch {
		case it == nil:
			c.New++
			continue
		case it.Gold != lineHash(o.Sample.Raw):
			c.Relabelled++
			matched++
			continue
		}
		matched++
		// As a baseline has it: what is cut off there is no difference.
		now := o
		now.Score, now.P = round(o.Score), rounded(o.P)
		after.Observations = append(after.Observations, now)
		o.Score, o.P, o.Notes, o.Features = it.Score, it.P, nil, nil
		if r.Classes != nil {
			if o.Answer = slices.Index(r.Classes, it.Answer); o.Answer < 0 {
				return nil, fmt.Errorf("the baseline's answer %q to %s is no class of the task", it.Answer, it.Key)
			}
		} else if it.Counts == nil {
			return nil, fmt.Errorf("the baseline's answer to %s has no counts", it.Key)
		} else {
			o.Counts = *it.Counts
		}
		before.Observations = append(before.Observations, o)
	}
	c.Gone = len(items) - matched
	c.Shared = len(after.Observations)
	if c.Shared == 0 {
		return nil, fmt.Errorf("the baseline and this run have no labelled text in common")
	}
	before.finish()
	after.finish()
	old, now := before.Measures[0], after.Measures[0]
	c.Measure, c.Before, c.After = now.Name, old.of(before.whole()), now.of(after.whole())
	var differences []float64
	after.draws(func(w []int32) { differences = append(differences, now.of(w)-old.of(w)) })
	c.Difference = middle(differences)
	for i := range after.Observations {
		a, o := &after.Observations[i], &before.Observations[i]
		switch {
		case a.Good > o.Good:
			c.Better = append(c.Better, Change{a, before.answer(o)})
		case a.Good < o.Good:
			c.Worse = append(c.Worse, Change{a, before.answer(o)})
		}
		if a.Good == 1 && o.Good < 1 {
			c.OnlyAfter++
		}
		if a.Good < 1 && o.Good == 1 {
			c.OnlyBefore++
		}
	}
	c.P = McNemar(c.OnlyBefore, c.OnlyAfter)
	return c, nil
}

func describe(task gold.Task, form string, scorer Scorer) string {
	s := string(task)
	if form != "" {
		s += " (" + form + ")"
	}
	if scorer != "" {
		s += " (" + string(scorer) + ")"
	}
	return s
}

// answer names what was answered.
func (r *Run) answer(o *Observation) string {
	if r.Classes != nil {
		return r.Classes[o.Answer]
	}
	return "right " + strconv.FormatFloat(o.Good, 'f', 2, 64)
}
