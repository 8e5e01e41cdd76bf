package party

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// office leaves "the president" to the second pass.
func (f *Finder) office(t int32) {
	f.nested = f.p.OfficePhrases.Match(f.tokens[:f.end], int(t), f.nested[:0])
	if len(f.nested) == 0 {
		return
	}
	m := f.nested[len(f.nested)-1]
	end := t + m.Len
	if f.hint(end)&rules.HintOf != 0 || f.kind(end) == model.Hyphen || f.v.Form(max(f.id(end), 0)) == "for" && strings.HasPrefix(f.v.Form(f.tokens[end-1].ID), "spokes") || f.class(end)&text.Noun != 0 && f.class(end)&text.Verb == 0 && !f.possessed(end) {
		return
	}
	if f.kind(end) == model.Word && f.tokens[end].Flags&model.Capital != 0 && f.hint(end)&rules.HintFunction == 0 && f.sentenceCasing() == sentenceCase {
		return // a name follows
	}
	e := f.draft(t, end, end-1)
	e.AliasKind, e.alias, e.state = model.AliasRole, -2-m.Value, office
	e.hint = rules.HintPerson
	f.take(&e)
	f.apposition()
}

// reference leaves "the official", "the group" and "one official" to the
// second pass.
func (f *Finder) reference(t int32, h rules.Hint) {
	start := t
	for start-1 >= f.partyEnd && start > t-2 && f.hint(start-1)&(rules.HintModifier|rules.HintPlight) != 0 && f.tokens[start-1].Flags&model.Capital == 0 {
		if start--; f.hint(start)&rules.HintPlight != 0 && f.kind(start-1) == model.Hyphen && start-2 >= f.partyEnd {
			start -= 2 // "the oil-rich kingdom"
		}
	}
	if f.hint(start-1)&rules.HintStop != 0 && f.kind(start-2) == model.Hyphen && f.hint(start-4)&rules.HintDefinite != 0 {
		// "the Iran-backed rebels"
	} else if start-1 < f.partyEnd || f.hint(start-1)&rules.HintDefinite == 0 {
		return
	}
	if f.governing(t) && f.v.Form(max(f.id(t+1), 0)) == "in" && (f.seatAt(t+2, t) || f.definite(t+2) && f.seatAt(t+3, t)) {
		return // the capital or country tells whose
	}
	next := f.hint(t + 1)
	if next&rules.HintOf != 0 && (f.class(t+2)&text.VerbIng != 0 || f.charges(start-2)) {
		next &^= rules.HintOf // "accused the army of bombing"
	}
	if next&(rules.HintOf|rules.HintHead) != 0 || f.kind(t+1) == model.Hyphen || f.possessed(t+1) && h&(rules.HintGroup|rules.HintPerson) == 0 && (h&rules.HintNation != 0 || f.v.Form(f.tokens[t].ID) == "state") {
		return
	}
	if c := f.class(t + 1); f.kind(t+1) == model.Word && c&text.Noun != 0 && c&(text.Verb|text.Adverb|text.Preposition) == 0 {
		return
	}
	const behind = text.Verb | text.Modal | text.Have | text.Be | text.Preposition | text.To | text.Coordinator | text.Subordinate | text.Relative | text.That | text.Adverb
	if f.kind(t+1) == model.Word && f.class(t+1)&behind == 0 && f.v.Form(f.tokens[t].ID) == "military" {
		return // "the military assets"
	}
	e := f.draft(start, t+1, t)
	e.AliasKind, e.state, e.hint = model.AliasPronoun, reference, h
	e.Plural = f.class(t)&text.NounPlural != 0
	f.take(&e)
	f.apposition()
}

// epithetAt reports whether a noun ends what tells somebody by a name of a state:
// "the Ohio senator".
func (f *Finder) epithetAt(t int32) bool {
	from := t - 1
	for from > f.first && from > t-4 && f.kind(from) == model.Word && f.tokens[from].Flags&model.Capital != 0 && !f.definite(from) {
		from--
	}
	return from < t-1 && f.definite(from)
}

// epithet leaves "the Ohio senator" to the second pass; false for another noun.
func (f *Finder) epithet(t int32) bool {
	if !f.epithetAt(t) || f.tokens[t].Flags&model.Capital != 0 || f.nameLike(t+1) || f.kind(t+1) == model.Hyphen {
		return false
	}
	e := f.draft(t, t+1, t)
	e.AliasKind, e.state, e.hint = model.AliasPronoun, reference, rules.HintPerson|rules.HintSeat
	f.take(&e)
	return true
}

// pronoun leaves he, she, they and it to the second pass.
func (f *Finder) pronoun(t int32, h rules.Hint) {
	if h&rules.HintIt != 0 && !f.subject(t) && !f.accused(t) {
		return
	}
	if !f.tr.On() && !f.precedes() {
		f.partyEnd = t + 1
		return // it would be dropped in the second pass
	}
	e := f.draft(t, t+1, t)
	e.AliasKind, e.state, e.hint = model.AliasPronoun, pronoun, h
	e.Plural = h&rules.HintThey != 0
	f.take(&e)
}

// accused reports whether a pronoun is the object of a verb that says what for:
// "accused it of", "blamed it for".
func (f *Finder) accused(t int32) bool {
	if f.class(t-1)&text.Verb == 0 || f.class(t-1)&text.Be != 0 {
		return false
	}
	if f.charges(t - 1) {
		return f.hint(t+1)&rules.HintOf != 0
	}
	switch f.v.Form(f.tokens[t-1].ID) {
	case "blamed", "blame", "blames", "blaming", "condemned", "criticized", "criticised", "criticizing", "criticising", "thanked", "thanking", "praised", "denounced", "sanctioned", "rebuked", "faulted":
		return f.v.Form(f.tokens[min(t+1, f.end-1)].ID) == "for"
	case "attacked", "attacking", "sanctioning", "threatened", "threatening", "warned", "warning":
		return true
	}
	return false
}

// charges reports whether a token is a verb whose object is charged with what
// "of" leads to.
func (f *Finder) charges(t int32) bool {
	switch f.v.Form(max(f.id(t), 0)) {
	case "accused", "accuse", "accuses", "accusing", "suspected", "suspect", "suspects", "suspecting", "convicted", "acquitted", "absolved",
		"stripped", "strip", "stripping", "robbed", "deprived", "deprive", "depriving", "relieved", "warned", "warning", "warn", "warns",
		"reminded", "remind", "reminding", "assured", "assure", "assuring", "informed", "notified", "convinced", "cleared":
		return true
	}
	return false
}

// precedes reports whether this sentence or the one before names anybody whom
// a pronoun could mean.
func (f *Finder) precedes() bool {
	for i := len(f.found) - 1; i >= 0 && f.found[i].Sentence >= f.sentence-1; i-- {
		if f.found[i].Kind != model.MentionIssue {
			return true
		}
	}
	return false
}

