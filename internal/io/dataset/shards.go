package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
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
	cursors     map[cursorKey]*cursor
}

type cursorKey struct {
	shard int
	table string
}

// OpenShards opens the runs published in folders. It reads every byte of them
// first: damage is an error that wraps ErrDamaged. Runs that are not all the
// shards of one, by the same rules, models, inputs and settings, are an error
// that wraps ErrNotShards.
func OpenShards(ctx context.Context, dirs []string) (*Shards, error) {
	s := &Shards{ctx: ctx, cursors: map[cursorKey]*cursor{}, Generations: make([]*Generation, len(dirs))}
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
	return s.read(shard, table.Rejects, func(b *table.Batch) error {
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
		err := s.read(i, table.RuleStats, func(b *table.Batch) error {
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

func (s *Shards) read(shard int, name string, take func(*table.Batch) error) error {
	return table.Read(s.ctx, s.Generations[shard].Path, name, columnsOf(table.Find(name)), take)
}

// cursor stands at a row of a table of a run.
type cursor struct {
	next  func() (*table.Batch, error, bool)
	stop  func()
	batch *table.Batch
	row   int
	id    int // the column article_id
}

func (s *Shards) cursor(shard int, name string) *cursor {
	key := cursorKey{shard, name}
	if s.cursors[key] == nil {
		c := &cursor{}
		_, c.id = table.Find(name).Column("article_id")
		c.next, c.stop = iter.Pull2(func(yield func(*table.Batch, error) bool) {
			err := s.read(shard, name, func(b *table.Batch) error {
				if !yield(b, nil) {
					return errStopped
				}
				return nil
			})
			if err != nil && !errors.Is(err, errStopped) {
				yield(nil, err)
			}
		})
		s.cursors[key] = c
	}
	return s.cursors[key]
}

var errStopped = errors.New("stopped")

// Join makes a chunk from the rows of its articles, which stand in every run
// in the same order.
func (s *Shards) Join(c *model.Chunk, articles []model.Joined) error {
	w := s.out.workers[0]
	for _, schema := range table.Schemas() {
		if schema.Name == table.Rejects || schema.Name == table.RuleStats {
			continue
		}
		for i := range articles {
			if err := s.cursor(articles[i].Shard, schema.Name).copy(w.tables, schema.Name, &articles[i]); err != nil {
				return err
			}
		}
	}
	_, err := s.out.writeParts(w, c)
	return err
}

// copy copies the rows of an article, at which the cursor stands when it has
// any.
func (c *cursor) copy(to *table.Tables, name string, a *model.Joined) error {
	for {
		for c.batch == nil || c.row == c.batch.Rows {
			b, err, ok := c.next()
			if !ok {
				return nil
			}
			if err != nil {
				return err
			}
			c.batch, c.row = b, 0
		}
		if c.batch.Columns[c.id].Texts[c.row] != a.ID {
			return nil
		}
		if err := to.Copy(name, c.batch, c.row, a); err != nil {
			return err
		}
		c.row++
	}
}

// Close gives back what is open. It reports rows that no article took, which
// would be lost.
func (s *Shards) Close() error {
	var err error
	for key, c := range s.cursors {
		if c.batch != nil && c.row < c.batch.Rows {
			err = fmt.Errorf("%w: rows of table %s of shard %d belong to no article", ErrNotShards, key.table, key.shard+1)
		}
		c.stop()
	}
	s.cursors = nil
	return err
}
