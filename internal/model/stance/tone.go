package stance

import (
	"math"
	"slices"
	"sort"

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

// near is how many tokens away from a target a word is near it.
const near = 4

// toneAll sums up, for each sentence and party mentioned in it, what the
// sentence expresses towards the party.
func (s *Stage) toneAll() {
	r := s.r
	s.reaching = 0
	s.alignActs(r.Stances)
	for mi := 0; mi < len(r.Mentions); {
		si := r.Mentions[mi].Sentence
		first, from := len(r.Tones), mi
		for ; mi < len(r.Mentions) && r.Mentions[mi].Sentence == si; mi++ {
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
				s.addTone(model.Tone{Sentence: si, Mention: int32(mi), Mentions: 1, Speaker: none})
			}
		}
		if first == len(r.Tones) {
			continue
		}
		s.surveyTone(si, from)
		for i := first; i < len(r.Tones); i++ {
			s.toneOf(&r.Tones[i])
		}
	}
}

// addTone appends a tone. It names its features where an earlier one of the
// result did, so that a worker allocates for the first articles alone.
func (s *Stage) addTone(t model.Tone) {
	n := len(s.r.Tones)
	if n < cap(s.r.Tones) {
		t.Features = s.r.Tones[:n+1][n].Features[:0]
	}
	s.r.Tones = append(s.r.Tones, t)
}

// voicesIn notes the parties that speak in a sentence. Quotes are ordered, and
// so are the sentences that are asked for.
func (s *Stage) voicesIn(si int32) {
	v := &s.survey
	v.speakers = v.speakers[:0]
	quotes := s.r.Quotes
	for s.reaching < len(quotes) && quotes[s.reaching].LastSentence <= si {
		s.reaching++
	}
	for i := s.reaching; i < len(quotes) && quotes[i].FirstSentence <= si; i++ {
		if q := &quotes[i]; q.Mention >= 0 && !q.Attitude && si < q.LastSentence {
			v.speakers = append(v.speakers, s.party(q.Mention))
		}
	}
}

// toneOf fills one tone.
func (s *Stage) toneOf(t *model.Tone) {
	r := s.r
	s.toneFeatures(t)
	t.P = softmax(s.seen.score())
	t.Label = argmax(t.P)
	t.Features = s.seen.top(int(t.Label)+1, t.Features)
	a := r.Attributions[t.Sentence]
	q := s.quoteAt[r.Mentions[t.Mention].First]
	t.Voice, t.Speaker = a.Voice, a.Speaker
	t.Reported = q >= 0
	t.InQuote = r.Mentions[t.Mention].InQuote
}

// survey is what is found in a sentence whoever the target is.
type survey struct {
	entries []entryAt
	words   []wordAt // outside of names, that the model minds
	actors  []int32  // mentions, by position

	// For the model of tone alone.
	verbs       []verbAt
	first, last int     // range of Result.Stances
	speakers    []int32 // parties that speak

	mentioned        int32   // first token of a name
	learned, lexical []int32 // tokens that may be words and entries, or negate these
}

// wordAt is a word in a sentence and what a model knows of it.
type wordAt struct {
	tok, id int32
	rows    wordRows
}

// entryAt is an entry of the lexicon in a sentence.
type entryAt struct {
	lexeme
	tok    int32
	clause int32 // the first piece of the clause around it
}

// verbAt is a verb group in a sentence.
type verbAt struct {
	group           int32
	subject, object int32 // parties; none for others
}

