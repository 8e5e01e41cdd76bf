package text

import (
	"stance/internal/model"
)

// tag is the part that a token plays in its sentence, as far as clause bounds
// and verb groups need it.
type tag uint8

const (
	tStart tag = iota // nothing yet: start of a sentence, clause or bracket
	tNoun             // noun or name: a noun phrase may end here
	tPron             // pronoun that can be a subject
	tDet              // determiner, possessive: a noun follows
	tAdj              // adjective, participle before a noun
	tNum
	tPrep
	tTo    // to before a verb
	tCoord // and, or, but
	tComma
	tModal
	tBe
	tHave
	tDo
	tFinite // main verb in a finite form
	tBase   // main verb, base form, not finite
	tIng    // main verb in -ing
	tPart   // main verb, past participle
	tMarker // that, who, because, if: opens a clause
)

// name is set on capitalised words inside a sentence.
const name Class = 1 << (roleShift - 1)

// The role of a token stands above its classes. The highest one marks words
// that more than their id and first letter settles.
const (
	roleShift = 59
	unsettled = ^Class(0) >> roleShift << roleShift
)

// with returns c with a role in place of its own.
func (c Class) with(r role) Class { return c&^unsettled | Class(r)<<roleShift }

// functional are the classes that a capital letter does not overrule.
const functional = Determiner | Preposition | Pronoun | Coordinator | Subordinate | Conditional | Relative | That | To | Negator | Modal | Be | Have | Do | Question

// nominal are the classes of words inside noun phrases.
const nominal = Noun | NounPlural | name

// role is what the classes of a token alone tell of the part it can play: which
// way it goes through the parser.
type role uint8

const (
	roleNone role = iota // adverbs and symbols, which change nothing
	roleNoun
	roleDeterminer
	roleAdjective
	roleNumber
	roleEither // adjective or adverb
	rolePreposition
	roleParticle // preposition or adverb
	roleIng      // forms that may be verbs, and adjectives or nouns too
	rolePast
	roleS
	roleBase
	roleTo
	roleModal
	roleAuxiliary // be, have, do
	roleThat
	roleRelative
	roleCoordinator
	rolePronoun
	roleMixed // any other function word: its neighbours decide
	rolePunctuation
	roleQuoteMark
	roleDash
	roleClitic
)

// kindRoles are the roles of tokens that are no words.
var kindRoles = [...]role{
	model.Number: roleNumber, model.Punctuation: rolePunctuation, model.Dash: roleDash, model.QuoteMark: roleQuoteMark,
	model.Clitic: roleClitic, model.URL: roleNoun, model.Symbol: roleNone,
}

// roleOf returns the role of a word.
func roleOf(c Class) role {
	if c&functional == 0 {
		switch {
		case c&Verb != 0:
			return verbRole(c)
		case c&nominal != 0:
			return roleNoun
		case c&Adverb != 0 && c&Adjective != 0:
			return roleEither
		case c&Adverb != 0:
			return roleNone
		case c&Adjective != 0:
			return roleAdjective
		case c&NumberWord != 0:
			return roleNumber
		}
		return roleNoun
	}
	switch {
	case c&(functional|Adverb|Verb) == Determiner:
		return roleDeterminer
	case c&(functional|Adverb|Verb) == Preposition:
		return rolePreposition
	case c&To != 0:
		return roleTo
	case c&Modal != 0:
		return roleModal
	case c&(Be|Have|Do) != 0:
		return roleAuxiliary
	case c&(Negator|NumberWord|Conditional|existential) != 0:
		return roleMixed
	case c&That != 0:
		return roleThat
	case c&Relative != 0:
		return roleRelative
	case c&(Subordinate|Question|Verb) != 0:
		return roleMixed
	case c&Coordinator != 0 && c&(Adverb|Preposition) == 0:
		return roleCoordinator
	case c&(Coordinator|Determiner|Pronoun) == 0 && c&(Preposition|Adverb) == Preposition|Adverb:
		return roleParticle
	case c&(Preposition|Coordinator) == 0 && c&(Determiner|Pronoun) == Pronoun:
		return rolePronoun
	}
	return roleMixed
}

