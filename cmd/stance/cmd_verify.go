package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stance/internal/diag"
	"stance/internal/io/columnar"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
)

func verifyCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "compare published tables with their manifest: every file, its size, hash and rows; exit 80 on damage",
		ArgsUsage: "OUT",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return fail(exitUsage, "verify takes one output folder; see 'stance verify --help'")
			}
			return runVerify(c.Context, c.Args().First(), std)
		},
	}
}

func runVerify(ctx context.Context, dir string, std streams) error {
	g, damage, err := dataset.Verify(ctx, dir)
	for _, d := range damage {
		fmt.Fprintf(std.out, "%s: %s\n", diag.Escape(d.Path), diag.Escape(d.Reason))
	}
	if err != nil {
		return err
	}
	var parts, rows int64
	for _, t := range g.Manifest.Tables {
		parts += int64(len(t.Parts))
		rows += t.Rows
	}
	return writeOut(std.out, fmt.Sprintf("%s: generation %d is whole: %d tables, %s files, %s rows\n", diag.Escape(dir), g.Number,
		len(g.Manifest.Tables), thousands(parts), thousands(rows)))
}

func exportCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write one published table to standard output as CSV or JSON Lines",
		ArgsUsage: "OUT TABLE",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "csv", Usage: "RFC 4180; text that a spreadsheet would take for a formula begins with an apostrophe (default)"},
			&cli.BoolFlag{Name: "jsonl", Usage: "one JSON object a row"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return fail(exitUsage, "export takes an output folder and a table; see 'stance export --help'")
			}
			if c.Bool("csv") && c.Bool("jsonl") {
				return fail(exitUsage, "--csv and --jsonl exclude each other")
			}
			format := table.CSV
			if c.Bool("jsonl") {
				format = table.JSONL
			}
			return runExport(c.Context, c.Args().Get(0), c.Args().Get(1), format, std)
		},
	}
}

func runExport(ctx context.Context, dir, name string, format table.ExportFormat, std streams) error {
	if table.Find(name) == nil {
		var known []string
		for _, s := range table.Schemas() {
			known = append(known, s.Name)
		}
		slices.Sort(known)
		return fail(exitUsage, "unknown table %q: expected one of %s", name, strings.Join(known, ", "))
	}
	g, err := dataset.Current(dir)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(std.out)
	err = errors.Join(table.Export(ctx, g.Path, name, format, w), w.Flush())
	if errors.Is(err, columnar.ErrDamaged) {
		return damagedTable(err)
	}
	if err != nil {
		return fail(exitIO, "%w", err)
	}
	return nil
}
