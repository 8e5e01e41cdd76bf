package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"

	"stance/internal/diag"
	"stance/internal/model"
)

// role is what a field of an input record means.
type role uint8

const (
	roleID role = iota
	roleOutlet
	roleDate
	roleHeadline
	roleText
	roleURL
	roleByline
	roleLang
	numRoles
)

var roleNames = [numRoles]string{"id", "outlet", "date", "headline", "text", "url", "byline", "lang"}

// synonyms are the field names that mean a role; of several in one record the
// first that holds something counts.
var synonyms = [numRoles][]string{
	roleID:       {"id", "article_id"},
	roleOutlet:   {"outlet", "source"},
	roleDate:     {"date", "published_at"},
	roleHeadline: {"headline", "title"},
	roleText:     {"text", "body", "content"},
	roleURL:      {"url"},
	roleByline:   {"byline", "author"},
	roleLang:     {"lang"},
}

// roles maps field names, matched exactly, to roles.
type roles map[string]rank

type rank struct {
	role role
	at   uint8 // among the synonyms
}

func newRoles(fields map[string]string) (roles, error) {
	r := roles{}
	for ro, names := range synonyms {
		for i, n := range names {
			r[n] = rank{role(ro), uint8(i)}
		}
	}
	var named []string
	for name := range fields {
		named = append(named, name)
	}
	slices.Sort(named)
	for _, name := range named {
		ro := slices.Index(roleNames[:], name)
		if ro < 0 {
			for i, names := range synonyms {
				if slices.Contains(names, name) {
					ro = i
				}
			}
		}
		if ro < 0 || fields[name] == "" {
			return nil, fmt.Errorf("%w: field %s=%s: the left side must be one of %s", ErrOptions, name, fields[name], strings.Join(roleNames[:], ", "))
		}
		for _, n := range synonyms[ro] {
			if r[n].role == role(ro) {
				delete(r, n)
			}
		}
		r[fields[name]] = rank{role(ro), 0}
	}
	return r, nil
}

// value is what a record holds for a role.
type value struct {
	raw    []byte // for quoted a JSON string with its marks
	at     uint8  // rank of the field among the synonyms
	set    bool
	quoted bool
	valid  bool // quoted, and UTF-8 throughout
	number bool
}

// appendTo appends the text of v.
func (v *value) appendTo(dst []byte) []byte {
	if !v.set {
		return dst
	}
	switch {
	case v.valid:
		return appendUnquoted(dst, v.raw[1:len(v.raw)-1])
	case v.quoted:
		// Errors are those of invalid UTF-8, which is replaced and was counted.
		dst, _ = jsontext.AppendUnquote(dst, v.raw)
		return dst
	}
	return append(dst, v.raw...)
}

// appendUnquoted appends what stands between the marks of a JSON string that
// was found valid. The library reads byte by byte, and this is most of the text.
func appendUnquoted(dst, s []byte) []byte {
	const escapes, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	for {
		i := bytes.IndexByte(s, '\\')
		if i < 0 {
			return append(dst, s...)
		}
		dst, s = append(dst, s[:i]...), s[i:]
		if k := strings.IndexByte(escapes, s[1]); k >= 0 {
			dst, s = append(dst, meant[k]), s[2:]
			continue
		}
		r, n := escapedUnit(s), 6
		if utf16.IsSurrogate(r) {
			r, n = utf16.DecodeRune(r, escapedUnit(s[6:])), 12
		}
		dst, s = utf8.AppendRune(dst, r), s[n:]
	}
}

// escapedUnit returns the UTF-16 code unit that s begins with as \u and four
// digits.
func escapedUnit(s []byte) rune {
	n, _ := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(n)
}

func (v *value) blank() bool {
	return !v.set || v.quoted && len(v.raw) <= 2 || !v.quoted && len(bytes.TrimSpace(v.raw)) == 0
}

// record gathers the values of one input record.
type record struct {
	values   [numRoles]value
	warnings []string
}

func (r *record) reset() { *r = record{warnings: r.warnings[:0]} }

