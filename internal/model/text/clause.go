package text

import (
	"strings"

	"stance/internal/model"
)

// maxFrames bounds the nesting of clauses; what would lie deeper stays in the
// clause that it is found in.
const maxFrames = 16

// pendingParent marks, until the sentence is read, a clause whose parent has
// not begun: "When talks failed, Hamas …".
const pendingParent = -2

// frame is a clause that is being read.
type frame struct {
	kind      model.ClauseKind
	clause    int32 // its first run in Layers.Clauses; -1 before that
	marker    int32
	parent    int32 // clause
	lastGroup int32 // its latest verb group; -1
	close     byte  // what ends it: ')' bracket, '-' dash, '"' quotation mark, 0 other
	verb      bool  // has its verb
	np        int32 // first noun phrase after a verb that takes a content clause; -1
	clausal   bool  // whose latest verb takes a content clause
	comma     bool  // opened after a comma
}

// takesVerb reports whether the clause wants a finite verb of its own.
func (f *frame) takesVerb() bool {
	return f.kind != model.ClauseInfinitive && f.kind != model.ClauseParticiple && f.kind != model.ClauseParenthesis
}

// groupState is a verb group whose main verb has not come yet.
type groupState struct {
	active, inverted           bool
	to, be, have, do, gerund   bool
	negated                    bool
	first, last, modal, finite int32
}

// parser reads the clauses and verb groups of one sentence from left to right.
type parser struct {
	r           *Reader
	l           *model.Layers
	tokens      []model.Token // of the article
	classes     []Class       // of the tokens of the sentence
	first, last int32         // tokens of the sentence
	frames      []frame
	runStart    int32 // first token of the run that is being read
	group       groupState
	quotation   int // next of Layers.Quotations

	before       tag   // of the last token that counts; marks and adverbs do not
	beforeAt     int32 // that token
	nameBefore   bool  // the noun phrase before ends in a name
	personBefore bool  // … in an actor noun
	plural       bool  // … in a plural
	coordinated  bool  // … joins two
	subject      bool  // a noun phrase came in this clause
	nounSince    bool  // … since the last verb
	commaSince   bool  // a comma came since the last verb
	npStart      int32 // first token of the latest noun phrase since the last verb; -1
	zeroAt       int32 // where the latest one cannot go on with the noun before it; -1
	coordAt      int32 // latest coordinator, colon or semicolon; -1
	lastVerb     int32 // -1

	parallel      tag // of the latest verb in the sentence, for what is coordinated with it
	parallelBase  bool
	parallelS     bool
	mainPast      bool  // a finite past came in the sentence
	markerSubject bool  // the marker before can be the subject: who, which
	helps         bool  // the verb before takes a bare infinitive: help, let
	negator       int32 // negator that waits for its verb; -1
	settled       int   // clauses before this one change no more by an attribution
	attributed    int   // clauses when the latest attribution was met
	saved         saved // from before a bracket
}

// saved is what stood before a bracket or dash.
type saved struct {
	before                                          tag
	beforeAt, npStart, coordAt, lastVerb            int32
	subject, nounSince, name, person, plural, comma bool
}

// syntax finds the clauses and verb groups of all sentences.
func (r *Reader) syntax(l *model.Layers) {
	l.Clauses, l.Groups = l.Clauses[:0], l.Groups[:0]
	p := &r.parser
	p.r, p.l, p.tokens, p.quotation, r.nextHyphen = r, l, r.tokens, 0, 0
	for i := range l.Sentences {
		s := &l.Sentences[i]
		s.FirstClause, s.FirstGroup = int32(len(l.Clauses)), int32(len(l.Groups))
		r.classify(s.First, s.Last)
		p.sentence(s.First, s.Last)
		if t := p.missed(s); t >= 0 {
			c := r.classes[t] & Verb
			r.classes[t] = c.with(roleOf(c))
			l.Clauses, l.Groups = l.Clauses[:s.FirstClause], l.Groups[:s.FirstGroup]
			p.sentence(s.First, s.Last)
		}
		s.LastClause, s.LastGroup = int32(len(l.Clauses)), int32(len(l.Groups))
		p.finish(s)
	}
	p.l, p.tokens = nil, nil
}

func (p *parser) top() *frame { return &p.frames[len(p.frames)-1] }

func (p *parser) inverted() bool { return p.group.active && p.group.inverted }

// missed returns the token that must be the verb of a sentence in which no
// finite verb was seen, though it may be a noun too ("Democrats trust
// Republicans"): the first one behind a noun that agrees with it and before
// what can be its complement; -1 when there is none.
func (p *parser) missed(s *model.Sentence) int32 {
	for _, g := range p.l.Groups[s.FirstGroup:] {
		if g.Form == model.VerbFinite || g.Form == model.VerbImperative {
			return -1
		}
	}
	const complement = nominal | Determiner | Adjective | Pronoun | Preposition | To | NumberWord
	for t := s.First + 1; t+1 < s.Last; t++ {
		c := p.class(t)
		if p.tokens[t].Kind != model.Word || c&(VerbBase|VerbS|VerbPast) == 0 || c&(name|functional) != 0 || p.class(t+1)&complement == 0 && p.tokens[t+1].Kind != model.Number {
			continue
		}
		before, noun := p.class(t-1), t-1
		if before&Adverb != 0 && before&nominal == 0 && t-2 >= s.First {
			before, noun = p.class(t-2), t-2
		}
		if before&(nominal|Pronoun) == 0 || p.tokens[t-1].Kind != model.Word {
			continue
		}
		surface := p.tokens[noun].In(p.r.text)
		many := before&NounPlural != 0 || before&name != 0 && strings.HasSuffix(surface, "s") && !strings.HasSuffix(surface, "ss")
		if c&VerbPast != 0 || c&VerbS != 0 && !many || c&VerbBase != 0 && many {
			return t
		}
	}
	return -1
}

// reset forgets what stood before, at the start of a clause.
func (p *parser) reset() {
	p.before, p.beforeAt = tStart, -1
	p.subject, p.nounSince, p.commaSince, p.coordinated, p.plural = false, false, false, false, false
	p.npStart, p.zeroAt, p.coordAt, p.negator = -1, -1, -1, -1
	p.markerSubject, p.helps = false, false
}

