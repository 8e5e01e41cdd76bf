package table

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/zstd"
)

// The pages of Parquet parts are made here, and not by the library, whose
// writers of columns take as long for what is around the values as for the
// values: a chunk of news has 200 columns of a few thousand values. What is
// in a page is said in https://parquet.apache.org/docs/file-format/data-pages.

// pages makes the pages of one column chunk after the other.
type pages struct {
	list   []page
	hashes []uint64 // of the different strings of the chunk; some may be there twice

	raw    []byte // pages before compression, one after the other
	stored []byte // and after it
	head   []byte
	dense  []int32 // values of rows that are not null, or lengths
	shared []int32 // bytes that a string has in common with the one before
	tail   []byte  // and its others
	counts metadata.EncodingStats

	letters, numbers *zstd.Encoder
}

// page is a page of a column chunk.
type page struct {
	dictionary bool
	text       bool // worth an entropy code
	levels     int  // values with nulls and empty lists; of a dictionary its words
	row        int  // its first
	raw        int  // bytes before compression
	stored     []byte
	bounds     bounds
}

// bounds are the statistics of a page or chunk.
type bounds struct {
	min, max []byte // as stored; nil: none
	nulls    int
	values   int // not null
}

func newPages() (*pages, error) {
	// More than the fastest level costs time for a few per cent.
	letters, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithZeroFrames(true), zstd.WithAllLitEntropyCompression(true))
	if err != nil {
		return nil, err
	}
	// Numbers that do not repeat are packed already.
	numbers, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithZeroFrames(true), zstd.WithAllLitEntropyCompression(false))
	return &pages{letters: letters, numbers: numbers,
		counts: metadata.EncodingStats{DictEncodingStats: map[parquet.Encoding]int32{}, DataEncodingStats: map[parquet.Encoding]int32{}}}, err
}

// encode makes the pages of a column, which hold on to none of its strings.
func (p *pages) encode(c *Column, v *column) {
	p.list, p.raw, p.hashes = p.list[:0], p.raw[:0], p.hashes[:0]
	switch {
	case v.words != nil:
		p.words(c, v)
	case c.Kind == String || c.Kind == Binary:
		p.texts(c, v)
	default:
		p.values(c, v)
	}
}

// begin begins a page with its levels.
func (p *pages) begin(row, values int, def, rep []uint8) *page {
	p.list = append(p.list, page{row: row, levels: max(values, len(def)), raw: len(p.raw)})
	p.raw = appendLevels(p.raw, rep)
	p.raw = appendLevels(p.raw, def)
	g := &p.list[len(p.list)-1]
	g.bounds.values = values
	g.bounds.nulls = len(def) - bytes.Count(def, []byte{1})
	return g
}

// end ends the page that was begun.
func (p *pages) end() {
	g := &p.list[len(p.list)-1]
	g.raw = len(p.raw) - g.raw
}

// values makes the page of a column of numbers.
func (p *pages) values(c *Column, v *column) {
	switch c.Kind {
	case Bool:
		g := p.begin(0, len(v.bools), v.def, nil)
		if len(v.bools) > 0 {
			g.bounds.min, g.bounds.max = []byte{1}, []byte{0}
			if slices.Contains(v.bools, false) {
				g.bounds.min[0] = 0
			}
			if slices.Contains(v.bools, true) {
				g.bounds.max[0] = 1
			}
		}
		p.raw = appendBools(p.raw, v.bools)
	case Int32, Date:
		integers(p, v.i32, v.def)
	case Int64, Time:
		integers(p, v.i64, v.def)
	case Float32:
		g := p.begin(0, len(v.f32), v.def, nil)
		g.bounds.floats(v.f32)
		p.raw = append(p.raw, arrow.Float32Traits.CastToBytes(v.f32)...)
	}
	p.end()
}

