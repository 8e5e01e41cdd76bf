package sentiment

import (
	"math"
	"math/bits"
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// Reach of the operators in units. A unit is a word, or a whole mention: names
// of one word and of five must leave the rest of the sentence the same score.
const (
	negationReach = 6
	reversalReach = 5
	degreeReach   = 2
	modalReach    = 8
)

// What is left of a polarity that is negated or reversed: what is not good is
// bad, what is not bad is not yet good.
const (
	flippedPositive = -0.7
	flippedNegative = -0.3
)

// The dense features. Those in front describe the sentence; each of the signed
// ones exists for positive and for negative hits and adds up their strengths.
const (
	bias = iota
	balance
	density
	question
	exclamation
	length
	contrast
	negators
	quotedWhole
	numGlobal
)

const (
	strength = iota // of hits that nothing flips
	count           // number of them
	root            // square root of strength: the second hit says less than the first
	negated
	reversed
	intensified
	weakened
	afterBut
	beforeBut
	hypothetical
	required
	questioned
	late // strength times the place in the sentence, from 0 to 1
	quoted
	headline
	numSigned
)

const (
	positive = numGlobal
	negative = numGlobal + numSigned
	numDense = numGlobal + 2*numSigned
)

var (
	globalNames = [numGlobal]string{"bias", "balance", "density", "question", "exclamation", "length", "contrast", "negators", "quotation"}
	signedNames = [numSigned]string{"strength", "count", "root", "negated", "reversed", "intensified", "weakened", "after-but",
		"before-but", "hypothetical", "required", "questioned", "late", "quoted", "headline"}
)

// denseName returns the name of a dense feature in the table of weights.
func denseName(i int) string {
	switch {
	case i < positive:
		return globalNames[i]
	case i < negative:
		return "positive:" + signedNames[i-positive]
	}
	return "negative:" + signedNames[i-negative]
}

// flags are the circumstances of a hit, by signed feature.
type flags uint32

func (f flags) has(signed int) bool { return f&(1<<signed) != 0 }

// hit is a lexicon entry found in a sentence.
type hit struct {
	entry             // its polarity is the prior times the degree
	first, last int32 // tokens, half-open
	unit        int32
	flags       flags
}

// flips reports whether the hit counts for the other side.
func (h *hit) flips() bool { return h.flags.has(negated) || h.flags.has(reversed) }

// sign returns the factor of the polarity: 1, or what is left when flipped.
func (h *hit) sign() float64 {
	switch {
	case !h.flips():
		return 1
	case h.polarity > 0:
		return flippedPositive
	}
	return flippedNegative
}

// side returns the first feature of the hit's side and its strength. Which side
// it is cannot be foretold, so there is no branch.
func (h *hit) side() (first int, strength float64) {
	return positive + int(math.Float32bits(h.polarity)>>31)*numSigned, math.Abs(float64(h.polarity))
}

// Extractor finds the features of sentences. It is immutable and safe for
// concurrent use; Scratch holds what one worker needs.
type Extractor struct {
	p        *rules.Program
	words    []string // distinct lexicon texts
	wordOf   []int32  // by lexicon entry
	classes  []string
	classOf  []int32       // by lexicon entry
	acts     []act         // by vocabulary id
	facts    []fact        // by vocabulary id
	weights  []packed      // of words, by vocabulary id less 1 as far as there are any, and 0 behind
	lists    [][]operator  // the operators that a word is alone; the first is empty
	ops      []operator    // by operator of the program
	openings text.TokenSet // first two words of phrases, of lexicon and operators, and which of them it is
	threes   text.TokenSet // first three words of the longer ones
	pairs    pairTable     // phrases of two words of the lexicon
	learning bool          // every word is a feature; else those with a weight
	entries  []float32     // weights of lexicon texts
}

// entry is what the lexicon says of a match.
type entry struct {
	word     int32   // index of the text
	polarity float32 // mean of the entries of the same length
	weight   float32 // learned; 0 while learning
	class    uint16
	length   uint8 // in tokens; 0 without a match
	reversal bool
}

// fact is what a word means alone.
type fact struct {
	entry
	operators uint16 // index into lists
}

// NewExtractor prepares the features of a program. Every word of its
// vocabulary is a feature.
func NewExtractor(p *rules.Program) *Extractor {
	x := newExtractor(p)
	x.learning, x.weights = true, make([]packed, p.Vocabulary.Len())
	return x
}

// newExtractor returns an extractor for which no word is a feature.
func newExtractor(p *rules.Program) *Extractor {
	x := &Extractor{p: p, acts: make([]act, p.Vocabulary.Len()), facts: make([]fact, p.Vocabulary.Len()), weights: make([]packed, 1), lists: make([][]operator, 1)}
	words, classes := make(map[string]int32, len(p.Lexicon)), map[string]int32{}
	index := func(m map[string]int32, list *[]string, s string) int32 {
		i, ok := m[s]
		if !ok {
			i = int32(len(*list))
			m[s] = i
			*list = append(*list, s)
		}
		return i
	}
	x.words = make([]string, 0, len(p.Lexicon))
	x.wordOf, x.classOf = make([]int32, 0, len(p.Lexicon)), make([]int32, 0, len(p.Lexicon))
	for _, e := range p.Lexicon {
		x.wordOf = append(x.wordOf, index(words, &x.words, e.Text))
		x.classOf = append(x.classOf, index(classes, &x.classes, e.Class))
	}
	for i := range p.Operators {
		x.ops = append(x.ops, operatorOf(&p.Operators[i]))
	}
	for id := range x.facts {
		x.singles(int32(id))
	}
	var pairs []pairEntry
	p.LexiconPhrases.Openings(func(a, b, c int32) {
		if x.opening(startsPhrase, a, b, c); c < 0 {
			x.openings.Add(a, b, pairPhrase)
			both := [2]model.Token{{ID: a}, {ID: b}}
			pairs = append(pairs, pairEntry{a, b, x.longest(p.LexiconPhrases.Match(both[:], 0, nil))})
		}
	})
	x.pairs.fill(pairs)
	p.OperatorPhrases.Openings(func(a, b, c int32) {
		x.opening(startsOperator, a, b, c)
		x.openings.Add(a, b, operatorPhrase)
	})
	return x
}

// In place of a third word in Extractor.openings.
const (
	anyPhrase      = 0
	pairPhrase     = -1 // of the lexicon, and of no more than the two words
	operatorPhrase = -2
)

// opening marks the words with which a phrase begins.
func (x *Extractor) opening(starts act, a, b, c int32) {
	x.acts[a] |= starts
	x.openings.Add(a, b, anyPhrase)
	if c >= 0 {
		x.threes.Add(a, b, c)
	}
}

// singles prepares what a word means alone, so that only words that can begin
// a phrase are matched while reading.
func (x *Extractor) singles(id int32) {
	alone, f := [1]model.Token{{ID: id}}, &x.facts[id]
	if f.entry = x.longest(x.p.LexiconPhrases.Match(alone[:], 0, nil)); f.length > 0 {
		x.acts[id] |= startsEntry
	}
	var list []operator
	for _, m := range x.p.OperatorPhrases.Match(alone[:], 0, nil) {
		if op := x.ops[m.Value]; op.does != nothing {
			list = append(list, op)
		}
	}
	if len(list) == 0 {
		return
	}
	i := slices.IndexFunc(x.lists, func(l []operator) bool { return slices.Equal(l, list) })
	if i < 0 {
		i = len(x.lists)
		x.lists = append(x.lists, list)
	}
	f.operators = uint16(i)
	x.acts[id] |= operates
}

// weigh gives a word a weight.
func (x *Extractor) weigh(id int32, w fixed) {
	if n := int(id) + 1 - len(x.weights); n > 0 {
		x.weights = append(x.weights, make([]packed, n)...)
	}
	x.weights[id-1] = w.pack()
}

// weight returns the weight of a word; 0 when it is none that was learned.
func (x *Extractor) weight(id int32) packed {
	return x.weights[min(uint32(id-1), uint32(len(x.weights)-1))]
}

// longest joins the entries of the longest of the matches.
func (x *Extractor) longest(matches []text.Match) (e entry) {
	n := len(matches)
	if n == 0 {
		return e
	}
	size, same := matches[n-1].Len, float32(0)
	for k := n - 1; k >= 0 && matches[k].Len == size; k-- {
		v := matches[k].Value
		e.word, e.class = x.wordOf[v], uint16(x.classOf[v])
		e.polarity += x.p.Lexicon[v].Polarity
		e.reversal = e.reversal || x.p.Lexicon[v].Reversal
		same++
	}
	e.polarity /= same
	e.length = uint8(size)
	if x.entries != nil {
		e.weight = x.entries[e.word]
	}
	return e
}

// pairTable maps two ids to the entry of their phrase, by open addressing.
type pairTable struct {
	slots []pairEntry // a of 0 is empty
	mask  uint64
}

type pairEntry struct {
	a, b int32
	entry
}

func (t *pairTable) fill(pairs []pairEntry) {
	size := 16
	for size < 2*len(pairs) {
		size *= 2
	}
	t.slots, t.mask = make([]pairEntry, size), uint64(size-1)
	for _, p := range pairs {
		h := text.HashTokens(p.a, p.b, 0) >> 32 & t.mask
		for t.slots[h].a != 0 {
			h = (h + 1) & t.mask
		}
		t.slots[h] = p
	}
}

// get returns the entry of a phrase of two words; nil when there is none.
func (t *pairTable) get(a, b int32) *entry {
	for h := text.HashTokens(a, b, 0) >> 32 & t.mask; t.slots[h].a != 0; h = (h + 1) & t.mask {
		if p := &t.slots[h]; p.a == a && p.b == b {
			return &p.entry
		}
	}
	return nil
}

// sum completes the hits and the dense features of a sentence that is read.
func (x *Extractor) sum(s *model.Sentence, r *reading, exclaims bool) {
	sc := r.sc
	d, common := &sc.dense, flags(0)
	if s.Question {
		common |= 1 << questioned
	}
	if s.Section == model.SectionHeadline || s.Section == model.SectionHeadlineRepeat {
		common |= 1 << headline
	}
	if r.but >= 0 || common != 0 {
		for i := range sc.hits {
			h := &sc.hits[i]
			h.flags |= common
			if h.unit > r.but && r.but >= 0 {
				h.flags |= 1 << afterBut
				h.flags &^= 1 << beforeBut
			} else if r.but >= 0 {
				h.flags |= 1 << beforeBut
			}
		}
	}
	if x.learning {
		sc.tally()
	}
	for _, side := range [...]int{positive, negative} {
		if v := d[side+strength]; v > 0 {
			d[side+root] = math.Sqrt(v)
		}
	}
	units, net := max(r.units, 1), sc.net
	d[bias] = 1
	if net != 0 {
		d[balance] = math.Tanh(net / 2)
		d[density] = net / math.Sqrt(float64(units)+5)
	}
	d[question] = indicator(s.Question)
	d[exclamation] = indicator(exclaims)
	if int(units) < len(logs) {
		d[length] = logs[units] - 3
	} else {
		d[length] = math.Log(float64(units)+1) - 3
	}
	d[contrast] = indicator(r.but >= 0)
	d[negators] = float64(r.negators)
	d[quotedWhole] = indicator(s.Quoted == model.QuotedAll)
}

// tally adds up by circumstance what only learning wants to know of the hits.
func (sc *Scratch) tally() {
	for i := range sc.hits {
		h := &sc.hits[i]
		side, e := h.side()
		switch {
		case h.flags.has(negated):
			sc.dense[side+negated] += e
		case h.flags.has(reversed):
			sc.dense[side+reversed] += e
		default:
			sc.dense[side+count]++
			for f := h.flags; f != 0; f &= f - 1 {
				sc.dense[side+bits.TrailingZeros32(uint32(f))] += e
			}
		}
	}
}

// logs holds log(n + 1).
var logs = func() (t [128]float64) {
	for n := range t {
		t[n] = math.Log(float64(n) + 1)
	}
	return t
}()

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
