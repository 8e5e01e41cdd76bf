package pipeline

import (
	"cmp"

	"stance/internal/model"
)

// texts are the sorted runs of all texts that were read, as the store keeps
// them while the run lasts: after a kill, to read the inputs once more would be
// most of what is done twice.
type texts struct {
	name string // in the store; from the inputs and how they are read
	keep bool   // all of them were read now, and they are many
	runs int
}

// nameTexts says how and whether the texts of inputs are to be kept.
func (r *run) nameTexts(inputs []model.Input) {
	if r.opts.Store == nil || r.opts.Spill == nil {
		return
	}
	of := []string{"texts", r.opts.InputKey}
	for _, in := range inputs {
		of = append(of, in.Path, in.SHA256)
	}
	r.texts.name = nameOf(of...)
	r.texts.keep = !r.inputs.known && r.sum.TextBytes >= r.memoryText()/4
}

// sortTexts brings the texts that were read into order, and keeps those that
// are to be kept.
func (r *run) sortTexts() error {
	if r.texts.keep {
		if err := r.articles.spillHeld(); err != nil {
			return err
		}
	}
	if err := r.articles.sort(); err != nil || !r.texts.keep {
		return err
	}
	r.texts.runs = len(r.articles.runs)
	return r.opts.Store.KeepSpills(r.texts.name, r.articles.runs)
}

// findTexts takes over the texts that an earlier run read from the same
// inputs, when some are wanted.
func (r *run) findTexts() (bool, error) {
	if len(r.inputs.wanted) == 0 || r.opts.Spill == nil {
		return false, nil
	}
	runs, err := r.opts.Store.FindSpills(r.texts.name)
	r.texts.runs = len(runs)
	r.articles.runs = append(r.articles.runs, runs...)
	return len(runs) > 0, err
}

func (r *run) forgetTexts() {
	if r.texts.runs > 0 {
		r.opts.Store.Forget(r.texts.name, r.texts.runs)
	}
}

func (r *run) memoryText() int64 { return cmp.Or(r.opts.MemoryText, defaultMemoryText) }
