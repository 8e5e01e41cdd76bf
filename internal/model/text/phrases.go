package text

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"stance/internal/model"
)

// Pattern tokenises a pattern exactly like text, registers its forms and
// returns the token sequences it stands for, each token as its id. A token that
// ends in * is a suffix wildcard. A hyphen between words
// stands for a hyphen, a space or nothing, so a pattern with hyphens gives
// several sequences (at most 27: the hyphens after the third are literal).
func (b *Builder) Pattern(pattern string) [][]int32 {
	pattern = strings.TrimSpace(pattern)
	tokens := b.tokenise(pattern)
	type piece struct {
		form   string
		wild   bool
		hyphen bool
	}
	var pieces []piece
	for i, t := range tokens {
		form := Fold(t.In(pattern))
		if form == wildcard && i > 0 && !t.Has(model.SpaceBefore) && len(pieces) > 0 {
			pieces[len(pieces)-1].wild = true
			continue
		}
		pieces = append(pieces, piece{form: form, hyphen: t.Kind == model.Hyphen && i > 0 && i+1 < len(tokens)})
	}
	var sequences [][]int32
	var build func(from int, joined string, seq []int32, free int)
	build = func(from int, joined string, seq []int32, free int) {
		if from == len(pieces) {
			sequences = append(sequences, slices.Clone(seq))
			return
		}
		p := pieces[from]
		form := joined + p.form
		if !p.wild && free > 0 && from+2 < len(pieces)+0 && pieces[from+1].hyphen {
			build(from+2, form, seq, free-1)
			build(from+2, "", append(slices.Clone(seq), b.Add(form, 0)), free-1)
			build(from+2, "", append(slices.Clone(seq), b.Add(form, 0), b.Add(pieces[from+1].form, 0)), free-1)
			return
		}
		id := int32(0)
		if p.wild {
			id = b.AddPrefix(form)
		} else {
			id = b.Add(form, 0)
		}
		build(from+1, "", append(slices.Clone(seq), id), free)
	}
	if len(pieces) > 0 {
		build(0, "", nil, 3)
	}
	return sequences
}

// Match is a phrase found in a text: its value and its length in tokens.
type Match struct{ Value, Len int32 }

// PhraseBuilder collects phrases for one Phrases.
type PhraseBuilder struct {
	b       *Builder
	tokens  []int32 // of all phrases
	phrases []spelling
}

// NewPhraseBuilder returns a builder of phrases over the forms of b, with room
// for so many.
func NewPhraseBuilder(b *Builder, room int) *PhraseBuilder {
	return &PhraseBuilder{b: b, tokens: make([]int32, 0, 2*room), phrases: make([]spelling, 0, room)}
}

// Add adds a sequence of tokens. An empty sequence is ignored. A value may
// have any number of phrases and a phrase any number of values.
func (p *PhraseBuilder) Add(seq []int32, value int32) {
	if len(seq) > 0 {
		at := int32(len(p.tokens))
		p.tokens = append(p.tokens, seq...)
		p.phrases = append(p.phrases, spelling{at, int32(len(p.tokens)), value})
	}
}

// AddPattern adds every sequence of a pattern.
func (p *PhraseBuilder) AddPattern(pattern string, value int32) {
	for _, seq := range p.b.Pattern(pattern) {
		p.Add(seq, value)
	}
}

// Phrases is an immutable trie over vocabulary ids. The nodes of a node's
// children lie side by side, in the order of their ids, and near it: what a
// match needs next is at hand then.
type Phrases struct {
	starts []int32  // by id: node after that token, 0 none
	pairs  []uint64 // hashed bits of the first two tokens of all phrases of several
	nodes  []node
	values []int32
}

type node struct {
	mask        uint64 // bit id%64 of every child: most words have none and need no look-up
	first, last int32  // values of the phrases that end here, half-open; a single one is first itself, with last -1
	kids, after int32  // child nodes, half-open
	id          int32  // the token that leads here
}

// spelling is one sequence of ids that a phrase stands for.
type spelling struct {
	at, end int32 // into the tokens of all spellings
	value   int32
}

