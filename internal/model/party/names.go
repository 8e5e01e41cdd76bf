package party

import (
	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
	"strings"
)

// party takes the reading of a group of equally long matches; false when none
// of them holds, so that a shorter match may be tried.
func (f *Finder) party(t, n int32, group []text.Match) bool {
	f.options = f.options[:0]
	for _, m := range group {
		a := &f.p.Aliases[m.Value]
		if a.Letter {
			f.affiliate(t, a)
			continue
		}
		if a.Issue >= 0 || a.Never || !f.cased(a, t, n) || a.Dated && !f.day.Within(a.From, a.To) {
			continue
		}
		if a.NeedsFull && a.Person < 0 && !f.mentioned(a.Party) {
			continue
		}
		held, clauses := f.context(a, t, n)
		o := option{alias: m.Value, len: n, head: t + min(a.Head, n-1), contextual: clauses && held}
		if !held {
			if a.Else != rules.ElsePlace || f.leads(t) {
				if a.Else != rules.ElsePlace {
					continue
				}
			} else if !f.possessed(t + n) {
				o.place = true
			}
		}
		if a.Adjective {
			head, end := f.headOf(t+n, a.Heads, 0)
			if head < 0 {
				// "the Israeli talks": of use to a cue, no actor by itself.
				o.bare = true
				if f.kind(t+n) == model.Hyphen || f.kind(t-1) == model.Hyphen || f.kind(t+n) != model.Word ||
					f.nameLike(t+n) && !f.memberAt(t+n, a) || f.hint(t+n)&rules.HintFunction != 0 {
					if !f.definite(t-1) || !people(f.surface(t+n-1)) {
						continue
					}
				}
			} else {
				o.head, o.len = head, max(n, end-t)
			}
		}
		f.options = append(f.options, o)
	}
	if len(f.options) == 0 {
		return false
	}
	return f.decide(t, n)
}

// people reports whether an adjective of origin, for want of a plural, means with
// "the" those who come from there: "the British", "the Chinese".
func people(adjective string) bool {
	for _, end := range [...]string{"ese", "nch", "tch", "ish", "lsh", "iss"} {
		if strings.HasSuffix(adjective, end) {
			return true
		}
	}
	return false
}

// leads reports whether the token before t is "from" or "to", where the verb
// decides between a place and an actor, whatever the pack's list says.
func (f *Finder) leads(t int32) bool {
	return f.hint(t-1)&(rules.HintFrom|rules.HintTo) != 0 ||
		f.hint(t-1)&rules.HintDefinite != 0 && f.hint(t-2)&(rules.HintFrom|rules.HintTo) != 0
}

// possessed reports whether a possessive ending stands at t.
func (f *Finder) possessed(t int32) bool {
	if f.kind(t) != model.Clitic {
		return false
	}
	s := f.surface(t)
	return s == "'s" || s == "’s" || s == "'" || s == "’" || s == "'S" || s == "’S"
}

