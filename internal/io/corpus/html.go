package corpus

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/language"

	"stance/internal/model"
)

// What a page may cost. The parser's tree takes many times the bytes of a
// page, and the search for its article grows faster than the page.
const (
	maxPage     = 8 << 20 // bytes
	maxElements = 60_000
	maxLinkData = 1 << 20 // bytes of one block of JSON-LD
	maxTitle    = 4 << 10 // bytes
	maxNesting  = 100e6   // bytes of text, each as often as elements hold it
)

// htmlFile reads one page as one article.
func (d *decoder) htmlFile(s *stream) error {
	src := model.Source{Path: d.f.path, RecordNo: 1, Line: 1}
	data := d.wholeFile(s, s, maxPage, src)
	if data == nil {
		return nil
	}
	if ft := d.page(data, "text/html", ""); ft != nil {
		d.reject(src, *ft, data)
	} else {
		d.add(src, data)
	}
	return nil
}

// page gathers what a page holds into d.rec. Address is where it was fetched,
// "" when that is not known.
func (d *decoder) page(data []byte, contentType, address string) (ft *fault) {
	d.rec.reset()
	text, ft := d.decode(data, contentType)
	if ft != nil {
		return ft
	}
	p, ft := prune(text)
	if ft != nil {
		return ft
	}
	defer func() {
		if r := recover(); r != nil {
			ft = &fault{code: "E_HTML", message: fmt.Sprintf("the page cannot be read: %v", r)}
		}
	}()
	tree, err := html.Parse(bytes.NewReader(p.html))
	if err != nil {
		return &fault{code: "E_HTML", message: "the page cannot be read: " + strings.TrimPrefix(err.Error(), "html: ")}
	}
	if nesting(tree, 0) > maxNesting {
		return &fault{code: "E_TOO_LONG", message: "the page is nested too deeply for the length of its text"}
	}
	parser := readability.NewParser()
	parser.Logger = slog.New(slog.DiscardHandler)
	a, err := parser.ParseAndMutate(tree, nil)
	if err != nil {
		return &fault{code: "E_HTML", message: "the page cannot be read: " + err.Error()}
	}
	var body strings.Builder
	if a.Node != nil {
		if err := a.RenderText(&body); err != nil {
			return &fault{code: "E_HTML", message: "the page cannot be read: " + err.Error()}
		}
	}
	if strings.TrimSpace(body.String()) == "" {
		return &fault{code: "E_NO_TEXT", message: "no article is found on the page"}
	}
	address = cmp.Or(address, p.address)
	d.set(roleText, strings.TrimSpace(body.String()))
	d.set(roleHeadline, headlineOf(a.Title(), a.SiteName()))
	d.set(roleByline, a.Byline())
	d.set(roleURL, address)
	d.set(roleOutlet, cmp.Or(a.SiteName(), hostOf(address)))
	d.set(roleLang, languageOf(a.Language()))
	if t, err := a.PublishedTime(); err == nil {
		if t, ok := absolute(t); ok {
			d.set(roleDate, t.Format(time.RFC3339Nano))
		}
	}
	d.set(roleDate, p.date) // where the metadata have none
	return nil
}

// nesting returns the text below a node in bytes, each byte counted as often
// as elements hold it: the search for the article reads it that often.
func nesting(n *html.Node, depth int) (cost int) {
	if n.Type == html.TextNode {
		return depth * len(n.Data)
	}
	for c := range n.ChildNodes() {
		cost += nesting(c, depth+1)
	}
	return cost
}

// set gives d.rec the value of a role, unless it is blank or there is one.
func (d *decoder) set(r role, s string) {
	if s = strings.TrimSpace(s); s != "" {
		d.rec.set(rank{role: r}, value{raw: []byte(s)})
	}
}

// decode returns a page or a text from the web as UTF-8, by its byte order
// mark, its content type, what it says of itself, or else its bytes.
func (d *decoder) decode(data []byte, contentType string) ([]byte, *fault) {
	enc, name, certain := charset.DetermineEncoding(data, contentType)
	if name == "utf-8" || !certain && utf8.Valid(data) {
		data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
		if !utf8.Valid(data) {
			if d.c.opts.StrictUTF8 {
				return nil, &fault{code: "E_UTF8", message: "invalid UTF-8"}
			}
			data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
			d.rec.warn("invalid_utf8")
		}
	} else {
		var err error
		if data, err = enc.NewDecoder().Bytes(data); err != nil {
			return nil, &fault{code: "E_ENCODING", message: "is not in the encoding " + name + " that it names"}
		}
	}
	return data, notText(data)
}

// pruned is a page without what its article does not need.
type pruned struct {
	html    []byte
	address string // what the page says its address is
	date    string // of publishing, from where the metadata of most pages are not
}

