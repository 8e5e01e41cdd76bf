package table

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stance/internal/io/columnar"
)

// Part is an open part of a table.
type Part struct {
	*columnar.File
	Schema *Schema
	f      *os.File
}

// OpenPart opens a part of a table and checks that its columns are those of
// the schema. Damage is an error that wraps columnar.ErrDamaged, never a
// panic.
func OpenPart(path string, s *Schema) (*Part, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	p := &Part{Schema: s, f: f}
	st, err := f.Stat()
	if err == nil {
		if strings.HasSuffix(path, ArrowIPC.Ending()) {
			p.File, err = columnar.OpenArrow(f, st.Size(), columnar.Limits{})
		} else {
			p.File, err = columnar.OpenParquet(f, st.Size(), columnar.Limits{})
		}
	}
	if err == nil {
		err = p.check()
	}
	if err != nil {
		p.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// check compares the file with the schema.
func (p *Part) check() error {
	if v := p.Metadata["schema_version"]; v != Version {
		return fmt.Errorf("%w: schema version %q, not %s", columnar.ErrDamaged, v, Version)
	}
	if len(p.Columns) != len(p.Schema.Columns) {
		return fmt.Errorf("%w: %d columns where table %s has %d", columnar.ErrDamaged, len(p.Columns), p.Schema.Name, len(p.Schema.Columns))
	}
	for i, c := range p.Columns {
		want := &p.Schema.Columns[i]
		if c.Name != want.Name || c.Type != want.Kind.String() || c.Nullable != want.Null {
			return fmt.Errorf("%w: column %d is %s %s, not %s %v", columnar.ErrDamaged, i, c.Name, c.Type, want.Name, want.Kind)
		}
	}
	return nil
}

// Close closes the part.
func (p *Part) Close() error {
	if p.File != nil {
		p.File.Close()
	}
	return p.f.Close()
}

// Parts returns the files of a table of a generation, in order: those in its
// folder, then those in each folder key=value below it.
func Parts(generation, table string) ([]string, error) {
	dir := filepath.Join(generation, table)
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	paths := partsIn(dir, list)
	for _, e := range list {
		if !e.IsDir() || !strings.Contains(e.Name(), "=") {
			continue
		}
		below := filepath.Join(dir, e.Name())
		if list, err = os.ReadDir(below); err != nil {
			return nil, err
		}
		paths = append(paths, partsIn(below, list)...)
	}
	return paths, nil
}

// partsIn returns the parts among the files of a folder, in order.
func partsIn(dir string, list []os.DirEntry) []string {
	var paths []string
	for _, e := range list {
		name := e.Name()
		if strings.HasPrefix(name, "part-") && (strings.HasSuffix(name, Parquet.Ending()) || strings.HasSuffix(name, ArrowIPC.Ending())) {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	slices.Sort(paths)
	return paths
}

// Read reads columns of a table of a generation (OUT/current) in the order of
// its rows and gives batches of rows to take. The slices of a batch are
// reused by the next.
func Read(ctx context.Context, generation, table string, columns []string, take func(*columnar.Batch) error) error {
	s := Find(table)
	if s == nil {
		return fmt.Errorf("no table %q", table)
	}
	// A link may be moved while it is read, so it is followed once.
	dir, err := filepath.EvalSymlinks(generation)
	if err != nil {
		return err
	}
	paths, err := Parts(dir, table)
	if err != nil {
		return err
	}
	for _, path := range paths {
		p, err := OpenPart(path, s)
		if err != nil {
			return err
		}
		err = p.File.Read(ctx, columns, take)
		if cerr := p.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}
