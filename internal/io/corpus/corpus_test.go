package corpus

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/zstd"

	"stance/internal/model"
)

// got is what a corpus gave, in the order of its sources.
type got struct {
	articles []model.Article
	rejects  []model.Reject
	records  int64
	skipped  int64
}

func read(t testing.TB, inputs []string, o Options, workers int) got {
	t.Helper()
	c, err := Open(inputs, o)
	if err != nil {
		t.Fatal(err)
	}
	return readCorpus(t, c, workers)
}

func readCorpus(t testing.TB, c *Corpus, workers int) got {
	t.Helper()
	var g got
	var mu sync.Mutex
	err := c.Read(context.Background(), workers, func(b *model.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		g.articles = append(g.articles, b.Articles...)
		g.rejects = append(g.rejects, b.Rejects...)
		g.records += b.Records
		g.skipped += b.Skipped
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	bySource := func(a, b model.Source) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.RecordNo, b.RecordNo))
	}
	slices.SortFunc(g.articles, func(a, b model.Article) int { return bySource(a.Source, b.Source) })
	slices.SortFunc(g.rejects, func(a, b model.Reject) int { return bySource(a.Source, b.Source) })
	lost := int64(0)
	for _, r := range g.rejects {
		if !r.Warning {
			lost++
		}
	}
	if g.records != int64(len(g.articles))+lost {
		t.Errorf("%d records, but %d articles and %d rejects", g.records, len(g.articles), lost)
	}
	return g
}

// summary shows articles and rejects in short.
func (g got) summary() string {
	var b strings.Builder
	for _, a := range g.articles {
		fmt.Fprintf(&b, "%s:%d %s %q %q %s %v\n", filepath.Base(a.Source.Path), a.Source.RecordNo, a.ID, a.Outlet, a.Text, a.PublishedAt.Format(time.RFC3339), a.Warnings)
	}
	for _, r := range g.rejects {
		fmt.Fprintf(&b, "%s:%d line %d at %d %s %s\n", filepath.Base(r.Path), r.RecordNo, r.Line, r.Offset, r.Code, r.ArticleID)
	}
	return b.String()
}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func gzipped(data string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, data)
	w.Close()
	return b.Bytes()
}

func zstandard(data string) []byte {
	w, _ := zstd.NewWriter(nil)
	return w.EncodeAll([]byte(data), nil)
}

// bzipped is {"id":"a","text":"One."} and a line end.
const bzipped = "BZh91AY&SY5\xec\xc4&\x00\x00\v\xdd\x80\x00\x10\x10\x05\x00\x10\x00\x00\xa6!\x04J \x001L\x00\x00\xd4\xc83Q\x9a\x8a(\xc8RO\x98\n\xb3\x9bO\xc4\xff\x17rE8P\x905\xec\xc4&"

const noDate = "0001-01-01T00:00:00Z"

