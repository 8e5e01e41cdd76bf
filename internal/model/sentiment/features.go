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
	first, last int32 // tokens, half-open
	unit        int32
	word        int32   // index of the entry's text
	polarity    float32 // prior times degree
	weight      float32 // of the entry
	flags       flags
	class       uint16 // index
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
	p         *rules.Program
	words     []string // distinct lexicon texts
	wordOf    []int32  // by lexicon entry
	classes   []string
	classOf   []int32       // by lexicon entry
	act       []act         // by vocabulary id
	alone     []entry       // by vocabulary id: the entry that is this word alone
	operators []uint16      // by vocabulary id: the operators that are this word alone, as an index into lists
	lists     [][]operator  // the first is empty
	ops       []operator    // by operator of the program
	openings  text.TokenSet // first two words of phrases, of lexicon and operators
	threes    text.TokenSet // first three words of the longer ones
	pairs     pairTable     // phrases of two words of the lexicon
	learning  bool          // every word is a feature; else those with a weight
	weights   []fixed       // of words, by vocabulary id; 0 while learning
	entries   []float32     // weights of lexicon texts
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

// act says what a token can do.
type act uint8

const (
	startsEntry  act = 1 << iota
	startsPhrase     // of the lexicon
	operates
	startsOperator // of several words
	weighs         // a learned word
	bounds         // punctuation, or the beginning of a clause
	quotes         // a quotation mark

	starts = startsPhrase | startsOperator
)

const weighsBit = 4

// kindOf says by the kind of a token which acts of its word hold, what else it
// does, and whether it is a unit.
type kindOf struct {
	holds, does act
	unit        int32
}

var kinds = [16]kindOf{
	model.Word: {^act(0), 0, 1}, model.Number: {unit: 1},
	model.Punctuation: {does: bounds}, model.Dash: {does: bounds}, model.QuoteMark: {does: quotes},
}

// NewExtractor prepares the features of a program. Every word of its
// vocabulary is a feature.
func NewExtractor(p *rules.Program) *Extractor {
	x := newExtractor(p, weighs)
	x.learning = true
	return x
}

// newExtractor returns an extractor for which every word has the given acts,
// and those that the program gives it.
func newExtractor(p *rules.Program, base act) *Extractor {
	n := p.Vocabulary.Len()
	x := &Extractor{p: p, act: make([]act, n), alone: make([]entry, n), operators: make([]uint16, n), lists: make([][]operator, 1), weights: make([]fixed, n)}
	words, classes := map[string]int32{}, map[string]int32{}
	index := func(m map[string]int32, list *[]string, s string) int32 {
		i, ok := m[s]
		if !ok {
			i = int32(len(*list))
			m[s] = i
			*list = append(*list, s)
		}
		return i
	}
	for _, e := range p.Lexicon {
		x.wordOf = append(x.wordOf, index(words, &x.words, e.Text))
		x.classOf = append(x.classOf, index(classes, &x.classes, e.Class))
	}
	for i := range p.Operators {
		x.ops = append(x.ops, operatorOf(&p.Operators[i]))
	}
	for id := range x.act {
		if id > 0 {
			x.act[id] = base
		}
		x.singles(int32(id))
	}
	if p.LexiconPhrases != nil {
		var pairs []pairEntry
		p.LexiconPhrases.Openings(func(a, b, c int32) {
			if x.opening(startsPhrase, a, b, c); c < 0 {
				both := [2]model.Token{{ID: a}, {ID: b}}
				pairs = append(pairs, pairEntry{a, b, x.longest(p.LexiconPhrases.Match(both[:], 0, nil))})
			}
		})
		x.pairs.fill(pairs)
	}
	if p.OperatorPhrases != nil {
		p.OperatorPhrases.Openings(func(a, b, c int32) { x.opening(startsOperator, a, b, c) })
	}
	return x
}

