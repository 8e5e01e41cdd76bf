package corpus

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// para is text enough to be taken for the body of an article.
const para = "The harbour council praised the dockers on Thursday, and it accused the port authority, which had promised more, of delay."

// page wraps a body into a page with a head.
func page(head, body string) string {
	return "<!DOCTYPE html><html lang=en_GB><head>" + head + "</head><body><nav><a href=/>Home</a></nav><article>" + body +
		"</article><script>if (a<b) { document.write('<p>no</p>') }</script><footer>All rights reserved</footer></body></html>"
}

func TestPages(t *testing.T) {
	body := "<h1>Council backs dockers</h1><p>" + para + "<p>It <b>asked</b> for an inquiry &amp; got none; “nobody came”, it said, and it would ask again.</p>"
	text := "Council backs dockers\n\n" + para + "\n\nIt asked for an inquiry & got none; “nobody came”, it said, and it would ask again."
	meta := "<title>Council backs dockers | Harbour Post</title><meta property='og:site_name' content='Harbour Post'>"
	latin, _ := charmap.Windows1252.NewEncoder().String(page("<meta charset=windows-1252>"+meta, body))
	wide, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(page(meta, body))
	linked := `<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Council backs dockers",` +
		`"datePublished":"2024-05-02T06:30:00+02:00","author":{"@type":"Person","name":"Ada Vane"}}</script>`
	for _, v := range []struct{ name, data, text, outlet, url, byline, date, warnings string }{
		{"UTF-8", page("<meta charset=utf-8>"+meta, body), text, "Harbour Post", "", "", noDate, "[]"},
		{"no encoding named", page(meta, body), text, "Harbour Post", "", "", noDate, "[]"},
		{"Windows-1252", latin, text, "Harbour Post", "", "", noDate, "[]"},
		{"UTF-16", wide, text, "Harbour Post", "", "", noDate, "[]"},
		{"BOM", "\ufeff" + page(meta, body), text, "Harbour Post", "", "", noDate, "[]"},
		{"invalid UTF-8", page("<meta charset=utf-8>"+meta, strings.Replace(body, "an inquiry", "an \xffinquiry", 1)), strings.Replace(text, "an inquiry", "an \ufffdinquiry", 1), "Harbour Post", "", "", noDate, "[invalid_utf8]"},
		{"JSON-LD", page(meta+linked, body), text, "Harbour Post", "", "Ada Vane", "2024-05-02T04:30:00Z", "[]"},
		{"address", page("<title>Council backs dockers</title><link rel=canonical href=https://www.post.example/a><meta name=date content=2024-05-02>", body), text, "post.example", "https://www.post.example/a", "", "2024-05-02T00:00:00Z", "[]"},
		{"bad date", page(meta+"<meta itemprop=datePublished content=soon>", body), text, "Harbour Post", "", "", noDate, "[bad_date]"},
		{"self-closing script", page(meta, body+"<script/>var x = '<p>more, and more, of what is no text';</script>"), text, "Harbour Post", "", "", noDate, "[]"},
		{"angles", page(meta, strings.Replace(body, "asked", "1 <<b>p class=x> 2 asked", 1)), strings.Replace(text, "asked", "1 <p class=x> 2 asked", 1), "Harbour Post", "", "", noDate, "[]"},
	} {
		g := read(t, []string{write(t, "x.html", []byte(v.data))}, Options{}, 1)
		if len(g.articles) != 1 {
			t.Errorf("%s: %s", v.name, g.summary())
			continue
		}
		a := g.articles[0]
		got := strings.Join([]string{a.Text, a.Outlet, a.URL, a.Byline, a.PublishedAt.Format("2006-01-02T15:04:05Z07:00"), "[" + strings.Join(a.Warnings, " ") + "]"}, "\n")
		if want := strings.Join([]string{v.text, v.outlet, v.url, v.byline, v.date, v.warnings}, "\n"); got != want || a.Lang != "en-GB" || a.Headline != "Council backs dockers" {
			t.Errorf("%s: %s, headline %q\ngot:\n%s\nwant:\n%s", v.name, a.Lang, a.Headline, got, want)
		}
	}
	for _, v := range []struct {
		name, data, code string
		strict           bool
	}{
		{"nothing", "<title>x</title><script>a</script>", "E_NO_TEXT", false},
		{"PDF", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "E_BINARY", false},
		{"strict", page("<meta charset=utf-8>", "<p>\xff"+para), "E_UTF8", true},
		{"many elements", strings.Repeat("<p>x", maxElements+1), "E_TOO_LONG", false},
		{"deep", strings.Repeat("<div>", 600) + para, "E_HTML", false},
		{"deep and long", strings.Repeat("<div>", 400) + strings.Repeat(para, 3000), "E_TOO_LONG", false},
		{"long", strings.Repeat(para, maxPage/len(para)+1), "E_TOO_LONG", false},
	} {
		g := read(t, []string{write(t, "x.htm", []byte(v.data))}, Options{StrictUTF8: v.strict}, 1)
		if len(g.articles) != 0 || len(g.rejects) != 1 || g.rejects[0].Code != v.code {
			t.Errorf("%s: want %s, got\n%s", v.name, v.code, g.summary())
		}
	}
	if g := read(t, []string{write(t, "x.html", nil)}, Options{}, 1); g.records != 0 {
		t.Errorf("an empty page gave %s", g.summary())
	}
}

// TestUnclosed opens formatting elements that are never closed, of which the
// parser would open every one again in each block.
func TestUnclosed(t *testing.T) {
	data := page("", strings.Repeat("<b class=x><i><font color=y>", 400)+strings.Repeat("<p>"+para+"</p>", 2000))
	g := read(t, []string{write(t, "x.html", []byte(data))}, Options{}, 1)
	if len(g.articles) != 1 || strings.Count(g.articles[0].Text, para) != 2000 {
		t.Errorf("%d articles, rejects %+v", len(g.articles), g.rejects)
	}
}

func FuzzPages(f *testing.F) {
	f.Add([]byte(page("<title>x</title>", "<p>"+para)))
	f.Add([]byte("<svg><style><p a=\"</style>x\"></svg><script type=application/ld+json>{\"@context\":1}</script><table><a><td><a>"))
	f.Add([]byte("\xff\xfe<\x00p\x00>\x00"))
	c, err := Open([]string{"-"}, Options{From: "html"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := newDecoder(c, nil)
		if ft := d.page(data, "text/html", ""); ft != nil {
			return
		}
		if v := d.rec.values[roleText]; !utf8.Valid(v.raw) || v.blank() {
			t.Errorf("text %q", v.raw)
		}
	})
}
