// Package rules reads YAML packs of parties, issues, cues and lexicon into
// one immutable Program that the stages match against. It is the only place
// that knows YAML.
package rules

import (
	"slices"
	"time"

	"stance/internal/diag"
	"stance/internal/model"
	"stance/internal/model/text"
)

// Program is the compiled form of all packs in force. It is immutable and
// safe for concurrent use. Patterns are compiled to sequences of vocabulary
// ids; the values of each text.Phrases index the slice named beside it.
type Program struct {
	Vocabulary *text.Vocabulary
	Packs      []PackInfo // in the order of loading
	Hash       string     // 16 hex digits over the packs' canonical content
	Version    string     // ids and versions of the packs, "core-en@1.0.0 …"

	Parties []Party
	Issues  []Issue
	Persons []Person

	Aliases      []Alias
	AliasPhrases *text.Phrases // values index Aliases

	Cues       []Cue
	CueForms   []CueForm
	CuePhrases *text.Phrases // values index CueForms

	Lexicon        []LexiconEntry
	LexiconHash    string
	LexiconPhrases *text.Phrases // values index Lexicon

	Operators       []Operator
	OperatorPhrases *text.Phrases // values index Operators

	Products []Product // MaxProducts at most

	Offices       []Office
	OfficePhrases *text.Phrases // values index Offices
	HeadPhrases   *text.Phrases // head nouns of demonyms; values are set numbers: OriginHeads, NameHeads, then packs' own
	Words         []Word        // by vocabulary id
	// Numbers holds the ids of the singular, the plural and the short title of
	// each noun that can refer back; 0 when the vocabulary has none.
	Numbers map[int32][3]int32

	parties, issues map[string]int32 // by id
	named           []int64          // party<<32 | id of a noun in the name of the party, sorted
}

// Office is a post whose bearers the packs know, such as "prime minister".
type Office struct {
	Name    string
	terms   []int32 // indices into Persons, by party and then in order
	parties []int32 // of the terms
}

// NamedBy reports whether a noun for bodies, such as "agency", is part of the
// name of a party.
func (p *Program) NamedBy(party, noun int32) bool {
	_, ok := slices.BinarySearch(p.named, int64(party)<<32|int64(noun))
	return ok
}

// TermsOf returns the terms in which somebody held the office for a party, as
// indices into Persons in their order. The slice is the office's own.
func (o *Office) TermsOf(party int32) []int32 {
	first, ok := slices.BinarySearch(o.parties, party)
	if !ok {
		return nil
	}
	last := first + 1
	for last < len(o.parties) && o.parties[last] == party {
		last++
	}
	return o.terms[first:last]
}

// PackInfo names a pack.
type PackInfo struct {
	ID, Version, Lang, License, File string
	Needs                            []string
}

// PartyKind is what sort of actor a party is.
type PartyKind uint8

const (
	Government PartyKind = iota
	PoliticalParty
	ArmedGroup
	IGO
	NGO
	PersonParty // a person who is a party in their own right
	Group       // a people or a section of society
	Media
)

// Party is an actor that can hold and receive stances.
type Party struct {
	ID, Label string
	Kind      PartyKind
	Parent    int32 // index into Parties; -1
	Coalition []Membership
	XRef      map[string]string
	Pos       diag.Position
}

// Membership is a dated coalition. In is a coalition's id, which need not be
// a party.
type Membership struct {
	In       string
	From, To Day
}

// Issue is a subject of dispute that can receive a stance.
type Issue struct {
	ID, Label string
	Parent    int32 // index into Issues; -1
	Pos       diag.Position
}

// Person is one term of a leader or official; the party acts through them in
// office. The terms of a person lie side by side, in the order of From.
type Person struct {
	ID, Name string
	Party    int32
	Office   string
	Post     int32 // the office as an index into Offices; -1 without one
	From, To Day
	Priority int8
	Female   bool // as far as the given name tells
	Pos      diag.Position

	first, last int32 // the terms of the person, half-open
}

// Day is days since 1970-01-01 plus one; zero is unbounded or unknown.
type Day int32

