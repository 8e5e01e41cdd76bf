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
	logs  []bayesLogs // words that were seen as often share them; the first ones, all 0, are those of unknown, nothing and mixed
	prior bayesLogs
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
	b := &Bayes{slots: make([]bayesSlot, size), mask: uint64(size - 1), logs: make([]bayesLogs, mixed+1, 1<<13)}
	tail := max(bytes.LastIndex(data, []byte(`},"count":`)), 0)
	end := bayesJSON{data: data[tail:]}
	end.skip(`},"count":[`)
	reviews := [2]uint64{end.number(","), end.number("]")}
	_, end.data, _ = bytes.Cut(end.data, []byte(`"vocabulary_size":`))
	vocabulary := end.number("}}")
	share := func(n uint64) float64 { return math.Log(float64(n) / float64(reviews[0]+reviews[1])) }
	b.prior = bayesLogs{share(reviews[0]), share(reviews[1])}
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
			b.logs = append(b.logs, bayesLogs{math.Log(float64(n[0]+1) / all), math.Log(float64(n[1]+1) / all)})
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
	if in.bad || len(in.data) > 0 || len(b.logs) >= 1<<16 {
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

// add adds the first n bytes of x, one to eight.
func (h *speller) add(x uint64, n int) {
	size := uint(8 * n)
	x = x << (-size & 63) >> (-size & 63)
	h.block |= x << (h.bits & 63)
	if h.bits += size; h.bits >= 64 {
		h.bits -= 64
		h.mixed, h.block = mix(h.mixed^h.block), x>>((size-h.bits-1)&63)>>1
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
		if s := &b.slots[i]; s.settles(h) {
			return s
		}
	}
}

// settles reports whether the look-up of a hash ends at the slot: found, or not
// in the table.
func (s bayesSlot) settles(h uint64) bool { return (s^bayesSlot(h))&hashBits == 0 || s == 0 }

// word returns the index of the log-probabilities of what stands between two
// spaces.
func (b *Bayes) word(s string) uint16 {
	var h speller
	h.spell(bytesOf(s), 0, len(s))
	return uint16(*b.slot(h.hash()))
}

// spell adds the letters of s from i up to the first space or end, and returns
// where what is behind it begins.
func (h *speller) spell(s []byte, i, end int) int {
	for i < end {
		lower, n := letters(load(s, i))
		if n = min(n, end-i); n > 0 {
			h.add(lower, n)
			if i += n; n == 8 || i == end {
				continue
			}
		}
		switch c := s[i]; {
		case c == ' ':
			return i + 1
		case c < utf8.RuneSelf:
			i++
		case c == 0xe2 && end-i > 2 && s[i+1] == 0x80:
			i += 3 // a quotation mark or dash: these 64 runes have no letter
		default:
			r, size := utf8.DecodeRune(s[i:end])
			if i += size; unicode.IsLetter(r) {
				var wide [utf8.UTFMax]byte
				size = utf8.EncodeRune(wide[:], unicode.ToLower(r))
				h.add(load(wide[:], 0), size)
			}
		}
	}
	return end + 1
}

// bayesLogs has the log-probabilities of a word, below 0.
type bayesLogs struct{ negative, positive float64 }

// Score returns the log-odds of positive against negative, and the label of
// the library's Predict as -1 or 1. It returns false when no word is known.
func (b *Bayes) Score(sentence string) (odds float32, label int8, ok bool) {
	r := bayesRun{text: bytesOf(sentence)}
	r.spell(0, int32(len(sentence)))
	r.find(b)
	return b.score(r.words)
}

// score is Score for words by their indices. They are added up in the order of
// the text; a sum of 0 has none that is known.
func (b *Bayes) score(words []uint16) (odds float32, label int8, ok bool) {
	var negative, positive float64
	for _, k := range words {
		log := &b.logs[k]
		negative += log.negative
		positive += log.positive
	}
	if negative == 0 {
		return 0, 0, false
	}
	negative += b.prior.negative
	positive += b.prior.positive
	if label = -1; positive > negative {
		label = 1
	}
	return float32(positive - negative), label, true
}

// The first indices into Bayes.logs.
const (
	unknown uint16 = iota // a word that the library does not know
	nothing               // no word at all
	mixed                 // what must be spelled
)

// bayesWords is the classifier spread over a vocabulary: most words need no
// hash.
type bayesWords struct {
	*Bayes
	words []uint16 // by vocabulary id: index of the log-probabilities
}

func (b *Bayes) over(v *text.Vocabulary) *bayesWords {
	words := make([]uint16, v.Len())
	for id := range words {
		form := v.Form(int32(id))
		if form == "" || strings.HasSuffix(form, "*") || !ascii(form) {
			words[id] = mixed // the unknown word, a beginning of words, or letters that folding has changed
		} else {
			words[id] = b.word(form)
		}
	}
	return &bayesWords{b, words}
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// bayesRun is a stretch of sentences whose words are found.
type bayesRun struct {
	text    []byte           // of the article
	odd     []int32          // see oddBytes
	words   []uint16         // indices into Bayes.logs, in the order of the text
	ends    [stretch + 1]int // where the words of the sentences end, behind a 0
	spelled []spelled        // words that are not in the vocabulary
	from    int32            // byte behind the last space
	end     int32            // of the last token; -2 before a line break or the like, which joins words
	word    uint16           // what stands behind the last space
}

// spelled is a word by its letters.
type spelled struct {
	hash uint64
	slot bayesSlot // the first in which it may be
	at   int       // in bayesRun.words
}

// read finds the words of some sentences, a stretch at most, of a read article.
// What stands between two spaces is most often one word of the vocabulary, with
// or without punctuation; all else is spelled.
func (r *bayesRun) read(w *bayesWords, all string, tokens []model.Token, sentences []model.Sentence, sc *Scratch) {
	r.text, r.odd = bytesOf(all), sc.oddBytes(all, sentences[0].Start, sentences[len(sentences)-1].End)
	r.words, r.spelled = r.words[:0], r.spelled[:0]
	for i := range sentences {
		r.sentence(w, tokens, &sentences[i])
		r.ends[i+1] = len(r.words)
	}
	r.find(w.Bayes)
}

func (r *bayesRun) sentence(w *bayesWords, tokens []model.Token, s *model.Sentence) {
	r.from, r.end, r.word = s.Start, s.Start, nothing
	end := s.Start
	for i := s.First; ; {
		i += r.add(w.words, tokens[i:s.Last])
		if i > s.First {
			end = tokens[i-1].End
		}
		if i == s.Last {
			break
		}
		r.spell(r.from, end)
		r.word = nothing
	}
	if end == s.End && r.word != mixed {
		r.words = append(r.words, r.word)
	} else {
		r.spell(r.from, s.End)
	}
}

// spell adds the words between the spaces of a stretch of text, letter by
// letter. They wait for find.
func (r *bayesRun) spell(from, end int32) {
	for i := int(from); i <= int(end); {
		var h speller
		i = h.spell(r.text, i, int(end))
		r.spelled = append(r.spelled, spelled{hash: h.hash(), at: len(r.words)})
		r.words = append(r.words, unknown)
	}
}

// find finds what was spelled. It fetches all slots before it looks at one, so
// that the processor waits for them at once.
func (r *bayesRun) find(b *Bayes) {
	for i := range r.spelled {
		s := &r.spelled[i]
		s.slot = b.slots[s.hash&b.mask]
	}
	for i := range r.spelled {
		s := &r.spelled[i]
		if !s.slot.settles(s.hash) {
			s.slot = *b.slot(s.hash)
		}
		r.words[s.at] = uint16(s.slot)
	}
}

// of returns the words of a sentence of the stretch.
func (r *bayesRun) of(sentence int) []uint16 { return r.words[r.ends[sentence]:r.ends[sentence+1]] }

// lettered has the kinds of token in which letters can be.
const lettered = 1<<model.Word | 1<<model.Number | 1<<model.Clitic | 1<<model.URL | 1<<model.Symbol

// add adds the words of some tokens of a sentence and returns how many: all, or
// those before one in front of which stands what must be spelled. Within another
// function its loop would lack registers.
func (r *bayesRun) add(words []uint16, tokens []model.Token) int32 {
	n := len(r.words)
	r.words = slices.Grow(r.words, len(tokens))
	out := r.words[:cap(r.words)]
	end, word, odd := r.end, r.word, r.odd[0]
	for i := range tokens {
		t := &tokens[i]
		if start := t.Start; start == end+1 { // there is nothing but white space between tokens
			if word == mixed {
				r.end, r.words = end, out[:n]
				return int32(i)
			}
			out[n] = word
			n++
			r.from, word = start, nothing
		} else if start != end {
			word = mixed
		}
		if end = t.End; odd <= end {
			for odd < t.Start {
				r.odd = r.odd[1:]
				odd = r.odd[0]
			}
			if odd < end && t.Kind == model.Word {
				word = mixed
			}
			if int(end) < len(r.text) && r.text[end] < ' ' {
				end = -2
			}
		}
		if t.Kind == model.Word && word == nothing {
			word = words[t.ID]
		} else if lettered>>(t.Kind&15)&1 != 0 {
			word = mixed
		}
	}
	r.end, r.word, r.words = end, word, out[:n]
	return int32(len(tokens))
}

// oddBytes returns the places of a text where a rune beyond ASCII or a control
// character begins, and one behind all, until it is called again. Bytes behind
// one of them may be there too.
func (sc *Scratch) oddBytes(text string, from, to int32) []int32 {
	odd, all := sc.odd[:0], bytesOf(text)[:to]
	for at := int(from); at < len(all); {
		if at+32 <= len(all) {
			b := all[at : at+32]
			if (oddOf(binary.LittleEndian.Uint64(b))|oddOf(binary.LittleEndian.Uint64(b[8:]))|
				oddOf(binary.LittleEndian.Uint64(b[16:]))|oddOf(binary.LittleEndian.Uint64(b[24:])))&highBits == 0 {
				at += 32
				continue
			}
		}
		for x := oddOf(load(all, at)) & highBits; x != 0; x &= x - 1 {
			odd = append(odd, int32(at+bits.TrailingZeros64(x)/8))
		}
		at += 8
	}
	sc.odd = append(odd, math.MaxInt32)
	return sc.odd
}

// oddOf sets the highest bits of the bytes below a space and from 0xa0 on, which
// are those that begin the runes beyond ASCII and some of those that go on.
func oddOf(x uint64) uint64 { return x - ' '*eachByte }
