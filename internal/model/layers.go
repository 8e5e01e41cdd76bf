package model

// Token is a word, number, punctuation mark or symbol of the text.
//
// A possessive or contracted ending is a token of its own ("Israel" + "'s",
// "they" + "'ve") except n't, which stays with its word ("don't" is one
// token). Hyphens inside words are tokens of their own ("Israeli" "-"
// "backed"), not preceded or followed by space. Abbreviations with stops are
// one token ("U.S.").
type Token struct {
	Span
	ID    int32 // vocabulary id of the folded form; 0 when unknown
	Kind  TokenKind
	Flags TokenFlags
	Mark  uint16 // what matchers look for in a word written like this; 0 for what is no word
}

// TokenKind is the lexical kind of a token.
type TokenKind uint8

const (
	Word        TokenKind = iota
	Number                // 12, 3.5, 1,000, 10th
	Punctuation           // . , ; : ? ! ( ) [ ] and the like
	Hyphen                // - or ‐ glued between two words
	Dash                  // –, —, -- or a spaced hyphen: may bound a clause
	QuoteMark             // any opening or closing quotation mark (not an apostrophe)
	Clitic                // 's 're 've 'll 'd 'm or a bare possessive '
	URL                   // URLs, e-mail addresses, @handles, #tags
	Symbol                // $ % € and everything else
)

// TokenFlags are properties of the written form.
type TokenFlags uint8

const (
	Capital     TokenFlags = 1 << iota // first letter is upper case
	AllCaps                            // two or more letters, all upper case ("US", "U.S.")
	SpaceBefore                        // white space (or nothing) precedes
	LineBefore                         // a line break precedes
	Opening                            // an opening quotation mark or bracket
	Closing                            // a closing quotation mark or bracket
)

// Has reports whether all flags of f are set.
func (t Token) Has(f TokenFlags) bool { return t.Flags&f == f }

// Paragraph is a run of sentences of one section.
type Paragraph struct {
	Span
	Section       Section
	First, Last   int32 // sentences, half-open
	HeadlineMatch bool  // repeats the headline
}

// Sentence is a span of text with no white space at its ends.
type Sentence struct {
	Span
	First, Last             int32 // tokens, half-open
	FirstClause, LastClause int32 // clauses, half-open
	FirstGroup, LastGroup   int32 // verb groups, half-open
	Paragraph               int32
	Section                 Section
	Quoted                  Quoted
	Question                bool
}

// Quoted says how much of a sentence stands between quotation marks.
type Quoted uint8

const (
	QuotedNone Quoted = iota
	QuotedPart
	QuotedAll
)

// String returns none, part or all.
func (q Quoted) String() string { return [...]string{"none", "part", "all"}[q] }

// Quotation is text between quotation marks, marks included in Span. It may
// run over sentences; one that is never closed ends with its paragraph, and
// one reopened at each paragraph is one quotation per paragraph with
// Continues set.
type Quotation struct {
	Span
	Inner                       Span  // without the marks
	First, Last                 int32 // tokens between the marks, half-open
	FirstSentence, LastSentence int32 // sentences touched, half-open
	Depth                       uint8 // 0 outermost
	Scare                       bool  // at most three words, no whole sentence: scare quotes or a title
	Unclosed                    bool
	Continues                   bool // the next paragraph reopens the same quotation
}

// ClauseKind is the syntactic kind of a clause, as far as function words tell.
type ClauseKind uint8

const (
	ClauseMain        ClauseKind = iota
	ClauseCoordinate             // joined by and, but, or, ; with a verb of its own
	ClauseThat                   // content clause: "said (that) …", "that …" after a verb or noun
	ClauseRelative               // who, which, that after a noun
	ClauseAdverbial              // because, although, while, after …
	ClauseCondition              // if, unless, whether
	ClauseInfinitive             // to + verb
	ClauseParticiple             // , accusing …; , backed by …
	ClauseParenthesis            // between brackets or dashes
	numClauseKinds
)

// String returns the name that explain prints.
func (k ClauseKind) String() string {
	return [numClauseKinds]string{"main", "coordinate", "that", "relative", "adverbial", "condition", "infinitive", "participle", "parenthesis"}[k]
}

// Clause is a run of tokens. Clauses of a sentence are ordered by First, are
// disjoint runs that together cover the sentence (an embedded clause splits
// its parent: the rest of the parent is a clause of the same kind with
// Resumes set), and Parent names the clause it hangs from.
type Clause struct {
	First, Last int32 // tokens, half-open
	Kind        ClauseKind
	Marker      int32 // token of the marker (that, because, to …); -1 without
	Parent      int32 // index into Layers.Clauses; -1 for the top
	Resumes     int32 // clause whose remainder this is; -1 otherwise
}

// VerbForm is the grammatical form of a verb group's head.
type VerbForm uint8

const (
	VerbFinite     VerbForm = iota // present or past, with or without auxiliaries
	VerbInfinitive                 // to demand
	VerbGerund                     // accusing, without a form of be
	VerbParticiple                 // accused, without auxiliary: reduced passive or attribute
	VerbImperative
)

// VerbGroup is a main verb with its auxiliaries, negation and adverbs.
type VerbGroup struct {
	First, Last int32 // tokens, half-open; from the first auxiliary to the head
	Head        int32 // token of the main verb
	Clause      int32
	Form        VerbForm
	Passive     bool  // be/get + participle, or a reduced passive followed by "by"
	Negated     bool  // not, n't, never, no longer within the group
	Modal       int32 // token of the modal (will, would, may …); -1 without
	Perfect     bool
	Progressive bool
}

// Piece says which part of a long article the layers hold. The zero value is
// a whole article. Indices of sentences, paragraphs and tokens begin anew in
// each piece; byte offsets are those of the article.
type Piece struct {
	Number     int32 // of the piece within the article, from 0
	Sentences  int32 // index in the article of the first sentence
	Paragraphs int32 // index in the article of the first paragraph
	Known      int32 // sentences at the beginning that the piece before held too: context for the others
	More       bool  // another piece follows
}

// Layers is the text stage's reading of one article, or of a piece of it.
// Slices are owned by the Layers and reused by the next article read into it.
type Layers struct {
	Piece      Piece
	Layout     Layout
	Headline   Span // first headline in the text; empty when there is none
	Tokens     []Token
	Sentences  []Sentence
	Paragraphs []Paragraph
	Quotations []Quotation
	Clauses    []Clause
	Groups     []VerbGroup
	Runes      Runes
}

// SentenceAt returns the index of the sentence that holds the byte offset, or
// the last one that starts before it; -1 when there is none.
func (l *Layers) SentenceAt(offset int32) int {
	lo, hi := 0, len(l.Sentences)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if l.Sentences[m].Start <= offset {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo - 1
}

// TokenAt returns the first token that ends after the byte offset, or
// len(Tokens).
func (l *Layers) TokenAt(offset int32) int {
	lo, hi := 0, len(l.Tokens)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if l.Tokens[m].End <= offset {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}
