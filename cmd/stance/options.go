package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stance/data"
	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/io/corpus"
	"stance/internal/model/rules"
)

// packFlags are the options of every command that analyses text.
func packFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "pack", Usage: "`FILE`: add a YAML pack of parties, issues or rules; a pack with the id of an embedded one replaces it (repeatable)"},
		&cli.BoolFlag{Name: "no-embedded", Usage: "leave the embedded party packs out; core-en stays"},
	}
}

// The options that run and score share.

func fieldFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "field", Usage: "`ROLE=NAME`: read a role (id, outlet, date, headline, text, url, byline, lang) from the field NAME (repeatable)"}
}

func utf8Flag() cli.Flag {
	return &cli.StringFlag{Name: "utf8", Value: "replace", Usage: "`POLICY`: what becomes of invalid UTF-8: replace, or strict to reject the record"}
}

func sentimentFlag() cli.Flag {
	return &cli.StringFlag{Name: "sentiment", Value: "news", Usage: "`SCORER` behind the column sentiment: news, bayes (cdipaolo/sentiment) or vader"}
}

func noTextFlag() cli.Flag {
	return &cli.BoolFlag{Name: "no-text", Usage: "leave the text of sentences, quotes and snippets out"}
}

// recordOptions reads --utf8 and --field into o and tells fault what is wrong
// with them.
func recordOptions(c *cli.Context, o *corpus.Options, fault func(option, format string, args ...any)) {
	switch u := c.String("utf8"); u {
	case "replace":
	case "strict":
		o.StrictUTF8 = true
	default:
		fault("utf8", "unknown --utf8 %q: expected replace or strict", u)
	}
	o.Fields = map[string]string{}
	for _, f := range c.StringSlice("field") {
		role, name, ok := strings.Cut(f, "=")
		if !ok || role == "" || name == "" {
			fault("field", "--field %q: expected ROLE=NAME", f)
			continue
		}
		if _, twice := o.Fields[role]; twice {
			fault("field", "--field %s is given twice", role)
		}
		o.Fields[role] = name
	}
}

// analyzer compiles the embedded packs and those named on the command line.
func analyzer(c *cli.Context) (*analysis.Analyzer, error) {
	cfg, err := commandConfig(c)
	if err != nil {
		return nil, err
	}
	a, _, err := compile(c, cfg)
	return a, err
}

// commandConfig is what the command line says of the analyzer.
func commandConfig(c *cli.Context) (analysis.Config, error) {
	cfg, err := configuration(c.StringSlice("pack"), c.Bool("no-embedded"))
	if err != nil {
		return cfg, err
	}
	// The models of directed stance serve eval and fit alone.
	cfg.Pair, cfg.Event = nil, nil
	if err := useWeights(&cfg, c.StringSlice("weights"), "sentiment", "tone"); err != nil {
		return cfg, err
	}
	cfg.Bayes = c.Command.Name == "run" || c.Command.Name == "score" // no other command shows it
	if cfg.Scorer = c.String("sentiment"); cfg.Scorer != "" && !slices.Contains([]string{"news", "bayes", "vader"}, cfg.Scorer) {
		return cfg, fail(exitUsage, "unknown scorer %q: expected news, bayes or vader", cfg.Scorer)
	}
	cfg.Vader = cfg.Scorer == "vader"
	return cfg, nil
}

// compile makes an analyzer. It prints the warnings about packs of the command
// line, and returns how many there are; the embedded ones have their own tests.
func compile(c *cli.Context, cfg analysis.Config) (a *analysis.Analyzer, warned int, err error) {
	a, warnings, err := analysis.New(cfg)
	if err == nil && a == nil {
		err = warnings.Err()
	}
	if err == nil {
		warnings.Sort()
		for _, w := range warnings {
			if slices.Contains(c.StringSlice("pack"), w.File) {
				fmt.Fprintln(c.App.ErrWriter, w)
				warned++
			}
		}
	}
	return a, warned, err
}

// packSources returns the embedded packs and those of the user.
func packSources(paths []string, noEmbedded bool) ([]rules.Source, error) {
	var packs []rules.Source
	for _, f := range data.Packs() {
		if noEmbedded && f.Name != "rules/core-en.yaml" {
			continue
		}
		packs = append(packs, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	for _, p := range paths {
		b, err := readAtMost(p, 1<<20)
		if err != nil {
			return nil, err
		}
		packs = append(packs, rules.Source{Name: p, Data: b})
	}
	return packs, nil
}

// configuration is what an analyzer is made of: the embedded lexicon and
// weights, the embedded packs and those of the user.
func configuration(paths []string, noEmbedded bool) (analysis.Config, error) {
	packs, err := packSources(paths, noEmbedded)
	if err != nil {
		return analysis.Config{}, err
	}
	return analysis.Config{Packs: packs, Lexicons: lexicons(), Sentiment: data.Model("sentiment.tsv"), Tone: data.Model("tone.tsv"),
		Pair: data.Model("stance.tsv"), Event: data.Model("event.tsv")}, nil
}

func lexicons() []rules.Source {
	var lex []rules.Source
	for _, f := range data.Lexicons() {
		lex = append(lex, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	return lex
}

// readAtMost reads a file of at most n bytes.
func readAtMost(path string, n int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fail(inputCode(err), "%w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, n+1))
	if err != nil {
		return nil, fail(exitIO, "%w", err)
	}
	if int64(len(b)) > n {
		return nil, diag.List{{Position: diag.Position{File: path}, Kind: "limit", Message: fmt.Sprintf("the file is larger than %d bytes", n)}}
	}
	return b, nil
}

// inputCode tells a missing input from a forbidden one.
func inputCode(err error) int {
	switch {
	case os.IsNotExist(err):
		return exitNoInput
	case os.IsPermission(err):
		return exitPermission
	}
	return exitIO
}
