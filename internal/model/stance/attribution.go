package stance

import (
	"cmp"
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
	"stance/internal/trace"
)

// The sieves of attribution, from precise to broad; the names stand in the
// tables.
const (
	sieveQuoteVerbSpeaker = "quote-verb-speaker"
	sieveSpeakerVerbQuote = "speaker-verb-quote"
	sieveAccordingTo      = "according-to"
	sieveColon            = "colon"
	sieveThatClause       = "that-clause"
	sieveFronted          = "fronted"     // "The talks failed, officials said."
	sieveInfinitive       = "infinitive"  // "hopes to win"
	sieveObject           = "object"      // "criticised the plan"
	sievePreposition      = "preposition" // "called for a vote"
	sieveNoun             = "noun"        // "his claim that", "is critical of"
	sievePassive          = "passive"     // "the plan was opposed by X"
	sieveSeeming          = "seeming"     // "is expected to win": nobody in particular
	sieveFloating         = "floating-quote"
	sieveParagraph        = "paragraph"
	sieveUnattributed     = "unattributed"
)

// cited is who is found to speak, and by what words.
type cited struct {
	who    phrase
	cue    model.Span
	op     *rules.Operator
	lemma  string // of the cue when no operator names it
	method string
}

// attribute finds who speaks: quotations first, then reported speech, then
// "according to". It fills Quotes, quoteAt, Attributions and Modalities.
func (s *Stage) attribute() {
	s.laid = s.laid[:0]
	s.direct()
	s.indirect()
	s.accordingTo()
	s.pieces()
	s.nest()
	s.voices()
}

func (s *Stage) reporting(g int32) *opMatch {
	return s.operator(s.l.Groups[g].Head, rules.OpReporting)
}

// reports reports whether a verb group is a reporting verb in use: finite or
// a gerund, with the active voice.
func (s *Stage) reports(g int32) *opMatch {
	grp := &s.l.Groups[g]
	if grp.Passive && !s.spokenOf(grp) || grp.Form == model.VerbInfinitive || grp.Form == model.VerbImperative {
		return nil
	}
	return s.reporting(g)
}

// spokenOf reports whether a verb that was read as a passive for the "by" behind
// it has a pronoun as its subject: "she said by telephone".
func (s *Stage) spokenOf(grp *model.VerbGroup) bool {
	t := grp.First - 1
	return grp.First == grp.Head && t >= 0 && s.class(t)&text.Subject != 0 && s.groupAt[t] < 0
}

func (s *Stage) cite(q *model.Quote, c cited) {
	q.Method = c.method
	q.Cue = c.cue
	for c.who.Last-c.who.First > 1 && s.l.Tokens[c.who.Last-1].Kind == model.QuoteMark {
		c.who.Last-- // "The union “condemned” the plan"
	}
	if c.who.found() {
		q.Source = model.Span{Start: s.l.Tokens[s.stretchBack(c.who)].Start, End: s.l.Tokens[s.stretch(c.who)-1].End}
		q.Mention = c.who.Mention
	}
	if c.op != nil {
		q.Reporting, q.Verb = c.op.Distance, c.op.Lemma
	} else {
		q.Verb = c.lemma
	}
	if s.tr.On() {
		s.tr.Add(trace.Event{Stage: "attribution", Sentence: q.FirstSentence, Rule: c.method, Outcome: "attributed",
			Reason: "speaker " + q.Source.In(s.r.Article.Text), Span: q.Span})
	}
}

// stretch returns the end of a source with what names it further: "Roe, a
// spokeswoman for the union".
func (s *Stage) stretch(p phrase) int32 {
	hi := s.l.Sentences[s.sentenceOf(p.First)].Last
	t := p.Last
	for k := 0; k < 4 && t+1 < hi; k++ {
		aside := s.isComma(t)
		if !aside && (s.groupAt[t] >= 0 || s.mentionAt[t] >= 0 || !s.marked(t, serving) && !s.attends(t)) || s.groupAt[t+1] >= 0 || !s.nominal(t+1) {
			break
		}
		q := s.phraseStarting(t+1, hi)
		if !q.found() || q.First != t+1 || s.temporal(q) && q.Last-q.First > 1 {
			break
		}
		if aside && q.Last < hi && (s.groupAt[q.Last] >= 0 || s.coordinates(q.Last) || s.l.Tokens[q.Last].Kind == model.QuoteMark) {
			break // the next clause, or a list
		}
		t = q.Last
	}
	return t
}

