package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/fit"
	"stance/internal/io/gold"
	"stance/internal/model"
	"stance/internal/model/rules"
)

type fitOptions struct {
	gold, auxiliary []string
	out             string
	folds           int
	packs           []string
	noEmbedded      bool
}

func fitCommand(std streams) *cli.Command {
	flags := append([]cli.Flag{
		&cli.StringSliceFlag{Name: "gold", Usage: "`FILE` of labelled texts, JSON Lines as for eval (repeatable, required)"},
		&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "`FILE` of weights to write (required)"},
		&cli.IntFlag{Name: "folds", Value: 5, Usage: "cross-validate by article with `N` folds"},
	}, packFlags()...)
	sub := func(name, usage string, more []cli.Flag, run func(context.Context, fitOptions, streams) error) *cli.Command {
		return &cli.Command{Name: name, Usage: usage, Flags: append(more, flags...), Action: func(c *cli.Context) error {
			o := fitOptions{gold: c.StringSlice("gold"), out: c.String("out"), folds: c.Int("folds"), packs: c.StringSlice("pack"), noEmbedded: c.Bool("no-embedded")}
			if more != nil {
				o.auxiliary = c.StringSlice("auxiliary")
			}
			switch {
			case c.NArg() > 0:
				return fail(exitUsage, "fit %s takes no arguments; samples are given with --gold", name)
			case len(o.gold) == 0 || o.out == "":
				return fail(exitUsage, "fit %s needs --gold FILE and -o FILE; see 'stance fit %s --help'", name, name)
			case o.folds < 2:
				return fail(exitUsage, "--folds %d is below 2", o.folds)
			}
			return run(c.Context, o, std)
		}}
	}
	return &cli.Command{
		Name:  "fit",
		Usage: "learn the weights of sentiment, tone or directed stance from labelled samples",
		Subcommands: []*cli.Command{
			sub("sentiment", "learn the weights of the news scorer from rated sentences", []cli.Flag{
				&cli.StringSliceFlag{Name: "auxiliary", Usage: "`FILE` of labelled targets that helps to learn words but is not tested on (repeatable)"},
			}, runFitSentiment),
			sub("tone", "learn the weights of tone from texts with labelled targets", nil, runFitTone),
			sub("stance", "learn the weights of directed stance from labelled pairs", nil, runFitStance),
		},
	}
}

// readGold reads the samples of several files, with what stays together in
// cross-validation as their articles; it fails with all mistakes of all files.
func readGold(paths []string, task gold.Task, folds int, std streams) ([]gold.Sample, error) {
	var all []gold.Sample
	var mistakes diag.List
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			return nil, fail(inputCode(err), "%w", err)
		}
		s, isCoded, l := readCoded(p, b)
		if task != gold.Stance || !isCoded {
			s, l = gold.Read(p, b, task)
		}
		together(s, folds)
		all, mistakes = append(all, s...), append(mistakes, l...)
	}
	return all, labelMistakes(mistakes, std)
}

// together sets what the samples of one file belong to in cross-validation:
// the article that the gold names, the id up to its second number
// ("outlet_12_345_6" is of the article outlet_12_345), or the text itself
// where that gives too few.
func together(samples []gold.Sample, folds int) {
	seen := map[string]bool{}
	for i := range samples {
		s := &samples[i]
		if s.Field("article") == "" {
			s.Article = toSecondNumber(s.ID, s.Article)
		}
		seen[s.Article] = true
	}
	if len(seen) < 4*folds {
		for i := range samples {
			samples[i].Article = samples[i].Text
		}
	}
}

func toSecondNumber(id, fallback string) string {
	parts := strings.Split(id, "_")
	numbers := 0
	for i, p := range parts {
		if p != "" && strings.Trim(p, "0123456789") == "" {
			if numbers++; numbers == 2 && i+1 < len(parts) {
				return strings.Join(parts[:i+1], "_")
			}
		}
	}
	return fallback
}

// names lists the samples for the comments of a weight file.
func names(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = filepath.Base(filepath.Dir(p)) + "/" + filepath.Base(p)
	}
	return out
}

// configFor returns the embedded configuration with the words of the texts
// added to the vocabulary.
func configFor(ctx context.Context, o fitOptions, texts []string) (*analysis.Analyzer, error) {
	c, err := configuration(o.packs, o.noEmbedded)
	if err != nil {
		return nil, err
	}
	a, err := newAnalyzer(c)
	if err != nil {
		return nil, err
	}
	words, err := fit.Words(ctx, a.Program, texts, 4)
	if err != nil {
		return nil, err
	}
	c.Words = words
	return newAnalyzer(c)
}

func newAnalyzer(c analysis.Config) (*analysis.Analyzer, error) {
	a, mistakes, err := analysis.New(c)
	if err == nil && a == nil {
		err = mistakes.Err()
	}
	return a, err
}