// verbRole returns the role of a word that may be a verb.
func verbRole(c Class) role {
	switch {
	case c&VerbBase != 0:
		return roleBase
	case c&(VerbIng|VerbPast) == VerbIng:
		return roleIng
	case c&(VerbPast|VerbPast2) != 0:
		return rolePast
	}
	return roleS
}

// known are the classes of which a word has one or is guessed at.
const known = functional | Verb | nominal | Adjective | Adverb | NumberWord

// cases returns the classes of a word in small letters and with a capital
// within a sentence, with their roles.
func (c Class) cases() [2]Class {
	small, capital := c.with(roleOf(c)), c.named()
	if c&known == 0 {
		small |= unsettled
	}
	if c&functional != 0 && c&Modal == 0 {
		capital = c | unsettled
	}
	return [2]Class{small, capital}
}

// named returns the class of a word whose capital makes it part of a name.
func (c Class) named() Class {
	c &= Title | PersonNoun | Month | Weekday | NounPlural | Abbreviation | NumberWord
	return (c | Noun | name).with(roleNoun)
}

// unsettled returns the class of a word that is written in capitals, or not
// known.
func (r *Reader) unsettled(t *model.Token, c Class) Class {
	if t.Flags&model.AllCaps != 0 {
		return c.named()
	}
	return r.plain(t, c)
}

// plain returns the class of a word whose capital says nothing.
func (r *Reader) plain(t *model.Token, c Class) Class {
	if c&known == 0 {
		c |= r.guess(t)
	}
	return c.with(roleOf(c))
}

// classify settles the classes of the tokens [first, last) of one sentence by
// what stands around them.
func (r *Reader) classify(first, last int32) {
	tokens, classes := r.tokens[first:last], r.classes[first:last]
	start := 0 // the first word, whose capital says nothing
	for start < len(tokens) && (tokens[start].Kind == model.QuoteMark || tokens[start].Flags&model.Opening != 0) {
		start++
	}
	end := start + 1
	if titleCase(tokens) {
		start, end = 0, len(tokens) // in a headline capitals say nothing
	}
	for i := start; i < end && i < len(tokens); i++ {
		if t := &tokens[i]; t.Kind == model.Word && t.Flags&model.Capital != 0 {
			classes[i] = r.plain(t, r.v.classes[t.ID])
		}
	}
	if i := start + 1; end == i && i < len(tokens) && classes[start]&(VerbPast2|functional) == VerbPast2 && tokens[i].Kind == model.Word && tokens[i].Flags&model.Capital != 0 && classes[i]&(functional|Title|Weekday|Month) == 0 {
		classes[start] = classes[start].named() // "Planned Parenthood said"
	}
	// Beside hyphens words are parts of adjectives and nouns.
	for ; r.nextHyphen < len(r.hyphens) && r.hyphens[r.nextHyphen] < last; r.nextHyphen++ {
		i := int(r.hyphens[r.nextHyphen] - first)
		if i > 0 && tokens[i-1].Kind == model.Word && tokens[i-1].End == tokens[i].Start && classes[i-1]&(functional|Verb|nominal|Adjective) != 0 {
			classes[i-1] = classes[i-1].with(roleAdjective)
		}
		if i+2 < len(tokens) && classes[i+1]&VerbPast != 0 && classes[i+2]&(functional|Verb) == Determiner && i > 1 && classes[i-1]&VerbBase != 0 && classes[i-2]&(Determiner|Adjective) == 0 {
			classes[i-1] = classes[i-1].with(roleNone) // "test-fired a missile"
			continue
		}
		if i+1 < len(tokens) && tokens[i+1].Kind == model.Word {
			g := roleAdjective
			if c := classes[i+1]; c&nominal != 0 && c&(VerbPast2|VerbIng) == 0 {
				g = roleNoun
			}
			classes[i+1] = classes[i+1].with(g)
		}
	}
}

