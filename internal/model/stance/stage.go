// Package stance finds who speaks and who expresses what towards whom: it
// attributes quotations and reported speech, fills the frames of the cues
// with the parties and issues around them, and sums up the tone towards each
// party. It needs no parser: clause bounds, verb groups and function words
// tell subject from object.
package stance

import (
	"math"
	"math/bits"
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
	"stance/internal/trace"
)

const none = int32(-1)

// Stage is the scratch of one worker. It reads the layers, mentions and
// sentiments of a Result and fills the rest. It is not safe for concurrent
// use.
type Stage struct {
	p     *rules.Program
	v     *text.Vocabulary
	words words
	tone  *ToneModel
	pair  *PairModel
	event *PairModel

	r  *model.Result
	l  *model.Layers
	tr *trace.Recorder

	known                             []known // per vocabulary id
	sorts                             []word  // by known.sort; one per vocabulary id until all lists are entered
	alone                             []alone // by known.alone; the same
	lists                             [numLists]lists
	starts                            text.TokenSet // how the phrases of each kind begin, see narrow
	lexemes                           []lexeme      // by word.lexeme; the first is none
	verbal, deadly, suffered, enacted uint16
	way                               string
	female                            map[string]bool
	actMakes                          map[string]uint16 // kinds of products that the holder of an act makes

	ops         []opMatch
	cues        []cueMatch
	opAt        []int32              // per token: first index into ops of an operator that starts there; of use where kindsAt has one
	canAt       []does               // per token: what it is and its word can do, narrowed where that is known
	sortAt      []uint16             // per token: index into sorts
	sifted      []int32              // room for sift
	apart       []alone              // what the words of these are without others
	kindsAt     []kindsOfOp          // per token: of the operators that start there
	kindsIn     []kindsOfOp          // per sentence: of the operators in it
	traits      []trait              // per rule
	forms       []form               // of cues
	opKinds     []rules.OperatorKind // of operators
	trying      []cueMatch           // of the sentence whose cues are tried
	rejoined    []cueMatch           // the same with those that adverbs part
	unparted    []model.Token        // of such a cue, without the adverbs
	claimed     int                  // first of claims in it
	mentionedTo int32                // end of the last mention of somebody or something in it; 0 without
	sensed      uint64               // bits of the senses of its words; 0 before they are asked for
	atIssue     bool                 // an issue is mentioned
	placed      bool                 // a place is
	tentative   bool                 // what one of them is depends on the cues, so that subjects must be read before that is settled
	mentionAt   []int32              // per token: party or person mention that covers it; -1
	issueAt     []int32              // per token: issue mention, where canAt says that it is issued
	groupAt     []int32              // per token: verb group that covers it; -1
	clauseAt    []int32              // per token: clause
	origins     []int32              // per clause: first piece of the one that it is a piece of
	quoteAt     []int32              // per token: innermost Result.Quotes whose content covers it; -1
	sentenceAt  int32                // sentence that was asked for last
	judged      struct {             // what debris said last
		sentence int32
		debris   bool
	}
	fragments           []int32 // quotations that are part of a sentence of the narrator
	directAt, directEnd int     // first of Result.Quotes between marks that may reach into the current sentence
	attributing         []cueWord
	subjects            []subjectMemo
	matches             []text.Match
	fill                filler
	attributives        []int32       // tokens of nouns and adjectives that attribute
	order               []uint64      // places of quotes, over their indices
	spare               []model.Quote // room for a result's quotes in order, which then takes the place of theirs
	laid, relaid        []region      // per quote: its tokens; and room for them in order
	claims              []claim
	doubted             []model.Stance  // readings that are evidence but no rows
	places              map[string]bool // aliases of cities and regions
	placesToo           bool            // while the target of a use of force is looked for
	summary             []int32
	narrated            []int32 // tones of the narrator, by index into Result.Parties
	mentions            int32   // of parties, in sentences that count
	survey              survey  // of one sentence
	actOf               []int32 // per stance: its act in the feature spaces
	reaching            int     // first of Result.Quotes that may reach into the current sentence
	sieves              map[sieve]string
	seen                observer
}

type opMatch struct {
	tok, n int32
	op     *rules.Operator
	kind   rules.OperatorKind // of op, at hand
}

type cueMatch struct {
	tok, n int32
	form
}

// form is what most forms of cues are asked for, which lies close together.
type form struct {
	cue        int32
	head       uint8 // token of the phrase that inflects
	class      rules.CueClass
	never      bool // see rules.CueForm
	reciprocal bool // even where its sentence names nobody: "they quarreled"
}

// headAt returns the token of a cue that inflects.
func (cm *cueMatch) headAt() int32 { return cm.tok + int32(cm.head) }

// does says what a word can do, and of a token what it is too. Most questions
// about a token are answered by these alone, which lie close together.
type does uint32

const (
	isOperator     does = 1 << iota
	startsOperator      // begins one of several words
	isCue
	startsCue
	isEntry // of the lexicon
	startsEntry
	inTone     // the model of tone has a weight for it; of a token: and it is a word
	attributes // a noun or adjective that attributes
	pairing    // each, other, another
	narrowed   // of a token: what does not go on is left out
	goesOnOperator
	verbAttributes // a verb that attributes
	goesOnCue
	joiner // and, or
	goesOnEntry
	contraster // but, yet
	determiner // the class; so are the next two
	pronoun
	preposition
	leading  // an adverb that may stand before a noun phrase
	dating   // may begin a time
	adverb   // an adverb and nothing else, as far as classes tell
	unlisted // a word without a class
	nounish  // can stand inside a noun phrase; of a token: if no mention covers it
	wordKind // of a token: its kind; so are those after it
	commaKind
	cliticKind
	named // of a token: a mention of a party or person covers it
	markKind
	boundKind // punctuation, dash or mark
	issued    // a mention of an issue does
	governing // a preposition, or a word that is one too

	parting   = adverb | unlisted | dating // may part the words of a cue
	operators = isOperator | startsOperator
	cues      = isCue | startsCue
	entries   = isEntry | startsEntry
	starts    = startsOperator | startsCue | startsEntry

	sought = operators | cues | attributes | pairing // by scan

	// The second words of phrases go on what the first ones start: the bits of
	// both lie this far apart.
	goingOn = 9
)

// ofKind says what of its word a token of a kind keeps, and what it is too.
var ofKind = [16]struct{ keep, add does }{
	model.Word:        {^commaKind, wordKind},
	model.Number:      {^(commaKind | inTone), nounish},
	model.Punctuation: {^(unlisted | nounish | inTone), boundKind},
	model.Hyphen:      {^(commaKind | unlisted | inTone), nounish},
	model.Dash:        {^(commaKind | unlisted | nounish | inTone), boundKind},
	model.QuoteMark:   {^(commaKind | unlisted | nounish | inTone), boundKind | markKind},
	model.Clitic:      {^(commaKind | unlisted | inTone), cliticKind | nounish},
	model.URL:         {^(commaKind | nounish | inTone), 0},
	model.Symbol:      {^(commaKind | inTone), nounish},
}

// The lists of what a word alone can stand for: values of the phrases.
const (
	operatorList = iota
	cueList
	numLists
)

// lists holds lists of values end to end.
type lists struct {
	bounds []bounds // by index; that of 0 is empty
	values []int32
}

// bounds is where a list of several values lies.
type bounds struct{ first, end int32 }

// of returns the values of a list.
func (l *lists) of(i int32) []int32 { return l.values[l.bounds[i].first:l.bounds[i].end] }

// kindsOfOp is a set of kinds of operators.
type kindsOfOp uint16

// asked are the kinds that anything here asks for.
const asked kindsOfOp = 1<<rules.OpNegation | 1<<rules.OpPseudo | 1<<rules.OpImplicative | 1<<rules.OpReverser | 1<<rules.OpModality | 1<<rules.OpReporting | 1<<rules.OpAccordingTo

// pairs is among them where a sentence may speak of "each other".
const pairs kindsOfOp = 1 << 15