// look surveys a sentence for a model, given the first of the mentions in it.
func (s *Stage) look(si int32, mi int, learned *Linear) {
	sent := &s.l.Sentences[si]
	v := &s.survey
	v.actors, v.mentioned = v.actors[:0], sent.Last
	s.seen.model = learned
	all := learned != s.tone.Linear || s.seen.fitting // what the model of tone knows is among what words can do
	n := int(sent.Last - sent.First)
	v.learned, v.lexical = slices.Grow(v.learned[:0], n), slices.Grow(v.lexical[:0], n)
	mentions := s.r.Mentions
	for t := sent.First; t < sent.Last; {
		name, after := sent.Last, sent.Last
		for ; mi < len(mentions) && mentions[mi].Sentence == si; mi++ {
			m := &mentions[mi]
			if m.Kind == model.MentionIssue || m.First < t {
				continue
			}
			v.mentioned = min(v.mentioned, m.First)
			if m.Actor() {
				v.actors = append(v.actors, int32(mi))
			}
			if m.AliasKind != model.AliasPronoun {
				name, after = m.First, m.Last
				mi++
				break
			}
		}
		v.pick(s.canAt[t:name], t, all)
		t = after
	}
	toks := s.l.Tokens[:sent.Last]
	words := resize(v.words, len(v.learned))
	n = 0
	for _, t := range v.learned {
		tok := &toks[t]
		if all && (tok.Kind != model.Word || tok.ID == 0) {
			continue
		}
		w := &words[n]
		w.tok, w.id, w.rows = t, tok.ID, learned.words[tok.ID]
		n++
	}
	v.words = words[:n]
	s.lexicon(toks)
}

// pick writes down which of some tokens are of use: for a model, which all may
// be, and for the lexicon. Which are cannot be foreseen, so that it goes
// without a branch.
func (v *survey) pick(can []does, first int32, all bool) {
	mask := does(0)
	if all {
		mask = inTone
	}
	n, m := len(v.learned), len(v.lexical)
	learned, lexical := v.learned[:cap(v.learned)], v.lexical[:cap(v.lexical)]
	for i, c := range can {
		learned[n], lexical[m] = first+int32(i), first+int32(i)
		n += int((uint32((c|mask)&inTone) + math.MaxInt32) >> 31)
		m += int((uint32(c&(operators|entries)) + math.MaxInt32) >> 31)
	}
	v.learned, v.lexical = learned[:n], lexical[:m]
}

// lexicon surveys the entries of the lexicon. The polarity of one is turned by
// negation just before it.
func (s *Stage) lexicon(toks []model.Token) {
	v := &s.survey
	v.entries = v.entries[:0]
	var negatedUntil, afterEntry int32 = -1, 0
	for _, t := range v.lexical {
		if t < afterEntry {
			continue
		}
		can := s.canAt[t]
		if kinds := s.kindsAt[t]; kinds>>rules.OpNegation&1 != 0 && kinds>>rules.OpPseudo&1 == 0 {
			negatedUntil = t + 4
		}
		if can&narrowed == 0 {
			can = s.narrow(can, toks, t)
		}
		if can&entries == 0 {
			continue
		}
		lexeme := s.alone[s.known[toks[t].ID].alone].lexeme
		x, n := s.lexemes[lexeme], int32(1)
		if can&startsEntry != 0 || lexeme == 0 {
			s.matches = s.p.LexiconPhrases.Match(toks, int(t), s.matches[:0])
			if len(s.matches) == 0 {
				continue
			}
			x, n = s.lexemeOf(s.matches), s.matches[len(s.matches)-1].Len
		}
		afterEntry = t + n
		if t <= negatedUntil {
			x.polarity *= -0.5
		}
		if x.polarity != 0 {
			v.entries = append(v.entries, entryAt{x, t, s.origin(max(s.clauseAt[t], 0))})
		}
	}
}

// entriesIn returns the entries of the lexicon in some tokens of a sentence.
// They are scratch.
func (s *Stage) entriesIn(r region) []entryAt {
	v := &s.survey
	n := int(r.Last - r.First)
	v.learned, v.lexical = slices.Grow(v.learned[:0], n), slices.Grow(v.lexical[:0], n)
	v.pick(s.canAt[r.First:r.Last], r.First, false)
	s.lexicon(s.l.Tokens[:r.Last])
	return v.entries
}

// surveyTone surveys a sentence for the model of tone, given the first of the
// mentions in it.
func (s *Stage) surveyTone(si int32, mi int) {
	s.look(si, mi, s.tone.Linear)
	v, sent := &s.survey, &s.l.Sentences[si]
	v.first, v.last = s.stancesIn(si)
	s.voicesIn(si)
	v.verbs = v.verbs[:0]
	for g := sent.FirstGroup; g < sent.LastGroup; g++ {
		grp := &s.l.Groups[g]
		verb := verbAt{g, none, none}
		// Whoever is its subject stands before a verb, but for some infinitives.
		if grp.First > v.mentioned || grp.Form == model.VerbInfinitive {
			if p := s.subject(g); p.Via == viaHead {
				verb.subject = s.party(p.Mention)
			}
		}
		if grp.Last < sent.Last && !grp.Passive {
			verb.object = s.party(s.mentionAt[grp.Last])
		}
		if verb.subject >= 0 || verb.object >= 0 {
			v.verbs = append(v.verbs, verb)
		}
	}
}

