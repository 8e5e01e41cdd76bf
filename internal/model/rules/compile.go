package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"stance/internal/diag"
	"stance/internal/model"
	"stance/internal/model/text"
)

// Source is one file of a configuration: a pack or a lexicon.
type Source struct {
	Name    string // as messages show it
	Data    []byte
	Trusted bool // comes with the program: the limit on the number of values is lifted
}

// Config is what a Program is made of.
type Config struct {
	Packs    []Source // a pack that is not trusted replaces a trusted one of the same id
	Lexicons []Source // tab-separated, see Lexicon
	Words    []string // further forms that models want to see in the vocabulary; they get the first ids, in this order
}

// Compile reads all packs and lexicons into one Program. The list holds every
// mistake of every file, sorted; the Program is nil when one is an error.
func Compile(c Config) (*Program, diag.List) {
	return Read(c.Packs, c.Lexicons).Compile(c.Words)
}

// Files are packs and lexicons that are being read.
type Files struct {
	packs            []*pack     // nil where one cannot be read
	mistakes         []diag.List // of the packs
	lexicons         []Source
	words            *lexicon
	reading, wording sync.WaitGroup // of packs, of lexicons
}

// Read begins to read packs and lexicons, and returns at once. They must not
// change before Compile has returned.
func Read(packs, lexicons []Source) *Files {
	f := &Files{lexicons: lexicons, packs: make([]*pack, len(packs)), mistakes: make([]diag.List, len(packs))}
	for i, s := range packs {
		f.reading.Go(func() {
			l := &f.mistakes[i]
			if t, ok := parse(s, l); ok {
				d := decoder{l}
				f.packs[i] = d.decode(&t, s)
			}
		})
	}
	f.wording.Go(func() { f.words = readLexicons(lexicons) })
	return f
}

// Wait returns when the packs are read.
func (f *Files) Wait() { f.reading.Wait() }

// Compile makes one Program of the files as Compile does of a Config with these
// words. It may be called once.
func (f *Files) Compile(words []string) (*Program, diag.List) {
	var l diag.List
	p, _ := f.compile(words, &l)
	l.Sort()
	if l.HasErrors() {
		return nil, l
	}
	return p, l
}

// compiler carries what is needed between the steps of one compilation.
type compiler struct {
	l         *diag.List
	p         *Program
	packs     []*pack
	b         *text.Builder
	aliases   *text.PhraseBuilder
	heads     *text.PhraseBuilder
	sequences [][]int32 // tokens by alias
	persons   map[string][]*leaderDecl
	headSets  map[string]int32
	words     map[string][]int32 // single-word patterns; wildcards not yet expanded
	declared  map[string]diag.Position
	open      []openPattern
	spare     []Declaration
	tokens    []int32    // room for those of further patterns
	alone     [1][]int32 // see pattern
}

func (f *Files) compile(words []string, l *diag.List) (*Program, *compiler) {
	k := &compiler{
		l: l, p: &Program{parties: map[string]int32{}, issues: map[string]int32{}},
		words: map[string][]int32{}, headSets: map[string]int32{},
		persons: map[string][]*leaderDecl{}, declared: map[string]diag.Position{},
	}
	k.b = text.NewBuilder(words...)
	f.Wait()
	k.choose(f)
	k.declare()
	k.room(f, len(words))
	hints := registerHints(k.b)
	k.commonHeads(OriginHeads, headPersons, headBodies, headActs)
	k.commonHeads(NameHeads, headPersons, headBodies, headCampaigns, headNames)
	k.parties()
	k.people()
	k.issues()
	k.never()
	cues := k.cues()
	operators := k.operators()
	k.products()
	f.wording.Wait()
	lexicon := k.lexicons(f.words)
	offices := k.offices()
	titles := k.titles()
	if l.HasErrors() {
		return nil, k
	}
	p := k.p
	v := k.b.Build()
	p.Vocabulary = v
	if k.bounds(v); l.HasErrors() {
		return nil, k
	}
	var wg sync.WaitGroup
	for _, t := range []struct {
		to   **text.Phrases
		from *text.PhraseBuilder
	}{{&p.AliasPhrases, k.aliases}, {&p.HeadPhrases, k.heads}, {&p.CuePhrases, cues}, {&p.OperatorPhrases, operators},
		{&p.LexiconPhrases, lexicon}, {&p.OfficePhrases, offices}} {
		wg.Go(func() { *t.to = t.from.Build(v) })
	}
	wg.Wait()
	k.capitals()
	k.expandWildcards()
	k.hints(hints, titles)
	k.looks()
	k.named()
	p.Hash, p.Version = k.identity()
	return p, k
}