// lexeme is what the lexicon says of a word or phrase.
type lexeme struct {
	polarity float32
	topic    int32 // class
}

// words are the vocabulary ids of the function words that the stage asks for
// by name; an id is never 0 because 0 is the unknown word.
type words struct {
	of, by, to, that, also, well, and, or, from, on, as, it, its, their, his, her, who, which, against, in, anti                                                                                 int32
	what, forID, ifID, with, at, more, photos, each, other, one, another, the, whether, under, until, up, least, most, such, too, comma, colon, i, we, than, led, between, percent, behind, folk int32
	carry                                                                                                                                                                                        []int32 // prepositions that hang an issue from a noun phrase
}

// set is a set of lists of words that the stage asks for.
type set uint64

const (
	heads       set = 1 << iota // nouns through which a possessor acts ("Israel's army")
	plans                       // nouns for what is proposed or agreed
	people                      // nouns and quantifiers for people and bodies
	struck                      // what of a country force is used against
	light                       // verbs whose object names the deed
	deeds                       // deeds and words that stand for who does or says them
	undo                        // verbs that end or deny what their object names
	furthers                    // verbs that are for what their object names
	aims                        // nouns whose infinitive says what their owner is to do
	counts                      // words that say how many of somebody are meant
	parcels                     // nouns that leave the noun before them what is meant
	orders                      // nouns whose infinitive is for somebody else
	pulls                       // verbs that take what comes from somebody away from them
	sour                        // adjectives that leave little of a tie
	turns                       // nouns that turn or shift the issue before them
	topical                     // nouns that are about what hangs from them
	refers                      // nouns that refer back with "the"
	locates                     // prepositions that are adverbs too; what follows is no object
	averse                      // words beside unwilling that deny their infinitive
	particles                   // adverbs that make another verb of the one before
	concerns                    // prepositions before what a noun is about
	notions                     // nouns whose that-clause need not be so
	means                       // prepositions whose gerund the subject carries out
	naming                      // verbs that say what their object is
	appeals                     // verbs with a preposition before whoever is to act
	wishes                      // verbs whose object is to do something
	rough                       // prepositions before a number that is not exact
	unwilling                   // nouns that deny their infinitive
	entourage                   // people around somebody
	selves                      // itself, himself: stress the name before them, or are whoever is the subject
	once                        // words that a hyphen ties to what somebody was or is
	rivals                      // people who act against their possessor
	supporting                  // verbs with a noun that says what is meant
	copular                     // be, feel, seem: join subject and adjective
	timeNouns                   // stretches of time
	pointing                    // last, this: before a stretch of time
	when                        // when
	turning                     // although, while: the narrator's after a comma
	contrasting                 // but, yet
	timing                      // after, until: say when an act took place
	joining                     // and, or
	serving                     // of, for, at, with: join somebody to whom he speaks for
	article                     // a, an
	warning                     // warn, caution
	summing                     // nouns that take up what was said or done: "a claim that"
	attending                   // people who speak for whoever they are "to"
	phrasing                    // verbs whose subject is quoted by a few words behind them
	aimed                       // verbs that an infinitive far behind says the aim of
	instancing                  // including, among: before one of those whom a phrase means
	holding                     // held, led, backed: a passive whose agent has or steers what it is said of
	tying                       // close, loyal, linked: tie somebody to another
	willing                     // will, would
	measuring                   // words before a number that is not exact
	forcing                     // force, oblige: whoever is made to do it may be for it
	texts                       // what somebody writes or passes: it says what its author does
	bidding                     // verbs by which somebody is told to do what follows
	causing                     // verbs whose object does what follows
	prompting                   // verbs whose object did what follows, told in the past
	amidst                      // amid, despite: before what somebody does something under
	beneath                     // under, after: so too, where who is behind it is said with "from"
	suffered                    // what befalls whoever hangs from it by "of"
	falls                       // what befalls somebody, who is its possessor: who is for it is against them
	vessels                     // nouns that hold what hangs from them by "of": "a statement of support"
)

// known is where to find what the stage knows of a word of the vocabulary. What
// is looked up of most words is not at hand, so that it is small: all the rest
// many words have in common.
type known struct {
	can         does
	sort, alone uint16
}

// word is a sort of words: those alike in all of this.
type word struct {
	class       text.Class
	sets        set
	senses      uint64           // bits of the lists of cues that it is in
	making                       // what it has to do with products
	preposition complement       // that it opens
	cues        [numParts]uint16 // by part of speech: 1 + index into cueWords; 0 for none
}

// alone is what a word stands for without others. A list is its only value,
// complemented, else an index from 1; 0 must be matched, and so must a lexeme
// of 0.
type alone struct {
	lists  [numLists]int32
	kinds  kindsOfOp // of the operators
	lexeme uint16
}

// actingNouns are nouns that stand for their possessor when they act: the
// bodies and the conduct of a party.
var actingNouns = []string{"government", "army", "military", "forces", "force", "troops", "ministry", "parliament", "cabinet", "police",
	"leadership", "leader", "leaders", "president", "minister", "spokesman", "spokeswoman", "spokesperson", "representative", "representatives",
	"delegation", "envoy", "ambassador", "administration", "campaign", "officials", "official", "lawyers", "lawyer", "office", "side", "team",
	"decision", "policy", "policies", "plan", "plans", "move", "proposal", "statement", "statements", "actions", "action", "attack", "attacks",
	"strikes", "strike", "offensive", "operation", "remarks", "comments", "speech", "refusal", "failure", "behavior", "behaviour", "conduct",
	"negotiators", "negotiator", "soldiers", "warplanes", "jets", "navy", "court", "lawmakers", "senators", "mayor", "governor",
	"raid", "raids", "airstrike", "airstrikes", "bombing", "bombings", "bombardment", "shelling", "assault", "assaults", "invasion", "incursion",
	"incursions", "onslaught", "blockade", "tariffs", "sanctions", "threats", "remark", "comment", "decisions", "moves", "proposals", "rhetoric",
	"generals", "general", "hackers", "operatives", "services", "spies", "commander", "commanders", "diplomats", "diplomat", "prosecutors", "prosecutor", "premier", "chancellor", "rulers",
	"authorities", "regime", "embassy", "legislature", "politicians", "artillery", "tanks", "bombers", "warships", "aircraft", "missiles", "rockets", "drones", "missile", "rocket", "drone", "jet",
	"warplane", "tank", "ship", "ships", "vessel", "vessels", "gunboat", "gunboats", "helicopters", "gunships", "commandos", "guardsmen"}

// planNouns are nouns for what is proposed or agreed; a relative clause behind
// one says what it is about.
var planNouns = []string{"agreement", "deal", "proposal", "plan", "accord", "bill", "measure", "resolution", "pact", "treaty", "framework"}

// peopleNouns are what else than PersonNoun can hold a view: groups, bodies of
// text that speak for their authors, and quantifiers.
var peopleNouns = []string{"people", "critics", "supporters", "opponents", "activists", "analysts", "experts", "allies", "conservatives", "liberals",
	"progressives", "moderates", "women", "men", "students", "residents", "voters", "fans", "donors", "scholars", "scientists", "economists", "doctors",
	"nurses", "teachers", "farmers", "workers", "families", "parents", "companies", "businesses", "firms", "banks", "airlines", "countries", "nations",
	"states", "governments", "cities", "world", "public", "community", "communities", "media", "press", "newspapers", "networks", "unions", "churches",
	"universities", "many", "some", "others", "most", "several", "few", "everyone", "everybody", "nobody", "respondents", "majority", "minority",
	"percent", "crowd", "crowds", "mob", "gunmen", "attackers", "assailants", "hackers", "jury", "jurors", "panel", "board", "tribunal", "editorial",
	"ad", "lobbyists", "advocates", "groups", "company", "neighbors", "neighbours", "leaders", "demonstrators", "marchers", "protestors", "survivors",
	"relatives", "colleagues", "staffers", "aides", "left", "right", "billionaire", "celebrities", "actors", "artists", "bloggers", "pundits",
	"commentators", "columnists", "reporters", "newspaper", "magazine", "rivals", "foes", "detractors", "skeptics", "backers", "defenders", "loyalists",
	"insiders", "strategists", "observers", "physicians", "historians", "academics", "professors", "researchers", "environmentalists", "feminists",
	"clergy", "bishops", "pastors", "clerics", "executives", "manufacturers", "insurers", "hospitals", "retailers",
	"patients", "consumers", "comedians", "musicians", "writers", "editors", "outlets", "tabloids", "victims",
	"veterans", "diplomats", "constituents", "attendees", "listeners", "viewers", "readers", "users"}

