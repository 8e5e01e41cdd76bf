package party

import (
	"slices"
	"time"

	"stance/internal/model"
	"stance/internal/model/rules"
)

// votersKept bounds the people, and the titles, that vote for a day.
const votersKept = 64

// votesReach is up to where a text votes, in bytes: far less than the first
// piece of a long one, so that pieces are of the day of the whole.
const votesReach = 32 << 10

// tenure is a term that an article gives to somebody: "President Obama",
// "former President Obama".
type tenure struct {
	term   int32
	former bool
}

// In an article without a date everybody of the packs whom it names, every
// office it gives them and every year it names votes for the day it is of.
// The votes are logarithms of how much more often articles of such a day say
// the like; those for years were counted in 4,442 dated articles, the others
// chosen by how many mentions get the party that they have with the date.
const (
	termVote   = 1.5  // somebody has a term on the day
	officeVote = 2    // and bears its title
	formerVote = 2    // or bears the title of a term that is over
	pastVote   = 0.5  // a year long before
	futureVote = -1.5 // a year long after
)

// yearVotes are for named years: the first lies ownYear years before the day's.
var yearVotes = [...]float32{1.1, 1.1, 1.1, 1.2, 1.6, 1.6, 1.6, 1.7, 2.1, 2.3, 2.5, 2.5, 2.9, 2.1, 1.2, 0.7, 0.5, 0.1, 0.1, 0.1}

const ownYear = 12

// The years for which is voted; four digits of others are no year of news.
const firstYear, lastYear = 1990, 2040

// period returns the day for which an article without a date votes: of
// several the latest; 0 where nobody votes, or one alone. It asks what the
// first reading, with the day unknown, found.
func (f *Finder) period() rules.Day {
	var years []int
	for i := range f.tokens {
		t := &f.tokens[i]
		if t.Start > votesReach {
			break
		}
		if t.Kind != model.Number || t.Len() != 4 {
			continue
		}
		y := 0
		for _, c := range []byte(t.In(f.a.Text)) {
			y = 10*y + int(c-'0')
		}
		if y >= firstYear && y <= lastYear && !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	if len(years)+len(f.voting)+len(f.tenures) < 2 {
		return 0 // one alone decides nothing
	}
	best, most := rules.Day(0), float32(0)
	try := func(day rules.Day) {
		votes, year := float32(0), day.Year()
		for _, person := range f.voting {
			if f.p.TermAt(person, day) >= 0 {
				votes += termVote
			}
		}
		for _, t := range f.tenures {
			switch term := &f.p.Persons[t.term]; {
			case t.former && term.To != 0 && day > term.To:
				votes += formerVote
			case !t.former && day.Within(term.From, term.To):
				votes += officeVote
			}
		}
		for _, y := range years {
			switch k := ownYear + y - year; {
			case k < 0:
				votes += pastVote
			case k < len(yearVotes):
				votes += yearVotes[k]
			default:
				votes += futureVote
			}
		}
		if votes > most || votes == most && day > best {
			best, most = day, votes
		}
	}
	for _, y := range years {
		// Winter and summer of the year and of the next.
		for month := time.January; month <= 24; month += 6 {
			try(rules.DayOf(time.Date(y, month, 20, 0, 0, 0, 0, time.UTC)))
		}
	}
	for _, person := range f.voting {
		first, last := f.p.Terms(person)
		for _, term := range f.p.Persons[first:last] {
			if term.From != 0 {
				try(term.From)
			}
			if term.To != 0 {
				try(term.To + 1)
			}
		}
	}
	return best
}

// vote keeps what a mention of somebody of the packs says of the day of an
// article without a date.
func (f *Finder) vote(e *draft) {
	if f.tokens[e.First].Start > votesReach {
		return
	}
	if first, _ := f.p.Terms(e.person); len(f.voting) < votersKept && !slices.Contains(f.voting, first) {
		f.voting = append(f.voting, first)
	}
	t := tenure{f.termInTitle(e, e.person), f.formerly(e)}
	if t.term >= 0 && len(f.tenures) < votersKept && !slices.Contains(f.tenures, t) {
		f.tenures = append(f.tenures, t)
	}
}
