package text

import (
	"sort"

	"stance/internal/model"
)

// maxOpen bounds the nesting of quotations; deeper marks are ignored.
const maxOpen = 8

// pending is a quotation that is not closed yet.
type pending struct {
	quotation int32 // index into Layers.Quotations
	mark      int32 // token of the opening mark
	family    byte  // '"' double, '\'' single, '<' guillemets
}

// family returns which marks close which.
func (r *Reader) family(t int32) byte {
	s := r.tokens[t].In(r.text)
	switch s {
	case `"`, "“", "”", "„", "‟", "''", "``":
		return '"'
	case "«", "»", "‹", "›":
		return '<'
	}
	return '\''
}

// quotations pairs the quotation marks of each paragraph.
func (r *Reader) quotations(l *model.Layers) {
	l.Quotations = l.Quotations[:0]
	m := 0
	previous := -1 // quotation left open by the paragraph before
	for p := range l.Paragraphs {
		par := &l.Paragraphs[p]
		last := l.Sentences[par.Last-1].Last
		begin := len(l.Quotations)
		first := l.Sentences[par.First].First
		if previous >= 0 && m < len(r.marks) && r.marks[m] == first && r.tokens[first].Has(model.Opening) {
			q := &l.Quotations[previous]
			q.Continues, q.Unclosed = true, false
		}
		previous = -1
		r.open = r.open[:0]
		if m == len(r.marks) || r.marks[m] >= last {
			continue
		}
		for ; m < len(r.marks) && r.marks[m] < last; m++ {
			r.pair(l, r.marks[m], last)
		}
		if len(r.open) > 0 {
			previous = r.closeAll(l, last, begin)
		}
		kept := begin
		for _, q := range l.Quotations[begin:] {
			if q.End > 0 {
				l.Quotations[kept] = q
				kept++
			}
		}
		l.Quotations = l.Quotations[:kept]
		if previous > len(l.Quotations)-1 {
			previous = -1
		}
		for i := begin; i < len(l.Quotations); i++ {
			r.describe(l, &l.Quotations[i], par)
		}
	}
	r.coverage(l)
}

// pair opens or closes a quotation at token t.
func (r *Reader) pair(l *model.Layers, t, last int32) {
	k, f := r.tokens[t], r.family(t)
	if k.Has(model.Opening) {
		if len(r.open) < maxOpen {
			r.open = append(r.open, pending{int32(len(l.Quotations)), t, f})
			l.Quotations = append(l.Quotations, model.Quotation{
				Span:  model.Span{Start: k.Start},
				Inner: model.Span{Start: k.End},
				First: t + 1, Depth: uint8(len(r.open) - 1),
			})
		}
		return
	}
	for i := len(r.open) - 1; i >= 0; i-- {
		o := r.open[i]
		if o.family != f {
			continue
		}
		// What was opened inside and never closed was an apostrophe.
		for _, x := range r.open[i+1:] {
			r.drop(l, x.quotation)
		}
		r.open = r.open[:i]
		q := &l.Quotations[o.quotation]
		if o.mark+1 == t { // nothing between the marks
			r.drop(l, o.quotation)
			return
		}
		q.End, q.Last = k.End, t
		q.Inner.End = r.tokens[t-1].End
		q.Inner.Start = r.tokens[q.First].Start
		return
	}
}

// drop forgets a quotation and lifts those inside it.
func (r *Reader) drop(l *model.Layers, i int32) {
	q := &l.Quotations[i]
	q.End = 0
	for j := int(i) + 1; j < len(l.Quotations); j++ {
		if l.Quotations[j].Depth > q.Depth {
			l.Quotations[j].Depth--
		}
	}
}

// closeAll ends the quotations that are still open at the end of a paragraph
// and returns the outermost one that runs to it; -1 when there is none.
func (r *Reader) closeAll(l *model.Layers, last int32, begin int) int {
	outer := -1
	for _, o := range r.open {
		q := &l.Quotations[o.quotation]
		if o.family == '\'' || o.mark+1 >= last {
			r.drop(l, o.quotation)
			continue
		}
		end := last
		// A mark left open before others that pair well was an oversight: it
		// ends with its sentence.
		if next := int(o.quotation) + 1; next < len(l.Quotations) && l.Quotations[next].End > 0 && o.family == '"' {
			s := l.SentenceAt(q.Start)
			if e := l.Sentences[s].Last; e < l.Quotations[next].First {
				end = e
				for j := next; j < len(l.Quotations); j++ {
					l.Quotations[j].Depth--
				}
			}
		}
		q.Unclosed = true
		q.Last = end
		q.End = r.tokens[end-1].End
		q.Inner = model.Span{Start: r.tokens[q.First].Start, End: q.End}
		if end == last && outer < 0 {
			outer = int(o.quotation)
		}
	}
	if outer >= 0 {
		gone := 0
		for i := begin; i < outer; i++ {
			if l.Quotations[i].End == 0 {
				gone++
			}
		}
		outer -= gone
	}
	return outer
}

// describe fills the sentences and the scare flag of a quotation.
func (r *Reader) describe(l *model.Layers, q *model.Quotation, par *model.Paragraph) {
	ss := l.Sentences[par.First:par.Last]
	s := par.First + int32(max(0, sort.Search(len(ss), func(i int) bool { return ss[i].First > q.First })-1))
	q.FirstSentence, q.LastSentence = s, s+1
	for q.LastSentence < par.Last && l.Sentences[q.LastSentence].First < q.Last {
		q.LastSentence++
	}
	words := 0
	for t := q.First; t < q.Last && words <= 3; t++ {
		if k := r.tokens[t].Kind; k == model.Word || k == model.Number {
			words++
		}
	}
	if words > 3 || q.Unclosed || q.Continues {
		return
	}
	c := r.text[r.tokens[q.Last-1].End-1]
	q.Scare = c != '.' && c != '!' && c != '?' && !r.spoken(l, q)
}

// spoken reports whether a short quotation that opens its sentence or ends
// with a comma stands beside a reporting verb: "No," he said.
func (r *Reader) spoken(l *model.Layers, q *model.Quotation) bool {
	s := l.Sentences[q.FirstSentence]
	if q.First-1 > s.First || r.text[r.tokens[q.Last-1].End-1] != ',' {
		return false
	}
	for t := q.Last + 1; t < min(q.Last+5, s.Last); t++ {
		if r.v.classes[r.tokens[t].ID]&Reporting != 0 {
			return true
		}
	}
	return false
}

// coverage sets Sentence.Quoted.
func (r *Reader) coverage(l *model.Layers) {
	q := 0
	for i := range l.Sentences {
		s := &l.Sentences[i]
		s.Quoted = model.QuotedNone
		for q < len(l.Quotations) && (l.Quotations[q].Last <= s.First || l.Quotations[q].Depth > 0 && l.Quotations[q].End <= s.Start) {
			q++
		}
		at, all := s.First, true
		for j := q; j < len(l.Quotations) && l.Quotations[j].First < s.Last; j++ {
			if l.Quotations[j].Depth > 0 || l.Quotations[j].Last <= s.First {
				continue
			}
			s.Quoted = model.QuotedPart
			for ; at < l.Quotations[j].First; at++ {
				all = all && r.tokens[at].Kind == model.QuoteMark
			}
			at = max(at, l.Quotations[j].Last)
		}
		if s.Quoted == model.QuotedPart {
			for ; at < s.Last; at++ {
				all = all && (r.tokens[at].Kind == model.QuoteMark || r.tokens[at].Kind == model.Punctuation)
			}
			if all {
				s.Quoted = model.QuotedAll
			}
		}
	}
}
