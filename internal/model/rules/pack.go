package rules

import (
	"slices"
	"strings"
	"time"

	"stance/internal/diag"
	"stance/internal/model"
)

// The declarations of a pack, as written. Ids are still texts; compile
// resolves them once all packs are read.
type pack struct {
	info     PackInfo
	pos      diag.Position
	needs    []str
	trusted  bool
	parties  []partyDecl
	issues   []issueDecl
	cues     []cueDecl
	never    []str
	titles   []str
	products []productDecl
	operator []operatorDecl
	content  [32]byte // hash of the tree
}

type partyDecl struct {
	id        str
	extend    bool
	label     str
	kind      PartyKind
	parent    str
	letter    str // behind the name of a member: "(R-Ohio)"
	coalition []memberDecl
	xref      []field
	aliases   []aliasDecl
	never     []str
	demonyms  demonymDecl
	places    []aliasDecl
	leaders   []leaderDecl
}

type memberDecl struct {
	in       str
	from, to Day
}

type aliasDecl struct {
	text                                   str
	kind                                   model.AliasKind
	unlessPrev, unlessNext, ifPrev, ifNext []str
	near                                   []str
	otherwise                              Else
	needsFull, needsCue                    bool
	from, to                               Day
	priority                               int8
	cased                                  int8 // CaseRule+1; 0 when the text decides
}

type demonymDecl struct {
	adj, noun, heads []str
	hasHeads         bool
}

type leaderDecl struct {
	person       str
	names, short []str
	office       str
	from, to     Day
	needsFull    bool
	priority     int8
}

type issueDecl struct {
	id, label, parent str
	phrases           []aliasDecl
}

type lemmaDecl struct {
	text   str
	phrase bool
}

type cueDecl struct {
	id         str
	class      CueClass
	lemmas     []lemmaDecl
	never      []str // phrases in which a lemma means something else
	unless     []str // words behind the cue that tell of another sense
	needs      []str // words behind the cue that alone tell of this sense
	frame      frameDecl
	passive    *frameDecl
	reciprocal bool
	emits      []Emit
	negated    Negated
	scope      Scope
	tests      []testDecl
}

type frameDecl struct {
	holder, target, issue []slotDecl
	pos                   diag.Position
	refused               bool // a slot is not valid, so what is missing says nothing
}

type slotDecl struct {
	kind  SlotKind
	words []str
}

type testDecl struct {
	test    Test
	parties []str // ids to check: holders, targets, issues
}

type productDecl struct {
	id                 str
	nouns, verbs, acts []str
	suffered, enacted  bool
}

type operatorDecl struct {
	kind     OperatorKind
	id       string
	text     str
	factor   float32
	distance model.Reporting
	verb     bool // inflect the first word as a verb
}

