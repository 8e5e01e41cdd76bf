package pipeline

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"slices"
	"sync"
	"time"
	"unsafe"

	"stance/internal/model"
)

// ordering says how values are compared, measured and stored.
type ordering[T any] struct {
	compare func(a, b *T) int
	size    func(*T) int64
	encode  func(dst []byte, v *T) []byte
	decode  func(src []byte) (T, error) // may keep src
}

// sorter brings values into order, in memory up to a budget and with sorted
// runs on disk beyond it. add is safe for concurrent use; sort comes after it,
// and again when more was added. While a run is written, as much again as the
// budget can be added.
type sorter[T any] struct {
	name   string
	budget int64
	spill  Spill
	order  ordering[T]
	again  bool // all is called more than once

	mu   sync.Mutex // guards held, size and n
	held []*T
	size int64
	n    int64

	writing sync.Mutex // guards what follows
	runs    []string   // names of spilled runs
	made    int        // runs made so far
	buf     []byte
}

// maxRuns bounds the runs merged at once, and with them open files and
// buffers.
const maxRuns = 48

func newSorter[T any](name string, budget int64, spill Spill, order ordering[T]) *sorter[T] {
	return &sorter[T]{name: name, budget: budget, spill: spill, order: order}
}

func (s *sorter[T]) len() int64 { return s.n }

// add takes values over.
func (s *sorter[T]) add(values []T) error {
	s.mu.Lock()
	for i := range values {
		s.hold(&values[i])
	}
	full := s.full()
	s.mu.Unlock()
	if !full {
		return nil
	}
	s.writing.Lock() // and wait for the run that is being written
	defer s.writing.Unlock()
	var held []*T
	s.mu.Lock()
	if s.full() { // and no other goroutine was first
		held = s.take()
	}
	s.mu.Unlock()
	return s.spillRun(held)
}

// put takes a value over. It is for one goroutine.
func (s *sorter[T]) put(v *T) error {
	s.hold(v)
	if !s.full() {
		return nil
	}
	return s.spillHeld()
}

func (s *sorter[T]) hold(v *T) {
	s.size += s.order.size(v)
	s.held = append(s.held, v)
	s.n++
}

// full reports whether what is held is to be spilled.
func (s *sorter[T]) full() bool { return s.size > s.budget && s.spill != nil }

// take returns what is held, and holds it no longer.
func (s *sorter[T]) take() []*T {
	held := s.held
	s.held, s.size = nil, 0
	return held
}

// spillHeld spills what is held. It is for one goroutine.
func (s *sorter[T]) spillHeld() error { return s.spillRun(s.take()) }

// spillRun writes values, if there are any, as a sorted run.
func (s *sorter[T]) spillRun(values []*T) error {
	if len(values) == 0 {
		return nil
	}
	slices.SortFunc(values, s.order.compare)
	err := s.writeRun(func(yield func(*T, error) bool) {
		for i, v := range values {
			values[i] = nil
			if !yield(v, nil) {
				return
			}
		}
	})
	if err != nil || len(s.runs) < maxRuns {
		return err
	}
	old := s.runs
	s.runs = nil
	if err := s.writeRun(s.merge(old)); err != nil {
		return err
	}
	for _, name := range old {
		if err := s.spill.RemoveSpill(name); err != nil {
			return err
		}
	}
	return nil
}

func (s *sorter[T]) writeRun(values iter.Seq2[*T, error]) (err error) {
	name := fmt.Sprintf("%s-%05d", s.name, s.made)
	s.made++
	f, err := s.spill.CreateSpill(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 64<<10)
	defer func() { err = errors.Join(err, w.Flush(), f.Close()) }()
	var n [binary.MaxVarintLen64]byte
	for v, err := range values {
		if err != nil {
			return err
		}
		s.buf = s.order.encode(s.buf[:0], v)
		if _, err := w.Write(n[:binary.PutUvarint(n[:], uint64(len(s.buf)))]); err != nil {
			return err
		}
		if _, err := w.Write(s.buf); err != nil {
			return err
		}
	}
	if cap(s.buf) > 1<<20 {
		s.buf = nil
	}
	s.runs = append(s.runs, name)
	return nil
}

