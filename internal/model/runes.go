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
	for len(text) > 0 {
		r.marks = append(r.marks, n)
		step := text[:min(runeStep, len(text))]
		text = text[len(step):]
		n += starts(step)
	}
}

// starts returns how many code points begin in s.
func starts(s string) (n int32) {
	for ; len(s) >= 8; s = s[8:] {
		// Bit 7 of each byte that is set where bit 6 is not: no first byte.
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		n += 8 - int32(bits.OnesCount64(w&^(w<<1)&0x8080808080808080))
	}
	for i := range len(s) {
		if s[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// Rune returns the number of code points before byte offset b.
func (r *Runes) Rune(b int32) int32 {
	if r.ascii || len(r.marks) == 0 {
		return b
	}
	i := min(int(b)/runeStep, len(r.marks)-1)
	return r.marks[i] + starts(r.text[i*runeStep:b])
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
