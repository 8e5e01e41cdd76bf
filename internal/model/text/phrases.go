package text

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"stance/internal/model"
)

// Pattern tokenises a pattern exactly like text, registers its forms and
// returns the token sequences it stands for, each token as its alternative
// ids. A token that ends in * is a suffix wildcard. A hyphen between words
// stands for a hyphen, a space or nothing, so a pattern with hyphens gives
// several sequences (at most 27: the hyphens after the third are literal).
func (b *Builder) Pattern(pattern string) [][][]int32 {
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
	sequences := [][][]int32{nil}
	var build func(from int, joined string, seq [][]int32, free int)
	sequences = sequences[:0]
	build = func(from int, joined string, seq [][]int32, free int) {
		if from == len(pieces) {
			sequences = append(sequences, slices.Clone(seq))
			return
		}
		p := pieces[from]
		form := joined + p.form
		if !p.wild && free > 0 && from+2 < len(pieces)+0 && pieces[from+1].hyphen {
			build(from+2, form, seq, free-1)
			build(from+2, "", append(slices.Clone(seq), []int32{b.Add(form, 0)}), free-1)
			build(from+2, "", append(slices.Clone(seq), []int32{b.Add(form, 0)}, []int32{b.Add(pieces[from+1].form, 0)}), free-1)
			return
		}
		id := int32(0)
		if p.wild {
			id = b.AddPrefix(form)
		} else {
			id = b.Add(form, 0)
		}
		build(from+1, "", append(slices.Clone(seq), []int32{id}), free)
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
	phrases []phrase
}

type phrase struct {
	seq   [][]int32
	value int32
}

// NewPhraseBuilder returns a builder of phrases over the forms of b.
func NewPhraseBuilder(b *Builder) *PhraseBuilder { return &PhraseBuilder{b: b} }

// Add adds a sequence of tokens, each given by its alternative ids. An empty
// sequence is ignored. A value may have any number of phrases and a phrase
// any number of values.
func (p *PhraseBuilder) Add(seq [][]int32, value int32) {
	if len(seq) > 0 {
		p.phrases = append(p.phrases, phrase{seq, value})
	}
}

// AddPattern adds every sequence of a pattern.
func (p *PhraseBuilder) AddPattern(pattern string, value int32) {
	for _, seq := range p.b.Pattern(pattern) {
		p.Add(seq, value)
	}
}

// Phrases is an immutable trie over vocabulary ids.
type Phrases struct {
	starts []int32 // by id: node after that token, 0 none
	edges  []edge  // open addressing by node and id, a power of two
	nodes  []node
	values []int32
}

type edge struct{ node, id, next int32 } // next 0: empty

type node struct {
	first, last int32 // values of the phrases that end here, half-open
	more        bool  // has edges
}

// Build makes the trie. Wildcards stand for the forms of v that begin with
// them, and for words v does not know.
func (p *PhraseBuilder) Build(v *Vocabulary) *Phrases {
	type key struct{ node, id int32 }
	next := map[key]int32{}
	ends := [][]int32{nil}
	expanded := map[int32][]int32{}
	expand := func(ids []int32) []int32 {
		var out []int32
		for _, id := range ids {
			all, ok := expanded[id]
			if !ok {
				if all = []int32{id}; strings.HasSuffix(v.forms[id], wildcard) && len(v.forms[id]) > 1 {
					all = v.sorted().with(v, strings.TrimSuffix(v.forms[id], wildcard))
				}
				expanded[id] = all
			}
			out = append(out, all...)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	var at, ahead []int32
	for _, ph := range p.phrases {
		at = append(at[:0], 0)
		for _, alternatives := range ph.seq {
			ahead = ahead[:0]
			for _, n := range at {
				for _, id := range expand(alternatives) {
					k := key{n, id}
					m, ok := next[k]
					if !ok {
						m = int32(len(ends))
						next[k] = m
						ends = append(ends, nil)
					}
					ahead = append(ahead, m)
				}
			}
			at, ahead = ahead, at
		}
		for _, n := range at {
			if !slices.Contains(ends[n], ph.value) {
				ends[n] = append(ends[n], ph.value)
			}
		}
	}
	t := &Phrases{
		starts: make([]int32, v.Len()),
		nodes:  make([]node, len(ends)),
		edges:  make([]edge, 1<<bits.Len(uint(2*len(next)))),
	}
	for i, values := range ends {
		t.nodes[i].first = int32(len(t.values))
		t.values = append(t.values, values...)
		t.nodes[i].last = int32(len(t.values))
	}
	for k, m := range next {
		if k.node == 0 {
			t.starts[k.id] = m
			continue
		}
		t.nodes[k.node].more = true
		h := t.home(k.node, k.id)
		for t.edges[h].next != 0 {
			h = (h + 1) & (len(t.edges) - 1)
		}
		t.edges[h] = edge{k.node, k.id, m}
	}
	return t
}

// Starts reports whether a phrase begins with a token of this id.
func (p *Phrases) Starts(id int32) bool {
	return int(id) < len(p.starts) && p.starts[id] != 0
}

// Openings calls f with the first two tokens of every phrase of several
// tokens and the third, -1 for a phrase of two, in no order.
func (p *Phrases) Openings(f func(first, second, third int32)) {
	type pair struct{ first, second int32 }
	first, second := map[int32]int32{}, map[int32]pair{}
	for id, n := range p.starts {
		if n != 0 {
			first[n] = int32(id)
		}
	}
	for _, e := range p.edges {
		if a, ok := first[e.node]; ok && e.next != 0 {
			second[e.next] = pair{a, e.id}
			if d := p.nodes[e.next]; d.first < d.last {
				f(a, e.id, -1)
			}
		}
	}
	for _, e := range p.edges {
		if b, ok := second[e.node]; ok && e.next != 0 {
			f(b.first, b.second, e.id)
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
		d := p.nodes[n]
		for _, value := range p.values[d.first:d.last] {
			out = append(out, Match{value, int32(i - at)})
		}
		if !d.more || i >= len(tokens) {
			break
		}
		n = p.next(n, tokens[i].ID)
	}
	return out
}

func (p *Phrases) next(n, id int32) int32 {
	for h := p.home(n, id); ; h = (h + 1) & (len(p.edges) - 1) {
		if e := &p.edges[h]; e.next == 0 || e.node == n && e.id == id {
			return e.next
		}
	}
}

func (p *Phrases) home(n, id int32) int {
	h := (uint64(uint32(n))<<32 | uint64(uint32(id))) * 0x9e3779b97f4a7c15
	return int(h>>33) & (len(p.edges) - 1)
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
func (v *Vocabulary) WithPrefix(prefix string) []int32 { return v.sorted().with(v, prefix) }

// with returns the ids of the forms that begin with prefix, wildcards included.
func (s sortedIDs) with(v *Vocabulary, prefix string) []int32 {
	i, _ := slices.BinarySearchFunc(s, prefix, func(id int32, p string) int { return strings.Compare(v.forms[id], p) })
	var out []int32
	for ; i < len(s) && strings.HasPrefix(v.forms[s[i]], prefix); i++ {
		out = append(out, s[i])
	}
	return out
}