// deedNouns are what somebody does or says beside actingNouns and planNouns:
// against "the Russian approach" is against Russia.
var deedNouns = []string{"offer", "offers", "talks", "truce", "approach", "position", "response", "request", "requests", "demand", "demands", "bid",
	"effort", "efforts", "claim", "claims", "allegation", "allegations", "accusation", "accusations", "criticism", "leadership", "stance", "strategy",
	"aggression", "invasion", "occupation", "interference", "meddling", "propaganda", "threats", "threat", "provocations", "agenda", "regime",
	"candidacy", "presidency", "nomination", "term", "victory", "premiership", "rule", "crackdown", "tactics", "rhetoric", "tweets", "tweet", "decisions", "proposals", "ideas", "initiative",
	"argument", "arguments", "warning", "warnings", "advances", "ambitions", "handling", "record", "settlements", "views", "view", "ruling", "veto", "verdict",
	"vision", "attitude", "silence", "inaction", "budget", "tariffs", "raid", "raids", "bombing", "bombings", "airstrikes", "incursion", "incursions",
	"assault", "blockade", "siege", "bombardment", "expansion", "buildup", "tests", "drills", "treatment", "abuses", "crimes", "blueprint", "platform",
	"withdrawal", "pullout", "involvement", "intervention", "restraint", "resolve", "performance", "narrative", "message", "pledge", "pledges",
	"promise", "promises", "hypocrisy", "lies", "expansionism", "posture", "maneuver", "maneuvers", "gesture", "overture", "overtures", "concessions"}

// struckNouns are what of a country force is used against.
var struckNouns = []string{"embassy", "consulate", "mission", "compound", "base", "bases", "outpost", "ship", "ships", "vessel", "vessels", "tanker",
	"tankers", "drone", "aircraft", "plane", "planes", "helicopter", "soil", "territory", "city", "cities", "town", "towns", "village", "villages",
	"position", "positions", "target", "targets", "sites", "site", "facilities", "facility", "installations", "infrastructure", "airport", "port",
	"capital", "civilians", "civilian", "citizens", "settlements", "airbase", "airfield", "convoy", "checkpoint", "border", "hostages", "prisoners",
	"personnel", "fighters", "militants", "land", "lands", "airspace", "waters", "island", "islands", "province", "provinces", "hospitals", "schools",
	"homes", "refinery", "refineries", "depot", "depots", "camp", "camps", "headquarters", "stronghold", "strongholds", "fishermen", "sailors",
	"barracks", "patrol", "patrols", "reactor", "reactors", "plant", "plants", "factory", "factories", "warehouse", "warehouses", "tunnel", "tunnels", "pipeline", "pipelines",
	"oilfield", "oilfields", "convoys", "launchers", "silos", "radar", "radars", "trawler", "trawlers", "freighter", "freighters", "neighborhoods", "neighbourhoods", "elections", "election", "politics", "affairs", "consulates", "embassies", "ports", "airports"}

// bearingVerbs take a noun for a deed or attitude of their subject.
var bearingVerbs = []string{"voice", "express", "declare", "offer", "give", "show", "launch", "begin", "start", "resume", "continue", "conduct",
	"make", "issue", "mount", "stage", "lead", "repeat", "reiterate", "level", "deliver", "send", "provide", "extend", "pledge", "promise", "announce",
	"impose", "slap", "place", "order", "wage", "escalate", "intensify", "renew", "sign", "reach", "strike", "hold", "forge", "build", "form", "pursue",
	"seek", "advocate", "demand", "remain", "become", "harbor", "unleash", "throw", "lend", "pour", "heap", "open", "maintain", "levy", "file", "bring",
	"direct", "aim", "reaffirm", "restate", "underscore", "profess", "display", "join", "commit", "perpetrate", "execute", "orchestrate", "propose", "want", "unveil", "broaden",
	"favor", "favour", "back", "support", "pay", "heap", "tweet", "write", "publish", "echo", "air", "amplify", "pour", "hurl", "level", "fire", "rain", "inflict", "lavish", "lodge", "register"}

// undoingVerbs end or deny what their object names.
var undoingVerbs = []string{"cut", "end", "stop", "halt", "lift", "ease", "suspend", "freeze", "withhold", "cancel", "reject", "dismiss", "deny",
	"oppose", "block", "ban", "drop", "abandon", "avoid", "prevent", "reduce", "slash", "delay", "withdraw", "remove", "relax", "waive", "rescind",
	"revoke", "scrap", "repeal", "defy", "resist", "ignore", "deflect", "rebut", "refute", "condemn", "criticize", "lose", "lack", "blunt", "quell",
	"silence", "undermine", "avert", "forestall", "erode", "weaken", "doubt", "dispute", "limit", "curb", "sever", "break", "strain", "sour", "damage", "question", "jeopardize", "veto", "defeat", "spurn", "quash"}

// furtheringVerbs are for what their object names.
var furtheringVerbs = []string{"accept", "support", "back", "pass", "adopt", "approve", "join", "implement", "expand", "increase", "strengthen",
	"resume", "restart", "keep", "maintain", "protect", "preserve", "allow", "legalize", "permit", "enforce", "impose", "build", "fund", "introduce",
	"advance", "promote", "extend", "sign", "ratify", "negotiate", "reach", "agree", "observe", "honor", "honour", "respect", "embrace", "endorse",
	"restore", "enact", "provide", "deliver", "launch", "begin", "start", "hold", "pursue", "establish", "create", "secure", "achieve", "recognize",
	"recognise", "raise", "broker", "seek", "enter", "broaden", "boost", "defend", "consider", "bring", "return", "tighten", "toughen", "push", "vote", "revive", "reinstate", "reopen", "reimpose", "save", "rescue", "bolster", "demand", "continue", "grant", "require",
	"authorize", "authorise", "reauthorize", "renew", "confirm", "improve", "modernize", "ensure", "declare", "wage", "conduct", "invoke", "open", "give",
	"form", "double", "triple", "hike", "deploy", "send", "supply", "sell", "ship", "transfer", "institute",
	"deepen", "speed", "upgrade", "construct", "set", "pay", "finance", "sustain", "cement", "uphold", "codify", "guarantee", "add", "offer"}

// aimNouns have an infinitive that says what their owner does or means to do.
var aimNouns = []string{"effort", "efforts", "attempt", "attempts", "decision", "decisions", "plan", "plans", "push", "bid", "move", "moves", "vote",
	"proposal", "proposals", "desire", "promise", "promises", "vow", "pledge", "drive", "campaign", "willingness", "offer", "call", "calls",
	"intention", "intent", "commitment", "threat", "threats", "bill", "bills", "legislation", "crusade", "quest", "scheme", "agreement", "resolution",
	"order", "demand", "demands", "insistence", "eagerness", "strategy", "pressure", "incentive", "incentives", "chance", "chances", "opportunity",
	"tactic", "tactics", "tool", "way", "ways", "excuse", "power", "reason", "reasons", "grounds", "basis", "right", "authority", "need", "ability",
	"capacity", "appetite", "interest", "obligation", "duty", "mandate", "tendency", "habit", "penchant", "inclination", "readiness", "refusal",
	"failure", "inability", "unwillingness", "reluctance", "determination", "desires", "ambition", "mission", "goal", "aim", "hope", "hopes", "journey"}

// countNouns say how many of somebody are meant.
var countNouns = []string{"some", "many", "most", "several", "few", "both", "all", "members", "majority", "number", "none", "percent", "each",
	"dozens", "hundreds", "thousands", "scores", "group", "handful", "half", "parts", "elements", "any", "plurality", "thirds", "quarters", "bulk"}