func TestRecords(t *testing.T) {
	const a = `{"id":"a","text":"One."}`
	for _, v := range []struct{ file, data, want string }{
		{"x.jsonl", `{"id":"a","source":"S","date":"2024-03-05","title":" Head\nline ","text":"Body."}`,
			`x.jsonl:1 a "S" "Head line\n\nBody." 2024-03-05T00:00:00Z []` + "\n"},
		{"x.jsonl", `{"id":12345678901234567890123,"outlet":"O","source":"S","body":"B","published_at":"2024-03-05T07:08:09+02:00"}`,
			`x.jsonl:1 12345678901234567890123 "O" "B" 2024-03-05T05:08:09Z []` + "\n"},
		{"x.jsonl", `{"id":"a","Text":"no","text":"","content":"yes","date":"soon"}`, `x.jsonl:1 a "" "yes" ` + noDate + " [bad_date]\n"},
		{"x.jsonl", "\ufeff" + a + "\r\n\r\n" + a + "\n", `x.jsonl:1 a "" "One." ` + noDate + " []\n" + `x.jsonl:3 a "" "One." ` + noDate + " []\n"},
		{"x.jsonl", `{"id":"a","text":"` + "\xff" + `b\u00e9\ud800"}`, `x.jsonl:1 a "" "` + "\ufffdb\u00e9\ufffd" + `" ` + noDate + " [invalid_utf8]\n"},
		{"x.jsonl", a + "\n" + `{"id":"b","text":"x","text":"y"}` + "\n{\n" + `{"id":"c"}` + "\n" + `{"id":"d","text":" "}` + "\n[1]\n" + `{"id":"e","text":["x"]}` + "\n" + `{"id":"f","text":"x"} {}`,
			`x.jsonl:1 a "" "One." ` + noDate + " []\nx.jsonl:2 line 2 at 25 E_DUP_KEY b\nx.jsonl:3 line 3 at 58 E_JSON \nx.jsonl:4 line 4 at 60 E_NO_TEXT c\nx.jsonl:5 line 5 at 71 E_EMPTY_TEXT d\nx.jsonl:6 line 6 at 93 E_TYPE \nx.jsonl:7 line 7 at 97 E_TYPE e\nx.jsonl:8 line 8 at 121 E_JSON f\n"},
		{"x.jsonl", `{"id":"a","more":1,"text":"One.","more":{"k":1,"k":2}}` + "\n" + `{"id":"b","te\u0078t":"x","text":"y"}`,
			`x.jsonl:1 a "" "One." ` + noDate + " []\nx.jsonl:2 line 2 at 55 E_DUP_KEY b\n"},
		{"x.jsonl", "", ""},
		{"x.jsonl.gz", string(gzipped(a)), `x.jsonl.gz:1 a "" "One." ` + noDate + " []\n"},
		{"x.jsonl.zst", string(zstandard(a)), `x.jsonl.zst:1 a "" "One." ` + noDate + " []\n"},
		{"x.jsonl.gz", string(gzipped(a+"\n")) + string(gzipped(a)), `x.jsonl.gz:1 a "" "One." ` + noDate + " []\n" + `x.jsonl.gz:2 a "" "One." ` + noDate + " []\n"},
		{"x.jsonl.gz", string(gzipped(a)) + "junk", `x.jsonl.gz:1 a "" "One." ` + noDate + " []\nx.jsonl.gz:1 line 1 at 24 E_GZIP_JUNK \n"},
		{"x.jsonl.gz", "", "x.jsonl.gz:1 line 1 at 0 E_EMPTY \n"},
		{"x.jsonl.gz", "plain text, no gzip", "x.jsonl.gz:1 line 1 at 0 E_GZIP \n"},
		{"x.txt", "One.\r\nTwo.\n", `x.txt:1 2f4c6fae8c8a8a5b "" "One.\r\nTwo.\n" ` + noDate + " []\n"},
		{"x.txt", "", ""},
		{"x.txt", " \n", "x.txt:1 line 1 at 0 E_EMPTY_TEXT \n"},
		{"x.txt", "a\x00b", "x.txt:1 line 1 at 0 E_BINARY \n"},
		{"x.txt", "%PDF-1.4 and what follows in such a file", "x.txt:1 line 1 at 0 E_BINARY \n"},
		{"x.csv", "\x89PNG\x0d\x0a\x1a\x0aIHDR", "x.csv:1 line 0 at 0 E_BINARY \n"},
		{"x.jsonl", "\x1f\x8b\x08\x00\x00\x00", "x.jsonl:1 line 1 at 0 E_BINARY \n"},
		{"x.jsonl", `{"id":"a","title":"A\u0000","text":"B\u0000."}`, `x.jsonl:1 a "" "A` + "\ufffd\\n\\nB\ufffd." + `" ` + noDate + " [nul]\n"},
		{"x.jsonl.zst", string(zstandard(a)) + "junk", `x.jsonl.zst:1 a "" "One." ` + noDate + " []\nx.jsonl.zst:1 line 1 at 24 E_ZSTD_JUNK \n"},
		{"x.jsonl.bz2", bzipped, `x.jsonl.bz2:1 a "" "One." ` + noDate + " []\n"},
		{"x.jsonl.bz2", bzipped + "junk", `x.jsonl.bz2:1 a "" "One." ` + noDate + " []\nx.jsonl.bz2:2 line 2 at 25 E_BZIP2_JUNK \n"},
		{"x.csv.bz2", bzipped[:30], "x.csv.bz2:1 line 0 at 0 E_BZIP2_TRUNCATED \n"},
		{"x.jsonl.zst", "", "x.jsonl.zst:1 line 1 at 0 E_EMPTY \n"},
		{"x.parquet", "", "x.parquet:1 line 0 at 0 E_EMPTY \n"},
		{"x.json", "[" + a + ",\n " + a + "]", `x.json:1 a "" "One." ` + noDate + " []\n" + `x.json:2 a "" "One." ` + noDate + " []\n"},
		{"x.json", "[" + a + ", {bad}, " + a + "]x", `x.json:1 a "" "One." ` + noDate + " []\n" + `x.json:3 a "" "One." ` + noDate + " []\nx.json:2 line 1 at 27 E_JSON \nx.json:4 line 1 at 59 E_JSON \n"},
		{"x.json", a + "\n" + a, `x.json:1 a "" "One." ` + noDate + " []\n" + `x.json:2 a "" "One." ` + noDate + " []\n"},
		{"x.json", "[" + a, `x.json:1 a "" "One." ` + noDate + " []\nx.json:2 line 1 at 25 E_JSON \n"},
		{"x.json", "[]", ""},
		{"x.csv", "id,text,date\na,One.,2024-01-02\n\"b\",\"Two, \"\"2\"\"\r\nlines\",\n", `x.csv:1 a "" "One." 2024-01-02T00:00:00Z []` + "\n" + `x.csv:2 b "" "Two, \"2\"\r\nlines" ` + noDate + " []\n"},
		{"x.csv", "id;text\ra;One.\rb;Two\r", `x.csv:1 a "" "One." ` + noDate + " []\n" + `x.csv:2 b "" "Two" ` + noDate + " []\n"},
		{"x.csv", "id,text\n\"a,One\nb,Two\nc,\"Three\"x\nd,Four,5\ne,Five", `x.csv:2 b "" "Two" ` + noDate + " []\n" + `x.csv:5 e "" "Five" ` + noDate + " []\nx.csv:1 line 2 at 8 E_CSV \nx.csv:3 line 4 at 21 E_CSV \nx.csv:4 line 5 at 32 E_CSV_COLUMNS \n"},
		{"x.tsv", "id\ttext\na\tOne, \"two\"\n", `x.tsv:1 a "" "One, \"two\"" ` + noDate + " []\n"},
		{"x.csv", "id,date\na,b\n", "x.csv:1 line 2 at 8 E_NO_TEXT \n"},
		{"x.parquet", "PAR1", "x.parquet:1 line 0 at 0 E_DAMAGED \n"},
		{"x.arrow", "ARROW1\x00\x00", "x.arrow:1 line 0 at 0 E_DAMAGED \n"},
	} {
		if v.file == "x.txt" && strings.HasPrefix(v.data, "One") {
			v.want = strings.Replace(v.want, "2f4c6fae8c8a8a5b", read(t, []string{write(t, v.file, []byte(v.data))}, Options{}, 1).articles[0].ID, 1)
		}
		if g := read(t, []string{write(t, v.file, []byte(v.data))}, Options{}, 2).summary(); g != v.want {
			t.Errorf("%s %.200q\ngot:\n%swant:\n%s", v.file, v.data, g, v.want)
		}
	}
}

