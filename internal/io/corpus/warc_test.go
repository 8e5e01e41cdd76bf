package corpus

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// warc returns a WARC record of a type, with further fields.
func warc(kind, fields, block string) string {
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: https://www.post.example/a\r\nWARC-Date: 2024-05-04T03:02:01Z\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n",
		kind, fields, len(block), block)
}

// response returns the record of an HTTP response.
func response(status, fields, body string) string {
	return warc("response", "Content-Type: application/http; msgtype=response\r\n", "HTTP/1.1 "+status+"\r\n"+fields+"\r\n"+body)
}

func TestWARC(t *testing.T) {
	const kind = "Content-Type: text/html; charset=utf-8\r\n"
	html := page("<title>Council backs the dockers again</title><meta name=date content=2024-05-02>", "<p>"+para)
	article := func(no int, date, warnings string) string {
		return fmt.Sprintf("%d post.example https://www.post.example/a %s %s %q", no, date, warnings, "Council backs the dockers again\n\n"+para)
	}
	dated := article(1, "2024-05-02T00:00:00Z", "[]")
	undated := strings.Replace(html, "2024-05-02", "", 1)
	wet := warc("conversion", "Content-Type: text/plain\r\nWARC-Identified-Content-Language: eng,deu\r\n", "The bus came.\n"+para+"\n")
	plain := func(no int) string {
		return fmt.Sprintf("%d post.example https://www.post.example/a 2024-05-04T03:02:01Z [crawl_date] %q", no, "The bus came.\n"+para+"\n")
	}
	good := response("200 OK", kind, html)
	chunked := fmt.Sprintf("%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", 100, html[:100], len(html)-100, html[100:])
	packed := string(gzipped(html))
	longer := strings.Replace(good, "Content-Length: ", "Content-Length: 9", 1)
	shorter := warc("response", "Content-Type: application/http\r\n", "HTTP/1.1 200 OK\r\n"+kind+"\r\n"+html)
	shorter = strings.Replace(shorter, fmt.Sprintf("Content-Length: %d", len(html)+len(kind)+19), "Content-Length: 300", 1)
	for _, v := range []struct{ name, file, data, want string }{
		{"response", "x.warc", good, dated},
		{"crawl date", "x.warc", response("200 OK", kind, undated), article(1, "2024-05-04T03:02:01Z", "[crawl_date]")},
		{"WET", "x.warc.wet", wet, plain(1)},
		{"members", "x.warc.gz", string(gzipped(warc("warcinfo", "", "software: x\r\n"))) + string(gzipped(good)) + string(gzipped(wet)),
			article(2, "2024-05-02T00:00:00Z", "[]") + "\n" + plain(3)},
		{"resource", "x.warc", warc("resource", kind, html), dated},
		{"no type named", "x.warc", response("200 OK", "", html), dated},
		{"chunked", "x.warc", response("200 OK", kind+"Transfer-Encoding: chunked\r\n", chunked), dated},
		{"gzip", "x.warc", response("200 OK", kind+"Content-Encoding: gzip\r\n", packed), dated},
		{"zstd", "x.warc", response("200 OK", kind+"Content-Encoding: zstd\r\n", string(zstandard(html))), dated},
		{"said to be gzip, and stored decoded", "x.warc", response("200 OK", kind+"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", html), dated},
		{"cut", "x.warc", warc("response", "WARC-Truncated: length\r\nContent-Type: application/http\r\n", "HTTP/1.1 200 OK\n"+kind+"\n"+html), article(1, "2024-05-02T00:00:00Z", "[truncated]")},
		{"others", "x.warc", response("404 Not Found", kind, html) + response("200 OK", "Content-Type: image/png\r\n", "\x89PNG") + warc("request", "", "GET /") + warc("revisit", "", "") + wet,
			plain(5) + "\n0 at 0 E_WARC_OTHER true"},
		{"no HTTP", "x.warc", warc("response", "Content-Type: application/http\r\n", "what?") + good, article(2, "2024-05-02T00:00:00Z", "[]") + "\n1 at 0 E_WARC_HTTP false"},
		{"DNS", "x.warc", warc("response", "Content-Type: text/dns\r\n", "20240504 post.example. 300 IN A 192.0.2.1"), "0 at 0 E_WARC_OTHER true"},
		{"junk before", "x.warc", "what is\nthis?\n" + good, article(2, "2024-05-02T00:00:00Z", "[]") + "\n1 at 0 E_WARC false"},
		{"no length", "x.warc", strings.Replace(good, "Content-Length: ", "Content-Length: -", 1) + good, article(2, "2024-05-02T00:00:00Z", "[]") + "\n1 at 0 E_WARC false"},
		{"two lengths", "x.warc", strings.Replace(good, "Content-Length: ", "Content-Length: 1\r\nContent-Length: ", 1) + good, article(2, "2024-05-02T00:00:00Z", "[]") + "\n1 at 0 E_WARC false"},
		{"length too large", "x.warc", longer + good + wet, article(2, "2024-05-02T00:00:00Z", "[]") + "\n" + plain(3) + "\n1 at 0 E_WARC false"},
		{"length too small", "x.warc", shorter + wet, plain(2) + "\n1 at 0 E_WARC false"},
		{"length beyond the limit", "x.warc", strings.Replace(wet, "Content-Length: ", "Content-Length: 999999999999", 1) + wet, "1 at 0 E_WARC_TRUNCATED false"},
		{"header not closed", "x.warc", "WARC/1.0\r\nWARC-Type: response\r\n" + wet, plain(2) + "\n1 at 0 E_WARC false"},
		{"long header", "x.warc", "WARC/1.0\r\nX: " + strings.Repeat("x", 100<<10) + "\r\n\r\n" + wet, plain(2) + "\n1 at 0 E_WARC false"},
		{"header cut", "x.warc", wet + "WARC/1.0\r\nWARC-Type: resp", plain(1) + fmt.Sprintf("\n2 at %d E_WARC_TRUNCATED false", len(wet))},
		{"content cut", "x.warc", wet + good[:len(good)-40], plain(1) + fmt.Sprintf("\n2 at %d E_WARC_TRUNCATED false", len(wet))},
		{"gzip cut", "x.warc.gz", string(gzipped(wet)) + string(gzipped(good)[:150]), plain(1) + fmt.Sprintf("\n2 at %d E_GZIP_TRUNCATED false", len(wet))},
		{"gzip junk", "x.warc.gz", string(gzipped(wet)) + "junk", plain(1) + fmt.Sprintf("\n2 at %d E_GZIP_JUNK true", len(wet))},
		{"nothing", "x.warc", "", ""},
	} {
		g := read(t, []string{write(t, v.file, []byte(v.data))}, Options{}, 1)
		var b strings.Builder
		for _, a := range g.articles {
			fmt.Fprintf(&b, "%d %s %s %s %v %q\n", a.Source.RecordNo, a.Outlet, a.URL, a.PublishedAt.Format("2006-01-02T15:04:05Z07:00"), a.Warnings, a.Text)
		}
		for _, r := range g.rejects {
			fmt.Fprintf(&b, "%d at %d %s %v\n", r.RecordNo, r.Offset, r.Code, r.Warning)
		}
		if got := strings.TrimSuffix(b.String(), "\n"); got != v.want {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", v.name, got, v.want)
		}
	}
}

