package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/io/corpus"
	"stance/internal/model"
	"stance/internal/model/text"
	"stance/internal/trace"
)

type explainOptions struct {
	path     string
	date     string // of the article, when the input has none
	stage    string
	why      bool
	sentence int // 0 for all
	color    bool
}

func explainCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "show how one article is read: sentences, parties, speakers, stances and why",
		ArgsUsage: "FILE|-",
		Flags: append(packFlags(),
			weightsFlag("sentiment or tone"),
			&cli.StringFlag{Name: "date", Usage: "`DAY` of publication (YYYY-MM-DD), when the input has none; who leads whom depends on it"},
			&cli.StringFlag{Name: "stage", Usage: "show the decisions of one `STAGE` only: text, mention, sentiment, attribution or stance"},
			&cli.BoolFlag{Name: "why", Usage: "list each rule that was tried and why it fired or lost"},
			&cli.IntFlag{Name: "sentence", Usage: "only sentence `N`, counted from 1"},
		),
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return fail(exitUsage, "explain takes one FILE, or - for standard input; see 'stance explain --help'")
			}
			if c.Int("sentence") < 0 {
				return fail(exitUsage, "--sentence %d: sentences are counted from 1", c.Int("sentence"))
			}
			if s := c.String("stage"); s != "" && !slices.Contains([]string{"text", "mention", "sentiment", "attribution", "stance"}, s) {
				return fail(exitUsage, "unknown stage %q: expected text, mention, sentiment, attribution or stance", s)
			}
			a, err := analyzer(c)
			if err != nil {
				return err
			}
			return runExplain(c.Context, explainOptions{path: c.Args().First(), date: c.String("date"), stage: c.String("stage"),
				why: c.Bool("why"), sentence: c.Int("sentence"), color: colorful(std.out)}, a, std)
		},
	}
}