var (
	packKeys = []string{"pack", "parties", "issues", "cues", "reversers", "negation", "modality", "reporting",
		"labels", "degree", "contrast", "never", "titles", "products"}
	infoKeys  = []string{"id", "version", "lang", "needs", "license"}
	partyKeys = []string{"id", "extend", "label", "kind", "parent", "letter", "coalition", "xref", "aliases", "never",
		"demonyms", "places", "leaders"}
	memberKeys = []string{"in", "from", "to"}
	aliasKeys  = []string{"text", "kind", "unless_prev", "unless_next", "if_prev", "if_next", "near", "else",
		"needs_full", "needs_cue", "from", "to", "priority", "case"}
	demonymKeys  = []string{"adj", "noun", "heads"}
	leaderKeys   = []string{"person", "names", "short", "office", "from", "to", "needs_full", "priority"}
	issueKeys    = []string{"id", "label", "parent", "phrases"}
	cueKeys      = []string{"id", "class", "lemmas", "never", "unless", "needs", "frame", "passive", "reciprocal", "emit", "negated", "scope", "tests"}
	lemmaKeys    = []string{"phrase"}
	frameKeys    = []string{"holder", "target", "issue"}
	emitKeys     = []string{"to", "polarity", "strength", "act", "cameo"}
	scopeKeys    = []string{"sections", "clause", "max_gap", "reported", "complement", "infinitive"}
	testKeys     = []string{"text", "date", "expect", "absent", "todo"}
	expectKeys   = []string{"holder", "target", "issue", "polarity", "act"}
	negationKeys = []string{"triggers", "implicative", "pseudo", "stop_at"}
	modalKeys    = []string{"when", "mode", "factor"}
	reportKeys   = []string{"neutral", "distancing", "factive", "patterns"}
	labelKeys    = []string{"id", "words", "polarity"}
	degreeKeys   = []string{"intensify", "weaken"}
	productKeys  = []string{"id", "nouns", "verbs", "acts", "suffered", "enacted"}

	partyKinds  = []string{"government", "party", "armed_group", "igo", "ngo", "person", "group", "media"}
	aliasKinds  = []string{"name", "short", "role", "demonym", "metonym", "place"}
	aliasOf     = []model.AliasKind{model.AliasName, model.AliasShort, model.AliasRole, model.AliasDemonym, model.AliasMetonym, model.AliasPlace}
	caseRules   = []string{"any", "initial", "upper"}
	elses       = []string{"nothing", "place"}
	cueClasses  = []string{"verb", "noun", "adjective", "phrase"}
	emitTargets = []string{"target", "issue", "holder"}
	negations   = []string{"flip", "neutral", "weaken", "keep", "refused"}
	clauses     = []string{"same", "any"}
	complements = []string{"negative", "positive"}
	sections    = []string{"body", "summary", "headline", "headline_repeat", "dek", "boilerplate"}
	slotKinds   = []string{"subject", "object", "prep", "clause", "possessive", "modifier", "any"}
)

// String returns the name used in packs.
func (k PartyKind) String() string { return partyKinds[k] }

// String returns the name used in packs.
func (c CueClass) String() string { return cueClasses[c] }

// decode reads a tree into declarations.
func (d *decoder) decode(t *tree, s Source) *pack {
	p := &pack{trusted: s.Trusted, pos: t.pos, content: t.sum(len(s.Data))}
	seen := false
	if !d.each(t, "a pack", packKeys, func(f *field) {
		switch f.name {
		case "pack":
			seen = true
			d.info(f, p)
		case "parties":
			p.parties = slices.Grow(p.parties, len(f.list))
			d.elements(&f.tree, "parties", func(e *tree) { p.parties = append(p.parties, d.party(e)) })
		case "issues":
			p.issues = slices.Grow(p.issues, len(f.list))
			d.elements(&f.tree, "issues", func(e *tree) { p.issues = append(p.issues, d.issue(e)) })
		case "cues":
			p.cues = slices.Grow(p.cues, len(f.list))
			d.elements(&f.tree, "cues", func(e *tree) { p.cues = append(p.cues, d.cue(e)) })
		case "reversers":
			for _, s := range d.strs(&f.tree, "phrases") {
				p.operator = append(p.operator, operatorDecl{kind: OpReverser, id: s.S, text: s, factor: -1})
			}
		case "negation":
			d.negation(f, p)
		case "modality":
			d.elements(&f.tree, "modalities", func(e *tree) { d.modality(e, p) })
		case "reporting":
			d.reporting(f, p)
		case "labels":
			d.elements(&f.tree, "labels", func(e *tree) { d.label(e, p) })
		case "degree":
			d.degree(f, p)
		case "contrast":
			for _, s := range d.strs(&f.tree, "words") {
				p.operator = append(p.operator, operatorDecl{kind: OpContrast, id: s.S, text: s})
			}
		case "never":
			p.never = d.strs(&f.tree, "names")
		case "titles":
			p.titles = d.strs(&f.tree, "titles")
		case "products":
			d.elements(&f.tree, "products", func(e *tree) { p.products = append(p.products, d.product(e)) })
		}
	}) {
		return nil
	}
	if !seen {
		d.l.Errorf(t.pos, "missing", "key \"pack\" is missing; expected pack: {id: …, version: …}")
		return nil
	}
	p.info.File = s.Name
	return p
}