// sentence reads the tokens [first, last).
func (p *parser) sentence(first, last int32) {
	p.first, p.last, p.runStart = first, last, first
	p.classes = p.r.classes[first:last]
	p.frames = append(p.frames[:0], frame{kind: model.ClauseMain, clause: -1, marker: -1, parent: -1, lastGroup: -1, np: -1})
	p.group = groupState{}
	p.reset()
	p.settled, p.attributed = 0, 0
	p.lastVerb, p.parallel, p.parallelBase, p.parallelS, p.mainPast = -1, tStart, false, false, false
	goesOn := first // where the group goes on behind what is put into it
	for i, c := range p.classes {
		t := first + int32(i)
		if t < goesOn {
			continue
		}
		role := role(c >> roleShift)
		if p.group.active && p.group.last == t-1 && 1<<role&interludes != 0 {
			if goesOn = p.interlude(t); goesOn > t {
				continue
			}
		}
		switch role {
		case roleNone:
		case roleNoun:
			p.noun(t, tNoun, c)
		case roleDeterminer:
			p.noun(t, tDet, c)
		case roleAdjective:
			p.noun(t, tAdj, c)
		case roleNumber:
			p.noun(t, tNum, c)
		case roleEither:
			if p.before == tNoun || p.before == tPron || p.group.active && !p.group.inverted && !p.group.be || p.class(t+1)&(nominal|Adjective) == 0 {
				continue // an adverb
			}
			p.noun(t, tAdj, c)
		case rolePreposition:
			p.preposition(t)
		case roleParticle:
			if next := p.class(t + 1); t+1 >= last || next&(Preposition|To) != 0 && next&nominal == 0 {
				continue // "carried out in", "called off"
			}
			p.preposition(t)
		case roleIng, rolePast, roleS, roleBase:
			p.verbal(t, p.wordTag(t, c, role), c)
		case roleTo:
			p.to(t)
		case roleModal:
			if p.before == tPrep || p.before == tDet || p.before == tAdj {
				p.noun(t, tNoun, c) // "a lack of will"
			} else {
				p.auxiliary(t, c)
			}
		case roleAuxiliary:
			p.auxiliary(t, c)
		case roleThat:
			p.that(t, p.class(t+1))
		case roleRelative:
			p.relative(t, c, p.class(t+1))
		case roleCoordinator:
			p.coordinator(t)
		case rolePronoun:
			p.pronoun(t, c)
		case roleMixed:
			p.function(t, c)
		case rolePunctuation:
			p.punctuation(t)
		case roleQuoteMark:
			p.quoteMark(t)
		case roleDash:
			p.dash(t)
		case roleClitic:
			p.clitic(t)
		}
	}
	p.flush()
	p.closeRun(last)
}

// interludes are the roles of what opens an adverbial that may be put into a verb
// group.
const interludes = 1<<rolePreposition | 1<<roleParticle | 1<<roleMixed | 1<<roleDeterminer | 1<<roleAdjective | 1<<roleEither | 1<<roleNoun | 1<<rolePunctuation

// interlude returns the token at which the verb group goes on behind an adverbial
// that is put into it: "has since condemned", "was on Monday accused", "will, he
// said, leave"; t when there is none.
func (p *parser) interlude(t int32) int32 {
	g := &p.group
	wants := VerbPast2
	switch {
	case g.to || g.inverted || g.gerund:
		return t
	case g.modal >= 0 && !g.be && !g.have || g.do:
		wants = VerbBase
	case g.be:
		wants = VerbPast2 | VerbIng
	}
	goes := func(u int32) bool {
		c := p.class(u)
		return u < p.last && p.tokens[u].Kind == model.Word && c&wants != 0 && c&(functional|name) == 0 && (c&(nominal|Adjective) == 0 || wants == VerbBase && c&nounish == 0)
	}
	pastAdverb := func(u int32) int32 {
		if c := p.class(u); c&Adverb != 0 && c&Verb == 0 {
			u++
		}
		return u
	}
	if p.r.is(t, p.last, ',') {
		for u := t + 2; u < min(t+9, p.last-1); u++ {
			if p.r.is(u, p.last, ',') {
				if u = pastAdverb(u + 1); goes(u) {
					return u
				}
				return t
			}
			if k := p.tokens[u].Kind; k != model.Word && k != model.Number && k != model.Clitic {
				return t
			}
		}
		return t
	}
	if c := p.class(t); g.have && c&Negator == 0 && (c&(Adverb|Subordinate) != 0 || p.tokens[t].In(p.r.text) == "earlier") && goes(t+1) {
		return t + 1 // since, earlier
	}
	for u := t + 1; u < min(t+5, p.last-1) && (p.tokens[u].Kind == model.Word || p.tokens[u].Kind == model.Number); u++ {
		if goes(pastAdverb(u+1)) && p.timeWord(u) {
			return pastAdverb(u + 1)
		}
	}
	return t
}

// timeWord reports whether a token is a stretch of time, a day or a year.
func (p *parser) timeWord(t int32) bool {
	if p.class(t)&(Weekday|Month) != 0 || p.stretch(t) {
		return true
	}
	switch s := p.tokens[t].In(p.r.text); s {
	case "hour", "hours", "days", "nights", "weeks", "months", "years", "decade", "decades", "times", "past":
		return true
	default:
		return len(s) == 4 && p.tokens[t].Kind == model.Number
	}
}

// stretch reports whether a token is a part of the year, week or day.
func (p *parser) stretch(t int32) bool {
	switch p.tokens[t].In(p.r.text) {
	case "day", "morning", "afternoon", "evening", "night", "week", "weekend", "month", "year", "spring", "summer", "autumn", "winter":
		return true
	}
	return false
}

// finish gives clauses without a parent theirs, and groups their clause.
func (p *parser) finish(s *model.Sentence) {
	main := int32(-1)
	clauses := p.l.Clauses
	for i := s.FirstClause; i < s.LastClause && main < 0; i++ {
		if clauses[i].Kind == model.ClauseMain {
			main = i
		}
	}
	if main < 0 && s.FirstClause < s.LastClause {
		// The sentence has no main clause of its own.
		main = s.FirstClause
		clauses[main].Parent = -1
	}
	for i := s.FirstClause; i < s.LastClause; i++ {
		if clauses[i].Parent == pendingParent {
			clauses[i].Parent = main
			if i == main {
				clauses[i].Parent = -1
			}
		}
	}
	c := s.FirstClause
	for g := s.FirstGroup; g < s.LastGroup; g++ {
		head := p.l.Groups[g].Head
		for c > s.FirstClause && clauses[c].First > head {
			c--
		}
		for c+1 < s.LastClause && clauses[c].Last <= head {
			c++
		}
		p.l.Groups[g].Clause = c
	}
}