// choose keeps one pack per id of those that were read.
func (k *compiler) choose(f *Files) {
	at := map[string]int{}
	for i, p := range f.packs {
		*k.l = append(*k.l, f.mistakes[i]...)
		if p == nil || p.info.ID == "" {
			continue
		}
		j, twice := at[p.info.ID]
		switch {
		case !twice:
			at[p.info.ID] = len(k.packs)
			k.packs = append(k.packs, p)
		case k.packs[j].trusted && !p.trusted:
			k.packs[j] = p
		default:
			k.l.Errorf(p.pos, "duplicate-id", "pack %s is also in %s", p.info.ID, k.packs[j].info.File)
		}
	}
	for _, p := range k.packs {
		k.p.Packs = append(k.p.Packs, p.info)
		for _, n := range p.needs {
			if _, ok := at[n.S]; !ok {
				k.l.Errorf(n.Pos, "unknown-pack", "pack %q is needed and not loaded", clip(n.S))
			}
		}
	}
}

// room makes space for what the packs and so many forms of others will add, so
// that nothing grows by doubling.
func (k *compiler) room(f *Files, forms int) {
	aliases, lemmas := 0, 0
	for _, pk := range k.packs {
		for i := range pk.parties {
			d := &pk.parties[i]
			aliases += len(d.aliases) + len(d.places) + len(d.never) + len(d.demonyms.adj) + len(d.demonyms.noun) + 2*len(d.leaders)
		}
		for i := range pk.issues {
			aliases += len(pk.issues[i].phrases)
		}
		for i := range pk.cues {
			lemmas += len(pk.cues[i].lemmas)
		}
	}
	for _, s := range f.lexicons {
		forms += len(s.Data) / 8
	}
	aliases += aliases / 4 // spellings with hyphens
	k.p.Aliases, k.sequences = make([]Alias, 0, aliases), make([][]int32, 0, aliases)
	const inflected = 5 // forms of a lemma
	k.p.CueForms = make([]CueForm, 0, inflected*lemmas)
	k.b.Grow((forms + inflected*lemmas + aliases) / 3) // most are known, or stand twice
	k.aliases, k.heads = text.NewPhraseBuilder(k.b, aliases), text.NewPhraseBuilder(k.b, 0)
}

// claim records where an id is declared and reports a second declaration.
func (k *compiler) claim(what string, id str) bool {
	if id.S == "" {
		return false
	}
	key := what + " " + id.S
	if first, ok := k.declared[key]; ok {
		k.l.Errorf(id.Pos, "duplicate-id", "%s is also declared at %s", key, first)
		return false
	}
	k.declared[key] = id.Pos
	return true
}

// declare gives every party and issue its index, so that packs may refer to
// each other in any order.
func (k *compiler) declare() {
	p := k.p
	for _, pk := range k.packs {
		for i := range pk.parties {
			d := &pk.parties[i]
			if d.extend || !k.claim("party", d.id) {
				continue
			}
			p.parties[d.id.S] = int32(len(p.Parties))
			p.Parties = append(p.Parties, Party{ID: d.id.S, Label: d.label.S, Kind: d.kind, Parent: -1, Pos: d.id.Pos})
		}
		for i := range pk.issues {
			d := &pk.issues[i]
			if !k.claim("issue", d.id) {
				continue
			}
			label := d.label.S
			if label == "" {
				label = d.id.S
			}
			p.issues[d.id.S] = int32(len(p.Issues))
			p.Issues = append(p.Issues, Issue{ID: d.id.S, Label: label, Parent: -1, Pos: d.id.Pos})
		}
	}
}

// unknown reports an id that nothing declares.
func (k *compiler) unknown(what string, id str, known map[string]int32) {
	names := make([]string, 0, len(known))
	for n := range known {
		names = append(names, n)
	}
	slices.Sort(names)
	s := suggest(id.S, names)
	if len(names) > 24 && !strings.HasPrefix(s, "did") {
		s = "no pack declares it"
	}
	k.l.Errorf(id.Pos, "unknown-id", "%s %q; %s", what, clip(id.S), s)
}

