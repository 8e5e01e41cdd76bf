package fit

import (
	"context"
	"fmt"

	"stance/internal/analysis"
	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/stance"
)

// What weights are of, as the first line of their file says.
const (
	OfTone   = "tone of a sentence towards a party"
	OfStance = "directed stance of a holder towards a target"
	OfEvents = "what a source does to a target"
)

// TargetExample is a text with somebody in it and what the text expresses
// towards them.
type TargetExample struct {
	Article string // what stays together in cross-validation
	Text    string
	Target  analysis.Target
	Label   int // -1, 0, 1
}

// PairExample is a text with two actors and what the first expresses towards
// the second, or does to them: -1 against or conflict, 0, 1 favor or
// cooperation. Back is the other direction; HasBack tells that it is known.
type PairExample struct {
	Article string
	Text    string
	Holder  analysis.Target
	Target  analysis.Target
	Label   int
	Back    int
	HasBack bool
	Set     int // index of its sample in LinearOptions.Sources
}

// LinearReport says how a log-linear model does in cross-validation.
type LinearReport struct {
	Examples, Features int
	Lambda, Balance    float64
	MacroF1            float64   // of three classes, by article
	Calibration        float64   // expected calibration error
	FiveF1             float64   // of none, and favor and against in both directions; 0 without
	BlindF1            float64   // of none, favor and against, whoever holds it; 0 without
	SetF1              []float64 // macro-F1 within each sample, over the classes that it has; nil for a single one
}

// LinearOptions steer a fit. Zero values take the defaults.
type LinearOptions struct {
	Folds      int       // 5
	MinSupport int       // 4: examples that a feature must occur in
	MaxRows    int       // 8000: features that the file holds
	Lambdas    []float64 // penalties tried; more for larger samples, which have more features
	Balances   []float64 // exponents of the class weights tried
	Sources    []string  // names of the samples, for the file's comments
	Company    *Company  // texts without labels that tell which words are alike; nil for none
}

func (o *LinearOptions) fill(examples int) {
	if o.Folds == 0 {
		o.Folds = 5
	}
	if o.MinSupport == 0 {
		o.MinSupport = 4
	}
	if o.MaxRows == 0 {
		o.MaxRows = 8000
	}
	if len(o.Lambdas) == 0 {
		if o.Lambdas = []float64{1, 2, 4}; examples > 4000 {
			o.Lambdas = []float64{25, 40, 60}
		}
	}
	if len(o.Balances) == 0 {
		o.Balances = []float64{0.5}
	}
}

// Tone fits the model of tone and returns its weight file. The analyzer must
// know the words of the examples.
func Tone(ctx context.Context, a *analysis.Analyzer, examples []TargetExample, opts LinearOptions) ([]byte, LinearReport, error) {
	opts.fill(len(examples))
	w := a.NewWorker()
	space := a.ToneSpace()
	var l loglinear
	var r model.Result
	for i := range examples {
		e := &examples[i]
		if err := ctx.Err(); err != nil {
			return nil, LinearReport{}, context.Cause(ctx)
		}
		w.AnalyzeTargets(&model.Article{ID: "fit", Text: e.Text, Lang: "en"}, []analysis.Target{e.Target}, &r, nil)
		for t := range r.Tones {
			if r.Mentions[r.Tones[t].Mention].ID == analysis.TargetID(0) {
				l.add(e.Article, e.Label+1, space, w.ToneFeatures(t))
				break
			}
		}
	}
	return l.fit(ctx, OfTone, opts, []string{"before", "after", "near"}, nil)
}

// Stance fits the model of directed stance and returns its weight file. The
// analyzer must know the words of the examples.
func Stance(ctx context.Context, a *analysis.Analyzer, examples []PairExample, opts LinearOptions) ([]byte, LinearReport, error) {
	opts.fill(len(examples))
	w := a.NewWorker()
	space := a.PairSpace()
	var l loglinear
	var r model.Result
	var five []fiveRow
	for i := range examples {
		e := &examples[i]
		if err := ctx.Err(); err != nil {
			return nil, LinearReport{}, context.Cause(ctx)
		}
		w.AnalyzeTargets(&model.Article{ID: "fit", Text: e.Text, Lang: "en"}, []analysis.Target{e.Holder, e.Target}, &r, nil)
		h, t := r.FirstMention(analysis.TargetID(0)), r.FirstMention(analysis.TargetID(1))
		if h < 0 || t < 0 {
			continue
		}
		l.add(e.Article, e.Label+1, space, w.PairFeatures(h, t))
		l.rows[len(l.rows)-1].set = e.Set
		if e.HasBack {
			five = append(five, fiveRow{len(l.rows) - 1, len(l.rows), r.Mentions[h].First < r.Mentions[t].First})
			l.add(e.Article, e.Back+1, space, w.PairFeatures(t, h))
		}
	}
	what := OfStance
	if len(five) == 0 {
		what = OfEvents
	}
	return l.fit(ctx, what, opts, nil, five)
}

