package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"stance/internal/model"
)

// rows lists what the tables would hold of a result, with sentences and
// offsets as in the article.
func rows(r *model.Result) (out []string) {
	own, first := r.Own()
	sentence := func(s int32) int32 { return r.Piece.Sentences + s }
	mention := func(m int32) string {
		if m < 0 {
			return "-"
		}
		return fmt.Sprintf("%s%v", r.Mentions[m].ID, r.Mentions[m].Span)
	}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for i := own; i < len(r.Sentences); i++ {
		s, a := &r.Sentences[i], &r.Attributions[i]
		add("sentence %d paragraph %d %v %v %v %v %d tokens %d clauses, %.4f, %v %s %s %q", sentence(int32(i)), r.Piece.Paragraphs+s.Paragraph, s.Span, s.Section, s.Quoted,
			s.Question, s.Last-s.First, s.LastClause-s.FirstClause, r.Sentiments[i].Score, a.Voice, mention(a.Speaker), a.Method, r.Modalities[i])
	}
	for i := first; i < len(r.Mentions); i++ {
		m := &r.Mentions[i]
		add("mention %s %d %v %v %q %q %v %s %v %v %.3f", mention(int32(i)), sentence(m.Sentence), m.Kind, m.AliasKind, m.Person, m.Alias, m.InQuote, m.Resolution, m.Role, m.Candidates, m.Confidence)
	}
	for i := range r.Stances {
		s := &r.Stances[i]
		add("stance %d %s %s %s %s %v %s %v %.4f %.3f", sentence(s.Sentence), mention(s.Holder), mention(s.Target), mention(s.Issue), mention(s.ReportedBy), s.Voice, s.Rule, s.Cue, s.Score, s.Confidence)
	}
	for i := range r.Tones {
		t := &r.Tones[i]
		add("tone %d %s %d %.4f %v %s", sentence(t.Sentence), mention(t.Mention), t.Mentions, t.P, t.Voice, mention(t.Speaker))
	}
	for i := range r.Quotes {
		q := &r.Quotes[i]
		add("quote %d-%d %v %v %s %v %s", sentence(q.FirstSentence), sentence(q.LastSentence), q.Span, q.Kind, mention(q.Mention), q.Cue, q.Method)
	}
	for _, d := range r.Dyads {
		add("dyad %d %s %s %v", sentence(d.Sentence), mention(d.A), mention(d.B), d.HasStance)
	}
	if !r.Piece.More {
		for i := range r.Parties {
			add("party %+v", r.Parties[i])
		}
		for i, n := range r.RuleCounts {
			if n != (model.RuleCount{}) {
				add("rule %d %+v", i, n)
			}
		}
	}
	return out
}

// inPieces returns the rows of an article as a whole and in pieces, and how
// many pieces there were.
func inPieces(w *Worker, art *model.Article, size int) (whole, pieces []string, n int) {
	var r model.Result
	w.Analyze(art, &r, nil)
	whole = rows(&r)
	w.long, w.piece = 1, size
	for n == 0 || r.Piece.More {
		w.AnalyzePiece(art, &r)
		pieces = append(pieces, rows(&r)...)
		n++
	}
	slices.Sort(whole)
	slices.Sort(pieces)
	return whole, pieces, n
}

// differences returns the rows that only one of two sorted lists has.
func differences(a, b []string) (out []string) {
	for _, x := range a {
		if _, found := slices.BinarySearch(b, x); !found {
			out = append(out, "whole:  "+x)
		}
	}
	for _, x := range b {
		if _, found := slices.BinarySearch(a, x); !found {
			out = append(out, "pieces: "+x)
		}
	}
	return out
}

// report writes paragraphs of an article with people who come again by their
// surnames, pronouns, and quotations that go on in the next paragraph.
func report(rng *rand.Rand, paragraphs int, end string) string {
	sentences := []string{
		"Hamas accused Israel of blocking the talks.", "“Russia has condemned Ukraine over the attack,” said Maren Tolvik, an official.", "Tolvik said that China had praised Taiwan.",
		"They rejected the plan.", "He criticised the White House.", "“We will not accept it,” she said. “Iran threatens Israel every day.”", "The president warned Iran.",
		"Joe Biden urged Republicans to back the deal.", "Biden praised the European Union.", "Rain fell — for hours — on the hills, where 3,000 people waited.", "Is it true?",
		"The Gaza Relief Bureau (GRB) called for a ceasefire.",
	}
	var b strings.Builder
	b.WriteString("Long talks on many wars end\n\n")
	for range paragraphs {
		if end != " " && rng.IntN(8) == 0 {
			b.WriteString("“Israel attacked Hamas. It was wrong." + end + "“Hezbollah condemned Israel,” Sen. Jane Roe said." + end)
		}
		for range 1 + rng.IntN(4) {
			b.WriteString(sentences[rng.IntN(len(sentences))] + " ")
		}
		b.WriteString(end)
	}
	return b.String()
}

func TestPieces(t *testing.T) {
	w := embedded(t).NewWorker()
	day := time.Date(2023, 11, 20, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, end string
		size      int
	}{{"paragraphs", "\n\n", 8 << 10}, {"lines", "\n", 8 << 10}, {"small pieces", "\n\n", 2 << 10}, {"one paragraph", " ", 64 << 10}} {
		t.Run(c.name, func(t *testing.T) {
			text := report(rand.New(rand.NewPCG(1, 2)), 1500, c.end)
			whole, pieces, n := inPieces(w, &model.Article{ID: "long", Lang: "en", Text: text, PublishedAt: day}, c.size)
			if least := len(text) / c.size; n < least || n > 2*least+1 {
				t.Errorf("%d pieces of %d bytes for %d", n, c.size, len(text))
			}
			if d := differences(whole, pieces); len(d) > 0 || len(whole) != len(pieces) || len(whole) < 5000 {
				t.Errorf("%d rows as a whole and %d in pieces; %d differ:\n%s", len(whole), len(pieces), len(d), strings.Join(d[:min(len(d), 20)], "\n"))
			}
		})
	}
}

// TestPiecesOfNews joins real articles to a long one: names that are given in
// full in a later piece alone, and who "the senator" is, may differ.
func TestPiecesOfNews(t *testing.T) {
	arts, _ := articles(t, 400)
	var text strings.Builder
	for i := range arts {
		text.WriteString(arts[i].Text + "\n\n")
	}
	whole, pieces, n := inPieces(embedded(t).NewWorker(), &model.Article{ID: "news", Lang: "en", Text: text.String()}, 128<<10)
	d := differences(whole, pieces)
	t.Logf("%d bytes in %d pieces: %d rows, %d differ", text.Len(), n, len(whole), len(d))
	if n < text.Len()/(128<<10) || 75*len(d) > len(whole) {
		t.Errorf("%d pieces; of %d rows %d differ, expected at most one in 75:\n%s", n, len(whole), len(d), strings.Join(d, "\n"))
	}
}
