package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"stance/internal/io/columnar"
	"stance/internal/io/dataset"
	"stance/internal/io/gold"
	"stance/internal/io/table"
)

type sampleOptions struct {
	in     string
	out    string
	by     []string
	n      int
	coders int
	seed   string
}

// strata are what a sample can be spread over.
var strata = []string{"rule", "party", "confidence", "act", "label", "section", "outlet", "sieve", "voice"}

func sampleCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "sample",
		Usage:     "draw stances from finished tables to be judged by hand; eval --task coded reads the verdicts",
		ArgsUsage: "OUT",
		Description: "Coders fill in coder_1, coder_2 …: yes when holder, target and sign are all right, no otherwise. The rows are spread evenly\n" +
			"over the combinations of --by, and weight says for how many stances each stands.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "file to write, .jsonl or .csv (required)"},
			&cli.StringSliceFlag{Name: "by", Value: cli.NewStringSlice("rule"), Usage: strings.Join(strata, ", ") + " (repeatable, or with commas)"},
			&cli.IntFlag{Name: "n", Value: 200, Usage: "rows to draw"},
			&cli.IntFlag{Name: "coders", Value: 2, Usage: "columns for verdicts"},
			&cli.StringFlag{Name: "seed", Usage: "another word draws another sample"},
		},
		Action: func(c *cli.Context) error {
			o := sampleOptions{in: c.Args().First(), out: c.String("out"), by: c.StringSlice("by"), n: c.Int("n"), coders: c.Int("coders"), seed: c.String("seed")}
			switch {
			case c.NArg() != 1:
				return fail(exitUsage, "sample takes one output folder of run; see 'stance sample --help'")
			case o.out == "":
				return fail(exitUsage, "sample needs -o FILE, ending in .jsonl or .csv")
			case o.n < 1 || o.coders < 1:
				return fail(exitUsage, "-n and --coders are at least 1")
			case filepath.Ext(o.out) != ".jsonl" && filepath.Ext(o.out) != ".csv":
				return fail(exitUsage, "%s: expected a name ending in .jsonl or .csv", o.out)
			}
			for _, b := range o.by {
				if !slices.Contains(strata, b) {
					return fail(exitUsage, "--by %s: expected %s", b, strings.Join(strata, ", "))
				}
			}
			return runSample(c.Context, o, std)
		},
	}
}

// stratum renders what a stance falls into. Confidence is cut at fifths.
func stratum(r row, by []string) string {
	parts := make([]string, len(by))
	for i, b := range by {
		switch b {
		case "party":
			parts[i] = partyOf(r)
		case "confidence":
			x, _ := strconv.ParseFloat(r[b], 32)
			fifth := min(int(x*5), 4)
			parts[i] = fmt.Sprintf("%.1f-%.1f", float64(fifth)/5, float64(fifth+1)/5)
		default:
			parts[i] = r[b]
		}
	}
	return strings.Join(parts, " | ")
}

// drawn is a stance on its way into the sample.
type drawn struct {
	id, stratum string
	weight      float64
}

// drawStrata takes rows from one stratum after the other, in rounds, until
// there are n. Strata and rows come in an order that hangs on the seed alone.
func drawStrata(all []drawn, n int, seed string) []drawn {
	size := make(map[string]int)
	for _, d := range all {
		size[d.stratum]++
	}
	slices.SortFunc(all, func(a, b drawn) int {
		return cmp.Or(cmp.Compare(lot(seed+a.id), lot(seed+b.id)), strings.Compare(a.id, b.id))
	})
	round := make(map[string]int) // rows of the stratum so far
	place := make(map[string]int, len(all))
	for _, d := range all {
		round[d.stratum]++
		place[d.id] = round[d.stratum]
	}
	slices.SortStableFunc(all, func(a, b drawn) int {
		return cmp.Or(cmp.Compare(place[a.id], place[b.id]), cmp.Compare(lot(seed+a.stratum), lot(seed+b.stratum)))
	})
	out := all[:min(n, len(all))]
	taken := make(map[string]int)
	for _, d := range out {
		taken[d.stratum]++
	}
	for i := range out {
		out[i].weight = float64(size[out[i].stratum]) / float64(taken[out[i].stratum])
	}
	return out
}

