package text

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stance/internal/model"
)

// Kinds of bytes.
const (
	cLower byte = 1 << iota
	cUpper
	cDigit
	cSpace
	cLine   // line feed and carriage return, cSpace too
	cJoin   // may go on with a word: ' . @ : _ & and all bytes of longer runes
	cHigh   // byte of a rune beyond ASCII
	cLetter = cLower | cUpper
	cWord   = cLetter | cDigit
)

var byteKind = func() (t [256]byte) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z':
			t[c] = cLower
		case 'A' <= c && c <= 'Z':
			t[c] = cUpper
		case '0' <= c && c <= '9':
			t[c] = cDigit
		case c == '\n' || c == '\r':
			t[c] = cSpace | cLine
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			t[c] = cSpace
		case strings.IndexByte("'.@:_&", byte(c)) >= 0:
			t[c] = cJoin
		case c >= utf8.RuneSelf:
			t[c] = cJoin | cHigh
		}
	}
	return t
}()

// line is a line of the text that holds a token.
type line struct {
	token int32 // first token of the line
	start int32 // its byte offset
	blank bool  // a blank line, or the start of the text, precedes
}

// tokenise fills r.tokens, r.lines and r.stops from text, beginning at a byte.
func (r *Reader) tokenise(text string, from int) {
	r.text = text
	r.tokens, r.lines, r.stops, r.marks, r.hyphens = r.tokens[:0], r.lines[:0], r.stops[:0], r.marks[:0], r.hyphens[:0]
	r.double, r.single, r.low, r.broken, r.plainUntil, r.closer = false, false, false, false, 0, closer{-1, -1, -1}
	flags := model.SpaceBefore | model.LineBefore
	breaks := 2
	for i := from; i < len(text); {
		c := text[i]
		k := byteKind[c]
		if k&cSpace != 0 {
			flags |= model.SpaceBefore
			if c == '\n' || c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
				breaks++
			}
			i++
			continue
		}
		if k&cHigh != 0 {
			// White space beyond ASCII is left out of the tokens too.
			if x, n := utf8.DecodeRuneInString(text[i:]); unicode.IsSpace(x) {
				flags |= model.SpaceBefore
				if x == '\u2028' || x == '\u0085' {
					breaks++
				} else if x == '\u2029' {
					breaks += 2
				}
				i += n
				continue
			}
		}
		if breaks > 0 {
			flags |= model.LineBefore
			if breaks > 1 {
				r.double, r.single, r.low = false, false, false
			}
			r.lines = append(r.lines, line{int32(len(r.tokens)), int32(i), breaks > 1})
			breaks = 0
		}
		switch {
		case k&cLetter != 0:
			i = r.words(i, flags)
		case k&cDigit != 0:
			i = r.number(i, flags)
		case k&cHigh != 0:
			i = r.high(i, flags)
		default:
			i = r.sign(i, c, flags)
		}
		flags = 0
		if r.broken {
			r.broken, breaks = false, 2
		}
	}
	r.lookUp()
}

// emit appends a token that is no word.
func (r *Reader) emit(start, end int, id int32, kind model.TokenKind, flags model.TokenFlags) {
	t := len(r.tokens)
	r.tokens = append(r.tokens, model.Token{Span: model.Span{Start: int32(start), End: int32(end)}, ID: id, Kind: kind, Flags: flags})
	c := Class(kindRoles[kind]) << roleShift
	switch kind {
	case model.Number, model.Clitic:
		c |= r.v.classes[id]
	case model.Hyphen:
		r.hyphens = append(r.hyphens, int32(t))
	}
	r.room()[t] = c
}

// emitID appends a word that was looked up.
func (r *Reader) emitID(start, end int, id int32, flags model.TokenFlags) {
	n := len(r.tokens)
	r.tokens = append(r.tokens, model.Token{Span: model.Span{Start: int32(start), End: int32(end)}, Flags: flags})
	r.room()[n] = r.settle(&r.tokens[n], id, r.v.sensesOf[id])
}

// words reads the word that begins with an ASCII letter at byte i, and those
// behind it that only a blank parts from it, and returns the end of the last
// one.
func (r *Reader) words(i int, flags model.TokenFlags) int {
	for {
		r.tokens = slices.Grow(r.tokens, batch)
		end, n := r.run(i, flags)
		if r.shorts >= batch {
			r.lookUp()
		}
		if n > 0 {
			flags = model.SpaceBefore
		}
		if i = end; byteKind[r.text[i]]&cLetter == 0 {
			return i
		}
		i = r.word(i, flags)
		if i+1 >= len(r.text) || r.text[i] != ' ' || byteKind[r.text[i+1]]&cLetter == 0 {
			return i
		}
		i, flags = i+1, model.SpaceBefore
	}
}

// run reads plain words of at most seven letters, which most are: without
// calls, which would cost it its registers, and without branches where the text
// is as good as random. It returns where the next word begins, or the end of
// the last one when no letter follows a blank there, and the number of words.
func (r *Reader) run(i int, flags model.TokenFlags) (end, n int) {
	s, first := r.text[i:], len(r.tokens)
	tokens := (*[batch]model.Token)(r.tokens[first : first+batch])
	keys := (*[batch]shortKey)(r.shortKeys[r.shorts:])
	for n < batch && len(s) > 9 {
		x := load8(s, 0)
		l := x | lowerBits
		other := noLetter(x, l)
		if other == 0 || x&0x2020 == 0 { // long, or two capitals
			break
		}
		k := bits.TrailingZeros64(other) >> 3 & 7
		if byteKind[s[k]]&(cJoin|cDigit) != 0 {
			break
		}
		keys[n] = shortKey{l & ((other ^ (other - 1)) >> 8), int32(first + n)}
		t := &tokens[n]
		t.Start, t.End, t.Kind, t.Flags = int32(i), int32(i+k), model.Word, flags|model.TokenFlags(^x>>5&1)
		n++
		if i += k; s[k] != ' ' || byteKind[s[k+1]]&cLetter == 0 {
			break
		}
		i, s, flags = i+1, s[k+1:], model.SpaceBefore
	}
	r.tokens = r.tokens[:first+n]
	r.shorts += n
	return i, n
}