// integers makes the page of whole numbers, but for its end.
func integers[T int32 | int64](p *pages, v []T, def []uint8) {
	g := p.begin(0, len(v), def, nil)
	if len(v) > 0 {
		lo, hi := v[0], v[0]
		for _, x := range v {
			lo, hi = min(lo, x), max(hi, x)
		}
		g.bounds.min, _ = binary.Append(nil, binary.LittleEndian, lo) // the size is fixed: no error
		g.bounds.max, _ = binary.Append(nil, binary.LittleEndian, hi)
	}
	p.raw = appendDelta(p.raw, v)
}

// floats are bounded without NaN, and zero by both its signs.
func (b *bounds) floats(v []float32) {
	lo, hi := float32(math.Inf(1)), float32(math.Inf(-1))
	for _, x := range v {
		if x < lo {
			lo = x
		}
		if x > hi {
			hi = x
		}
	}
	if lo > hi {
		return
	}
	if lo == 0 {
		lo = float32(math.Copysign(0, -1))
	}
	if hi == 0 {
		hi = 0
	}
	b.min, b.max = binary.LittleEndian.AppendUint32(nil, math.Float32bits(lo)), binary.LittleEndian.AppendUint32(nil, math.Float32bits(hi))
}

// texts makes the pages of a column of strings.
func (p *pages) texts(c *Column, v *column) {
	def, first, row := v.def, 0, 0
	for next, rows := 0, max(len(v.text), len(v.def)); row < rows; {
		begin, size := row, 0
		if v.bytes < pageSize {
			row, next, size = rows, len(v.text), v.bytes
		}
		for ; row < rows && size < pageSize; row++ {
			if len(def) == 0 || def[row] == 1 {
				size += len(v.text[next])
				next++
			}
		}
		var levels []uint8
		if len(def) > 0 {
			levels = def[begin:row]
		}
		g := p.begin(begin, next-first, levels, nil)
		g.text = true
		if c.long || c.Kind == Binary {
			p.raw = slices.Grow(p.raw, size+size/8)
			p.appendTexts(v.text[first:next])
		} else {
			p.appendSorted(v.text[first:next], &g.bounds, c.bloom)
		}
		p.end()
		first = next
	}
}

// appendTexts appends strings in DELTA_LENGTH_BYTE_ARRAY.
func (p *pages) appendTexts(texts []string) {
	p.dense = p.dense[:0]
	for _, s := range texts {
		p.dense = append(p.dense, int32(len(s)))
	}
	p.raw = appendDelta(p.raw, p.dense)
	for _, s := range texts {
		p.raw = append(p.raw, s...)
	}
}

// appendSorted appends strings in DELTA_BYTE_ARRAY. Most are ids, the one
// before with another number at its end or the same again.
func (p *pages) appendSorted(texts []string, b *bounds, bloom bool) {
	shared := slices.Grow(p.shared[:0], len(texts))[:len(texts)]
	dense := slices.Grow(p.dense[:0], len(texts))[:len(texts)]
	tail := p.tail[:0]
	var last, lo, hi string
	var number uint64 // at the end of the last
	var short bool    // it is known
	stem := 0         // bytes before it
	for i, s := range texts {
		whole := stem // numbers stay whole: as text they compress better than by digits
		if unsafe.StringData(s) != unsafe.StringData(last) || len(s) != len(last) || i == 0 {
			x, ok := numberAt(s, stem)
			again, descends := false, false
			if ok && short && s[:stem] == last[:stem] {
				again, descends = x == number, bits.ReverseBytes64(x) < bits.ReverseBytes64(number)
				number = x
			} else {
				n := common(last, s)
				again, descends = n == len(s) && n == len(last) && i > 0, n < len(last) && (n == len(s) || s[n] < last[n])
				for stem = len(s); stem > 0 && s[stem-1]-'0' <= 9; stem-- {
				}
				number, short = numberAt(s, stem)
				for whole = min(n, stem); n < stem && whole > 0 && s[whole-1]-'0' <= 9; whole-- {
				}
			}
			if descends {
				lo, hi = min(lo, s), max(hi, last)
			} else if i == 0 {
				lo = s
			}
			if bloom && !again {
				p.hashes = append(p.hashes, xxhash.Sum64String(s))
			}
			last = s
		}
		shared[i], dense[i] = int32(whole), int32(len(s)-whole)
		if at := len(tail); short && whole == stem && at+8 <= cap(tail) {
			binary.LittleEndian.PutUint64(tail[at:at+8], number)
			tail = tail[:at+len(s)-whole]
		} else {
			tail = append(tail, s[whole:]...)
		}
	}
	if len(texts) > 0 {
		b.min, b.max = append([]byte{}, lo...), append([]byte{}, max(hi, last)...)
	}
	p.raw = append(appendDelta(appendDelta(p.raw, shared), dense), tail...)
	p.shared, p.dense, p.tail = shared, dense, tail
}

