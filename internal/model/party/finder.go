// Package party finds the expressions of a text that name a party, an issue
// or a person, and says whom they mean on the day of the article. When nothing
// decides between two readings it abstains and names both.
package party

import (
	"math/bits"
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
	"stance/internal/trace"
)

// Confidence of a mention by the way it was found, before anything lowers it.
const (
	sureName      = 0.95
	sureRole      = 0.9
	sureNoun      = 0.6 // a people: "Israelis" are not always their government
	surePlace     = 0.9
	sureMetonym   = 0.5
	sureSeat      = 0.8 // the White House, the Kremlin: seats that mean nothing else
	sureIssue     = 0.9
	sureCompound  = 0.5 // "the Israel-Hamas war"
	sureShort     = 0.9 // after the full name
	sureLoneShort = 0.65
	sureOffice    = 0.7
	sureFormer    = 0.5
	sureUndated   = 0.55
	sureReference = 0.6
	sureSetting   = 0.5
	surePronoun   = 0.5
	sureIt        = 0.35
)

// step is a step of resolution.
type step uint8

const (
	undecided step = iota
	byLongest
	byDate
	byContext
	byFullForm
	byPriority
	byCoreference
	byAbstain
	byPlace
)

// String returns the step as the tables name it; nothing for undecided.
func (s step) String() string {
	return [...]string{"", "longest", "date", "context", "full-form", "priority", "coreference", "abstain", "place"}[s]
}

// Finder finds mentions. It is the scratch of one worker and not safe for
// concurrent use.
type Finder struct {
	p     *rules.Program
	words []rules.Word
	v     *text.Vocabulary

	a      *model.Article
	l      *model.Layers
	tokens []model.Token
	tr     *trace.Recorder
	day    rules.Day // of an undated article a guess, or 0

	found    []draft
	matches  []text.Match
	nested   []text.Match
	heads    []text.Match
	options  []option
	people   []person
	surnames [1 << 10]int32 // by hash: 1 + the index of the last of the people whom no pack knows; 0 for none
	acronyms []acronym
	ties     []tie
	twins    []twin
	set      []int32   // drafts that are coordinated
	joint    []int32   // those that a pronoun means
	recruits []recruit // of this article
	met      bool      // there are such people or acronyms
	casings  []casing  // by sentence
	pending  []int32   // drafts for the second pass
	number   [3]int32  // singular, plural and short title of the noun that refers back
	order    []int32
	lists    [][]string   // the candidates of this article's abstentions
	offices  []incumbency // by office, of this article
	headline []model.Token
	voters   []voter // of the pieces before
	tally    []count
	undated  bool
	voting   []int32  // first terms of people of the packs, of an undated article
	tenures  []tenure // and what their titles tell
	posts    []int32  // drafts of people with a title of a government that is not named with them
	squeezed []model.Token

	// Of the sentence being read.
	sentence   int32
	first, end int32         // tokens
	inside     []model.Token // these
	partyEnd   int32         // no party mention may begin before this token
	issueEnd   int32
	limit      int32 // where the next mention begins; the end of the sentence in the first pass
	floor      int32 // where the last mention ends, of a name that may be widened
	quote      int

	rollups   map[standing]held
	standings []held // by party: the rollup last asked for
}

// held is a rollup with the days for which it holds, both inclusive, and the
// id of the party, so that a mention needs nothing else of it.
type held struct {
	from, to rules.Day
	valid    bool
	id       string
	rollup   []string
}

// standing is a party on a day.
type standing struct {
	party int32
	day   rules.Day
}

// state says what the second pass has to do with a draft.
type state uint8

const (
	settled state = iota
	surname
	office
	reference
	pronoun
	owned
	couple
	dropped
)

