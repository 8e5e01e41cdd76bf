package corpus

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"stance/internal/model"
)

// task is a piece of input for one worker: a block of whole lines, or a file.
type task struct {
	f      *file
	was    *model.Input // not nil: the whole file as it was, which it may still be
	block  []byte       // nil: the whole file
	line   int64        // number of the first line
	offset int64        // of the block in the decompressed input
	stored int64        // bytes of the stored input that the block cost
	rest   []byte       // head of a record that cannot be read, after the block
	fault  *fault       // why, and at
	fline  int64
	foff   int64
}

// Read reads every input with up to workers goroutines (0: one per
// processor) and gives each batch to take, which several goroutines may call
// at once. An error of take, or the end of ctx, ends reading and is returned;
// faults of the inputs become rejects. The order of batches is not fixed.
func (c *Corpus) Read(ctx context.Context, workers int, take func(*model.Batch) error) error {
	return c.read(ctx, workers, nil, take)
}

func (c *Corpus) read(ctx context.Context, workers int, known func(model.Input) *model.Input, take func(*model.Batch) error) error {
	workers = workersFor(workers)
	if c.opts.Limit > 0 {
		d := newDecoder(c, take)
		return c.produce(ctx, nil, take, func(t task) error {
			if err := d.do(ctx, t); err != nil {
				return err
			}
			if d.left == 0 {
				return errLimit
			}
			return nil
		})
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tasks := make(chan task, workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			d := newDecoder(c, take)
			for t := range tasks {
				if ctx.Err() != nil {
					continue
				}
				if err := d.do(ctx, t); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := c.produce(ctx, known, take, func(t task) error {
		select {
		case tasks <- t:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(tasks)
	wg.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// errLimit ends reading when the limit of records is reached.
var errLimit = errors.New("limit reached")

// produce walks the inputs in order of path and sends their pieces, or takes
// those that are known.
func (c *Corpus) produce(ctx context.Context, known func(model.Input) *model.Input, take func(*model.Batch) error, send func(task) error) error {
	for _, f := range c.files {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		var err error
		var was *model.Input
		if known != nil && f.fault == nil && f.open != "" {
			was = known(model.Input{Path: f.path, Format: f.format.String(), Bytes: f.size})
		}
		if f.format != formatLines || f.fault != nil {
			err = send(task{f: f, was: was})
		} else {
			same := f.asBefore(ctx, was)
			if same {
				err = take(f.knownBatch(was))
			}
			if err == nil && (!same || f.begun != nil) {
				err = c.produceLines(ctx, f, send)
			}
		}
		if err == errLimit {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// blockBytes is the size of a block of lines.
const blockBytes = 512 << 10

// blocks recycles the memory of blocks.
type blocks struct{ pool sync.Pool }

func (p *blocks) get() []byte {
	if b, ok := p.pool.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, blockBytes)
}

func (p *blocks) put(b []byte) {
	if cap(b) == blockBytes {
		p.pool.Put(&b)
	}
}

var blockPool blocks

// produceLines cuts f into blocks of whole lines. A line longer than the
// limit is skipped without being held.
func (c *Corpus) produceLines(ctx context.Context, f *file, send func(task) error) error {
	if f.wants != nil {
		f.begun = f.begunAt(&f.wants.First)
	}
	s, err := openStream(f, c.opts.Stdin)
	if err != nil {
		if s != nil {
			s.finish(f)
		}
		ft, _ := errors.AsType[*fault](err)
		return send(task{f: f, block: []byte{}, fault: ft, fline: 1})
	}
	var r *bufio.Reader
	line, offset, counted := int64(1), int64(0), int64(0)
	if f.begun != nil {
		r, line, offset, counted = bufio.NewReader(s), f.begun.lines+1, f.begun.bytes, f.begun.bytes
	} else {
		r, offset = s.text()
	}
	if f.wants != nil {
		defer s.end() // nobody asks for its hash
	} else if c.prompt { // what comes later is neither waited for nor read when nobody wants it
		defer s.close()
	} else {
		defer s.finish(f)
	}
	if !c.prompt {
		if ft := notTextAhead(r); f.begun == nil && ft != nil {
			return send(task{f: f, block: []byte{}, fault: ft, fline: 1})
		}
	}
	stored := func() int64 {
		n := s.raw.n - counted
		counted = s.raw.n
		return n
	}
	buf := blockPool.get()
	for {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == nil && len(buf) < cap(buf) && !(c.prompt && bytes.IndexByte(buf[len(buf)-n:], '\n') >= 0) {
			continue
		}
		if err != nil {
			t := task{f: f, block: buf, line: line, offset: offset, stored: stored()}
			if err != io.EOF {
				t.fault, _ = errors.AsType[*fault](asFault(err, "E_READ"))
				if !t.fault.warning {
					// The last line is cut, whole though it may look.
					cut := bytes.LastIndexByte(buf, '\n') + 1
					t.block, t.rest = buf[:cut], buf[cut:]
				}
			} else {
				t.fault = s.changed()
			}
			t.fline, t.foff = line+int64(bytes.Count(t.block, newline)), offset+int64(len(t.block))
			return send(t)
		}
		cut := bytes.LastIndexByte(buf, '\n') + 1
		if cut > 0 {
			next := blockPool.get()
			if len(buf)-cut > cap(next)/2 {
				next = make([]byte, 0, 2*(len(buf)-cut))
			}
			next = append(next, buf[cut:]...)
			t := task{f: f, block: buf[:cut], line: line, offset: offset, stored: stored()}
			line += int64(bytes.Count(t.block, newline))
			offset += int64(cut)
			if err := send(t); err != nil || f.wants != nil && line > f.wants.Last {
				return err
			}
			buf = next
			continue
		}
		if int64(len(buf)) < c.opts.MaxRecord {
			grown := make([]byte, len(buf), min(2*int64(cap(buf)), c.opts.MaxRecord))
			copy(grown, buf)
			buf = grown
			continue
		}
		head := bytes.Clone(buf[:model.RawHeadMax])
		size, next, err := skipLine(ctx, r, int64(len(buf)), buf[:cap(buf)])
		t := task{f: f, block: []byte{}, stored: stored(), rest: head, fline: line, foff: offset,
			fault: &fault{code: "E_TOO_LONG", message: fmt.Sprintf("a line of %d bytes is longer than the limit of %d", size, c.opts.MaxRecord)}}
		if err := send(t); err != nil {
			return err
		}
		line++
		offset += size + 1
		buf = append(blockPool.get(), next...)
		if err != nil {
			if err == io.EOF {
				return nil
			}
			ft, _ := errors.AsType[*fault](asFault(err, "E_READ"))
			return send(task{f: f, block: []byte{}, fault: ft, fline: line, foff: offset})
		}
	}
}

var newline = []byte{'\n'}

// skipLine reads to the end of the line, of which n bytes are read. It
// returns the length of the line without its end, and what follows it in the
// last part read, at most blockBytes/2.
func skipLine(ctx context.Context, r io.Reader, n int64, scratch []byte) (int64, []byte, error) {
	scratch = scratch[:blockBytes/2]
	for {
		if err := ctx.Err(); err != nil {
			return n, nil, context.Cause(ctx)
		}
		m, err := r.Read(scratch)
		if i := bytes.IndexByte(scratch[:m], '\n'); i >= 0 {
			return n + int64(i), scratch[i+1 : m], nil
		}
		n += int64(m)
		if err != nil {
			return n, nil, err
		}
	}
}

// do reads the articles of a task and hands them on.
func (d *decoder) do(ctx context.Context, t task) error {
	d.f = t.f
	if t.block != nil {
		d.lines(t)
		blockPool.put(t.block[:0])
		return d.flush()
	}
	if t.f.asBefore(ctx, t.was) {
		return d.take(t.f.knownBatch(t.was))
	}
	d.flushed = false
	s, err := openStream(t.f, d.c.opts.Stdin)
	if err == nil {
		err = d.whole(ctx, s)
		if ft := s.changed(); err == nil && ft != nil && t.f.format != formatText && t.f.format != formatHTML {
			err = ft // those two have told it
		}
	}
	if s != nil {
		s.finish(t.f)
		d.batch.InputBytes += s.raw.n
	}
	if ft, ok := errors.AsType[*fault](err); ok {
		d.rec.reset()
		if ft.warning || d.count() {
			d.reject(model.Source{Path: t.f.path, RecordNo: t.f.records.Load()}, *ft, nil)
		}
		err = nil
	}
	if s != nil && !d.flushed && d.left < 0 {
		in := t.f.input()
		d.batch.Whole = &in
	}
	err = errors.Join(err, d.flush())
	d.batch.Whole = nil
	return err
}

// whole reads a file that one worker reads alone.
func (d *decoder) whole(ctx context.Context, s *stream) error {
	switch d.f.format {
	case formatText:
		return d.textFile(s)
	case formatArray:
		return d.jsonFile(ctx, s)
	case formatCSV, formatTSV:
		return d.csvFile(ctx, s)
	case formatHTML:
		return d.htmlFile(s)
	case formatWARC:
		return d.warcFile(ctx, s)
	case formatParquet, formatArrow:
		return d.columnFile(ctx, s)
	default:
		return &fault{code: "E_FORMAT", message: "format " + d.f.format.String() + " cannot be read"}
	}
}
