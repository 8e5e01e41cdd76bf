// Package text reads an article once: sections, tokens with vocabulary ids,
// sentences, quotations, clauses and verb groups, all as byte offsets into
// the untouched text.
package text

import (
	"maps"
	"math/bits"
	"slices"
	"strings"

	"stance/internal/model"
)

// Class is a set of word classes that a form can belong to. English forms are
// ambiguous, so several bits may be set ("attack": Noun, VerbBase).
type Class uint64

const (
	Determiner  Class = 1 << iota // the, a, this, his, no
	Preposition                   // of, by, towards
	Pronoun                       // personal and demonstrative: he, they, it, this
	Coordinator                   // and, or, but, nor
	Subordinate                   // because, although, while, after …
	Conditional                   // if, unless, whether
	Relative                      // who, which, whom, whose, that, where
	That                          // that
	To                            // to
	Negator                       // not, n't forms, never, no, without, neither, nor, hardly
	Modal                         // will, would, may, might, can, could, shall, should, must
	Be                            // forms of be
	Have                          // forms of have
	Do                            // forms of do
	Adverb                        // common adverbs, and any word in -ly not otherwise known
	Question                      // who, what, when, where, why, how
	VerbBase                      // accuse
	VerbS                         // accuses
	VerbPast                      // accused
	VerbPast2                     // past participle: accused, taken
	VerbIng                       // accusing
	Noun                          // singular
	NounPlural
	Adjective
	Reporting    // say, tell, claim … in any form
	Title        // Mr., Gen., President …
	Abbreviation // ends in a stop that may not end a sentence
	Month
	NumberWord // one, two … hundred
	PersonNoun // official, spokesman, minister, group … that "the X" can refer back with
	Weekday
)

// Classes that readers of tokens other than this package rarely need.
const (
	Possessive   Class = 1 << (iota + 40) // his, their, its, 's: a determiner that names an owner
	Subject                               // he, she, they, we, I: only ever a subject
	Object                                // him, them, us, me: never a subject
	dative                                // words whose "to" is a preposition: due, according, response
	intransitive                          // verbs whose past form is no reduced passive: collapsed, refused, said
	subjective                            // pronouns that a finite verb, not a participle, follows
	causative                             // verbs with a bare infinitive: help, let, make, see
	getting                               // forms of get, whose participle makes a passive
	Clausal                               // verbs and nouns that take a content clause without that: say, think, know
	nounish                               // far more often a noun than a verb: way, state, group
	credit                                // before a colon heads a line that is no journalism: Photo, Image, Source
	boilerStart                           // may begin a paragraph that is no journalism
	boilerEnd                             // may end one
	existential                           // there
	opener                                // a capital on it starts a sentence: The, However, It
	twofold                               // verbs with two objects, so that their participle may keep one: given, called
)

// Verb is any form of a verb.
const Verb = VerbBase | VerbS | VerbPast | VerbPast2 | VerbIng

// Builder collects the forms of a vocabulary. The zero value is not ready:
// use NewBuilder, which adds the function words and common verbs of English.
// A Builder must not be used by two goroutines at once.
type Builder struct {
	ids     map[string]int32
	forms   []string
	classes []Class
	shorts  []short // by id: how an abbreviation's stop behaves
	base    *Vocabulary
	scratch *Reader // tokenises patterns with the built-in words
}

// Vocabulary maps folded word forms to ids from 1. It is immutable and safe
// for concurrent use.
type Vocabulary struct {
	forms    []string
	classes  []Class
	sensesOf []senses    // by id
	cases    [][2]Class  // by senses.class: in small letters, and with a capital within a sentence
	marks    [][2]uint16 // by senses.mark: the same
	shorts   []short
	short    []shortSlot // forms of at most 8 bytes
	middle   []slot      // of 9 to 16 bytes
	long     []int32     // ids of longer forms; all three open addressing, at most half full
	shortBy  uint8       // shift of the hash to an index
	midBy    uint8
	signs    signs
	words    keywords

	prefixes    map[string]int32 // wildcard prefix to id; read for unknown words only
	prefixSizes [1 << 12]uint64  // by hashed first three bytes: bit n for a prefix of n bytes, 63 for longer ones
	prefixHeads [1 << 10]uint64  // bit set of hashed first three bytes
	abbreviated [1 << 6]uint64   // bit set of hashed short forms that end in a stop, without it

	sorted sortedIDs // ids by form
}

