// Command stance splits news articles into sentences, scores their sentiment,
// finds the parties that are mentioned, attributes stance per party and
// writes Arrow/Parquet tables.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"stance/internal/diag"
)

// Exit codes are part of the interface and are never renumbered.
const (
	exitOK          = 0
	exitCheck       = 1
	exitRejects     = 3
	exitUsage       = 64
	exitAllRejected = 65
	exitNoInput     = 66
	exitInternal    = 70
	exitCannotWrite = 73
	exitIO          = 74
	exitLocked      = 75
	exitPermission  = 77
	exitConfig      = 78
	exitDamaged     = 80
	exitInterrupted = 130
	exitTerminated  = 143
)

const exitCodesHelp = `EXIT CODES:
   0    complete: nothing rejected, or within --max-rejects
   1    a check found something (a failed rule test, accuracy below its bar, differences)
   3    published, with at least one reject
   64   wrong usage
   65   rejects above the hard limit, or all input bad; nothing published
   66   input missing
   70   internal error
   73   output cannot be created
   74   input or output error
   75   output locked by another run
   77   permission denied
   78   packs or configuration invalid; no input was read
   80   verify found damage in published data
   130  interrupted (SIGINT); a rerun completes the work
   143  terminated (SIGTERM); a rerun completes the work
`

// exitError carries the exit code of a failed command. A nil err prints
// nothing: the command has said what there is to say.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// fail wraps an error with its exit code.
func fail(code int, format string, args ...any) error {
	return &exitError{code, fmt.Errorf(format, args...)}
}

// streams are the standard streams of a command, so that tests can give it
// others.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// memoryLimit keeps the resident size of a run near 400 MiB whatever the size
// of the corpus; a very long article may go beyond it.
const memoryLimit = 340 << 20

func main() {
	hugePages()
	// Collecting rarely is cheap until the limit nears. The environment's own
	// settings win.
	if os.Getenv("GOGC") == "" {
		collectRarely(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	os.Exit(stanceMain(os.Args, streams{os.Stdin, os.Stdout, os.Stderr}))
}

// stanceMain runs one command line and returns its exit code.
func stanceMain(args []string, std streams) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(std.err, "stance: internal error: %v\n%s", p, debug.Stack())
			code = exitInternal
		}
	}()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	stop := onSignal(cancel)
	defer stop()
	std.in = newStoppable(ctx, std.in)
	if len(args) > 1 && args[1] == "help" {
		args = append(append(args[:1:1], args[2:]...), "--help")
	}
	app := newApp(std)
	return tell(app.RunContext(ctx, optionsFirst(app.Commands, args)), ctx, std.err)
}

// interrupted is the cause of a context that a signal cancelled.
type interrupted struct{ sig os.Signal }

func (i interrupted) Error() string {
	if i.sig == syscall.SIGTERM {
		return "stopped by SIGTERM"
	}
	return "stopped by SIGINT"
}

// onSignal cancels on the first SIGINT or SIGTERM; a second one ends the
// process at once.
func onSignal(cancel context.CancelCauseFunc) (stop func()) {
	ch := make(chan os.Signal, 2)
	signal.Notify(ch, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		select {
		case sig := <-ch:
			signal.Stop(ch)
			signal.Reset(os.Interrupt, syscall.SIGTERM)
			cancel(interrupted{sig})
		case <-done:
		}
	}()
	return func() { signal.Stop(ch); close(done) }
}

// tell prints an error for people and returns the exit code.
func tell(err error, ctx context.Context, w io.Writer) int {
	code := exitCode(err, ctx)
	var list diag.List
	var e *exitError
	switch i := (interrupted{}); {
	case err == nil:
	case errors.As(context.Cause(ctx), &i):
		fmt.Fprintf(w, "stance: %v; nothing was published, a rerun completes the work\n", i)
	case errors.As(err, &list):
		fmt.Fprintln(w, list.Error())
		fmt.Fprintf(w, "stance: %s\n", plural(len(list), "mistake")+" in packs or configuration")
	case errors.As(err, &e) && e.err == nil:
	default:
		fmt.Fprintf(w, "stance: %s\n", diag.Escape(err.Error()))
	}
	return code
}

