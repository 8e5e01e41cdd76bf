package table

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math/bits"
	"slices"
	"time"
	"unsafe"
)

// column holds the values of one column: those that are not null, densely,
// and levels that say where they belong.
type column struct {
	kind  Kind
	null  bool
	text  []string    // String, Strings, Binary
	bytes int         // of the first strings of text
	held  int         // that many
	words *dictionary // of a column of few different strings, which has places in it instead of text
	at    []int32     // places in words
	codes [16]int32   // places of the names of a closed set by their numbers, from 1; 0: not known yet
	bools []bool
	i32   []int32 // Int32, Date
	i64   []int64 // Int64, Time
	f32   []float32
	def   []uint8 // nullable: 1 set, 0 null; Strings: 1 element, 0 empty list
	rep   []uint8 // Strings: 0 first of its row, 1 further element
}

func (c *column) reset() {
	clear(c.text)
	if c.words != nil {
		c.words.reset()
	}
	c.text, c.at, c.bools, c.i32, c.i64, c.f32 = c.text[:0], c.at[:0], c.bools[:0], c.i32[:0], c.i64[:0], c.f32[:0]
	c.def, c.rep, c.held, c.bytes = c.def[:0], c.rep[:0], 0, 0
	clear(c.codes[:])
}

// opt appends a string, or null for the empty one.
func (c *column) opt(s string) {
	if s == "" {
		c.def = append(c.def, 0)
		return
	}
	c.def = append(c.def, 1)
	c.add(s)
}

func (c *column) add(s string) {
	if c.words == nil {
		c.text = append(c.text, s)
	} else {
		c.at = append(c.at, c.words.place(s))
	}
}

// f32If appends a number, or null.
func (c *column) f32If(v float32, set bool) {
	if !set {
		c.def = append(c.def, 0)
		return
	}
	c.def, c.f32 = append(c.def, 1), append(c.f32, v)
}

// strs appends a list.
func (c *column) strs(list []string) {
	if len(list) == 0 {
		c.def, c.rep = append(c.def, 0), append(c.rep, 0)
		return
	}
	for i, s := range list {
		c.add(s)
		c.def = append(c.def, 1)
		c.rep = append(c.rep, uint8(min(i, 1)))
	}
}

// named is a number of a closed set below 16, with its name.
type named interface {
	~uint8
	String() string
}

// code returns the place of a name.
func code[T named](c *column, x T) int32 {
	if c.codes[x] == 0 {
		learn(c, x)
	}
	return c.codes[x] - 1
}

func learn[T named](c *column, x T) { c.codes[x] = c.words.place(x.String()) + 1 }

// string returns a string that add was given.
func (c *column) string(i int) string {
	if c.words == nil {
		return c.text[i]
	}
	return c.words.list[c.at[i]]
}

// dictionary holds the different strings of a column, in the order in which
// they came.
type dictionary struct {
	list  []string
	page  []byte // the strings one after the other, each after its length: copied here as they come, while they are near
	seed  maphash.Seed
	slots []slot // open addressing: the place of a string lies at its hash, or next to it
	// The names of rules, parties and articles come again and again as the
	// same memory, so most places are found without reading the string.
	recent [1 << recentBits]struct {
		data  *byte
		len   int32
		place int32 // from 1
	}
}

// slot is free when its place is 0. Most strings are so short that they are
// told apart in it.
type slot struct {
	key   key
	place int32 // in list, from 1
}

// key is the same for equal strings. Different strings that are not long have
// different keys.
type key struct {
	head, tail uint64
	len        uint32
}

const long = 16 // the bytes of longer strings are hashed

func (d *dictionary) key(s string) key {
	b, n := bytesOf(s), len(s)
	k := key{len: uint32(n)}
	switch {
	case n > long:
		k.head = maphash.String(d.seed, s)
	case n >= 8:
		k.head, k.tail = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		k.head, k.tail = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	case n > 0:
		k.head = uint64(b[0]) | uint64(b[n/2])<<8 | uint64(b[n-1])<<16
	}
	return k
}

func (k key) hash() uint32 {
	hi, lo := bits.Mul64(k.head^0x9E3779B97F4A7C15, k.tail^0xD1B54A32D192ED03)
	return uint32((hi ^ lo ^ uint64(k.len)) * 0x9E3779B97F4A7C15 >> 32)
}

const recentBits = 8

func newDictionary() *dictionary {
	return &dictionary{seed: maphash.MakeSeed(), slots: make([]slot, 64)}
}

