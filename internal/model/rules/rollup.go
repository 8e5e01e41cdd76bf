package rules

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"stance/internal/model/text"
)

// PartyByID returns the index of a party; false when no pack declares it.
func (p *Program) PartyByID(id string) (int32, bool) { i, ok := p.parties[id]; return i, ok }

// IssueByID returns the index of an issue; false when no pack declares it.
func (p *Program) IssueByID(id string) (int32, bool) { i, ok := p.issues[id]; return i, ok }

// Rollup returns the ids of the larger actors that a party belongs to on a
// day: its parent, the coalitions it is in, and theirs in turn; nearest first,
// each once, the party itself left out. The caller owns the slice.
func (p *Program) Rollup(party int32, day Day) []string {
	out, _, _ := p.RollupWhile(party, day)
	return out
}

// RollupWhile returns the rollup of a day and the days for which it stays the
// same, both inclusive; zero for both when the day is unknown.
func (p *Program) RollupWhile(party int32, day Day) (out []string, from, to Day) {
	if day != 0 {
		from, to = 1, math.MaxInt32
	}
	if party < 0 {
		return nil, from, to
	}
	self := p.Parties[party].ID
	add := func(id string) {
		if id != self && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	expand := func(id string) {
		i, ok := p.parties[id]
		if !ok {
			return
		}
		if up := p.Parties[i].Parent; up >= 0 {
			add(p.Parties[up].ID)
		}
		for _, m := range p.Parties[i].Coalition {
			if day.Within(m.From, m.To) {
				add(m.In)
			}
			if day == 0 {
				continue
			}
			if m.From > day {
				to = min(to, m.From-1)
			} else {
				from = max(from, m.From)
			}
			if m.To >= day {
				to = min(to, m.To)
			} else if m.To != 0 {
				from = max(from, m.To+1)
			}
		}
	}
	expand(self)
	for i := 0; i < len(out); i++ {
		expand(out[i])
	}
	return out, from, to
}

// Terms returns the half-open range of a person's terms in Persons, given any
// of them.
func (p *Program) Terms(person int32) (first, last int32) {
	return p.Persons[person].first, p.Persons[person].last
}

// TermAt returns the term of a person that holds on a day: of several, the
// one with the highest priority, then the latest. It returns -1 when the
// person has no term on that day.
func (p *Program) TermAt(person int32, day Day) int32 {
	best := int32(-1)
	first, last := p.Terms(person)
	for i := first; i < last; i++ {
		t := &p.Persons[i]
		if day.Within(t.From, t.To) && (best < 0 || t.Priority >= p.Persons[best].Priority) {
			best = i
		}
	}
	return best
}

// Found is one reading of a name.
type Found struct {
	Alias    *Alias
	Party    string // id; "" for issues, persons without a term and names that are never a mention
	Issue    string
	Person   string
	Office   string
	From, To Day
	Valid    bool // holds on the day asked for
}

// Lookup returns all readings of a name, in the order of the packs; readings
// valid on the day come first. An unknown day takes what is still open.
func (p *Program) Lookup(name string, day Day) []Found {
	want := text.Fold(strings.Join(strings.Fields(name), " "))
	loose := strings.ReplaceAll(want, "-", " ")
	var out []Found
	var last Found
	for i := range p.Aliases {
		a := &p.Aliases[i]
		form := text.Fold(a.Text)
		if form != want && strings.ReplaceAll(form, "-", " ") != loose && !wildcardMatch(form, want) {
			continue
		}
		f := Found{Alias: a, From: a.From, To: a.To, Valid: !a.Never && day.Within(a.From, a.To)}
		switch {
		case a.Issue >= 0:
			f.Issue = p.Issues[a.Issue].ID
		case a.Person >= 0:
			f.Person = p.Persons[a.Person].ID
			first, end := p.Terms(a.Person)
			for t := first; t < end; t++ {
				g, term := f, &p.Persons[t]
				g.Party, g.Office, g.From, g.To = p.Parties[term.Party].ID, term.Office, term.From, term.To
				g.Valid = day.Within(term.From, term.To)
				out = append(out, g)
			}
			continue
		case a.Party >= 0:
			f.Party = p.Parties[a.Party].ID
		}
		// The spellings of one alias are one reading.
		if key := (Found{Alias: last.Alias, Party: f.Party, Issue: f.Issue, From: f.From, To: f.To, Valid: f.Valid}); last.Alias != nil && key == last && last.Alias.Pos == a.Pos {
			continue
		}
		last = f
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b Found) int { return cmp.Compare(btoi(b.Valid), btoi(a.Valid)) })
	return out
}

// wildcardMatch reports whether a pattern with wildcards at the end of words
// covers a name.
func wildcardMatch(pattern, name string) bool {
	if !strings.Contains(pattern, "*") {
		return false
	}
	ps, ns := strings.Fields(pattern), strings.Fields(name)
	if len(ps) != len(ns) {
		return false
	}
	for i := range ps {
		if prefix, ok := strings.CutSuffix(ps[i], "*"); ok && strings.HasPrefix(ns[i], prefix) || ps[i] == ns[i] {
			continue
		}
		return false
	}
	return true
}