// titleCase reports whether more than seven in ten of the longer words of a
// sentence have capitals.
func titleCase(tokens []model.Token) bool {
	small, capitals := 0, 0
	for i := range tokens {
		if t := &tokens[i]; t.Kind == model.Word && t.End-t.Start > 3 {
			capital := int(t.Flags & model.Capital)
			capitals += capital
			small += 1 - capital
			if 7*small >= 3*(capitals+len(tokens)-1-i) {
				return false
			}
		}
	}
	return capitals+small > 3 && 3*capitals > 7*small
}

// guess returns the classes of a word that the vocabulary does not know, by
// its ending.
func (r *Reader) guess(k *model.Token) Class {
	s := k.In(r.text)
	n := len(s)
	if k.Flags&model.Capital != 0 && k.Flags&model.AllCaps == 0 || n < 4 {
		return Noun | name
	}
	switch s[n-2:] {
	case "ly":
		return Adverb
	case "ed":
		return VerbPast | VerbPast2
	case "ng":
		if s[n-3] == 'i' && n > 5 {
			return VerbIng | Noun
		}
	case "al", "ic", "ve", "us", "le":
		if s[n-2:] != "le" || s[n-3] == 'b' {
			return Adjective | Noun
		}
	}
	if s[n-1] == 's' && s[n-2] != 's' {
		return NounPlural
	}
	if k.Flags&model.Capital != 0 {
		return Noun | name
	}
	return Noun
}

// class returns the classes of token t; 0 outside the sentence.
func (p *parser) class(t int32) Class {
	if i := int(t - p.first); uint(i) < uint(len(p.classes)) {
		return p.classes[i]
	}
	return 0
}

// finiteAhead reports whether a verb that can only be finite follows from t on
// before the clause ends.
func (p *parser) finiteAhead(t int32) bool {
	for end := min(t+20, p.last); t < end; t++ {
		k := &p.tokens[t]
		switch k.Kind {
		case model.Punctuation:
			if k.Flags&(model.Opening|model.Closing) == 0 {
				return false
			}
			continue
		case model.Dash:
			return false
		}
		c := p.class(t)
		if c&(Subordinate|Conditional|Relative) != 0 && c&(Preposition|Coordinator) == 0 {
			return false
		}
		if n := p.class(t + 1); c&Coordinator != 0 && n&(Verb&^VerbIng) != 0 && n&(nominal|Adjective) == 0 {
			return false
		}
		if p.surelyFinite(t) {
			return true
		}
	}
	return false
}

// pairedAhead reports whether a name and a past tense of its own stand at token t.
func (p *parser) pairedAhead(t int32) bool {
	u := t
	for u < p.last && u < t+4 && p.class(u)&name != 0 {
		u++
	}
	return u > t && u < p.last && p.class(u)&VerbPast != 0 && p.class(u)&(nominal|Be|Have) == 0 && !p.isBy(u+1)
}

// clauseAhead reports whether the finite verb ahead is that of a clause which
// as, after or another such word opens behind an object: "rejects a plan as
// Kyiv accuses it". next is the class of token t.
func (p *parser) clauseAhead(t int32, next Class) bool {
	if next&(Determiner|Adjective|nominal|name) == 0 || next&(Preposition|Subordinate) != 0 {
		return false
	}
	for end := min(t+20, p.last); t < end && !p.surelyFinite(t); t++ {
		if c := p.class(t); c&Subordinate != 0 && c&Preposition != 0 {
			return true
		}
	}
	return false
}

