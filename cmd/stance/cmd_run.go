package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/io/corpus"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
	"stance/internal/model"
	"stance/internal/pipeline"
)

type runOptions struct {
	inputs      []string
	out         string
	format      table.Format
	content     table.Content
	corpus      corpus.Options
	workers     int
	maxRejects  int64 // rejects that still count as success
	rejectLimit int64 // more end the run; negative: none
	near        bool
	partition   dataset.Partition
	noCache     bool
	settings    map[string]string
	bars        []qualityBar
	metrics     string // file; "" for none
}

func runCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "analyse articles and publish the tables",
		ArgsUsage: "INPUT...",
		Description: "INPUT is a file, a folder, a glob, or - for standard input (with --from). A text file (.txt), whose name may\n" +
			"begin or end with its day (2024-05-15_law.txt), or a page (.html) holds one article, a WARC or WET file (.warc) one in each response. JSON Lines (.jsonl, .ndjson),\n" +
			"JSON arrays (.json), CSV and TSV with a header, Parquet and Arrow hold one article per record, with the\n" +
			"fields id, source or outlet, date or published_at, title or headline, text, body or content, url; --field\n" +
			"names others. Each may be compressed (.gz, .zst, .bz2).\n" +
			"The tables lie at OUT/current/TABLE/part-*.parquet.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "output folder `OUT`; it is made when it is not there (required)"},
			&cli.StringFlag{Name: "format", Value: "parquet", Usage: "`FORMAT` of the tables: parquet, or arrow for Arrow IPC files"},
			fieldFlag(),
			&cli.StringFlag{Name: "from", Usage: "`FORMAT` of standard input and of files with an unknown ending: " + strings.Join(corpus.Formats(), ", ") + "; jsonl.gz, for example, when compressed"},
			utf8Flag(),
			&cli.Int64Flag{Name: "limit", Usage: "read at most `N` records"},
			&cli.StringFlag{Name: "since", Usage: "leave out articles published before this `DAY` (YYYY-MM-DD)"},
			&cli.StringFlag{Name: "until", Usage: "leave out articles published on or after this `DAY` (YYYY-MM-DD)"},
			&cli.StringFlag{Name: "shard", Usage: "`I/N`: only the I-th of N shards; an article's shard depends on its id alone"},
			&cli.IntFlag{Name: "workers", Usage: "analyse on `N` goroutines (default: one per processor); the tables do not depend on it"},
			&cli.Int64Flag{Name: "max-rejects", Usage: "up to `N` rejects still count as success: exit 0 instead of 3"},
			&cli.Int64Flag{Name: "reject-limit", Value: -1, Usage: "above `N` rejects stop with exit 65 and publish nothing (default: no limit)"},
			sentimentFlag(),
			weightsFlag("sentiment or tone"),
			&cli.BoolFlag{Name: "with-text", Usage: "keep each article's text in the articles table"},
			noTextFlag(),
			&cli.StringFlag{Name: "partition-by", Value: "none", Usage: "`KEY`: lay parts in folders TABLE/pub_KEY=…/ by month, day or outlet of the article, or none"},
			&cli.BoolFlag{Name: "no-cache", Usage: "analyse everything anew and keep nothing in OUT/cache for the next run"},
			&cli.BoolFlag{Name: "no-near-duplicates", Usage: "do not look for near-duplicate articles"},
			&cli.StringFlag{Name: "profile", Usage: "write a CPU and a heap profile into the folder `DIR`"},
			&cli.StringFlag{Name: "log-format", Value: "text", Usage: "`FORMAT` of log lines on standard error: text or json"},
			&cli.StringFlag{Name: "config", Usage: "`FILE` of settings: inputs, bars, and any option by its long name; the command line wins"},
			&cli.StringFlag{Name: "metrics-file", Usage: "write the figures of the run to `FILE` in the text format of Prometheus"},
			&cli.BoolFlag{Name: "dry-run", Usage: "check settings, packs and inputs, say what would be done, and do nothing"},
		}, packFlags()...),
		Action: func(c *cli.Context) (err error) {
			s := settings{inputs: c.Args().Slice()}
			if file := c.String("config"); file != "" {
				if s, err = readSettings(c, file); err != nil {
					return err
				}
			}
			log, err := newLogger(c.String("log-format"), std.err)
			if err != nil {
				return err
			}
			o, err := runOptionsOf(c, s, std)
			if err != nil {
				return err
			}
			if dir := c.String("profile"); dir != "" {
				stop, err := startProfile(dir)
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, stop()) }()
			}
			e, err := newEngine(c, &o)
			if err != nil {
				return err
			}
			if c.Bool("dry-run") {
				return runDry(o, e.a, std)
			}
			return runRun(c.Context, o, e, log, std)
		},
	}
}

