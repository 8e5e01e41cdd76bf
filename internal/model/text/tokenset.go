package text

import "math/bits"

// TokenSet is a set of runs of tokens, by their hashes. It holds some that were
// not added, for two bits of one word stand for each, and is small enough to
// stay close at hand: it tells which phrases need not be matched. Made with a
// word for every six runs, it holds one in thirty that was not added.
type TokenSet []uint64

// Add adds a run.
func (s TokenSet) Add(hash uint64) {
	word, rest := bits.Mul64(hash, uint64(len(s)))
	s[word] |= 1<<(rest>>58) | 1<<(rest>>52&63)
}

// Bit returns 1 for a run that was added, else 0 most often.
func (s TokenSet) Bit(hash uint64) uint8 {
	word, rest := bits.Mul64(hash, uint64(len(s)))
	w := s[word]
	return uint8(w >> (rest >> 58) & (w >> (rest >> 52 & 63)) & 1)
}

// HashTokens mixes the ids of a run of tokens, each below a million; the high
// bits are the best. It is the sum of the hashes of each alone with the others 0.
func HashTokens(a, b, c int32) uint64 {
	return (uint64(uint32(a))<<40 ^ uint64(uint32(b))<<20 ^ uint64(uint32(c))) * 0x9e3779b97f4a7c15
}
