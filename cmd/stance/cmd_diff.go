package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stance/internal/diag"
	"stance/internal/io/columnar"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
)

type diffOptions struct {
	before, after string
	samples       int
	json          bool
}

func diffCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "compare the tables of two runs: rows gained, lost and changed; exit 1 when there are any",
		ArgsUsage: "OUT_A OUT_B",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "samples", Value: 5, Usage: "rows shown per table and kind of change"},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return fail(exitUsage, "diff takes two output folders; see 'stance diff --help'")
			}
			if c.Int("samples") < 0 {
				return fail(exitUsage, "--samples %d: expected a number from 0", c.Int("samples"))
			}
			return runDiff(c.Context, diffOptions{before: c.Args().Get(0), after: c.Args().Get(1), samples: c.Int("samples"), json: c.Bool("json")}, std)
		},
	}
}

// runColumns say by what a row was made, not what it says.
var runColumns = []string{"ruleset_version"}

// tableDiff is what changed in one table.
type tableDiff struct {
	Table   string       `json:"table"`
	Gained  int          `json:"gained"`
	Lost    int          `json:"lost"`
	Changed int          `json:"changed"`
	Same    int          `json:"same"`
	ByRule  []groupDiff  `json:"by_rule"`
	ByParty []groupDiff  `json:"by_party"`
	Samples []sampleDiff `json:"samples"`
}

// groupDiff counts the changes of one rule or party.
type groupDiff struct {
	Name    string `json:"name"`
	Gained  int    `json:"gained"`
	Lost    int    `json:"lost"`
	Changed int    `json:"changed"`
}

func (g *groupDiff) total() int { return g.Gained + g.Lost + g.Changed }

// sampleDiff is one changed row.
type sampleDiff struct {
	Change   string   `json:"change"` // gained, lost or changed
	Key      string   `json:"key"`
	Row      string   `json:"row"`               // what it says, in short
	Columns  []string `json:"columns,omitempty"` // what changed
	Sentence string   `json:"sentence,omitempty"`

	before, after row
}

// rowMark is what is kept of a row of the first run.
type rowMark struct {
	sum         uint64
	rule, party string
}

// differ compares two generations.
type differ struct {
	ctx           context.Context
	before, after *dataset.Generation
	seed          maphash.Seed
	samples       int
}

func runDiff(ctx context.Context, o diffOptions, std streams) error {
	d := differ{ctx: ctx, seed: maphash.MakeSeed(), samples: o.samples}
	var err error
	if d.before, err = dataset.Current(o.before); err != nil {
		return err
	}
	if d.after, err = dataset.Current(o.after); err != nil {
		return err
	}
	var diffs []*tableDiff
	changes := 0
	for _, s := range table.Schemas() {
		t, err := d.table(&s)
		if err != nil {
			return err
		}
		diffs = append(diffs, t)
		changes += t.Gained + t.Lost + t.Changed
	}
	var b bytes.Buffer
	if o.json {
		e := json.NewEncoder(&b)
		e.SetIndent("", "  ")
		if err := e.Encode(diffs); err != nil {
			return err
		}
	} else {
		for _, t := range diffs {
			t.print(&b)
		}
		if changes == 0 {
			fmt.Fprintln(&b, "no changes")
		}
	}
	if _, err := std.out.Write(b.Bytes()); err != nil {
		return fail(exitIO, "%w", err)
	}
	if changes > 0 {
		return &exitError{exitCheck, nil}
	}
	return nil
}

// rowKeys names the rows of a table: by its key columns, or by the whole row
// where it has none; rows that are alike are then numbered.
type rowKeys struct {
	s    *table.Schema
	at   []int
	seen map[string]int
}

func keysOf(s *table.Schema) *rowKeys {
	k := &rowKeys{s: s, seen: make(map[string]int)}
	for i, c := range s.Columns {
		if len(s.Key) == 0 || slices.Contains(s.Key, c.Name) {
			k.at = append(k.at, i)
		}
	}
	return k
}

// next names row i of a batch that holds all columns.
func (k *rowKeys) next(b *columnar.Batch, i int) string {
	var key strings.Builder
	for n, c := range k.at {
		if n > 0 {
			key.WriteByte(' ')
		}
		key.WriteString(cell(k.s.Columns[c].Kind, &b.Columns[c], i))
	}
	name := key.String()
	if len(k.s.Key) > 0 {
		return name
	}
	if k.seen[name]++; k.seen[name] > 1 {
		name = fmt.Sprintf("%s #%d", name, k.seen[name])
	}
	return name
}

func columnNames(s *table.Schema) []string {
	names := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		names[i] = c.Name
	}
	return names
}

