package text

import "stance/internal/model"

// auxiliary takes in a form of be, have or do, or a modal.
func (p *parser) auxiliary(t int32, c Class) {
	negated := c&Negator != 0
	g := &p.group
	switch {
	case p.nounBefore() && c&(Modal|Do) != 0 && c&nominal != 0 && !negated:
		p.noun(t, tNoun, c) // the will, the might
		return
	case c&(VerbIng|VerbPast2|VerbBase) != 0 && c&(VerbS|VerbPast|Modal|Negator) == 0 &&
		!(c&VerbBase != 0 && c&(Have|Do) != 0 && !g.active && !(p.before == tCoord && p.parallel == tBase)):
		// being, having, doing, been, done, be, have, do: never finite here
		p.nonFiniteAuxiliary(t, c)
		return
	case g.active && c&VerbPast2 != 0 && c&Have != 0 && g.have: // have had
		g.last = t
		p.before, p.beforeAt = tHave, t
		return
	}
	if g.active {
		p.flush()
	}
	from := t
	neg := false
	if p.negator >= 0 {
		from, neg = p.negator, true
	}
	inverts := p.before == tStart || p.before == tCoord && p.coordAt >= 0 && p.tokens[p.coordAt].ID == p.r.v.words.nor || p.before == tComma && p.negator >= 0
	if p.before == tPron && p.class(p.beforeAt)&Question != 0 {
		inverts = true
	}
	p.finite(t, from, c)
	p.group = groupState{active: true, first: from, last: t, modal: -1, finite: t, negated: negated || neg, inverted: inverts}
	g = &p.group
	p.negator = -1
	switch {
	case c&Modal != 0:
		g.modal = t
		p.before = tModal
	case c&Be != 0:
		g.be = true
		p.before = tBe
	case c&Have != 0:
		g.have = true
		p.before = tHave
	default:
		g.do = true
		p.before = tDo
	}
	p.beforeAt = t
	p.verbSeen(t, 0)
	p.parallel, p.parallelBase, p.parallelS = tFinite, false, c&VerbS != 0
	p.mainPast = p.mainPast || c&VerbPast != 0
	p.top().clausal = false
	p.helps = c&Have != 0
}

// nonFiniteAuxiliary takes in be, been, being, have, having, do, doing, done.
func (p *parser) nonFiniteAuxiliary(t int32, c Class) {
	g := &p.group
	if !g.active {
		if c&VerbIng != 0 {
			p.opensParticiple(t)
		} else if p.before == tCoord && p.parallel == tBase {
			p.joinVerb(t)
		}
		*g = groupState{active: true, first: t, last: t, modal: -1, finite: -1, gerund: c&VerbIng != 0}
		if p.negator >= 0 {
			g.first, g.negated = p.negator, true
			p.negator = -1
		}
	}
	g.last = t
	p.before, p.beforeAt = tBe, t
	switch {
	case c&Be != 0:
		g.be = true
	case c&Have != 0:
		if g.have || g.be {
			g.last = t
		}
		g.have = true
		p.before = tHave
	default:
		if c&VerbPast2 != 0 || c&VerbIng != 0 || g.to || g.modal >= 0 || g.do {
			// done, doing, to do: the main verb itself
			p.head(t, tBase, c)
			return
		}
		g.do = true
		p.before = tDo
	}
}

// verbal takes in a word that was decided to be tag g.
func (p *parser) verbal(t int32, g tag, c Class) {
	switch g {
	case tFinite:
		if p.group.active {
			p.flush()
		}
		from := t
		if p.negator >= 0 {
			from = p.negator
		}
		p.finite(t, from, c)
		p.head(t, g, c)
	case tBase:
		if p.group.active && (p.group.modal >= 0 || p.group.do || p.group.to) {
			p.head(t, g, c)
			return
		}
		p.flush()
		if p.before == tCoord || p.before == tComma && p.coordAt < 0 {
			p.joinVerb(t)
		} else if p.before == tStart && !p.top().verb {
			p.top().verb = true
		}
		p.head(t, g, c)
	case tIng:
		if p.group.active && p.group.be {
			p.head(t, g, c)
			return
		}
		p.flush()
		p.opensParticiple(t)
		p.head(t, g, c)
	case tPart:
		if p.group.active && (p.group.be || p.group.have) {
			p.head(t, g, c)
			return
		}
		if n := len(p.l.Groups); n > 0 && p.before >= tFinite && p.before <= tPart && p.r.v.classes[p.tokens[p.l.Groups[n-1].Head].ID]&getting != 0 && p.l.Groups[n-1].Last == t {
			last := &p.l.Groups[n-1] // got accused
			last.Head, last.Last, last.Passive = t, t+1, true
			p.verbSeen(t, c)
			p.before, p.beforeAt = tPart, t
			return
		}
		p.flush()
		p.opensParticiple(t)
		p.head(t, g, c)
	case tTo, tPrep:
		p.flush()
		p.before, p.beforeAt = g, t
	default:
		p.noun(t, g, c)
	}
}

