package sentiment

import (
	"math"
	"math/bits"

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

// IsDense reports whether a dense feature has the name.
func IsDense(name string) bool {
	for i := range numDense {
		if denseName(i) == name {
			return true
		}
	}
	return false
}

// flags are the circumstances of a hit, by signed feature.
type flags uint32

func (f flags) has(signed int) bool { return f&(1<<signed) != 0 }

// hit is a lexicon entry found in a sentence.
type hit struct {
	polarity    float32 // the prior times the degree
	weight      float32 // learned; 0 while learning
	class       uint16
	word        int32 // index of the text; only while learning and tracing
	first, last int32 // tokens, half-open
	unit        int32
	flags       flags
}

// flips reports whether the hit counts for the other side.
func (h *hit) flips() bool { return h.flags&(1<<negated|1<<reversed) != 0 }

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

// side returns 0 for a positive hit and 1 for a negative one. Which it is
// cannot be foretold, so there is no branch.
func (h *hit) side() int { return int(math.Float32bits(h.polarity) >> 31) }

// strength is the polarity without its sign.
func (h *hit) strength() float64 { return math.Abs(float64(h.polarity)) }

// Extractor finds the features of sentences. It is immutable and safe for
// concurrent use; Scratch holds what one worker needs.
type Extractor struct {
	p           *rules.Program
	words       []string // distinct lexicon texts
	wordOf      []int32  // by lexicon entry
	classes     []string
	classOf     []int32     // by lexicon entry
	senses      []sense     // the first is that of most words: none
	facts       []fact      // by vocabulary id: what a word means alone
	phrases     phraseTable // of the lexicon and of operators
	determiners []uint64    // set of vocabulary ids
	learning    bool        // every word is a feature; else those with a weight
	weights     []packed    // of words, by vocabulary id as far as there are any, and 0 behind
	entries     []float32   // weights of lexicon texts; nil while learning
}

// act is a set of what a word or phrase can do beside its effects.
type act uint8

const (
	isEntry     act = 1 << iota // of the lexicon
	turns                       // its entry reverses what follows
	coordinates                 // begins with a coordinator
)

// fact is what a word or phrase means by itself.
type fact struct {
	entry float32 // weight of the entry, learned; 0 while learning
	sense int32   // index into Extractor.senses
}

// sense is what many words and phrases have in common.
type sense struct {
	polarity float32 // mean of the entries
	factor   float32 // by which it grades
	class    uint16
	can      act
	does     effects
}

// NewExtractor prepares the features of a program. Every word of its
// vocabulary is a feature.
func NewExtractor(p *rules.Program) *Extractor {
	x := newExtractor(p)
	x.find()
	x.learning, x.weights = true, make([]packed, p.Vocabulary.Len()+1)
	return x
}

// newExtractor returns an extractor for which no word is a feature. It is
// ready with find, once it has the weights of the lexicon.
func newExtractor(p *rules.Program) *Extractor {
	x := &Extractor{p: p, weights: make([]packed, 1)}
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
	return x
}

// find prepares what words and phrases mean.
func (x *Extractor) find() {
	x.senses, x.facts = make([]sense, 1), make([]fact, x.p.Vocabulary.Len())
	index := map[sense]int32{{}: 0}
	factOf := func(ids []int32) fact {
		s, weight := x.sense(ids)
		at, ok := index[s]
		if !ok {
			at = int32(len(x.senses))
			index[s] = at
			x.senses = append(x.senses, s)
		}
		return fact{weight, at}
	}
	lists := [...]*text.Phrases{x.p.LexiconPhrases, x.p.OperatorPhrases}
	x.determiners = make([]uint64, len(x.facts)>>6+1)
	var one [1]int32
	for id := range x.facts {
		if x.p.Vocabulary.Class(int32(id))&text.Determiner != 0 {
			x.determiners[id>>6] |= 1 << (id & 63)
		}
		if one[0] = int32(id); lists[0].Starts(one[0]) || lists[1].Starts(one[0]) {
			x.facts[id] = factOf(one[:])
		}
	}
	n := 0
	for _, p := range lists {
		p.Each(func(ids []int32) { n += len(ids) - 1 })
	}
	x.phrases.grow(n)
	for _, p := range lists {
		p.Each(func(ids []int32) { x.phrases.add(ids, factOf(ids)) })
	}
}

// sense returns what a word or phrase means, and the weight of its entry.
func (x *Extractor) sense(ids []int32) (s sense, weight float32) {
	tokens := make([]model.Token, len(ids))
	for i, id := range ids {
		tokens[i].ID = id
	}
	if e := x.longest(x.p.LexiconPhrases.Match(tokens, 0, nil)); int(e.length) == len(ids) {
		s, weight = e.sense, e.weight
	}
	for _, m := range x.p.OperatorPhrases.Match(tokens, 0, nil) {
		if op := &x.p.Operators[m.Value]; int(m.Len) == len(ids) {
			s.does |= effectsOf(op)
			if op.Kind == rules.OpDegree {
				s.factor = op.Factor
			}
		}
	}
	if s.does&contrasts != 0 && x.p.Vocabulary.Class(ids[0])&text.Coordinator != 0 {
		s.can |= coordinates
	}
	return s, weight
}

// weigh gives a word a weight.
func (x *Extractor) weigh(id int32, w fixed) {
	if n := int(id) + 2 - len(x.weights); n > 0 {
		x.weights = append(x.weights, make([]packed, n)...)
	}
	x.weights[id] = w.pack()
}

// weight returns the weight of a word; 0 when it is none that was learned.
func (x *Extractor) weight(id int32) packed {
	return x.weights[min(uint32(id), uint32(len(x.weights)-1))]
}

// learned reports whether a word has a weight.
func (x *Extractor) learned(id int32) bool { return id > 0 && int(id) < len(x.weights)-1 }

// determiner returns 1 for a word that can be one, else 0.
func (x *Extractor) determiner(id int32) int32 { return int32(x.determiners[id>>6] >> (id & 63) & 1) }

// entry is what the lexicon says of a match.
type entry struct {
	sense
	weight float32
	word   int32 // index of the text
	length int32 // in tokens; 0 without a match
}

// longest joins the entries of the longest of the matches.
func (x *Extractor) longest(matches []text.Match) (e entry) {
	n := len(matches)
	if n == 0 {
		return e
	}
	same := float32(0)
	e.can, e.length = isEntry, matches[n-1].Len
	for k := n - 1; k >= 0 && matches[k].Len == e.length; k-- {
		v := matches[k].Value
		e.word, e.class = x.wordOf[v], uint16(x.classOf[v])
		e.polarity += x.p.Lexicon[v].Polarity
		if x.p.Lexicon[v].Reversal {
			e.can |= turns
		}
		same++
	}
	e.polarity /= same
	if x.entries != nil {
		e.weight = x.entries[e.word]
	}
	return e
}

// phraseTable holds what phrases of several words mean, by open addressing: a
// trie whose nodes are found by the one before and a word.
type phraseTable struct {
	openings text.TokenSet // first two words of all phrases, first three of the longer ones
	nodes    []phraseNode
	mask     uint64
}

// phraseNode is what a phrase means so far; nothing unless one ends here.
type phraseNode struct {
	fact
	before int32 // for a second word the first one; behind it the complement of the index of the node before
	id     int32 // the word; 0 is empty
}

// grow makes room for n nodes.
func (t *phraseTable) grow(n int) {
	size := 16
	for 2*size < 3*n {
		size *= 2
	}
	t.nodes, t.mask, t.openings = make([]phraseNode, size), uint64(size-1), make(text.TokenSet, 1<<11)
}

// add adds a phrase.
func (t *phraseTable) add(ids []int32, f fact) {
	t.openings.Add(text.HashTokens(ids[0], ids[1], 0), 0)
	if len(ids) > 2 {
		t.openings.Add(text.HashTokens(ids[0], ids[1], ids[2]), 0)
	}
	at, before := int32(0), ids[0]
	for _, id := range ids[1:] {
		at = t.slot(before, id)
		t.nodes[at].before, t.nodes[at].id = before, id
		before = ^at
	}
	t.nodes[at].fact = f
}

// slot returns the place of a node, which is empty when there is none.
func (t *phraseTable) slot(before, id int32) int32 {
	for h := text.HashTokens(before, id, 0) >> 32; ; h++ {
		if n := &t.nodes[h&t.mask]; n.before == before && n.id == id || n.id == 0 {
			return int32(h & t.mask)
		}
	}
}

// sum completes the hits and the dense features of a sentence that is read.
func (r *reading) sum() {
	sc, s, d := r.sc, r.s, &r.sc.dense
	common := flags(0)
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
	units, net := max(r.units, 1), sc.net
	d[bias], d[balance], d[density] = 1, 0, 0
	if net != 0 {
		d[balance] = math.Tanh(net / 2)
		d[density] = net / math.Sqrt(float64(units)+5)
	}
	d[question] = indicator(s.Question)
	d[exclamation] = indicator(r.exclaims())
	if int(units) < len(logs) {
		d[length] = logs[units] - 3
	} else {
		d[length] = math.Log(float64(units)+1) - 3
	}
	d[contrast] = indicator(r.but >= 0)
	d[negators] = float64(r.negators)
	d[quotedWhole] = indicator(s.Quoted == model.QuotedAll)
}

// sides appends the dense features of both sides.
func (sc *Scratch) sides(out []Feature) []Feature {
	var d [2][numSigned]float64
	for side := range d {
		d[side][strength], d[side][root], d[side][late] = sc.strength[side], math.Sqrt(sc.strength[side]), sc.late[side]
	}
	for i := range sc.hits {
		h := &sc.hits[i]
		side, e := &d[h.side()], h.strength()
		switch {
		case h.flags.has(negated):
			side[negated] += e
		case h.flags.has(reversed):
			side[reversed] += e
		default:
			side[count]++
			for f := h.flags; f != 0; f &= f - 1 {
				side[bits.TrailingZeros32(uint32(f))] += e
			}
		}
	}
	for side := range d {
		for i, v := range d[side] {
			if v != 0 {
				out = append(out, Feature{Dense, int32(positive + side*numSigned + i), v})
			}
		}
	}
	return out
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
