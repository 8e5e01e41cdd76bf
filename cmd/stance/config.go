package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/io/corpus"
	"stance/internal/io/dataset"
	"stance/internal/model/rules"
	"stance/internal/pipeline"
)

// settings is what a file of settings adds to the command line of a run.
type settings struct {
	inputs []string
	bars   []qualityBar
	from   map[string]diag.Position // options that the file sets
}

// notInFile are options that make no sense in a file of settings.
var notInFile = []string{"config", "dry-run", "help"}

// pathOptions are the options whose values are paths. In a file they are relative to
// the folder of the file, since a nightly job starts in a folder of its own.
var pathOptions = []string{"out", "pack", "weights", "profile", "metrics-file"}

// readSettings reads a file of settings and sets the options of c that the
// command line leaves open. Its error lists all mistakes of the file.
func readSettings(c *cli.Context, path string) (settings, error) {
	s := settings{from: map[string]diag.Position{}}
	data, err := readAtMost(path, 1<<20)
	if err != nil {
		return s, err
	}
	given, mistakes := rules.Settings(rules.Source{Name: path, Data: data})
	known := []string{"inputs", "bars"}
	for _, f := range c.Command.Flags {
		if name := f.Names()[0]; !slices.Contains(notInFile, name) {
			known = append(known, name)
		}
	}
	relative := func(p string) string {
		if p == "-" || filepath.IsAbs(p) {
			return p
		}
		return filepath.Join(filepath.Dir(path), p)
	}
	for _, g := range given {
		switch {
		case !slices.Contains(known, g.Name):
			mistakes.Errorf(g.Pos, "unknown-key", "unknown setting %q; %s", g.Name, rules.Suggest(g.Name, known))
		case g.Name == "bars":
			s.bars = readBars(g, &mistakes)
		case len(g.Values) == 0:
			mistakes.Errorf(g.Pos, "type", "%q has no value", g.Name)
		case g.Name == "inputs":
			for _, v := range g.Values {
				s.inputs = append(s.inputs, relative(v.Text))
			}
		case !c.IsSet(g.Name):
			isPath := slices.Contains(pathOptions, g.Name)
			for _, v := range g.Values {
				if isPath {
					v.Text = relative(v.Text)
				}
				setOption(c, g, v, &mistakes)
			}
			s.from[g.Name] = g.Values[0].Pos
		}
	}
	if c.NArg() > 0 { // the command line wins
		s.inputs = c.Args().Slice()
	}
	mistakes.Sort()
	return s, mistakes.Err()
}

// setOption gives an option the value that a file has for it.
func setOption(c *cli.Context, g rules.Setting, v rules.Value, mistakes *diag.List) {
	i := slices.IndexFunc(c.Command.Flags, func(f cli.Flag) bool { return f.Names()[0] == g.Name })
	expected := "text"
	switch c.Command.Flags[i].(type) {
	case *cli.BoolFlag:
		expected = "true or false"
	case *cli.IntFlag, *cli.Int64Flag:
		expected = "a whole number"
	case *cli.StringSliceFlag:
	default:
		if len(g.Values) > 1 && v != g.Values[0] {
			mistakes.Errorf(v.Pos, "value", "%q takes one value", g.Name)
			return
		}
	}
	if g.Name == "pack" || g.Name == "weights" {
		if _, err := os.Stat(v.Text); err != nil {
			mistakes.Errorf(v.Pos, "value", "%v", err)
		}
	}
	if c.Set(g.Name, v.Text) != nil {
		mistakes.Errorf(v.Pos, "value", "%q is %q; expected %s", g.Name, v.Text, expected)
	}
}

// figures are what the bars of a nightly run judge.
type figures struct {
	Volume           float64 `json:"volume"`                     // articles analysed
	RejectRate       float64 `json:"reject_rate"`                // share of the records read
	UnknownActorRate float64 `json:"unknown_actor_rate"`         // share of the stances whose holder no pack knows
	StancesPer1000   float64 `json:"stances_per_1000_sentences"` // stances in 1,000 sentences
}

func figuresOf(s pipeline.Summary) figures {
	share := func(n, of int64) float64 {
		if of == 0 {
			return 0
		}
		return float64(n) / float64(of)
	}
	return figures{float64(s.Articles), share(s.Rejected, s.Records), share(s.UnknownHolders, s.Stances), 1000 * share(s.Stances, s.Sentences)}
}

// earlierFigures returns the figures of the last runs at the output of a run
// that has bars to hold.
func earlierFigures(o runOptions) ([]figures, error) {
	if len(o.bars) == 0 {
		return nil, nil
	}
	logs, err := dataset.Logs(o.out, barRuns)
	if err != nil {
		return nil, err
	}
	out := make([]figures, len(logs))
	for i, b := range logs {
		var l runLog
		if err := json.Unmarshal(b, &l); err != nil {
			return nil, fail(exitIO, "a log in %s: %w", filepath.Join(o.out, "runs"), err)
		}
		out[i] = l.Figures
	}
	return out, nil
}

