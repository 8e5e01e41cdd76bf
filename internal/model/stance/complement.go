package stance

import (
	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// What a cue says its target is, in tokens and polarities.
const (
	complementReach = 14
	complementLean  = 0.25 // polarity that a complement has at least
	complementShare = 2    // times that of the words against it
)

// judgedAs returns whether the words that a cue says of its target are for it
// or against it: "called the plan a disgrace", "described them as friends",
// "retorted that they had lied". It is the sign of a clear majority of the
// words of the lexicon, else 0.
func (s *Stage) judgedAs(at *place, target *filled, made *product, issue int32) int8 {
	if target.kind == rules.SlotSubject && !at.passive {
		return s.predicated(at, &target.phrase)
	}
	r := target.region
	if target.named {
		for i := range s.trying {
			cm := &s.trying[i]
			if cm.class == rules.CueNoun && !cm.never && cm.tok >= r.First && cm.tok < r.Last && s.p.Cues[cm.cue].Emits[0].Polarity < 0 && (target.phrase.Via != viaParent || len(s.p.Cues[cm.cue].Frame.Holder) == 0) {
				return -1 // "what it called Russian interference"
			}
		}
	} else {
		r = s.complementOf(at, target, made, issue)
	}
	if p := &target.phrase; p.Mention >= 0 && p.First < r.First && r.First < p.Last {
		p.Last = r.First // "called the Israeli plan reckless"
	}
	if r.First < r.Last && s.l.Tokens[r.First].ID == s.words.too {
		return -1 // "called the bill too weak"
	}
	sum, next := polarities{}, r.First
	for _, e := range s.entriesIn(r) {
		for ; next < e.tok; next++ {
			if s.canAt[next]&preposition != 0 && next > r.First && sum.sign() < 0 {
				return -1 // "a betrayal of peace", but "the leading sponsor of terrorism"
			}
		}
		if s.canAt[e.tok]&named == 0 {
			sum.add(e.polarity)
		}
	}
	sign := sum.sign()
	for t := r.First; t < r.Last && sign > 0; t++ {
		if s.class(t)&text.Negator != 0 || s.l.Tokens[t].ID == s.words.least {
			return 0 // "no friend of the poor", "the least credible witness"
		}
	}
	return sign
}

// predicated returns whether the adjective or noun phrase right behind a copula
// is for its subject or against it: "is a disgrace".
func (s *Stage) predicated(at *place, p *phrase) int8 {
	if p.Mention >= 0 && p.Via != viaHead && s.headed(*p) < 0 {
		return 0
	}
	if u := p.First - 1; p.found() && u > 0 && (s.coordinates(u) || s.groupAt[u] >= 0 && s.mentionAt[u] < 0 && s.l.Groups[s.groupAt[u]].Form == model.VerbGerund) {
		return 0 // "invading Iraq was a mistake", "the trip to Oman and Iraq was a success"
	}
	t, last := at.end, s.l.Sentences[at.sentence].Last
	for ; t < last; t++ {
		if c := s.canAt[t]; c&boundKind != 0 && c&markKind == 0 || c&preposition != 0 || s.groupAt[t] >= 0 && s.l.Groups[s.groupAt[t]].Form != model.VerbParticiple ||
			s.class(t)&(text.Subordinate|text.Relative|text.To|text.Negator) != 0 {
			break
		}
	}
	if t <= at.end || t < last && s.class(t)&text.Negator != 0 {
		return 0
	}
	sum := polarities{}
	for _, e := range s.entriesIn(region{at.end, t}) {
		if s.canAt[e.tok]&named == 0 {
			sum.add(e.polarity)
		}
	}
	return sum.sign()
}

// polarities are sums of those of words for and against somebody.
type polarities struct{ positive, negative float32 }

func (p *polarities) add(x float32) {
	if x > 0 {
		p.positive += x
	} else {
		p.negative -= x
	}
}

func (p polarities) sign() int8 {
	switch {
	case p.negative >= complementLean && p.negative >= complementShare*p.positive:
		return -1
	case p.positive >= complementLean && p.positive >= complementShare*p.negative:
		return 1
	}
	return 0
}

// complementOf returns the stretch of the sentence that says what the target is.
func (s *Stage) complementOf(at *place, target *filled, made *product, issue int32) region {
	first, last := at.end, s.l.Sentences[at.sentence].Last
	switch p := target.phrase; {
	case target.kind == rules.SlotClause && p.Mention >= 0:
		return region{p.Last, min(target.region.Last, p.Last+complementReach)}
	case p.Mention >= 0 && p.First >= at.end:
		first = s.r.Mentions[p.Mention].Last
		if p.Via != viaHead {
			for first = p.Last; first > s.r.Mentions[p.Mention].Last && s.plainAdjective(first-1); first-- {
			}
		}
	case p.Mention < 0 && issue >= 0 && s.r.Mentions[issue].First >= at.end:
		first = s.r.Mentions[issue].Last
	case made.head >= at.end && (made.head+1 == last || s.canAt[made.head+1]&preposition == 0):
		first = made.head + 1
	}
	if needs := at.cue.Needs; len(needs) > 0 {
		t := first
		for ; t < min(last, first+complementReach); t++ {
			if contains(needs, s.l.Tokens[t].ID) {
				break
			}
		}
		first = t + 1
	} else if first < last && s.l.Tokens[first].ID == s.words.as {
		first++ // "branded them as liars"
	} else if first < last && (s.canAt[first]&preposition != 0 || s.groupAt[first] >= 0 || s.marked(first, pointing|timing)) {
		// "called the president on Monday", but "called the attempt to end it 'a raw abuse of power'"
		if first = s.scareQuote(first, last); first < 0 {
			return region{}
		}
	}
	if last = min(last, first+complementReach); first >= last {
		return region{}
	}
	for t := first; t < last; t++ {
		switch tok := &s.l.Tokens[t]; {
		case tok.Kind == model.QuoteMark || s.mentionAt[t] >= 0:
		case tok.Kind == model.Dash, tok.Kind == model.Punctuation, s.class(t)&(text.Subordinate|text.Relative) != 0 && s.canAt[t]&preposition == 0 && t > first:
			return region{first, t}
		case s.groupAt[t] >= 0 && s.l.Groups[s.groupAt[t]].Form != model.VerbParticiple && (t == first || s.l.Groups[s.groupAt[t]].Form != model.VerbGerund || s.coordinates(t-1)):
			return region{first, t}
		}
	}
	return region{first, last}
}

// scareQuote returns the mark that opens the first quotation behind token t,
// where nothing but a phrase or infinitive that belongs to the noun before
// stands between; none.
func (s *Stage) scareQuote(t, last int32) int32 {
	for last = min(last, t+complementReach); t < last; t++ {
		switch tok := &s.l.Tokens[t]; {
		case tok.Kind == model.QuoteMark && tok.Has(model.Opening) && s.class(t-1)&text.To == 0:
			return t
		case tok.Kind == model.QuoteMark, tok.Kind == model.Dash, tok.Kind == model.Punctuation, s.groupAt[t] >= 0 && s.l.Groups[s.groupAt[t]].Form == model.VerbFinite:
			return none
		}
	}
	return none
}
