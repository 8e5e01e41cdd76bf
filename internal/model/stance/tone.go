package stance

import (
	"cmp"
	"math"
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// The features of tone. Words of the text outside mentions are observed by
// where they stand to the target; the figures are strengths in [0, 1] or
// counts on a log scale.
const (
	toneBias            Kind = iota
	toneReceivedAgainst      // summed strength of stances against the target
	toneReceivedFavor
	toneGivenAgainst // of stances that the target holds
	toneGivenFavor
	toneNarratedAgainst // received from the narrator or an unknown voice
	toneNarratedFavor
	toneSentencePos // strengths of the whole sentence
	toneSentenceNeg
	toneBeforePos // lexicon strength before and after the target
	toneBeforeNeg
	toneAfterPos
	toneAfterNeg
	toneNearPos // within four words
	toneNearNeg
	toneSubjectPos // in the predicate of which the target is the subject
	toneSubjectNeg
	toneSpeaker    // the target speaks
	toneQuoted     // the mention stands in a quotation
	toneReported   // in reported speech
	tonePossessive // "X's"
	toneSubject
	toneLong // length of the sentence, log scale
	toneNegated
	toneQuestion
	toneTargetAct // act of a stance towards the target
	toneHolderAct // act of a stance that it holds
	toneWordBefore
	toneWordAfter
	toneNear
	tonePrev
	toneNext
	toneNext2
	toneVerb // head of the verb group whose subject is the target
	toneObject
	toneGovernor  // what governs the target through a preposition: "criticism of X"
	tonePossessed // "X's failure"
	toneSpeechPos // lexicon strength in what the target says
	toneSpeechNeg
	toneClausePos
	toneClauseNeg
	toneOthers // other actors in the sentence, log scale
	numToneKinds
)

var toneTemplates = []template{
	toneBias: {"bias", argNone}, toneReceivedAgainst: {"received-against", argNone}, toneReceivedFavor: {"received-favor", argNone},
	toneGivenAgainst: {"given-against", argNone}, toneGivenFavor: {"given-favor", argNone},
	toneNarratedAgainst: {"narrated-against", argNone}, toneNarratedFavor: {"narrated-favor", argNone},
	toneSentencePos: {"sentence-positive", argNone}, toneSentenceNeg: {"sentence-negative", argNone},
	toneBeforePos: {"before-positive", argNone}, toneBeforeNeg: {"before-negative", argNone},
	toneAfterPos: {"after-positive", argNone}, toneAfterNeg: {"after-negative", argNone},
	toneNearPos: {"near-positive", argNone}, toneNearNeg: {"near-negative", argNone},
	toneSubjectPos: {"predicate-positive", argNone}, toneSubjectNeg: {"predicate-negative", argNone},
	toneSpeaker: {"speaks", argNone}, toneQuoted: {"quoted", argNone}, toneReported: {"reported", argNone},
	tonePossessive: {"possessive", argNone}, toneSubject: {"subject", argNone}, toneLong: {"length", argNone},
	toneNegated: {"negated", argNone}, toneQuestion: {"question", argNone},
	toneTargetAct: {"target-of", argAct}, toneHolderAct: {"holder-of", argAct},
	toneWordBefore: {"before", argWord}, toneWordAfter: {"after", argWord}, toneNear: {"near", argWord},
	tonePrev: {"previous", argWord}, toneNext: {"next", argWord}, toneNext2: {"second-next", argWord},
	toneVerb: {"verb", argWord}, toneObject: {"object-of", argWord},
	toneGovernor: {"governor", argWord}, tonePossessed: {"possessed", argWord},
	toneSpeechPos: {"says-positive", argNone}, toneSpeechNeg: {"says-negative", argNone},
	toneClausePos: {"clause-positive", argNone}, toneClauseNeg: {"clause-negative", argNone}, toneOthers: {"others", argNone},
}

// ToneModel is the learned model of tone. It is immutable.
type ToneModel struct{ *Linear }

// NewToneModel reads learned weights; a nil tsv gives a model that knows
// nothing, for fitting.
func NewToneModel(p *rules.Program, tsv []byte) (*ToneModel, error) {
	l, err := newLinear(newSpace(p, toneTemplates), tsv)
	if err != nil {
		return nil, err
	}
	return &ToneModel{l}, nil
}

// topFeatures is the most that a tone names.
const topFeatures = 3

// toneAll sums up, for each sentence and party mentioned in it, what the
// sentence expresses towards the party.
func (s *Stage) toneAll() {
	r := s.r
	s.names, s.namesSeen = make([]string, 0, topFeatures*len(r.Mentions)), 0 // the result keeps pieces of it
	mi := 0
	for si := range s.l.Sentences {
		first := len(r.Tones)
		for ; mi < len(r.Mentions) && int(r.Mentions[mi].Sentence) == si; mi++ {
			m := &r.Mentions[mi]
			if m.Kind != model.MentionParty || m.Party < 0 || !m.Actor() {
				continue
			}
			seen := false
			for i := first; i < len(r.Tones); i++ {
				if s.party(r.Tones[i].Mention) == m.Party {
					r.Tones[i].Mentions++
					seen = true
					break
				}
			}
			if !seen {
				r.Tones = append(r.Tones, model.Tone{Sentence: int32(si), Mention: int32(mi), Mentions: 1, Speaker: none})
			}
		}
		if first == len(r.Tones) {
			continue
		}
		s.polarities(int32(si))
		s.voicesIn(int32(si))
		for i := first; i < len(r.Tones); i++ {
			s.toneOf(&r.Tones[i])
		}
	}
}

// voicesIn notes the parties that speak in a sentence.
func (s *Stage) voicesIn(si int32) {
	s.speakers = s.speakers[:0]
	for i := range s.r.Quotes {
		if q := &s.r.Quotes[i]; q.Mention >= 0 && !q.Attitude && q.FirstSentence <= si && si < q.LastSentence {
			s.speakers = append(s.speakers, s.party(q.Mention))
		}
	}
}

// toneOf fills one tone.
func (s *Stage) toneOf(t *model.Tone) {
	r := s.r
	s.features = s.toneFeatures(t, s.features[:0])
	s.hits = s.tone.hits(s.features, s.hits[:0])
	t.P = softmax(s.tone.score(s.hits))
	t.Label = argmax(t.P)
	s.names = s.tone.top(s.hits, int(t.Label)+1, topFeatures, s.names)
	t.Features = s.names[len(s.names)-topOf(s.names, &s.namesSeen):]
	a := r.Attributions[t.Sentence]
	q := s.quoteAt[r.Mentions[t.Mention].First]
	t.Voice, t.Speaker = a.Voice, a.Speaker
	t.Reported = q >= 0
	t.InQuote = r.Mentions[t.Mention].InQuote
}

// topOf returns how many names were added since the call before.
func topOf(names []string, seen *int) int {
	n := len(names) - *seen
	*seen = len(names)
	return n
}

// polarities lays the lexicon's prior polarity over the words of a sentence,
// turned by negation just before.
func (s *Stage) polarities(si int32) {
	sent := &s.l.Sentences[si]
	s.polar = resize(s.polar, int(sent.Last-sent.First))
	clear(s.polar)
	s.topic = resize(s.topic, len(s.polar))
	fill(s.topic, none)
	negatedUntil := int32(-1)
	for t := sent.First; t < sent.Last; t++ {
		id := s.l.Tokens[t].ID
		if id == 0 || s.mentionAt[t] >= 0 && s.r.Mentions[s.mentionAt[t]].AliasKind != model.AliasPronoun {
			continue
		}
		if s.opAt[t] >= 0 && s.operator(t, rules.OpNegation) != nil && s.operator(t, rules.OpPseudo) == nil {
			negatedUntil = t + 4
		}
		if !s.p.LexiconPhrases.Starts(id) {
			continue
		}
		s.matches = s.p.LexiconPhrases.Match(s.l.Tokens[:sent.Last], int(t), s.matches[:0])
		if len(s.matches) == 0 {
			continue
		}
		m := s.matches[len(s.matches)-1]
		x := s.p.Lexicon[m.Value].Polarity
		if t <= negatedUntil {
			x *= -0.5
		}
		s.polar[t-sent.First] = x
		s.topic[t-sent.First] = s.tone.Space.topicOf[m.Value]
		t += m.Len - 1
	}
}

// toneFeatures observes one target in its sentence.
func (s *Stage) toneFeatures(t *model.Tone, out []Feature) []Feature {
	r := s.r
	sent := &s.l.Sentences[t.Sentence]
	party := s.party(t.Mention)
	add := func(k Kind, arg int32, v float32) { out = append(out, Feature{k, arg, v}) }
	add(toneBias, 0, 1)
	var rec, giv, nar [2]float32
	at, _ := slices.BinarySearchFunc(r.Stances, t.Sentence, func(st model.Stance, si int32) int { return cmp.Compare(st.Sentence, si) })
	for i := at; i < len(r.Stances) && r.Stances[i].Sentence == t.Sentence; i++ {
		st := &r.Stances[i]
		side := 0
		if st.Score > 0 {
			side = 1
		}
		x := max(st.Score, -st.Score)
		if r.Mentions[st.Target].Kind != model.MentionIssue && s.party(st.Target) == party {
			rec[side] += x
			if st.Holder < 0 {
				nar[side] += x
			}
			add(toneTargetAct, s.tone.Space.actIndex[st.Act], 1)
		}
		if st.Holder >= 0 && s.party(st.Holder) == party {
			giv[side] += x
			add(toneHolderAct, s.tone.Space.actIndex[st.Act], 1)
		}
	}
	strength := func(k Kind, x float32) {
		if x > 0 {
			add(k, 0, x)
		}
	}
	strength(toneReceivedAgainst, rec[0])
	strength(toneReceivedFavor, rec[1])
	strength(toneGivenAgainst, giv[0])
	strength(toneGivenFavor, giv[1])
	strength(toneNarratedAgainst, nar[0])
	strength(toneNarratedFavor, nar[1])
	strength(toneSentencePos, r.Sentiments[t.Sentence].Positive)
	strength(toneSentenceNeg, r.Sentiments[t.Sentence].Negative)

	m := &r.Mentions[t.Mention]
	first, last := m.First, m.Last
	if last < sent.Last && s.l.Tokens[last].Kind == model.Clitic {
		add(tonePossessive, 0, 1)
	}
	if m.InQuote {
		add(toneQuoted, 0, 1)
	}
	if q := s.quoteAt[first]; q >= 0 {
		add(toneReported, 0, 1)
	}
	if slices.Contains(s.speakers, party) {
		add(toneSpeaker, 0, 1)
	}
	if sent.Question {
		add(toneQuestion, 0, 1)
	}
	add(toneLong, 0, float32(math.Log1p(float64(sent.Last-sent.First))/4))

	// The verb groups whose subject or object the target is.
	predicate := region{-1, -1}
	for g := sent.FirstGroup; g < sent.LastGroup; g++ {
		grp := &s.l.Groups[g]
		if p := s.subject(g); p.Mention >= 0 && s.party(p.Mention) == party && p.Via == viaHead {
			k := toneVerb
			if grp.Passive {
				k = toneObject
			}
			add(k, s.l.Tokens[grp.Head].ID, 1)
			if predicate.First < 0 {
				predicate = region{grp.First, s.bound(grp.Last)}
				add(toneSubject, 0, 1)
				if grp.Negated {
					add(toneNegated, 0, 1)
				}
			}
		}
		if grp.Last < sent.Last && s.mentionAt[grp.Last] >= 0 && s.party(s.mentionAt[grp.Last]) == party && !grp.Passive {
			add(toneObject, s.l.Tokens[grp.Head].ID, 1)
		}
	}
	if g := s.governingWord(m, sent); g > 0 {
		add(toneGovernor, g, 1)
	}
	if p := s.possessedWord(m, sent); p > 0 {
		add(tonePossessed, p, 1)
	}
	others := 0
	for u := sent.First; u < sent.Last; u++ {
		mm := s.mentionAt[u]
		if mm < 0 {
			continue
		}
		if s.party(mm) != party && r.Mentions[mm].Actor() {
			others++
		}
		u = r.Mentions[mm].Last - 1
	}
	strength(toneOthers, float32(math.Log1p(float64(others))))
	home := s.origin(max(s.clauseAt[first], 0))
	var before, after, near, pred, speech, clause [2]float32
	for u := sent.First; u < sent.Last; u++ {
		tok := &s.l.Tokens[u]
		if x := s.polar[u-sent.First]; x != 0 {
			side := 0
			if x > 0 {
				side = 1
			} else {
				x = -x
			}
			switch {
			case s.saidBy(u, party):
				speech[side] += x
			case u < first:
				before[side] += x
			default:
				after[side] += x
			}
			if s.origin(max(s.clauseAt[u], 0)) == home {
				clause[side] += x
			}
			if u >= first-5 && u < last+5 {
				near[side] += x
			}
			if u >= predicate.First && u < predicate.Last {
				pred[side] += x
			}
		}
		id := tok.ID
		if id == 0 || tok.Kind != model.Word || !s.observes(id) {
			continue
		}
		if mm := s.mentionAt[u]; mm >= 0 && r.Mentions[mm].AliasKind != model.AliasPronoun {
			continue
		}
		switch {
		case u < first:
			add(toneWordBefore, id, 1)
			if u == first-1 {
				add(tonePrev, id, 1)
			}
			if u >= first-4 {
				add(toneNear, id, 1)
			}
		case u >= last:
			add(toneWordAfter, id, 1)
			if u == last {
				add(toneNext, id, 1)
			} else if u == last+1 {
				add(toneNext2, id, 1)
			}
			if u < last+4 {
				add(toneNear, id, 1)
			}
		}
	}
	for _, x := range []struct {
		k Kind
		v [2]float32
	}{{toneBeforeNeg, before}, {toneAfterNeg, after}, {toneNearNeg, near}, {toneSubjectNeg, pred}, {toneSpeechNeg, speech}, {toneClauseNeg, clause}} {
		pos := x.k - 1
		strength(x.k, squash(x.v[0]))
		strength(pos, squash(x.v[1]))
	}
	return out
}

// governingWord returns the vocabulary id of the word that governs a mention
// through a preposition: "criticism" in "criticism of X"; 0 without.
func (s *Stage) governingWord(m *model.Mention, sent *model.Sentence) int32 {
	t := m.First - 1
	if t > sent.First && s.class(t)&text.Determiner != 0 {
		t--
	}
	if t <= sent.First || s.class(t)&text.Preposition == 0 || s.mentionAt[t-1] >= 0 {
		return 0
	}
	return s.l.Tokens[t-1].ID
}

// possessedWord returns the vocabulary id of the noun that a mention
// possesses: "failure" in "X's first failure"; 0 without.
func (s *Stage) possessedWord(m *model.Mention, sent *model.Sentence) int32 {
	if m.Last >= sent.Last || s.l.Tokens[m.Last].Kind != model.Clitic {
		return 0
	}
	p := s.phraseStarting(m.Last+1, sent.Last)
	if !p.found() || s.mentionAt[p.Last-1] >= 0 {
		return 0
	}
	return s.l.Tokens[p.Last-1].ID
}

// saidBy reports whether token t stands in words of the party.
func (s *Stage) saidBy(t, party int32) bool {
	for q := s.quoteAt[t]; q >= 0; q = s.r.Quotes[q].Parent {
		if m := s.r.Quotes[q].Mention; m >= 0 && s.party(m) == party {
			return true
		}
	}
	return false
}

// squash dampens a sum of strengths.
func squash(x float32) float32 { return x / (1 + x/2) }

// observes reports whether any feature of a word has a weight; while fitting
// every word counts.
func (s *Stage) observes(id int32) bool { return s.all || s.tone.known[id] }

func softmax(x [classes]float64) [classes]float32 {
	m := max(x[0], x[1], x[2])
	sum := 0.0
	for i := range x {
		x[i] = math.Exp(x[i] - m)
		sum += x[i]
	}
	return [classes]float32{float32(x[0] / sum), float32(x[1] / sum), float32(x[2] / sum)}
}

// argmax returns -1, 0 or 1; ties go to neutral.
func argmax(p [classes]float32) int8 {
	switch {
	case p[0] > p[1] && p[0] > p[2]:
		return -1
	case p[2] > p[1] && p[2] > p[0]:
		return 1
	}
	return 0
}

// ToneFeatures returns the features of the i-th tone of the result that Run
// filled last, every word of the vocabulary included. It is for fitting; the
// slice is valid until the next call.
func (s *Stage) ToneFeatures(i int) []Feature {
	t := &s.r.Tones[i]
	s.all = true
	s.polarities(t.Sentence)
	s.voicesIn(t.Sentence)
	s.features = s.toneFeatures(t, s.features[:0])
	s.all = false
	return s.features
}
