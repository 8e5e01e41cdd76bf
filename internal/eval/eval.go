// Package eval judges predictions against labelled samples: metrics with
// intervals, slices, the worst errors, and the comparison with a stored run
// that holds a change to the results of the one before.
//
// It knows no stage: a Predictor gives it what the analysis finds.
package eval

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"stance/internal/io/gold"
	"stance/internal/model"
)

// Predictor answers for labelled texts, one method per way of labelling. Its
// answers are valid until the next call.
type Predictor interface {
	// Segment returns the spans of the sentences.
	Segment(s *gold.Sample) []model.Span
	// Sentiment scores the whole text; the class is -1, 0 or 1.
	Sentiment(s *gold.Sample, scorer Scorer) Judgement
	// Tone answers for each target, in order; the class is -1, 0 or 1.
	Tone(s *gold.Sample) []Judgement
	// Pair answers for the pair of spans; the class is 0 to 4 as in the gold.
	Pair(s *gold.Sample) Judgement
	// Event answers for source and target; the class is one of EventClass.
	Event(s *gold.Sample) Judgement
	// Attribute returns the attributions found.
	Attribute(s *gold.Sample) []Attribution
	// Parties returns the mentions of parties and persons that names and
	// roles make; Party is "" where the analysis names none.
	Parties(s *gold.Sample) []gold.Mention
	// Relations returns the stances found; the span of each is its cue.
	Relations(s *gold.Sample) []gold.Relation
}

// Scorer is one of the scorers of sentence sentiment.
type Scorer string

const (
	News  Scorer = "news"
	Bayes Scorer = "bayes"
	Vader Scorer = "vader"
)

// Scorers lists them, the default first.
func Scorers() []Scorer { return []Scorer{News, Bayes, Vader} }

// Judgement is the answer for one text, target or pair.
type Judgement struct {
	Class    int       // in the numbers of the gold
	P        []float64 // probability of each class, in the order of the task's classes; nil without
	Score    float64   // signed strength behind the class
	Features []string  // what decided, strongest first
	Section  string    // of the sentence judged; "" when that means nothing
	Quoted   string    // none, part or all; "" when that means nothing
}

// Classes of the event form of the stance task.
const (
	Neutral = iota
	Cooperation
	Conflict
)

// Attribution is words found to be somebody's.
type Attribution struct {
	Content, Source model.Span   // Source is empty when unknown
	Further         []model.Span // more pieces of the content, where the narrator interrupts it
}

// Observation is one judged text, target, pair or relation: the unit of every figure.
type Observation struct {
	Key    string // the sample's id, with /2, /3 … for further targets and relations and #2 … for an id that comes again
	Sample *gold.Sample
	Spans  []model.Span // what was asked about; nil for the whole text
	Party  string       // for slices: the text of the target, or its id
	Judgement
	Gold   int      // class index; -1 in tasks that count spans
	Answer int      // predicted class index; -1 in tasks that count spans
	Counts Counts   // of tasks that count spans
	Good   float64  // 1 for the right class; F1 of the spans in this text
	Notes  []string // what was missed or wrong, in words
}

// Counts are what span tasks sum up.
type Counts struct {
	Gold, Predicted, Found float64 // sentence ends, attributions, mentions or relations
	Right                  float64 // attributions with the right source; mentions with the right party or rightly none; relations found with the right act
	Judged                 float64 // mentions whose party is judged; rows that coded ones stand for; relations found whose act is judged
	Direct, DirectRight    float64 // found direct quotations, and those with the right speaker; relations that must be absent, and those that are
	Exact                  float64 // 1 when the text is without error
}

// Run is the outcome of one task over its samples.
type Run struct {
	Task         gold.Task
	Form         string   // pair or event, for stance
	Scorer       Scorer   // for sentiment
	Classes      []string // nil in tasks that count spans
	Observations []Observation
	Skipped      []Skipped
	Measures     []Measure // the first is the one that the gate compares
	Rated        bool      // every text has a rating
}

// Skipped is how many samples could not be judged, and why.
type Skipped struct {
	Why string
	N   int
}

// Evaluate predicts every sample and compares. It fails when the samples mix
// the two forms of the stance task or none can be judged.
func Evaluate(task gold.Task, samples []gold.Sample, p Predictor, scorer Scorer) (*Run, error) {
	r := &Run{Task: task}
	if task == gold.Sentiment {
		r.Scorer, r.Rated = scorer, true
	}
	seen := make(map[string]int)
	for i := range samples {
		s := &samples[i]
		if s.Skip != "" {
			r.skip(s.Skip)
			continue
		}
		key := s.ID
		if seen[s.ID]++; seen[s.ID] > 1 {
			key += "#" + strconv.Itoa(seen[s.ID])
		}
		if err := r.judge(key, s, p); err != nil {
			return nil, err
		}
	}
	if len(r.Observations) == 0 {
		return nil, fmt.Errorf("no sample can be judged")
	}
	r.finish()
	return r, nil
}

func (r *Run) skip(why string) {
	for i := range r.Skipped {
		if r.Skipped[i].Why == why {
			r.Skipped[i].N++
			return
		}
	}
	r.Skipped = append(r.Skipped, Skipped{why, 1})
}

// finish sets what hangs on the whole run.
func (r *Run) finish() {
	r.Measures = r.measures()
	for i := range r.Observations {
		r.Observations[i].Good = r.good(&r.Observations[i])
	}
}

var (
	signClasses  = []string{"-1", "0", "1"}
	pairClasses  = []string{"0", "1", "2", "3", "4"}
	eventClasses = []string{"neutral", "cooperation", "conflict"}
	quadClass    = [...]int{Neutral, Cooperation, Cooperation, Conflict, Conflict}
)