// runOptionsOf checks the options. Its errors are usage errors, but for those
// of options that a file sets: they tell where.
func runOptionsOf(c *cli.Context, s settings, std streams) (runOptions, error) {
	o := runOptions{inputs: s.inputs, bars: s.bars, metrics: c.String("metrics-file"), out: c.String("out"), workers: c.Int("workers"), maxRejects: c.Int64("max-rejects"),
		rejectLimit: c.Int64("reject-limit"), near: !c.Bool("no-near-duplicates"),
		content: table.Content{NoText: c.Bool("no-text"), ArticleText: c.Bool("with-text")},
		noCache: c.Bool("no-cache"),
		corpus:  corpus.Options{From: c.String("from"), Limit: c.Int64("limit"), Stdin: std.in},
	}
	var faults []string
	var mistakes diag.List
	fault := func(option, format string, args ...any) {
		if at, ok := s.from[option]; ok {
			mistakes.Errorf(at, "value", format, args...)
			return
		}
		faults = append(faults, fmt.Sprintf(format, args...))
	}
	if o.out == "" {
		fault("out", "the output folder is missing: give -o OUT")
	}
	if len(o.inputs) == 0 {
		fault("inputs", "no input given")
	}
	switch f := c.String("format"); f {
	case "parquet":
		o.format = table.Parquet
	case "arrow":
		o.format = table.ArrowIPC
	default:
		fault("format", "unknown format %q: expected parquet or arrow", f)
	}
	var err error
	if o.partition, err = dataset.PartitionBy(c.String("partition-by")); err != nil {
		fault("partition-by", "--partition-by: %v", err)
	}
	recordOptions(c, &o.corpus, fault)
	day := func(flag string) time.Time {
		s := c.String(flag)
		if s == "" {
			return time.Time{}
		}
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			fault(flag, "--%s %q: expected YYYY-MM-DD", flag, s)
		}
		return d
	}
	o.corpus.Since, o.corpus.Until = day("since"), day("until")
	if s := c.String("shard"); s != "" {
		var rest string
		if n, _ := fmt.Sscanf(s, "%d/%d%s", &o.corpus.Shard, &o.corpus.Shards, &rest); n != 2 || o.corpus.Shard < 1 || o.corpus.Shard > o.corpus.Shards {
			fault("shard", "--shard %q: expected I/N with 1 <= I <= N", s)
		}
	}
	for _, n := range []struct {
		name  string
		value int64
		least int64
	}{{"workers", int64(o.workers), 0}, {"limit", o.corpus.Limit, 0}, {"max-rejects", o.maxRejects, 0}, {"reject-limit", o.rejectLimit, -1}} {
		if n.value < n.least {
			fault(n.name, "--%s %d is below %d", n.name, n.value, n.least)
		}
	}
	if o.content.NoText && o.content.ArticleText {
		fault("no-text", "--with-text and --no-text exclude each other")
	}
	if o.out != "" {
		for _, in := range o.inputs {
			if inside(o.out, in) {
				fault("out", "the output folder %s lies in the input %s, so that the next run would read its tables", o.out, in)
			}
		}
	}
	if len(mistakes) > 0 {
		for _, f := range faults {
			mistakes.Errorf(diag.Position{File: "command line"}, "usage", "%s", f)
		}
		mistakes.Sort()
		return o, mistakes
	}
	if len(faults) > 0 {
		return o, fail(exitUsage, "%s; see 'stance run --help'", strings.Join(faults, "; "))
	}
	o.settings = map[string]string{"format": c.String("format"), "utf8": c.String("utf8"), "text": "sentences", "near_duplicates": fmt.Sprint(o.near), "sentiment": c.String("sentiment"), "partition_by": c.String("partition-by")}
	if o.content.NoText {
		o.settings["text"] = "none"
	} else if o.content.ArticleText {
		o.settings["text"] = "articles"
	}
	for _, f := range []string{"since", "until", "shard", "from"} {
		if s := c.String(f); s != "" {
			o.settings[f] = s
		}
	}
	if o.corpus.Limit > 0 {
		o.settings["limit"] = fmt.Sprint(o.corpus.Limit)
	}
	for role, name := range o.corpus.Fields {
		o.settings["field."+role] = name
	}
	return o, nil
}