// word reads a word that begins with an ASCII letter and returns its end. It
// looks at 16 bytes at once; longer words and those at the end of the text go
// byte by byte.
func (r *Reader) word(i int, flags model.TokenFlags) int {
	text := r.text
	if i+17 > len(text) {
		return r.lateWord(i, flags)
	}
	x := load8(text, i)
	lo, hi, n := x|lowerBits, uint64(0), 0
	if other := noWord(x); other != 0 {
		n = bits.TrailingZeros64(other) >> 3
		lo &= (other ^ (other - 1)) >> 8
	} else {
		y := load8(text, i+8)
		if other = noWord(y); other == 0 {
			return r.lateWord(i, flags)
		}
		n = 8 + bits.TrailingZeros64(other)>>3
		hi = (y | lowerBits) & ((other ^ (other - 1)) >> 8)
	}
	j := i + n
	clitic, joined := 0, byteKind[text[j]]&cJoin != 0
	if joined {
		ends := false
		if clitic, ends = r.ends(j, n, lo); !ends {
			return r.longWord(i, j, flags)
		}
	}
	if x&0x20 == 0 {
		flags |= model.Capital
		// A digit behind the first letter: all capitals before a joining sign only.
		if n > 1 && (x&0x2000 == 0 || joined && x&0x4000 == 0) {
			if flags |= capsOf(text[i:j]); lo == more && flags&model.AllCaps != 0 && r.skipLinks() {
				if clitic > 0 {
					r.emit(j, j+clitic, r.v.signs.clitics['s'], model.Clitic, 0)
				}
				return j + clitic
			}
		}
	}
	t := int32(len(r.tokens))
	r.tokens = append(r.tokens, model.Token{Span: model.Span{Start: int32(i), End: int32(j)}, Flags: flags})
	if n <= 8 {
		r.shortKeys[r.shorts] = shortKey{lo, t}
		r.shorts++
	} else {
		r.middleKeys[r.middles] = middleKey{lo, hi, t}
		r.middles++
	}
	if r.shorts == batch || r.middles == batch {
		r.lookUp()
	}
	if clitic > 0 {
		r.emit(j, j+clitic, r.v.signs.clitics['s'], model.Clitic, 0)
	}
	return j + clitic
}

// more is the packed form of the word that ends the texts of links which a page
// pastes behind a name.
const more = 'm' | 'o'<<8 | 'r'<<16 | 'e'<<24

// Bounds of such texts, in tokens: linksReach of the whole, nameReach from a
// surname to the same one again.
const (
	linksReach = 120
	nameReach  = 9
)

// skipLinks takes the tokens back that a page pasted between a name and the word
// MORE that comes next: the full name once more and, without a blank, the texts
// of links ("Rep. Jane Roe Jane Ann RoeSenate passes budget Five things to know
// MORE (R-Ohio)"). The sentence goes on behind that word as if they were not
// there. It reports whether there were any.
func (r *Reader) skipLinks() bool {
	line := int(r.lines[len(r.lines)-1].token)
	for t := len(r.tokens) - 1; t > max(line, len(r.tokens)-linksReach); t-- {
		k := &r.tokens[t]
		if k.Kind != model.Word || k.Flags&model.Capital == 0 {
			continue
		}
		word := k.In(r.text)
		for u := t - 1; u >= max(line, t-nameReach); u-- {
			name := r.tokens[u].In(r.text)
			if len(name) < 2 || len(name) >= len(word) || word[:len(name)] != name || byteKind[word[len(name)]]&(cUpper|cDigit) == 0 {
				continue
			}
			if u++; r.tokens[u].Len() == 3 && r.text[r.tokens[u].End-1] == '.' {
				u++ // Jr.
			}
			r.takeBack(u)
			return true
		}
	}
	return false
}

// takeBack forgets the tokens of the line from one on.
func (r *Reader) takeBack(from int) {
	r.lookUp() // none of them waits any more
	before := func(list []int32) []int32 {
		for len(list) > 0 && int(list[len(list)-1]) >= from {
			list = list[:len(list)-1]
		}
		return list
	}
	marks := before(r.marks)
	for _, m := range r.marks[len(marks):] {
		if r.text[r.tokens[m].Start] != '\'' {
			r.double = !r.tokens[m].Has(model.Opening) // as it was before
			break
		}
	}
	r.marks, r.stops, r.hyphens = marks, before(r.stops), before(r.hyphens)
	r.tokens = r.tokens[:from]
}

// batch is how many words are looked up at once: enough for the processor to
// fetch many slots of the vocabulary at a time.
const batch = 64

// shortKey and middleKey are words that wait to be looked up: their packed
// forms and tokens.
type (
	shortKey struct {
		lo    uint64
		token int32
	}
	middleKey struct {
		lo, hi uint64
		token  int32
	}
)

// lookUp gives the tokens that wait for them their ids, marks and classes.
func (r *Reader) lookUp() {
	v, tokens := r.v, r.tokens
	classes := r.room()[:len(tokens)]
	short, middle := r.shortKeys[:r.shorts], r.middleKeys[:r.middles]
	v.fetchShort(short, r.shortSlots[:])
	v.fetchMiddle(middle, r.middleSlots[:])
	for i, k := range short {
		s := &r.shortSlots[i]
		if !s.settles(k.lo) {
			s.id, s.senses = v.findShort(k.lo)
		}
		if s.id == 0 && v.mayWildcard(k.lo) {
			s.id, s.senses = r.wildcard(k.token)
		}
		classes[k.token] = r.settle(&tokens[k.token], s.id, s.senses)
	}
	for i, k := range middle {
		s := &r.middleSlots[i]
		if !s.settles(k.lo, k.hi) {
			s.id, s.senses = v.findMiddle(k.lo, k.hi)
		}
		if s.id == 0 && v.mayWildcard(k.lo) {
			s.id, s.senses = r.wildcard(k.token)
		}
		classes[k.token] = r.settle(&tokens[k.token], s.id, s.senses)
	}
	r.shorts, r.middles = 0, 0
}