// surelyFinite reports whether token t can hardly be anything but a finite
// verb.
func (p *parser) surelyFinite(t int32) bool {
	c, before := p.class(t), p.class(t-1)
	if before&(Determiner|To|Modal) != 0 && before&Pronoun == 0 {
		return false
	}
	switch {
	case c&(Modal|Have|Do) != 0 && c&(VerbIng|nominal) == 0:
		return before&Preposition == 0
	case c&Be != 0:
		return c&(VerbIng|VerbBase|VerbPast2) == 0
	case c&nominal != 0 && c&(VerbPast|VerbPast2) == 0:
		return false
	case c&VerbS != 0:
		return true
	case c&VerbPast != 0:
		if c&VerbPast2 == 0 {
			return c&(nominal|Adjective) == 0 || before&Pronoun != 0
		}
		next := p.class(t + 1)
		if before&(Preposition|Adjective|Be|Have|Coordinator) != 0 {
			return false
		}
		if c&intransitive != 0 && c&Adjective == 0 && before&(nominal|Pronoun) != 0 {
			return next&To == 0 || c&Clausal == 0
		}
		if c&Adjective != 0 && before&name != 0 && next&(Determiner|name) != 0 && next&Preposition == 0 {
			return true // "after Israel accused Syria", for all the accused
		}
		// "the army attacked the town", "talks collapsed."
		return c&Adjective == 0 && (next&(Determiner|Pronoun|That|name|NounPlural) != 0 || before&Subject != 0 || t+1 >= p.last-1)
	case c&VerbBase != 0:
		return before&Subject != 0 || before&NounPlural != 0 && before&(name|Verb) == 0 && c&(nominal|Adjective) == 0
	}
	return false
}

// isNumber reports whether token t is a number in digits.
func (p *parser) isNumber(t int32) bool {
	return t < p.last && p.tokens[t].Kind == model.Number
}

// nounBefore reports whether what stands before token t makes a noun of it.
func (p *parser) nounBefore() bool {
	return p.before == tDet || p.before == tAdj || p.before == tNum
}

// wordTag decides what a word is that may be a verb, in the form its role says,
// or a noun. It sees the tags to its left and the classes to its right.
func (p *parser) wordTag(t int32, c Class, form role) tag {
	next := p.class(t + 1)
	if next&Adverb != 0 && next&(Preposition|Determiner) == 0 {
		next = p.class(t + 2)
	}
	noun := tNoun
	if c&nominal == 0 && c&Adjective != 0 {
		noun = tAdj
	}
	switch form {
	case roleIng:
		return p.ingTag(t, c, next, noun)
	case rolePast:
		return p.pastTag(t, c, next, noun)
	case roleS:
		return p.sTag(t, c, next)
	}
	return p.baseTag(t, c, next, noun)
}

// objectStarts reports whether a class begins a noun phrase or clause that a
// verb can take.
func objectStarts(c Class) bool {
	return c&(Determiner|Pronoun|That|name|NumberWord) != 0 || c&To != 0 || c&Question != 0
}

