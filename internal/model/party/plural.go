package party

import (
	"slices"
	"sort"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// twin is a further party of a plural expression that means several: "they"
// after "Egypt and Qatar", "both governments". It becomes a mention of its own
// at the same place.
type twin struct {
	of, member int32 // drafts: the expression, and the mention of the party that it refers to
	party      int32
	who        who
}

// coupleReach is how many sentences back the parties are sought that "both
// sides" are.
const coupleReach = 3

// both leaves "both", "both governments", "each side" and "the two sides" to the
// second pass.
func (f *Finder) both(t int32, h rules.Hint) {
	head := t + 1
	for head < t+3 && f.hint(head)&(rules.HintSides|rules.HintAlias|rules.HintHead) == 0 && f.modifier(head) && f.class(head)&text.NounPlural == 0 {
		head++
	}
	switch c := f.class(t + 1); {
	case h&rules.HintEach != 0:
		if head = t + 1; f.v.Form(max(f.id(head), 0)) != "side" || f.possessed(head+1) || f.kind(head+1) == model.Hyphen || f.hint(head+1)&rules.HintOf != 0 || f.class(t-1)&text.Preposition != 0 {
			return // "on each side"
		}
	case f.v.Form(max(f.id(head), 0)) == "sides" && f.hint(t-1)&(rules.HintFrom|rules.HintLocative) != 0:
		return // "under fire from both sides", "on both sides"
	case f.hint(head)&rules.HintSides != 0 && f.kind(head) == model.Word && f.class(head)&text.NounPlural != 0:
		if f.hint(head+1)&rules.HintOf != 0 && !f.charges(t-1-btoi32(f.definite(t-1))) || f.possessed(head+1) || f.kind(head+1) == model.Hyphen || f.hint(head+1)&rules.HintAnd != 0 && h&rules.HintBoth != 0 && f.class(head+2)&text.Verb == 0 {
			return
		}
	case h&rules.HintBoth == 0:
		return
	case c&(text.Modal|text.Have|text.Be|text.Do) != 0, c&text.VerbPast != 0 && c&text.Noun == 0,
		f.class(t-1)&text.Verb != 0 && (c&text.To != 0 && c&text.Verb == 0 && f.class(t+2)&text.Verb != 0 || c&text.Preposition != 0 && c&text.To == 0 && f.hint(t+1)&rules.HintOf == 0 || f.is(t+1, '.')) || f.charges(t-1) && f.hint(t+1)&rules.HintOf != 0:
		head = t // "both have denied it", "urged both to stop"
	default:
		return
	}
	e := f.draft(t, head+1, head)
	e.AliasKind, e.state, e.Plural = model.AliasPronoun, couple, true
	f.take(&e)
}

// resolveCouple finds the parties that "both sides" are: those last set beside
// each other, else the only ones of a sentence, else of the last sentences.
func (f *Finder) resolveCouple(i int) bool {
	e := &f.found[i]
	n := 2
	if f.hint(e.First)&rules.HintThree != 0 {
		n = 3
	}
	own := f.clauseOf(e.Head)
	if e.Last == e.First+1 && !f.opens(e.First) {
		// "Egypt and Qatar both agreed": of those before it or of nobody known.
		for j := i - 1; j >= 0 && f.found[j].Last >= e.First-1 && f.class(e.First-1)&text.Verb == 0; j-- {
			if f.members(j); len(f.set) == n {
				f.pair(i, f.set)
				return true
			}
		}
		if f.class(e.First-1)&text.Verb == 0 {
			return false
		}
	}
	reach := max(e.Sentence-coupleReach, 0)
	for j := i - 1; j >= max(0, i-maxBack) && f.found[j].Sentence >= reach; j-- {
		if f.members(j); len(f.set) == n && f.couples(e, own, f.set) && !f.governed(f.set[0], e.Last > e.First+1) {
			f.pair(i, f.set)
			return true
		}
	}
	if e.Last == e.First+1 {
		return false
	}
	// The only ones of this sentence so far, else of the one before.
	for at := e.Sentence; at >= max(e.Sentence-1, 0); at-- {
		if f.gather(e, i, at, at, own); len(f.set) == n {
			f.pair(i, f.set)
			return true
		}
	}
	for at := e.Sentence - 2; at >= reach && !f.ofPeople(e); at-- {
		if f.gather(e, i, at, e.Sentence-1, own); len(f.set) >= n {
			break
		}
	}
	if len(f.set) == n {
		f.pair(i, f.set)
		return true
	}
	return false
}

// gather sets f.set to the mentions before a draft of the parties of the
// sentences from one to another, each once, that its noun can mean, up to one
// more than three; to nothing where one stands in the clause of the draft, or
// in its sentence but not in those asked for.
func (f *Finder) gather(e *draft, i int, sentence, last int32, own model.Clause) {
	f.set = f.set[:0]
	for j := i - 1; j >= max(0, i-maxBack) && f.found[j].Sentence >= sentence; j-- {
		g := &f.found[j]
		if g.Sentence > last || !f.joins(g) {
			continue
		}
		side := f.sides(e, g)
		if side < 0 {
			continue
		}
		if within(own, g) || len(f.set) > 0 && f.personal(g) != f.personal(&f.found[f.set[0]]) {
			f.set = f.set[:0]
			return // Obama and Israel are no two sides
		}
		if !slices.ContainsFunc(f.set, func(m int32) bool { return f.sides(e, &f.found[m]) == side }) {
			if f.set = append(f.set, int32(j)); len(f.set) > 3 {
				break
			}
		}
	}
	for j := i - 1; j >= 0 && sentence < e.Sentence && f.found[j].Sentence == e.Sentence; j-- {
		g := &f.found[j]
		if f.joins(g) && slices.ContainsFunc(f.set, func(m int32) bool { return f.sides(e, &f.found[m]) == f.sides(e, g) }) {
			f.set = f.set[:0]
			return
		}
	}
	slices.Reverse(f.set)
}

// opens reports whether a clause begins at a token.
func (f *Finder) opens(t int32) bool {
	return t == f.first || f.class(t-1)&(text.Coordinator|text.Subordinate|text.That|text.Conditional) != 0 || f.kind(t-1) == model.QuoteMark
}

// within reports whether a mention stands in a clause.
func within(c model.Clause, g *draft) bool { return c.First <= g.Head && g.Head < c.Last }

// governed reports whether a preposition stands before a mention; only that of
// somebody who does something for others where mediators are asked for.
func (f *Finder) governed(i int32, mediators bool) bool {
	t := f.found[i].First - 1
	if t >= 0 && f.words[f.tokens[t].ID].Hint&rules.HintDefinite != 0 {
		t--
	}
	if mediators {
		return t >= 0 && f.v.Form(f.tokens[t].ID) == "by"
	}
	return t >= 0 && f.words[f.tokens[t].ID].Class&text.Preposition != 0
}

// anyPlural reports whether a word that can be a plural noun stands among some
// tokens.
func (f *Finder) anyPlural(from, to int32) bool {
	for t := from; t < to; t++ {
		if f.words[f.tokens[t].ID].Class&text.NounPlural != 0 {
			return true
		}
	}
	return false
}

// couples reports whether the parties of some mentions can be those of a noun,
// and none is the subject of the clause that the noun stands in.
func (f *Finder) couples(e *draft, own model.Clause, set []int32) bool {
	for k, m := range set {
		g := &f.found[m]
		if f.sides(e, g) < 0 || within(own, g) || slices.ContainsFunc(set[:k], func(o int32) bool { return f.sides(e, &f.found[o]) == f.sides(e, g) }) {
			return false
		}
	}
	return true
}

// sides returns the party of a mention as one of those that a plural noun can
// mean; -1 when it cannot.
func (f *Finder) sides(e, g *draft) int32 {
	noun := f.v.Form(f.tokens[e.Head].ID)
	if f.ofPeople(e) {
		if !f.personal(g) && g.hint&rules.HintHe == 0 {
			return -1
		}
		return g.Party
	}
	if g.AliasKind == model.AliasDemonym && g.NeedsCue && noun != "countries" && noun != "governments" && noun != "nations" {
		return -1
	}
	if government := f.governmentOf(g.Party); government >= 0 {
		if noun == "parties" || noun == "rivals" {
			return -1
		}
		return government
	}
	switch kind := f.p.Parties[g.Party].Kind; noun {
	case "parties":
		if kind != rules.PoliticalParty || f.personal(g) {
			return -1
		}
	case "countries", "governments", "nations", "states", "capitals", "powers", "neighbors", "neighbours":
		return -1
	case "armies", "militaries", "forces":
		if kind != rules.ArmedGroup {
			return -1
		}
	default:
		if noun != "both" && (kind != rules.ArmedGroup && kind != rules.PoliticalParty || kind == rules.PoliticalParty && f.personal(g)) {
			return -1
		}
	}
	return g.Party
}

// ofPeople reports whether a plural noun is of people: "the two leaders".
func (f *Finder) ofPeople(e *draft) bool {
	switch f.v.Form(f.tokens[e.Head].ID) {
	case "leaders", "men", "women", "presidents", "ministers":
		return true
	}
	return false
}

// joins reports whether a mention can be one of several that a plural means.
func (f *Finder) joins(g *draft) bool {
	return g.state == settled && g.Kind == model.MentionParty && g.Party >= 0 && g.AliasKind != model.AliasPlace && g.candidates == 0
}

// members sets f.set to the mentions that are coordinated and end with a draft:
// "Egypt, Jordan and Qatar"; to nothing where there are none.
func (f *Finder) members(last int) {
	f.set = f.set[:0]
	if !f.joins(&f.found[last]) {
		return
	}
	f.set = append(f.set, int32(last))
	for j, k := last-1, last; j >= 0 && len(f.set) < 4 && f.found[j].Sentence == f.found[last].Sentence; j-- {
		g, h := &f.found[j], &f.found[k]
		if g.Kind == model.MentionIssue || g.state == dropped {
			continue
		}
		if !f.joins(g) || !f.coordinated(g.Last, h.First, k == last) || slices.ContainsFunc(f.set, func(m int32) bool { return f.found[m].Party == g.Party }) {
			break
		}
		f.set = append(f.set, int32(j))
		k = j
	}
	if len(f.set) < 2 {
		f.set = f.set[:0]
		return
	}
	slices.Reverse(f.set)
}

// coordinated reports whether nothing but "and" and commas joins two mentions;
// the last two of a list need the "and".
func (f *Finder) coordinated(from, to int32, last bool) bool {
	if to <= from || to-from > 4 {
		return false
	}
	and := false
	for t := from; t < to; t++ {
		tok := &f.tokens[t]
		switch {
		case f.words[tok.ID].Hint&rules.HintAnd != 0 && f.v.Form(tok.ID) == "and":
			and = true
		case f.words[tok.ID].Hint&rules.HintDefinite != 0 && and:
		case tok.End-tok.Start == 1 && f.a.Text[tok.Start] == ',':
		default:
			return false
		}
	}
	return and || !last
}

// pair makes a plural expression mean the parties of several mentions.
func (f *Finder) pair(i int, set []int32) {
	e := &f.found[i]
	for k, m := range set {
		g := &f.found[m]
		party, person := g.Party, g.who
		if e.state == couple {
			if party = f.sides(e, g); !f.ofPeople(e) {
				person = who{}
			}
		}
		if k > 0 {
			f.twins = append(f.twins, twin{int32(i), m, party, person})
			continue
		}
		e.who = person
		e.Kind, e.Party, e.Antecedent = model.MentionParty, party, m
		e.Resolution, e.Confidence = byCoreference, min(sureReference, g.Confidence*0.8)
	}
}

// twinsOf returns the further parties of a draft.
func (f *Finder) twinsOf(i int32) []twin {
	from := sort.Search(len(f.twins), func(k int) bool { return f.twins[k].of >= i })
	to := from
	for to < len(f.twins) && f.twins[to].of == i {
		to++
	}
	return f.twins[from:to]
}

// makeRoom numbers the drafts to be emitted with places behind those that have
// twins.
func (f *Finder) makeRoom(order []int32) {
	k := int32(0)
	for _, i := range order {
		e := &f.found[i]
		if e.person += k; e.Plural {
			k += int32(len(f.twinsOf(i)))
		}
	}
}

// addTwins fills the places behind the drafts that have twins.
func (f *Finder) addTwins(out []model.Mention) {
	for k := range f.twins {
		w := &f.twins[k]
		at := f.found[w.of].person
		for k > 0 && f.twins[k-1].of == w.of {
			k, at = k-1, at+1
		}
		m := &out[at+1]
		*m = out[f.found[w.of].person]
		m.Party, m.Antecedent, m.Person = w.party, f.found[w.member].person, f.personOf(&draft{who: w.who})
		m.ID, m.Rollup = f.standing(w.party)
	}
}