// settle gives a word its id and mark and returns its class.
func (r *Reader) settle(t *model.Token, id int32, s senses) (c Class) {
	t.ID = id
	if t.Mark, c = r.v.settle(s, t.Flags); c >= unsettled {
		c = r.unsettled(t, c)
	}
	return c
}

// room returns r.classes with room for all tokens.
func (r *Reader) room() []Class {
	if n := len(r.classes); n < len(r.tokens) {
		r.classes = append(r.classes, make([]Class, cap(r.tokens)-n)...)
	}
	return r.classes
}

// wildcard looks a token up that no form of the vocabulary matches.
func (r *Reader) wildcard(token int32) (id int32, s senses) {
	r.buf = foldAppend(r.buf[:0], r.tokens[token].In(r.text))
	id = r.v.unknown(r.buf)
	return id, r.v.sensesOf[id]
}

// ends reports whether the plain word of n bytes before j, packed in lo,
// plainly ends at the joining sign there, and how long the 's is that follows
// it; 0 for none.
func (r *Reader) ends(j, n int, lo uint64) (clitic int, ok bool) {
	rest := r.text[j:]
	m := 0
	switch rest[0] {
	case '.':
		return 0, len(rest) > 1 && byteKind[rest[1]]&(cWord|cJoin) == 0 && n > 1 && (n > 6 || !r.v.mayAbbreviate(lo))
	case ':':
		return 0, len(rest) > 1 && rest[1] != '/'
	case '\'':
		m = 1
	case 0xe2:
		if len(rest) < 3 || rest[1] != 0x80 {
			return 0, false
		}
		switch rest[2] {
		case 0x9c, 0x9d, 0x93, 0x94: // “ ” – —
			return 0, true
		case 0x99: // ’
			m = 3
		}
	}
	if m == 0 || len(rest) < m+2 || rest[m]|0x20 != 's' || byteKind[rest[m+1]]&(cWord|cHigh) != 0 {
		return 0, false
	}
	return m + 1, true
}

// lateWord is word for what word leaves.
func (r *Reader) lateWord(i int, flags model.TokenFlags) int {
	text := r.text
	j := i + 1
	for j < len(text) && byteKind[text[j]]&cWord != 0 {
		j++
	}
	if j < len(text) && byteKind[text[j]]&cJoin != 0 {
		return r.longWord(i, j, flags)
	}
	r.plainWord(i, j, flags)
	return j
}

const (
	highBits  = 0x8080808080808080
	lowBits   = 0x0101010101010101
	lowerBits = 0x2020202020202020
)

// noLetter sets the high bit of each of eight bytes that is no ASCII letter, and
// of others only behind such a byte. l is x with lowerBits.
func noLetter(x, l uint64) uint64 {
	return (((0x80+'a'-1)*lowBits - l) | (l + (0x80-'z'-1)*lowBits) | x) & highBits
}

// noWord is noLetter for what is neither a letter nor a digit.
func noWord(x uint64) uint64 {
	return noLetter(x, x|lowerBits) & (((0x80+'0'-1)*lowBits - x) | (x + (0x80-'9'-1)*lowBits) | x)
}

// plainWord emits a word of ASCII letters and digits.
func (r *Reader) plainWord(i, j int, flags model.TokenFlags) {
	if byteKind[r.text[i]]&cUpper != 0 {
		flags |= capsOf(r.text[i:j])
	}
	r.emitID(i, j, r.plainID(i, j), flags)
}

// plainID looks a stretch of ASCII letters, digits and stops up.
func (r *Reader) plainID(i, j int) int32 {
	n := j - i
	if n > 16 || i+16 > len(r.text) {
		return r.foldedID(i, j)
	}
	// ORing 0x20 folds letters and leaves digits and stops alone.
	lo, hi := load8(r.text, i)|lowerBits, uint64(0)
	if n <= 8 {
		lo &= 1<<(8*n) - 1
	} else {
		hi = (load8(r.text, i+8) | lowerBits) & (1<<(8*(n-8)) - 1)
	}
	id, _ := r.v.find(lo, hi)
	if id == 0 && r.v.mayWildcard(lo) {
		id = r.foldedID(i, j)
	}
	return id
}

