package party

import (
	"slices"

	"stance/internal/model"
)

// peopleKept bounds the people whom later pieces of an article know from the
// earlier ones.
const peopleKept = 1 << 12

// peopleReach bounds among how many people, acronyms or mentions the one is
// looked for that a word means: a text of nothing but names has no more than
// the last, and the next, so many.
const peopleReach = 1 << 12

// remember takes up what is known at the beginning of a piece: nothing, or who
// was introduced before it.
func (f *Finder) remember() {
	if len(f.people) > 0 {
		clear(f.surnames[:])
	}
	if f.l.Piece.Number == 0 {
		f.people, f.acronyms, f.met, f.voters, f.recruits = f.people[:0], f.acronyms[:0], false, f.voters[:0], f.recruits[:0]
		from := f.l.TokenAt(f.l.Headline.Start)
		to := from
		for to < len(f.tokens) && f.tokens[to].Start < f.l.Headline.End {
			to++
		}
		f.headline = append(f.headline[:0], f.tokens[from:to]...)
		return
	}
	// Who is introduced in the context will be introduced again.
	from := int32(0)
	if len(f.tokens) > 0 {
		from = f.tokens[0].Start
	}
	f.people = slices.DeleteFunc(f.people, func(p person) bool { return p.from >= from })
	for i := range f.people {
		if f.people[i].index < 0 {
			f.list(i)
		}
	}
}

// note keeps for the next piece who was introduced, the last time of each, and
// how often parties were named.
func (f *Finder) note() {
	type name struct {
		surname string
		index   int32
	}
	seen := make(map[name]bool, peopleKept)
	kept := len(f.people)
	for i := len(f.people) - 1; i >= 0 && len(seen) < peopleKept; i-- {
		p := f.people[i]
		if k := (name{p.surname, p.index}); !seen[k] {
			seen[k] = true
			kept--
			f.people[kept] = p
		}
	}
	f.people = slices.Delete(f.people, 0, kept)
	// An acronym explained again is the same.
	f.acronyms = slices.Compact(f.acronyms)
	f.acronyms = slices.Delete(f.acronyms, 0, max(0, len(f.acronyms)-peopleKept))
	at := make(map[int32]int, len(f.voters))
	for i, v := range f.voters {
		at[v.party] = i
	}
	for i := range f.found {
		g := &f.found[i]
		if !g.votes() || g.Sentence < f.l.Piece.Known {
			continue
		}
		k, known := at[g.Party]
		if !known {
			k = len(f.voters)
			at[g.Party] = k
			f.voters = append(f.voters, voter{party: g.Party})
		}
		f.voters[k].n++
	}
}

// votes reports whether a mention tells which parties an article is about.
func (e *draft) votes() bool {
	return e.Kind == model.MentionParty && e.Party >= 0 && e.state == settled && e.AliasKind != model.AliasPlace
}