// subject reports whether "it" stands before a verb of its own that can have
// an actor, so that "it is clear that" is none.
func (f *Finder) subject(t int32) bool {
	c := f.class(t + 1)
	if c&text.Be != 0 && f.class(t+2)&text.VerbIng != 0 && (f.class(t-1)&text.Reporting != 0 || f.class(t-1)&text.That != 0 && f.class(t-2)&text.Reporting != 0) {
		return true // "said it was halting talks"
	}
	if c&(text.Verb|text.Be|text.Modal|text.Have) == 0 || f.hint(t+1)&rules.HintIdle != 0 {
		return false
	}
	if c&(text.Be|text.Modal|text.Have) != 0 {
		be := t + 1
		if c&text.Be == 0 {
			be = f.pastAdverbs(t + 2)
		}
		if c&text.Be != 0 || f.class(be)&text.Be != 0 && f.class(be+1)&(text.VerbPast2|text.VerbIng|text.Adverb) == 0 {
			if u := f.pastAdverbs(be + 1); !f.feels(u) && !f.feels(u+1) {
				return false // "it would be wrong to"
			}
		}
	}
	return t == f.first || t-1 == f.first && f.class(t-1)&text.Adverb != 0 || f.is(t-1, ';') || f.is(t-1, ':') || f.class(t-1)&(text.Coordinator|text.Subordinate|text.That|text.Relative|text.Conditional) != 0 ||
		f.is(t-1, ',') || f.class(t-1)&text.Reporting != 0 || c&text.Verb != 0 && f.v.Form(max(f.id(t-1), 0)) == "what"
}

// pastAdverbs returns the first token from t on that is neither an adverb nor a
// negator.
func (f *Finder) pastAdverbs(t int32) int32 {
	for t < f.end-1 && f.class(t)&(text.Adverb|text.Negator) != 0 && f.class(t)&text.Be == 0 {
		t++
	}
	return t
}

// feels reports whether a token says of somebody what no state of affairs is:
// "it is grateful", where "it is clear" tells of nobody.
func (f *Finder) feels(t int32) bool {
	switch f.v.Form(max(f.id(t), 0)) {
	case "ready", "willing", "unwilling", "grateful", "thankful", "disappointed", "concerned", "worried", "committed", "determined", "opposed", "open", "prepared", "able", "unable",
		"happy", "unhappy", "pleased", "proud", "glad", "confident", "aware", "alarmed", "appalled", "saddened", "shocked", "outraged", "horrified", "angered", "angry", "furious", "satisfied",
		"convinced", "sorry", "reluctant", "eager", "keen", "hopeful", "interested", "surprised", "dismayed", "troubled", "disturbed", "skeptical", "sceptical", "innocent", "loyal", "optimistic", "pessimistic":
		return true
	}
	return false
}

// resolve is the second pass: surnames first, which need nothing but the full
// names of the article, then what refers to other mentions, in the order of
// the text.
func (f *Finder) resolve() {
	left := f.pending[:0]
	for _, i := range f.pending {
		e := &f.found[i]
		if e.state != surname {
			left = append(left, i)
			continue
		}
		f.revisit(int(i))
		f.settle(e, f.surname(e))
	}
	for _, i := range f.posts {
		if f.found[i].Party < 0 {
			f.enter(f.found[i].Sentence)
			if j := f.around(int(i)); j >= 0 {
				f.join(i, f.found[j].Party)
			}
		}
	}
	for _, i := range left {
		e := &f.found[i]
		f.revisit(int(i))
		ok := false
		switch e.state {
		case office:
			if ok = !f.introducesName(i) && f.inOffice(int(i)); !ok {
				ok = f.refer(int(i))
			}
		case reference:
			ok = f.refer(int(i))
		case pronoun:
			ok = f.replace(int(i))
		case owned:
			ok = f.own(int(i))
		case couple:
			ok = f.resolveCouple(int(i))
		}
		f.settle(e, ok)
		for _, b := range f.ties {
			if b.owner == i && ok {
				if f.join(b.person, e.Party); e.role() {
					e.who, e.person = f.found[b.person].who, f.found[b.person].person
				}
			}
		}
	}
}

// revisit makes the sentence of a draft the one at hand again.
func (f *Finder) revisit(i int) {
	e := &f.found[i]
	f.enter(e.Sentence)
	if e.state != surname {
		return // only a name is widened up to the next mention
	}
	f.floor = f.first
	for j := i - 1; j >= max(0, i-3) && f.found[j].Sentence == e.Sentence; j-- {
		if g := &f.found[j]; g.Kind != model.MentionIssue && g.state != dropped && g.First < e.First {
			f.floor = max(f.floor, g.Last)
		}
	}
	for j := i + 1; j < len(f.found) && f.found[j].Sentence == e.Sentence; j++ {
		if g := &f.found[j]; g.Kind != model.MentionIssue && g.First >= e.Last {
			f.limit = g.First
			return
		}
	}
}

// settle ends the second pass over a draft.
func (f *Finder) settle(e *draft, ok bool) {
	if e.state = settled; !ok {
		e.state = dropped
	}
	if !f.tr.On() || e.Resolution == undecided {
		return
	}
	outcome := "resolved"
	switch {
	case !ok:
		outcome = "rejected"
	case e.Resolution == byAbstain:
		outcome = "abstained"
	}
	f.trace(e.First, e.Last, e.Resolution.String(), outcome, f.personOf(e))
}

// surname decides whose surname stands alone.
func (f *Finder) surname(e *draft) bool {
	p := f.p
	n := f.aliasLen(e)
	at := e.Last - 1
	f.options = f.options[:0]
	f.nested = f.aliases(e.Last-n, f.nested[:0])
	for _, m := range f.nested {
		if a := &p.Aliases[m.Value]; m.Len == n && a.Short && a.Person >= 0 && f.cased(a, e.Last-n, n) {
			f.options = append(f.options, option{alias: m.Value})
		}
	}
	if f.hint(at)&rules.HintCalendar != 0 && (f.class(at-1)&text.Preposition != 0 || f.kind(at-1) == model.Number || f.kind(at+1) == model.Number) {
		return false // "in May"
	}
	if f.metBefore(e) {
		f.followers(e)
		return true
	}
	kept := f.options[:0]
	for _, o := range f.options {
		if a := &p.Aliases[o.alias]; (p.TermAt(a.Person, f.day) >= 0 || f.undated && f.titleFits(e, a.Person)) && (!a.NeedsFull || f.titleFits(e, a.Person)) {
			kept = append(kept, o)
		}
	}
	f.options = kept
	by := byDate
	f.narrow(&by, byContext, func(o *option) int { return btoi(f.titleFits(e, p.Aliases[o.alias].Person)) })
	f.narrow(&by, byPriority, func(o *option) int { return int(p.Aliases[o.alias].Priority) })
	common := !e.titled && f.hint(at)&(rules.HintCalendar|rules.HintFunction) != 0
	switch {
	case len(f.options) == 0:
		return false
	case f.ambiguous():
		if common {
			return false
		}
		e.Kind = model.MentionPerson
		f.abstain(e, f.candidates())
		return true
	}
	a := &p.Aliases[f.options[0].alias]
	if common && a.Priority <= 0 {
		return false
	}
	e.alias, e.person, e.Resolution = f.options[0].alias, a.Person, by
	f.appoint(e, sureLoneShort)
	f.followers(e)
	return true
}

// metBefore resolves a surname to a person whose full name the article gives:
// the latest before it, else the first one after it.
func (f *Finder) metBefore(e *draft) bool {
	s := f.surface(e.Last - 1)
	// They stand in the order of the text.
	after := sort.Search(len(f.people), func(i int) bool { return f.people[i].from > f.tokens[e.First].Start })
	for i := after - 1; i >= max(0, after-peopleReach); i-- {
		q := &f.people[i]
		switch {
		case q.index >= 0 && f.optional(q.index):
			e.person, e.Resolution = q.index, byFullForm
			f.appoint(e, sureShort)
			return true
		case q.index < 0 && q.surname == s:
			e.Kind, e.AliasKind, e.who, e.Party = model.MentionPerson, model.AliasShort, q.who, q.party
			e.Resolution, e.Confidence = byFullForm, 0.8
			if q.party >= 0 {
				e.Kind, e.AliasKind = model.MentionParty, model.AliasLeader
			}
			return true
		}
	}
	for i := after; i < min(len(f.people), after+peopleReach); i++ {
		if q := &f.people[i]; q.index >= 0 && f.optional(q.index) {
			e.person, e.Resolution = q.index, byFullForm
			f.appoint(e, 0.85)
			return true
		}
	}
	return false
}