func (d *decoder) info(f *field, p *pack) {
	p.pos = f.tree.pos
	if !d.each(&f.tree, "pack", infoKeys, func(f *field) {
		switch f.name {
		case "id":
			p.info.ID = d.id(&f.tree, "a pack id").S
		case "version":
			p.info.Version = d.code(&f.tree, "a version").S
		case "lang":
			if s := d.str(&f.tree, "a language code"); s.S != "" && s.S != "en" {
				d.l.Errorf(s.Pos, "value", "language %q; this version reads en", clip(s.S))
			}
			p.info.Lang = "en"
		case "needs":
			p.needs = d.strs(&f.tree, "pack ids")
			for _, s := range p.needs {
				p.info.Needs = append(p.info.Needs, s.S)
			}
		case "license":
			p.info.License = d.str(&f.tree, "a licence").S
		}
	}) {
		return
	}
	if p.info.ID == "" {
		d.missing(&f.tree, "id", "pack")
	}
}

// missing reports a key that has to be there, unless it is there with a
// value that was refused already.
func (d *decoder) missing(t *tree, key, what string) {
	if t.kind != mapping {
		return
	}
	for i := range t.fields {
		if t.fields[i].name == key {
			return
		}
	}
	d.l.Errorf(t.pos, "missing", "%s has no %s", what, key)
}

func (d *decoder) party(t *tree) partyDecl {
	var p partyDecl
	hasKind := false
	if !d.each(t, "a party", partyKeys, func(f *field) {
		switch f.name {
		case "id":
			p.id = d.id(&f.tree, "a party id")
		case "extend":
			p.extend = d.bool(&f.tree, "extend")
		case "label":
			p.label = d.str(&f.tree, "a label")
		case "kind":
			hasKind = true
			if k := d.choice(&f.tree, "a party kind", partyKinds); k >= 0 {
				p.kind = PartyKind(k)
			}
		case "parent":
			if f.kind != absent {
				p.parent = d.id(&f.tree, "a party id")
			}
		case "letter":
			p.letter = d.str(&f.tree, "a letter")
		case "coalition":
			d.elements(&f.tree, "memberships", func(e *tree) { p.coalition = append(p.coalition, d.member(e)) })
		case "xref":
			if f.kind != mapping {
				d.want(&f.tree, "a mapping of code lists to codes")
				return
			}
			p.xref = slices.Grow(p.xref, len(f.fields))
			for i := range f.fields {
				if d.code(&f.fields[i].tree, "a code").S != "" {
					p.xref = append(p.xref, f.fields[i])
				}
			}
		case "aliases":
			p.aliases = slices.Grow(p.aliases, len(f.list))
			d.elements(&f.tree, "aliases", func(e *tree) { p.aliases = d.alias(e, p.aliases) })
		case "never":
			p.never = d.strs(&f.tree, "names")
		case "demonyms":
			p.demonyms = d.demonyms(f)
		case "places":
			p.places = slices.Grow(p.places, len(f.list))
			d.elements(&f.tree, "places", func(e *tree) {
				n := len(p.places)
				p.places = d.alias(e, p.places)
				for i := n; i < len(p.places); i++ {
					p.places[i].kind = model.AliasPlace
				}
			})
		case "leaders":
			p.leaders = slices.Grow(p.leaders, len(f.list))
			d.elements(&f.tree, "leaders", func(e *tree) { p.leaders = append(p.leaders, d.leader(e)) })
		}
	}) {
		return p
	}
	what := "party " + p.id.S
	if p.id.S == "" {
		what = "the party"
		d.missing(t, "id", what)
		p.id.Pos = t.pos
	}
	if p.extend {
		for i := range t.fields {
			if n := t.fields[i].name; n == "label" || n == "kind" || n == "parent" {
				d.l.Errorf(t.fields[i].pos, "extend", "a party that extends another cannot give %s", n)
			}
		}
		return p
	}
	if !hasKind {
		d.missing(t, "kind", what)
	}
	if p.label.S == "" {
		d.missing(t, "label", what)
	}
	return p
}

