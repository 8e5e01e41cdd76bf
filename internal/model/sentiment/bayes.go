package sentiment

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/cdipaolo/sentiment"

	"stance/internal/model"
	"stance/internal/model/text"
)

// Bayes is the naive Bayes classifier of cdipaolo/sentiment, trained by its
// authors on film reviews, as a table of log-probabilities. It is immutable
// and safe for concurrent use.
//
// The library keeps letters and spaces only, lowers the case and splits at
// single spaces, so "don't" is "dont" and a line break joins two words.
// Bayes does the same and adds in the same order, so that its label is that of
// the library's Predict for every valid text.
type Bayes struct {
	slots []bayesSlot
	mask  uint64
	logs  [][2]float64 // words that were seen as often share them; the first are those of a word that is not known: 0
	prior [2]float64
}

// bayesSlot is a place of the hash table: in the high 48 bits those of a word's
// hash, which no other known word around it has, and below them the index of
// its log-probabilities; 0 is empty. The place itself tells of the low bits of
// the hash.
type bayesSlot uint64

const hashBits bayesSlot = 1<<64 - 1<<16

// NewBayes restores the library's model, once in a process. Its error says
// that the library is not what it was.
func NewBayes() (*Bayes, error) { return restored() }

var restored = sync.OnceValues(func() (*Bayes, error) {
	// The library's own Restore decodes the same asset in ten times the time
	// and keeps the table of words to itself; a test holds both equal.
	data, err := sentiment.Asset("model.json")
	if err != nil {
		return nil, fmt.Errorf("cdipaolo/sentiment: %w", err)
	}
	b, err := newBayes(data)
	if err != nil {
		return nil, fmt.Errorf("cdipaolo/sentiment: %w", err)
	}
	return b, nil
})

// newBayes makes the table of log-probabilities, smoothed as the library does,
// from its model, which is JSON without white space or escapes:
//
//	{"en":{"words":{"aaa":{"Count":[6,3],"Seen":9},…},"count":[12500,12500],…,"vocabulary_size":117448}}
func newBayes(data []byte) (*Bayes, error) {
	size := 16
	for size < 2*bytes.Count(data, []byte("]")) { // one a word
		size *= 2
	}
	b := &Bayes{slots: make([]bayesSlot, size), mask: uint64(size - 1), logs: make([][2]float64, 1, 1<<13)}
	tail := max(bytes.LastIndex(data, []byte(`},"count":`)), 0)
	end := bayesJSON{data: data[tail:]}
	end.skip(`},"count":[`)
	reviews := [2]uint64{end.number(","), end.number("]")}
	_, end.data, _ = bytes.Cut(end.data, []byte(`"vocabulary_size":`))
	vocabulary := end.number("}}")
	for i, n := range reviews {
		b.prior[i] = math.Log(float64(n) / float64(reviews[0]+reviews[1]))
	}
	type count struct {
		hash uint64
		logs bayesSlot
		word []byte
	}
	// Words are entered many at a time, so that the processor waits for several
	// places of the table at once.
	counts := make([]count, 0, 64)
	enter := func() error {
		for i := range counts {
			c := &counts[i]
			slot := b.slot(c.hash)
			if *slot != 0 {
				return fmt.Errorf("the hash of word %q is not its own", c.word)
			}
			*slot = bayesSlot(c.hash)&hashBits | c.logs
		}
		counts = counts[:0]
		return nil
	}
	var rare [32][32]bayesSlot // the index of what most words share, by how often they were seen
	in := bayesJSON{data: data[:tail], bad: end.bad}
	in.skip(`{"en":{"words":{`)
	for more := true; more && !in.bad; more = in.next(',') {
		word := in.word()
		in.skip(`:{"Count":[`)
		n := [2]uint64{in.number(","), in.number(`],"Seen":`)}
		if seen := in.number("}"); seen != n[0]+n[1] {
			return nil, fmt.Errorf("word %q is seen %d times, counted %d", word, seen, n[0]+n[1])
		}
		at := bayesSlot(len(b.logs))
		if known := &rare[n[0]%32][n[1]%32]; n[0]|n[1] < 32 && *known != 0 {
			at = *known
		} else {
			if n[0]|n[1] < 32 {
				*known = at
			}
			all := float64(n[0] + n[1] + vocabulary)
			b.logs = append(b.logs, [2]float64{math.Log(float64(n[0]+1) / all), math.Log(float64(n[1]+1) / all)})
		}
		var h speller
		for i := 0; i < len(word); i += 8 {
			h.add(load(word, i), min(len(word)-i, 8))
		}
		if counts = append(counts, count{h.hash(), at, word}); len(counts) == cap(counts) {
			if err := enter(); err != nil {
				return nil, err
			}
		}
	}
	if err := enter(); err != nil {
		return nil, err
	}
	if in.bad || len(in.data) > 0 || len(b.logs) >= spelled {
		return nil, errors.New("the model is not laid out as it was")
	}
	return b, nil
}

