package main

import (
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
	make func() (*analysis.Analyzer, error)
	a    *analysis.Analyzer
	once sync.Once
	err  error
}

// facts are what a run has to know of its analyzer without having it.
type facts struct {
	Rules    []string // ids, in the order of the program
	Version  string   // of the rules
	Metadata table.Metadata
}

// newEngine returns the engine of a run. What an earlier run kept of the
// embedded packs is taken from the output folder; packs and weights of the user
// are read before anything else, so that their mistakes are told.
func newEngine(c *cli.Context, o *runOptions) (*engine, error) {
	e := &engine{make: func() (*analysis.Analyzer, error) { return analyzer(c) }}
	if !o.noCache && !c.Bool("dry-run") && len(c.StringSlice("pack"))+len(c.StringSlice("weights")) == 0 {
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
	a, err := e.make()
	if err != nil {
		return nil, err
	}
	e.once.Do(func() { e.a = a })
	e.facts = facts{Version: a.Program.Version, Metadata: metadata(a)}
	for i := range a.Program.Cues {
		e.Rules = append(e.Rules, a.Program.Cues[i].ID)
	}
	return e, nil
}

// analyzer returns the analyzer, which is made on the first call.
func (e *engine) analyzer() (*analysis.Analyzer, error) {
	e.once.Do(func() { e.a, e.err = e.make() })
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
	if kept {
		return nil
	}
	return out.Keep(e.name, func(w io.Writer) error { return json.NewEncoder(w).Encode(e.facts) })
}
