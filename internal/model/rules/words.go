package rules

import (
	"strings"

	"stance/internal/model/text"
)

// Hint says what a word does around the name of a party. One look at the
// hint of a token tells the finder whether the token needs any thought.
type Hint uint64

const (
	HintAlias       Hint = 1 << iota // begins an alias
	HintOffice                       // begins an office
	HintHead                         // begins a head noun
	HintPerson                       // a head noun or reference that is people: official, spokesman
	HintBody                         // a head noun or reference that is a body: ministry, army
	HintGroup                        // the group, the movement: armed or political groups
	HintAct                          // a head noun that is what the party does: airstrike
	HintTitle                        // stands before a person's name
	HintTitlePart                    // part of a title and none by itself: foreign, vice
	HintLocative                     // in, inside, near: a country after it is a place
	HintDirection                    // southern, occupied: a country after it is a place
	HintPlight                       // neighboring, besieged: leaves a country after it what it is
	HintMotion                       // fled, flew: "from" or "to" after it leads to a place
	HintFrom                         // from
	HintTo                           // to
	HintHe                           // he, him, his, she, her
	HintShe                          // she
	HintFemale                       // a woman's given name
	HintMale                         // a man's given name
	HintThey                         // they, them
	HintIt                           // it
	HintDefinite                     // the, this, that, these, those
	HintFormer                       // former, ex, late
	HintModifier                     // senior, top: stands between a name and its head noun
	HintCalendar                     // months and days of the week
	HintParticle                     // bin, al, de: inside a person's name
	HintOf                           // of
	HintAnd                          // and, or, but
	HintFunction                     // other function words: never part of a name
	HintPrefix                       // anti, pro: "anti-" makes an attribute, no actor
	HintStop                         // backed, led: "-led" makes an attribute, no actor
	HintToponym                      // Fort, Santa: a surname after it is part of a place
	HintInstitution                  // University, Act: a capitalised name that ends with it is no person
	HintPlan                         // plan, deal: this proposal means the plan named before
	HintDeal                         // deal, accord: what sides agreed, by any of these names
	HintLaw                          // bill, reform: what is passed, no deal
	HintMove                         // move, ban: what somebody did, of which there are many
	HintPolity                       // country, state, border, war: makes a preceding name no actor
	HintCommon                       // a common word: as a surname it needs the full name
	HintCopula                       // is, was: for appositions and subjects
	HintReach                        // visited, left: a country after it is a place
	HintActor                        // with, against: prepositions that take actors
	HintIdle                         // seems, took: verbs of an "it" that is nobody
	HintPartisan                     // of the nouns that refer back: a political party
	HintFighters                     // … an armed group
	HintAssociation                  // … any group
	HintNation                       // … a country as a whole
	HintAgency                       // … an organisation
	HintAnybody                      // … whoever was named
	HintIts                          // its, his, her, their, whose
	HintHeads                        // heads, leads: a verb of who speaks for a body
	HintState                        // army, government: a body that every state has, and no name tells whose
	HintRealm                        // kingdom: a noun for a country, by its name
	HintBoth                         // both
	HintEach                         // each
	HintTwo                          // two, three
	HintThree                        // three
	HintSides                        // sides, governments: what both are
	HintGoverning                    // government, ministry, officials: those of a country, who sit in its capital
	HintSeat                         // senator, governor: of a state, which tells whom of those named is meant
	HintAddress                      // appeal, message, loyal: "to" after it leads to somebody
)

// Word is what the finder knows of a word before anything around it, all of
// it in one half of a cache line.
type Word struct {
	Hint
	Class text.Class
	On    uint64 // of the words that continue an alias here: bit id%64 of each
	Alias int32  // the one alias that is just this word; -1 for none, -2 for several
}

// Look says whether the finder has to look at a word at all, by the word and
// its capital alone: nothing, for most words of a text. It is the Mark of a
// token. The lowest byte is what the finder chooses tokens by, where a bit that
// wants something of the token beside it stands three below what it wants.
// Those from LookEntry on tell readers of the lexicon the same.
type Look uint16