// numberAt returns the bytes of s from one on, the first lowest, if they are
// digits and few.
func numberAt(s string, from int) (uint64, bool) {
	n := uint(len(s) - from)
	if n > 8 || len(s) < 8 {
		return 0, false
	}
	x := binary.LittleEndian.Uint64(bytesOf(s)[len(s)-8:]) >> (64 - 8*n)
	d := x ^ '0'*0x0101010101010101>>(64-8*n)
	return x, (d+0x7676767676767676|d)&0x8080808080808080 == 0 // no byte is above 9
}

// common returns how many bytes two strings begin with together.
func common(a, b string) int {
	x, y := bytesOf(a), bytesOf(b)
	n, i := min(len(x), len(y)), 0
	for ; i+8 <= n; i += 8 {
		if d := binary.LittleEndian.Uint64(x[i:]) ^ binary.LittleEndian.Uint64(y[i:]); d != 0 {
			return i + bits.TrailingZeros64(d)/8
		}
	}
	if n >= 8 {
		d := binary.LittleEndian.Uint64(x[n-8:]) ^ binary.LittleEndian.Uint64(y[n-8:])
		return n - 8 + bits.TrailingZeros64(d)/8 // of 0 it is 64
	}
	for ; i < n && x[i] == y[i]; i++ {
	}
	return i
}

// words makes the dictionary of a column of few different strings, and the
// page of the places in it.
func (p *pages) words(c *Column, v *column) {
	list := v.words.list
	p.raw = append(p.raw, v.words.page...)
	p.list = append(p.list, page{dictionary: true, text: true, levels: len(list)})
	var lo, hi string
	for i, s := range list {
		if c.bloom {
			p.hashes = append(p.hashes, xxhash.Sum64String(s))
		}
		if i == 0 {
			lo, hi = s, s
		} else if s == "" || lo == "" || s[0] <= lo[0] || s[0] >= hi[0] {
			lo, hi = min(lo, s), max(hi, s)
		}
	}
	p.end()
	g := p.begin(0, len(v.at), v.def, v.rep)
	if len(list) > 0 {
		g.bounds.min, g.bounds.max = append([]byte{}, lo...), append([]byte{}, hi...)
	}
	width := bits.Len(uint(max(len(list)-1, min(len(list), 1)))) // of one word it could be 0, which few readers see
	p.raw = appendHybrid(append(p.raw, byte(width)), v.at, width)
	p.end()
}

// compress compresses the pages, and reports whether they are stored as they
// are because it gains little.
func (p *pages) compress() bool {
	p.stored = slices.Grow(p.stored[:0], len(p.raw)+len(p.raw)/16)
	at := 0
	for i := range p.list {
		g := &p.list[i]
		z := p.numbers
		if g.text {
			z = p.letters
		}
		from := len(p.stored)
		p.stored = z.EncodeAll(p.raw[at:at+g.raw], p.stored)
		g.stored = p.stored[from:]
		at += g.raw
	}
	if len(p.stored) < at-at/16 {
		return false
	}
	at = 0
	for i := range p.list {
		g := &p.list[i]
		g.stored = p.raw[at : at+g.raw]
		at += g.raw
	}
	return true
}

