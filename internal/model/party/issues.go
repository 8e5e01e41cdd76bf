package party

import (
	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// sureRepeated is the confidence in an issue that "this proposal" refers to.
const sureRepeated = 0.6

// issueReference takes "this proposal", "such a plan", "the deal" at the noun
// t for the last issue of the paragraph that is a plan by its name, at most
// two sentences back.
func (f *Finder) issueReference(t int32) {
	from := t - 1
	for from > t-3 && f.class(from)&text.Adjective != 0 && f.class(from)&(text.Determiner|text.Verb) == 0 {
		from--
	}
	if f.class(from)&text.Determiner == 0 || f.kind(from) != model.Word {
		return
	}
	switch f.v.Form(f.tokens[from].ID) {
	case "this", "that", "these", "such", "the", "both":
	case "a", "an":
		if from--; f.v.Form(f.tokens[max(from, f.first)].ID) != "such" {
			return
		}
	default:
		return
	}
	paragraph := f.l.Sentences[f.sentence].Paragraph
	for i := len(f.found) - 1; i >= 0; i-- {
		g := &f.found[i]
		if g.Sentence < f.sentence-2 || f.l.Sentences[g.Sentence].Paragraph != paragraph {
			return
		}
		if g.Kind != model.MentionIssue || g.Party < 0 || !f.isPlan(g.First, g.Last) {
			continue
		}
		e := f.draft(from, t+1, t)
		e.Kind, e.AliasKind, e.Party, e.alias = model.MentionIssue, model.AliasPronoun, g.Party, g.alias
		e.Resolution, e.Confidence, e.Antecedent = byCoreference, sureRepeated, int32(i)
		f.found = append(f.found, e)
		f.issueEnd = t + 1
		if f.tr.On() {
			f.trace(e.First, e.Last, e.Resolution.String(), "resolved", f.aliasOf(&e))
		}
		return
	}
}

// isPlan reports whether one of the tokens is a plan noun.
func (f *Finder) isPlan(from, to int32) bool {
	for t := from; t < to; t++ {
		if f.words[f.tokens[t].ID].Hint&rules.HintPlan != 0 {
			return true
		}
	}
	return false
}
