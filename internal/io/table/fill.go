package table

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/cespare/xxhash/v2"

	"stance/internal/model"
)

// Content says which texts the tables hold.
type Content struct {
	NoText         bool   // leave out the text of sentences and quotes, and snippets
	ArticleText    bool   // keep the whole text of articles
	RulesetVersion string // stands in every stance
}

// Tables is a set of rows of every table. It is the scratch of one worker.
type Tables struct {
	content Content
	rows    map[string]*Rows
	list    []*Rows // in the order of Schemas

	articles, sentences, mentions, tones, stances, quotes, parties, dyads, rejects, rules *Rows

	whole wholeArticle
	arena []byte         // ids made here, in pieces that never move
	sids  []string       // of the article's sentences
	mids  []string       // of the article's mentions
	runes []int32        // where the article's mentions begin, in code points
	known []int32        // places of their names in a dictionary; -1: not known
	ids   []string       // of the rows of one table
	spans [2][]int32     // of the rows of one table, in code points
	bytes []byte         // that are hashed, or that ids begin with
	seen  map[uint64]int // hashes of the article

	spoken  []model.Quote // of the article
	ordered struct {
		tones   ordered[model.Tone]
		stances ordered[model.Stance]
		quotes  ordered[model.Quote]
		parties ordered[model.PartySummary]
		dyads   ordered[model.Dyad]
	}
}

// NewTables returns empty tables.
func NewTables(c Content) *Tables {
	t := &Tables{content: c, rows: map[string]*Rows{}, seen: map[uint64]int{}}
	for _, s := range Schemas() {
		r := NewRows(&s)
		t.rows[s.Name] = r
		t.list = append(t.list, r)
	}
	t.articles, t.sentences, t.mentions, t.tones, t.stances = t.rows[Articles], t.rows[Sentences], t.rows[Mentions], t.rows[Tones], t.rows[Stances]
	t.quotes, t.parties, t.dyads, t.rejects, t.rules = t.rows[Quotes], t.rows[ArticleParties], t.rows[Dyads], t.rows[Rejects], t.rows[RuleStats]
	return t
}

// All returns the rows of every table in the order of Schemas.
func (t *Tables) All() []*Rows { return t.list }

// Reset drops all rows.
func (t *Tables) Reset() {
	for _, r := range t.list {
		r.Reset()
	}
	t.arena = t.arena[:0]
}

// room makes room for n bytes in the arena.
func (t *Tables) room(n int) {
	if cap(t.arena)-len(t.arena) < n {
		t.arena = make([]byte, 0, max(64<<10, min(2*cap(t.arena), 1<<20), n))
	}
}

// id returns t.bytes followed by n and a suffix, kept until Reset.
func (t *Tables) id(n int32, suffix string) string {
	t.room(len(t.bytes) + 11 + len(suffix))
	at := len(t.arena)
	t.arena = strconv.AppendInt(append(t.arena, t.bytes...), int64(n), 10)
	if suffix != "" {
		t.arena = append(t.arena, suffix...)
	}
	return unsafe.String(&t.arena[at], len(t.arena)-at)
}

// hash returns 16 hex digits, kept until Reset, that no other hash of the
// article has: equal contents are told apart by their order.
func (t *Tables) hash(texts []string, numbers ...int32) string {
	b := t.bytes[:0]
	for _, s := range texts {
		b = append(append(b, s...), 0)
	}
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	sum := xxhash.Sum64(b)
	n := t.seen[sum]
	t.seen[sum] = n + 1
	if n > 0 {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
		sum = xxhash.Sum64(b)
	}
	t.room(16)
	at := len(t.arena)
	b = binary.BigEndian.AppendUint64(b[:0], sum)
	t.arena = hex.AppendEncode(t.arena, b)
	t.bytes = b
	return unsafe.String(&t.arena[at], 16)
}

// article is what the rows of one article share.
type article struct {
	*model.Result
	id              string
	outlet          string
	date            time.Time
	counts          bool // sentences of the right sections count
	sentence, first int  // sentence and mention from which on rows are wanted
}

