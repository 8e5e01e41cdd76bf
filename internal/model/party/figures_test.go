package party

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"stance/internal/model"
	"stance/internal/model/rules"
)

// shared opens a file of the development data, which lies beside the project
// and is no part of it.
func shared(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "data", name))
	if err != nil {
		t.Skipf("the development data is not here: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestSpans measures on the spans of the CAMEO set: of those that hold a form
// that a pack knows (for an adjective, with a noun of government behind it),
// how many overlap a mention of that party.
func TestSpans(t *testing.T) {
	p := packs(t)
	forms := map[string][]string{}
	adjectives := map[string]bool{}
	for i := range p.Aliases {
		a := &p.Aliases[i]
		if a.Party < 0 || a.Never || a.Short || a.Case == rules.CaseAny || a.Kind == model.AliasPlace || a.Kind == model.AliasRole {
			continue
		}
		forms[a.Text] = appendNew(forms[a.Text], p.Parties[a.Party].ID)
		adjectives[a.Text] = adjectives[a.Text] || a.Adjective
	}
	r := newReading(p)
	spans, right := 0, 0
	misses := map[string]int{}
	for in := bufio.NewScanner(shared(t, "cameo/train.jsonl")); in.Scan(); {
		var row struct {
			Text           string
			Source, Target []struct{ From, To int }
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		runes := []rune(row.Text)
		_, ms := r.find(t, row.Text, "")
		for _, s := range append(row.Source, row.Target...) {
			if s.To > len(runes) {
				continue
			}
			start := int32(len(string(runes[:s.From])))
			body := string(runes[s.From:s.To])
			form := knownForm(body, forms)
			if form == "" || adjectives[form] && !governs(p, body[strings.Index(body, form)+len(form):]) {
				continue
			}
			spans++
			kind := "no mention"
			for _, m := range ms {
				if m.Kind == model.MentionIssue || !m.Overlaps(model.Span{Start: start, End: start + int32(len(body))}) {
					continue
				}
				switch {
				case slices.Contains(forms[form], m.ID), slices.ContainsFunc(m.Rollup, func(up string) bool { return slices.Contains(forms[form], up) }):
					kind = "right"
				case kind == "right":
				case m.Resolution == byAbstain.String():
					kind = "abstained"
				case m.ID == "":
					kind = "person without a party"
				default:
					kind = "another party"
				}
			}
			if kind == "right" {
				right++
				continue
			}
			misses[kind]++
		}
	}
	share := float64(right) / float64(spans)
	t.Logf("%d spans, %d right (%.3f), misses %v", spans, right, share, misses)
	if spans < 900 || share < 0.8 {
		t.Errorf("%d of %d spans got the right party, want 80 %% of at least 900", right, spans)
	}
}

// knownForm returns the first and longest form in a span.
func knownForm(s string, forms map[string][]string) string {
	for i := range s {
		if i > 0 && (unicode.IsLetter(rune(s[i-1])) || s[i-1] == '-') {
			continue
		}
		for j := len(s); j > i; j-- {
			if j < len(s) && (unicode.IsLetter(rune(s[j])) || s[j] == '-') {
				continue
			}
			if forms[s[i:j]] != nil {
				return s[i:j]
			}
		}
	}
	return ""
}

// governs reports whether one of the next words is a noun of government.
func governs(p *rules.Program, rest string) bool {
	for i, w := range strings.Fields(rest) {
		if i > 3 {
			return false
		}
		id := p.Vocabulary.Lookup(strings.Trim(w, `,.'"’s`))
		for _, m := range p.HeadPhrases.Match([]model.Token{{ID: id}}, 0, nil) {
			if m.Value == rules.OriginHeads {
				return true
			}
		}
	}
	return false
}

// corpus returns articles of the news sample, or of the project's own sample
// where that is absent.
func corpus(t testing.TB, most int) []*model.Article {
	t.Helper()
	var r io.Reader
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "data", "corpora", "news_sample.jsonl.gz"))
	if err == nil {
		r, err = gzip.NewReader(f)
	} else {
		f, err = os.Open(filepath.Join("..", "..", "..", "data", "sample", "corpus.jsonl"))
		r = f
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<22)
	var out []*model.Article
	for in.Scan() && len(out) < most {
		var row struct {
			Title, Headline, Text, Body, Date string
			PublishedAt                       time.Time `json:"published_at"`
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if row.Date != "" {
			row.PublishedAt, _ = time.Parse(time.DateOnly, row.Date) // the zero time is an unknown day
		}
		head := row.Title + row.Headline
		out = append(out, &model.Article{Text: head + "\n\n" + row.Text + row.Body, Headline: head, BodyStart: int32(len(head) + 2), PublishedAt: row.PublishedAt})
	}
	return out
}

// TestCorpus holds what a mention promises on real articles.
func TestCorpus(t *testing.T) {
	r := newReading(packs(t))
	for _, a := range corpus(t, 400) {
		r.r.Read(a, &r.l)
		check(t, a, &r.l, r.f.Find(a, &r.l, nil, nil))
	}
}

// TestUndated measures how many mentions of people of the packs get the party
// without the article's date that they get with it.
func TestUndated(t *testing.T) {
	shared(t, "corpora/news_sample.jsonl.gz")
	r := newReading(packs(t))
	people, same := 0, 0
	for _, a := range corpus(t, 1500) {
		if a.PublishedAt.IsZero() {
			continue
		}
		r.r.Read(a, &r.l)
		parties := map[int32]string{}
		for _, m := range r.f.Find(a, &r.l, nil, nil) {
			if m.Person != "" {
				parties[m.Start] = m.ID
			}
		}
		undated := *a
		undated.PublishedAt = time.Time{}
		for _, m := range r.f.Find(&undated, &r.l, nil, nil) {
			if party, ok := parties[m.Start]; ok && m.Person != "" {
				people++
				if m.ID == party {
					same++
				}
			}
		}
	}
	if people < 1000 || float64(same) < 0.9*float64(people) {
		t.Errorf("%d of %d mentions of people have the same party without a date, want 90 %%", same, people)
	}
}

func BenchmarkFind(b *testing.B) {
	p := packs(b)
	articles := corpus(b, 200)
	size := 0
	layers := make([]model.Layers, len(articles))
	for i, a := range articles {
		size += len(a.Text)
		newReading(p).r.Read(a, &layers[i])
	}
	f := NewFinder(p)
	var out []model.Mention
	b.SetBytes(int64(size))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = 0
		for i, a := range articles {
			out = f.Find(a, &layers[i], out[:0], nil)
			n += len(out)
		}
	}
	if n < 1000 {
		b.Fatalf("only %d mentions", n)
	}
	b.ReportMetric(float64(n), "mentions")
}

// BenchmarkRead is the text stage on the same articles, of whose time the
// finder may take a quarter.
func BenchmarkRead(b *testing.B) {
	r := newReading(packs(b))
	articles := corpus(b, 200)
	size := 0
	for _, a := range articles {
		size += len(a.Text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, a := range articles {
			r.r.Read(a, &r.l)
		}
	}
	if len(r.l.Tokens) == 0 {
		b.Fatal("no tokens")
	}
}

// BenchmarkShare is the time of the finder in units of the text stage's, on
// the whole corpus:
//
//   - match/text: the matching alone, that is to choose the tokens worth a
//     look and to look up the aliases that begin at them;
//   - party/text: the whole stage, with resolution and coreference, in which
//     the matching is contained.
//
// Each article is read and its mentions found, one after the other as a worker
// does it; in a turn of its own it is read and matched only, so that both begin
// with the caches as the text stage leaves them. The fastest turn of each
// article counts, so that a busy machine changes little: give it ten rounds.
func BenchmarkShare(b *testing.B) {
	const (
		reading = iota
		matching
		finding
		numSteps
	)
	r := newReading(packs(b))
	articles := corpus(b, math.MaxInt)
	best := make([][numSteps]time.Duration, len(articles))
	size := 0
	for _, a := range articles {
		size += len(a.Text)
	}
	b.SetBytes(2 * int64(size))
	var out []model.Mention
	found, matched := 0, 0
	for b.Loop() {
		found, matched = 0, 0
		for _, step := range [...]int{matching, finding} {
			for i, a := range articles {
				start := time.Now()
				r.r.Read(a, &r.l)
				middle := time.Now()
				if step == matching {
					matched += r.f.matchOnly(a, &r.l)
				} else {
					out = r.f.Find(a, &r.l, out[:0], nil)
					found += len(out)
				}
				keepLess(&best[i][step], time.Since(middle))
				keepLess(&best[i][reading], middle.Sub(start))
			}
		}
	}
	if found < size/200 || matched < found/2 {
		b.Fatalf("only %d mentions and %d aliases in %d bytes", found, matched, size)
	}
	var sum [numSteps]time.Duration
	for i := range best {
		for step, d := range best[i] {
			sum[step] += d
		}
	}
	b.ReportMetric(float64(sum[matching])/float64(sum[reading]), "match/text")
	b.ReportMetric(float64(sum[finding])/float64(sum[reading]), "party/text")
	b.ReportMetric(float64(size)/1e6/sum[reading].Seconds(), "text-MB/s")
	b.ReportMetric(float64(size)/1e6/sum[finding].Seconds(), "party-MB/s")
}

// keepLess keeps the shorter of two times; zero is none.
func keepLess(best *time.Duration, d time.Duration) {
	if *best == 0 || d < *best {
		*best = d
	}
}

// matchOnly is the matching of Find without what is made of it: it returns how
// many aliases begin at the tokens chosen.
func (f *Finder) matchOnly(a *model.Article, l *model.Layers) (matched int) {
	f.a, f.l, f.tokens, f.met, f.end = a, l, l.Tokens, false, 0
	sentence := -1
	before, looks, after := uint64(0), uint64(0), lanes(f.tokens)
	for from := 0; from < len(f.tokens); from += 8 {
		before, looks, after = looks, after, lanes(f.tokens[min(from+8, len(f.tokens)):])
		for left := choose(looks, before, after) & (eachLane * uint64(rules.LookSure|rules.LookOn)); left != 0; left &= left - 1 {
			t := int32(from + bits.TrailingZeros64(left)>>3)
			if t >= f.end {
				for sentence++; f.l.Sentences[sentence].Last <= t; sentence++ {
				}
				f.enter(int32(sentence))
			}
			f.matches = f.aliases(t, f.matches[:0])
			matched += len(f.matches)
		}
	}
	return matched
}

// TestSeed reads the reference article: its parties and persons are found,
// and its places are no actors.
func TestSeed(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "seed", "article_000.txt"))
	if err != nil {
		t.Skipf("the reference article is not here: %v", err)
	}
	a, ms := newReading(packs(t)).find(t, string(b), "2025-07-13")
	found := map[string]bool{}
	for _, m := range ms {
		if m.Kind == model.MentionIssue {
			continue
		}
		found[m.ID] = true
		found[m.ID+"/"+m.Person] = true
		before := a.Text[:m.Start]
		for _, p := range []string{" in ", " to ", "southern "} {
			if strings.HasSuffix(before, p) && (m.AliasKind == model.AliasName || m.AliasKind == model.AliasMetonym) && !strings.HasPrefix(a.Text[m.End:], "'") {
				t.Errorf("%q after %q is %s", m.In(a.Text), p, m.AliasKind)
			}
		}
	}
	for _, want := range []string{"israel", "hamas", "palestinians", "united-states", "qatar", "egypt", "united-nations", "ghf", "human-rights-organizations",
		"israel/netanyahu", "israel/katz", "united-states/mcgurk", "qatar/mohammed-al-thani"} {
		if !found[want] {
			t.Errorf("%s is not found", want)
		}
	}
}

