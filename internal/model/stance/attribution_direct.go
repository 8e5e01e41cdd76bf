package stance

import (
	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// direct attributes the quotations between marks that are more than fragments
// of the narrator's sentence. Fragments wait: most of them stand in reported
// speech, which they make mixed.
func (s *Stage) direct() {
	s.fragments = s.fragments[:0]
	var last cited // of the last attributed quotation
	lastEnd, lastParagraph := none, none
	for i := range s.l.Quotations {
		q := &s.l.Quotations[i]
		if q.Depth > 0 || q.First >= q.Last || int(q.FirstSentence) >= len(s.l.Sentences) {
			continue
		}
		kind := s.quoteKind(q)
		if q.Scare || kind == model.QuoteMixed && !s.bare(q) {
			s.fragments = append(s.fragments, int32(i))
			continue
		}
		para := s.l.Sentences[q.FirstSentence].Paragraph
		near := lastEnd >= 0 && para == lastParagraph
		goesOn := near && s.interrupted(&last, lastEnd, q)
		var c cited
		if goesOn {
			c = last
		} else {
			c = s.speakerAround(q)
		}
		switch {
		case goesOn:
		case c.method != "":
			goesOn = near && c.cue.Len() > 0 && c.cue == last.cue
		case near && s.bare(q):
			c = last
			c.method = sieveFloating
			goesOn = s.follows(lastEnd, q)
		case lastEnd >= 0 && para == lastParagraph+1 && i > 0 && s.l.Quotations[i-1].Continues:
			c = last
			c.method, c.cue = sieveParagraph, model.Span{}
		}
		if c.method == sieveFloating && !goesOn {
			c.cue = model.Span{}
		}
		quote := model.Quote{Span: q.Span, FirstSentence: q.FirstSentence, LastSentence: q.LastSentence, Kind: kind,
			Mention: none, Parent: none, Method: sieveUnattributed, Continues: goesOn}
		if c.method != "" {
			s.cite(&quote, c)
			s.citeBack(i, c)
			last, lastEnd, lastParagraph = c, q.End, s.l.Sentences[q.LastSentence-1].Paragraph
		}
		s.r.Quotes, s.laid = append(s.r.Quotes, quote), append(s.laid, region{q.First, q.Last})
	}
	for i, at := range s.laid {
		s.cover(int32(i), at.First, at.Last)
	}
}

// citeBack attributes the paragraphs before that quotation i goes on with:
// the speaker is often named after the last of them.
func (s *Stage) citeBack(i int, c cited) {
	c.method, c.cue = sieveParagraph, model.Span{}
	for k := len(s.r.Quotes) - 1; k >= 0 && i > 0; k-- {
		i--
		q := &s.r.Quotes[k]
		if !s.l.Quotations[i].Continues || s.l.Quotations[i].Span != q.Span || q.Method != sieveUnattributed {
			return
		}
		s.cite(q, c)
	}
}

// interrupted reports whether the cue of the last quotation stands in the
// sentence between it and q, and no other: "…," said Roe, "…"
func (s *Stage) interrupted(last *cited, end int32, q *model.Quotation) bool {
	if last.cue.Start < end || last.cue.End > q.Start || int32(s.l.SentenceAt(end-1)) != s.sentenceOf(q.First) {
		return false
	}
	for t := int32(s.l.TokenAt(last.cue.End)); t < q.First; t++ {
		if g := s.groupAt[t]; g >= 0 && s.l.Groups[g].First == t && s.reports(g) != nil {
			return false
		}
	}
	return true
}

// follows reports whether only the end of a sentence of the narrator stands
// between the quotation that ends at byte end and q: "…," he said. "…"
func (s *Stage) follows(end int32, q *model.Quotation) bool {
	t := q.First - 1
	return t < 1 || s.sentenceOf(t-1) == int32(s.l.SentenceAt(end-1)) || s.l.Tokens[t-1].End <= end
}

// quoteKind tells a quotation of whole sentences from a fragment within the
// narrator's sentence.
func (s *Stage) quoteKind(q *model.Quotation) model.QuoteKind {
	if q.LastSentence-q.FirstSentence > 1 {
		return model.QuoteDirect
	}
	first := &s.l.Tokens[q.First]
	sent := &s.l.Sentences[q.FirstSentence]
	hasVerb := false
	for t := q.First; t < q.Last && !hasVerb; t++ {
		g := s.groupAt[t]
		hasVerb = g >= 0 && s.l.Groups[g].Form == model.VerbFinite && s.l.Groups[g].First >= q.First && s.l.Groups[g].Last <= q.Last
	}
	if first.Has(model.Capital) && (hasVerb || q.Last-q.First > 4) {
		return model.QuoteDirect
	}
	if t := q.First - 2; hasVerb && t >= sent.First && (s.isComma(t) || s.isColon(t)) {
		return model.QuoteDirect // said, “we …”
	}
	return model.QuoteMixed
}

// bare reports whether the sentences of a quotation hold nothing of the
// narrator.
func (s *Stage) bare(q *model.Quotation) bool {
	return s.l.Sentences[q.FirstSentence].Quoted == model.QuotedAll && s.l.Sentences[max(q.FirstSentence, q.LastSentence-1)].Quoted == model.QuotedAll
}

// pieces attributes the fragments between marks. One that stands in reported
// speech makes that mixed; others are attributed by the words around them.
// Those of few words are scare quotes unless a verb says whose they are.
func (s *Stage) pieces() {
	for _, i := range s.fragments {
		q := &s.l.Quotations[i]
		at := s.quoteAt[q.First]
		if at >= 0 && s.r.Quotes[at].Span.Contains(model.Span{Start: q.Start + 1, End: q.End - 1}) {
			if r := &s.r.Quotes[at]; r.Kind == model.QuoteIndirect && !(q.Scare && r.Attitude && s.phraser(q).method == "") {
				r.Kind, r.Attitude = model.QuoteMixed, false
			}
			continue
		}
		c := cited{}
		if !q.Scare {
			c = s.speakerAround(q)
		}
		if c.method == "" {
			c = s.phraser(q)
		}
		if q.Scare && c.method == "" {
			continue
		}
		quote := model.Quote{Span: q.Span, FirstSentence: q.FirstSentence, LastSentence: q.LastSentence, Kind: model.QuoteMixed,
			Mention: none, Parent: none, Method: sieveUnattributed}
		if c.method != "" {
			s.cite(&quote, c)
		}
		s.addQuote(&quote, q.First, q.Last)
		s.cover(int32(len(s.r.Quotes)-1), q.First, q.Last)
	}
}

// phraser returns whose words a fragment is by the verb that it hangs from:
// "called the plan “unworkable”", "was branded “a sham” by Roe", and by its own
// verb: "The union “strongly condemned” the plan".
func (s *Stage) phraser(q *model.Quotation) cited {
	sent := &s.l.Sentences[q.FirstSentence]
	t := q.First
	for t < q.Last && s.groupAt[t] < 0 && s.adverbial(t) {
		t++
	}
	if t < q.Last && s.groupAt[t] >= 0 {
		g := s.groupAt[t]
		if grp := &s.l.Groups[g]; s.marked(grp.Head, phrasing) && grp.Form == model.VerbFinite && !grp.Passive {
			if c := s.phrasedBy(g, sent); c.who.Last >= q.First-1 && c.who.Last <= q.First {
				return c
			}
		}
	}
	for t = q.First - 2; t >= sent.First && t > q.First-phraseReach; t-- {
		tok := &s.l.Tokens[t]
		if g := s.groupAt[t]; g >= 0 && s.mentionAt[t] < 0 {
			grp := &s.l.Groups[g]
			c := cited{}
			if phrases := s.phrases(g, q); phrases && !grp.Passive {
				c = s.phrasedBy(g, sent)
			}
			if c.method != "" || grp.Form == model.VerbFinite && !grp.Passive {
				return c
			}
			if !grp.Passive {
				t = grp.First
				continue
			}
			if u := q.Last + 1; u < sent.Last && s.l.Tokens[u].ID == s.words.by && s.phrases(g, q) {
				if p := s.objectAfter(u+1, sent.Last); p.found() {
					return cited{who: s.widen(p, sent.Last), cue: s.groupSpan(g), method: sievePassive, lemma: s.lemma(g)}
				}
			}
			break
		}
		if s.class(t)&(text.That|text.Relative|text.Subordinate) != 0 && s.class(t)&(text.Preposition|text.Determiner) == 0 && s.mentionAt[t] < 0 ||
			s.canAt[t]&boundKind != 0 && tok.Kind != model.QuoteMark && !(t > sent.First && s.isComma(t) && s.l.Tokens[t-1].Kind == model.QuoteMark) {
			break
		}
	}
	return cited{}
}

// phraseReach is how many tokens before a fragment the verb stands whose
// subject it quotes.
const phraseReach = 16

// phrases reports whether the subject of a verb is quoted by fragments behind
// it: a verb of speech or judgement, for longer ones any that holds a stance.
func (s *Stage) phrases(g int32, q *model.Quotation) bool {
	t := s.l.Groups[g].Head
	return s.marked(t, phrasing) || !q.Scare && (s.reporting(g) != nil || s.cueVerb(g) != nil ||
		s.canAt[t]&cues != 0 && s.l.Groups[g].Form == model.VerbFinite && s.l.Clauses[s.origin(max(s.clauseAt[t], 0))].Kind != model.ClauseRelative)
}

func (s *Stage) phrasedBy(g int32, sent *model.Sentence) cited {
	p := s.source(g, sent)
	if !p.found() || s.dummy(p) || s.isIt(p) || s.temporal(p) && p.Mention < 0 {
		return cited{}
	}
	c := cited{who: s.named(g, s.widen(p, s.l.Groups[g].First)), cue: s.groupSpan(g), method: sieveObject, lemma: s.lemma(g)}
	if op := s.reporting(g); op != nil {
		c.op = op.op
	}
	return c
}

// lemma returns the lemma of a verb that attributes; "" for others.
func (s *Stage) lemma(g int32) string {
	if verb := s.cueVerb(g); verb != nil {
		return verb.lemma
	}
	return ""
}

// outside returns the next token after t in direction dir that is neither a
// comma nor a quotation mark, within [lo, hi); none past the end.
func (s *Stage) outside(t, dir, lo, hi int32) int32 {
	for ; t >= lo && t < hi; t += dir {
		k := s.l.Tokens[t].Kind
		if k == model.QuoteMark || s.isComma(t) || k == model.Dash {
			continue
		}
		return t
	}
	return none
}

// reach is how many tokens away from a quotation its speaker is looked for.
const reach = 60

// speakerAround looks for the speaker of a quotation in the words of the
// narrator around it in its sentences.
func (s *Stage) speakerAround(q *model.Quotation) cited {
	lastSent := &s.l.Sentences[max(q.LastSentence-1, q.FirstSentence)]
	firstSent := &s.l.Sentences[q.FirstSentence]
	// After: "…," said X. / "…," X said.
	if t := s.outside(q.Last, 1, q.Last, lastSent.Last); t >= 0 && s.inQuotation(t) == nil {
		if c := s.verbThenSpeaker(t, lastSent.Last); c.method != "" {
			return c
		}
		if c := s.speakerThenVerb(t, lastSent.Last); c.method != "" {
			return c
		}
	}
	// Before: X said, "…"
	if t := s.outside(q.First-1, -1, firstSent.First, q.First); t >= 0 && s.inQuotation(t) == nil {
		if c := s.speakerBefore(t, firstSent); c.method != "" {
			return c
		}
	}
	if c := s.speakerBeside(q, firstSent, lastSent); c.method != "" {
		return c
	}
	for si := q.FirstSentence; si < q.LastSentence; si++ {
		if c := s.accordingIn(si, q); c.method != "" {
			return c
		}
	}
	// Mixed: "the plan was “a disgrace” to the nation, X said" and other
	// reporting verbs of the sentence whose subject is a name.
	for g := firstSent.LastGroup - 1; g >= firstSent.FirstGroup; g-- {
		grp := &s.l.Groups[g]
		if grp.First > q.Last+reach {
			continue
		}
		if grp.Last < q.First-reach {
			break
		}
		op := s.reports(g)
		if op == nil || s.inQuotation(grp.Head) != nil {
			continue
		}
		if p := s.subject(g); p.found() {
			return cited{p, s.groupSpan(g), op.op, "", sieveSpeakerVerbQuote}
		}
	}
	return cited{}
}

// speakerBeside takes whatever verb stands right beside a quotation for one
// of speech: "…," she fumed. He gloated: "…". Before a colon anybody speaks
// who is the subject of the sentence.
func (s *Stage) speakerBeside(q *model.Quotation, firstSent, lastSent *model.Sentence) cited {
	if t := q.Last + 1; t < lastSent.Last && q.Last > 0 && s.inQuotation(t) == nil {
		g := s.groupAt[t]
		if g < 0 && s.nominal(t) {
			if p := s.phraseStarting(t, lastSent.Last); p.found() && p.Last < lastSent.Last {
				if g = s.groupAt[p.Last]; g >= 0 && s.l.Groups[g].Form == model.VerbFinite && !s.l.Groups[g].Passive && s.l.Tokens[q.Last-1].Kind == model.Punctuation {
					return cited{who: s.widen(p, lastSent.Last), cue: s.groupSpan(g), method: sieveSpeakerVerbQuote}
				}
			}
		} else if g >= 0 && s.l.Groups[g].First == t && s.l.Tokens[q.Last-1].Kind == model.Punctuation && s.l.Groups[g].Last < lastSent.Last {
			if p := s.objectAfter(s.l.Groups[g].Last, lastSent.Last); p.found() && !s.l.Groups[g].Passive {
				return cited{who: s.widen(p, lastSent.Last), cue: s.groupSpan(g), method: sieveQuoteVerbSpeaker}
			}
		}
	}
	t := q.First - 2
	if t < firstSent.First || s.inQuotation(t) != nil {
		return cited{}
	}
	colon := s.isColon(t)
	if !colon && !s.isComma(t) && s.groupAt[t] < 0 {
		return cited{}
	}
	for u := t; u >= firstSent.First && u > t-reach; u-- {
		g := s.groupAt[u]
		if g < 0 || s.l.Groups[g].Form != model.VerbFinite && s.l.Groups[g].Form != model.VerbGerund || s.l.Groups[g].Passive {
			continue
		}
		if p := s.source(g, firstSent); p.found() {
			return cited{who: s.named(g, s.widen(p, s.l.Groups[g].First)), cue: s.groupSpan(g), method: sieveSpeakerVerbQuote}
		}
		if !colon {
			break
		}
	}
	return cited{}
}

// inQuotation returns the outermost quotation, not in scare quotes, that
// holds token t.
func (s *Stage) inQuotation(t int32) *model.Quotation {
	b := s.l.Tokens[t].Start
	lo := s.quotationsTo(b)
	for i := lo - 1; i >= 0 && i >= lo-4; i-- {
		q := &s.l.Quotations[i]
		if b < q.End && !q.Scare {
			return q
		}
	}
	return nil
}

func (s *Stage) groupSpan(g int32) model.Span {
	grp := &s.l.Groups[g]
	return model.Span{Start: s.l.Tokens[grp.First].Start, End: s.l.Tokens[grp.Last-1].End}
}

// verbThenSpeaker reads "said X" from token t.
func (s *Stage) verbThenSpeaker(t, hi int32) cited {
	for s.adverbial(t) && t+1 < hi {
		t++
	}
	g := s.groupAt[t]
	var op *opMatch
	end := t + 1
	if g >= 0 {
		op = s.reports(g)
		end = s.l.Groups[g].Last
	} else {
		op = s.operator(t, rules.OpReporting)
	}
	if op == nil || end >= hi {
		return cited{}
	}
	p := s.objectAfter(end, hi)
	if !p.found() {
		return cited{}
	}
	p = s.widen(p, hi)
	cue := model.Span{Start: s.l.Tokens[t].Start, End: s.l.Tokens[end-1].End}
	return cited{p, cue, op.op, "", sieveQuoteVerbSpeaker}
}

// widen extends a speaker to the actor of a following "of" phrase or
// apposition: "one negotiator of Hamas", "John Doe, a spokesman for X".
func (s *Stage) widen(p phrase, hi int32) phrase {
	if p.Mention >= 0 && p.Via == viaHead {
		return p
	}
	t := p.Last
	if t < hi && s.isComma(t) {
		t++
		q := s.phraseStarting(t, hi)
		if q.found() {
			if q.Mention >= 0 && s.r.Mentions[q.Mention].AliasKind != model.AliasPronoun {
				p.Mention, p.Via = q.Mention, viaModifier
				return p
			}
			t = q.Last
		}
	}
	for k := 0; k < 2 && t < hi && (s.canAt[t]&preposition != 0 || s.attends(t)) && s.mentionAt[t] < 0; k++ {
		q := s.phraseStarting(t+1, hi)
		if !q.found() {
			return p
		}
		if q.Mention >= 0 && (s.marked(t, serving) || s.attends(t)) {
			p.Mention, p.Via = q.Mention, viaPossessor
			return p
		}
		t = q.Last
	}
	return p
}

// attends reports whether token t is the "to" behind somebody who speaks for
// whoever follows: "an aide to Roe".
func (s *Stage) attends(t int32) bool {
	return s.l.Tokens[t].ID == s.words.to && t > 0 && s.marked(t-1, attending)
}

// speakerThenVerb reads "X said" from token t, with a comma phrase between
// allowed: "X, a spokesman, said".
func (s *Stage) speakerThenVerb(t, hi int32) cited {
	if !s.nominal(t) {
		return cited{}
	}
	p := s.phraseStarting(t, hi)
	if !p.found() {
		return cited{}
	}
	for u := p.Last; u < hi && u < p.Last+24; u++ {
		if s.l.Tokens[u].Kind == model.QuoteMark {
			break
		}
		g := s.groupAt[u]
		if g < 0 {
			continue
		}
		if op := s.reports(g); op != nil {
			who := s.source(g, &s.l.Sentences[s.sentenceOf(t)])
			if !who.found() || who.First > p.First && who.Mention < 0 {
				who = p
			}
			return cited{s.widen(who, hi), s.groupSpan(g), op.op, "", sieveSpeakerVerbQuote}
		}
		if s.l.Groups[g].Form == model.VerbFinite && s.clauseAt[u] == s.clauseAt[t] {
			break
		}
	}
	return cited{}
}

// speakerBefore reads "X said" or "X:" that ends at token t.
func (s *Stage) speakerBefore(t int32, sent *model.Sentence) cited {
	colon := s.isColon(t)
	if colon && t > sent.First {
		t--
	}
	// The last reporting verb before the mark, within reach.
	for u := t; u >= sent.First && u > t-16; u-- {
		if s.l.Tokens[u].Kind == model.QuoteMark {
			break
		}
		g := s.groupAt[u]
		if g < 0 {
			continue
		}
		if op := s.reports(g); op != nil {
			if p := s.source(g, sent); p.found() {
				return cited{s.named(g, s.widen(p, s.l.Groups[g].First)), s.groupSpan(g), op.op, "", sieveSpeakerVerbQuote}
			}
		}
		u = s.l.Groups[g].First
	}
	if colon && s.nominal(t) {
		if p := s.phraseEnding(t, sent.First); p.found() && p.First == sent.First {
			return cited{who: p, method: sieveColon}
		}
	}
	return cited{}
}

// takeOver attributes a quotation that stands alone to whoever spoke in the
// sentence before: prev is the last quote outside of others. Within the
// paragraph it goes on with the words of prev; in the next paragraph only
// marks on both sides tell that the speaker is the same.
func (s *Stage) takeOver(q, prev *model.Quote) {
	quotation := s.quotationAt(q.Start)
	if quotation == nil || !s.bare(quotation) {
		return
	}
	para := s.l.Sentences[q.FirstSentence].Paragraph
	if prev != nil && prev.LastSentence == q.FirstSentence && prev.Source.Len() > 0 {
		if before := s.l.Sentences[prev.LastSentence-1].Paragraph; before == para || before == para-1 && prev.Kind == model.QuoteDirect {
			q.Source, q.Mention, q.Reporting, q.Verb = prev.Source, prev.Mention, prev.Reporting, prev.Verb
			q.Method, q.Continues = sieveFloating, before == para
			if before != para {
				q.Method = sieveParagraph
			}
			return
		}
	}
	if c := s.announced(quotation); c.method != "" {
		s.cite(q, c)
	}
}

// announced looks at the sentence before a bare quotation for one that ends
// in a colon or whose subject then speaks: "He was blunt. “We …”".
func (s *Stage) announced(q *model.Quotation) cited {
	si := q.FirstSentence - 1
	if si < 0 {
		return cited{}
	}
	sent := &s.l.Sentences[si]
	last := s.l.Tokens[sent.Last-1]
	if sent.Paragraph != s.l.Sentences[q.FirstSentence].Paragraph && (sent.Section != s.l.Sentences[q.FirstSentence].Section || last.Kind == model.QuoteMark) {
		return cited{}
	}
	for g := sent.LastGroup - 1; g >= sent.FirstGroup; g-- {
		if op := s.reports(g); op != nil && s.inQuotation(s.l.Groups[g].Head) == nil {
			if p := s.source(g, sent); p.found() {
				return cited{p, model.Span{}, op.op, "", sieveParagraph}
			}
		}
	}
	if s.isColon(sent.Last - 1) {
		for g := sent.LastGroup - 1; g >= sent.FirstGroup; g-- {
			if p := s.source(g, sent); p.found() && s.inQuotation(p.First) == nil {
				return cited{who: p, method: sieveColon}
			}
		}
	}
	return cited{}
}