func (d *decoder) member(t *tree) memberDecl {
	var m memberDecl
	if t.kind == scalar {
		m.in = d.id(t, "a coalition id")
		return m
	}
	var from, to *tree
	if d.each(t, "a membership", memberKeys, func(f *field) {
		switch f.name {
		case "in":
			m.in = d.id(&f.tree, "a coalition id")
		case "from":
			from = &f.tree
		case "to":
			to = &f.tree
		}
	}) && m.in.S == "" {
		d.missing(t, "in", "the membership")
	}
	m.from, m.to = d.term(from, to)
	return m
}

// term reads two dates and reports an end before its beginning.
func (d *decoder) term(from, to *tree) (Day, Day) {
	a, b := d.day(from), d.day(to)
	if a != 0 && b != 0 && b < a {
		d.l.Errorf(to.pos, "date", "to %s lies before from %s", to.text, from.text)
	}
	return a, b
}

func (d *decoder) day(t *tree) Day {
	if t == nil || t.kind == absent {
		return 0
	}
	if t.kind != scalar {
		d.want(t, "a date: YYYY-MM-DD")
		return 0
	}
	v, err := time.Parse(time.DateOnly, t.text)
	if err != nil || v.Year() < 1800 || v.Year() > 2200 {
		d.l.Errorf(t.pos, "date", "%q; expected a date: YYYY-MM-DD", clip(t.text))
		return 0
	}
	return DayOf(v)
}

// alias reads a plain string or a mapping and appends it.
func (d *decoder) alias(t *tree, out []aliasDecl) []aliasDecl {
	var a aliasDecl
	if t.kind != mapping {
		if a.text = d.str(t, "an alias"); a.text.S != "" {
			out = append(out, a)
		}
		return out
	}
	var from, to *tree
	context := false
	d.each(t, "an alias", aliasKeys, func(f *field) {
		switch f.name {
		case "text":
			a.text = d.str(&f.tree, "an alias")
		case "kind":
			if i := d.choice(&f.tree, "an alias kind", aliasKinds); i >= 0 {
				a.kind = aliasOf[i]
			}
		case "unless_prev":
			a.unlessPrev, context = d.words(f), true
		case "unless_next":
			a.unlessNext, context = d.words(f), true
		case "if_prev":
			a.ifPrev, context = d.words(f), true
		case "if_next":
			a.ifNext, context = d.words(f), true
		case "near":
			a.near, context = d.words(f), true
		case "else":
			if i := d.choice(&f.tree, "else", elses); i >= 0 {
				a.otherwise = Else(i)
			}
		case "needs_full":
			a.needsFull = d.bool(&f.tree, "needs_full")
		case "needs_cue":
			a.needsCue = d.bool(&f.tree, "needs_cue")
		case "from":
			from = &f.tree
		case "to":
			to = &f.tree
		case "priority":
			if n, ok := d.integer(&f.tree, "priority", -9, 9); ok {
				a.priority = int8(n)
			}
		case "case":
			if i := d.choice(&f.tree, "case", caseRules); i >= 0 {
				a.cased = int8(i) + 1
			}
		}
	})
	a.from, a.to = d.term(from, to)
	if a.text.S == "" {
		d.missing(t, "text", "the alias")
		return out
	}
	if a.otherwise != ElseNothing && !context {
		d.l.Errorf(t.pos, "value", "alias %q has else without a context key (unless_prev, if_next, near …)", clip(a.text.S))
	}
	return append(out, a)
}

// words reads a list of single words; one word may stand alone.
func (d *decoder) words(f *field) []str {
	if f.kind == scalar {
		if s := d.str(&f.tree, "a word"); s.S != "" {
			return []str{s}
		}
		return nil
	}
	ws := d.strs(&f.tree, "words")
	for _, w := range ws {
		if strings.ContainsAny(w.S, " \t") {
			d.l.Errorf(w.Pos, "value", "%q; expected single words", clip(w.S))
		}
	}
	return ws
}

func (d *decoder) demonyms(f *field) demonymDecl {
	var m demonymDecl
	d.each(&f.tree, "demonyms", demonymKeys, func(f *field) {
		switch f.name {
		case "adj":
			m.adj = d.strs(&f.tree, "adjectives")
		case "noun":
			m.noun = d.strs(&f.tree, "nouns")
		case "heads":
			m.heads, m.hasHeads = d.strs(&f.tree, "nouns"), true
		}
	})
	if m.hasHeads && len(m.adj) == 0 {
		d.l.Errorf(f.tree.pos, "value", "heads without adj; heads follow an adjective")
	}
	return m
}

