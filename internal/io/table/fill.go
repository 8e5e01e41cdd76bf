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
	arena []byte   // ids made here, in pieces that never move
	sids  []string // of the article's sentences
	mids  []string // of the article's mentions
	order []int32
	seen  map[uint64]int
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
	t.arena = nil
}

// id returns prefix followed by n, kept until Reset.
func (t *Tables) id(prefix, mark string, n int32, suffix string) string {
	need := len(prefix) + len(mark) + 11 + len(suffix)
	if cap(t.arena)-len(t.arena) < need {
		t.arena = make([]byte, 0, max(64<<10, need))
	}
	at := len(t.arena)
	t.arena = append(append(t.arena, prefix...), mark...)
	t.arena = strconv.AppendInt(t.arena, int64(n), 10)
	t.arena = append(t.arena, suffix...)
	return unsafe.String(&t.arena[at], len(t.arena)-at)
}

// hash returns 16 hex digits, kept until Reset, that no other hash of the
// article has: equal contents are told apart by their order.
func (t *Tables) hash(h *xxhash.Digest) string {
	sum := h.Sum64()
	n := t.seen[sum]
	t.seen[sum] = n + 1
	if n > 0 {
		writeInts(h, int32(n))
		sum = h.Sum64()
	}
	if cap(t.arena)-len(t.arena) < 16 {
		t.arena = make([]byte, 0, 64<<10)
	}
	at := len(t.arena)
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], sum)
	t.arena = hex.AppendEncode(t.arena, b[:])
	return unsafe.String(&t.arena[at], 16)
}

func writeInts(h *xxhash.Digest, v ...int32) {
	var b [4]byte
	for _, n := range v {
		binary.LittleEndian.PutUint32(b[:], uint32(n))
		h.Write(b[:])
	}
}

