// Package model holds the nouns of the analysis: articles, their layers of
// text, what is found in them and the result. It has no behaviour beyond
// small accessors, so every stage and every table can share it.
//
// Offsets are half-open byte offsets into Article.Text, which no stage
// changes; Runes translates them to Unicode code points.
package model

import (
	"strconv"
	"time"

	"stance/internal/diag"
)

// Span is a half-open range of bytes, Start <= End, on rune boundaries.
type Span struct{ Start, End int32 }

// Len returns the length in bytes.
func (s Span) Len() int { return int(s.End - s.Start) }

// Contains reports whether o lies within s.
func (s Span) Contains(o Span) bool { return s.Start <= o.Start && o.End <= s.End }

// Overlaps reports whether s and o share a byte.
func (s Span) Overlaps(o Span) bool { return s.Start < o.End && o.Start < s.End }

// In returns the text of the span.
func (s Span) In(text string) string { return text[s.Start:s.End] }

// Source says where an article came from.
type Source struct {
	Path     string // as given, with slashes; "-" for standard input
	RecordNo int64  // from 1 within Path
	Line     int64  // first line of the record, from 1; 0 where lines mean nothing
	Offset   int64  // byte offset of the record in the decompressed input
}

// String returns where a record stands, for messages: path:line, or the number
// of the record where lines mean nothing.
func (s *Source) String() string {
	if s.Line > 0 {
		return diag.Path(s.Path) + ":" + strconv.FormatInt(s.Line, 10)
	}
	return diag.Path(s.Path) + ", record " + strconv.FormatInt(s.RecordNo, 10)
}

// Layout is how the parts of an article lie in its text.
type Layout uint8

const (
	// LayoutPlain is text whose headline, if any, is its first line.
	LayoutPlain Layout = iota
	// LayoutDigest is summary, headline, blank line, headline again, dek, body.
	LayoutDigest
	// LayoutFields is a record with a headline field: Text is the headline,
	// a blank line, and the body field (which starts at BodyStart).
	LayoutFields
)

// String returns plain, digest or fields.
func (l Layout) String() string { return [...]string{"plain", "digest", "fields"}[l] }

// Article is one input text. Readers fill everything but Layout and, for text
// files, Headline, which the text stage finds. Text is valid UTF-8 and at most
// 1 GiB.
type Article struct {
	ID          string // from the input, or the first 16 hex digits of the SHA-256 of Text
	Outlet      string // "" when unknown
	URL         string
	Byline      string
	Headline    string    // the headline field; "" when the input has none
	Lang        string    // BCP 47; "en" unless the input says otherwise
	PublishedAt time.Time // UTC; zero when unknown
	Text        string
	BodyStart   int32 // byte offset of the body field in Text; 0 for text files
	TextSHA256  [32]byte
	Source      Source
	Warnings    []string // sorted codes such as invalid_utf8
	DuplicateOf string   // id of the lead article of which this is a near copy; "" otherwise
	Similarity  float32  // to DuplicateOf, in [0, 1]
}

// Section is the part of an article that a sentence belongs to.
type Section uint8

const (
	SectionBody Section = iota
	SectionSummary
	SectionHeadline
	SectionHeadlineRepeat
	SectionDek
	// SectionBoilerplate marks lines that are no journalism: "Read more:",
	// "Advertisement", photo captions, reporting credits.
	SectionBoilerplate
	numSections
)

var sectionNames = [numSections]string{"body", "summary", "headline", "headline_repeat", "dek", "boilerplate"}

// String returns the name used in the tables.
func (s Section) String() string { return sectionNames[s] }

// Counts reports whether sentences of the section enter the default counts:
// the summary and the second headline repeat what the body says, and
// boilerplate says nothing.
func (s Section) Counts() bool {
	return s == SectionBody || s == SectionHeadline || s == SectionDek
}
