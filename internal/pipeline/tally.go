package pipeline

import (
	"cmp"
	"slices"

	"stance/internal/model"
)

// tally is what is counted in some articles.
type tally struct {
	sum     Summary
	pairs   map[[2]string]*pairCount
	rules   []model.RuleStat
	rejects []model.Reject // of the analysis
}

// sums lists the sums of a tally, for storing.
func (t *tally) sums() []*int64 {
	s := &t.sum
	return []*int64{&s.Articles, &s.TextBytes, &s.Sentences, &s.Mentions, &s.Stances, &s.UnknownHolders, &s.Tones, &s.Quotes}
}

// pairCount sums scores in millionths, so that the order of adding is all
// the same.
type pairCount struct{ stances, strength, score int64 }

func newTally(rules int) *tally {
	return &tally{pairs: map[[2]string]*pairCount{}, rules: make([]model.RuleStat, rules)}
}

func (t *tally) add(res *model.Result) {
	sentence, mention := res.Own()
	t.sum.Sentences += int64(len(res.Sentences) - sentence)
	t.sum.Mentions += int64(len(res.Mentions) - mention)
	t.sum.Stances += int64(len(res.Stances))
	t.sum.Tones += int64(len(res.Tones))
	t.sum.Quotes += int64(len(res.Quotes))
	for i := range res.Stances {
		s := &res.Stances[i]
		if s.Voice == model.VoiceUnknown {
			t.sum.UnknownHolders++
		}
		if s.Target < 0 || s.Holder < 0 || !res.Sentences[s.Sentence].Section.Counts() || res.Article.DuplicateOf != "" {
			continue
		}
		key := [2]string{res.Mentions[s.Holder].ID, res.Mentions[s.Target].ID}
		if key[0] == "" || key[1] == "" || res.Mentions[s.Target].Kind != model.MentionParty {
			continue
		}
		p := t.pairs[key]
		if p == nil {
			p = &pairCount{}
			t.pairs[key] = p
		}
		score := int64(s.Score*1e6 + 0.5)
		if s.Score < 0 {
			score = -int64(-s.Score*1e6 + 0.5)
		}
		p.stances++
		p.score += score
		p.strength += max(score, -score)
	}
	if res.Piece.More {
		return
	}
	t.sum.Articles++
	t.sum.TextBytes += int64(len(res.Article.Text))
	for i := range min(len(res.RuleCounts), len(t.rules)) {
		n, s := &res.RuleCounts[i], &t.rules[i]
		s.Tried += n.Tried
		s.Fired += n.Fired
		s.Shadowed += n.Shadowed
		s.Negated += n.Negated
		if n.Fired > 0 {
			s.Articles++
		}
	}
}

func (t *tally) merge(o *tally) {
	for i, n := range o.sums() {
		*t.sums()[i] += *n
	}
	for key, n := range o.pairs {
		p := t.pairs[key]
		if p == nil {
			t.pairs[key] = n
			continue
		}
		p.stances += n.stances
		p.strength += n.strength
		p.score += n.score
	}
	for i := range o.rules {
		n, s := &o.rules[i], &t.rules[i]
		s.Tried += n.Tried
		s.Fired += n.Fired
		s.Shadowed += n.Shadowed
		s.Negated += n.Negated
		s.Articles += n.Articles
	}
}

func (t *tally) into(sum *Summary, rules []string, top int) {
	sum.Articles, sum.TextBytes, sum.Sentences, sum.Mentions = t.sum.Articles, t.sum.TextBytes, t.sum.Sentences, t.sum.Mentions
	sum.Stances, sum.UnknownHolders, sum.Tones, sum.Quotes = t.sum.Stances, t.sum.UnknownHolders, t.sum.Tones, t.sum.Quotes
	for key, p := range t.pairs {
		sum.Pairs = append(sum.Pairs, Pair{key[0], key[1], p.stances, float64(p.strength) / 1e6, float64(p.score) / 1e6})
	}
	slices.SortFunc(sum.Pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Strength, a.Strength), cmp.Compare(a.Holder, b.Holder), cmp.Compare(a.Target, b.Target))
	})
	sum.Pairs = slices.Clip(sum.Pairs[:min(len(sum.Pairs), top)])
	for i := range t.rules {
		t.rules[i].Rule = rules[i]
		if sum.Sentences > 0 {
			t.rules[i].Per1000Sentence = 1000 * float64(t.rules[i].Fired) / float64(sum.Sentences)
		}
	}
	sum.Rules = slices.Clone(t.rules)
	slices.SortFunc(sum.Rules, func(a, b model.RuleStat) int { return cmp.Compare(a.Rule, b.Rule) })
}

// encode renders a tally so that equal ones give equal bytes.
func (t *tally) encode() []byte {
	var p packer
	for _, n := range t.sums() {
		p.int(*n)
	}
	keys := make([][2]string, 0, len(t.pairs))
	for key := range t.pairs {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	p.int(int64(len(keys)))
	for _, key := range keys {
		n := t.pairs[key]
		p.str(key[0])
		p.str(key[1])
		p.int(n.stances)
		p.int(n.strength)
		p.int(n.score)
	}
	p.int(int64(len(t.rules)))
	for i := range t.rules {
		s := &t.rules[i]
		for _, n := range []int64{s.Tried, s.Fired, s.Shadowed, s.Negated, s.Articles} {
			p.int(n)
		}
	}
	p.int(int64(len(t.rejects)))
	for i := range t.rejects {
		p.str(string(encodeReject(nil, &t.rejects[i])))
	}
	return p.b
}

// decodeTally reads what encode rendered for the same rules.
func decodeTally(src []byte, rules int) (*tally, error) {
	t, u := newTally(rules), newUnpacker(src)
	for _, n := range t.sums() {
		*n = u.int()
	}
	for n := u.int(); n > 0 && !u.bad; n-- {
		key := [2]string{u.str(), u.str()}
		t.pairs[key] = &pairCount{u.int(), u.int(), u.int()}
	}
	if u.int() != int64(rules) {
		return nil, errSpill
	}
	for i := range t.rules {
		s := &t.rules[i]
		for _, n := range []*int64{&s.Tried, &s.Fired, &s.Shadowed, &s.Negated, &s.Articles} {
			*n = u.int()
		}
	}
	for n := u.int(); n > 0 && !u.bad; n-- {
		rej, err := decodeReject([]byte(u.str()))
		if err != nil {
			return nil, err
		}
		t.rejects = append(t.rejects, rej)
	}
	return t, u.err()
}