// A JSON string is read as the library reads it.
func TestUnquotedIsWhatTheLibraryGives(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	pieces := []string{`\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t`, `\u0041`, `\u00e9`, `\u00E9`, `\ufffd`, `\ud83d\ude00`, `\uDBFF\uDFFF`, `\u0000`, "a", "é", "word ", "😀"}
	for range 2000 {
		s := ""
		for range rng.IntN(8) {
			s += pieces[rng.IntN(len(pieces))]
		}
		want, err := jsontext.AppendUnquote(nil, `"`+s+`"`)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if got := appendUnquoted([]byte("x"), []byte(s)); string(got) != "x"+string(want) {
			t.Errorf("%s: %q, the library reads %q", s, got[1:], want)
		}
	}
}

func TestUTF16(t *testing.T) {
	data := []byte{0xff, 0xfe}
	for _, r := range "Köln. 日本." {
		data = append(data, byte(r), byte(r>>8))
	}
	if g := read(t, []string{write(t, "x.txt", data)}, Options{}, 1); len(g.articles) != 1 || g.articles[0].Text != "Köln. 日本." {
		t.Error(g.summary())
	}
}

func TestOptions(t *testing.T) {
	var lines strings.Builder
	for i := range 40 {
		fmt.Fprintf(&lines, `{"id":"a%d","txt":"Text %d","date":"2024-01-%02d"}`+"\n", i, i, 1+i%28)
	}
	lines.WriteString(`{"id":"undated","txt":"Text"}` + "\n")
	in := []string{write(t, "x.jsonl", []byte(lines.String()))}
	fields := map[string]string{"text": "txt"}
	if g := read(t, in, Options{Fields: fields, Limit: 7}, 4); len(g.articles) != 7 {
		t.Errorf("limit: %d articles", len(g.articles))
	}
	day := func(d int) time.Time { return time.Date(2024, 1, d, 0, 0, 0, 0, time.UTC) }
	if g := read(t, in, Options{Fields: fields, Since: day(3), Until: day(5)}, 2); len(g.articles) != 4 || g.skipped != 37 {
		t.Errorf("dates: %d articles, %d skipped", len(g.articles), g.skipped)
	}
	all := 0
	for i := 1; i <= 3; i++ {
		all += len(read(t, in, Options{Fields: fields, Shard: i, Shards: 3}, 2).articles)
	}
	if all != 41 {
		t.Errorf("shards hold %d articles", all)
	}
	c, err := Open([]string{"-"}, Options{From: "jsonl", Fields: fields, Stdin: strings.NewReader(lines.String())})
	if err != nil {
		t.Fatal(err)
	}
	if g := readCorpus(t, c, 1); len(g.articles) != 41 || g.articles[0].Source.Path != "-" {
		t.Error("stdin:", g.summary())
	}
	if in := c.Inputs(); len(in) != 1 || in[0].Bytes != int64(lines.Len()) || in[0].Records != 41 || len(in[0].SHA256) != 64 {
		t.Errorf("inputs %+v", in)
	}
	bad := write(t, "u.jsonl", []byte("{\"text\":\"\xff\"}\n"))
	if g := read(t, []string{bad}, Options{StrictUTF8: true}, 1); len(g.rejects) != 1 || g.rejects[0].Code != "E_UTF8" {
		t.Error("strict:", g.summary())
	}
	nul := write(t, "n.txt", []byte("The bus\x00 came, and it went, and it came again."))
	if g := read(t, []string{nul}, Options{StrictUTF8: true}, 1); len(g.rejects) != 1 || g.rejects[0].Code != "E_UTF8" {
		t.Error("strict, NUL:", g.summary())
	}
	// An ending in --from may name the compression, too.
	packed := write(t, "odd.name", gzipped(lines.String()))
	if g := read(t, []string{packed}, Options{Fields: fields, From: "jsonl.gz"}, 1); len(g.articles) != 41 {
		t.Error("jsonl.gz:", len(g.articles), g.rejects)
	}
	for _, o := range []Options{{From: "docx"}, {Fields: map[string]string{"colour": "x"}}, {Shard: 4, Shards: 3}, {Limit: -1}} {
		if _, err := Open(in, o); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := Open([]string{"-"}, Options{}); !errors.Is(err, ErrOptions) {
		t.Errorf("stdin without a format: %v", err)
	}
	for _, missing := range []string{"/no/such/file.txt", filepath.Join(t.TempDir(), "*.txt"), t.TempDir()} {
		if _, err := Open([]string{missing}, Options{}); !errors.Is(err, ErrInputMissing) {
			t.Errorf("%s: %v", missing, err)
		}
	}
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.txt", "a/x.txt", "a/y.jsonl", "a/README.md"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(`{"text":"A text."}`), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink(dir, filepath.Join(dir, "a/loop")), syscall.Mkfifo(filepath.Join(dir, "fifo.txt"), 0o666)); err != nil {
		t.Skip("links or pipes cannot be made here:", err)
	}
	c, err := Open([]string{dir, filepath.Join(dir, "b.txt"), filepath.Join(dir, "*.txt")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Ignored() != 3 {
		t.Errorf("%d files ignored", c.Ignored())
	}
	g := readCorpus(t, c, 3)
	if len(g.articles) != 3 || len(g.rejects) != 1 || g.rejects[0].Code != "E_NOT_REGULAR" {
		t.Error(g.summary())
	}
	gone := filepath.Join(dir, "b.txt")
	if c, err = Open([]string{dir}, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	if g := readCorpus(t, c, 1); len(g.articles) != 2 || len(g.rejects) != 1 || g.rejects[0].Code != "E_OPEN" {
		t.Error(g.summary())
	}
}

func TestTruncatedGzip(t *testing.T) {
	var lines strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&lines, `{"id":"a%d","text":"Text %d %x"}`+"\n", i, i, i*i*7919)
	}
	whole := gzipped(lines.String())
	g := read(t, []string{write(t, "x.jsonl.gz", whole[:len(whole)/2])}, Options{}, 2)
	if len(g.rejects) != 1 || g.rejects[0].Code != "E_GZIP_TRUNCATED" || len(g.articles) < 1000 || int64(len(g.articles))+1 != g.rejects[0].Line {
		t.Errorf("%d articles, rejects %+v", len(g.articles), g.rejects)
	}
}

// TestChanging changes a file while it is read.
func TestChanging(t *testing.T) {
	line := `{"text":"A text that is read while the file grows."}` + "\n"
	for _, name := range []string{"x.jsonl", "x.csv"} {
		in := write(t, name, []byte("text\n"+strings.Repeat(line, 200_000)))
		c, err := Open([]string{in}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var once sync.Once
		var rejects []model.Reject
		if err := c.Read(context.Background(), 1, func(b *model.Batch) error {
			once.Do(func() {
				f, err := os.OpenFile(in, os.O_WRONLY|os.O_APPEND, 0)
				if err != nil {
					t.Error(err)
					return
				}
				f.WriteString(line)
				f.Close()
			})
			rejects = append(rejects, b.Rejects...)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if n := len(rejects); n == 0 || rejects[n-1].Code != "E_CHANGED" || rejects[n-1].Warning {
			t.Errorf("%s: %d rejects, the last of which should be E_CHANGED", name, n)
		}
	}
	in := write(t, "x.txt", []byte("A text."))
	s, err := openStream(&file{path: in, open: in, format: formatText}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(in, 3); err != nil {
		t.Fatal(err)
	}
	if ft := s.changed(); ft == nil {
		t.Error("a file that was cut counts as unchanged")
	}
}

func TestDevices(t *testing.T) {
	for _, device := range []string{"/dev/zero", "/dev/null"} {
		if st, err := os.Stat(device); err != nil || st.Mode().IsRegular() {
			t.Skip("no devices here")
		}
		if g := read(t, []string{device}, Options{From: "jsonl"}, 1); len(g.rejects) != 1 || g.rejects[0].Code != "E_NOT_REGULAR" {
			t.Error(g.summary())
		}
	}
	pipe := filepath.Join(t.TempDir(), "x.jsonl")
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Skip("pipes cannot be made here:", err)
	}
	if g := read(t, []string{pipe}, Options{}, 1); len(g.rejects) != 1 || g.rejects[0].Code != "E_NOT_REGULAR" {
		t.Error(g.summary())
	}
	loop := filepath.Join(t.TempDir(), "x.txt")
	if err := os.Symlink(loop, loop); err != nil {
		t.Skip("links cannot be made here:", err)
	}
	if g := read(t, []string{loop}, Options{}, 1); len(g.rejects) != 1 || g.rejects[0].Code != "E_OPEN" {
		t.Error(g.summary())
	}
}

// zeros is a long line without its end.
type zeros struct{ left int64 }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), z.left))
	for i := range p[:n] {
		p[i] = 'x'
	}
	z.left -= int64(n)
	return n, nil
}