func (d *dictionary) reset() {
	clear(d.list)
	d.list, d.page = d.list[:0], d.page[:0]
	clear(d.slots)
	clear(d.recent[:])
}

// place returns the place of s, which is added when it is new.
func (d *dictionary) place(s string) int32 {
	data := unsafe.StringData(s)
	// Memory comes in strides, which the odd factor of Fibonacci hashing spreads.
	r := &d.recent[uint64(uintptr(unsafe.Pointer(data)))*0x9E3779B97F4A7C15>>(64-recentBits)]
	if r.data == data && int(r.len) == len(s) && r.place > 0 {
		return r.place - 1
	}
	p := d.find(s)
	r.data, r.len, r.place = data, int32(len(s)), p+1
	return p
}

// find is place for strings that do not come again as the same memory.
func (d *dictionary) find(s string) int32 {
	k := d.key(s)
	mask := uint32(len(d.slots) - 1)
	i := k.hash() & mask
	for ; d.slots[i].place > 0; i = (i + 1) & mask {
		if t := &d.slots[i]; t.key == k && (len(s) <= long || d.list[t.place-1] == s) {
			return t.place - 1
		}
	}
	d.page = append(binary.LittleEndian.AppendUint32(d.page, uint32(len(s))), s...)
	d.list = append(d.list, unsafe.String(unsafe.SliceData(d.page[len(d.page)-len(s):]), len(s)))
	d.slots[i] = slot{k, int32(len(d.list))}
	if 4*len(d.list) > 3*len(d.slots) {
		d.grow()
	}
	return int32(len(d.list) - 1)
}

func (d *dictionary) grow() {
	old := d.slots
	d.slots = make([]slot, 2*len(old))
	mask := uint32(len(d.slots) - 1)
	for _, t := range old {
		if t.place > 0 {
			i := t.key.hash() & mask
			for d.slots[i].place > 0 {
				i = (i + 1) & mask
			}
			d.slots[i] = t
		}
	}
}

// Rows gathers rows of one table column by column. Strings are not copied:
// they must not change until the next Reset. Rows are given in batches, of one
// row but within add: by one call for each column, in the order of the schema,
// and ended by end.
type Rows struct {
	Schema *Schema
	cols   []column
	at     int // column of the next values
	batch  int // rows of the batch
	n      int
	held   int    // bytes of strings that are in no dictionary
	full   func() // called when there are rows for a row group; nil: never
}

// WhenFull has f called whenever there are RowGroup rows, or fewer with much
// text; f is to encode them and Reset.
func (r *Rows) WhenFull(f func()) { r.full = f }

// NewRows returns no rows of a table.
func NewRows(s *Schema) *Rows {
	r := &Rows{Schema: s, cols: make([]column, len(s.Columns)), batch: 1}
	for i, c := range s.Columns {
		r.cols[i].kind, r.cols[i].null = c.Kind, c.Null
		if c.few {
			r.cols[i].words = newDictionary()
		}
	}
	return r
}

// Len returns the number of rows.
func (r *Rows) Len() int { return r.n }

// Reset drops all rows and keeps the memory.
func (r *Rows) Reset() {
	for i := range r.cols {
		r.cols[i].reset()
	}
	r.n, r.at, r.held = 0, 0, 0
}

// add adds n rows of an article. Those from one index to another are given by
// give, which is called again where a row group ends between them.
func (r *Rows) add(n int, give func(from, to int)) {
	for from := 0; from < n; from += r.batch {
		r.batch = n - from
		if room := RowGroup - r.n; room > 0 {
			r.batch = min(r.batch, room)
		}
		if r.held > groupText/2 {
			r.batch = 1 // the row that fills the group is to be its last
		}
		give(from, from+r.batch)
		r.end()
	}
	r.batch = 1
}

// end ends the batch. One with too few or too many columns is a mistake of
// this package.
func (r *Rows) end() {
	if r.at != len(r.cols) {
		panic(fmt.Sprintf("table %s: a row of %d values for %d columns", r.Schema.Name, r.at, len(r.cols)))
	}
	r.at = 0
	for i := range r.cols {
		c, n := &r.cols[i], 0
		for _, s := range c.text[c.held:] {
			n += len(s)
		}
		c.held = len(c.text)
		c.bytes += n
		r.held += n
	}
	if r.n += r.batch; (r.n == RowGroup || r.held >= groupText) && r.full != nil {
		r.full()
	}
}