// marks gives the key, sum, rule and party of each row to take.
func (d *differ) marks(g *dataset.Generation, s *table.Schema, take func(key string, m rowMark)) error {
	names, keys := columnNames(s), keysOf(s)
	var judged, parties []int
	for i, n := range names {
		if !slices.Contains(runColumns, n) {
			judged = append(judged, i)
		}
	}
	for _, p := range partyColumns {
		if i := slices.Index(names, p); i >= 0 {
			parties = append(parties, i)
		}
	}
	rule := slices.Index(names, "rule")
	var h maphash.Hash
	h.SetSeed(d.seed)
	err := table.Read(d.ctx, g.Path, s.Name, names, func(b *columnar.Batch) error {
		for i := range b.Rows {
			h.Reset()
			for _, c := range judged {
				addCell(&h, s.Columns[c].Kind, &b.Columns[c], i)
			}
			m := rowMark{sum: h.Sum64(), party: "-"}
			if rule >= 0 {
				m.rule = b.Columns[rule].Texts[i]
			}
			for _, p := range parties {
				if t := b.Columns[p].Texts[i]; t != "" {
					m.party = t
					break
				}
			}
			take(keys.next(b, i), m)
		}
		return nil
	})
	return damagedTable(err)
}

// addCell adds a value to the sum of its row.
func addCell(h *maphash.Hash, k table.Kind, v *columnar.Values, i int) {
	if v.Null(i) {
		h.WriteByte(0)
		return
	}
	h.WriteByte(1)
	number := func(x uint64) {
		for range 8 {
			h.WriteByte(byte(x))
			x >>= 8
		}
	}
	text := func(s string) {
		number(uint64(len(s)))
		h.WriteString(s)
	}
	switch k {
	case table.Strings:
		number(uint64(len(v.Lists[i])))
		for _, s := range v.Lists[i] {
			text(s)
		}
	case table.Bool:
		if v.Bools[i] {
			h.WriteByte(1)
		} else {
			h.WriteByte(0)
		}
	case table.Int32, table.Int64, table.Date, table.Time:
		number(uint64(v.Ints[i]))
	case table.Float32:
		number(math.Float64bits(v.Floats[i]))
	default:
		text(v.Texts[i])
	}
}

// table compares one table.
func (d *differ) table(s *table.Schema) (*tableDiff, error) {
	t := &tableDiff{Table: s.Name}
	old := make(map[string]rowMark)
	if err := d.marks(d.before, s, func(k string, m rowMark) { old[k] = m }); err != nil {
		return nil, err
	}
	rules, parties := make(map[string]*groupDiff), make(map[string]*groupDiff)
	var changes []sampleDiff
	note := func(change, key string, m rowMark) {
		changes = append(changes, sampleDiff{Change: change, Key: key})
		groups := []struct {
			of   map[string]*groupDiff
			name string
		}{{rules, m.rule}, {parties, m.party}}
		for _, g := range groups {
			if g.name == "" {
				continue
			}
			x := g.of[g.name]
			if x == nil {
				x = &groupDiff{Name: g.name}
				g.of[g.name] = x
			}
			switch change {
			case "gained":
				x.Gained++
			case "lost":
				x.Lost++
			default:
				x.Changed++
			}
		}
	}
	err := d.marks(d.after, s, func(k string, m rowMark) {
		was, ok := old[k]
		delete(old, k)
		switch {
		case !ok:
			t.Gained++
			note("gained", k, m)
		case was.sum != m.sum:
			t.Changed++
			note("changed", k, m)
		default:
			t.Same++
		}
	})
	if err != nil {
		return nil, err
	}
	for k, m := range old {
		t.Lost++
		note("lost", k, m)
	}
	t.ByRule, t.ByParty = ordered(rules), ordered(parties)
	if len(t.ByParty) == 1 && t.ByParty[0].Name == "-" {
		t.ByParty = nil
	}
	t.Samples = draw(changes, d.samples)
	return t, d.describe(s, t)
}

func ordered(groups map[string]*groupDiff) []groupDiff {
	out := []groupDiff{}
	for _, g := range groups {
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b groupDiff) int {
		return cmp.Or(cmp.Compare(b.total(), a.total()), strings.Compare(a.Name, b.Name))
	})
	return out
}

// draw keeps n rows of each kind of change, the same ones on every call.
func draw(changes []sampleDiff, n int) []sampleDiff {
	out := []sampleDiff{}
	for _, kind := range []string{"gained", "lost", "changed"} {
		var of []sampleDiff
		for _, c := range changes {
			if c.Change == kind {
				of = append(of, c)
			}
		}
		slices.SortFunc(of, func(a, b sampleDiff) int {
			return cmp.Or(cmp.Compare(lot(a.Key), lot(b.Key)), strings.Compare(a.Key, b.Key))
		})
		out = append(out, of[:min(n, len(of))]...)
	}
	return out
}

// lot is the place of a row in the order of a draw: the same on every
// machine, and nothing of the row can be told from it.
func lot(key string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(key))
	x := h.Sum64()
	x ^= x >> 33 // FNV leaves neighbours near each other
	x *= 0xff51afd7ed558ccd
	return x ^ x>>33
}