// shortSlot holds a form of at most 8 bytes, packed little endian: most words
// of a text are found in these.
type shortSlot struct {
	lo     uint64
	id     int32
	senses senses // those of the id, where the look-up has them at hand
}

// slot holds a form of at most 16 bytes.
type slot struct {
	lo, hi uint64
	id     int32
	senses senses
}

// settles reports whether the look-up of a form ends at the slot: found, or not
// in the table.
func (s *shortSlot) settles(lo uint64) bool { return s.lo == lo || s.id == 0 }

func (s *slot) settles(lo, hi uint64) bool { return s.lo == lo && s.hi == hi || s.id == 0 }

// senses say where a Vocabulary keeps what is known of a word by itself. There
// are some hundreds of sets of classes and of marks, and far more ids.
type senses struct{ class, mark uint16 }

// Mark is what matchers want to know of a word before anything else, as it is
// written in small letters and with a capital. The bits are theirs to define;
// the Reader copies one of the two into each token.
type Mark struct{ Small, Capital uint16 }

// wildcard ends the form of a prefix id.
const wildcard = "*"

// Add returns the id of a single-token form, adding it if needed, and joins
// class to what is known of it. The form is folded first.
func (b *Builder) Add(form string, class Class) int32 {
	form = Fold(form)
	if id, ok := b.ids[form]; ok {
		b.classes[id] |= class
		return id
	}
	id := int32(len(b.forms))
	b.ids[form] = id
	b.forms = append(b.forms, form)
	b.classes = append(b.classes, class)
	b.shorts = append(b.shorts, 0)
	return id
}

// AddPrefix returns the id of the wildcard "prefix*". A token that the
// vocabulary does not know and that begins with the prefix gets this id; with
// several prefixes the longest wins.
func (b *Builder) AddPrefix(prefix string) int32 {
	return b.Add(Fold(prefix)+wildcard, 0)
}

// Grow makes room for n more forms.
func (b *Builder) Grow(n int) {
	if n <= cap(b.forms)-len(b.forms) {
		return
	}
	b.forms, b.classes, b.shorts = slices.Grow(b.forms, n), slices.Grow(b.classes, n), slices.Grow(b.shorts, n)
	ids := make(map[string]int32, len(b.ids)+n)
	maps.Copy(ids, b.ids)
	b.ids = ids
}

// Build freezes the vocabulary. The Builder stays usable; ids do not change.
func (b *Builder) Build() *Vocabulary {
	v := b.build()
	v.sorted = sortedForms(v)
	return v
}

// build is Build for a vocabulary that is not asked for prefixes.
func (b *Builder) build() *Vocabulary {
	v := &Vocabulary{
		forms:    slices.Clone(b.forms),
		classes:  slices.Clone(b.classes),
		shorts:   slices.Clone(b.shorts),
		prefixes: map[string]int32{},
	}
	var sizes [3]int
	for _, f := range v.forms {
		sizes[min((len(f)-1)/8, 2)]++
	}
	v.short = make([]shortSlot, 1<<bits.Len(uint(2*sizes[0])))
	v.middle = make([]slot, 1<<bits.Len(uint(2*sizes[1])))
	v.long = make([]int32, 1<<bits.Len(uint(2*sizes[2])))
	v.shortBy = uint8(64 - bits.TrailingZeros(uint(len(v.short))))
	v.midBy = uint8(64 - bits.TrailingZeros(uint(len(v.middle))))
	for id, f := range v.forms {
		if stem, ok := strings.CutSuffix(f, "."); ok && len(stem) <= 6 && v.shorts[id] != noShort {
			lo, _ := pack([]byte(stem))
			h := abbreviationHash(lo)
			v.abbreviated[h>>6] |= 1 << (h & 63)
		}
		switch p, ok := strings.CutSuffix(f, wildcard); {
		case id == 0:
		case ok && p != "":
			v.prefixes[p] = int32(id)
			v.markPrefix(p)
		case len(f) > 16:
			h := v.hashLong([]byte(f))
			for v.long[h] != 0 {
				h = (h + 1) & (len(v.long) - 1)
			}
			v.long[h] = int32(id)
		case len(f) > 8:
			lo, hi := pack([]byte(f))
			h := hashMiddle(lo, hi) >> v.midBy
			for v.middle[h].id != 0 {
				h = (h + 1) & uint64(len(v.middle)-1)
			}
			v.middle[h] = slot{lo: lo, hi: hi, id: int32(id)}
		default:
			lo, _ := pack([]byte(f))
			h := hashShort(lo) >> v.shortBy
			for v.short[h].id != 0 {
				h = (h + 1) & uint64(len(v.short)-1)
			}
			v.short[h] = shortSlot{lo: lo, id: int32(id)}
		}
	}
	v.addSenses(make([]Mark, v.Len()))
	v.signs, v.words = v.findSigns(), v.findKeywords()
	return v
}