// closeRun ends the run of the current clause before token at.
func (p *parser) closeRun(at int32) {
	if at <= p.runStart {
		return
	}
	f := p.top()
	c := model.Clause{First: p.runStart, Last: at, Kind: f.kind, Marker: f.marker, Parent: f.parent, Resumes: f.clause}
	if f.clause < 0 {
		f.clause = int32(len(p.l.Clauses))
	}
	p.l.Clauses = append(p.l.Clauses, c)
	p.runStart = at
}

// push opens a clause at token at, or at the start of the current run when
// that lies later.
func (p *parser) push(kind model.ClauseKind, marker, at int32) *frame {
	p.closeRun(at)
	parent := p.top().clause
	if parent < 0 {
		parent = pendingParent
	}
	if len(p.frames) == maxFrames {
		copy(p.frames[1:], p.frames[2:])
		p.frames = p.frames[:maxFrames-1]
	}
	p.frames = append(p.frames, frame{kind: kind, clause: -1, marker: marker, parent: parent, lastGroup: -1, np: -1, comma: p.commaBefore(at)})
	return p.top()
}

// popTo goes back to frame j, from token at on.
func (p *parser) popTo(j int, at int32) {
	if j < len(p.frames)-1 {
		p.closeRun(at)
		p.frames = p.frames[:j+1]
	}
}

// parted reports whether two commas, the latter just before, set something
// apart behind a noun phrase: "32 men, including guards, were".
func (p *parser) parted(np int32) bool {
	if p.before != tComma {
		return false
	}
	for t := np + 1; t < p.beforeAt; t++ {
		if p.r.is(t, p.last, ',') {
			return true
		}
	}
	return false
}

// timeAfter reports whether a time follows the coordinator at token t: "pledged
// aid to Lebanon and last week imposed sanctions".
func (p *parser) timeAfter(t int32) bool {
	c := p.class(t + 1)
	return p.tokens[t+1].ID == p.r.v.words.last || c&(Adverb|Weekday|Month|Preposition) != 0 && c&(Determiner|Pronoun) == 0
}

// placed reports whether the comma at token t ends the name of a region
// behind that of a place: "in Benghazi, Libya, and".
func (p *parser) placed(t int32) bool {
	u := t - 1
	for u > p.first && t-u <= 3 && p.tokens[u].Flags&model.Capital != 0 {
		u--
	}
	return u < t-1 && u > p.first && p.r.is(u, p.last, ',') && p.tokens[u-1].Flags&model.Capital != 0
}

// commaBefore reports whether a comma stands just before token t, quotation
// marks aside; a question before a closing mark counts too.
func (p *parser) commaBefore(t int32) bool {
	t--
	marks := false
	for t >= p.first && p.tokens[t].Kind == model.QuoteMark {
		t--
		marks = true
	}
	return t >= p.first && (p.r.is(t, p.last, ',') || marks && (p.r.is(t, p.last, '?') || p.r.is(t, p.last, '!')))
}

// isBy reports whether the agent of a passive follows: "by", at most three
// words on.
func (p *parser) isBy(t int32) bool {
	for end := min(t+3, p.last); t < end; t++ {
		if p.tokens[t].ID == p.r.v.words.by {
			c := p.class(t + 1)
			return c&(VerbIng|nominal|Adjective) != VerbIng && !(c&VerbIng != 0 && p.class(t+2)&(Determiner|Object) != 0) // not "answered by breaking off", "by closing its"
		}
		c := p.class(t)
		if p.tokens[t].Kind != model.Word || c&(Adverb|Weekday|Month|Noun) == 0 && c&Preposition == 0 || c&(To|That|Coordinator|Determiner) != 0 {
			return false
		}
	}
	return false
}

// pendingAncestor returns the nearest enclosing clause that still wants its
// verb; -1 when there is none.
func (p *parser) pendingAncestor() int {
	for j := len(p.frames) - 2; j >= 0; j-- {
		f := &p.frames[j]
		if !f.verb && f.takesVerb() {
			return j
		}
		if f.close != 0 || f.kind == model.ClauseThat && f.marker >= 0 {
			// Nothing reaches out of brackets or marks.
			if p.frames[j+1].close != 0 {
				return -1
			}
		}
	}
	return -1
}

// enclosure returns the lowest frame that the current bracket, dash or
// quotation lets one go back to.
func (p *parser) enclosure() int {
	for j := len(p.frames) - 1; j > 0; j-- {
		if p.frames[j].close != 0 {
			return j
		}
	}
	return 0
}

// finiteFrame returns the innermost frame from j down that has a finite verb.
func (p *parser) finiteFrame(j int) int {
	low := p.enclosure()
	for ; j > low; j-- {
		if f := &p.frames[j]; f.takesVerb() && f.verb {
			return j
		}
	}
	return low
}

// finite tells the clauses that a finite verb stands at token t, its group
// beginning at from.
func (p *parser) finite(t, from int32, c Class) {
	top := p.top()
	switch {
	case !top.verb && p.inserted(t, c):
	case !top.verb && (top.takesVerb() || top.kind == model.ClauseParenthesis):
	case p.attribution(t, from, c):
	default:
		pending := p.pendingAncestor()
		content := top.clausal && p.nounSince && p.npStart >= p.runStart && !p.commaSince
		coord := p.coordAt >= 0 && p.coordAt > p.lastVerb
		bare := coord && p.before == tCoord
		switch {
		case pending >= 0 && !bare && (!content || p.before != tPron && !p.finiteAhead(t+1) && !p.finitePastComma(t+1)):
			p.popTo(pending, from)
		case content && !bare && (!coord || p.npStart < p.coordAt && !p.commaBefore(p.coordAt) && !p.timeAfter(p.coordAt)):
			p.push(model.ClauseThat, -1, p.npStart)
		case coord:
			p.coordinate(bare, c)
		case top.clausal && p.lastVerb >= p.runStart && top.np == p.lastVerb+1 && p.parted(top.np):
			p.push(model.ClauseThat, -1, top.np) // "said 32 men, including guards, were"
		case p.splitContent(from):
		case p.before == tComma && p.finiteIn(top) && !p.parted(p.l.Groups[top.lastGroup].Head):
			p.enumerate(from, c) // "met the king, accused Iran"
		case p.unmarked():
			p.push(model.ClauseRelative, -1, p.zeroAt) // "a claim Iran rejected"
		}
	}
	p.top().verb = true
}

