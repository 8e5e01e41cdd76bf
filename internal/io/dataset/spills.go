package dataset

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
)

// Spilled runs that are kept lie in the cache beside the rest, a file for each
// and one that lists them:
//
//	OUT/cache/<name>        seals of the runs
//	OUT/cache/<name>-00000  a run, a link to the one in the staging folder

// KeepSpills keeps spilled runs under a name for a run that goes on with this
// one, until Forget. Where the file system has no hard links nothing is kept:
// it would be the texts of the corpus once more.
func (o *Output) KeepSpills(name string, spills []string) error {
	if o.opts.NoCache {
		return nil
	}
	o.mark(name, len(spills), true)
	var runs []seal
	for i, s := range spills {
		from, to := o.spill(s), keptRun(name, i)
		o.mu.Lock()
		run := o.spills[from]
		o.mu.Unlock()
		runs = append(runs, seal{run.n, run.xx.Sum64()})
		if err := o.fs.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return o.fail("remove", to, 0, err)
		}
		if err := o.fs.Link(from, to); noLinks(err) {
			return nil
		} else if err != nil {
			return o.fail("link", to, 0, err)
		}
	}
	return o.Keep(name, func(w io.Writer) error { return json.NewEncoder(w).Encode(runs) })
}

// FindSpills makes the runs that were kept under a name spilled runs of this
// run, when all are there and whole, and returns them.
func (o *Output) FindSpills(name string) ([]string, error) {
	var runs []seal
	found, err := o.Find(name, func(r io.Reader) error { return json.NewDecoder(r).Decode(&runs) })
	if !found || err != nil {
		return nil, nil // what cannot be read is of no use
	}
	o.mark(name, len(runs), true)
	for i, run := range runs {
		if !o.whole(keptRun(name, i), run) {
			o.mark(name, len(runs), false)
			return nil, nil
		}
	}
	if err := o.makeSpill(); err != nil {
		return nil, err
	}
	var spills []string
	for i := range runs {
		s := path.Base(keptRun(name, i))
		if err := o.fs.Link(keptRun(name, i), o.spill(s)); err != nil {
			return nil, o.fail("link", o.spill(s), 0, err)
		}
		spills = append(spills, s)
	}
	return spills, nil
}

// Forget lets go what KeepSpills kept or FindSpills found: it goes when this
// run is published.
func (o *Output) Forget(name string, spills int) {
	if !o.opts.NoCache {
		o.mark(name, spills, false)
	}
}

// mark says whether this run uses runs that are kept.
func (o *Output) mark(name string, runs int, used bool) {
	names := []string{name}
	for i := range runs {
		names = append(names, path.Base(keptRun(name, i)))
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, n := range names {
		if used {
			o.cache.used[n] = true
		} else {
			delete(o.cache.used, n)
		}
	}
}

func keptRun(name string, i int) string {
	return path.Join(cacheDir, fmt.Sprintf("%s-%05d", name, i))
}
