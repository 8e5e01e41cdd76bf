package main

import (
	"github.com/urfave/cli/v2"

	"stance/internal/io/table"
)

func schemaCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "schema",
		Usage: "print the codebook: every table and column with type, meaning, values and null rule",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "as JSON"}},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return fail(exitUsage, "schema takes no arguments")
			}
			return runSchema(c.Bool("json"), std)
		},
	}
}

func runSchema(asJSON bool, std streams) error {
	b := table.Codebook()
	if asJSON {
		var err error
		if b, err = table.CodebookJSON(); err != nil {
			return err
		}
	}
	if _, err := std.out.Write(b); err != nil {
		return fail(exitIO, "%w", err)
	}
	return nil
}
