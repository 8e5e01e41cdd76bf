package party

import (
	"iter"
	"strings"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// leader takes the name of a person whom a pack knows.
func (f *Finder) leader(t, n int32) bool {
	o := f.options[0]
	a := &f.p.Aliases[o.alias]
	end := t + n
	if f.kind(t-1) == model.Hyphen && f.hint(t-2)&(rules.HintFormer|rules.HintTitle|rules.HintAlias) == 0 {
		return false
	}
	if f.kind(end) == model.Hyphen && f.tokens[end].Flags&model.SpaceBefore == 0 && f.kind(end+1) == model.Word &&
		(f.hint(end+1)&rules.HintAlias == 0 || f.tokens[end+1].Flags&model.Capital == 0) {
		return false
	}
	e := f.draft(t, end, end-1)
	e.AliasKind, e.alias, e.person = model.AliasLeader, o.alias, a.Person
	title := f.titleBefore(t)
	e.titled = title >= 0
	if a.Short {
		if !f.possessed(end) && f.nameLike(end) && f.hint(end)&(rules.HintHead|rules.HintModifier) == 0 && (!f.startsParty(end) || !e.titled && f.forename(t)) && f.tokens[end].Flags&model.LineBefore == 0 {
			return false // "Trump Tower"
		}
		if f.hint(t-1)&rules.HintToponym != 0 && f.tokens[t-1].Flags&model.Capital != 0 {
			return false // "Santa Cruz"
		}
		if !e.titled && t > f.partyEnd-btoi32(f.partyEnd > f.first) && f.givenName(t-1) {
			f.unknownPerson(t, end)
			return true
		}
		f.widen(&e, t)
		if e.titled {
			f.widen(&e, title)
		}
		e.state = surname
		f.take(&e)
		return true
	}
	if e.titled {
		f.widen(&e, title)
	}
	if f.ambiguous() {
		// Two people of one name: the day decides, else nothing does.
		kept := f.options[:0]
		for _, o := range f.options {
			if f.p.TermAt(f.p.Aliases[o.alias].Person, f.day) >= 0 {
				kept = append(kept, o)
			}
		}
		if len(kept) != 1 {
			if len(kept) > 0 {
				f.options = kept
			}
			f.abstain(&e, f.candidates())
			e.Kind = model.MentionPerson
			f.take(&e)
			return true
		}
		f.options = kept
		a = &f.p.Aliases[kept[0].alias]
		e.person, e.Resolution = a.Person, byDate
	}
	f.appoint(&e, sureName)
	f.meet(t, end, e.person, -1)
	f.floor = f.partyEnd
	f.followers(&e)
	f.take(&e)
	f.annex()
	return true
}

// forename reports whether a token that is somebody's surname is the given
// name of somebody else here, whose surname is known too: "James O'Brien".
func (f *Finder) forename(t int32) bool {
	if f.hint(t)&(rules.HintMale|rules.HintFemale) == 0 {
		return false
	}
	n, person, full := f.personAt(t + 1)
	return n > 0 && person >= 0 && !full
}

func btoi32(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// givenName reports whether a token looks like the given name of another
// person of the same surname: "Melania Trump".
func (f *Finder) givenName(t int32) bool {
	if !f.nameLike(t) || f.hint(t)&(rules.HintHead|rules.HintModifier|rules.HintDirection) != 0 && f.hint(t)&rules.HintCommon != 0 {
		return false
	}
	for i := len(f.found) - 1; i >= 0; i-- {
		if e := &f.found[i]; e.Kind != model.MentionIssue {
			return e.Last != t+1 || e.Sentence != f.sentence
		}
	}
	return true
}

// unknownPerson takes a full name whose surname a pack knows of somebody else.
func (f *Finder) unknownPerson(t, end int32) {
	from := t - 1
	for from-1 >= f.partyEnd && from > t-3 && (f.nameLike(from-1) && from-1 > f.first || f.kind(from-1) == model.Word && f.initial(from-1)) {
		from--
	}
	e := f.draft(from, end, end-1)
	e.Kind, e.AliasKind, e.who, e.Resolution, e.Confidence = model.MentionPerson, model.AliasName, f.named(from, end), byLongest, 0.7
	f.introduce(&e, from, end)
}

// appoint gives a known person's mention the party for which the person acts
// on the article's day.
func (f *Finder) appoint(e *draft, sure float32) {
	p := f.p
	e.who = known(e.person)
	if f.undated {
		if f.day == 0 {
			f.vote(e)
		}
		if party := f.saidOf(e); party >= 0 {
			e.Party, e.Confidence, e.Resolution = party, sure, byContext
			return
		}
	}
	if term := p.TermAt(e.person, f.day); term >= 0 {
		e.Party, e.Confidence = p.Persons[term].Party, sure
		if e.Resolution == undecided {
			e.Resolution = byLongest
			if first, last := p.Terms(e.person); last-first > 1 {
				e.Resolution = byDate
			}
		}
		return
	}
	e.Resolution = byDate
	if f.day == 0 {
		// The last government the person served, else the last party.
		first, last := p.Terms(e.person)
		e.Party, e.Confidence = p.Persons[last-1].Party, min(sure, sureUndated)
		for i := last - 1; i >= first; i-- {
			if party := p.Persons[i].Party; p.Parties[party].Kind == rules.Government {
				e.Party = party
				break
			}
		}
		return
	}
	e.Kind, e.Party, e.Confidence = model.MentionPerson, -1, sure
	if party := f.recruited(e); party >= 0 {
		e.Kind, e.Party = model.MentionParty, party
	}
}

// saidOf returns the party for which an article without a date says that a
// person of a pack acts, here by a title or before; -1.
func (f *Finder) saidOf(e *draft) int32 {
	known := f.recruited(e)
	if !e.titled {
		return known
	}
	first, last := f.p.Terms(e.person)
	party, former := int32(-1), f.formerly(e)
	if term := f.termInTitle(e, e.person); !former && term >= 0 {
		party = f.p.Persons[term].Party
	}
	for term := last - 1; former && term >= first && party < 0; term-- {
		if p := f.p.Persons[term].Party; f.p.Parties[p].Kind == rules.PoliticalParty {
			party = p
		}
	}
	if party < 0 {
		return known
	}
	if party != known {
		f.recruit(e, party)
	}
	return party
}

// formerly reports whether a title is said to be over: "former President".
func (f *Finder) formerly(e *draft) bool {
	return (f.hint(e.First-1)|f.hint(e.First))&rules.HintFormer != 0
}

// followers widens a leader's name to the body that acts for the leader:
// "the Trump administration", "Putin's government".
func (f *Finder) followers(e *draft) {
	if e.Party < 0 {
		return
	}
	at := e.Last
	possessive := f.possessed(at)
	if possessive {
		at++
	}
	if !possessive && f.aides(e) {
		return
	}
	h := f.hint(at)
	if h&rules.HintHead == 0 || h&(rules.HintPerson|rules.HintBody) == 0 || !possessive && h&rules.HintBody == 0 || f.verbal(at) {
		return
	}
	if last := f.inSet(at, rules.NameHeads); last >= 0 {
		head := f.chain(last, rules.NameHeads)
		if head >= f.limit {
			return // the head noun is the title of somebody else
		}
		f.extend(e, head+1)
		e.Head, e.AliasKind, e.hint = head, model.AliasRole, f.hint(head)
		e.Plural = f.class(head)&text.NounPlural != 0
		e.who, e.person = who{}, -1
	}
}

// aides widens a leader's name to those who speak for the leader: "an aide to
// Putin".
func (f *Finder) aides(e *draft) bool {
	noun := e.First - 2
	if f.v.Form(max(f.id(noun), 0)) == "close" && f.hint(e.First-1)&rules.HintTo != 0 && f.class(noun-1)&text.NounPlural != 0 && f.hint(noun-1)&rules.HintPerson != 0 && noun > f.floor {
		noun-- // "officials close to Putin"
	} else if noun < f.floor || f.class(noun+1)&(text.Preposition|text.To) == 0 || f.hint(noun)&rules.HintPerson == 0 {
		return false
	}
	form := f.v.Form(f.tokens[noun].ID)
	switch f.v.Form(f.tokens[noun+1].ID) {
	case "close":
	case "to":
		if !strings.HasPrefix(form, "aide") && !strings.HasPrefix(form, "advis") {
			return false
		}
	case "of", "for":
		if !strings.HasPrefix(form, "spokes") && !strings.HasPrefix(form, "aide") && form != "associates" && form != "loyalists" {
			return false
		}
	default:
		return false
	}
	e.First, e.Head, e.AliasKind, e.hint = noun, noun, model.AliasRole, f.hint(noun)
	e.Plural, e.who, e.person = f.class(noun)&text.NounPlural != 0, who{}, -1
	return true
}

// titleBefore returns the first token of the titles directly before t; -1
// when there is none. A part of a title needs a title beside it: "Defense
// Secretary", "Secretary of State".
func (f *Finder) titleBefore(t int32) int32 {
	from, open := int32(-1), false
	for i := t - 1; i >= f.partyEnd; i-- {
		h := f.hint(i)
		switch {
		case h&rules.HintTitle != 0 && f.kind(i) == model.Word:
			if from < 0 && i < t-1 && !open {
				return -1
			}
			from, open = i, false
		case h&rules.HintTitlePart != 0 && f.kind(i) == model.Word:
			if from >= 0 {
				from = i
			}
		case h&rules.HintOf != 0 && f.hint(i-1)&rules.HintTitle != 0:
			open = true
		case f.is(i, '.') && f.hint(i-1)&rules.HintTitle != 0:
			open = from < 0
		default:
			return from
		}
	}
	return from
}

// meet remembers a person introduced by the tokens of a full name.
func (f *Finder) meet(from, end, index, party int32) {
	s := f.surface(end - 1)
	f.people = append(f.people, person{surname: s, who: f.named(from, end), index: index, party: party})
	if index < 0 {
		f.list(len(f.people) - 1)
		f.met = true
	}
}

// list enters a person under the surname.
func (f *Finder) list(i int) {
	last := &f.surnames[surnameHash(f.people[i].surname)]
	f.people[i].before, *last = *last, int32(i)+1
}

// bearers yields the people of a surname whom no pack knows, the latest first.
func (f *Finder) bearers(surname string) iter.Seq[*person] {
	return func(yield func(*person) bool) {
		least := max(0, int32(len(f.people)-peopleReach))
		for i := f.surnames[surnameHash(surname)]; i > least; i = f.people[i-1].before {
			if p := &f.people[i-1]; p.surname == surname && !yield(p) {
				return
			}
		}
	}
}

// surnameHash hashes a surname to an index into Finder.surnames.
func surnameHash(s string) uint32 {
	n := len(s)
	return (uint32(s[0]) | uint32(s[n/2])<<8 | uint32(s[n-1])<<16 | uint32(n)<<24) * 0x9e3779b1 >> 22
}

// named is the person whose name the tokens [from, end) are.
func (f *Finder) named(from, end int32) who {
	w := who{from: f.tokens[from].Start, to: f.tokens[end-1].End}
	for t := from; t < end && w.sex == 0; t++ {
		w.sex = f.words[f.tokens[t].ID].Hint & (rules.HintFemale | rules.HintMale)
	}
	return w
}

// lastName is the last word of a name.
func (f *Finder) lastName(w who) string {
	name := f.a.Text[w.from:w.to]
	return name[strings.LastIndexAny(name, " -\n")+1:]
}

// fullName returns the end of a capitalised name that begins at t: one to
// four words with initials and particles between; t when there is none.
func (f *Finder) fullName(t int32) int32 {
	words, at, end := 0, t, t
	for at < f.end && words < 5 {
		if f.kind(at) != model.Word {
			// "Jean-Luc", "Ban Ki-moon", "Yasser al-Atta"
			if f.kind(at) == model.Hyphen && at > t && (at == end || f.hint(at-1)&rules.HintParticle != 0 && f.tokens[at+1].Flags&model.Capital != 0) && f.kind(at+1) == model.Word {
				at, end = at+2, at+2
				continue
			}
			break
		}
		if at > t && f.tokens[at].Flags&model.LineBefore != 0 {
			break
		}
		switch {
		case words > 0 && (f.hint(at)&rules.HintParticle != 0 || f.initial(at)):
			at++
			continue
		case f.nameLike(at) && f.tokens[at].Flags&model.AllCaps == 0 && (words > 0 || !f.startsParty(at) || f.hint(at)&(rules.HintMale|rules.HintFemale) != 0 && f.nameLike(at+1)):
			words++
			at++
			end = at
			continue
		}
		break
	}
	return end
}

// titled takes an unknown person behind a title: "Sen. Jane Roe".
func (f *Finder) titled(t int32) {
	name := t + 1
	const title = rules.HintTitle | rules.HintTitlePart
	if !f.is(name, '.') && (f.kind(name) != model.Word || f.tokens[name].Flags&model.Capital == 0 && f.hint(name)&(title|rules.HintOf) == 0) {
		return
	}
	for name < f.end && name-t < 6 && (f.kind(name) == model.Word && f.hint(name)&title != 0 ||
		f.is(name, '.') && f.hint(name-1)&rules.HintTitle != 0 ||
		f.hint(name)&rules.HintOf != 0 && f.hint(name-1)&rules.HintTitle != 0 && f.hint(name+1)&title != 0) {
		name++
	}
	if f.kind(name) != model.Word || f.tokens[name].Flags&model.Capital == 0 {
		return
	}
	if first := f.titleBefore(name); first < 0 || first > t {
		return
	}
	if n, person, full := f.personAt(name); n > 0 && person >= 0 && (full || !f.nameLike(name+n)) {
		return // the name itself is taken when its turn comes
	}
	if f.sentenceCasing() != sentenceCase {
		return
	}
	end := f.fullName(name)
	if end-name < 2 || f.hint(end-1)&rules.HintInstitution != 0 {
		return
	}
	e := f.draft(t, end, end-1)
	e.Kind, e.AliasKind, e.who, e.Resolution, e.Confidence = model.MentionPerson, model.AliasName, f.named(name, end), byLongest, 0.8
	f.introduce(&e, name, end)
	if i := len(f.found) - 1; f.found[i].Party < 0 && f.governs(name-1) {
		f.posts = append(f.posts, int32(i))
	}
}

// governs reports whether the title that ends at token t is of somebody in a
// government: "Foreign Minister", "Home Secretary".
func (f *Finder) governs(t int32) bool {
	switch form := f.v.Form(max(f.id(t), 0)); form {
	case "minister":
		return true
	case "spokesman", "spokeswoman", "spokesperson":
		switch f.v.Form(max(f.id(t-1), 0)) {
		case "ministry", "army", "military", "government", "navy", "police":
			return true
		}
	case "secretary":
		return f.hint(t-1)&rules.HintTitlePart != 0 && f.v.Form(max(f.id(t-1), 0)) != "general"
	}
	return false
}

// given takes an unknown person by a full name that a given name opens: "David
// Roe".
func (f *Finder) given(t int32) {
	if f.kind(t+1) != model.Word || !f.nameLike(t) || !f.nameLike(t+1) && !f.initial(t+1) || f.definite(t-1) || f.kind(t-1) == model.Hyphen || f.sentenceCasing() != sentenceCase ||
		f.kind(t-1) == model.Word && t > f.first && f.nameLike(t-1) && f.hint(t-1)&rules.HintHead == 0 {
		return
	}
	end := f.fullName(t)
	if end-t < 2 || f.joined(end-1) || f.hint(end-1)&(rules.HintInstitution|rules.HintHead) != 0 || f.nameLike(end) ||
		f.kind(end) == model.Word && f.tokens[end].Flags&model.Capital != 0 && f.tokens[end].Flags&model.LineBefore == 0 && f.hint(end)&rules.HintFunction == 0 {
		return
	}
	e := f.draft(t, end, end-1)
	e.Kind, e.AliasKind, e.who, e.Resolution, e.Confidence = model.MentionPerson, model.AliasName, f.named(t, end), byLongest, 0.75
	f.introduce(&e, t, end)
}

// introduced takes the surname or full name of somebody met before, and the
// acronyms that the article introduced.
func (f *Finder) introduced(t int32) {
	tok := &f.tokens[t]
	s := f.a.Text[tok.Start:tok.End]
	if len(f.acronyms) > 0 && tok.Flags&model.AllCaps != 0 {
		for i := len(f.acronyms) - 1; i >= max(0, len(f.acronyms)-peopleReach); i-- {
			if c := &f.acronyms[i]; c.text == s && !f.joined(t) {
				e := f.draft(t, t+1, t)
				e.Party, e.AliasKind, e.alias, e.Resolution, e.Confidence = c.party, model.AliasShort, c.alias, byFullForm, sureShort
				f.institution(&e, &rules.Alias{Kind: model.AliasShort})
				f.take(&e)
				return
			}
		}
	}
	for p := range f.bearers(s) {
		if f.joined(t) {
			continue
		}
		if f.nameLike(t+1) && f.hint(t+1)&rules.HintHead == 0 {
			return
		}
		from := t
		if title := f.titleBefore(t); title >= 0 {
			from = title
		} else if f.givenName(t-1) && t-1 >= f.partyEnd {
			// Either the same full name again or somebody else's.
			given := t - 1
			for given-1 >= f.partyEnd && given > t-4 && (f.nameLike(given-1) || f.initial(given-1) && f.kind(given-1) == model.Word) {
				given--
			}
			if !strings.HasPrefix(f.a.Text[p.from:p.to], f.surface(given)) {
				return
			}
			from = given
		}
		e := f.draft(from, t+1, t)
		e.who, e.AliasKind, e.Resolution, e.Confidence = p.who, model.AliasLeader, byFullForm, 0.8
		if e.Party = p.party; p.party < 0 {
			e.Kind, e.AliasKind = model.MentionPerson, model.AliasShort
		}
		f.take(&e)
		return
	}
}

// joined reports whether a hyphen ties a token to a word beside it.
func (f *Finder) joined(t int32) bool {
	return f.kind(t-1) == model.Hyphen || f.kind(t+1) == model.Hyphen && f.tokens[t+1].Flags&model.SpaceBefore == 0
}

// acronym remembers the abbreviation in brackets behind a name: "Gaza
// Humanitarian Foundation (GHF)".
func (f *Finder) acronym(e *draft) {
	t := e.Last
	if !f.is(t, '(') || !f.is(t+2, ')') || f.kind(t+1) != model.Word || e.Kind != model.MentionParty || e.Party < 0 || e.AliasKind == model.AliasPlace {
		return
	}
	tok := &f.tokens[t+1]
	if tok.Flags&model.AllCaps == 0 || tok.End-tok.Start < 2 {
		return
	}
	f.acronyms = append(f.acronyms, acronym{text: f.surface(t + 1), party: e.Party, alias: e.alias})
	f.met = true
	f.partyEnd = max(f.partyEnd, t+3)
}