// TestLongRecord reads a record far over the limit between two good ones, in
// each format that has records.
func TestLongRecord(t *testing.T) {
	const long = 64 << 20
	for _, v := range []struct{ from, before, start, end, after string }{
		{"jsonl", `{"id":"a","text":"A"}` + "\n", `{"id":"b","text":"`, "\"}\n", `{"id":"c","text":"C"}` + "\n"},
		{"json", `[{"id":"a","text":"A"},`, `{"id":"b","text":"`, `"},`, `{"id":"c","text":"C"}]`},
		{"csv", "id,text\na,A\n", "b,", "\n", "c,C\n"},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		in := io.MultiReader(strings.NewReader(v.before+v.start), &zeros{long}, strings.NewReader(v.end+v.after))
		c, err := Open([]string{"-"}, Options{From: v.from, Stdin: in, MaxRecord: 4 << 20})
		if err != nil {
			t.Fatal(err)
		}
		g := readCorpus(t, c, 1)
		runtime.ReadMemStats(&after)
		if len(g.articles) != 2 || g.articles[1].ID != "c" || len(g.rejects) != 1 || g.rejects[0].Code != "E_TOO_LONG" || len(g.rejects[0].RawHead) > model.RawHeadMax {
			t.Errorf("%s: %d articles, rejects %d", v.from, len(g.articles), len(g.rejects))
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 32<<20 {
			t.Errorf("%s: %d MB allocated for a limit of 4 MB", v.from, n>>20)
		}
	}
}

func TestDates(t *testing.T) {
	t.Setenv("TZ", "America/New_York")
	for _, v := range []struct{ in, want string }{
		{"2024-03-05", "2024-03-05T00:00:00Z"}, {"2024-03-05T06:07:08Z", "2024-03-05T06:07:08Z"}, {"2024-03-05T06:07:08.123456789-05:00", "2024-03-05T11:07:08Z"},
		{"2024-03-05 06:07:08", "2024-03-05T06:07:08Z"}, {"Tue, 05 Mar 2024 06:07:08 GMT", "2024-03-05T06:07:08Z"}, {"Tue, 5 Mar 2024 06:07:08 EST", "2024-03-05T11:07:08Z"},
		{"Tue, 05 Mar 2024 06:07:08 +0100", "2024-03-05T05:07:08Z"}, {"March 5, 2024", "2024-03-05T00:00:00Z"}, {"5 March 2024", "2024-03-05T00:00:00Z"}, {"20240305", "2024-03-05T00:00:00Z"},
		{" 2024/03/05 ", "2024-03-05T00:00:00Z"}, {"yesterday", ""}, {"2024-13-05", ""}, {"2024-02-30", ""}, {"Tue, 5 Mar 2024 06:07:08 XYZ", ""}, {"", ""}, {strings.Repeat("2", 100), ""},
	} {
		got, ok := parseDate(v.in)
		if ok != (v.want != "") || ok && got.Format(time.RFC3339) != v.want {
			t.Errorf("%q: %v %v, want %s", v.in, got, ok, v.want)
		}
	}
	for _, v := range []struct{ path, want string }{
		{"a/2024-03-05_x.txt", "2024-03-05"}, {"2024-03-05.txt", "2024-03-05"}, {"x-2024-03-05.txt.gz", "2024-03-05"}, {"2024-03-05_2023-01-02.txt", "2024-03-05"},
		{"2024-13-05_x.txt", ""}, {"12024-03-05.txt", ""}, {"2024-03-051.txt", ""}, {"x-2024-03-05-y.txt", ""}, {"2024-03-05/x.txt", ""}, {"0000-01-01.txt", ""}, {"-", ""}, {"", ""},
	} {
		got := dateOfName(v.path)
		if got.IsZero() != (v.want == "") || v.want != "" && got.Format(time.DateOnly) != v.want {
			t.Errorf("%q: %v, want %q", v.path, got, v.want)
		}
	}
	if g := read(t, []string{write(t, "2024-03-05_x.txt", []byte("One. Two."))}, Options{}, 1); len(g.articles) != 1 || g.articles[0].PublishedAt.Format(time.DateOnly) != "2024-03-05" {
		t.Error(g.summary())
	}
	if got, ok := parseEpoch("1709618828"); !ok || got.Format(time.RFC3339) != "2024-03-05T06:07:08Z" {
		t.Error(got, ok)
	}
}

func TestReadStops(t *testing.T) {
	in := write(t, "x.jsonl", bytes.Repeat([]byte(`{"text":"A text that is read again and again."}`+"\n"), 200000))
	c, err := Open([]string{in}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := errors.New("enough")
	if err := c.Read(context.Background(), 3, func(*model.Batch) error { return want }); !errors.Is(err, want) {
		t.Errorf("error of take: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if c, err = Open([]string{in}, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Read(ctx, 3, func(*model.Batch) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if n := runtime.NumGoroutine(); n > 5 {
		t.Errorf("%d goroutines are left", n)
	}
}

func FuzzReaders(f *testing.F) {
	f.Add(uint8(0), []byte(`{"id":"a","text":"x"}`+"\n{\n"))
	f.Add(uint8(1), []byte("id,text\na,\"b\"\"\n"))
	f.Add(uint8(2), []byte(`[{"text":"\ud800"},[1,`))
	f.Add(uint8(3), []byte("a\tb\r\rtext"))
	f.Add(uint8(4), []byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		from := []string{"jsonl", "csv", "json", "tsv", "txt"}[kind%5]
		c, err := Open([]string{"-"}, Options{From: from, Stdin: bytes.NewReader(data), MaxRecord: 1 << 16})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range readCorpus(t, c, 1).articles {
			if a.ID == "" || strings.ToValidUTF8(a.Text, "") != a.Text || int(a.BodyStart) > len(a.Text) {
				t.Errorf("article %+v", a)
			}
		}
	})
}

func BenchmarkLines(b *testing.B) {
	const path = "../../../../shared/data/corpora/news_sample.jsonl.gz"
	f, err := os.Open(path)
	if err != nil {
		b.Skip("no news sample beside the repository:", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	in := write(b, "x.jsonl", data)
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprint("workers=", workers), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if g := read(b, []string{in}, Options{}, workers); len(g.articles) != 5000 {
					b.Fatal(len(g.articles))
				}
			}
		})
	}
}