// DayOf returns the day of t in UTC; zero for the zero time.
func DayOf(t time.Time) Day {
	if t.IsZero() {
		return 0
	}
	return Day(t.UTC().Unix()/86400) + 1
}

// Year returns the year of a known day.
func (d Day) Year() int { return time.Unix(int64(d-1)*86400, 0).UTC().Year() }

// Within reports whether d lies in [from, to]; an unknown d lies in every
// range that is still open, and an unbounded side never excludes.
func (d Day) Within(from, to Day) bool {
	if d == 0 {
		return to == 0
	}
	return (from == 0 || d >= from) && (to == 0 || d <= to)
}

// CaseRule says how the written form must agree with the alias.
type CaseRule uint8

const (
	CaseAny     CaseRule = iota
	CaseInitial          // capitalised words of the alias must be capitalised in the text
	CaseUpper            // every letter must be upper case: US, WHO, ICE
)

// Alias is one spelling of an expression that names a party, issue or person.
// What the finder asks of every match fills one cache line.
type Alias struct {
	Issue        int32 // index into Issues; -1 when it names a party
	Party        int32 // index into Parties; -1 for issues and never
	Person       int32 // index into Persons; -1
	Head         int32
	Caps         uint64 // bit i: token i of the alias is capitalised; for CaseInitial
	Text         string
	*Declaration       // shared by all spellings
	Heads        int32 // head set, see Program.HeadPhrases
	Kind         model.AliasKind
	Case         CaseRule
	Priority     int8
	Never        bool // the longest match is no mention of anything
	NeedsFull    bool // only after a full name of the same person or party in the article
	NeedsCue     bool // only as the filler of a cue's slot or a speaker
	Plural       bool
	Adjective    bool // an adjective of origin: names the party only with a head noun of the set Heads
	Short        bool // a person's surname alone
	Letter       bool // stands for the party only behind the name of a person: "(R-Ohio)"
	Dated        bool // From or To is given
	Conditional  bool // one of the lists of the declaration is not empty
}

// Declaration is what a pack says of an alias beside the name itself: when
// and among which words it holds.
type Declaration struct {
	From, To Day // both inclusive
	Else     Else
	// Context: the nearest words before or after (skipping none) decide.
	UnlessPrev, UnlessNext []int32 // vocabulary ids; when one is there, Else applies
	IfPrev, IfNext         []int32 // when not empty, one must be there or Else applies
	Near                   []int32 // when not empty, one must occur in the sentence or headline
	Pos                    diag.Position
}

// Else is what an alias means when its context clause fails.
type Else uint8

const (
	ElseNothing Else = iota
	ElsePlace
)

// CueClass is the word class of a cue.
type CueClass uint8

const (
	CueVerb CueClass = iota
	CueNoun
	CueAdjective
	CuePhrase
)

// SlotKind is where a frame looks for the filler of a slot.
type SlotKind uint8

const (
	SlotSubject    SlotKind = iota // subject of the cue's verb group (or of the copula before an adjective or phrase)
	SlotObject                     // direct object
	SlotPrep                       // object of one of the prepositions after the cue
	SlotClause                     // anything eligible in the complement clause opened by one of the markers
	SlotPossessive                 // "Israel's plan", "its plan"
	SlotModifier                   // "the Israeli plan", "US support"
	SlotAny                        // the nearest eligible mention of the clause after, else before
)

// Slot is one place to look; a frame lists several in order of preference.
type Slot struct {
	Kind  SlotKind
	Words []int32 // vocabulary ids of the prepositions or markers
}

// Frame says where holder, target and issue stand.
type Frame struct {
	Holder, Target, Issue []Slot
}

// EmitTo is the addressee of an emitted stance.
type EmitTo uint8

const (
	ToTarget EmitTo = iota
	ToIssue
	ToHolder // what the cue says about its own holder, from the narrator
)

// Emit is one stance that a filled frame asserts.
type Emit struct {
	To       EmitTo
	Polarity int8
	Strength float32 // in (0, 1]
	Act      string
	CAMEO    string // a code, or empty: a pack need not give one
}

