package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/fit"
	"stance/internal/io/corpus"
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
	weights         []string // files to build on instead of the embedded ones
	corpus          []string
	rows            int
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
			o.auxiliary, o.weights = c.StringSlice("auxiliary"), c.StringSlice("weights")
			o.corpus, o.rows = c.StringSlice("corpus"), c.Int("rows")
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
	buildOn := func(kinds string) cli.Flag {
		return &cli.StringSliceFlag{Name: "weights", Usage: "`FILE` of weights of " + kinds + " to build on; they must not have been learned from the gold (repeatable; default: the embedded ones)"}
	}
	rows := &cli.IntFlag{Name: "rows", Value: 8000, Usage: "keep the `N` features that tell most"}
	return &cli.Command{
		Name:  "fit",
		Usage: "learn the weights of sentiment, tone or directed stance from labelled samples",
		Subcommands: []*cli.Command{
			sub("sentiment", "learn the weights of the news scorer from rated sentences", []cli.Flag{
				&cli.StringSliceFlag{Name: "auxiliary", Usage: "`FILE` of labelled targets that helps to learn words but is not tested on (repeatable)"},
			}, runFitSentiment),
			sub("tone", "learn the weights of tone from texts with labelled targets", []cli.Flag{
				buildOn("sentiment"), rows,
				&cli.StringSliceFlag{Name: "corpus", Usage: "`FILE` of articles without labels, as for run, which tell what words are alike (repeatable)"},
			}, runFitTone),
			sub("stance", "learn the weights of directed stance from labelled pairs, or of events from labelled sources and targets", []cli.Flag{
				buildOn("sentiment or tone"), rows,
			}, runFitStance),
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

// configFor returns the analyzer of the embedded configuration, with other
// weights where the options name some of the kinds that are built on, and the
// words of the texts added to the vocabulary.
func configFor(ctx context.Context, o fitOptions, texts []string, kinds ...string) (*analysis.Analyzer, error) {
	c, err := configuration(o.packs, o.noEmbedded)
	if err != nil {
		return nil, err
	}
	if err := useWeights(&c, o.weights, kinds...); err != nil {
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
		aux, err := auxiliary(p)
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

// auxiliary reads a sample that helps to learn words: each text with its
// rating, its label or the mean label of its targets.
func auxiliary(path string) (fit.Set, error) {
	f, err := os.Open(path)
	if err != nil {
		return fit.Set{}, fail(inputCode(err), "%w", err)
	}
	defer f.Close()
	s, mistakes := fit.ReadSet(names([]string{path})[0], f)
	return s, mistakes.Err()
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
	a, err := configFor(ctx, o, texts, "sentiment")
	if err != nil {
		return err
	}
	opts := fit.LinearOptions{Folds: o.folds, MaxRows: o.rows, Sources: slices.Concat(names(o.gold), names(o.corpus))}
	if len(o.corpus) > 0 {
		if opts.Company, err = company(ctx, a, o.corpus); err != nil {
			return err
		}
	}
	weights, r, err := fit.Tone(ctx, a, examples, opts)
	if err != nil {
		return err
	}
	linearReport(r, o.gold, std)
	return writeWeights(o.out, weights, std)
}

// company reads articles without labels.
func company(ctx context.Context, a *analysis.Analyzer, paths []string) (*fit.Company, error) {
	src, err := corpus.Open(paths, corpus.Options{})
	if err != nil {
		return nil, fail(exitNoInput, "%w", err)
	}
	c := fit.NewCompany(a.Program)
	// One worker hands on batches in the order of the input.
	return c, src.Read(ctx, 1, func(b *model.Batch) error {
		for i := range b.Articles {
			c.Add(b.Articles[i].Text)
		}
		return nil
	})
}

func runFitStance(ctx context.Context, o fitOptions, std streams) error {
	var samples []gold.Sample
	var sets []int // per sample: index of its file
	for i := range o.gold {
		more, err := readGold(o.gold[i:i+1], gold.Stance, o.folds, std)
		if err != nil {
			return err
		}
		samples, sets = append(samples, more...), append(sets, slices.Repeat([]int{i}, len(more))...)
	}
	var examples []fit.PairExample
	var texts []string
	for i := range samples {
		s := &samples[i]
		texts = append(texts, s.Text)
		switch {
		case s.Pair != nil:
			e := fit.PairExample{Article: s.Article, Text: s.Text, HasBack: true, Set: sets[i],
				Holder: analysis.Target{Spans: []model.Span{s.Pair.P}}, Target: analysis.Target{Spans: []model.Span{s.Pair.Q}}}
			e.Label, e.Back = [...]int{0, 1, 0, -1, 0}[s.Pair.Class], [...]int{0, 0, 1, 0, -1}[s.Pair.Class]
			examples = append(examples, e)
		case s.Event != nil && len(s.Event.Source) > 0 && len(s.Event.Target) > 0:
			examples = append(examples, fit.PairExample{Article: s.Article, Text: s.Text, Set: sets[i], Label: [...]int{0, 1, 1, -1, -1}[s.Event.Quad],
				Holder: analysis.Target{Spans: s.Event.Source}, Target: analysis.Target{Spans: s.Event.Target}})
		}
	}
	a, err := configFor(ctx, o, texts, "sentiment", "tone")
	if err != nil {
		return err
	}
	weights, r, err := fit.Stance(ctx, a, examples, fit.LinearOptions{Folds: o.folds, MaxRows: o.rows, Sources: names(o.gold)})
	if err != nil {
		return err
	}
	linearReport(r, o.gold, std)
	return writeWeights(o.out, weights, std)
}

func linearReport(r fit.LinearReport, sources []string, std streams) {
	fmt.Fprintf(std.out, "%s, %s, penalty %g; macro-F1 %.4f, expected calibration error %.4f (cross-validated by article)\n",
		plural(r.Examples, "example"), plural(r.Features, "feature"), r.Lambda, r.MacroF1, r.Calibration)
	if r.FiveF1 > 0 {
		fmt.Fprintf(std.out, "five classes: macro-F1 %.4f; whoever holds it: %.4f\n", r.FiveF1, r.BlindF1)
	}
	for i, f1 := range r.SetF1 {
		fmt.Fprintf(std.out, "%s: macro-F1 %.4f\n", diag.Escape(sources[i]), f1)
	}
}

func writeWeights(path string, b []byte, std streams) error {
	if err := os.WriteFile(path, b, 0o666); err != nil {
		return fail(exitCannotWrite, "%w", err)
	}
	fmt.Fprintf(std.out, "weights in %s\n", diag.Escape(path))
	return nil
}
