package table

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"

	"stance/internal/io/columnar"
	"stance/internal/model"
)

func TestColumnsAreDescribed(t *testing.T) {
	for _, s := range Schemas() {
		seen := map[string]bool{}
		for _, c := range s.Columns {
			if c.Name == "" || c.Meaning == "" || c.Example == "" || seen[c.Name] {
				t.Errorf("%s.%s: a name, a meaning and an example are needed, once", s.Name, c.Name)
			}
			if c.Null != (c.NullRule != "") {
				t.Errorf("%s.%s: nullable %v with null rule %q", s.Name, c.Name, c.Null, c.NullRule)
			}
			if c.Kind == Strings && !c.few || c.few && c.Kind != Strings && c.Kind != String {
				t.Errorf("%s.%s: dictionaries are for strings, and lists have one", s.Name, c.Name)
			}
			seen[c.Name] = true
		}
		for _, k := range append(slices.Clone(s.Key), s.Order...) {
			if c, i := s.Column(k); i < 0 && k != "sentence" && k != "kind" || c.Null {
				t.Errorf("%s: key or order %q is no column, or may be null", s.Name, k)
			}
		}
		if !bytes.Contains(Codebook(), []byte("\n## "+s.Name+"\n")) {
			t.Errorf("no %s in the codebook", s.Name)
		}
	}
}

// sample is a result that uses every table, with text outside ASCII.
func sample(id string) *model.Result {
	text := "Ünion hails pact\n\nAlba’s minister “praised” Borea. “We wait,” he said."
	at := func(s string) model.Span {
		i := strings.Index(text, s)
		return model.Span{Start: int32(i), End: int32(i + len(s))}
	}
	a := &model.Article{ID: id, Outlet: "Harbor Courier", Headline: "Ünion hails pact", Lang: "en", Text: text, BodyStart: int32(strings.Index(text, "Alba")),
		PublishedAt: time.Date(1969, 12, 31, 23, 30, 0, 0, time.UTC), Source: model.Source{Path: "in.jsonl", RecordNo: 3, Line: 3}, Warnings: []string{"a", "b"}}
	r := &model.Result{Article: a}
	r.Runes.Reset(text)
	r.Layout = model.LayoutFields
	r.Headline = at("Ünion hails pact")
	r.Sentences = []model.Sentence{{Span: at("Ünion hails pact"), Last: 3, Section: model.SectionHeadline}, {Span: at("Alba’s minister “praised” Borea."), First: 3, Last: 10, Paragraph: 1}, {Span: at("“We wait,” he said."), First: 10, Last: 18, Paragraph: 1, Quoted: model.QuotedPart}}
	r.Tokens = make([]model.Token, 18)
	r.Sentiments = []model.Sentiment{{Score: 0.5, Label: 1}, {Score: 0.25, Label: 1, HasBayes: true, Bayes: -1, BayesLabel: -1}, {}}
	r.Attributions = []model.Attribution{{Speaker: -1}, {Speaker: -1}, {Voice: model.VoiceParty, Speaker: 0, Method: "pronoun"}}
	r.Modalities = []string{"", "", "hypothetical"}
	r.Mentions = []model.Mention{
		{Span: at("Alba’s"), Sentence: 1, ID: "alba", Alias: "Alba", Rollup: []string{"west", "pact"}, Resolution: "longest", Confidence: 1, Role: model.RoleHolder},
		{Span: at("Alba’s minister"), Sentence: 1, Kind: model.MentionPerson, Person: "minister", Resolution: "abstain", Candidates: []string{"x"}},
		{Span: at("Borea"), Sentence: 1, ID: "borea", Alias: "Borea", Role: model.RoleTarget}}
	s := model.Stance{Sentence: 1, Voice: model.VoiceParty, ReportedBy: -1, Holder: 0, Target: 2, Issue: -1, Act: "praise", CAMEO: "051", Polarity: 1, Score: 0.9, Rule: "praise.verb", Cue: at("praised"), Shadowed: []string{"other"}}
	r.Stances = []model.Stance{s, s} // the same twice still has two ids
	r.Tones = []model.Tone{{Sentence: 1, Mention: 2, Mentions: 1, P: [3]float32{0.1, 0.2, 0.7}, Label: 1, Speaker: -1, Features: []string{"f"}}}
	r.Quotes = []model.Quote{{Span: at("We wait,"), FirstSentence: 2, LastSentence: 3, Mention: 0, Source: at("he"), Cue: at("said"), Method: "pronoun"}, {Span: at("praised"), FirstSentence: 1, LastSentence: 2, Mention: -1}}
	r.Parties = []model.PartySummary{{ID: "borea", Mentions: 1, Received: 2, StanceTaken: 0.9, Label: 1}, {ID: "alba", Mentions: 1}}
	r.Dyads = []model.Dyad{{Sentence: 1, A: 0, B: 2, HasStance: true}}
	return r
}