// describe reads the sampled rows and their sentences.
func (d *differ) describe(s *table.Schema, t *tableDiff) error {
	if len(t.Samples) == 0 {
		return nil
	}
	wanted := make(map[string]*sampleDiff)
	for i := range t.Samples {
		wanted[t.Samples[i].Key] = &t.Samples[i]
	}
	find := func(g *dataset.Generation, set func(x *sampleDiff, r row)) error {
		keys := keysOf(s)
		var x *sampleDiff
		return readRows(d.ctx, g, s.Name, columnNames(s), func(b *columnar.Batch, i int) bool {
			x = wanted[keys.next(b, i)]
			return x != nil
		}, func(r row) { set(x, r) })
	}
	if err := find(d.before, func(x *sampleDiff, r row) { x.before = r }); err != nil {
		return err
	}
	if err := find(d.after, func(x *sampleDiff, r row) { x.after = r }); err != nil {
		return err
	}
	for i := range t.Samples {
		x := &t.Samples[i]
		r := x.after
		if r == nil {
			r = x.before
		}
		x.Row = inShort(s, r)
		x.Sentence = cmp.Or(r["snippet"], r["text"])
		if x.before == nil || x.after == nil {
			continue
		}
		for _, c := range s.Columns {
			if a, b := x.before[c.Name], x.after[c.Name]; a != b && !slices.Contains(runColumns, c.Name) {
				x.Columns = append(x.Columns, fmt.Sprintf("%s %q, was %q", c.Name, clip(b, mostCell), clip(a, mostCell)))
			}
		}
	}
	return d.sentences(s, t)
}

// mostCell bounds what is shown of one value.
const mostCell = 80

// sentences looks up the sentences of sampled rows whose table holds only
// their ids.
func (d *differ) sentences(s *table.Schema, t *tableDiff) error {
	if _, i := s.Column("sentence_id"); i < 0 || s.Name == table.Sentences {
		return nil
	}
	wanted := make(map[string][]*sampleDiff)
	for i := range t.Samples {
		x := &t.Samples[i]
		if x.Sentence == "" {
			id := x.after["sentence_id"]
			if x.after == nil {
				id = x.before["sentence_id"]
			}
			wanted[id] = append(wanted[id], x)
		}
	}
	for _, g := range []*dataset.Generation{d.after, d.before} {
		err := readRows(d.ctx, g, table.Sentences, []string{"sentence_id", "text"}, func(b *columnar.Batch, i int) bool {
			return wanted[b.Columns[0].Texts[i]] != nil
		}, func(r row) {
			for _, x := range wanted[r["sentence_id"]] {
				x.Sentence = cmp.Or(x.Sentence, r["text"])
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// inShort says what a row holds, without ids and offsets.
func inShort(s *table.Schema, r row) string {
	if s.Name == table.Stances {
		return expressed(r) + ", rule " + r["rule"]
	}
	var parts []string
	for _, c := range [...]string{"surface", "party", "alias_kind", "tone_label", "sentiment_label", "speaker_party", "speaker_surface", "kind", "headline", "stance_label",
		"party_a", "party_b", "has_stance", "rule", "fired", "code", "message"} {
		if r[c] != "" {
			parts = append(parts, c+" "+clip(r[c], mostCell))
		}
	}
	return strings.Join(parts, ", ")
}

// mostGroups bounds the rules and parties shown; the JSON object holds all.
const mostGroups = 20

func (t *tableDiff) print(b *bytes.Buffer) {
	if t.Gained+t.Lost+t.Changed == 0 {
		return
	}
	fmt.Fprintf(b, "%s: %s gained, %s lost, %s changed, %s the same\n", t.Table, thousands(int64(t.Gained)), thousands(int64(t.Lost)), thousands(int64(t.Changed)), thousands(int64(t.Same)))
	for _, x := range []struct {
		name   string
		groups []groupDiff
	}{{"rule", t.ByRule}, {"party", t.ByParty}} {
		for _, g := range x.groups[:min(len(x.groups), mostGroups)] {
			fmt.Fprintf(b, "  %s %-32s %+d %+d ~%d\n", x.name, diag.Escape(g.Name), g.Gained, -g.Lost, g.Changed)
		}
		if more := len(x.groups) - mostGroups; more > 0 {
			fmt.Fprintf(b, "  and %d more, all in --json\n", more)
		}
	}
	for _, s := range t.Samples {
		fmt.Fprintf(b, "  %s %s: %s\n", s.Change, diag.Escape(clip(s.Key, mostCell)), diag.Escape(oneLine(s.Row)))
		for _, c := range s.Columns {
			fmt.Fprintf(b, "    %s\n", diag.Escape(c))
		}
		if s.Sentence != "" {
			fmt.Fprintf(b, "    %s\n", diag.Escape(oneLine(clip(s.Sentence, mostText))))
		}
	}
}
