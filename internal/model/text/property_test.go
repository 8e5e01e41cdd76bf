package text

import (
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"stance/internal/model"
)

// check reports every broken promise of the layers of a text.
func check(t *testing.T, a *model.Article, l *model.Layers) {
	t.Helper()
	s := a.Text
	at := 0
	gap := func(to int32, what string) {
		for _, x := range s[at:to] {
			if !unicode.IsSpace(x) {
				t.Fatalf("%q is left out before %s at %d of %q", x, what, to, clip(s))
			}
		}
	}
	for i, k := range l.Tokens {
		if int(k.Start) < at || k.Start >= k.End || int(k.End) > len(s) {
			t.Fatalf("token %d %v after %d in %q", i, k.Span, at, clip(s))
		}
		if !utf8.RuneStart(s[k.Start]) || int(k.End) < len(s) && !utf8.RuneStart(s[k.End]) {
			t.Fatalf("token %d %v splits a rune of %q", i, k.Span, clip(s))
		}
		gap(k.Start, "a token")
		if space := int(k.Start) > at || i == 0; k.Has(model.SpaceBefore) != space {
			t.Fatalf("token %q SpaceBefore=%v in %q", k.In(s), !space, clip(s))
		}
		at = int(k.End)
	}
	gap(int32(len(s)), "the end")
	token, sentence := int32(0), int32(0)
	for p, par := range l.Paragraphs {
		if par.First != sentence || par.Last <= par.First {
			t.Fatalf("paragraph %d has sentences %d-%d, want from %d, in %q", p, par.First, par.Last, sentence, clip(s))
		}
		sentence = par.Last
		for i := par.First; i < par.Last; i++ {
			x := l.Sentences[i]
			if x.First != token || x.Last <= x.First || x.Paragraph != int32(p) || x.Section != par.Section || !par.Contains(x.Span) {
				t.Fatalf("sentence %d is %+v, want from token %d in paragraph %d of %q", i, x, token, p, clip(s))
			}
			if x.Start != l.Tokens[x.First].Start || x.End != l.Tokens[x.Last-1].End {
				t.Fatalf("sentence %d spans %v of %q", i, x.Span, clip(s))
			}
			if x.Last-x.First > maxSentence {
				t.Fatalf("sentence %d has %d tokens: %q", i, x.Last-x.First, clip(x.In(s)))
			}
			checkSyntax(t, a, l, i)
			token = x.Last
		}
	}
	if int(token) != len(l.Tokens) || int(sentence) != len(l.Sentences) {
		t.Fatalf("sentences cover %d of %d tokens, paragraphs %d of %d sentences, of %q", token, len(l.Tokens), sentence, len(l.Sentences), clip(s))
	}
	before := int32(-1)
	for i, q := range l.Quotations {
		if q.Start < before || q.Start >= q.End || !q.Contains(q.Inner) || q.First >= q.Last || q.FirstSentence >= q.LastSentence || int(q.LastSentence) > len(l.Sentences) {
			t.Fatalf("quotation %d is %+v in %q", i, q, clip(s))
		}
		if l.Tokens[q.First].Start != q.Inner.Start || l.Tokens[q.Last-1].End != q.Inner.End {
			t.Fatalf("quotation %d is %+v in %q", i, q, clip(s))
		}
		if l.Sentences[q.FirstSentence].Paragraph != l.Sentences[q.LastSentence-1].Paragraph {
			t.Fatalf("quotation %d leaves its paragraph in %q", i, clip(s))
		}
		before = q.Start
	}
}

func checkSyntax(t *testing.T, a *model.Article, l *model.Layers, i int32) {
	t.Helper()
	x := l.Sentences[i]
	token := x.First
	for c := x.FirstClause; c < x.LastClause; c++ {
		k := l.Clauses[c]
		if k.First != token || k.Last <= k.First {
			t.Fatalf("clause %d is %+v, want from token %d, in %q", c, k, token, clip(x.In(a.Text)))
		}
		token = k.Last
		if k.Parent == c || k.Parent >= 0 && (k.Parent < x.FirstClause || k.Parent >= x.LastClause) || k.Parent < -1 {
			t.Fatalf("clause %d has parent %d in %q", c, k.Parent, clip(x.In(a.Text)))
		}
		if k.Resumes >= c || k.Resumes >= 0 && (l.Clauses[k.Resumes].Kind != k.Kind || l.Clauses[k.Resumes].Resumes >= 0) {
			t.Fatalf("clause %d %+v resumes %+v in %q", c, k, l.Clauses[k.Resumes], clip(x.In(a.Text)))
		}
		steps := 0
		for up := k.Parent; up >= 0; up = l.Clauses[up].Parent {
			if steps++; steps > int(x.LastClause-x.FirstClause) {
				t.Fatalf("clause %d is its own ancestor in %q", c, clip(x.In(a.Text)))
			}
		}
	}
	if token != x.Last {
		t.Fatalf("clauses cover up to token %d of %d in %q", token, x.Last, clip(x.In(a.Text)))
	}
	before := x.First - 1
	for g := x.FirstGroup; g < x.LastGroup; g++ {
		k := l.Groups[g]
		if k.First < x.First || k.Last > x.Last || k.Head < k.First || k.Head >= k.Last || k.Head <= before {
			t.Fatalf("verb group %d is %+v in %q", g, k, clip(x.In(a.Text)))
		}
		if c := l.Clauses[k.Clause]; k.Clause < x.FirstClause || k.Clause >= x.LastClause || k.Head < c.First || k.Head >= c.Last {
			t.Fatalf("verb group %d %+v in clause %+v of %q", g, k, c, clip(x.In(a.Text)))
		}
		before = k.Head
	}
}