// finiteIn reports whether the latest verb of a clause is finite.
func (p *parser) finiteIn(f *frame) bool {
	return f.lastGroup >= 0 && p.l.Groups[f.lastGroup].Form == model.VerbFinite
}

// unmarked reports whether the noun phrase before a verb cannot go on with the
// noun before it, of which it and the verb then say more.
func (p *parser) unmarked() bool {
	return p.zeroAt >= p.runStart && p.zeroAt > p.lastVerb && (p.before == tNoun || p.before == tPron)
}

// enumerate opens a clause for a verb that a comma alone joins to the one
// before.
func (p *parser) enumerate(from int32, c Class) {
	j := p.finiteFrame(len(p.frames) - 1)
	if c&Reporting != 0 {
		// "said the talks had failed, accused": what reports goes with what reports.
		for i := j; i >= p.enclosure(); i-- {
			if p.frames[i].clausal && p.frames[i].takesVerb() {
				j = i
				break
			}
		}
	}
	if p.frames[j].clause >= 0 || j == len(p.frames)-1 {
		p.join(j, -1, from)
	}
}

// coordinate opens a clause that is coordinated with one before, at the
// latest coordinator.
func (p *parser) coordinate(bare bool, c Class) {
	at, marker := p.coordAt, p.coordAt
	if p.tokens[at].Kind == model.Punctuation {
		at, marker = at+1, -1
	}
	j := p.finiteFrame(len(p.frames) - 1)
	switch {
	case p.commaBefore(at) && !p.placed(at-1):
		j = p.finiteFrame(p.enclosure())
	case bare && c&Reporting != 0 && c&VerbPast != 0 && p.frames[j].kind == model.ClauseRelative && p.frames[j].lastGroup >= 0 && p.l.Groups[p.frames[j].lastGroup].Perfect:
		// "praised the pilots who had flown and accused": a past goes with a past.
		j = p.outward(j, func(f *frame) bool { return f.verb && f.lastGroup >= 0 && !p.l.Groups[f.lastGroup].Perfect })
	case bare && c&VerbPast != 0 && c&(VerbBase|VerbPast2) != VerbBase && p.modal(&p.frames[j]):
		// "said it could fail and praised": no past goes with a modal.
		j = p.outward(j, func(f *frame) bool { return f.verb && f.lastGroup >= 0 && !p.modal(f) })
	case bare && c&Reporting != 0 && !p.frames[j].clausal:
		// "denied that … and said …": what reports goes with what reports.
		j = p.outward(j, func(f *frame) bool { return f.clausal })
	}
	p.join(j, marker, at)
}

// outward returns the nearest frame around frame j that takes a verb and is as
// asked for; j when there is none.
func (p *parser) outward(j int, fits func(*frame) bool) int {
	for i := j - 1; i >= p.enclosure(); i-- {
		if f := &p.frames[i]; f.takesVerb() && fits(f) {
			return i
		}
	}
	return j
}

// join opens a clause at token at that is coordinated with that of frame j.
func (p *parser) join(j int, marker, at int32) {
	p.popTo(j, max(at, p.runStart))
	p.closeRun(at)
	parent := p.frames[j].clause
	if p.frames[j].kind == model.ClauseCoordinate && j > 0 {
		p.frames = p.frames[:j]
	}
	f := p.push(model.ClauseCoordinate, marker, at)
	if parent >= 0 {
		f.parent = parent
	}
}

// splitContent handles a finite verb whose subject was read as part of an
// earlier run: "Critics say the law, passed in 2018, discriminates". The run
// is split where the content clause began. It reports whether there was one.
func (p *parser) splitContent(from int32) bool {
	j := len(p.frames) - 1
	for low := p.enclosure(); j > low && (p.frames[j].np < 0 || !p.frames[j].clausal); j-- {
	}
	f := &p.frames[j]
	if f.np < 0 || !f.clausal || f.np >= p.runStart || f.clause < 0 || j+1 < len(p.frames) && p.frames[j+1].kind == model.ClauseThat && p.frames[j+1].marker >= 0 {
		return false // the last: "told reporters that he lied, a claim Iran rejected"
	}
	p.popTo(j, from)
	p.closeRun(from)
	clauses := p.l.Clauses
	i := int32(len(clauses)) - 1
	for i > 0 && clauses[i].First > f.np {
		i--
	}
	if clauses[i].First >= f.np || i != f.clause && clauses[i].Resumes != f.clause {
		return false
	}
	content := i + 1
	p.l.Clauses = append(clauses, model.Clause{})
	clauses = p.l.Clauses
	copy(clauses[content+1:], clauses[content:])
	clauses[content] = model.Clause{First: f.np, Last: clauses[i].Last, Kind: model.ClauseThat, Marker: -1, Parent: f.clause, Resumes: -1}
	clauses[i].Last = f.np
	for k := content + 1; k < int32(len(clauses)); k++ {
		c := &clauses[k]
		if c.Parent >= content {
			c.Parent++
		} else if c.Parent == f.clause {
			c.Parent = content
		}
		if c.Resumes >= content {
			c.Resumes++
		} else if c.Resumes == f.clause {
			c.Resumes, c.Kind, c.Marker, c.Parent = content, model.ClauseThat, -1, f.clause
		}
	}
	for k := range p.frames {
		if p.frames[k].clause >= content {
			p.frames[k].clause++
		}
		if p.frames[k].parent >= content {
			p.frames[k].parent++
		}
	}
	p.frames = append(p.frames, frame{kind: model.ClauseThat, clause: content, marker: -1, parent: p.frames[j].clause, lastGroup: -1, np: -1})
	p.frames[j].np = -1
	return true
}

// attributes reports whether the reporting verb at t ends what it says about
// who spoke: nothing follows but a time, a place or the end of the clause.
func (p *parser) attributes(t int32, c Class) bool {
	if c&Reporting == 0 {
		return false
	}
	if p.before == tComma { // said one official; but "met the king, accused one official of"
		n := p.class(t + 1)
		if c&intransitive == 0 && c&VerbPast2 != 0 && !p.quotedBefore(t) {
			return false
		}
		return t+1 >= p.last || n&(Determiner|Pronoun|nominal|NumberWord|Adjective) != 0 && n&That == 0
	}
	if t+1 >= p.last {
		return true
	}
	k, n := p.tokens[t+1], p.class(t+1)
	switch k.Kind {
	case model.Punctuation, model.QuoteMark, model.Dash:
		return p.r.text[k.Start] != ':'
	case model.Word:
		if n&That != 0 {
			return false
		}
		if n&(Weekday|Month) != 0 || n&(Adverb|Preposition|Coordinator|Subordinate) != 0 && n&Determiner == 0 {
			return !p.finiteAhead(t + 2)
		}
		return n&(Noun|NounPlural|name) != 0 && !p.finiteAhead(t+1) // told reporters
	}
	return false
}