const (
	LookSure   Look = 1 << iota // LookAlone or LookAlways
	LookOn                      // begins an alias of several words: wants LookSecond behind it
	LookNoun                    // an office, or a noun that can refer back: wants LookBefore before it
	LookTitle                   // a title, a given name or what begins a full name: wants LookAfter behind it
	LookSecond                  // the second word of an alias
	LookBefore                  // a definite determiner, a modifier, what follows a hyphen ("-backed") or what a country is like ("tiny")
	LookAfter                   // a title, a part of one, "of" or a capital
	LookMet                     // a capital: may be somebody whom the article introduced
	LookAlone                   // is an alias by itself
	LookAlways                  // a pronoun or plan
	LookSmall                   // a title or function word: its capital tells nothing of a headline
	LookEntry                   // is an entry of the lexicon or an operator by itself
	LookPhrase                  // begins one of several words
	LookGoesOn                  // the second word of one
)

// addLook adds to what there is to look at in a word.
func addLook(m *text.Mark, look Look, small bool) {
	if m.Capital |= uint16(look); small {
		m.Small |= uint16(look)
	}
}

// hintWords lists the words of each hint. Nouns are given in the singular and
// inflected.
var hintWords = []struct {
	hint  Hint
	how   text.Inflect
	words string
}{
	{HintHead | HintPerson, text.InflectNoun, headPersons},
	{HintHead | HintBody, text.InflectNoun, headBodies},
	{HintHead | HintBody, text.InflectNoun, headCampaigns},
	{HintHead | HintAct, text.InflectNoun, headActs},
	{HintHead | HintPerson, text.InflectNoun, headNames},
	{HintGroup, text.InflectNoun, "group movement organization organisation militia faction militant rebel insurgent party army_group"},
	{HintPerson, text.InflectNoun, "man woman politician lawmaker negotiator rebel activist critic expert"},
	{HintBody, text.InflectNoun, "country nation agency department bank commission company institution bloc alliance association bureau union federation kingdom emirate league fund " +
		"foundation council committee coalition organization organisation caucus society junta monarchy mission authority sultanate island archipelago principality"},
	{HintTitle, text.InflectNone, "mr mr. mrs mrs. ms ms. dr dr. sir sen sen. rep rep. gov gov. gen gen. lt lt. col col. maj maj. capt capt. sgt sgt. prof prof. rev rev. hon hon. " +
		"president prime minister premier chancellor king queen prince princess sheikh sheik emir sultan pope ayatollah imam rabbi senator congressman congresswoman " +
		"representative governor mayor secretary general admiral colonel major captain lieutenant sergeant judge justice ambassador envoy chief leader chairman " +
		"chairwoman chairperson chair commissioner director spokesman spokeswoman spokesperson attorney " +
		"lawmaker candidate nominee adviser advisor aide speaker whip professor lord lady baroness dame negotiator strongman dictator whistleblower analyst " +
		"commander brigadier marshal activist economist prosecutor treasurer pm mp ceo nominee"},
	{HintTitlePart, text.InflectNone, "vice deputy foreign defense defence interior finance justice security state first acting then affairs assistant under permanent"},
	{HintLocative, text.InflectNone, "in inside into within across near at around outside throughout beyond through via towards toward onto over off along amid"},
	{HintDirection, text.InflectNone, "southern northern eastern western central occupied mainland northeastern northwestern southeastern southwestern north-eastern " +
		"north-western south-eastern south-western rural downtown inner outer upper lower"},
	{HintPlight, text.InflectNone, "neighboring neighbouring nearby besieged tiny small wealthy rich poor torn ravaged scarred stricken landlocked impoverished isolated breakaway"},
	{HintMotion, text.InflectVerb, "flee fly depart return travel come go arrive leave escape move emigrate migrate head walk drive sail ship fire launch bring take send " +
		"smuggle transfer deport withdraw evacuate retreat march cross enter fall visit export import deliver extradite relocate deploy hail originate report broadcast"},
	{HintMotion, text.InflectNoun, "visit trip flight journey migrant refugee immigrant immigration rocket missile return export import evacuation withdrawal departure tour travel shipment"},
	{HintReach, text.InflectVerb, "visit enter leave flee tour reach depart exit"},
	{HintAddress, text.InflectVerb, "appeal protest complain turn rally apologize apologise respond reply kowtow"},
	{HintAddress, text.InflectNoun, "appeal protest complaint apology message signal warning threat blow concession pledge promise alternative loyalty answer response gift rebuke challenge lesson"},
	{HintAddress, text.InflectNone, "loyal close grateful hostile friendly sympathetic unacceptable faithful opposed beholden thanks owe owes owed"},
	{HintFrom, text.InflectNone, "from"},
	{HintTo, text.InflectNone, "to"},
	{HintHe, text.InflectNone, "he she him"},
	{HintShe, text.InflectNone, "she her"},
	{HintFemale, text.InflectNone, givenNames},
	{HintMale, text.InflectNone, menNames},
	{HintThey, text.InflectNone, "they them"},
	{HintIts, text.InflectNone, "its his her their whose"},
	{HintHeads, text.InflectNone, "heads leads chairs runs commands represents headed led chaired commanded represented"},
	{HintIt, text.InflectNone, "it"},
	{HintDefinite, text.InflectNone, "the this that these those"},
	{HintFormer, text.InflectNone, "former ex late ousted deposed onetime ex-president"},
	{HintModifier, text.InflectNone, "senior top high-ranking military defense defence intelligence foreign security political state federal health government civil air ground naval special " +
		"border law enforcement top-ranking diplomatic trade finance economic nuclear peace chief deputy former unidentified unnamed local national central supreme high " +
		"opposition ruling interim acting transitional exiled key junior veteran armed counterterrorism cabinet interior justice energy press police army white house " +
		"prime vice permanent special chief lead negotiating administration campaign party counter-terrorism monetary constitutional parliamentary republican democratic " +
		"conservative liberal coast interior emergency regional provincial municipal assistant commerce agriculture transport transportation environment education culture labor labour industry"},
	{HintParticle, text.InflectNone, "bin ben al el de la le du da dos van von der den ter ibn abu abdul abdel ul bint mac st st. san santa"},
	{HintOf, text.InflectNone, "of"},
	{HintAnd, text.InflectNone, "and or but"},
	{HintPrefix, text.InflectNone, "anti pro non trans sub intra extra mid neo semi un pan post pre"},
	{HintStop, text.InflectNone, "backed led based held occupied controlled run born made style mediated brokered educated trained supported funded sponsored allied friendly " +
		"speaking dominated administered annexed affiliated aligned bound linked owned built wide only like era designated listed leaning ruled proposed sized " +
		"inspired appointed imposed hosted organized organised produced engineered supplied drafted ordered built-in raised bred registered flagged installed"},
	{HintPolity, text.InflectNone, "border borders frontier"},
	{HintCopula, text.InflectNone, "is was are were"},
	{HintToponym, text.InflectNone, "fort santa san lake mount port new saint el los las north south east west camp cape mt mt. ft ft. rio puerto"},
	{HintInstitution, text.InflectNoun, "university college act committee institute school court street avenue times post journal news center centre foundation association hospital " +
		"church bridge county city park square house hall airport company corporation group bank fund tower building memorial award prize council board commission department agency"},
	{HintActor, text.InflectNone, "with against by between for on about than like as toward towards under upon among"},
	{HintIdle, text.InflectNone, "seems seemed appears appeared takes took remains remained turns turned comes came depends makes made becomes became"},
	{HintPartisan, text.InflectNone, "party"},
	{HintRealm, text.InflectNone, "kingdom emirate sultanate island archipelago principality republic federation union monarchy junta"},
	{HintState, text.InflectNone, "army military navy force forces government ministry parliament police cabinet country nation state"},
	{HintBoth, text.InflectNone, "both"},
	{HintEach, text.InflectNone, "each"},
	{HintTwo, text.InflectNone, "two"},
	{HintTwo | HintThree, text.InflectNone, "three"},
	{HintSides, text.InflectNone, "sides countries governments nations states parties armies militaries forces camps neighbors neighbours capitals powers leaders presidents " +
		"ministers men women rivals foes enemies adversaries delegations belligerents"},
	{HintGoverning, text.InflectNone, "government authorities ministry officials leadership regime junta administration generals rulers leaders"},
	{HintSeat, text.InflectNone, "senator congressman congresswoman lawmaker governor"},
	{HintFighters, text.InflectNone, "militants rebels insurgents militia faction"},
	{HintAssociation, text.InflectNone, "group movement organization organisation"},
	{HintNation, text.InflectNone, "government country nation regime"},
	{HintAgency, text.InflectNone, "agency body commission court council institution"},
	{HintAnybody, text.InflectNone, "official politician leader man woman diplomat officials leaders"},
	// What is proposed, agreed or done.
	{HintDeal, text.InflectNone, "deal agreement accord pact treaty truce ceasefire"},
	{HintLaw, text.InflectNone, "bill bills legislation law laws overhaul reform reforms measure measures resolution"},
	{HintMove, text.InflectNone, "order ban decision move act resolution policy policies program programme package measure measures mechanism"},
	{HintPlan, text.InflectNone, "plan plans proposal proposals scheme deal agreement accord pact treaty initiative measure measures bill legislation law policy policies " +
		"overhaul reform reforms bills laws bans framework mechanism order ban decision move act resolution program programme package truce ceasefire"},
}

