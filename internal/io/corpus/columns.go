package corpus

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"stance/internal/io/columnar"
	"stance/internal/model"
)

// columnFile reads a Parquet or Arrow file, whose columns are the fields.
func (d *decoder) columnFile(ctx context.Context, s *stream) error {
	r, ok := s.closer.(io.ReaderAt)
	if !ok || d.f.packing != packingNone {
		return &fault{code: "E_FORMAT", message: d.f.format.String() + " is read from plain files only"}
	}
	open := columnar.OpenParquet
	if d.f.format == formatArrow {
		open = columnar.OpenArrow
	}
	f, err := open(r, d.f.size, columnar.Limits{})
	if err != nil {
		return damage(err)
	}
	defer f.Close()
	return d.columns(ctx, f)
}

// columns reads the records of an open file.
func (d *decoder) columns(ctx context.Context, f *columnar.File) error {
	var names []string
	var kinds []columnar.Kind
	var ranks []rank
	text := false
	for _, c := range f.Columns {
		k, known := d.c.roles[c.Name]
		switch {
		case !known:
		case c.Kind == columnar.Text, c.Kind == columnar.Int && k.role != roleText && k.role != roleHeadline, c.Kind == columnar.Time && k.role == roleDate:
			for _, n := range names {
				if n == c.Name {
					return &fault{code: "E_DUP_KEY", message: "there are two columns " + strconv.Quote(n)}
				}
			}
			names, kinds, ranks = append(names, c.Name), append(kinds, c.Kind), append(ranks, k)
			text = text || k.role == roleText
		}
	}
	if !text {
		return &fault{code: "E_NO_TEXT", message: "no text column; looked for " + d.c.roles.namesOf(roleText)}
	}
	n := int64(0)
	err := f.Read(ctx, names, func(b *columnar.Batch) error {
		for i := range b.Rows {
			if !d.count() {
				return errLimit
			}
			n++
			src := model.Source{Path: d.f.path, RecordNo: n}
			d.rec.reset()
			if ft := d.columnRecord(b, i, kinds, ranks); ft != nil {
				d.reject(src, *ft, nil)
			} else {
				d.add(src, nil)
			}
			if d.held >= batchText || len(d.batch.Rejects) >= 256 {
				if err := d.flush(); err != nil {
					return err
				}
			}
		}
		if d.c.prompt {
			return d.flush()
		}
		return nil
	})
	if err == errLimit {
		return nil
	}
	if errors.Is(err, columnar.ErrDamaged) {
		return damage(err)
	}
	return err
}

func damage(err error) error {
	return &fault{code: "E_DAMAGED", message: strings.TrimPrefix(err.Error(), columnar.ErrDamaged.Error()+": ")}
}

func (d *decoder) columnRecord(b *columnar.Batch, i int, kinds []columnar.Kind, ranks []rank) *fault {
	for c, k := range ranks {
		v := &b.Columns[c]
		if v.Null(i) {
			continue
		}
		switch kinds[c] {
		case columnar.Text:
			s := v.Texts[i]
			if int64(len(s)) > d.c.opts.MaxRecord {
				return &fault{code: "E_TOO_LONG", message: "the " + roleNames[k.role] + " is longer than the limit"}
			}
			if !utf8.ValidString(s) {
				if d.c.opts.StrictUTF8 {
					return &fault{code: "E_UTF8", message: "invalid UTF-8"}
				}
				s = strings.ToValidUTF8(s, "\uFFFD")
				d.rec.warn("invalid_utf8")
			}
			d.rec.set(k, value{raw: unsafe.Slice(unsafe.StringData(s), len(s))})
		case columnar.Time:
			t := time.UnixMicro(v.Ints[i]).UTC()
			d.rec.set(k, value{raw: t.AppendFormat(nil, time.RFC3339Nano)})
		default:
			d.rec.set(k, value{raw: strconv.AppendInt(nil, v.Ints[i], 10), number: true})
		}
	}
	return nil
}