// next returns the next column.
func (r *Rows) next(k Kind) *column {
	c := &r.cols[r.at]
	if c.kind != k {
		panic(fmt.Sprintf("table %s: a %v for column %s", r.Schema.Name, k, r.Schema.Columns[r.at].Name))
	}
	r.at++
	return c
}

// set returns the next column, in which no row of the batch is null.
func (r *Rows) set(k Kind) *column {
	c := r.next(k)
	if c.null {
		repeat(&c.def, 1, r.batch)
	}
	return c
}

// null leaves the next column null.
func (r *Rows) null() {
	c := &r.cols[r.at]
	if !c.null {
		panic(fmt.Sprintf("table %s: null for column %s", r.Schema.Name, r.Schema.Columns[r.at].Name))
	}
	repeat(&c.def, 0, r.batch)
	r.at++
}

// more appends n values to v and returns these, which are to be set.
func more[T any](v *[]T, n int) (fresh []T) {
	held := len(*v)
	if cap(*v)-held < n {
		*v = slices.Grow(*v, max(n, cap(*v))) // twice as much: columns grow together, out of the caches
	}
	*v = (*v)[:held+n]
	return (*v)[held:]
}

// repeat appends x n times.
func repeat[T any](v *[]T, x T, n int) {
	fresh := more(v, n)
	for i := range fresh {
		fresh[i] = x
	}
}

// fill sets each value.
func fill[T any](v []T, value func(i int) T) {
	for i := range v {
		v[i] = value(i)
	}
}

// texts, bools, i32s and f32s return the values of the next column, which are
// to be set.
func (r *Rows) texts() []string { return more(&r.set(String).text, r.batch) }
func (r *Rows) bools() []bool   { return more(&r.set(Bool).bools, r.batch) }
func (r *Rows) i32s() []int32   { return more(&r.set(Int32).i32, r.batch) }
func (r *Rows) f32s() []float32 { return more(&r.set(Float32).f32, r.batch) }

// words returns the next column, which has a dictionary, with the places of
// its values, which are to be set.
func (r *Rows) words() (c *column, places []int32) {
	c = r.set(String)
	return c, more(&c.at, r.batch)
}

// bytesOf returns the bytes of s. Empty ones are never nil, which statistics
// take for no value.
func bytesOf(s string) []byte {
	if s == "" {
		return empty[:]
	}
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

var empty [0]byte

// The following give all rows of the batch the same value.

func (r *Rows) str(s string) {
	if c := r.set(String); c.words == nil {
		repeat(&c.text, s, r.batch)
	} else {
		repeat(&c.at, c.words.place(s), r.batch)
	}
}

// opt is str with null for the empty string.
func (r *Rows) opt(s string) {
	if s == "" {
		r.null()
		return
	}
	r.str(s)
}

func (r *Rows) binary(b []byte) {
	c := r.set(Binary)
	repeat(&c.text, unsafe.String(unsafe.SliceData(b), len(b)), r.batch)
}

func (r *Rows) strs(list []string) {
	c := r.next(Strings)
	for range r.batch {
		c.strs(list)
	}
}

func (r *Rows) bool(v bool) { fill(r.bools(), func(int) bool { return v }) }

func (r *Rows) i32(v int32) { fill(r.i32s(), func(int) int32 { return v }) }

func (r *Rows) i64(v int64) {
	c := r.set(Int64)
	repeat(&c.i64, v, r.batch)
}

func (r *Rows) f32(v float32) { fill(r.f32s(), func(int) float32 { return v }) }

func (r *Rows) f32If(v float32, set bool) {
	if !set {
		r.null()
		return
	}
	r.f32(v)
}

// time gives a time, null when it is zero.
func (r *Rows) time(t time.Time) {
	if t.IsZero() {
		r.null()
		return
	}
	c := r.set(Time)
	repeat(&c.i64, t.UnixMicro(), r.batch)
}

// date gives the day of t in UTC, null when t is zero.
func (r *Rows) date(t time.Time) {
	if t.IsZero() {
		r.null()
		return
	}
	c := r.set(Date)
	repeat(&c.i32, dayOf(t), r.batch)
}

// dayOf returns the days since 1970-01-01, which before it are negative.
func dayOf(t time.Time) int32 {
	s := t.Unix()
	d := s / 86400
	if s%86400 < 0 {
		d--
	}
	return int32(d)
}