// The nouns that make an adjective of origin a mention of the government:
// "Israeli officials", not "Israeli singers".
// shortTitles are titles as they stand before a name, by the nouns for those who
// bear them.
var shortTitles = map[string]string{"senator": "sen.", "congressman": "rep.", "congresswoman": "rep.", "representative": "rep.", "governor": "gov."}

const headPersons = "official minister negotiator mediator envoy ambassador diplomat spokesman spokeswoman spokesperson leader president premier chancellor king queen prince " +
	"sheikh emir ayatollah monarch ruler lawmaker legislator senator congressman congresswoman representative parliamentarian deputy mp soldier troop commander general " +
	"officer guard guardsman commando paratrooper gunner policeman marine airman sailor judge prosecutor adviser advisor aide secretary secretary-general attorney-general chief head counterpart " +
	"delegate regulator inspector peacekeeper rapporteur conscript reservist sniper serviceman policymaker policy-maker"

const headBodies = "government army military navy force parliament cabinet court tribunal ministry embassy authority regime administration delegation police intelligence agency " +
	"leadership junta commission council committee coalition mission presidency state consulate knesset senate congress assembly legislature judiciary treasury " +
	"department battalion brigade garrison patrol fleet"

const headActs = "aircraft airpower barrage onslaught advance encroachment application bid airstrike strike missile bombardment offensive invasion shelling raid blockade warplane jet tank drone rocket attack occupation assault aggression incursion bombing " +
	"artillery fire gunship gunboat frigate destroyer submarine vessel ship bomber operation siege sanction warship helicopter plan proposal demand pressure announcement statement decision policy interference meddling aid threat retaliation " +
	"measure tariff duty claim accusation offer veto embargo warning countermeasure criticism complaint"