// opening marks the words with which a phrase begins.
func (x *Extractor) opening(starts act, a, b, c int32) {
	x.act[a] |= starts
	x.openings.Add(a, b, 0)
	if c >= 0 {
		x.threes.Add(a, b, c)
	}
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

// get returns the entry of a phrase of two words; its length is 0 when there
// is none.
func (t *pairTable) get(a, b int32) entry {
	for h := text.HashTokens(a, b, 0) >> 32 & t.mask; t.slots[h].a != 0; h = (h + 1) & t.mask {
		if p := &t.slots[h]; p.a == a && p.b == b {
			return p.entry
		}
	}
	return entry{}
}

// singles prepares what a word means alone, so that only words that can begin
// a phrase are matched while reading.
func (x *Extractor) singles(id int32) {
	p := x.p
	alone := [1]model.Token{{ID: id}}
	if p.LexiconPhrases != nil && p.LexiconPhrases.Starts(id) {
		if x.alone[id] = x.longest(p.LexiconPhrases.Match(alone[:], 0, nil)); x.alone[id].length > 0 {
			x.act[id] |= startsEntry
		}
	}
	if p.OperatorPhrases != nil && p.OperatorPhrases.Starts(id) {
		var list []operator
		for _, m := range p.OperatorPhrases.Match(alone[:], 0, nil) {
			if op := x.ops[m.Value]; op.does != nothing {
				list = append(list, op)
			}
		}
		if len(list) > 0 {
			x.act[id] |= operates
			i := slices.IndexFunc(x.lists, func(l []operator) bool { return slices.Equal(l, list) })
			if i < 0 {
				i = len(x.lists)
				x.lists = append(x.lists, list)
			}
			x.operators[id] = uint16(i)
		}
	}
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

// Scratch is the memory of one worker. The zero value is ready to use.
type Scratch struct {
	spots   []spot
	hits    []hit
	dense   [numDense]float64
	found   []found // words, only while learning and tracing
	words   fixed   // sum of the weights of words
	raising fixed   // and of those that raise the rating
	net     float64 // strength of all hits with their signs
	mention int     // first mention behind the last sentence
	matches []text.Match
	trace   bool
}

// spot is a token of which something must be thought, or a clause that begins.
type spot struct {
	token int32 // none where a clause begins
	unit  int32 // that it is, by the place of the one before
	does  act
}

const none = -1

// found is a learned word, where it stands and what it weighs.
type found struct {
	id     int32
	at     model.Span
	weight fixed
}

// fixed is a weight in 65536ths of the unit of the rating.
type fixed int32

func fixedOf(w float64) fixed  { return fixed(math.Round(w * (1 << 16))) }
func (f fixed) value() float64 { return float64(f) / (1 << 16) }

// scope is the reach of an operator.
type scope struct{ from, until int32 }

func (s *scope) open(unit, length, reach int32) { *s = scope{unit + length, unit + length + reach} }
func (s scope) holds(unit int32) bool           { return s.from <= unit && unit < s.until }

// state is what is in force while a sentence is read from left to right.
type state struct {
	unit                             int32
	negation, reversal, degree       scope
	hypothetical, required, conceded scope
	factor                           float32
	pseudo                           int32 // first token after a phrase that only looks like a negation
	but                              int32 // unit of the last contrast; -1
	negators                         int32
	quoted                           bool
}

func (st *state) closeClause() {
	st.negation, st.reversal, st.degree = scope{}, scope{}, scope{}
	st.hypothetical, st.required = scope{}, scope{}
}

// Read finds the features of one sentence. Mentions are those of the whole
// article, by position: tokens within a party or person say nothing.
func (x *Extractor) Read(a *model.Article, l *model.Layers, mentions []model.Mention, sentence int, sc *Scratch) {
	s := &l.Sentences[sentence]
	sc.hits, sc.found, sc.words, sc.raising = sc.hits[:0], sc.found[:0], 0, 0
	tokens := l.Tokens[:s.Last]
	sc.spots = slices.Grow(sc.spots[:0], int(s.Last-s.First+s.LastClause-s.FirstClause)+1)
	m, masked := x.maskFrom(tokens, mentions, sc.firstMention(mentions, s.Start), s.First)
	r := reading{
		x: x, a: a, s: s, tokens: tokens, sc: sc, clauses: l.Clauses, clause: s.FirstClause, clauseEnd: clauseEndOf(l, s, s.FirstClause),
		state: state{but: -1, quoted: s.Quoted == model.QuotedAll}, covered: s.First, firstWord: s.First,
	}
	for r.firstWord < masked && tokens[r.firstWord].Kind != model.Word {
		r.firstWord++
	}
	for i := s.First; i < s.Last; {
		r.judge(r.gather(i, masked), masked)
		if i = masked; i < s.Last {
			i = min(mentions[m].Last, s.Last)
			m, masked = x.maskFrom(tokens, mentions, m+1, i)
			r.unit++
		}
	}
	sc.mention = m // what the next sentence begins with, most often
	x.sum(s, &r.state, r.exclaims, sc)
}

// reading is a sentence that is read from left to right, in stretches between
// mentions.
type reading struct {
	state
	x                 *Extractor
	a                 *model.Article
	s                 *model.Sentence
	tokens            []model.Token
	clauses           []model.Clause
	clause, clauseEnd int32
	sc                *Scratch
	firstWord         int32 // of the sentence, whose capital tells nothing; a mention's token where a mention comes first
	covered           int32 // token after the last hit
	casing            casing
	exclaims          bool
}

// gather lists the tokens of [i, end) of which something must be thought: few,
// and which is hard to foretell, so it goes without branches. The learned words
// that can be nothing but words are summed up at once.
func (r *reading) gather(i, end int32) []spot {
	x, tokens, unit := r.x, r.tokens, r.unit
	spots := r.sc.spots[:cap(r.sc.spots)]
	n, words, raising := 0, fixed(0), fixed(0)
	plain := act(1) // learned words may be summed up unseen
	if x.learning || r.sc.trace {
		plain = 0
	}
	for i < end {
		for i >= r.clauseEnd {
			r.clause++
			r.clauseEnd = r.s.Last
			if r.clause+1 < r.s.LastClause {
				r.clauseEnd = r.clauses[r.clause+1].First
			}
			if r.clauses[r.clause].Kind != model.ClauseInfinitive {
				spots[n] = spot{none, unit, bounds}
				n++
			}
		}
		next := tokens[i].ID
		for stop := min(end, r.clauseEnd); i < stop; i++ {
			t, id := &tokens[i], next
			if next = 0; int(i)+1 < len(tokens) {
				next = tokens[i+1].ID
			}
			k := &kinds[t.Kind&15]
			does := x.act[id]&k.holds | k.does
			does &^= starts &^ -act(x.openings.Bit(id, next, 0))
			sum := plain & (does >> weighsBit) &^ act(t.Flags&model.Capital) & 1
			w := x.weights[id&-int32(sum)] // weights[0] is 0
			words += w
			raising += w &^ (w >> 31) // what lowers has its sign bit set
			does &^= sum << weighsBit
			spots[n] = spot{i, unit, does}
			unit += k.unit
			if does != 0 {
				n++
			}
		}
	}
	r.unit = unit
	r.sc.words += words
	r.sc.raising += raising
	return spots[:n]
}

// judge reads the spots of a stretch that ends before a mention at limit.
func (r *reading) judge(spots []spot, limit int32) {
	x, sc, tokens, s := r.x, r.sc, r.tokens, r.s
	end := r.unit
	for k := range spots {
		p := &spots[k]
		i, does := p.token, p.does
		if does&(bounds|quotes) != 0 {
			switch {
			case i == none:
				r.closeClause()
			case does&quotes != 0:
				if s.Quoted == model.QuotedPart {
					r.quoted = tokens[i].Has(model.Opening) && !tokens[i].Has(model.Closing)
				}
			default:
				// A stop of an abbreviation or an elision bounds nothing.
				if c := r.a.Text[tokens[i].Start]; c != '\'' && c != '.' {
					r.exclaims = r.exclaims || c == '!'
					r.closeClause()
				}
			}
			continue
		}
		t := &tokens[i]
		r.unit = p.unit
		name := false
		if t.Has(model.Capital) && i != r.firstWord {
			if r.casing == unknownCase {
				r.casing = caseOf(tokens[s.First:])
			}
			name = r.casing == sentenceCase
		}
		longer := does&starts != 0 && x.goesOn(tokens, i)
		if does&(operates|startsOperator) != 0 {
			x.opens(tokens, s, i, does, &r.state, sc)
		}
		if does&(startsEntry|startsPhrase) != 0 && i >= r.covered && !(name && besideCapital(tokens, s, i)) {
			r.covered = max(r.covered, i+x.lexicon(tokens, i, limit, does, longer, &r.state, sc))
		}
		if does&weighs != 0 && !name {
			w := x.weights[t.ID]
			if x.learning || sc.trace {
				sc.found = append(sc.found, found{t.ID, t.Span, w})
			}
			sc.words += w
			sc.raising += max(w, 0)
		}
	}
	r.unit = end
}

// goesOn reports whether a phrase of more than two words may begin at token i.
func (x *Extractor) goesOn(tokens []model.Token, i int32) bool {
	return int(i)+2 < len(tokens) && x.threes.Bit(tokens[i].ID, tokens[i+1].ID, tokens[i+2].ID) != 0
}

// opens opens the scopes of the operators that start at token i.
func (x *Extractor) opens(tokens []model.Token, s *model.Sentence, i int32, does act, st *state, sc *Scratch) {
	negation := int32(0)
	if does&startsOperator == 0 {
		for _, op := range x.lists[x.operators[tokens[i].ID]] {
			x.operate(op, tokens, s, i, 1, &negation, st)
		}
	} else {
		sc.matches = x.p.OperatorPhrases.Match(tokens, int(i), sc.matches[:0])
		for _, m := range sc.matches {
			x.operate(x.ops[m.Value], tokens, s, i, m.Len, &negation, st)
		}
	}
	if negation > 0 && i >= st.pseudo {
		st.negation.open(st.unit, negation, negationReach)
		st.negators++
	}
}

// effect is what an operator does to the words it reaches.
type effect uint8

const (
	nothing effect = iota
	negates
	negatesNot
	stopsNegation
	reverses
	grades
	supposes
	requires
	contrasts
)

type operator struct {
	does   effect
	factor float32
}

func operatorOf(op *rules.Operator) operator {
	switch op.Kind {
	case rules.OpPseudo:
		return operator{does: negatesNot}
	case rules.OpNegation:
		return operator{does: negates}
	case rules.OpStop:
		return operator{does: stopsNegation}
	case rules.OpImplicative:
		if op.Factor < 0 {
			return operator{does: reverses}
		}
	case rules.OpReverser:
		return operator{does: reverses}
	case rules.OpDegree:
		return operator{grades, op.Factor}
	case rules.OpModality:
		switch op.ID {
		case "hypothetical":
			return operator{does: supposes}
		case "required":
			return operator{does: requires}
		}
	case rules.OpContrast:
		return operator{does: contrasts}
	}
	return operator{}
}

func (x *Extractor) operate(op operator, tokens []model.Token, s *model.Sentence, i, n int32, negation *int32, st *state) {
	switch op.does {
	case negatesNot:
		st.pseudo = max(st.pseudo, i+n)
	case negates:
		*negation = max(*negation, n)
	case stopsNegation:
		st.negation = scope{}
	case reverses:
		st.reversal.open(st.unit, n, reversalReach)
	case grades:
		st.degree.open(st.unit, n, degreeReach)
		st.factor = op.factor
	case supposes:
		st.hypothetical.open(st.unit, n, modalReach)
	case requires:
		st.required.open(st.unit, n, modalReach)
	case contrasts:
		// "but" makes what follows weigh more, "although" what it opens less.
		coordinates := x.p.Vocabulary.Class(tokens[i].ID)&text.Coordinator != 0
		if coordinates || i > s.First && n == 1 && tokens[i-1].Kind == model.Punctuation {
			st.but = st.unit
		} else {
			st.conceded.open(st.unit, n, modalReach)
		}
	}
}

// lexicon adds the longest entry that starts at token i and ends by limit. It
// returns its length in tokens.
func (x *Extractor) lexicon(tokens []model.Token, i, limit int32, does act, longer bool, st *state, sc *Scratch) int32 {
	var e entry
	switch {
	case does&startsPhrase == 0:
		e = x.alone[tokens[i].ID]
	case longer:
		sc.matches = x.p.LexiconPhrases.Match(tokens[:limit], int(i), sc.matches[:0])
		e = x.longest(sc.matches)
	default:
		if i+1 < limit {
			e = x.pairs.get(tokens[i].ID, tokens[i+1].ID)
		}
		if e.length == 0 && does&startsEntry != 0 {
			e = x.alone[tokens[i].ID]
		}
	}
	if e.length == 0 {
		return 0
	}
	n := int32(e.length)
	h := hit{first: i, last: i + n, unit: st.unit, word: e.word, class: e.class, polarity: e.polarity, weight: e.weight}
	if st.degree.holds(st.unit) {
		h.polarity *= st.factor
		if st.factor > 1 {
			h.flags |= 1 << intensified
		} else {
			h.flags |= 1 << weakened
		}
		st.degree = scope{}
	}
	switch {
	case st.negation.holds(st.unit):
		h.flags |= 1 << negated
	case st.reversal.holds(st.unit):
		h.flags |= 1 << reversed
	}
	if st.hypothetical.holds(st.unit) {
		h.flags |= 1 << hypothetical
	}
	if st.required.holds(st.unit) {
		h.flags |= 1 << required
	}
	if st.conceded.holds(st.unit) {
		h.flags |= 1 << beforeBut
	}
	if st.quoted {
		h.flags |= 1 << quoted
	}
	sc.hits = append(sc.hits, h)
	if e.reversal {
		st.reversal.open(st.unit, n, reversalReach)
	}
	return n
}

// sum adds the hits up to the dense features.
func (x *Extractor) sum(s *model.Sentence, st *state, exclaims bool, sc *Scratch) {
	sc.dense = [numDense]float64{}
	d := &sc.dense
	heading := s.Section == model.SectionHeadline || s.Section == model.SectionHeadlineRepeat
	units := max(st.unit, 1)
	net := 0.0
	for i := range sc.hits {
		h := &sc.hits[i]
		if st.but >= 0 {
			if h.unit > st.but {
				h.flags |= 1 << afterBut
				h.flags &^= 1 << beforeBut
			} else {
				h.flags |= 1 << beforeBut
			}
		}
		if s.Question {
			h.flags |= 1 << questioned
		}
		if heading {
			h.flags |= 1 << headline
		}
		side, e := h.side()
		net += h.net()
		if h.flips() {
			if h.flags.has(negated) {
				d[side+negated] += e
			} else {
				d[side+reversed] += e
			}
			continue
		}
		d[side+strength] += e
		d[side+count]++
		d[side+late] += e * float64(h.unit) / float64(units)
		for f := h.flags; f != 0; f &= f - 1 {
			d[side+bits.TrailingZeros32(uint32(f))] += e
		}
	}
	for _, side := range [...]int{positive, negative} {
		if v := d[side+strength]; v > 0 {
			d[side+root] = math.Sqrt(v)
		}
	}
	sc.net = net
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
	d[contrast] = indicator(st.but >= 0)
	d[negators] = float64(st.negators)
	d[quotedWhole] = indicator(s.Quoted == model.QuotedAll)
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

// firstMention returns the first mention that starts at or after the byte.
// Sentences mostly come one after the other, so it goes on from the last one.
func (sc *Scratch) firstMention(mentions []model.Mention, start int32) int {
	m := min(sc.mention, len(mentions))
	if m > 0 && mentions[m-1].Start >= start {
		m, _ = slices.BinarySearchFunc(mentions, start, func(m model.Mention, start int32) int { return int(m.Start - start) })
	}
	for m < len(mentions) && mentions[m].Start < start {
		m++
	}
	sc.mention = m
	return m
}

// maskFrom returns the first mention from m on that masks a token from the
// given one on, and the first token it masks; the end of the tokens when there
// is none before it. Mentions of different kinds may overlap.
func (x *Extractor) maskFrom(tokens []model.Token, mentions []model.Mention, m int, from int32) (int, int32) {
	for m < len(mentions) && (mentions[m].Kind == model.MentionIssue || mentions[m].Last <= from) {
		m++
	}
	if m == len(mentions) || int(mentions[m].First) >= len(tokens) {
		return m, int32(len(tokens))
	}
	at := max(mentions[m].First, from)
	if at > from && x.p.Vocabulary.Class(tokens[at-1].ID)&text.Determiner != 0 {
		at-- // "the" belongs to the name: "Israel" and "the United States" are one unit each
	}
	return m, at
}

// clauseEndOf returns the token at which the clause after this one begins.
func clauseEndOf(l *model.Layers, s *model.Sentence, clause int32) int32 {
	if clause+1 < s.LastClause {
		return l.Clauses[clause+1].First
	}
	return s.Last
}

// casing is how a sentence is written.
type casing uint8

const (
	unknownCase casing = iota
	sentenceCase
	titleCase // most words with a capital, as in a headline: a capital tells no name
)

func caseOf(tokens []model.Token) casing {
	capitals, words := 0, 0
	for i := range tokens {
		if t := &tokens[i]; t.Kind == model.Word && t.Len() > 3 {
			words++
			if t.Has(model.Capital) {
				capitals++
			}
		}
	}
	if words > 2 && capitals*10 > words*7 {
		return titleCase
	}
	return sentenceCase
}

// besideCapital reports whether a neighbour of token i within the sentence is
// a capitalised word too: the two may be a name ("Hope Street").
func besideCapital(tokens []model.Token, s *model.Sentence, i int32) bool {
	capital := func(j int32) bool {
		return j > s.First && j < s.Last && tokens[j].Kind == model.Word && tokens[j].Has(model.Capital)
	}
	return capital(i-1) || capital(i+1)
}