// filled returns all tables with the rows of some samples.
func filled(c Content) *Tables {
	t := NewTables(c)
	for i := range 3 {
		t.Add(sample(fmt.Sprintf("a%d", i)))
	}
	t.AddReject(&model.Reject{Source: model.Source{Path: "in", RecordNo: 1}, Stage: "read", Code: "E_JSON", Message: "m", RawHead: []byte{0, 255}})
	t.AddReject(&model.Reject{Source: model.Source{Path: "in"}, ArticleID: "x", Warning: true})
	t.AddRule(&model.RuleStat{Rule: "praise.verb", RuleCount: model.RuleCount{Tried: 5}, Per1000Sentence: 2})
	return t
}

// store writes each table as a generation of one part.
func store(t testing.TB, tables *Tables, f Format) string {
	t.Helper()
	dir := t.TempDir()
	encoders, err := NewEncoders(f, Metadata{ToolVersion: "test", RulesHash: "r"})
	if err != nil {
		t.Fatal(err)
	}
	for i, rows := range tables.All() {
		var b bytes.Buffer
		if err := encoders[i].Encode(&b, rows); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(dir, rows.Schema.Name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, rows.Schema.Name, "part-00000"+f.Ending()), b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// show reads a whole table back as text, one line a row.
func show(t testing.TB, dir, name string) string {
	t.Helper()
	var names []string
	for _, c := range Find(name).Columns {
		names = append(names, c.Name)
	}
	var b strings.Builder
	err := Read(context.Background(), dir, name, names, func(batch *columnar.Batch) error {
		for i := range batch.Rows {
			for j := range batch.Columns {
				v := &batch.Columns[j]
				b.WriteString(names[j] + "=")
				switch {
				case v.Null(i):
					b.WriteString("null ")
				case len(v.Texts) > 0:
					fmt.Fprintf(&b, "%q ", v.Texts[i])
				case len(v.Lists) > 0:
					fmt.Fprintf(&b, "%q ", v.Lists[i])
				case len(v.Bools) > 0:
					fmt.Fprint(&b, v.Bools[i], " ")
				case len(v.Ints) > 0:
					fmt.Fprint(&b, v.Ints[i], " ")
				default:
					fmt.Fprint(&b, v.Floats[i], " ")
				}
			}
			b.WriteString("\n")
		}
		return nil
	})
	if err != nil {
		t.Fatal(name, err)
	}
	return b.String()
}

func TestRoundTrip(t *testing.T) {
	parquet, arrow := store(t, filled(Content{ArticleText: true}), Parquet), store(t, filled(Content{ArticleText: true}), ArrowIPC)
	for _, s := range Schemas() {
		if p, a := show(t, parquet, s.Name), show(t, arrow, s.Name); p != a || p == "" {
			t.Errorf("%s: Parquet holds\n%s\nArrow holds\n%s", s.Name, p, a)
		}
	}
	contains := func(table string, parts ...string) {
		t.Helper()
		got := show(t, parquet, table)
		for _, p := range parts {
			if !strings.Contains(got, p) {
				t.Errorf("%s lacks %s:\n%s", table, p, got)
			}
		}
	}
	contains(Articles, `article_id="a0" `, "published_at=-1800000000 pub_date=-86400000000 ", "body_start=18 ", `layout="fields"`, "sentiment_mean=0.25 sentiment_body=0.125 ", `warnings=["a" "b"]`, "url=null", `text="Ünion`)
	contains(Sentences, `sentence_id="a1/s2"`, "start=18 end=50 start_byte=19 end_byte=57 ", "bayes_logodds=-1 bayes_label=\"negative\"", `speaker_party="alba" speaker_method="pronoun"`)
	contains(Mentions, `mention_id="a0/m18"`, `mention_id="a0/m18p"`, `rollup=["west" "pact"]`, `candidates=["x"]`, `candidates=[]`, "party=null")
	contains(Stances, `holder_party="alba"`, `target_party="borea"`, `cue="praised" cue_start=35 cue_end=42`, `label="favor"`, "issue=null")
	contains(Quotes, `kind="direct" speaker_party="alba"`, "cue=null cue_start=null cue_end=null", `last_sentence_id="a0/s2"`)
	contains(Rejects, `raw_head="\x00\xff" severity="error"`, `article_id="x"`, `severity="warning"`)
	if got := show(t, parquet, ArticleParties); strings.Index(got, `"alba"`) > strings.Index(got, `"borea"`) {
		t.Errorf("parties out of order:\n%s", got)
	}
	ids := map[string]bool{}
	for line := range strings.Lines(show(t, parquet, Stances)) {
		ids[line[:len(`stance_id="0123456789abcdef"`)]] = true
	}
	if len(ids) != 6 {
		t.Errorf("%d stance ids for 6 stances: %v", len(ids), ids)
	}
}

func TestNoText(t *testing.T) {
	dir := store(t, filled(Content{NoText: true}), Parquet)
	for _, s := range []string{Sentences, Stances, Quotes, Articles} {
		for line := range strings.Lines(show(t, dir, s)) {
			if !strings.Contains(line, "text=null") && !strings.Contains(line, "snippet=null") {
				t.Errorf("%s holds text: %s", s, line)
			}
		}
	}
}

// TestRandomRows compares what our Parquet pages give back with what the
// library's Arrow files do, for values wide and narrow, in runs and not.
func TestRandomRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	tables := NewTables(Content{})
	for i, r := range tables.All() {
		// How the values of a column are, differently for each.
		type habit struct{ bits, nulls, runs int }
		habits := make([]habit, len(r.cols))
		for j := range habits {
			habits[j] = habit{rng.IntN(64), rng.IntN(5), rng.IntN(40)}
		}
		last := make([]int64, len(r.cols))
		for range 3000 >> i { // the later tables end in a half block or group
			for j := range r.cols {
				h := &habits[j]
				if rng.IntN(1+h.runs) == 0 {
					last[j] = int64(rng.Uint64()) >> h.bits
				}
				n := last[j]
				text := fmt.Sprint("é/", n)
				if r.cols[j].null && rng.IntN(5) < h.nulls {
					r.null()
					continue
				}
				switch r.cols[j].kind {
				case String:
					r.str(text[:n&7%int64(len(text))] + text)
				case Strings:
					r.strs([]string{text, "", text + "x"}[:n&3])
				case Binary:
					r.binary([]byte(text))
				case Bool:
					r.bool(n&1 == 1)
				case Int32:
					r.i32(int32(n))
				case Int64:
					r.i64(n)
				case Float32:
					r.f32(float32(n))
				case Date:
					r.date(time.Unix(n%1e10, 0))
				case Time:
					r.time(time.UnixMicro(n % 1e15))
				}
			}
			r.end()
		}
	}
	parquet, arrow := store(t, tables, Parquet), store(t, tables, ArrowIPC)
	for _, s := range Schemas() {
		got, want := strings.Split(show(t, parquet, s.Name), "\n"), strings.Split(show(t, arrow, s.Name), "\n")
		if len(got) != len(want) || len(got) != tables.rows[s.Name].n+1 {
			t.Fatalf("%s: %d rows, not %d", s.Name, len(got)-1, tables.rows[s.Name].n)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%s row %d:\n%s\n%s", s.Name, i, got[i], want[i])
			}
		}
	}
}

