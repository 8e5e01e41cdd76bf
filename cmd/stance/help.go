package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

const (
	helpWidth  = 100 // columns of a line of help
	helpIndent = 28  // where the explanation of an option begins
)

// commandHelp renders the help of a command. The library's own rendering
// shows "value" for every argument, repeats what may be repeated, and gives
// "(default: false)" and "(default: 0)" for what is not set.
func commandHelp(path string, c *cli.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "NAME:\n   %s - %s\n\nUSAGE:\n   %s", path, c.Usage, path)
	switch {
	case len(c.Subcommands) > 0:
		b.WriteString(" COMMAND [OPTIONS] [ARGUMENTS]\n")
	case c.ArgsUsage != "":
		fmt.Fprintf(&b, " [OPTIONS] %s\n", c.ArgsUsage)
	default:
		b.WriteString(" [OPTIONS]\n")
	}
	if c.Description != "" {
		fmt.Fprintf(&b, "\nDESCRIPTION:\n   %s\n", strings.ReplaceAll(c.Description, "\n", "\n   "))
	}
	if len(c.Subcommands) > 0 {
		b.WriteString("\nCOMMANDS:\n")
		for _, s := range c.Subcommands {
			helpLine(&b, s.Name, s.Usage)
		}
	}
	b.WriteString("\nOPTIONS:\n")
	for _, f := range c.Flags {
		if d, ok := f.(cli.DocGenerationFlag); ok {
			helpLine(&b, optionNames(f, d), optionUsage(f, d))
		}
	}
	helpLine(&b, "-h, --help", "show help")
	// The library takes the text for a template.
	return strings.ReplaceAll(b.String(), "{{", `{{"{{"}}`)
}

// optionNames renders "-o, --out OUT": the short name first, then the name of
// the value, which stands between backquotes in the usage.
func optionNames(f cli.Flag, d cli.DocGenerationFlag) string {
	var short, long string
	for _, n := range f.Names() {
		if len(n) == 1 {
			short = "-" + n + ", "
		} else if long == "" {
			long = "--" + n
		}
	}
	if d.TakesValue() {
		value := "VALUE"
		if parts := strings.SplitN(d.GetUsage(), "`", 3); len(parts) == 3 {
			value = parts[1]
		}
		long += " " + value
	}
	return short + long
}

func optionUsage(f cli.Flag, d cli.DocGenerationFlag) string {
	usage := strings.ReplaceAll(d.GetUsage(), "`", "")
	switch f := f.(type) {
	case *cli.StringFlag:
		if f.Value != "" {
			usage += " (default: " + f.Value + ")"
		}
	case *cli.IntFlag:
		if f.Value != 0 {
			usage += fmt.Sprintf(" (default: %d)", f.Value)
		}
	}
	return usage
}

// helpLine writes a name and its explanation, wrapped to the width of help.
func helpLine(b *strings.Builder, name, usage string) {
	line := "   " + name
	if len(line)+2 > helpIndent {
		b.WriteString(line + "\n")
		line = ""
	}
	line += strings.Repeat(" ", helpIndent-len(line))
	empty := true
	for _, w := range strings.Fields(usage) {
		if !empty && len(line)+1+len(w) > helpWidth {
			b.WriteString(line + "\n")
			line, empty = strings.Repeat(" ", helpIndent), true
		}
		if !empty {
			line += " "
		}
		line, empty = line+w, false
	}
	b.WriteString(line + "\n")
}