// orderNouns have an infinitive that somebody else is to carry out.
var orderNouns = []string{"order", "orders", "call", "calls", "demand", "demands", "bill", "bills", "legislation", "resolution", "proposal",
	"proposals", "request", "requests", "pressure", "incentive", "incentives", "power", "reason", "reasons"}

// sourWords leave little of the tie or deal that they describe.
var sourWords = []string{"frayed", "strained", "tense", "poor", "bad", "worsening", "soured", "deteriorating", "fraught", "rocky", "cold", "frosty",
	"icy", "broken", "failed", "alleged", "possible", "potential", "proposed", "hypothetical", "supposed", "dwindling", "waning", "eroding",
	"declining", "low", "little", "lukewarm"}

// turningNouns turn or shift the issue that they follow: who is for "the
// Obamacare repeal" is against Obamacare.
var turningNouns = []string{"repeal", "ban", "bans", "limit", "limits", "restriction", "restrictions", "opponent", "opponents", "critic", "critics",
	"foes", "extension", "delay", "denier", "deniers", "denial", "skeptic", "skeptics", "cut", "cuts", "freeze", "crackdown", "violations",
	"allegations", "allegation", "claims", "claim", "question", "questions", "scandal", "hearing", "hearings", "debate", "debates", "expert", "experts",
	"case", "cases", "rhetoric", "report", "reports", "vote", "votes"}

// topicalNouns are about what hangs from them by a preposition.
var topicalNouns = []string{"bills", "measures", "plans", "proposals", "deals", "agreements", "law", "laws", "legislation", "policy", "policies",
	"reform", "reforms", "issue", "issues", "idea", "use", "expansion", "creation", "recognition", "system", "right", "rights", "program", "programs",
	"funding", "support", "calls", "call", "effort", "efforts", "version", "form", "kind", "type", "continuation", "spread", "imposition", "adoption",
	"approval", "renewal", "enforcement", "protection", "protections", "increase", "increases", "rise", "practice", "goal", "goals", "cause",
	"combination", "mix", "series", "set", "round", "slate", "array", "raft", "slew", "wave", "package", "list", "batch", "principle", "concept", "negotiations", "talks", "war", "fight", "campaign", "amendment", "vote", "attempt", "attempts", "future", "logic",
	"wisdom", "prospect", "prospects", "possibility", "notion", "need", "importance", "merits", "legality", "constitutionality", "timing", "push",
	"bid", "passage", "provision", "provisions", "aspects", "parts", "bulk", "thrust", "benefits", "value"}

// referringNouns refer back with "the" to somebody who may be known.
var referringNouns = []string{"group", "party", "country", "government", "administration", "movement", "organization", "organisation", "militants",
	"president", "minister", "leader", "regime", "nation", "campaign", "network", "company", "senator", "congressman", "congresswoman", "governor",
	"candidate", "nominee", "official", "officials", "lawmaker", "lawmakers", "department", "agency", "committee", "ministry", "army", "military",
	"leaders", "secretary", "chairman", "spokesman", "spokeswoman", "republic"}

// parcelNouns leave the noun before them what is meant: "an aid package".
var parcelNouns = []string{"package", "packages", "program", "programs", "programme", "programmes", "talks", "deal", "deals", "agreement",
	"agreements", "bill", "measure", "measures", "effort", "efforts", "operation", "operations", "money", "regime", "policy", "policies", "campaign",
	"yesterday", "today", "tomorrow", "last", "week", "month", "year"}

// rivalNouns are people who act against the one they belong to, or for themselves.
var rivalNouns = []string{"critics", "critic", "opponents", "opponent", "rivals", "rival", "enemies", "enemy", "foes", "foe", "detractors",
	"detractor", "victims", "victim", "accusers", "accuser", "adversaries", "adversary", "challengers", "challenger", "neighbors", "neighbor", "neighbours", "neighbour", "skeptics", "predecessor",
	"predecessors", "successor", "prosecutors", "protesters", "judge", "judges", "jury", "voters", "supporters", "supporter", "nominee", "nominees",
	"pick", "picks", "candidate", "candidates", "backer", "backers", "watcher", "watchers", "fan", "fans", "observers", "scholars", "wife", "husband",
	"widow", "son", "sons", "daughter", "daughters", "father", "mother", "parents", "brother", "sister", "cousin", "uncle",
	"nephew", "niece", "children", "relatives", "girlfriend", "boyfriend", "in-law"}

// sufferedNouns name what befalls whoever hangs from them by "of": who condemns
// "the killing of Iranians" is not against them.
var sufferedNouns = []string{"killing", "killings", "murder", "murders", "assassination", "massacre", "slaughter", "execution", "executions", "torture",
	"death", "deaths", "loss", "shooting", "beating", "beatings", "poisoning", "stabbing", "lynching", "kidnapping", "abduction", "arrest", "arrests",
	"detention", "imprisonment", "jailing", "conviction", "prosecution", "persecution", "oppression", "repression", "suppression", "subjugation",
	"treatment", "mistreatment", "harassment", "bullying", "intimidation", "humiliation", "demonization", "vilification", "scapegoating", "targeting",
	"smearing", "silencing", "exclusion", "expulsion", "eviction", "deportation", "displacement", "separation", "isolation", "marginalization",
	"starvation", "suffering", "plight", "fate", "removal", "ouster", "ousting", "overthrow", "toppling", "dismissal", "firing", "sacking", "downfall",
	"defeat", "collapse", "destruction", "demolition", "dismantling", "division", "partition", "bombing", "bombings", "bombardment", "shelling", "invasion",
	"occupation", "annexation", "siege", "blockade", "encirclement", "conquest", "capture", "seizure", "looting", "hacking", "surveillance",
	"impeachment", "indictment", "sentencing", "extradition", "downing", "sinking", "rape", "abuse", "exploitation", "genocide",
	"extermination", "recruitment", "arming", "disarmament", "plundering"}

// fallNouns name what befalls somebody whose they are: who welcomes a leader's
// ouster is against the leader, who condemns it is not.
var fallNouns = []string{"impeachment", "removal", "ouster", "ousting", "overthrow", "dismissal", "firing", "sacking", "resignation", "arrest", "detention",
	"imprisonment", "jailing", "incarceration", "conviction", "prosecution", "indictment", "death", "execution", "assassination", "murder", "killing",
	"expulsion", "downfall", "defeat", "extradition", "sentencing", "disqualification", "persecution", "demise", "abduction", "kidnapping", "poisoning"}

