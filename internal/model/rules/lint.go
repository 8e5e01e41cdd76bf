package rules

import (
	"cmp"
	"slices"
	"strings"

	"stance/internal/diag"
	"stance/internal/model"
	"stance/internal/model/text"
)

// Lint compiles a configuration and adds warnings on what is legal and
// probably not meant: names that two parties share, terms that overlap,
// aliases and rules that can never match, cues without tests, lexicon words
// inside names, packs without a licence.
func Lint(c Config) diag.List {
	var l diag.List
	p, k := Read(c.Packs, c.Lexicons).compile(c.Words, &l)
	k.lintPacks()
	k.lintTerms()
	if p != nil {
		k.lintAliases()
		k.lintCues()
		k.lintLexicon()
	}
	l.Sort()
	return l
}

func (k *compiler) lintPacks() {
	for _, pk := range k.packs {
		if pk.info.License == "" {
			k.l.Warnf(pk.pos, "license", "pack %s names no license", pk.info.ID)
		}
		if pk.info.Version == "" {
			k.l.Warnf(pk.pos, "version", "pack %s has no version", pk.info.ID)
		}
	}
}

// lintTerms warns of one office held by two persons at once. The day of a
// handover may belong to both.
func (k *compiler) lintTerms() {
	terms := slices.Clone(k.p.Persons)
	slices.SortStableFunc(terms, func(a, b Person) int {
		return cmp.Or(cmp.Compare(a.Party, b.Party), cmp.Compare(text.Fold(a.Office), text.Fold(b.Office)), cmp.Compare(a.From, b.From))
	})
	for i, a := range terms {
		if a.Office == "" || !unique(a.Office) {
			continue
		}
		for _, b := range terms[i+1:] {
			if b.Party != a.Party || !strings.EqualFold(a.Office, b.Office) || a.To != 0 && b.From >= a.To {
				break
			}
			if a.ID != b.ID {
				k.l.Warnf(b.Pos, "overlap", "%s and %s are both %s of %s at once; see %s", b.ID, a.ID, a.Office, k.p.Parties[a.Party].ID, a.Pos)
			}
		}
	}
	for i := 1; i < len(k.p.Persons); i++ {
		a, b := &k.p.Persons[i-1], &k.p.Persons[i]
		if a.ID == b.ID && a.Office == b.Office && a.Party == b.Party && (a.To == 0 || b.From < a.To) {
			k.l.Warnf(b.Pos, "overlap", "two terms of %s as %s overlap; the other is at %s", b.ID, cmp.Or(b.Office, "leader"), a.Pos)
		}
	}
	for id, decls := range k.persons {
		for _, d := range decls[1:] {
			if len(d.names) > 0 && len(decls[0].names) > 0 && !shareName(d.names, decls[0].names) {
				k.l.Warnf(d.person.Pos, "person", "person %s has no name in common with the one at %s; are these two people?", id, decls[0].person.Pos)
			}
		}
	}
}

// unique reports whether an office has one holder at a time.
func unique(office string) bool {
	switch f := strings.Fields(text.Fold(office)); f[len(f)-1] {
	case "senator", "representative", "congressman", "congresswoman", "spokesman", "spokeswoman", "spokesperson", "envoy", "adviser",
		"advisor", "candidate", "justice", "official", "deputy", "commander", "member", "negotiator", "president-elect", "aide", "counselor",
		"backbencher", "co-leader", "campaigner", "commissioner", "mep", "mp", "lawmaker", "governor", "politician", "activist", "lawyer", "founder", "mayor", "general", "prosecutor", "judge":
		return false
	case "minister":
		return len(f) > 1
	}
	return true
}

func shareName(a, b []str) bool {
	return slices.ContainsFunc(a, func(s str) bool {
		return slices.ContainsFunc(b, func(t str) bool { return s.S == t.S })
	})
}

// lintAliases warns of names with two readings that nothing tells apart and
// of names that can never be found.
func (k *compiler) lintAliases() {
	p := k.p
	type key struct {
		form string
		kind bool // issue
	}
	by := map[key][]int32{}
	var keys []key
	for i := range p.Aliases {
		a := &p.Aliases[i]
		q := key{k.spelling(int32(i)), a.Issue >= 0}
		if by[q] == nil {
			keys = append(keys, q)
		}
		by[q] = append(by[q], int32(i))
	}
	for _, q := range keys {
		group := by[q]
		for x, i := range group {
			a := &p.Aliases[i]
			for _, j := range group[:x] {
				b := &p.Aliases[j]
				if a.Never || b.Never || !k.exchangeable(a, b) {
					continue
				}
				switch {
				case a.Pos == b.Pos || a.Adjective != b.Adjective || a.Adjective && a.Heads != b.Heads:
				case a.Person >= 0 && b.Person >= 0 && a.Short && b.Short:
					// Surnames are shared; the full name and the date decide.
				case k.meaning(a) == k.meaning(b):
					k.l.Warnf(a.Pos, "duplicate", "alias %q stands twice; first at %s", a.Text, b.Pos)
				default:
					k.l.Warnf(a.Pos, "collision", "alias %q names %s, and %s at %s; give dates, a context or a priority", a.Text, k.meaning(a), k.meaning(b), b.Pos)
				}
			}
		}
	}
	for i := range p.Aliases {
		a := &p.Aliases[i]
		switch {
		case a.Case == CaseUpper && strings.ContainsFunc(a.Text, func(r rune) bool { return 'a' <= r && r <= 'z' }):
			k.l.Warnf(a.Pos, "unreachable", "alias %q asks for capitals and is written with small letters", a.Text)
		case len(a.UnlessPrev) > 0 && covers(a.UnlessPrev, a.IfPrev) || len(a.UnlessNext) > 0 && covers(a.UnlessNext, a.IfNext):
			k.l.Warnf(a.Pos, "unreachable", "alias %q excludes every word that it asks for", a.Text)
		}
	}
}