// TestLabeled holds the project's labelled mentions: a party where one is
// given, none (or a place) where the label abstains.
func TestLabeled(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "..", "data", "labeled", "parties.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := newReading(packs(t))
	labels, right := 0, 0
	for in := bufio.NewScanner(f); in.Scan(); {
		var row struct {
			Text, Date string
			Mentions   []struct {
				From, To int
				Party    *string
			}
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		a, ms := r.find(t, row.Text, row.Date)
		runes := []rune(row.Text)
		for _, l := range row.Mentions {
			start := int32(len(string(runes[:l.From])))
			span := model.Span{Start: start, End: start + int32(len(string(runes[l.From:l.To])))}
			got := ""
			for _, m := range ms {
				if m.Kind != model.MentionIssue && m.Overlaps(span) && m.AliasKind != model.AliasPlace && got == "" {
					got = m.ID
				}
			}
			want := ""
			if l.Party != nil {
				want = *l.Party
			}
			labels++
			if got == want {
				right++
				continue
			}
			t.Logf("%q in %q: got %q, want %q", span.In(row.Text), a.Text, got, want)
		}
	}
	t.Logf("%d of %d labels", right, labels)
	if right*100 < labels*90 {
		t.Errorf("%d of %d labels are right, want 90 %%", right, labels)
	}
}
