package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestStudent(t *testing.T) {
	// Quantiles as any table of the distribution gives them.
	for df, want := range map[int]float64{2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 10: 2.228, 30: 2.042, 1000: 1.962} {
		if got := student(df); math.Abs(got-want) > 0.025 {
			t.Errorf("student(%d) = %.3f, want %.3f", df, got, want)
		}
	}
}

func TestEstimate(t *testing.T) {
	// Three articles of two sentences each; with equal sizes the variance over
	// clusters is the variance of the articles' means.
	var m moments
	for _, mean := range []float64{0.1, 0.2, 0.6} {
		m.add(2, 2*mean)
	}
	e := m.estimate()
	half := 4.302653 * math.Sqrt(0.07/3)
	if e.Sentences != 6 || e.Articles != 3 || !e.Interval || math.Abs(e.Mean-0.3) > 1e-9 || math.Abs(e.Low-(0.3-half)) > 1e-9 || math.Abs(e.High-(0.3+half)) > 1e-9 {
		t.Errorf("got %+v, want a mean of 0.3 and %.4f on either side", e, half)
	}
	var two moments
	two.add(1, 1)
	two.add(1, -1)
	if e := two.estimate(); e.Interval {
		t.Errorf("two articles have an interval: %+v", e)
	}
}

// Each day lies in one piece of time, and there are few pieces.
func TestPeriods(t *testing.T) {
	first := dayAt(time.Date(2019, 12, 28, 0, 0, 0, 0, time.UTC))
	for _, days := range []day{1, 39, 40, 41, 279, 280, 900, 1300, 4000, 20000, 400000} {
		p := periodFor(first, first+days-1)
		pieces := 0
		for d := first; d < first+days; {
			start, next := p.start(d), p.next(p.start(d))
			if start > d || next <= d || p.start(next) != next || p.start(next-1) != start {
				t.Fatalf("%d days by %s: %v lies in %v to %v", days, p.name, d.time(), start.time(), next.time())
			}
			pieces++
			d = next
		}
		if pieces > mostPeriods+3 {
			t.Errorf("%d days make %d pieces by %s", days, pieces, p.name)
		}
	}
}

func TestMark(t *testing.T) {
	long := strings.Repeat("é", 1000)
	for _, c := range []struct {
		name                string
		sentence            string
		start               int
		cue, holder, target span
		want                string
	}{
		{"all parts", "Égypte praised Qatar.", 100, span{107, 114}, span{100, 106}, span{115, 120}, "holder:Égypte| |cue:praised| |target:Qatar|."},
		{"holder in another sentence", "It praised Qatar.", 100, span{103, 110}, span{20, 26}, span{111, 116}, "It |cue:praised| |target:Qatar|."},
		{"target within the cue", "It hit Gaza City.", 0, span{3, 11}, span{0, 2}, span{7, 11}, "holder:It| |cue:hit Gaza| City."},
		{"long", long + "hit" + long, 0, span{1000, 1003}, span{}, span{5, 9}, "gap:…|" + strings.Repeat("é", mostContext) + "|cue:hit|" + strings.Repeat("é", mostContext) + "|gap:…"},
		{"no text", "", 0, span{5, 9}, span{}, span{10, 12}, ""},
	} {
		e := Evidence{sentence: c.sentence, cue: c.cue, holder: c.holder, target: c.target}
		e.mark(c.start)
		var got []string
		for _, s := range e.Text {
			if s.Part != "" {
				s.Text = s.Part + ":" + s.Text
			}
			got = append(got, s.Text)
		}
		if g := strings.Join(got, "|"); g != c.want {
			t.Errorf("%s: %s, want %s", c.name, g, c.want)
		}
	}
}

const naughty = "<script>alert(1)</script>\u202e\x1b[31m\"'><img src=x onerror=alert(1)>{{.}}]]>-->javascript:alert(1)"