// appendHead appends the head of the page, which is Thrift's compact form.
func (g *page) appendHead(dst []byte, e parquet.Encoding) []byte {
	const number, structure = 0x15, 0x0c // the next field is a number; a structure without its distance
	integer := func(n int) { dst = binary.AppendVarint(append(dst, number), int64(n)) }
	kind, field := 0, byte(5)
	if g.dictionary {
		kind, field, e = 2, 7, parquet.Encodings.Plain
	}
	integer(kind)
	integer(g.raw)
	integer(len(g.stored))
	dst = append(dst, (field-3)<<4|structure)
	integer(g.levels)
	integer(int(e))
	if !g.dictionary {
		integer(int(parquet.Encodings.RLE)) // of both levels
		integer(int(parquet.Encodings.RLE))
	}
	return append(dst, 0, 0)
}

// maxBound is the length of the longest string that statistics hold.
const maxBound = 4096

// encode returns the statistics as the library wants them.
func (b *bounds) encode(k Kind) metadata.EncodedStatistics {
	s := metadata.EncodedStatistics{HasNullCount: true, NullCount: int64(b.nulls), AllNullValue: b.values == 0,
		Signed: k != String && k != Strings && k != Binary}
	if b.min != nil {
		s.SetMin(b.min).SetMax(b.max)
		s.ApplyStatSizeLimits(maxBound)
	}
	return s
}

// merge adds the statistics of a page to those of its chunk. Only strings have
// chunks of several pages.
func (b *bounds) merge(g *bounds) {
	b.nulls += g.nulls
	b.values += g.values
	if g.min == nil {
		return
	}
	if b.min == nil || bytes.Compare(g.min, b.min) < 0 {
		b.min = g.min
	}
	if b.max == nil || bytes.Compare(g.max, b.max) > 0 {
		b.max = g.max
	}
}

// appendLevels appends levels, which are 0 or 1, after their length. No levels
// are nothing.
func appendLevels(dst []byte, levels []uint8) []byte {
	if len(levels) == 0 {
		return dst
	}
	at := len(dst)
	dst = appendHybrid(append(dst, 0, 0, 0, 0), levels, 1)
	binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	return dst
}

// appendHybrid appends values of so many bits in the hybrid of runs and packed
// groups of eight.
func appendHybrid[T uint8 | int32](dst []byte, v []T, width int) []byte {
	if width == 0 {
		return binary.AppendUvarint(dst, uint64(len(v))<<1)
	}
	least := max(8, 32/width&^7) // a shorter run is smaller in a group
	from := 0                    // of what is not written yet
	for i := 0; i+4 <= len(v); {
		x := v[i]
		// Runs of eight hold four from an index that four divides.
		if w := v[i : i+4 : i+4]; w[1] != x || w[2] != x || w[3] != x {
			i += 4
			continue
		}
		j := i + 4
		for i > from && v[i-1] == x {
			i--
		}
		for j < len(v) && v[j] == x {
			j++
		}
		full := i + (from-i)&7 // where a group ends
		if j-full >= least {
			dst = appendGroups(dst, v[from:full], width)
			dst = binary.AppendUvarint(dst, uint64(j-full)<<1)
			for b := 0; b < width; b += 8 {
				dst = append(dst, byte(x>>b))
			}
			from = j
		}
		i = (j + 3) &^ 3
	}
	return appendGroups(dst, v[from:], width)
}

// appendGroups appends values packed, the last group filled up with zeros.
func appendGroups[T uint8 | int32](dst []byte, v []T, width int) []byte {
	if len(v) == 0 {
		return dst
	}
	dst = binary.AppendUvarint(dst, uint64((len(v)+7)/8)<<1|1)
	return pack(dst, v, width)
}