// baseTag decides on a base form: attack, plan, demand, cut.
func (p *parser) baseTag(t int32, c, next Class, noun tag) tag {
	can := c & (nominal | Adjective)
	switch p.before {
	case tTo:
		return tBase
	case tModal, tDo:
		return tBase
	case tDet, tNum:
		if can != 0 || c&VerbPast == 0 {
			return noun
		}
	case tAdj:
		return noun
	case tHave:
		if c&VerbPast2 != 0 {
			return tPart
		}
		return noun
	case tBe:
		if c&VerbPast2 != 0 {
			return tPart
		}
		return noun
	case tPrep:
		return noun
	case tPron:
		if !(p.helps && p.top().verb) {
			return tFinite
		}
	}
	if p.helps && (p.before == tNoun || p.before == tPron) && p.top().verb && !p.commaSince && (can == 0 || objectStarts(next)) {
		return tBase // let us end it
	}
	if p.inverted() && can == 0 {
		return tBase
	}
	if p.inverted() && p.group.active && (p.group.modal >= 0 || p.group.do) && (p.before == tNoun || p.before == tPron) {
		if !(c&nounish != 0 && p.finiteBaseAhead(t+1)) {
			return tBase
		}
	}
	past := c&VerbPast != 0 // put, cut, set
	switch p.before {
	case tMarker:
		if p.markerSubject || can == 0 {
			return tFinite
		}
		return noun
	case tNoun:
		top := p.top()
		if can == 0 {
			return p.finiteOrBase()
		}
		if top.verb && !top.clausal {
			return noun
		}
		if top.verb && p.nameBefore && next&(Determiner|Pronoun) != 0 && next&(name|That) == 0 && !p.finiteAhead(t+1) {
			return tFinite // "demanded Israel release the crew"
		}
		if u := t - 1; u == p.beforeAt+1 && p.class(u)&Adverb != 0 && p.class(u)&(nominal|Adjective) == 0 && next&(Determiner|Pronoun|name|NounPlural) != 0 && !p.finiteAhead(t+1) {
			return tFinite // "the Houthis often fire missiles"
		}
		if top.kind == model.ClauseThat && top.marker >= 0 && !top.verb && (p.nameBefore || p.personBefore) && (next&(Determiner|Pronoun) != 0 && next&name == 0 || c&nounish == 0 && next&(Preposition|Adverb) == Preposition|Adverb) && !p.finiteAhead(t+1) {
			return tFinite // "demanded that Israel release the crew", "pull out its troops"
		}
		if past && !top.verb {
			if p.nameBefore && t+1 < p.last && p.tokens[t+1].ID == p.r.v.words.back {
				return tFinite // "China hit back"
			}
			if objectStarts(next) && !p.finiteAhead(t+1) || c&nounish == 0 && !p.finiteAhead(t+1) {
				return tFinite
			}
			if (p.nameBefore || p.personBefore) && next&nominal != 0 && next&Preposition == 0 && p.class(t+2)&Preposition != 0 && !p.finiteAhead(t+2) {
				return tFinite // "Oman cut ties with"
			}
			return noun
		}
		if (p.plural || p.coordinated) && !p.finiteAhead(t+1) && !p.singularVerb(t+1) {
			if objectStarts(next) || c&nounish == 0 || t+2 >= p.last || next&Adjective != 0 && next&Verb == 0 || p.coordinated && p.nameBefore && next&NounPlural != 0 {
				return tFinite // the last: "China and Japan trade barbs"
			}
		}
		return noun
	case tCoord:
		if can != 0 && !objectStarts(next) && (c&nounish != 0 && next&VerbIng == 0 || p.parallel != tBase) {
			return noun
		}
		if p.parallel == tFinite && p.parallelBase {
			return tFinite // "those who disagree and oppose"
		}
		if p.parallel == tBase || can == 0 {
			return tBase
		}
		if past && p.parallel == tFinite {
			return tFinite
		}
		return noun
	case tStart:
		if can != 0 && (p.finiteAhead(t+1) || !objectStarts(next) && c&nounish != 0 && next&Preposition == 0 || !objectStarts(next) && next&Coordinator != 0) {
			return noun
		}
		if can != 0 && c&nounish != 0 && !(next&(Determiner|Pronoun) != 0) {
			return noun
		}
		return tBase
	case tFinite, tBase, tIng, tPart:
		if p.helps && (can == 0 || objectStarts(next)) {
			return tBase
		}
		if can == 0 {
			return tBase
		}
		return noun
	case tComma:
		if top := p.top(); !top.verb && p.subject && (top.clause >= 0 && p.plural && (objectStarts(next) || c&nounish == 0) || p.parted(p.first) && objectStarts(next)) && !p.finiteAhead(t+1) && !p.singularVerb(t+1) {
			return tFinite // the second: "Democrats, for their part, fault the"
		}
		if can != 0 && (!objectStarts(next) || p.parallel != tBase) {
			return noun
		}
		if p.parallel == tBase || can == 0 {
			return tBase
		}
	}
	if can == 0 {
		return p.finiteOrBase()
	}
	return noun
}

// finiteOrBase reads a form that is only a verb: finite where the clause has
// a subject and no verb, else a bare infinitive or subjunctive.
func (p *parser) finiteOrBase() tag {
	if f := p.top(); !f.verb || f.clausal || p.commaSince {
		return tFinite
	}
	return tBase
}

