package sentiment

import (
	"encoding/binary"
	"math"
	"math/bits"
	"sort"
	"strings"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// Scratch is the memory of one worker. The zero value is ready to use.
type Scratch struct {
	ahead          [stretch]glimpse
	parts          []part
	pairs          []int32 // slots in phraseTable of the two words that may begin a phrase
	hits           []hit
	dense          [numGlobal]float64
	strength, late [2]float64 // of each side, positive first
	found          []found    // words, only while learning and tracing
	words          fixed      // sum of the weights of words
	raising        fixed      // and of those that raise the rating
	net            float64    // strength of all hits with their signs
	bayes          bayesRun
	odd            []int32 // see oddBytes
	mention        int     // first mention behind the last sentence
	matches        []text.Match
	trace          bool
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
)

// lookShift is the place of rules.LookEntry in a mark.
const lookShift = 11

var _ = [1]struct{}{}[rules.LookEntry>>lookShift-rules.Look(acts)]

// outlook is what is seen of a token by its kind.
type outlook struct {
	plain  packed // all bits for a word that counts without a look at its capital
	glance glance
}

// outlooks are by kind, each without and with a capital.
type outlooks [32]outlook

// common is for scoring; thorough finds every learned word one by one, as if it
// had a capital.
var common, thorough = func() (t, all outlooks) {
	for kind, g := range [...]glance{
		model.Word: counts, model.Number: counts | goesOn, model.Punctuation: stops | goesOn, model.Dash: stops | goesOn, model.QuoteMark: quotes | goesOn,
		model.Hyphen: goesOn, model.Clitic: goesOn, model.URL: goesOn, model.Symbol: goesOn,
	} {
		t[2*kind].glance, t[2*kind+1].glance = g, g
	}
	t[2*model.Word].plain = -1
	t[2*model.Word+1].glance |= capital
	all = t
	all[2*model.Word] = all[2*model.Word+1]
	return t, all
}()

// scope is the reach of an operator, in units.
type scope struct{ from, size int32 }

// holds returns 1 for a unit within the scope, else 0, without a branch: which
// it is cannot be foretold.
func (s scope) holds(unit int32) (b flags) {
	if uint32(unit-s.from) < uint32(s.size) {
		b = 1
	}
	return b
}

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
	r := reading{x: x, text: a.Text, l: l, sc: sc}
	r.survey(mentions, sentence, sentence+1)
	r.read(sentence, &sc.ahead[0])
}

// reading is a sentence that is read: first by masks of all its tokens, then
// the few tokens that do something from left to right.
type reading struct {
	state
	x      *Extractor
	text   string // of the article
	l      *model.Layers
	sc     *Scratch
	s      *model.Sentence
	tokens []model.Token // of the article, up to the end of the sentence
	parts  []part        // of the sentence
	units  int32         // of the sentence
	first  int32         // its first word, whose capital tells nothing; a token of a mention where one comes first
}

// enter makes a sentence the one at hand.
func (r *reading) enter(sentence int) {
	r.s = &r.l.Sentences[sentence]
	r.tokens = r.l.Tokens[:r.s.Last]
}

// stretch is how many sentences are surveyed before the first of them is
// read: few enough for their words to be at hand still, and enough for the
// processor to fetch several phrases at once.
const stretch = 4

// glimpse is a sentence that was surveyed.
type glimpse struct {
	parts, behind int32  // in Scratch.parts, half-open
	units, first  int32  // see reading
	words         packed // sum of the learned words that have no capital
}

// survey finds the masks of some sentences and the words that do something.
func (r *reading) survey(mentions []model.Mention, from, to int) {
	sc := r.sc
	sc.parts = sc.parts[:0]
	for sentence := from; sentence < to; sentence++ {
		g := &sc.ahead[sentence-from]
		r.enter(sentence)
		g.parts = int32(len(sc.parts))
		g.words = r.glance()
		g.behind = int32(len(sc.parts))
		r.parts = sc.parts[g.parts:]
		g.words -= r.mask(mentions)
		g.units, g.first = r.units, r.first
	}
	r.gather()
}