// pack appends values of so many bits, of which no more are set, and zeros up
// to a whole group of eight.
func pack[T uint8 | int32 | int64](dst []byte, v []T, width int) []byte {
	if width == 0 {
		return dst
	}
	at := len(dst)
	end := at + (len(v)+7)/8*width
	dst = slices.Grow(dst, end-at+16)[:end+16]
	for ; len(v) >= 8; v, at = v[8:], at+width {
		packGroup(dst[at:], (*[8]T)(v), width)
	}
	if len(v) > 0 {
		var rest [8]T
		copy(rest[:], v)
		packGroup(dst[at:], &rest, width)
	}
	return dst[:end]
}

// packGroup packs a group, with up to 16 bytes after it.
func packGroup[T uint8 | int32 | int64](dst []byte, g *[8]T, width int) {
	if width <= 16 {
		w := uint(width & 31)
		lo := ((uint64(g[3])<<w|uint64(g[2]))<<w|uint64(g[1]))<<w | uint64(g[0])
		hi := ((uint64(g[7])<<w|uint64(g[6]))<<w|uint64(g[5]))<<w | uint64(g[4])
		binary.LittleEndian.PutUint64(dst, lo|hi<<(4*w))
		binary.LittleEndian.PutUint64(dst[8:], hi>>(64-4*w))
		return
	}
	var acc uint64
	n, at := 0, 0
	put := func(x uint64, width int) {
		acc |= x << n
		if n += width; n >= 32 {
			binary.LittleEndian.PutUint32(dst[at:], uint32(acc))
			at, acc, n = at+4, acc>>32, n-32
		}
	}
	for _, x := range g {
		put(uint64(x)&math.MaxUint32, min(width, 32))
		if width > 32 {
			put(uint64(x)>>32, width-32)
		}
	}
	binary.LittleEndian.PutUint32(dst[at:], uint32(acc))
}

func appendBools(dst []byte, v []bool) []byte {
	for len(v) > 0 {
		n := min(len(v), 8)
		var b byte
		for i, set := range v[:n] {
			if set {
				b |= 1 << i
			}
		}
		dst, v = append(dst, b), v[n:]
	}
	return dst
}

// Numbers are packed in blocks of their differences, and these in parts with a
// width of their own.
const (
	deltaBlock = 128
	deltaPart  = 32
)

// appendDelta appends numbers in DELTA_BINARY_PACKED.
func appendDelta[T int32 | int64](dst []byte, v []T) []byte {
	dst = binary.AppendUvarint(dst, deltaBlock)
	dst = binary.AppendUvarint(dst, deltaBlock/deltaPart)
	dst = binary.AppendUvarint(dst, uint64(len(v)))
	if len(v) == 0 {
		return append(dst, 0)
	}
	last := v[0]
	dst = binary.AppendVarint(dst, int64(last))
	var block [deltaBlock]T
	for v = v[1:]; len(v) > 0; {
		n := min(len(v), deltaBlock)
		least := v[0] - last // differences overflow as their type does
		for i, x := range v[:n] {
			d := x - last
			block[i], last = d, x
			least = min(least, d)
		}
		v = v[n:]
		dst = binary.AppendVarint(dst, int64(least))
		at := len(dst)
		dst = append(dst, 0, 0, 0, 0)
		for i := 0; i < n; i += deltaPart {
			part := (*[deltaPart]T)(block[i:])
			clear(part[min(n-i, deltaPart):])
			var all T
			for j, d := range part[:min(n-i, deltaPart)] {
				part[j] = d - least
				all |= part[j]
			}
			width := min(bits.Len64(uint64(all)), 8*int(unsafe.Sizeof(all)))
			dst[at+i/deltaPart] = byte(width)
			dst = pack(dst, part[:], width)
		}
	}
	return dst
}
