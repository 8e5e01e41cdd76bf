package snapshot

import (
	"reflect"
	"unsafe"
)

// kind is how a part of a value is written.
type kind uint8

const (
	plain   kind = iota // memory without pointers
	text                // a string
	slice               // a slice
	pointer             // a pointer
	mapping             // a map
	empty               // what cannot be written: it has to be nil
)

// part is a stretch of a value's memory.
type part struct {
	kind      kind
	at, size  uintptr
	typ       reflect.Type // what a slice or pointer is of; the type of a map
	elem, key *layout      // of typ, made when first needed: a nil pointer may be to anything
}

// layout says how the values of a type lie in memory.
type layout struct {
	typ   reflect.Type
	parts []part
	flat  bool // it is plain memory and nothing else

	// Values that pointers and slices refer to lie in one slice for each type.
	values unsafe.Pointer // while reading
	n      int            // as many are taken
	most   int            // while reading
	known  map[unsafe.Pointer]int
}

func (l *layout) size() uintptr { return l.typ.Size() }

// layouts are the layouts of a snapshot, by type and in the order in which they are needed.
type layouts struct {
	of   map[reflect.Type]*layout
	list []*layout
}

// get returns the layout of a type.
func (ls *layouts) get(t reflect.Type) *layout {
	if l := ls.of[t]; l != nil {
		return l
	}
	l := &layout{typ: t, known: map[unsafe.Pointer]int{}}
	l.add(t, 0)
	l.flat = len(l.parts) == 0 || len(l.parts) == 1 && l.parts[0].kind == plain
	ls.of[t] = l
	ls.list = append(ls.list, l)
	return l
}

// elem returns the layout of what a part refers to.
func (ls *layouts) elem(p *part) *layout {
	if p.elem == nil {
		if p.kind == mapping {
			p.key = ls.get(p.typ.Key())
			p.elem = ls.get(p.typ.Elem())
		} else {
			p.elem = ls.get(p.typ)
		}
	}
	return p.elem
}

// add appends the parts of a value of a type at an offset.
func (l *layout) add(t reflect.Type, at uintptr) {
	one := part{at: at, size: t.Size()}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			l.add(f.Type, at+f.Offset)
		}
		return
	case reflect.Array:
		for i := range t.Len() {
			l.add(t.Elem(), at+uintptr(i)*t.Elem().Size())
		}
		return
	case reflect.String:
		one.kind = text
	case reflect.Slice:
		one.kind, one.typ = slice, t.Elem()
	case reflect.Pointer:
		one.kind, one.typ = pointer, t.Elem()
	case reflect.Map:
		one.kind, one.typ = mapping, t
	case reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer:
		one.kind = empty
	default:
		if n := len(l.parts); n > 0 && l.parts[n-1].kind == plain {
			// What pads the fields between is taken along.
			l.parts[n-1].size = at + one.size - l.parts[n-1].at
			return
		}
	}
	l.parts = append(l.parts, one)
}

// isNil reports whether all of a value's memory is 0.
func isNil(p unsafe.Pointer, size uintptr) bool {
	for _, b := range unsafe.Slice((*byte)(p), size) {
		if b != 0 {
			return false
		}
	}
	return true
}

// sliceHeader is a slice in memory.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}
