package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"stance/internal/diag"
	"stance/internal/eval"
	"stance/internal/io/gold"
)

type evalOptions struct {
	task     gold.Task
	files    []string
	format   string // text, json or markdown
	junit    string // file; "" for none
	by       []string
	errors   int
	baseline string
	update   bool
	min      []bar
	scorers  []eval.Scorer
}

// bar is a figure and the least that it must reach.
type bar struct {
	measure string
	least   float64
}

func evalCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "judge the analysis by labelled texts; exit 1 below a bar or when worse than a stored run",
		ArgsUsage: "GOLD...",
		Description: "GOLD is a file of JSON Lines, one labelled text a line, or - for standard input. Offsets count code points. Fields by task:\n" +
			"  segmentation  text, sentences: [{from, to}] or [string]\n" +
			"  sentiment     text, rating (number) and/or label (-1, 0, 1)\n" +
			"  tone          text, targets: [{from, to, mention, label, further_mentions?}]\n" +
			"  stance        text, p, q, class 0-4; or text, source[], target[], quad 0-4\n" +
			"  attribution   text, attributions: [{source[], cue[], content[]}]\n" +
			"  parties       text, mentions: [{from, to, party}], date?\n" +
			"  relations     text, relations: [{from, to, target, holder?, polarity?, act?}], absent?: the same, date?: recall of stances\n" +
			"  coded         rows drawn by 'stance sample', JSON Lines or CSV, with verdicts: precision per rule and agreement\n" +
			"Mistakes in GOLD are all listed and end the command with 78. Intervals hold 95 % and are drawn by article.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "task", Usage: "segmentation, sentiment, tone, stance, attribution, parties, relations or coded (required)"},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object"},
			&cli.BoolFlag{Name: "markdown", Usage: "print Markdown, for a pull request"},
			&cli.StringFlag{Name: "junit", Usage: "also write JUnit XML to `FILE`: one case per bar"},
			&cli.StringSliceFlag{Name: "by", Usage: "cut the figures by outlet, section, quoted, party, length or another field of GOLD (repeatable, or with commas)"},
			&cli.IntFlag{Name: "errors", Usage: "show the `N` worst errors"},
			&cli.StringFlag{Name: "baseline", Usage: "compare answer by answer with the run stored in `FILE`; exit 1 when significantly worse"},
			&cli.BoolFlag{Name: "update-baseline", Usage: "store this run in the file of --baseline"},
			&cli.StringSliceFlag{Name: "min", Usage: "`FIGURE=X`: exit 1 when the figure is below X, such as macro_f1=0.62 (repeatable, or with commas)"},
			&cli.StringFlag{Name: "scorer", Value: "news", Usage: "of sentiment: news, bayes, vader, or all side by side; bars and baseline hold for the first"},
			weightsFlag("sentiment, tone, directed stance or events"),
		}, packFlags()...),
		Action: func(c *cli.Context) error {
			o, err := evalOptionsOf(c)
			if err != nil {
				return err
			}
			samples, err := readLabelled(o, std)
			if err != nil {
				return err
			}
			if o.task == gold.Coded { // judged already
				if c.IsSet("weights") {
					return fail(exitUsage, "--weights does not count for gold that is coded")
				}
				return runEval(c.Context, o, samples, nil, std)
			}
			config, err := configuration(c.StringSlice("pack"), c.Bool("no-embedded"))
			if err != nil {
				return err
			}
			if err := useWeights(&config, c.StringSlice("weights"), weightsOf[o.task]...); err != nil {
				return err
			}
			config.Bayes, config.Vader = slices.Contains(o.scorers, eval.Bayes), slices.Contains(o.scorers, eval.Vader)
			a, err := newAnalyzer(config)
			if err != nil {
				return err
			}
			return runEval(c.Context, o, samples, newPredictor(a, config), std)
		},
	}
}

// weightsOf names the kinds of weights that count in a task.
var weightsOf = map[gold.Task][]string{
	gold.Sentiment: {"sentiment"}, gold.Tone: {"sentiment", "tone"}, gold.Stance: {"directed stance", "events"},
}

func evalOptionsOf(c *cli.Context) (evalOptions, error) {
	o := evalOptions{task: gold.Task(c.String("task")), files: c.Args().Slice(), format: "text", junit: c.String("junit"), by: c.StringSlice("by"),
		errors: c.Int("errors"), baseline: c.String("baseline"), update: c.Bool("update-baseline"), scorers: []eval.Scorer{eval.Scorer(c.String("scorer"))}}
	usage := func(format string, args ...any) (evalOptions, error) { return o, fail(exitUsage, format, args...) }
	switch {
	case o.task == "":
		return usage("eval needs --task: %s", taskNames())
	case !slices.Contains(gold.Tasks(), o.task):
		return usage("unknown task %q: expected %s", o.task, taskNames())
	case len(o.files) == 0:
		return usage("eval needs at least one GOLD file; see 'stance eval --help'")
	case c.Bool("json") && c.Bool("markdown"):
		return usage("--json and --markdown exclude each other")
	case o.update && o.baseline == "":
		return usage("--update-baseline needs --baseline FILE to write to")
	case o.errors < 0:
		return usage("--errors %d: expected a number from 0", o.errors)
	case c.IsSet("scorer") && o.task != gold.Sentiment:
		return usage("--scorer belongs to the task sentiment")
	case o.scorers[0] == "all":
		o.scorers = eval.Scorers()
	case !slices.Contains(eval.Scorers(), o.scorers[0]):
		return usage("unknown scorer %q: expected news, bayes, vader or all", o.scorers[0])
	}
	if c.Bool("json") {
		o.format = "json"
	} else if c.Bool("markdown") {
		o.format = "markdown"
	}
	if o.task == gold.Coded && len(o.by) == 0 {
		o.by = []string{"rule"}
	}
	for _, m := range c.StringSlice("min") {
		name, value, ok := strings.Cut(m, "=")
		x, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil || math.IsNaN(x) {
			return usage("--min %q: expected FIGURE=NUMBER, such as macro_f1=0.62", m)
		}
		o.min = append(o.min, bar{name, x})
	}
	return o, nil
}

