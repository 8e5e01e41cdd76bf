package sentiment

import (
	"sync"

	"github.com/jonreiter/govader"
)

// vader is the rule scorer of Hutto and Gilbert (2014) in Go, for comparison.
// Its analyzer keeps scratch of its own, so callers take turns.
type vader struct {
	mu sync.Mutex
	a  *govader.SentimentIntensityAnalyzer
}

func newVader() *vader { return &vader{a: govader.NewSentimentIntensityAnalyzer()} }

// score returns the compound score, in [-1, 1].
func (v *vader) score(sentence string) float32 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return float32(v.a.PolarityScores(sentence).Compound)
}