// optional reports whether a person is among the options.
func (f *Finder) optional(person int32) bool {
	first, last := f.p.Terms(person)
	for _, o := range f.options {
		if p := f.p.Aliases[o.alias].Person; p >= first && p < last {
			return true
		}
	}
	return false
}

// aliasLen is the length in tokens of the surname that ends a draft.
func (f *Finder) aliasLen(e *draft) int32 {
	if e.titled {
		n := e.Last
		for t := e.First; t < e.Last; t++ {
			if f.hint(t)&(rules.HintTitle|rules.HintTitlePart|rules.HintOf) == 0 && !f.is(t, '.') {
				n = t
				break
			}
		}
		return max(e.Last-n, 1)
	}
	return e.Last - e.First
}

// titleFits reports whether the words before a surname are of the office that
// the person holds: "President Trump".
func (f *Finder) titleFits(e *draft, person int32) bool { return f.termInTitle(e, person) >= 0 }

// termInTitle returns the term of a person whose office the words before the
// name tell: on the article's day, or the last such term where the day is not
// known; -1.
func (f *Finder) termInTitle(e *draft, person int32) int32 {
	if !e.titled {
		return -1
	}
	n := f.aliasLen(e)
	word := f.v.Form(f.tokens[max(e.Last-n-1, e.First)].ID)
	fits := func(term int32) bool {
		return len(word) > 2 && endsWith(text.Fold(f.p.Persons[term].Office), word)
	}
	if f.day != 0 {
		if term := f.p.TermAt(person, f.day); term >= 0 && fits(term) {
			return term
		}
		if !f.undated {
			return -1
		}
	}
	first, last := f.p.Terms(person)
	for term := last - 1; term >= first; term-- {
		if fits(term) {
			return term
		}
	}
	return -1
}

// inOffice decides which president "the president" is: the last one named,
// else the only party of the article that has one.
func (f *Finder) inOffice(i int) bool {
	e := &f.found[i]
	e.Confidence, e.Resolution = sureOffice, byCoreference
	post := -2 - e.alias
	for _, step := range [...]int{-1, 1} {
		for j := i + step; j >= 0 && j < len(f.found) && (j-i)*step <= peopleReach; j += step {
			g := &f.found[j]
			if g.person < 0 || g.Party < 0 || g.state != settled || g.AliasKind == model.AliasPronoun {
				continue
			}
			if t := f.bearerOf(post, g.person); t >= 0 {
				e.Party, e.person, e.who = f.p.Persons[t].Party, t, known(t)
				if step < 0 {
					e.Antecedent = int32(j)
				}
				return true
			}
		}
	}
	// No bearer is named: the parties of the article that have one.
	only := f.onlyIncumbent(post)
	if only.candidates != nil {
		if j := f.setting(i); j >= 0 {
			if t := f.incumbent(post, f.found[j].Party); t >= 0 {
				only = incumbency{office: post, term: t}
			}
		}
	}
	switch {
	case only.candidates != nil:
		f.abstain(e, only.candidates)
		return true
	case only.term < 0:
		return false
	}
	e.Party, e.person, e.who, e.Resolution = f.p.Persons[only.term].Party, only.term, known(only.term), byContext
	return true
}

// onlyIncumbent returns who holds an office for the parties that the article
// names; it is the same for the whole article.
func (f *Finder) onlyIncumbent(office int32) incumbency {
	for _, o := range f.offices {
		if o.office == office {
			return o
		}
	}
	var votes []vote
	for _, v := range f.voters {
		f.elect(&votes, office, v.party, v.n)
	}
	for j := range f.found {
		if g := &f.found[j]; g.votes() && g.Sentence >= f.l.Piece.Known {
			f.elect(&votes, office, g.Party, 1)
		}
	}
	// One party alone, or one that the article is mostly about.
	slices.SortStableFunc(votes, func(a, b vote) int { return cmp.Compare(b.n, a.n) })
	only := incumbency{office: office, term: -1}
	switch {
	case len(votes) == 0:
	case len(votes) == 1 || votes[0].n >= 3*votes[1].n:
		only.term = votes[0].term
	default:
		for _, v := range votes[:min(len(votes), 8)] {
			only.candidates = append(only.candidates, f.p.Parties[v.party].ID)
		}
	}
	f.offices = append(f.offices, only)
	return only
}

// vote counts the mentions of a party that has a bearer of an office.
type vote struct{ party, term, n int32 }

// elect counts n mentions of a party for it or the next above it that has a
// bearer of an office.
func (f *Finder) elect(votes *[]vote, office, party, n int32) {
	for ; party >= 0 && !f.cast(votes, office, party, n); party = f.p.Parties[party].Parent {
	}
}

// cast counts mentions of a party; false when nobody holds the office there.
func (f *Finder) cast(votes *[]vote, office, party, n int32) bool {
	for i := range *votes {
		if v := &(*votes)[i]; v.party == party {
			v.n += n
			return true
		}
	}
	term := f.incumbent(office, party)
	if term >= 0 {
		*votes = append(*votes, vote{party, term, n})
	}
	return term >= 0
}

// bearerOf returns the term in which a person holds an office on the
// article's day; -1 when there is none.
func (f *Finder) bearerOf(office, person int32) int32 {
	first, last := f.p.Terms(person)
	for t := first; t < last; t++ {
		if p := &f.p.Persons[t]; p.Post == office && f.day.Within(p.From, p.To) {
			return t
		}
	}
	return -1
}

