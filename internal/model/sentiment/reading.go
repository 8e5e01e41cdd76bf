package sentiment

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// Scratch is the memory of one worker. The zero value is ready to use.
type Scratch struct {
	parts   []part
	hits    []hit
	dense   [numDense]float64
	found   []found // words, only while learning and tracing
	words   fixed   // sum of the weights of words
	raising fixed   // and of those that raise the rating
	net     float64 // strength of all hits with their signs
	mention int     // first mention behind the last sentence
	matches []text.Match
	entry   entry // of a phrase of more than two words
	trace   bool
}

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

// packed is a weight in the high half and, in the low one, as much of it as
// raises. Packed weights add up.
type packed int64

func (f fixed) pack() packed { return packed(f)<<32 + packed(max(f, 0)) }

func (p packed) unpack() (sum, raising fixed) { return fixed(p >> 32), fixed(p) }

// act is a set of what a word can do.
type act uint8

const (
	startsEntry    act = 1 << iota
	startsPhrase       // of the lexicon
	operates           // is an operator alone
	startsOperator     // of several words

	starts = startsPhrase | startsOperator
)

// glance is what is seen of a token before anything else. The first three bits
// are those of its mark from rules.LookEntry on.
type glance uint8

const (
	acts    glance = 1 << iota // a word that is an entry or an operator
	opens                      // begins a phrase, if the next token goes on
	goesOn                     // may be the second of a phrase
	capital                    // a word with one
	stops                      // a mark that may end a clause
	quotes                     // a quotation mark
	counts                     // is a unit
	isWord
)

// lookShift is the place of rules.LookEntry in a mark.
const lookShift = 11

var _ = [1]struct{}{}[rules.LookEntry>>lookShift-rules.Look(acts)]

// glances says by the kind of a token what is seen of it without its mark.
var glances = [16]glance{
	model.Word: counts | isWord, model.Number: counts | goesOn, model.Punctuation: stops | goesOn, model.Dash: stops | goesOn, model.QuoteMark: quotes | goesOn,
	model.Hyphen: goesOn, model.Clitic: goesOn, model.URL: goesOn, model.Symbol: goesOn,
}

// scope is the reach of an operator, in units.
type scope struct{ from, until int32 }

func (s scope) holds(unit int32) bool { return s.from <= unit && unit < s.until }

// state is what is in force while a sentence is read from left to right.
type state struct {
	negation, reversal, degree       scope
	hypothetical, required, conceded scope
	factor                           float32 // of the degree
	pseudo                           int32   // first token after a phrase that only looks like a negation
	but                              int32   // unit of the last contrast; -1
	negators                         int32
	covered                          int32 // token after the last hit
	casing                           casing
}

// Read finds the features of one sentence. Mentions are those of the whole
// article, by position: tokens within a party or person say nothing.
func (x *Extractor) Read(a *model.Article, l *model.Layers, mentions []model.Mention, sentence int, sc *Scratch) {
	s := &l.Sentences[sentence]
	sc.hits, sc.found, sc.net, sc.dense = sc.hits[:0], sc.found[:0], 0, [numDense]float64{}
	r := reading{x: x, s: s, tokens: l.Tokens[:s.Last], sc: sc, state: state{but: -1, covered: s.First}}
	if x.learning || sc.trace {
		r.careful = 1
	}
	sum := r.glance() - r.mask(mentions)
	sc.words, sc.raising = sum.unpack()
	exclaims := r.bound(a.Text, l.Clauses)
	r.count()
	r.capitals()
	r.judge()
	x.sum(s, &r, exclaims)
}

// reading is a sentence that is read: first by masks of all its tokens, then
// the few tokens that do something from left to right.
type reading struct {
	state
	x       *Extractor
	s       *model.Sentence
	tokens  []model.Token
	sc      *Scratch
	units   int32  // of the sentence
	first   int32  // its first word, whose capital tells nothing; a token of a mention where one comes first
	careful glance // 1 when every learned word is found one by one
}

// part is 64 tokens of a sentence; the bits are by token.
type part struct {
	acts, opens, goesOn, capitals, stops, quotes, units, words uint64 // by glance; a mention has no acts and is one unit
	masked                                                     uint64 // mentions
	closers                                                    uint64 // what closes scopes: beginnings of clauses, punctuation
	quoted                                                     uint64
	before                                                     int32 // units before the part
}

