package text

import "math/bits"

// TokenSet is a set of runs of tokens, by their hashes. It holds some that were
// not added, for two bits of one word stand for each, and is small enough to
// stay close at hand: it tells which phrases need not be matched. Made with a
// word for every six runs, it holds one in thirty that was not added.
type TokenSet []uint64

// Add adds a run. Turned by some bits, it is another run in the same word.
func (s TokenSet) Add(hash uint64, turn int) {
	word, rest := bits.Mul64(hash, uint64(len(s)))
	s[word] |= bits.RotateLeft64(runBits(rest), turn)
}

// Look returns the word of a run and the bits that are set there when it was
// added.
func (s TokenSet) Look(hash uint64) (word, run uint64) {
	i, rest := bits.Mul64(hash, uint64(len(s)))
	return s[i], runBits(rest)
}

func runBits(rest uint64) uint64 { return 1<<(rest>>58) | 1<<(rest>>52&63) }

// Has reports whether a run was added, unturned.
func (s TokenSet) Has(hash uint64) bool {
	word, run := s.Look(hash)
	return word&run == run
}

// HashTokens mixes the ids of a run of tokens, each below a million; the high
// bits are the best. It is the sum of the hashes of each alone with the others 0.
func HashTokens(a, b, c int32) uint64 {
	return (uint64(uint32(a))<<40 ^ uint64(uint32(b))<<20 ^ uint64(uint32(c))) * 0x9e3779b97f4a7c15
}