// refer resolves "the official" and "the group" to the last mention that
// could be meant, in the paragraph or the sentence before.
func (f *Finder) refer(i int) bool {
	e := &f.found[i]
	head := f.tokens[e.Head].ID
	best := -1
	kind := f.words[head].Hint & (rules.HintPartisan | rules.HintFighters | rules.HintAssociation | rules.HintNation | rules.HintAgency | rules.HintAnybody)
	f.number = f.p.Numbers[head]
	if e.hint&rules.HintPerson != 0 && !e.Plural && i > 0 {
		if g := &f.found[i-1]; g.Sentence == e.Sentence && g.Last < e.First && f.is(g.Last, ',') && f.definite(g.Last+1) && (e.First <= g.Last+2 || f.epithetAt(e.Head) && e.First <= g.Last+5) && g.who != (who{}) && !g.Plural {
			f.link(i, i-1, sureReference)
			return true // "Jane Roe, the minister"
		}
	}
	if e.hint&rules.HintSeat != 0 && f.hint(e.Last)&rules.HintFrom != 0 {
		return false // "the senator from Ohio"
	}
	if e.hint&rules.HintSeat != 0 && f.epithetAt(e.Head) {
		if best = f.member(i); best >= 0 {
			f.link(i, best, sureReference)
		}
		return best >= 0
	}
	introduces := e.hint&rules.HintPerson != 0 && !e.Plural && f.introducesName(int32(i))
	own := f.clauseOf(e.Head)
	for j := i - 1; j >= max(0, i-maxBack) && f.reachable(e, &f.found[j]) && !introduces; j-- {
		g := &f.found[j]
		if g.state != settled || g.NeedsCue || g.Kind == model.MentionIssue || g.AliasKind == model.AliasPlace && e.hint&rules.HintBody == 0 {
			continue
		}
		if kind == rules.HintNation && e.hint&rules.HintBody != 0 && within(own, g) && (g.body() && g.AliasKind != model.AliasRole) && f.done(e) {
			continue // "Norway accused the government"
		}
		if g.Party < 0 && g.who == (who{}) {
			continue
		}
		if g.AliasKind != model.AliasPronoun && f.sameNoun(f.tokens[g.Head].ID, head) && (e.hint&rules.HintPerson == 0 || f.past(e) == f.past(g)) {
			best = j
			break
		}
		if !f.compatible(e, g, kind) {
			continue
		}
		if best < 0 {
			best = j
		} else if kind == rules.HintNation && e.hint&rules.HintBody != 0 && f.found[best].Party != g.Party {
			best = -1 // which of two countries is not said
			break
		}
	}
	if best >= 0 && kind == rules.HintNation && e.hint&rules.HintBody != 0 && f.found[best].Sentence < e.Sentence && f.stately(e) {
		// The government that the article is about before another of late.
		if j := f.setting(i); j >= 0 {
			best = j
		}
	}
	if best < 0 && !introduces {
		best = f.only(i)
	}
	if best < 0 && !introduces && e.hint&rules.HintSeat != 0 {
		best = f.member(i)
	}
	if best < 0 && !introduces && e.hint&rules.HintPerson != 0 && !e.Plural && kind == 0 {
		best = f.onlyTitled(i)
	}
	if best < 0 && (kind == rules.HintFighters || kind == rules.HintAssociation && !e.Plural) && f.hint(e.First-1)&rules.HintStop != 0 {
		best = f.onlyFighters(i) // "the Iran-backed rebels"
	}
	if best < 0 && (introduces || f.stately(e)) {
		if e.InQuote {
			best = f.setting(i)
		} else {
			best = f.around(i)
		}
		if best >= 0 {
			f.link(i, best, sureSetting)
			e.Kind, e.who, e.person = model.MentionParty, who{}, -1
			return true
		}
	}
	if best < 0 {
		return false
	}
	f.link(i, best, sureReference)
	return true
}

// memberReach is how many sentences back somebody is sought whom the name of a
// state and of an office tells.
const memberReach = 4

// member returns the last mention of the one politician of a party of late whom
// "the Ohio senator" can mean, who has no other part in its clause; -1 when there
// is none or nothing tells which of several.
func (f *Finder) member(i int) int {
	e := &f.found[i]
	noun := f.tokens[e.Head].ID
	own := f.clauseOf(e.Head)
	form, named := f.v.Form(noun), f.epithetAt(e.Head)
	var others [4]string // who cannot be meant
	n := 0
	titled, best, several, many := -1, -1, false, false
	for j := i - 1; j >= max(0, i-maxBack) && f.found[j].Sentence >= e.Sentence-memberReach; j-- {
		g := &f.found[j]
		if g.state != settled || g.who == (who{}) || g.Plural || g.Party < 0 || g.Kind == model.MentionIssue || f.p.Parties[g.Party].Kind != rules.PoliticalParty {
			continue
		}
		person := f.personOf(g)
		place := named && g.hint&rules.HintSeat != 0 && g.First > f.l.Sentences[g.Sentence].First && f.tokens[g.First-1].Flags&model.Capital != 0
		if place && f.tokens[g.First-1].ID == f.tokens[e.First-1].ID && f.tokens[g.Head].ID == noun {
			return j
		}
		if n < len(others) && (place || within(own, g)) {
			others[n] = person
			n++
		}
		if slices.Contains(others[:n], person) || form == "congresswoman" && !f.bears(true, g) || form == "congressman" && !f.bears(false, g) {
			continue
		}
		if g.AliasKind != model.AliasPronoun && f.titledBy(g, noun) {
			if titled < 0 {
				titled = j
			} else if f.personOf(&f.found[titled]) != person {
				several = true
			}
		} else if !f.sits(g, form) {
			continue
		}
		if best < 0 {
			best = j
		} else if f.personOf(&f.found[best]) != person {
			many = true
		}
	}
	switch {
	case titled >= 0 && !several:
		return titled
	case many || several:
		return -1
	}
	return best
}

// sits reports whether a mention can be of a member of a legislature, as far as
// the pack tells the person's office.
func (f *Finder) sits(g *draft, noun string) bool {
	if noun == "governor" {
		return false // by title alone
	}
	if g.person < 0 {
		return true
	}
	term := f.p.TermAt(g.person, f.day)
	if term < 0 {
		return true
	}
	office := f.p.Persons[term].Office
	switch house, senate := strings.HasPrefix(office, "House"), strings.HasPrefix(office, "Senate"); noun {
	case "senator":
		return office == "" || senate
	case "lawmaker":
		return office == "" || house || senate
	default:
		return office == "" || house
	}
}

// done reports whether a reference is the object of a verb: "accused the
// government".
func (f *Finder) done(e *draft) bool {
	c := f.class(e.First - 2)
	return f.hint(e.Head)&rules.HintNation != 0 && f.definite(e.First-1) && c&text.Verb != 0 && c&(text.Be|text.Reporting) == 0
}

// introducesName reports whether a role introduces somebody by name: "the
// defence secretary, Jane Roe".
func (f *Finder) introducesName(role int32) bool {
	for _, b := range f.ties {
		if b.owner == role {
			return true
		}
	}
	return false
}

// stately reports whether a reference is to what any government has: "the
// army", "the interior ministry", "the foreign minister".
func (f *Finder) stately(e *draft) bool {
	switch f.v.Form(f.tokens[e.Head].ID) {
	case "government", "cabinet", "army", "military", "ministry", "minister", "ministers", "authorities", "parliament", "regime":
		return true
	case "secretary":
		return f.governs(e.Head)
	}
	return false
}

// around returns the mention of the government that the scene tells, else the
// article; -1.
func (f *Finder) around(i int) int {
	if j := f.scene(i); j >= 0 {
		return j
	}
	return f.setting(i)
}

// scene returns the mention of the place that the sentence of a draft, or one
// before it in its paragraph, begins with: "In Budapest, the farm minister"; -1.
func (f *Finder) scene(i int) int {
	e := &f.found[i]
	for j := i - 1; j >= max(0, i-maxBack); j-- {
		g := &f.found[j]
		if g.Sentence < e.Sentence-sceneReach || f.l.Sentences[g.Sentence].Paragraph != f.l.Sentences[e.Sentence].Paragraph {
			break
		}
		first := f.l.Sentences[g.Sentence].First
		if g.Kind != model.MentionParty || g.Party < 0 || g.AliasKind != model.AliasPlace && g.AliasKind != model.AliasMetonym || g.First != first+1 ||
			f.v.Form(f.tokens[first].ID) != "in" || int(g.Last) >= len(f.tokens) || f.a.Text[f.tokens[g.Last].Start] != ',' {
			continue
		}
		if f.governmentOf(g.Party) == g.Party {
			return j
		}
		break
	}
	return -1
}

// sceneReach is how many sentences on a paragraph stays where it began.
const sceneReach = 3