// NewStage returns scratch for one worker.
func NewStage(p *rules.Program, tone *ToneModel, pair, event *PairModel) *Stage {
	s := &Stage{p: p, v: p.Vocabulary, tone: tone, pair: pair, event: event, traits: newTraits(p.Cues, p.Vocabulary.Lookup("from")), known: make([]known, p.Vocabulary.Len()), sorts: make([]word, p.Vocabulary.Len())}
	for i := range s.sorts {
		s.sorts[i].class = s.v.Class(int32(i))
	}
	id := func(w string) int32 {
		if n := s.v.Lookup(w); n != 0 {
			return n
		}
		return none
	}
	s.words = words{of: id("of"), by: id("by"), to: id("to"), that: id("that"), also: id("also"), well: id("well"), and: id("and"), or: id("or"),
		from: id("from"), on: id("on"), as: id("as"), it: id("it"), its: id("its"), their: id("their"), his: id("his"), her: id("her"), who: id("who"), which: id("which"),
		against: id("against"), in: id("in"), comma: id(","), colon: id(":")}
	w := &s.words
	w.what, w.ifID = id("what"), id("if")
	w.forID, w.with, w.at, w.more, w.photos, w.too = id("for"), id("with"), id("at"), id("more"), id("photos"), id("too")
	w.each, w.other, w.one, w.another, w.the, w.whether, w.under = id("each"), id("other"), id("one"), id("another"), id("the"), id("whether"), id("under")
	for _, form := range []string{"of", "on", "for", "to", "about", "against", "with", "over", "toward", "towards", "in", "at", "behind"} {
		w.carry = append(w.carry, id(form))
	}
	w.anti = id("anti")
	w.up, w.until, w.least, w.most, w.such, w.i, w.we = id("up"), id("until"), id("least"), id("most"), id("such"), id("i"), id("we")
	w.than, w.led, w.between, w.percent, w.behind, w.folk = id("than"), id("led"), id("between"), id("percent"), id("behind"), id("people")
	s.enter(aims, aimNouns)
	s.enter(counts, countNouns)
	s.enter(parcels, parcelNouns)
	s.enter(orders, orderNouns)
	s.enter(heads, actingNouns)
	s.enter(plans, planNouns)
	s.enter(people, peopleNouns)
	s.enter(struck, struckNouns)
	s.enter(rivals, rivalNouns)
	s.enter(suffered, sufferedNouns)
	s.enter(falls, fallNouns)
	s.enter(deeds, deedNouns)
	s.enter(vessels, []string{"statement", "statements", "message", "messages", "letter", "word", "words", "note", "notes", "expression", "expressions", "show", "display", "sign", "signs",
		"target", "object", "subject", "focus", "butt", "recipient", "victim", "source", "wave", "waves", "barrage", "flurry", "storm", "torrent", "stream", "outpouring", "outburst",
		"chorus", "string", "series", "round", "volley", "measure", "degree", "share", "lot", "lots", "bit", "dose", "vote", "pledge", "pledges", "promise", "promises", "campaign", "form", "kind"})
	s.enterVerbs(aimed, []string{"send", "deploy", "dispatch", "use", "travel", "fly", "visit", "launch", "fire", "mobilize", "meet"})
	s.enter(texts, []string{"letter", "letters", "statement", "statements", "complaint", "complaints", "lawsuit", "lawsuits", "suit", "resolution", "resolutions",
		"petition", "report", "memo", "memorandum", "email", "tweet", "tweets", "post", "message", "note", "ad", "ads", "advertisement", "advertisements", "video", "editorial",
		"op-ed", "filing", "brief", "motion", "declaration", "communique", "communiqué", "document", "series", "speech", "investigation", "inquiry", "review", "article", "column", "story",
		"editorials", "op-eds", "memos", "articles", "posts", "videos", "emails", "messages"})
	s.enter(averse, []string{"unwilling", "reluctant", "unable", "hesitant", "loath", "unlikely", "unprepared", "afraid", "disinclined",
		"hesitation"})
	s.enter(particles, []string{"back", "through", "off", "aside", "down", "out", "up"})
	s.enter(means, []string{"by", "after", "before", "without", "through", "despite", "since", "upon", "while", "besides"})
	s.enterVerbs(naming, []string{"call", "label", "brand", "deem", "consider", "name", "dub", "term", "declare", "describe", "see", "view", "regard",
		"depict", "portray", "paint", "perceive", "characterize", "cast", "denounce", "condemn"})
	s.enterVerbs(appeals, []string{"call", "appeal", "prevail", "rely", "count", "lean", "depend", "wait", "plead", "look", "push", "press", "lobby", "hope"})
	s.enterVerbs(bidding, []string{"ask", "urge", "order", "tell", "instruct", "direct", "press", "pressure", "advise", "encourage", "request", "command", "lobby",
		"implore", "beg", "beseech", "invite", "challenge", "dare", "tempt", "exhort", "petition", "recommend", "oblige"})
	s.enterVerbs(causing, []string{"allow", "enable", "force", "compel", "permit", "cause", "persuade", "convince", "drive", "believe", "trust",
		"empower", "forbid"})
	s.enterVerbs(prompting, []string{"prompt", "lead", "cause", "drive", "spur", "provoke", "inspire", "trigger", "force", "compel", "motivate"})
	s.enterVerbs(wishes, []string{"want", "like", "need", "expect", "wish", "prefer", "hope"})
	s.enter(concerns, []string{"about", "on", "over", "against", "with", "regarding", "concerning", "toward", "towards"})
	s.enter(notions, []string{"claim", "allegation", "accusation", "suspicion", "theory", "notion", "idea", "myth", "lie", "fear", "rumor", "rumour", "possibility",
		"conspiracy", "suggestion", "argument", "belief", "claims", "allegations", "accusations", "suspicions", "theories", "fears", "rumors", "rumours",
		"suggestions", "defamation", "insinuation", "prospect", "chance", "likelihood", "risk", "danger", "perception", "impression", "assumption"})
	s.enter(rough, []string{"than", "about", "over", "around", "nearly", "under"})
	s.enter(instancing, []string{"including", "among", "such", "notably", "namely", "especially", "particularly"})
	s.enter(holding, []string{"held", "controlled", "run", "led", "owned", "used", "operated", "occupied", "commanded", "ruled", "governed", "sent", "armed", "backed",
		"supported", "funded", "financed", "manned", "headed"})
	s.enter(tying, []string{"close", "loyal", "linked", "tied", "connected", "allied", "affiliated", "aligned", "belonging", "friendly"})
	s.enter(amidst, []string{"amid", "amidst", "despite", "facing", "face"})
	s.enter(beneath, []string{"under", "over", "after", "following", "with"})
	s.enter(willing, []string{"will", "would", "won't", "wouldn't", "'ll"})
	s.enterVerbs(forcing, []string{"force", "oblige", "compel"})
	s.enter(measuring, []string{"at", "more", "fewer", "less", "as", "up", "close", "about", "around", "nearly", "over", "almost", "roughly", "approximately", "some"})
	s.enter(unwilling, []string{"refusal", "failure", "inability", "unwillingness", "reluctance"})
	s.enter(entourage, []string{"ally", "allies", "associate", "associates", "aide", "aides", "friend", "friends", "donor", "donors"})
	s.enter(selves, []string{"itself", "himself", "herself", "themselves"})
	s.enter(once, []string{"then", "ex", "now", "former"})
	s.enterVerbs(pulls, []string{"pull", "cut", "withdraw", "withhold", "divert", "freeze", "take"})
	s.enter(locates, []string{"in", "on", "at", "over", "through", "around", "about", "by", "under", "near", "inside", "within", "since", "before", "after", "across", "along", "behind", "beyond"})
	s.enter(sour, sourWords)
	s.enter(turns, turningNouns)
	s.enter(topical, topicalNouns)
	s.enter(refers, referringNouns)
	s.enterVerbs(light, bearingVerbs)
	s.enterVerbs(undo, undoingVerbs)
	s.enterVerbs(furthers, furtheringVerbs)
	for i := range p.Operators {
		s.opKinds = append(s.opKinds, p.Operators[i].Kind)
	}
	for i := range p.CueForms {
		f := &p.CueForms[i]
		c := &p.Cues[f.Cue]
		s.forms = append(s.forms, form{f.Cue, uint8(f.Head), c.Class, f.Never, c.Reciprocal && c.Class != rules.CueNoun})
	}
	s.places = map[string]bool{}
	for i := range p.Aliases {
		if a := &p.Aliases[i]; a.Kind == model.AliasPlace {
			s.places[a.Text] = true
		}
	}
	s.enterCues()
	s.enterProducts()
	s.enterSenses()
	s.sieves = map[sieve]string{}
	s.seen.model = tone.Linear
	s.foresee()
	s.share()
	return s
}

// share leaves one of the words and one of what they are alone that are alike.
func (s *Stage) share() {
	sorts, alones := map[word]uint16{}, map[alone]uint16{}
	for id := range s.known {
		k, w, a := &s.known[id], s.sorts[id], s.alone[id]
		if len(sorts) > math.MaxUint16/2 {
			w.senses = math.MaxUint64 // too many cues with lists of their own: it may be in any
		}
		if len(alones) > math.MaxUint16 {
			a = alone{} // it must be matched
		}
		k.sort, k.alone = indexOf(w, sorts, s.sorts), indexOf(a, alones, s.alone)
	}
	s.sorts, s.alone = slices.Clone(s.sorts[:len(sorts)]), slices.Clone(s.alone[:len(alones)])
}

