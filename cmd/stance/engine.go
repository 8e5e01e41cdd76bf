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
// without new articles needs none, and one with a few takes it as an earlier
// run kept it: to compile the packs costs more than all else they do.
type engine struct {
	facts
	key  string // of what is kept of the analyzer; "" when nothing is
	make func() (*analysis.Analyzer, error)
	a    *analysis.Analyzer
	made bool // and not taken as it was kept
	flat bool // it can be written: VADER keeps what it knows to itself
	once sync.Once
	err  error
}

// facts are what a run has to know of its analyzer without having it.
type facts struct {
	Rules    []string // ids, in the order of the program
	Version  string   // of the rules
	Metadata table.Metadata
}

// snapshotLeast is the text of a run, in bytes, from which on its analyzer is
// kept: what is kept is 20 MB.
const snapshotLeast = 1 << 20

// newEngine returns the engine of a run. What an earlier run kept of the same
// packs and weights is taken from the output folder; others are compiled before
// anything else, so that their mistakes are told.
func newEngine(c *cli.Context, o *runOptions) (*engine, error) {
	cfg, err := commandConfig(c)
	if err != nil {
		return nil, err
	}
	e := &engine{flat: !cfg.Vader}
	warned := 0
	e.make = func() (a *analysis.Analyzer, err error) {
		a, warned, err = compile(c, cfg)
		e.made = true
		return a, err
	}
	if !o.noCache && !c.Bool("dry-run") {
		if e.key, err = engineKey(c, &cfg); err != nil {
			return nil, err
		}
		if data, ok := dataset.Kept(o.out, e.factsName()); ok && json.Unmarshal(data, &e.facts) == nil {
			return e, nil
		}
	}
	if e.a, err = e.make(); err != nil {
		return nil, err
	}
	if warned > 0 {
		e.key = "" // the next run has to tell, too
	}
	e.facts = facts{Version: e.a.Program.Version, Metadata: metadata(e.a)}
	for i := range e.a.Program.Cues {
		e.Rules = append(e.Rules, e.a.Program.Cues[i].ID)
	}
	return e, nil
}

// engineKey names all that an analyzer follows from.
func engineKey(c *cli.Context, cfg *analysis.Config) (string, error) {
	build, err := buildID()
	if err != nil {
		return "", fail(exitIO, "%w", err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %v %q %d %d\n", build, c.Bool("no-embedded"), cfg.Scorer, len(cfg.Sentiment), len(cfg.Tone))
	h.Write(cfg.Sentiment)
	h.Write(cfg.Tone)
	for _, p := range cfg.Packs {
		if !p.Trusted { // the others are part of the build
			fmt.Fprintf(h, "%q %d\n", p.Name, len(p.Data))
			h.Write(p.Data)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

func (e *engine) factsName() string    { return "facts-" + e.key }
func (e *engine) analyzerName() string { return "analyzer-" + e.key }

// analyzer returns the analyzer, which is taken from the output folder or made
// on the first call. What is kept and damaged is made anew.
func (e *engine) analyzer(out *dataset.Output) (*analysis.Analyzer, error) {
	e.once.Do(func() {
		if e.a != nil {
			return
		}
		if data, ok := out.Load(e.analyzerName()); ok {
			if e.a, e.err = analysis.Read(data, e.key); e.err == nil {
				return
			}
		}
		e.a, e.err = e.make()
	})
	return e.a, e.err
}

// keep keeps for later runs what was found out about the analyzer, and the
// analyzer where the run had so many bytes of text that it is worth its size.
func (e *engine) keep(out *dataset.Output, text int64) error {
	if e.key == "" {
		return nil
	}
	out.Spare(e.analyzerName())
	if e.made && e.flat && text >= snapshotLeast {
		if err := out.KeepWhole(e.analyzerName(), func(w io.Writer) error { return e.a.Write(w, e.key) }); err != nil {
			return err
		}
	}
	kept, err := out.Find(e.factsName(), func(io.Reader) error { return nil })
	if err != nil || kept {
		return err
	}
	return out.Keep(e.factsName(), func(w io.Writer) error { return json.NewEncoder(w).Encode(e.facts) })
}
