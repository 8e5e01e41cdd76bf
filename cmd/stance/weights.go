package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/fit"
	"stance/internal/model/rules"
	"stance/internal/model/sentiment"
	"stance/internal/model/stance"
)

// weightsFlag is the option of the commands that learned weights of some kinds
// count in.
func weightsFlag(kinds string) cli.Flag {
	return &cli.StringSliceFlag{Name: "weights", Usage: "`FILE` of weights from fit, in place of the embedded ones of its kind: " + kinds + " (repeatable)"}
}

// useWeights puts the weights of files in the place of the embedded ones. The
// kinds are those that count in the command. Its error lists all mistakes of
// all files.
func useWeights(c *analysis.Config, paths []string, kinds ...string) error {
	places := map[string]*[]byte{"sentiment": &c.Sentiment, "tone": &c.Tone, "directed stance": &c.Pair, "events": &c.Event}
	first := map[string]string{}
	var mistakes diag.List
	for _, p := range paths {
		b, err := readAtMost(p, 16<<20)
		if err != nil {
			return err
		}
		// Spreadsheets write tables so.
		b = bytes.ReplaceAll(bytes.TrimPrefix(b, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
		kind := weightsKind(b)
		other, twice := first[kind]
		switch {
		case kind == "":
			mistakes.Errorf(diag.Position{File: p, Line: 1, Col: 1}, "type", "no table of weights; its first lines must tell what it is of, as fit writes them")
			continue
		case !slices.Contains(kinds, kind):
			expected := "none do"
			if len(kinds) > 0 {
				expected = "expected those of " + strings.Join(kinds, ", ")
			}
			return fail(exitUsage, "--weights %s: weights of %s do not count here; %s", p, kind, expected)
		case twice:
			return fail(exitUsage, "--weights %s: %s has weights of %s already", p, other, kind)
		}
		first[kind], *places[kind] = p, b
		checkWeights(c, p, b, kind == "sentiment", &mistakes)
	}
	return mistakes.Err()
}

// weightsKind tells what a table of weights is for; "" when it does not say.
func weightsKind(b []byte) string {
	if bytes.HasPrefix(b, []byte(sentiment.WeightsHeader)) || bytes.Contains(b, []byte("\n"+sentiment.WeightsHeader)) {
		return "sentiment"
	}
	first, _, _ := strings.Cut(string(b), "\n")
	for _, k := range [][2]string{{"tone", fit.OfTone}, {"directed stance", fit.OfStance}, {"events", fit.OfEvents}} {
		if strings.HasPrefix(first, "#") && strings.Contains(first, k[1]) {
			return k[0]
		}
	}
	return ""
}

// checkWeights adds the mistakes of a table of weights, whose constructor
// would stop at the first, and what it would pass over: weights of what neither
// the scorer nor the lexicon knows.
func checkWeights(c *analysis.Config, path string, b []byte, ofSentiment bool, mistakes *diag.List) {
	header := stance.WeightsHeader
	if ofSentiment {
		header = sentiment.WeightsHeader
	}
	var known [sentiment.Word]func(name string) bool // by kind of feature
	if ofSentiment {
		words, classes := rules.LexiconNames(c.Lexicons)
		known[sentiment.Dense] = sentiment.IsDense
		known[sentiment.Class] = func(name string) bool { return classes[name] }
		known[sentiment.Entry] = func(name string) bool { return words[name] }
	}
	found := len(*mistakes)
	seen := map[string]int{} // per feature: its line
	line, begun := 0, false
	for row := range strings.Lines(string(b)) {
		line++
		row = strings.TrimSuffix(row, "\n")
		if row == "" || row[0] == '#' {
			continue
		}
		pos := diag.Position{File: path, Line: line, Col: 1}
		if !begun {
			if begun = true; row != header {
				mistakes.Errorf(pos, "header", "expected the header %s with tabs between", strings.ReplaceAll(header, "\t", ", "))
			}
			continue
		}
		var feature, unknown string
		var field int
		var err error
		if ofSentiment {
			var w sentiment.Weight
			w, field, err = sentiment.ParseWeight(row)
			feature = w.Kind.String() + " " + w.Feature
			if err == nil && int(w.Kind) < len(known) && known[w.Kind] != nil && !known[w.Kind](w.Feature) {
				unknown = fmt.Sprintf("%q is no %s", w.Feature, [...]string{sentiment.Dense: "dense feature", sentiment.Class: "class of the lexicon", sentiment.Entry: "entry of the lexicon"}[w.Kind])
				pos.Col += len(w.Kind.String()) + 1
			}
		} else {
			var r stance.Row
			r, field, err = stance.ParseRow(row)
			feature = r.Feature
		}
		if err != nil {
			for _, f := range strings.Split(row, "\t")[:field] {
				pos.Col += utf8.RuneCountInString(f) + 1
			}
			mistakes.Errorf(pos, "value", "%v", err)
			continue
		}
		if unknown != "" {
			mistakes.Errorf(pos, "unknown", "%s", unknown)
		}
		if at, twice := seen[feature]; twice {
			mistakes.Errorf(pos, "duplicate", "%q stands twice; first at line %d", feature, at)
			continue
		}
		seen[feature] = line
	}
	if len(seen) == 0 && len(*mistakes) == found {
		mistakes.Errorf(diag.Position{File: path, Line: max(line, 1), Col: 1}, "missing", "no weights")
	}
}
