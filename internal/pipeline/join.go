package pipeline

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"stance/internal/model"
)

// ErrNotShards says that runs are not the shards of one.
var ErrNotShards = errors.New("not the shards of one run")

// Shards are finished runs over the shards of one corpus.
type Shards interface {
	// Open opens what Options.Shard was given in a run, from 0.
	Open(shard int) (io.ReadCloser, error)
	// Rejects gives the rejects of a run in their order.
	Rejects(shard int, take func(*model.Reject) error) error
	// Join makes a chunk of articles, in order, from the rows of the runs.
	Join(c *model.Chunk, articles []model.Joined) error
}

// Join brings the articles of n shards into the order and the chunks of one
// run over everything. Of sink it calls Rejects alone; of opts Spill, Near,
// ChunkText and RejectsAtATime matter. The summary holds text bytes, near
// duplicates and rejects. Its error wraps ErrNotShards where an id or a
// rejected record speaks against one run.
func Join(ctx context.Context, n int, shards Shards, sink Sink, opts Options) (Summary, error) {
	opts.Store = nil
	r := newRun(sink, opts)
	defer r.close()
	var readRejects []byte
	for i := range n {
		if err := r.takeShard(i, shards); err != nil {
			return r.sum, err
		}
		seen := sha256.New()
		err := shards.Rejects(i, func(rej *model.Reject) error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if rej.Stage == "read" {
				// Every shard reads everything and rejects the same.
				writeFields(seen, string(encodeReject(nil, rej)))
				if i > 0 {
					return nil
				}
			}
			return r.reject(*rej)
		})
		if err != nil {
			return r.sum, err
		}
		if i == 0 {
			readRejects = seen.Sum(nil)
		} else if !slices.Equal(readRejects, seen.Sum(nil)) {
			return r.sum, fmt.Errorf("%w: the shards rejected different records", ErrNotShards)
		}
	}
	if err := r.order(); err != nil {
		return r.sum, err
	}
	if r.lost.n > 0 || r.sum.Duplicates > 0 {
		return r.sum, fmt.Errorf("%w: an article is in two of them", ErrNotShards)
	}
	if err := r.plan(ctx); err != nil {
		return r.sum, err
	}
	var articles []model.Joined
	at := 0
	for v, err := range r.refs.all() {
		if err != nil {
			return r.sum, err
		}
		if ctx.Err() != nil {
			return r.sum, context.Cause(ctx)
		}
		a := model.Joined{Shard: int(v.shard), Chunk: int(v.chunk), ID: v.id}
		if l, ok := r.leads[v.id]; ok {
			a.DuplicateOf, a.Similarity = l.id, l.similarity()
		}
		if articles = append(articles, a); len(articles) < r.chunks[at].articles {
			continue
		}
		slices.SortFunc(articles, func(a, b model.Joined) int { return strings.Compare(a.ID, b.ID) })
		if err := shards.Join(&r.chunks[at].Chunk, articles); err != nil {
			return r.sum, err
		}
		at, articles = at+1, articles[:0]
	}
	return r.sum, r.writeRejects(ctx, sink.Rejects)
}

// writeShard writes what Join needs to know of a run: of each chunk its number
// and how many articles it has, and these.
func (r *run) writeShard(w io.Writer) error {
	b := bufio.NewWriter(w)
	var p packer
	at, n := 0, 0 // the chunk, and articles in it so far
	for v, err := range r.refs.all() {
		if err != nil {
			return err
		}
		if v.winner != nil {
			continue
		}
		if n == 0 {
			p.b = p.b[:0]
			p.int(int64(r.chunks[at].Number))
			p.int(int64(r.chunks[at].articles))
			if err := writeValue(b, p.b); err != nil {
				return err
			}
		}
		joined := *v
		joined.known = false
		p.b = encodeRef(p.b[:0], &joined)
		if err := writeValue(b, p.b); err != nil {
			return err
		}
		if n++; n == r.chunks[at].articles {
			at, n = at+1, 0
		}
	}
	return b.Flush()
}

// takeShard files what writeShard wrote.
func (r *run) takeShard(shard int, shards Shards) (err error) {
	f, err := shards.Open(shard)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, f.Close()) }()
	var chunk, left int64
	return readValues(f, func(b []byte) error {
		if left == 0 {
			u := newUnpacker(b)
			chunk, left = u.int(), u.int()
			return u.err()
		}
		left--
		v, err := decodeRef(b)
		if err != nil {
			return err
		}
		v.shard, v.chunk = int32(shard), int32(chunk)
		return r.file(0, 0, []ref{v}, nil)
	})
}
