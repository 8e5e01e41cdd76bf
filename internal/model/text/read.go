package text

import (
	"stance/internal/model"
)

// Reader reads articles into Layers. It holds the scratch of one worker and
// must not be used by two goroutines at once.
type Reader struct {
	v      *Vocabulary
	text   string
	tokens []model.Token
	lines  []line
	stops  []int32 // tokens that may end a sentence
	marks  []int32 // quotation marks
	starts []int32 // first tokens of the paragraphs
	buf    []byte  // folded form of one word

	shortKeys       [2 * batch]shortKey // words that wait to be looked up
	middleKeys      [batch]middleKey
	shorts, middles int                  // how many of each
	shortSlots      [2 * batch]shortSlot // where they may be
	middleSlots     [batch]slot

	nextStop   int       // index into stops
	open       []pending // quotations that are open
	classes    []Class   // by token, with its role
	hyphens    []int32   // tokens that are one
	nextHyphen int       // index into hyphens
	parser     parser

	double, single, low bool // quotation marks open while tokenising; low is „
	broken              bool // the markup before ended a paragraph
	plainUntil          int  // no address begins before this byte
	closer              closer

	article *model.Article
	size    int         // bytes of a piece
	from    int         // byte at which the next piece begins, context included
	cut     int         // byte at which its own sentences begin
	next    model.Piece // Sentences and Paragraphs are those of the first sentence of its own
	width   int         // at which the text as a whole is wrapped
}

// NewReader returns a Reader over v.
func NewReader(v *Vocabulary) *Reader { return &Reader{v: v} }

// tokenise returns the tokens of a pattern, valid until the next call.
func (b *Builder) tokenise(pattern string) []model.Token {
	if b.scratch == nil {
		b.scratch = NewReader(b.base)
	}
	b.scratch.tokenise(pattern, 0)
	return b.scratch.tokens
}

// Read fills l with the layers of a. It does not change a; the slices of l
// are reused.
func (r *Reader) Read(a *model.Article, l *model.Layers) {
	r.Begin(a, len(a.Text))
	r.Next(l)
}