// stretchBack returns the start of a source whose actor stands in what names
// it further: "Roe, a spokeswoman for the union, said".
func (s *Stage) stretchBack(p phrase) int32 {
	lo := s.l.Sentences[s.sentenceOf(p.First)].First
	first := p.First
	for k := 0; k < 4 && first-2 >= lo; k++ {
		t := first - 1
		aside := s.isComma(t) && p.Last < int32(len(s.l.Tokens)) && s.isComma(p.Last)
		if !aside && (s.groupAt[t] >= 0 || s.mentionAt[t] >= 0 || !s.marked(t, serving)) || s.groupAt[t-1] >= 0 || !s.nominal(t-1) {
			break
		}
		q := s.phraseEnding(t-1, lo)
		if !q.found() || q.Last != t || s.temporal(q) || q.First > lo && aside && s.canAt[q.First-1]&preposition != 0 && !s.marked(q.First-1, serving) {
			break
		}
		first = q.First
	}
	if first > lo && s.class(first-1)&text.NumberWord != 0 && s.groupAt[first-1] < 0 {
		first--
	}
	return first
}

// cover lays quote i, whose span is new, over its tokens, of which [first, last)
// are some.
func (s *Stage) cover(i, first, last int32) {
	q := &s.r.Quotes[i]
	for first > 0 && s.l.Tokens[first-1].End > q.Start {
		first--
	}
	for int(last) < len(s.l.Tokens) && s.l.Tokens[last].Start < q.End {
		last++
	}
	s.laid[i] = region{first, last}
	lay(s.quoteAt, first, last, i)
}

// addQuote appends a quote of some tokens and lays it over them.
func (s *Stage) addQuote(q *model.Quote, first, last int32) {
	lay(s.quoteAt, first, last, int32(len(s.r.Quotes)))
	s.r.Quotes, s.laid = append(s.r.Quotes, *q), append(s.laid, region{first, last})
}