// wholeArticle is what the row of an article sums up over its pieces.
type wholeArticle struct {
	summary, repeated bool
	all, body         float64 // sums of sentiment
	nAll, nBody       int     // sentences with one
	tokens            int32
}

// polarity is negative, neutral or positive: 0, 1 or 2.
type polarity uint8

func polarityOf(v int8) polarity { return polarity(max(-1, min(1, v)) + 1) }

func (p polarity) String() string { return [...]string{"negative", "neutral", "positive"}[p] }

// side is a polarity as a stance.
type side polarity

func (s side) String() string { return [...]string{"against", "neutral", "favor"}[s] }

// voice says in whose words a tone is.
type voice uint8

const (
	narrator voice = iota
	quoted
	reported
)

func (v voice) String() string { return [...]string{"narrator", "quoted", "reported"}[v] }

// voiceOf returns the voice of a tone, and the mention of its speaker or -1:
// the speaker of the narrator's sentence need not speak of the party.
func voiceOf(o *model.Tone) (v voice, speaker int32) {
	switch {
	case o.InQuote:
		return quoted, o.Speaker
	case o.Reported:
		return reported, o.Speaker
	}
	return narrator, -1
}

// Add adds the rows of one result. Strings of res must stay as they are until
// Reset; its slices may change. The pieces of a long article come one after
// the other.
func (t *Tables) Add(res *model.Result) {
	a := article{Result: res, id: res.Article.ID, outlet: res.Article.Outlet, date: res.Article.PublishedAt, counts: res.Article.DuplicateOf == ""}
	a.sentence, a.first = res.Own()
	clear(t.seen)
	t.sids = t.sids[:0]
	t.bytes = append(append(t.bytes[:0], a.id...), "/s"...)
	for i := range res.Sentences {
		t.sids = append(t.sids, t.id(res.Piece.Sentences+int32(i), ""))
	}
	t.nameMentions(&a)
	t.sum(&a)
	t.addSentences(&a)
	t.addMentions(&a)
	t.addTones(&a)
	t.addStances(&a)
	t.addQuotes(&a)
	t.addDyads(&a)
	if !res.Piece.More {
		t.addArticle(&a)
		t.addParties(&a)
	}
}

// nameMentions gives each mention its id. Several mentions can begin at one
// place when an issue, a party and a person share words.
func (t *Tables) nameMentions(a *article) {
	t.mids, t.runes = t.mids[:0], t.runes[:0]
	t.bytes = append(append(t.bytes[:0], a.id...), "/m"...)
	again := 0
	for i := range a.Mentions {
		m := &a.Mentions[i]
		suffix := ""
		if i > 0 && a.Mentions[i-1].Start == m.Start {
			again++
			suffix = m.Kind.String()[:1]
			if again > 1 {
				suffix += strconv.Itoa(again)
			}
		} else {
			again = 0
		}
		t.runes = append(t.runes, a.Runes.Rune(m.Start))
		t.mids = append(t.mids, t.id(t.runes[i], suffix))
	}
}

// sum adds a piece to the sums over its article.
func (t *Tables) sum(a *article) {
	w := &t.whole
	if a.Piece.Number == 0 {
		*w = wholeArticle{}
	}
	for i := range a.Paragraphs {
		w.summary = w.summary || a.Paragraphs[i].Section == model.SectionSummary
		w.repeated = w.repeated || a.Paragraphs[i].Section == model.SectionHeadlineRepeat
	}
	for i := a.sentence; i < len(a.Sentiments); i++ {
		s := a.Sentences[i].Section
		if s.Counts() {
			w.all += float64(a.Sentiments[i].Score)
			w.nAll++
		}
		if s == model.SectionBody {
			w.body += float64(a.Sentiments[i].Score)
			w.nBody++
		}
	}
	w.tokens += int32(len(a.Tokens))
	if a.sentence > 0 {
		w.tokens -= a.Sentences[a.sentence-1].Last
	}
}