// exitCode returns the exit code of a command that ended with err.
func exitCode(err error, ctx context.Context) int {
	var list diag.List
	var e *exitError
	switch i := (interrupted{}); {
	case err == nil:
		return exitOK
	case errors.As(context.Cause(ctx), &i) && i.sig == syscall.SIGTERM:
		return exitTerminated
	case errors.As(context.Cause(ctx), &i):
		return exitInterrupted
	case errors.As(err, &list):
		return exitConfig
	case errors.As(err, &e):
		return e.code
	}
	return exitCodeOf(err)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%s %ss", thousands(int64(n)), noun)
}

// thousands renders 1234567 as 1,234,567.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func newApp(std streams) *cli.App {
	usage := func(c *cli.Context, err error, _ bool) error {
		return fail(exitUsage, "%s; see 'stance %s--help'", optionError(err), commandPrefix(c))
	}
	app := &cli.App{
		Name:            "stance",
		Usage:           "find in news who expresses what towards whom, and write it as tables",
		UsageText:       "stance COMMAND [OPTIONS] [ARGUMENTS]",
		HideVersion:     true,
		HideHelpCommand: true,
		Reader:          std.in,
		Writer:          std.out,
		ErrWriter:       std.err,
		ExitErrHandler:  func(*cli.Context, error) {},
		OnUsageError:    usage,
		Commands:        commands(std),
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return cli.ShowAppHelp(c)
			}
			return fail(exitUsage, "unknown command %q%s; see 'stance --help'", c.Args().First(), suggestion(c.App.Commands, c.Args().First()))
		},
	}
	app.CustomAppHelpTemplate = cli.AppHelpTemplate + "\n" + exitCodesHelp
	prepare("stance", app.Commands, usage)
	return app
}

// optionError words the messages of the flag package as the other messages
// are worded.
func optionError(err error) string {
	msg := err.Error()
	dashes := func(name string) string {
		if len(name) > 1 {
			return "--" + name
		}
		return "-" + name
	}
	if name, ok := strings.CutPrefix(msg, "flag provided but not defined: -"); ok {
		return "unknown option " + dashes(name)
	}
	if name, ok := strings.CutPrefix(msg, "flag needs an argument: -"); ok {
		return "option " + dashes(name) + " needs a value"
	}
	if value, rest, ok := strings.Cut(msg, " for flag -"); ok && strings.HasPrefix(value, "invalid value ") {
		name, _, _ := strings.Cut(rest, ":")
		return value + " for option " + dashes(name)
	}
	return msg
}

// prepare sets on every command what the library leaves to each: help as this
// tool words it, usage errors that do not print to stdout, and no help
// subcommand.
func prepare(path string, commands []*cli.Command, usage cli.OnUsageErrorFunc) {
	for _, c := range commands {
		c.OnUsageError = usage
		c.HideHelpCommand = true
		c.CustomHelpTemplate = commandHelp(path+" "+c.Name, c)
		prepare(path+" "+c.Name, c.Subcommands, usage)
		if c.Action == nil {
			c.Action = func(ctx *cli.Context) error {
				if ctx.NArg() == 0 {
					return cli.ShowSubcommandHelp(ctx)
				}
				name := ctx.Args().First()
				return fail(exitUsage, "unknown command %q%s; see 'stance %s--help'", name, suggestion(ctx.Command.Subcommands, name), commandPrefix(ctx))
			}
		}
	}
}

func commandPrefix(c *cli.Context) string {
	if c.Command == nil || c.Command.Name == "" || c.Command.Name == "stance" {
		return ""
	}
	return strings.TrimPrefix(c.Command.HelpName, "stance ") + " "
}

// suggestion names the command that a mistyped one may mean.
func suggestion(commands []*cli.Command, typed string) string {
	best, least := "", 3
	for _, c := range commands {
		if d := diag.Edits(typed, c.Name); d < least {
			best, least = c.Name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}
