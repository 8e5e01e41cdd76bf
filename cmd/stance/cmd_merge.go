package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"stance/internal/diag"
	"stance/internal/io/dataset"
	"stance/internal/pipeline"
)

func mergeCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "merge",
		Usage:     "join the tables of all shards of a run into those of one run over everything",
		ArgsUsage: "OUT_1 OUT_2...",
		Description: "OUT_1 to OUT_N are the output folders of N runs over the same inputs with the same options but for\n" +
			"--shard 1/N to --shard N/N, in any order. The joined tables have the bytes that one run without\n" +
			"--shard writes: exact and near duplicates are found across shards.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "output folder `OUT`; it is made when it is not there (required)"},
		},
		Action: func(c *cli.Context) error {
			out := c.String("out")
			switch {
			case out == "":
				return fail(exitUsage, "the output folder is missing: give -o OUT; see 'stance merge --help'")
			case c.NArg() < 2:
				return fail(exitUsage, "merge takes the output folders of at least two shards; see 'stance merge --help'")
			}
			for _, dir := range c.Args().Slice() {
				if filepath.Clean(dir) == filepath.Clean(out) {
					return fail(exitUsage, "the output folder %s is one of the shards", out)
				}
			}
			return runMerge(c.Context, c.Args().Slice(), out, std)
		},
	}
}

func runMerge(ctx context.Context, dirs []string, dir string, std streams) error {
	started := time.Now()
	shards, err := dataset.OpenShards(ctx, dirs)
	if err != nil {
		return err
	}
	opts := shards.Options()
	opts.Run = runName(started)
	out, err := dataset.Open(dir, opts)
	if err != nil {
		return err
	}
	g, err := merge(ctx, shards, out, opts.Settings["near_duplicates"] == "true", started)
	err = errors.Join(err, out.Close())
	if err != nil {
		return err
	}
	t := g.Manifest.Totals
	return writeOut(std.out, fmt.Sprintf("joined %d shards: %s articles, %s rejects\ntables in %s\n", len(dirs), thousands(t.Articles),
		thousands(t.Rejected), diag.Escape(filepath.ToSlash(filepath.Join(dir, "current")))))
}

// merge joins shards into an output folder and commits it.
func merge(ctx context.Context, shards *dataset.Shards, out *dataset.Output, near bool, started time.Time) (*dataset.Generation, error) {
	if err := out.Start(1); err != nil {
		return nil, err
	}
	shards.Into(out)
	sum, err := pipeline.Join(ctx, len(shards.Generations), shards, out, pipeline.Options{Spill: out, Near: near})
	if err == nil {
		err = shards.Done()
	}
	if err != nil {
		return nil, err
	}
	stats, err := shards.Rules()
	if err != nil {
		return nil, err
	}
	if err := out.Rules(stats); err != nil {
		return nil, err
	}
	t := shards.Totals(sum.Rejected, sum.Warnings, sum.NearDuplicates)
	return out.Commit(dataset.Report{Totals: t, Inputs: shards.Generations[0].Manifest.Inputs, Log: newRunLog(started, 1, t)})
}

// runName names a run by when it began and by its process.
func runName(started time.Time) string {
	return fmt.Sprintf("%s-%d", started.UTC().Format("20060102T150405.000"), os.Getpid())
}
