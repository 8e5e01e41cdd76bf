package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/urfave/cli/v2"

	"stance/internal/io/table"
)

// version is the version of the tool; it stands in the metadata of each file.
const version = "0.1.0"

func versionCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the versions of the tool and of the table schema",
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return fail(exitUsage, "version takes no arguments")
			}
			return runVersion(std.out)
		},
	}
}

func runVersion(w io.Writer) error {
	_, err := fmt.Fprintf(w, "stance %s\nschema %s\n%s %s/%s\n", version, table.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