func (d *decoder) leader(t *tree) leaderDecl {
	var p leaderDecl
	var from, to *tree
	if !d.each(t, "a leader", leaderKeys, func(f *field) {
		switch f.name {
		case "person":
			p.person = d.id(&f.tree, "a person id")
		case "names":
			p.names = d.strs(&f.tree, "names")
		case "short":
			p.short = d.strs(&f.tree, "names")
		case "office":
			p.office = d.str(&f.tree, "an office")
		case "from":
			from = &f.tree
		case "to":
			to = &f.tree
		case "needs_full":
			p.needsFull = d.bool(&f.tree, "needs_full")
		case "priority":
			if n, ok := d.integer(&f.tree, "priority", -9, 9); ok {
				p.priority = int8(n)
			}
		}
	}) {
		return p
	}
	p.from, p.to = d.term(from, to)
	if p.person.S == "" {
		d.missing(t, "person", "the leader")
		p.person.Pos = t.pos
	}
	return p
}

func (d *decoder) issue(t *tree) issueDecl {
	var s issueDecl
	if !d.each(t, "an issue", issueKeys, func(f *field) {
		switch f.name {
		case "id":
			s.id = d.id(&f.tree, "an issue id")
		case "label":
			s.label = d.str(&f.tree, "a label")
		case "parent":
			if f.kind != absent {
				s.parent = d.id(&f.tree, "an issue id")
			}
		case "phrases":
			d.elements(&f.tree, "phrases", func(e *tree) { s.phrases = d.alias(e, s.phrases) })
		}
	}) {
		return s
	}
	if s.id.S == "" {
		d.missing(t, "id", "the issue")
		s.id.Pos = t.pos
	}
	return s
}

func (d *decoder) cue(t *tree) cueDecl {
	c := cueDecl{negated: NegatedNeutral, scope: Scope{SameClause: true}}
	hasClass := false
	if !d.each(t, "a cue", cueKeys, func(f *field) {
		switch f.name {
		case "id":
			c.id = d.id(&f.tree, "a cue id")
		case "class":
			hasClass = true
			if i := d.choice(&f.tree, "a cue class", cueClasses); i >= 0 {
				c.class = CueClass(i)
			}
		case "lemmas":
			d.elements(&f.tree, "lemmas", func(e *tree) {
				if e.kind == mapping {
					d.each(e, "a lemma", lemmaKeys, func(f *field) {
						if s := d.str(&f.tree, "a phrase"); s.S != "" {
							c.lemmas = append(c.lemmas, lemmaDecl{s, true})
						}
					})
				} else if s := d.str(e, "a lemma"); s.S != "" {
					c.lemmas = append(c.lemmas, lemmaDecl{text: s})
				}
			})
		case "never":
			d.elements(&f.tree, "phrases", func(e *tree) { c.never = append(c.never, d.str(e, "a phrase")) })
		case "unless":
			c.unless = d.words(f)
		case "needs":
			c.needs = d.words(f)
		case "frame":
			c.frame = d.frame(f)
		case "passive":
			p := d.frame(f)
			c.passive = &p
		case "reciprocal":
			c.reciprocal = d.bool(&f.tree, "reciprocal")
		case "emit":
			if f.kind == mapping {
				d.emit(&f.tree, &c)
			} else {
				d.elements(&f.tree, "emitted stances", func(e *tree) { d.emit(e, &c) })
			}
		case "negated":
			if i := d.choice(&f.tree, "negated", negations); i >= 0 {
				c.negated = Negated(i)
			}
		case "scope":
			c.scope = d.scope(f)
		case "tests":
			d.elements(&f.tree, "tests", func(e *tree) { c.tests = append(c.tests, d.test(e)) })
		}
	}) {
		return c
	}
	if c.id.S == "" {
		d.missing(t, "id", "the cue")
		c.id.Pos = t.pos
	}
	what := "cue " + c.id.S
	if !hasClass {
		d.missing(t, "class", what)
	}
	d.missing(t, "lemmas", what)
	d.missing(t, "frame", what)
	d.missing(t, "emit", what)
	return c
}