// addSenses fills cases and marks from the classes and marks of all ids.
func (v *Vocabulary) addSenses(marks []Mark) {
	v.cases, v.marks, v.sensesOf = nil, nil, make([]senses, len(v.classes))
	classAt, markAt := map[Class]uint16{}, map[Mark]uint16{}
	for id, c := range v.classes {
		if _, ok := classAt[c]; !ok {
			classAt[c] = uint16(len(v.cases))
			v.cases = append(v.cases, c.cases())
		}
		m := marks[id]
		if _, ok := markAt[m]; !ok {
			markAt[m] = uint16(len(v.marks))
			v.marks = append(v.marks, [2]uint16{m.Small, m.Capital})
		}
		v.sensesOf[id] = senses{classAt[c], markAt[m]}
	}
	for i := range v.short {
		v.short[i].senses = v.sensesOf[v.short[i].id]
	}
	for i := range v.middle {
		v.middle[i].senses = v.sensesOf[v.middle[i].id]
	}
}

// settle returns the mark and the class of a word, as it is written.
func (v *Vocabulary) settle(s senses, flags model.TokenFlags) (mark uint16, c Class) {
	f := flags & model.Capital
	return v.marks[s.mark][f&1], v.cases[s.class][f&1]
}

// SetMarks gives every id its mark; marks has one per id. It must not be
// called once the vocabulary is in use by another goroutine or a Reader.
func (v *Vocabulary) SetMarks(marks []Mark) {
	v.addSenses(marks)
}

// Len returns the number of ids, the unknown word 0 included.
func (v *Vocabulary) Len() int { return len(v.forms) }

// Lookup returns the id of a form, folding it first; 0 when unknown. It does
// not consider wildcards.
func (v *Vocabulary) Lookup(form string) int32 {
	var buf [64]byte
	return v.lookup(foldAppend(buf[:0], form))
}

// Form returns the folded form of an id; "" for 0, "prefix*" for a wildcard.
func (v *Vocabulary) Form(id int32) string { return v.forms[id] }

// Class returns the classes of an id; 0 for unknown words.
func (v *Vocabulary) Class(id int32) Class { return v.classes[id] }

// lookup returns the id of a folded form.
func (v *Vocabulary) lookup(form []byte) int32 {
	if len(form) > 16 {
		for h := v.hashLong(form); v.long[h] != 0; h = (h + 1) & (len(v.long) - 1) {
			if id := v.long[h]; v.forms[id] == string(form) {
				return id
			}
		}
		return 0
	}
	id, _ := v.find(pack(form))
	return id
}

// find returns the id of a packed form and its senses.
func (v *Vocabulary) find(lo, hi uint64) (int32, senses) {
	if hi == 0 {
		return v.findShort(lo)
	}
	return v.findMiddle(lo, hi)
}

// findMiddle returns the id of a packed form of 9 to 16 bytes and its senses.
func (v *Vocabulary) findMiddle(lo, hi uint64) (int32, senses) {
	for h := hashMiddle(lo, hi) >> (v.midBy & 63); ; h++ {
		if s := &v.middle[h&uint64(len(v.middle)-1)]; s.settles(lo, hi) {
			return s.id, s.senses
		}
	}
}

// findShort returns the id of a packed form of at most 8 bytes and its senses.
func (v *Vocabulary) findShort(lo uint64) (int32, senses) {
	for h := hashShort(lo) >> (v.shortBy & 63); ; h++ {
		if s := &v.short[h&uint64(len(v.short)-1)]; s.settles(lo) {
			return s.id, s.senses
		}
	}
}