func (t *Tables) addArticle(a *article) {
	art, r, w := a.Article, t.articles, &t.whole
	headline := art.Headline
	if headline == "" {
		headline = a.Headline.In(art.Text)
	}
	r.str(a.id)
	r.str(art.Source.Path)
	r.i64(art.Source.RecordNo)
	r.str(hex.EncodeToString(art.TextSHA256[:]))
	r.str(a.outlet)
	r.opt(art.URL)
	r.opt(art.Byline)
	r.time(a.date)
	r.date(a.date)
	r.str(headline)
	r.str(art.Lang)
	r.i32(a.Runes.Rune(int32(len(art.Text))))
	r.i32(w.tokens)
	r.i32(a.Piece.Sentences + int32(len(a.Sentences)))
	r.str(a.Layout.String())
	r.i32(a.Runes.Rune(art.BodyStart))
	r.bool(w.repeated)
	r.bool(w.summary)
	r.opt(art.DuplicateOf)
	r.f32If(art.Similarity, art.DuplicateOf != "")
	r.f32If(float32(w.all/float64(max(w.nAll, 1))), w.nAll > 0)
	r.f32If(float32(w.body/float64(max(w.nBody, 1))), w.nBody > 0)
	r.strs(art.Warnings)
	if t.content.ArticleText {
		r.str(art.Text)
	} else {
		r.null()
	}
	r.end()
}

// span gives start and end, which t.spans holds for all rows of the article,
// and start_byte and end_byte, which are known of a row of the batch.
func (t *Tables) span(r *Rows, from, to int, bytes func(i int) model.Span) {
	copy(r.i32s(), t.spans[0][from:to])
	copy(r.i32s(), t.spans[1][from:to])
	fill(r.i32s(), func(i int) int32 { return bytes(i).Start })
	fill(r.i32s(), func(i int) int32 { return bytes(i).End })
}

// text gives parts of the text, null when texts are left out.
func (t *Tables) text(r *Rows, a *article, span func(i int) model.Span) {
	if t.content.NoText {
		r.null()
		return
	}
	fill(r.texts(), func(i int) string { return span(i).In(a.Article.Text) })
}

// names gives the parties of mentions, each looked up once.
func (t *Tables) names(r *Rows, a *article, mention func(i int) int32) {
	t.known = t.known[:0]
	repeat(&t.known, -1, len(a.Mentions))
	c, places := r.words()
	for i := range places {
		m := mention(i)
		if t.known[m] < 0 {
			t.known[m] = c.words.place(a.Mentions[m].ID)
		}
		places[i] = t.known[m]
	}
}

// snippetReach is the most bytes of a snippet on either side of the cue, more
// than sentences of news have. One without an end has many cues, and to repeat
// it for each would take its square.
const snippetReach = 1 << 10

// around returns a sentence, or as much of it around a cue as a snippet holds.
func around(text string, sentence, cue model.Span) model.Span {
	if cue.Start-sentence.Start > snippetReach {
		for sentence.Start = cue.Start - snippetReach; !utf8.RuneStart(text[sentence.Start]); sentence.Start++ {
		}
	}
	if sentence.End-cue.End > snippetReach {
		for sentence.End = cue.End + snippetReach; !utf8.RuneStart(text[sentence.End]); sentence.End-- {
		}
	}
	return sentence
}

// party returns the id of the party of a mention, "" when there is none.
func (a *article) party(mention int32) string {
	if mention < 0 || a.Mentions[mention].Kind == model.MentionIssue {
		return ""
	}
	return a.Mentions[mention].ID
}

// person returns the person of a mention, "" when there is none.
func (a *article) person(mention int32) string {
	if mention < 0 {
		return ""
	}
	return a.Mentions[mention].Person
}

// issue returns the id of the issue of a mention, "" when there is none.
func (a *article) issue(mention int32) string {
	if mention < 0 || a.Mentions[mention].Kind != model.MentionIssue {
		return ""
	}
	return a.Mentions[mention].ID
}

// part returns v[from:to], with zero values beyond the end of v: a stage that
// is left out leaves its slices empty.
func part[T any](v []T, from, to int) []T {
	if to <= len(v) {
		return v[from:to]
	}
	some := make([]T, to-from)
	copy(some, v[min(from, len(v)):])
	return some
}