// setting returns the last mention of the one government that the article is
// about so far, and not just now and then of another: -1 when there is none.
func (f *Finder) setting(i int) int {
	f.tally = f.tally[:0]
	own := f.clauseOf(f.found[i].Head)
	from := f.found[i].Sentence - settingReach
	for j := i - 1; j >= max(0, i-maxBack) && f.found[j].Sentence >= from; j-- {
		g := &f.found[j]
		if g.Kind != model.MentionParty || g.Party < 0 || g.state != settled || g.AliasKind == model.AliasPronoun {
			continue
		}
		party := f.governmentOf(g.Party)
		if party < 0 {
			continue
		}
		k := slices.IndexFunc(f.tally, func(t count) bool { return t.party == party })
		if k < 0 {
			k = len(f.tally)
			f.tally = append(f.tally, count{party: party, at: -1})
		}
		if f.tally[k].n++; f.tally[k].at < 0 && g.Party == party {
			f.tally[k].at = int32(j)
		}
		if g.Sentence == f.found[i].Sentence && within(own, g) && g.AliasKind != model.AliasRole && f.done(&f.found[i]) {
			f.tally[k].own = true
		} else if g.Sentence >= f.found[i].Sentence-1 {
			f.tally[k].near = true
		}
	}
	best := -1
	for k, t := range f.tally {
		if !t.own && (best < 0 || t.n > f.tally[best].n) {
			best = k
		}
	}
	for k, t := range f.tally {
		if k != best && !t.own && (t.near && f.tally[best].n < settingNear*t.n || f.tally[best].n < settingLead*t.n) {
			return -1 // which of two is not said
		}
	}
	if best < 0 || f.tally[best].n < settingLead {
		return -1
	}
	return int(f.tally[best].at)
}

// settingLead is how many times as often as any other government an article
// names the one that it is about.
const (
	settingLead = 2
	settingNear = 3 // as any that is named right before
)

// count is how often an article names a party.
type count struct {
	party, n int32
	at       int32 // the last mention of it by name; -1
	near     bool  // in the sentence at hand or the one before
	own      bool  // as the subject of the clause at hand, which is of another
}

// governmentOf returns the government that a party is or is a part of; -1.
func (f *Finder) governmentOf(party int32) int32 {
	for f.p.Parties[party].Parent >= 0 {
		party = f.p.Parties[party].Parent
	}
	if f.p.Parties[party].Kind != rules.Government {
		return -1
	}
	return party
}

// onlyFighters returns a mention of the one armed group that the article
// names, before or after; -1 when there is none or there are two.
func (f *Finder) onlyFighters(i int) int {
	best := -1
	for j := max(0, i-joinReach); j < min(len(f.found), i+joinReach); j++ {
		g := &f.found[j]
		if g.state != settled || g.NeedsCue || g.Kind != model.MentionParty || g.Party < 0 || g.AliasKind == model.AliasPronoun || f.p.Parties[g.Party].Kind != rules.ArmedGroup {
			continue
		}
		if best < 0 {
			best = j
		} else if f.found[best].Party != g.Party {
			return -1
		}
	}
	return best
}

// onlyReach is how many sentences back the only bearer of a noun is sought,
// armedReach the only country ruled by officers, settingReach the government
// that the article is about.
const (
	onlyReach    = 12
	armedReach   = 40
	settingReach = 40
)

// only returns the last mention of the one party that the article has given
// the noun of a body so far: "the army" after "the Sudanese army", some
// sentences on; -1 when there is none or there are two.
func (f *Finder) only(i int) int {
	e := &f.found[i]
	best := -1
	noun, generals, reach := f.tokens[e.Head].ID, f.armed(e), int32(onlyReach)
	switch form := f.v.Form(noun); {
	case form == "state":
		return -1
	case generals && (e.Plural || e.Last == e.First+1 && f.tokens[e.Head].Flags&model.Capital == 0):
		reach = armedReach
	case e.Plural && (form == "rebels" || form == "separatists"):
		reach = armedReach
	case e.hint&(rules.HintBody|rules.HintGroup) == 0 || e.Last != e.First+1 || e.Plural && e.hint&rules.HintBody != 0:
		return -1
	}
	asked, named := int32(-1), false // the party last asked for its name
	for j := i - 1; j >= max(0, i-maxBack) && f.found[j].Sentence >= e.Sentence-reach; j-- {
		g := &f.found[j]
		if g.state != settled || g.NeedsCue || g.Kind == model.MentionIssue || g.Party < 0 || g.AliasKind == model.AliasPronoun && reach == onlyReach {
			continue
		}
		if generals && f.p.Parties[g.Party].Kind == rules.ArmedGroup {
			continue // the Kachin Independence Army is not the army
		}
		if f.tokens[g.Head].ID != noun && !(generals && f.armed(g)) {
			if e.hint&rules.HintBody == 0 || !g.body() {
				continue
			}
			if g.Party != asked {
				asked, named = g.Party, f.p.NamedBy(g.Party, noun)
			}
			if !named {
				continue
			}
		}
		if best < 0 {
			best = j
		} else if f.found[best].Party != g.Party {
			return -1
		}
	}
	return best
}

// onlyTitled returns the last mention of the one person whom the article has
// given a noun as a title or office so far: "the speaker" after "House Speaker
// Jane Roe", some sentences on; -1 when there is none or there are two.
func (f *Finder) onlyTitled(i int) int {
	e := &f.found[i]
	noun, best := f.tokens[e.Head].ID, -1
	switch f.v.Form(noun) {
	case "candidate", "nominee", "chief", "aide", "adviser", "activist":
		return -1 // whoever else is one
	}
	if f.past(e) || f.tokens[e.Last-1].Flags&model.Capital != 0 && f.nameLike(e.Last) {
		return -1
	}
	for j := i - 1; j >= max(0, i-maxBack) && f.found[j].Sentence >= e.Sentence-onlyReach; j-- {
		g := &f.found[j]
		if g.state != settled || g.who == (who{}) || g.Plural || g.AliasKind == model.AliasPronoun || !f.titledBy(g, noun) {
			continue
		}
		if best < 0 {
			best = j
		} else if f.found[best].Party != g.Party || f.personOf(&f.found[best]) != f.personOf(g) {
			return -1
		}
	}
	return best
}

// titledBy reports whether a noun is a word of a mention or of its person's
// office.
func (f *Finder) titledBy(g *draft, noun int32) bool {
	for t := g.First; t < g.Last; t++ {
		if f.sameNoun(f.tokens[t].ID, noun) {
			return true
		}
	}
	return f.holds(g, noun)
}

// armed reports whether a mention is of an army or of officers who rule.
func (f *Finder) armed(g *draft) bool {
	switch f.v.Form(f.tokens[g.Head].ID) {
	case "army", "military", "junta", "generals":
		return true
	}
	return false
}

// maxBack bounds how many mentions back a pronoun or noun is followed, so that
// one sentence without an end costs no quadratic time.
const maxBack = 1000

// reachable reports whether a mention is near enough to be referred to.
func (f *Finder) reachable(e, g *draft) bool {
	if g.Sentence >= e.Sentence-1 {
		return true
	}
	return f.l.Sentences[g.Sentence].Paragraph == f.l.Sentences[e.Sentence].Paragraph
}

// sameNoun reports whether a head noun is a form of the one that refers back.
func (f *Finder) sameNoun(id, noun int32) bool {
	if id == 0 || noun == 0 {
		return false
	}
	return id == noun || id == f.number[0] || id == f.number[1] || id == f.number[2]
}