func writeStrings(h *xxhash.Digest, v ...string) {
	for _, s := range v {
		h.WriteString(s)
		h.Write([]byte{0})
	}
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

// polarityName returns negative, neutral or positive.
func polarityName(v int8) string { return [...]string{"negative", "neutral", "positive"}[signum(v)+1] }

// stanceName returns against, neutral or favor.
func stanceName(v int8) string { return [...]string{"against", "neutral", "favor"}[signum(v)+1] }

func signum(v int8) int8 { return max(-1, min(1, v)) }

// Add adds the rows of one result. Strings of res must stay as they are until
// Reset; its slices may change. The pieces of a long article come one after
// the other.
func (t *Tables) Add(res *model.Result) {
	a := article{Result: res, id: res.Article.ID, outlet: res.Article.Outlet, date: res.Article.PublishedAt, counts: res.Article.DuplicateOf == ""}
	a.sentence, a.first = res.Own()
	clear(t.seen)
	t.sids = t.sids[:0]
	for i := range res.Sentences {
		t.sids = append(t.sids, t.id(a.id, "/s", res.Piece.Sentences+int32(i), ""))
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
	t.mids = t.mids[:0]
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
		t.mids = append(t.mids, t.id(a.id, "/m", a.Runes.Rune(m.Start), suffix))
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

// span gives start, end, start_byte and end_byte.
func (r *Rows) span(a *article, s model.Span) {
	start, end := a.Runic(s)
	r.i32(start)
	r.i32(end)
	r.i32(s.Start)
	r.i32(s.End)
}

// text gives a part of the text, null when texts are left out.
func (t *Tables) text(r *Rows, a *article, s model.Span) {
	if t.content.NoText {
		r.null()
		return
	}
	r.str(s.In(a.Article.Text))
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

// party gives the id of the party of a mention, null when there is none.
func (r *Rows) party(a *article, mention int32) {
	if mention < 0 || a.Mentions[mention].Kind == model.MentionIssue {
		r.null()
		return
	}
	r.opt(a.Mentions[mention].ID)
}

// person gives the person of a mention, null when there is none.
func (r *Rows) person(a *article, mention int32) {
	if mention < 0 {
		r.null()
		return
	}
	r.opt(a.Mentions[mention].Person)
}

// issue gives the id of the issue of a mention, null when there is none.
func (r *Rows) issue(a *article, mention int32) {
	if mention < 0 || a.Mentions[mention].Kind != model.MentionIssue {
		r.null()
		return
	}
	r.opt(a.Mentions[mention].ID)
}

// at returns v[i], or the zero value beyond its end: a stage that is left out
// leaves its slices empty.
func at[T any](v []T, i int) T {
	if i < len(v) {
		return v[i]
	}
	var none T
	return none
}

func (t *Tables) addSentences(a *article) {
	r := t.sentences
	for i := a.sentence; i < len(a.Sentences); i++ {
		s := &a.Sentences[i]
		m := at(a.Sentiments, i)
		by := model.Attribution{Speaker: -1}
		if i < len(a.Attributions) {
			by = a.Attributions[i]
		}
		r.str(t.sids[i])
		r.str(a.id)
		r.str(a.outlet)
		r.date(a.date)
		r.i32(a.Piece.Sentences + int32(i))
		r.i32(a.Piece.Paragraphs + s.Paragraph)
		r.str(s.Section.String())
		r.bool(a.counts && s.Section.Counts())
		r.span(a, s.Span)
		t.text(r, a, s.Span)
		r.i32(s.Last - s.First)
		r.f32(m.Score)
		r.str(polarityName(m.Label))
		r.f32(m.Positive)
		r.f32(m.Negative)
		r.i32(m.Cues)
		r.f32If(m.Bayes, m.HasBayes)
		if m.HasBayes {
			r.str(polarityName(m.BayesLabel))
		} else {
			r.null()
		}
		r.str(s.Quoted.String())
		r.party(a, by.Speaker)
		r.opt(by.Method)
		r.bool(s.Question)
		r.str(at(a.Modalities, i))
		r.end()
	}
}

func (t *Tables) addMentions(a *article) {
	r := t.mentions
	for i := a.first; i < len(a.Mentions); i++ {
		m := &a.Mentions[i]
		r.str(t.mids[i])
		r.str(a.id)
		r.str(t.sids[m.Sentence])
		r.str(m.Kind.String())
		r.opt(m.ID)
		r.opt(m.Person)
		r.strs(m.Rollup)
		r.str(m.In(a.Article.Text))
		r.str(m.Alias)
		r.str(m.AliasKind.String())
		r.span(a, m.Span)
		r.bool(m.InQuote)
		r.str(m.Role.String())
		r.str(m.Resolution)
		r.strs(m.Candidates)
		r.f32(m.Confidence)
		r.end()
	}
}

// sorted returns the indices below n in order of compare.
func (t *Tables) sorted(n int, compare func(i, j int32) int) []int32 {
	t.order = t.order[:0]
	for i := range n {
		t.order = append(t.order, int32(i))
	}
	slices.SortStableFunc(t.order, compare)
	return t.order
}

func (t *Tables) addTones(a *article) {
	r := t.tones
	for _, i := range t.sorted(len(a.Tones), func(i, j int32) int {
		x, y := &a.Tones[i], &a.Tones[j]
		return cmp.Or(cmp.Compare(x.Sentence, y.Sentence), cmp.Compare(a.Mentions[x.Mention].ID, a.Mentions[y.Mention].ID))
	}) {
		o := &a.Tones[i]
		sec := a.Sentences[o.Sentence].Section
		voice, speaker := "narrator", int32(-1) // the speaker of the sentence need not speak of the party
		switch {
		case o.InQuote:
			voice, speaker = "quoted", o.Speaker
		case o.Reported:
			voice, speaker = "reported", o.Speaker
		}
		r.str(a.id)
		r.str(t.sids[o.Sentence])
		r.str(a.outlet)
		r.date(a.date)
		r.str(sec.String())
		r.bool(a.counts && sec.Counts())
		r.str(a.Mentions[o.Mention].ID)
		r.str(t.mids[o.Mention])
		r.i32(o.Mentions)
		r.str(polarityName(o.Label))
		r.f32(o.P[0])
		r.f32(o.P[1])
		r.f32(o.P[2])
		r.f32(o.Score())
		r.str(voice)
		r.party(a, speaker)
		r.strs(o.Features)
		r.end()
	}
}

// mid gives the id of a mention, null without one.
func (t *Tables) mid(r *Rows, mention int32) {
	if mention < 0 {
		r.null()
		return
	}
	r.str(t.mids[mention])
}

func (t *Tables) addStances(a *article) {
	r := t.stances
	name := func(m int32) string {
		if m < 0 {
			return ""
		}
		return t.mids[m]
	}
	for _, i := range t.sorted(len(a.Stances), func(i, j int32) int {
		x, y := &a.Stances[i], &a.Stances[j]
		return cmp.Or(cmp.Compare(x.Sentence, y.Sentence), cmp.Compare(x.Cue.Start, y.Cue.Start), cmp.Compare(x.Rule, y.Rule),
			cmp.Compare(x.Holder, y.Holder), cmp.Compare(x.Target, y.Target))
	}) {
		s := &a.Stances[i]
		sentence := &a.Sentences[s.Sentence]
		cueStart, cueEnd := a.Runic(s.Cue)
		var h xxhash.Digest
		h.Reset()
		writeStrings(&h, a.id, "stance", s.Rule, name(s.Holder), name(s.Target), s.Act)
		writeInts(&h, a.Piece.Sentences+s.Sentence, cueStart, int32(s.Polarity))
		kind := model.MentionParty
		if s.Target >= 0 {
			kind = a.Mentions[s.Target].Kind
		}
		r.str(t.hash(&h))
		r.str(a.id)
		r.str(t.sids[s.Sentence])
		r.i32(a.Piece.Sentences + s.Sentence)
		r.str(a.outlet)
		r.date(a.date)
		r.str(sentence.Section.String())
		r.bool(a.counts && sentence.Section.Counts())
		r.str(s.Voice.String())
		r.party(a, s.ReportedBy)
		r.party(a, s.Holder)
		r.person(a, s.Holder)
		t.mid(r, s.Holder)
		r.str(kind.String())
		r.party(a, s.Target)
		r.person(a, s.Target)
		r.issue(a, s.Target)
		r.str(name(s.Target))
		r.issue(a, s.Issue)
		r.str(s.Act)
		r.opt(s.CAMEO)
		r.i32(int32(s.Polarity))
		r.str(stanceName(s.Polarity))
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
		t.text(r, a, around(a.Article.Text, sentence.Span, s.Cue))
		r.f32(s.Confidence)
		r.strs(s.Shadowed)
		r.end()
	}
}

func (t *Tables) addQuotes(a *article) {
	r := t.quotes
	for _, i := range t.sorted(len(a.Quotes), func(i, j int32) int {
		x, y := &a.Quotes[i], &a.Quotes[j]
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End), cmp.Compare(x.Kind, y.Kind))
	}) {
		q := &a.Quotes[i]
		if q.Attitude {
			continue // will and judgement are no words of another
		}
		var h xxhash.Digest
		h.Reset()
		start, end := a.Runic(q.Span)
		writeStrings(&h, a.id, "quote", q.Kind.String())
		writeInts(&h, start, end)
		r.str(t.hash(&h))
		r.str(a.id)
		r.str(t.sids[q.FirstSentence])
		r.str(t.sids[max(q.LastSentence-1, q.FirstSentence)])
		r.span(a, q.Span)
		r.str(q.Kind.String())
		r.party(a, q.Mention)
		r.person(a, q.Mention)
		r.opt(q.Source.In(a.Article.Text))
		if q.Cue.Len() > 0 {
			cueStart, cueEnd := a.Runic(q.Cue)
			r.str(q.Cue.In(a.Article.Text))
			r.i32(cueStart)
			r.i32(cueEnd)
		} else {
			r.null()
			r.null()
			r.null()
		}
		r.str(q.Method)
		t.text(r, a, q.Span)
		r.end()
	}
}

func (t *Tables) addParties(a *article) {
	r := t.parties
	for _, i := range t.sorted(len(a.Parties), func(i, j int32) int {
		return cmp.Compare(a.Parties[i].ID, a.Parties[j].ID)
	}) {
		p := &a.Parties[i]
		r.str(a.id)
		r.str(a.outlet)
		r.date(a.date)
		r.str(p.ID)
		r.i32(p.Mentions)
		r.i32(p.Sentences)
		r.f32(p.ToneMean)
		r.f32If(p.ToneNarrator, p.HasNarrator)
		r.i32(p.Negative)
		r.i32(p.Neutral)
		r.i32(p.Positive)
		r.f32If(p.StanceGiven, p.Given > 0)
		r.f32If(p.StanceTaken, p.Received > 0)
		r.i32(p.Given)
		r.i32(p.Received)
		r.i32(p.Quotes)
		r.f32(p.Share)
		r.str(stanceName(p.Label))
		r.f32(p.Confidence)
		r.end()
	}
}

func (t *Tables) addDyads(a *article) {
	r := t.dyads
	for _, i := range t.sorted(len(a.Dyads), func(i, j int32) int {
		x, y := &a.Dyads[i], &a.Dyads[j]
		return cmp.Or(cmp.Compare(x.Sentence, y.Sentence), cmp.Compare(a.Mentions[x.A].Start, a.Mentions[y.A].Start), cmp.Compare(a.Mentions[x.B].Start, a.Mentions[y.B].Start))
	}) {
		d := &a.Dyads[i]
		r.str(a.id)
		r.str(t.sids[d.Sentence])
		r.str(a.Mentions[d.A].ID)
		r.str(a.Mentions[d.B].ID)
		r.bool(d.HasStance)
		r.end()
	}
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