// draft is a mention in the making; what a Mention has too is named as there.
// It has indices for a Mention's strings, so that it fills one cache line and
// is written, kept and looked through at little cost.
type draft struct {
	First, Last, Head, Sentence int32
	Party, Antecedent           int32
	alias                       int32 // index into Aliases, -2-i for Offices[i]; -1
	person                      int32 // any term of the person; -1
	who                         who
	hint                        rules.Hint
	Confidence                  float32
	candidates                  int32 // 1 + the index into the finder's lists of candidates; 0
	Kind                        model.MentionKind
	AliasKind                   model.AliasKind
	Resolution                  step
	state                       state
	Plural, NeedsCue, InQuote   bool
	titled                      bool // a surname that begins with a title
}

// who is the name of a mention's person: the bytes [from, to) of the text,
// or the id of Persons[from] when to is -1; the zero value is nobody.
type who struct {
	from, to int32
	sex      rules.Hint // HintFemale or HintMale where a given name tells, of a name alone
}

// known is a person of a pack.
func known(person int32) who { return who{from: person, to: -1} }

// person is somebody introduced by a full name in this article.
type person struct {
	surname string // as written
	who            // the introduction
	index   int32  // any term in Persons; -1 for people whom no pack knows
	party   int32  // of an unknown person introduced by a role of a party; -1
	before  int32  // of a person whom no pack knows: what Finder.surnames was before
}

// acronym is an abbreviation introduced in brackets behind a name.
type acronym struct {
	text         string
	party, alias int32
}

// voter is a party and how often the pieces of the article before this name it.
type voter struct{ party, n int32 }

// incumbency is who holds an office for the parties of an article.
type incumbency struct {
	office, term int32 // term -1 when nobody does
	candidates   []string
}

// option is one reading of the tokens at hand.
type option struct {
	alias      int32
	len        int32 // tokens, the head noun included
	head       int32 // token
	place      bool
	bare       bool // an adjective of origin without a head noun
	contextual bool // a context clause was there and held
}

// NewFinder returns a finder for a program.
func NewFinder(p *rules.Program) *Finder {
	return &Finder{p: p, words: p.Words, v: p.Vocabulary, standings: make([]held, len(p.Parties)), rollups: map[standing]held{}}
}

// Find appends the mentions of an article, ordered by Start; everything but
// their Role is set. Antecedents index the returned slice. The article's date
// decides who holds an office; without a date, the day for which the offices
// and years of the article vote, else whoever holds it still.
func (f *Finder) Find(a *model.Article, l *model.Layers, out []model.Mention, tr *trace.Recorder) []model.Mention {
	f.a, f.l, f.tokens, f.tr = a, l, l.Tokens, tr
	f.undated = a.PublishedAt.IsZero()
	switch {
	case !f.undated:
		f.day = rules.DayOf(a.PublishedAt)
		f.read()
	case l.Piece.Number > 0:
		f.read() // of the day that the first piece voted for
	default:
		f.day, f.tr = 0, nil
		f.read()
		if f.day, f.tr = f.period(), tr; f.day != 0 || tr.On() {
			f.read()
		}
	}
	if l.Piece.More {
		f.note()
	}
	return f.emit(out)
}

// read reads the tokens: both passes.
func (f *Finder) read() {
	f.found, f.quote = f.found[:0], 0
	f.offices, f.pending, f.lists, f.ties, f.twins, f.posts = f.offices[:0], f.pending[:0], f.lists[:0], f.ties[:0], f.twins[:0], f.posts[:0]
	f.voting, f.tenures = f.voting[:0], f.tenures[:0]
	f.remember()
	f.casings = slices.Grow(f.casings[:0], len(f.l.Sentences))[:len(f.l.Sentences)]
	clear(f.casings)
	f.scan()
	f.resolve()
}

// hint returns what is known of a token; nothing outside the sentence.
func (f *Finder) hint(t int32) rules.Hint {
	if i := uint(t - f.first); i < uint(len(f.inside)) {
		return f.words[f.inside[i].ID].Hint
	}
	return 0
}

func (f *Finder) class(t int32) text.Class {
	if i := uint(t - f.first); i < uint(len(f.inside)) {
		return f.words[f.inside[i].ID].Class
	}
	return 0
}