func (t *Tables) addSentences(a *article) {
	t.spans[0], t.spans[1] = t.spans[0][:0], t.spans[1][:0]
	var end int32
	for i := a.sentence; i < len(a.Sentences); i++ {
		s := &a.Sentences[i]
		start := end
		if i > a.sentence && a.Sentences[i-1].End <= s.Start { // little lies between two sentences
			start += int32(utf8.RuneCountInString(a.Article.Text[a.Sentences[i-1].End:s.Start]))
		} else {
			start = a.Runes.Rune(s.Start)
		}
		end = a.Runes.Rune(s.End)
		t.spans[0], t.spans[1] = append(t.spans[0], start), append(t.spans[1], end)
	}
	t.sentences.add(len(a.Sentences)-a.sentence, func(from, to int) {
		r, first, last := t.sentences, a.sentence+from, a.sentence+to
		list, scores := a.Sentences[first:last], part(a.Sentiments, first, last)
		copy(r.texts(), t.sids[first:])
		r.str(a.id)
		r.str(a.outlet)
		r.date(a.date)
		fill(r.i32s(), func(i int) int32 { return a.Piece.Sentences + int32(first+i) })
		fill(r.i32s(), func(i int) int32 { return a.Piece.Paragraphs + list[i].Paragraph })
		t.sections(r, a, func(i int) model.Section { return list[i].Section })
		t.span(r, from, to, func(i int) model.Span { return list[i].Span })
		t.text(r, a, func(i int) model.Span { return list[i].Span })
		fill(r.i32s(), func(i int) int32 { return list[i].Last - list[i].First })
		fill(r.f32s(), func(i int) float32 { return scores[i].Score })
		c, places := r.words()
		fill(places, func(i int) int32 { return code(c, polarityOf(scores[i].Label)) })
		fill(r.f32s(), func(i int) float32 { return scores[i].Positive })
		fill(r.f32s(), func(i int) float32 { return scores[i].Negative })
		fill(r.i32s(), func(i int) int32 { return scores[i].Cues })
		c = r.next(Float32)
		for i := range scores {
			c.f32If(scores[i].Bayes, scores[i].HasBayes)
		}
		c = r.next(String)
		for i := range scores {
			if !scores[i].HasBayes {
				c.opt("")
				continue
			}
			c.def, c.at = append(c.def, 1), append(c.at, code(c, polarityOf(scores[i].BayesLabel)))
		}
		c, places = r.words()
		fill(places, func(i int) int32 { return code(c, list[i].Quoted) })
		by := func(i int) model.Attribution {
			if i += first; i < len(a.Attributions) {
				return a.Attributions[i]
			}
			return model.Attribution{Speaker: -1}
		}
		c = r.next(String)
		for i := range list {
			c.opt(a.party(by(i).Speaker))
		}
		c = r.next(String)
		for i := range list {
			c.opt(by(i).Method)
		}
		fill(r.bools(), func(i int) bool { return list[i].Question })
		modalities := part(a.Modalities, first, last)
		c, places = r.words()
		fill(places, func(i int) int32 { return c.words.place(modalities[i]) })
	})
}

// sections gives section and counts.
func (t *Tables) sections(r *Rows, a *article, of func(i int) model.Section) {
	c, places := r.words()
	fill(places, func(i int) int32 { return code(c, of(i)) })
	fill(r.bools(), func(i int) bool { return a.counts && of(i).Counts() })
}