func runSample(ctx context.Context, o sampleOptions, std streams) error {
	g, err := dataset.Current(o.in)
	if err != nil {
		return err
	}
	var all []drawn
	names := []string{"stance_id", "rule", "confidence", "act", "label", "section", "outlet", "sieve", "voice", "target_party", "target_issue", "target_person"}
	if err := readRows(ctx, g, table.Stances, names, nil, func(r row) { all = append(all, drawn{id: r["stance_id"], stratum: stratum(r, o.by)}) }); err != nil {
		return err
	}
	if len(all) == 0 {
		return fail(exitCheck, "%s holds no stances", o.in)
	}
	picked := make(map[string]drawn)
	for _, d := range drawStrata(all, o.n, o.seed) {
		picked[d.id] = d
	}
	var rows []row
	err = readRows(ctx, g, table.Stances, columnNames(table.Find(table.Stances)), func(b *columnar.Batch, i int) bool {
		_, ok := picked[b.Columns[0].Texts[i]] // stance_id stands first
		return ok
	}, func(r row) { rows = append(rows, r) })
	if err != nil {
		return err
	}
	if rows[0]["snippet"] == "" {
		return fail(exitConfig, "%s holds no text to judge by: it was written with --no-text", o.in)
	}
	var out bytes.Buffer
	write := writeCoded(&out, filepath.Ext(o.out) == ".csv", o.coders)
	for _, r := range rows {
		d := picked[r["stance_id"]]
		if err := write([][2]string{{"id", r["stance_id"]}, {"article", r["article_id"]}, {"outlet", r["outlet"]}, {"section", r["section"]},
			{"text", oneLine(r["snippet"])}, {"holder", cmp.Or(r["holder_party"], r["holder_person"], r["voice"])}, {"label", r["label"]}, {"party", partyOf(r)},
			{"act", r["act"]}, {"cue", r["cue"]}, {"issue", r["issue"]}, {"rule", r["rule"]}, {"sieve", r["sieve"]}, {"score", r["score"]},
			{"confidence", r["confidence"]}, {"stratum", d.stratum}, {"weight", strconv.FormatFloat(d.weight, 'g', 6, 64)}}); err != nil {
			return err
		}
	}
	if err := writeWhole(o.out, out.Bytes()); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(std.out, "%s of %s in %s\n", plural(len(rows), "row"), plural(len(all), "stance"), o.out); err != nil {
		return fail(exitIO, "%w", err)
	}
	return nil
}

// writeCoded returns a function that writes one row and its empty verdicts.
func writeCoded(out *bytes.Buffer, table bool, coders int) func(fields [][2]string) error {
	verdicts := func(fields [][2]string) [][2]string {
		for i := range coders {
			fields = append(fields, [2]string{gold.CoderPrefix + strconv.Itoa(i+1), ""})
		}
		return append(fields, [2]string{"cause", ""})
	}
	if !table {
		return func(fields [][2]string) error {
			out.WriteByte('{')
			for i, f := range verdicts(fields) {
				if i > 0 {
					out.WriteByte(',')
				}
				name, err := json.Marshal(f[0])
				if err != nil {
					return err
				}
				value := []byte(f[1])
				if f[0] != "weight" {
					if value, err = json.Marshal(f[1]); err != nil {
						return err
					}
				}
				out.Write(name)
				out.WriteByte(':')
				out.Write(value)
			}
			out.WriteString("}\n")
			return nil
		}
	}
	w, first := csv.NewWriter(out), true
	return func(fields [][2]string) error {
		var head, cells []string
		for _, f := range verdicts(fields) {
			head, cells = append(head, f[0]), append(cells, inert(f[1]))
		}
		if first {
			first = false
			if err := w.Write(head); err != nil {
				return err
			}
		}
		err := w.Write(cells)
		w.Flush()
		return cmp.Or(err, w.Error())
	}
}

// inert keeps a spreadsheet from reading a cell as a formula. Numbers stay.
func inert(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}
