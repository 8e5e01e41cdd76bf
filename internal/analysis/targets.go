package analysis

import (
	"cmp"
	"slices"
	"strconv"

	"stance/internal/model"
	"stance/internal/trace"
)

// Target is somebody named by given spans, whether a pack knows them or not.
// Spans are byte offsets, in any order.
type Target struct{ Spans []model.Span }

// TargetID returns the party id that stands for the i-th target.
func TargetID(i int) string { return "target-" + strconv.Itoa(i) }

// AnalyzeTargets is Analyze with given targets: each span is a mention of its
// target and of nothing else, and so are the pronouns that refer to a mention
// it covers. The party index of target i is len(Program.Parties)+i.
func (w *Worker) AnalyzeTargets(art *model.Article, targets []Target, r *model.Result, tr *trace.Recorder) {
	w.reader.Begin(art, len(art.Text))
	w.find(art, r, tr)
	r.Mentions = w.merge(targets, r)
	w.judge(art, r, tr)
}

func (w *Worker) merge(targets []Target, r *model.Result) []model.Mention {
	base := int32(len(w.a.Program.Parties))
	var given []model.Mention
	for i, t := range targets {
		for _, sp := range t.Spans {
			first, last := int32(r.TokenAt(sp.Start)), int32(r.TokenAt(sp.End-1))+1
			last = min(last, int32(len(r.Tokens)))
			if first >= last {
				continue
			}
			// A possessive ending belongs to the syntax around the target.
			for last > first+1 && r.Tokens[last-1].Kind == model.Clitic {
				last--
			}
			given = append(given, model.Mention{Span: model.Span{Start: r.Tokens[first].Start, End: r.Tokens[last-1].End}, First: first, Last: last,
				Head: last - 1, Sentence: int32(max(r.SentenceAt(sp.Start), 0)), Kind: model.MentionParty, AliasKind: model.AliasName,
				Party: base + int32(i), ID: TargetID(i), Resolution: "given", Antecedent: -1, Confidence: 1})
		}
	}
	// A mention under a given span gives way; what refers to it follows.
	replaced := make(map[int32]int) // index of a mention to the given one that covers it
	for i := range r.Mentions {
		m := &r.Mentions[i]
		if m.Kind == model.MentionIssue {
			continue
		}
		for g := range given {
			if m.Overlaps(given[g].Span) {
				replaced[int32(i)] = g
				given[g].InQuote = m.InQuote
				break
			}
		}
	}
	moved := make([]int32, len(r.Mentions))
	out := make([]model.Mention, 0, len(r.Mentions)+len(given))
	for i := range r.Mentions {
		m := r.Mentions[i]
		moved[i] = -1
		if _, gone := replaced[int32(i)]; gone {
			continue
		}
		if g, ok := replaced[m.Antecedent]; ok && m.Antecedent >= 0 {
			m.Party, m.ID, m.Person, m.Rollup, m.Candidates = given[g].Party, given[g].ID, "", nil, nil
			m.Antecedent = -1
		}
		moved[i] = int32(len(out))
		out = append(out, m)
	}
	for i := range out {
		if a := out[i].Antecedent; a >= 0 {
			out[i].Antecedent = moved[a]
		}
	}
	order := make([]int32, 0, len(out)+len(given))
	out = append(out, given...)
	for i := range out {
		order = append(order, int32(i))
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(out[a].Start, out[b].Start), cmp.Compare(out[a].End, out[b].End))
	})
	at := make([]int32, len(out))
	sorted := make([]model.Mention, len(out))
	for i, o := range order {
		sorted[i], at[o] = out[o], int32(i)
	}
	for i := range sorted {
		if a := sorted[i].Antecedent; a >= 0 {
			sorted[i].Antecedent = at[a]
		}
	}
	return sorted
}