// joinVerb opens a clause for a base form that is coordinated with the verb
// of an infinitive or of a modal: "to stop the war and free the hostages".
func (p *parser) joinVerb(t int32) {
	at := t
	if p.coordAt >= 0 && p.before == tCoord {
		at = p.coordAt
	}
	j := len(p.frames) - 1
	for low := p.enclosure(); j > low; j-- {
		f := &p.frames[j]
		if f.kind == model.ClauseInfinitive && f.verb {
			break
		}
		if f.lastGroup >= 0 && p.l.Groups[f.lastGroup].Modal >= 0 {
			break
		}
	}
	from := p.frames[j].lastGroup
	p.popTo(j, at)
	marker := int32(-1)
	if at == p.coordAt {
		marker = at
	}
	f := p.push(model.ClauseCoordinate, marker, at)
	f.verb = true
	if from >= 0 {
		g := p.l.Groups[from]
		p.group = groupState{active: true, first: t, last: t, modal: g.Modal, finite: -1, to: g.Form == model.VerbInfinitive}
	}
}

// opensParticiple decides whether the participle at t opens a clause of its
// own, or is coordinated with another, and opens it.
func (p *parser) opensParticiple(t int32) {
	low := p.enclosure()
	from := t
	if p.negator >= 0 {
		from = p.negator
	}
	switch p.before {
	case tComma, tNoun, tNum, tPron, tAdj:
		if p.before == tComma {
			j := len(p.frames) - 1
			for j > low && (p.frames[j].kind == model.ClauseInfinitive || p.frames[j].kind == model.ClauseParticiple || p.frames[j].kind == model.ClauseThat && p.frames[j].marker < 0) && p.frames[j].verb {
				j--
			}
			p.popTo(j, from)
		}
	case tStart:
		if p.top().verb {
			return
		}
	case tCoord:
		for j := len(p.frames) - 1; j > low; j-- {
			if p.frames[j].kind == model.ClauseParticiple {
				at := p.coordAt
				p.popTo(j, at)
				p.push(model.ClauseCoordinate, at, at).verb = true
				return
			}
		}
		if p.coordAt < p.runStart || p.parallel == tIng {
			return // of stalling the talks and blaming others
		}
		p.push(model.ClauseCoordinate, p.coordAt, p.coordAt).verb = true
		return
	case tMarker:
		p.top().verb = true
		return
	default:
		return // of stalling, stop attacking
	}
	f := p.push(model.ClauseParticiple, -1, max(from, p.runStart))
	f.verb = true
	p.subject, p.npStart, p.coordAt = false, -1, -1
}

// verbSeen notes that a verb stands at t.
func (p *parser) verbSeen(t int32, c Class) {
	p.lastVerb = t
	p.nounSince, p.commaSince, p.coordinated, p.plural = false, false, false, false
	p.npStart, p.coordAt = -1, -1
	p.top().clausal, p.top().np = c&Clausal != 0, -1
	p.markerSubject = false
}

