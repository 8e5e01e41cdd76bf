package corpus

import (
	"context"
	"errors"
	"fmt"
	"math"

	"stance/internal/io/columnar"
	"stance/internal/model"
)

// ErrBroken is wrapped by ReadOrdered's error when standard input is not of
// its format, or ends inside of it.
var ErrBroken = errors.New("broken input")

// arrivalMemory bounds what one record batch of a stream may hold, bytes.
const arrivalMemory = 256 << 20

// ReadOrdered reads standard input, the only input there may be, as JSON Lines
// or as an Arrow IPC stream, and gives its records in batches to take as they
// arrive, in their order: no record waits for those behind it. Articles and
// rejects of a batch are to be merged by their RecordNo. An error of take, or
// the end of ctx, ends reading and is returned; what Read makes a reject of
// the whole input is an error that wraps ErrBroken.
func (c *Corpus) ReadOrdered(ctx context.Context, take func(*model.Batch) error) error {
	if len(c.files) != 1 || c.files[0].path != "-" || c.files[0].format != formatLines && c.files[0].format != formatArrow {
		return fmt.Errorf("%w: records are read in their order from standard input alone, as jsonl or arrow", ErrOptions)
	}
	f := c.files[0]
	d := newDecoder(c, take)
	d.f, c.prompt = f, true
	var err error
	if f.format == formatLines {
		err = c.produceLines(ctx, f, func(t task) error {
			ft := t.fault
			if ft != nil && ft.code == "E_TOO_LONG" { // that of a record
				return d.do(ctx, t)
			}
			t.fault = nil
			if err := d.do(ctx, t); err != nil || ft == nil {
				return err
			}
			return ft
		})
	} else {
		err = d.columnStream(ctx)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if ft, ok := errors.AsType[*fault](err); ok {
		return fmt.Errorf("%w: %s", ErrBroken, ft.message)
	}
	return err
}

// columnStream reads an Arrow IPC stream, whose columns are the fields.
func (d *decoder) columnStream(ctx context.Context) error {
	s, err := openStream(d.f, d.c.opts.Stdin)
	if err != nil {
		return err
	}
	defer s.close()
	f, err := columnar.OpenArrowStream(s, columnar.Limits{Memory: arrivalMemory, Foreign: true})
	if err != nil {
		return damage(err)
	}
	defer f.Close()
	return errors.Join(d.columns(ctx, f, math.MaxInt64), d.flush())
}