// firstMention returns where the mentions of a sentence begin.
func (s *Stage) firstMention(si int32) int {
	return sort.Search(len(s.r.Mentions), func(i int) bool { return s.r.Mentions[i].Sentence >= si })
}

// stancesIn returns the stances of a sentence as a range of Result.Stances.
func (s *Stage) stancesIn(si int32) (first, last int) {
	lo, hi := 0, len(s.r.Stances)
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); s.r.Stances[m].Sentence < si {
			lo = m + 1
		} else {
			hi = m
		}
	}
	for hi < len(s.r.Stances) && s.r.Stances[hi].Sentence == si {
		hi++
	}
	return lo, hi
}

// toneFeatures observes one target in its sentence, which was surveyed.
func (s *Stage) toneFeatures(t *model.Tone) {
	r, v := s.r, &s.survey
	see := &s.seen
	see.reset(s.tone.Linear)
	sent := &s.l.Sentences[t.Sentence]
	party := s.party(t.Mention)
	see.strength(toneBias, 1)
	if v.first < v.last {
		s.stanceFeatures(party)
	}
	see.strength(toneSentencePos, r.Sentiments[t.Sentence].Positive)
	see.strength(toneSentenceNeg, r.Sentiments[t.Sentence].Negative)

	m := &r.Mentions[t.Mention]
	first, last := m.First, m.Last
	if last < sent.Last && s.l.Tokens[last].Kind == model.Clitic {
		see.strength(tonePossessive, 1)
	}
	if m.InQuote {
		see.strength(toneQuoted, 1)
	}
	if q := s.quoteAt[first]; q >= 0 {
		see.strength(toneReported, 1)
	}
	if slices.Contains(v.speakers, party) {
		see.strength(toneSpeaker, 1)
	}
	if sent.Question {
		see.strength(toneQuestion, 1)
	}
	see.strength(toneLong, log1p(sent.Last-sent.First)/4)

	// The verb groups whose subject or object the target is.
	predicate := region{-1, -1}
	for i := range v.verbs {
		verb := &v.verbs[i]
		grp := &s.l.Groups[verb.group]
		head := s.l.Tokens[grp.Head].ID
		if verb.subject == party {
			k := toneVerb
			if grp.Passive {
				k = toneObject
			}
			see.add(k, head, 1)
			if predicate.First < 0 {
				predicate = region{grp.First, s.bound(grp.Last)}
				see.strength(toneSubject, 1)
				if grp.Negated {
					see.strength(toneNegated, 1)
				}
			}
		}
		if verb.object == party {
			see.add(toneObject, head, 1)
		}
	}
	if g := s.governingWord(m, sent); g > 0 {
		see.add(toneGovernor, g, 1)
	}
	if p := s.possessedWord(m, sent); p > 0 {
		see.add(tonePossessed, p, 1)
	}
	others := int32(0)
	for _, mm := range v.actors {
		if s.party(mm) != party {
			others++
		}
	}
	see.strength(toneOthers, log1p(others))
	s.wordFeatures(first, last)
	s.entryFeatures(first, last, party, predicate)
}

// stanceFeatures observes the stances of the sentence that a party holds or
// receives.
func (s *Stage) stanceFeatures(party int32) {
	var sums [toneNarratedFavor - toneReceivedAgainst + 1]float32
	for i := s.survey.first; i < s.survey.last; i++ {
		st := &s.r.Stances[i]
		side := Kind(0)
		if st.Score > 0 {
			side = 1
		}
		x := max(st.Score, -st.Score)
		if s.r.Mentions[st.Target].Kind != model.MentionIssue && s.party(st.Target) == party {
			sums[side] += x
			if st.Holder < 0 {
				sums[toneNarratedAgainst-toneReceivedAgainst+side] += x
			}
			s.seen.add(toneTargetAct, s.actOf[i], 1)
		}
		if st.Holder >= 0 && s.party(st.Holder) == party {
			sums[toneGivenAgainst-toneReceivedAgainst+side] += x
			s.seen.add(toneHolderAct, s.actOf[i], 1)
		}
	}
	for k, x := range sums {
		s.seen.strength(toneReceivedAgainst+Kind(k), x)
	}
}