// quotedBefore reports whether a quotation mark stands just before token t.
func (p *parser) quotedBefore(t int32) bool {
	return t > p.first && p.tokens[t-1].Kind == model.QuoteMark
}

// attribution turns what was read so far into the content of a reporting
// clause that follows it: "…, Israel said", "…," said one official.
func (p *parser) attribution(t, from int32, c Class) bool {
	if !p.commaSince || !p.attributes(t, c) || p.enclosure() != 0 && p.top().close != '"' {
		return false
	}
	if p.coordAt > p.lastVerb && p.coordAt > p.npStart {
		return false
	}
	at := from
	if p.before != tComma {
		if p.npStart < 0 {
			return false
		}
		at = min(p.npStart, from)
	}
	if !p.commaBefore(at) && p.before != tComma {
		return false
	}
	p.popTo(0, at)
	p.closeRun(at)
	if p.top().parent == -1 && p.top().clause >= 0 {
		old := p.top().clause
		for i := len(p.l.Clauses) - 1; i >= p.settled && p.l.Clauses[i].First >= p.first; i-- {
			k := &p.l.Clauses[i]
			if k.Parent == pendingParent {
				k.Parent = old
			}
			if k.Kind == model.ClauseMain {
				k.Kind, k.Parent = model.ClauseThat, pendingParent
			}
		}
		// What was content before this one has its parent now and stays.
		p.settled, p.attributed = p.attributed, len(p.l.Clauses)
	}
	p.frames = append(p.frames[:0], frame{kind: model.ClauseMain, clause: -1, marker: -1, parent: -1, lastGroup: -1, np: -1})
	p.runStart = max(p.runStart, at)
	return true
}

// modal reports whether the last verb of a frame is the base form behind a modal.
func (p *parser) modal(f *frame) bool {
	g := f.lastGroup
	return g >= 0 && p.l.Groups[g].Modal >= 0 && !p.l.Groups[g].Perfect
}

// inserted takes the reporting verb at t for one of a clause between a subject
// and its verb: "Iran, officials said, has refused". What stands around is the
// content.
func (p *parser) inserted(t int32, c Class) bool {
	f := p.top()
	if c&Reporting == 0 || len(p.frames) > 1 || f.clause >= 0 || !p.commaSince || p.lastVerb >= 0 || p.npStart < 0 || p.beforeAt > t || !p.commaBefore(p.npStart) ||
		p.class(p.first)&(Preposition|Subordinate|To) != 0 {
		return false
	}
	end := t + 1
	for end < min(t+6, p.last) && !p.r.is(end, p.last, ',') {
		if p.class(end)&(That|Relative|Verb) != 0 || p.tokens[end].Kind != model.Word && p.tokens[end].Kind != model.Number {
			return false
		}
		end++
	}
	v := end + 1
	if n := p.class(v); n&Adverb != 0 && n&Verb == 0 {
		v++
	}
	const finite = Modal | Be | Have | Do | VerbS | VerbPast
	if v >= p.last || !p.r.is(end, p.last, ',') || p.class(v)&finite == 0 || p.class(v)&(Preposition|Coordinator|Subordinate|That|Determiner) != 0 || p.isBy(v+1) {
		return false
	}
	at := p.npStart
	p.closeRun(at)
	content := &p.l.Clauses[f.clause]
	content.Kind, content.Parent = model.ClauseThat, pendingParent
	f.kind, f.parent = model.ClauseThat, pendingParent
	p.frames = append(p.frames, frame{kind: model.ClauseMain, clause: -1, marker: -1, parent: -1, lastGroup: -1, np: -1})
	return true
}

// noun takes in a token of a noun phrase.
func (p *parser) noun(t int32, g tag, c Class) {
	if p.group.active && !p.group.inverted {
		p.flush()
	}
	const inside = 1<<tDet | 1<<tAdj | 1<<tNum | 1<<tPrep | 1<<tNoun // what the noun phrase goes on after
	before := p.before
	if p.npStart < 0 || before == tComma && p.commaSince {
		p.npStart, p.zeroAt = t, -1
	} else if before == tNoun && p.beforeAt == t-1 && c&(Weekday|Month) == 0 {
		// A noun phrase that cannot go on with the one before.
		b := p.class(t - 1)
		if g == tDet || g == tPron || c&name != 0 && b&name == 0 && b&(Title|PersonNoun) == 0 && b&NounPlural != 0 {
			p.npStart = t
		}
		if (g == tDet && c&Possessive == 0 || c&name != 0) && b&(name|Title|PersonNoun|Weekday|Month|Possessive) == 0 && b&(Noun|NounPlural) != 0 {
			p.zeroAt = t
		}
	}
	if c&(Weekday|Month) != 0 && p.npStart == t {
		p.npStart = -1
	}
	if before == tCoord {
		p.coordinated = p.coordinated || p.subject
	} else {
		p.coordinated = p.coordinated && inside>>before&1 != 0
	}
	if f := p.top(); f.clausal && f.np < 0 && p.npStart >= 0 && !p.commaSince {
		f.np = p.npStart
	}
	p.before, p.beforeAt = g, t
	p.subject, p.nounSince = true, true
	p.negator = -1
	if 1<<g&(1<<tNoun|1<<tPron|1<<tNum) != 0 {
		p.nameBefore = c&name != 0
		p.personBefore = c&PersonNoun != 0
		p.plural = c&(NounPlural|name) == NounPlural
	}
	if c&Verb != 0 || g == tPron {
		p.markerSubject = false
	}
}

// coordinator takes in and, or, but.
func (p *parser) coordinator(t int32) {
	if !p.inverted() {
		p.flush()
	}
	p.coordAt = t
	p.before, p.beforeAt = tCoord, t
	p.negator = -1
}

// preposition takes in a preposition.
func (p *parser) preposition(t int32) {
	p.flush()
	p.before, p.beforeAt, p.negator = tPrep, t, -1
}

// negate takes in not, never, no longer.
func (p *parser) negate(t int32) {
	if p.group.active {
		p.group.negated = true
		return
	}
	p.negator = t
}