// parties compiles aliases, demonyms, places and memberships.
func (k *compiler) parties() {
	p := k.p
	for _, pk := range k.packs {
		for i := range pk.parties {
			d := &pk.parties[i]
			at, ok := p.parties[d.id.S]
			if !ok {
				if d.id.S != "" {
					k.unknown("party", d.id, p.parties)
				}
				continue
			}
			if d.parent.S != "" {
				if up, ok := p.parties[d.parent.S]; ok {
					p.Parties[at].Parent = up
				} else {
					k.unknown("parent", d.parent, p.parties)
				}
			}
			for _, m := range d.coalition {
				p.Parties[at].Coalition = append(p.Parties[at].Coalition, Membership{m.in.S, m.from, m.to})
			}
			for _, x := range d.xref {
				if p.Parties[at].XRef == nil {
					p.Parties[at].XRef = map[string]string{}
				}
				p.Parties[at].XRef[x.name] = x.text
			}
			k.demonyms(d, at)
			for _, a := range d.aliases {
				k.alias(a, Alias{Party: at, Issue: -1, Person: -1})
			}
			if d.letter.S != "" {
				k.alias(aliasDecl{text: d.letter, cased: int8(CaseUpper) + 1}, Alias{Party: at, Issue: -1, Person: -1, Letter: true})
			}
			for _, a := range d.places {
				k.alias(a, Alias{Party: at, Issue: -1, Person: -1})
			}
			for j := range d.leaders {
				k.leader(&d.leaders[j], at)
			}
		}
	}
	k.cycles()
}

// cycles reports parents that lead back to themselves.
func (k *compiler) cycles() {
	for i := range k.p.Parties {
		up, steps := k.p.Parties[i].Parent, 0
		for up >= 0 && up != int32(i) && steps <= len(k.p.Parties) {
			up = k.p.Parties[up].Parent
			steps++
		}
		if up == int32(i) {
			k.l.Errorf(k.p.Parties[i].Pos, "cycle", "party %s is its own ancestor", k.p.Parties[i].ID)
		}
	}
	for i := range k.p.Issues {
		up, steps := k.p.Issues[i].Parent, 0
		for up >= 0 && up != int32(i) && steps <= len(k.p.Issues) {
			up = k.p.Issues[up].Parent
			steps++
		}
		if up == int32(i) {
			k.l.Errorf(k.p.Issues[i].Pos, "cycle", "issue %s is its own ancestor", k.p.Issues[i].ID)
		}
	}
}

// alias compiles one alias: a copy per spelling of its hyphens.
func (k *compiler) alias(d aliasDecl, a Alias) {
	a.Text, a.Kind = d.text.S, cmp.Or(a.Kind, d.kind)
	a.Declaration = k.declaration()
	a.Pos, a.From, a.To, a.Else = d.text.Pos, d.from, d.to, d.otherwise
	a.Dated = d.from != 0 || d.to != 0
	a.NeedsFull, a.NeedsCue, a.Priority = d.needsFull, d.needsCue, d.priority
	a.Case = caseOf(d.text.S)
	if d.cased > 0 {
		a.Case = CaseRule(d.cased - 1)
	}
	seqs := k.pattern(d.text)
	if len(seqs) == 0 || d.text.S == "*" {
		k.l.Errorf(d.text.Pos, "pattern", "alias %q holds no word", clip(d.text.S))
		return
	}
	a.UnlessPrev, a.UnlessNext = k.wordList(d.unlessPrev), k.wordList(d.unlessNext)
	a.IfPrev, a.IfNext, a.Near = k.wordList(d.ifPrev), k.wordList(d.ifNext), k.wordList(d.near)
	a.Conditional = len(a.UnlessPrev)+len(a.UnlessNext)+len(a.IfPrev)+len(a.IfNext)+len(a.Near) > 0
	for _, seq := range seqs {
		at := int32(len(k.p.Aliases))
		k.p.Aliases = append(k.p.Aliases, a)
		k.sequences = append(k.sequences, seq)
		k.aliases.Add(seq, at)
	}
}

// declaration returns a new declaration; they are made many at a time.
func (k *compiler) declaration() *Declaration {
	if len(k.spare) == 0 {
		k.spare = make([]Declaration, 1024)
	}
	d := &k.spare[0]
	k.spare = k.spare[1:]
	return d
}

// pattern returns the sequences of a pattern. A stop at its end belongs to an
// abbreviation within a sentence ("Jr. said") and may stand alone at its end.
// The list is valid until the next call, its sequences stay.
func (k *compiler) pattern(s str) [][]int32 {
	if plain(s.S) {
		return k.plain(s.S, 0)
	}
	seqs := k.b.Pattern(s.S)
	if strings.HasSuffix(s.S, ".") {
		for _, seq := range k.b.Pattern(s.S + " x") {
			seq = seq[:len(seq)-1]
			if !slices.ContainsFunc(seqs, func(other []int32) bool { return len(other) == len(seq) }) {
				seqs = append(seqs, seq)
			}
		}
	}
	if strings.Contains(s.S, "*") {
		k.open = append(k.open, openPattern{s, seqs})
	}
	return seqs
}

