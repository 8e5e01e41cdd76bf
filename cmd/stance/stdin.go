package main

import (
	"context"
	"io"
	"sync"
)

// stoppable reads from r until ctx ends. A Read that waits, as one of a pipe
// or a terminal does, then returns the cause; r itself is left waiting.
type stoppable struct {
	ctx   context.Context
	r     io.Reader
	begin sync.Once
	parts chan part
	spare chan []byte
	part  part // being handed on
	taken int  // bytes of it that are
}

// part is what one read of r gave.
type part struct {
	data []byte
	err  error
}

func newStoppable(ctx context.Context, r io.Reader) *stoppable {
	return &stoppable{ctx: ctx, r: r, parts: make(chan part), spare: make(chan []byte, 2)}
}

func (s *stoppable) Read(p []byte) (int, error) {
	s.begin.Do(func() {
		s.spare <- make([]byte, 256<<10)
		s.spare <- make([]byte, 256<<10)
		go s.read()
	})
	for s.taken == len(s.part.data) {
		if s.part.err != nil {
			return 0, s.part.err
		}
		if s.part.data != nil {
			s.spare <- s.part.data[:cap(s.part.data)]
		}
		select {
		case s.part = <-s.parts:
			s.taken = 0
		case <-s.ctx.Done():
			return 0, context.Cause(s.ctx)
		}
	}
	n := copy(p, s.part.data[s.taken:])
	s.taken += n
	return n, nil
}

// read fills the two buffers in turn.
func (s *stoppable) read() {
	for {
		select {
		case buf := <-s.spare:
			n, err := s.r.Read(buf)
			select {
			case s.parts <- part{buf[:n], err}:
			case <-s.ctx.Done():
				return
			}
			if err != nil {
				return
			}
		case <-s.ctx.Done():
			return
		}
	}
}
