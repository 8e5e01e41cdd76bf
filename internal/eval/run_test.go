package eval

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"stance/internal/io/gold"
	"stance/internal/model"
)

// parrot answers with the class that stands in the field "answer" of the
// gold.
type parrot struct{}

func (p parrot) judgement(s *gold.Sample) Judgement {
	var class int
	fmt.Sscan(s.Field("answer"), &class)
	score := float64(class)
	probabilities := []float64{.1, .1, .1}
	probabilities[class+1] = .8
	return Judgement{Class: class, Score: score, P: probabilities, Features: []string{"field"}, Section: "body", Quoted: "none"}
}

func (p parrot) Segment(s *gold.Sample) []model.Span          { return s.Sentences }
func (p parrot) Sentiment(s *gold.Sample, _ Scorer) Judgement { return p.judgement(s) }
func (p parrot) Pair(s *gold.Sample) Judgement                { return Judgement{Class: 3, Score: -1} }
func (p parrot) Event(s *gold.Sample) Judgement               { return Judgement{Class: Conflict} }
func (p parrot) Attribute(s *gold.Sample) []Attribution       { return nil }
func (p parrot) Parties(s *gold.Sample) []gold.Mention        { return s.Mentions }
func (p parrot) Relations(s *gold.Sample) []gold.Relation {
	return []gold.Relation{{Span: model.Span{Start: 2, End: 3}, Holder: "a", Target: "b", Polarity: -1, Polar: true, Act: "blame"}}
}
func (p parrot) Tone(s *gold.Sample) (out []Judgement) {
	for range s.Targets {
		out = append(out, p.judgement(s))
	}
	return out
}

func read(t *testing.T, task gold.Task, lines ...string) []gold.Sample {
	t.Helper()
	s, list := gold.Read("g", []byte(strings.Join(lines, "\n")), task)
	if len(list) > 0 {
		t.Fatal(list)
	}
	return s
}

