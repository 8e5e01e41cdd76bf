package party

import (
	"strings"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// tie makes a person one of whom the owner's party is known in the second pass.
type tie struct{ person, owner int32 } // drafts

// recruit is a person of a pack of whom the article says, at a byte of its
// text, for which party they act.
type recruit struct{ first, party, at int32 } // the first term of the person

// recruited returns for whom the article says, last before a mention, that its
// person acts; -1.
func (f *Finder) recruited(e *draft) int32 {
	if len(f.recruits) == 0 {
		return -1
	}
	first, _ := f.p.Terms(e.person)
	at, party, latest := f.tokens[e.First].Start, int32(-1), int32(-1)
	for i := len(f.recruits) - 1; i >= max(0, len(f.recruits)-peopleReach); i-- {
		if r := &f.recruits[i]; r.first == first && r.at <= at && r.at > latest {
			party, latest = r.party, r.at
		}
	}
	return party
}

// recruit remembers that a mention's person acts for a party.
func (f *Finder) recruit(e *draft, party int32) {
	first, _ := f.p.Terms(e.person)
	f.recruits = append(f.recruits, recruit{first, party, f.tokens[e.First].Start})
}

// introduce takes the full name [from, to) of an unknown person, whom the
// article may have introduced before.
func (f *Finder) introduce(e *draft, from, to int32) {
	party := int32(-1)
	name := f.a.Text[e.who.from:e.who.to]
	for p := range f.bearers(f.surface(to - 1)) {
		if f.a.Text[p.from:p.to] == name {
			party = p.party
			break
		}
	}
	if party >= 0 {
		e.Kind, e.AliasKind, e.Party = model.MentionParty, model.AliasLeader, party
	}
	f.meet(from, to, -1, party)
	f.take(e)
	f.annex()
}

// role reports whether a mention is of somebody whom a name can follow: "the
// Israeli lawmaker, Ayman Odeh".
func (e *draft) role() bool {
	return e.Kind == model.MentionParty && !e.Plural && e.who.to <= 0 && e.AliasKind == model.AliasRole && e.hint&rules.HintPerson != 0 && e.state != office
}

// partisan reports whether a mention is of a single member of a political
// party: "a Republican".
func (f *Finder) partisan(e *draft) bool {
	return e.Party >= 0 && !e.Plural && e.AliasKind == model.AliasDemonym && f.p.Parties[e.Party].Kind == rules.PoliticalParty
}

// fields reports whether the people of a mention's party act for it; those of
// a newspaper only work there.
func (f *Finder) fields(g *draft) bool {
	return g.Party >= 0 && f.p.Parties[g.Party].Kind != rules.Media
}

// memberAt reports whether the name of a member of a political party begins at
// t, behind an adjective or noun of the party: "Republican Jane Roe".
func (f *Finder) memberAt(t int32, a *rules.Alias) bool {
	return f.hint(t)&(rules.HintMale|rules.HintFemale) != 0 && f.nameLike(t+1) && f.p.Parties[a.Party].Kind == rules.PoliticalParty
}

// annex gives the person taken last the party of what stands before the name:
// "South Africa's foreign minister, Jane Roe", "Germany's Jane Roe",
// "Republican Jane Roe".
func (f *Finder) annex() {
	i := len(f.found) - 1
	e := &f.found[i]
	if e.Kind != model.MentionPerson || e.Party >= 0 || e.candidates > 0 {
		return
	}
	j := i - 1
	for j >= 0 && f.found[j].Kind == model.MentionIssue {
		j--
	}
	if j < 0 || f.found[j].Sentence != f.sentence {
		return
	}
	g := &f.found[j]
	switch {
	case f.hint(g.First-1)&rules.HintFormer != 0:
	case g.Last == e.First-1 && f.is(g.Last, ',') && g.role():
		f.bind(int32(i), int32(j))
	case g.Last == e.First-1 && f.possessed(g.Last) && g.state == settled && !f.personal(g) && f.fields(g):
		f.bind(int32(i), int32(j))
	case g.Last == e.First && f.partisan(g):
		f.bind(int32(i), int32(j))
	}
}

// bind gives a person the party of another mention, at once where it is known.
func (f *Finder) bind(person, owner int32) {
	g := &f.found[owner]
	if g.state != settled {
		f.ties = append(f.ties, tie{person, owner})
		return
	}
	if f.deputy(g) {
		return
	}
	if g.role() { // whatever the pack says of who holds the office
		g.who, g.person = f.found[person].who, f.found[person].person
	}
	f.join(person, g.Party)
}

// joinReach bounds how many mentions back a person gets a party of whom the
// article tells it later: no report has more, and a text of many is read alike
// in pieces.
const joinReach = 1 << 9

// deputy reports whether a mention is of a member of a legislature who is one of
// a party, not of the government: "the U.S. congressman".
func (f *Finder) deputy(g *draft) bool {
	switch f.v.Form(f.tokens[g.Head].ID) {
	case "congressman", "congresswoman", "senator", "representative", "legislator":
		return g.Party >= 0 && f.p.Parties[g.Party].Kind == rules.Government
	}
	return false
}

// join gives a person whom no party is known of a party, in all that the
// article says of them.
func (f *Finder) join(person, party int32) {
	e := &f.found[person]
	if e.Party >= 0 || party < 0 || e.who == (who{}) {
		return
	}
	w := e.who
	if w.to < 0 {
		first, _ := f.p.Terms(w.from)
		f.recruit(e, party)
		for i := max(0, len(f.found)-joinReach); i < len(f.found); i++ {
			if g := &f.found[i]; g.Kind == model.MentionPerson && g.who.to < 0 && g.state == settled && g.candidates == 0 {
				if other, _ := f.p.Terms(g.who.from); other == first {
					g.enlist(party)
				}
			}
		}
		return
	}
	surname := f.lastName(w)
	for p := range f.bearers(surname) {
		if p.party < 0 {
			p.party = party
		}
	}
	for i := max(0, len(f.found)-joinReach); i < len(f.found); i++ {
		if g := &f.found[i]; g.Kind == model.MentionPerson && g.who.to > 0 && g.state == settled && f.lastName(g.who) == surname {
			g.enlist(party)
		}
	}
}

// enlist makes the mention of a person one of a party.
func (e *draft) enlist(party int32) {
	e.Kind, e.Party = model.MentionParty, party
	if e.AliasKind != model.AliasPronoun {
		e.AliasKind = model.AliasLeader
	}
}

// apposition looks for the person of whom the mention taken last tells the
// party: "Jane Roe, the Israeli lawmaker", "Jane Roe, a spokeswoman for
// Hamas", "Jane Roe of Britain", "Jane Roe, who heads the Israeli delegation",
// "the Israeli ambassador in Cairo, Jane Roe".
func (f *Finder) apposition() {
	i := int32(len(f.found) - 1)
	e := &f.found[i]
	if e.Kind != model.MentionParty || e.AliasKind == model.AliasPlace || e.candidates > 0 || e.who.to > 0 {
		return
	}
	t := e.First - 1
	end := f.staff(e)
	of := t
	if f.class(of)&text.Determiner != 0 {
		of--
	}
	if e.state == office && !e.Plural || e.state == reference && e.hint&rules.HintPerson != 0 && !e.Plural && f.stately(e) {
		f.nameBehind(i, e.Last) // "the home secretary, Jane Roe,"
		return
	}
	if e.role() && f.speaksFor(e, of) {
		t = of - 2 // "a spokesman for the Israeli prime minister"
	} else if !e.role() && !f.partisan(e) && end == e.Last {
		t = of
		switch h := f.hint(t); {
		case h&rules.HintHeads != 0:
			if f.class(t-1)&text.Relative != 0 && f.is(t-2, ',') {
				f.describe(i, t-2)
			}
			return
		case h&rules.HintOf != 0 && e.AliasKind != model.AliasDemonym && e.AliasKind != model.AliasMetonym && f.fields(e) && f.namedBefore(t):
			f.describe(i, t)
			return
		case !f.speaksFor(e, t):
			return
		}
		t -= 2
	}
	if c := f.class(end); f.kind(end) != model.Word || c&(text.Verb|text.Modal|text.Have|text.Be) == 0 || c&(text.Preposition|text.Relative) != 0 {
		for n := 0; n < 5 && f.class(t)&text.Determiner == 0 && f.kind(t) == model.Word && f.modifier(t); n++ {
			if f.hint(t)&rules.HintFormer != 0 {
				return // no longer
			}
			t--
		}
		if f.class(t)&text.Determiner != 0 {
			t--
		}
		if f.is(t, ',') && f.describe(i, t) {
			return
		}
	}
	if f.partisan(e) {
		return
	}
	f.nameBehind(i, end)
}

// staff returns the end of the noun for a person that a mention referring back
// possesses: "the army's deputy commander"; the end of the mention without one.
func (f *Finder) staff(e *draft) int32 {
	if e.state != reference || !f.possessed(e.Last) {
		return e.Last
	}
	for t := e.Last + 1; t < e.Last+4; t++ {
		if h := f.hint(t); h&rules.HintHead != 0 && h&rules.HintPerson != 0 && f.class(t)&text.NounPlural == 0 {
			return t + 1
		}
		if !f.modifier(t) {
			break
		}
	}
	return e.Last
}

// speaksFor reports whether the preposition at t ties a mention to the noun of
// an office before it: "a spokesman for the Israeli army".
func (f *Finder) speaksFor(e *draft, t int32) bool {
	if f.class(t)&text.Preposition == 0 {
		return false
	}
	if h := f.hint(t - 1); h&rules.HintHead == 0 || h&rules.HintPerson == 0 || f.class(t-1)&text.NounPlural != 0 {
		return false
	}
	switch f.v.Form(f.tokens[t].ID) {
	case "of", "from", "with", "at":
		return e.AliasKind != model.AliasMetonym
	case "for":
		return e.AliasKind != model.AliasName || f.p.Parties[max(e.Party, 0)].Kind != rules.Government || strings.HasPrefix(f.v.Form(f.tokens[t-1].ID), "spokes")
	}
	return false
}

// namedBefore reports whether a full name ends at token t: of a person taken
// before, or of words that are nothing else.
func (f *Finder) namedBefore(t int32) bool {
	if f.personEnding(t) >= 0 {
		return true
	}
	from := f.nameStart(t)
	if t-from < 2 || f.fullName(from) != t {
		return false
	}
	for i := from; i < t; i++ {
		if f.hint(i)&(rules.HintCommon|rules.HintHead|rules.HintInstitution|rules.HintAlias|rules.HintDirection) != 0 {
			return false
		}
	}
	return true
}

// personEnding returns the draft of an unaffiliated person that ends at token
// t; -1.
func (f *Finder) personEnding(t int32) int32 {
	for j := len(f.found) - 2; j >= 0 && j >= len(f.found)-5; j-- {
		if g := &f.found[j]; g.Kind == model.MentionPerson && g.Last == t && g.Sentence == f.sentence && g.who != (who{}) {
			return int32(j)
		}
	}
	return -1
}

// nameStart returns where the words that may be the name that ends at token t
// begin.
func (f *Finder) nameStart(t int32) int32 {
	from := t
	for from > f.first && from > t-5 && !f.taken(from-1) && (f.nameLike(from-1) && f.kind(from-1) == model.Word ||
		from < t && (f.hint(from-1)&rules.HintParticle != 0 || f.kind(from-1) == model.Hyphen || f.initial(from-1) && f.kind(from-1) == model.Word)) {
		from--
	}
	return from
}

// taken reports whether a token belongs to one of the last mentions.
func (f *Finder) taken(t int32) bool {
	for j := len(f.found) - 1; j >= 0 && j >= len(f.found)-4 && f.found[j].Sentence == f.sentence; j-- {
		if g := &f.found[j]; g.Kind != model.MentionIssue && g.First <= t && t < g.Last {
			return true
		}
	}
	return false
}

// describe gives the person whose name ends at token t the party of a
// mention; false when no name ends there.
func (f *Finder) describe(owner, t int32) bool {
	if f.sentenceCasing() != sentenceCase {
		return false
	}
	if j := f.personEnding(t); j >= 0 {
		f.bind(j, owner)
		return true
	}
	from := f.nameStart(t)
	if t-from < 2 || f.fullName(from) != t || f.hint(t-1)&(rules.HintInstitution|rules.HintHead) != 0 {
		return false
	}
	if n, _, _ := f.personAt(from); n > 0 {
		return false
	}
	f.appose(owner, from, t)
	return true
}

// nameBehind takes the name that commas set off behind a role that ends at a
// token, and behind what may stand between: "the Israeli ambassador in Cairo,
// Jane Roe,".
func (f *Finder) nameBehind(owner, last int32) {
	e := &f.found[owner]
	t := last
	if f.class(t)&(text.Preposition|text.To) != 0 {
		for t++; t < last+7 && (f.kind(t) == model.Word || f.kind(t) == model.Hyphen) && f.class(t)&(text.VerbPast|text.Modal|text.Be|text.Have) == 0; t++ {
		}
	}
	if !f.is(t, ',') || f.sentenceCasing() != sentenceCase {
		return
	}
	from := t + 1
	end := f.fullName(from)
	if end-from < 2 || f.hint(end-1)&(rules.HintInstitution|rules.HintHead) != 0 || f.kind(end) == model.Word && f.class(end)&text.Relative == 0 || f.possessed(end) {
		return
	}
	if n, _, _ := f.personAt(from); n > 0 {
		return // the name itself is taken when its turn comes
	}
	if t > last {
		// What stands between is read before the name is taken.
		if e.state == settled {
			f.meet(from, end, -1, e.Party)
			if e.role() {
				e.who, e.person = f.named(from, end), -1
			}
		}
		return
	}
	f.appose(owner, from, end)
}

// appose adds the mention of a person who is introduced by another mention.
func (f *Finder) appose(owner, from, end int32) {
	e := f.draft(from, end, end-1)
	e.Kind, e.AliasKind, e.who, e.Resolution, e.Confidence = model.MentionPerson, model.AliasName, f.named(from, end), byLongest, 0.8
	f.meet(from, end, -1, -1)
	f.found = append(f.found, e)
	f.partyEnd = max(f.partyEnd, end)
	f.bind(int32(len(f.found)-1), owner)
}

// affiliate gives the party of a letter at token t to the person before it:
// "Jane Roe (R-Ohio)", "Rep. Roe, D-N.Y.,".
func (f *Finder) affiliate(t int32, letter *rules.Alias) {
	name := t - 1 // ends here
	if !f.cased(letter, t, 1) || !f.is(name, '(') && !f.is(name, ',') ||
		f.kind(t+1) != model.Hyphen || f.tokens[t+1].Flags&model.SpaceBefore != 0 || f.kind(t+2) != model.Word || f.tokens[t+2].Flags&model.Capital == 0 {
		return
	}
	last := len(f.found) - 1
	for last >= 0 && f.found[last].Kind == model.MentionIssue {
		last--
	}
	if last < 0 || f.found[last].Sentence != f.sentence || f.found[last].Last < name {
		from := name
		for from-1 >= f.partyEnd && from > name-5 && f.kind(from-1) == model.Word && (f.nameLike(from-1) || from < name && f.initial(from-1)) {
			from--
		}
		if name-from < 2 || f.fullName(from) != name {
			return
		}
		e := f.draft(from, name, name-1)
		e.Kind, e.AliasKind, e.who, e.Resolution, e.Confidence = model.MentionPerson, model.AliasName, f.named(from, name), byLongest, 0.8
		f.meet(from, name, -1, -1)
		f.take(&e)
		last = len(f.found) - 1
	}
	e := &f.found[last]
	f.partyEnd = max(f.partyEnd, t+3)
	if e.person >= 0 && e.AliasKind == model.AliasLeader && (f.undated || e.Party < 0) {
		// No office of the pack holds on that day, or the day is not known.
		e.Kind, e.Party = model.MentionParty, letter.Party
	}
	if e.who.to > 0 {
		f.join(int32(last), letter.Party)
	}
}

// possessive takes "its spokesman", "his agriculture minister" and "her
// government" at the pronoun t, and leaves whose they are to the second pass.
func (f *Finder) possessive(t int32) {
	if f.object(t) {
		f.pronoun(t, rules.HintHe|rules.HintIts)
		return
	}
	if f.kind(t+1) != model.Word {
		return
	}
	head, end := f.headOf(t+1, rules.NameHeads, 0)
	if end == 0 && f.hint(t+1)&(rules.HintNation|rules.HintPartisan) != 0 && f.hint(t-1)&rules.HintLocative == 0 && f.hint(t+2)&rules.HintHead == 0 {
		head, end = t+1, t+2 // "said that his country had", but not "in his country"
	}
	if end == 0 || f.hint(head)&(rules.HintPerson|rules.HintBody|rules.HintPartisan) == 0 {
		return
	}
	switch f.v.Form(f.tokens[head].ID) {
	case "counterpart", "counterparts", "judge", "judges", "prosecutor", "prosecutors", "court", "courts", "tribunal", "judiciary", "guard", "guards", "state", "states":
		return // somebody else's, or set over whom they are named by
	}
	for at := t + 1; at < head; at++ {
		if f.hint(at)&rules.HintAlias != 0 && f.tokens[at].Flags&model.Capital != 0 && f.startsParty(at) {
			return // "its Chadian ambassador"
		}
	}
	e := f.draft(t, end, head)
	e.AliasKind, e.state, e.hint = model.AliasRole, owned, f.hint(head)&^rules.HintHe
	e.Plural = f.class(head)&text.NounPlural != 0
	f.take(&e)
	if e.Plural {
		return
	}
	if e.hint&rules.HintPerson == 0 {
		f.apposition() // "Jane Roe, who heads its council"
		return
	}
	i := int32(len(f.found) - 1)
	if name := f.fullName(end); name-end >= 2 && f.sentenceCasing() == sentenceCase && f.hint(name-1)&rules.HintInstitution == 0 {
		if n, _, _ := f.personAt(end); n == 0 {
			f.appose(i, end, name)
		}
		return
	}
	f.apposition()
}

// object reports whether "her" is no possessive: "accused her of", "met her".
func (f *Finder) object(t int32) bool {
	if f.words[f.tokens[t].ID].Hint&rules.HintShe == 0 || f.class(t-1)&(text.Verb|text.Preposition) == 0 {
		return false
	}
	c := f.class(t + 1)
	return f.kind(t+1) != model.Word || c&(text.Preposition|text.Coordinator|text.To|text.That|text.Subordinate) != 0 && c&(text.Noun|text.Adjective) == 0
}

// introduces reports whether a role names the person of a mention further.
func (f *Finder) introduces(role int32, g *draft) bool {
	for _, b := range f.ties {
		if b.owner == role && f.found[b.person].who == g.who && g.who != (who{}) {
			return true
		}
	}
	return false
}

// own decides whose a role with a possessive pronoun is: of the first mention
// that fits in the nearest clause that has one, else of the first in the
// sentence before.
func (f *Finder) own(i int) bool {
	e := &f.found[i]
	form := f.v.Form(f.tokens[e.First].ID)
	best := -1
	for j := i - 1; j >= max(0, i-maxBack) && f.found[j].Sentence >= e.Sentence-1; j-- {
		g := &f.found[j]
		if best >= 0 && (f.found[best].Sentence != g.Sentence || g.Sentence == e.Sentence && g.First < f.clauseOf(f.found[best].First).First) {
			break
		}
		if form == "whose" && (g.Sentence != e.Sentence || g.Last != e.First && (g.Last != e.First-1 || !f.is(g.Last, ','))) {
			continue // only what stands directly before
		}
		if f.introduces(int32(i), g) {
			continue // "Jane Roe, her spokesman"
		}
		if g.First >= e.First || g.state != settled || g.Kind == model.MentionIssue || g.AliasKind == model.AliasPlace || g.candidates > 0 || g.Party < 0 && g.who == (who{}) ||
			g.AliasKind == model.AliasDemonym && g.NeedsCue {
			continue
		}
		fits := false
		switch form {
		case "whose":
			fits = !g.Plural
		case "its":
			fits = !g.Plural && !f.personal(g) && g.hint&rules.HintHe == 0
		case "his", "her":
			fits = !g.Plural && (f.personal(g) || g.hint&rules.HintHe != 0) && f.bears(form == "her", g)
		default:
			fits = g.Plural || !f.personal(g) && g.Party >= 0 && f.p.Parties[g.Party].Kind == rules.ArmedGroup
		}
		if !fits {
			continue
		}
		if best < 0 && g.Sentence == e.Sentence && f.class(g.Last)&text.To != 0 {
			best = j // "asked Egypt to withdraw its troops"
			break
		}
		best = j
	}
	if best < 0 || f.found[best].Party < 0 {
		return false
	}
	g := &f.found[best]
	party := g.Party
	switch h := f.hint(e.Head); {
	case e.Last != e.First+2:
	case h&rules.HintPartisan != 0 && f.p.Parties[party].Kind != rules.PoliticalParty:
		return false
	case h&rules.HintNation != 0 && f.v.Form(f.tokens[e.Head].ID) != "government":
		if party = f.governmentOf(party); party < 0 {
			return false
		}
	}
	if f.members(best); e.Plural && form == "whose" && len(f.set) > 1 {
		for _, m := range f.set[:len(f.set)-1] { // "Norway and Chile, whose envoys"
			f.twins = append(f.twins, twin{of: int32(i), member: m, party: f.found[m].Party})
		}
	}
	e.Party, e.Antecedent, e.Resolution, e.Confidence = party, int32(best), byCoreference, min(sureReference, g.Confidence*0.8)
	e.alias = g.alias
	if e.hint&rules.HintPerson != 0 {
		f.holder(e)
	}
	return true
}