// TestManyRows crosses the bounds of batches and pages, with lists and nulls.
func TestManyRows(t *testing.T) {
	tables := NewTables(Content{})
	for i := range 3000 {
		a := sample(fmt.Sprintf("a%05d", i))
		a.Article.Warnings = make([]string, i%4)
		for j := range a.Article.Warnings {
			a.Article.Warnings[j] = fmt.Sprint("w", i, j)
		}
		if i%3 == 0 {
			a.Article.PublishedAt = time.Time{}
		}
		tables.Add(a)
	}
	for _, f := range []Format{Parquet, ArrowIPC} {
		dir := store(t, tables, f)
		i := 0
		err := Read(context.Background(), dir, Articles, []string{"warnings", "pub_date", "article_id"}, func(b *columnar.Batch) error {
			for r := range b.Rows {
				if got := b.Columns[0].Lists[r]; len(got) != i%4 || len(got) > 0 && got[0] != fmt.Sprint("w", i, 0) {
					return fmt.Errorf("row %d: warnings %q", i, got)
				}
				if b.Columns[1].Null(r) != (i%3 == 0) || b.Columns[2].Texts[r] != fmt.Sprintf("a%05d", i) {
					return fmt.Errorf("row %d: null %v, id %q", i, b.Columns[1].Null(r), b.Columns[2].Texts[r])
				}
				i++
			}
			return nil
		})
		if err != nil || i != 3000 {
			t.Error(f.Ending(), i, err)
		}
	}
}