func (t *Tables) addMentions(a *article) {
	t.spans[0], t.spans[1] = append(t.spans[0][:0], t.runes[a.first:]...), t.spans[1][:0]
	for i := a.first; i < len(a.Mentions); i++ {
		t.spans[1] = append(t.spans[1], t.runes[i]+int32(utf8.RuneCountInString(a.Mentions[i].In(a.Article.Text))))
	}
	t.mentions.add(len(a.Mentions)-a.first, func(from, to int) {
		r, list := t.mentions, a.Mentions[a.first+from:a.first+to]
		copy(r.texts(), t.mids[a.first+from:])
		r.str(a.id)
		fill(r.texts(), func(i int) string { return t.sids[list[i].Sentence] })
		c, places := r.words()
		fill(places, func(i int) int32 { return code(c, list[i].Kind) })
		c = r.next(String)
		for i := range list {
			c.opt(list[i].ID)
		}
		c = r.next(String)
		for i := range list {
			c.opt(list[i].Person)
		}
		c = r.next(Strings)
		for i := range list {
			c.strs(list[i].Rollup)
		}
		c, places = r.words()
		fill(places, func(i int) int32 { return c.words.find(list[i].In(a.Article.Text)) })
		c, places = r.words()
		fill(places, func(i int) int32 { return c.words.place(list[i].Alias) })
		c, places = r.words()
		fill(places, func(i int) int32 { return code(c, list[i].AliasKind) })
		t.span(r, from, to, func(i int) model.Span { return list[i].Span })
		fill(r.bools(), func(i int) bool { return list[i].InQuote })
		c, places = r.words()
		fill(places, func(i int) int32 { return code(c, list[i].Role) })
		c, places = r.words()
		fill(places, func(i int) int32 { return c.words.place(list[i].Resolution) })
		c = r.next(Strings)
		for i := range list {
			c.strs(list[i].Candidates)
		}
		fill(r.f32s(), func(i int) float32 { return list[i].Confidence })
	})
}

// ordered is the scratch for bringing a list into order.
type ordered[T any] struct {
	places []int32
	list   []T
}

// by returns v sorted by compare, valid until the next call: most lists of an
// article are in order.
func (o *ordered[T]) by(v []T, compare func(x, y *T) int) []T {
	for i := 1; i < len(v); i++ {
		if compare(&v[i-1], &v[i]) > 0 {
			return o.sorted(v, compare)
		}
	}
	return v
}

func (o *ordered[T]) sorted(v []T, compare func(x, y *T) int) []T {
	o.places, o.list = o.places[:0], o.list[:0]
	fill(more(&o.places, len(v)), func(i int) int32 { return int32(i) })
	slices.SortStableFunc(o.places, func(i, j int32) int { return compare(&v[i], &v[j]) })
	fill(more(&o.list, len(v)), func(i int) T { return v[o.places[i]] })
	return o.list
}

func (t *Tables) addTones(a *article) {
	all := t.ordered.tones.by(a.Tones, func(x, y *model.Tone) int {
		if c := cmp.Compare(x.Sentence, y.Sentence); c != 0 {
			return c
		}
		return cmp.Compare(a.Mentions[x.Mention].ID, a.Mentions[y.Mention].ID)
	})
	t.tones.add(len(all), func(from, to int) {
		r, list := t.tones, all[from:to]
		r.str(a.id)
		fill(r.texts(), func(i int) string { return t.sids[list[i].Sentence] })
		r.str(a.outlet)
		r.date(a.date)
		t.sections(r, a, func(i int) model.Section { return a.Sentences[list[i].Sentence].Section })
		t.names(r, a, func(i int) int32 { return list[i].Mention })
		fill(r.texts(), func(i int) string { return t.mids[list[i].Mention] })
		fill(r.i32s(), func(i int) int32 { return list[i].Mentions })
		c, places := r.words()
		fill(places, func(i int) int32 { return code(c, polarityOf(list[i].Label)) })
		for p := range 3 {
			fill(r.f32s(), func(i int) float32 { return list[i].P[p] })
		}
		fill(r.f32s(), func(i int) float32 { return list[i].Score() })
		c, places = r.words()
		fill(places, func(i int) int32 {
			v, _ := voiceOf(&list[i])
			return code(c, v)
		})
		c = r.next(String)
		for i := range list {
			_, speaker := voiceOf(&list[i])
			c.opt(a.party(speaker))
		}
		c = r.next(Strings)
		for i := range list {
			c.strs(list[i].Features)
		}
	})
}