// covers reports whether all of some wanted words are excluded.
func covers(excluded, wanted []int32) bool {
	return len(wanted) > 0 && !slices.ContainsFunc(wanted, func(id int32) bool { return !slices.Contains(excluded, id) })
}

// spelling is the folded token sequence of an alias.
func (k *compiler) spelling(i int32) string {
	var b strings.Builder
	for _, id := range k.sequences[i] {
		b.WriteString(k.p.Vocabulary.Form(id))
		b.WriteByte(' ')
	}
	return b.String()
}

func (k *compiler) meaning(a *Alias) string {
	switch {
	case a.Issue >= 0:
		return "issue " + k.p.Issues[a.Issue].ID
	case a.Person >= 0:
		return "person " + k.p.Persons[a.Person].ID
	case a.Kind == model.AliasPlace:
		return "a place of " + k.p.Parties[a.Party].ID
	}
	return "party " + k.p.Parties[a.Party].ID
}

// exchangeable reports whether two aliases of one spelling can apply to the
// same words on the same day with nothing to prefer one.
func (k *compiler) exchangeable(a, b *Alias) bool {
	if a.Case != b.Case || a.Priority != b.Priority || a.NeedsFull != b.NeedsFull || a.NeedsCue != b.NeedsCue {
		return false
	}
	if a.To != 0 && b.From != 0 && b.From > a.To || b.To != 0 && a.From != 0 && a.From > b.To {
		return false
	}
	return slices.Equal(a.UnlessPrev, b.UnlessPrev) && slices.Equal(a.UnlessNext, b.UnlessNext) &&
		slices.Equal(a.IfPrev, b.IfPrev) && slices.Equal(a.IfNext, b.IfNext) && slices.Equal(a.Near, b.Near)
}

func (k *compiler) lintCues() {
	for _, pk := range k.packs {
		for i := range pk.cues {
			c := &pk.cues[i]
			if len(c.tests) == 0 {
				k.l.Warnf(c.id.Pos, "untested", "cue %s has no tests", c.id.S)
			}
			if len(c.emits) == 0 {
				k.l.Warnf(c.id.Pos, "unreachable", "cue %s emits nothing", c.id.S)
			}
			for _, t := range c.tests {
				for _, id := range t.parties {
					_, party := k.p.parties[id.S]
					_, issue := k.p.issues[id.S]
					if id.S != "" && !party && !issue {
						k.l.Warnf(id.Pos, "unknown-id", "the test names %q; no loaded pack declares it", id.S)
					}
				}
			}
		}
	}
	type use struct {
		form string
		head text.Class
	}
	first := map[use]int32{}
	for i := range k.p.CueForms {
		f := &k.p.CueForms[i]
		if f.Never {
			continue
		}
		u := use{f.Lemma, f.Form}
		j, ok := first[u]
		if !ok {
			first[u] = f.Cue
			continue
		}
		if a, b := &k.p.Cues[f.Cue], &k.p.Cues[j]; f.Cue != j && a.Class == b.Class && a.Scope == b.Scope && sameFrame(a.Frame, b.Frame) {
			k.l.Warnf(a.Pos, "collision", "cues %s and %s open the same frame with %q", a.ID, b.ID, f.Lemma)
		}
	}
}

func sameFrame(a, b Frame) bool {
	same := func(a, b []Slot) bool {
		return slices.EqualFunc(a, b, func(x, y Slot) bool { return x.Kind == y.Kind && slices.Equal(x.Words, y.Words) })
	}
	return same(a.Holder, b.Holder) && same(a.Target, b.Target) && same(a.Issue, b.Issue)
}

// lintLexicon warns of a word with a polarity inside the name of a party: the
// name is masked when sentences are scored, its parts may not be.
func (k *compiler) lintLexicon() {
	var hits []text.Match
	var tokens []model.Token
	for i := range k.p.Aliases {
		a := &k.p.Aliases[i]
		if a.Issue >= 0 || a.Never || a.Adjective || len(k.sequences[i]) < 2 {
			continue
		}
		tokens = tokens[:0]
		for _, id := range k.sequences[i] {
			tokens = append(tokens, model.Token{ID: id})
		}
	name:
		for t := range tokens {
			hits = k.p.LexiconPhrases.Match(tokens, t, hits[:0])
			for _, m := range hits {
				if e := k.p.Lexicon[m.Value]; e.Polarity > 0.3 || e.Polarity < -0.3 {
					k.l.Warnf(a.Pos, "lexicon", "alias %q holds %q, a word of the lexicon", a.Text, e.Text)
					break name
				}
			}
		}
	}
}
