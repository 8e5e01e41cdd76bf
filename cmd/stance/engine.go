package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
)

// engine is an analyzer that is made when the first article needs it. A run
// without new articles needs none, and to compile the packs costs as much as
// all else it does.
type engine struct {
	facts
	name string // of the facts in the cache; "" when they are not kept
	make func(bayes []byte) (*analysis.Analyzer, error)
	a    *analysis.Analyzer
	once sync.Once
	kept sync.Once
	err  error
}

// facts are what a run has to know of its analyzer without having it.
type facts struct {
	Rules    []string // ids, in the order of the program
	Version  string   // of the rules
	Metadata table.Metadata
}

// newEngine returns the engine of a run. What an earlier run kept of the
// embedded packs is taken from the output folder; packs of the user are
// compiled before anything is read, so that their mistakes are told.
func newEngine(c *cli.Context, o *runOptions) (*engine, error) {
	e := &engine{make: func(bayes []byte) (*analysis.Analyzer, error) { return analyzer(c, bayes) }}
	if !o.noCache && !c.Bool("dry-run") && len(c.StringSlice("pack")) == 0 {
		build, err := buildID()
		if err != nil {
			return nil, fail(exitIO, "%w", err)
		}
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %v %q", build, c.Bool("no-embedded"), c.String("sentiment")))
		e.name = "facts-" + hex.EncodeToString(sum[:16])
		if data, ok := dataset.Kept(o.out, e.name); ok && json.Unmarshal(data, &e.facts) == nil {
			return e, nil
		}
	}
	a, err := e.make(nil)
	if err != nil {
		return nil, err
	}
	e.once.Do(func() { e.a = a })
	e.facts = facts{Version: a.Program.Version, Metadata: table.Metadata{ToolVersion: version, RulesHash: a.Program.Hash,
		LexiconHash: a.Program.LexiconHash, ModelHash: a.ModelHash}}
	for i := range a.Program.Cues {
		e.Rules = append(e.Rules, a.Program.Cues[i].ID)
	}
	return e, nil
}

// bayesName names the table of the Bayes scorer in the cache.
func (e *engine) bayesName() string { return "bayes-" + e.name }

// analyzer returns the analyzer, which is made on the first call.
func (e *engine) analyzer(out *dataset.Output) (*analysis.Analyzer, error) {
	e.once.Do(func() {
		var bayes bytes.Buffer
		if _, e.err = out.Find(e.bayesName(), func(r io.Reader) error {
			_, err := io.Copy(&bayes, r)
			return err
		}); e.err == nil {
			e.a, e.err = e.make(bayes.Bytes())
		}
	})
	e.kept.Do(func() {
		if e.err == nil {
			e.err = e.keep(out) // now, so that a run that is killed leaves it too
		}
	})
	return e.a, e.err
}

// keep keeps for later runs what was found out about the analyzer.
func (e *engine) keep(out *dataset.Output) error {
	if e.name == "" {
		return nil
	}
	kept, err := out.Find(e.name, func(io.Reader) error { return nil })
	if err != nil {
		return err
	}
	if !kept {
		err = out.Keep(e.name, func(w io.Writer) error { return json.NewEncoder(w).Encode(e.facts) })
	}
	if kept, ferr := out.Find(e.bayesName(), func(io.Reader) error { return nil }); kept || ferr != nil || e.a == nil {
		return cmp.Or(err, ferr)
	}
	bayes, berr := e.a.BayesTable()
	if err = cmp.Or(err, berr); err != nil {
		return err
	}
	return out.Keep(e.bayesName(), func(w io.Writer) error {
		_, err := w.Write(bayes)
		return err
	})
}
