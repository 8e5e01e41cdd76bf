package text

import (
	"slices"
	"unicode/utf8"

	"stance/internal/model"
)

// A piece ends with a paragraph, else with a sentence, and outside of
// quotations where it can; a sentence without an end is cut where the piece is
// full. Every piece but the first begins with the end of the one before, which
// its pronouns and quotations can refer to.
const (
	contextLeast = 4 << 10  // bytes of context, where there are as many
	contextMost  = 32 << 10 // paragraphs longer than that are context in part
	spaceReach   = 64 << 10 // bytes before the end of a piece in which white space is looked for
)

// Begin makes a the article that Next reads, in pieces of about size bytes.
func (r *Reader) Begin(a *model.Article, size int) {
	r.article, r.size = a, size
	r.from, r.cut, r.next = 0, 0, model.Piece{}
}

// Next fills l with the layers of the first piece after Begin, and of the next
// one for each l.Piece.More. l is the same for all pieces of an article.
func (r *Reader) Next(l *model.Layers) {
	a, end := r.article, len(r.article.Text)
	if end-r.cut > r.size {
		end = pieceEnd(a.Text, r.cut+r.size/2, r.cut+r.size)
	}
	r.tokens = l.Tokens
	r.tokenise(a.Text[:end], r.from)
	l.Tokens = r.tokens
	l.Piece = r.next
	if l.Piece.Number == 0 {
		l.Runes.Reset(a.Text)
		r.width = 0
	}
	r.structure(a, l)
	r.quotations(l)
	for int(l.Piece.Known) < len(l.Sentences) && int(l.Sentences[l.Piece.Known].End) <= r.cut {
		l.Piece.Known++
	}
	l.Piece.Sentences -= l.Piece.Known
	if n := int(l.Piece.Known); n < len(l.Sentences) {
		l.Piece.Paragraphs -= l.Sentences[n].Paragraph
	}
	if l.Piece.More = end < len(a.Text); l.Piece.More {
		r.end(l, end)
	}
	r.syntax(l)
}

// pieceEnd returns where a piece ends at the latest: behind the last white
// space before to, else between two runes.
func pieceEnd(text string, least, to int) int {
	for i := to; i > max(least, to-spaceReach); i-- {
		if byteKind[text[i-1]]&cSpace != 0 {
			return i
		}
	}
	for to > least && !utf8.RuneStart(text[to]) {
		to--
	}
	return to
}

// end takes from l what the next piece is to hold of the text up to end, and
// notes where that begins.
func (r *Reader) end(l *model.Layers, end int) {
	r.next = l.Piece
	r.next.Number++
	r.next.Known, r.next.More = 0, false
	c := r.lastCut(l)
	if c < 0 {
		r.next.Sentences += int32(len(l.Sentences))
		r.next.Paragraphs += int32(max(len(l.Paragraphs)-1, 0))
		r.cut, r.from = end, end
		return
	}
	s := l.Sentences[c]
	r.next.Sentences += c
	r.next.Paragraphs += s.Paragraph
	r.cut = int(s.Start)
	r.from = r.contextOf(l, c)

	r.tokens = r.tokens[:s.First]
	l.Tokens, l.Sentences = r.tokens, l.Sentences[:c]
	for l.Paragraphs[len(l.Paragraphs)-1].First >= c {
		l.Paragraphs = l.Paragraphs[:len(l.Paragraphs)-1]
	}
	p := &l.Paragraphs[len(l.Paragraphs)-1]
	p.Last, p.End = c, l.Sentences[c-1].End
	n := len(l.Quotations)
	for n > 0 && l.Quotations[n-1].First > s.First {
		n--
	}
	l.Quotations = l.Quotations[:n]
	for i := range l.Quotations {
		if q := &l.Quotations[i]; q.Last >= s.First {
			q.Last, q.LastSentence, q.Unclosed = s.First, c, true
			q.End, q.Inner.End = p.End, p.End
		}
	}
}

// lastCut returns the sentence that the next piece begins with: the last one
// in the second half of the piece that begins a paragraph, or does not go on
// with a quotation; -1 when one sentence fills the piece.
func (r *Reader) lastCut(l *model.Layers) int32 {
	ss, ps := l.Sentences, l.Paragraphs
	least := int32(r.cut + r.size/2)
	open := func(t int32) bool {
		i, _ := slices.BinarySearchFunc(l.Quotations, t+1, func(q model.Quotation, t int32) int { return int(q.First - t) })
		for i--; i >= 0 && l.Quotations[i].Depth > 0; i-- {
		}
		return i >= 0 && (l.Quotations[i].Last >= t || l.Quotations[i].Continues && l.Quotations[i].LastSentence > 0 && ss[l.Quotations[i].LastSentence-1].Last == t)
	}
	for p := len(ps) - 1; p > 0 && ps[p].Start >= least; p-- {
		if !open(ss[ps[p].First].First) {
			return ps[p].First
		}
	}
	for s := len(ss) - 1; s > 0 && ss[s].Start >= least; s-- {
		if !open(ss[s].First) {
			return int32(s)
		}
	}
	if s := int32(len(ss) - 1); s > l.Piece.Known {
		return s
	}
	return -1
}

// contextOf returns the byte from which on a piece is read whose first
// sentence of its own is c.
func (r *Reader) contextOf(l *model.Layers, c int32) int {
	ss := l.Sentences
	back := func(s int32) int { return r.cut - int(ss[s].Start) }
	if c == 0 || back(c-1) > contextMost {
		return r.cut
	}
	p := ss[c-1].Paragraph
	for p > 0 && back(l.Paragraphs[p].First) < contextLeast {
		p--
	}
	if s := l.Paragraphs[p].First; back(s) <= contextMost {
		return int(ss[s].Start)
	}
	s := c - 1
	for s > 0 && back(s-1) <= contextMost && (back(s) < contextLeast || ss[s-1].Quoted != model.QuotedNone || ss[s].Quoted != model.QuotedNone) {
		s--
	}
	return int(ss[s].Start)
}