// kind returns the kind of a token; Symbol outside the sentence.
func (f *Finder) kind(t int32) model.TokenKind {
	if i := uint(t - f.first); i < uint(len(f.inside)) {
		return f.inside[i].Kind
	}
	return model.Symbol
}

func (f *Finder) surface(t int32) string { return f.tokens[t].In(f.a.Text) }

// is reports whether a token is exactly one of a few ASCII characters.
func (f *Finder) is(t int32, c byte) bool {
	i := uint(t - f.first)
	return i < uint(len(f.inside)) && f.inside[i].End-f.inside[i].Start == 1 && f.a.Text[f.inside[i].Start] == c
}

// A lane is a byte of eight: what there is to look at in one of eight tokens.
const (
	eachLane = 0x0101010101010101
	met      = eachLane * uint64(rules.LookMet)
)

// lanes returns the lowest bytes of the marks of up to eight tokens, the first
// one lowest. Any token that is no word may go on with an alias or title.
func lanes(tokens []model.Token) (looks uint64) {
	kinds := uint64(0)
	if len(tokens) >= 8 {
		t := (*[8]model.Token)(tokens)
		looks = uint64(uint8(t[0].Mark)) | uint64(uint8(t[1].Mark))<<8 | uint64(uint8(t[2].Mark))<<16 | uint64(uint8(t[3].Mark))<<24 |
			uint64(uint8(t[4].Mark))<<32 | uint64(uint8(t[5].Mark))<<40 | uint64(uint8(t[6].Mark))<<48 | uint64(uint8(t[7].Mark))<<56
		kinds = uint64(t[0].Kind) | uint64(t[1].Kind)<<8 | uint64(t[2].Kind)<<16 | uint64(t[3].Kind)<<24 |
			uint64(t[4].Kind)<<32 | uint64(t[5].Kind)<<40 | uint64(t[6].Kind)<<48 | uint64(t[7].Kind)<<56
	} else {
		for i := range tokens {
			looks |= uint64(uint8(tokens[i].Mark)) << (8 * i)
			kinds |= uint64(tokens[i].Kind) << (8 * i)
		}
	}
	signs := (kinds + 0x7f*eachLane) >> 7 & eachLane
	return looks | signs*uint64(rules.LookSecond|rules.LookAfter)
}

// choose clears what a token would want of those beside it and does not find;
// before and after are the lanes of the eight tokens before and behind.
func choose(looks, before, after uint64) uint64 {
	const fromNext, fromLast = eachLane * uint64(rules.LookOn|rules.LookTitle), eachLane * uint64(rules.LookNoun)
	next, last := looks>>8|after<<56, looks<<8|before>>56
	return looks & (eachLane*uint64(rules.LookSure) | next>>3&fromNext | last>>3&fromLast)
}

// scan reads the tokens that are worth it: the first pass, which settles what
// stands on its own and leaves surnames, offices, references and pronouns to
// the second. Which ones they are is as good as random to the processor, so
// eight are told at once without branches.
func (f *Finder) scan() {
	f.end = 0
	sentence, capitals := -1, uint64(0)
	if f.met {
		capitals = met
	}
	tokens := f.tokens
	before, looks, after := uint64(0), uint64(0), lanes(tokens)
	for from := 0; from < len(tokens); from += 8 {
		before, looks, after = looks, after, lanes(tokens[min(from+8, len(tokens)):])
		for left := choose(looks, before, after) | looks&capitals; left != 0; {
			lane := uint(bits.TrailingZeros64(left)) & 56
			t, look := int32(from+int(lane>>3)), rules.Look(left>>lane)&0xff
			left &^= 0xff << lane
			if t >= f.end {
				for sentence++; f.l.Sentences[sentence].Last <= t; sentence++ {
				}
				f.enter(int32(sentence))
				f.partyEnd, f.issueEnd = f.first, f.first
			}
			if look&^rules.LookMet != 0 {
				f.consider(t, look|rules.Look(tokens[t].Mark)&^0xff)
			}
			if look&rules.LookMet != 0 {
				if t >= f.partyEnd {
					f.introduced(t)
				}
			} else if f.met && capitals == 0 {
				// Somebody was introduced: from here on every capital counts.
				capitals = met
				left |= looks & met &^ (1<<(lane+8) - 1)
			}
		}
	}
}