// load8 reads eight bytes, little endian.
func load8(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// foldedID looks a stretch of text up the slow way, wildcards included.
func (r *Reader) foldedID(i, j int) int32 {
	r.buf = foldAppend(r.buf[:0], r.text[i:j])
	if id := r.v.lookup(r.buf); id != 0 {
		return id
	}
	return r.v.unknown(r.buf)
}

// capsOf returns Capital and AllCaps as they hold for a word.
func capsOf(word string) (f model.TokenFlags) {
	letters, upper, first := 0, 0, true
	for i := 0; i < len(word); {
		c := word[i]
		if c < utf8.RuneSelf {
			if k := byteKind[c]; k&cUpper != 0 {
				letters++
				upper++
				if first {
					f = model.Capital
				}
				first = false
			} else if k&cLower != 0 {
				letters++
				first = false
			}
			i++
			continue
		}
		x, n := utf8.DecodeRuneInString(word[i:])
		if unicode.IsLetter(x) {
			letters++
			if unicode.IsUpper(x) || unicode.IsTitle(x) {
				upper++
				if first {
					f = model.Capital
				}
			}
			first = false
		}
		i += n
	}
	if letters > 1 && letters == upper {
		f |= model.AllCaps
	}
	return f
}

// letterAt reports whether a letter begins at byte i, and its size.
func (r *Reader) letterAt(i int) (size int, upper bool) {
	if i >= len(r.text) {
		return 0, false
	}
	c := r.text[i]
	if c < utf8.RuneSelf {
		if byteKind[c]&cLetter != 0 {
			return 1, byteKind[c]&cUpper != 0
		}
		return 0, false
	}
	x, n := utf8.DecodeRuneInString(r.text[i:])
	if unicode.IsLetter(x) {
		return n, unicode.IsUpper(x)
	}
	return 0, false
}

// apostrophe returns the size of an apostrophe at byte i; 0 for none.
func (r *Reader) apostrophe(i int) int {
	if i < len(r.text) {
		if r.text[i] == '\'' {
			return 1
		}
		if r.text[i] == 0xe2 && i+2 < len(r.text) && r.text[i+1] == 0x80 && (r.text[i+2] == 0x99 || r.text[i+2] == 0x9b) {
			return 3
		}
		if r.text[i] == 0xca && i+1 < len(r.text) && r.text[i+1] == 0xbc {
			return 2
		}
	}
	return 0
}

// longWord goes on with a word whose plain part is text[i:j] and which meets
// an apostrophe, a stop, another joining sign or a letter beyond ASCII.
func (r *Reader) longWord(i, j int, flags model.TokenFlags) int {
	text := r.text
	plain := text[i] < utf8.RuneSelf // ASCII letters and digits only
	done := func(end int) int {
		if plain {
			r.plainWord(i, end, flags)
		} else {
			r.emitID(i, end, r.foldedID(i, end), flags|capsOf(text[i:end]))
		}
		return end
	}
	for j < len(text) {
		c := text[j]
		k := byteKind[c]
		if k&cWord != 0 {
			j++
			continue
		}
		if k&cJoin == 0 {
			break
		}
		if m := r.apostrophe(j); m > 0 {
			if n, _ := r.letterAt(j + m); n > 0 {
				if e := r.clitic(j, m); e > 0 && !(text[e-1] == 't' || text[e-1] == 'T') {
					done(j)
					r.emit(j, e, r.v.signs.clitics[text[j+m]|0x20], model.Clitic, 0)
					return e
				}
				plain = false
				j += m
				continue
			}
			if r.possessive(j, m) {
				done(j)
				r.emit(j, j+m, r.v.signs.ascii['\''], model.Clitic, 0)
				return j + m
			}
			break
		}
		switch {
		case c == '.':
			if end := r.stop(i, j, plain, flags); end > 0 {
				return end
			}
			return done(j)
		case c == ':' && strings.HasPrefix(text[j:], "://"), c == '@' && j+1 < len(text) && byteKind[text[j+1]]&cWord != 0:
			end := r.runEnd(j)
			r.emit(i, end, 0, model.URL, flags)
			return end
		case c == '_' && j+1 < len(text) && (byteKind[text[j+1]]&cWord != 0 || text[j+1] == '_'):
			plain = false
			j++
			continue
		case c == '&' && byteKind[text[j-1]]&cUpper != 0 && j+1 < len(text) && byteKind[text[j+1]]&cUpper != 0:
			plain = false
			j++
			continue
		case k&cHigh != 0:
			x, n := utf8.DecodeRuneInString(text[j:])
			if unicode.IsLetter(x) || unicode.Is(unicode.M, x) || unicode.IsDigit(x) || ignorable(x) {
				plain = false
				j += n
				continue
			}
		}
		break
	}
	return done(j)
}

// clitic returns the end of a clitic whose apostrophe of size m is at j; 0
// when the letters after it are no ending of their own.
func (r *Reader) clitic(j, m int) int {
	e := j + m
	if e >= len(r.text) {
		return 0
	}
	for e < len(r.text) && e < j+m+3 && byteKind[r.text[e]]&cWord != 0 {
		e++
	}
	if n, _ := r.letterAt(e); n > 0 || e-j-m > 2 {
		return 0
	}
	switch a := r.text[j+m] | 0x20; e - j - m {
	case 1:
		if a == 's' || a == 'd' || a == 'm' {
			return e
		}
		if a == 't' && r.text[j-1]|0x20 == 'n' {
			return e
		}
	case 2:
		b := r.text[j+m+1] | 0x20
		if a == 'r' && b == 'e' || a == 'v' && b == 'e' || a == 'l' && b == 'l' {
			return e
		}
	}
	return 0
}

// possessive decides whether the apostrophe at j, after a word and before no
// letter, is a possessive ending rather than a closing quotation mark.
func (r *Reader) possessive(j, m int) bool {
	last := r.text[j-1] | 0x20
	if last != 's' && last != 'x' && last != 'z' {
		return false
	}
	if m == 1 && j+1 < len(r.text) && r.text[j+1] == '\'' {
		return false
	}
	if !r.single {
		return true
	}
	// Inside single quotes: a possessive when a word follows and the quotation
	// still closes later in the paragraph.
	p := j + m
	if p >= len(r.text) || r.text[p] != ' ' {
		return false
	}
	if n, upper := r.letterAt(p + 1); n == 0 || upper {
		return false
	}
	return r.closerAfter(p) >= 0
}

// closer remembers a search: no closing apostrophe from byte from on before at,
// which is one, or -1 when there is none before to.
type closer struct{ from, at, to int }

// closerAfter returns the next apostrophe after p that ends a word and is no
// possessive of one, within the paragraph; -1 when there is none. It scans
// each byte once for a whole text.
func (r *Reader) closerAfter(p int) int {
	if c := r.closer; c.from >= 0 && c.from <= p && (p <= c.at || c.at < 0 && p < c.to) {
		return c.at
	}
	text := r.text
	i := p
	for ; i < len(text); i++ {
		c := text[i]
		if c == '\n' && i+1 < len(text) && (text[i+1] == '\n' || text[i+1] == '\r') {
			break
		}
		if c != '\'' && c != 0xe2 {
			continue
		}
		m := r.apostrophe(i)
		if m == 0 || byteKind[text[i-1]]&cSpace != 0 || text[i-1]|0x20 == 's' && i+m < len(text) && text[i+m] == ' ' {
			continue
		}
		if n, _ := r.letterAt(i + m); n == 0 {
			r.closer = closer{p, i, i}
			return i
		}
	}
	r.closer = closer{p, -1, i}
	return -1
}

// runEnd returns the end of the URL or address whose text goes on at j.
func (r *Reader) runEnd(j int) int {
	text := r.text
	for j < len(text) && byteKind[text[j]]&(cSpace|cHigh) == 0 && strings.IndexByte("\"<>()[]{}|\\^`", text[j]) < 0 {
		j++
	}
	for j > 0 && strings.IndexByte(".,;:!?'", text[j-1]) >= 0 {
		j--
	}
	return j
}

// domain returns the end of an address that begins at i with a label and the
// stop at j: a known top-level domain in lower case or www.; 0 otherwise.
func (r *Reader) domain(i, j int) int {
	if j < r.plainUntil {
		return 0
	}
	text := r.text
	k, label, address := j, j+1, false
	for ; k < len(text); k++ {
		c := text[k]
		if c == '@' {
			address = true
		} else if c == '.' {
			label = k + 1
		} else if byteKind[c]&cWord == 0 && c != '-' && c != '_' && c != '+' {
			break
		}
		if c == '.' && k+1 < len(text) && byteKind[text[k+1]]&cWord == 0 {
			label = 0
			break
		}
	}
	end := k
	if label == 0 { // a final stop
		label = strings.LastIndexByte(text[i:k], '.') + i + 1
	}
	if label > end {
		label = end
	}
	if address || strings.HasPrefix(text[i:], "www.") || topLevel[text[label:end]] {
		if k < len(text) && text[k] == '/' || address {
			return r.runEnd(end)
		}
		return end
	}
	r.plainUntil = end
	return 0
}

// topLevel holds domains that are no common English words.
var topLevel = words(`com org net gov edu int mil info biz co uk eu il ps de fr ru cn jp ca au nz ie ch nl se dk fi pl tr ir iq sy eg qa sa ae za ng ke br mx ar tv io ly fm news`)

// stop decides what the stop at j after text[i:j] is part of: an acronym, an
// abbreviation, an initial, an address. It emits the token and returns its
// end, or 0 when the stop stands for itself.
func (r *Reader) stop(i, j int, plain bool, flags model.TokenFlags) int {
	text := r.text
	next, nextUpper := r.letterAt(j + 1)
	digit := j+1 < len(text) && byteKind[text[j+1]]&cDigit != 0
	size := j - i
	if first, _ := r.letterAt(i); first == size && next > 0 {
		// Letters with stops between them: U.S., e.g., J.K.
		p := j
		for p < len(text) && text[p] == '.' {
			n, _ := r.letterAt(p + 1)
			if n == 0 {
				break
			}
			if m, _ := r.letterAt(p + 1 + n); m > 0 || p+1+n < len(text) && byteKind[text[p+1+n]]&cDigit != 0 {
				break
			}
			p += 1 + n
		}
		if p > j {
			if p < len(text) && text[p] == '.' && (p+1 == len(text) || text[p+1] != '.') {
				p++
				r.stops = append(r.stops, int32(len(r.tokens)))
			}
			if p < len(text) && text[p] == '@' {
				p = r.runEnd(p)
				r.emit(i, p, 0, model.URL, flags)
				return p
			}
			r.emitID(i, p, r.foldedID(i, p), flags|capsOf(text[i:p]))
			return p
		}
	}
	if !plain {
		return 0
	}
	if next > 0 || digit {
		if end := r.domain(i, j); end > 0 {
			r.emit(i, end, 0, model.URL, flags)
			return end
		}
		if size <= 3 && next > 0 {
			// Ph.D., B.Sc.
			e := j + 1
			for e < len(text) && e < i+9 && (byteKind[text[e]]&cLetter != 0 || text[e] == '.') {
				e++
			}
			if text[e-1] == '.' {
				if id := r.foldedID(i, e); id != 0 && r.v.shorts[id] != noShort {
					r.stops = append(r.stops, int32(len(r.tokens)))
					r.emitID(i, e, id, flags|capsOf(text[i:e]))
					return e
				}
			}
		}
	}
	if j+1 < len(text) && text[j+1] == '.' {
		return 0 // an ellipsis
	}
	take := func(id int32) int {
		r.stops = append(r.stops, int32(len(r.tokens)))
		r.emitID(i, j+1, id, flags|capsOf(text[i:j]))
		return j + 1
	}
	capital := byteKind[text[i]]&cUpper != 0
	// What follows after white space.
	p := j + 1
	for p < len(text) && p < j+4 && byteKind[text[p]]&cSpace != 0 {
		p++
	}
	after := byte(0)
	if p < len(text) {
		after = text[p]
	}
	ak := byteKind[after]
	up := ak&cUpper != 0
	if ak&cHigh != 0 {
		_, up = r.letterAt(p)
	}
	spaced := p > j+1
	if size <= 6 {
		r.buf = append(foldAppend(r.buf[:0], text[i:j]), '.')
		if id := r.v.lookup(r.buf); id != 0 && r.v.shorts[id] != noShort {
			ok := false
			switch r.v.shorts[id] {
			case shortTitle:
				ok = (capital && (up || ak&cDigit != 0 || ak&cHigh != 0 || strings.IndexByte("-(\"'", after) >= 0)) || !capital && r.titled(i, up, ak)
			case shortNumber:
				ok = ak&cDigit != 0
			case shortMonth:
				ok = capital && (ak&cDigit != 0 || !ambiguousShort[text[i:j]] && after != 0)
			case shortOrg, shortEtc, shortTime:
				ok = after != 0 && (capital || ak&cLower != 0 || strings.IndexByte(",;:)", after) >= 0 || !shyShort[text[i:j]])
				if text[i:j] == "al" {
					ok = len(r.tokens) > 0 && r.tokens[len(r.tokens)-1].In(text) == "et"
				}
			case shortPlace:
				ok = capital && after != 0 && (!ambiguousShort[text[i:j]] || len(r.tokens) > 0 && text[r.tokens[len(r.tokens)-1].Start] == ',' || up && text[i:j] == "Del")
			case shortLatin:
				ok = spaced && after != 0 && !(capital && size == 2 && up)
			}
			if ok {
				return take(id)
			}
		}
	}
	named := len(r.tokens) > 0 && r.tokens[len(r.tokens)-1].Has(model.Capital) && text[i] != 'I' // William H. “Bill” Hale
	if size == 1 && capital && (up && (spaced || nextUpper) || after == ',' || text[i] == 'S' && ak&cDigit != 0 && spaced ||
		named && spaced && (after == '"' || strings.HasPrefix(text[p:], "“"))) && r.initial(i, p, text[i]) {
		r.buf = foldAppend(r.buf[:0], text[i:j+1])
		return take(r.v.lookup(r.buf))
	}
	return 0
}

// titled allows lower-case st. and the like inside a sentence ("on 5th st. near").
func (r *Reader) titled(i int, up bool, after byte) bool {
	return !up && after&(cLower|cDigit) != 0 && len(r.tokens) > 0 && r.text[i:i+2] == "st"
}

// initial decides whether a capital and its stop at i are an initial of a
// name whose next part begins at p.
func (r *Reader) initial(i, p int, letter byte) bool {
	e := p
	for e < len(r.text) && e < p+16 && byteKind[r.text[e]]&cLetter != 0 {
		e++
	}
	r.buf = foldAppend(r.buf[:0], r.text[p:e])
	if e > p+1 && r.v.classes[r.v.lookup(r.buf)]&opener != 0 {
		return false
	}
	if len(r.tokens) == 0 || r.tokens[len(r.tokens)-1].Kind != model.Word {
		return true
	}
	prev := r.tokens[len(r.tokens)-1]
	if letter == 'I' {
		return prev.Has(model.Capital)
	}
	return !lettered[prev.In(r.text)]
}

var (
	// ambiguousShort are abbreviations that are words too, as they are written.
	ambiguousShort = words(`Miss Mass Wash Ill Ore Ind Ark Del Mar Sun Sat Art Man La Pa Ga Me Mo Va Ter Jun Mon Wed Cal Conn`)
	// shyShort are abbreviations that are words when they end a sentence.
	shyShort = words(`max min mos oz ext dist misc incl co cos mass tel st`)
	// lettered are words before a letter that is a name of its own: Plan B.
	lettered = words(`Plan Vitamin Hepatitis Type Class Grade Schedule Part Section Exhibit Group Appendix Team Unit Category Option Model Point
		vitamin hepatitis type class grade schedule part section exhibit group appendix team unit category option model point`)
)

// number reads a token that begins with an ASCII digit.
func (r *Reader) number(i int, flags model.TokenFlags) int {
	text := r.text
	j := i + 1
	for j < len(text) {
		c := text[j]
		if byteKind[c]&cWord != 0 {
			j++
			continue
		}
		if (c == '.' || c == ',' || c == ':') && j+1 < len(text) && byteKind[text[j+1]]&cDigit != 0 && byteKind[text[j-1]]&cDigit != 0 {
			j += 2
			continue
		}
		break
	}
	if j < len(text) {
		if text[j] == '@' && j+1 < len(text) && byteKind[text[j+1]]&cWord != 0 {
			end := r.runEnd(j)
			r.emit(i, end, 0, model.URL, flags)
			return end
		}
		if text[j] == '.' && byteKind[text[j-1]]&cLower != 0 && j+1 < len(text) && byteKind[text[j+1]]&cLower != 0 {
			if end := r.domain(i, j); end > 0 {
				r.emit(i, end, 0, model.URL, flags)
				return end
			}
		}
	}
	r.emit(i, j, r.plainID(i, j), model.Number, flags)
	if m := r.apostrophe(j); m > 0 {
		if e := r.clitic(j, m); e > 0 {
			r.emit(j, e, r.v.signs.clitics[text[j+m]|0x20], model.Clitic, 0)
			return e
		}
	}
	return j
}

// sign reads punctuation, a quotation mark or a symbol of ASCII.
func (r *Reader) sign(i int, c byte, flags model.TokenFlags) int {
	text := r.text
	id := r.v.signs.ascii[c&0x7f]
	next := byte(' ')
	if i+1 < len(text) {
		next = text[i+1]
	}
	switch c {
	case '.':
		j := i + 1
		for j < len(text) && text[j] == '.' {
			j++
		}
		if j > i+1 {
			id = r.v.signs.ellipsis
		}
		r.stops = append(r.stops, int32(len(r.tokens)))
		r.emit(i, j, id, model.Punctuation, flags)
		return j
	case '!', '?':
		r.stops = append(r.stops, int32(len(r.tokens)))
		r.emit(i, i+1, id, model.Punctuation, flags)
		return i + 1
	case ',', ';', ':':
		if c == ':' {
			r.lookUp()
		}
		if k := len(r.tokens) - 1; c == ':' && k > 0 && r.tokens[k].Has(model.Capital) && r.v.classes[r.tokens[k].ID]&credit != 0 && !r.tokens[k-1].Has(model.Opening) && !strings.EqualFold(r.tokens[k-1].In(text), "file") {
			r.stops = append(r.stops, int32(k))
		}
		r.emit(i, i+1, id, model.Punctuation, flags)
		return i + 1
	case '(', '[', '{':
		r.emit(i, i+1, id, model.Punctuation, flags|model.Opening)
		return i + 1
	case ')', ']', '}':
		r.emit(i, i+1, id, model.Punctuation, flags|model.Closing)
		return i + 1
	case '"':
		return r.doubleMark(i, 1, flags)
	case '\'':
		if next == '\'' {
			return r.doubleMark(i, 2, flags)
		}
		return r.singleMark(i, 1, flags)
	case '`':
		n := 1
		if next == '`' {
			n = 2
		}
		if n == 2 {
			r.double = true
		} else {
			r.single = true
		}
		return r.mark(i, i+n, flags|model.Opening)
	case '-':
		return r.hyphen(i, 1, flags)
	case '#', '@':
		if byteKind[next]&cLetter != 0 || next == '_' {
			j := i + 1
			for j < len(text) && (byteKind[text[j]]&cWord != 0 || text[j] == '_') {
				j++
			}
			r.emit(i, j, 0, model.URL, flags)
			return j
		}
	case '<':
		if end := tagEnd(text, i); end > 0 {
			if opens, closes := blockTag(text[i+1 : end-1]); opens || closes {
				// Markup that was left in the text still parts paragraphs.
				if n := len(r.lines); opens && r.lines[n-1].token < int32(len(r.tokens)) {
					r.lines = append(r.lines, line{int32(len(r.tokens)), int32(i), true})
					flags |= model.LineBefore
				}
				r.broken = closes
			}
			r.emit(i, end, 0, model.Symbol, flags)
			return end
		}
	case '&':
		if end := entityEnd(text, i); end > 0 {
			r.emit(i, end, 0, model.Symbol, flags)
			return end
		}
	}
	r.emit(i, i+1, id, model.Symbol, flags)
	return i + 1
}

// tagEnd returns the end of an HTML tag or comment left in the text; 0 for
// none. Tags longer than 300 bytes are not looked for.
func tagEnd(text string, i int) int {
	if i+2 >= len(text) || byteKind[text[i+1]]&cLetter == 0 && text[i+1] != '/' && text[i+1] != '!' {
		return 0
	}
	for j := i + 1; j < len(text) && j < i+300; j++ {
		switch text[j] {
		case '>':
			return j + 1
		case '<', '\n':
			return 0
		}
	}
	return 0
}

// blockTag reports whether the inside of a tag begins or ends a block.
func blockTag(tag string) (opens, closes bool) {
	name := strings.TrimPrefix(tag, "/")
	n := 0
	for n < len(name) && byteKind[name[n]]&cWord != 0 {
		n++
	}
	for _, block := range [...]string{"p", "br", "div", "li", "ul", "ol", "tr", "td", "th", "table", "blockquote", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "figcaption", "figure"} {
		if len(block) == n && strings.EqualFold(name[:n], block) {
			closing := len(name) < len(tag) || strings.EqualFold(block, "br") || strings.EqualFold(block, "hr")
			return !closing, closing
		}
	}
	return false, false
}

// entityEnd returns the end of an HTML character reference; 0 for none.
func entityEnd(text string, i int) int {
	j := i + 1
	if j < len(text) && text[j] == '#' {
		j++
	}
	start := j
	for j < len(text) && j < start+8 && byteKind[text[j]]&cWord != 0 {
		j++
	}
	if j > start+1 && j < len(text) && text[j] == ';' {
		return j + 1
	}
	return 0
}

// mark emits a quotation mark.
func (r *Reader) mark(i, j int, flags model.TokenFlags) int {
	r.marks = append(r.marks, int32(len(r.tokens)))
	id := r.v.signs.ascii['"']
	if j == i+1 && r.text[i] != '"' {
		id = r.v.signs.ascii['\'']
	}
	r.emit(i, j, id, model.QuoteMark, flags)
	return j
}

// opens reports whether what stands before byte i lets a quotation open.
func (r *Reader) opens(flags model.TokenFlags) bool {
	if flags&model.SpaceBefore != 0 || len(r.tokens) == 0 {
		return true
	}
	t := r.tokens[len(r.tokens)-1]
	return t.Flags&model.Opening != 0 || t.Kind == model.Dash || t.Kind == model.Hyphen || t.Kind == model.Symbol && r.text[t.Start] == '/'
}

// closes reports whether what follows at byte j lets a quotation close there.
func (r *Reader) closes(j int) bool {
	if j >= len(r.text) {
		return true
	}
	c := r.text[j]
	switch {
	case byteKind[c]&cSpace != 0:
		return true
	case c == '.':
		return !strings.HasPrefix(r.text[j:], "..")
	case byteKind[c]&cHigh != 0:
		x, _ := utf8.DecodeRuneInString(r.text[j:])
		return unicode.IsSpace(x) || x == '’' || x == '”' || x == '»' || x == '—' || x == '–'
	}
	return strings.IndexByte(",;:!?)]}\"'-", c) >= 0
}

// doubleMark reads a straight double quotation mark of n bytes.
func (r *Reader) doubleMark(i, n int, flags model.TokenFlags) int {
	before, after := r.opens(flags), r.closes(i+n)
	open := !r.double
	if before != after {
		open = before
	}
	r.double = open
	if open {
		flags |= model.Opening
	} else {
		flags |= model.Closing
	}
	return r.mark(i, i+n, flags)
}

// singleMark reads a straight or curly single mark that is no part of a word:
// a quotation mark, or the apostrophe of an elision.
func (r *Reader) singleMark(i, n int, flags model.TokenFlags) int {
	text := r.text
	j := i + n
	before, after := r.opens(flags), r.closes(j)
	if before && !after && j < len(text) {
		if byteKind[text[j]]&cDigit != 0 && j+2 < len(text) && byteKind[text[j+1]]&cDigit != 0 && (text[j+2] == 's' || n == 3) {
			k := len(r.tokens)
			end := r.number(j, flags)
			r.tokens[k].Start = int32(i)
			return end
		}
		if e := elision(text[j:]); e > 0 {
			r.emitID(i, j+e, r.foldedID(i, j+e), flags)
			return j + e
		}
	}
	open := !r.single
	if before != after {
		open = before
	}
	if !open && !r.single && !before && len(r.tokens) > 0 && r.tokens[len(r.tokens)-1].Kind == model.Number {
		r.emit(i, j, 0, model.Symbol, flags) // feet, minutes
		return j
	}
	r.single = open
	if open {
		flags |= model.Opening
	} else {
		flags |= model.Closing
	}
	return r.mark(i, j, flags)
}

// elision returns the length of a word that is written with an apostrophe
// before it ('em, 'til).
func elision(s string) int {
	for _, w := range [...]string{"em", "til", "cause", "tis", "twas", "round", "bout", "n"} {
		if len(s) >= len(w) && strings.EqualFold(s[:len(w)], w) && (len(s) == len(w) || byteKind[s[len(w)]]&(cWord|cHigh) == 0 && s[len(w)] != '\'') {
			return len(w)
		}
	}
	return 0
}

// hyphen reads a hyphen of n bytes: glued between two words, a dash, a sign.
func (r *Reader) hyphen(i, n int, flags model.TokenFlags) int {
	text := r.text
	j := i + n
	for j < len(text) && text[j] == '-' {
		j++
	}
	switch {
	case j > i+n:
		r.emit(i, j, r.v.signs.dash, model.Dash, flags)
	case flags&model.SpaceBefore == 0 || j < len(text) && byteKind[text[j]]&cLetter != 0 && flags&model.LineBefore == 0:
		r.emit(i, j, r.v.signs.ascii['-'], model.Hyphen, flags)
	case j < len(text) && byteKind[text[j]]&cSpace == 0:
		r.emit(i, j, r.v.signs.ascii['-'], model.Symbol, flags)
	default:
		r.emit(i, j, r.v.signs.dash, model.Dash, flags)
	}
	return j
}

// high reads a token that begins beyond ASCII.
func (r *Reader) high(i int, flags model.TokenFlags) int {
	text := r.text
	x, n := utf8.DecodeRuneInString(text[i:])
	j := i + n
	switch x {
	case '“', '„', '‟', '«':
		if x == '“' && r.low && flags&model.SpaceBefore == 0 {
			r.low, r.double = false, false // German „…“
			return r.mark(i, j, flags|model.Closing)
		}
		r.low = x == '„'
		r.double = true
		return r.mark(i, j, flags|model.Opening)
	case '”', '»':
		if r.opens(flags) && !r.closes(j) && !r.double {
			r.double = true // German »…« and Swedish ”…”
			return r.mark(i, j, flags|model.Opening)
		}
		r.double = false
		return r.mark(i, j, flags|model.Closing)
	case '‹', '‚', '‘':
		if x == '‘' {
			if e := elision(text[j:]); e > 0 {
				r.emitID(i, j+e, r.foldedID(i, j+e), flags)
				return j + e
			}
		}
		r.single = true
		return r.mark(i, j, flags|model.Opening)
	case '›':
		r.single = false
		return r.mark(i, j, flags|model.Closing)
	case '’', '‛':
		return r.singleMark(i, n, flags)
	case '…':
		for j < len(text) && text[j] == '.' {
			j++
		}
		r.stops = append(r.stops, int32(len(r.tokens)))
		r.emit(i, j, r.v.signs.ellipsis, model.Punctuation, flags)
		return j
	case '。', '！', '？', '؟', '۔', '।':
		r.stops = append(r.stops, int32(len(r.tokens)))
		r.emit(i, j, 0, model.Punctuation, flags)
		return j
	case '—', '―', '–', '−':
		if x == '–' && flags&model.SpaceBefore == 0 && j < len(text) && byteKind[text[j]]&(cWord|cHigh) != 0 && len(r.tokens) > 0 {
			if k := r.tokens[len(r.tokens)-1].Kind; k == model.Word || k == model.Number {
				r.emit(i, j, r.v.signs.ascii['-'], model.Hyphen, flags)
				return j
			}
		}
		r.emit(i, j, r.v.signs.dash, model.Dash, flags)
		return j
	case '‐', '‑':
		return r.hyphen(i, n, flags)
	case '•', '⁃', '▪', '●', '◦', '‣', '►', '∙', '⦁', '■', '✓':
		r.stops = append(r.stops, int32(len(r.tokens)))
		r.emit(i, j, r.v.signs.bullet, model.Symbol, flags)
		return j
	}
	// Invisible characters belong to the word they precede.
	k := j
	y := x
	for ignorable(y) && k < len(text) {
		var m int
		y, m = utf8.DecodeRuneInString(text[k:])
		k += m
	}
	if unicode.IsLetter(y) {
		return r.longWord(i, k, flags)
	}
	if unicode.IsDigit(y) {
		for k < len(text) {
			z, m := utf8.DecodeRuneInString(text[k:])
			if !unicode.IsDigit(z) && !unicode.IsLetter(z) {
				break
			}
			k += m
		}
		r.emit(i, k, r.foldedID(i, k), model.Number, flags)
		return k
	}
	// Marks and joiners stay with the symbol before them.
	for j < len(text) && text[j] >= utf8.RuneSelf {
		z, m := utf8.DecodeRuneInString(text[j:])
		if !unicode.Is(unicode.M, z) && !ignorable(z) {
			break
		}
		j += m
	}
	kind := model.Symbol
	if unicode.IsPunct(x) {
		kind = model.Punctuation
	}
	if unicode.IsNumber(x) {
		kind = model.Number
	}
	if unicode.Is(unicode.Ps, x) {
		flags |= model.Opening
	} else if unicode.Is(unicode.Pe, x) {
		flags |= model.Closing
	}
	r.emit(i, j, r.foldedID(i, j), kind, flags)
	return j
}