// bayesJSON reads the library's model. bad is set by what is not as expected.
type bayesJSON struct {
	data []byte
	bad  bool
}

func (j *bayesJSON) skip(s string) {
	if len(j.data) < len(s) || string(j.data[:len(s)]) != s {
		j.bad = true
		return
	}
	j.data = j.data[len(s):]
}

// next reports whether the byte comes next, and skips it.
func (j *bayesJSON) next(c byte) bool {
	if len(j.data) == 0 || j.data[0] != c {
		return false
	}
	j.data = j.data[1:]
	return true
}

// number reads a whole number and what must follow it.
func (j *bayesJSON) number(after string) (n uint64) {
	i := 0
	for ; i < len(j.data) && '0' <= j.data[i] && j.data[i] <= '9'; i++ {
		n = 10*n + uint64(j.data[i]-'0')
	}
	j.bad, j.data = j.bad || i == 0, j.data[i:]
	j.skip(after)
	return n
}

func (j *bayesJSON) word() []byte {
	j.skip(`"`)
	i := bytes.IndexByte(j.data, '"')
	if i <= 0 || bytes.IndexByte(j.data[:i], '\\') >= 0 {
		j.bad = true
		return nil
	}
	word := j.data[:i]
	j.data = j.data[i+1:]
	return word
}

// speller hashes a word, eight bytes at a time.
type speller struct {
	mixed, block uint64
	bits         uint // of the block
}

// add adds the first n bytes of x.
func (h *speller) add(x uint64, n int) {
	x &= 1<<(8*n) - 1
	h.block |= x << h.bits
	if h.bits += 8 * uint(n); h.bits >= 64 {
		h.bits -= 64
		h.mixed, h.block = mix(h.mixed^h.block), x>>(8*uint(n)-h.bits)
	}
}

// hash is 0 when there was no letter, which no word of the library has.
func (h *speller) hash() uint64 { return mix(h.mixed ^ h.block) }

// mix takes 0 to 0 and nothing else that is likely.
func mix(x uint64) uint64 {
	x *= 0x9e3779b97f4a7c15
	return x ^ x>>32
}

// load returns the eight bytes of s from i on, 0 behind its end.
func load(s []byte, i int) (x uint64) {
	if len(s)-i >= 8 {
		return binary.LittleEndian.Uint64(s[i:])
	}
	for k := len(s) - 1; k >= i; k-- {
		x = x<<8 | uint64(s[k])
	}
	return x
}

// bytesOf returns the bytes of a string, which must not be changed.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// letters returns eight bytes in lower case, and how many ASCII letters they
// begin with.
func letters(x uint64) (lower uint64, n int) {
	lower = x | 0x20*eachByte
	plain := lower &^ highBits
	other := ^(plain + (0x80-'a')*eachByte) | (plain + (0x7f-'z')*eachByte) | x
	return lower, bits.TrailingZeros64(other&highBits) / 8
}

// slot returns the place of a hash, which is empty when it is not known.
func (b *Bayes) slot(h uint64) *bayesSlot {
	for i := h & b.mask; ; i = (i + 1) & b.mask {
		if s := &b.slots[i]; (*s^bayesSlot(h))&hashBits == 0 || *s == 0 {
			return s
		}
	}
}