// headMedia say what their government has them say.
var headMedia = []string{"state media", "state television", "state tv", "state radio", "state broadcaster", "state news agency", "state-run media", "state-run television", "state-run news agency",
	"state-controlled media", "state-owned media"}

// Bodies that only a name takes: "the Trump campaign", where an Israeli
// campaign is a war.
const headCampaigns = "campaign"

// Nouns that only a name takes: "Hamas fighters", where "Syrian fighters"
// fight for anybody.
const headNames = "fighter militant gunman operative member militia candidate politician chairman chairwoman whip speaker staffer " +
	"governor mayor director commissioner counsel counselor strategist economist insider bureau office wing unit policy squad team side leader-in-exile " +
	"agent agitator investigator personnel"

// Given names of women: with them "she" and "he" find the right person more
// often than not. A name that men bear too is left out.
const givenNames = "abigail alexandria alexandra alice alison amanda amber amy ana angela angelina ann anna anne annette annalena antonia ashley audrey barbara beatrice" +
	" becky benazir beth betsy betty beverly bonnie brenda bridget camila carly carol carolina caroline carolyn carrie catherine cecilia celia charlotte" +
	" chelsea cheryl christina christine chrystia cindy claire claudia condoleezza connie corazon cristina cynthia danielle deb debbie deborah debra denise" +
	" diana diane dianne dilma dina donna doris dorothy eileen elaine eleanor elena elise elizabeth ellen emily emma erin erna esther eva eve evelyn federica" +
	" fiona florence frances gabriela gail geraldine gina giorgia glenda gloria golda grace gretchen hannah hanan harriet heather heidi helen helle hillary" +
	" hina ilhan indira ingrid irene iris isabel ivanka jackie jacinda jacqueline jane janet janice jeanine jeanne jen jennifer jessica jill joan joanna" +
	" jodie joni josephine joy joyce juanita judith judy julia julianne julie kaja kamala karen karin karine kate katherine kathleen kathryn kathy katie kay" +
	" kayleigh keisha kellyanne kirsten kirstjen kristi kristen kristin kristina kyrsten laura lauren leila letitia linda lisa liz liza lois loretta lori" +
	" louise lucy luisa lynne madeleine maggie malala marcia margaret margot maria marianne marie marilyn marine marissa marjorie marsha martha martine mary" +
	" maryam maxine meghan melania melinda melissa mette mia michele michelle mikie miriam molly monica muriel nadia nancy naomi natalie natalia ngozi nicola" +
	" nicole nikki nora norma olga olivia oprah pamela patricia patty paula pauline peggy penny phyllis pramila priti rachel raisa rashida rebecca renee" +
	" rhona rita roberta ronna rosa rosalynn rose rosemary roxana ruby ruth sally samantha sandra sanna sara sarah saskia segolene shannon sheila shelley" +
	" sherry shirley simone sonia sophie stacey stephanie sue susan susana susanna suzanne svetlana sylvia tammy tanya tara teresa theresa tina tulsi tzipi" +
	" candace candice erika gisele gwen jasmine jenna josie kaitlan lara meg megan meredith mindy miranda monique natasha nicolle nina paige pam" +
	" sabrina savannah selena sonya stacy tamara tiffany trudy wanda yasmin" +
	" anitta billene bintou cathy clementine cori fatemeh jacky kajsa maka mumtaz najla natalya pilar ravina reem rosa roza shabia svenja yolande" +
	" ursula valerie vanessa vera veronica victoria viola virginia vivian wendy yulia yvette yvonne zainab zoe" +
	" agnes aileen alicia almudena anniken annegret arlene aung avital avril ayanna ayelet baiba beata beate bernadette brooke carla cecile" +
	" christiane dalia daniella delcy dilan donika droupadi einav elisabeth elissa elina elly eluned elvira esperanza ewa evika fatou figen fofi" +
	" francesca frauke gabrielle gali gila gisela hadja haneen hanke hanna henrietta hilda huma iratxe ines ingrida ione irina iryna kadri" +
	" karoline katalin katarina katja katrin kemi kersti ketanji khaleda kimberly kira kirsty kolinda kristalina kristrun layla leanne leni" +
	" luciana lyubov magdalena maia maja margarita margrethe marina marise marta mathilde mazie megawati melanie merav miri mirjana naledi navi" +
	" netumbo nirmala nkosazana oana oksana olena olha orit paetongtarn pia rachida retno ricarda riikka rochelle rosario sahra sahle-work salome" +
	" samia sanae seema shabana shelly sigrid soraya stella suella sushila sushma susie sviatlana tamar tanja therese valentina varsen viviane" +
	" vjosa xiomara yael yingluck ylva yoko yolanda zehava zuzana beatrix brigitte dorit"