// read reads a sentence that was surveyed.
func (r *reading) read(sentence int, g *glimpse) {
	sc := r.sc
	r.enter(sentence)
	r.state = state{but: -1, covered: r.s.First}
	r.parts, r.units, r.first = sc.parts[g.parts:g.behind], g.units, g.first
	sc.hits, sc.found, sc.net, sc.strength, sc.late = sc.hits[:0], sc.found[:0], 0, [2]float64{}, [2]float64{}
	sc.words, sc.raising = g.words.unpack()
	if r.s.Quoted != model.QuotedNone {
		r.quote()
	}
	r.capitals()
	for j := range r.parts {
		r.judge(&r.parts[j])
	}
	r.sum()
}

// part is 64 tokens of a sentence; the bits are by token. Those of mentions
// are masked, but for goesOn.
type part struct {
	acts, opens, goesOn, capitals, stops, quotes, units uint64 // by glance; a mention is one unit
	masked                                              uint64 // mentions
	quoted                                              uint64
	phrases                                             uint64 // what may begin one
	first                                               int32  // its first token
	before                                              int32  // units before it
	pairs                                               int32  // its first in Scratch.pairs
}

// unit returns the place of a token of the part, in units.
func (p *part) unit(at int32) int32 { return p.before + int32(bits.OnesCount64(p.units&(1<<at-1))) }

// glance notes which tokens of the sentence must be thought of. It returns the
// sum of the learned words that have no capital.
func (r *reading) glance() (sum packed) {
	by := &common
	if r.careful() {
		by = &thorough
	}
	var seen [64]byte
	for first := r.s.First; first < r.s.Last; first += 64 {
		tokens := r.tokens[first:min(first+64, r.s.Last)]
		sum += by.over(tokens, r.x.weights, seen[:len(tokens)])
		r.sc.parts = append(r.sc.parts, part{})
		p := &r.sc.parts[len(r.sc.parts)-1]
		p.first = first
		p.note(&seen, len(tokens))
	}
	return sum
}

// over takes a glance at up to 64 tokens. What they are is hard to foretell, so
// it goes without branches. It returns the sum of the learned words that are
// plain. Within another function its loop would lack registers.
//
//go:noinline
func (by *outlooks) over(tokens []model.Token, weights []packed, seen []byte) (sum packed) {
	seen = seen[:len(tokens)]
	_ = *by // no test for nil in the loop
	behind := int32(len(weights))
	for i := range tokens {
		t := &tokens[i]
		k := &by[(int(t.Kind)<<1|int(t.Flags&model.Capital))&31]
		seen[i] = byte(k.glance | glance(t.Mark>>lookShift))
		sum += weights[uint32(t.ID&((t.ID-behind)>>31))] & k.plain // the first for words behind the last
	}
	return sum
}

// note takes down what was seen of n tokens.
func (p *part) note(seen *[64]byte, n int) {
	var masks [64]byte // by bit of a glance, eight bytes each
	for i := 0; i < n; i += 8 {
		x, at := transpose(binary.LittleEndian.Uint64(seen[i&56:])), i>>3&7
		masks[at], masks[8+at], masks[16+at], masks[24+at] = byte(x), byte(x>>8), byte(x>>16), byte(x>>24)
		masks[32+at], masks[40+at], masks[48+at] = byte(x>>32), byte(x>>40), byte(x>>48)
	}
	all := ^uint64(0) >> (-n & 63) // what is left of longer ones
	p.acts, p.opens = binary.LittleEndian.Uint64(masks[:])&all, binary.LittleEndian.Uint64(masks[8:])&all
	p.goesOn, p.capitals = binary.LittleEndian.Uint64(masks[16:])&all, binary.LittleEndian.Uint64(masks[24:])&all
	p.stops, p.quotes = binary.LittleEndian.Uint64(masks[32:])&all, binary.LittleEndian.Uint64(masks[40:])&all
	p.units = binary.LittleEndian.Uint64(masks[48:]) & all
}

// transpose makes the lowest bits of eight bytes the lowest byte, and so on.
func transpose(x uint64) uint64 {
	t := (x ^ x>>7) & 0x00aa00aa00aa00aa
	x ^= t ^ t<<7
	t = (x ^ x>>14) & 0x0000cccc0000cccc
	x ^= t ^ t<<14
	t = (x ^ x>>28) & 0x00000000f0f0f0f0
	return x ^ t ^ t<<28
}