// nest orders the quotes, finds the quote that each lies in and lays the
// innermost one over the tokens. What somebody quoted wants or opposes is
// part of his words, so attitudes stand only outside of other quotes.
func (s *Stage) nest() {
	found := s.r.Quotes
	s.order = s.order[:0]
	for i := range found {
		if found[i].Method != "" {
			s.order = append(s.order, uint64(found[i].Start)<<32|uint64(i))
		}
	}
	slices.Sort(s.order)
	for i := 0; i < len(s.order); {
		j := i + 1
		for j < len(s.order) && s.order[j]>>32 == s.order[i]>>32 {
			j++
		}
		if j > i+1 {
			slices.SortStableFunc(s.order[i:j], func(i, j uint64) int {
				a, b := &found[uint32(i)], &found[uint32(j)]
				return cmp.Or(cmp.Compare(b.End, a.End), flag(a.Attitude)-flag(b.Attitude))
			})
		}
		i = j
	}
	fill(s.quoteAt, none)
	qs, laid := s.spare[:0], s.relaid[:0]
	top := none // last quote outside of others
	for _, o := range s.order {
		q, at := &found[uint32(o)], s.laid[uint32(o)]
		parent := none
		for j := len(qs) - 1; j >= 0 && j > len(qs)-16; j-- {
			if qs[j].Span.Contains(q.Span) {
				parent = int32(j)
				break
			}
		}
		if parent >= 0 && (q.Attitude || qs[parent].Span == q.Span) {
			continue
		}
		q.Parent = parent
		if !q.Attitude {
			lay(s.quoteAt, at.First, at.Last, int32(len(qs)))
		}
		if q.Method == sieveUnattributed && parent < 0 && q.Kind == model.QuoteDirect {
			if top >= 0 {
				s.takeOver(q, &qs[top])
			} else {
				s.takeOver(q, nil)
			}
		}
		if parent < 0 && !q.Attitude {
			q.Continues = q.Continues || top >= 0 && q.Cue.Len() > 0 && q.Cue == qs[top].Cue
			top = int32(len(qs))
		}
		qs, laid = append(qs, *q), append(laid, at)
	}
	s.r.Quotes, s.spare = qs, found
	s.laid, s.relaid = laid, s.laid
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// voices says for each sentence who speaks in most of it, and how certain the
// sentence is.
func (s *Stage) voices() {
	r := s.r
	r.Attributions = resize(r.Attributions, len(s.l.Sentences))
	r.Modalities = resize(r.Modalities, len(s.l.Sentences))
	quotes := r.Quotes // the first is the first that may reach into the sentence
	next := 0          // quote that begins next
	for si := range s.l.Sentences {
		sent := &s.l.Sentences[si]
		s.sentenceAt = int32(si)
		r.Attributions[si] = model.Attribution{Speaker: none}
		r.Modalities[si] = ""
		for len(quotes) > 0 && (quotes[0].Attitude || quotes[0].LastSentence <= int32(si)) {
			quotes = quotes[1:]
		}
		best, bestN := none, int32(0)
		run, n := none, int32(0)
		t := sent.First
		if len(quotes) == 0 || quotes[0].FirstSentence > int32(si) {
			t = sent.Last
		}
		for t < sent.Last {
			// The quote stays the same until it ends or one begins.
			q, first, last := s.quoteAt[t], t, sent.Last
			for next < len(r.Quotes) && (r.Quotes[next].Attitude || s.laid[next].First <= t) {
				next++
			}
			if next < len(r.Quotes) {
				last = min(last, s.laid[next].First)
			}
			if q >= 0 {
				last = min(last, s.laid[q].Last)
			}
			t = last
			for q >= 0 && r.Quotes[q].Parent >= 0 {
				q = r.Quotes[q].Parent
			}
			if q != run {
				run, n = q, 0
			}
			n += last - first
			if q >= 0 && n > bestN {
				best, bestN = q, n
			}
		}
		if best >= 0 && 2*bestN >= sent.Last-sent.First {
			q := &r.Quotes[best]
			a := model.Attribution{Voice: model.VoiceUnknown, Speaker: q.Mention, Method: q.Method}
			if s.party(q.Mention) >= 0 {
				a.Voice = model.VoiceParty
			}
			r.Attributions[si] = a
		}
		if sent.LastGroup > sent.FirstGroup && s.kindsIn[si]>>rules.OpModality&1 != 0 {
			r.Modalities[si], _ = s.modality(sent.FirstGroup)
		}
	}
}

// modality returns the mode of a verb group and its factor: the modal within
// it, the verb that governs it, or the condition that it stands in.
func (s *Stage) modality(g int32) (mode string, factor float32) {
	grp := &s.l.Groups[g]
	lo := max(grp.First-3, s.sentenceFirst(grp.First))
	for t := lo; t <= grp.Head; t++ {
		if s.kindsAt[t]>>rules.OpModality&1 == 0 || t < grp.First && s.groupAt[t] >= 0 && s.clauseAt[t] != s.clauseAt[grp.First] && grp.Form != model.VerbInfinitive {
			continue
		}
		if o := s.operator(t, rules.OpModality); o != nil && (t >= grp.First || t+o.n >= grp.First) {
			return o.op.ID, o.op.Factor
		}
	}
	ci := s.origin(s.clauseAt[grp.First])
	for k := 0; ci >= 0 && k < 8; k++ {
		c := &s.l.Clauses[ci]
		if c.Kind == model.ClauseCondition && c.Marker >= 0 {
			if o := s.operator(c.Marker, rules.OpModality); o != nil {
				return o.op.ID, o.op.Factor
			}
		}
		if c.Kind == model.ClauseThat {
			break
		}
		ci = s.origin(c.Parent)
	}
	return "", 1
}

// passedOn returns the mode of the finite verb that a gerund or infinitive hangs
// from: what "could spend the year lobbying" tells is no more than possible.
func (s *Stage) passedOn(g int32) (mode string, factor float32) {
	up := s.above(g)
	if up < 0 {
		return "", 1
	}
	gerund := s.l.Groups[g].Form == model.VerbGerund
	if s.commaWithin(s.l.Groups[up].Last, s.l.Groups[g].First) || gerund && s.canAt[s.l.Groups[g].First-1]&preposition != 0 {
		return "", 1
	}
	for t := s.l.Groups[up].First; t <= s.l.Groups[up].Head; t++ {
		if o := s.operator(t, rules.OpModality); o != nil && (!gerund || o.op.ID != "intended") {
			return o.op.ID, o.op.Factor
		}
	}
	return "", 1
}

// above returns the finite verb group that a gerund or infinitive hangs from,
// over other infinitives; none for other forms.
func (s *Stage) above(g int32) int32 {
	up := s.over(g)
	for k := 0; k < 3 && up >= 0 && s.l.Groups[up].Form == model.VerbInfinitive; k++ {
		up = s.over(up)
	}
	if up < 0 || s.l.Groups[up].Form != model.VerbFinite {
		return none
	}
	return up
}

// over returns the verb group of any form that a gerund or infinitive hangs
// from; none for other forms.
func (s *Stage) over(g int32) int32 {
	grp := &s.l.Groups[g]
	if grp.Form != model.VerbGerund && grp.Form != model.VerbInfinitive {
		return none
	}
	ci := s.origin(s.clauseAt[grp.First])
	if ci < 0 {
		return none
	}
	up := s.governor(&s.l.Clauses[ci], grp.First)
	if k := grp.First - 1; s.l.Clauses[ci].Kind != model.ClauseInfinitive && s.l.Clauses[ci].Kind != model.ClauseParticiple {
		up = none // a gerund within the clause of a verb: the last one before it
		for ; k >= max(s.l.Clauses[ci].First, grp.First-reach); k-- {
			if h := s.groupAt[k]; h >= 0 && s.l.Groups[h].Form == model.VerbFinite {
				up = h
				break
			}
		}
	}
	if up < 0 || s.l.Groups[up].Last > grp.First {
		return none
	}
	return up
}
