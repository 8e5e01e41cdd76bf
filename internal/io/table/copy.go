package table

import (
	"fmt"
	"time"

	"stance/internal/io/columnar"
	"stance/internal/model"
)

// Batch is a number of rows, as Read gives them.
type Batch = columnar.Batch

// Copy adds row i of a batch with all columns of a table, of the article a,
// whose marks as a near copy replace those of the row. It is the row that Add
// would have added.
func (t *Tables) Copy(name string, b *Batch, i int, a *model.Joined) error {
	r := t.rows[name]
	for c := range r.Schema.Columns {
		v := &b.Columns[c]
		switch r.Schema.Columns[c].Name {
		case "duplicate_of":
			r.opt(a.DuplicateOf)
			continue
		case "duplicate_similarity":
			r.f32If(a.Similarity, a.DuplicateOf != "")
			continue
		case "counts":
			_, section := r.Schema.Column("section")
			r.bool(a.DuplicateOf == "" && sectionCounts(b.Columns[section].Texts[i]))
			continue
		}
		if v.Null(i) {
			r.null()
			continue
		}
		switch k := r.Schema.Columns[c].Kind; k {
		case String:
			r.str(v.Texts[i])
		case Binary:
			r.binary([]byte(v.Texts[i]))
		case Strings:
			r.strs(v.Lists[i])
		case Bool:
			r.bool(v.Bools[i])
		case Int32:
			r.i32(int32(v.Ints[i]))
		case Int64:
			r.i64(v.Ints[i])
		case Float32:
			r.f32(float32(v.Floats[i]))
		case Date:
			r.date(time.UnixMicro(v.Ints[i]))
		case Time:
			r.time(time.UnixMicro(v.Ints[i]))
		default:
			return fmt.Errorf("table %s: column %s has kind %v", name, r.Schema.Columns[c].Name, k)
		}
	}
	r.end()
	return nil
}

// sectionCounts is Section.Counts by name.
func sectionCounts(name string) bool {
	for _, s := range []model.Section{model.SectionBody, model.SectionHeadline, model.SectionDek} {
		if s.String() == name {
			return true
		}
	}
	return false
}

// RejectOf returns the reject of a row with all columns.
func RejectOf(s *Schema, b *Batch, i int) model.Reject {
	text := func(name string) string {
		_, c := s.Column(name)
		return b.Columns[c].Texts[i]
	}
	number := func(name string) int64 {
		_, c := s.Column(name)
		return b.Columns[c].Ints[i]
	}
	return model.Reject{Source: model.Source{Path: text("source_path"), RecordNo: number("record_no"), Line: number("line"), Offset: number("byte_offset")},
		ArticleID: text("article_id"), Stage: text("stage"), Code: text("code"), Message: text("message"),
		RawHead: []byte(text("raw_head")), Warning: text("severity") == "warning"}
}

// RuleOf returns the statistics of a row with all columns, but for the rate.
func RuleOf(s *Schema, b *Batch, i int) model.RuleStat {
	number := func(name string) int64 {
		_, c := s.Column(name)
		return b.Columns[c].Ints[i]
	}
	_, rule := s.Column("rule")
	return model.RuleStat{Rule: b.Columns[rule].Texts[i], Articles: number("articles"),
		RuleCount: model.RuleCount{Tried: number("tried"), Fired: number("fired"), Shadowed: number("shadowed"), Negated: number("negated")}}
}