// TestFullGroup ends row groups amid the rows of an article, which are the same
// as in one group.
func TestFullGroup(t *testing.T) {
	results, _ := corpusOf(2, 7)
	fill := func(tables *Tables) {
		for _, r := range results {
			tables.Add(r)
		}
	}
	whole := NewTables(Content{})
	fill(whole)
	want := store(t, whole, Parquet)
	for name, begin := range map[string]func(*Rows){
		"rows":  func(r *Rows) { r.n = RowGroup - 5 },
		"bytes": func(r *Rows) { r.held = groupText - 60 },
	} {
		cut := NewTables(Content{})
		groups := map[string]string{}
		for _, r := range cut.All() {
			begin(r)
			r.WhenFull(func() {
				if r.n == RowGroup {
					r.n = 5
				}
				groups[r.Schema.Name] += show(t, store(t, cut, Parquet), r.Schema.Name)
				r.Reset()
			})
		}
		fill(cut)
		if len(groups) < 5 {
			t.Errorf("%s: only %d tables had a full group", name, len(groups))
		}
		for table, got := range groups {
			r := cut.rows[table]
			if got += show(t, store(t, cut, Parquet), table); got != show(t, want, table) {
				t.Errorf("%s: %s cut is\n%s\nand whole\n%s", name, r.Schema.Name, got, show(t, want, table))
			}
		}
	}
}