// careful reports whether every learned word is found one by one, as if it had
// a capital.
func (r *reading) careful() bool { return r.x.learning || r.sc.trace }

// mask takes mentions of parties and persons out of the sentence; each is one
// unit. It returns what their words add to the sum of glance.
func (r *reading) mask(mentions []model.Mention) (sum packed) {
	s, sc := r.s, r.sc
	for r.first = s.First; r.first < s.Last && r.tokens[r.first].Kind != model.Word; r.first++ {
	}
	from := s.First
	m := sc.firstMention(mentions, s.Start)
	for ; m < len(mentions) && mentions[m].First < s.Last; m++ {
		if mentions[m].Kind == model.MentionIssue || mentions[m].Last <= from {
			continue
		}
		first := max(mentions[m].First, from)
		if first > from {
			first -= r.x.determiner(r.tokens[first-1].ID) // "the" belongs to the name: "Israel" and "the United States" are one unit each
		}
		r.first = min(r.first, first)
		from = min(mentions[m].Last, s.Last)
		for at, end := first-s.First, from-s.First; at < end; at = at&^63 + 64 {
			p := &r.parts[at>>6]
			run := ^uint64(0) >> (63 - (min(end-1, at|63) - at)) << (at & 63)
			for left := p.units &^ p.capitals & run; left != 0; left &= left - 1 {
				t := &r.tokens[p.first+int32(bits.TrailingZeros64(left))]
				sum += r.x.weight(t.ID) & common[t.Kind<<1&31].plain
			}
			p.masked |= run
			p.units &^= run
		}
		r.parts[(first-s.First)>>6].units |= 1 << ((first - s.First) & 63)
	}
	sc.mention = m // what the next sentence begins with, most often
	r.units = 0
	for j := range r.parts {
		p := &r.parts[j]
		goesOn := p.goesOn >> 1
		if j+1 < len(r.parts) {
			goesOn |= r.parts[j+1].goesOn << 63
		}
		p.opens &= goesOn &^ p.masked
		p.acts, p.capitals, p.stops, p.quotes = p.acts&^p.masked, p.capitals&^p.masked, p.stops&^p.masked, p.quotes&^p.masked
		p.before = r.units
		r.units += int32(bits.OnesCount64(p.units))
	}
	return sum
}