// indexOf returns where x is in rows, by index. A new one takes the next place.
func indexOf[T comparable](x T, index map[T]uint16, rows []T) uint16 {
	i, known := index[x]
	if !known {
		i = uint16(len(index))
		index[x], rows[i] = i, x
	}
	return i
}

// foresee finds out what each word can do, so that reading asks little.
func (s *Stage) foresee() {
	s.alone, s.lexemes, s.starts = make([]alone, len(s.known)), make([]lexeme, 1), make(text.TokenSet, 1<<13)
	s.overlook(s.p.OperatorPhrases, isOperator, func(id int32, found []text.Match) { s.keep(operatorList, id, found) })
	alike := map[form]int32{} // forms of cues: most differ in nothing that is asked
	s.overlook(s.p.CuePhrases, isCue, func(id int32, found []text.Match) {
		for i := range found {
			v := &found[i].Value
			if first, known := alike[s.forms[*v]]; known {
				*v = first
			}
			alike[s.forms[*v]] = *v
		}
		s.keep(cueList, id, found)
	})
	index := map[lexeme]uint16{}
	s.overlook(s.p.LexiconPhrases, isEntry, func(id int32, found []text.Match) {
		x := s.lexemeOf(found)
		at, known := index[x]
		if !known && len(s.lexemes) <= math.MaxUint16 {
			at = uint16(len(s.lexemes))
			index[x] = at
			s.lexemes = append(s.lexemes, x)
		}
		s.alone[id].lexeme = at
	})
	s.known[0].can = 0 // the unknown word
	for id := range s.sorts {
		w := &s.sorts[id]
		c := w.class
		for _, x := range [...]struct {
			is does
			so bool
		}{
			{inTone, s.tone.words[id].slots != 0 && id != 0},
			{attributes, w.cues[nounCue]|w.cues[adjectiveCue] != 0},
			{verbAttributes, w.cues[verbCue] != 0},
			{joiner, w.sets&joining != 0},
			{contraster, w.sets&contrasting != 0},
			{determiner, c&text.Determiner != 0},
			{pronoun, c&text.Pronoun != 0},
			{preposition, c&text.Preposition != 0},
			{leading, c&text.Adverb != 0 && c&(text.Noun|text.Adjective|text.Determiner) == 0},
			{dating, c&(text.Weekday|text.Preposition) != 0 || w.sets&(pointing|timing) != 0},
			{adverb, c&text.Adverb != 0 && c&(text.Noun|text.NounPlural|text.Pronoun|text.Determiner) == 0},
			{unlisted, c == 0},
			{nounish, c&(text.Preposition|text.Coordinator|text.Subordinate|text.Conditional|text.To) == 0 &&
				(c&(text.Relative|text.That|text.Question) == 0 || c&(text.Noun|text.Adjective|text.Determiner|text.Pronoun) != 0)},
			{commaKind, int32(id) == s.words.comma},
			{pairing, int32(id) == s.words.each || int32(id) == s.words.other || int32(id) == s.words.another},
			{governing, c&text.Preposition != 0 || w.sets&locates != 0},
		} {
			if x.so {
				s.known[id].can |= x.is
			}
		}
	}
}

// overlook enters what words can do in some phrases: is and the bit after it.
// It calls alone with what a word is without others.
func (s *Stage) overlook(phrases *text.Phrases, is does, alone func(id int32, found []text.Match)) {
	var token [1]model.Token
	for id := range s.known {
		if token[0].ID = int32(id); !phrases.Starts(token[0].ID) {
			continue
		}
		s.matches = phrases.Match(token[:], 0, s.matches[:0])
		if is == isOperator {
			s.matches = slices.DeleteFunc(s.matches, func(m text.Match) bool { return asked>>s.p.Operators[m.Value].Kind&1 == 0 })
		}
		if len(s.matches) > 0 {
			s.known[id].can |= is
			alone(token[0].ID, s.matches)
		}
	}
	phrases.Openings(func(first, second, third int32) {
		s.known[first].can |= is << 1
		s.known[second].can |= is << 1 << goingOn
		pair := text.HashTokens(first, second, 0)
		s.starts.Add(pair, bits.TrailingZeros32(uint32(is))/2*nextKind)
		s.starts.Add(pair+exactly(is<<1)+text.HashTokens(0, 0, max(third, 0)), 0)
	})
}

// keep makes the list of what a word alone stands for.
func (s *Stage) keep(which int, id int32, found []text.Match) {
	l := &s.lists[which]
	w := &s.alone[id]
	if which == operatorList {
		for _, m := range found {
			w.kinds |= 1 << s.p.Operators[m.Value].Kind
		}
	}
	if len(found) == 1 {
		w.lists[which] = ^found[0].Value
		return
	}
	if l.bounds == nil {
		l.bounds = make([]bounds, 1)
	}
	w.lists[which] = int32(len(l.bounds))
	first := int32(len(l.values))
	for _, m := range found {
		l.values = append(l.values, m.Value)
	}
	l.bounds = append(l.bounds, bounds{first, int32(len(l.values))})
}

// lexemeOf joins matches of the lexicon: the longest holds.
func (s *Stage) lexemeOf(found []text.Match) lexeme {
	v := found[len(found)-1].Value
	return lexeme{s.p.Lexicon[v].Polarity, s.tone.Space.topicOf[v]}
}

// enter puts words into a list.
func (s *Stage) enter(in set, words []string) {
	for _, w := range words {
		if id := s.v.Lookup(w); id != 0 {
			s.sorts[id].sets |= in
		}
	}
}

// enterVerbs puts all forms of some verbs into a list.
func (s *Stage) enterVerbs(in set, lemmas []string) {
	for _, lemma := range lemmas {
		for _, f := range text.Inflections(lemma, text.InflectVerb) {
			s.enter(in, []string{f.Text})
		}
	}
}

// is reports whether a word by its id is in one of some lists.
func (s *Stage) is(id int32, in set) bool { return s.sorts[s.known[id].sort].sets&in != 0 }

// word returns what is known of the word of token t.
func (s *Stage) word(t int32) *word { return &s.sorts[s.sortAt[t]] }

// marked reports whether token t is in one of some lists.
func (s *Stage) marked(t int32, in set) bool { return s.word(t).sets&in != 0 }

// Run fills r.Quotes, Attributions, Modalities, Stances, Tones, Parties,
// Dyads and RuleCounts, and the roles of r.Mentions. r.Layers, r.Mentions and
// r.Sentiments must be there. Parties and RuleCounts grow from piece to piece
// of an article and are complete with the last.
func (s *Stage) Run(r *model.Result, tr *trace.Recorder) {
	s.r, s.l, s.tr, s.sentenceAt = r, &r.Layers, tr, 0
	s.judged.sentence = none
	r.Quotes, r.Stances, r.Tones, r.Dyads = r.Quotes[:0], r.Stances[:0], r.Tones[:0], r.Dyads[:0]
	if r.Piece.Number == 0 {
		r.Parties, s.narrated, s.mentions = r.Parties[:0], s.narrated[:0], 0
		r.RuleCounts = resize(r.RuleCounts, len(s.p.Cues))
		clear(r.RuleCounts)
	}
	s.scan()
	s.index()
	s.attribute()
	s.stances()
	s.settleMentions()
	s.toneAll()
	s.publish()
	s.dyads()
	s.leaveKnown()
	s.summarise()
}

// leaveKnown drops what the piece before found already.
func (s *Stage) leaveKnown() {
	r, known := s.r, s.r.Piece.Known
	if known == 0 {
		return
	}
	r.Tones = slices.DeleteFunc(r.Tones, func(t model.Tone) bool { return t.Sentence < known })
	r.Dyads = slices.DeleteFunc(r.Dyads, func(d model.Dyad) bool { return d.Sentence < known })
	r.Quotes = slices.DeleteFunc(r.Quotes, func(q model.Quote) bool { return q.FirstSentence < known })
}

func resize[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n, n+n/4)
	}
	return x[:n]
}