// fetchShort copies for each of some words the first slot in which it may be;
// most are there. It does nothing else, so that the processor waits for many
// slots at once. Within another function its loop would lack registers.
//
//go:noinline
func (v *Vocabulary) fetchShort(words []shortKey, slots []shortSlot) {
	slots = slots[:len(words)]
	short, by := v.short, v.shortBy&63
	for i := range words {
		slots[i] = short[hashShort(words[i].lo)>>by&uint64(len(short)-1)]
	}
}

// fetchMiddle is fetchShort for words of 9 to 16 bytes.
//
//go:noinline
func (v *Vocabulary) fetchMiddle(words []middleKey, slots []slot) {
	slots = slots[:len(words)]
	middle, by := v.middle, v.midBy&63
	for i := range words {
		slots[i] = middle[hashMiddle(words[i].lo, words[i].hi)>>by&uint64(len(middle)-1)]
	}
}

func hashShort(lo uint64) uint64 { return lo * 0x9e3779b97f4a7c15 }

func hashMiddle(lo, hi uint64) uint64 {
	return (lo ^ bits.RotateLeft64(hi*0xc2b2ae3d27d4eb4f, 31)) * 0x9e3779b97f4a7c15
}

// unknown returns the id of the longest wildcard that a folded form begins
// with; 0 when there is none.
func (v *Vocabulary) unknown(form []byte) int32 {
	lo, _ := pack(form[:min(len(form), 3)])
	if !v.mayWildcard(lo) {
		return 0
	}
	sizes := v.prefixSizes[headHash(lo)>>4]
	for n := len(form); n > 0; n-- {
		if sizes>>min(n, 63)&1 != 0 {
			if id, ok := v.prefixes[string(form[:n])]; ok {
				return id
			}
		}
	}
	return 0
}

// markPrefix records the heads of words that may begin with p.
func (v *Vocabulary) markPrefix(p string) {
	mark := func(lo uint64) {
		h := headHash(lo)
		v.prefixHeads[h>>6] |= 1 << (h & 63)
		v.prefixSizes[h>>4] |= 1 << min(len(p), 63)
	}
	switch len(p) {
	case 1: // rare enough that every unknown word may pay for the look-up
		for i := range v.prefixHeads {
			v.prefixHeads[i] = ^uint64(0)
		}
		for i := range v.prefixSizes {
			v.prefixSizes[i] |= 1 << len(p)
		}
	case 2:
		for c := range 256 {
			mark(uint64(p[0]) | uint64(p[1])<<8 | uint64(c)<<16)
		}
	default:
		lo, _ := pack([]byte(p))
		mark(lo)
	}
}

// mayWildcard reports whether a packed word may begin with a wildcard.
func (v *Vocabulary) mayWildcard(lo uint64) bool {
	h := headHash(lo)
	return v.prefixHeads[h>>6]&(1<<(h&63)) != 0
}

// mayAbbreviate reports whether a packed word of at most six bytes and a stop
// may be an abbreviation.
func (v *Vocabulary) mayAbbreviate(lo uint64) bool {
	h := abbreviationHash(lo)
	return v.abbreviated[h>>6]&(1<<(h&63)) != 0
}

// abbreviationHash hashes a packed form to 12 bits.
func abbreviationHash(lo uint64) uint64 { return hashShort(lo) >> 52 }

// headHash hashes the first three bytes of a packed word to 16 bits.
func headHash(lo uint64) uint32 { return uint32(lo&0xffffff) * 0x9e3779b1 >> 16 }

func (v *Vocabulary) hashLong(form []byte) int {
	h := uint64(len(form))
	for ; len(form) > 8; form = form[8:] {
		lo, _ := pack(form[:8])
		h = bits.RotateLeft64((h^lo)*0x9e3779b97f4a7c15, 29)
	}
	lo, _ := pack(form)
	h = (h ^ lo) * 0xbf58476d1ce4e5b9
	return int(h>>32) & (len(v.long) - 1)
}

// pack returns at most 16 bytes as two little-endian words.
func pack(p []byte) (lo, hi uint64) {
	for i := min(len(p), 16) - 1; i >= 0; i-- {
		if i >= 8 {
			hi = hi<<8 | uint64(p[i])
		} else {
			lo = lo<<8 | uint64(p[i])
		}
	}
	return lo, hi
}