func clip(s string) string { return s[:min(len(s), 300)] }

// pieces are what random texts are made of.
var pieces = strings.Split(`Israel|Hamas|the|said|that|attacked|U.S.|Mr.|Gen.|No.|10|3.5|“|”|"|'|’|‘|''|(|)|[|]|,|.|.|.|!|?|…|...|;|:|—|-|--|–|and|but|who|which|to|not|had|was|been|is|will|accused|accusing|of|by|because|if|hostages'|don't|don’t|it's|they've|http://a.b/c?d|x@y.org|#tag|@you|•|1.|2)|a.|§|é|e`+"\u0301"+`|ß|İstanbul|日本|🎉|`+"\u00a0|\u200b|\u00ad|\n|\n\n|\r\n| |  |\t"+`|<p>|</p>|&amp;|Inc.|p.m.|Jan.|Smith|officials|talks|plan|$|%|World.The|e.g.|I`, "|")

func TestRandomTexts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	r := NewReader(vocabulary)
	var l model.Layers
	for range 4000 {
		var b strings.Builder
		for range rng.IntN(60) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
			if rng.IntN(4) > 0 {
				b.WriteByte(' ')
			}
		}
		a := &model.Article{Text: b.String()}
		if rng.IntN(3) == 0 && len(a.Text) > 4 {
			h := "Israel said no"
			a.Headline, a.BodyStart = h, int32(len(h)+2)
			a.Text = h + "\n\n" + a.Text
		}
		r.Read(a, &l)
		check(t, a, &l)
	}
}

// TestLongSentences cuts what has no end before words, where it has any, and
// nothing that is short enough.
func TestLongSentences(t *testing.T) {
	r := NewReader(vocabulary)
	var l model.Layers
	for _, c := range []struct {
		unit string
		n    int
		want int
	}{
		{"word ", maxSentence, 1}, {"word ", maxSentence + 1, 2}, {"word ", 10 * maxSentence, 10}, {"it's, ", maxSentence, 4}, {"and (the) ", 5000, 10},
		{",", 10 * maxSentence, 10}, {"- a ", maxSentence, 3}, {"5 p.m. ", 4 * maxSentence, 9},
	} {
		a := &model.Article{Text: strings.Repeat(c.unit, c.n)}
		r.Read(a, &l)
		check(t, a, &l)
		if len(l.Sentences) != c.want {
			t.Errorf("%d times %q: %d sentences, want %d", c.n, c.unit, len(l.Sentences), c.want)
		}
		for _, x := range l.Sentences {
			if first := l.Tokens[x.First]; c.unit != "," && !first.Has(model.SpaceBefore) {
				t.Errorf("%d times %q: a sentence begins with %q", c.n, c.unit, first.In(a.Text))
			}
		}
	}
}

// FuzzRead holds the promises of the layers on any text.
func FuzzRead(f *testing.F) {
	for _, c := range sentenceCases {
		f.Add(strings.Join(c, " "))
	}
	for _, p := range pieces {
		f.Add(p + p + " " + p)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("articles are valid UTF-8")
		}
		r := NewReader(vocabulary)
		var l model.Layers
		a := &model.Article{Text: s}
		r.Read(a, &l)
		check(t, a, &l)
	})
}

// TestLinearTime reads 10 MB of each kind of text that invites a second look at
// every byte, and less of further kinds. No clock judges: with quadratic time
// it would not end before the test's own limit.
func TestLinearTime(t *testing.T) {
	r := NewReader(vocabulary)
	var l model.Layers
	for _, unit := range []string{`'`, `s' `, `1. A `, `aa.`, `. . `, `said that `, `Israel, `, `“a`, "a\n", "said he and ", "a-", "“A.” he said. "} {
		a := &model.Article{Text: strings.Repeat(unit, 1_000_000/len(unit))}
		if r.Read(a, &l); len(l.Tokens) == 0 {
			t.Errorf("%q: no token", unit)
		}
	}
	if testing.Short() {
		return
	}
	for _, unit := range []string{`"`, `.`, `(`, ` `, `word`} {
		r.Read(&model.Article{Text: strings.Repeat(unit, 10_000_000/len(unit))}, &l)
	}
}

// TestNoWord compares eight bytes at once with one by one.
func TestNoWord(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	first := func(high uint64) int { return bits.TrailingZeros64(high) / 8 }
	for range 200_000 {
		x := rng.Uint64()
		for i := 0; i < 64; i += 8 {
			if rng.IntN(8) > 0 {
				x = x&^(0xff<<i) | uint64("0189AMZagz"[rng.IntN(10)])<<i
			}
		}
		letters, word := 0, 0
		for letters < 8 && byteKind[byte(x>>(8*letters))]&cLetter != 0 {
			letters++
		}
		for word < 8 && byteKind[byte(x>>(8*word))]&cWord != 0 {
			word++
		}
		if got := first(noLetter(x, x|lowerBits)); got != letters {
			t.Fatalf("%x has %d letters, not %d", x, letters, got)
		}
		if got := first(noWord(x)); got != word {
			t.Fatalf("%x has %d letters and digits, not %d", x, word, got)
		}
	}
}