// compatible reports whether a mention can be what a noun refers to.
func (f *Finder) compatible(e, g *draft, kind rules.Hint) bool {
	if !e.Plural && g.Party >= 0 && e.hint&(rules.HintBody|rules.HintGroup) != 0 && g.body() && f.p.NamedBy(g.Party, f.tokens[e.Head].ID) {
		return true
	}
	switch {
	case e.hint&rules.HintGroup != 0:
		if g.Party < 0 || g.hint&rules.HintHe != 0 || f.personal(g) && g.Sentence != e.Sentence && (!g.Plural || g.who != (who{})) {
			return false // "met the RSF leader and praised the group"
		}
		k := f.p.Parties[g.Party].Kind
		switch kind {
		case rules.HintPartisan:
			return k == rules.PoliticalParty
		case rules.HintFighters:
			return k == rules.ArmedGroup
		case rules.HintAssociation:
			return k == rules.ArmedGroup || k == rules.NGO || k == rules.PoliticalParty && !f.personal(g)
		}
		return false
	case e.hint&rules.HintBody != 0:
		if g.Party < 0 || !g.body() || e.Plural {
			return false
		}
		p := &f.p.Parties[g.Party]
		switch kind {
		case rules.HintNation:
			return p.Kind == rules.Government && p.Parent < 0 // no department of one
		case rules.HintAgency:
			return p.Kind == rules.IGO || p.Kind == rules.NGO
		}
		return false
	}
	if !f.personal(g) || g.Plural != e.Plural {
		return false
	}
	if kind == rules.HintAnybody {
		return true
	}
	// "the minister" is the last one who is a minister by office or title.
	return f.titledBy(g, f.tokens[e.Head].ID) && (!f.past(e) || g.person >= 0 && !f.holds(g, f.tokens[e.Head].ID))
}

// past reports whether a reference is to somebody who was in office.
func (f *Finder) past(e *draft) bool {
	for t := e.First - 1; t < e.Head; t++ {
		if f.hint(t)&rules.HintFormer != 0 {
			return true
		}
	}
	return false
}

// holds reports whether the person of a mention is in the office that a noun
// ends.
func (f *Finder) holds(g *draft, noun int32) bool {
	if g.person < 0 {
		return false
	}
	term := f.p.TermAt(g.person, f.day)
	return term >= 0 && endsWith(text.Fold(f.p.Persons[term].Office), f.v.Form(noun))
}

func endsWith(s, word string) bool {
	return len(word) > 0 && len(s) >= len(word) && s[len(s)-len(word):] == word
}

// body reports whether a mention is of a party and not of somebody by name;
// its officials will do.
func (e *draft) body() bool {
	return e.AliasKind != model.AliasLeader && e.Kind == model.MentionParty && e.who == (who{}) && e.hint&rules.HintHe == 0
}

// personal reports whether a mention is of people and not of a body.
func (f *Finder) personal(g *draft) bool {
	return g.AliasKind == model.AliasLeader || g.Kind == model.MentionPerson || g.hint&rules.HintPerson != 0 || f.partisan(g)
}

// replace resolves a pronoun.
func (f *Finder) replace(i int) bool {
	e := &f.found[i]
	best, aside, sure := -1, -1, float32(surePronoun)
	var own, begun model.Clause // of a pronoun that is an object
	if f.class(e.Head)&text.Object != 0 || e.hint&rules.HintIt != 0 && !f.subject(e.Head) || e.hint&rules.HintIts != 0 {
		if own = f.clauseOf(e.Head); own.Resumes >= 0 && own.Last > 0 {
			begun = f.l.Clauses[own.Resumes]
		}
	}
	he := e.hint&rules.HintHe != 0
	speaker := ""
	if he && e.InQuote {
		speaker = f.quoter(i)
	}
	things := int32(-1)
	if e.hint&rules.HintIt != 0 && f.subject(e.First) {
		things = f.thing(e.First)
	}
	single := e.First // from here to the pronoun stands no plural
	f.joint = f.joint[:0]
	for j := i - 1; j >= max(0, i-maxBack) && f.found[j].Sentence >= e.Sentence-1; j-- {
		g := &f.found[j]
		if best < 0 && aside >= 0 && f.found[aside].Sentence != g.Sentence {
			best = aside
		}
		if best >= 0 && f.found[best].Sentence != g.Sentence {
			// The subject of a sentence comes first: prefer the earliest that fits
			// in the nearest sentence that has one.
			break
		}
		if g.state != settled || g.NeedsCue || g.Kind == model.MentionIssue || g.AliasKind == model.AliasPlace || g.AliasKind == model.AliasMetonym && e.hint&rules.HintIt == 0 || g.Party < 0 && g.who == (who{}) {
			continue
		}
		fits := false
		switch {
		case e.hint&rules.HintHe != 0:
			fits = !g.Plural && (f.personal(g) || g.hint&rules.HintHe != 0 && g.Sentence != e.Sentence) && f.gender(e, g)
			if fits && (f.modifies(g) && f.words[f.tokens[g.Last].ID].Hint&rules.HintPerson != 0 || g.who == (who{}) && f.told(g)) {
				if fits = false; aside < 0 {
					aside = j // "a Roe aide", "as a senator"
				}
			}
			fits = fits && !(best >= 0 && g.who == (who{}) && f.found[best].who != (who{}) && f.nounPhrase(best) == g.First)
		case e.hint&rules.HintThey != 0:
			if fits = g.Plural; !fits {
				f.members(j)
				if fits = len(f.set) > 1; fits {
					fits = g.Sentence == e.Sentence && (e.hint&rules.HintThey == 0 || f.class(e.Head)&text.Object != 0 || !f.governed(f.set[0], false)) ||
						g.Sentence != e.Sentence && f.found[f.set[0]].First-f.l.Sentences[g.Sentence].First <= 3 && f.class(e.First-1)&text.Reporting == 0 && (f.class(e.First-1)&text.That == 0 || f.class(e.First-2)&text.Reporting == 0)
					for _, m := range f.set {
						fits = fits && !within(own, &f.found[m]) && !within(begun, &f.found[m])
					}
					if f.found[f.set[0]].First > f.l.Sentences[g.Sentence].First+1 || e.First > f.l.Sentences[e.Sentence].First {
						fits = fits && !f.anyPlural(g.Last, single) // from subject to subject they are the same
					}
				}
			}
		default:
			fits = !g.Plural && !f.personal(g) && g.hint&rules.HintHe == 0 && !f.modifies(g) && (things < 0 || g.Sentence == e.Sentence && g.First > things)
			sure = sureIt
		}
		if he && g.Sentence != e.Sentence {
			if f.stranger(e.First) {
				break // "a former aide said that he"
			}
			he = false // not asked again
		}
		if !fits || f.beside(e, g) || (within(own, g) || within(begun, g)) && !(e.hint&rules.HintHe != 0 && f.owns(g)) {
			continue // "Lewis had to send him": not himself
		}
		if speaker != "" && f.personOf(g) == speaker {
			continue // who says it says "I"
		}
		if e.hint&rules.HintThey != 0 {
			opens := e.First == f.l.Sentences[e.Sentence].First
			if !g.Plural && opens && f.found[f.set[0]].First <= f.l.Sentences[g.Sentence].First+1 {
				// From the subject of one sentence to that of the next.
			} else if f.pluralBetween(g.Last, single) {
				if opens && len(f.twinsOf(int32(j))) > 0 {
					continue // those it means come first
				}
				break // somebody else may be meant
			}
			single = min(single, g.Last)
			if !g.Plural {
				single = min(single, f.found[f.set[0]].First)
				f.joint = append(f.joint[:0], f.set...)
			}
		}
		if e.hint&rules.HintIt != 0 && g.Sentence != e.Sentence && g.First-f.l.Sentences[g.Sentence].First > 3 {
			continue // only the subject of the sentence before
		}
		if best >= 0 && e.hint&rules.HintHe != 0 && f.class(f.first)&text.Preposition != 0 && !f.possessed(g.Last) && f.commaAmong(g.Last, f.found[best].First) && f.class(f.nounPhrase(j)-1)&text.Preposition != 0 {
			break // "In an interview with Roe on Monday, Doe said that when she"
		}
		best = j
	}
	if best < 0 {
		best = aside
	}
	if best >= 0 && e.hint&rules.HintHe != 0 && f.class(e.Head)&text.Object == 0 && f.unmet(i, best) {
		best = -1
	}
	if j := f.reporter(i); j >= 0 {
		best = j
	}
	if best < 0 {
		return false
	}
	if n := len(f.joint); n > 0 && int(f.joint[n-1]) == best {
		f.pair(i, f.joint)
		e.Confidence = min(sure, e.Confidence)
		return true
	}
	f.link(i, best, sure)
	return true
}