// singularVerb reports whether token t is a form that the third person
// singular or any past subject would have.
func (p *parser) singularVerb(t int32) bool {
	c := p.class(t)
	return c&(Be|Have|Do|Modal) != 0 || c&(VerbPast|VerbS) != 0 && c&nominal == 0
}

// finiteBaseAhead reports whether a plain base verb follows at once.
func (p *parser) finiteBaseAhead(t int32) bool {
	return p.class(t)&VerbBase != 0 && p.class(t)&nominal == 0
}

// sTag decides on a form in -s: calls, claims, talks.
func (p *parser) sTag(t int32, c, next Class) tag {
	if c&(NounPlural|Noun) == 0 {
		if p.nounBefore() && p.before != tAdj {
			return tNoun
		}
		return tFinite
	}
	switch p.before {
	case tDet, tAdj, tNum, tPrep, tTo, tModal, tDo, tBe, tHave, tBase, tIng, tPart, tFinite:
		return tNoun
	case tPron:
		return tFinite
	case tMarker:
		if p.markerSubject {
			return tFinite
		}
		return tNoun
	case tNoun:
		top := p.top()
		if p.plural && !p.nameBefore || p.coordinated {
			return tNoun
		}
		if top.verb && !top.clausal {
			return tNoun
		}
		if c&NounPlural != 0 && next&VerbBase != 0 && p.tokens[t+1].Flags&model.Capital == 0 && p.class(t+2)&(name|Determiner) != 0 {
			return tNoun // "Russian forces attack the town"
		}
		reports := c&Clausal != 0 && (p.nameBefore || p.personBefore) && next&(Determiner|name|Pronoun|That) != 0
		if p.singularVerb(t+1) || p.finiteAhead(t+1) && next&(That|Pronoun) == 0 && !reports && !p.clauseAhead(t+1, next) {
			return tNoun
		}
		if objectStarts(next) {
			return tFinite
		}
		if p.nameBefore || p.personBefore || c&Reporting != 0 {
			return tFinite
		}
		return tNoun
	case tCoord, tComma:
		if top := p.top(); p.before == tComma && !top.verb && (top.clause >= 0 || p.parted(p.first) && objectStarts(next)) && p.subject && !p.finiteAhead(t+1) && !p.singularVerb(t+1) {
			return tFinite // "Hamas, which …, plans to"; "Hamas, in Doha, claims the"
		}
		if p.parallel == tFinite && p.parallelS && (objectStarts(next) || next&Preposition != 0 && c&nounish == 0) {
			return tFinite
		}
	}
	return tNoun
}