// inside reports whether a path is that of a folder or lies in it.
func inside(path, folder string) bool {
	if st, err := os.Stat(folder); err != nil || !st.IsDir() {
		return false
	}
	p, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	f, err := filepath.Abs(folder)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(f, p)
	return err == nil && filepath.IsLocal(rel)
}

// metadata say what rows were made with.
func metadata(a *analysis.Analyzer) table.Metadata {
	return table.Metadata{ToolVersion: version, RulesHash: a.Program.Hash, LexiconHash: a.Program.LexiconHash, ModelHash: a.ModelHash}
}

// worker gives the pipeline an analysis worker.
type worker struct{ w *analysis.Worker }

func (w worker) Analyze(a *model.Article, r *model.Result) error {
	w.w.AnalyzePiece(a, r)
	return nil
}

// runLog is what a run leaves in OUT/runs: everything of the clock and host.
type runLog struct {
	Version  string    `json:"version"`
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended"`
	Seconds  float64   `json:"seconds"`
	Host     string    `json:"host"`
	Workers  int       `json:"workers"`
	PeakRSS  int64     `json:"peak_rss_bytes"` // 0 where the system does not tell
	Articles int64     `json:"articles"`
	Rejected int64     `json:"rejected"`
	TextMBps float64   `json:"text_mb_per_s"`
	Figures  figures   `json:"figures"`
	Missed   []string  `json:"missed_bars,omitempty"`

	InputsKnown    int64 `json:"inputs_known"`    // not decoded
	ArticlesReused int64 `json:"articles_reused"` // analysed by an earlier run
}

// newRunLog describes a run that ends now.
func newRunLog(started time.Time, workers int, t dataset.Totals) runLog {
	ended := time.Now()
	host, _ := os.Hostname() // for the log only
	secs := ended.Sub(started).Seconds()
	return runLog{Version: version, Started: started.UTC(), Ended: ended.UTC(), Seconds: secs, Host: host, Workers: workers,
		PeakRSS: peakRSS(), Articles: t.Articles, Rejected: t.Rejected, TextMBps: float64(t.TextBytes) / 1e6 / secs}
}

func runRun(ctx context.Context, o runOptions, e *engine, log *slog.Logger, std streams) (err error) {
	started := time.Now()
	var gen *dataset.Generation
	var sum pipeline.Summary
	if o.metrics != "" {
		defer func() {
			text := metrics(exitCode(err, ctx), started, time.Now(), gen, sum, figuresOf(sum))
			err = cmp.Or(err, writeWhole(o.metrics, text))
		}()
	}
	src, err := corpus.Open(o.inputs, o.corpus)
	if err != nil {
		return err
	}
	earlier, err := earlierFigures(o)
	if err != nil {
		return err
	}
	o.content.RulesetVersion = e.Version
	out, err := dataset.Open(o.out, dataset.Options{Run: runName(started),
		Format: o.format, Content: o.content, Settings: o.settings, NoCache: o.noCache,
		Metadata: e.Metadata})
	if err != nil {
		return err
	}
	gen, sum, err = publish(ctx, o, e, src, out, earlier, log, started, std.err)
	if cerr := out.Close(); err == nil && gen == nil {
		err = cerr
	} else if cerr != nil && gen != nil {
		log.Warn("after publishing", "error", diag.Escape(cerr.Error()))
	}
	if gen == nil {
		return err
	}
	if err != nil {
		// The tables are there; only the log or the pruning failed.
		log.Warn("after publishing", "error", diag.Escape(err.Error()))
	}
	if err := summarise(o, sum, time.Since(started), std.out); err != nil {
		return err
	}
	return verdict(o, sum, earlier, std.err)
}