// wordFeatures observes the words of the sentence around a target.
func (s *Stage) wordFeatures(first, last int32) {
	words, see := s.survey.words, &s.seen
	left := 0 // words before the target
	for left < len(words) && words[left].tok < first {
		left++
	}
	far := left // before those near it
	for far > 0 && words[far-1].tok >= first-near {
		far--
	}
	right := left
	for right < len(words) && words[right].tok < last {
		right++
	}
	end := right // of the words near it
	for end < len(words) && words[end].tok < last+near {
		end++
	}
	see.early = len(see.hits)
	see.words(toneWordBefore, words[:far])
	see.near(toneWordBefore, words[far:left], first, last)
	see.near(toneWordAfter, words[right:end], first, last)
	see.words(toneWordAfter, words[end:])
}

// Places of entries of the lexicon as seen from a target, twice: negative ones
// are counted there and positive ones behind.
const (
	entryBefore = 2 * iota
	entryAfter
	entryBeside
	entryPredicate
	entrySaid
	entryClause
	entryPlaces
)

// entryKinds are the features of their sums.
var entryKinds = [entryPlaces]Kind{
	entryBefore: toneBeforeNeg, toneBeforePos, entryAfter: toneAfterNeg, toneAfterPos, entryBeside: toneNearNeg, toneNearPos,
	entryPredicate: toneSubjectNeg, toneSubjectPos, entrySaid: toneSpeechNeg, toneSpeechPos, entryClause: toneClauseNeg, toneClausePos,
}

// entryFeatures observes the entries of the lexicon in the sentence by where
// they stand to a target.
func (s *Stage) entryFeatures(first, last, party int32, predicate region) {
	entries := s.survey.entries
	if len(entries) == 0 {
		return
	}
	home := s.origin(max(s.clauseAt[first], 0))
	clause, beside := region{home, home + 1}, region{first - near - 1, last + near + 1}
	var sums [entryPlaces]float32
	for i := range entries {
		e := &entries[i]
		x := math.Float32bits(e.polarity)
		side := int(x>>31 ^ 1)
		x &^= 1 << 31
		at := entryAfter &^ int((e.tok-first)>>31)
		if s.saidBy(e.tok, party) {
			at = entrySaid
		}
		sums[at+side] += math.Float32frombits(x)
		sums[entryClause+side] += within(clause, e.clause, x)
		sums[entryBeside+side] += within(beside, e.tok, x)
		sums[entryPredicate+side] += within(predicate, e.tok, x)
	}
	for i, x := range sums {
		if x > 0 {
			s.seen.strength(entryKinds[i], squash(x))
		}
	}
}

// within returns the number of the bits x where t lies in r, else 0. It is hard
// to foretell, so it goes without a branch.
func within(r region, t int32, x uint32) float32 {
	return math.Float32frombits(x &^ uint32(((t-r.First)|(r.Last-1-t))>>31))
}

// log1p returns log(1 + n), the scale of counts.
func log1p(n int32) float32 {
	if int(n) < len(logs) {
		return logs[n]
	}
	return float32(math.Log1p(float64(n)))
}

var logs = func() (t [128]float32) {
	for n := range t {
		t[n] = float32(math.Log1p(float64(n)))
	}
	return t
}()

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

func softmax(x [classes]float64) [classes]float32 {
	m := max(x[0], x[1], x[2])
	sum := 0.0
	for i := range x {
		if x[i] == m {
			x[i] = 1
		} else {
			x[i] = math.Exp(x[i] - m)
		}
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
	s.seen.fitting, s.reaching = true, 0
	s.surveyTone(t.Sentence, s.firstMention(t.Sentence))
	s.toneFeatures(t)
	s.seen.fitting = false
	return s.seen.features
}
