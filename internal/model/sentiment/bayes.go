package sentiment

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
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
		h := uint64(hashSeed)
		for _, c := range word {
			h = hashByte(h, c)
		}
		if counts = append(counts, count{finishHash(h), n, word}); len(counts) == cap(counts) {
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

const hashSeed = 14695981039346656037

// hashByte is a step of FNV-1a with 64 bits.
func hashByte(h uint64, c byte) uint64 { return (h ^ uint64(c)) * 1099511628211 }

// finishHash mixes the high bits into the low ones, which choose the slot. It
// is never 0.
func finishHash(h uint64) uint64 { return (h ^ h>>32) | 1 }

// slot returns the place of a hash, which is empty when it is not known.
func (b *Bayes) slot(h uint64) *bayesSlot {
	for i := h & b.mask; ; i = (i + 1) & b.mask {
		if s := &b.slots[i]; s.hash == h || s.hash == 0 {
			return s
		}
	}
}

// word returns the log-probabilities of what stands between two spaces; nil
// when the library does not know it.
func (b *Bayes) word(s string) *bayesSlot {
	n, h := 0, uint64(hashSeed)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch byteKinds[c] {
		case lowerByte:
			h = hashByte(h, c)
			n++
		case upperByte:
			h = hashByte(h, c+'a'-'A')
			n++
		case wideByte:
			r, size := utf8.DecodeRuneInString(s[i:])
			if i += size - 1; unicode.IsLetter(r) {
				var wide [utf8.UTFMax]byte
				for _, c := range utf8.AppendRune(wide[:0], unicode.ToLower(r)) {
					h = hashByte(h, c)
					n++
				}
			}
		}
	}
	if n == 0 {
		return nil
	}
	if slot := b.slot(finishHash(h)); slot.hash != 0 {
		return slot
	}
	return nil
}

// bayesSum adds words up in the order of the text.
type bayesSum struct {
	log   [2]float64
	known bool
}

func (s *bayesSum) add(log *[2]float64) {
	s.log[0] += log[0]
	s.log[1] += log[1]
	s.known = true
}

// result returns the log-odds of positive against negative, and the label of
// the library's Predict as -1 or 1; ok is false when no word is known.
func (s *bayesSum) result(b *Bayes) (odds float32, label int8, ok bool) {
	if !s.known {
		return 0, 0, false
	}
	s.log[0] += b.prior[0]
	s.log[1] += b.prior[1]
	if label = -1; s.log[1] > s.log[0] {
		label = 1
	}
	return float32(s.log[1] - s.log[0]), label, true
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
		var word string
		if word, s, more = strings.Cut(s, " "); word != "" {
			if w := b.word(word); w != nil {
				sum.add(&w.log)
			}
		}
	}
}

// bayesWords is the classifier by vocabulary id, for sentences in tokens: most
// words need no hash.
type bayesWords struct {
	*Bayes
	at   []int32      // by id: index into logs
	logs [][2]float64 // those of the words of reviews first that are common there: they are read most
}

// The first values of bayesWords.at.
const (
	spelled = iota // to be read letter by letter
	silent         // no word of the reviews
	numFixed
)

// over spreads the classifier over a vocabulary.
func (b *Bayes) over(v *text.Vocabulary) *bayesWords {
	w := &bayesWords{Bayes: b, at: make([]int32, v.Len())}
	type known struct {
		common float64
		id     int32
		log    *[2]float64
	}
	list := make([]known, 0, v.Len())
	for id := range w.at {
		form := v.Form(int32(id))
		if form == "" || strings.HasSuffix(form, "*") || !isASCII(form) {
			continue // the unknown word, a beginning of words, or letters that folding has changed
		}
		w.at[id] = silent
		if slot := b.word(form); slot != nil {
			list = append(list, known{slot.log[0] + slot.log[1], int32(id), &slot.log})
		}
	}
	slices.SortFunc(list, func(a, b known) int {
		return cmp.Or(cmp.Compare(b.common, a.common), cmp.Compare(a.id, b.id))
	})
	w.logs = make([][2]float64, numFixed, numFixed+len(list))
	for _, k := range list {
		w.at[k.id] = int32(len(w.logs))
		w.logs = append(w.logs, *k.log)
	}
	return w
}

// score is Score for a sentence of a read article. What stands between two
// spaces is most often one word of the vocabulary, with or without
// punctuation; all else is spelled.
func (w *bayesWords) score(all string, tokens []model.Token, s *model.Sentence) (odds float32, label int8, ok bool) {
	const noLetters = -1
	var sum bayesSum
	ascii := isASCII(s.In(all))
	at, start, end := int32(noLetters), s.Start, s.Start // between the spaces around here
	settle := func() {
		switch {
		case at == spelled:
			w.spell(all[start:end], &sum) // a token may have spaces within
		case at > silent:
			sum.add(&w.logs[at])
		}
	}
	for i := s.First; i < s.Last; i++ {
		t := &tokens[i]
		if t.Start != end {
			if t.Start != end+1 || all[end] != ' ' {
				return w.Score(s.In(all)) // a line break or markup, which may join words or hold some
			}
			settle()
			at, start = noLetters, t.Start
		}
		end = t.End
		if !ascii && !isASCII(t.In(all)) {
			at = spelled
			continue
		}
		switch t.Kind {
		case model.Word:
			if at == noLetters {
				at = w.at[t.ID]
			} else {
				at = spelled
			}
		case model.Punctuation, model.Hyphen, model.Dash, model.QuoteMark:
		default:
			at = spelled
		}
	}
	if end != s.End {
		return w.Score(s.In(all))
	}
	settle()
	return sum.result(w.Bayes)
}

func isASCII(s string) bool {
	or := byte(0)
	for i := range len(s) {
		or |= s[i]
	}
	return or < utf8.RuneSelf
}

const (
	otherByte = iota // dropped; a space is never read
	lowerByte
	upperByte
	wideByte // first or further byte of a rune that is not ASCII
)

var byteKinds = func() (k [256]byte) {
	for c := range 256 {
		switch {
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
