package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"stance/internal/io/table"
	"stance/internal/model"
)

// ErrNotShards says that runs are not the shards of one.
var ErrNotShards = errors.New("not the shards of one run")

// shardSetting is the setting that names the shard of a run.
const shardSetting = "shard"

// Shards are published runs, one over each shard of a corpus.
type Shards struct {
	Generations []*Generation // in the order of shards
	ctx         context.Context
	out         *Output
	parts       map[shardPart]*rowsOfPart
}

// shardPart names a part of a run.
type shardPart struct {
	shard int
	name  string
}

// rowsOfPart are the rows of a part that no chunk has taken yet.
type rowsOfPart struct {
	path string
	left int64
	read bool
	rows map[string][]row // by article
}

// row is a row of a table.
type row struct {
	batch *table.Batch
	at    int
}

// OpenShards opens the runs published in folders. It reads every byte of them
// first: damage is an error that wraps ErrDamaged. Runs that are not all the
// shards of one, by the same rules, models, inputs and settings, are an error
// that wraps ErrNotShards.
func OpenShards(ctx context.Context, dirs []string) (*Shards, error) {
	s := &Shards{ctx: ctx, parts: map[shardPart]*rowsOfPart{}, Generations: make([]*Generation, len(dirs))}
	from := make([]string, len(dirs))
	for _, dir := range dirs {
		g, _, err := Verify(ctx, dir)
		if err != nil {
			return nil, err
		}
		var i, n int
		if _, err := fmt.Sscanf(g.Manifest.Settings[shardSetting], "%d/%d", &i, &n); err != nil {
			return nil, fmt.Errorf("%w: %s is no run with --shard", ErrNotShards, dir)
		}
		if n != len(dirs) || i < 1 || i > n {
			return nil, fmt.Errorf("%w: %s is shard %d of %d; %d are given", ErrNotShards, dir, i, n, len(dirs))
		}
		if from[i-1] != "" {
			return nil, fmt.Errorf("%w: %s and %s are both shard %d", ErrNotShards, from[i-1], dir, i)
		}
		s.Generations[i-1], from[i-1] = g, dir
	}
	for i, g := range s.Generations {
		for _, t := range g.Manifest.Tables {
			if t.Name == table.Rejects || t.Name == table.RuleStats {
				continue
			}
			for _, p := range t.Parts {
				s.parts[shardPart{i, p.Name}] = &rowsOfPart{path: filepath.Join(g.Path, filepath.FromSlash(p.Name)), left: p.Rows}
			}
		}
	}
	first := &s.Generations[0].Manifest
	for i, g := range s.Generations[1:] {
		m := &g.Manifest
		differ := func(what, a, b string) error {
			return fmt.Errorf("%w: %s of %s is %s, of %s %s", ErrNotShards, what, from[0], a, from[i+1], b)
		}
		for _, c := range []struct{ what, a, b string }{
			{"rules hash", first.RulesHash, m.RulesHash}, {"lexicon hash", first.LexiconHash, m.LexiconHash},
			{"model hash", first.ModelHash, m.ModelHash}, {"tool version", first.ToolVersion, m.ToolVersion},
			{"schema version", first.SchemaVersion, m.SchemaVersion}, {"layout", first.Layout, m.Layout}, {"format", first.Format, m.Format},
		} {
			if c.a != c.b {
				return nil, differ(c.what, c.a, c.b)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(first.Settings)) {
			if a, b := first.Settings[name], m.Settings[name]; name != shardSetting && a != b {
				return nil, differ("setting "+name, fmt.Sprintf("%q", a), fmt.Sprintf("%q", b))
			}
		}
		if !slices.Equal(first.Inputs, m.Inputs) || len(first.Settings) != len(m.Settings) {
			return nil, fmt.Errorf("%w: %s and %s read other inputs", ErrNotShards, from[0], from[i+1])
		}
		if a, b := first.Totals, m.Totals; a.Records+a.Skipped != b.Records+b.Skipped {
			return nil, fmt.Errorf("%w: %s and %s read other records", ErrNotShards, from[0], from[i+1])
		}
	}
	return s, nil
}

// Options returns what the output of the joined run has to be opened with.
func (s *Shards) Options() Options {
	m := &s.Generations[0].Manifest
	settings := maps.Clone(m.Settings)
	delete(settings, shardSetting)
	o := Options{Metadata: m.Metadata, Settings: settings, NoCache: true}
	if "."+m.Format == table.ArrowIPC.Ending() {
		o.Format = table.ArrowIPC
	}
	return o
}

// Totals returns the totals of the joined run, given those of its rejects and
// its near duplicates.
func (s *Shards) Totals(rejected, warnings, nearDuplicates int64) Totals {
	t := Totals{Rejected: rejected, Warnings: warnings, NearDuplicates: nearDuplicates}
	for _, g := range s.Generations {
		t.Articles += g.Manifest.Totals.Articles
		t.Duplicates += g.Manifest.Totals.Duplicates
		t.TextBytes += g.Manifest.Totals.TextBytes
	}
	t.Records = t.Articles + t.Rejected + t.Duplicates
	first := s.Generations[0].Manifest.Totals
	t.Skipped = first.Records + first.Skipped - t.Records
	return t
}

// Into says where the joined run goes; Start of it has been called.
func (s *Shards) Into(out *Output) { s.out = out }

// Open opens what a run left for joining.
func (s *Shards) Open(shard int) (io.ReadCloser, error) {
	name := filepath.Join(s.Generations[shard].Path, ShardFile)
	f, err := os.Open(name)
	if err != nil {
		return nil, &Error{Op: "open", Path: name, Err: err}
	}
	return f, nil
}

// Rejects gives the rejects of a run in their order.
func (s *Shards) Rejects(shard int, take func(*model.Reject) error) error {
	schema := table.Find(table.Rejects)
	return s.readAll(shard, table.Rejects, func(b *table.Batch) error {
		for i := range b.Rows {
			rej := table.RejectOf(schema, b, i)
			if err := take(&rej); err != nil {
				return err
			}
		}
		return nil
	})
}

// Rules returns what the rules did in all runs, as Output.Rules takes it.
func (s *Shards) Rules() ([]model.RuleStat, error) {
	var sum []model.RuleStat
	at := map[string]int{}
	var sentences int64
	schema := table.Find(table.RuleStats)
	for i, g := range s.Generations {
		sentences += g.Manifest.Rows(table.Sentences)
		err := s.readAll(i, table.RuleStats, func(b *table.Batch) error {
			for row := range b.Rows {
				r := table.RuleOf(schema, b, row)
				j, ok := at[r.Rule]
				if !ok {
					j = len(sum)
					at[r.Rule] = j
					sum = append(sum, model.RuleStat{Rule: r.Rule})
				}
				t := &sum[j]
				t.Tried += r.Tried
				t.Fired += r.Fired
				t.Shadowed += r.Shadowed
				t.Negated += r.Negated
				t.Articles += r.Articles
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range sum {
		if sentences > 0 {
			sum[i].Per1000Sentence = 1000 * float64(sum[i].Fired) / float64(sentences)
		}
	}
	return sum, nil
}

func columnsOf(schema *table.Schema) []string {
	names := make([]string, len(schema.Columns))
	for i := range schema.Columns {
		names[i] = schema.Columns[i].Name
	}
	return names
}

func (s *Shards) readAll(shard int, name string, take func(*table.Batch) error) error {
	return table.Read(s.ctx, s.Generations[shard].Path, name, columnsOf(table.Find(name)), take)
}

// Join makes a chunk from the rows of its articles. A part of a run is read
// when the first of its articles comes and given up with the last.
func (s *Shards) Join(c *model.Chunk, articles []model.Joined) error {
	w := s.out.workers[0]
	for _, schema := range table.Schemas() {
		if schema.Name == table.Rejects || schema.Name == table.RuleStats {
			continue
		}
		for i := range articles {
			a := &articles[i]
			p := s.parts[shardPart{a.Shard, partName(schema.Name, c.Folder, a.Chunk, s.out.opts.Format)}]
			if p == nil {
				continue // no article of the part has rows in this table
			}
			if err := s.read(p, &schema); err != nil {
				return err
			}
			for _, r := range p.rows[a.ID] {
				if err := w.tables.Copy(schema.Name, r.batch, r.at, a); err != nil {
					return err
				}
			}
			p.left -= int64(len(p.rows[a.ID]))
			if delete(p.rows, a.ID); p.left == 0 {
				p.rows = nil
			}
		}
	}
	_, err := s.out.writeParts(w, c)
	return err
}

// read reads the rows of a part, once.
func (s *Shards) read(p *rowsOfPart, schema *table.Schema) error {
	if p.read {
		return nil
	}
	p.read, p.rows = true, map[string][]row{}
	f, err := table.OpenPart(p.path, schema)
	if err != nil {
		return err
	}
	_, id := schema.Column("article_id")
	err = f.File.Read(s.ctx, columnsOf(schema), func(b *table.Batch) error {
		b = b.Clone()
		for i, a := range b.Columns[id].Texts {
			p.rows[a] = append(p.rows[a], row{b, i})
		}
		return nil
	})
	return errors.Join(err, f.Close())
}

// Done reports rows that no chunk took, which would be lost.
func (s *Shards) Done() error {
	for key, p := range s.parts {
		if p.left > 0 {
			return fmt.Errorf("%w: rows of %s of shard %d belong to no article", ErrNotShards, key.name, key.shard+1)
		}
	}
	return nil
}