func (d *decoder) frame(f *field) frameDecl {
	fr := frameDecl{pos: f.tree.pos}
	d.each(&f.tree, "a frame", frameKeys, func(f *field) {
		slots := d.slots(f)
		fr.refused = fr.refused || len(slots) == 0
		switch f.name {
		case "holder":
			fr.holder = slots
		case "target":
			fr.target = slots
		case "issue":
			fr.issue = slots
		}
	})
	return fr
}

// slots reads "object | prep(of, for)": places in order of preference.
func (d *decoder) slots(f *field) []slotDecl {
	s := d.str(&f.tree, "a slot")
	if s.S == "" {
		return nil
	}
	var out []slotDecl
	for _, part := range strings.Split(s.S, "|") {
		part = strings.TrimSpace(part)
		name, args, open := strings.Cut(part, "(")
		name = strings.TrimSpace(name)
		kind := SlotKind(0)
		found := false
		for i, n := range slotKinds {
			if n == name {
				kind, found = SlotKind(i), true
			}
		}
		if !found {
			d.l.Errorf(s.Pos, "value", "slot %q; %s", clip(part), suggest(name, slotKinds))
			continue
		}
		takes := kind == SlotPrep || kind == SlotClause
		switch {
		case open && !takes:
			d.l.Errorf(s.Pos, "value", "slot %q; %s takes no words in brackets", clip(part), name)
			continue
		case open && !strings.HasSuffix(args, ")"):
			d.l.Errorf(s.Pos, "value", "slot %q; a bracket is not closed", clip(part))
			continue
		case takes && !open:
			d.l.Errorf(s.Pos, "value", "slot %q; expected %s(word, …)", clip(part), name)
			continue
		}
		sl := slotDecl{kind: kind}
		if open {
			for _, w := range strings.Split(strings.TrimSuffix(args, ")"), ",") {
				if w = strings.TrimSpace(w); w == "" {
					d.l.Errorf(s.Pos, "value", "slot %q; expected words between the brackets", clip(part))
					continue
				}
				sl.words = append(sl.words, str{w, s.Pos})
			}
		}
		out = append(out, sl)
	}
	return out
}

func (d *decoder) emit(t *tree, c *cueDecl) {
	e := Emit{}
	if !d.each(t, "an emitted stance", emitKeys, func(f *field) {
		switch f.name {
		case "to":
			if i := d.choice(&f.tree, "to", emitTargets); i >= 0 {
				e.To = EmitTo(i)
			}
		case "polarity":
			if n, ok := d.integer(&f.tree, "polarity", -1, 1); ok {
				e.Polarity = int8(n)
			}
		case "strength":
			if v, ok := d.number(&f.tree, "strength", 0, 1); ok {
				e.Strength = float32(v)
				if v == 0 {
					d.l.Errorf(f.tree.pos, "value", "strength is 0; expected more")
				}
			}
		case "act":
			e.Act = d.id(&f.tree, "an act").S
		case "cameo":
			e.CAMEO = d.code(&f.tree, "a code").S
		}
	}) {
		return
	}
	d.missing(t, "polarity", "the emitted stance")
	d.missing(t, "strength", "the emitted stance")
	d.missing(t, "act", "the emitted stance")
	c.emits = append(c.emits, e)
}

func (d *decoder) scope(f *field) Scope {
	s := Scope{SameClause: true}
	d.each(&f.tree, "a scope", scopeKeys, func(f *field) {
		switch f.name {
		case "sections":
			d.elements(&f.tree, "sections", func(e *tree) {
				if i := d.choice(e, "a section", sections); i >= 0 {
					s.Sections |= 1 << i
				}
			})
		case "clause":
			if i := d.choice(&f.tree, "clause", clauses); i >= 0 {
				s.SameClause = i == 0
			}
		case "max_gap":
			if n, ok := d.integer(&f.tree, "max_gap", 0, 200); ok {
				s.MaxGap = int32(n)
			}
		case "reported":
			s.Reported = d.bool(&f.tree, "reported")
		case "infinitive":
			s.Infinitive = d.bool(&f.tree, "infinitive")
		case "complement":
			if i := d.choice(&f.tree, "a complement", complements); i >= 0 {
				s.Complement = int8(2*i - 1)
			}
		}
	})
	return s
}