// function takes in a function word that may play several parts.
func (p *parser) function(t int32, c Class) {
	v := &p.r.v.words
	id := p.tokens[t].ID
	next := p.class(t + 1)
	switch {
	case id == v.not || id == v.never:
		p.negate(t)
	case id == v.no && t+1 < p.last && p.tokens[t+1].ID == v.longer:
		p.negate(t)
	case c&NumberWord != 0 && next&(nominal|Adjective) != 0:
		p.noun(t, tNum, c)
	case c&existential != 0:
		if next&(Be|Modal|Have|VerbS|VerbPast) != 0 && p.before != tNoun {
			p.noun(t, tPron, c)
		}
	case c&Conditional != 0 && (c&Verb == 0 || next&That != 0):
		p.open(model.ClauseCondition, t)
	case c&Relative != 0:
		p.relative(t, c, next)
	case c&Subordinate != 0 && p.subordinates(t, c, next):
		p.open(model.ClauseAdverbial, t)
	case c&Question != 0 && c&(Determiner|Adverb|Pronoun) != 0 && (p.before >= tFinite && p.before <= tPart || p.before == tAdj || p.before == tPrep):
		p.open(model.ClauseThat, t)
		p.markerSubject = c&Determiner != 0
	case c&Question != 0:
		if c&Determiner != 0 {
			p.noun(t, tPron, c)
		}
	case c&Coordinator != 0 && p.coordinates(t, c):
		p.coordinator(t)
		if id == v.nor {
			p.negate(t)
		}
	case c&Preposition != 0 && (c&(Verb|Determiner) == 0 || c&Verb != 0 && p.before != tBe && p.before != tHave && !(c&VerbBase != 0 && (p.before == tDo || p.before == tModal)) && !p.nounBefore()):
		if c&Adverb != 0 && (t+1 >= p.last || next&(Preposition|To) != 0 && next&nominal == 0) {
			return // a particle: "carried out in", "called off"
		}
		p.preposition(t)
	case c&Verb != 0:
		p.verbal(t, p.wordTag(t, c, verbRole(c)), c)
	case c&Determiner != 0 && c&Pronoun != 0:
		if after := p.class(t + 2); next&(nominal|Adjective|NumberWord) != 0 && next&(Be|Have|Do|Modal|Preposition) == 0 ||
			next&(VerbPast2|VerbIng) != 0 && after&nominal != 0 && after&name == 0 || next&Determiner != 0 {
			p.noun(t, tDet, c)
		} else if p.noun(t, tPron, c); c&subjective == 0 {
			p.before = tNoun
		}
	case c&Determiner != 0:
		if id == v.neither {
			p.negate(t)
		}
		p.noun(t, tDet, c)
		if id == v.neither && !p.group.active {
			p.negator = t
		}
	case c&Pronoun != 0:
		p.pronoun(t, c)
	case c&nominal != 0:
		p.noun(t, tNoun, c)
	case c&Adjective != 0 && c&Adverb == 0:
		p.noun(t, tAdj, c)
	}
}

// pronoun takes in a pronoun. One that is only a subject starts a content
// clause after a verb that takes one.
func (p *parser) pronoun(t int32, c Class) {
	top := p.top()
	verbBefore := p.before >= tFinite && p.before <= tPart
	if c&Subject != 0 && p.before == tNoun && p.beforeAt == t-1 && top.verb && !top.clausal && !p.commaSince && p.class(t-1)&(Weekday|Month) == 0 {
		// "the only contest he won"
		p.push(model.ClauseRelative, -1, t)
		p.reset()
	}
	if p.before == tNoun || p.before == tPron {
		p.npStart = -1
	}
	p.noun(t, tPron, c)
	if c&subjective == 0 || c&Subject == 0 && verbBefore && !top.clausal {
		p.before = tNoun // an object
	}
}

// coordinates reports whether a word of several classes joins here.
func (p *parser) coordinates(t int32, c Class) bool {
	if c&Adverb == 0 && c&Preposition == 0 && c&Subordinate == 0 {
		return true
	}
	switch id := p.tokens[t].ID; id {
	case p.r.v.words.but:
		return true
	case p.r.v.words.yet, p.r.v.words.so:
		return p.before == tComma || p.before == tStart && len(p.frames) > 1
	}
	return false
}

// subordinates reports whether a word that may be a preposition or adverb too
// opens a clause here.
func (p *parser) subordinates(t int32, c, next Class) bool {
	v := &p.r.v.words
	if t+1 >= p.last || p.tokens[t+1].Kind == model.Punctuation {
		return false
	}
	switch id := p.tokens[t].ID; id {
	case v.than:
		return false
	case v.so:
		return next&That != 0
	case v.because:
		return p.tokens[t+1].ID != v.of
	case v.as:
		if next&(Verb|nominal|Determiner|Pronoun|Adjective) == 0 || t > p.first && (p.tokens[t-1].ID == v.such || p.tokens[t-1].ID == v.well) {
			return false
		}
		return p.finiteAhead(t+1) || p.actsNext(t+1)
	case v.once:
		return (p.before == tStart || p.before == tComma) && p.finiteAhead(t+1)
	}
	if c&Preposition == 0 {
		return true
	}
	return p.finiteAhead(t+1) || next&VerbIng != 0 && next&(nominal|Preposition) == 0
}

// actsNext reports whether a name or a plural and a form that may be a finite
// verb with its object follow from token t on: "as Israel strikes Syria", "as
// Syrian forces attack the town".
func (p *parser) actsNext(t int32) bool {
	for n := t + 1; n < min(t+5, p.last) && p.class(n-1)&(name|nominal|Adjective|Determiner) != 0 && p.class(n-1)&(That|Preposition) == 0; n++ {
		c, before := p.class(n), p.class(n-1)
		if p.class(n+1)&(name|Determiner) == 0 {
			continue
		}
		if c&VerbS != 0 && c&name == 0 && before&name != 0 || c&VerbBase != 0 && c&name == 0 && before&NounPlural != 0 && before&Verb&^VerbS == 0 {
			return true
		}
	}
	return false
}