// Build makes the trie. Wildcards stand for the forms of v that begin with
// them, and for words v does not know.
func (p *PhraseBuilder) Build(v *Vocabulary) *Phrases {
	tokens, spellings := p.spell(v)
	order := order(tokens, spellings, v.Len())
	t := &Phrases{
		starts: make([]int32, v.Len()),
		nodes:  make([]node, 1, len(spellings)+1),
		values: make([]int32, 0, len(spellings)),
	}
	// alike returns where the spellings end that have the same token at a depth.
	alike := func(from, to, depth int32) (id, end int32) {
		id = tokens[spellings[order[from]].at+depth]
		for from++; from < to && tokens[spellings[order[from]].at+depth] == id; from++ {
		}
		return id, from
	}
	// grow makes a node of the spellings up to one, which begin alike; until then
	// it has the first of them.
	var grow func(n, to, depth int32)
	grow = func(n, to, depth int32) {
		from := t.nodes[n].first
		d := node{id: t.nodes[n].id, first: int32(len(t.values)), kids: int32(len(t.nodes))}
		for ; from < to; from++ {
			s := &spellings[order[from]]
			if s.end-s.at > depth {
				break // shorter spellings come first
			}
			if !slices.Contains(t.values[d.first:], s.value) {
				t.values = append(t.values, s.value)
			}
		}
		d.last = int32(len(t.values))
		if d.last == d.first+1 {
			d.first, d.last = t.values[d.first], -1
			t.values = t.values[:len(t.values)-1]
		}
		for from < to {
			id, end := alike(from, to, depth)
			t.nodes = append(t.nodes, node{id: id, first: from})
			d.mask |= 1 << (uint32(id) & 63)
			from = end
		}
		d.after = int32(len(t.nodes))
		t.nodes[n] = d
		for kid := d.kids; kid < d.after; kid++ {
			end := to
			if kid+1 < d.after {
				end = t.nodes[kid+1].first
			}
			grow(kid, end, depth+1)
		}
	}
	all := int32(len(order))
	for from := int32(0); from < all; {
		id, end := alike(from, all, 0)
		t.starts[id] = int32(len(t.nodes))
		t.nodes = append(t.nodes, node{id: id, first: from})
		grow(t.starts[id], end, 1)
		from = end
	}
	t.addPairs()
	return t
}

// spell writes out every sequence of ids that the phrases stand for.
func (p *PhraseBuilder) spell(v *Vocabulary) (tokens []int32, out []spelling) {
	tokens, out = p.tokens[:len(p.tokens):len(p.tokens)], make([]spelling, 0, len(p.phrases))
	expanded := map[int32][]int32{}
	expand := func(id int32) []int32 {
		forms, ok := expanded[id]
		if !ok {
			forms = []int32{id}
			if v.wild(id) {
				forms = v.sorted.with(v, strings.TrimSuffix(v.forms[id], wildcard))
				slices.Sort(forms)
			}
			expanded[id] = forms
		}
		return forms
	}
	for _, ph := range p.phrases {
		seq := p.tokens[ph.at:ph.end]
		if !slices.ContainsFunc(seq, v.wild) {
			out = append(out, ph)
			continue
		}
		choices := make([][]int32, len(seq))
		for i, id := range seq {
			choices[i] = expand(id)
		}
		turn := make([]int, len(choices))
		for i := 0; i >= 0; {
			at := int32(len(tokens))
			for j, n := range turn {
				tokens = append(tokens, choices[j][n])
			}
			out = append(out, spelling{at, int32(len(tokens)), ph.value})
			for i = len(turn) - 1; i >= 0; i-- {
				if turn[i]++; turn[i] < len(choices[i]) {
					break
				}
				turn[i] = 0
			}
		}
	}
	return tokens, out
}

// wild reports whether an id is a wildcard.
func (v *Vocabulary) wild(id int32) bool {
	f := v.forms[id]
	return len(f) > 1 && f[len(f)-1] == wildcard[0]
}

// order sorts spellings by their tokens, those of the same tokens as added.
func order(tokens []int32, spellings []spelling, ids int) []int32 {
	// By the first token first, which leaves little to compare.
	from := make([]int32, ids+1)
	for _, s := range spellings {
		from[tokens[s.at]+1]++
	}
	for id := range ids {
		from[id+1] += from[id]
	}
	out := make([]int32, len(spellings))
	for i, s := range spellings {
		id := tokens[s.at]
		out[from[id]] = int32(i)
		from[id]++
	}
	compare := func(a, b int32) int {
		x, y := &spellings[a], &spellings[b]
		return cmp.Or(slices.Compare(tokens[x.at+1:x.end], tokens[y.at+1:y.end]), cmp.Compare(a, b))
	}
	start := int32(0)
	for _, end := range from[:ids] { // each is the beginning of the next by now
		if end-start > 1 {
			slices.SortFunc(out[start:end], compare)
		}
		start = end
	}
	return out
}

// Starts reports whether a phrase begins with a token of this id.
func (p *Phrases) Starts(id int32) bool {
	return int(id) < len(p.starts) && p.starts[id] != 0
}

// Seconds returns a set of the second tokens of all phrases that begin with a
// token of this id: bit id%64 of each.
func (p *Phrases) Seconds(first int32) uint64 { return p.nodes[p.starts[first]].mask }

