package text

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"stance/internal/model"
)

var kindNames = [...]string{"word", "number", "punct", "hyphen", "dash", "quote", "clitic", "url", "symbol"}

var formNames = [...]string{"finite", "infinitive", "gerund", "participle", "imperative"}

// Print writes every layer of an article for people and tests: layout and
// headline, then each paragraph with its sentences, and for each sentence its
// tokens, clauses and verb groups; last the quotations. Spans are code points,
// end exclusive. The only errors are those of w.
func Print(w io.Writer, a *model.Article, l *model.Layers) error {
	b := bufio.NewWriter(w)
	at := func(s model.Span) string { return fmt.Sprintf("%d-%d", l.Runes.Rune(s.Start), l.Runes.Rune(s.End)) }
	words := func(first, last int32) string {
		if first >= last {
			return `""`
		}
		s := a.Text[l.Tokens[first].Start:l.Tokens[last-1].End]
		return fmt.Sprintf("%q", strings.Join(strings.Fields(s), " "))
	}
	fmt.Fprintf(b, "layout %s\n", l.Layout)
	if l.Headline.Len() > 0 {
		fmt.Fprintf(b, "headline %s %q\n", at(l.Headline), l.Headline.In(a.Text))
	}
	for p := range l.Paragraphs {
		par := &l.Paragraphs[p]
		fmt.Fprintf(b, "paragraph %d %s %s", p, at(par.Span), par.Section)
		if par.HeadlineMatch {
			b.WriteString(" repeats")
		}
		b.WriteByte('\n')
		for i := par.First; i < par.Last; i++ {
			s := &l.Sentences[i]
			fmt.Fprintf(b, "  sentence %d %s", i, at(s.Span))
			if s.Quoted != model.QuotedNone {
				fmt.Fprintf(b, " quoted=%s", s.Quoted)
			}
			if s.Question {
				b.WriteString(" question")
			}
			fmt.Fprintf(b, " %s\n    tokens", words(s.First, s.Last))
			for t := s.First; t < s.Last; t++ {
				k := &l.Tokens[t]
				b.WriteByte(' ')
				if !k.Has(model.SpaceBefore) {
					b.WriteByte('+')
				}
				b.WriteString(k.In(a.Text))
				if k.Kind != model.Word {
					b.WriteByte('/')
					b.WriteString(kindNames[k.Kind])
				}
			}
			b.WriteByte('\n')
			for c := s.FirstClause; c < s.LastClause; c++ {
				k := &l.Clauses[c]
				depth := 0
				for up := k.Parent; up >= 0 && depth < 20; up = l.Clauses[up].Parent {
					depth++
				}
				fmt.Fprintf(b, "    clause %d %s%s", c, strings.Repeat("> ", depth), k.Kind)
				if k.Parent >= 0 {
					fmt.Fprintf(b, " of %d", k.Parent)
				}
				if k.Resumes >= 0 {
					fmt.Fprintf(b, " resumes %d", k.Resumes)
				} else if k.Marker >= 0 {
					fmt.Fprintf(b, " marker=%s", l.Tokens[k.Marker].In(a.Text))
				}
				fmt.Fprintf(b, " %s\n", words(k.First, k.Last))
			}
			for g := s.FirstGroup; g < s.LastGroup; g++ {
				k := &l.Groups[g]
				fmt.Fprintf(b, "    verb %s head=%s clause=%d %s", words(k.First, k.Last), l.Tokens[k.Head].In(a.Text), k.Clause, formNames[k.Form])
				for _, flag := range []struct {
					set  bool
					name string
				}{{k.Passive, "passive"}, {k.Negated, "negated"}, {k.Perfect, "perfect"}, {k.Progressive, "progressive"}} {
					if flag.set {
						b.WriteByte(' ')
						b.WriteString(flag.name)
					}
				}
				if k.Modal >= 0 {
					fmt.Fprintf(b, " modal=%s", l.Tokens[k.Modal].In(a.Text))
				}
				b.WriteByte('\n')
			}
		}
	}
	for i := range l.Quotations {
		q := &l.Quotations[i]
		fmt.Fprintf(b, "quotation %d %s sentences %d-%d depth=%d", i, at(q.Span), q.FirstSentence, q.LastSentence, q.Depth)
		for _, flag := range []struct {
			set  bool
			name string
		}{{q.Scare, "scare"}, {q.Unclosed, "unclosed"}, {q.Continues, "continues"}} {
			if flag.set {
				b.WriteByte(' ')
				b.WriteString(flag.name)
			}
		}
		fmt.Fprintf(b, " %q\n", strings.Join(strings.Fields(q.Inner.In(a.Text)), " "))
	}
	return b.Flush()
}
