package columnar

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// The metadata of Arrow IPC are flatbuffers, and the decoder takes the
// lengths in them on trust: a flipped bit makes it ask for more memory than
// there is, which ends the process. So their bounds are checked before they
// are decoded. The shapes follow the Arrow format's Schema.fbs, Message.fbs
// and File.fbs.

// part is what a slot of a table refers to.
type part struct {
	slot  int
	table *shape // a table, or with many a vector of tables
	many  bool
	size  int // of an element of a vector of scalars or structs; 1 also for strings
}

// shape lists the slots of a table that refer elsewhere.
type shape struct {
	parts []part
	types map[byte]*shape // of the union in slot union+1, by the type in slot union
	union int
}

var (
	keyValueShape = &shape{parts: []part{{slot: 0, size: 1}, {slot: 1, size: 1}}}
	plainShape    = &shape{}
	typeShapes    = func() map[byte]*shape {
		m := map[byte]*shape{}
		for i := range byte(27) {
			m[i] = plainShape
		}
		m[10] = &shape{parts: []part{{slot: 1, size: 1}}} // Timestamp: zone
		m[14] = &shape{parts: []part{{slot: 1, size: 4}}} // Union: ids
		return m
	}()
	dictionaryShape = &shape{parts: []part{{slot: 1, table: plainShape}}}
	fieldShape      = func() *shape {
		f := &shape{union: 2, types: typeShapes}
		f.parts = []part{{slot: 0, size: 1}, {slot: 4, table: dictionaryShape}, {slot: 5, table: f, many: true}, {slot: 6, table: keyValueShape, many: true}}
		return f
	}()
	schemaShape          = &shape{parts: []part{{slot: 1, table: fieldShape, many: true}, {slot: 2, table: keyValueShape, many: true}, {slot: 3, size: 8}}}
	batchShape           = &shape{parts: []part{{slot: 1, size: 16}, {slot: 2, size: 16}, {slot: 3, table: plainShape}, {slot: 4, size: 8}}}
	dictionaryBatchShape = &shape{parts: []part{{slot: 1, table: batchShape}}}
	messageShape         = &shape{union: 1, types: map[byte]*shape{1: schemaShape, 2: dictionaryBatchShape, 3: batchShape}, parts: []part{{slot: 4, table: keyValueShape, many: true}}}
	footerShape          = &shape{parts: []part{{slot: 1, table: schemaShape}, {slot: 2, size: 24}, {slot: 3, size: 24}, {slot: 4, table: keyValueShape, many: true}}}
)

var errBounds = errors.New("metadata point outside themselves")

// maxTables bounds the tables of one piece of metadata.
const maxTables = 1 << 20

// checker walks one flatbuffer.
type checker struct {
	b    []byte
	left int // tables that may still be visited
}

func checkFlat(b []byte, s *shape) error {
	c := &checker{b: b, left: maxTables}
	root, err := c.uint32(0)
	if err != nil {
		return err
	}
	return c.table(int(root), s, 0)
}

func (c *checker) uint32(at int) (uint32, error) {
	if at < 0 || at > len(c.b)-4 {
		return 0, errBounds
	}
	return binary.LittleEndian.Uint32(c.b[at:]), nil
}

// slot returns the place of a slot of the table at, 0 when it is not set.
func (c *checker) slot(at, slot int) (int, error) {
	back, err := c.uint32(at)
	if err != nil {
		return 0, err
	}
	v := at - int(int32(back))
	if v < 0 || v > len(c.b)-4 {
		return 0, errBounds
	}
	size := int(binary.LittleEndian.Uint16(c.b[v:]))
	if size < 4 || size > len(c.b)-v {
		return 0, errBounds
	}
	width := int(binary.LittleEndian.Uint16(c.b[v+2:]))
	if width < 4 || width > len(c.b)-at {
		return 0, errBounds
	}
	if 4+2*slot+2 > size {
		return 0, nil
	}
	off := int(binary.LittleEndian.Uint16(c.b[v+4+2*slot:]))
	switch {
	case off == 0:
		return 0, nil
	case off >= width:
		return 0, errBounds
	}
	return at + off, nil
}

// follow returns where the reference at points.
func (c *checker) follow(at int) (int, error) {
	off, err := c.uint32(at)
	if err != nil || int64(at)+int64(off) > int64(len(c.b)-4) {
		return 0, errBounds
	}
	return at + int(off), nil
}

func (c *checker) table(at int, s *shape, depth int) error {
	if c.left--; c.left < 0 || depth > 64 {
		return errors.New("metadata are nested too deeply")
	}
	// Any slot shows whether the table itself is in bounds.
	if _, err := c.slot(at, 0); err != nil {
		return err
	}
	for _, p := range s.parts {
		place, err := c.slot(at, p.slot)
		if err != nil {
			return err
		}
		if place == 0 {
			continue
		}
		to, err := c.follow(place)
		if err != nil {
			return err
		}
		if p.table != nil && !p.many {
			if err := c.table(to, p.table, depth+1); err != nil {
				return err
			}
			continue
		}
		n, err := c.uint32(to)
		if err != nil {
			return err
		}
		size := p.size
		if p.table != nil {
			size = 4 // references
		}
		if int64(n)*int64(size) > int64(len(c.b)-to-4) {
			return errBounds
		}
		if p.table == nil {
			continue
		}
		for i := range int(n) {
			element, err := c.follow(to + 4 + 4*i)
			if err != nil {
				return err
			}
			if err := c.table(element, p.table, depth+1); err != nil {
				return err
			}
		}
	}
	return c.unionOf(at, s, depth)
}