// unit returns the place of a token of the part, in units.
func (p *part) unit(at int32) int32 { return p.before + int32(bits.OnesCount64(p.units&(1<<at-1))) }

// glance notes which tokens of the sentence must be thought of. Which they are
// is hard to foretell, so it goes without branches and, but for learned words,
// without a look at any table. It returns the sum of the learned words that
// have no capital.
func (r *reading) glance() (sum packed) {
	weights, sc := r.x.weights, r.sc
	sc.parts = sc.parts[:0]
	for rest := r.tokens[r.s.First:]; len(rest) > 0; {
		tokens := rest[:min(len(rest), 64)]
		rest = rest[len(tokens):]
		var seen [64]byte
		for i := range tokens {
			t := &tokens[i]
			g := glances[t.Kind&15] | glance(t.Mark>>lookShift)
			word, with := g/isWord, glance(t.Flags)&glance(model.Capital)|r.careful
			sum += weights[min(uint32(t.ID-1), uint32(len(weights)-1))] & -packed(word&^with)
			seen[i&63] = byte(g | word&with*capital)
		}
		var p part
		for i := 0; i < len(tokens); i += 8 {
			eight := binary.LittleEndian.Uint64(seen[i:])
			p.acts |= column(eight) << i
			p.opens |= column(eight>>1) << i
			p.goesOn |= column(eight>>2) << i
			p.capitals |= column(eight>>3) << i
			p.stops |= column(eight>>4) << i
			p.quotes |= column(eight>>5) << i
			p.units |= column(eight>>6) << i
			p.words |= column(eight>>7) << i
		}
		sc.parts = append(sc.parts, p)
	}
	return sum
}

// column returns the lowest bits of eight bytes, side by side.
func column(eight uint64) uint64 { return eight & 0x0101010101010101 * 0x0102040810204080 >> 56 }

// mask takes mentions of parties and persons out of the sentence; each is one
// unit. It returns what their words add to the sum of glance.
func (r *reading) mask(mentions []model.Mention) (sum packed) {
	s, sc := r.s, r.sc
	from := s.First
	m := sc.firstMention(mentions, s.Start)
	for ; m < len(mentions) && mentions[m].First < s.Last; m++ {
		if mentions[m].Kind == model.MentionIssue || mentions[m].Last <= from {
			continue
		}
		first := max(mentions[m].First, from)
		if first > from && r.x.p.Vocabulary.Class(r.tokens[first-1].ID)&text.Determiner != 0 {
			first-- // "the" belongs to the name: "Israel" and "the United States" are one unit each
		}
		from = min(mentions[m].Last, s.Last)
		for i := first; i < from; i++ {
			p, bit := &sc.parts[(i-s.First)>>6], uint64(1)<<((i-s.First)&63)
			if p.words&^p.capitals&bit != 0 {
				sum += r.x.weight(r.tokens[i].ID)
			}
			p.masked |= bit
			p.units &^= bit
		}
		sc.parts[(first-s.First)>>6].units |= 1 << ((first - s.First) & 63)
	}
	sc.mention = m // what the next sentence begins with, most often
	return sum
}

// bound finds what closes the scopes of operators and what is quoted. It
// reports whether the sentence has an exclamation mark.
func (r *reading) bound(all string, clauses []model.Clause) (exclaims bool) {
	s, parts := r.s, r.sc.parts
	for i := s.FirstClause + 1; i < s.LastClause; i++ {
		begins := uint64(0)
		if clauses[i].Kind != model.ClauseInfinitive {
			begins = 1
		}
		at := clauses[i].First - s.First
		parts[at>>6].closers |= begins << (at & 63)
	}
	quoted := s.Quoted == model.QuotedAll
	first := s.First
	for j := range parts {
		p := &parts[j]
		for stops := p.stops &^ p.masked; stops != 0; stops &= stops - 1 {
			at := bits.TrailingZeros64(stops)
			c, closes := all[r.tokens[first+int32(at)].Start], uint64(0)
			if c != '\'' && c != '.' { // a stop of an abbreviation or an elision bounds nothing
				closes = 1
			}
			p.closers |= closes << at
			exclaims = exclaims || c == '!'
		}
		if quoted {
			p.quoted = ^uint64(0)
		}
		if s.Quoted == model.QuotedPart {
			for marks := p.quotes &^ p.masked; marks != 0; marks &= marks - 1 {
				at := bits.TrailingZeros64(marks)
				t := &r.tokens[first+int32(at)]
				if p.quoted &^= ^uint64(0) << at; t.Has(model.Opening) && !t.Has(model.Closing) {
					p.quoted |= ^uint64(0) << at
				}
			}
			quoted = p.quoted>>63 != 0
		}
		first += 64
	}
	return exclaims
}

