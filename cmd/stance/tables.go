package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"stance/internal/io/columnar"
	"stance/internal/io/dataset"
	"stance/internal/io/table"
)

// row is a row of a table as text, null as "".
type row map[string]string

// readRows gives the named columns of the rows that keep accepts (nil for
// all) to take.
func readRows(ctx context.Context, g *dataset.Generation, name string, names []string, keep func(b *columnar.Batch, i int) bool, take func(row)) error {
	s := table.Find(name)
	kinds := make([]table.Kind, len(names))
	for i, n := range names {
		c, _ := s.Column(n)
		kinds[i] = c.Kind
	}
	err := table.Read(ctx, g.Path, name, names, func(b *columnar.Batch) error {
		for i := range b.Rows {
			if keep != nil && !keep(b, i) {
				continue
			}
			r := make(row, len(names))
			for j, n := range names {
				r[n] = cell(kinds[j], &b.Columns[j], i)
			}
			take(r)
		}
		return nil
	})
	return damagedTable(err)
}

// damagedTable gives a table that cannot be read its exit code.
func damagedTable(err error) error {
	if errors.Is(err, columnar.ErrDamaged) {
		return fail(exitDamaged, "%w", err)
	}
	return err
}

// cell renders one value; null is "".
func cell(k table.Kind, v *columnar.Values, i int) string {
	if v.Null(i) {
		return ""
	}
	switch k {
	case table.Strings:
		return strings.Join(v.Lists[i], " ")
	case table.Bool:
		return strconv.FormatBool(v.Bools[i])
	case table.Int32, table.Int64:
		return strconv.FormatInt(v.Ints[i], 10)
	case table.Float32:
		return strconv.FormatFloat(v.Floats[i], 'g', -1, 32)
	case table.Date:
		return time.UnixMicro(v.Ints[i]).UTC().Format(time.DateOnly)
	case table.Time:
		return time.UnixMicro(v.Ints[i]).UTC().Format(time.RFC3339Nano)
	}
	return v.Texts[i]
}

// partyColumns name the party that a row is about; the first that is set
// counts.
var partyColumns = []string{"target_party", "target_issue", "target_person", "party", "speaker_party", "party_b"}

// partyOf names the party that a row of any table is about.
func partyOf(r row) string {
	for _, c := range partyColumns {
		if r[c] != "" {
			return r[c]
		}
	}
	return "-"
}

// expressed renders who expresses what towards whom.
func expressed(r row) string {
	holder := cmp.Or(r["holder_party"], r["holder_person"], r["voice"])
	return fmt.Sprintf("%s %s %s: %s %q", holder, r["label"], partyOf(r), r["act"], r["cue"])
}