// open opens a subordinate clause whose marker stands at t.
func (p *parser) open(kind model.ClauseKind, t int32) {
	p.flush()
	if kind == model.ClauseAdverbial && p.commaBefore(t) {
		// After a comma it hangs from the sentence rather than from what was
		// just said of a part of it.
		j := len(p.frames) - 1
		for low := p.enclosure(); j > low && p.frames[j].verb && (p.frames[j].kind == model.ClauseInfinitive || p.frames[j].kind == model.ClauseParticiple || p.frames[j].kind == model.ClauseRelative); j-- {
		}
		p.popTo(j, t)
	}
	at := t
	if p.before == tCoord && p.beforeAt == t-1 && p.beforeAt >= p.runStart {
		at = p.beforeAt
	}
	if at == p.first+1 && p.tokens[p.first].Kind == model.QuoteMark {
		at = p.first
	}
	p.push(kind, t, at)
	p.reset()
	p.before, p.beforeAt = tMarker, t
}

// that decides what "that" is: a marker of a content clause, a relative, a
// determiner or a pronoun.
func (p *parser) that(t int32, next Class) {
	verbNext := next&(Modal|Be|Have|Do) != 0 || next&(VerbS|VerbPast) != 0 && next&nominal == 0 ||
		next&(VerbS|VerbPast|VerbBase) != 0 && next&name == 0 && p.class(t+2)&(Determiner|Pronoun|name) != 0
	if next&Adverb != 0 && next&Determiner == 0 {
		n := p.class(t + 2)
		verbNext = verbNext || n&(Modal|Be|Have|Do|VerbPast|VerbS) != 0 && n&nominal == 0
	}
	top := p.top()
	switch p.before {
	case tNoun, tNum:
		if !verbNext && p.timeAt(t+1) {
			break // "spoke with reporters that evening"
		}
		b := p.class(p.beforeAt)
		switch {
		case verbNext && b&Clausal == 0 || verbNext && !top.clausal:
			p.open(model.ClauseRelative, t)
			p.markerSubject = true
		case b&Clausal != 0 && b&name == 0 || top.clausal || next&(Subordinate|Conditional) != 0:
			p.open(model.ClauseThat, t)
		default:
			p.open(model.ClauseRelative, t)
		}
		return
	case tFinite, tBase, tIng, tPart, tBe, tAdj, tHave, tDo, tPron:
		if next&(Subordinate|Conditional) != 0 || next&Preposition != 0 && p.before != tPron {
			p.open(model.ClauseThat, t)
			return
		}
		if next&(Determiner|name) != 0 && next&Preposition == 0 && top.verb && p.before != tPron && t+1 < p.last {
			p.open(model.ClauseThat, t) // "asked that the army leave": no determiner stands before another
			return
		}
		if top.clausal || p.finiteAhead(t+1) {
			if !(next&Noun != 0 && next&(name|NounPlural) == 0 && (!top.clausal || next&Adjective == 0 && !p.finiteAhead(t+1))) && t+1 < p.last {
				p.open(model.ClauseThat, t)
				return
			}
		}
	case tComma:
		if top.clausal && p.finiteAhead(t+1) {
			p.open(model.ClauseThat, t)
			return
		}
	case tCoord:
		for j := len(p.frames) - 1; j > 0; j-- {
			if f := p.frames[j]; f.kind == model.ClauseThat && f.marker >= 0 && p.finiteAhead(t+1) {
				at := p.coordAt
				p.popTo(j-1, at)
				p.open(model.ClauseThat, t)
				return
			}
		}
	}
	if next&(Noun|Adjective) != 0 && !verbNext || next&(VerbPast2|VerbIng) != 0 && p.class(t+2)&nominal != 0 && p.before == tPrep {
		p.noun(t, tDet, p.class(t))
	} else {
		p.noun(t, tPron, p.class(t))
	}
}

// timeAt reports whether a noun for a stretch of time stands at token t and no
// verb behind it.
func (p *parser) timeAt(t int32) bool {
	return t < p.last && p.class(t+1)&(Modal|Be|Have|Do|Verb) == 0 && p.stretch(t)
}

// relative takes in who, which, whom, whose, where.
func (p *parser) relative(t int32, c, next Class) {
	v := &p.r.v.words
	id := p.tokens[t].ID
	kind := model.ClauseRelative
	at := t
	switch {
	case id == v.when:
		p.open(model.ClauseAdverbial, t)
		return
	case p.before == tStart:
		if c&Determiner != 0 {
			p.noun(t, tPron, c)
		}
		return // a question
	case p.before == tPrep:
		if p.beforeAt >= p.runStart {
			if at = p.beforeAt; at-2 >= p.first && at > p.runStart && p.tokens[at].ID == v.of && p.r.text[p.tokens[at-2].Start] == ',' &&
				(p.class(at-1)&(Pronoun|Determiner|NumberWord) != 0 || p.tokens[at-1].Kind == model.Number) {
				at-- // ", some of whose members", ", neither of which"
			}
		}
	case p.before >= tFinite && p.before <= tPart || p.before == tAdj:
		kind = model.ClauseThat
	case p.before == tCoord:
		// who … and who …
		for j := len(p.frames) - 1; j > 0; j-- {
			if p.frames[j].kind == model.ClauseRelative {
				p.popTo(j-1, p.coordAt)
				break
			}
		}
	}
	p.flush()
	p.push(kind, t, at)
	p.reset()
	p.before, p.beforeAt = tMarker, t
	p.markerSubject = id == v.who || id == v.which
	if id == v.whose {
		p.before = tDet
	}
}

// to takes in "to": the infinitive's when a verb follows, else a preposition.
func (p *parser) to(t int32) {
	n := t + 1
	for n < p.last && n < t+3 && p.class(n)&(Adverb|Negator) != 0 && p.class(n)&VerbBase == 0 {
		n++
	}
	next := p.class(n)
	verb := next&VerbBase != 0 && next&(Be|Have|Do) == 0 || p.tokens[min(n, p.last-1)].ID == p.r.v.words.be || next&(Have|Do) != 0 && next&VerbBase != 0
	if verb && next&(nominal|Adjective) != 0 && next&nounish != 0 {
		// "due to work", "according to plan": nouns after some words; after most a verb.
		b := p.class(t - 1)
		after := p.class(n + 1)
		if p.before == tPrep || (t == p.first || b&dative != 0) && after&(Determiner|Pronoun|name) == 0 {
			verb = false
		}
	}
	if next&name != 0 {
		verb = false
	}
	if !verb {
		p.preposition(t)
		return
	}
	at := t
	if p.negator >= 0 && p.negator == t-1 {
		at = p.negator
	}
	neg := p.negator >= 0 && p.negator == t-1
	p.flush()
	if p.before == tCoord {
		// to stop … and to free …
		for j := len(p.frames) - 1; j > 0 && p.coordAt >= 0; j-- {
			if p.frames[j].kind == model.ClauseInfinitive {
				p.popTo(j-1, p.coordAt)
				at = p.coordAt
				break
			}
		}
	}
	at = max(at, p.runStart)
	p.push(model.ClauseInfinitive, t, at)
	p.reset()
	p.group = groupState{active: true, to: true, first: t, last: t, modal: -1, finite: -1, negated: neg}
	if neg {
		p.group.first = t - 1
	}
	p.before, p.beforeAt = tTo, t
}