// enter makes a sentence the one at hand.
func (f *Finder) enter(sentence int32) {
	s := &f.l.Sentences[sentence]
	f.sentence, f.first, f.end, f.limit = sentence, s.First, s.Last, s.Last
	f.inside = f.tokens[s.First:s.Last]
}

func (f *Finder) consider(t int32, look rules.Look) {
	if look&(rules.LookAlone|rules.LookOn|rules.LookTitle) != 0 {
		f.matches = f.matches[:0]
		if look&(rules.LookAlone|rules.LookOn) != 0 {
			f.matches = f.aliases(t, f.matches)
		}
		if look&rules.LookTitle != 0 && f.kind(t+1) == model.Word && f.initial(t+1) {
			f.matches = f.matchWithoutInitial(t, f.matches)
		}
		if len(f.matches) > 0 {
			f.match(t)
		}
	}
	if look&(rules.LookAlways|rules.LookNoun|rules.LookTitle) == 0 {
		return
	}
	h := f.hint(t)
	if t >= f.partyEnd {
		f.noun(t, h)
	}
	if h&rules.HintPlan != 0 && t >= f.issueEnd {
		f.issueReference(t)
	}
}

// aliases appends the aliases that start at a token of the sentence.
func (f *Finder) aliases(t int32, out []text.Match) []text.Match {
	id := f.tokens[t].ID
	w := &f.words[id]
	if w.Alias != -2 {
		// Most words begin no alias that goes on here: the trie stays shut.
		next := int32(0)
		if t+1 < f.end {
			next = f.tokens[t+1].ID
		}
		if next == 0 || w.On>>(uint32(next)&63)&1 == 0 || !f.p.AliasPhrases.Opens(id, next) {
			if w.Alias >= 0 {
				out = append(out, text.Match{Value: w.Alias, Len: 1})
			}
			return out
		}
	}
	return f.p.AliasPhrases.Match(f.tokens[:f.end], int(t), out)
}

// noun considers a word that is no alias by itself: an office, a title, a
// pronoun or a noun that can refer back.
func (f *Finder) noun(t int32, h rules.Hint) {
	if h&rules.HintOffice != 0 && f.definite(t-1) {
		f.office(t)
	}
	if t >= f.partyEnd && h&(rules.HintTitle|rules.HintTitlePart) != 0 {
		f.titled(t)
	}
	if t >= f.partyEnd && h&rules.HintIts != 0 {
		f.possessive(t)
	}
	if t >= f.partyEnd && h&(rules.HintMale|rules.HintFemale) != 0 {
		f.given(t)
	}
	if t < f.partyEnd {
		return
	}
	switch {
	case h&(rules.HintHe|rules.HintThey|rules.HintIt) != 0:
		f.pronoun(t, h)
	case h&(rules.HintBoth|rules.HintEach) != 0 || h&rules.HintTwo != 0 && f.definite(t-1):
		f.both(t, h)
	case h&rules.HintSeat != 0 && f.epithet(t):
	case h&(rules.HintPerson|rules.HintBody|rules.HintGroup) != 0:
		f.reference(t, h)
	}
}

// initial reports whether a token is a middle initial: "V.".
func (f *Finder) initial(t int32) bool {
	tok := &f.tokens[t]
	n := tok.End - tok.Start
	return tok.Flags&model.Capital != 0 && (n == 1 || n == 2 && f.a.Text[tok.End-1] == '.')
}