func (r *record) set(k rank, v value) {
	old := &r.values[k.role]
	if old.set && !old.blank() && (old.at <= k.at || v.blank()) {
		return
	}
	v.at, v.set = k.at, true
	*old = v
}

func (r *record) warn(code string) {
	if !slices.Contains(r.warnings, code) {
		r.warnings = append(r.warnings, code)
	}
}

// decoder is what one worker needs to turn records into articles.
type decoder struct {
	c     *Corpus
	f     *file
	take  func(*model.Batch) error
	batch *model.Batch
	arena []byte
	rec   record
	json  *jsontext.Decoder
	in    bytes.Buffer
	short []byte
	left  int64 // records still to be read; negative without a limit
	held  int   // bytes of text in batch

	flushed bool // a batch of the file was handed on
}

func newDecoder(c *Corpus, take func(*model.Batch) error) *decoder {
	d := &decoder{c: c, take: take, batch: &model.Batch{}, left: -1}
	if c.opts.Limit > 0 {
		d.left = c.opts.Limit
	}
	return d
}

// batchText is the text after which a batch is handed on, in bytes.
const batchText = 1 << 20

// flush hands the batch on.
func (d *decoder) flush() error {
	b := d.batch
	b.Path = d.f.path
	if len(b.Articles) == 0 && len(b.Rejects) == 0 && b.Records == 0 && b.InputBytes == 0 && b.Skipped == 0 {
		return nil
	}
	d.batch, d.arena, d.held, d.flushed = &model.Batch{}, nil, 0, true
	return d.take(b)
}

// reserve makes room for n bytes of text without moving what is there.
func (d *decoder) reserve(n int) {
	if cap(d.arena)-len(d.arena) < n {
		d.arena = make([]byte, 0, max(n, 64<<10))
	}
}

// keep returns the arena from start on as a string. Later appends write only
// behind it.
func (d *decoder) keep(start int) string {
	if start == len(d.arena) {
		return ""
	}
	return unsafe.String(&d.arena[start], len(d.arena)-start)
}

func (d *decoder) string(r role) string {
	v := &d.rec.values[r]
	if v.blank() {
		return ""
	}
	d.reserve(3*len(v.raw) + 8)
	start := len(d.arena)
	d.arena = v.appendTo(d.arena)
	return strings.TrimSpace(d.keep(start))
}

// reject adds a reject for the record at src.
func (d *decoder) reject(src model.Source, ft fault, raw []byte) {
	if !ft.warning {
		d.f.rejects.Add(1)
	}
	d.batch.Rejects = append(d.batch.Rejects, model.Reject{Source: src, ArticleID: d.rejectID(), Stage: "read", Code: ft.code,
		Message: diag.Escape(ft.message), RawHead: bytes.Clone(raw[:min(len(raw), model.RawHeadMax)]), Warning: ft.warning})
}

func (d *decoder) rejectID() string {
	if v := &d.rec.values[roleID]; !v.blank() && len(v.raw) <= 1<<10 {
		return strings.ToValidUTF8(string(v.appendTo(nil)), "\uFFFD")
	}
	return ""
}

// count counts a record and reports whether it is within the limit.
func (d *decoder) count() bool {
	if d.left == 0 {
		return false
	}
	if d.left > 0 {
		d.left--
	}
	d.batch.Records++
	d.f.records.Add(1)
	return true
}