func (r *Run) judge(key string, s *gold.Sample, p Predictor) error {
	class := func(key string, j Judgement, gold, answer int, spans ...model.Span) {
		o := Observation{Key: key, Sample: s, Spans: spans, Judgement: j, Gold: gold, Answer: answer}
		if len(spans) > 0 {
			o.Party = spans[len(spans)-1].In(s.Text)
		}
		r.Observations = append(r.Observations, o)
	}
	count := func(c Counts, notes []string) {
		r.Observations = append(r.Observations, Observation{Key: key, Sample: s, Gold: -1, Answer: -1, Counts: c, Notes: notes})
	}
	switch r.Task {
	case gold.Segmentation:
		count(compareSentences(s, p.Segment(s)))
	case gold.Sentiment:
		r.Classes = signClasses
		r.Rated = r.Rated && s.HasRating
		j := p.Sentiment(s, r.Scorer)
		class(key, j, int(s.Label)+1, j.Class+1)
	case gold.Tone:
		r.Classes = signClasses
		for i, j := range p.Tone(s) {
			class(nth(key, i), j, int(s.Targets[i].Label)+1, j.Class+1, s.Targets[i].Span)
		}
	case gold.Stance:
		form := "pair"
		if s.Event != nil {
			form = "event"
		}
		if r.Form != "" && r.Form != form {
			return fmt.Errorf("%s: the sample is labelled as %s and those before it as %s; evaluate one form at a time", s.Pos, form, r.Form)
		}
		if r.Form = form; form == "pair" {
			r.Classes = pairClasses
			j := p.Pair(s)
			class(key, j, s.Pair.Class, j.Class, s.Pair.P, s.Pair.Q)
		} else {
			r.Classes = eventClasses
			j := p.Event(s)
			class(key, j, quadClass[s.Event.Quad], j.Class, s.Event.Source[0], s.Event.Target[0])
		}
	case gold.Attribution:
		count(compareAttributions(s, p.Attribute(s)))
	case gold.Parties:
		count(compareMentions(s, p.Parties(s)))
	case gold.Relations:
		found := p.Relations(s)
		for i := range s.Relations {
			want := &s.Relations[i]
			c, notes := compareRelation(want, found)
			r.Observations = append(r.Observations, Observation{Key: nth(key, i), Sample: s, Spans: []model.Span{want.Span}, Party: want.Target, Gold: -1, Answer: -1, Counts: c, Notes: notes})
		}
	case gold.Coded:
		count(countCodes(s), nil)
	default:
		return fmt.Errorf("unknown task %q", r.Task)
	}
	return nil
}

// nth is the key of the i-th, from 0, of what one sample asks about.
func nth(key string, i int) string {
	if i == 0 {
		return key
	}
	return key + "/" + strconv.Itoa(i+1)
}

func (r *Run) good(o *Observation) float64 {
	switch {
	case r.Classes != nil:
		if o.Gold == o.Answer {
			return 1
		}
		return 0
	case r.Task == gold.Segmentation:
		return o.Counts.Exact
	case r.Task == gold.Attribution:
		return o.Counts.sourceF1(1)
	case r.Task == gold.Coded:
		return o.Counts.Found
	case r.Task == gold.Relations:
		return o.Counts.Found + o.Counts.DirectRight
	default:
		if o.Counts.Judged == 0 {
			return o.Counts.foundF1(1)
		}
		return o.Counts.Right / o.Counts.Judged
	}
}

// foundF1 and sourceF1 return empty where there was nothing to find and
// nothing was found.
func (c *Counts) foundF1(empty float64) float64 { return f1(c.Found, c.Predicted, c.Gold, empty) }

func (c *Counts) sourceF1(empty float64) float64 { return f1(c.Right, c.Predicted, c.Gold, empty) }

// f1 is the harmonic mean of found/predicted and found/gold.
func f1(found, predicted, gold, empty float64) float64 {
	if predicted+gold == 0 {
		return empty
	}
	return 2 * found / (predicted + gold)
}

// SliceValue returns the part of a slice that the observation falls into:
// outlet, section, quoted, party, length, or any other field of the gold. A
// gold field named section, quoted or party outranks what was found.
func (o *Observation) SliceValue(by string) string {
	v := ""
	switch by {
	case "outlet":
		v = o.Sample.Outlet
	case "section":
		v = firstOf(o.Sample.Field(by), o.Section)
	case "quoted":
		v = firstOf(o.Sample.Field(by), o.Quoted)
	case "party":
		v = firstOf(o.Sample.Field(by), o.Party)
	case "length":
		switch n := len(strings.Fields(o.Sample.Text)); {
		case n <= 10:
			v = "1-10 words"
		case n <= 20:
			v = "11-20 words"
		case n <= 40:
			v = "21-40 words"
		default:
			v = "over 40 words"
		}
	default:
		v = o.Sample.Field(by)
	}
	return firstOf(v, "-")
}

func firstOf(s ...string) string {
	for _, x := range s {
		if x != "" {
			return x
		}
	}
	return ""
}

// Value returns the measure of that name over the whole run, NaN where it is
// not defined.
func (r *Run) Value(name string) float64 {
	for _, m := range r.Measures {
		if m.Name == name {
			return m.of(r.whole())
		}
	}
	return math.NaN()
}

// whole are the weights that count every observation once.
func (r *Run) whole() []int32 {
	w := make([]int32, len(r.Observations))
	for i := range w {
		w[i] = 1
	}
	return w
}