// TestWARCLengths reads records whose lengths all reach to the end of the
// file: each is known to be wrong only there.
func TestWARCLengths(t *testing.T) {
	var b bytes.Buffer
	const n = 20000
	for range n {
		b.WriteString(strings.Replace(warc("conversion", "Content-Type: text/plain\r\n", para), fmt.Sprintf("Content-Length: %d", len(para)), "Content-Length: 100000000", 1))
	}
	g := read(t, []string{write(t, "x.warc", b.Bytes())}, Options{}, 1)
	if len(g.articles) != 0 || len(g.rejects) == 0 || g.rejects[len(g.rejects)-1].Warning {
		t.Errorf("%d articles, %d rejects", len(g.articles), len(g.rejects))
	}
}

func FuzzWARC(f *testing.F) {
	f.Add([]byte(response("200 OK", "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip, br\r\n", "5\r\nhello\r\n0\r\n\r\n")))
	f.Add([]byte(warc("conversion", "Content-Type: text/plain\r\n", para) + "WARC/1.1\r\n folded\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Open([]string{"-"}, Options{From: "warc", Stdin: bytes.NewReader(data), MaxRecord: 1 << 16})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range readCorpus(t, c, 1).articles {
			if !utf8.ValidString(a.Text) || !utf8.ValidString(a.URL) || a.ID == "" || int(a.BodyStart) > len(a.Text) {
				t.Errorf("article %+v", a)
			}
		}
	})
}