// add turns the record gathered in d.rec into an article of the batch, or a
// reject. raw is the record as it stands in the input.
func (d *decoder) add(src model.Source, raw []byte) {
	rec := &d.rec
	text := &rec.values[roleText]
	if !text.set {
		d.reject(src, fault{code: "E_NO_TEXT", message: "no text field; looked for " + d.c.roles.namesOf(roleText)}, raw)
		return
	}
	head := &rec.values[roleHeadline]
	// Room for every invalid byte becoming U+FFFD, where there are any.
	grow := 1
	if slices.Contains(rec.warnings, "invalid_utf8") {
		grow = 3
	}
	d.reserve(grow*(len(text.raw)+len(head.raw)) + 2)
	start := len(d.arena)
	var a model.Article
	if !head.blank() {
		d.arena = head.appendTo(d.arena)
		if h := bytes.TrimSpace(d.arena[start:]); len(h) > 0 {
			// Headlines are one line without space around it, so that a
			// blank line ends them.
			n := copy(d.arena[start:], h)
			d.arena = d.arena[:start+n]
			for i := start; i < len(d.arena); i++ {
				if d.arena[i] == '\n' || d.arena[i] == '\r' {
					d.arena[i] = ' '
				}
			}
			a.Headline = d.keep(start)
			d.arena = append(d.arena, "\n\n"...)
			a.BodyStart = int32(len(d.arena) - start)
		} else {
			d.arena = d.arena[:start]
		}
	}
	d.arena = text.appendTo(d.arena)
	a.Text = d.keep(start)
	if strings.TrimSpace(a.Text[a.BodyStart:]) == "" {
		d.arena = d.arena[:start]
		d.reject(src, fault{code: "E_EMPTY_TEXT", message: "the text is empty"}, raw)
		return
	}
	a.Source = src
	a.ID = d.string(roleID)
	a.Outlet = d.string(roleOutlet)
	a.URL = d.string(roleURL)
	a.Byline = d.string(roleByline)
	a.Lang = d.string(roleLang)
	if v := &rec.values[roleDate]; !v.blank() {
		d.short = v.appendTo(d.short[:0])
		ok := false
		if v.number {
			a.PublishedAt, ok = parseEpoch(string(d.short))
		} else {
			a.PublishedAt, ok = parseDate(string(d.short))
		}
		if !ok {
			rec.warn("bad_date")
		}
	}
	slices.Sort(rec.warnings)
	if len(rec.warnings) > 0 {
		a.Warnings = slices.Clone(rec.warnings)
	}
	d.addArticle(a, raw)
}

// addArticle completes a and adds it to the batch, unless options leave it
// out. raw is the record as it stands in the input.
func (d *decoder) addArticle(a model.Article, raw []byte) {
	if strings.IndexByte(a.Text, 0) >= 0 {
		if d.c.opts.StrictUTF8 {
			d.reject(a.Source, fault{code: "E_UTF8", message: "the text holds a NUL character"}, raw)
			return
		}
		a.Headline = withoutNUL(a.Headline)
		head := withoutNUL(a.Text[:a.BodyStart])
		a.Text = head + withoutNUL(a.Text[a.BodyStart:])
		a.BodyStart = int32(len(head))
		a.Warnings = append(a.Warnings, "nul")
	}
	a.TextSHA256 = sha256.Sum256(unsafe.Slice(unsafe.StringData(a.Text), len(a.Text)))
	if a.ID == "" {
		a.ID = hex.EncodeToString(a.TextSHA256[:8])
	}
	if a.Lang == "" {
		a.Lang = "en"
	}
	o := &d.c.opts
	late := !o.Until.IsZero() && !a.PublishedAt.Before(o.Until)
	early := (!o.Since.IsZero() || !o.Until.IsZero()) && (a.PublishedAt.IsZero() || a.PublishedAt.Before(o.Since))
	if late || early || o.Shards > 1 && shardOf(a.ID, o.Shards) != o.Shard {
		d.batch.Records--
		d.batch.Skipped++
		return
	}
	d.batch.Articles = append(d.batch.Articles, a)
	d.held += len(a.Text)
}

// withoutNUL replaces NUL, which many readers of tables take for the end of a
// text.
func withoutNUL(s string) string { return strings.ReplaceAll(s, "\x00", "\uFFFD") }

// shardOf returns the shard, from 1 to n, of an article id. It depends on
// nothing else.
func shardOf(id string, n int) int {
	sum := sha256.Sum256([]byte(id))
	return int(binary.BigEndian.Uint64(sum[:8])%uint64(n)) + 1
}

func (r roles) namesOf(ro role) string {
	var names []string
	for name, k := range r {
		if k.role == ro {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
