package model

// MentionKind says what a mention names.
type MentionKind uint8

const (
	MentionParty MentionKind = iota
	MentionIssue
	MentionPerson // a person whom no pack assigns to a party
)

// String returns party, issue or person.
func (k MentionKind) String() string { return [...]string{"party", "issue", "person"}[k] }

// AliasKind says by what kind of expression a party is mentioned.
type AliasKind uint8

const (
	AliasName AliasKind = iota
	AliasShort
	AliasLeader
	AliasRole
	AliasDemonym
	AliasMetonym
	AliasPronoun
	AliasPlace // a place name that is no actor here; never a holder or target
	numAliasKinds
)

// String returns the name used in the tables.
func (k AliasKind) String() string {
	return [numAliasKinds]string{"name", "short", "leader", "role", "demonym", "metonym", "pronoun", "place"}[k]
}

// Role is what a mention does in the strongest stance it takes part in.
type Role uint8

const (
	RoleNone Role = iota
	RoleHolder
	RoleTarget
	RoleSpeaker
	RoleIssue
)

// String returns the name used in the tables.
func (r Role) String() string { return [...]string{"none", "holder", "target", "speaker", "issue"}[r] }

// Mention is an expression of the text that names a party, issue or person.
// Mentions are ordered by Start; those of one kind do not overlap.
type Mention struct {
	Span
	First, Last int32 // tokens, half-open
	Head        int32 // token that heads the noun phrase ("officials" in "Israeli officials")
	Sentence    int32
	Kind        MentionKind
	AliasKind   AliasKind
	Plural      bool
	NeedsCue    bool // an actor only where a cue or a reporting verb takes it: capitals, bare adjectives
	InQuote     bool // inside a quotation that is not in scare quotes
	Role        Role
	Party       int32    // index into the program's parties (issues for MentionIssue); -1 when not resolved
	Antecedent  int32    // mention that a pronoun or "the official" refers to; -1
	Confidence  float32  // in [0, 1]
	ID          string   // id of that party or issue; "" when not resolved
	Person      string   // id of the person of the pack, or the person's name; "" otherwise
	Alias       string   // the alias of the pack that matched
	Rollup      []string // ancestors and coalitions at the article's date; shared, not to be changed
	Resolution  string   // the step that decided: longest, case, date, context, full-form, priority, coreference, abstain, place
	Candidates  []string // ids between which the resolution abstained; shared
}

// Actor reports whether the mention can hold or receive a stance.
func (m *Mention) Actor() bool { return m.Kind != MentionIssue && m.AliasKind != AliasPlace }

// Sentiment is the sentiment of a whole sentence, whoever it concerns.
type Sentiment struct {
	Score              float32 // in [-1, 1]
	Label              int8    // -1, 0, 1
	Positive, Negative float32 // strengths in [0, 1], kept apart
	Cues               int32   // lexicon entries found
	Bayes              float32 // log-odds positive : negative; valid when HasBayes
	HasBayes           bool
	BayesLabel         int8
	Vader              float32 // compound in [-1, 1]; valid when HasVader
	HasVader           bool
}

// QuoteKind is how the words of another are rendered.
type QuoteKind uint8

const (
	QuoteDirect   QuoteKind = iota // whole sentences between marks
	QuoteMixed                     // fragments between marks inside the narrator's sentence
	QuoteIndirect                  // said that …
)

// String returns direct, mixed or indirect.
func (k QuoteKind) String() string { return [...]string{"direct", "mixed", "indirect"}[k] }

// Reporting is the distance that a reporting verb keeps.
type Reporting uint8

const (
	ReportingNone Reporting = iota
	ReportingNeutral
	ReportingDistancing
	ReportingFactive
)

// String returns none, neutral, distancing or factive.
func (r Reporting) String() string {
	return [...]string{"none", "neutral", "distancing", "factive"}[r]
}

// Quote is an attribution: content, cue and source. Source and cue spans are
// empty when unknown.
type Quote struct {
	Span                              // the content
	FirstSentence, LastSentence int32 // half-open
	Kind                        QuoteKind
	Source                      Span  // surface of the speaker
	Mention                     int32 // mention of the speaker; -1
	Cue                         Span  // reporting verb or "according to"
	Reporting                   Reporting
	Verb                        string // lemma of the reporting verb; "" without
	Method                      string // the sieve; see the design of attribution
	Parent                      int32  // quote in which this one is nested; -1
	Continues                   bool   // goes on with the words of the quote before it (the last one outside of others): one attribution in two pieces
	Attitude                    bool   // what the source wants, tries or is for or against, not what it says: no words are reported
}

// Voice says who expresses a stance or tone.
type Voice uint8

