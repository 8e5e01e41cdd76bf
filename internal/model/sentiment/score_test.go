package sentiment

import (
	"math"
	"strings"
	"testing"

	"stance/data"
	"stance/internal/model"
	"stance/internal/model/party"
	"stance/internal/model/rules"
	"stance/internal/model/text"
	"stance/internal/trace"
)

// compile compiles the embedded packs with the words of the weights.
func compile(t testing.TB) *rules.Program {
	t.Helper()
	c := rules.Config{Words: Words(data.Model("sentiment.tsv"))}
	for _, f := range data.Packs() {
		c.Packs = append(c.Packs, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	for _, f := range data.Lexicons() {
		c.Lexicons = append(c.Lexicons, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	p, l := rules.Compile(c)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

// bench scores single texts.
type bench struct {
	s        *Scorer
	article  model.Article
	layers   model.Layers
	mentions []model.Mention
	reader   *text.Reader
	finder   *party.Finder
	scratch  Scratch
}

func newBench(p *rules.Program, s *Scorer) *bench {
	return &bench{s: s, reader: text.NewReader(p.Vocabulary), finder: party.NewFinder(p)}
}

func (b *bench) read(s string) {
	b.article = model.Article{Text: s}
	b.reader.Read(&b.article, &b.layers)
	b.mentions = b.finder.Find(&b.article, &b.layers, b.mentions[:0], nil)
}

func (b *bench) score(s string, tr *trace.Recorder) model.Sentiment {
	b.read(s)
	return b.s.Score(&b.article, &b.layers, b.mentions, 0, &b.scratch, tr)
}

func newsScorer(t testing.TB) *bench {
	t.Helper()
	p := compile(t)
	s, err := NewScorer(p, data.Model("sentiment.tsv"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return newBench(p, s)
}

func TestScore(t *testing.T) {
	b := newsScorer(t)
	for _, group := range []struct {
		name  string
		label int8
		texts []string
	}{
		{"plain", 1, []string{
			"The rescue was a brilliant success.",
			"Residents praised the generous and courageous volunteers.",
			"It was a wonderful and inspiring performance.",
		}},
		{"plain", -1, []string{
			"The attack was brutal and shameful.",
			"Corruption and fraud have ruined the company.",
			"The policy was a disastrous failure.",
		}},
		{"neutral", 0, []string{
			"The committee meets on Tuesday at 10 a.m.",
			"The report has 48 pages and three tables.",
			"The minister arrived in the capital on Monday.",
			"Parliament will vote on the second reading next week.",
			"The company is based in Ohio and employs 300 people.",
			"He was born in 1952 and studied law.",
		}},
		{"negation", -1, []string{
			"It was neither fair nor honest.",
			"The system does not work and cannot be trusted.",
			"There is no hope of a recovery.",
		}},
		{"reversal", -1, []string{
			"The lack of progress is shameful.",
		}},
	} {
		for _, s := range group.texts {
			if got := b.score(s, nil); got.Label != group.label {
				t.Errorf("%s: %q has label %d (score %.2f), want %d", group.name, s, got.Label, got.Score, group.label)
			}
		}
	}
}

// TestOrder holds what operators do by comparing pairs of sentences: the first
// must score higher.
func TestOrder(t *testing.T) {
	b := newsScorer(t)
	for _, c := range []struct{ what, higher, lower string }{
		{"negation", "The deal is good.", "The deal is not good."},
		{"negation", "It was never a failure.", "It was a failure."},
		{"negation n't", "The plan works and it is good.", "The plan works but it isn't good."},
		{"negation: without", "They left without violence.", "They left with violence."},
		{"negation ends at but", "It was not fast but it was excellent.", "It was not excellent."},
		{"pseudo negation", "It was not only excellent.", "It was not excellent."},
		{"degree", "The show was very beautiful.", "The show was slightly beautiful."},
		{"contrast", "The work was awful but the result is excellent.", "The work was excellent but the result is awful."},
		{"reversal noun", "They called for an end to the violence.", "They called for the violence."},
		{"reversal: lack", "There was peace in the town.", "There was a lack of peace in the town."},
		{"question", "This is a success.", "Is this a success?"},
	} {
		hi, lo := b.score(c.higher, nil).Score, b.score(c.lower, nil).Score
		if !(hi > lo) {
			t.Errorf("%s: %q has %.3f, %q has %.3f; want the first above", c.what, c.higher, hi, c.lower, lo)
		}
	}
}

// TestNamesSayNothing holds that a sentence has one score whichever party it is
// about.
func TestNamesSayNothing(t *testing.T) {
	b := newsScorer(t)
	names := []string{"Israel", "Hamas", "Russia", "Ukraine", "China", "the United States", "the European Union", "Iran", "Republicans", "Democrats"}
	for _, s := range []string{
		"Yesterday % attacked the town and killed three people.",
		"The agreement with % is a great success.",
		"Critics say % has not kept the promise.",
		"The talks between % and the mediators go on.",
		"Without any doubt % was right, but the others failed.",
	} {
		want, first := model.Sentiment{}, ""
		for _, n := range names {
			text := strings.Replace(s, "%", n, 1)
			got := b.score(text, nil)
			if len(b.mentions) == 0 {
				t.Errorf("%q: no mention of %s", text, n)
				continue
			}
			if first == "" {
				want, first = got, n
			} else if got != want {
				t.Errorf("%q has %+v, with %s instead %+v", text, got, first, want)
			}
		}
	}
}

// TestNamesOfWords holds that a lexicon word within a capitalised name is no
// lexicon word, and that a headline in capitals still has them.
func TestNamesOfWords(t *testing.T) {
	b := newsScorer(t)
	for text, cues := range map[string]int32{
		"He lives on Hope Street.":               0,
		"She works for Best Buy in Ohio.":        0,
		"He lives in hope of a street.":          1,
		"Brutal Attack Kills Dozens, Hope Fades": 5,
	} {
		if got := b.score(text, nil); got.Cues != cues {
			t.Errorf("%q has %d lexicon words, want %d", text, got.Cues, cues)
		}
	}
}

// TestWeightsRoundTrip holds that a table survives reading and writing.
func TestWeightsRoundTrip(t *testing.T) {
	table := data.Model("sentiment.tsv")
	list, err := ParseWeights(table)
	if err != nil {
		t.Fatal(err)
	}
	var comments []string
	for _, row := range strings.Split(string(table), "\n") {
		if c, ok := strings.CutPrefix(row, "# "); ok {
			comments = append(comments, c)
		}
	}
	if again := FormatWeights(comments, list); string(again) != string(table) {
		t.Error("data/model/sentiment.tsv changes when it is read and written")
	}
}

func TestWeightsErrors(t *testing.T) {
	const header = "kind\tfeature\tweight\tsupport\n"
	for table, want := range map[string]string{
		"kind\tfeature\n":                    "line 1: expected the header",
		header + "verb\tx\t1\t1\n":           "line 2: kind \"verb\"; expected one of param, dense, class, entry, word",
		header + "word\tx\t1\n":              "line 2: expected kind, feature, weight, support",
		header + "# note\nword\tx\tNaN\t1\n": "line 3: weight \"NaN\"; expected a number",
		header + "word\tx\t1\t-1\n":          "line 2: support \"-1\"; expected a whole number",
		header + "param\thigh\t1\t1\n":       "line 2: param \"high\"; expected neutral-low, neutral-high or scale",
	} {
		if _, err := ParseWeights([]byte(table)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", table, err, want)
		}
	}
}

// TestWithoutWeights holds that the priors of the lexicon alone make a scorer.
func TestWithoutWeights(t *testing.T) {
	p := compile(t)
	s, err := NewScorer(p, nil, Options{Vader: true})
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(p, s)
	for text, label := range map[string]int8{
		"It was a wonderful success.":              1,
		"The brutal attack was a terrible crime.":  -1,
		"The train leaves the station at nine.":    0,
		"There was no success and no celebration.": -1,
	} {
		got := b.score(text, nil)
		if got.Label != label {
			t.Errorf("%q has label %d (score %.2f), want %d", text, got.Label, got.Score, label)
		}
		if !got.HasVader || got.HasBayes {
			t.Errorf("%q: vader %v, bayes %v; want vader alone", text, got.HasVader, got.HasBayes)
		}
	}
}

func TestTraceAddsUp(t *testing.T) {
	b := newsScorer(t)
	for _, s := range []string{
		"The brutal attack was not a success, but the rescue workers were very brave and saved hundreds of lives.",
		"Critics call the plan a costly mistake; supporters hope it will end the violence.",
		"Nobody came.",
	} {
		tr := &trace.Recorder{}
		got := b.score(s, tr)
		if again := b.score(s, nil); again != got {
			t.Errorf("%q: %+v with a recorder, %+v without", s, got, again)
		}
		events := tr.Select("sentiment", 0)
		sum := 0.0
		for i := range bias + positive {
			if i != balance && i != density {
				sum += b.scratch.dense[i] * b.s.dense[i]
			}
		}
		for _, e := range events[:len(events)-1] {
			sum += e.Value
			if e.Span.Len() == 0 || !strings.Contains(e.Rule, ":") {
				t.Errorf("%q: event %+v without a span or rule", s, e)
			}
		}
		if want := math.Tanh(sum * b.s.scale); math.Abs(want-float64(got.Score)) > 1e-6 {
			t.Errorf("%q: the parts make %.5f, the score is %.5f", s, want, got.Score)
		}
	}
}