// naughtyFigures has a naughty string wherever a text of the tables goes.
func naughtyFigures() *Figures {
	cell := &Cell{Holder: Name{"party", naughty}, Target: Name{"issue", naughty}, N: 9, Against: 9, Mean: -0.5, Evidence: []Evidence{{
		Article: naughty, Sentence: naughty, Outlet: naughty, Headline: naughty, URL: "javascript:alert(1)//", Source: naughty,
		Text: []Span{{"", naughty}, {"cue", naughty}, {gap, naughty}}, Holder: naughty, HolderElsewhere: true, Cue: naughty, Target: naughty, TargetElsewhere: true,
		Act: naughty, Rule: naughty, Label: naughty, Section: naughty,
	}, {URL: "data:text/html," + naughty, Cue: naughty, Holder: naughty, Target: naughty, Headline: naughty}}}
	return &Figures{
		Run: Run{Generation: naughty, Tool: naughty, Rules: naughty, Settings: map[string]string{naughty: naughty}}, Articles: 2, Dated: 1, Stances: 9,
		Tone:   []Series{{Party: naughty, Points: []Point{{}}}},
		Matrix: &Matrix{Holders: []Name{cell.Holder}, Targets: []Name{cell.Target}, Rows: [][]*Cell{{cell}}, Stances: 9},
		Rules:  []Rule{{ID: naughty}}, Rejects: []Reject{{Code: naughty, Stage: naughty, Severity: naughty, Examples: []string{naughty}}},
		Notes: []Note{{Text: naughty}},
	}
}

// What stands in the tables never becomes markup, and no character of it turns
// or hides what follows.
func TestPageIsInert(t *testing.T) {
	page, err := Page(naughtyFigures())
	if err != nil {
		t.Fatal(err)
	}
	tags := regexp.MustCompile(`<[a-zA-Z!/][^>]*>`)
	for _, tag := range tags.FindAllString(string(page), -1) {
		if regexp.MustCompile(`(?i)^<(script|img|iframe|object|embed|link|base)|\son\w+\s*=|\sstyle\s*=|javascript:|data:`).MatchString(regexp.MustCompile(`"[^"]*"`).ReplaceAllString(tag, `""`)) ||
			strings.Contains(tag, `href="`) && !regexp.MustCompile(`href="#[a-z0-9-]+"`).MatchString(tag) {
			t.Errorf("the page has the tag %s", tag)
		}
	}
	if i := bytes.IndexAny(page, "\u202e\x1b"); i >= 0 {
		t.Errorf("the page holds a control character: …%q", page[max(0, i-60):i+10])
	}
	if !bytes.Contains(page, []byte(`\u{202e}\u{1b}[31m`)) {
		t.Error("the control characters are not shown")
	}
}

// The policy allows the page's own style and nothing else.
func TestPolicy(t *testing.T) {
	page, err := Page(&Figures{Matrix: &Matrix{}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Page(&Figures{Matrix: &Matrix{}})
	if err != nil || !bytes.Equal(page, again) {
		t.Errorf("equal figures give other bytes (%v)", err)
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindSubmatch(page)
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindSubmatch(page)
	if style == nil || policy == nil {
		t.Fatal("the page has no style or no policy")
	}
	sum := sha256.Sum256(style[1])
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	if got := html.UnescapeString(string(policy[1])); got != want {
		t.Errorf("the policy is %s, want %s", got, want)
	}
}

func TestCells(t *testing.T) {
	for _, c := range []struct {
		text        string
		n           int
		first, last string // of at most five columns
	}{
		{"abc", 3, "abc", "abc"},
		{"abcdefgh", 8, "abcd…", "…efgh"},
		{"e\u0301abcde", 6, "e\u0301abc…", "…bcde"},
		{"汉字汉字", 8, "汉字…", "…汉字"},
		{"a汉字汉", 7, "a汉…", "…字汉"},
		{"ｗｉｄｅ", 8, "ｗｉ…", "…ｄｅ"},
		{"абвгдежз", 8, "абвг…", "…дежз"},
	} {
		if n, first, last := cells(c.text), firstCells(c.text, 5), lastCells(c.text, 5); n != c.n || first != c.first || last != c.last {
			t.Errorf("%q: %d columns, %q, %q; want %d, %q, %q", c.text, n, first, last, c.n, c.first, c.last)
		}
	}
}
