package pipeline

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"slices"

	"stance/internal/model"
)

// inputs are what the store holds of inputs, and what it is to hold.
type inputs struct {
	known   bool              // one at least was not decoded
	fresh   map[string]*fresh // by path: read by this run and to be kept
	refs    *sorter[ref]      // of fresh inputs
	rejects *sorter[model.Reject]
	wanted  map[string]*numbers // by path: records whose texts are wanted

	// Small inputs are kept together, in the order of their paths, as they are
	// asked for: what is kept of one is held until it is known or read anew.
	small *sorter[keptInput]
	asked map[string][]byte // by path
	next  func() (keptInput, bool)
	stop  func()
	ahead keptInput // the next that was not asked for
}

// keptInput is what is kept of a small input.
type keptInput struct {
	path string
	data []byte // as writeInput wrote it
}

// fresh is what is counted of an input.
type fresh struct {
	name             string // in the store
	bytes            int64
	records, skipped int64
	refs, rejects    int64
	passing          bool // something went wrong that need not go wrong again
}

// passing are the codes of faults that lie in the moment and not in the bytes.
var passing = []string{"E_OPEN", "E_READ", "E_CHANGED"}

// inputLeast is the size in stored bytes of inputs that are worth a file of
// their own in the store.
const inputLeast = 64 << 10

var keptOrder = ordering[keptInput]{
	compare: func(a, b *keptInput) int { return cmp.Compare(a.path, b.path) },
	size:    func(k *keptInput) int64 { return int64(len(k.path)+len(k.data)) + 64 },
	encode: func(dst []byte, k *keptInput) []byte {
		p := packer{dst}
		p.str(k.path)
		return append(p.b, k.data...)
	},
	decode: func(src []byte) (keptInput, error) {
		u := newUnpacker(src)
		path := u.str()
		return keptInput{path, src[len(src)-len(u.s):]}, nil
	},
}

// want asks for the text of an article in a known input.
func (n *inputs) want(s *model.Source) {
	if n.wanted == nil {
		n.wanted = map[string]*numbers{}
	}
	if n.wanted[s.Path] == nil {
		n.wanted[s.Path] = &numbers{}
	}
	n.wanted[s.Path].add(s)
}

func (n *inputs) close() {
	n.small.close()
	if n.stop != nil {
		n.stop()
	}
	if n.refs != nil {
		n.refs.close()
		n.rejects.close()
	}
}

// numbers is a set of record numbers of an input.
type numbers struct {
	bits  []uint64
	first model.Source // of the least
	last  int64        // the greatest
}

func (n *numbers) add(s *model.Source) {
	i := s.RecordNo
	if n.last == 0 || i < n.first.RecordNo {
		n.first = *s
	}
	for int64(len(n.bits)) <= i/64 {
		n.bits = append(n.bits, make([]uint64, len(n.bits)+1)...)
	}
	n.bits[i/64] |= 1 << (i % 64)
	n.last = max(n.last, i)
}

func (n *numbers) has(i int64) bool {
	return i/64 < int64(len(n.bits)) && n.bits[i/64]&(1<<(i%64)) != 0
}

// known returns an input as the store knows it, or nil: it may have grown.
func (r *run) known(in model.Input) *model.Input {
	if in.Bytes < inputLeast {
		return r.knownSmall(in)
	}
	name := nameOf("input", r.opts.InputKey, in.Path)
	r.mu.Lock()
	if r.inputs.fresh == nil {
		r.inputs.fresh = map[string]*fresh{}
		r.inputs.refs = newSorter("input-refs", refMemory, r.opts.Spill, bySourceOrder)
		r.inputs.rejects = newSorter("input-rejects", refMemory, r.opts.Spill, rejectOrder)
	}
	r.inputs.fresh[in.Path] = &fresh{name: name, bytes: in.Bytes} // until it turns out to be known
	r.mu.Unlock()
	var was model.Input
	// An error means that what was kept is of no use.
	found, err := r.opts.Store.Find(name, func(f io.Reader) error {
		h, err := readHeader(bufio.NewReader(f))
		was = h.input
		return err
	})
	if found && err == nil && was.Path == in.Path && was.Bytes <= in.Bytes {
		return &was
	}
	return nil
}