// modifies reports whether a mention stands before a noun that it is no part
// of: "the NATO summit".
func (f *Finder) modifies(g *draft) bool {
	if int(g.Last) >= len(f.tokens) {
		return false
	}
	next := &f.tokens[g.Last]
	c := f.words[next.ID].Class
	return next.Kind == model.Word && next.Flags&model.Capital == 0 && c&text.Noun != 0 && c&(text.Verb|text.Adverb|text.Preposition|text.Coordinator) == 0
}

// told reports whether a mention tells what somebody else of the sentence is, or
// whose: "as a senator", "he was a senator", "his spokesman".
func (f *Finder) told(g *draft) bool {
	if f.words[f.tokens[g.First].ID].Hint&rules.HintIts != 0 {
		return true // "his spokesman"
	}
	first := f.l.Sentences[g.Sentence].First
	t := g.First - 1
	for t > first && t > g.First-4 && f.words[f.tokens[t].ID].Class&(text.Determiner|text.Adjective|text.Noun|text.Preposition) != 0 && f.v.Form(f.tokens[t].ID) != "as" {
		t--
	}
	return t >= first && (f.v.Form(f.tokens[t].ID) == "as" || t > first && f.words[f.tokens[t].ID].Class&text.Be != 0)
}

// quoter returns the person who says the quotation that a draft stands in, where
// a reporting verb stands beside the name, there or in the sentence before; ""
// when nobody is known to.
func (f *Finder) quoter(i int) string {
	e := &f.found[i]
	qs := f.l.Quotations
	q := sort.Search(len(qs), func(k int) bool { return qs[k].First > e.First }) - 1
	for q >= 0 && (qs[q].Last <= e.First || qs[q].Scare) {
		q--
	}
	if q < 0 {
		return ""
	}
	for j := i + 1; j < min(i+quoterReach, len(f.found)) && f.found[j].Sentence < qs[q].LastSentence; j++ {
		if f.reports(&f.found[j]) {
			return f.personOf(&f.found[j])
		}
	}
	for j := i - 1; j >= max(0, i-quoterReach) && f.found[j].Sentence >= qs[q].FirstSentence-1; j-- {
		if f.reports(&f.found[j]) {
			return f.personOf(&f.found[j])
		}
	}
	return ""
}

// quoterReach is how many mentions away a quotation's speaker is sought.
const quoterReach = 50

// reports reports whether a mention is of a person outside of quotations beside
// whose name a reporting verb stands: "said Roe", "Roe (R-Ohio) said".
func (f *Finder) reports(g *draft) bool {
	if g.InQuote || g.Plural || g.who == (who{}) || g.state != settled {
		return false
	}
	reporting := func(t int32) bool {
		return t > 0 && int(t) < len(f.tokens) && f.words[f.tokens[t].ID].Class&text.Reporting != 0
	}
	t := g.Last
	if int(t) < len(f.tokens) && f.tokens[t].Has(model.Opening) && f.tokens[t].Kind == model.Punctuation {
		for t++; int(t) < len(f.tokens)-1 && t < g.Last+8 && !f.tokens[t-1].Has(model.Closing); t++ {
		}
	}
	return reporting(t) || reporting(g.First-1) && f.tokens[g.First-2].Kind == model.QuoteMark
}

// thing returns the last noun before token t that is the subject of a verb and
// names no party, but what "it" would be then: "the move is"; -1.
func (f *Finder) thing(t int32) int32 {
	for i := t - 2; i > max(f.first, t-60); i-- {
		if c := f.class(i); c&text.Noun == 0 || c&text.PersonNoun != 0 || f.hint(i)&(rules.HintPerson|rules.HintBody|rules.HintGroup) != 0 || f.tokens[i].Flags&model.Capital != 0 ||
			f.class(i+1)&(text.Be|text.Modal|text.Have|text.VerbS|text.VerbPast) == 0 || f.class(i+1)&(text.Noun|text.NounPlural) != 0 {
			continue
		}
		from := i - 1
		for from > f.first && from > i-4 && f.kind(from) == model.Word && f.class(from)&(text.Adjective|text.Noun) != 0 && f.class(from)&text.Determiner == 0 {
			from--
		}
		if c := f.class(from); c&text.Determiner != 0 && c&text.Possessive == 0 && f.class(from-1)&(text.Preposition|text.Coordinator) != text.Preposition {
			return i
		}
	}
	return -1
}

// nounPhrase returns where a mention begins, or the title before it that is a
// mention of its own: "US Ambassador to Norway Jane Roe".
func (f *Finder) nounPhrase(j int) int32 {
	first := f.found[j].First
	for k := j - 1; k >= max(0, j-2); k-- {
		r := &f.found[k]
		if r.Sentence != f.found[j].Sentence || r.who != (who{}) || r.First >= first || first-r.Last > 2 ||
			first > r.Last && f.words[f.tokens[r.Last].ID].Class&(text.Preposition|text.To) == 0 {
			break
		}
		first = r.First
	}
	return first
}

// commaAmong reports whether a comma stands among the first of some tokens.
func (f *Finder) commaAmong(from, to int32) bool {
	for t := from; t < min(to, from+60); t++ {
		if f.is(t, ',') {
			return true
		}
	}
	return false
}

// reporter returns the person or body right before the reporting verb that a
// pronoun follows: "Roe said he", "Egypt said that it"; -1 when there is none
// that it fits.
func (f *Finder) reporter(i int) int {
	e := &f.found[i]
	t := e.First - 1
	if f.class(t)&text.That != 0 {
		t--
	}
	if e.hint&(rules.HintHe|rules.HintIt) == 0 || e.hint&rules.HintIt != 0 && !f.subject(e.First) || e.hint&rules.HintIts != 0 || i == 0 || f.class(t)&text.Reporting == 0 {
		return -1
	}
	g := &f.found[i-1]
	if g.Last != t || g.Sentence != e.Sentence || g.state != settled || g.NeedsCue || g.Plural || g.Party < 0 && g.who == (who{}) || f.personal(g) != (e.hint&rules.HintHe != 0) || !f.gender(e, g) {
		return -1
	}
	return i - 1
}