// verdict says which bars the published run misses. A missed bar weighs more
// than rejects, which have a bar of their own.
func verdict(o runOptions, s pipeline.Summary, earlier []figures, errw io.Writer) error {
	bars := missed(o.bars, figuresOf(s), earlier)
	for _, m := range bars {
		fmt.Fprintf(errw, "stance: bar missed: %s\n", m)
	}
	switch {
	case len(bars) > 0:
		return &exitError{exitCheck, nil}
	case s.Rejected > o.maxRejects:
		return &exitError{exitRejects, nil}
	}
	return nil
}

// publish runs the pipeline into an output folder and commits it.
func publish(ctx context.Context, o runOptions, e *engine, src *corpus.Corpus, out *dataset.Output, earlier []figures, log *slog.Logger,
	started time.Time, errw io.Writer) (*dataset.Generation, pipeline.Summary, error) {
	counter := &pipeline.Counter{}
	opts := pipeline.Options{Workers: o.workers, Spill: out, Rules: e.Rules, Near: o.near, Counter: counter, Folder: o.partition.Folder(),
		StopRejects: o.rejectLimit + 1, NewWorker: func() (pipeline.Worker, error) {
			a, err := e.analyzer(out)
			if err != nil {
				return nil, err
			}
			return worker{a.NewWorker()}, nil
		}}
	if !o.noCache {
		if err := o.keys(&opts, e); err != nil {
			return nil, pipeline.Summary{}, err
		}
		opts.Store = out
	}
	if o.corpus.Shards > 1 {
		opts.Shard = func(write func(io.Writer) error) error { return out.Attach(dataset.ShardFile, write) }
	}
	stop := watch(ctx, errw, log, src.Size(), counter)
	sum, err := pipeline.Run(ctx, src, out, opts)
	stop()
	if err == nil && !o.noCache {
		err = e.keep(out, sum.TextBytes)
	}
	if err != nil {
		return nil, sum, err
	}
	totals := dataset.Totals{Records: sum.Records, Articles: sum.Articles, Rejected: sum.Rejected, Duplicates: sum.Duplicates,
		NearDuplicates: sum.NearDuplicates, Skipped: sum.Skipped, Warnings: sum.Warnings, TextBytes: sum.TextBytes}
	done := newRunLog(started, cmp.Or(o.workers, runtime.GOMAXPROCS(0)), totals)
	done.Figures = figuresOf(sum)
	done.Missed = missed(o.bars, done.Figures, earlier)
	done.InputsKnown, done.ArticlesReused = counter.Known.Load(), counter.Reused.Load()
	gen, err := out.Commit(dataset.Report{Totals: totals, Inputs: src.Inputs(), Log: done})
	return gen, sum, err
}

// keys names all that decides how inputs are read and what their articles'
// parts hold: equal keys and equal articles mean equal bytes.
func (o *runOptions) keys(opts *pipeline.Options, e *engine) error {
	build, err := buildID()
	if err != nil {
		return fail(exitIO, "%w", err)
	}
	reading := o.corpus
	reading.Stdin = nil
	opts.InputKey = fmt.Sprintf("%s %+v %v %v", build, reading, o.partition, o.near)
	opts.ChunkKey = fmt.Sprintf("%s %+v %s %s %+v", build, e.facts, o.settings["sentiment"], o.format.Ending(), o.content)
	return nil
}