// pastTag decides on a form in -ed or an irregular past: accused, held, said.
func (p *parser) pastTag(t int32, c, next Class, noun tag) tag {
	if c&VerbPast2 == 0 { // went, took
		if c&nominal != 0 && (p.nounBefore() || p.before == tPrep) {
			return tNoun
		}
		if c&Adjective != 0 && p.nounBefore() {
			return tAdj
		}
		return tFinite
	}
	by := p.isBy(t + 1)
	active := c&intransitive != 0 && c&VerbPast != 0 && !by && (next&To == 0 || c&Clausal == 0)
	before := p.before
	if before == tNum && p.dates(t-1) {
		before = tNoun
	}
	switch before {
	case tHave, tBe:
		return tPart
	case tDet, tAdj, tNum:
		if p.class(t-1)&Possessive == 0 && p.before == tDet && next&(Determiner|Pronoun) != 0 {
			return tFinite // those accused …, all said
		}
		if c&nominal != 0 && next&(nominal|Adjective) == 0 {
			return tNoun
		}
		return tAdj
	case tPrep:
		return tAdj
	case tTo, tModal:
		return tAdj
	case tPron:
		if by {
			return tPart
		}
		return tFinite
	}
	if p.inverted() && p.group.active && (p.group.be || p.group.have) && (p.before == tNoun || p.before == tPron) {
		return tPart
	}
	if c&VerbPast == 0 { // taken, given
		if next&(nominal|Adjective) != 0 && before != tNoun && next&name == 0 {
			return tAdj
		}
		return tPart
	}
	top := p.top()
	switch before {
	case tMarker:
		if p.markerSubject {
			return tFinite
		}
		return tPart
	case tStart:
		if next&nominal != 0 && next&(Determiner|name) == 0 {
			return tAdj
		}
		return tPart
	case tNoun:
		if active && (!top.verb || top.clausal || p.pendingAncestor() >= 0 || p.commaSince || p.coordAt > p.lastVerb) {
			return tFinite
		}
		if !top.verb {
			if by {
				return tPart
			}
			if top.kind != model.ClauseMain && next&(Modal|Be|Have|Do) != 0 {
				return tFinite // the deal that Israel rejected would …
			}
			if top.kind == model.ClauseRelative && p.pendingAncestor() >= 0 {
				return tFinite // the deal that Israel rejected in May would …
			}
			if next&(Determiner|Pronoun|That|name|NumberWord) != 0 && next&Preposition == 0 || p.isNumber(t+1) {
				return tFinite
			}
			if next&Coordinator != 0 && p.pairedAhead(t+2) {
				return tFinite // "an offer that Oman welcomed and Iraq ignored"
			}
			if p.finiteAhead(t+1) || p.commaSince && next&Preposition != 0 && p.finitePastComma(t+1) {
				return tPart // the second: "the army, a force based in the hills, left"
			}
			return tFinite
		}
		if by {
			return tPart
		}
		if p.unmarked() {
			return tFinite // "a claim the ministry called false"
		}
		if top.clausal && p.nounSince {
			if p.finiteAhead(t+1) && next&(Determiner|Pronoun|That|name) == 0 {
				return tPart
			}
			return tFinite
		}
		if p.coordAt >= 0 && p.coordAt > p.lastVerb && next&(Determiner|Pronoun|name) != 0 {
			return tFinite // … and Hamas vowed revenge
		}
		if p.pendingAncestor() >= 0 && (next&(Determiner|Pronoun|That|name|To) != 0 || !p.finiteAhead(t+1)) && top.kind != model.ClauseMain {
			return tFinite
		}
		if p.commaSince && c&Reporting != 0 {
			return tFinite
		}
		if p.coordAt >= 0 && p.coordAt > p.lastVerb && !p.finiteAhead(t+1) {
			return tFinite
		}
		if next&(Determiner|Pronoun) != 0 && next&Preposition == 0 && p.commaSince {
			return tFinite
		}
		return tPart
	case tCoord:
		switch {
		case active && c&Clausal != 0:
			return tFinite
		case by, p.parallel == tPart && next&(Determiner|Pronoun|name|That) == 0:
			return tPart
		case p.parallel == tFinite, p.parallel == tPart:
			return tFinite
		case c&VerbPast != 0 && p.mainPast && p.parallel == tIng && p.commaBefore(p.coordAt):
			return tFinite // "accused it, killing dozens, and called on"
		case c&VerbPast != 0 && p.mainPast && (p.parallel == tBase || p.parallel == tIng && c&Reporting != 0) && next&Preposition != 0:
			return tFinite // "accused it of trying to rig the vote and called on"
		case c&VerbPast != 0 && (p.mainPast || next&(Determiner|Pronoun|name|That) != 0) && next&Preposition == 0:
			return tFinite
		case next&(nominal|Adjective) != 0 && next&(Determiner|name) == 0:
			return tAdj
		}
		return tPart
	case tComma:
		if by {
			return tPart
		}
		if !top.verb && p.subject {
			if c&twofold == 0 && next&(Determiner|Object|name) != 0 && next&(Preposition|That) == 0 {
				return tFinite // "Hamas, in Doha, accused the army of setting a trap"
			}
			if p.finiteAhead(t+1) || p.finitePastComma(t+1) {
				return tPart
			}
			return tFinite
		}
		if c&Reporting != 0 && p.attributes(t, c) {
			return tFinite
		}
		if c&twofold == 0 && p.parallel == tIng && next&Determiner != 0 && next&(Preposition|That) == 0 && p.pendingAncestor() >= 0 {
			return tFinite // "Hamas, speaking in Doha, denounced the raid"
		}
		if next&(Determiner|Pronoun|name) != 0 && (p.parallel == tFinite || p.mainPast && (c&Reporting != 0 || next&name != 0)) {
			return tFinite
		}
		return tPart
	case tFinite, tBase, tIng, tPart:
		if next&nominal != 0 && next&(Determiner|name) == 0 {
			return tAdj
		}
		return tPart
	}
	if c&Reporting != 0 {
		return tFinite
	}
	return tPart
}

