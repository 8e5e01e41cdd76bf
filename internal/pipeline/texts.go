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
	runs int
}

// keepTexts keeps the texts, when all of them were read now and they are many.
func (r *run) keepTexts(inputs []model.Input) error {
	if r.opts.Store == nil || r.opts.Spill == nil {
		return nil
	}
	of := []string{"texts", r.opts.InputKey}
	for _, in := range inputs {
		of = append(of, in.Path, in.SHA256)
	}
	r.texts.name = nameOf(of...)
	if r.inputs.known || r.sum.TextBytes < r.memoryText()/4 {
		return nil
	}
	if len(r.articles.held) > 0 {
		if err := r.articles.spillHeld(); err != nil {
			return err
		}
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