func runFitSentiment(ctx context.Context, o fitOptions, std streams) error {
	set := func(paths []string) (fit.Set, error) {
		samples, err := readGold(paths, gold.Sentiment, o.folds, std)
		s := fit.Set{Name: strings.Join(names(paths), ", ")}
		for i := range samples {
			e := fit.Example{Text: samples[i].Text, Article: samples[i].Article, Rating: samples[i].Rating}
			if !samples[i].HasRating {
				e.Rating = float64(samples[i].Label)
			}
			s.Examples = append(s.Examples, e)
		}
		return s, err
	}
	main, err := set(o.gold)
	if err != nil {
		return err
	}
	c, err := configuration(o.packs, o.noEmbedded)
	if err != nil {
		return err
	}
	opts := fit.Options{Folds: o.folds, Compile: func(words []string) (*rules.Program, error) {
		p, mistakes := rules.Compile(rules.Config{Packs: c.Packs, Lexicons: c.Lexicons, Words: words})
		return p, mistakes.Err()
	}}
	for _, p := range o.auxiliary {
		aux, err := auxiliary(p, o.folds, std)
		if err != nil {
			return err
		}
		opts.Auxiliary = append(opts.Auxiliary, aux)
	}
	m, r, err := fit.Sentiment(ctx, main, opts)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s, %s, %s; Pearson r %.4f, macro-F1 %.4f (%d-fold by article)\n", plural(r.N, "sentence"), plural(r.Articles, "article"),
		plural(r.Features, "feature"), r.PearsonR, r.MacroF1, o.folds)
	return writeWeights(o.out, m.Format(), std)
}

// auxiliary reads a sample of labelled targets as one of rated sentences: the
// rating is the mean label.
func auxiliary(path string, folds int, std streams) (fit.Set, error) {
	samples, err := readGold([]string{path}, gold.Tone, folds, std)
	s := fit.Set{Name: names([]string{path})[0]}
	for i := range samples {
		if len(samples[i].Targets) == 0 {
			continue
		}
		sum := 0.0
		for _, t := range samples[i].Targets {
			sum += float64(t.Label)
		}
		s.Examples = append(s.Examples, fit.Example{Text: samples[i].Text, Article: samples[i].Article, Rating: sum / float64(len(samples[i].Targets))})
	}
	return s, err
}

func runFitTone(ctx context.Context, o fitOptions, std streams) error {
	samples, err := readGold(o.gold, gold.Tone, o.folds, std)
	if err != nil {
		return err
	}
	var examples []fit.TargetExample
	var texts []string
	for i := range samples {
		texts = append(texts, samples[i].Text)
		for _, t := range samples[i].Targets {
			examples = append(examples, fit.TargetExample{Article: samples[i].Article, Text: samples[i].Text,
				Target: analysis.Target{Spans: append([]model.Span{t.Span}, t.Further...)}, Label: int(t.Label)})
		}
	}
	a, err := configFor(ctx, o, texts)
	if err != nil {
		return err
	}
	weights, r, err := fit.Tone(ctx, a, examples, fit.LinearOptions{Folds: o.folds, Sources: names(o.gold)})
	if err != nil {
		return err
	}
	linearReport(r, std)
	return writeWeights(o.out, weights, std)
}

func runFitStance(ctx context.Context, o fitOptions, std streams) error {
	samples, err := readGold(o.gold, gold.Stance, o.folds, std)
	if err != nil {
		return err
	}
	var examples []fit.PairExample
	var texts []string
	for i := range samples {
		s := &samples[i]
		texts = append(texts, s.Text)
		switch {
		case s.Pair != nil:
			e := fit.PairExample{Article: samples[i].Article, Text: s.Text, HasBack: true,
				Holder: analysis.Target{Spans: []model.Span{s.Pair.P}}, Target: analysis.Target{Spans: []model.Span{s.Pair.Q}}}
			e.Label, e.Back = [...]int{0, 1, 0, -1, 0}[s.Pair.Class], [...]int{0, 0, 1, 0, -1}[s.Pair.Class]
			examples = append(examples, e)
		case s.Event != nil && len(s.Event.Source) > 0 && len(s.Event.Target) > 0:
			examples = append(examples, fit.PairExample{Article: samples[i].Article, Text: s.Text, Label: [...]int{0, 1, 1, -1, -1}[s.Event.Quad],
				Holder: analysis.Target{Spans: s.Event.Source}, Target: analysis.Target{Spans: s.Event.Target}})
		}
	}
	a, err := configFor(ctx, o, texts)
	if err != nil {
		return err
	}
	weights, r, err := fit.Stance(ctx, a, examples, fit.LinearOptions{Folds: o.folds, Sources: names(o.gold)})
	if err != nil {
		return err
	}
	linearReport(r, std)
	return writeWeights(o.out, weights, std)
}

func linearReport(r fit.LinearReport, std streams) {
	fmt.Fprintf(std.out, "%s, %s, penalty %g; macro-F1 %.4f, expected calibration error %.4f (cross-validated by article)\n",
		plural(r.Examples, "example"), plural(r.Features, "feature"), r.Lambda, r.MacroF1, r.Calibration)
	if r.FiveF1 > 0 {
		fmt.Fprintf(std.out, "five classes: macro-F1 %.4f; whoever holds it: %.4f\n", r.FiveF1, r.BlindF1)
	}
}

func writeWeights(path string, b []byte, std streams) error {
	if err := os.WriteFile(path, b, 0o666); err != nil {
		return fail(exitCannotWrite, "%w", err)
	}
	fmt.Fprintf(std.out, "weights in %s\n", diag.Escape(path))
	return nil
}
