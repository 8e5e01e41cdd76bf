package pipeline

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"runtime"
	"runtime/debug"
	"sync"

	"stance/internal/model"
)

// OrderedSource is where articles come from one after the other.
type OrderedSource interface {
	// ReadOrdered gives batches to take, in the order of the records. Articles
	// and rejects of a batch are in order each, by RecordNo. The batch belongs
	// to take.
	ReadOrdered(ctx context.Context, take func(*model.Batch) error) error
}

// Encoder turns what became of records into bytes. It serves one goroutine.
type Encoder interface {
	// Add takes the result of an article, which it may use until it returns.
	Add(res *model.Result) error
	// Reject takes a record that has no result.
	Reject(rej *model.Reject) error
	// Encode returns what was taken since the last call. The bytes are the
	// caller's.
	Encode() ([]byte, error)
}

// StreamOptions of Stream.
type StreamOptions struct {
	Workers    int // 0: one per processor
	NewWorker  func() Worker
	NewEncoder func() Encoder
}

// parcel is a batch on its way.
type parcel struct {
	batch *model.Batch
	out   []byte
	err   error
	done  chan struct{} // closed when out and err are set
}

// Stream analyses batches as they come and writes what encoders make of each,
// in the order of the batches and with one Write for each. It holds as many
// batches as there are workers twice over, and nothing of one article bears on
// another. When it returns an error of source, all that source gave before is
// written; when it returns another, source may still be waiting for input.
func Stream(parent context.Context, source OrderedSource, w io.Writer, opts StreamOptions) error {
	if opts.Workers < 1 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	work, order := make(chan *parcel), make(chan *parcel, opts.Workers)
	var workers, writer sync.WaitGroup
	for range opts.Workers {
		workers.Go(func() {
			s, enc := &scratch{}, opts.NewEncoder()
			for p := range until(ctx, work) {
				p.out, p.err = s.encode(p.batch, enc, opts.NewWorker)
				p.batch = nil
				close(p.done)
			}
		})
	}
	writer.Go(func() {
		for p := range until(ctx, order) {
			for range until(ctx, p.done) {
			}
			if ctx.Err() != nil {
				return
			}
			if p.err == nil && len(p.out) > 0 {
				_, p.err = w.Write(p.out)
			}
			if p.err != nil {
				cancel(p.err)
			}
		}
	})
	read := make(chan error, 1)
	go func() {
		read <- source.ReadOrdered(ctx, func(b *model.Batch) error {
			p := &parcel{batch: b, done: make(chan struct{})}
			for _, to := range []chan *parcel{order, work} {
				select {
				case to <- p:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
	}()
	var err error
	select {
	case err = <-read:
		close(work)
		close(order)
	case <-ctx.Done(): // source may wait for input that never comes
	}
	workers.Wait()
	writer.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// until yields what comes from c until it is closed or ctx ends.
func until[T any](ctx context.Context, c <-chan T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			select {
			case v, ok := <-c:
				if !ok || !yield(v) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// encode analyses the articles of a batch.
func (w *scratch) encode(b *model.Batch, enc Encoder, newWorker func() Worker) (out []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", ErrInternal, p, debug.Stack())
		}
	}()
	rejects := b.Rejects
	reject := func(before int64) error {
		for ; len(rejects) > 0 && rejects[0].RecordNo <= before; rejects = rejects[1:] {
			if rejects[0].Warning {
				continue // the record has a result
			}
			if err := enc.Reject(&rejects[0]); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range b.Articles {
		a := &b.Articles[i]
		if err := reject(a.Source.RecordNo); err != nil {
			return nil, err
		}
		if w.worker == nil {
			w.worker, w.res = newWorker(), &model.Result{}
		}
		for more := true; more; {
			if rej := w.one(a); rej != nil {
				err, more = enc.Reject(rej), false
			} else {
				err, more = enc.Add(w.res), w.res.Piece.More
			}
			if err != nil {
				return nil, err
			}
		}
	}
	if err := reject(math.MaxInt64); err != nil {
		return nil, err
	}
	return enc.Encode()
}