// colorful reports whether w is a terminal that wants colour.
func colorful(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// readArticles reads the articles of one file, or of standard input: JSON
// Lines when the first byte is a brace, else one text article. Those that are
// analysed in pieces it refuses: all that was decided about them would not fit
// into memory.
func readArticles(ctx context.Context, path, date string, in io.Reader) ([]*model.Article, error) {
	var b []byte
	var err error
	if path == "-" {
		b, err = io.ReadAll(in)
	} else {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fail(inputCode(err), "%w", err)
	}
	articles, err := corpus.ReadAll(ctx, path, bytes.NewReader(b), date)
	if err != nil && !errors.Is(err, corpus.ErrOptions) && ctx.Err() == nil {
		return nil, fail(exitAllRejected, "%w", err)
	}
	for _, a := range articles {
		if len(a.Text) >= analysis.Long {
			return nil, fail(exitAllRejected, "%s: an article has %s bytes of text; what is shown is for those below %s", path, thousands(int64(len(a.Text))), thousands(analysis.Long))
		}
	}
	return articles, err
}

func runExplain(ctx context.Context, o explainOptions, a *analysis.Analyzer, std streams) error {
	articles, err := readArticles(ctx, o.path, o.date, std.in)
	if err != nil {
		return err
	}
	w := a.NewWorker()
	var r model.Result
	longest := 0
	for i, art := range articles {
		if i > 0 {
			fmt.Fprintln(std.out)
		}
		tr := &trace.Recorder{}
		w.Analyze(art, &r, tr)
		var b bytes.Buffer
		e := explainer{w: &b, r: &r, tr: tr, a: a, explainOptions: o}
		if o.stage == "text" {
			text.Print(&b, art, &r.Layers)
		} else {
			e.article()
		}
		if _, err := std.out.Write(b.Bytes()); err != nil {
			return fail(exitIO, "%w", err)
		}
		longest = max(longest, len(r.Sentences))
	}
	if o.sentence > longest {
		return fail(exitUsage, "there is no sentence %d; the longest article has %s", o.sentence, plural(longest, "sentence"))
	}
	return nil
}

// explainer prints one Result for people.
type explainer struct {
	explainOptions
	w  *bytes.Buffer
	r  *model.Result
	tr *trace.Recorder
	a  *analysis.Analyzer
}

const (
	bold    = "\x1b[1m"
	dim     = "\x1b[2m"
	red     = "\x1b[31m"
	green   = "\x1b[32m"
	yellow  = "\x1b[33m"
	blue    = "\x1b[36m"
	reset   = "\x1b[0m"
	reverse = "\x1b[4m"
)

func (e *explainer) paint(color, s string) string {
	if !e.color || s == "" {
		return s
	}
	return color + s + reset
}

func (e *explainer) article() {
	art := e.r.Article
	title := art.Headline
	if title == "" {
		title = e.r.Headline.In(art.Text)
	}
	fmt.Fprintf(e.w, "%s\n", e.paint(bold, cmp.Or(diag.Escape(oneLine(title)), "(no headline)")))
	date := "no date"
	if !art.PublishedAt.IsZero() {
		date = art.PublishedAt.Format("2006-01-02")
	}
	fmt.Fprintf(e.w, "article %s · %s · layout %s · %s\n", diag.Escape(art.ID), date, e.r.Layout, plural(len(e.r.Sentences), "sentence"))
	for si := range e.r.Sentences {
		if e.sentence == 0 || e.sentence == si+1 {
			e.sentenceOut(int32(si))
		}
	}
	if e.sentence == 0 && e.stage == "" {
		e.parties()
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (e *explainer) sentenceOut(si int32) {
	s := &e.r.Sentences[si]
	sent := e.r.Sentiments[si]
	label := [...]string{"negative", "neutral", "positive"}[sent.Label+1]
	fmt.Fprintf(e.w, "\n%s %s  %s %+.2f", e.paint(bold, fmt.Sprintf("[%d]", si+1)), e.paint(dim, s.Section.String()), e.paint(polarColor(float64(sent.Score), 0.05), label), sent.Score)
	if at := e.r.Attributions[si]; at.Voice != model.VoiceNarrator {
		fmt.Fprintf(e.w, "  voice %s (%s)", e.who(at.Speaker), at.Method)
	}
	fmt.Fprintf(e.w, "\n    %s\n", e.marked(s))
	if e.stage == "" {
		for i := range e.r.Stances {
			if st := &e.r.Stances[i]; st.Sentence == si {
				e.stance(st)
			}
		}
		for i := range e.r.Tones {
			if t := &e.r.Tones[i]; t.Sentence == si {
				fmt.Fprintf(e.w, "    %s %s %+.2f  (%s)\n", e.paint(dim, "tone"), e.r.Mentions[t.Mention].ID, t.Score(), strings.Join(t.Features, ", "))
			}
		}
	}
	if e.why || e.stage != "" {
		for _, ev := range e.tr.Select(e.stage, si) {
			if e.stage == "" && ev.Stage != "stance" {
				continue
			}
			fmt.Fprintf(e.w, "    %s %-10s %-24s %-9s %q", e.paint(dim, "·"), ev.Stage, diag.Escape(ev.Rule), ev.Outcome, diag.Escape(oneLine(ev.Span.In(e.r.Article.Text))))
			if ev.Reason != "" {
				fmt.Fprintf(e.w, " %s", diag.Escape(ev.Reason))
			}
			if ev.Value != 0 {
				fmt.Fprintf(e.w, " %+.3f", ev.Value)
			}
			fmt.Fprintln(e.w)
		}
	}
}

func polarColor(x, zone float64) string {
	switch {
	case x <= -zone:
		return red
	case x >= zone:
		return green
	}
	return dim
}

// marked renders a sentence with its mentions: [surface|party] without
// colour, coloured otherwise.
func (e *explainer) marked(s *model.Sentence) string {
	var b strings.Builder
	t := e.r.Article.Text
	pos := s.Start
	for i := range e.r.Mentions {
		m := &e.r.Mentions[i]
		if m.Start < pos || m.Start >= s.End {
			continue
		}
		b.WriteString(diag.Escape(oneSpace(t[pos:m.Start])))
		id := m.ID
		if id == "" {
			id = m.Person
		}
		if id == "" {
			id = "?"
		}
		color := blue
		switch {
		case m.Kind == model.MentionIssue:
			color = yellow
		case !m.Actor():
			color = dim
			id = "place"
		}
		surface := diag.Escape(oneSpace(m.In(t)))
		if e.color {
			b.WriteString(color + reverse + surface + reset + dim + "|" + id + reset)
		} else {
			b.WriteString("[" + surface + "|" + id + "]")
		}
		pos = m.End
	}
	b.WriteString(diag.Escape(oneSpace(t[pos:s.End])))
	return b.String()
}

// oneSpace turns line breaks inside a sentence into spaces.
func oneSpace(s string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(s)
}

func (e *explainer) who(m int32) string {
	if m < 0 {
		return "unknown"
	}
	mm := &e.r.Mentions[m]
	switch {
	case mm.ID != "" && mm.Person != "":
		return mm.ID + "/" + mm.Person
	case mm.ID != "":
		return mm.ID
	case mm.Person != "":
		return mm.Person
	}
	return "unknown"
}

func (e *explainer) stance(st *model.Stance) {
	holder := "narrator"
	if st.Holder >= 0 {
		holder = e.who(st.Holder)
	} else if st.Voice != model.VoiceNarrator || strings.HasPrefix(st.Sieve, "unknown") {
		holder = "unknown"
	}
	label := [...]string{"against", "neutral towards", "in favor of"}[st.Polarity+1]
	fmt.Fprintf(e.w, "    %s %s %s %s  %+.2f", e.paint(bold, "stance"), holder, e.paint(polarColor(float64(st.Score), 0.001), label), e.who(st.Target), st.Score)
	fmt.Fprintf(e.w, "  %s %q", st.Act, diag.Escape(oneLine(st.Cue.In(e.r.Article.Text))))
	f := st.Factors
	var parts []string
	for _, x := range []struct {
		name string
		v    float32
	}{{"reversal", f.Reversal}, {"negation", f.Negation}, {"modality", f.Modality}, {"reporting", f.Reporting}, {"section", f.Section}, {"alias", f.Alias}} {
		if x.v != 1 {
			parts = append(parts, fmt.Sprintf("%s %.2g", x.name, x.v))
		}
	}
	fmt.Fprintf(e.w, "  %s = base %.2g", e.paint(dim, "rule "+st.Rule+" by "+st.Sieve), f.Base)
	for _, p := range parts {
		fmt.Fprintf(e.w, " × %s", p)
	}
	if st.ReportedBy >= 0 {
		fmt.Fprintf(e.w, ", reported by %s", e.who(st.ReportedBy))
	}
	if len(st.Shadowed) > 0 {
		fmt.Fprintf(e.w, ", shadowed %s", strings.Join(st.Shadowed, " "))
	}
	fmt.Fprintf(e.w, ", confidence %.2f\n", st.Confidence)
}

func (e *explainer) parties() {
	if len(e.r.Parties) == 0 {
		return
	}
	fmt.Fprintf(e.w, "\n%s\n", e.paint(bold, fmt.Sprintf("%-28s %8s %6s  %-16s %s", "parties", "mentions", "tone", "stances given", "received")))
	mean := func(n int32, x float32) string {
		if n == 0 {
			return "-"
		}
		return fmt.Sprintf("%d, mean %+.2f", n, x)
	}
	for i := range e.r.Parties {
		p := &e.r.Parties[i]
		fmt.Fprintf(e.w, "%-28s %8d %+6.2f  %-16s %s\n", p.ID, p.Mentions, p.ToneMean, mean(p.Given, p.StanceGiven), mean(p.Received, p.StanceTaken))
	}
	fmt.Fprintln(e.w, e.paint(dim, "Counted are headline, dek and body; what repeats them, and boilerplate, is not."))
}