// decide chooses among the readings at t and takes one; of several that
// nothing tells apart it takes none and names all.
func (f *Finder) decide(t, n int32) bool {
	by := byLongest
	switch {
	case len(f.options) == 1:
	case !f.ambiguous():
		// All of one party: the order below decides, and no step tells anything.
		best := 0
		for i := range f.options {
			if f.ranksBefore(&f.options[i], &f.options[best]) {
				best = i
			}
		}
		f.options[0] = f.options[best]
		f.options = f.options[:1]
	default:
		f.narrow(&by, byLongest, func(o *option) int { return btoi(!o.bare) })
		f.narrow(&by, byContext, func(o *option) int { return btoi(!o.place && o.contextual) })
		f.narrow(&by, byContext, func(o *option) int { return btoi(!o.place && !f.placeAlias(o)) })
		f.narrow(&by, byContext, func(o *option) int { return -int(o.len) })
		f.narrow(&by, byPriority, func(o *option) int { return int(f.p.Aliases[o.alias].Priority) })
		f.narrow(&by, byLongest, func(o *option) int { return btoi(!f.p.Aliases[o.alias].Short) })
	}
	a := &f.p.Aliases[f.options[0].alias]
	if a.Person >= 0 {
		return f.leader(t, n)
	}
	if f.ambiguous() && f.options[0].bare {
		// A people before its government: "the Palestinian position".
		f.narrow(&by, byContext, func(o *option) int { return btoi(f.p.Parties[f.p.Aliases[o.alias].Party].Kind == rules.Group) })
		if f.ambiguous() {
			return false
		}
	}
	if f.ambiguous() {
		f.narrow(&by, byFullForm, func(o *option) int { return btoi(f.mentioned(f.p.Aliases[o.alias].Party)) })
	}
	o := f.options[0]
	a = &f.p.Aliases[o.alias]
	if a.Kind == model.AliasDemonym && !a.Adjective && f.adjectival(t, n, a) {
		o.bare = true
	}
	if f.outside(t, n, a) || o.bare && f.nameLike(t+n) && !f.memberAt(t+n, a) {
		return false
	}
	e := f.draft(t, t+o.len, o.head)
	e.AliasKind, e.alias, e.Plural = a.Kind, o.alias, a.Plural
	if f.ambiguous() {
		f.abstain(&e, f.candidates())
		f.take(&e)
		return true
	}
	if by == byLongest && o.contextual {
		by = byContext
	}
	e.Party, e.Resolution = a.Party, by
	switch {
	case f.hint(t-1)&(rules.HintLocative|rules.HintDefinite) != 0 && f.seated(&e, a):
	case o.place || a.Kind == model.AliasPlace || f.locative(t, n, a):
		e.AliasKind, e.Resolution, e.Confidence = model.AliasPlace, byPlace, surePlace
	case a.Kind == model.AliasMetonym && a.NeedsCue:
		e.Confidence, e.NeedsCue = sureMetonym, true
	case a.Kind == model.AliasMetonym:
		e.Confidence = sureSeat
	case o.bare:
		e.AliasKind, e.NeedsCue, e.Confidence = model.AliasDemonym, true, sureMetonym
	case a.Adjective:
		e.AliasKind = model.AliasRole
		e.Confidence = sureRole
		e.Plural = f.class(o.head)&text.NounPlural != 0
		e.hint = f.hint(o.head)
	case a.Kind == model.AliasDemonym:
		e.Confidence = sureNoun
	case a.Kind == model.AliasRole:
		e.Confidence = sureRole
		e.Plural = a.Plural || f.class(o.head)&text.NounPlural != 0
		e.hint = f.hint(o.head)
	default:
		e.Confidence = sureName
		if a.NeedsCue {
			e.Confidence, e.NeedsCue = sureMetonym, true
		}
	}
	if e.AliasKind != model.AliasPlace {
		f.institution(&e, a)
	}
	if f.hint(t-1)&rules.HintFormer != 0 && e.hint&rules.HintPerson != 0 {
		e.Confidence = min(e.Confidence, sureFormer)
	}
	if f.compound(e.First, e.Last) {
		e.Confidence = min(e.Confidence, sureCompound)
	}
	f.take(&e)
	if e.AliasKind != model.AliasPlace {
		f.apposition()
	}
	return true
}

// ranksBefore reports whether one reading is taken before another of the same
// party: by what decide narrows by, in that order.
func (f *Finder) ranksBefore(o, p *option) bool {
	a, b := &f.p.Aliases[o.alias], &f.p.Aliases[p.alias]
	switch held, other := !o.place && o.contextual, !p.place && p.contextual; {
	case o.bare != p.bare:
		return p.bare
	case a.Adjective != b.Adjective && a.Kind == b.Kind && !o.bare:
		return a.Adjective // with its noun: "Chinese officials", not the Chinese
	case held != other:
		return held
	}
	switch actor, other := !o.place && !f.placeAlias(o), !p.place && !f.placeAlias(p); {
	case actor != other:
		return actor
	case a.Adjective != b.Adjective && !o.bare:
		return a.Adjective
	case o.len != p.len:
		return o.len < p.len
	case a.Priority != b.Priority:
		return a.Priority > b.Priority
	}
	return b.Short && !a.Short
}