func (d *decoder) test(t *tree) testDecl {
	td := testDecl{test: Test{Pos: t.pos}}
	if !d.each(t, "a test", testKeys, func(f *field) {
		switch f.name {
		case "text":
			td.test.Text = d.str(&f.tree, "a sentence").S
		case "date":
			if d.day(&f.tree) != 0 {
				td.test.Date = f.text
			}
		case "expect":
			d.elements(&f.tree, "expected stances", func(e *tree) { d.expect(e, &td, &td.test.Expect) })
		case "absent":
			d.elements(&f.tree, "unwanted stances", func(e *tree) { d.expect(e, &td, &td.test.Absent) })
		case "todo":
			td.test.Todo = d.bool(&f.tree, "todo")
		}
	}) {
		return td
	}
	d.missing(t, "text", "the test")
	d.missing(t, "expect", "the test")
	return td
}

func (d *decoder) expect(t *tree, td *testDecl, list *[]Expect) {
	e := Expect{Pos: t.pos}
	if !d.each(t, "an expected stance", expectKeys, func(f *field) {
		switch f.name {
		case "holder":
			s := d.id(&f.tree, "a party id")
			if e.Holder = s.S; s.S != "narrator" {
				td.parties = append(td.parties, s)
			}
		case "target":
			s := d.id(&f.tree, "a party or issue id")
			e.Target = s.S
			td.parties = append(td.parties, s)
		case "issue":
			s := d.id(&f.tree, "an issue id")
			e.Issue = s.S
			td.parties = append(td.parties, s)
		case "act":
			e.Act = d.id(&f.tree, "an act").S
		case "polarity":
			if n, ok := d.integer(&f.tree, "polarity", -1, 1); ok {
				v := int8(n)
				e.Polarity = &v
			}
		}
	}) {
		return
	}
	*list = append(*list, e)
}

func (d *decoder) operators(t *tree, what string, p *pack, o operatorDecl) {
	for _, s := range d.strs(t, what) {
		o.text = s
		if o.id == "" || o.kind == OpNegation || o.kind == OpPseudo || o.kind == OpStop || o.kind == OpReporting {
			o.id = s.S
		}
		p.operator = append(p.operator, o)
	}
}

var implicativeFactor = [...]float32{NegatedFlip: -1, NegatedNeutral: 0, NegatedWeaken: 0.5, NegatedKeep: 1}

func (d *decoder) negation(f *field, p *pack) {
	d.each(&f.tree, "negation", negationKeys, func(f *field) {
		switch f.name {
		case "triggers":
			d.operators(&f.tree, "words", p, operatorDecl{kind: OpNegation, factor: -1})
		case "pseudo":
			d.operators(&f.tree, "phrases", p, operatorDecl{kind: OpPseudo, factor: 1})
		case "stop_at":
			d.operators(&f.tree, "words", p, operatorDecl{kind: OpStop})
		case "implicative":
			if f.kind != mapping {
				d.want(&f.tree, "a mapping of verbs to flip, neutral, weaken or keep")
				return
			}
			for i := range f.fields {
				v := &f.fields[i]
				if n := d.choice(&v.tree, "an effect", negations[:len(implicativeFactor)]); n >= 0 {
					p.operator = append(p.operator, operatorDecl{kind: OpImplicative, id: v.name,
						text: str{v.name, v.pos}, factor: implicativeFactor[n], verb: true})
				}
			}
		}
	})
}

func (d *decoder) modality(t *tree, p *pack) {
	o := operatorDecl{kind: OpModality, factor: 1}
	var when *tree
	if !d.each(t, "a modality", modalKeys, func(f *field) {
		switch f.name {
		case "when":
			when = &f.tree
		case "mode":
			o.id = d.id(&f.tree, "a mode").S
		case "factor":
			if v, ok := d.number(&f.tree, "factor", 0, 1); ok {
				o.factor = float32(v)
			}
		}
	}) {
		return
	}
	if when == nil {
		d.missing(t, "when", "the modality")
		return
	}
	d.missing(t, "mode", "the modality")
	for _, s := range d.strs(when, "words") {
		o.text = s
		p.operator = append(p.operator, o)
	}
}