func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// TestGrown reads files that an earlier run knows as shorter: what comes is
// what a whole reading gives, and no line twice.
func TestGrown(t *testing.T) {
	dir := t.TempDir()
	line := func(i int) string { return fmt.Sprintf(`{"id":"a%d","text":"Text %d."}`+"\n", i, i) }
	was := "\ufeff" + line(1) + "\n{\n" + line(2)
	for _, v := range []struct {
		name, before, after string
		known               int64 // lines that are not read
	}{
		{"same", was, was, 0},
		{"grown", was, was + line(3) + "\n" + line(4) + `{"id":"x"`, 4},
		{"longer line", strings.TrimSuffix(was, "\n"), strings.TrimSuffix(was, "\n") + " \n" + line(3), -1},
		{"changed", was, strings.Replace(was, "Text 1", "Text 0", 1) + line(3), -1},
		{"shorter", was, was[:20], -1},
		{"UTF-16", utf16le(was), utf16le(was + line(3)), -1},
	} {
		path := filepath.Join(dir, "in.jsonl")
		read := func(data string, known *model.Input) (texts []string, lines int64, in model.Input) {
			if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
				t.Fatal(err)
			}
			c, err := Open([]string{path}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			lines = -1
			err = c.ReadNew(t.Context(), 1, func(model.Input) *model.Input { return known }, func(b *model.Batch) error {
				if b.Known != nil {
					lines = b.KnownLines
				}
				for _, a := range b.Articles {
					texts = append(texts, fmt.Sprint(a.Source, a.Text))
				}
				for _, r := range b.Rejects {
					texts = append(texts, fmt.Sprint(r.Source, r.Code))
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(texts)
			return texts, lines, c.Inputs()[0]
		}
		before, _, known := read(v.before, nil)
		whole, _, want := read(v.after, nil)
		texts, lines, got := read(v.after, &known)
		if lines != v.known || got != want {
			t.Errorf("%s: %d lines known, expected %d; input %+v, expected %+v", v.name, lines, v.known, got, want)
		}
		if v.known >= 0 {
			texts = append(texts, before...)
			slices.Sort(texts)
		}
		if !slices.Equal(texts, whole) {
			t.Errorf("%s: %q, expected %q", v.name, texts, whole)
		}
	}
}

// TestReadAgain reads lines once more: those that are wanted come as they came
// first, and nothing before them is read where lines can be found by offset.
func TestReadAgain(t *testing.T) {
	var lines strings.Builder
	for i := range 9 {
		fmt.Fprintf(&lines, `{"id":"a%d","text":"Text %d."}`+"\n", i+1, i+1)
	}
	plain := "\ufeff" + lines.String()
	for _, v := range []struct {
		name  string
		data  []byte
		bytes int64 // read again
	}{
		{"in.jsonl", []byte(plain), int64(lines.Len() / 9 * 6)},
		{"wide.jsonl", []byte(utf16le(plain)), int64(len(utf16le(plain)))},
		{"in.jsonl.gz", gzipped(plain), int64(len(gzipped(plain)))},
	} {
		c, err := Open([]string{write(t, v.name, v.data)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		isWanted := func(record int64) bool { return record == 4 || record == 7 }
		wanted := &model.Wanted{Has: isWanted, Last: 7}
		var first, again []string
		var bytes int64
		if err := c.Read(t.Context(), 1, func(b *model.Batch) error {
			for _, a := range b.Articles {
				if isWanted(a.Source.RecordNo) {
					first = append(first, fmt.Sprint(a))
				}
				if a.Source.RecordNo == 4 {
					wanted.First = a.Source
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := c.ReadAgain(t.Context(), 1, func(string) *model.Wanted { return wanted }, func(b *model.Batch) error {
			bytes += b.InputBytes
			for _, a := range b.Articles {
				again = append(again, fmt.Sprint(a))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(first) != 2 || !slices.Equal(first, again) || bytes != v.bytes {
			t.Errorf("%s: %d bytes, expected %d; read again %q, first %q", v.name, bytes, v.bytes, again, first)
		}
	}
}