// find returns the index of the log-probabilities of a hash; 0 when the library
// does not know it.
func (b *Bayes) find(h uint64) uint16 { return uint16(*b.slot(h)) }

// word returns the index of the log-probabilities of what stands between two
// spaces; 0 when the library does not know it.
func (b *Bayes) word(s string) uint16 {
	var h speller
	h.spell(bytesOf(s), 0, len(s))
	return b.find(h.hash())
}

// spell adds the letters of s from i up to the first space or end, and returns
// where what is behind it begins.
func (h *speller) spell(s []byte, i, end int) int {
	for i < end {
		lower, n := letters(load(s, i))
		n = min(n, end-i)
		h.add(lower, n)
		if i += n; n == 8 || i == end {
			continue
		}
		if c := s[i]; c == ' ' {
			return i + 1
		} else if c < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(s[i:end])
		if i += size; unicode.IsLetter(r) {
			var wide [utf8.UTFMax]byte
			size = utf8.EncodeRune(wide[:], unicode.ToLower(r))
			h.add(load(wide[:], 0), size)
		}
	}
	return end + 1
}

// bayesSum adds words up in the order of the text. A log-probability is below
// 0, so that a sum of 0 has none.
type bayesSum [2]float64

func (s *bayesSum) add(log *[2]float64) {
	s[0] += log[0]
	s[1] += log[1]
}

// result returns the log-odds of positive against negative, and the label of
// the library's Predict as -1 or 1; ok is false when no word is known.
func (s *bayesSum) result(b *Bayes) (odds float32, label int8, ok bool) {
	if s[0] == 0 {
		return 0, 0, false
	}
	s.add(&b.prior)
	if label = -1; s[1] > s[0] {
		label = 1
	}
	return float32(s[1] - s[0]), label, true
}

// Score returns the log-odds of positive against negative, and the label of
// the library's Predict as -1 or 1. It returns false when no word is known.
func (b *Bayes) Score(sentence string) (odds float32, label int8, ok bool) {
	var sum bayesSum
	for from := 0; from <= len(sentence); {
		var h speller
		from = h.spell(bytesOf(sentence), from, len(sentence))
		sum.add(&b.logs[b.find(h.hash())])
	}
	return sum.result(b)
}

// bayesWords is the classifier by vocabulary id, for sentences in tokens: most
// words need no hash.
type bayesWords struct {
	*Bayes
	words []uint16 // index into logs
}

// spelled stands for words that must be read letter by letter.
const spelled = 1<<16 - 1

// over spreads the classifier over a vocabulary.
func (b *Bayes) over(v *text.Vocabulary) *bayesWords {
	w := &bayesWords{b, make([]uint16, v.Len())}
	for id := range w.words {
		form := v.Form(int32(id))
		if form == "" || strings.HasSuffix(form, "*") || wideFrom(bytesOf(form), 0) < int32(len(form)) {
			w.words[id] = spelled // the unknown word, a beginning of words, or letters that folding has changed
		} else {
			w.words[id] = b.word(form)
		}
	}
	return w
}

// What a token is to the classifier; those between two spaces add up.
const (
	bayesWord  = 1
	bayesOther = 1 << 8 // has letters and is no word
)

// bayesKinds are by kind of token; what has no letters is 0.
var bayesKinds = [16]uint32{
	model.Word: bayesWord, model.Number: bayesOther, model.Clitic: bayesOther, model.URL: bayesOther, model.Symbol: bayesOther,
}

// bayesReading are the words of some sentences, as indices into Bayes.logs.
type bayesReading struct {
	words   []uint16
	ends    []int32      // of the sentences, in words
	unknown []bayesSpell // words that are still to be looked up
}

// bayesSpell is a word that must be read letter by letter, and its place in
// bayesReading.words.
type bayesSpell struct {
	start, end, at int32
	hash           uint64
	slot           bayesSlot // the first that may be the word's
}

