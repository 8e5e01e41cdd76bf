package stance

import (
	"strings"

	"stance/internal/model/text"
)

// complement is a set of the shapes that what is attributed can take after a
// cue.
type complement uint16

const (
	takesInfinitive       complement = 1 << iota // "hopes to win", "declined to say"
	takesClause                                  // "the claim that"; for verbs, reporting verbs of the packs
	takesObject                                  // "criticised the plan"
	takesObjectInfinitive                        // "urged the council to vote"
	takesAbout                                   // "complained about the fee"
	takesFor                                     // "called for a vote"
	takesOn                                      // "called on the mayor to resign"
	takesTo                                      // "objected to the plan"
	takesOf                                      // "warned of delays"
	takesAgainst                                 // "voted against the plan"
	takesWith                                    // "agreed with the ruling"
	takesAs                                      // "is seen as a threat": passive only
	takesSeeming                                 // "seemed to agree": nobody's words in particular
	invertible                                   // "…, said X": the source may follow the verb
	fronted                                      // "…, X told the court": what is said may come first
	bluntClause                                  // whatever follows is what is said: say, think
)

// complements lists the verbs whose complement is somebody's words, thought or
// will, by the shape of the complement. Clauses with and without "that" follow
// the reporting verbs of the packs.
var complements = []struct {
	takes complement
	verbs string
}{
	{takesInfinitive, `want hope plan seek vow promise pledge threaten agree decide offer decline refuse intend aim expect attempt vote claim prefer love like hate wish
		opt volunteer strive hesitate propose swear determine yearn long desire demand ask aspire dare resolve undertake consent plead beg 		look fear`},
	{takesSeeming, `seem appear`},
	{takesObject, `call describe criticize criticise endorse support accuse cite announce defend offer oppose attack praise back tweet mention blame express blast denounce report consider
		want recall seek slam explain question mock discuss declare portray dismiss highlight tout reject thank propose claim compare reveal promote remind urge accept deny view
		favor favour acknowledge prefer promise decry quote reference echo condemn order remember voice underscore confirm recognize recognise applaud emphasize emphasise pledge
		encourage answer assail predict stress invoke demand chide deem credit disclose retweet congratulate disavow recite lament reiterate outline rebuke detail hail
		articulate recount welcome dispute rebut characterize characterise bemoan downplay deride liken protest label hammer insult savage bash herald attribute reaffirm contradict
		fear repudiate dislike pronounce lambast lambaste regard concede extol extoll admire trash refute request envision envisage renounce proclaim counter disparage affirm
		recommend laud reprimand censure berate scold ridicule belittle scorn lampoon lash excoriate skewer rip scoff deplore castigate admonish blame vilify demonize demonise
		disown rebuff advocate champion press project estimate forecast foresee suggest show note stipulate admit tell ask warn assert complain
		justify interpret depict depicts paint cast brand dub label title address explain admire appreciate doubt suspect resent relish abhor loathe detest crave
		consider contemplate reconsider weigh shun spurn snub forswear foreswear boycott veto post release signal indicate
		share list name identify challenge present imagine remark illustrate value mistrust
		distrust fault commend salute cheer honor honour curse heckle boo jeer taunt tease assure reassure inform caution notify 		implore beseech entreat exhort press lobby pressure nominate appoint recommend approve target decide add persuade justify push hint`},
	{takesObjectInfinitive, `urge ask want expect encourage order call persuade request challenge warn press implore beg advise invite push require pressure instruct exhort
		tell command direct counsel entreat coax admonish caution enjoin dare forbid authorize authorise implore like prefer need consider declare find believe`},
	{takesAbout, `talk speak worry boast complain write car joke brag muse speculate gush say think know care tweet lie warn fret rave rant gripe grumble whine wonder testify hear
		lecture inquire enquire learn argue moan crow preach opine pontificate ruminate quip kid concern excite tell fantasize reminisce dream bicker feel report`},
	{takesFor, `call vote ask push hope argue vouch apologize apologise advocate campaign cheer press lobby beg plead pray stump long wish yearn clamor clamour petition agitate look plump 		strive bargain praise`},
	{takesOn, `call comment focus insist agree reflect touch dwell elaborate expand report tweet warn disagree opine write weigh speculate concentrate expound harp riff pounce remark renege
		sound announce seize`},
	{takesTo, `refer point respond allude object agree admit apologize apologise vow promise pledge commit confess react pivot acquiesce consent subscribe attest testify nod appeal pander swear talk reply
		aspire`},
	{takesOf, `warn boast speak complain disapprove accuse think dream talk brag despair conceive learn tell write chant remind convince`},
	{takesAgainst, `rail vote campaign warn caution argue rule inveigh protest fulminate lobby rage advise decide fight push speak plot rant`},
	{takesWith, `agree disagree side concur sympathize sympathise empathize plead reckon quibble`},
	{takesAs, `see know view regard describe identify portray interpret list characterize characterise cast depict perceive paint criticize dismiss denounce label brand hail
		cite treat recognize rate rank nominate lambaste praise`},
	{invertible, `say add write note argue report explain state announce declare claim observe recall ask reply respond tweet warn insist remark comment quip joke agree continue suggest
		acknowledge admit think recount exclaim cry shout muse conclude concede ruminate opine offer predict lament boast post chant caution confess protest sneer assert retort counter grumble gripe fume moan scoff gloat thunder sigh allege contend charge`},
	{fronted, `say add write note argue report explain state announce declare claim observe recall ask reply respond tweet warn insist remark comment quip joke continue suggest
		acknowledge admit think recount exclaim cry shout muse conclude concede opine predict lament boast post chant caution confess protest assert tell believe estimate
		testify remember complain hope retort counter grumble gripe fume moan scoff gloat allege contend charge`},
	{bluntClause, `say think believe argue insist contend claim suggest allege add assert`},
}

