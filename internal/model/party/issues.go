package party

import (
	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// How sure an issue is that "this proposal" refers to, and how far back it may be.
const (
	sureRepeated  = 0.6
	nearReference = 2       // sentences, whatever else is a plan before
	farReference  = 3 << 10 // bytes, where nothing else is: less than the context of a piece
)

// issueReference takes "this proposal", "such a plan", "the deal" at the noun
// t for the last issue before that is a plan by its name, near it or the only
// one of the section.
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
	section, sole := f.l.Sentences[f.sentence].Section, int32(-1)
	for i := int32(len(f.found)) - 1; i >= 0; i-- {
		g := &f.found[i]
		if f.l.Sentences[g.Sentence].Section != section || f.tokens[t].Start-f.tokens[g.First].Start > farReference {
			break
		}
		if g.Kind != model.MentionIssue || g.Party < 0 || !f.isPlan(g.First, g.Last) || f.hint(t)&rules.HintLaw != 0 && f.dealt(g.First, g.Last) {
			continue
		}
		here := f.l.Sentences[g.Sentence].Paragraph == f.l.Sentences[f.sentence].Paragraph
		if g.AliasKind == model.AliasPronoun && !here {
			continue
		}
		near := g.Sentence >= f.sentence-nearReference
		if near && (here || f.hint(t)&rules.HintMove == 0) {
			sole = i
			break
		}
		if sole >= 0 && g.Party != f.found[sole].Party {
			return
		}
		if sole < 0 && f.kin(t, g.First, g.Last) {
			sole = i
		}
	}
	if sole < 0 {
		return
	}
	e := f.draft(from, t+1, t)
	g := &f.found[sole]
	e.Kind, e.AliasKind, e.Party, e.alias = model.MentionIssue, model.AliasPronoun, g.Party, g.alias
	e.Resolution, e.Confidence, e.Antecedent = byCoreference, sureRepeated, sole
	f.found = append(f.found, e)
	f.issueEnd = t + 1
	if f.tr.On() {
		f.trace(e.First, e.Last, e.Resolution.String(), "resolved", f.aliasOf(&e))
	}
}

// kin reports whether one of the tokens is called as the noun t is, or both are
// a deal.
func (f *Finder) kin(t, from, to int32) bool {
	for u := from; u < to; u++ {
		if f.tokens[u].ID == f.tokens[t].ID || f.words[f.tokens[u].ID].Hint&f.hint(t)&rules.HintDeal != 0 {
			return true
		}
	}
	return false
}

// dealt reports whether one of the tokens is a deal.
func (f *Finder) dealt(from, to int32) bool {
	for t := from; t < to; t++ {
		if f.words[f.tokens[t].ID].Hint&rules.HintDeal != 0 {
			return true
		}
	}
	return false
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
