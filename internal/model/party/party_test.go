package party

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
	"stance/internal/trace"
)

// program compiles the project's own packs, once for all tests.
var program = sync.OnceValues(func() (*rules.Program, error) {
	var c rules.Config
	for _, part := range []struct {
		pattern string
		to      *[]rules.Source
	}{{"rules/*.yaml", &c.Packs}, {"parties/*.yaml", &c.Packs}, {"lexicon/*.tsv", &c.Lexicons}} {
		names, err := filepath.Glob(filepath.Join("..", "..", "..", "data", part.pattern))
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			b, err := os.ReadFile(n)
			if err != nil {
				return nil, err
			}
			*part.to = append(*part.to, rules.Source{Name: filepath.Base(n), Data: b, Trusted: true})
		}
	}
	p, l := rules.Compile(c)
	return p, l.Err()
})

func packs(t testing.TB) *rules.Program {
	t.Helper()
	p, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func inline(t testing.TB, body string) *rules.Program {
	t.Helper()
	p, l := rules.Compile(rules.Config{Packs: []rules.Source{{Name: "t.yaml", Data: []byte("pack: {id: t, version: 1.0.0, lang: en, license: CC0-1.0}\n" + body)}}})
	if p == nil {
		t.Fatal(l)
	}
	return p
}

// reading is a worker's scratch for tests.
type reading struct {
	p *rules.Program
	r *text.Reader
	f *Finder
	l model.Layers
}

func newReading(p *rules.Program) *reading {
	return &reading{p: p, r: text.NewReader(p.Vocabulary), f: NewFinder(p)}
}

func (r *reading) find(t testing.TB, body, date string) (*model.Article, []model.Mention) {
	t.Helper()
	a := &model.Article{Text: body}
	if date != "" {
		d, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		a.PublishedAt = d
	}
	r.r.Read(a, &r.l)
	ms := r.f.Find(a, &r.l, nil, nil)
	check(t, a, &r.l, ms)
	return a, ms
}

// check holds mentions to what the type promises.
func check(t testing.TB, a *model.Article, l *model.Layers, ms []model.Mention) {
	t.Helper()
	var end [3]int32
	for i := range ms {
		m := &ms[i]
		k := min(int(m.Kind), 1) // persons and parties share the text
		if m.Kind == model.MentionPerson {
			k = 0
		}
		switch {
		case i > 0 && m.Start < ms[i-1].Start:
			t.Errorf("mention %d is out of order in %q", i, a.Text)
		case i > 0 && m.Plural && ms[i-1].Span == m.Span && ms[i-1].Party != m.Party: // one of several
		case m.Start < end[k]:
			t.Errorf("%q overlaps the mention before in %q", m.In(a.Text), a.Text)
		case m.Start != l.Tokens[m.First].Start || m.End != l.Tokens[m.Last-1].End || m.Head < m.First:
			t.Errorf("span and tokens of %q differ in %q", m.In(a.Text), a.Text)
		case m.Sentence < 0 || m.First < l.Sentences[m.Sentence].First || m.Last > l.Sentences[m.Sentence].Last:
			t.Errorf("%q is not in its sentence in %q", m.In(a.Text), a.Text)
		case (m.Party >= 0) != (m.ID != ""):
			t.Errorf("%q has party %d and id %q", m.In(a.Text), m.Party, m.ID)
		case m.Resolution == "" || !(m.Confidence > 0 && m.Confidence <= 1):
			t.Errorf("%q has resolution %q and confidence %v", m.In(a.Text), m.Resolution, m.Confidence)
		case m.Antecedent >= int32(i) || m.Antecedent >= 0 && ms[m.Antecedent].ID != m.ID:
			t.Errorf("%q has antecedent %d in %q", m.In(a.Text), m.Antecedent, a.Text)
		case m.Resolution == "abstain" && (m.Party >= 0 || len(m.Candidates) < 2):
			t.Errorf("%q abstains between %q", m.In(a.Text), m.Candidates)
		}
		end[k] = max(end[k], m.End)
	}
}

// render writes the mentions of parties and persons as the tables of this
// file do: surface=party/person, @ before a place, ~ before what only a cue
// can make an actor, ? and the candidates where nothing decided.
func render(a *model.Article, ms []model.Mention) string {
	var out []string
	for _, m := range ms {
		if m.Kind == model.MentionIssue {
			continue
		}
		s := m.In(a.Text) + "="
		switch {
		case m.Resolution == "abstain":
			s += "?" + strings.Join(m.Candidates, "|")
		case m.AliasKind == model.AliasPlace:
			s += "@" + m.ID
		case m.NeedsCue:
			s += "~" + m.ID
		default:
			s += m.ID
		}
		if m.Person != "" {
			s += "/" + m.Person
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func rows(t *testing.T, name string, columns int) [][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for i, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		if i == 0 || line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r := strings.Split(line, "\t")
		if len(r) != columns {
			t.Fatalf("%s:%d: %d columns, want %d", name, i+1, len(r), columns)
		}
		out = append(out, r)
	}
	return out
}

// TestDates: the same words mean different people on different days.
func TestDates(t *testing.T) {
	r := newReading(packs(t))
	cases := rows(t, "dates.tsv", 5)
	if len(cases) < 120 {
		t.Errorf("only %d cases", len(cases))
	}
	for _, c := range cases {
		body, date, surface, party, person := c[0], c[1], c[2], c[3], c[4]
		a, ms := r.find(t, body, date)
		want := strings.TrimPrefix(strings.TrimPrefix(surface, "The "), "the ")
		found, unknown := false, true
		for _, m := range ms {
			if m.Kind != model.MentionIssue && strings.Contains(m.In(a.Text), want) {
				found = m.ID == party && m.Person == person || found
				unknown = unknown && m.ID == ""
			}
		}
		if party == "?" { // nobody may be named
			found = unknown
		}
		if !found {
			t.Errorf("%s %q: want %s=%s/%s, got %s", date, body, surface, party, person, render(a, ms))
		}
	}
}

// TestFalseFriends: names that look like a party and are none.
func TestFalseFriends(t *testing.T) {
	r := newReading(packs(t))
	cases := rows(t, "false_friends.tsv", 3)
	if len(cases) < 80 {
		t.Errorf("only %d cases", len(cases))
	}
	for _, c := range cases {
		body, surface, party := c[0], c[1], c[2]
		at := strings.Index(body, surface)
		if at < 0 {
			t.Errorf("%q is not in %q", surface, body)
			continue
		}
		span := model.Span{Start: int32(at), End: int32(at + len(surface))}
		a, ms := r.find(t, body, "")
		for _, m := range ms {
			if m.Kind == model.MentionParty && m.ID == party && m.AliasKind != model.AliasPlace && m.Overlaps(span) &&
				(m.AliasKind != model.AliasDemonym || !m.NeedsCue) {
				t.Errorf("%q: %s", body, render(a, ms))
			}
		}
	}
}

// TestReadings holds whole sentences to all their mentions.
func TestReadings(t *testing.T) {
	r := newReading(packs(t))
	for _, c := range slices.Concat(readings, affiliations, references) {
		a, ms := r.find(t, c.text, c.date)
		if got := render(a, ms); got != c.want {
			t.Errorf("%s %q:\n got  %s\n want %s", c.date, c.text, got, c.want)
		}
	}
}

func TestResolution(t *testing.T) {
	p := inline(t, `
parties:
  - id: north
    label: Government of Northland
    kind: government
    coalition: [{in: pact, from: 2020-01-01, to: 2021-12-31}]
    aliases: [Northland, {text: Capital City, kind: metonym, needs_cue: true}, {text: Union, near: [Boreal]}, {text: Harbour, if_next: [accord], else: place}, {text: the front, kind: short, needs_full: true}]
    demonyms: {adj: [Boreal], noun: [Boreals]}
    leaders:
      - {person: roe, names: [Jane Roe], short: [Roe], office: president, from: 2010-01-01, to: 2020-01-01}
      - {person: poe, names: [John Poe], short: [Poe], office: president, from: 2020-01-01}
  - id: south
    label: Government of Southland
    kind: government
    aliases: [Southland, {text: Union, near: [Austral]}, Twin, {text: Ranked, priority: 1}]
    demonyms: {adj: [Austral]}
    leaders:
      - {person: roe-south, names: [Richard Roe], short: [Roe], office: president, from: 2010-01-01}
  - {id: third, label: Third, kind: ngo, aliases: [Twin, Ranked, {text: Front for the Third, kind: name}, {text: the front, kind: short, needs_full: true, priority: 1}], never: [Northland Express]}
issues: [{id: truce, phrases: [truce, "truce of Northland"]}]
`)
	r := newReading(p)
	for _, c := range []struct{ text, date, want string }{
		{"Northland spoke of a truce of Northland.", "2020-06-01", "Northland=north longest 0.95; truce of Northland=truce longest 0.90; Northland=north longest 0.95"},
		{"The Northland Express was late.", "", ""},
		{"northland spoke.", "", ""},
		{"The Twin spoke.", "", "Twin= abstain 0.30 [south third]"},
		{"The Third spoke. Southland spoke. The Twin spoke.", "", "Southland=south longest 0.95; Twin=south full-form 0.95"},
		{"Ranked spoke.", "", "Ranked=south priority 0.95"},
		{"Boreal people joined the Union.", "", "Boreal=north longest 0.50; Union=north context 0.95"},
		{"The Austral people of the Union spoke.", "", "Austral=south longest 0.50; Union=south context 0.95"},
		{"The Union spoke.", "", ""},
		{"The Harbour accord failed.", "", "Harbour=north context 0.95"},
		{"The Harbour froze.", "", "Harbour=north place 0.90"},
		{"They said the front won.", "", ""},
		{"The Front for the Third won. They said the front won.", "", "Front for the Third=third longest 0.95; the front=third longest 0.95"},
		{"Capital City refused.", "", "Capital City=north longest 0.50"},
		{"They met in Capital City.", "", "Capital City=north place 0.90"},
		{"Jane Roe spoke.", "2015-01-01", "Jane Roe=north/roe longest 0.95"},
		{"Jane Roe spoke.", "2022-01-01", "Jane Roe=/roe date 0.95"},
		{"Jane Roe spoke.", "", "Jane Roe=north/roe date 0.55"},
		{"Roe spoke.", "2015-01-01", "Roe= abstain 0.30 [roe roe-south]"},
		{"Roe spoke.", "2022-01-01", "Roe=south/roe-south date 0.65"},
		{"Richard Roe spoke. Roe left.", "2015-01-01", "Richard Roe=south/roe-south longest 0.95; Roe=south/roe-south full-form 0.90"},
		{"Roe left. Later Jane Roe spoke.", "2015-01-01", "Roe=north/roe full-form 0.85; Jane Roe=north/roe longest 0.95"},
		{"Mary Roe spoke. Roe left.", "2015-01-01", "Mary Roe=/Mary Roe longest 0.75; Roe=/Mary Roe full-form 0.80"},
		{"Northland spoke. The president spoke.", "2015-01-01", "Northland=north longest 0.95; president=north/roe context 0.70"},
		{"Northland spoke. The president spoke.", "2021-01-01", "Northland=north longest 0.95; president=north/poe context 0.70"},
		{"Northland and Southland spoke. The president spoke.", "2015-01-01", "Northland=north longest 0.95; Southland=south longest 0.95; president= abstain 0.30 [north south]"},
		{"Northland and Southland met Jane Roe. The president spoke.", "2015-01-01", "Northland=north longest 0.95; Southland=south longest 0.95; Jane Roe=north/roe longest 0.95; president=north/roe coreference 0.70"},
		{"The president spoke.", "2015-01-01", ""},
		{"A Boreal official spoke. The official left.", "", "Boreal official=north longest 0.90; official=north coreference 0.60"},
		{"Former Boreal officials spoke.", "", "Boreal officials=north longest 0.50"},
	} {
		a, ms := r.find(t, c.text, c.date)
		var out []string
		for _, m := range ms {
			s := m.In(a.Text) + "=" + m.ID
			if m.Person != "" {
				s += "/" + m.Person
			}
			s += " " + m.Resolution + " " + trimFloat(m.Confidence)
			if m.Candidates != nil {
				s += " [" + strings.Join(m.Candidates, " ") + "]"
			}
			out = append(out, s)
		}
		if got := strings.Join(out, "; "); got != c.want {
			t.Errorf("%s %q:\n got  %s\n want %s", c.date, c.text, got, c.want)
		}
	}
	_, ms := r.find(t, "Northland spoke.", "2020-06-01")
	if got := strings.Join(ms[0].Rollup, " "); got != "pact" {
		t.Errorf("rollup in 2020 is %q", got)
	}
	if _, ms = r.find(t, "Northland spoke.", "2023-06-01"); ms[0].Rollup != nil {
		t.Errorf("rollup in 2023 is %q", ms[0].Rollup)
	}
}

func trimFloat(v float32) string {
	n := int(v*100 + 0.5)
	return string([]byte{'0' + byte(n/100), '.', '0' + byte(n/10%10), '0' + byte(n%10)})
}

func TestTrace(t *testing.T) {
	r := newReading(packs(t))
	a := &model.Article{Text: "The Bank of Israel met Hamas officials. They left."}
	r.r.Read(a, &r.l)
	var tr trace.Recorder
	r.f.Find(a, &r.l, nil, &tr)
	outcomes := map[string]bool{}
	for _, e := range tr.Select("mention", -1) {
		outcomes[e.Rule+" "+e.Outcome] = true
	}
	for _, want := range []string{"never rejected", "longest resolved"} {
		if !outcomes[want] {
			t.Errorf("no event %q in %v", want, tr.Events)
		}
	}
}

// TestFindKeepsScratch: reading a second article leaves nothing of the first,
// and appends behind what is there.
func TestFindKeepsScratch(t *testing.T) {
	p := packs(t)
	r := newReading(p)
	first := "Gaza Humanitarian Foundation (GHF) opened. Israeli lawmaker Dana Fictive protested."
	r.find(t, first, "2024-01-01")
	a, ms := r.find(t, "Fictive met XYZ. He left.", "2024-01-01")
	if got := render(a, ms); got != "" {
		t.Errorf("left over: %s", got)
	}
	a = &model.Article{Text: "Hamas complained. The group left."}
	r.r.Read(a, &r.l)
	out := r.f.Find(a, &r.l, []model.Mention{{Antecedent: -1}}, nil)
	if len(out) != 3 || out[2].Antecedent != 1 {
		t.Errorf("appended %+v", out)
	}
}

func TestFindAllocates(t *testing.T) {
	r := newReading(packs(t))
	a := &model.Article{Text: strings.Repeat("Israel accused Hamas of stalling the talks in Doha. Palestinian officials urged the United States to act. They left.\n", 50)}
	a.PublishedAt = time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	r.r.Read(a, &r.l)
	var out []model.Mention
	out = r.f.Find(a, &r.l, out, nil)
	if n := testing.AllocsPerRun(10, func() { out = r.f.Find(a, &r.l, out[:0], nil) }); n > 0 {
		t.Errorf("%v allocations in steady state", n)
	}
}

func FuzzFind(f *testing.F) {
	for _, c := range readings {
		f.Add(c.text)
	}
	p := packs(f)
	r := newReading(p)
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > 1<<12 {
			return
		}
		r.find(t, strings.ToValidUTF8(body, "?"), "2024-05-01")
	})
}

// TestLongSentence follows pronouns in a sentence without an end, each no
// further back than maxBack, or the cost would grow with its square.
func TestLongSentence(t *testing.T) {
	_, ms := newReading(packs(t)).find(t, "Barack Obama spoke"+strings.Repeat(", he said", 4*maxBack)+".", "2015-01-01")
	if len(ms) < 1+maxBack {
		t.Fatalf("%d mentions, want more than %d", len(ms), maxBack)
	}
	for i, m := range ms[1:] {
		if m.Antecedent < int32(i-maxBack) || m.Antecedent > int32(i) || m.Person != "obama" {
			t.Fatalf("%+v", m)
		}
	}
}

// TestReach looks for the bearer of a surname or an office among as many people
// and mentions as peopleReach says and no more, or a text of nothing but names
// would cost the square of their number.
func TestReach(t *testing.T) {
	r := newReading(packs(t))
	for _, c := range []struct{ before, filler, again, near, far string }{
		{"Emmanuel Macron came. ", "Joe Biden spoke. ", "Macron left.", "full-form", "date"},
		{"President Emmanuel Macron came. ", "Hamas spoke. ", "The president left.", "coreference", "context"},
	} {
		for n, want := range map[int]string{10: c.near, peopleReach + 10: c.far} {
			a, ms := r.find(t, c.before+strings.Repeat(c.filler, n)+c.again, "2024-05-01")
			if m := ms[len(ms)-1]; len(ms) < n || m.Person != "emmanuel-macron" || m.Resolution != want {
				t.Errorf("%d mentions before %q: %s by %s, want by %s", n, m.In(a.Text), m.Person, m.Resolution, want)
			}
		}
	}
}