func (t *Tables) addStances(a *article) {
	r := t.stances
	name := func(m int32) string {
		if m < 0 {
			return ""
		}
		return t.mids[m]
	}
	list := t.ordered.stances.by(a.Stances, func(x, y *model.Stance) int {
		return cmp.Or(cmp.Compare(x.Sentence, y.Sentence), cmp.Compare(x.Cue.Start, y.Cue.Start), cmp.Compare(x.Rule, y.Rule),
			cmp.Compare(x.Holder, y.Holder), cmp.Compare(x.Target, y.Target))
	})
	for i := range list {
		s := &list[i]
		sentence := &a.Sentences[s.Sentence]
		cueStart, cueEnd := a.Runic(s.Cue)
		id := t.hash([]string{a.id, "stance", s.Rule, name(s.Holder), name(s.Target), s.Act}, a.Piece.Sentences+s.Sentence, cueStart, int32(s.Polarity))
		kind := model.MentionParty
		if s.Target >= 0 {
			kind = a.Mentions[s.Target].Kind
		}
		r.str(id)
		r.str(a.id)
		r.str(t.sids[s.Sentence])
		r.i32(a.Piece.Sentences + s.Sentence)
		r.str(a.outlet)
		r.date(a.date)
		r.str(sentence.Section.String())
		r.bool(a.counts && sentence.Section.Counts())
		r.str(s.Voice.String())
		r.opt(a.party(s.ReportedBy))
		r.opt(a.party(s.Holder))
		r.opt(a.person(s.Holder))
		r.opt(name(s.Holder))
		r.str(kind.String())
		r.opt(a.party(s.Target))
		r.opt(a.person(s.Target))
		r.opt(a.issue(s.Target))
		r.str(name(s.Target))
		r.opt(a.issue(s.Issue))
		r.str(s.Act)
		r.opt(s.CAMEO)
		r.i32(int32(s.Polarity))
		r.str(side(polarityOf(s.Polarity)).String())
		r.f32(s.Score)
		r.f32(s.Factors.Base)
		r.f32(s.Factors.Reversal)
		r.f32(s.Factors.Negation)
		r.f32(s.Factors.Modality)
		r.f32(s.Factors.Reporting)
		r.f32(s.Factors.Section)
		r.f32(s.Factors.Alias)
		r.bool(s.Negated)
		r.bool(s.Reversed)
		r.str(s.Modality)
		r.opt(s.Verb)
		r.bool(s.InQuote)
		r.str(s.Rule)
		r.str(t.content.RulesetVersion)
		r.str(s.Sieve)
		r.str(s.Cue.In(a.Article.Text))
		r.i32(cueStart)
		r.i32(cueEnd)
		t.text(r, a, func(int) model.Span { return around(a.Article.Text, sentence.Span, s.Cue) })
		r.f32(s.Confidence)
		r.strs(s.Shadowed)
		r.end()
	}
}

func attitude(q model.Quote) bool { return q.Attitude }

func (t *Tables) addQuotes(a *article) {
	t.spoken = append(t.spoken[:0], a.Quotes...)
	t.spoken = slices.DeleteFunc(t.spoken, attitude) // will and judgement are no words of another
	all := t.ordered.quotes.by(t.spoken, func(x, y *model.Quote) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End), cmp.Compare(x.Kind, y.Kind))
	})
	t.ids, t.spans[0], t.spans[1] = t.ids[:0], t.spans[0][:0], t.spans[1][:0]
	for i := range all {
		q := &all[i]
		start, end := a.Runic(q.Span)
		t.ids = append(t.ids, t.hash([]string{a.id, "quote", q.Kind.String()}, start, end))
		t.spans[0], t.spans[1] = append(t.spans[0], start), append(t.spans[1], end)
	}
	t.quotes.add(len(all), func(from, to int) {
		r, list := t.quotes, all[from:to]
		copy(r.texts(), t.ids[from:])
		r.str(a.id)
		fill(r.texts(), func(i int) string { return t.sids[list[i].FirstSentence] })
		fill(r.texts(), func(i int) string { return t.sids[max(list[i].LastSentence-1, list[i].FirstSentence)] })
		t.span(r, from, to, func(i int) model.Span { return list[i].Span })
		c, places := r.words()
		fill(places, func(i int) int32 { return code(c, list[i].Kind) })
		party, person, surface, cue, start, end := r.next(String), r.next(String), r.next(String), r.next(String), r.next(Int32), r.next(Int32)
		for i := range list {
			q := &list[i]
			party.opt(a.party(q.Mention))
			person.opt(a.person(q.Mention))
			surface.opt(q.Source.In(a.Article.Text))
			if q.Cue.Len() == 0 {
				cue.opt("")
				start.def, end.def = append(start.def, 0), append(end.def, 0)
				continue
			}
			cue.opt(q.Cue.In(a.Article.Text))
			first, last := a.Runic(q.Cue)
			start.def, end.def = append(start.def, 1), append(end.def, 1)
			start.i32, end.i32 = append(start.i32, first), append(end.i32, last)
		}
		c, places = r.words()
		fill(places, func(i int) int32 { return c.words.place(list[i].Method) })
		t.text(r, a, func(i int) model.Span { return list[i].Span })
	})
}