// matchWithoutInitial appends the full names of persons that match with the
// middle initial left out: "Donald J. Trump".
func (f *Finder) matchWithoutInitial(t int32, out []text.Match) []text.Match {
	gap := int32(1)
	if f.is(t+2, '.') {
		gap = 2
	}
	if f.kind(t+1+gap) == model.Word && f.initial(t+1+gap) {
		return out // George H. W. Bush is not George W. Bush
	}
	f.squeezed = append(f.squeezed[:0], f.tokens[t])
	for i := t + 1 + gap; i < f.end && len(f.squeezed) < 6; i++ {
		f.squeezed = append(f.squeezed, f.tokens[i])
	}
	n := len(out)
	out = f.p.AliasPhrases.Match(f.squeezed, 0, out)
	kept := out[:n]
	for _, m := range out[n:] {
		if a := &f.p.Aliases[m.Value]; m.Len > 1 && a.Person >= 0 && !a.Short {
			kept = append(kept, text.Match{Value: m.Value, Len: m.Len + gap})
		}
	}
	return kept
}

// match settles the aliases that start at t: the longest party alias that
// holds, and the longest issue.
func (f *Finder) match(t int32) {
	if len(f.matches) == 1 {
		// By far the most matches.
		m := f.matches[0]
		if a := &f.p.Aliases[m.Value]; !a.Never {
			if a.Issue >= 0 {
				if t >= f.issueEnd {
					f.issue(t, m.Len, f.matches)
				}
			} else if t >= f.partyEnd {
				f.party(t, m.Len, f.matches)
			}
			return
		}
	}
	blocked := int32(0)
	for i := len(f.matches) - 1; i >= 0; {
		n := f.matches[i].Len
		j := i
		for j >= 0 && f.matches[j].Len == n {
			j--
		}
		group := f.matches[j+1 : i+1]
		i = j
		if t >= f.issueEnd && blocked == 0 {
			f.issue(t, n, group)
		}
		if t >= f.partyEnd && blocked == 0 && f.party(t, n, group) {
			break
		}
		// A name that is never a mention excludes the shorter names in it, not
		// a party of just that name.
		for _, m := range group {
			if a := &f.p.Aliases[m.Value]; a.Never && f.cased(a, t, n) {
				blocked = max(blocked, n)
			}
		}
	}
	if blocked > 0 {
		f.partyEnd = max(f.partyEnd, t+blocked)
		f.issueEnd = max(f.issueEnd, t+blocked)
		if f.tr.On() {
			f.trace(t, t+blocked, "never", "rejected", "the longest match is a name that is never a mention")
		}
	}
}

// cased reports whether the text is written as the alias asks.
func (f *Finder) cased(a *rules.Alias, t, n int32) bool {
	switch a.Case {
	case rules.CaseInitial:
		for i := range n {
			if a.Caps&(1<<min(i, 63)) != 0 && f.tokens[t+i].Flags&(model.Capital|model.AllCaps) == 0 {
				return false
			}
		}
	case rules.CaseUpper:
		for i := range n {
			tok := &f.tokens[t+i]
			if tok.Kind == model.Word && tok.Flags&model.AllCaps == 0 && !(tok.Flags&model.Capital != 0 && (tok.End-tok.Start <= 2 || f.numbered(tok))) {
				return false
			}
		}
		// Where everything is written in capitals, only words that are
		// nothing else can be told: "GIVE US TIME".
		if n == 1 && f.hint(t)&(rules.HintFunction|rules.HintCommon) != 0 && f.sentenceCasing() == allCapitals {
			return false
		}
	}
	return true
}

