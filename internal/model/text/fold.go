package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// latin1 and latin2 give the plain letter under the accents of U+00C0 to
// U+024F and of U+1E00 to U+1EFF; a stop where there is none or more than one.
const (
	latin1 = "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.yaaaaaaccccccccdd" +
		"ddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkk.llllllllllnnnnnnn..oooooo..rrrrrrssssss" +
		"ssttttttuuuuuuuuuuuuwwyyyzzzzzz.................................oo.............u" +
		"u............................aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa...." +
		"aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............................"
	latin2 = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooo" +
		"oooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy......" +
		"aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuu" +
		"uuyyyyyyyy......"
)

// Fold returns the form under which a word is known to a Vocabulary: lower
// case, Latin letters without accents, ligatures and ß spelled out, one kind
// of apostrophe and hyphen, invisible characters dropped, everything else in
// NFC. Folding a folded string changes nothing.
func Fold(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return string(foldAppend(make([]byte, 0, len(s)+8), s))
		}
	}
	return s
}

// foldAppend appends the folded form of s to dst.
func foldAppend(dst []byte, s string) []byte {
	start, compose, latin := len(dst), false, false
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			dst = append(dst, c)
			latin = 'a' <= c && c <= 'z'
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == '’' || r == '‘' || r == 'ʼ' || r == '‛' || r == '＇':
			dst = append(dst, '\'')
		case r == '‐' || r == '‑':
			dst = append(dst, '-')
		case r == '…':
			dst = append(dst, "..."...)
		case r == '\u00a0' || r == '\u202f' || r == '\u2009':
			dst = append(dst, ' ')
		case ignorable(r):
		case 0x300 <= r && r <= 0x36f:
			if !latin {
				compose = true
				dst = utf8.AppendRune(dst, r)
			}
		default:
			if 0xff01 <= r && r <= 0xff5e {
				r -= 0xfee0
			}
			r = unicode.ToLower(r)
			n := len(dst)
			if dst = appendPlain(dst, r); len(dst) > n {
				latin = true
				continue
			}
			if r == 'ς' {
				r = 'σ'
			}
			dst = utf8.AppendRune(dst, r)
			latin = false
			// Conjoining jamo and marks beyond the common block compose too.
			compose = compose || r >= 0x483 && (unicode.Is(unicode.M, r) || 0x1100 <= r && r <= 0x11ff || !norm.NFC.IsNormal(dst[n:]))
		}
	}
	if compose {
		tail := norm.NFC.Bytes(dst[start:])
		dst = append(dst[:start], tail...)
	}
	return dst
}

// appendPlain appends the plain spelling of a lower-case Latin letter with
// accents, and nothing for any other rune.
func appendPlain(dst []byte, r rune) []byte {
	b := byte('.')
	switch {
	case r < utf8.RuneSelf:
		return utf8.AppendRune(dst, r)
	case 0xc0 <= r && int(r-0xc0) < len(latin1):
		b = latin1[r-0xc0]
	case 0x1e00 <= r && int(r-0x1e00) < len(latin2):
		b = latin2[r-0x1e00]
	}
	if b != '.' {
		return append(dst, b)
	}
	s := ""
	switch r {
	case 'ß', 'ẞ':
		s = "ss"
	case 'æ', 'ǽ', 'ǣ':
		s = "ae"
	case 'œ':
		s = "oe"
	case 'þ':
		s = "th"
	case 'ĳ':
		s = "ij"
	case 'ﬀ':
		s = "ff"
	case 'ﬁ':
		s = "fi"
	case 'ﬂ':
		s = "fl"
	case 'ﬃ':
		s = "ffi"
	case 'ﬄ':
		s = "ffl"
	}
	return append(dst, s...)
}

// ignorable reports whether r has no shape of its own: soft hyphens, joiners,
// byte order marks, direction marks and variation selectors.
func ignorable(r rune) bool {
	return r == 0xad || 0x200b <= r && r <= 0x200f || 0x202a <= r && r <= 0x202e ||
		0x2060 <= r && r <= 0x2064 || r == 0xfeff || 0xfe00 <= r && r <= 0xfe0f
}