// dates reports whether the number at token t is a day or a year: "on Nov. 5",
// "in 2019".
func (p *parser) dates(t int32) bool {
	return t > p.first && p.isNumber(t) && (p.class(t-1)&Month != 0 || p.tokens[t].Len() == 4 && p.tokens[t-1].ID == p.r.v.words.in)
}

// finitePastComma reports whether the stretch after the next comma begins
// with a finite verb: "Hamas, backed by Iran, said".
func (p *parser) finitePastComma(t int32) bool {
	for end := min(t+14, p.last-1); t < end; t++ {
		if p.tokens[t].Kind == model.Punctuation {
			if p.r.text[p.tokens[t].Start] != ',' {
				return false
			}
			c := p.class(t + 1)
			if c&Adverb != 0 {
				c = p.class(t + 2)
			}
			return c&(Modal|Be|Have|Do) != 0 || c&(VerbPast|VerbS) != 0
		}
	}
	return false
}

// ingTag decides on a form in -ing.
func (p *parser) ingTag(t int32, c, next Class, noun tag) tag {
	if c&Preposition != 0 {
		return tPrep
	}
	if c&Adjective != 0 && !objectStarts(next) && !(p.before == tBe && c&Verb != 0 && t+1 < p.last && p.tokens[t+1].ID == p.r.v.words.with) {
		return tAdj // but not in "is feuding with"
	}
	if c&Adjective != 0 && p.before == tStart && next&(name|NounPlural) != 0 && p.finiteAhead(t+1) {
		return tAdj // "Leading Democrats criticized"
	}
	switch p.before {
	case tBe:
		if c&nominal != 0 && c&VerbBase == 0 && next&(Determiner|Pronoun|name|To|Preposition) == 0 && next&^unsettled != 0 {
			return noun
		}
		return tIng
	case tDet, tNum, tAdj:
		if next&nominal != 0 && next&(Determiner|Pronoun) == 0 {
			return tAdj
		}
		return tNoun
	case tPrep:
		if c&nominal != 0 && !objectStarts(next) && next&NounPlural == 0 {
			if next&nominal != 0 {
				return tAdj
			}
			return tNoun
		}
		return tIng
	case tTo, tModal, tDo:
		return tNoun
	case tHave:
		return tNoun
	case tNoun:
		if c&nominal != 0 && !objectStarts(next) {
			return tNoun // a car bombing, peace building
		}
		return tIng
	case tPron:
		return tIng
	case tMarker:
		return tIng
	case tStart:
		if c&nominal != 0 && !objectStarts(next) {
			return tNoun
		}
		if next&nominal != 0 && next&(Determiner|name|NounPlural) == 0 && c&nominal != 0 {
			return tAdj
		}
		return tIng
	case tCoord:
		if p.parallel == tIng || c&nominal == 0 {
			return tIng
		}
		return tNoun
	case tFinite, tBase, tIng, tPart:
		if c&nominal != 0 && !objectStarts(next) {
			return tNoun
		}
		return tIng
	}
	if c&nominal != 0 && !objectStarts(next) && !(p.before == tComma && p.finiteIn(p.top()) && next&(Noun|NounPlural|Adjective) != 0 && next&functional == 0) {
		return tNoun // but: "struck the port, drawing condemnation from"
	}
	return tIng
}