// take keeps a draft and moves on behind it, an acronym in brackets included.
func (f *Finder) take(e *draft) {
	f.partyEnd = max(f.partyEnd, e.Last)
	if e.state != settled {
		f.pending = append(f.pending, int32(len(f.found)))
	}
	f.found = append(f.found, *e)
	f.acronym(&f.found[len(f.found)-1])
	if f.tr.On() {
		outcome := "resolved"
		switch {
		case e.state != settled:
			outcome = "pending"
		case e.Party < 0 && e.Kind == model.MentionParty:
			outcome = "abstained"
		}
		f.trace(e.First, e.Last, e.Resolution.String(), outcome, f.aliasOf(e))
	}
}

// narrow keeps the options with the highest rank; by becomes the step when it
// told different parties apart.
func (f *Finder) narrow(by *step, told step, rank func(*option) int) {
	if len(f.options) < 2 {
		return
	}
	best := rank(&f.options[0])
	for i := range f.options[1:] {
		best = max(best, rank(&f.options[i+1]))
	}
	was := f.ambiguous()
	n := 0
	for i := range f.options {
		if rank(&f.options[i]) == best {
			f.options[n] = f.options[i]
			n++
		}
	}
	f.options = f.options[:n]
	if was && !f.ambiguous() {
		*by = told
	}
}

// ambiguous reports whether the options name more than one party or person.
func (f *Finder) ambiguous() bool { return len(f.options) > 1 && f.differ() }

// differ is ambiguous for several options.
func (f *Finder) differ() bool {
	a := &f.p.Aliases[f.options[0].alias]
	for _, o := range f.options[1:] {
		b := &f.p.Aliases[o.alias]
		if a.Party != b.Party || a.Person != b.Person {
			return true
		}
	}
	return false
}

func (f *Finder) placeAlias(o *option) bool { return f.p.Aliases[o.alias].Kind == model.AliasPlace }

// mentioned reports whether a party was named before.
func (f *Finder) mentioned(party int32) bool {
	for i := range f.found {
		if e := &f.found[i]; e.Kind == model.MentionParty && e.Party == party && e.AliasKind != model.AliasPlace && !e.NeedsCue && e.state == settled {
			return true
		}
	}
	return false
}

// lately reports whether a party was named in the last sentences.
func (f *Finder) lately(party int32) bool {
	for i := len(f.found) - 1; i >= 0 && f.found[i].Sentence >= f.sentence-onlyReach; i-- {
		if e := &f.found[i]; e.Kind == model.MentionParty && e.Party == party && e.AliasKind != model.AliasPlace && !e.NeedsCue && e.state == settled {
			return true
		}
	}
	return false
}

// candidates lists what the options name.
func (f *Finder) candidates() []string {
	var out []string
	for _, o := range f.options {
		a := &f.p.Aliases[o.alias]
		id := ""
		if a.Person >= 0 {
			id = f.p.Persons[a.Person].ID
		} else {
			id = f.p.Parties[a.Party].ID
		}
		out = appendNew(out, id)
	}
	return out
}