func evaluate(t *testing.T, task gold.Task, lines ...string) *Run {
	t.Helper()
	r, err := Evaluate(task, read(t, task, lines...), parrot{}, News)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sentiment(id string, rating, answer int) string {
	return fmt.Sprintf(`{"id":%q,"text":"Text.","rating":%d,"label":%d,"answer":%d,"outlet":"o%d"}`, id, rating*2, rating, answer, rating)
}

// The names are the contract with those who read the object.
func TestJSONKeys(t *testing.T) {
	further := map[string]string{
		"segmentation": "boundary_precision boundary_recall boundary_f1 exact",
		"sentiment":    "pearson_r spearman_r",
		"tone":         "ece",
		"stance":       "blind_macro_f1",
		"attribution":  "content_f1 source_f1 speaker_accuracy",
		"parties":      "mention_f1 party_accuracy",
		"relations":    "recall act_accuracy absent_right",
		"coded":        "precision alpha",
	}
	lines := map[string]string{
		"segmentation": `{"text":"A. B.","sentences":["A.","B."]}`,
		"sentiment":    sentiment("a-1", 1, 1),
		"tone":         `{"text":"A.","answer":1,"targets":[{"from":0,"to":1,"mention":"A","label":1}]}`,
		"stance":       `{"text":"A b.","p":{"from":0,"to":1},"q":{"from":2,"to":3},"class":3}`,
		"attribution":  `{"text":"A.","attributions":[]}`,
		"parties":      `{"text":"A.","mentions":[{"from":0,"to":1,"party":"a"}]}`,
		"relations":    `{"text":"A b.","relations":[{"from":0,"to":4,"target":"b"}]}`,
		"coded":        `{"text":"A.","rule":"r","coder_1":"yes"}`,
	}
	for _, task := range gold.Tasks() {
		b, err := JSON([]*Report{NewReport(evaluate(t, task, lines[string(task)]))})
		if err != nil {
			t.Fatal(err)
		}
		var o map[string]any
		if err := json.Unmarshal(b, &o); err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		for _, k := range strings.Fields("task n accuracy macro_f1 average_recall per_class confusion intervals " + further[string(task)]) {
			if _, ok := o[k]; !ok {
				t.Errorf("%s: no key %q", task, k)
			}
		}
		if o["task"] != string(task) || o["n"] != 1.0 {
			t.Errorf("%s: task %v, n %v", task, o["task"], o["n"])
		}
	}
}

func TestBlindAgainstDirected(t *testing.T) {
	// The parrot answers 3. Seen blindly, 4 is the same.
	line := func(class int) string {
		return fmt.Sprintf(`{"text":"A b.","p":{"from":0,"to":1},"q":{"from":2,"to":3},"class":%d}`, class)
	}
	r := evaluate(t, gold.Stance, line(3), line(4), line(0), line(3))
	// Directed: 3 has 2·2/(4+2), 4 and 0 have nothing. Blind: against 2·3/(4+3), none nothing.
	if got := r.Value("macro_f1"); !near(got, (2./3)/3) {
		t.Errorf("macro F1 %v", got)
	}
	if got := r.Value("blind_macro_f1"); !near(got, (6./7)/2) {
		t.Errorf("blind %v", got)
	}
}

// The parrot blames b on behalf of a, in the second word.
func TestRelations(t *testing.T) {
	line := func(relation string) string { return `{"text":"A b. C","relations":[` + relation + `]}` }
	for relation, want := range map[string]struct {
		recall float64
		note   string
	}{
		`{"from":0,"to":4,"target":"b"}`:                                           {1, ""},
		`{"from":0,"to":4,"holder":"a","target":"b","polarity":-1,"act":"blame"}`:  {1, ""},
		`{"from":0,"to":4,"target":"b","act":"accuse"}`:                            {1, "expected somebody towards b accuse"},
		`{"from":5,"to":6,"target":"b"}`:                                           {0, "missed somebody towards b"},
		`{"from":0,"to":4,"target":"b","polarity":1}`:                              {0, "missed somebody in favor of b"},
		`{"from":0,"to":4,"holder":"b","target":"a","polarity":-1,"act":"accuse"}`: {0, "missed b against a accuse"},
		`{"from":0,"to":4,"holder":"c","target":"b"}`:                              {0, "missed c towards b"},
	} {
		r := evaluate(t, gold.Relations, line(relation))
		note := strings.Join(r.Observations[0].Notes[:min(1, len(r.Observations[0].Notes))], "")
		if got := r.Value("recall"); got != want.recall || note != want.note {
			t.Errorf("%s: recall %v, %q", relation, got, note)
		}
	}
	r := evaluate(t, gold.Relations, `{"id":"x","text":"A b. C","relations":[{"from":0,"to":4,"target":"b","act":"accuse"},{"from":0,"to":4,"target":"b","act":"blame"}],`+
		`"absent":[{"from":0,"to":4,"target":"b","polarity":1},{"from":0,"to":4,"target":"b","holder":"a"}]}`)
	for name, want := range map[string]float64{"recall": 1, "act_accuracy": .5, "absent_right": .5} {
		if got := r.Value(name); got != want {
			t.Errorf("%s %v, want %v", name, got, want)
		}
	}
	if o := &r.Observations[3]; o.Key != "x/4" || o.Good != 0 || o.Marked() != "[A b.] C" || o.Notes[0] != "must be absent: a towards b" {
		t.Errorf("%s %v %q %q", o.Key, o.Good, o.Marked(), o.Notes)
	}
}

func TestFormsDoNotMix(t *testing.T) {
	s := read(t, gold.Stance, `{"text":"A b.","p":{"from":0,"to":1},"q":{"from":2,"to":3},"class":3}`,
		`{"text":"A b.","source":[{"from":0,"to":1}],"target":[{"from":2,"to":3}],"quad":3}`)
	if _, err := Evaluate(gold.Stance, s, parrot{}, ""); err == nil {
		t.Error("a pair and an event were judged together")
	}
	if _, err := Evaluate(gold.Tone, read(t, gold.Tone, `{"text":"A.","targets":[]}`), parrot{}, ""); err == nil {
		t.Error("nothing was judged")
	}
}

// Articles are drawn whole: with one right and one wrong, a sample may hold
// either alone.
func TestIntervalsAreDrawnByArticle(t *testing.T) {
	var together, apart []string
	for i := range 20 {
		together = append(together, sentiment(fmt.Sprintf("a%d-%d", i/10, i), 1, i/10))
		apart = append(apart, sentiment(fmt.Sprintf("a%d-x", i), 1, i/10))
	}
	of := func(lines []string) Interval {
		r := evaluate(t, gold.Sentiment, lines...)
		for i, m := range r.Measures {
			if m.Name == "accuracy" {
				return r.Intervals()[i]
			}
		}
		return Interval{}
	}
	if got := of(together); got != (Interval{0, 1}) {
		t.Errorf("two articles: %v", got)
	}
	if got := of(apart); got.Low < .2 || got.Low > .4 || got.High < .6 || got.High > .8 {
		t.Errorf("twenty articles: %v", got)
	}
	if !reflect.DeepEqual(of(apart), of(apart)) {
		t.Error("two runs draw differently")
	}
}

func TestBaseline(t *testing.T) {
	var before, after []string
	for i := range 40 {
		answer := 1
		if i < 12 {
			answer = 0
		}
		before = append(before, sentiment(fmt.Sprintf("a%d-1", i), 1, 1))
		after = append(after, strings.Replace(before[i], `"answer":1`, fmt.Sprintf(`"answer":%d`, answer), 1))
	}
	old := evaluate(t, gold.Sentiment, before...)
	b, err := old.Store().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	stored, err := ParseBaseline(b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(stored, old.Store()) {
		t.Error("a baseline changes when it is stored")
	}
	c, err := old.Compare(stored)
	if err != nil || c.Significant() || len(c.Better)+len(c.Worse)+c.New+c.Gone+c.Relabelled > 0 || c.Shared != 40 || c.P != 1 {
		t.Errorf("a run beside itself: %v %+v", err, c)
	}
	var lines []string
	for i := range 40 {
		lines = append(lines, sentiment(fmt.Sprintf("b%d-1", i), i%3-1, i%2))
	}
	long := evaluate(t, gold.Sentiment, lines...)
	for i := range long.Observations {
		long.Observations[i].Score = float64(i%7) / 9
	}
	if c, err := long.Compare(long.Store()); err != nil || c.Difference != (Interval{}) || c.Before != c.After {
		t.Errorf("a run with long decimals beside itself: %v %+v", err, c)
	}
	// The answers come from the gold lines here, so the hashes must be those of before.
	now := evaluate(t, gold.Sentiment, after...)
	for i := range now.Observations {
		now.Observations[i].Sample.Raw = before[i]
	}
	c, err = now.Compare(stored)
	if err != nil || !c.Significant() || len(c.Worse) != 12 || len(c.Better) != 0 || !near(c.P, 2/4096.) || c.Worse[0].Before != "1" {
		t.Errorf("worse: %v %+v", err, c)
	}
	now.Observations[0].Sample.Raw = "labelled anew"
	now.Observations[1].Key = "new"
	c, err = now.Compare(stored)
	if err != nil || c.Relabelled != 1 || c.New != 1 || c.Gone != 1 || c.Shared != 38 {
		t.Errorf("changed gold: %v %+v", err, c)
	}
	if _, err := evaluate(t, gold.Parties, `{"text":"A.","mentions":[]}`).Compare(stored); err == nil {
		t.Error("runs of two tasks were compared")
	}
	for _, bad := range []string{"", "{}", `{"version":1,"task":"tone","items":[],"more":1}`, strings.Replace(string(b), `"version":1`, `"version":2`, 1)} {
		if _, err := ParseBaseline([]byte(bad)); err == nil {
			t.Errorf("%.40q was read", bad)
		}
	}
}

func TestBaselineOfSpans(t *testing.T) {
	line := `{"id":"a-1","text":"A.","mentions":[{"from":0,"to":1,"party":"a"}]}`
	r := evaluate(t, gold.Parties, line, line, line, line)
	if r.Observations[1].Key != "a-1#2" {
		t.Errorf("key %q", r.Observations[1].Key)
	}
	b, _ := r.Store().Marshal()
	stored, err := ParseBaseline(b)
	if err != nil {
		t.Fatal(err)
	}
	r.Observations[0].Counts.Right = 0
	r.finish()
	c, err := r.Compare(stored)
	if err != nil || len(c.Worse) != 1 || c.Before != 1 || c.After != .75 || c.Significant() {
		t.Errorf("%v %+v", err, c)
	}
}

func TestCodedRows(t *testing.T) {
	r := evaluate(t, gold.Coded, `{"id":"1","text":"A.","rule":"a","weight":3,"coder_1":"yes","coder_2":"yes"}`,
		`{"id":"2","text":"A.","rule":"a","coder_1":"no","coder_2":"yes"}`, `{"id":"3","text":"A.","rule":"b","coder_1":"no","coder_2":""}`,
		`{"id":"4","text":"A.","rule":"b","coder_1":"","coder_2":""}`)
	// Weighted: (3 + .5 + 0)/5. As coded: 1.5/3. Agreement: yes yes, no yes.
	for name, want := range map[string]float64{"precision": .7, "precision_coded": .5, "alpha": 1 - 3*2./6} {
		if got := r.Value(name); !near(got, want) {
			t.Errorf("%s %v, want %v", name, got, want)
		}
	}
	if len(r.Skipped) != 1 || r.Precision() != Wilson(1.5, 3) {
		t.Errorf("%v %v", r.Skipped, r.Precision())
	}
}

func TestSlicesAndErrors(t *testing.T) {
	rep := NewReport(evaluate(t, gold.Sentiment, sentiment("a-1", 1, 1), sentiment("a-2", 1, -1), sentiment("b-1", -1, -1), sentiment("b-2", 1, 0)))
	if !rep.SliceBy("outlet") || !reflect.DeepEqual(rep.Slices[0].Names, []string{"o1", "o-1"}) || len(rep.Slices[0].Parts[0].Observations) != 3 {
		t.Errorf("%+v", rep.Slices)
	}
	if !rep.SliceBy("length") || !rep.SliceBy("answer") || !rep.SliceBy("section") || rep.SliceBy("nothing") {
		t.Error("slices by other fields")
	}
	rep.FindWorst(5)
	if len(rep.Worst) != 2 || rep.Worst[0].Key != "a-2" {
		t.Errorf("%+v", rep.Worst)
	}
	o := Observation{Sample: &gold.Sample{Text: "Ann met Bob."}, Spans: []model.Span{{Start: 8, End: 11}, {Start: 0, End: 3}}}
	if got := o.Marked(); got != "[Ann] met [Bob]." {
		t.Error(got)
	}
}