func (c *checker) unionOf(at int, s *shape, depth int) error {
	if s.types == nil {
		return nil
	}
	kind, err := c.slot(at, s.union)
	if err != nil || kind == 0 {
		return err
	}
	if kind >= len(c.b) {
		return errBounds
	}
	t := s.types[c.b[kind]]
	if t == nil {
		return fmt.Errorf("metadata of unknown type %d", c.b[kind])
	}
	place, err := c.slot(at, s.union+1)
	if err != nil || place == 0 {
		return err
	}
	to, err := c.follow(place)
	if err != nil {
		return err
	}
	return c.table(to, t, depth+1)
}

const maxMetadata = 16 << 20

// checkArrow checks the metadata of an Arrow IPC file or stream.
func checkArrow(r io.ReaderAt, size int64, file bool) error {
	if !file {
		for at := int64(0); at < size; {
			n, body, err := checkMessage(r, at, size)
			if err != nil {
				return err
			}
			if n == 0 {
				return nil
			}
			at += n + body
		}
		return nil
	}
	tail := make([]byte, 10)
	if size < 18 {
		return errors.New("too short")
	}
	if _, err := r.ReadAt(tail, size-10); err != nil {
		return err
	}
	n := int64(int32(binary.LittleEndian.Uint32(tail)))
	if n <= 0 || n > size-18 || n > maxMetadata {
		return errors.New("the footer's length is wrong")
	}
	footer := make([]byte, n)
	if _, err := r.ReadAt(footer, size-10-n); err != nil {
		return err
	}
	if err := checkFlat(footer, footerShape); err != nil {
		return err
	}
	c := &checker{b: footer}
	root, err := c.uint32(0)
	if err != nil {
		return err
	}
	for _, slot := range []int{2, 3} {
		place, err := c.slot(int(root), slot)
		if err != nil {
			return err
		}
		if place == 0 {
			continue
		}
		to, err := c.follow(place)
		if err != nil {
			return err
		}
		blocks, err := c.uint32(to)
		if err != nil {
			return err
		}
		for i := range int(blocks) {
			b := footer[to+4+24*i:]
			at, meta, body := int64(binary.LittleEndian.Uint64(b)), int64(int32(binary.LittleEndian.Uint32(b[8:]))), int64(binary.LittleEndian.Uint64(b[16:]))
			if at < 8 || meta < 8 || body < 0 || at > size || meta > size-at || body > size-at-meta {
				return errBounds
			}
			if _, _, err := checkMessage(r, at, size); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkMessage checks the message at a place and returns the bytes of its
// metadata, prefix included, and of its body; 0 at the end of a stream.
func checkMessage(r io.ReaderAt, at, size int64) (n, body int64, err error) {
	prefix := make([]byte, 8)
	if got, _ := r.ReadAt(prefix, at); got < 4 {
		return 0, 0, errBounds
	} else if got < 8 {
		clear(prefix[got:])
	}
	length, skip := binary.LittleEndian.Uint32(prefix), int64(4)
	if length == 0xffffffff {
		length, skip = binary.LittleEndian.Uint32(prefix[4:]), 8
	}
	if length == 0 {
		return 0, 0, nil
	}
	n = int64(length)
	if n > maxMetadata || n > size-at-skip {
		return 0, 0, errBounds
	}
	b := make([]byte, n)
	if _, err := r.ReadAt(b, at+skip); err != nil {
		return 0, 0, err
	}
	body, err = messageBody(b)
	if err != nil || body > size-at-skip-n {
		return 0, 0, cmp.Or(err, errBounds)
	}
	return skip + n, body, nil
}

// messageBody checks the metadata of a message and returns the bytes of the
// body that follows them.
func messageBody(b []byte) (int64, error) {
	if err := checkFlat(b, messageShape); err != nil {
		return 0, err
	}
	c := &checker{b: b}
	root, err := c.uint32(0)
	if err != nil {
		return 0, err
	}
	place, err := c.slot(int(root), 3)
	if err != nil || place == 0 {
		return 0, err
	}
	if place > len(b)-8 {
		return 0, errBounds
	}
	body := int64(binary.LittleEndian.Uint64(b[place:]))
	if body < 0 {
		return 0, errBounds
	}
	return body, nil
}

// checkedStream passes a stream on, each message once its metadata are
// checked.
type checkedStream struct {
	r     io.Reader
	limit int64  // of a body, bytes
	head  []byte // of the message, to be passed on
	body  int64  // bytes of its body to be passed on
}

func (s *checkedStream) Read(p []byte) (int, error) {
	if len(s.head) == 0 && s.body == 0 {
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	if len(s.head) > 0 {
		n := copy(p, s.head)
		s.head = s.head[n:]
		return n, nil
	}
	n, err := s.r.Read(p[:min(int64(len(p)), s.body)])
	if s.body -= int64(n); err == io.EOF && s.body > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// next reads the head of a message. Its error is io.EOF between messages
// only.
func (s *checkedStream) next() error {
	head := make([]byte, 4, 8)
	if _, err := io.ReadFull(s.r, head); err != nil {
		return err
	}
	length := binary.LittleEndian.Uint32(head)
	more := func(n int) error {
		at := len(head)
		head = slices.Grow(head, n)[:at+n]
		_, err := io.ReadFull(s.r, head[at:])
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	if length == 0xffffffff {
		if err := more(4); err != nil {
			return err
		}
		length = binary.LittleEndian.Uint32(head[4:])
	}
	if length > maxMetadata {
		return errBounds
	}
	if length > 0 {
		skip := len(head)
		if err := more(int(length)); err != nil {
			return err
		}
		body, err := messageBody(head[skip:])
		if err != nil {
			return err
		}
		if body > s.limit {
			return fmt.Errorf("a record batch of %d bytes is larger than the limit of %d", body, s.limit)
		}
		s.body = body
	}
	s.head = head
	return nil
}
