// Package report makes figures, a page and concordances from the finished
// tables of a run. It reads what the tables hold and analyses nothing anew.
package report

import (
	"context"
	"time"

	"stance/internal/io/columnar"
	"stance/internal/io/table"
)

// tables is one published generation.
type tables struct {
	ctx  context.Context
	path string
}

// each calls take for each row of a table with the values of the named
// columns and the row's index in them.
func (t tables) each(name string, columns []string, take func(c []columnar.Values, i int)) error {
	return table.Read(t.ctx, t.path, name, columns, func(b *columnar.Batch) error {
		for i := range b.Rows {
			take(b.Columns, i)
		}
		return nil
	})
}

// day is a day as the number of days since 1970-01-01.
type day int32

const microsPerDay = 24 * 60 * 60 * 1_000_000

// dayOf returns the day of a date column; ok is false where it is null.
func dayOf(v *columnar.Values, i int) (d day, ok bool) {
	return day(v.Ints[i] / microsPerDay), !v.Null(i)
}

func (d day) time() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

func dayAt(t time.Time) day { return day(t.Unix() / (24 * 60 * 60)) }