// sort brings what was added into order.
func (s *sorter[T]) sort() error {
	if len(s.runs) > 0 {
		if err := s.spillHeld(); err != nil {
			return err
		}
	}
	slices.SortFunc(s.held, s.order.compare)
	return nil
}

// all yields the values in order. Each is valid until the next. What was
// yielded from memory is given up, unless it is to be yielded again.
func (s *sorter[T]) all() iter.Seq2[*T, error] {
	if len(s.runs) > 0 {
		return s.merge(s.runs)
	}
	return func(yield func(*T, error) bool) {
		for i := range s.held {
			v := s.held[i]
			if !s.again {
				s.held[i] = nil
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

// runReader reads one spilled run.
type runReader[T any] struct {
	f    io.ReadCloser
	r    *bufio.Reader
	head T
}

// merge yields the values of sorted runs in order.
func (s *sorter[T]) merge(names []string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		var open []*runReader[T]
		defer func() {
			for _, r := range open {
				r.f.Close()
			}
		}()
		var heap []*runReader[T]
		for _, name := range names {
			f, err := s.spill.OpenSpill(name)
			if err != nil {
				yield(nil, err)
				return
			}
			r := &runReader[T]{f: f, r: bufio.NewReaderSize(f, 16<<10)}
			open = append(open, r)
			switch err := s.next(r); err {
			case nil:
				heap = append(heap, r)
			case io.EOF:
			default:
				yield(nil, err)
				return
			}
		}
		less := func(a, b *runReader[T]) bool { return s.order.compare(&a.head, &b.head) < 0 }
		for i := len(heap)/2 - 1; i >= 0; i-- {
			siftDown(heap, i, less)
		}
		for len(heap) > 0 {
			r := heap[0]
			v := r.head
			if !yield(&v, nil) {
				return
			}
			switch err := s.next(r); err {
			case nil:
			case io.EOF:
				heap[0] = heap[len(heap)-1]
				heap = heap[:len(heap)-1]
			default:
				yield(nil, err)
				return
			}
			siftDown(heap, 0, less)
		}
	}
}

func siftDown[R any](heap []R, i int, less func(a, b R) bool) {
	for {
		c := 2*i + 1
		if c >= len(heap) {
			return
		}
		if c+1 < len(heap) && less(heap[c+1], heap[c]) {
			c++
		}
		if !less(heap[c], heap[i]) {
			return
		}
		heap[c], heap[i] = heap[i], heap[c]
		i = c
	}
}

// next reads the next value of r into its head; io.EOF at the end.
func (s *sorter[T]) next(r *runReader[T]) error {
	n, err := binary.ReadUvarint(r.r)
	if err == io.EOF {
		return io.EOF
	}
	if err == nil && n > 2<<30 {
		err = errSpill
	}
	if err != nil {
		return fmt.Errorf("spilled articles cannot be read back: %w", err)
	}
	// The value keeps parts of its bytes, so each has its own.
	buf := make([]byte, n)
	if _, err := io.ReadFull(r.r, buf); err != nil {
		return fmt.Errorf("spilled articles cannot be read back: %w", err)
	}
	r.head, err = s.order.decode(buf)
	return err
}

var errSpill = errors.New("a spilled run is damaged")

// close removes the runs.
func (s *sorter[T]) close() {
	for _, name := range s.runs {
		// The folder that holds the runs goes with the run anyway.
		_ = s.spill.RemoveSpill(name)
	}
	s.runs, s.held = nil, nil
}

// hashes is how many values hashID has.
const hashes = 1 << 44

func hashID(id string) uint64 {
	h := fnv.New64a()
	io.WriteString(h, id)
	// The low bits of FNV-1a are its weak ones.
	return h.Sum64() >> 20
}

func compareSource(a, b *model.Source) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.RecordNo, b.RecordNo), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Line, b.Line))
}

var rejectOrder = ordering[model.Reject]{
	compare: func(a, b *model.Reject) int {
		if c := compareSource(&a.Source, &b.Source); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message),
			cmp.Compare(a.ArticleID, b.ArticleID), bytes.Compare(a.RawHead, b.RawHead))
	},
	size:   func(r *model.Reject) int64 { return int64(len(r.RawHead)+len(r.Message)) + 256 },
	encode: encodeReject,
	decode: decodeReject,
}