func taskNames() string {
	var names []string
	for _, t := range gold.Tasks() {
		names = append(names, string(t))
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// readLabelled reads every file, and reports the mistakes of all of them.
func readLabelled(o evalOptions, std streams) ([]gold.Sample, error) {
	var samples []gold.Sample
	var mistakes diag.List
	for _, f := range o.files {
		var b []byte
		var err error
		if f == "-" {
			b, err = io.ReadAll(std.in)
		} else {
			b, err = os.ReadFile(f)
		}
		if err != nil {
			return nil, fail(inputCode(err), "%w", err)
		}
		s, list := gold.Read(f, b, o.task)
		samples, mistakes = append(samples, s...), append(mistakes, list...)
	}
	return samples, labelMistakes(mistakes, std)
}

// labelMistakes prints the mistakes in labelled texts; its error is nil when
// there are none.
func labelMistakes(mistakes diag.List, std streams) error {
	if len(mistakes) == 0 {
		return nil
	}
	mistakes.Sort()
	fmt.Fprintf(std.err, "%v\nstance: %s in labelled texts\n", mistakes, plural(len(mistakes), "mistake"))
	return &exitError{exitConfig, nil}
}

// runEval judges p by the samples, prints the report and checks the bars.
// Coded rows need no p.
func runEval(ctx context.Context, o evalOptions, samples []gold.Sample, p eval.Predictor, std streams) error {
	var reports []*eval.Report
	for _, scorer := range o.scorers {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		run, err := eval.Evaluate(o.task, samples, p, scorer)
		if err != nil {
			return fail(exitConfig, "%s: %w", strings.Join(o.files, ", "), err)
		}
		r := eval.NewReport(run)
		for _, by := range o.by {
			if !r.SliceBy(by) {
				return fail(exitUsage, "--by %s: no labelled text has it", by)
			}
		}
		r.FindWorst(o.errors)
		reports = append(reports, r)
	}
	r := reports[0]
	if err := checkBars(r, o.min); err != nil {
		return err
	}
	if err := compareBaseline(o, r); err != nil {
		return err
	}
	var out bytes.Buffer
	switch o.format {
	case "json":
		b, err := eval.JSON(reports)
		if err != nil {
			return err
		}
		out.Write(b)
	default:
		newRenderer(&out, o.format == "markdown").reports(reports)
	}
	if _, err := std.out.Write(out.Bytes()); err != nil {
		return fail(exitIO, "%w", err)
	}
	if o.junit != "" {
		b, err := junit(r)
		if err != nil {
			return err
		}
		if err := writeWhole(o.junit, b); err != nil {
			return err
		}
	}
	if o.update {
		b, err := r.Store().Marshal()
		if err != nil {
			return err
		}
		if err := writeWhole(o.baseline, b); err != nil {
			return err
		}
	}
	failed := false
	for _, b := range r.Bars {
		if b.Failure != "" {
			failed = true
			fmt.Fprintf(std.err, "stance: %s\n", b.Failure)
		}
	}
	if failed {
		return &exitError{exitCheck, nil}
	}
	return nil
}

// compareBaseline adds the comparison, and the bar that it must pass. A run
// that becomes the baseline itself passes it whatever it shows.
func compareBaseline(o evalOptions, r *eval.Report) error {
	if o.baseline == "" {
		return nil
	}
	b, err := os.ReadFile(o.baseline)
	if os.IsNotExist(err) && o.update {
		return nil
	}
	if err != nil {
		return fail(inputCode(err), "%w", err)
	}
	stored, err := eval.ParseBaseline(b)
	if err == nil {
		r.Comparison, err = r.Compare(stored)
	}
	switch {
	case err != nil && o.update:
		return nil // what cannot be compared is replaced
	case err != nil:
		return fail(exitConfig, "%s: %w", o.baseline, err)
	case o.update:
		return nil
	}
	bar := eval.Bar{Name: "not worse than " + o.baseline}
	if c := r.Comparison; c.Significant() {
		bar.Failure = fmt.Sprintf("significantly worse than %s: %s %.4f, was %.4f (difference %+.4f to %+.4f, McNemar p = %.4f, %d better, %d worse)",
			o.baseline, c.Measure, c.After, c.Before, c.Difference.Low, c.Difference.High, c.P, len(c.Better), len(c.Worse))
	}
	r.Bars = append(r.Bars, bar)
	return nil
}

// writeWhole writes a file beside its place and moves it there, so that
// nobody reads half of it.
func writeWhole(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		if os.IsPermission(err) {
			return fail(exitPermission, "%w", err)
		}
		return fail(exitCannotWrite, "%w", err)
	}
	defer os.Remove(f.Name()) // gone once it is renamed
	_, err = f.Write(b)
	if e := f.Chmod(0o644); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fail(exitIO, "%s: %w", path, err)
	}
	return nil
}
