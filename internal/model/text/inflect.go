package text

import "strings"

// Inflect says how a lemma inflects.
type Inflect uint8

const (
	InflectNone      Inflect = iota // the lemma alone, without a class
	InflectVerb                     // base, -s, past, past participle, -ing
	InflectNoun                     // singular and plural
	InflectAdjective                // positive, comparative, superlative
)

// Form is an inflected form with all classes it has under its lemma.
type Form struct {
	Text  string
	Class Class
}

// Inflections returns the forms of a lemma, the lemma first, each form once.
// In a lemma of several words a verb inflects its first word ("call on") and
// a noun its last ("cease-fire deal"); hyphens count as spaces for nouns.
// Spelling variants (travelled, traveled) are all given.
func Inflections(lemma string, how Inflect) []Form {
	out := make([]Form, 0, [...]int{InflectNone: 1, InflectVerb: 6, InflectNoun: 2, InflectAdjective: 3}[how])
	add := func(s string, c Class) {
		for i := range out {
			if out[i].Text == s {
				out[i].Class |= c
				return
			}
		}
		out = append(out, Form{s, c})
	}
	switch how {
	case InflectVerb:
		head, rest := lemma, ""
		if i := strings.IndexAny(lemma, " "); i > 0 {
			head, rest = lemma[:i], lemma[i:]
		}
		for _, f := range verbForms(head) {
			add(f.Text+rest, f.Class)
		}
	case InflectNoun:
		i := strings.LastIndexAny(lemma, " -") + 1
		add(lemma, Noun)
		for _, p := range plurals(lemma[i:]) {
			add(lemma[:i]+p, NounPlural)
		}
	case InflectAdjective:
		add(lemma, Adjective)
		for _, f := range degrees(lemma) {
			add(f, Adjective)
		}
	default:
		add(lemma, 0)
	}
	return out
}

func verbForms(base string) []Form {
	if f, ok := irregularVerbs[base]; ok {
		parts := strings.Fields(f)
		out := append(make([]Form, 0, 6), Form{base, VerbBase})
		s, ing := thirdPerson(base), ingForm(base)
		if base == "have" {
			s = "has"
		}
		out = append(out, Form{s, VerbS})
		for i, class := range []Class{VerbPast, VerbPast2} {
			for _, p := range strings.Split(parts[i], "/") {
				out = append(out, Form{p, class})
			}
		}
		return append(out, Form{ing, VerbIng})
	}
	if base == "be" {
		return []Form{{"be", VerbBase | Be}, {"is", VerbS | Be}, {"am", VerbS | Be}, {"are", VerbS | Be},
			{"was", VerbPast | Be}, {"were", VerbPast | Be}, {"been", VerbPast2 | Be}, {"being", VerbIng | Be}}
	}
	out := append(make([]Form, 0, 6), Form{base, VerbBase}, Form{thirdPerson(base), VerbS})
	stems := append(make([]string, 0, 2), base)
	switch {
	case strings.HasSuffix(base, "c") && base != "arc" && base != "sync":
		stems[0] = base + "k"
	case doubles(base):
		stems[0] = base + base[len(base)-1:]
	case maybeDoubles(base):
		stems = append(stems, base+base[len(base)-1:])
	}
	for _, stem := range stems {
		past := stem + "ed"
		switch {
		case strings.HasSuffix(stem, "e"):
			past = stem + "d"
		case endsConsonantY(stem):
			past = stem[:len(stem)-1] + "ied"
		}
		out = append(out, Form{past, VerbPast | VerbPast2})
	}
	for _, stem := range stems {
		out = append(out, Form{ingStem(stem) + "ing", VerbIng})
	}
	return out
}

func thirdPerson(base string) string {
	switch {
	case endsConsonantY(base):
		return base[:len(base)-1] + "ies"
	case strings.HasSuffix(base, "z") && doubles(base):
		return base + "zes"
	case hisses(base) || strings.HasSuffix(base, "o") && !strings.HasSuffix(base, "oo"):
		return base + "es"
	}
	return base + "s"
}

