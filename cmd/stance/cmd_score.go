package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/io/corpus"
	"stance/internal/io/table"
	"stance/internal/pipeline"
)

type scoreOptions struct {
	table   string
	to      string // "": as the input
	corpus  corpus.Options
	content table.Content
	workers int
}

// scoreMaxRecord is the longest record that score analyses, in bytes: the
// worker of an engine has little memory, and no news article is as long.
const scoreMaxRecord = 4 << 20

func scoreCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "score",
		Usage: "analyse articles from standard input as they come, for an engine that calls it as a function",
		Description: "Reads articles as an Arrow IPC stream or as JSON Lines and writes the rows of one table, in the order of\n" +
			"the articles, as soon as each batch is analysed. The fields are those of run. The rows of nested are\n" +
			"the articles, one for each record, with the rows of the other tables in lists. The schema of an Arrow\n" +
			"stream is written before any input is read, so an empty input asks for it.\n" +
			"Every column may be null. A record that cannot be analysed is a row with nothing but its article_id, if\n" +
			"it has one, and the reason in the column error; records of more than 4 MiB are among them. Articles are\n" +
			"analysed on their own: ids that come twice are scored twice, and no copy is marked or left out of counts.\n" +
			"Exit codes: 0 at the end of the input, whatever rows have an error; 65 when the input is no such stream\n" +
			"or breaks off, after the rows of what came before; 74 when the output is closed before its end.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "table", Value: table.Stances, Usage: "`TABLE` to write: " + strings.Join(table.Streams(), ", ")},
			&cli.StringFlag{Name: "from", Usage: "`FORMAT` of standard input: arrow or jsonl (default: as its first bytes say)"},
			&cli.StringFlag{Name: "to", Usage: "`FORMAT` of standard output: arrow or jsonl (default: that of the input)"},
			fieldFlag(),
			utf8Flag(),
			&cli.IntFlag{Name: "workers", Usage: "analyse on `N` goroutines (default: one per processor); the rows do not depend on it"},
			sentimentFlag(),
			weightsFlag("sentiment or tone"),
			noTextFlag(),
		}, packFlags()...),
		Action: func(c *cli.Context) error {
			o, err := scoreOptionsOf(c)
			if err != nil {
				return err
			}
			a, err := analyzer(c)
			if err != nil {
				return err
			}
			// A closed pipe is then an error of Write, not the end of the process.
			signal.Ignore(syscall.SIGPIPE)
			defer signal.Reset(syscall.SIGPIPE)
			return runScore(c.Context, o, a, std)
		},
	}
}

// scoreOptionsOf checks the command line; its errors are usage errors.
func scoreOptionsOf(c *cli.Context) (scoreOptions, error) {
	o := scoreOptions{table: c.String("table"), to: c.String("to"), workers: c.Int("workers"), content: table.Content{NoText: c.Bool("no-text")},
		corpus: corpus.Options{From: c.String("from"), MaxRecord: scoreMaxRecord}}
	var faults []string
	fault := func(_, format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if c.NArg() > 0 {
		fault("", "score reads standard input and takes no arguments")
	}
	if !slices.Contains(table.Streams(), o.table) {
		fault("table", "unknown table %q: expected %s", o.table, strings.Join(table.Streams(), ", "))
	}
	for _, name := range []string{"from", "to"} {
		if v := c.String(name); v != "" && v != "arrow" && v != "jsonl" {
			fault(name, "unknown --%s %q: expected arrow or jsonl", name, v)
		}
	}
	if o.workers < 0 {
		fault("workers", "--workers %d is below 0", o.workers)
	}
	recordOptions(c, &o.corpus, fault)
	if len(faults) > 0 {
		return o, fail(exitUsage, "%s; see 'stance score --help'", strings.Join(faults, "; "))
	}
	return o, nil
}

func runScore(ctx context.Context, o scoreOptions, a *analysis.Analyzer, std streams) error {
	in := bufio.NewReaderSize(std.in, 64<<10)
	o.corpus.Stdin = in
	// The schema goes out before any input is read, unless the input says how.
	if o.corpus.From == "" && o.to == "" {
		o.corpus.From = sniff(in)
	}
	format := table.StreamArrow
	if cmp.Or(o.to, o.corpus.From) == "jsonl" {
		format = table.StreamJSONL
	}
	o.content.RulesetVersion = a.Program.Version
	s, err := table.NewStream(o.table, format, o.content, metadata(a))
	if err != nil {
		return err
	}
	head, err := s.Head()
	if err != nil {
		return err
	}
	out := output{std.out}
	if _, err := out.Write(head); err != nil {
		return err
	}
	if o.corpus.From == "" {
		o.corpus.From = sniff(in)
	}
	src, err := corpus.Open([]string{"-"}, o.corpus)
	if err != nil {
		return err
	}
	if _, err := in.Peek(1); err == io.EOF { // not even a schema
		_, err = out.Write(s.Tail())
		return err
	}
	if err := pipeline.Stream(ctx, src, out, pipeline.StreamOptions{Workers: o.workers,
		NewWorker:  func() pipeline.Worker { return worker{a.NewWorker()} },
		NewEncoder: func() pipeline.Encoder { return s.NewRows() }}); err != nil {
		return err
	}
	_, err = out.Write(s.Tail())
	return err
}

// sniff tells an Arrow stream, which begins with the mark of a message, from
// JSON Lines.
func sniff(in *bufio.Reader) string {
	if head, _ := in.Peek(4); string(head) == "\xff\xff\xff\xff" {
		return "arrow"
	}
	return "jsonl"
}

// output is standard output, whose errors end the command with their exit
// code.
type output struct{ w io.Writer }

func (o output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		return n, fail(exitIO, "standard output was closed before the end of the input")
	}
	if err != nil {
		return n, fail(exitIO, "%w", err)
	}
	return n, nil
}
