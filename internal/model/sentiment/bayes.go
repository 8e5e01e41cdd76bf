package sentiment

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/cdipaolo/sentiment"
)

// Bayes is the naive Bayes classifier of cdipaolo/sentiment, trained by its
// authors on film reviews, as a table of log-probabilities. It is immutable
// and safe for concurrent use.
//
// The library keeps letters and spaces only, lowers the case and splits at
// single spaces, so "don't" is "dont" and a line break joins two words.
// Bayes does the same in one pass over the bytes and adds in the same order,
// so that its label is that of the library's Predict for every valid text.
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

// bayesCounts are the numbers behind the classifier: how many negative and
// positive reviews there were, how many words the library counted, and how
// often each word stood in either.
type bayesCounts struct {
	reviews    [2]uint64
	vocabulary uint64
	words      map[string][2]uint64
}

// NewBayes restores the library's model, once in a process: it takes a quarter
// of a second. Its error says that the library is not what it was.
func NewBayes() (*Bayes, error) { return restored() }

var restored = sync.OnceValues(func() (*Bayes, error) {
	c, err := restore()
	if err != nil {
		return nil, err
	}
	return newBayes(c)
})

// restore reads the counts out of the library's model. The word table is not
// exported, but its JSON form is.
func restore() (c bayesCounts, err error) {
	models, err := sentiment.Restore()
	if err != nil {
		return c, fmt.Errorf("cdipaolo/sentiment: %w", err)
	}
	m := models[sentiment.English]
	if m == nil || len(m.Count) != 2 {
		return c, errors.New("cdipaolo/sentiment: no English model with two classes")
	}
	data, err := m.Words.MarshalJSON()
	if err != nil {
		return c, fmt.Errorf("cdipaolo/sentiment: %w", err)
	}
	var words map[string]struct {
		Count [2]uint64
		Seen  uint64
	}
	if err := json.Unmarshal(data, &words); err != nil {
		return c, fmt.Errorf("cdipaolo/sentiment: %w", err)
	}
	c = bayesCounts{reviews: [2]uint64{m.Count[0], m.Count[1]}, vocabulary: m.DictCount, words: make(map[string][2]uint64, len(words))}
	for w, n := range words {
		if n.Seen != n.Count[0]+n.Count[1] {
			return c, fmt.Errorf("cdipaolo/sentiment: word %q is seen %d times, counted %d", w, n.Seen, n.Count[0]+n.Count[1])
		}
		c.words[w] = n.Count
	}
	return c, nil
}

// newBayes makes the table of log-probabilities, smoothed as the library does.
func newBayes(c bayesCounts) (*Bayes, error) {
	b := sized(len(c.words))
	all := float64(c.reviews[0] + c.reviews[1])
	for i, n := range c.reviews {
		b.prior[i] = math.Log(float64(n) / all)
	}
	for word, n := range c.words {
		h := uint64(hashSeed)
		for i := range len(word) {
			h = hashByte(h, word[i])
		}
		h = finishHash(h)
		slot := h & b.mask
		for ; b.slots[slot].hash != 0; slot = (slot + 1) & b.mask {
			if b.slots[slot].hash == h {
				return nil, fmt.Errorf("cdipaolo/sentiment: the hash of word %q is not its own", word)
			}
		}
		seen := float64(n[0] + n[1] + c.vocabulary)
		b.slots[slot] = bayesSlot{h, [2]float64{math.Log(float64(n[0]+1) / seen), math.Log(float64(n[1]+1) / seen)}}
	}
	return b, nil
}

// table renders b for readBayes: the priors, then hash and logs of each word.
func (b *Bayes) table() []byte {
	var t []byte
	add := func(v float64) { t = binary.LittleEndian.AppendUint64(t, math.Float64bits(v)) }
	add(b.prior[0])
	add(b.prior[1])
	for i := range b.slots {
		if w := &b.slots[i]; w.hash != 0 {
			t = binary.LittleEndian.AppendUint64(t, w.hash)
			add(w.log[0])
			add(w.log[1])
		}
	}
	return t
}

// readBayes reads what table rendered.
func readBayes(t []byte) (*Bayes, error) {
	if len(t) < 16 || (len(t)-16)%24 != 0 {
		return nil, errors.New("a kept table of the Bayes scorer is damaged")
	}
	at := func(i int) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(t[i:])) }
	b := sized((len(t) - 16) / 24)
	b.prior = [2]float64{at(0), at(8)}
	for i := 16; i < len(t); i += 24 {
		h := binary.LittleEndian.Uint64(t[i:])
		slot := h & b.mask
		for ; b.slots[slot].hash != 0; slot = (slot + 1) & b.mask {
		}
		b.slots[slot] = bayesSlot{h, [2]float64{at(i + 8), at(i + 16)}}
	}
	return b, nil
}

// sized returns an empty table for so many words.
func sized(words int) *Bayes {
	size := 16
	for size < 2*words {
		size *= 2
	}
	return &Bayes{slots: make([]bayesSlot, size), mask: uint64(size - 1)}
}

const hashSeed = 14695981039346656037

// hashByte is a step of FNV-1a with 64 bits.
func hashByte(h uint64, c byte) uint64 { return (h ^ uint64(c)) * 1099511628211 }

// finishHash mixes the high bits into the low ones, which choose the slot. It
// is never 0.
func finishHash(h uint64) uint64 { return (h ^ h>>32) | 1 }

// Score returns the log-odds of positive against negative, and the label of
// the library's Predict as -1 or 1. It returns false when no word is known.
func (b *Bayes) Score(sentence string) (odds float32, label int8, ok bool) {
	n, h := 0, uint64(hashSeed)
	var sum [2]float64
	for i := 0; i <= len(sentence); i++ {
		c := byte(' ')
		if i < len(sentence) {
			c = sentence[i]
		}
		switch byteKinds[c] {
		case lowerByte:
			h = hashByte(h, c)
			n++
			continue
		case upperByte:
			h = hashByte(h, c+'a'-'A')
			n++
			continue
		case otherByte:
			continue
		case wideByte:
			r, size := utf8.DecodeRuneInString(sentence[i:])
			if i += size - 1; unicode.IsLetter(r) {
				var wide [utf8.UTFMax]byte
				for _, c := range utf8.AppendRune(wide[:0], unicode.ToLower(r)) {
					h = hashByte(h, c)
					n++
				}
			}
			continue
		}
		if n > 0 { // a space
			h = finishHash(h)
			for slot := h & b.mask; b.slots[slot].hash != 0; slot = (slot + 1) & b.mask {
				if w := &b.slots[slot]; w.hash == h {
					sum[0] += w.log[0]
					sum[1] += w.log[1]
					ok = true
					break
				}
			}
		}
		n, h = 0, hashSeed
	}
	if !ok {
		return 0, 0, false
	}
	sum[0] += b.prior[0]
	sum[1] += b.prior[1]
	if label = -1; sum[1] > sum[0] {
		label = 1
	}
	return float32(sum[1] - sum[0]), label, true
}

const (
	otherByte = iota // dropped
	lowerByte
	upperByte
	spaceByte
	wideByte // first or further byte of a rune that is not ASCII
)

var byteKinds = func() (k [256]byte) {
	for c := range 256 {
		switch {
		case c == ' ':
			k[c] = spaceByte
		case 'a' <= c && c <= 'z':
			k[c] = lowerByte
		case 'A' <= c && c <= 'Z':
			k[c] = upperByte
		case c >= utf8.RuneSelf:
			k[c] = wideByte
		}
	}
	return k
}()