func ingForm(base string) string {
	if doubles(base) {
		base += base[len(base)-1:]
	}
	return ingStem(base) + "ing"
}

func ingStem(stem string) string {
	n := len(stem)
	switch {
	case strings.HasSuffix(stem, "ie"):
		return stem[:n-2] + "y"
	case n > 2 && stem[n-1] == 'e' && !strings.ContainsRune("eoy", rune(stem[n-2])) && !strings.HasSuffix(stem, "singe"):
		return stem[:n-1]
	}
	return stem
}

// doubles reports whether the last consonant doubles before -ed and -ing:
// always in one short syllable, else by the list of verbs stressed at the end.
func doubles(base string) bool {
	n := len(base)
	if n < 3 || !closed(base) {
		return false
	}
	return vowelGroups(base) == 1 || doubling[base]
}

// maybeDoubles reports whether both spellings are in use (travelled, traveled).
func maybeDoubles(base string) bool {
	n := len(base)
	return n > 4 && closed(base) && base != "parallel" && (base[n-1] == 'l' || bothSpellings[base]) || base == "fuel" || base == "dial"
}

// closed reports whether s ends in one vowel and one consonant that can double.
func closed(s string) bool {
	n := len(s)
	if isVowel(s[n-1]) || strings.IndexByte("wxyh", s[n-1]) >= 0 || !isVowel(s[n-2]) && s[n-2] != 'y' {
		return false
	}
	return n < 3 || !isVowel(s[n-3]) || n > 3 && s[n-4:n-2] == "qu"
}

func vowelGroups(s string) int {
	n, in := 0, false
	for i := 0; i < len(s); i++ {
		v := isVowel(s[i]) || s[i] == 'y' && i > 0
		if v && !in {
			n++
		}
		in = v
	}
	return n
}

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