func (t *Tables) addParties(a *article) {
	all := t.ordered.parties.by(a.Parties, func(x, y *model.PartySummary) int { return cmp.Compare(x.ID, y.ID) })
	t.parties.add(len(all), func(from, to int) {
		r, list := t.parties, all[from:to]
		r.str(a.id)
		r.str(a.outlet)
		r.date(a.date)
		c, places := r.words()
		fill(places, func(i int) int32 { return c.words.place(list[i].ID) })
		fill(r.i32s(), func(i int) int32 { return list[i].Mentions })
		fill(r.i32s(), func(i int) int32 { return list[i].Sentences })
		fill(r.f32s(), func(i int) float32 { return list[i].ToneMean })
		c = r.next(Float32)
		for i := range list {
			c.f32If(list[i].ToneNarrator, list[i].HasNarrator)
		}
		fill(r.i32s(), func(i int) int32 { return list[i].Negative })
		fill(r.i32s(), func(i int) int32 { return list[i].Neutral })
		fill(r.i32s(), func(i int) int32 { return list[i].Positive })
		c = r.next(Float32)
		for i := range list {
			c.f32If(list[i].StanceGiven, list[i].Given > 0)
		}
		c = r.next(Float32)
		for i := range list {
			c.f32If(list[i].StanceTaken, list[i].Received > 0)
		}
		fill(r.i32s(), func(i int) int32 { return list[i].Given })
		fill(r.i32s(), func(i int) int32 { return list[i].Received })
		fill(r.i32s(), func(i int) int32 { return list[i].Quotes })
		fill(r.f32s(), func(i int) float32 { return list[i].Share })
		c, places = r.words()
		fill(places, func(i int) int32 { return code(c, side(polarityOf(list[i].Label))) })
		fill(r.f32s(), func(i int) float32 { return list[i].Confidence })
	})
}

func (t *Tables) addDyads(a *article) {
	all := t.ordered.dyads.by(a.Dyads, func(x, y *model.Dyad) int {
		if c := cmp.Compare(x.Sentence, y.Sentence); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.Mentions[x.A].Start, a.Mentions[y.A].Start), cmp.Compare(a.Mentions[x.B].Start, a.Mentions[y.B].Start))
	})
	t.dyads.add(len(all), func(from, to int) {
		r, list := t.dyads, all[from:to]
		r.str(a.id)
		fill(r.texts(), func(i int) string { return t.sids[list[i].Sentence] })
		t.names(r, a, func(i int) int32 { return list[i].A })
		t.names(r, a, func(i int) int32 { return list[i].B })
		fill(r.bools(), func(i int) bool { return list[i].HasStance })
	})
}

// AddReject adds a row to the rejects.
func (t *Tables) AddReject(rej *model.Reject) {
	r := t.rejects
	r.str(rej.Path)
	r.i64(rej.RecordNo)
	r.i64(rej.Offset)
	r.i64(rej.Line)
	r.opt(rej.ArticleID)
	r.str(rej.Stage)
	r.str(rej.Code)
	r.str(rej.Message)
	r.binary(rej.RawHead[:min(len(rej.RawHead), model.RawHeadMax)])
	if rej.Warning {
		r.str("warning")
	} else {
		r.str("error")
	}
	r.end()
}

// AddRule adds a row to the rule statistics.
func (t *Tables) AddRule(s *model.RuleStat) {
	r := t.rules
	r.str(s.Rule)
	r.i64(s.Tried)
	r.i64(s.Fired)
	r.i64(s.Shadowed)
	r.i64(s.Negated)
	r.i64(s.Articles)
	r.f32(float32(s.Per1000Sentence))
	r.end()
}
