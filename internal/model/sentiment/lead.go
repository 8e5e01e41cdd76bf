package sentiment

import (
	"math"

	"stance/internal/model"
)

// vaderZone is the compound score from which VADER's authors call a text
// positive or negative (Hutto and Gilbert 2014).
const vaderZone = 0.05

// VaderLabel returns the sign of a compound score beyond VADER's zone.
func VaderLabel(compound float32) int8 {
	switch {
	case compound >= vaderZone:
		return 1
	case compound <= -vaderZone:
		return -1
	}
	return 0
}

// Lead puts another scorer's answer in the place of the news scorer's: bayes
// or vader; every other name leaves s alone. The log-odds of bayes become
// 2p-1, which lies in [-1, 1]; a sentence without a known word is neutral.
func Lead(s *model.Sentiment, scorer string) {
	switch scorer {
	case "bayes":
		s.Score, s.Label = 0, 0
		if s.HasBayes {
			s.Score, s.Label = float32(math.Tanh(float64(s.Bayes)/2)), s.BayesLabel
		}
	case "vader":
		s.Score, s.Label = s.Vader, VaderLabel(s.Vader)
	default:
		return
	}
	s.Positive, s.Negative = max(s.Score, 0), max(-s.Score, 0)
}