// stranger reports whether somebody without a name, of whom the sentence
// begins to speak, is the subject of a verb before token t: "a former aide said".
func (f *Finder) stranger(t int32) bool {
	for i := max(f.first+1, t-60); i+1 < t; i++ { // no sentence without an end costs more
		if c := f.class(i); c&text.PersonNoun == 0 || c&text.NounPlural != 0 || f.tokens[i].Flags&model.Capital != 0 || f.class(i+1)&(text.Verb|text.Modal|text.Have|text.Be|text.Relative) == 0 {
			continue
		}
		from := i - 1
		for from > f.first && from > i-4 && f.kind(from) == model.Word && f.class(from)&(text.Determiner|text.Preposition|text.Verb) == 0 {
			from--
		}
		switch d := f.surface(from); d {
		case "a", "an", "A", "An", "one", "One", "another", "Another":
			if from == f.first || f.class(from-1)&(text.Preposition|text.Be) == 0 && f.kind(from-1) == model.Word {
				return true
			}
		}
	}
	return false
}

// unmet reports whether the sentence of a pronoun has for a subject, before the
// mention that the pronoun would mean, a name of which the article tells no more:
// "Roe said Trump knew that he".
func (f *Finder) unmet(i, best int) bool {
	e, g := &f.found[i], &f.found[best]
	to, j := e.First, i-1
	if g.Sentence == e.Sentence {
		to, j = g.First, best-1
	}
	for t := min(to, f.first+60) - 2; t >= f.first; t-- {
		for j >= 0 && f.found[j].Sentence == e.Sentence && f.found[j].First > t {
			j--
		}
		if j >= 0 && f.found[j].Sentence == e.Sentence && t < f.found[j].Last && f.found[j].state != dropped {
			continue
		}
		if c := f.class(t + 1); c&(text.VerbPast|text.VerbS|text.Modal|text.Have|text.Be) == 0 || c&(text.Noun|text.NounPlural) != 0 || !f.nameLike(t) || f.hint(t)&(rules.HintAlias|rules.HintInstitution|rules.HintHead) != 0 {
			continue
		}
		from := t
		for from > f.first && f.nameLike(from-1) {
			from--
		}
		if f.class(from-1)&(text.Determiner|text.Preposition) == 0 {
			return true
		}
	}
	return false
}

// owns reports whether a mention possesses what is the subject of a verb: "Roe's
// critics accused".
func (f *Finder) owns(g *draft) bool {
	if g.Sentence != f.sentence || !f.possessed(g.Last) {
		return false
	}
	for t := g.Last + 2; t < g.Last+8 && f.kind(t) == model.Word; t++ {
		if c := f.class(t); c&(text.VerbPast|text.Have|text.Modal|text.Be) != 0 && c&text.Preposition == 0 || c&text.VerbS != 0 && c&text.NounPlural == 0 {
			return true
		}
	}
	return false
}

// beside reports whether a mention is set aside by a preposition before the
// clause of a pronoun, which then is somebody else: "Like Roe, he".
func (f *Finder) beside(e, g *draft) bool {
	if g.Sentence != e.Sentence || g.First > f.first+3 || !f.is(g.Last, ',') {
		return false
	}
	switch f.surface(f.first) {
	case "A", "An": // "A former chairman of the House committee, he"
		return g.Last == e.First-1
	case "With", "Like", "Unlike", "Besides", "Alongside", "Against", "Without":
		return true
	}
	return false
}

// pluralBetween reports whether a plural noun stands among some tokens.
func (f *Finder) pluralBetween(from, to int32) bool {
	for t := from; t < to; t++ {
		if c := f.v.Class(f.tokens[t].ID); c&text.NounPlural != 0 && c&text.Verb == 0 {
			return true
		}
	}
	return false
}

// gender reports whether he or she can be the person of a mention, as far as
// given names tell. An unknown name may be anybody's.
func (f *Finder) gender(pronoun, g *draft) bool {
	return f.bears(f.words[f.tokens[pronoun.Head].ID].Hint&rules.HintShe != 0, g)
}

// bears reports whether a mention can be of a woman, or of a man.
func (f *Finder) bears(she bool, g *draft) bool {
	switch {
	case g.person >= 0:
		return she == f.p.Persons[g.person].Female
	case g.who == (who{}):
		return true
	}
	return g.who.sex == 0 || she == (g.who.sex&rules.HintFemale != 0)
}

// clauseOf returns the clause of a token of the sentence at hand.
func (f *Finder) clauseOf(t int32) model.Clause {
	s := &f.l.Sentences[f.sentence]
	clauses := f.l.Clauses[s.FirstClause:s.LastClause]
	after := sort.Search(len(clauses), func(i int) bool { return clauses[i].First > t })
	if after == 0 {
		return model.Clause{}
	}
	return clauses[after-1]
}

// link copies what the antecedent means.
func (f *Finder) link(i, to int, sure float32) {
	e, g := &f.found[i], &f.found[to]
	e.Kind, e.Party, e.who, e.person, e.alias = g.Kind, g.Party, g.who, g.person, g.alias
	e.Resolution, e.Confidence = byCoreference, min(sure, g.Confidence*0.8)
	if g.before(e) {
		e.Antecedent = int32(to)
	}
	e.AliasKind = model.AliasPronoun
	if e.Plural && g.Plural && len(f.twins) > 0 {
		for _, w := range f.twinsOf(int32(to)) {
			f.twins = append(f.twins, twin{int32(i), w.member, w.party, w.who})
		}
	}
}

// emit appends what is left in the order of the text.
func (f *Finder) emit(out []model.Mention) []model.Mention {
	order := f.order[:0]
	for i := range f.found {
		e := &f.found[i]
		if e.state == dropped {
			continue
		}
		// Nearly sorted: only titles and widened names move.
		order = append(order, int32(i))
		for j := len(order) - 1; j > 0 && e.before(&f.found[order[j-1]]); j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	f.order = order
	base := len(out)
	for n, i := range order {
		f.found[i].person = int32(base + n) // from here on: where the draft went
	}
	all := len(order) + len(f.twins)
	if len(f.twins) > 0 {
		f.makeRoom(order)
	}
	out = slices.Grow(out, all)[:base+all]
	for _, i := range order {
		// Field by field: a whole Mention would be made aside and copied.
		e := &f.found[i]
		m := &out[e.person]
		m.Start, m.End = f.tokens[e.First].Start, f.tokens[e.Last-1].End
		m.First, m.Last, m.Head, m.Sentence = e.First, e.Last, e.Head, e.Sentence
		m.Kind, m.AliasKind, m.Party, m.Antecedent = e.Kind, e.AliasKind, e.Party, e.Antecedent
		m.Plural, m.NeedsCue, m.InQuote, m.Role, m.Confidence = e.Plural, e.NeedsCue, e.InQuote, 0, e.Confidence
		m.Person, m.Alias, m.Resolution = f.personOf(e), f.aliasOf(e), e.Resolution.String()
		if m.Candidates = nil; e.candidates > 0 {
			m.Candidates = f.lists[e.candidates-1]
		}
		if e.Antecedent >= 0 {
			m.Antecedent = f.found[e.Antecedent].person
		}
		switch {
		case e.Party < 0:
			m.ID, m.Rollup = "", nil
		case e.Kind == model.MentionIssue:
			m.ID, m.Rollup = f.p.Issues[e.Party].ID, nil
		default:
			m.ID, m.Rollup = f.standing(e.Party)
		}
	}
	if len(f.twins) > 0 {
		f.addTwins(out)
	}
	return out
}

// before reports whether a draft stands before another in the text.
func (e *draft) before(g *draft) bool {
	return e.First < g.First || e.First == g.First && e.Last < g.Last
}
