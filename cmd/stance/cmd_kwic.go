package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stance/internal/io/dataset"
	"stance/internal/report"
)

type kwicOptions struct {
	report.KWIC
	in, format string
}

func kwicCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "kwic",
		Usage:     "print a party, issue, person, rule or cue from finished tables, each in the context of its sentence",
		ArgsUsage: "PARTY|CUE OUT",
		Description: "The name is an id of the tables (hamas, ceasefire, accuse) or words of the text: of a cue (\"accused\") or of a mention\n" +
			"(\"White House\"). Without --all only what counts is shown: headline, dek and body, of articles that are no copies.",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "width", Aliases: []string{"w"}, Value: 45, Usage: "columns of context on either side, 10 to 400"},
			&cli.IntFlag{Name: "n", Value: 100, Usage: "lines, the first in the order of --sort; -n 0 prints all"},
			&cli.StringFlag{Name: "sort", Value: "place", Usage: "place (article and offset), left or right (the words beside the keyword)"},
			&cli.BoolFlag{Name: "all", Usage: "also repeated headlines, summaries, boilerplate and copies"},
			&cli.BoolFlag{Name: "jsonl", Usage: "one JSON object a line, with the whole sentence"},
			&cli.BoolFlag{Name: "csv", Usage: "RFC 4180, with the whole sentence; text that a spreadsheet would take for a formula begins with an apostrophe"},
		},
		Action: func(c *cli.Context) error {
			o := kwicOptions{in: c.Args().Get(1)}
			o.KWIC = report.KWIC{Name: c.Args().First(), All: c.Bool("all"), Most: c.Int("n"), Sort: c.String("sort"), Width: c.Int("width")}
			switch {
			case c.NArg() != 2:
				return fail(exitUsage, "kwic takes a name and an output folder of run; see 'stance kwic --help'")
			case o.Width < 10 || o.Width > 400:
				return fail(exitUsage, "--width %d: expected a number from 10 to 400", o.Width)
			case o.Most < 0:
				return fail(exitUsage, "-n %d: expected a number from 0", o.Most)
			case !slices.Contains(report.Orders, o.Sort):
				return fail(exitUsage, "--sort %s: expected %s", o.Sort, strings.Join(report.Orders, ", "))
			case c.Bool("jsonl") && c.Bool("csv"):
				return fail(exitUsage, "--csv and --jsonl exclude each other")
			case c.Bool("jsonl"):
				o.format = "jsonl"
			case c.Bool("csv"):
				o.format = "csv"
			}
			return runKWIC(c.Context, o, std)
		},
	}
}

func runKWIC(ctx context.Context, o kwicOptions, std streams) error {
	g, err := dataset.Current(o.in)
	if err != nil {
		return err
	}
	found, err := o.Find(ctx, g.Path)
	if unknown := (*report.UnknownError)(nil); errors.As(err, &unknown) {
		return fail(exitCheck, "%w", err)
	}
	if errors.Is(err, report.ErrNoText) {
		return fail(exitConfig, "%s holds no text to show: it was written with --no-text", o.in)
	}
	if err != nil {
		return damagedTable(err)
	}
	switch o.format {
	case "jsonl":
		err = found.JSONL(std.out)
	case "csv":
		err = found.CSV(std.out, inert)
	default:
		err = found.Print(std.out, o.Width)
	}
	if err != nil {
		return fail(exitIO, "%w", err)
	}
	return nil
}
