package pipeline

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"

	"stance/internal/model"
)

// inputs are what the store holds of inputs, and what it is to hold.
type inputs struct {
	known   map[string]int64  // by path: records up to this one were not decoded
	fresh   map[string]*fresh // by path: read by this run and to be kept
	refs    *sorter[ref]      // of fresh inputs
	rejects *sorter[model.Reject]
	wanted  map[string]*numbers // by path: records whose texts are wanted
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

// inputLeast is the size in stored bytes of inputs that are worth keeping:
// smaller ones are read as fast as what would be kept of them.
const inputLeast = 64 << 10

// isKnown reports whether the text of an article is not at hand.
func (n *inputs) isKnown(s *model.Source) bool { return s.RecordNo <= n.known[s.Path] }

// want asks for the text of an article in a known input.
func (n *inputs) want(s *model.Source) {
	if n.wanted == nil {
		n.wanted = map[string]*numbers{}
	}
	if n.wanted[s.Path] == nil {
		n.wanted[s.Path] = &numbers{}
	}
	n.wanted[s.Path].add(s.RecordNo)
}

func (n *inputs) close() {
	if n.refs != nil {
		n.refs.close()
		n.rejects.close()
	}
}

// numbers is a set of record numbers.
type numbers struct {
	bits []uint64
	last int64 // the greatest
}

func (n *numbers) add(i int64) {
	for int64(len(n.bits)) <= i/64 {
		n.bits = append(n.bits, make([]uint64, len(n.bits)+64)...)
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
		return nil
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

// takeNew notes what was read of an input that is to be kept.
func (r *run) takeNew(b *model.Batch, refs []ref) error {
	r.mu.Lock()
	f := r.inputs.fresh[b.Path]
	if f != nil {
		f.records += b.Records
		f.skipped += b.Skipped
		f.refs += int64(len(refs))
		f.rejects += int64(len(b.Rejects))
		f.passing = f.passing || slices.ContainsFunc(b.Rejects, func(r model.Reject) bool { return slices.Contains(passing, r.Code) })
	}
	r.mu.Unlock()
	if f == nil {
		return nil
	}
	if err := r.inputs.refs.add(refs); err != nil {
		return err
	}
	return r.inputs.rejects.add(b.Rejects)
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

func readHeader(f *bufio.Reader) (h inputHeader, err error) {
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
	if len(n.fresh) == 0 {
		return nil
	}
	defer n.close()
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
		write := func(w io.Writer) error {
			if err := writeValue(w, h.encode()); err != nil {
				return err
			}
			var b []byte
			for range f.refs {
				v, err, _ := refs()
				if err != nil {
					return err
				}
				b = encodeRef(b[:0], v)
				if err := writeValue(w, b); err != nil {
					return err
				}
			}
			for range f.rejects {
				v, err, _ := rejects()
				if err != nil {
					return err
				}
				b = encodeReject(b[:0], v)
				if err := writeValue(w, b); err != nil {
					return err
				}
			}
			return nil
		}
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

// takeKnown files what the store knows of an input, or of its first lines.
func (r *run) takeKnown(in *model.Input, lines int64) error {
	r.mu.Lock()
	if r.inputs.known == nil {
		r.inputs.known = map[string]int64{}
	}
	name := r.inputs.fresh[in.Path].name
	if r.inputs.known[in.Path] = lines; lines == 0 {
		r.inputs.known[in.Path] = math.MaxInt64
		delete(r.inputs.fresh, in.Path)
		r.count.Known.Add(1)
	}
	r.mu.Unlock()
	found, err := r.opts.Store.Find(name, func(f io.Reader) error {
		b := bufio.NewReader(f)
		h, err := readHeader(b)
		if err != nil {
			return err
		}
		take := func(b *model.Batch, refs []ref) error {
			b.Path = in.Path
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
			data, err := readValue(b)
			if err != nil {
				return err
			}
			v, err := decodeRef(data)
			if err != nil {
				return err
			}
			v.source.Path = in.Path
			if refs = append(refs, v); len(refs) == 4096 || i == h.refs-1 {
				if err := take(&model.Batch{}, refs); err != nil {
					return err
				}
				refs = nil
			}
		}
		for range h.rejects {
			data, err := readValue(b)
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
	})
	if err == nil && !found {
		err = fmt.Errorf("%w: what was kept of %s is gone", ErrInternal, in.Path)
	}
	return err
}

// readValue reads what writeValue wrote; io.EOF at the end.
func readValue(f *bufio.Reader) ([]byte, error) {
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