// prepositionTakes maps the prepositions after a cue to their complement.
var prepositionTakes = []struct {
	word  string
	takes complement
}{{"about", takesAbout}, {"for", takesFor}, {"on", takesOn}, {"upon", takesOn}, {"to", takesTo}, {"of", takesOf}, {"against", takesAgainst}, {"with", takesWith}, {"as", takesAs},
	{"regarding", takesAbout}, {"concerning", takesAbout}}

// nounComplements lists the nouns whose complement is somebody's words,
// thought or will; whose, the possessor or the subject tells.
var nounComplements = []struct {
	takes complement
	nouns string
}{
	{takesClause, `claim statement belief assertion argument view suggestion allegation hope fear concern opinion idea promise pledge warning prediction accusation denial conclusion
		admission announcement insistence assurance contention declaration hint acknowledgment acknowledgement confidence conviction feeling notion doubt sense guess complaint
		revelation finding testimony understanding expectation threat vow proposal recommendation remark comment theory assumption`},
	{takesInfinitive, `plan decision call promise pledge vow refusal desire proposal hope offer intention wish threat willingness bid demand determination commitment invitation
		eagerness reluctance unwillingness order urge push`},
	{takesFor, `support call hope preference demand proposal push plea plan argument praise enthusiasm disdain contempt admiration affection passion endorsement respect desire love
		wish affinity appreciation sympathy fondness disregard backing`},
	{takesOf, `criticism endorsement claim view defense accusation allegation warning fear description denunciation rejection embrace opinion assessment rebuke condemnation characterization
		characterisation depiction praise disapproval approval mockery critique advocacy interpretation belief denial promise talk hatred dislike distrust portrayal`},
	{takesOn, `attack view comment remark assault focus opinion thought insistence emphasis commentary`},
	{takesAbout, `comment concern question remark claim complaint statement view worry doubt talk fear opinion feeling misgiving reservation anxiety anger frustration skepticism scepticism
		thought warning argument assertion story enthusiasm rhetoric`},
	{takesTo, `opposition objection commitment opposition resistance reference hostility aversion allegiance`},
	{takesAgainst, `argument rhetoric attack threat case warning allegation accusation complaint vendetta`},
	{takesWith, `disagreement frustration dissatisfaction anger obsession fascination discontent disappointment disgust`},
}

// adjectiveComplements lists the adjectives whose complement is the thought
// or will of the subject.
var adjectiveComplements = []struct {
	takes      complement
	adjectives string
}{
	{takesClause, `confident sure certain hopeful optimistic convinced aware afraid worried concerned proud glad happy adamant skeptical sceptical doubtful unsure uncertain mindful grateful
		fearful insistent unclear positive disappointed surprised thankful sorry angry relieved pleased thrilled unaware`},
	{takesInfinitive, `willing eager reluctant unwilling determined anxious happy keen hesitant inclined committed glad loath proud desperate content pleased excited `},
	{takesOf, `critical supportive confident sure afraid proud skeptical sceptical wary dismissive fond aware certain mindful suspicious tired convinced scornful contemptuous respectful jealous
		fearful disdainful appreciative weary distrustful envious unaware`},
	{takesAbout, `worried concerned optimistic enthusiastic skeptical sceptical excited angry happy passionate upset nervous pessimistic confident anxious furious unhappy mad adamant
		ambivalent serious sure sanguine curious vocal candid frank honest open hopeful cautious uneasy wary`},
	{takesWith, `frustrated unhappy happy disappointed angry pleased impressed satisfied dissatisfied comfortable uncomfortable obsessed concerned upset disgusted fascinated smitten enamored content furious
		disenchanted disillusioned`},
	{takesTo, `opposed committed sympathetic hostile receptive grateful loyal averse open resistant amenable`},
	{takesFor, `grateful hungry eager sorry desperate thankful`},
	{takesOn, `keen intent adamant`},
}

