// Package gold reads labelled samples: JSON Lines, one labelled text a line.
// It is strict, because a gold file with a slip in it measures the slip: keys
// match exactly, and every missing or bad field of a file is reported with
// its place, all of them at once.
package gold

import (
	"slices"
	"strings"
	"time"

	"stance/internal/diag"
	"stance/internal/model"
)

// Task is what a labelled sample judges.
type Task string

const (
	Segmentation Task = "segmentation"
	Sentiment    Task = "sentiment"
	Tone         Task = "tone"
	Stance       Task = "stance"
	Attribution  Task = "attribution"
	Parties      Task = "parties"
	Relations    Task = "relations" // stances that must be found in an article
	Coded        Task = "coded"     // rows drawn from finished tables and judged by hand
)

// Tasks lists every task, in the order of the documentation.
func Tasks() []Task {
	return []Task{Segmentation, Sentiment, Tone, Stance, Attribution, Parties, Relations, Coded}
}

// Sample is one labelled text. Spans are byte offsets into Text, whatever the
// file counts in. Only the fields of its task are set.
type Sample struct {
	ID      string // the gold's id, or FILE:LINE
	Article string // what belongs together when samples are drawn again
	Outlet  string // the gold's outlet, publisher or source, or the id up to its first separator
	Text    string
	Date    time.Time // zero when unknown
	Pos     diag.Position
	Raw     string  // the line as it stands, to tell whether the gold has changed
	Fields  []Field // what the task does not know, sorted by name
	Skip    string  // why the sample cannot be judged; "" when it can

	Sentences []model.Span // segmentation: ordered, disjoint, no white space at the ends

	Rating    float64 // sentiment; valid when HasRating
	HasRating bool
	Label     int8 // -1, 0, 1; from the rating at ±0.5 when the gold has no label

	Targets []Target // tone

	Pair  *Pair  // stance between two spans
	Event *Event // stance of a source towards a target

	Attributions []Attributed
	Mentions     []Mention
	Relations    []Relation // those that must be found, then those that must not

	Codes  []Code  // coded: one per coder
	Weight float64 // coded: rows of the tables that this one stands for
}

// Field is a field that the task does not use, kept for slices. Strings and
// numbers stand as they are, arrays and objects as JSON.
type Field struct{ Name, Value string }

// Field returns the value of an unused field, or "".
func (s *Sample) Field(name string) string {
	i, ok := slices.BinarySearchFunc(s.Fields, name, func(f Field, n string) int { return strings.Compare(f.Name, n) })
	if !ok {
		return ""
	}
	return s.Fields[i].Value
}

// Target is a marked span and what the text expresses towards it.
type Target struct {
	model.Span
	Further []model.Span // other mentions of the same
	Label   int8         // -1, 0, 1
}

// Pair is what P and Q express towards each other.
type Pair struct {
	P, Q  model.Span
	Class int // 0 none, 1 P favors Q, 2 Q favors P, 3 P against Q, 4 Q against P
}

// Event is what Source does to Target; each may be named several times.
type Event struct {
	Source, Target []model.Span
	Quad           int // 0 none, 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict
}

// Attributed is words and whose they are. Source and cue may be empty.
type Attributed struct{ Source, Cue, Content []model.Span }

// Mention is a span and the party that it names; Party is "" where the right
// answer is to name none.
type Mention struct {
	model.Span
	Party string
}

// Relation is what a careful reader finds, or must not find, in the words of a
// span: who expresses what towards whom.
type Relation struct {
	model.Span
	Holder   string // id of a party; "" where it does not matter
	Target   string // id of a party or issue
	Polarity int8   // -1, 0, 1; valid when Polar
	Polar    bool
	Act      string // "" where it does not matter
	Absent   bool   // to find it would be a mistake
}

// separators divide the parts of an id.
const separators = "-_./:#"

// articleOf takes the id up to its last separator.
func articleOf(id string) string {
	if i := strings.LastIndexAny(id, separators); i > 0 {
		return id[:i]
	}
	return id
}

// outletOf takes the id up to its first separator.
func outletOf(id string) string {
	if i := strings.IndexAny(id, separators); i > 0 {
		return id[:i]
	}
	return id
}