// figureNames are the names of figures in files, in their order.
var figureNames = []string{"volume", "reject_rate", "unknown_actor_rate", "stances_per_1000_sentences"}

// of returns a figure by its name.
func (f *figures) of(name string) float64 {
	return [...]float64{f.Volume, f.RejectRate, f.UnknownActorRate, f.StancesPer1000}[slices.Index(figureNames, name)]
}

// barRuns is how many earlier runs the mean of a figure is taken over.
const barRuns = 28

// qualityBar bounds a figure of a run. NaN is no bound.
type qualityBar struct {
	figure      string
	least, most float64
	within      float64 // share of the mean of the last runs that the figure may differ from it
}

func readBars(g rules.Setting, mistakes *diag.List) []qualityBar {
	if len(g.Fields) == 0 {
		mistakes.Errorf(g.Pos, "type", "\"bars\" has no figures; expected %s", strings.Join(figureNames, ", "))
	}
	var bars []qualityBar
	for _, f := range g.Fields {
		if !slices.Contains(figureNames, f.Name) {
			mistakes.Errorf(f.Pos, "unknown-key", "unknown figure %q; %s", f.Name, rules.Suggest(f.Name, figureNames))
			continue
		}
		b := qualityBar{figure: f.Name, least: math.NaN(), most: math.NaN(), within: math.NaN()}
		if len(f.Fields) == 0 {
			mistakes.Errorf(f.Pos, "type", "%q has no bounds; expected {min: X, max: Y, within: SHARE}", f.Name)
		}
		for _, k := range f.Fields {
			bounds := map[string]*float64{"min": &b.least, "max": &b.most, "within": &b.within}
			at, ok := bounds[k.Name]
			if !ok {
				mistakes.Errorf(k.Pos, "unknown-key", "unknown bound %q; %s", k.Name, rules.Suggest(k.Name, []string{"max", "min", "within"}))
				continue
			}
			if len(k.Values) == 1 {
				if x, err := strconv.ParseFloat(k.Values[0].Text, 64); err == nil && x >= 0 && !math.IsInf(x, 0) {
					*at = x
					continue
				}
			}
			mistakes.Errorf(k.Pos, "value", "%q of %q: expected a number from 0", k.Name, f.Name)
		}
		bars = append(bars, b)
	}
	return bars
}

// missed says which bars a run misses, in words. Earlier are the figures of
// the runs before; without any, nothing is held to their mean.
func missed(bars []qualityBar, now figures, earlier []figures) []string {
	var out []string
	for _, b := range bars {
		x := now.of(b.figure)
		miss := func(format string, args ...any) {
			out = append(out, fmt.Sprintf("%s is %s, ", b.figure, number(x))+fmt.Sprintf(format, args...))
		}
		if x < b.least {
			miss("below %s", number(b.least))
		}
		if x > b.most {
			miss("above %s", number(b.most))
		}
		if len(earlier) == 0 {
			continue
		}
		mean := 0.0
		for i := range earlier {
			mean += earlier[i].of(b.figure) / float64(len(earlier))
		}
		if math.Abs(x-mean) > b.within*mean {
			miss("more than %s %% from %s, the mean of %s", number(100*b.within), number(mean), plural(len(earlier), "earlier run"))
		}
	}
	return out
}

// number renders a figure with at most four significant decimals.
func number(x float64) string {
	return strconv.FormatFloat(math.Round(x*1e4)/1e4, 'f', -1, 64)
}

// shownInputs bounds the inputs that a dry run lists.
const shownInputs = 20

// runDry says what a run would do. It has checked settings and packs by now,
// and looks for the inputs; it reads none and writes nothing.
func runDry(o runOptions, a *analysis.Analyzer, std streams) error {
	src, err := corpus.Open(o.inputs, o.corpus)
	if err != nil {
		return err
	}
	earlier, err := earlierFigures(o)
	if err != nil {
		return err
	}
	var b strings.Builder
	inputs := src.Inputs()
	fmt.Fprintf(&b, "would read %s, %s bytes\n", plural(len(inputs), "input"), thousands(src.Size()))
	for _, in := range inputs[:min(len(inputs), shownInputs)] {
		fmt.Fprintf(&b, "  %s (%s)\n", diag.Escape(in.Path), in.Format)
	}
	if more := len(inputs) - shownInputs; more > 0 {
		fmt.Fprintf(&b, "  and %s more\n", thousands(int64(more)))
	}
	fmt.Fprintf(&b, "would analyse with %d parties, %d issues and %d cues\n", len(a.Program.Parties), len(a.Program.Issues), len(a.Program.Cues))
	for _, k := range slices.Sorted(maps.Keys(o.settings)) {
		fmt.Fprintf(&b, "  %s: %s\n", k, diag.Escape(o.settings[k]))
	}
	fmt.Fprintf(&b, "would write %s\n", diag.Escape(filepath.ToSlash(filepath.Join(o.out, "current"))))
	if len(o.bars) > 0 {
		fmt.Fprintf(&b, "would hold %s, beside the mean of %s\n", plural(len(o.bars), "bar"), plural(len(earlier), "earlier run"))
	}
	return writeOut(std.out, b.String())
}