// count counts the units, and keeps of the words that can begin a phrase those
// that may.
func (r *reading) count() {
	x, tokens, parts := r.x, r.tokens, r.sc.parts
	first := r.s.First
	for j := range parts {
		p := &parts[j]
		goesOn := p.goesOn >> 1
		if j+1 < len(parts) {
			goesOn |= parts[j+1].goesOn << 63
		}
		opens := uint64(0)
		for may := p.opens & goesOn &^ p.masked; may != 0; may &= may - 1 {
			at := bits.TrailingZeros64(may)
			i := first + int32(at)
			opens |= uint64(x.openings.Bit(tokens[i].ID, tokens[i+1].ID, anyPhrase)) << at
		}
		p.acts &^= p.masked
		p.opens, p.before = opens, r.units
		r.units, first = r.units+int32(bits.OnesCount64(p.units)), first+64
	}
}

// capitals weighs the learned words with a capital, but for those that are
// names by it.
func (r *reading) capitals() {
	x, sc := r.x, r.sc
	r.first = r.s.Last
	first := r.s.First
	for j := range sc.parts {
		p := &sc.parts[j]
		if begin := p.words | p.masked; r.first == r.s.Last && begin != 0 {
			r.first = first + int32(bits.TrailingZeros64(begin))
		}
		for left := p.capitals &^ p.masked; left != 0; left &= left - 1 {
			i := first + int32(bits.TrailingZeros64(left))
			t := &r.tokens[i]
			if uint32(t.ID-1) >= uint32(len(x.weights)-1) || t.Has(model.Capital) && i != r.first && r.namesByCapitals() {
				continue
			}
			w, raising := x.weight(t.ID).unpack()
			sc.words += w
			sc.raising += raising
			if r.careful != 0 {
				sc.found = append(sc.found, found{t.ID, t.Span, w})
			}
		}
		first += 64
	}
}

// judge reads what does something from left to right.
func (r *reading) judge() {
	x, tokens := r.x, r.tokens
	first := r.s.First
	for j := range r.sc.parts {
		p := &r.sc.parts[j]
		for left := p.acts | p.opens; left != 0; left &= left - 1 {
			at := int32(bits.TrailingZeros64(left))
			i := first + at
			t := &tokens[i]
			can := x.acts[t.ID] &^ (starts * act(^p.opens>>at&1))
			if can&(operates|startsOperator) != 0 {
				r.operators(i, p.unit(at), can)
			}
			if can&(startsEntry|startsPhrase) == 0 || i < r.covered || t.Has(model.Capital) && i != r.first && besideCapital(tokens, r.s, i) && r.namesByCapitals() {
				continue
			}
			if n := r.lexicon(i, p.unit(at), can, flags(p.quoted>>at&1)<<quoted); n > 0 {
				r.covered = i + n
			}
		}
		first += 64
	}
}

// namesByCapitals reports whether a capital within the sentence tells a name.
func (r *reading) namesByCapitals() bool {
	if r.casing == unknownCase {
		r.casing = caseOf(r.tokens[r.s.First:])
	}
	return r.casing == sentenceCase
}

// maskedFrom returns the first token of a mention after token i; the end of the
// sentence when there is none.
func (r *reading) maskedFrom(i int32) int32 {
	at := i + 1 - r.s.First
	for j := int(at >> 6); j < len(r.sc.parts); j++ {
		if m := r.sc.parts[j].masked >> (at & 63); m != 0 {
			return r.s.First + at + int32(bits.TrailingZeros64(m))
		}
		at = int32(j+1) << 6
	}
	return r.s.Last
}

// open returns the scope of an operator of n tokens at token i, which ends
// where the clause does.
func (r *reading) open(i, unit, n, reach int32) scope {
	s := scope{unit + n, unit + n + reach}
	at := i + 1 - r.s.First
	for j := int(at >> 6); j < len(r.sc.parts); j++ {
		p := &r.sc.parts[j]
		if c := p.closers >> (at & 63); c != 0 {
			s.until = min(s.until, p.unit(at&63+int32(bits.TrailingZeros64(c))))
			break
		}
		at = int32(j+1) << 6
	}
	return s
}

