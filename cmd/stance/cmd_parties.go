package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/model"
	"stance/internal/model/rules"
)

func partiesCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "parties",
		Usage: "list the parties of the packs, look a name up, import dictionaries",
		Subcommands: []*cli.Command{
			{
				Name:  "list",
				Usage: "list every party: id, kind, parent, label, pack position",
				Flags: packFlags(),
				Action: func(c *cli.Context) error {
					if c.NArg() > 0 {
						return fail(exitUsage, "parties list takes no arguments; packs are given with --pack")
					}
					a, err := analyzer(c, nil)
					if err != nil {
						return err
					}
					return runPartiesList(a, std.out)
				},
			},
			{
				Name:      "lookup",
				Usage:     "show whom a name means, on a day",
				ArgsUsage: "NAME",
				Flags:     append(packFlags(), &cli.StringFlag{Name: "date", Usage: "on this `DAY` (YYYY-MM-DD); who holds an office depends on it"}),
				Action: func(c *cli.Context) error {
					if c.NArg() != 1 {
						return fail(exitUsage, "lookup takes one NAME; put names of several words in quotes")
					}
					a, err := analyzer(c, nil)
					if err != nil {
						return err
					}
					return runPartiesLookup(c, a, c.Args().First(), c.String("date"), std)
				},
			},
			{
				Name:      "import",
				Usage:     "turn a quanteda-style dictionary (YAML) or a CSV of party,alias into a pack on standard output",
				ArgsUsage: "FILE",
				Action: func(c *cli.Context) error {
					if c.NArg() != 1 {
						return fail(exitUsage, "import takes one FILE")
					}
					b, err := readAtMost(c.Args().First(), 1<<20)
					if err != nil {
						return err
					}
					pack, mistakes := rules.Import(c.Args().First(), b)
					if err := mistakes.Err(); err != nil {
						return err
					}
					if _, err := std.out.Write(pack); err != nil {
						return fail(exitIO, "%w", err)
					}
					return nil
				},
			},
		},
	}
}

func runPartiesList(a *analysis.Analyzer, w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "ID\tKIND\tPARENT\tLABEL\tDEFINED AT")
	for i := range a.Program.Parties {
		p := &a.Program.Parties[i]
		parent := "-"
		if p.Parent >= 0 {
			parent = a.Program.Parties[p.Parent].ID
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", p.ID, p.Kind, parent, diag.Escape(p.Label), p.Pos)
	}
	if err := tw.Flush(); err != nil {
		return fail(exitIO, "%w", err)
	}
	return nil
}

// runPartiesLookup analyses the name as a text of its own and as the subject
// of a sentence, so that it answers as an article would.
func runPartiesLookup(c *cli.Context, a *analysis.Analyzer, name, date string, std streams) error {
	articles, err := readArticles(c.Context, "-", date, strings.NewReader(name+" said so."))
	if err != nil {
		return err
	}
	w := a.NewWorker()
	var r model.Result
	w.Analyze(articles[0], &r, nil)
	found := false
	for i := range r.Mentions {
		m := &r.Mentions[i]
		if m.Start >= int32(len(name)) {
			continue
		}
		found = true
		id := m.ID
		if id == "" {
			id = "(not resolved)"
		}
		fmt.Fprintf(std.out, "%s\t%s\t%s\t%s\t%s", diag.Escape(m.In(articles[0].Text)), m.Kind, id, m.AliasKind, m.Resolution)
		if m.Person != "" {
			fmt.Fprintf(std.out, "\tperson %s", m.Person)
		}
		if len(m.Rollup) > 0 {
			fmt.Fprintf(std.out, "\tin %s", strings.Join(m.Rollup, ", "))
		}
		if len(m.Candidates) > 0 {
			fmt.Fprintf(std.out, "\tcandidates %s", strings.Join(m.Candidates, ", "))
		}
		fmt.Fprintln(std.out)
	}
	if !found {
		return fail(exitCheck, "no pack knows %q", name)
	}
	return nil
}
