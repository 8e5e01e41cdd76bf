// Package snapshot writes a Go value, with all that it refers to and its
// unexported fields, as flat bytes, and brings it back in little more than the
// time that it takes to read them: what holds no pointers is not copied again.
//
// It is for values that do not change any more, and for the program that wrote
// them: the bytes follow the layout of its types in memory. Pointers to one
// value come back as pointers to one value; what shares memory otherwise need not.
// Functions, channels and interfaces cannot be written and have to be nil.
package snapshot

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"unsafe"
)

// align is where memory that is used in place begins: at a cache line.
const align = 64

// absent is the length of a slice or map that is nil.
const absent = ^uint32(0)

// Write writes the value that v points to. key names the program and all else
// that Read is to insist on. v must not change meanwhile.
func Write(w io.Writer, key string, v any) error {
	root := reflect.ValueOf(v)
	if root.Kind() != reflect.Pointer || root.IsNil() {
		return errors.New("snapshot: not a pointer to a value")
	}
	s := writer{layouts: layouts{of: map[reflect.Type]*layout{}}, recent: make([]placed, recent)}
	to := root.UnsafePointer()
	if err := s.part(unsafe.Pointer(&to), &part{kind: pointer, typ: root.Type().Elem()}); err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	head := appendText(appendText(nil, key), root.Type().String())
	head = binary.LittleEndian.AppendUint32(head, uint32(len(s.list)))
	for _, l := range s.list {
		head = binary.LittleEndian.AppendUint32(head, uint32(l.n))
	}
	head = binary.LittleEndian.AppendUint32(head, uint32(len(s.tree)))
	head = append(head, s.tree...)
	b := bufio.NewWriterSize(w, 1<<16)
	b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(head))))
	b.Write(head)
	var zeros [align]byte
	b.Write(zeros[:padding(8+len(head))])
	at := 0
	for _, p := range s.pieces {
		b.Write(zeros[:int(p.at)-at])
		b.Write(unsafe.Slice((*byte)(p.data), p.size))
		at = int(p.at) + int(p.size)
	}
	return b.Flush() // and the error of any write
}

// padding returns the bytes that lack to the next cache line.
func padding(n int) int { return -n & (align - 1) }

func appendText(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
}

// placed is memory that is written as it is, at a place behind all else.
type placed struct {
	data     unsafe.Pointer
	size, at uint32
}

type writer struct {
	layouts
	tree   []byte // what has to be read bit by bit
	pieces []placed
	end    int      // of the pieces
	recent []placed // by hash of the memory: most that is referred to often is so in a row
}

// recent is how many pieces are looked through for one that is there already.
const recent = 1 << 12

func (w *writer) int(n uint32) { w.tree = binary.LittleEndian.AppendUint32(w.tree, n) }

// place notes memory to be written as it is, once, and returns where.
func (w *writer) place(data unsafe.Pointer, size uintptr, aligned bool) (uint32, error) {
	if size == 0 {
		return 0, nil
	}
	known := &w.recent[uint64(uintptr(data))*0x9e3779b97f4a7c15>>52]
	if known.data == data && uintptr(known.size) == size && (!aligned || known.at%align == 0) {
		return known.at, nil
	}
	if aligned {
		w.end += padding(w.end)
	}
	if uint64(w.end)+uint64(size) >= uint64(absent) {
		return 0, errors.New("more than 4 GiB")
	}
	*known = placed{data, uint32(size), uint32(w.end)}
	w.pieces = append(w.pieces, *known)
	w.end += int(size)
	return known.at, nil
}