// plain is pattern for one that is plain. class is that of its words.
func (k *compiler) plain(s string, class text.Class) [][]int32 {
	from := len(k.tokens)
	if cap(k.tokens)-from < len(s) {
		k.tokens, from = make([]int32, 0, 4096+len(s)), 0
	}
	for w := range strings.SplitSeq(s, " ") {
		k.tokens = append(k.tokens, k.b.Add(w, class))
	}
	k.alone[0] = k.tokens[from:len(k.tokens):len(k.tokens)]
	return k.alone[:]
}

// plain reports whether a pattern is English letters with single spaces
// between, of which each word is a token.
func plain(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			space = false
		case c == ' ' && !space:
			space = true
		default:
			return false
		}
	}
	return !space
}

// openPattern is a pattern with wildcards.
type openPattern struct {
	text str
	seqs [][]int32
}

// Bounds on how many phrases of known words one pattern, and all patterns of
// a configuration, stand for.
const (
	maxPhrases    = 20_000
	maxAllPhrases = 2_000_000
)

// bounds reports patterns whose wildcards stand for too many phrases.
func (k *compiler) bounds(v *text.Vocabulary) {
	all := 0
	for _, o := range k.open {
		for _, seq := range o.seqs {
			n := 1
			for _, id := range seq {
				if prefix, ok := strings.CutSuffix(v.Form(id), "*"); ok && prefix != "" && n <= maxPhrases {
					n *= max(len(v.WithPrefix(prefix)), 1)
				}
			}
			if n > maxPhrases {
				k.l.Errorf(o.text.Pos, "limit", "the wildcards of %q stand for more than %d phrases; write more of the words", clip(o.text.S), maxPhrases)
				break
			}
			all += n
		}
		if all > maxAllPhrases {
			k.l.Errorf(o.text.Pos, "limit", "with %q, all wildcards stand for more than %d phrases", clip(o.text.S), maxAllPhrases)
			return
		}
	}
}

// add adds all spellings of a pattern with one value.
func (k *compiler) add(pb *text.PhraseBuilder, s str, value int32) {
	for _, seq := range k.pattern(s) {
		pb.Add(seq, value)
	}
}

// caseOf returns the rule that the spelling of an alias asks for: all capitals
// want all capitals, a capital wants a capital, small letters take any.
func caseOf(s string) CaseRule {
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	switch {
	case upper == 0:
		return CaseAny
	case lower == 0:
		return CaseUpper
	}
	return CaseInitial
}

// demonyms compiles adjectives of origin, which name the party only with a
// head noun, and nouns for its people.
func (k *compiler) demonyms(d *partyDecl, at int32) {
	set := int32(OriginHeads)
	if d.demonyms.hasHeads {
		set = k.headSet(d.demonyms.heads)
	}
	for _, s := range d.demonyms.adj {
		k.alias(aliasDecl{text: s, kind: model.AliasDemonym}, Alias{Party: at, Issue: -1, Person: -1, Adjective: true, Heads: set})
	}
	for _, s := range d.demonyms.noun {
		k.alias(aliasDecl{text: s, kind: model.AliasDemonym}, Alias{Party: at, Issue: -1, Person: -1, Plural: true})
	}
}

func (k *compiler) commonHeads(set int32, lists ...string) {
	for _, list := range lists {
		for n := range strings.FieldsSeq(list) {
			for _, f := range text.Inflections(n, text.InflectNoun) {
				k.heads.AddPattern(f.Text, set)
			}
		}
	}
	for _, h := range headMedia {
		k.heads.AddPattern(h, set)
	}
}

// headSet returns the number of a set of head nouns.
func (k *compiler) headSet(heads []str) int32 {
	var key strings.Builder
	for _, h := range heads {
		key.WriteString(h.S)
		key.WriteByte('\n')
	}
	if n, ok := k.headSets[key.String()]; ok {
		return n
	}
	n := int32(len(k.headSets)) + numHeads
	k.headSets[key.String()] = n
	for _, h := range heads {
		k.add(k.heads, h, n)
	}
	return n
}

// leader collects a term; the persons are numbered when all terms are known.
func (k *compiler) leader(d *leaderDecl, party int32) {
	if d.person.S == "" {
		return
	}
	k.persons[d.person.S] = append(k.persons[d.person.S], d)
	k.p.Persons = append(k.p.Persons, Person{ID: d.person.S, Party: party, Office: d.office.S, From: d.from, To: d.to,
		Priority: d.priority, Pos: d.person.Pos})
}

