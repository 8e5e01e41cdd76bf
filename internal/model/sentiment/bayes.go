package sentiment

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

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
	prior [2]float64
}

// bayesSlot is a place of the hash table; a hash of 0 is empty. Words are told
// apart by 64 bits of hash, which the known ones share with none of each
// other, so that a look-up touches one cache line.
type bayesSlot struct {
	hash uint64
	log  [2]float64
}

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
	b := &Bayes{slots: make([]bayesSlot, size), mask: uint64(size - 1)}
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
		n    [2]uint64
		word []byte
	}
	// Words are entered many at a time, so that the processor waits for several
	// places of the table at once.
	counts := make([]count, 0, 64)
	enter := func() error {
		for i := range counts {
			c := &counts[i]
			slot := b.slot(c.hash)
			if slot.hash != 0 {
				return fmt.Errorf("the hash of word %q is not its own", c.word)
			}
			slot.hash = c.hash
			all := float64(c.n[0] + c.n[1] + vocabulary)
			slot.log = [2]float64{math.Log(float64(c.n[0]+1) / all), math.Log(float64(c.n[1]+1) / all)}
		}
		counts = counts[:0]
		return nil
	}
	in := bayesJSON{data: data[:tail], bad: end.bad}
	in.skip(`{"en":{"words":{`)
	for more := true; more && !in.bad; more = in.next(',') {
		word := in.word()
		in.skip(`:{"Count":[`)
		n := [2]uint64{in.number(","), in.number(`],"Seen":`)}
		if seen := in.number("}"); seen != n[0]+n[1] {
			return nil, fmt.Errorf("word %q is seen %d times, counted %d", word, seen, n[0]+n[1])
		}
		var h speller
		for _, c := range word {
			h.add(c)
		}
		if counts = append(counts, count{h.hash(), n, word}); len(counts) == cap(counts) {
			if err := enter(); err != nil {
				return nil, err
			}
		}
	}
	if err := enter(); err != nil {
		return nil, err
	}
	if in.bad || len(in.data) > 0 {
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

// speller hashes a word letter by letter, eight bytes at a time.
type speller struct {
	mixed, block uint64
	at           uint8 // bits in the block
}

func (h *speller) add(c byte) {
	h.block |= uint64(c) << (h.at & 63)
	if h.at += 8; h.at == 64 {
		h.mixed, h.block, h.at = mix(h.mixed^h.block), 0, 0
	}
}

// empty reports whether there was no letter.
func (h *speller) empty() bool { return h.mixed|h.block == 0 }

// hash is never 0.
func (h *speller) hash() uint64 { return mix(h.mixed^h.block) | 1 }

// mix takes 0 to 0 and nothing else that is likely.
func mix(x uint64) uint64 {
	x *= 0x9e3779b97f4a7c15
	return x ^ x>>32
}

// slot returns the place of a hash, which is empty when it is not known.
func (b *Bayes) slot(h uint64) *bayesSlot {
	for i := h & b.mask; ; i = (i + 1) & b.mask {
		if s := &b.slots[i]; s.hash == h || s.hash == 0 {
			return s
		}
	}
}

// find returns the log-probabilities of a word; nil when the library does not
// know it.
func (b *Bayes) find(h *speller) *bayesSlot {
	if h.empty() {
		return nil
	}
	if slot := b.slot(h.hash()); slot.hash != 0 {
		return slot
	}
	return nil
}

// word returns the log-probabilities of what stands between two spaces; nil
// when the library does not know it.
func (b *Bayes) word(s string) *bayesSlot {
	var h speller
	h.spell(s)
	return b.find(&h)
}

// spell adds the letters of s up to the first space, and returns what is behind
// it.
func (h *speller) spell(s string) (behind string, more bool) {
	for i := 0; i < len(s); i++ {
		switch c := byteKinds[s[i]]; c {
		default:
			h.add(c)
		case otherByte:
		case spaceByte:
			return s[i+1:], true
		case wideByte:
			r, size := utf8.DecodeRuneInString(s[i:])
			if i += size - 1; unicode.IsLetter(r) {
				var wide [utf8.UTFMax]byte
				for _, c := range utf8.AppendRune(wide[:0], unicode.ToLower(r)) {
					h.add(c)
				}
			}
		}
	}
	return "", false
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
	b.spell(sentence, &sum)
	return sum.result(b)
}

// spell adds the words between the spaces of a text.
func (b *Bayes) spell(s string, sum *bayesSum) {
	for more := true; more; {
		var h speller
		s, more = h.spell(s)
		if w := b.find(&h); w != nil {
			sum.add(&w.log)
		}
	}
}

// bayesWords is the classifier by vocabulary id, for sentences in tokens: most
// words need no hash. A word that the reviews lack has 0, and what must be read
// letter by letter a number above 0.
type bayesWords struct {
	*Bayes
	logs [][2]float64
}

// over spreads the classifier over a vocabulary.
func (b *Bayes) over(v *text.Vocabulary) *bayesWords {
	w := &bayesWords{b, make([][2]float64, v.Len())}
	for id := range w.logs {
		form := v.Form(int32(id))
		if form == "" || strings.HasSuffix(form, "*") || !isASCII(form) {
			w.logs[id] = spelled // the unknown word, a beginning of words, or letters that folding has changed
		} else if slot := b.word(form); slot != nil {
			w.logs[id] = slot.log
		}
	}
	return w
}

var spelled = [2]float64{1, 1}

// score is Score for a sentence of a read article. What stands between two
// spaces is most often one word of the vocabulary, with or without
// punctuation; all else is spelled.
func (w *bayesWords) score(all string, tokens []model.Token, s *model.Sentence) (odds float32, label int8, ok bool) {
	if s.First == s.Last || tokens[s.First].Start != s.Start || tokens[s.Last-1].End != s.End {
		return w.Score(s.In(all))
	}
	var sum bayesSum
	ascii := isASCII(s.In(all))
	for i := s.First; i < s.Last; {
		// The tokens between the spaces around here.
		start := tokens[i].Start
		words, word, odd := 0, int32(0), false
		end := start
		for {
			t := &tokens[i]
			if t.Start != end {
				break
			}
			i++
			end = t.End
			switch t.Kind {
			case model.Word:
				words++
				word = t.ID
			case model.Punctuation, model.Hyphen, model.Dash, model.QuoteMark:
			default:
				odd = true
			}
			if i == s.Last {
				break
			}
		}
		if i < s.Last && (tokens[i].Start != end+1 || all[end] != ' ') {
			return w.Score(s.In(all)) // a line break or markup, which may join words or hold some
		}
		switch log := &w.logs[word]; {
		case words == 1 && !odd && log[0] <= 0 && (ascii || isASCII(all[start:end])):
			sum.add(log)
		case words > 0 || odd || !ascii:
			w.spell(all[start:end], &sum) // a token may have spaces within
		}
	}
	return sum.result(w.Bayes)
}

func isASCII(s string) bool {
	or := uint64(0)
	for ; len(s) >= 8; s = s[8:] {
		or |= uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	}
	for i := range len(s) {
		or |= uint64(s[i])
	}
	return or&0x8080808080808080 == 0
}

// byteKinds gives the lower case of an ASCII letter, or what else a byte is.
const (
	otherByte = iota // dropped
	spaceByte
	wideByte // first or further byte of a rune that is not ASCII
)

var byteKinds = func() (k [256]byte) {
	for c := range 256 {
		switch {
		case 'a' <= c && c <= 'z':
			k[c] = byte(c)
		case 'A' <= c && c <= 'Z':
			k[c] = byte(c) + 'a' - 'A'
		case c == ' ':
			k[c] = spaceByte
		case c >= utf8.RuneSelf:
			k[c] = wideByte
		}
	}
	return k
}()