// Openings calls f with the first two tokens of every phrase of several
// tokens and the third, -1 for a phrase of two, by the order of their ids.
func (p *Phrases) Openings(f func(first, second, third int32)) {
	for first, n := range p.starts {
		for second := p.nodes[n].kids; second < p.nodes[n].after; second++ {
			d := &p.nodes[second]
			if d.first < d.last || d.last < 0 {
				f(int32(first), p.nodes[second].id, -1)
			}
			for third := d.kids; third < d.after; third++ {
				f(int32(first), p.nodes[second].id, p.nodes[third].id)
			}
		}
	}
}

// Each calls f with the tokens of every phrase of several tokens, by the order
// of their ids. They are valid until it returns.
func (p *Phrases) Each(f func(ids []int32)) {
	var walk func(n int32, ids []int32)
	walk = func(n int32, ids []int32) {
		d := &p.nodes[n]
		if len(ids) > 1 && (d.first < d.last || d.last < 0) {
			f(ids)
		}
		for k := d.kids; k < d.after; k++ {
			walk(k, append(ids, p.nodes[k].id))
		}
	}
	for first, n := range p.starts {
		if n != 0 {
			walk(n, []int32{int32(first)})
		}
	}
}

// Match appends all phrases that start at token at, shortest first and in the
// order they were added.
func (p *Phrases) Match(tokens []model.Token, at int, out []Match) []Match {
	id := tokens[at].ID
	if int(id) >= len(p.starts) {
		return out
	}
	n := p.starts[id]
	for i := at + 1; n != 0; i++ {
		d := &p.nodes[n]
		if d.last < 0 {
			out = append(out, Match{d.first, int32(i - at)})
		} else {
			for _, value := range p.values[d.first:d.last] {
				out = append(out, Match{value, int32(i - at)})
			}
		}
		if i >= len(tokens) {
			break
		}
		id := tokens[i].ID
		if d.mask>>(uint32(id)&63)&1 == 0 {
			break
		}
		n = p.next(d, id)
	}
	return out
}

// next returns the child of a node by its id; 0 when there is none.
func (p *Phrases) next(d *node, id int32) int32 {
	lo, hi := d.kids, d.after
	for hi-lo > 8 {
		if m := int32(uint32(lo+hi) >> 1); p.nodes[m].id <= id {
			lo = m
		} else {
			hi = m
		}
	}
	for ; lo < hi; lo++ {
		if p.nodes[lo].id == id {
			return lo
		}
	}
	return 0
}

// Alone returns the value of the one phrase that is just a token of this id;
// -1 when there is none, -2 when there are several.
func (p *Phrases) Alone(id int32) int32 {
	switch d := &p.nodes[p.starts[id]]; {
	case d.last < 0:
		return d.first
	case d.first < d.last:
		return -2
	}
	return -1
}

// Opens reports whether a phrase of several tokens may begin with two tokens:
// true for all that do and for one in eight of the others.
func (p *Phrases) Opens(first, second int32) bool {
	h := p.pairHash(first, second)
	return p.pairs[h>>6]>>(h&63)&1 != 0
}

func (p *Phrases) pairHash(first, second int32) uint32 {
	return (uint32(first)*0x9e3779b1 ^ uint32(second)*0x85ebca6b) * 0xc2b2ae35 >> 7 & uint32(len(p.pairs)<<6-1)
}

// addPairs fills the bits of Opens, eight of them for each pair.
func (p *Phrases) addPairs() {
	n := 0
	p.Openings(func(_, _, _ int32) { n++ })
	p.pairs = make([]uint64, max(1<<bits.Len(uint(n))>>3, 1))
	p.Openings(func(first, second, _ int32) {
		h := p.pairHash(first, second)
		p.pairs[h>>6] |= 1 << (h & 63)
	})
}

// sortedIDs lists ids by form.
type sortedIDs []int32

func sortedForms(v *Vocabulary) sortedIDs {
	// The first eight bytes as a number settle most comparisons.
	type keyed struct {
		key uint64
		id  int32
	}
	keys := make([]keyed, v.Len()-1)
	for i := range keys {
		lo, _ := pack([]byte(v.forms[i+1]))
		keys[i] = keyed{bits.ReverseBytes64(lo), int32(i + 1)}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return strings.Compare(v.forms[a.id], v.forms[b.id])
	})
	ids := make(sortedIDs, len(keys))
	for i, k := range keys {
		ids[i] = k.id
	}
	return ids
}

// WithPrefix returns the ids of all forms that begin with a folded prefix,
// wildcards included, in the order of their forms.
func (v *Vocabulary) WithPrefix(prefix string) []int32 { return v.sorted.with(v, prefix) }

// with returns the ids of the forms that begin with prefix, wildcards included.
func (s sortedIDs) with(v *Vocabulary, prefix string) []int32 {
	i, _ := slices.BinarySearchFunc(s, prefix, func(id int32, p string) int { return strings.Compare(v.forms[id], p) })
	var out []int32
	for ; i < len(s) && strings.HasPrefix(v.forms[s[i]], prefix); i++ {
		out = append(out, s[i])
	}
	return out
}