// Elements of a page by what becomes of them. Formatting elements are left
// out since unclosed ones are opened again in every block, which makes a tree
// of any size from a small page; all others not named here are, too, and in
// both cases what they hold is kept.
var (
	kept = atoms(atom.Html, atom.Head, atom.Body, atom.Title, atom.Meta, atom.Div, atom.P, atom.Article, atom.Section, atom.Main, atom.Header,
		atom.Footer, atom.Aside, atom.Nav, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd,
		atom.Blockquote, atom.Pre, atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Caption, atom.Figure,
		atom.Figcaption, atom.Img, atom.Br, atom.Hr, atom.A, atom.Span, atom.Time, atom.Address, atom.Details, atom.Summary, atom.Form, atom.Fieldset,
		atom.Input, atom.Button, atom.Center)
	dropped = atoms(atom.Script, atom.Style, atom.Svg, atom.Math, atom.Noscript, atom.Iframe, atom.Template, atom.Select, atom.Textarea, atom.Object,
		atom.Canvas, atom.Video, atom.Audio, atom.Noembed, atom.Noframes, atom.Xmp, atom.Map)
	void           = atoms(atom.Meta, atom.Img, atom.Br, atom.Hr, atom.Input)
	keptAttributes = []string{"class", "id", "rel", "href", "name", "property", "itemprop", "itemtype", "content", "datetime", "role", "lang",
		"style", "hidden", "aria-hidden", "aria-modal", "type", "colspan", "rowspan"}
	dateNames = []string{"date", "pubdate", "publishdate", "publish-date", "dc.date", "dc.date.issued", "dcterms.date", "dcterms.created",
		"datepublished", "sailthru.date", "article.published", "og:published_time"}
)

func atoms(as ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(as))
	for _, a := range as {
		m[a] = true
	}
	return m
}

// prune returns a page as its article needs it: elements that hold none of it
// are gone, few attributes stay, and the number of elements is bounded.
func prune(data []byte) (p pruned, ft *fault) {
	out := bytes.NewBuffer(make([]byte, 0, len(data)/2))
	out.WriteString("<!DOCTYPE html>")
	var inside atom.Atom // the element that is being left out
	depth, elements, title := 0, 0, false
	z := html.NewTokenizer(bytes.NewReader(data))
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			p.html = out.Bytes()
			if z.Err() != io.EOF {
				return p, &fault{code: "E_HTML", message: "the page cannot be read: " + z.Err().Error()}
			}
			return p, nil
		case html.TextToken:
			if text := z.Text(); inside == 0 && (!title || len(text) <= maxTitle) {
				out.WriteString(html.EscapeString(string(text)))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			title = false
			switch {
			case inside != 0 && tag == inside:
				if depth--; depth == 0 {
					inside = 0
				}
			case inside == 0 && kept[tag]:
				out.WriteString("</" + tag.String() + ">")
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if elements++; elements > maxElements {
				return p, &fault{code: "E_TOO_LONG", message: fmt.Sprintf("the page has more than %d elements", maxElements)}
			}
			name, more := z.TagName()
			tag := atom.Lookup(name)
			title = tag == atom.Title
			switch {
			case inside != 0:
				if tag == inside && kind == html.StartTagToken {
					depth++
				}
				continue
			case dropped[tag] && (kind == html.StartTagToken || tag != atom.Svg && tag != atom.Math):
				if tag != atom.Script || !linkData(z, out, more) {
					inside, depth = tag, 1
				}
				continue
			case tag == atom.Link:
				p.attributes(z, nil, tag, more)
				continue
			case !kept[tag]:
				continue
			}
			out.WriteString("<" + tag.String())
			p.attributes(z, out, tag, more)
			out.WriteByte('>')
			if kind == html.SelfClosingTagToken && !void[tag] {
				out.WriteString("</" + tag.String() + ">")
			}
		}
	}
}

// linkData copies a script element that holds JSON-LD, where outlets put the
// metadata of an article, and reports whether it is one. Then it is read to
// its end.
func linkData(z *html.Tokenizer, out *bytes.Buffer, more bool) bool {
	is := false
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		is = is || string(k) == "type" && strings.EqualFold(strings.TrimSpace(string(v)), "application/ld+json")
	}
	if !is {
		return false
	}
	if z.Next() == html.TextToken {
		// A comment could hide the end of the script from the parser.
		if raw := z.Raw(); len(raw) <= maxLinkData && !bytes.Contains(raw, []byte("<!--")) {
			fmt.Fprintf(out, `<script type="application/ld+json">%s</script>`, raw)
		}
		z.Next()
	}
	return true
}

// attributes writes the attributes of a tag that are kept to out, unless it
// is nil, and notes the address and date that they tell.
func (p *pruned) attributes(z *html.Tokenizer, out *bytes.Buffer, tag atom.Atom, more bool) {
	var name, content, rel, href, datetime string
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		key := string(k)
		if len(v) > 4<<10 || !slices.Contains(keptAttributes, key) {
			continue
		}
		value := string(v)
		switch key {
		case "name", "property", "itemprop":
			name = cmp.Or(name, strings.ToLower(value))
		case "content":
			content = value
		case "rel":
			rel = value
		case "href":
			href = value
		case "datetime":
			datetime = value
		}
		if out != nil {
			fmt.Fprintf(out, ` %s="%s"`, key, html.EscapeString(value))
		}
	}
	switch {
	case tag == atom.Link && strings.EqualFold(rel, "canonical") && isWeb(href):
		p.address = href
	case tag == atom.Meta && name == "og:url" && p.address == "" && isWeb(content):
		p.address = content
	case p.date == "" && slices.Contains(dateNames, name):
		p.date = cmp.Or(content, datetime)
	}
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}

// headlineOf returns the title of a page without the name of its site, which
// is left at the end of short ones.
func headlineOf(title, site string) string {
	if head, ok := strings.CutSuffix(title, site); ok && site != "" {
		for _, sep := range []string{" | ", " - ", " – ", " — "} {
			if head, ok := strings.CutSuffix(head, sep); ok {
				return head
			}
		}
	}
	return title
}

// hostOf returns the host of an address without "www.", "" when it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// languageOf returns a language tag as BCP 47 has it, "" for what is none.
func languageOf(s string) string {
	t, err := language.Parse(strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	return t.String()
}