// fiveRow names the rows of the two directions of one pair. inOrder tells that
// its first stands first in the text.
type fiveRow struct {
	forth, back int
	inOrder     bool
}

// fit chooses penalty and balance by cross-validation and fits on all rows.
// Words at the named places share weight with words of like company.
func (l *loglinear) fit(ctx context.Context, what string, opts LinearOptions, places []string, five []fiveRow) ([]byte, LinearReport, error) {
	if len(l.rows) == 0 {
		return nil, LinearReport{}, fmt.Errorf("no example to fit on")
	}
	if opts.Company != nil && len(places) > 0 {
		l.prune(1)
		l.smoothOver(opts.Company.vectors(), places, opts.MinSupport)
	} else {
		l.prune(opts.MinSupport)
	}
	folds := l.folds(opts.Folds)
	best := LinearReport{Examples: len(l.rows), Features: len(l.names)}
	found := -1.0
	for _, lambda := range opts.Lambdas {
		for _, balance := range opts.Balances {
			p, err := l.validate(ctx, folds, opts.Folds, lambda, balance, opts.MaxRows)
			if err != nil {
				return nil, best, err
			}
			r := LinearReport{Examples: len(l.rows), Features: len(l.names), Lambda: lambda, Balance: balance,
				MacroF1: macroF1(p, l.rows), Calibration: calibrationError(p, l.rows)}
			if len(opts.Sources) > 1 && len(places) == 0 {
				for set := range opts.Sources {
					r.SetF1 = append(r.SetF1, macroF1(within(p, l.rows, set)))
				}
			}
			aim := r.MacroF1
			if len(five) > 0 {
				r.FiveF1, r.BlindF1 = fiveF1(p, l.rows, five)
				aim = r.FiveF1 + r.BlindF1
			}
			if aim > found {
				found, best = aim, r
			}
		}
	}
	w, err := l.learn(ctx, func(int) bool { return true }, best.Lambda, best.Balance, opts.MaxRows)
	if err != nil {
		return nil, best, err
	}
	comments := []string{"Learned weights of the log-linear model: " + what + ".",
		fmt.Sprintf("%d examples, penalty %g, class balance %g; %d-fold cross-validation by article: macro-F1 %.4f, expected calibration error %.4f.",
			best.Examples, best.Lambda, best.Balance, opts.Folds, best.MacroF1, best.Calibration)}
	if len(five) > 0 {
		comments = append(comments, fmt.Sprintf("Five classes (none, favor and against in either direction): macro-F1 %.4f; whoever holds it: %.4f.", best.FiveF1, best.BlindF1))
	}
	for i, s := range opts.Sources {
		line := "Learned from " + s
		if i < len(best.SetF1) {
			line += fmt.Sprintf(", cross-validated macro-F1 %.4f", best.SetF1[i])
		}
		comments = append(comments, line+".")
	}
	return l.format(comments, w), best, nil
}

// within returns the rows of one sample, with their probabilities.
func within(p [][classes]float64, rows []observation, set int) (q [][classes]float64, of []observation) {
	for i := range rows {
		if rows[i].set == set {
			q, of = append(q, p[i]), append(of, rows[i])
		}
	}
	return q, of
}

// fiveF1 judges both directions of each pair together.
func fiveF1(p [][classes]float64, rows []observation, five []fiveRow) (f1, blind float64) {
	var table [5][5]int
	var three [3][3]int
	toThree := [5]int{1, 2, 2, 0, 0}
	for _, f := range five {
		gold := 0
		switch {
		case rows[f.forth].label == 2:
			gold = 1
		case rows[f.back].label == 2:
			gold = 2
		case rows[f.forth].label == 0:
			gold = 3
		case rows[f.back].label == 0:
			gold = 4
		}
		got, _ := stance.Class(p[f.forth], p[f.back], f.inOrder)
		table[gold][got]++
		three[toThree[gold]][toThree[got]]++
	}
	sum := 0.0
	for c := range table {
		tp, wrong := table[c][c], 0
		for o := range table {
			if o != c {
				wrong += table[c][o] + table[o][c]
			}
		}
		if tp > 0 {
			sum += 2 * float64(tp) / float64(2*tp+wrong)
		}
	}
	return sum / 5, tableF1(three[:])
}

// Words returns the folded forms of the words that at least least texts have
// in lower case, sorted: what a fit asks the vocabulary for.
func Words(ctx context.Context, p *rules.Program, texts []string, least int) ([]string, error) {
	set := Set{Examples: make([]Example, len(texts))}
	for i, t := range texts {
		set.Examples[i].Text = t
	}
	return commonWords(ctx, p, []Set{set}, least)
}