func (d *decoder) reporting(f *field, p *pack) {
	d.each(&f.tree, "reporting", reportKeys, func(f *field) {
		switch f.name {
		case "neutral":
			d.operators(&f.tree, "verbs", p, operatorDecl{kind: OpReporting, distance: model.ReportingNeutral, verb: true})
		case "distancing":
			d.operators(&f.tree, "verbs", p, operatorDecl{kind: OpReporting, distance: model.ReportingDistancing, verb: true})
		case "factive":
			d.operators(&f.tree, "verbs", p, operatorDecl{kind: OpReporting, distance: model.ReportingFactive, verb: true})
		case "patterns":
			for _, s := range d.strs(&f.tree, "patterns") {
				d.pattern(s, p)
			}
		}
	})
}

// pattern reads a shape of attribution: S is the speaker, Q what is said.
// "words S" adds an expression like "according to"; the other shapes are
// built into the attribution and only checked here.
func (d *decoder) pattern(s str, p *pack) {
	speaker := strings.HasSuffix(s.S, " S")
	words := strings.TrimSuffix(s.S, " S")
	letters := strings.FieldsFunc(s.S, func(r rune) bool { return r == ' ' || r == ',' || r == ':' })
	slots := 0
	for _, w := range letters {
		if w == "S" || w == "Q" {
			slots++
		}
	}
	switch {
	case speaker && slots == 1:
		p.operator = append(p.operator, operatorDecl{kind: OpAccordingTo, id: words, text: str{words, s.Pos}, distance: model.ReportingNeutral})
	case slots != 2:
		d.l.Errorf(s.Pos, "value", "pattern %q; expected S (speaker) and Q (what is said), as in \"according to S\" or \"Q, S said\"", clip(s.S))
	}
}

func (d *decoder) label(t *tree, p *pack) {
	o := operatorDecl{kind: OpLabel}
	var words *tree
	if !d.each(t, "a label", labelKeys, func(f *field) {
		switch f.name {
		case "id":
			o.id = d.id(&f.tree, "a label id").S
		case "words":
			words = &f.tree
		case "polarity":
			if v, ok := d.number(&f.tree, "polarity", -1, 1); ok {
				o.factor = float32(v)
			}
		}
	}) {
		return
	}
	d.missing(t, "id", "the label")
	if words == nil {
		d.missing(t, "words", "the label")
		return
	}
	for _, s := range d.strs(words, "words") {
		o.text = s
		p.operator = append(p.operator, o)
	}
}

func (d *decoder) product(t *tree) productDecl {
	var p productDecl
	if !d.each(t, "a product", productKeys, func(f *field) {
		switch f.name {
		case "id":
			p.id = d.id(&f.tree, "a product id")
		case "nouns":
			p.nouns = d.words(f)
		case "verbs":
			p.verbs = d.words(f)
		case "acts":
			p.acts = d.strs(&f.tree, "acts")
		case "suffered":
			p.suffered = d.bool(&f.tree, "suffered")
		case "enacted":
			p.enacted = d.bool(&f.tree, "enacted")
		}
	}) {
		return p
	}
	d.missing(t, "id", "the product")
	d.missing(t, "nouns", "the product")
	return p
}

func (d *decoder) degree(f *field, p *pack) {
	d.each(&f.tree, "degree", degreeKeys, func(f *field) {
		lo, hi := 1.0, 3.0
		if f.name == "weaken" {
			lo, hi = 0, 1
		}
		if f.kind != mapping {
			d.want(&f.tree, "a mapping of words to factors")
			return
		}
		for i := range f.fields {
			w := &f.fields[i]
			if v, ok := d.number(&w.tree, "factor", lo, hi); ok {
				p.operator = append(p.operator, operatorDecl{kind: OpDegree, id: w.name, text: str{w.name, w.pos}, factor: float32(v)})
			}
		}
	})
}