// people sorts the terms by person and compiles the names.
func (k *compiler) people() {
	p := k.p
	women, behind := strings.Fields(givenNames), strings.Fields(lastNames)
	order := map[string]int{}
	for _, t := range p.Persons {
		if _, ok := order[t.ID]; !ok {
			order[t.ID] = len(order)
		}
	}
	slices.SortStableFunc(p.Persons, func(a, b Person) int {
		return cmp.Or(cmp.Compare(order[a.ID], order[b.ID]), cmp.Compare(a.From, b.From))
	})
	for i := 0; i < len(p.Persons); {
		id, first := p.Persons[i].ID, i
		decls := k.persons[id]
		seen := map[string]bool{}
		name := ""
		for _, d := range decls {
			for _, n := range d.names {
				name = cmp.Or(name, n.S)
				if !seen[n.S] {
					seen[n.S] = true
					k.alias(aliasDecl{text: n, kind: model.AliasLeader, priority: d.priority},
						Alias{Party: p.Persons[first].Party, Issue: -1, Person: int32(first)})
				}
			}
		}
		for _, d := range decls {
			for _, n := range d.short {
				if !seen[n.S] {
					seen[n.S] = true
					k.alias(aliasDecl{text: n, kind: model.AliasLeader, needsFull: d.needsFull, priority: d.priority},
						Alias{Party: p.Persons[first].Party, Issue: -1, Person: int32(first), Short: true})
				}
			}
		}
		if name == "" {
			k.l.Errorf(decls[0].person.Pos, "missing", "person %s has no names", id)
		}
		given, rest, _ := strings.Cut(name, " ")
		female := slices.Contains(women, text.Fold(given)) || slices.Contains(behind, text.Fold(rest))
		for ; i < len(p.Persons) && p.Persons[i].ID == id; i++ {
			p.Persons[i].Name, p.Persons[i].Female = name, female
		}
		for t := first; t < i; t++ {
			p.Persons[t].first, p.Persons[t].last = int32(first), int32(i)
		}
	}
}

func (k *compiler) issues() {
	p := k.p
	for _, pk := range k.packs {
		for i := range pk.issues {
			d := &pk.issues[i]
			at, ok := p.issues[d.id.S]
			if !ok || p.Issues[at].Pos != d.id.Pos {
				continue
			}
			if d.parent.S != "" {
				if up, ok := p.issues[d.parent.S]; ok {
					p.Issues[at].Parent = up
				} else {
					k.unknown("parent", d.parent, p.issues)
				}
			}
			for _, a := range d.phrases {
				k.alias(a, Alias{Party: -1, Issue: at, Person: -1})
			}
		}
	}
	k.cycles()
}

// never compiles names that are no mention of anything.
func (k *compiler) never() {
	add := func(ss []str) {
		for _, s := range ss {
			k.alias(aliasDecl{text: s}, Alias{Party: -1, Issue: -1, Person: -1, Never: true})
		}
	}
	for _, pk := range k.packs {
		add(pk.never)
		for i := range pk.parties {
			add(pk.parties[i].never)
		}
	}
}

