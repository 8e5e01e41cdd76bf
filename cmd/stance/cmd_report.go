package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"stance/internal/diag"
	"stance/internal/io/dataset"
	"stance/internal/report"
)

type reportOptions struct {
	in, out string
}

func reportCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "make one self-contained HTML page of finished tables: figures, tone over time, who about whom, evidence",
		ArgsUsage: "OUT",
		Description: "The page loads nothing and runs no script; it can be mailed and opened anywhere. It shows the parties, pairs and sentences\n" +
			"with most stances and says how many it leaves out, so its size is bounded whatever the corpus.",
		Flags: []cli.Flag{&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "`FILE` to write, - for standard output (required)"}},
		Action: func(c *cli.Context) error {
			o := reportOptions{in: c.Args().First(), out: c.String("out")}
			switch {
			case c.NArg() != 1:
				return fail(exitUsage, "report takes one output folder of run; see 'stance report --help'")
			case o.out == "":
				return fail(exitUsage, "report needs -o FILE")
			}
			return runReport(c.Context, o, std)
		},
	}
}

func runReport(ctx context.Context, o reportOptions, std streams) error {
	g, err := dataset.Current(o.in)
	if err != nil {
		return err
	}
	m := &g.Manifest
	f, err := report.Make(ctx, g.Path, report.Run{
		Generation: g.Hash, Tool: m.ToolVersion, Rules: m.RulesHash, Lexicon: m.LexiconHash, Model: m.ModelHash, Settings: m.Settings,
		Records: m.Totals.Records, Rejected: m.Totals.Rejected, Duplicates: m.Totals.Duplicates,
	})
	if err != nil {
		return damagedTable(err)
	}
	page, err := report.Page(f)
	if err != nil {
		return err
	}
	if o.out == "-" {
		return writeOut(std.out, string(page))
	}
	if err := writeWhole(o.out, page); err != nil {
		return err
	}
	return writeOut(std.out, fmt.Sprintf("%s: %s, %s\n", diag.Escape(o.out), plural(f.Articles, "article"), plural(f.Stances, "stance")))
}
