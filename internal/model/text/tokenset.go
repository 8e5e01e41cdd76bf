package text

// TokenSet is a set of runs of two or three tokens, by their ids. It holds
// about one in a hundred that was not added, for two bits of one word stand
// for each, and is small enough to stay close at hand: it tells which phrases
// need not be matched. The zero value is empty.
type TokenSet [1 << 11]uint64

// Add adds a run; the third id of a run of two is 0.
func (s *TokenSet) Add(a, b, c int32) {
	h := HashTokens(a, b, c)
	s[h>>53] |= 1<<(h>>47&63) | 1<<(h>>41&63)
}

// Bit returns 1 for a run that was added, else 0 most often.
func (s *TokenSet) Bit(a, b, c int32) uint8 {
	h := HashTokens(a, b, c)
	w := s[h>>53]
	return uint8(w >> (h >> 47 & 63) & (w >> (h >> 41 & 63)) & 1)
}

// HashTokens mixes the ids of a run of tokens; the high bits are the best.
func HashTokens(a, b, c int32) uint64 {
	return (uint64(uint32(a))<<40 ^ uint64(uint32(b))<<20 ^ uint64(uint32(c))) * 0x9e3779b97f4a7c15
}