// operators opens the scopes of the operators that start at token i.
func (r *reading) operators(i, unit int32, can act) {
	x, sc := r.x, r.sc
	negation := int32(0)
	if can&startsOperator != 0 && x.openings.Bit(r.tokens[i].ID, r.tokens[i+1].ID, operatorPhrase) != 0 {
		sc.matches = x.p.OperatorPhrases.Match(r.tokens, int(i), sc.matches[:0])
		for _, m := range sc.matches {
			r.operate(x.ops[m.Value], i, unit, m.Len, &negation)
		}
	} else {
		for _, op := range x.lists[x.facts[r.tokens[i].ID].operators] {
			r.operate(op, i, unit, 1, &negation)
		}
	}
	if negation > 0 && i >= r.pseudo {
		r.negation = r.open(i, unit, negation, negationReach)
		r.negators++
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

// operate does what an operator of n tokens at token i does; the longest that
// negates is left to the caller.
func (r *reading) operate(op operator, i, unit, n int32, negation *int32) {
	switch op.does {
	case negatesNot:
		r.pseudo = max(r.pseudo, i+n)
	case negates:
		*negation = max(*negation, n)
	case stopsNegation:
		r.negation = scope{}
	case reverses:
		r.reversal = r.open(i, unit, n, reversalReach)
	case grades:
		r.degree = r.open(i, unit, n, degreeReach)
		r.factor = op.factor
	case supposes:
		r.hypothetical = r.open(i, unit, n, modalReach)
	case requires:
		r.required = r.open(i, unit, n, modalReach)
	case contrasts:
		// "but" makes what follows weigh more, "although" what it opens less.
		coordinates := r.x.p.Vocabulary.Class(r.tokens[i].ID)&text.Coordinator != 0
		if coordinates || i > r.s.First && n == 1 && r.tokens[i-1].Kind == model.Punctuation {
			r.but = unit
		} else {
			r.conceded = scope{unit + n, unit + n + modalReach} // whatever clauses there are
		}
	}
}

// lexicon adds the longest entry that starts at token i and ends before a
// mention. It returns its length in tokens.
func (r *reading) lexicon(i, unit int32, can act, flags flags) int32 {
	x, sc, tokens := r.x, r.sc, r.tokens
	e := &x.facts[tokens[i].ID].entry
	if can&startsPhrase != 0 {
		a, b := tokens[i].ID, tokens[i+1].ID
		if int(i)+2 < len(tokens) && x.threes.Bit(a, b, tokens[i+2].ID) != 0 {
			sc.matches = x.p.LexiconPhrases.Match(tokens[:r.maskedFrom(i)], int(i), sc.matches[:0])
			sc.entry = x.longest(sc.matches)
			e = &sc.entry
		} else if x.openings.Bit(a, b, pairPhrase) != 0 && r.maskedFrom(i) > i+1 {
			if pair := x.pairs.get(a, b); pair != nil {
				e = pair
			}
		}
	}
	if e.length == 0 {
		return 0
	}
	n := int32(e.length)
	sc.hits = append(sc.hits, hit{entry: *e, first: i, last: i + n, unit: unit})
	h := &sc.hits[len(sc.hits)-1]
	if r.degree.holds(unit) {
		if h.polarity *= r.factor; r.factor > 1 {
			flags |= 1 << intensified
		} else {
			flags |= 1 << weakened
		}
		r.degree = scope{}
	}
	switch {
	case r.negation.holds(unit):
		flags |= 1 << negated
	case r.reversal.holds(unit):
		flags |= 1 << reversed
	}
	if r.hypothetical.holds(unit) {
		flags |= 1 << hypothetical
	}
	if r.required.holds(unit) {
		flags |= 1 << required
	}
	if r.conceded.holds(unit) {
		flags |= 1 << beforeBut
	}
	h.flags = flags
	side, strong := h.side()
	if sc.net += h.net(); !h.flips() {
		sc.dense[side+strength] += strong
		sc.dense[side+late] += strong * float64(unit) / float64(r.units)
	}
	if e.reversal {
		r.reversal = r.open(i, unit, n, reversalReach)
	}
	return n
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