// packer writes and unpacker reads the values of a spilled run.
type packer struct{ b []byte }

func (p *packer) int(v int64) { p.b = binary.AppendVarint(p.b, v) }

func (p *packer) str(s string) {
	p.b = binary.AppendUvarint(p.b, uint64(len(s)))
	p.b = append(p.b, s...)
}

func (p *packer) source(s *model.Source) {
	p.str(s.Path)
	p.int(s.RecordNo)
	p.int(s.Line)
	p.int(s.Offset)
}

type unpacker struct {
	s   string
	bad bool
}

// newUnpacker reads src, which must not change: strings are parts of it.
func newUnpacker(src []byte) unpacker {
	return unpacker{s: unsafe.String(unsafe.SliceData(src), len(src))}
}

// head returns the bytes that a varint can have.
func (u *unpacker) head() []byte {
	return unsafe.Slice(unsafe.StringData(u.s), min(len(u.s), binary.MaxVarintLen64))
}

func (u *unpacker) int() int64 {
	v, n := binary.Varint(u.head())
	if n <= 0 {
		u.bad = true
		return 0
	}
	u.s = u.s[n:]
	return v
}

func (u *unpacker) str() string {
	v, n := binary.Uvarint(u.head())
	if n <= 0 || v > uint64(len(u.s)-n) {
		u.bad = true
		return ""
	}
	s := u.s[n : n+int(v)]
	u.s = u.s[n+int(v):]
	return s
}

// bytes reads as many bytes as dst has.
func (u *unpacker) bytes(dst []byte) {
	if len(u.s) < len(dst) {
		u.bad = true
		return
	}
	copy(dst, u.s)
	u.s = u.s[len(dst):]
}

func (u *unpacker) source() model.Source {
	return model.Source{Path: u.str(), RecordNo: u.int(), Line: u.int(), Offset: u.int()}
}

func (u *unpacker) err() error {
	if u.bad || u.s != "" {
		return errSpill
	}
	return nil
}

func encodeArticle(dst []byte, a *model.Article) []byte {
	p := packer{dst}
	p.str(a.ID)
	p.source(&a.Source)
	p.str(a.Outlet)
	p.str(a.URL)
	p.str(a.Byline)
	p.str(a.Lang)
	p.int(int64(len(a.Headline)))
	p.int(int64(a.BodyStart))
	p.int(a.PublishedAt.Unix())
	p.int(int64(a.PublishedAt.Nanosecond()))
	p.str(string(a.TextSHA256[:]))
	p.int(int64(len(a.Warnings)))
	for _, w := range a.Warnings {
		p.str(w)
	}
	p.str(a.Text)
	return p.b
}

func decodeArticle(u *unpacker, a *model.Article) error {
	a.ID = u.str()
	a.Source = u.source()
	a.Outlet, a.URL, a.Byline, a.Lang = u.str(), u.str(), u.str(), u.str()
	headline := u.int()
	a.BodyStart = int32(u.int())
	a.PublishedAt = time.Unix(u.int(), u.int()).UTC()
	copy(a.TextSHA256[:], u.str())
	for n := u.int(); n > 0 && !u.bad; n-- {
		a.Warnings = append(a.Warnings, u.str())
	}
	a.Text = u.str()
	if headline < 0 || headline > int64(len(a.Text)) {
		return errSpill
	}
	// A headline field is how the text begins.
	a.Headline = a.Text[:headline]
	return u.err()
}

func encodeReject(dst []byte, r *model.Reject) []byte {
	p := packer{dst}
	p.source(&r.Source)
	p.str(r.ArticleID)
	p.str(r.Stage)
	p.str(r.Code)
	p.str(r.Message)
	p.str(string(r.RawHead))
	warning := int64(0)
	if r.Warning {
		warning = 1
	}
	p.int(warning)
	return p.b
}

func decodeReject(src []byte) (model.Reject, error) {
	u := newUnpacker(src)
	r := model.Reject{Source: u.source(), ArticleID: u.str(), Stage: u.str(), Code: u.str(), Message: u.str(), RawHead: []byte(u.str())}
	r.Warning = u.int() == 1
	return r, u.err()
}