// lightVerbs take a noun that says what is meant: "has no plans to", "made the
// claim that".
const lightVerbs = `have make give take raise hold draw put launch keep lose`

// phrasingVerbs are those whose subject is quoted by a few words behind them.
const phrasingVerbs = `call describe denounce condemn brand label dub term deride dismiss decry blast slam criticize criticise praise hail mock ridicule accuse warn
	threaten vow promise pledge demand deplore lament portray characterize characterise liken compare depict paint tout declare deem pronounce denigrate assail lambast
	lambaste lash scold chide rebuke rap castigate excoriate vilify disparage belittle scorn bemoan complain charge insist urge reproach berate attack laud extol
	extoll say claim allege cite credit thank reject brush fault upbraid commend applaud salute welcome express voice`

// smallWords are what else marks the bounds of a content.
var smallWords = []struct {
	in    set
	words string
}{{pointing, "last this next earlier early late"}, {when, "when"}, {turning, "although though while whereas"}, {contrasting, "but yet"}, {joining, "and or"}, {timing, "after when while until"},
	{serving, "of for at with"}, {article, "a an"},
	{summing, `claim charge allegation accusation assertion finding conclusion remark comment statement comparison suggestion description characterization
		characterisation contention verdict argument warning threat prediction complaint criticism demand request promise pledge vow apology appeal insult
		theory view step move gesture decision offer figure estimate`},
	{attending, "aide aides adviser advisers advisor advisors counsel assistant assistants deputy lawyer lawyers attorney attorneys"}, {timeNouns, "week weeks month months year years days hours minutes today yesterday tomorrow night morning afternoon evening day weekend decade time"}}

// cueWord is a word that attributes.
type cueWord struct {
	lemma string
	takes complement
}

// The parts of speech of words that attribute.
const (
	verbCue = iota
	nounCue
	adjectiveCue
	numParts
)

// enterCues notes which cue each word belongs to, and the small words.
func (s *Stage) enterCues() {
	var index [numParts]map[string]uint16 // of lemmas
	for part := range index {
		index[part] = map[string]uint16{}
	}
	for _, row := range complements {
		s.enterCue(row.verbs, row.takes, text.InflectVerb, verbCue, index[verbCue])
	}
	for _, row := range nounComplements {
		s.enterCue(row.nouns, row.takes, text.InflectNoun, nounCue, index[nounCue])
	}
	for _, row := range adjectiveComplements {
		s.enterCue(row.adjectives, row.takes, text.InflectNone, adjectiveCue, index[adjectiveCue])
	}
	for _, p := range prepositionTakes {
		if id := s.v.Lookup(p.word); id != 0 {
			s.sorts[id].preposition = p.takes
		}
	}
	for _, row := range smallWords {
		s.enter(row.in, strings.Fields(row.words))
	}
	s.enterVerbs(supporting, strings.Fields(lightVerbs))
	s.enterVerbs(phrasing, strings.Fields(phrasingVerbs))
	s.enterVerbs(warning, []string{"warn", "caution"})
	s.enterVerbs(copular, []string{"be", "feel", "seem", "remain", "become", "sound", "appear", "stay", "grow"})
}

// enterCue enters the inflections of lemmas that take a complement.
func (s *Stage) enterCue(lemmas string, takes complement, how text.Inflect, part int, index map[string]uint16) {
	for lemma := range strings.FieldsSeq(lemmas) {
		i, known := index[lemma]
		if !known {
			s.attributing = append(s.attributing, cueWord{lemma: lemma})
			i = uint16(len(s.attributing))
			index[lemma] = i
			forms := []text.Form{{Text: lemma}}
			if how != text.InflectNone {
				forms = text.Inflections(lemma, how)
			}
			for _, f := range forms {
				if id := s.v.Lookup(f.Text); id != 0 && (s.sorts[id].cues[part] == 0 || f.Text == lemma) {
					s.sorts[id].cues[part] = i
				}
			}
		}
		s.attributing[i-1].takes |= takes
	}
}

// cueVerb returns the attributing verb at the head of a verb group; nil when
// it is none.
func (s *Stage) cueVerb(g int32) *cueWord { return s.cueWord(verbCue, s.l.Groups[g].Head) }

// cueWord returns the cue of a part of speech at token t; nil when it is none.
func (s *Stage) cueWord(part int, t int32) *cueWord {
	i := s.word(t).cues[part]
	if i == 0 {
		return nil
	}
	return &s.attributing[i-1]
}