// numbered reports whether digits follow the first letter of a token: "M23".
func (f *Finder) numbered(tok *model.Token) bool {
	for _, c := range []byte(f.a.Text[tok.Start+1 : tok.End]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// issue takes the issue that a group of equally long matches names.
func (f *Finder) issue(t, n int32, group []text.Match) {
	best := int32(-1)
	for _, m := range group {
		a := &f.p.Aliases[m.Value]
		if a.Issue < 0 || !f.cased(a, t, n) || a.Dated && !f.day.Within(a.From, a.To) {
			continue
		}
		if held, _ := f.context(a, t, n); held && (best < 0 || a.Priority > f.p.Aliases[best].Priority) {
			best = m.Value
		}
	}
	if best < 0 {
		return
	}
	a := &f.p.Aliases[best]
	f.issueEnd = t + n
	e := f.draft(t, t+n, t+min(a.Head, n-1))
	e.Kind, e.AliasKind, e.Party, e.alias = model.MentionIssue, a.Kind, a.Issue, best
	e.Resolution, e.Confidence, e.Plural = byLongest, sureIssue, a.Plural
	f.found = append(f.found, e)
}

// context reports whether the context clauses of an alias hold, and whether
// it has any.
func (f *Finder) context(a *rules.Alias, t, n int32) (held, clauses bool) {
	if !a.Conditional {
		return true, false
	}
	prev, owner, next := f.id(t-1), int32(-1), f.id(t+n)
	if f.possessed(t - 1) {
		owner = f.id(t - 2)
	}
	switch {
	case contains(a.UnlessPrev, prev), contains(a.UnlessPrev, owner), contains(a.UnlessNext, next),
		len(a.IfPrev) > 0 && !contains(a.IfPrev, prev) && !contains(a.IfPrev, owner), len(a.IfNext) > 0 && !contains(a.IfNext, next),
		len(a.Near) > 0 && !f.near(a.Near) && (a.Issue >= 0 || !f.lately(a.Party)):
		return false, true
	}
	return true, true
}

// id returns the vocabulary id of a token; -1 outside the sentence.
func (f *Finder) id(t int32) int32 {
	if i := uint(t - f.first); i < uint(len(f.inside)) {
		return f.inside[i].ID
	}
	return -1
}

// contains reports whether a known word is among some.
func contains(ids []int32, id int32) bool { return id > 0 && slices.Contains(ids, id) }

// nearReach is how many sentences before the one at hand tell what an alias
// means in it.
const nearReach = 2

// near reports whether one of the words occurs in the sentence, shortly before
// it or in the headline.
func (f *Finder) near(ids []int32) bool {
	wanted := uint64(0) // bit id%64 of each: most words need no search
	for _, id := range ids {
		wanted |= 1 << (uint32(id) & 63)
	}
	from := f.l.Sentences[max(0, f.sentence-nearReach)].First
	for _, tokens := range [...][]model.Token{f.tokens[from:f.end], f.headline} {
		for i := range tokens {
			if id := tokens[i].ID; wanted>>(uint32(id)&63)&1 != 0 && contains(ids, id) {
				return true
			}
		}
	}
	return false
}

// draft returns a mention over the tokens [from, to) of this sentence.
func (f *Finder) draft(from, to, head int32) draft {
	return draft{First: from, Last: to, Head: head, Sentence: f.sentence, Party: -1, Antecedent: -1, alias: -1, person: -1,
		InQuote: f.inQuote(f.tokens[from].Start)}
}

// widen moves the beginning of a draft to an earlier token.
func (f *Finder) widen(e *draft, from int32) {
	e.First = min(e.First, from)
}

// extend moves the end of a draft to a later token.
func (f *Finder) extend(e *draft, to int32) {
	e.Last = max(e.Last, to)
}

func (f *Finder) inQuote(at int32) bool {
	qs := f.l.Quotations
	for f.quote < len(qs) && qs[f.quote].End <= at {
		f.quote++
	}
	for i := f.quote; i < len(qs) && qs[i].Start <= at; i++ {
		if at < qs[i].End && !qs[i].Scare {
			return true
		}
	}
	return false
}

// abstain leaves a draft to whom it could mean.
func (f *Finder) abstain(e *draft, candidates []string) {
	f.lists = append(f.lists, candidates)
	e.Resolution, e.Confidence, e.candidates = byAbstain, 0.3, int32(len(f.lists))
}

// aliasOf returns the alias of the pack that a draft matched.
func (f *Finder) aliasOf(e *draft) string {
	switch {
	case e.alias >= 0:
		return f.p.Aliases[e.alias].Text
	case e.alias < -1:
		return f.p.Offices[-2-e.alias].Name
	}
	return ""
}

// personOf returns the id or name of the person that a draft names.
func (f *Finder) personOf(e *draft) string {
	switch w := e.who; {
	case w.to > 0:
		return f.a.Text[w.from:w.to]
	case w.to < 0:
		return f.p.Persons[w.from].ID
	}
	return ""
}

func (f *Finder) trace(from, to int32, rule, outcome, reason string) {
	f.tr.Add(trace.Event{Stage: "mention", Sentence: f.sentence, Rule: rule, Outcome: outcome, Reason: reason,
		Span: model.Span{Start: f.tokens[from].Start, End: f.tokens[to-1].End}})
}

// standing returns the id of a party and its ancestors and coalitions on the
// article's day; the slice is shared by all mentions and never changes.
func (f *Finder) standing(party int32) (id string, rollup []string) {
	h := &f.standings[party]
	if h.valid && h.from <= f.day && f.day <= h.to {
		return h.id, h.rollup
	}
	k := standing{party, f.day}
	now, ok := f.rollups[k]
	if !ok {
		// A corpus has few days per worker at a time; start over before the
		// cache outgrows its use.
		if len(f.rollups) > 1<<14 {
			clear(f.rollups)
		}
		now.valid, now.id = true, f.p.Parties[party].ID
		now.rollup, now.from, now.to = f.p.RollupWhile(party, f.day)
		f.rollups[k] = now
	}
	*h = now
	return h.id, h.rollup
}

// casing is how a sentence uses capitals.
type casing uint8

const (
	unknownCase casing = iota
	sentenceCase
	titleCase
	allCapitals
)

// sentenceCasing classifies the sentence at hand, once.
func (f *Finder) sentenceCasing() casing {
	c := &f.casings[f.sentence]
	if *c == unknownCase {
		*c = f.readCasing()
	}
	return *c
}

func (f *Finder) readCasing() casing {
	words, capital, upper := 0, 0, 0
	for t := f.first; t < f.end; t++ {
		tok := &f.tokens[t]
		if tok.Kind != model.Word || tok.End-tok.Start < 3 || rules.Look(tok.Mark)&rules.LookSmall != 0 {
			continue
		}
		words++
		if tok.Flags&model.Capital != 0 {
			capital++
		} else if words-capital > 5 {
			break // no headline has so many small words
		}
		if tok.Flags&model.AllCaps != 0 {
			upper++
		}
	}
	switch {
	case words >= 2 && upper*10 >= words*7:
		return allCapitals
	case words >= 2 && (capital == words || words >= 5 && capital*20 >= words*17):
		return titleCase
	}
	return sentenceCase
}

// nameLike reports whether a token can be part of a proper name that no pack
// knows: a capital that neither the beginning of a sentence nor the style of a
// headline explains.
func (f *Finder) nameLike(t int32) bool {
	if f.kind(t) != model.Word || f.tokens[t].Flags&model.Capital == 0 {
		return false
	}
	h := f.hint(t)
	if h&(rules.HintFunction|rules.HintCalendar|rules.HintTitle|rules.HintCopula) != 0 {
		return false
	}
	if f.tokens[t].Flags&model.AllCaps != 0 && f.sentenceCasing() != allCapitals {
		return false
	}
	if h&rules.HintCommon == 0 && f.class(t)&text.Adverb == 0 {
		return true // no other reason for its capital
	}
	return t != f.first && f.kind(t-1) != model.QuoteMark && f.sentenceCasing() == sentenceCase
}

// definite reports whether a token is a definite determiner.
func (f *Finder) definite(t int32) bool { return f.hint(t)&rules.HintDefinite != 0 }
