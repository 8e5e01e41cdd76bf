package corpus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"stance/internal/io/columnar"
	"stance/internal/model"
)

// maxSwell is how many bytes of text a byte of a file may stand for, beyond a
// quarter of a GiB: one long text that stands in every row costs a file nothing.
const maxSwell = 64

// columnFile reads a Parquet or Arrow file, whose columns are the fields.
func (d *decoder) columnFile(ctx context.Context, s *stream) error {
	r, size := s.file, s.size
	if r == nil || d.f.packing != packingNone {
		var err error
		if r, size, err = s.spool(ctx); r == nil {
			return err
		}
		defer r.Close()
		if ft, ok := errors.AsType[*fault](err); ok {
			d.rec.reset()
			d.reject(model.Source{Path: d.f.path}, *ft, nil)
		}
	}
	open := columnar.OpenParquet
	if d.f.format == formatArrow {
		open = columnar.OpenArrow
	}
	f, err := open(r, size, columnar.Limits{Foreign: true})
	if err != nil {
		return damage(err)
	}
	defer f.Close()
	return d.columns(ctx, f, maxSwell*size+1<<28)
}

// columns reads the records of an open file that may hold so many bytes of
// text at most.
func (d *decoder) columns(ctx context.Context, f *columnar.File, most int64) error {
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
	n, held := int64(0), int64(0)
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
				held += int64(len(d.rec.values[roleText].raw))
				d.add(src, nil)
			}
			if held > most {
				return &fault{code: "E_TOO_LONG", message: fmt.Sprintf("more than %d bytes of text, too much for the size of the file", most)}
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