func appendNew(out []string, id string) []string {
	for _, s := range out {
		if s == id {
			return out
		}
	}
	return append(out, id)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// headOf looks for the head noun of an adjective of origin whose noun phrase
// goes on at t: up to two words between, or the head shared with further
// adjectives ("Hungarian and Romanian officials"). It returns the token of the
// head and the end of the phrase; the end is 0 when the head is shared.
func (f *Finder) headOf(t, set int32, depth int) (head, end int32) {
	if f.kind(t) == model.Hyphen || depth > 3 {
		return -1, 0
	}
	if f.hint(t)&rules.HintAnd != 0 || f.is(t, ',') {
		next := t + 1
		if f.is(t, ',') && f.hint(next)&rules.HintAnd != 0 {
			next++
		}
		if f.hint(next)&rules.HintAlias == 0 {
			return -1, 0
		}
		f.nested = f.aliases(next, f.nested[:0])
		for i := len(f.nested) - 1; i >= 0; i-- {
			m := f.nested[i]
			if a := &f.p.Aliases[m.Value]; a.Adjective && f.cased(a, next, m.Len) {
				h, _ := f.headOf(next+m.Len, set, depth+1)
				return h, 0
			}
		}
		return -1, 0
	}
	for skip := int32(0); skip <= 2; skip++ {
		at := t + skip
		if f.hint(at)&rules.HintHead != 0 {
			if last := f.inSet(at, set); last >= 0 {
				head = f.chain(last, set)
				return head, head + 1
			}
		}
		if !f.modifier(at) {
			break
		}
	}
	return -1, 0
}

// inSet returns the token that ends the head noun of a set that begins at t;
// -1 when none does. A noun with a hyphen behind it is part of a compound.
func (f *Finder) inSet(t, set int32) int32 {
	f.heads = f.p.HeadPhrases.Match(f.tokens[:f.end], int(t), f.heads[:0])
	for i := len(f.heads) - 1; i >= 0; i-- {
		if m := f.heads[i]; m.Value == set && f.kind(t+m.Len) != model.Hyphen {
			return t + m.Len - 1
		}
	}
	return -1
}

// chain follows a compound to its last head noun: "army spokesman". Only
// singular nouns stand before another noun.
func (f *Finder) chain(head, set int32) int32 {
	for {
		next := head + 1
		if f.kind(next) != model.Word || f.kind(next+1) == model.Hyphen {
			return head
		}
		singular := f.class(head)&text.NounPlural == 0
		if skip := next; singular && f.hint(next)&rules.HintModifier != 0 && f.hint(next)&rules.HintHead == 0 &&
			f.hint(next+1)&(rules.HintPerson|rules.HintBody) != 0 && f.hint(next+1)&rules.HintHead != 0 && f.inSet(next+1, set) >= 0 {
			head = f.inSet(skip+1, set)
			continue
		}
		h := f.hint(next)
		if !singular || h&rules.HintHead == 0 {
			return head
		}
		last := f.inSet(next, set)
		if last < 0 {
			return head
		}
		if h&(rules.HintPerson|rules.HintBody) == 0 && f.hint(head)&rules.HintModifier == 0 || f.verbal(next) {
			return head
		}
		head = last
	}
}

// verbal reports whether a word that can be a verb is followed by what an
// object begins with: "Israeli forces attack the camp".
func (f *Finder) verbal(t int32) bool {
	if f.class(t)&text.Verb == 0 {
		return false
	}
	const object = text.Determiner | text.Pronoun | text.To
	return f.class(t+1)&object != 0 || f.hint(t+1)&rules.HintAlias != 0 && f.kind(t+1) == model.Word && f.tokens[t+1].Flags&model.Capital != 0
}

// modifier reports whether a word can stand between an adjective of origin
// and its head noun.
func (f *Finder) modifier(t int32) bool {
	if f.kind(t) != model.Word {
		return false
	}
	h, c := f.hint(t), f.class(t)
	if h&rules.HintModifier != 0 {
		return true
	}
	if h&(rules.HintFunction|rules.HintCalendar|rules.HintCopula) != 0 {
		return false
	}
	return c == 0 || c&(text.Noun|text.Adjective) != 0 || c&text.Verb == 0
}

// institution widens the name of a party to the officials or the body that
// stand for it: "Hamas officials", "Israel's prime minister", "the government
// of Israel", and to the name of the official.
func (f *Finder) institution(e *draft, a *rules.Alias) {
	next, possessive := e.Last, false
	if f.possessed(next) {
		possessive = true
		next++
	}
	if !a.Adjective && a.Kind != model.AliasDemonym || possessive && e.AliasKind == model.AliasRole {
		limit := int32(1)
		if possessive {
			limit = 2
		}
		for skip := int32(0); skip <= limit; skip++ {
			at := next + skip
			h := f.hint(at)
			last := int32(-1)
			if h&rules.HintHead != 0 && h&(rules.HintPerson|rules.HintBody) != 0 {
				last = f.inSet(at, rules.NameHeads)
			}
			if last >= 0 {
				if !possessive && f.verbal(at) {
					break
				}
				head := f.chain(last, rules.NameHeads)
				if f.partyAt(head) {
					break
				}
				f.extend(e, head+1)
				e.Head, e.AliasKind, e.Confidence, e.NeedsCue = head, model.AliasRole, sureRole, false
				e.Plural, e.hint = f.class(head)&text.NounPlural != 0, f.hint(head)
				break
			}
			if h&rules.HintModifier == 0 {
				break
			}
		}
	}
	if e.hint&rules.HintPerson != 0 {
		f.bearer(e)
	}
	if e.AliasKind == model.AliasName || e.AliasKind == model.AliasShort {
		f.headBefore(e)
	}
}

// governing reports whether a noun is of those who govern and have their seat
// where their capital is.
func (f *Finder) governing(t int32) bool { return f.hint(t)&rules.HintGoverning != 0 }

// seats reports whether the name of a capital or country tells whose a noun of
// those who govern is: "officials in Kyiv", "the authorities in Kenya", but not
// "officials in Kenya", who may be anybody's.
func (f *Finder) seats(t int32, a *rules.Alias) bool {
	switch a.Kind {
	case model.AliasMetonym:
		return f.governing(t)
	case model.AliasName:
		return f.hint(t)&(rules.HintGoverning|rules.HintPerson) == rules.HintGoverning && f.p.Parties[a.Party].Kind == rules.Government && f.p.Parties[a.Party].Parent < 0
	}
	return false
}

// seatAt reports whether the name of a capital or country stands at a token that
// tells whose the noun at another is.
func (f *Finder) seatAt(t, noun int32) bool {
	if f.hint(t)&rules.HintAlias == 0 || f.tokens[t].Flags&model.Capital == 0 {
		return false
	}
	f.nested = f.aliases(t, f.nested[:0])
	for _, m := range f.nested {
		if a := &f.p.Aliases[m.Value]; a.Issue < 0 && !a.Never && a.Party >= 0 && f.cased(a, t, m.Len) && f.seats(noun, a) {
			return true
		}
	}
	return false
}

// seated widens the name of a capital or country to the body that sits there:
// "the government in Kyiv", "officials in Washington".
func (f *Finder) seated(e *draft, a *rules.Alias) bool {
	t := e.First - 2
	if f.definite(e.First - 1) {
		t-- // "in the Philippines"
	}
	if t < f.partyEnd || !f.seats(t, a) || f.v.Form(max(f.id(t+1), 0)) != "in" || f.possessed(e.Last) {
		return false
	}
	from := t
	for from-1 >= f.partyEnd && from > t-3 && f.modifier(from-1) && f.class(from-1)&text.Verb == 0 {
		from--
	}
	if f.hint(from-1)&rules.HintDefinite == 0 && f.class(t)&text.NounPlural == 0 || f.hint(t-1)&(rules.HintAlias|rules.HintDefinite|rules.HintModifier) == rules.HintAlias && f.tokens[t-1].Flags&model.Capital != 0 {
		return false
	}
	e.AliasKind, e.Head, e.Confidence, e.NeedsCue = model.AliasRole, t, sureReference, false
	e.Plural, e.hint = f.class(t)&text.NounPlural != 0, f.hint(t)
	f.widen(e, t)
	return true
}

// partyAt reports whether a longer alias would begin at a token, as in
// "Israel Prime Minister's Office".
func (f *Finder) partyAt(t int32) bool {
	if f.hint(t)&rules.HintAlias == 0 || f.tokens[t].Flags&model.Capital == 0 {
		return false
	}
	f.nested = f.aliases(t, f.nested[:0])
	for _, m := range f.nested {
		if a := &f.p.Aliases[m.Value]; m.Len > 1 && a.Issue < 0 && a.Person < 0 && f.cased(a, t, m.Len) {
			return true
		}
	}
	return false
}

// headBefore widens a name to the noun before "of": "officials of Hamas".
func (f *Finder) headBefore(e *draft) {
	t := e.First - 1
	if f.definite(t) {
		t--
	}
	from := f.hint(t)&rules.HintFrom != 0 || f.class(t)&text.Preposition != 0 && f.v.Form(f.id(t)) == "for" // "negotiators for Iran"
	if f.hint(t)&rules.HintOf == 0 && !from {
		return
	}
	t--
	h := f.hint(t)
	if t < f.partyEnd || h&rules.HintHead == 0 || from && h&rules.HintPerson == 0 || h&(rules.HintPerson|rules.HintBody) == 0 || f.inSet(t, rules.NameHeads) != t {
		return
	}
	e.AliasKind, e.Head, e.Confidence = model.AliasRole, t, sureRole
	e.Plural, e.hint = f.class(t)&text.NounPlural != 0, h
	for f.hint(t-1)&rules.HintTitle != 0 && t-1 >= f.partyEnd && f.kind(t-1) == model.Word {
		t--
	}
	f.widen(e, t)
}

// bearer widens a role to the name behind it: "US envoy Brett McGurk". A
// person of a pack has to belong to the party.
func (f *Finder) bearer(e *draft) {
	at := e.Last
	if f.kind(at) != model.Word || f.tokens[at].Flags&model.Capital == 0 {
		f.holder(e)
		return
	}
	// Titles may go on: "Prime Minister Sheikh Mohammed".
	name := at
	for f.hint(name)&rules.HintTitle != 0 && f.tokens[name].Flags&model.Capital != 0 && f.tokens[name+0].Kind == model.Word && name-at < 4 {
		name++
	}
	for start := at; start <= name; start++ {
		if n, person, full := f.personAt(start); n > 0 {
			if !f.serves(person, e.Party) {
				f.holder(e)
				return
			}
			f.extend(e, start+n)
			e.AliasKind, e.person, e.Confidence = model.AliasLeader, person, sureName
			e.who, e.Head = known(person), e.Last-1
			if full {
				f.meet(start, start+n, person, e.Party)
			}
			return
		}
	}
	if end := f.fullName(name); end > name && f.sentenceCasing() == sentenceCase && f.hint(end-1)&rules.HintInstitution == 0 {
		f.extend(e, end)
		e.who, e.Head = f.named(name, end), end-1
		if end-name > 1 {
			f.meet(name, end, -1, e.Party)
		}
		return
	}
	f.holder(e)
}

// holder finds who holds the office that a role names: "the Israeli prime
// minister".
func (f *Finder) holder(e *draft) {
	if e.Plural || f.hint(e.First-1)&rules.HintFormer != 0 {
		return
	}
	for t := e.First; t <= e.Head; t++ {
		if f.hint(t)&rules.HintOffice == 0 {
			continue
		}
		f.nested = f.p.OfficePhrases.Match(f.tokens[:f.end], int(t), f.nested[:0])
		for i := len(f.nested) - 1; i >= 0; i-- {
			if m := f.nested[i]; t+m.Len == e.Head+1 {
				if p := f.incumbent(m.Value, e.Party); p >= 0 {
					e.person, e.who = p, known(p)
				}
				return
			}
		}
	}
}

// incumbent returns who holds an office for a party on the article's day; -1
// when nobody or more than one does.
func (f *Finder) incumbent(office, party int32) int32 {
	found := int32(-1)
	for _, i := range f.p.Offices[office].TermsOf(party) {
		t := &f.p.Persons[i]
		if !f.day.Within(t.From, t.To) {
			continue
		}
		if found >= 0 && f.p.Persons[found].ID != t.ID && f.p.Persons[found].From == t.From {
			return -1
		}
		found = i // terms are in order of From for each person; a handover day goes to the later
	}
	return found
}

// serves reports whether a person ever acts for a party.
func (f *Finder) serves(person, party int32) bool {
	first, last := f.p.Terms(person)
	for i := first; i < last; i++ {
		if f.p.Persons[i].Party == party {
			return true
		}
	}
	return false
}

// personAt returns the length of the longest name of a pack's person at t.
func (f *Finder) personAt(t int32) (n, person int32, full bool) {
	person = -1
	if f.hint(t)&rules.HintAlias == 0 {
		return 0, -1, false
	}
	f.nested = f.aliases(t, f.nested[:0])
	if f.kind(t+1) == model.Word && f.initial(t+1) {
		f.nested = f.matchWithoutInitial(t, f.nested)
	}
	for _, m := range f.nested {
		if a := &f.p.Aliases[m.Value]; a.Person >= 0 && m.Len >= n && f.cased(a, t, min(m.Len, 2)) {
			n, person, full = m.Len, a.Person, !a.Short
		}
	}
	return n, person, full
}

// outside reports whether a name is not a name here: part of a longer name
// that no pack knows, of a compound adjective or of a dateline.
func (f *Finder) outside(t, n int32, a *rules.Alias) bool {
	end := t + n
	if f.kind(end) == model.Hyphen && f.tokens[end].Flags&model.SpaceBefore == 0 && f.kind(end+1) == model.Word && f.hint(end+1)&rules.HintHeads == 0 { // but "Hamas-led gunmen"
		if f.hint(end+1)&rules.HintAlias == 0 || f.hint(end+1)&rules.HintStop != 0 || f.tokens[end+1].Flags&model.Capital == 0 {
			f.partyEnd = max(f.partyEnd, end)
			return true
		}
	}
	if f.kind(t-1) == model.Hyphen && f.tokens[t].Flags&model.SpaceBefore == 0 {
		if h := f.hint(t - 2); h&rules.HintPrefix != 0 || h&(rules.HintAlias|rules.HintFormer|rules.HintTitle) == 0 {
			return true
		}
	}
	if a.Adjective {
		return false
	}
	if a.Kind == model.AliasMetonym && f.is(end, ',') && f.placeElsewhere(end+1, a.Party) {
		return true // "Moscow, Idaho"
	}
	if a.Case != rules.CaseInitial || n > 1 || a.Kind == model.AliasDemonym || a.Kind == model.AliasRole {
		return false
	}
	switch f.p.Parties[a.Party].Kind {
	case rules.Government, rules.Group:
	default:
		return false
	}
	return f.partOfName(t, end)
}

// placeElsewhere reports whether a place of another party is named at t.
func (f *Finder) placeElsewhere(t, party int32) bool {
	if f.hint(t)&rules.HintAlias == 0 {
		return false
	}
	f.nested = f.aliases(t, f.nested[:0])
	elsewhere := false
	for _, m := range f.nested {
		switch a := &f.p.Aliases[m.Value]; {
		case a.Party == party || !f.cased(a, t, m.Len):
		case a.Kind == model.AliasMetonym:
			return false // "from Berlin, London and Rome"
		case a.Kind == model.AliasPlace:
			elsewhere = true
		}
	}
	return elsewhere
}

// partOfName reports whether the words beside [t, end) make it a part of a
// longer proper name: "Jordan Peele", "Paris Hilton".
func (f *Finder) partOfName(t, end int32) bool {
	if f.nameLike(end) && f.tokens[end].Flags&model.LineBefore == 0 && f.hint(end)&(rules.HintHead|rules.HintModifier|rules.HintPolity) == 0 && !f.startsParty(end) {
		return true
	}
	if t-1 < f.partyEnd && f.partyEnd > f.first && t == f.partyEnd {
		return false // directly behind another mention
	}
	return t > f.first && f.nameLike(t-1) && f.hint(t-1)&(rules.HintDirection|rules.HintHead|rules.HintModifier) == 0
}

// startsParty reports whether an alias that is no surname begins at a token
// and is written as it should be.
func (f *Finder) startsParty(t int32) bool {
	if f.hint(t)&rules.HintAlias == 0 {
		return false
	}
	f.nested = f.aliases(t, f.nested[:0])
	for _, m := range f.nested {
		if a := &f.p.Aliases[m.Value]; a.Issue < 0 && !a.Never && f.cased(a, t, m.Len) {
			return true
		}
	}
	return false
}

// adjectival reports whether the noun of a people that is written like its
// adjective ("the Chinese") stands before another noun.
func (f *Finder) adjectival(t, n int32, a *rules.Alias) bool {
	last := f.surface(t + n - 1)
	if last[len(last)-1] == 's' || a.Text[0] >= 'a' {
		return false
	}
	if !f.definite(t-1) && f.class(t-1)&text.Determiner == 0 {
		return true
	}
	c, h := f.class(t+n), f.hint(t+n)
	return f.kind(t+n) == model.Word && h&(rules.HintFunction|rules.HintCopula) == 0 && c&(text.Verb|text.Adverb) == 0
}

// compound reports whether a hyphen joins the tokens to another party: "the
// Israel-Hamas war".
func (f *Finder) compound(first, last int32) bool {
	return f.kind(last) == model.Hyphen || f.kind(first-1) == model.Hyphen
}

// locative reports whether the words around the name of a country or capital
// make it a place.
func (f *Finder) locative(t, n int32, a *rules.Alias) bool {
	if a.Kind != model.AliasName && a.Kind != model.AliasMetonym && a.Kind != model.AliasShort || f.p.Parties[a.Party].Kind != rules.Government {
		return false
	}
	end := t + n
	possessive := f.possessed(end)
	metonym := a.Kind == model.AliasMetonym
	if f.hint(end)&rules.HintPolity != 0 && !possessive {
		return true
	}
	if metonym && f.dateline(t, end) {
		return true
	}
	if f.kind(end) == model.Hyphen && (f.hint(end+2)|f.hint(end+3))&rules.HintPolity != 0 {
		return true // "the U.S.-Mexico border"
	}
	at := t - 1
	if f.hint(at)&rules.HintDefinite != 0 {
		at--
	}
	direction := false
	for f.hint(at)&(rules.HintDirection|rules.HintPlight) != 0 {
		direction = direction || f.hint(at)&rules.HintDirection != 0
		at--
	}
	if possessive {
		return false
	}
	if direction {
		return true
	}
	h := f.hint(at)
	switch {
	case h&rules.HintLocative != 0, h&rules.HintReach != 0:
		return true
	case h&rules.HintFrom != 0:
		return metonym || f.moved(at, 6)
	case h&rules.HintTo != 0:
		return metonym && f.hint(at-1)&rules.HintAddress == 0 || f.moved(at, 4)
	case h&rules.HintOf != 0:
		return f.hint(at-1)&(rules.HintPolity|rules.HintDirection) != 0
	case metonym && f.moved(at, 4) && f.v.Form(max(f.id(at), 0)) == "for":
		return true // "left for Washington"
	case metonym && f.is(at, ','):
		return f.follows(at)
	case f.is(at, ','):
		// "Doha, Qatar,"
		return f.follows(at) && (f.is(end, ',') || f.is(end, '.') || f.is(end, ')') || end >= f.end || f.hint(end)&rules.HintAnd != 0)
	case h&rules.HintAnd != 0:
		// "in Iran and Syria"
		return f.follows(at) && f.class(end)&text.Verb == 0 && f.class(end)&(text.Modal|text.Be|text.Have|text.Do) == 0
	case metonym:
		return f.class(at)&text.Preposition != 0 && h&(rules.HintOf|rules.HintActor) == 0
	}
	return false
}

// follows reports whether a comma or conjunction at t stands directly behind
// a place.
func (f *Finder) follows(t int32) bool {
	if len(f.found) == 0 {
		return false
	}
	for i := len(f.found) - 1; i >= 0 && i >= len(f.found)-3; i-- {
		if e := &f.found[i]; e.Kind == model.MentionParty {
			return e.AliasKind == model.AliasPlace && (e.Last == t || e.Last == t-1 && f.is(t-1, ','))
		}
	}
	return false
}

// moved reports whether a word of motion stands up to most tokens before t.
func (f *Finder) moved(t, most int32) bool {
	for i := t - 1; i >= f.first && i >= t-most; i-- {
		if f.hint(i)&rules.HintMotion != 0 {
			return true
		}
		if f.kind(i) == model.Punctuation || f.kind(i) == model.Dash {
			return false
		}
	}
	return false
}

// dateline reports whether a capital opens a report: "MOSCOW (Reuters) -".
func (f *Finder) dateline(t, end int32) bool {
	if t-f.first > 1 {
		return false
	}
	if f.kind(end) == model.Dash || f.is(end, '(') || f.is(end, '/') {
		return true
	}
	return f.tokens[t].Flags&model.AllCaps != 0 && (f.is(end, ',') || f.kind(end) == model.Hyphen)
}
