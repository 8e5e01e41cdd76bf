package model

import "math/bits"

const runeStep = 1 << 6 // bytes between checkpoints

// Runes translates byte offsets of one text to code-point offsets. The zero
// value serves the empty text; Reset reuses its memory.
type Runes struct {
	text  string
	ascii bool
	marks []int32 // code points before byte i*runeStep
}

// Reset points r at text, which must be valid UTF-8. It costs one pass.
func (r *Runes) Reset(text string) {
	r.text, r.marks = text, r.marks[:0]
	n := int32(0)
	for len(text) > 0 {
		r.marks = append(r.marks, n)
		step := text[:min(runeStep, len(text))]
		text = text[len(step):]
		n += starts(step)
	}
	r.ascii = int(n) == len(r.text)
}

// starts returns how many code points begin in s.
func starts(s string) int32 {
	n := len(s)
	for ; len(s) >= 16; s = s[16:] {
		// Bit 7 of each byte that is set where bit 6 is not: no first byte. Most
		// text has none.
		v, w := eight(s), eight(s[8:])
		if (v|w)&highBits != 0 {
			n -= bits.OnesCount64(v&^(v<<1)&highBits) + bits.OnesCount64(w&^(w<<1)&highBits)
		}
	}
	for i := range len(s) {
		if s[i]&0xC0 == 0x80 {
			n--
		}
	}
	return int32(n)
}

const highBits = 0x8080808080808080

// eight returns the first eight bytes of s, little endian.
func eight(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// Rune returns the number of code points before byte offset b.
func (r *Runes) Rune(b int32) int32 {
	if r.ascii || len(r.marks) == 0 {
		return b
	}
	i := min(int(b)/runeStep, len(r.marks)-1)
	n := r.marks[i]
	if i+1 < len(r.marks) && r.marks[i+1]-n == runeStep {
		return n + b - int32(i*runeStep) // nothing but ASCII here
	}
	return n + starts(r.text[i*runeStep:b])
}

// Byte returns the byte offset of code point n; len(text) at or past the end.
func (r *Runes) Byte(n int32) int32 {
	if r.ascii {
		return min(n, int32(len(r.text)))
	}
	lo, hi := 0, len(r.marks)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if r.marks[m] <= n {
			lo = m + 1
		} else {
			hi = m
		}
	}
	i := max(lo-1, 0) * runeStep
	c := int32(0)
	if lo > 0 {
		c = r.marks[lo-1]
	}
	for ; i < len(r.text); i++ {
		if r.text[i]&0xC0 != 0x80 {
			if c == n {
				break
			}
			c++
		}
	}
	return int32(i)
}