// head ends a verb group with its main verb at t.
func (p *parser) head(t int32, g tag, c Class) {
	s := p.group
	p.group = groupState{}
	v := model.VerbGroup{First: t, Last: t + 1, Head: t, Modal: -1}
	if s.active {
		v.First, v.Modal, v.Negated = s.first, s.modal, s.negated
		v.Perfect = s.have && (g == tPart || s.be)
		v.Progressive = s.be && g == tIng
		v.Passive = s.be && g == tPart
		switch {
		case s.to:
			v.Form = model.VerbInfinitive
		case s.gerund:
			v.Form = model.VerbGerund
		case s.finite < 0 && s.modal < 0:
			v.Form = model.VerbInfinitive
		}
	} else {
		if p.negator >= 0 {
			v.First, v.Negated = p.negator, true
		}
		switch g {
		case tBase:
			v.Form = model.VerbInfinitive
			if p.before == tStart && !p.subject && p.top().kind == model.ClauseMain {
				v.Form = model.VerbImperative
			}
		case tIng:
			v.Form = model.VerbGerund
		case tPart:
			v.Form = model.VerbParticiple
			v.Passive = p.isBy(t + 1)
			if n := len(p.l.Groups); p.before == tCoord && n > 0 && p.l.Groups[n-1].First >= p.first && p.l.Groups[n-1].Form == model.VerbFinite {
				if last := p.l.Groups[n-1]; last.Passive || last.Perfect { // was arrested and charged
					v.Form, v.Passive, v.Perfect, v.Modal = model.VerbFinite, last.Passive, last.Perfect, last.Modal
				}
			}
		}
	}
	p.negator = -1
	p.top().lastGroup = int32(len(p.l.Groups))
	p.top().verb = true
	p.l.Groups = append(p.l.Groups, v)
	p.verbSeen(t, c)
	p.parallel, p.parallelBase, p.parallelS = g, g == tFinite && c&(VerbPast|VerbS) == 0, c&VerbS != 0 && g == tFinite
	p.mainPast = p.mainPast || g == tFinite && c&VerbPast != 0
	if v.Passive && g == tPart {
		p.parallel = tPart
	}
	if s.active && s.modal >= 0 {
		p.parallel = tBase
	}
	p.helps = c&causative != 0
	p.before, p.beforeAt = g, t
}

// flush ends a group that met no main verb.
func (p *parser) flush() {
	if p.group.active {
		p.endGroup()
	}
}

// endGroup makes the last auxiliary of a group its verb.
func (p *parser) endGroup() {
	s := p.group
	p.group = groupState{}
	if s.to && s.last == s.first+btoi(s.negated) && !s.be && !s.have {
		return // "to" alone
	}
	v := model.VerbGroup{First: s.first, Last: s.last + 1, Head: s.last, Modal: s.modal, Negated: s.negated, Perfect: s.have && s.be}
	if s.to {
		v.Form = model.VerbInfinitive
	} else if s.gerund {
		v.Form = model.VerbGerund
	}
	p.top().lastGroup = int32(len(p.l.Groups))
	p.top().verb = true
	p.l.Groups = append(p.l.Groups, v)
}

func btoi(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// clitic takes in 's, 're, 've, 'll, 'd, 'm and the possessive apostrophe.
func (p *parser) clitic(t int32) {
	s := p.tokens[t].In(p.r.text)
	letter := s[len(s)-1] | 0x20
	if len(s) < 2 || s[0] >= 0x80 && len(s) < 4 {
		letter = 0
	}
	next := p.class(t + 1)
	if next&Adverb != 0 && next&Determiner == 0 {
		next = p.class(t + 2)
	}
	prev := p.class(t - 1)
	switch letter {
	case 'e', 'l', 'm': // 're, 've, 'll, 'm
		p.auxiliary(t, p.class(t))
		return
	case 'd':
		if next&VerbPast2 != 0 && next&VerbBase == 0 {
			p.auxiliary(t, Have|VerbPast)
		} else {
			p.auxiliary(t, Modal)
		}
		return
	case 's':
		pronoun := prev&(Pronoun|Question|That) != 0 && prev&Noun == 0
		switch {
		case pronoun && next&VerbPast2 != 0 && next&VerbBase == 0 && next&(VerbPast|Be) != VerbPast && next&Be != 0:
			p.auxiliary(t, Have|VerbS)
			return
		case pronoun, next&(VerbIng) != 0 && next&(nominal|Adjective) == 0, p.isArticle(t + 1), p.tokens[min(t+1, p.last-1)].ID == p.r.v.words.not:
			p.auxiliary(t, Be|VerbS)
			return
		}
	}
	p.before, p.beforeAt = tDet, t
}

// isArticle reports whether token t is a, an or the.
func (p *parser) isArticle(t int32) bool {
	id := p.tokens[min(t, p.last-1)].ID
	v := &p.r.v.words
	return t < p.last && (id == v.a || id == v.an || id == v.the)
}