// value writes the value at p.
func (w *writer) value(p unsafe.Pointer, l *layout) error {
	for i := range l.parts {
		d := &l.parts[i]
		if err := w.part(unsafe.Add(p, d.at), d); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) part(p unsafe.Pointer, d *part) error {
	switch d.kind {
	case plain:
		w.tree = append(w.tree, unsafe.Slice((*byte)(p), d.size)...)
	case text:
		s := *(*string)(p)
		at, err := w.place(unsafe.Pointer(unsafe.StringData(s)), uintptr(len(s)), false)
		if err != nil {
			return err
		}
		w.int(uint32(len(s)))
		w.int(at)
	case slice:
		s := (*sliceHeader)(p)
		if s.data == nil {
			w.int(absent)
			return nil
		}
		w.int(uint32(s.len))
		elem := w.elem(d)
		size := elem.size()
		if elem.flat {
			at, err := w.place(s.data, uintptr(s.len)*size, size > 1)
			w.int(at)
			return err
		}
		elem.n += s.len
		for i := range s.len {
			if err := w.value(unsafe.Add(s.data, uintptr(i)*size), elem); err != nil {
				return err
			}
		}
	case pointer:
		to := *(*unsafe.Pointer)(p)
		if to == nil {
			w.int(0)
			return nil
		}
		elem := w.elem(d)
		n, ok := elem.known[to]
		if ok {
			w.int(uint32(n) + 1)
			return nil
		}
		n = elem.n
		elem.n++
		elem.known[to] = n
		w.int(uint32(n) + 1)
		return w.value(to, elem)
	case mapping:
		return w.mapping(reflect.NewAt(d.typ, p).Elem(), d)
	case empty:
		if !isNil(p, d.size) {
			return fmt.Errorf("a function, channel or interface that is not nil")
		}
	}
	return nil
}

// mapping writes a map in the order of its keys' bytes.
func (w *writer) mapping(m reflect.Value, d *part) error {
	if m.IsNil() {
		w.int(absent)
		return nil
	}
	w.int(uint32(m.Len()))
	w.elem(d)
	if !d.key.flat && d.typ.Key().Kind() != reflect.String {
		return fmt.Errorf("keys of %s", d.typ)
	}
	type pair struct {
		bytes      []byte
		key, value reflect.Value
	}
	var pairs []pair
	for i := m.MapRange(); i.Next(); {
		k, v := reflect.New(d.typ.Key()).Elem(), reflect.New(d.typ.Elem()).Elem()
		k.SetIterKey(i)
		v.SetIterValue(i)
		x := pair{key: k, value: v}
		if d.key.flat {
			x.bytes = unsafe.Slice((*byte)(k.Addr().UnsafePointer()), d.key.size())
		} else {
			x.bytes = []byte(k.String())
		}
		pairs = append(pairs, x)
	}
	slices.SortFunc(pairs, func(a, b pair) int { return bytes.Compare(a.bytes, b.bytes) })
	for _, x := range pairs {
		if err := cmp.Or(w.value(x.key.Addr().UnsafePointer(), d.key), w.value(x.value.Addr().UnsafePointer(), d.elem)); err != nil {
			return err
		}
	}
	return nil
}

// Read returns the value that Write wrote under a key. It takes data over: the
// value refers to it. Its error says that the bytes are of another key or type
// or cut short; that they are otherwise whole is for the caller to know.
func Read[T any](data []byte, key string) (v *T, err error) {
	r := reader{layouts: layouts{of: map[reflect.Type]*layout{}}}
	defer func() {
		if p := recover(); p == errShort {
			v, err = nil, errShort
		} else if p != nil {
			panic(p)
		}
	}()
	r.tree = data
	size := binary.LittleEndian.Uint64(r.take(8))
	if size > uint64(len(data)-8) {
		return nil, errShort
	}
	r.tree = data[8 : 8+size]
	if string(r.take(int(r.int()))) != key || string(r.take(int(r.int()))) != reflect.TypeFor[*T]().String() {
		return nil, errors.New("snapshot: of another program or value")
	}
	r.counts = r.take(4 * int(r.int()))
	if int(r.int()) != len(r.tree) {
		return nil, errShort
	}
	r.pieces = data[min(len(data), 8+int(size)+padding(8+int(size))):]
	if uintptr(unsafe.Pointer(unsafe.SliceData(r.pieces)))%8 != 0 {
		return nil, errors.New("snapshot: the bytes do not begin at a word")
	}
	r.part(unsafe.Pointer(&v), &part{kind: pointer, typ: reflect.TypeFor[T]()})
	return v, nil
}

var errShort = errors.New("snapshot: cut short")

type reader struct {
	layouts
	tree, pieces []byte
	counts       []byte // of the layouts, in their order
}

// take returns the next bytes of the tree.
func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.tree) {
		panic(errShort)
	}
	b := r.tree[:n]
	r.tree = r.tree[n:]
	return b
}

func (r *reader) int() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }

// piece returns a pointer to bytes that are used where they lie.
func (r *reader) piece(at uint32, size uintptr) unsafe.Pointer {
	if size > uintptr(len(r.pieces)) || uintptr(at) > uintptr(len(r.pieces))-size {
		panic(errShort)
	}
	return unsafe.Pointer(unsafe.SliceData(r.pieces[at:]))
}

// some returns the place of the n-th and further values of a layout.
func (r *reader) some(l *layout, from, n int) unsafe.Pointer {
	if l.values == nil {
		i := slices.Index(r.list, l)
		if len(r.counts) < 4*(i+1) {
			panic(errShort)
		}
		l.most = int(binary.LittleEndian.Uint32(r.counts[4*i:]))
		if l.most > len(r.tree)+1 {
			panic(errShort) // each takes a byte at least
		}
		l.values = reflect.MakeSlice(reflect.SliceOf(l.typ), l.most, l.most).UnsafePointer()
	}
	if from+n > l.most {
		panic(errShort)
	}
	return unsafe.Add(l.values, uintptr(from)*l.size())
}

// value reads into p, which is all zero.
func (r *reader) value(p unsafe.Pointer, l *layout) {
	for i := range l.parts {
		d := &l.parts[i]
		r.part(unsafe.Add(p, d.at), d)
	}
}

func (r *reader) part(p unsafe.Pointer, d *part) {
	switch d.kind {
	case plain:
		copy(unsafe.Slice((*byte)(p), d.size), r.take(int(d.size)))
	case text:
		n, at := r.int(), r.int()
		*(*string)(p) = unsafe.String((*byte)(r.piece(at, uintptr(n))), n)
	case slice:
		n := r.int()
		if n == absent {
			return
		}
		s, elem := (*sliceHeader)(p), r.elem(d)
		s.len, s.cap = int(n), int(n)
		if elem.flat {
			s.data = r.piece(r.int(), uintptr(n)*elem.size())
			return
		}
		s.data = r.some(elem, elem.n, int(n))
		elem.n += int(n)
		for i := range uintptr(n) {
			r.value(unsafe.Add(s.data, i*elem.size()), elem)
		}
	case pointer:
		n := int(r.int())
		if n == 0 {
			return
		}
		elem := r.elem(d)
		to := r.some(elem, n-1, 1)
		*(*unsafe.Pointer)(p) = to
		if n-1 == elem.n {
			elem.n++
			r.value(to, elem)
		}
	case mapping:
		n := r.int()
		if n == absent {
			return
		}
		r.elem(d)
		m := reflect.MakeMapWithSize(d.typ, min(int(n), len(r.tree)))
		reflect.NewAt(d.typ, p).Elem().Set(m)
		for range n {
			k, v := reflect.New(d.typ.Key()), reflect.New(d.typ.Elem())
			r.value(k.UnsafePointer(), d.key)
			r.value(v.UnsafePointer(), d.elem)
			m.SetMapIndex(k.Elem(), v.Elem())
		}
	}
}
