package main

import (
	"bytes"
	"fmt"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/model/rules"
)

func rulesCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "rules",
		Usage: "check, test, measure and compare packs of rules",
		Subcommands: append([]*cli.Command{
			{
				Name:  "test",
				Usage: "run the inline tests of the cues; exit 1 when one fails",
				Flags: append(packFlags(),
					&cli.StringFlag{Name: "rule", Usage: "only the tests of the rule with this `ID`"},
					&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "list the known gaps too"},
				),
				Action: func(c *cli.Context) error {
					if c.NArg() > 0 {
						return fail(exitUsage, "rules test takes no arguments; packs are given with --pack")
					}
					a, err := analyzer(c, nil)
					if err != nil {
						return err
					}
					return runRulesTest(a, c.String("rule"), c.Bool("verbose"), std)
				},
			},
			{
				Name:  "lint",
				Usage: "report mistakes and doubts in packs; exit 78 on mistakes, 1 on warnings with --strict",
				Flags: append(packFlags(), &cli.BoolFlag{Name: "strict", Usage: "fail on warnings"}),
				Action: func(c *cli.Context) error {
					if c.NArg() > 0 {
						return fail(exitUsage, "rules lint takes no arguments; packs are given with --pack")
					}
					return runRulesLint(c.StringSlice("pack"), c.Bool("no-embedded"), c.Bool("strict"), std)
				},
			},
		}, corpusCommands(std)...),
	}
}

func runRulesTest(a *analysis.Analyzer, rule string, verbose bool, std streams) error {
	results := a.TestRules(func(c *rules.Cue) bool { return rule == "" || c.ID == rule })
	failed, gaps, mended := 0, 0, 0
	var b bytes.Buffer
	for _, r := range results {
		switch {
		case r.Todo && len(r.Failures) == 0:
			mended++
			fmt.Fprintf(&b, "%s: %s: a known gap that passes now; remove its todo\n", r.Pos, r.Cue)
		case r.Todo:
			gaps++
			if verbose {
				fmt.Fprintf(&b, "%s: %s: known gap: %s\n", r.Pos, r.Cue, diag.Escape(r.Text))
			}
		case len(r.Failures) > 0:
			failed++
			fmt.Fprintf(&b, "%s: %s: %s\n", r.Pos, r.Cue, diag.Escape(r.Text))
			for _, f := range r.Failures {
				fmt.Fprintf(&b, "    %s\n", diag.Escape(f))
			}
		}
	}
	fmt.Fprintf(&b, "%s: %d passed, %d failed, %s\n", plural(len(results), "test"), len(results)-failed-gaps, failed, plural(gaps, "known gap"))
	if _, err := std.out.Write(b.Bytes()); err != nil {
		return fail(exitIO, "%w", err)
	}
	if len(results) == 0 {
		return fail(exitCheck, "no test was run: the packs hold none, or no rule has that id")
	}
	if failed > 0 {
		return &exitError{exitCheck, nil}
	}
	return nil
}

func runRulesLint(paths []string, noEmbedded, strict bool, std streams) error {
	packs, err := packSources(paths, noEmbedded)
	if err != nil {
		return err
	}
	list := rules.Lint(rules.Config{Packs: packs, Lexicons: lexicons()})
	list.Sort()
	errors := 0
	var b bytes.Buffer
	for _, d := range list {
		fmt.Fprintln(&b, d)
		if d.Severity == diag.Error {
			errors++
		}
	}
	fmt.Fprintf(&b, "%s, %s\n", plural(errors, "mistake"), plural(len(list)-errors, "warning"))
	if _, err := std.out.Write(b.Bytes()); err != nil {
		return fail(exitIO, "%w", err)
	}
	switch {
	case errors > 0:
		return &exitError{exitConfig, nil}
	case strict && len(list) > 0:
		return &exitError{exitCheck, nil}
	}
	return nil
}