// TestPages cuts long texts, with nulls between them, into pages.
func TestPages(t *testing.T) {
	tables := NewTables(Content{})
	url := func(i int) string {
		if i%3 == 0 {
			return ""
		}
		return fmt.Sprint(i, strings.Repeat("x", 100_000+i))
	}
	for i := range 60 {
		a := sample(fmt.Sprintf("a%02d", i))
		a.Article.URL = url(i)
		tables.Add(a)
	}
	dir := store(t, tables, Parquet)
	i := 0
	if err := Read(context.Background(), dir, Articles, []string{"url"}, func(b *columnar.Batch) error {
		for r := range b.Rows {
			if b.Columns[0].Texts[r] != url(i) || b.Columns[0].Null(r) != (i%3 == 0) {
				return fmt.Errorf("row %d: %d bytes", i, len(b.Columns[0].Texts[r]))
			}
			i++
		}
		return nil
	}); err != nil || i != 60 {
		t.Fatal(i, err)
	}
	pf, err := file.OpenParquetFile(filepath.Join(dir, Articles, "part-00000.parquet"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer pf.Close()
	index, err := pf.GetPageIndexReader().RowGroup(0)
	if err != nil {
		t.Fatal(err)
	}
	_, column := Find(Articles).Column("url")
	pages, err := index.GetOffsetIndex(column)
	if err != nil || len(pages.GetPageLocations()) != 4 {
		t.Errorf("4 MB of text: %v, %v", pages, err)
	}
}

// TestDamagedParts flips bits and cuts files: reading ends with an error or
// with rows, and never otherwise.
func TestDamagedParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, f := range []Format{Parquet, ArrowIPC} {
		dir := store(t, filled(Content{}), f)
		path := filepath.Join(dir, Mentions, "part-00000"+f.Ending())
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bad := 0
		for i := range 400 {
			data := bytes.Clone(good)
			if i%4 == 0 {
				data = data[:rng.IntN(len(data))]
			} else {
				data[rng.IntN(len(data))] ^= 1 << rng.IntN(8)
			}
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
			if err := Read(context.Background(), dir, Mentions, []string{"mention_id", "rollup", "start", "party"}, func(*columnar.Batch) error { return nil }); err != nil {
				bad++
			}
		}
		if bad < 100 {
			t.Errorf("%s: only %d of 400 damaged files were refused", f.Ending(), bad)
		}
	}
}

func TestExport(t *testing.T) {
	tables := NewTables(Content{})
	a := sample("=1+1")
	a.Article.Byline = `A "B", C`
	a.Article.URL = "-cmd"
	tables.Add(a)
	for _, format := range []Format{Parquet, ArrowIPC} {
		dir := store(t, tables, format)
		var csv, lines bytes.Buffer
		if err := Export(context.Background(), dir, Articles, CSV, &csv); err != nil {
			t.Fatal(err)
		}
		if err := Export(context.Background(), dir, Articles, JSONL, &lines); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(csv.String(), "article_id,source_path,record_no,") || !strings.Contains(csv.String(), "\n'=1+1,in.jsonl,3,") ||
			!strings.Contains(csv.String(), `,'-cmd,"A ""B"", C",1969-12-31T23:30:00Z,1969-12-31,`) || !strings.Contains(csv.String(), ",a|b,\n") {
			t.Errorf("CSV: %s", &csv)
		}
		var row map[string]any
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if row["article_id"] != "=1+1" || row["text"] != nil || row["record_no"] != 3.0 || fmt.Sprint(row["warnings"]) != "[a b]" || row["pub_date"] != "1969-12-31" || len(row) != len(Find(Articles).Columns) {
			t.Errorf("JSONL: %v", row)
		}
	}
}

// TestStatistics compares the statistics, page indexes and bloom filters of
// Parquet parts with the rows that they are about.
func TestStatistics(t *testing.T) {
	tables := filled(Content{ArticleText: true})
	dir := store(t, tables, Parquet)
	for _, rows := range tables.All() {
		s := rows.Schema
		pf, err := file.OpenParquetFile(filepath.Join(dir, s.Name, "part-00000.parquet"), false)
		if err != nil {
			t.Fatal(s.Name, err)
		}
		defer pf.Close()
		blooms, err := pf.GetBloomFilterReader().RowGroup(0)
		if err != nil {
			t.Fatal(s.Name, err)
		}
		index, err := pf.GetPageIndexReader().RowGroup(0)
		if err != nil {
			t.Fatal(s.Name, err)
		}
		for i := range s.Columns {
			name, c := s.Name+"."+s.Columns[i].Name, &rows.cols[i]
			chunk, err := pf.MetaData().RowGroup(0).ColumnChunk(i)
			if err != nil {
				t.Fatal(name, err)
			}
			got, err := chunk.Statistics()
			if err != nil {
				t.Fatal(name, err)
			}
			if s.Columns[i].long {
				if got != nil {
					t.Errorf("%s: free text has statistics", name)
				}
				continue
			}
			nulls := 0
			for _, d := range c.def {
				nulls += 1 - int(d)
			}
			if got == nil || !got.HasNullCount() || got.NullCount() != int64(nulls) {
				t.Fatalf("%s: statistics %v for %d nulls", name, got, nulls)
			}
			if pages, err := index.GetColumnIndex(i); err != nil || pages.GetNullCounts()[0] != int64(nulls) {
				t.Errorf("%s: page index of %d nulls: %v", name, nulls, err)
			}
			switch got := got.(type) {
			case *metadata.Int32Statistics:
				same(t, name, got, c.i32)
			case *metadata.Int64Statistics:
				same(t, name, got, c.i64)
			case *metadata.Float32Statistics:
				same(t, name, got, c.f32)
			case *metadata.BooleanStatistics:
				if slices.Contains(c.bools, false) == got.Min() || slices.Contains(c.bools, true) != got.Max() {
					t.Errorf("%s: from %v to %v, not that of %v", name, got.Min(), got.Max(), c.bools)
				}
			}
			if c.kind != String && c.kind != Strings {
				continue
			}
			var texts []string
			for j := range max(len(c.text), len(c.at)) {
				texts = append(texts, c.string(j))
			}
			if got.HasMinMax() != (len(texts) > 0) {
				t.Errorf("%s: bounds %v of %q", name, got.HasMinMax(), texts)
			} else if b := got.(*metadata.ByteArrayStatistics); len(texts) > 0 && (string(b.Min()) != slices.Min(texts) || string(b.Max()) != slices.Max(texts)) {
				t.Errorf("%s: from %q to %q, not that of %q", name, b.Min(), b.Max(), texts)
			}
			if !s.Columns[i].bloom {
				continue
			}
			bloom, err := blooms.GetColumnBloomFilter(i)
			if err != nil || bloom == nil {
				t.Fatal(name, bloom, err)
			}
			has := func(s string) bool { return bloom.CheckHash(bloom.Hasher().Sum64([]byte(s))) }
			if absent := slices.ContainsFunc(texts, func(s string) bool { return !has(s) }); absent || has("not there") {
				t.Errorf("%s: the bloom filter is not that of %q", name, texts)
			}
		}
	}
}

// same compares bounds with those of the values.
func same[T int32 | int64 | float32](t *testing.T, name string, got interface {
	HasMinMax() bool
	Min() T
	Max() T
}, values []T) {
	t.Helper()
	if got.HasMinMax() != (len(values) > 0) || len(values) > 0 && (got.Min() != slices.Min(values) || got.Max() != slices.Max(values)) {
		t.Errorf("%s: from %v to %v, not that of %v", name, got.Min(), got.Max(), values)
	}
}

// TestDictionary gives equal strings equal places, wherever they lie.
func TestDictionary(t *testing.T) {
	d := newDictionary()
	rng := rand.New(rand.NewPCG(3, 4))
	for range 3 {
		var given []string
		text := strings.Repeat("abcab", 200)
		for range 5000 {
			at := rng.IntN(len(text))
			s := text[at:min(at+rng.IntN(7), len(text))]
			if rng.IntN(2) == 0 {
				s = strings.Clone(s)
			}
			given = append(given, s)
			if p := d.place(s); d.list[p] != s {
				t.Fatalf("%q at the place of %q", s, d.list[p])
			}
		}
		slices.Sort(given)
		if n := len(slices.Compact(given)); len(d.list) != n {
			t.Errorf("%d places for %d different strings", len(d.list), n)
		}
		d.reset()
	}
}

// corpusOf returns results about as large as those of news: each article has
// the sentences of the sample, with all that refers to them, n times.
func corpusOf(articles, n int) (results []*model.Result, bytes int64) {
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range articles {
		one := sample(fmt.Sprintf("a%05d", i))
		r := *one
		text := strings.Repeat(one.Article.Text+"\n", n)
		r.Article.Text = text
		r.Runes.Reset(text)
		bytes += int64(len(text))
		for k := 1; k < n; k++ {
			by := int32(k * (len(text) / n))
			sentence := int32(k * len(one.Sentences))
			mention := int32(k * len(one.Mentions))
			for _, s := range one.Sentences {
				s.Start, s.End = s.Start+by, s.End+by
				r.Sentences = append(r.Sentences, s)
			}
			for _, s := range one.Sentiments {
				s.Score, s.Positive, s.Negative = rng.Float32(), rng.Float32(), rng.Float32()
				r.Sentiments = append(r.Sentiments, s)
			}
			for _, m := range one.Mentions {
				m.Start, m.End, m.Sentence = m.Start+by, m.End+by, m.Sentence+sentence
				r.Mentions = append(r.Mentions, m)
			}
			for _, s := range one.Stances {
				s.Cue.Start, s.Cue.End = s.Cue.Start+by, s.Cue.End+by
				s.Sentence, s.Holder, s.Target = s.Sentence+sentence, s.Holder+mention, s.Target+mention
				r.Stances = append(r.Stances, s)
			}
			for _, o := range one.Tones {
				o.P[0] = rng.Float32()
				o.Sentence, o.Mention = o.Sentence+sentence, o.Mention+mention
				r.Tones = append(r.Tones, o)
			}
			for _, q := range one.Quotes {
				q.Start, q.End, q.FirstSentence, q.LastSentence = q.Start+by, q.End+by, q.FirstSentence+sentence, q.LastSentence+sentence
				r.Quotes = append(r.Quotes, q)
			}
			for _, d := range one.Dyads {
				d.Sentence, d.A, d.B = d.Sentence+sentence, d.A+mention, d.B+mention
				r.Dyads = append(r.Dyads, d)
			}
		}
		results = append(results, &r)
	}
	return results, bytes
}

// size returns the bytes of the values of rows.
func (r *Rows) size() (n int64) {
	for i := range r.cols {
		c := &r.cols[i]
		n += int64(4*len(c.i32) + 8*len(c.i64) + 4*len(c.f32) + len(c.bools))
		for j := range max(len(c.text), len(c.at)) {
			n += int64(len(c.string(j)))
		}
	}
	return n
}

// BenchmarkEncode gives MB/s of the values of each table.
func BenchmarkEncode(b *testing.B) {
	tables := NewTables(Content{})
	results, _ := corpusOf(300, 15)
	for _, r := range results {
		tables.Add(r)
	}
	for _, f := range []Format{Parquet, ArrowIPC} {
		encoders, err := NewEncoders(f, Metadata{})
		if err != nil {
			b.Fatal(err)
		}
		for i, rows := range tables.All() {
			if rows.Len() == 0 {
				continue
			}
			e := encoders[i]
			b.Run(f.Ending()[1:]+"/"+rows.Schema.Name, func(b *testing.B) {
				var buf bytes.Buffer
				b.SetBytes(rows.size())
				b.ReportAllocs()
				for b.Loop() {
					buf.Reset()
					if err := e.Encode(&buf, rows); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(buf.Len())/float64(rows.size()), "stored/value")
				open := columnar.OpenParquet
				if f == ArrowIPC {
					open = columnar.OpenArrow
				}
				got, err := open(bytes.NewReader(buf.Bytes()), int64(buf.Len()), columnar.Limits{})
				if err != nil {
					b.Fatal(err)
				}
				defer got.Close()
				n := 0
				if err := got.Read(context.Background(), []string{rows.Schema.Columns[0].Name}, func(batch *columnar.Batch) error {
					n += batch.Rows
					return nil
				}); err != nil || n != rows.Len() {
					b.Fatalf("%d rows of %d: %v", n, rows.Len(), err)
				}
			})
		}
	}
}

// BenchmarkAdd gives MB/s of the articles' text.
func BenchmarkAdd(b *testing.B) {
	results, n := corpusOf(300, 15)
	tables := NewTables(Content{})
	b.SetBytes(n)
	b.ReportAllocs()
	for b.Loop() {
		tables.Reset()
		for _, r := range results {
			tables.Add(r)
		}
		if got := tables.mentions.Len(); got != 300*15*3 {
			b.Fatalf("%d mentions", got)
		}
	}
}
