package model

import (
	"math/bits"
	"unicode/utf8"
)

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
	r.ascii = true
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			r.ascii = false
			break
		}
	}
	if r.ascii {
		return
	}
	n := int32(0)
	for i := 0; i < len(text); i++ {
		if i%runeStep == 0 {
			r.marks = append(r.marks, n)
		}
		if text[i]&0xC0 != 0x80 {
			n++
		}
	}
}

// Rune returns the number of code points before byte offset b.
func (r *Runes) Rune(b int32) int32 {
	if r.ascii || len(r.marks) == 0 {
		return b
	}
	i := min(int(b)/runeStep, len(r.marks)-1)
	n := r.marks[i]
	j := i * runeStep
	for ; j+8 <= int(b); j += 8 {
		// Bit 7 of each byte that is set where bit 6 is not: no first byte.
		s := r.text[j : j+8]
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		n += 8 - int32(bits.OnesCount64(w&^(w<<1)&0x8080808080808080))
	}
	for ; j < int(b); j++ {
		if r.text[j]&0xC0 != 0x80 {
			n++
		}
	}
	return n
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