// punctuation takes in commas, brackets, colons and stops.
func (p *parser) punctuation(t int32) {
	k := &p.tokens[t]
	switch c := p.r.text[k.Start]; c {
	case ',':
		p.comma(t)
	case '(', '[':
		p.flush()
		p.push(model.ClauseParenthesis, -1, t).close = ')'
		p.enter()
	case ')', ']':
		p.flush()
		for j := len(p.frames) - 1; j > 0; j-- {
			if p.frames[j].close == ')' {
				p.popTo(j, t+1)
				p.popTo(j-1, t+1)
				p.leave()
				break
			}
		}
	case ';', ':':
		p.flush()
		if c == ':' && p.top().clausal && p.top().verb {
			p.push(model.ClauseThat, -1, t+1)
			p.reset()
			return
		}
		p.coordAt = t
		p.commaSince = true
		p.before, p.beforeAt = tStart, t
		p.npStart = -1
	default:
		p.flush()
		p.commaSince = true
		p.before, p.beforeAt = tComma, t
		p.npStart = -1
	}
}

// enter and leave keep what stood before a bracket for what comes after it.
func (p *parser) enter() {
	p.saved.before, p.saved.beforeAt, p.saved.subject, p.saved.nounSince = p.before, p.beforeAt, p.subject, p.nounSince
	p.saved.name, p.saved.person, p.saved.plural, p.saved.npStart = p.nameBefore, p.personBefore, p.plural, p.npStart
	p.saved.comma, p.saved.coordAt, p.saved.lastVerb = p.commaSince, p.coordAt, p.lastVerb
	p.reset()
}

func (p *parser) leave() {
	p.before, p.beforeAt, p.subject, p.nounSince = p.saved.before, p.saved.beforeAt, p.saved.subject, p.saved.nounSince
	p.nameBefore, p.personBefore, p.plural, p.npStart = p.saved.name, p.saved.person, p.saved.plural, p.saved.npStart
	p.commaSince, p.coordAt, p.lastVerb = p.saved.comma, p.saved.coordAt, p.saved.lastVerb
}

// comma takes in a comma: it ends what was opened after another, and what
// opened the sentence.
func (p *parser) comma(t int32) {
	p.flush()
	top := p.top()
	low := p.enclosure()
	if len(p.frames)-1 > low && top.verb {
		switch top.kind {
		case model.ClauseMain: // inserted
			p.popTo(len(p.frames)-2, t+1)
			p.resume(t)
			return
		case model.ClauseRelative, model.ClauseParticiple, model.ClauseAdverbial, model.ClauseCondition, model.ClauseInfinitive, model.ClauseThat, model.ClauseCoordinate:
			if j := p.pendingAncestor(); j >= low {
				// "Hamas, which …, said": the clause that waits goes on.
				p.popTo(j, t+1)
				p.resume(t)
				return
			}
			if top.comma && (top.kind == model.ClauseRelative || top.kind == model.ClauseParticiple) {
				p.popTo(len(p.frames)-2, t+1)
			}
		}
	}
	p.commaSince = true
	p.before, p.beforeAt = tComma, t
	p.npStart = -1
	p.negator = -1
}

// resume goes on with a clause after another that was embedded in it.
func (p *parser) resume(t int32) {
	p.before, p.beforeAt = tComma, t
	p.commaSince, p.nounSince = true, false
	p.npStart, p.coordAt, p.negator = -1, -1, -1
	p.subject = p.top().clause >= 0
	p.coordinated = false
}

// dash takes in a dash: one of a pair that encloses, or one that sets off the
// end of the sentence.
func (p *parser) dash(t int32) {
	p.flush()
	for j := len(p.frames) - 1; j > 0; j-- {
		if p.frames[j].close == '-' {
			p.popTo(j, t+1)
			p.popTo(j-1, t+1)
			p.leave()
			return
		}
	}
	if !p.anyVerb() && p.paired(t) {
		// A dateline: GAZA CITY (Reuters) —
		p.reset()
		return
	}
	if t == p.first || t+1 == p.last {
		return
	}
	p.push(model.ClauseParenthesis, -1, t).close = '-'
	p.enter()
}

// paired reports whether an even number of dashes follows token t.
func (p *parser) paired(t int32) bool {
	even := true
	for _, c := range p.classes[t+1-p.first:] {
		if c>>roleShift == Class(roleDash) {
			even = !even
		}
	}
	return even
}

// anyVerb reports whether the sentence has shown a verb.
func (p *parser) anyVerb() bool { return p.lastVerb >= 0 }

// quoteMark takes in a quotation mark. A quotation that is more than a few
// words is a content clause after a reporting verb.
func (p *parser) quoteMark(t int32) {
	k := &p.tokens[t]
	if k.Has(model.Opening) {
		qs := p.l.Quotations
		for p.quotation < len(qs) && qs[p.quotation].First <= t {
			p.quotation++
		}
		whole := p.quotation < len(qs) && qs[p.quotation].First == t+1 && !qs[p.quotation].Scare
		if !whole {
			return
		}
		q := &qs[p.quotation]
		top := p.top()
		if top.verb && (top.clausal || p.wasMain()) && (p.before == tComma || p.before == tFinite || p.before == tStart) && q.Last-q.First > 4 {
			p.flush()
			p.push(model.ClauseThat, -1, t).close = '"'
			p.reset()
		}
		return
	}
	for j := len(p.frames) - 1; j > 0; j-- {
		if p.frames[j].close == '"' {
			p.flush()
			p.popTo(j, t+1)
			p.popTo(j-1, t+1)
			p.commaSince = true
			p.before, p.beforeAt = tComma, t
			p.npStart = -1
			return
		}
	}
}

// wasMain reports whether the current main clause reports what came before.
func (p *parser) wasMain() bool { return len(p.frames) == 1 && p.top().lastGroup >= 0 && p.commaSince }
