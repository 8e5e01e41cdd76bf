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
	bluntClause                                  // whatever follows is what is said: say, think
)

// complements lists the verbs whose complement is somebody's words, thought or
// will, by the shape of the complement. Clauses with and without "that" follow
// the reporting verbs of the packs.
var complements = []struct {
	takes complement
	verbs string
}{
	{takesInfinitive, `want hope plan seek vow promise pledge threaten agree decide offer decline refuse intend aim expect attempt struggle vote claim prefer love like hate wish
		opt volunteer strive hesitate propose swear choose determine yearn long desire prepare demand ask aspire dare mean resolve undertake try consent plead beg move
		look continue fear`},
	{takesSeeming, `seem appear`},
	{takesObject, `call describe criticize criticise endorse support accuse cite announce defend offer oppose attack praise back tweet mention blame express blast denounce report consider
		want recall seek slam explain question mock discuss declare portray dismiss highlight tout reject thank propose claim compare reveal promote remind urge accept deny view
		favor favour acknowledge prefer promise decry quote reference echo condemn order remember voice underscore confirm recognize recognise applaud emphasize emphasise pledge
		encourage answer assail predict stress invoke demand chide deem credit disclose retweet congratulate disavow recite lament reiterate outline rebuke detail hail
		articulate recount welcome dispute rebut characterize characterise bemoan downplay deride liken protest label hammer insult savage bash herald attribute reaffirm contradict
		fear repudiate dislike pronounce lambast lambaste regard concede extol extoll admire trash refute request envision envisage renounce proclaim counter disparage affirm
		recommend laud reprimand censure berate scold ridicule belittle scorn lampoon lash excoriate skewer rip scoff deplore castigate admonish blame vilify demonize demonise
		disown rebuff advocate champion press project estimate forecast foresee suggest show note state argue stipulate admit write say tell ask warn assert complain
		justify interpret depict depicts paint cast brand dub label title address explain admire appreciate respect doubt suspect resent relish abhor loathe detest crave
		consider contemplate reconsider weigh embrace shun spurn snub forswear foreswear boycott veto pan post publish issue release read deliver signal indicate
		share list name identify challenge present introduce know find feel think believe sound understand imagine remark illustrate value trust mistrust
		distrust fault commend salute cheer honor honour bless curse damn heckle boo jeer taunt tease assure reassure inform advise caution notify brief
		implore beseech entreat exhort press lobby pressure nominate appoint recommend approve target decide file sign pass add persuade justify hit push hint`},
	{takesObjectInfinitive, `urge ask want expect encourage order call persuade request challenge warn press implore beg advise invite push require pressure instruct exhort
		tell command direct counsel entreat coax admonish caution enjoin dare forbid authorize authorise implore like prefer need consider declare find believe`},
	{takesAbout, `talk speak ask worry boast complain write car joke brag muse speculate gush say think know care tweet lie warn fret rave rant gripe grumble whine wonder testify hear
		lecture inquire enquire learn argue moan crow preach opine pontificate ruminate quip kid concern excite tell fantasize reminisce dream bicker feel report`},
	{takesFor, `call vote ask push hope argue vouch apologize apologise advocate campaign cheer press lobby beg plead pray root stump long wish yearn clamor clamour petition agitate look plump opt
		strive bargain praise`},
	{takesOn, `call comment focus insist agree reflect touch dwell elaborate expand report tweet warn disagree opine write weigh speculate concentrate expound harp riff pounce remark renege
		sound announce seize`},
	{takesTo, `refer point respond allude object agree admit apologize apologise vow promise pledge commit confess react pivot acquiesce consent subscribe attest testify nod appeal pander swear talk reply
		aspire`},
	{takesOf, `warn boast speak complain approve disapprove accuse think dream talk brag despair conceive learn tell write chant remind convince`},
	{takesAgainst, `rail vote campaign warn caution argue rule inveigh protest fulminate lobby rage advise decide fight push speak plot rant`},
	{takesWith, `agree disagree side concur sympathize sympathise empathize plead reckon quibble`},
	{takesAs, `see know view regard describe identify portray interpret list characterize characterise cast depict perceive paint criticize dismiss denounce label brand hail
		cite treat recognize rate rank nominate lambaste praise`},
	{invertible, `say add write note argue report explain state announce declare claim observe recall ask reply respond tweet warn insist remark comment quip joke agree continue suggest
		acknowledge admit think recount exclaim cry shout muse conclude concede ruminate opine offer predict lament boast post chant caution confess protest sneer assert`},
	{bluntClause, `say think believe argue insist contend claim suggest allege add assert`},
}

// prepositionTakes maps the prepositions after a cue to their complement.
var prepositionTakes = []struct {
	word  string
	takes complement
}{{"about", takesAbout}, {"for", takesFor}, {"on", takesOn}, {"upon", takesOn}, {"to", takesTo}, {"of", takesOf}, {"against", takesAgainst}, {"with", takesWith}, {"as", takesAs},
	{"regarding", takesAbout}, {"concerning", takesAbout}}

// cueVerb is a verb that attributes.
type cueVerb struct {
	lemma string
	takes complement
}

// cueVerbs tells by vocabulary id which verb a form belongs to.
type cueVerbs struct {
	verbs []cueVerb
	at    []uint16 // per id: 1 + index into verbs; 0 for none
	preps []complement
}

func newCueVerbs(v *text.Vocabulary) cueVerbs {
	c := cueVerbs{at: make([]uint16, v.Len()), preps: make([]complement, v.Len())}
	index := map[string]int{}
	for _, row := range complements {
		for lemma := range strings.FieldsSeq(row.verbs) {
			i, known := index[lemma]
			if !known {
				i = len(c.verbs)
				index[lemma] = i
				c.verbs = append(c.verbs, cueVerb{lemma: lemma})
				for _, f := range text.Inflections(lemma, text.InflectVerb) {
					if id := v.Lookup(f.Text); id != 0 && (c.at[id] == 0 || f.Text == lemma) {
						c.at[id] = uint16(i + 1)
					}
				}
			}
			c.verbs[i].takes |= row.takes
		}
	}
	for _, p := range prepositionTakes {
		if id := v.Lookup(p.word); id != 0 {
			c.preps[id] = p.takes
		}
	}
	return c
}

// cueVerb returns the attributing verb at the head of a verb group; nil when
// it is none.
func (s *Stage) cueVerb(g int32) *cueVerb {
	i := s.attributing.at[s.l.Tokens[s.l.Groups[g].Head].ID]
	if i == 0 {
		return nil
	}
	return &s.attributing.verbs[i-1]
}