// summarise prints what a run did.
func summarise(o runOptions, s pipeline.Summary, d time.Duration, w io.Writer) error {
	var b strings.Builder
	row := func(name string, n int64, note string) {
		fmt.Fprintf(&b, "%-11s %12s%s\n", name, thousands(n), note)
	}
	notes := ""
	if s.Duplicates > 0 || s.NearDuplicates > 0 || s.Skipped > 0 {
		var parts []string
		for _, x := range []struct {
			n         int64
			one, many string
		}{{s.Duplicates, "exact duplicate left out", "exact duplicates left out"}, {s.NearDuplicates, "near duplicate marked", "near duplicates marked"},
			{s.Skipped, "skipped on request", "skipped on request"}} {
			switch x.n {
			case 0:
			case 1:
				parts = append(parts, "1 "+x.one)
			default:
				parts = append(parts, thousands(x.n)+" "+x.many)
			}
		}
		notes = "  (" + strings.Join(parts, ", ") + ")"
	}
	row("articles", s.Articles, notes)
	row("sentences", s.Sentences, "")
	row("mentions", s.Mentions, "")
	row("stances", s.Stances, "")
	row("rejects", s.Rejected, "")
	size := fmt.Sprintf("%d kB of text", (s.TextBytes+999)/1000)
	if s.TextBytes >= 1e6 {
		size = fmt.Sprintf("%.1f MB of text, %.1f MB/s", float64(s.TextBytes)/1e6, float64(s.TextBytes)/1e6/d.Seconds())
	}
	fmt.Fprintf(&b, "%-11s %12s  (%s)\n", "time", d.Round(10*time.Millisecond), size)
	if len(s.Pairs) > 0 {
		fmt.Fprintf(&b, "strongest pairs (holder -> target: stances, mean score)\n")
		for _, p := range s.Pairs {
			holder := cmp.Or(p.Holder, "narrator")
			fmt.Fprintf(&b, "  %-48s %5s  %+.2f\n", holder+" -> "+p.Target, thousands(p.Stances), p.Score/float64(p.Stances))
		}
	}
	fmt.Fprintf(&b, "tables in %s\n", diag.Escape(filepath.ToSlash(filepath.Join(o.out, "current"))))
	if s.Rejected > 0 {
		fmt.Fprintf(&b, "rejects are listed with file and line in %s\n", diag.Escape(filepath.ToSlash(filepath.Join(o.out, "current", "rejects"))))
	}
	return writeOut(w, b.String())
}

// exitCodeOf maps the errors of the packages below to exit codes.
func exitCodeOf(err error) int {
	for _, m := range []struct {
		target error
		code   int
	}{
		{corpus.ErrInputMissing, exitNoInput}, {corpus.ErrOptions, exitUsage}, {corpus.ErrBroken, exitAllRejected},
		{dataset.ErrLocked, exitLocked}, {dataset.ErrPermission, exitPermission}, {dataset.ErrCannotCreate, exitCannotWrite},
		{dataset.ErrNotShards, exitConfig}, {pipeline.ErrNotShards, exitConfig},
		{dataset.ErrDamaged, exitDamaged}, {dataset.ErrIO, exitIO}, {dataset.ErrNoData, exitNoInput},
		{pipeline.ErrAllRejected, exitAllRejected}, {pipeline.ErrTooManyRejects, exitAllRejected}, {pipeline.ErrInternal, exitInternal},
	} {
		if errors.Is(err, m.target) {
			return m.code
		}
	}
	return exitIO
}

// peakRSS returns the largest resident size of the process so far.
func peakRSS() int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	i := slices.IndexFunc(strings.Split(string(b), "\n"), func(l string) bool { return strings.HasPrefix(l, "VmHWM:") })
	if i < 0 {
		return 0
	}
	var kb int64
	if _, err := fmt.Sscanf(strings.Split(string(b), "\n")[i], "VmHWM: %d kB", &kb); err != nil {
		return 0
	}
	return kb << 10
}