// Given names of women of packs that stand behind the surname.
const lastNames = "chunying geun-hye hsiao-khim ing-wen kyung-wha mi-ae ning son-hui yo-jong"

// Given names of men, of which none is a common word or better known as a
// place. With those of women they tell a full name that no title introduces.
const menNames = "aaron abdul abraham adam adrian ahmed alan albert alejandro alex alexander alfred ali allan allen alvin anders andre andreas andrei andres" +
	" andrew andy angelo anthony antonio arnold arthur barney barry ben benjamin bernard bernie bob bobby boris brad bradley brandon brendan brent bret brett brian bruce" +
	" bryan caleb carl carlos cedric cesar charles charlie chris christian christopher chuck claude clayton clifford clint colin connor corey craig curtis cyril daniel" +
	" danny darren darryl dave david dean dennis derek dick diego dimitri dmitry dominic don donald donnie doug douglas duncan dustin dwight ed eddie edgar" +
	" eduardo edward edwin eli elijah elliott emmanuel enrique eric erik ernest ethan eugene evan felipe felix fernando francis francisco frank franz fred" +
	" frederick gabriel gareth gary gavin geoff geoffrey george gerald gerard gerry giuseppe glenn gordon graham greg gregory guillermo gustavo hans hassan harold harry" +
	" hector henry herbert herman howard hugh hugo hussein ian ibrahim igor isaac ivan jack jacob jake jamal james jamie jared jason javier jay jean jeff jeffrey jeremy jerome" +
	" jerry jesse jim jimmy joe joel joern john johnny jon jonas jonathan jorge jose joseph josh joshua juan jules julian julio justin karl keith ken kenneth" +
	" kevin kurt kyle larry lars laurence lawrence leo leon leonard leonardo leroy leslie lewis liam lloyd louis lucas luis luke malcolm manuel marc marcel marco" +
	" marcus mario mark martin marvin matt matteo matthew maurice max michael miguel mike mikhail milton mitch mohamed mohammad mohammed morris muhammad" +
	" mustafa nathan nathaniel ned neil nicholas nicolas nigel noah norman oleg oliver omar oscar otto owen pablo patrick paul pedro pete peter phil philip" +
	" philippe phillip pierre rafael ralph ramon randall randy raul ray raymond reginald reuben ricardo richard rick robert roberto robin rodney rodrigo roger roland ron ronald" +
	" ross roy rudolph rudy rupert russell ryan sam samuel scott sean sebastian sergei sergey seth shane shaun simon stanley stefan stephen steve steven stuart ted" +
	" terrence terry theodore thomas tim timothy todd tom tommy tony trevor tyler victor vincent viktor vladimir walter warren wayne wesley wilbur wilhelm" +
	" william xavier yitzhak yusuf zachary" +
	" bernardo chad clark cory drew earl elon ezra floyd garrett gene glen grover gus hank hubert ira irving jeb jed jonah kirk lamar lance landon lionel" +
	" lorenzo lou luther lyle marty mathew mickey mo murray myron norm orrin preston quentin raj reid rex rod roderick royce salvador sean sheldon sid" +
	" sidney silvio spencer sylvester tad toby travis trent trey troy tucker vern vernon wade wally wendell wes winston yasser"

// Head sets that every program has; packs' own sets follow.
const (
	OriginHeads = iota // nouns behind an adjective of origin
	NameHeads          // nouns behind the name of a party
	numHeads
)

// registerHints adds the words of all hints and returns the pairs to be
// entered when the vocabulary stands.
func registerHints(b *text.Builder) []hinted {
	out := make([]hinted, 0, 2048)
	for _, h := range hintWords {
		for w := range strings.FieldsSeq(h.words) {
			if h.how == text.InflectNone {
				out = append(out, hinted{b.Add(w, 0), h.hint})
				continue
			}
			for _, f := range text.Inflections(w, h.how) {
				out = append(out, hinted{b.Add(f.Text, f.Class), h.hint})
			}
		}
	}
	return out
}

type hinted struct {
	id   int32
	hint Hint
}
