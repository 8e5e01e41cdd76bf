package main

import (
	"bytes"
	"context"

	"github.com/urfave/cli/v2"

	"stance/internal/model"
	"stance/internal/model/text"
)

func textCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "text",
		Usage:     "print every layer of the text stage: sections, sentences, tokens, quotations, clauses, verb groups",
		ArgsUsage: "FILE|-",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return fail(exitUsage, "text takes one FILE, or - for standard input; see 'stance text --help'")
			}
			return runText(c.Context, c.Args().First(), std)
		},
	}
}

func runText(ctx context.Context, path string, std streams) error {
	articles, err := readArticles(ctx, path, "", std.in)
	if err != nil {
		return err
	}
	reader := text.NewReader(text.NewBuilder().Build())
	var l model.Layers
	var b bytes.Buffer
	for _, art := range articles {
		reader.Read(art, &l)
		text.Print(&b, art, &l)
	}
	if _, err := std.out.Write(b.Bytes()); err != nil {
		return fail(exitIO, "%w", err)
	}
	return nil
}