const (
	VoiceNarrator Voice = iota
	VoiceParty
	VoiceUnknown // somebody quoted whom no pack knows
)

// String returns narrator, party or unknown.
func (v Voice) String() string { return [...]string{"narrator", "party", "unknown"}[v] }

// Factors are the multiplicands of a stance score; 1 means no effect and a
// negative factor turns the sign.
type Factors struct {
	Base      float32 // polarity times strength of the emit, in [-1, 1]
	Reversal  float32
	Negation  float32
	Modality  float32
	Reporting float32
	Section   float32
	Alias     float32
}

// Product returns the score.
func (f Factors) Product() float32 {
	return f.Base * f.Reversal * f.Negation * f.Modality * f.Reporting * f.Section * f.Alias
}

// Stance is one assertion: a holder expresses something towards a target.
type Stance struct {
	Sentence   int32
	Voice      Voice
	ReportedBy int32 // mention of the speaker who attributes the stance to the holder; -1
	Holder     int32 // mention; -1 when the holder is the narrator or an unknown speaker
	Target     int32 // mention of the party or issue
	Issue      int32 // mention of the issue at stake; -1
	Act        string
	CAMEO      string
	Polarity   int8    // -1, 0, 1, after reversal and negation
	Score      float32 // product of the factors, in [-1, 1]
	Factors    Factors
	Negated    bool
	Reversed   bool
	Modality   string // "", hypothetical, intended …
	Verb       string // reporting verb in force; ""
	InQuote    bool
	Rule       string
	Sieve      string
	Cue        Span
	Confidence float32
	Shadowed   []string // rules that claimed the same and lost
}

// Tone is what a sentence expresses towards one party, whoever speaks.
type Tone struct {
	Sentence int32
	Mention  int32 // first mention of the party in the sentence
	Mentions int32
	Label    int8
	P        [3]float32 // probabilities of negative, neutral, positive; they sum to 1
	Voice    Voice
	Reported bool // reported speech without quotation marks, or quoted
	InQuote  bool
	Speaker  int32 // mention; -1
	Features []string
}

// Score returns p_positive - p_negative.
func (t *Tone) Score() float32 { return t.P[2] - t.P[0] }

// Attribution is the voice in force over a sentence as a whole.
type Attribution struct {
	Voice   Voice
	Speaker int32  // mention; -1
	Method  string // "" for the narrator
}

// PartySummary is what one article holds about one party.
type PartySummary struct {
	Party        int32
	ID           string
	Mentions     int32
	Sentences    int32
	ToneMean     float32
	ToneNarrator float32
	HasNarrator  bool
	Negative     int32
	Neutral      int32
	Positive     int32
	StanceGiven  float32
	StanceTaken  float32 // received
	Given        int32
	Received     int32
	Quotes       int32
	Share        float32 // of all party mentions, in [0, 1]
	Label        int8
	Confidence   float32
}

// Dyad is an ordered pair of parties in one sentence that could have a stance.
type Dyad struct {
	Sentence, A, B int32 // A and B are mentions
	HasStance      bool
}

// RuleCount is how often a rule was tried and what became of it.
type RuleCount struct {
	Tried, Fired, Shadowed, Negated int64
}

// Result is everything found in one article, or in one piece of a long one:
// then what was found in Known sentences is left to the piece before, but for
// their mentions. Its slices are owned by the Result and reused when it is
// given to the analyzer again.
type Result struct {
	Article *Article
	Layers
	Mentions     []Mention
	Sentiments   []Sentiment   // one per sentence
	Attributions []Attribution // one per sentence
	Modalities   []string      // one per sentence; "" for plain assertion
	Quotes       []Quote
	Stances      []Stance
	Tones        []Tone
	Parties      []PartySummary // of the whole article, with its last piece
	Dyads        []Dyad
	RuleCounts   []RuleCount // per rule of the program, of the whole article with its last piece
}

// Own returns the first sentence and the first mention that the piece before
// did not hold too: 0 and 0 but in a piece of a long article.
func (r *Result) Own() (sentence, mention int) {
	sentence = int(r.Piece.Known)
	for sentence > 0 && mention < len(r.Mentions) && int(r.Mentions[mention].Sentence) < sentence {
		mention++
	}
	return sentence, mention
}

// Runic returns the span in code points.
func (r *Result) Runic(s Span) (start, end int32) { return r.Runes.Rune(s.Start), r.Runes.Rune(s.End) }

// FirstMention returns the first mention of the party with the id, or -1.
func (r *Result) FirstMention(id string) int32 {
	for i := range r.Mentions {
		if r.Mentions[i].ID == id && r.Mentions[i].Kind == MentionParty {
			return int32(i)
		}
	}
	return -1
}