func hisses(s string) bool {
	for _, e := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

func endsConsonantY(s string) bool {
	n := len(s)
	return n > 1 && s[n-1] == 'y' && !isVowel(s[n-2])
}

// plurals returns the plural of a noun, or its plurals where several are used.
func plurals(noun string) []string {
	if p, ok := irregularNouns[strings.ToLower(noun)]; ok {
		return strings.Split(p, "/")
	}
	n := len(noun)
	switch {
	case n == 0:
		return nil
	case n > 4 && (strings.HasSuffix(noun, "man") || strings.HasSuffix(noun, "woman")) && !regularMan[strings.ToLower(noun)]:
		return []string{noun[:n-2] + "en"}
	case n > 5 && strings.HasSuffix(noun, "person"):
		return []string{noun[:n-6] + "people", noun + "s"}
	case n > 4 && strings.HasSuffix(noun, "sis"):
		return []string{noun[:n-2] + "es"}
	case endsConsonantY(noun):
		return []string{noun[:n-1] + "ies"}
	case strings.HasSuffix(noun, "ch") && softEnd[strings.ToLower(noun)]:
		return []string{noun + "s"}
	case hisses(noun):
		return []string{noun + "es"}
	}
	return []string{noun + "s"}
}

// degrees returns comparative and superlative of short adjectives.
func degrees(adj string) []string {
	if f, ok := irregularDegrees[adj]; ok {
		return strings.Fields(f)
	}
	n := len(adj)
	groups := vowelGroups(strings.TrimSuffix(adj, "e"))
	switch {
	case n < 3 || groups > 2 || strings.ContainsAny(adj, " -"):
		return nil
	case endsConsonantY(adj):
		return []string{adj[:n-1] + "ier", adj[:n-1] + "iest"}
	case groups == 2 && !strings.HasSuffix(adj, "le") && !strings.HasSuffix(adj, "ow"):
		return nil
	case adj[n-1] == 'e':
		return []string{adj + "r", adj + "st"}
	case closed(adj) && groups == 1:
		return []string{adj + adj[n-1:] + "er", adj + adj[n-1:] + "est"}
	}
	return []string{adj + "er", adj + "est"}
}

func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

var (
	doubling = words(`abet abhor abut acquit admit airdrop allot annul appal backpedal backslap beget begin beset commit compel
		concur confer control corral debar defer demur deter disbar dispel distil eavesdrop enrol entrap equip excel expel extol
		forbid forget fulfil handicap impel incur infer inter kidnap occur offset omit outbid outfit outgun outrun outstrip outwit
		overlap overrun overstep patrol permit prefer propel rebel rebut recap recur refer refit regret remit repel rerun reset resubmit
		sidestep submit transfer transmit undercut underpin unplug unwrap upset wiretap zigzag`)
	bothSpellings = words(`benefit focus worship combat`)
	regularMan    = words(`human german roman ottoman talisman shaman norman ataman`)
	softEnd       = words(`monarch patriarch matriarch stomach oligarch epoch tech eunuch loch czech`)
)

// irregularVerbs gives past and past participle, variants joined by a slash.
var irregularVerbs = map[string]string{
	"arise": "arose arisen", "awake": "awoke/awakened awoken/awakened", "have": "had had", "do": "did done",
	"bear": "bore borne/born", "beat": "beat beaten", "become": "became become", "befall": "befell befallen",
	"begin": "began begun", "behold": "beheld beheld", "bend": "bent bent", "beset": "beset beset",
	"bet": "bet/betted bet/betted", "bid": "bid/bade bid/bidden", "bind": "bound bound", "bite": "bit bitten",
	"bleed": "bled bled", "blow": "blew blown", "break": "broke broken", "breed": "bred bred",
	"bring": "brought brought", "broadcast": "broadcast/broadcasted broadcast/broadcasted", "build": "built built",
	"burn": "burned/burnt burned/burnt", "burst": "burst burst", "buy": "bought bought", "cast": "cast cast",
	"catch": "caught caught", "choose": "chose chosen", "cling": "clung clung", "come": "came come",
	"cost": "cost cost", "creep": "crept crept", "cut": "cut cut", "deal": "dealt dealt", "dig": "dug dug",
	"dive": "dived/dove dived", "draw": "drew drawn", "dream": "dreamed/dreamt dreamed/dreamt", "drink": "drank drunk",
	"drive": "drove driven", "dwell": "dwelt/dwelled dwelt/dwelled", "eat": "ate eaten", "fall": "fell fallen",
	"feed": "fed fed", "feel": "felt felt", "fight": "fought fought", "find": "found found", "flee": "fled fled",
	"fling": "flung flung", "fly": "flew flown", "forbid": "forbade/forbad forbidden", "forecast": "forecast/forecasted forecast/forecasted",
	"foresee": "foresaw foreseen", "foretell": "foretold foretold", "forget": "forgot forgotten", "forgive": "forgave forgiven",
	"forgo": "forwent forgone", "forsake": "forsook forsaken", "forswear": "forswore forsworn", "freeze": "froze frozen", "get": "got gotten/got",
	"give": "gave given", "go": "went gone", "grind": "ground ground", "grow": "grew grown", "hang": "hung/hanged hung/hanged",
	"hear": "heard heard", "hide": "hid hidden", "hit": "hit hit", "hold": "held held", "hurt": "hurt hurt",
	"input": "input/inputted input/inputted", "inset": "inset inset", "keep": "kept kept", "kneel": "knelt/kneeled knelt/kneeled", "knit": "knit/knitted knit/knitted",
	"know": "knew known", "lay": "laid laid", "lead": "led led", "lean": "leaned/leant leaned/leant",
	"leap": "leapt/leaped leapt/leaped", "learn": "learned/learnt learned/learnt", "leave": "left left", "lend": "lent lent",
	"let": "let let", "lie": "lay/lied lain/lied", "light": "lit/lighted lit/lighted", "lose": "lost lost", "make": "made made",
	"mean": "meant meant", "meet": "met met", "mishear": "misheard misheard", "mislead": "misled misled", "misread": "misread misread",
	"mistake": "mistook mistaken", "misunderstand": "misunderstood misunderstood", "mow": "mowed mown/mowed", "offset": "offset offset",
	"outbid": "outbid outbid", "outdo": "outdid outdone", "outgrow": "outgrew outgrown", "output": "output output", "outrun": "outran outrun", "outsell": "outsold outsold",
	"outspend": "outspent outspent", "overcome": "overcame overcome", "overdo": "overdid overdone", "overhear": "overheard overheard",
	"override": "overrode overridden", "overrun": "overran overrun", "oversee": "oversaw overseen", "oversleep": "overslept overslept", "overtake": "overtook overtaken",
	"overthrow": "overthrew overthrown", "partake": "partook partaken", "pay": "paid paid", "plead": "pleaded/pled pleaded/pled",
	"prepay": "prepaid prepaid", "prove": "proved proven/proved", "put": "put put", "quit": "quit/quitted quit/quitted", "read": "read read", "rebuild": "rebuilt rebuilt", "recast": "recast recast",
	"redo": "redid redone", "redraw": "redrew redrawn", "relay": "relayed relayed", "remake": "remade remade", "rend": "rent rent",
	"repay": "repaid repaid", "rerun": "reran rerun", "resell": "resold resold", "reset": "reset reset", "retake": "retook retaken", "retell": "retold retold", "rethink": "rethought rethought",
	"rewrite": "rewrote rewritten", "rid": "rid rid", "ride": "rode ridden", "ring": "rang rung", "rise": "rose risen",
	"run": "ran run", "saw": "sawed sawn/sawed", "say": "said said", "see": "saw seen", "seek": "sought sought",
	"sell": "sold sold", "send": "sent sent", "set": "set set", "sew": "sewed sewn/sewed", "shake": "shook shaken", "shed": "shed shed",
	"shine": "shone/shined shone/shined", "shoot": "shot shot", "show": "showed shown/showed", "shrink": "shrank/shrunk shrunk",
	"shut": "shut shut", "sing": "sang sung", "sink": "sank/sunk sunk", "sit": "sat sat", "slay": "slew slain",
	"sleep": "slept slept", "slide": "slid slid", "sling": "slung slung", "slit": "slit slit", "smell": "smelled/smelt smelled/smelt",
	"sneak": "sneaked/snuck sneaked/snuck", "sow": "sowed sown/sowed", "speak": "spoke spoken", "speed": "sped/speeded sped/speeded", "spell": "spelled/spelt spelled/spelt",
	"spend": "spent spent", "spill": "spilled/spilt spilled/spilt", "spin": "spun spun", "spit": "spat/spit spat/spit",
	"split": "split split", "spoil": "spoiled/spoilt spoiled/spoilt", "spread": "spread spread", "spring": "sprang/sprung sprung",
	"stand": "stood stood", "steal": "stole stolen", "stick": "stuck stuck", "sting": "stung stung", "stink": "stank/stunk stunk",
	"stride": "strode stridden", "strike": "struck struck/stricken", "string": "strung strung", "strive": "strove/strived striven/strived", "swear": "swore sworn",
	"sweep": "swept swept", "swell": "swelled swollen/swelled", "swim": "swam swum", "swing": "swung swung", "take": "took taken",
	"teach": "taught taught", "tear": "tore torn", "tell": "told told", "think": "thought thought", "throw": "threw thrown",
	"thrust": "thrust thrust", "tread": "trod trodden", "undercut": "undercut undercut", "undergo": "underwent undergone", "underlie": "underlay underlain",
	"understand": "understood understood", "undertake": "undertook undertaken", "underwrite": "underwrote underwritten", "undo": "undid undone", "unwind": "unwound unwound",
	"uphold": "upheld upheld", "upset": "upset upset", "wake": "woke/waked woken/waked", "wear": "wore worn", "weave": "wove woven", "wed": "wed/wedded wed/wedded", "weep": "wept wept",
	"win": "won won", "wind": "wound wound", "withdraw": "withdrew withdrawn", "withhold": "withheld withheld",
	"withstand": "withstood withstood", "wring": "wrung wrung", "write": "wrote written",
}

// irregularNouns gives plurals, variants joined by a slash.
var irregularNouns = map[string]string{
	"man": "men", "woman": "women", "child": "children", "person": "people/persons", "foot": "feet", "tooth": "teeth", "goose": "geese",
	"mouse": "mice", "louse": "lice", "ox": "oxen", "grandchild": "grandchildren", "series": "series", "species": "species", "aircraft": "aircraft",
	"spacecraft": "spacecraft", "hovercraft": "hovercraft", "sheep": "sheep", "deer": "deer", "fish": "fish", "means": "means", "headquarters": "headquarters",
	"offspring": "offspring", "crossroads": "crossroads", "barracks": "barracks", "corps": "corps", "salmon": "salmon", "swiss": "swiss", "chinese": "chinese",
	"japanese": "japanese", "portuguese": "portuguese", "vietnamese": "vietnamese", "lebanese": "lebanese", "sudanese": "sudanese", "police": "police",
	"criterion": "criteria", "phenomenon": "phenomena", "medium": "media/mediums", "datum": "data", "bacterium": "bacteria", "memorandum": "memoranda/memorandums",
	"referendum": "referendums/referenda", "curriculum": "curricula/curriculums", "forum": "forums/fora", "addendum": "addenda", "stimulus": "stimuli", "nucleus": "nuclei",
	"fungus": "fungi", "alumnus": "alumni", "cactus": "cacti", "radius": "radii", "syllabus": "syllabi/syllabuses", "index": "indices/indexes", "appendix": "appendices/appendixes",
	"matrix": "matrices", "vertex": "vertices", "axis": "axes", "analysis": "analyses", "basis": "bases", "crisis": "crises", "thesis": "theses", "oasis": "oases",
	"diagnosis": "diagnoses", "hypothesis": "hypotheses", "synthesis": "syntheses", "parenthesis": "parentheses", "emphasis": "emphases", "genesis": "geneses",
	"leaf": "leaves", "life": "lives", "wife": "wives", "midwife": "midwives", "knife": "knives", "half": "halves", "shelf": "shelves", "thief": "thieves", "wolf": "wolves",
	"calf": "calves", "self": "selves", "loaf": "loaves", "sheaf": "sheaves", "scarf": "scarves", "hoof": "hooves", "hero": "heroes", "potato": "potatoes", "tomato": "tomatoes", "veto": "vetoes",
	"embargo": "embargoes", "echo": "echoes", "torpedo": "torpedoes", "mosquito": "mosquitoes", "volcano": "volcanoes/volcanos", "cargo": "cargoes/cargos", "negro": "negroes",
	"attorney-general": "attorneys-general", "passerby": "passersby", "quiz": "quizzes", "bus": "buses", "gas": "gases", "bonus": "bonuses", "census": "censuses", "virus": "viruses",
	"campus": "campuses", "caucus": "caucuses", "consensus": "consensuses", "chorus": "choruses", "focus": "focuses", "status": "statuses", "apparatus": "apparatuses", "yes": "yeses",
	"bureau": "bureaus/bureaux", "plateau": "plateaus/plateaux", "coup d'etat": "coups d'etat", "money": "money/monies", "penny": "pennies/pence", "dice": "dice", "die": "dice/dies",
}

// irregularDegrees gives comparative and superlative.
var irregularDegrees = map[string]string{
	"good": "better best", "well": "better best", "bad": "worse worst", "ill": "worse worst", "far": "farther further farthest furthest",
	"little": "less least", "many": "more most", "much": "more most", "old": "older oldest elder eldest", "late": "later latest",
	"quiet": "quieter quietest", "clever": "cleverer cleverest", "common": "commoner commonest", "cruel": "crueler cruelest crueller cruellest", "stupid": "stupider stupidest",
	"pleasant": "pleasanter pleasantest", "dead": "", "wrong": "", "real": "", "right": "", "fun": "", "live": "", "due": "", "own": "", "male": "", "prime": "", "key": "", "chief": "", "main": "",
}
