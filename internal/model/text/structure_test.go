package text

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stance/internal/model"
)

func sectionsOf(l *model.Layers) string {
	var s []string
	for _, p := range l.Paragraphs {
		s = append(s, p.Section.String())
	}
	return strings.Join(s, " ")
}

func TestSections(t *testing.T) {
	r := NewReader(vocabulary)
	var l model.Layers
	for _, c := range []struct {
		name, headline, text string
		layout               model.Layout
		want, found          string
	}{
		{"digest", "", "The envoys met. They failed.\nEnvoys Fail in Doha\n\nEnvoys fail in Doha\nNo deal was reached on Monday.\nThe envoys left Doha. They will return.\nNobody spoke.", model.LayoutDigest,
			"summary headline headline_repeat dek body body", "Envoys Fail in Doha"},
		{"plain with a headline", "", "Envoys fail in Doha\nThe envoys left Doha on Monday.\nNobody spoke.", model.LayoutPlain, "headline body body", "Envoys fail in Doha"},
		{"plain without one", "", "The envoys left Doha on Monday.\nNobody spoke.", model.LayoutPlain, "body body", ""},
		{"repeated headline", "", "Envoys fail in Doha\n\nEnvoys fail in Doha\n\nThe envoys left.", model.LayoutPlain, "headline headline_repeat body", "Envoys fail in Doha"},
		{"fields", "Envoys fail in Doha.", "The envoys left Doha on Monday.\n\nNobody spoke.", model.LayoutFields, "headline body body", "Envoys fail in Doha."},
		{"fields with a repeat", "Envoys Fail in Doha", "Envoys fail in Doha\n\nThe envoys left.", model.LayoutFields, "headline headline_repeat body", "Envoys Fail in Doha"},
		{"boilerplate", "Envoys fail", "By Jo Marsh\n\nThe envoys left.\n\nAdvertisement\n\nClick here to sign up.\n\nThey will return. Read more about it below the line.\n\nRead more: Doha in pictures\n\n(Reporting by Jo Marsh; editing by Al Hale)", model.LayoutFields,
			"headline boilerplate body boilerplate boilerplate body boilerplate boilerplate", "Envoys fail"},
		{"captions", "Envoys fail", "Envoys arrive in Doha. (AP Photo)\n\nThe envoys left.\n\nFriday, July 21, 2017\n\n* * *\n\nPhoto: A camp near Doha", model.LayoutFields,
			"headline boilerplate body boilerplate boilerplate boilerplate", "Envoys fail"},
		{"markup", "Envoys fail", "<p>The envoys left.</p><p>They said <b>nothing</b>.<br/>Talks go on.", model.LayoutFields, "headline body body body", "Envoys fail"},
		{"empty", "", " \n\n ", model.LayoutPlain, "", ""},
		{"one line", "", "Envoys fail in Doha", model.LayoutPlain, "body", ""},
	} {
		a := &model.Article{Text: c.text, Headline: c.headline}
		if c.headline != "" {
			a.Text = c.headline + "\n\n" + c.text
			a.BodyStart = int32(len(c.headline) + 2)
		}
		r.Read(a, &l)
		check(t, a, &l)
		if got := sectionsOf(&l); l.Layout != c.layout || got != c.want || l.Headline.In(a.Text) != c.found {
			t.Errorf("%s: layout %s, sections %s, headline %q; want %s, %s, %q", c.name, l.Layout, got, l.Headline.In(a.Text), c.layout, c.want, c.found)
		}
	}
}

// TestReferenceArticle holds the layout of the reference article.
func TestReferenceArticle(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(sharedData, "..", "seed", "article_000.txt"))
	if err != nil {
		t.Skipf("needs the reference article: %v", err)
	}
	r := NewReader(vocabulary)
	var l model.Layers
	a := &model.Article{Text: string(text)}
	r.Read(a, &l)
	check(t, a, &l)
	sentences, paragraphs := map[model.Section]int{}, map[model.Section]int{}
	for _, p := range l.Paragraphs {
		paragraphs[p.Section]++
		sentences[p.Section] += int(p.Last - p.First)
	}
	for _, c := range []struct {
		section    model.Section
		paragraphs int
		sentences  int
	}{{model.SectionSummary, 1, 2}, {model.SectionHeadline, 1, 1}, {model.SectionHeadlineRepeat, 1, 1}, {model.SectionDek, 1, 1}, {model.SectionBody, 10, 24}} {
		if paragraphs[c.section] != c.paragraphs || sentences[c.section] != c.sentences {
			t.Errorf("%s: %d paragraphs and %d sentences, want %d and %d", c.section, paragraphs[c.section], sentences[c.section], c.paragraphs, c.sentences)
		}
	}
	if l.Layout != model.LayoutDigest {
		t.Errorf("layout %s, want digest", l.Layout)
	}
}

// TestMayStart holds that no beginning of a boilerplate paragraph is passed by.
func TestMayStart(t *testing.T) {
	for _, start := range boilerplateStarts {
		for _, s := range []string{start, strings.ToUpper(start), start + "ed"} {
			if !mayStart(s) {
				t.Errorf("%q may not start", s)
			}
		}
	}
	if s := "The minister said"; mayStart(s) {
		t.Errorf("%q may start", s)
	}
}