// Root returns the first two digits of the CAMEO code, which tell the class of
// events; empty without one.
func (e *Emit) Root() string { return e.CAMEO[:min(2, len(e.CAMEO))] }

// Negated says what negation does to a cue.
type Negated uint8

const (
	NegatedFlip Negated = iota
	NegatedNeutral
	NegatedWeaken
	NegatedKeep
	NegatedRefused // flips it where somebody will not do it ("refused to send"), else it is neutral
)

// Scope bounds where a cue applies.
type Scope struct {
	Sections   uint8 // bit 1<<model.Section; zero means all
	SameClause bool
	MaxGap     int32 // tokens between cue and filler; zero means no bound
	Reported   bool  // a judgement only where somebody says it: the narrator may just tell what happened
	Infinitive bool  // an infinitive follows the target, who is to do it
	Complement int8  // the sign that the words said of the target must have; 0 for any
}

// Cue is a rule: words, the frame they open and what they assert.
type Cue struct {
	ID, Pack   string
	Class      CueClass
	Frame      Frame
	Unless     []int32 // sorted; the cue is void where one of them stands behind it in its clause
	Needs      []int32 // sorted; when not empty, the cue is void where none of them does
	Passive    *Frame  // nil: derived by swapping (holder by-phrase, target subject)
	Reciprocal bool    // "A and B agreed": coordinated subjects hold it towards each other
	Emits      []Emit
	Negated    Negated
	Scope      Scope
	Tests      []Test
	Pos        diag.Position
}

// CueForm is one inflected form of a cue.
type CueForm struct {
	Cue   int32
	Lemma string
	Form  text.Class // VerbBase, VerbPast, Noun, … : the inflection(s) this form can be
	Head  int32      // token of the phrase that inflects
	Never bool       // a phrase in which the cue's word means something else
}

// Test is an inline test of a cue.
type Test struct {
	Text   string
	Date   string
	Expect []Expect
	Absent []Expect // stances that nobody may read beside those expected
	Todo   bool     // a known gap: reported, never failed
	Pos    diag.Position
}

// Expect is a stance that a test wants. Empty fields match anything; Holder
// "narrator" wants none.
type Expect struct {
	Holder, Target, Issue, Act string
	Polarity                   *int8
	Pos                        diag.Position
}

// Product is a kind of thing that parties do, say or make, such as attacks,
// offers or decisions. Who is against one is against the party that it is from.
type Product struct {
	ID       string
	Nouns    []int32  // vocabulary ids of what it is called, sorted
	Verbs    []int32  // vocabulary ids of what its maker does, sorted
	Acts     []string // acts of stances whose holder makes one
	Suffered bool     // whose it is called suffers it: "her arrest"
	Enacted  bool     // to vote for it or against it is about what it says, not about who made it
}

// MaxProducts is the largest number of kinds of products.
const MaxProducts = 16

// LexiconEntry is a word or phrase with a prior polarity.
type LexiconEntry struct {
	Text     string
	Polarity float32 // in [-1, 1]
	Class    string  // violence, praise, economy …; a class of entries shares weights
	Reversal bool    // "lack of", "end to": turns what follows
}

// OperatorKind is the effect of a function word or phrase on what it governs.
type OperatorKind uint8

const (
	OpNegation    OperatorKind = iota
	OpPseudo                   // "not only", "no doubt": negates nothing
	OpStop                     // but, however: ends the scope of a negation
	OpImplicative              // deny, refuse, fail: Factor -1 flips
	OpReverser                 // "end to", "lifting of"
	OpModality                 // Mode and Factor
	OpDegree                   // very 1.3, slightly 0.6
	OpReporting                // reporting verb with its Distance
	OpAccordingTo              // "according to", "in the words of"
	OpLabel                    // a designation that the narrator chooses: militant, terrorist
	OpContrast                 // but, although, despite
)

// Operator is a compiled function word or phrase.
type Operator struct {
	Kind     OperatorKind
	ID       string // mode, label or lemma
	Lemma    string
	Factor   float32 // modality and degree factor; polarity of a label
	Distance model.Reporting
	Form     text.Class
}