// products compiles the kinds of what parties do, say and make.
func (k *compiler) products() {
	forms := func(words []str, how text.Inflect) []int32 {
		var ids []int32
		for _, w := range words {
			for _, f := range text.Inflections(w.S, how) {
				ids = append(ids, k.b.Add(f.Text, 0))
			}
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	for _, pk := range k.packs {
		for i := range pk.products {
			d := &pk.products[i]
			if !k.claim("product", d.id) {
				continue
			}
			if len(k.p.Products) == MaxProducts {
				k.l.Errorf(d.id.Pos, "limit", "product %s is one of more than %d", d.id.S, MaxProducts)
				return
			}
			p := Product{ID: d.id.S, Nouns: forms(d.nouns, text.InflectNoun), Verbs: forms(d.verbs, text.InflectVerb), Suffered: d.suffered, Enacted: d.enacted}
			for _, a := range d.acts {
				p.Acts = append(p.Acts, a.S)
				if !slices.ContainsFunc(k.p.Cues, func(c Cue) bool {
					return slices.ContainsFunc(c.Emits, func(e Emit) bool { return e.Act == a.S })
				}) {
					k.l.Errorf(a.Pos, "unknown-act", "act %q; no rule emits it", clip(a.S))
				}
			}
			k.p.Products = append(k.p.Products, p)
		}
	}
}

// offices numbers the posts that leaders hold.
func (k *compiler) offices() *text.PhraseBuilder {
	pb := text.NewPhraseBuilder(k.b, 0)
	at := map[string]int32{}
	for i, t := range k.p.Persons {
		name := text.Fold(t.Office)
		if name == "" {
			k.p.Persons[i].Post = -1
			continue
		}
		n, ok := at[name]
		if !ok {
			n = int32(len(k.p.Offices))
			at[name] = n
			k.p.Offices = append(k.p.Offices, Office{Name: name})
			k.add(pb, str{name, t.Pos}, n)
		}
		k.p.Offices[n].terms = append(k.p.Offices[n].terms, int32(i))
		k.p.Persons[i].Post = n
	}
	for i := range k.p.Offices {
		o := &k.p.Offices[i]
		slices.SortStableFunc(o.terms, func(a, b int32) int { return cmp.Compare(k.p.Persons[a].Party, k.p.Persons[b].Party) })
		for _, t := range o.terms {
			o.parties = append(o.parties, k.p.Persons[t].Party)
		}
	}
	return pb
}

// titles returns the ids of the words that stand before names: the last word
// of each title and office is a title by itself ("foreign minister"), the
// others are parts of one.
func (k *compiler) titles() []hinted {
	var out []hinted
	add := func(s string) {
		for _, seq := range k.b.Pattern(s) {
			for i, id := range seq {
				h := HintTitlePart
				if i == len(seq)-1 {
					h = HintTitle
				}
				out = append(out, hinted{id, h})
			}
		}
	}
	for _, pk := range k.packs {
		for _, t := range pk.titles {
			add(t.S)
		}
	}
	for _, o := range k.p.Offices {
		// "minister of finance": the noun before "of" is the title.
		if title, of, ok := strings.Cut(o.Name, " of "); ok {
			add(title)
			add(of + " " + title)
			continue
		}
		add(o.Name)
	}
	return out
}

// capitals fills in what depends on the written form of each token of an
// alias: which tokens are capitalised, which one heads it, is it a plural.
func (k *compiler) capitals() {
	v := k.p.Vocabulary
	for i := range k.p.Aliases {
		a, seq := &k.p.Aliases[i], k.sequences[i]
		letters := a.Text
		a.Head = int32(len(seq)) - 1
		for t, id := range seq {
			first, rest := afterLetters(letters, countLetters(v.Form(id)))
			if unicode.IsUpper(first) && t < 64 {
				a.Caps |= 1 << t
			}
			letters = rest
			if t > 0 && a.Head == int32(len(seq))-1 && v.Class(id)&text.Preposition != 0 && a.Person < 0 {
				a.Head = int32(t) - 1
			}
		}
		head := v.Class(seq[a.Head])
		if !a.Plural && a.Person < 0 && head&text.NounPlural != 0 && head&text.Noun == 0 && a.Caps&(1<<min(a.Head, 63)) == 0 {
			a.Plural = true
		}
	}
	k.plurals()
}

// named collects the nouns for bodies in the names of parties: later "the
// agency" can be the International Atomic Energy Agency.
func (k *compiler) named() {
	p := k.p
	for i, seq := range k.sequences {
		a := &p.Aliases[i]
		if a.Party < 0 || a.Person >= 0 || a.Never || a.Kind != model.AliasName && a.Kind != model.AliasShort {
			continue
		}
		country := p.Parties[a.Party].Kind == Government && p.Parties[a.Party].Parent < 0 // whose councils are many
		for _, id := range seq {
			if len(seq) > 1 && p.Words[id].Hint&(HintBody|HintGroup) != 0 && p.Words[id].Hint&HintState == 0 && (!country || p.Words[id].Hint&HintRealm != 0) {
				p.named = append(p.named, int64(a.Party)<<32|int64(id))
			}
		}
	}
	slices.Sort(p.named)
	p.named = slices.Compact(p.named)
}

// looks marks the words that the finder and the readers of the lexicon have to
// look at, so that they can pass by most words.
func (k *compiler) looks() {
	p := k.p
	p.Numbers = map[int32][3]int32{}
	marks := make([]text.Mark, len(p.Words))
	for id := range p.Words {
		w, m := &p.Words[id], &marks[id]
		w.On, w.Alias, w.Class = p.AliasPhrases.Seconds(int32(id)), p.AliasPhrases.Alone(int32(id)), p.Vocabulary.Class(int32(id))
		addLook(m, LookMet|LookAfter, false)
		const noun = HintPerson | HintBody | HintGroup
		if w.Hint&(noun|HintOffice|HintTwo) != 0 {
			addLook(m, LookNoun, true)
		}
		if w.Hint&(HintTitle|HintTitlePart) != 0 {
			addLook(m, LookTitle, true)
		}
		if w.Hint&(HintMale|HintFemale) != 0 {
			addLook(m, LookTitle, false)
		}
		if w.Hint&(HintHe|HintThey|HintIt|HintIts|HintPlan|HintBoth|HintEach|HintSeat) != 0 {
			addLook(m, LookAlways|LookSure, true)
		}
		if w.Hint&(HintDefinite|HintModifier|HintStop|HintPlight) != 0 {
			addLook(m, LookBefore, true)
		}
		if w.Hint&(HintTitle|HintTitlePart|HintOf) != 0 {
			addLook(m, LookAfter, true)
		}
		if w.Hint&(HintTitle|HintFunction) != 0 {
			addLook(m, LookSmall, true)
		}
		if w.Hint&noun != 0 {
			form := p.Vocabulary.Form(int32(id))
			n := [3]int32{1: p.Vocabulary.Lookup(form + "s"), 2: p.Vocabulary.Lookup(shortTitles[form])}
			if one, ok := strings.CutSuffix(form, "s"); ok && one != "" {
				n[0] = p.Vocabulary.Lookup(one)
			}
			p.Numbers[int32(id)] = n
		}
	}
	for i, seq := range k.sequences {
		a := &p.Aliases[i]
		look := LookAlone | LookSure
		if len(seq) > 1 {
			look = LookOn
			if a.Person >= 0 && !a.Short {
				look |= LookTitle // there may be an initial in it
			}
		}
		small := a.Case == CaseAny || a.Case == CaseInitial && a.Caps&1 == 0
		addLook(&marks[seq[0]], look, small)
		if prefix, ok := strings.CutSuffix(p.Vocabulary.Form(seq[0]), "*"); ok && prefix != "" {
			for _, id := range p.Vocabulary.WithPrefix(prefix) {
				addLook(&marks[id], look, small)
			}
		}
	}
	p.AliasPhrases.Openings(func(_, second, _ int32) { addLook(&marks[second], LookSecond, true) })
	for _, phrases := range []*text.Phrases{p.LexiconPhrases, p.OperatorPhrases} {
		for id := range marks {
			if phrases.Alone(int32(id)) != -1 {
				addLook(&marks[id], LookEntry, true)
			}
		}
		phrases.Openings(func(first, second, _ int32) {
			addLook(&marks[first], LookPhrase, true)
			addLook(&marks[second], LookGoesOn, true)
		})
	}
	p.Vocabulary.SetMarks(marks)
}

// countLetters returns how many letters and digits s has.
func countLetters(s string) (n int) {
	for _, r := range s {
		if isLetter(r) {
			n++
		}
	}
	return n
}

// afterLetters returns the first letter or digit of s, 0 without any, and what
// follows the n-th.
func afterLetters(s string, n int) (first rune, rest string) {
	if n == 0 {
		return 0, s
	}
	for i, r := range s {
		if !isLetter(r) {
			continue
		}
		if first == 0 {
			first = r
		}
		if n--; n == 0 {
			return first, s[i+utf8.RuneLen(r):]
		}
	}
	return first, ""
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// plurals marks names such as "Houthis", whose singular names the same party.
func (k *compiler) plurals() {
	type form struct {
		party int32
		text  string
	}
	have := map[form]bool{}
	for i := range k.p.Aliases {
		if a := &k.p.Aliases[i]; a.Party >= 0 && a.Person < 0 {
			have[form{a.Party, a.Text}] = true
		}
	}
	for i := range k.p.Aliases {
		a := &k.p.Aliases[i]
		if a.Party < 0 || a.Person >= 0 {
			continue
		}
		if s, ok := strings.CutSuffix(a.Text, "s"); ok && !a.Plural {
			kind := k.p.Parties[a.Party].Kind
			a.Plural = have[form{a.Party, s}] || kind == Group && a.Kind != model.AliasPlace
		}
	}
}

// wordIDs returns the ids of a single word, with wildcards to be expanded.
func (k *compiler) wordIDs(s str) []int32 {
	if ids, ok := k.words[s.S]; ok {
		return ids
	}
	// The owner is enough of a possessive: the finder steps over the ending.
	word := strings.TrimSuffix(strings.TrimSuffix(s.S, "'s"), "’s")
	prefix, wild := strings.CutSuffix(word, "*")
	if !wild {
		// Hyphens part tokens: the longest part stands for the whole.
		word = ""
		for part := range strings.SplitSeq(prefix, "-") {
			if len(part) > len(word) {
				word = part
			}
		}
		prefix = word
	}
	var ids []int32
	switch {
	case !hasWord(prefix) || strings.ContainsAny(prefix, " -*"):
		k.l.Errorf(s.Pos, "pattern", "%q; expected a single word", clip(s.S))
	case wild:
		ids = []int32{k.b.AddPrefix(prefix)}
	default:
		ids = []int32{k.b.Add(word, 0)}
	}
	k.words[s.S] = ids
	return ids
}

func (k *compiler) wordList(ss []str) []int32 {
	var out []int32
	for _, s := range ss {
		out = append(out, k.wordIDs(s)...)
	}
	return out
}

// expandWildcards replaces wildcard ids in word lists by all known forms with
// that prefix; the wildcard id stays, for words the vocabulary does not know.
func (k *compiler) expandWildcards() {
	v := k.p.Vocabulary
	expand := func(ids *[]int32) {
		for _, id := range *ids {
			if prefix, ok := strings.CutSuffix(v.Form(id), "*"); ok && prefix != "" {
				*ids = append(*ids, k.p.Vocabulary.WithPrefix(prefix)...)
			}
		}
	}
	var last *Declaration
	for i := range k.p.Aliases {
		a := &k.p.Aliases[i]
		if !a.Conditional || a.Declaration == last {
			continue // the spellings of one declaration lie side by side
		}
		last = a.Declaration
		for _, ids := range [...]*[]int32{&a.UnlessPrev, &a.UnlessNext, &a.IfPrev, &a.IfNext, &a.Near} {
			expand(ids)
		}
	}
	for i := range k.p.Cues {
		for _, ids := range [...]*[]int32{&k.p.Cues[i].Unless, &k.p.Cues[i].Needs} {
			expand(ids)
			slices.Sort(*ids)
		}
	}
}

// hints enters what the finder needs to know of each word.
func (k *compiler) hints(words, titles []hinted) {
	p := k.p
	p.Words = make([]Word, p.Vocabulary.Len())
	for _, w := range words {
		p.Words[w.id].Hint |= w.hint
	}
	for _, w := range titles {
		// "minister for women and equalities": only content words are titles.
		if p.Vocabulary.Class(w.id)&(text.Determiner|text.Preposition|text.Coordinator|text.To) == 0 {
			p.Words[w.id].Hint |= w.hint
		}
	}
	const function = text.Determiner | text.Preposition | text.Pronoun | text.Coordinator | text.Subordinate | text.Conditional |
		text.Relative | text.That | text.To | text.Negator | text.Modal | text.Be | text.Have | text.Do | text.Question | text.NumberWord
	for id := range p.Words {
		h, c := &p.Words[id].Hint, p.Vocabulary.Class(int32(id))
		if p.AliasPhrases.Starts(int32(id)) {
			*h |= HintAlias
		}
		if p.OfficePhrases.Starts(int32(id)) {
			*h |= HintOffice
		}
		if p.HeadPhrases.Starts(int32(id)) {
			*h |= HintHead
		}
		if c&text.Title != 0 {
			*h |= HintTitle
		}
		if c&(text.Month|text.Weekday) != 0 {
			*h |= HintCalendar
		}
		if c&function != 0 {
			*h |= HintFunction
		}
		if c&(text.Verb|text.Noun|text.NounPlural|text.Adjective|text.Adverb) != 0 {
			*h |= HintCommon
		}
		if c&text.PersonNoun != 0 && *h&(HintGroup|HintBody) == 0 {
			*h |= HintPerson
		}
	}
}

// identity returns the hash of all packs and their names with versions.
func (k *compiler) identity() (sum, version string) {
	h := sha256.New()
	var names []string
	for _, pk := range k.packs {
		h.Write(pk.content[:])
		name := pk.info.ID
		if pk.info.Version != "" {
			name += "@" + pk.info.Version
		}
		names = append(names, name)
	}
	return hex.EncodeToString(h.Sum(nil))[:16], strings.Join(names, " ")
}

// sum hashes the content of a tree, of about size bytes: comments, order of nothing and layout do
// not enter, every value and key does.
func (t *tree) sum(size int) [32]byte { return sha256.Sum256(t.flat(make([]byte, 0, size))) }

// flat appends the content of a tree.
func (t *tree) flat(out []byte) []byte {
	out = append(out, byte(t.kind), byte(t.scalar))
	out = append(out, t.text...)
	for i := range t.list {
		out = t.list[i].flat(out)
	}
	for i := range t.fields {
		out = append(append(out, t.fields[i].name...), 0)
		out = t.fields[i].tree.flat(out)
	}
	return append(out, 0xff)
}