// knownSmall is known for small inputs: what is kept of all of them lies in the
// order in which they are asked for.
func (r *run) knownSmall(in model.Input) *model.Input {
	n := &r.inputs
	if n.next == nil {
		n.next, n.stop = iter.Pull(func(yield func(keptInput) bool) {
			// An error ends what is known.
			_, _ = r.opts.Store.Find(r.smallName(), func(f io.Reader) error {
				return readValues(f, func(b []byte) error {
					k, err := keptOrder.decode(b)
					if err == nil && !yield(k) {
						err = io.EOF
					}
					return err
				})
			})
		})
	}
	for n.ahead.path < in.Path {
		var ok bool
		if n.ahead, ok = n.next(); !ok {
			return nil
		}
	}
	if n.ahead.path != in.Path {
		return nil
	}
	h, err := readHeader(bytes.NewReader(n.ahead.data))
	if err != nil || h.input.Path != in.Path || h.input.Bytes != in.Bytes {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if n.asked == nil {
		n.asked = map[string][]byte{}
	}
	n.asked[in.Path] = n.ahead.data
	return &h.input
}

func (r *run) smallName() string { return nameOf("inputs", r.opts.InputKey) }

// takeNew notes what was read of an input that is to be kept.
func (r *run) takeNew(b *model.Batch, refs []ref) error {
	failed := slices.ContainsFunc(b.Rejects, func(r model.Reject) bool { return slices.Contains(passing, r.Code) })
	r.mu.Lock()
	delete(r.inputs.asked, b.Path)
	f := r.inputs.fresh[b.Path]
	if f != nil {
		f.records += b.Records
		f.skipped += b.Skipped
		f.refs += int64(len(refs))
		f.rejects += int64(len(b.Rejects))
		f.passing = f.passing || failed
	}
	r.mu.Unlock()
	if f != nil {
		if err := r.inputs.refs.add(refs); err != nil {
			return err
		}
		return r.inputs.rejects.add(b.Rejects)
	}
	if in := b.Whole; r.opts.Store != nil && in != nil && in.SHA256 != "" && !failed && in.Bytes < inputLeast {
		var data bytes.Buffer
		h := inputHeader{*in, b.Records, b.Skipped, int64(len(refs)), int64(len(b.Rejects))}
		if err := writeInput(&data, &h, values(refs), values(b.Rejects)); err != nil {
			return err
		}
		return r.inputs.small.add([]keptInput{{in.Path, data.Bytes()}})
	}
	return nil
}

// values yields pointers to the elements of s.
func values[T any](s []T) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for i := range s {
			if !yield(&s[i], nil) {
				return
			}
		}
	}
}

// inputHeader begins what is kept of an input.
type inputHeader struct {
	input                           model.Input
	records, skipped, refs, rejects int64
}

func (h *inputHeader) encode() []byte {
	var p packer
	for _, s := range []string{h.input.Path, h.input.Format, h.input.SHA256} {
		p.str(s)
	}
	for _, n := range []int64{h.input.Bytes, h.input.Records, h.input.Rejects, h.records, h.skipped, h.refs, h.rejects} {
		p.int(n)
	}
	return p.b
}

func readHeader(f byteReader) (h inputHeader, err error) {
	b, err := readValue(f)
	if err != nil {
		return h, err
	}
	u := newUnpacker(b)
	for _, s := range []*string{&h.input.Path, &h.input.Format, &h.input.SHA256} {
		*s = u.str()
	}
	for _, n := range []*int64{&h.input.Bytes, &h.input.Records, &h.input.Rejects, &h.records, &h.skipped, &h.refs, &h.rejects} {
		*n = u.int()
	}
	return h, u.err()
}

// keepInputs keeps what was read of the inputs that are as they were found.
func (r *run) keepInputs(inputs []model.Input) error {
	n := &r.inputs
	defer n.close()
	if err := r.keepSmall(); err != nil || len(n.fresh) == 0 {
		return err
	}
	if err := n.refs.sort(); err != nil {
		return err
	}
	if err := n.rejects.sort(); err != nil {
		return err
	}
	refs, stopRefs := iter.Pull2(n.refs.all())
	defer stopRefs()
	rejects, stopRejects := iter.Pull2(n.rejects.all())
	defer stopRejects()
	for _, in := range inputs {
		f := n.fresh[in.Path]
		if f == nil {
			continue
		}
		h := inputHeader{in, f.records, f.skipped, f.refs, f.rejects}
		write := func(w io.Writer) error { return writeInput(w, &h, pulled(refs, f.refs), pulled(rejects, f.rejects)) }
		keep := func() error { return r.opts.Store.Keep(f.name, write) }
		if in.SHA256 == "" || in.Bytes != f.bytes || f.passing {
			keep = func() error { return write(io.Discard) } // it changed or cannot be read
		}
		if err := keep(); err != nil {
			return err
		}
	}
	return nil
}