// fill sets all of x, most of it by copying what is set, which moves many at
// once.
func fill(x []int32, v int32) {
	n := min(len(x), 64)
	for i := range x[:n] {
		x[i] = v
	}
	for ; n > 0 && n < len(x); n *= 2 {
		copy(x[n:], x[:n])
	}
}

// lay sets tokens [first, last) of at to i.
func lay(at []int32, first, last, i int32) {
	at = at[first:last]
	for t := range at {
		at[t] = i
	}
}

// index lays mentions, verb groups and clauses over the tokens, which were
// scanned.
func (s *Stage) index() {
	n := len(s.l.Tokens)
	s.mentionAt, s.issueAt, s.groupAt = resize(s.mentionAt, n), resize(s.issueAt, n), resize(s.groupAt, n)
	s.clauseAt, s.quoteAt = resize(s.clauseAt, n), resize(s.quoteAt, n)
	for _, x := range [][]int32{s.mentionAt, s.groupAt, s.clauseAt, s.quoteAt} {
		fill(x, none)
	}
	groupAt, canAt := s.groupAt[:n], s.canAt[:n]
	for i := range s.l.Groups {
		for t, last := s.l.Groups[i].First, s.l.Groups[i].Last; t < last; t++ {
			groupAt[t] = int32(i)
			canAt[t] &^= canAt[t] & wordKind / wordKind * nounish // no word of a verb is
		}
	}
	for i := range s.r.Mentions {
		m := &s.r.Mentions[i]
		at, is := s.mentionAt[:n], named
		if m.Kind == model.MentionIssue {
			at, is = s.issueAt[:n], issued
		}
		for t, last := m.First, m.Last; t < last; t++ {
			at[t] = int32(i)
			canAt[t] |= is
			if is == issued {
				canAt[t] |= canAt[t] & wordKind / wordKind * nounish // every word of an issue is
			} else if canAt[t]&pronoun != 0 && s.l.Tokens[t].Has(model.AllCaps) {
				canAt[t] &^= pronoun // the US
			}
		}
	}
	s.origins = resize(s.origins, len(s.l.Clauses))
	for i := range s.l.Clauses {
		c := &s.l.Clauses[i]
		lay(s.clauseAt, c.First, c.Last, int32(i))
		if s.origins[i] = int32(i); c.Resumes >= 0 {
			s.origins[i] = s.origins[c.Resumes] // which stands before it
		}
	}
	s.subjects = resize(s.subjects, len(s.l.Groups))
	clear(s.subjects)
}

// sift notes what each token is and its word can do, and returns the tokens that
// may begin an operator or a cue or attribute. Which do cannot be foreseen: each
// is written down, without a branch, and the next takes its place if it does not.
func (s *Stage) sift() []int32 {
	toks := s.l.Tokens
	canAt, sortAt, sifted, known := s.canAt[:len(toks)], s.sortAt[:len(toks)], s.sifted[:len(toks)], s.known
	for t := range toks { // nothing else: what is far away comes while others are asked for
		word := &known[toks[t].ID]
		canAt[t], sortAt[t] = word.can, word.sort
	}
	next, left := does(0), len(toks)
	for t := len(toks) - 1; t >= 0; t-- {
		kind := &ofKind[toks[t].Kind&15]
		can := canAt[t]&kind.keep | kind.add
		goesOn := next>>goingOn | ^starts
		next = can
		can &= goesOn
		canAt[t], sifted[left-1] = can, int32(t)
		left -= int((can&sought + narrowed - 1) / narrowed) // 1 with any of them
	}
	return sifted[left:]
}

// part looks up what the words of some tokens stand for alone, and what they
// and the next begin. It does nothing else: what is far away comes while others
// are asked for.
func (s *Stage) part(tokens []int32) {
	toks, alone, known, canAt, starts := s.l.Tokens, s.alone, s.known, s.canAt, s.starts
	s.apart = resize(s.apart, len(tokens))
	apart := s.apart[:len(tokens)]
	for i, t := range tokens {
		id := toks[t].ID
		apart[i] = alone[known[id].alone]
		next := toks[min(int(t)+1, len(toks)-1)].ID
		canAt[t] = canAt[t]&beginnings(starts.Look(text.HashTokens(id, next, 0))) | narrowed
	}
}

// scan finds operators and cues. The longest operator of each kind wins at a
// place; every cue form is kept, for the frames decide.
func (s *Stage) scan() {
	s.ops, s.cues, s.attributives = s.ops[:0], s.cues[:0], s.attributives[:0]
	n := len(s.l.Tokens)
	s.canAt, s.sortAt, s.sifted, s.kindsAt, s.opAt = resize(s.canAt, n), resize(s.sortAt, n), resize(s.sifted, n), resize(s.kindsAt, n), resize(s.opAt, n)
	clear(s.kindsAt)
	s.kindsIn = resize(s.kindsIn, len(s.l.Sentences))
	left, next := s.sift(), 0
	s.part(left)
	for si := range s.l.Sentences {
		sent := &s.l.Sentences[si]
		toks := s.l.Tokens[:sent.Last]
		kinds := kindsOfOp(0)
		for ; next < len(left) && left[next] < sent.Last; next++ {
			t := left[next]
			w := &s.apart[next]
			can := s.canAt[t]
			if can&pairing != 0 {
				kinds |= pairs
			}
			if can&attributes != 0 {
				s.attributives = append(s.attributives, t)
			}
			if can&starts != 0 {
				can = s.narrow(can, toks, t)
			}
			s.canAt[t] = can
			if int32(si) < s.l.Piece.Known {
				can &= operators // its stances are known
			}
			if can&operators != 0 {
				if can&startsOperator == 0 && w.lists[operatorList] != 0 {
					s.opAt[t] = int32(len(s.ops))
					s.kindsAt[t] = w.kinds
					if v := ^w.lists[operatorList]; v >= 0 {
						s.ops = append(s.ops, opMatch{t, 1, &s.p.Operators[v], s.opKinds[v]})
					} else {
						for _, v := range s.lists[operatorList].of(^v) {
							s.ops = append(s.ops, opMatch{t, 1, &s.p.Operators[v], s.opKinds[v]})
						}
					}
				} else {
					s.matches = s.p.OperatorPhrases.Match(toks, int(t), s.matches[:0])
					if len(s.matches) > 0 {
						s.opAt[t] = int32(len(s.ops))
					}
					for _, m := range s.matches {
						kind := s.opKinds[m.Value]
						s.kindsAt[t] |= 1 << kind
						s.ops = append(s.ops, opMatch{t, m.Len, &s.p.Operators[m.Value], kind})
					}
				}
				kinds |= s.kindsAt[t]
			}
			if can&cues != 0 {
				if can&startsCue == 0 && w.lists[cueList] != 0 {
					if v := ^w.lists[cueList]; v >= 0 {
						s.cues = append(s.cues, cueMatch{t, 1, s.forms[v]})
					} else {
						for _, v := range s.lists[cueList].of(^v) {
							s.cues = append(s.cues, cueMatch{t, 1, s.forms[v]})
						}
					}
				} else {
					s.matches = s.p.CuePhrases.Match(toks, int(t), s.matches[:0])
					for _, m := range s.matches {
						s.cues = append(s.cues, cueMatch{t, m.Len, s.forms[m.Value]})
					}
					if len(s.matches) == 0 {
						s.canAt[t] &^= cues // it only seemed to
					}
				}
			}
		}
		s.kindsIn[si] = kinds
	}
}

// narrow takes from what token t can begin the phrases that the next two tokens
// do not go on.
func (s *Stage) narrow(can does, toks []model.Token, t int32) does {
	if can&starts == 0 {
		return can
	}
	if int(t)+1 >= len(toks) {
		return can &^ starts
	}
	pair, third := text.HashTokens(toks[t].ID, toks[t+1].ID, 0), uint64(0)
	if int(t)+2 < len(toks) {
		third = text.HashTokens(0, 0, toks[t+2].ID)
	}
	if can&narrowed == 0 {
		can &= beginnings(s.starts.Look(pair))
	}
	for rest := can & starts; rest != 0; rest &= rest - 1 {
		kind := rest & -rest
		if h := pair + exactly(kind); !s.starts.Has(h) && !s.starts.Has(h+third) {
			can &^= kind
		}
	}
	return can
}