// read reads the words of sentences of a read article. Those that must be
// spelled are left to the end, so that the processor waits for several places
// of the table at once.
func (w *bayesWords) read(all string, tokens []model.Token, sentences []model.Sentence, r *bayesReading) {
	r.words, r.ends, r.unknown = r.words[:0], r.ends[:0], r.unknown[:0]
	if len(sentences) == 0 {
		return
	}
	text := bytesOf(all)
	end := sentences[len(sentences)-1].End
	wide := int32(0) // no byte that is not ASCII stands from the last word to here
	for i := range sentences {
		s := &sentences[i]
		words, unknown := len(r.words), len(r.unknown)
		if wide < s.Start {
			wide = wideFrom(text[:end], s.Start)
		}
		ok := s.First < s.Last && tokens[s.First].Start == s.Start && tokens[s.Last-1].End == s.End
		if ok {
			wide, ok = w.readTokens(text[:end], tokens[s.First:s.Last], wide, r)
		}
		if !ok {
			r.words, r.unknown = r.words[:words], r.unknown[:unknown]
			r.spell(text, s.Span)
		}
		r.ends = append(r.ends, int32(len(r.words)))
	}
	for i := range r.unknown {
		u := &r.unknown[i]
		var h speller
		h.spell(text, int(u.start), int(u.end))
		u.hash = h.hash()
		u.slot = w.slots[u.hash&w.mask]
	}
	for i := range r.unknown {
		u := &r.unknown[i]
		at := uint16(u.slot)
		if u.slot != 0 && (u.slot^bayesSlot(u.hash))&hashBits != 0 {
			at = w.find(u.hash)
		}
		r.words[u.at] = at
	}
}

// spell adds the words between the spaces of a text.
func (r *bayesReading) spell(text []byte, s model.Span) {
	for start := s.Start; start <= s.End; {
		end := s.End
		if n := bytes.IndexByte(text[start:end], ' '); n >= 0 {
			end = start + int32(n)
		}
		r.unknown = append(r.unknown, bayesSpell{start: start, end: end, at: int32(len(r.words))})
		r.words = append(r.words, 0)
		start = end + 1
	}
}

// readTokens reads a sentence by its tokens. What stands between two spaces is
// most often one word of the vocabulary, with or without punctuation; all else
// is to be spelled. It returns false when what stands between the spaces are no
// tokens. wide is the next byte that is not ASCII, as far as it is known.
func (w *bayesWords) readTokens(text []byte, tokens []model.Token, wide int32, r *bayesReading) (int32, bool) {
	words := slices.Grow(r.words, len(tokens))
	n := len(words)
	words = words[:n+len(tokens)]
	for i := 0; i < len(tokens); {
		// The tokens between the spaces around here.
		start, end, what, word := tokens[i].Start, tokens[i].Start, uint32(0), &tokens[i]
		for ; i < len(tokens) && tokens[i].Start == end; i++ {
			t := &tokens[i]
			end = t.End
			if t.Kind == model.Word {
				word = t
			}
			what += bayesKinds[t.Kind&15]
		}
		if i < len(tokens) && (tokens[i].Start != end+1 || text[end] != ' ') {
			return wide, false // a line break or markup, which may join words or hold some
		}
		if what == 0 {
			continue
		}
		if wide < word.Start {
			wide = wideFrom(text, word.Start)
		}
		words[n] = w.words[word.ID]
		if what != bayesWord || words[n] == spelled || word.End > wide {
			if bytes.IndexByte(text[start:end], ' ') >= 0 {
				return wide, false // within a token
			}
			r.unknown = append(r.unknown, bayesSpell{start: start, end: end, at: int32(n)})
		}
		n++
	}
	r.words = words[:n]
	return wide, true
}

// wideFrom returns the first byte from i on that is not ASCII; the end of the
// text when there is none.
func wideFrom(text []byte, i int32) int32 {
	for at := int(i); at < len(text); at += 8 {
		if x := load(text, at) & highBits; x != 0 {
			return int32(at + bits.TrailingZeros64(x)/8)
		}
	}
	return int32(len(text))
}

// score is Score for the i-th sentence that was read.
func (w *bayesWords) score(r *bayesReading, i int) (odds float32, label int8, ok bool) {
	from := int32(0)
	if i > 0 {
		from = r.ends[i-1]
	}
	var sum bayesSum
	for _, at := range r.words[from:r.ends[i]] {
		sum.add(&w.logs[at])
	}
	return sum.result(w.Bayes)
}