// pulled yields the next n values that next gives.
func pulled[T any](next func() (*T, error, bool), n int64) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for range n {
			if v, err, _ := next(); !yield(v, err) {
				return
			}
		}
	}
}

// keepSmall keeps what is known of small inputs.
func (r *run) keepSmall() error {
	small := r.inputs.small
	if small.len() == 0 {
		return nil
	}
	if err := small.sort(); err != nil {
		return err
	}
	return r.opts.Store.Keep(r.smallName(), func(w io.Writer) error {
		return writeAll(w, small.all(), keptOrder.encode)
	})
}

// writeInput writes what is kept of an input.
func writeInput(w io.Writer, h *inputHeader, refs iter.Seq2[*ref, error], rejects iter.Seq2[*model.Reject, error]) error {
	if err := writeValue(w, h.encode()); err != nil {
		return err
	}
	if err := writeAll(w, refs, encodeRef); err != nil {
		return err
	}
	return writeAll(w, rejects, encodeReject)
}

func writeAll[T any](w io.Writer, values iter.Seq2[*T, error], encode func([]byte, *T) []byte) error {
	var b []byte
	for v, err := range values {
		if err != nil {
			return err
		}
		b = encode(b[:0], v)
		if err := writeValue(w, b); err != nil {
			return err
		}
	}
	return nil
}

// takeKnown files what the store knows of an input, or of its first lines.
func (r *run) takeKnown(in *model.Input, goesOn bool) error {
	n := &r.inputs
	r.mu.Lock()
	n.known = true
	small, ok := n.asked[in.Path]
	delete(n.asked, in.Path)
	var name string
	if !ok {
		name = n.fresh[in.Path].name
	}
	if !goesOn {
		delete(n.fresh, in.Path)
		r.count.Known.Add(1)
	}
	r.mu.Unlock()
	if ok {
		if err := r.takeKept(bytes.NewReader(small), in.Path); err != nil {
			return err
		}
		return n.small.add([]keptInput{{in.Path, small}})
	}
	found, err := r.opts.Store.Find(name, func(f io.Reader) error { return r.takeKept(bufio.NewReader(f), in.Path) })
	if err == nil && !found {
		err = fmt.Errorf("%w: what was kept of %s is gone", ErrInternal, in.Path)
	}
	return err
}

// takeKept files what writeInput wrote.
func (r *run) takeKept(f byteReader, path string) error {
	h, err := readHeader(f)
	if err != nil {
		return err
	}
	take := func(b *model.Batch, refs []ref) error {
		b.Path = path
		if err := r.takeNew(b, refs); err != nil { // of an input that goes on
			return err
		}
		return r.file(b.Records, b.Skipped, refs, b.Rejects)
	}
	if err := take(&model.Batch{Records: h.records, Skipped: h.skipped}, nil); err != nil {
		return err
	}
	var refs []ref
	for i := range h.refs {
		data, err := readValue(f)
		if err != nil {
			return err
		}
		v, err := decodeRef(data)
		if err != nil {
			return err
		}
		v.source.Path, v.known = path, true
		if refs = append(refs, v); len(refs) == 4096 || i == h.refs-1 {
			if err := take(&model.Batch{}, refs); err != nil {
				return err
			}
			refs = nil
		}
	}
	for range h.rejects {
		data, err := readValue(f)
		if err != nil {
			return err
		}
		rej, err := decodeReject(data)
		if err != nil {
			return err
		}
		if err := take(&model.Batch{Rejects: []model.Reject{rej}}, nil); err != nil {
			return err
		}
	}
	return nil
}

// byteReader is what values are read from.
type byteReader interface {
	io.Reader
	io.ByteReader
}

// readValue reads what writeValue wrote; io.EOF at the end.
func readValue(f byteReader) ([]byte, error) {
	n, err := binary.ReadUvarint(f)
	if err != nil {
		return nil, err
	}
	if n > 2<<30 {
		return nil, errSpill
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, errSpill
	}
	return b, nil
}

// readValues reads all values.
func readValues(f io.Reader, take func([]byte) error) error {
	b := bufio.NewReader(f)
	for {
		v, err := readValue(b)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := take(v); err != nil {
			return err
		}
	}
}
