// Package trace records the decisions of an analysis, so that explain can
// show why a stance was given or a rule lost. A nil *Recorder records
// nothing and costs one comparison.
package trace

import "stance/internal/model"

// Event is one decision.
type Event struct {
	Stage    string // text, mention, sentiment, attribution, stance, tone
	Sentence int32
	Rule     string // rule, sieve, feature or resolution step
	Outcome  string // fired, shadowed, rejected, resolved, abstained, scored
	Reason   string // why, for people
	Span     model.Span
	Value    float64
}

// Recorder keeps events in the order of the decisions. It is not safe for
// concurrent use: one per Analyze call.
type Recorder struct{ Events []Event }

// On reports whether events are kept; callers build reasons only then.
func (r *Recorder) On() bool { return r != nil }

// Add keeps an event.
func (r *Recorder) Add(e Event) {
	if r != nil {
		r.Events = append(r.Events, e)
	}
}

// Select returns the events of a stage ("" for all) and sentence (-1 for all).
func (r *Recorder) Select(stage string, sentence int32) []Event {
	if r == nil {
		return nil
	}
	var out []Event
	for _, e := range r.Events {
		if (stage == "" || e.Stage == stage) && (sentence < 0 || e.Sentence == sentence) {
			out = append(out, e)
		}
	}
	return out
}