// beginnings returns what two tokens may begin, and all that has nothing to do
// with phrases, given their look-up in Stage.starts.
func beginnings(word, run uint64) does {
	can := ^does(0)
	if word&run != run {
		can = ^startsOperator
	}
	if run = bits.RotateLeft64(run, nextKind); word&run != run {
		can &^= startsCue
	}
	if run = bits.RotateLeft64(run, nextKind); word&run != run {
		can &^= startsEntry
	}
	return can
}

// nextKind is how far the first two tokens of the phrases of a kind are turned
// in Stage.starts from those of the kind before.
const nextKind = 21

// exactly is added to the hash of the first two tokens of a phrase of a kind
// when it has no others, or to the hash of the first three.
func exactly(kind does) uint64 {
	return text.HashTokens(int32(bits.TrailingZeros32(uint32(kind)))<<20, 0, 0)
}

// opsAt returns the operators that start at token t, where kindsAt has some.
func (s *Stage) opsAt(t int32) []opMatch {
	i := s.opAt[t]
	j := i
	for int(j) < len(s.ops) && s.ops[j].tok == t {
		j++
	}
	return s.ops[i:j]
}

// operator returns the longest operator of a kind that starts at token t.
func (s *Stage) operator(t int32, kind rules.OperatorKind) *opMatch {
	if s.kindsAt[t]>>kind&1 == 0 {
		return nil
	}
	return s.longest(t, kind)
}

// longest is operator where there is one.
func (s *Stage) longest(t int32, kind rules.OperatorKind) *opMatch {
	var best *opMatch
	ops := s.opsAt(t)
	for i := range ops {
		if o := &ops[i]; o.kind == kind && (best == nil || o.n > best.n) {
			best = o
		}
	}
	return best
}

// class returns the word classes of token t; 0 for punctuation and unknown
// words.
func (s *Stage) class(t int32) text.Class {
	return s.word(t).class
}

// actorAt returns the mention of an actor over token t, or none. Where force
// is used, a place stands for the party whose place it is.
func (s *Stage) actorAt(t int32) int32 {
	m := s.mentionAt[t]
	if m < 0 || !s.r.Mentions[m].Actor() && !s.placesToo {
		return none
	}
	return m
}

// party returns the party of a mention, none for none.
func (s *Stage) party(m int32) int32 {
	if m < 0 {
		return none
	}
	return s.r.Mentions[m].Party
}

// sameActor reports whether two mentions name the same party or, when they
// are not resolved, the same person.
func (s *Stage) sameActor(a, b int32) bool {
	if a < 0 || b < 0 {
		return a == b
	}
	x, y := &s.r.Mentions[a], &s.r.Mentions[b]
	if x.Party >= 0 || y.Party >= 0 {
		return x.Party == y.Party
	}
	return x.Person != "" && x.Person == y.Person || a == b
}

// colleagues reports whether two mentions of one party are of two people, or of a
// political party's people and one of them.
func (s *Stage) colleagues(a, b int32) bool {
	x, y := &s.r.Mentions[a], &s.r.Mentions[b]
	if x.Party < 0 || x.Party != y.Party {
		return false
	}
	if x.Person != "" && y.Person != "" {
		return x.Person != y.Person
	}
	return x.Person+y.Person != "" && s.p.Parties[x.Party].Kind == rules.PoliticalParty && x.AliasKind != model.AliasPronoun && y.AliasKind != model.AliasPronoun
}

// settleMentions sets the roles that stances and quotes give, and turns
// capitals and adjectives that needed a cue and found none into places.
func (s *Stage) settleMentions() {
	set := func(m int32, role model.Role) {
		if m >= 0 && (s.r.Mentions[m].Role == model.RoleNone || role == model.RoleHolder && s.r.Mentions[m].Role == model.RoleSpeaker) {
			s.r.Mentions[m].Role = role
		}
	}
	for i := range s.r.Quotes {
		set(s.r.Quotes[i].Mention, model.RoleSpeaker)
	}
	for i := range s.r.Stances {
		st := &s.r.Stances[i]
		set(st.Holder, model.RoleHolder)
		set(st.Issue, model.RoleIssue)
		if s.r.Mentions[st.Target].Kind == model.MentionIssue {
			set(st.Target, model.RoleIssue)
		} else {
			set(st.Target, model.RoleTarget)
		}
	}
	idle := false
	for i := range s.r.Mentions {
		m := &s.r.Mentions[i]
		if m.AliasKind == model.AliasPlace && m.Role != model.RoleNone && !s.forced(int32(i)) {
			m.AliasKind, m.Resolution = model.AliasName, "cue"
		}
		if m.NeedsCue && m.Role == model.RoleNone {
			if m.AliasKind == model.AliasDemonym {
				idle = true
			} else {
				m.AliasKind, m.Resolution = model.AliasPlace, "place"
			}
		}
	}
	if idle {
		s.dropIdle()
	}
}

// forced reports whether every stance that a place takes part in is about the
// use of force, which leaves it a place.
func (s *Stage) forced(m int32) bool {
	for i := range s.r.Stances {
		st := &s.r.Stances[i]
		if (st.Target == m || st.Holder == m) && !(len(st.CAMEO) >= 2 && st.CAMEO[:2] >= "17" && st.CAMEO[:2] <= "20") {
			return false
		}
	}
	return true
}

// dropIdle removes the adjectives of origin that no cue took, which name
// nobody, and renumbers what refers to mentions.
func (s *Stage) dropIdle() {
	moved := resize(s.summary, len(s.r.Mentions))
	s.summary = moved
	n := int32(0)
	for i := range s.r.Mentions {
		m := &s.r.Mentions[i]
		if m.NeedsCue && m.Role == model.RoleNone && m.AliasKind == model.AliasDemonym {
			moved[i] = none
			for t := m.First; t < m.Last; t++ {
				s.mentionAt[t] = none
				s.canAt[t] &^= named
			}
			continue
		}
		if moved[i] = n; int(n) < i {
			at := s.mentionAt
			if m.Kind == model.MentionIssue {
				at = s.issueAt
			}
			for t := m.First; t < m.Last; t++ {
				if at[t] == int32(i) {
					at[t] = n
				}
			}
			s.r.Mentions[n] = *m
		}
		n++
	}
	s.r.Mentions = s.r.Mentions[:n]
	move := func(m *int32) {
		if *m >= 0 {
			*m = moved[*m]
		}
	}
	for i := range s.r.Mentions {
		move(&s.r.Mentions[i].Antecedent)
	}
	for i := range s.r.Quotes {
		move(&s.r.Quotes[i].Mention)
	}
	for i := range s.r.Attributions {
		move(&s.r.Attributions[i].Speaker)
	}
	for i := range s.r.Stances {
		st := &s.r.Stances[i]
		move(&st.Holder)
		move(&st.Target)
		move(&st.Issue)
		move(&st.ReportedBy)
	}
	for i := range s.subjects {
		if p := &s.subjects[i].phrase; s.subjects[i].state == 2 {
			move(&p.Mention)
		}
	}
}

// compareStances orders rows by sentence, place of the cue, rule, holder and
// target, which is the order of the table.
func compareStances(a, b model.Stance) int {
	switch {
	case a.Sentence != b.Sentence:
		return int(a.Sentence - b.Sentence)
	case a.Cue.Start != b.Cue.Start:
		return int(a.Cue.Start - b.Cue.Start)
	case a.Rule != b.Rule:
		if a.Rule < b.Rule {
			return -1
		}
		return 1
	case a.Holder != b.Holder:
		return int(a.Holder - b.Holder)
	case a.Target != b.Target:
		return int(a.Target - b.Target)
	}
	return int(a.Polarity - b.Polarity)
}

func (s *Stage) sortStances() { slices.SortStableFunc(s.r.Stances, compareStances) }
