package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// optionsFirst moves the options of a command line before its arguments, so
// that both "run -o OUT INPUT" and "run INPUT -o OUT" work: the library takes
// an option behind an argument for an argument. What follows "--" stays.
func optionsFirst(commands []*cli.Command, line []string) []string {
	var command *cli.Command
	at := 1
	for at < len(line) {
		i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(line[at]) })
		if i < 0 {
			break
		}
		command, commands = commands[i], commands[i].Subcommands
		at++
	}
	if command == nil || len(command.Subcommands) > 0 {
		return line
	}
	out := slices.Clone(line[:at])
	var arguments []string
	for ; at < len(line); at++ {
		a := line[at]
		if a == "--" {
			arguments = append([]string{"--"}, append(arguments, line[at+1:]...)...)
			break
		}
		if len(a) < 2 || a[0] != '-' {
			arguments = append(arguments, a)
			continue
		}
		out = append(out, a)
		if takesValue(command, a) {
			if at++; at == len(line) {
				return out // the library says that the value is missing
			}
			out = append(out, line[at])
		}
	}
	return append(out, arguments...)
}

// takesValue reports whether the word after an option belongs to it.
func takesValue(c *cli.Command, option string) bool {
	name := strings.TrimLeft(option, "-")
	for _, f := range c.Flags {
		if slices.Contains(f.Names(), name) {
			_, isBool := f.(*cli.BoolFlag)
			return !isBool
		}
	}
	return false
}