// quote finds what stands between quotation marks.
func (r *reading) quote() {
	quoted := r.s.Quoted == model.QuotedAll
	first := r.s.First
	for j := range r.parts {
		p := &r.parts[j]
		if quoted {
			p.quoted = ^uint64(0)
		}
		if r.s.Quoted == model.QuotedPart {
			for marks := p.quotes; marks != 0; marks &= marks - 1 {
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
}

// exclaims reports whether the sentence has an exclamation mark of its own.
func (r *reading) exclaims() bool {
	if strings.IndexByte(r.text[r.s.Start:r.s.End], '!') < 0 {
		return false
	}
	first := r.s.First
	for j := range r.parts {
		for left := r.parts[j].stops; left != 0; left &= left - 1 {
			if r.text[r.tokens[first+int32(bits.TrailingZeros64(left))].Start] == '!' {
				return true
			}
		}
		first += 64
	}
	return false
}

// capitals weighs the learned words with a capital, but for those that are
// names by it.
func (r *reading) capitals() {
	x, sc := r.x, r.sc
	first := r.s.First
	for j := range r.parts {
		for left := r.parts[j].capitals; left != 0; left &= left - 1 {
			i := first + int32(bits.TrailingZeros64(left))
			t := &r.tokens[i]
			if !x.learned(t.ID) || t.Has(model.Capital) && i != r.first && r.namesByCapitals() {
				continue
			}
			w, raising := x.weight(t.ID).unpack()
			sc.words += w
			sc.raising += raising
			if r.careful() {
				sc.found = append(sc.found, found{t.ID, t.Span, w})
			}
		}
		first += 64
	}
}

// gather finds what begins like a phrase in all parts. It does nothing else:
// what is far away comes while others are asked for.
func (r *reading) gather() {
	x, sc, tokens := r.x, r.sc, r.tokens
	sc.pairs = sc.pairs[:0]
	for j := range sc.parts {
		p := &sc.parts[j]
		p.pairs = int32(len(sc.pairs))
		for left := p.opens; left != 0; left &= left - 1 {
			two := tokens[p.first+int32(bits.TrailingZeros64(left)):][:2]
			if first, second := two[0].ID, two[1].ID; x.phrases.openings.Has(text.HashTokens(first, second, 0)) {
				p.phrases |= left & -left
				sc.pairs = append(sc.pairs, x.phrases.slot(first, second))
			}
		}
	}
}

// judge reads what does something in a part, from left to right.
func (r *reading) judge(p *part) {
	x, tokens, pair := r.x, r.tokens, p.pairs
	for left := p.acts | p.phrases; left != 0; left &= left - 1 {
		at := int32(bits.TrailingZeros64(left))
		i, unit := p.first+at, p.unit(at)
		f := &fact{}
		if p.acts>>at&1 != 0 {
			f = &x.facts[tokens[i].ID]
		}
		e, size, negation := &x.senses[f.sense], int32(1), int32(0)
		if e.does != 0 {
			negation = r.operate(e, i, unit, 1)
		}
		if p.phrases>>at&1 != 0 {
			longer, n, not := r.phrase(i, unit, r.sc.pairs[pair])
			pair++
			negation = max(negation, not)
			if longer != nil {
				f, size = longer, n
				e = &x.senses[f.sense]
			}
		}
		if negation > 0 && i >= r.pseudo {
			r.negation = r.open(i, unit, negation, negationReach)
			r.negators++
		}
		if e.can&isEntry == 0 || i < r.covered {
			continue
		}
		if t := &tokens[i]; t.Flags&model.Capital != 0 && i != r.first && besideCapital(tokens, r.s, i) && r.namesByCapitals() {
			continue
		}
		r.covered = i + size
		r.hit(e, f.entry, i, unit, size, flags(p.quoted>>at&1)<<quoted)
	}
}

// phrase reads the phrases that begin at token i; the slot is that of their
// first two words. It returns the longest entry, nil without any, and its
// tokens, and those of the longest negation.
func (r *reading) phrase(i, unit, slot int32) (entry *fact, size, negation int32) {
	x, tokens := r.x, r.tokens
	until := r.maskedFrom(i)
	for n := int32(2); ; n++ {
		node := &x.phrases.nodes[slot]
		if node.id == 0 {
			return entry, size, negation
		}
		s := &x.senses[node.sense]
		if s.does != 0 {
			negation = max(negation, r.operate(s, i, unit, n))
		}
		if s.can&isEntry != 0 && i+n <= until {
			entry, size = &node.fact, n
		}
		if int(i+n) == len(tokens) || n == 2 && !x.phrases.openings.Has(text.HashTokens(tokens[i].ID, tokens[i+1].ID, tokens[i+2].ID)) {
			return entry, size, negation
		}
		slot = x.phrases.slot(^slot, tokens[i+n].ID)
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
	for j := int(at >> 6); j < len(r.parts); j++ {
		if m := r.parts[j].masked >> (at & 63); m != 0 {
			return r.s.First + at + int32(bits.TrailingZeros64(m))
		}
		at = int32(j+1) << 6
	}
	return r.s.Last
}

// open returns the scope of an operator of n tokens at token i, which ends
// where the clause does.
func (r *reading) open(i, unit, n, reach int32) scope {
	if c := r.closer(i + 1); c < r.s.Last {
		at := c - r.s.First
		reach = min(reach, max(r.parts[at>>6].unit(at&63)-unit-n, 0))
	}
	return scope{unit + n, reach}
}

// closer returns the first token from i on that closes scopes: punctuation or
// the beginning of a clause. It returns the end of the sentence when there is
// none.
func (r *reading) closer(i int32) int32 {
	end := r.s.Last
stops:
	for at := i - r.s.First; at < end-r.s.First; at = at&^63 + 64 {
		for left := r.parts[at>>6].stops >> (at & 63) << (at & 63); left != 0; left &= left - 1 {
			k := r.s.First + at&^63 + int32(bits.TrailingZeros64(left))
			// A stop of an abbreviation or an elision bounds nothing.
			if c := r.text[r.tokens[k].Start]; c != '\'' && c != '.' {
				end = k
				break stops
			}
		}
	}
	for c := r.s.FirstClause + 1; c < r.s.LastClause; c++ {
		if c := &r.l.Clauses[c]; c.First >= i && c.Kind != model.ClauseInfinitive {
			return min(c.First, end)
		}
	}
	return end
}

// effects are what an operator does to the words it reaches.
type effects uint8

const (
	negates effects = 1 << iota
	negatesNot
	stopsNegation
	reverses
	grades
	supposes
	requires
	contrasts
)

func effectsOf(op *rules.Operator) effects {
	switch op.Kind {
	case rules.OpPseudo:
		return negatesNot
	case rules.OpNegation:
		return negates
	case rules.OpStop:
		return stopsNegation
	case rules.OpImplicative:
		if op.Factor < 0 {
			return reverses
		}
	case rules.OpReverser:
		return reverses
	case rules.OpDegree:
		return grades
	case rules.OpModality:
		switch op.ID {
		case "hypothetical":
			return supposes
		case "required":
			return requires
		}
	case rules.OpContrast:
		return contrasts
	}
	return 0
}

// operate opens the scopes of an operator of n tokens at token i. A negation is
// left to the caller: it returns n for one.
func (r *reading) operate(f *sense, i, unit, n int32) (negation int32) {
	does := f.does
	if does&(reverses|grades|supposes|requires) != 0 {
		s := r.open(i, unit, n, modalReach)
		if does&reverses != 0 {
			r.reversal = scope{s.from, min(s.size, reversalReach)}
		}
		if does&grades != 0 {
			r.degree, r.factor = scope{s.from, min(s.size, degreeReach)}, f.factor
		}
		if does&supposes != 0 {
			r.hypothetical = s
		}
		if does&requires != 0 {
			r.required = s
		}
	}
	if does&contrasts != 0 {
		// "but" makes what follows weigh more, "although" what it opens less.
		if f.can&coordinates != 0 || i > r.s.First && n == 1 && r.tokens[i-1].Kind == model.Punctuation {
			r.but = unit
		} else {
			r.conceded = scope{unit + n, modalReach} // whatever clauses there are
		}
	}
	if does&(negates|negatesNot|stopsNegation) == 0 {
		return 0
	}
	if does&negatesNot != 0 {
		r.pseudo = max(r.pseudo, i+n)
	}
	if does&stopsNegation != 0 {
		r.negation = scope{}
	}
	if does&negates != 0 {
		return n
	}
	return 0
}

// hit adds an entry of n tokens at token i.
func (r *reading) hit(e *sense, weight float32, i, unit, n int32, flags flags) {
	sc := r.sc
	sc.hits = append(sc.hits, hit{})
	h := &sc.hits[len(sc.hits)-1]
	h.polarity, h.weight, h.class, h.first, h.last, h.unit = e.polarity, weight, e.class, i, i+n, unit
	if r.degree.holds(unit) != 0 {
		if h.polarity *= r.factor; r.factor > 1 {
			flags |= 1 << intensified
		} else {
			flags |= 1 << weakened
		}
		r.degree = scope{}
	}
	not := r.negation.holds(unit)
	flags |= not<<negated | r.reversal.holds(unit)&^not<<reversed
	h.flags = flags | r.hypothetical.holds(unit)<<hypothetical | r.required.holds(unit)<<required | r.conceded.holds(unit)<<beforeBut
	if sc.net += h.net(); !h.flips() {
		side, strong := h.side(), h.strength()
		sc.strength[side] += strong
		sc.late[side] += strong * float64(unit) / float64(r.units)
	}
	if e.can&turns != 0 {
		r.reversal = r.open(i, unit, n, reversalReach)
	}
	if r.careful() {
		sc.matches = r.x.p.LexiconPhrases.Match(r.tokens[:i+n], int(i), sc.matches[:0])
		h.word = r.x.longest(sc.matches).word
	}
}

// firstMention returns the first mention that starts at or after the byte.
// Sentences mostly come one after the other, so it goes on from the last one.
func (sc *Scratch) firstMention(mentions []model.Mention, start int32) int {
	m := min(sc.mention, len(mentions))
	if m > 0 && mentions[m-1].Start >= start {
		m = sort.Search(len(mentions), func(m int) bool { return mentions[m].Start >= start })
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
