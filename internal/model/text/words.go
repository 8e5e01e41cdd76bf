package text

import (
	"embed"
	"strings"
)

//go:embed words/*.txt
var wordFiles embed.FS

// functionWords gives the closed classes of English.
var functionWords = []struct {
	class Class
	list  string
}{
	{Determiner, `the a an this that these those no every each either neither some any all both another such much many more most few fewer several
		what which whose his her its their our my your enough half`},
	{Determiner | Possessive, `his her its their our my your whose`},
	{Pronoun | Subject, `i he she we they`},
	{existential, `there`},
	{subjective, `i he she we they it you there this that these`},
	{Pronoun | Object, `me him us them`},
	{Pronoun, `there it you this that these those one ones anyone anybody anything someone somebody something everyone everybody everything nobody nothing none
		each both another others mine yours ours theirs hers himself herself itself themselves ourselves myself yourself yourselves oneself whoever whatever all some many few several most`},
	{Preposition, `of in on at by for with from to into onto upon about against between among amongst amid amidst through throughout during before after since until till under over
		above below beneath beside besides beyond behind within without toward towards across along around near off out despite per via versus vs. like unlike as than
		inside outside alongside concerning regarding including excluding following given except but aboard atop underneath past round up down notwithstanding according pending plus minus barring amongst thru ex`},
	{Coordinator, `and or but nor & yet plus so`},
	{Subordinate, `because although though while whereas after before since until till once as when whenever wherever lest whilst inasmuch insofar so than albeit`},
	{Conditional, `if unless whether provided providing`},
	{Relative, `who which whom whose that where when`},
	{That, `that`},
	{To, `to`},
	{Negator, `not never no without neither nor hardly scarcely barely none nobody nothing nowhere cannot ain't isn't aren't wasn't weren't don't doesn't didn't won't wouldn't
		can't couldn't shouldn't mustn't mightn't mayn't shan't needn't daren't oughtn't haven't hasn't hadn't`},
	{Modal, `will would may might can could shall should must ought cannot won't wouldn't can't couldn't shouldn't mustn't mightn't mayn't shan't needn't daren't oughtn't 'll 'd`},
	{Be, `be is am are was were been being isn't aren't wasn't weren't ain't 're 'm`},
	{Have, `have has had having haven't hasn't hadn't 've`},
	{Do, `do does did don't doesn't didn't`},
	{VerbS, `isn't hasn't doesn't`},
	{VerbBase, `don't haven't aren't ain't`},
	{VerbPast, `didn't wasn't weren't hadn't`},
	{Question, `who what when where why how which whom whose whether`},
	{Adverb, `how why when where not n't thereof up down out off over on in away back`},
	{NumberWord, `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty
		sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions trillion trillions dozen dozens`},
	{NumberWord | Adjective, `first second third fourth fifth sixth seventh eighth ninth tenth`},
	{Month | Noun, `january february march april may june july august september october november december jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec.`},
	{Weekday | Noun, `monday tuesday wednesday thursday friday saturday sunday mon. tue. tues. wed. thu. thur. thurs. fri. sat. sun.`},
	{Noun, `etc. lot lots`},
	{dative, `due according thanks response responses prior compared relating related reference subject vulnerable opposed opposition accustomed committed dedicated devoted relation regard respect addition
		access attention damage threat threats return returned returning path route road key answer answers solution solutions alternative alternatives end close owing open`},
	{credit, `image images photo photos picture credit photograph video watch`},
	{opener, `the a an this that these those his her its their our my your he she it we they you i there here but and or so if when while although though because since after before
		as however meanwhile moreover then now yet still also even in on at by for from with to during despite according what why how who where which whether not no nor neither either both
		some many most several few all another other others each every one two three both once unless until thus therefore nevertheless instead indeed perhaps maybe let earlier later today yesterday
		last next such more much only just under over about between among amid without within through like let's it's he's she's they're we're you're i'm i've that's there's here's what's don't
		asked speaking did do does is are was were has have had can could will would should may might must`},
}

// short says how the stop of an abbreviation behaves.
type short uint8

const (
	noShort     short = iota
	shortTitle        // before a name: Mr. Gen. Sen.; never ends a sentence before a capital
	shortNumber       // before a number: No. p. vol.; an abbreviation only there
	shortMonth        // Jan. Feb.: before a number, else as shortOrg; an abbreviation only when capitalised
	shortOrg          // Inc. Co. Jr.: may end a sentence
	shortPlace        // Calif. Mass. Ave.: may end a sentence, only when capitalised
	shortLatin        // e.g. i.e. cf. vs.: never ends a sentence
	shortTime         // a.m. p.m.: may end a sentence
	shortEtc          // etc. et al.: may end a sentence
)

var abbreviations = []struct {
	kind short
	list string
}{
	{shortTitle, `mr mrs ms mx messrs mme mlle dr drs prof profs rev revs hon gen lt lieut col capt cmdr cdr cpl pvt pfc sgt sgts ssgt maj brig adm rear-adm sen sens rep reps gov govs pres
		amb atty det insp supt supts st ste mt mts ft fr sr sra srta pte asst assoc dep gens lts cols capts spc cpt hr ald cllr comdr commr ofc sec-gen sec supt treas`},
	{shortNumber, `no nos p pp vol vols art arts ch chap fig figs sec secs para pars ed eds app par ver approx ca circa op cit est n°`},
	{shortMonth, `jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun`},
	{shortOrg, `inc co corp ltd llc plc bros jr sr llp lp esq assn dept univ intl natl cos ph.d m.d ph.d.s phd b.sc m.sc b.a m.a j.d mfg cia gmbh pty govt mgmt`},
	{shortPlace, `ala ariz ark calif colo conn del fla ga ill ind kan kans ky md mass mich minn miss mo mont neb nebr nev okla ore pa penn tenn tex va vt wash wis wisc wyo
		ave blvd rd hwy pkwy sq ln ter bldg ont que alta sask n.y n.j n.h n.c n.d s.c s.d w.va r.i n.m d.c l.a`},
	{shortLatin, `p.s e.g i.e cf vs viz v eg ie`},
	{shortTime, `a.m p.m`},
	{shortEtc, `etc al ibid max min hrs yrs mos lbs oz tel ext incl misc dist st`},
}

// usualForms is about how many forms a Builder has room for at first: those of
// English, of the learned weights and of usual packs.
const usualForms = 48 << 10

// NewBuilder returns a Builder that knows the function words, abbreviations
// and common verbs, nouns, adjectives and adverbs of English. The forms given
// get the first ids.
func NewBuilder(first ...string) *Builder {
	b := &Builder{}
	b.Grow(usualForms)
	b.Add("", 0)
	for _, form := range first {
		b.Add(form, 0)
	}
	for _, group := range functionWords {
		for _, form := range strings.Fields(group.list) {
			b.Add(form, group.class)
		}
	}
	for _, form := range signForms {
		b.Add(form, 0)
	}
	for _, group := range abbreviations {
		for _, form := range strings.Fields(group.list) {
			if strings.HasSuffix(form, "0") {
				continue
			}
			id := b.Add(form+".", Abbreviation)
			if b.shorts[id] == noShort {
				b.shorts[id] = group.kind
			}
			if group.kind == shortTitle {
				b.classes[id] |= Title
			}
		}
	}
	for _, w := range [...]struct {
		file  string
		how   Inflect
		class Class
	}{
		{"verbs", InflectVerb, 0},
		{"reporting", InflectVerb, Reporting},
		{"clausal", InflectVerb, Clausal},
		{"intransitive", InflectVerb, intransitive},
		{"nounish", InflectNoun, nounish},
		{"nouns", InflectNoun, 0},
		{"contents", InflectNoun, Clausal},
		{"persons", InflectNoun, PersonNoun},
		{"titles", InflectNoun, Title},
		{"adjectives", InflectAdjective, 0},
		{"adverbs", InflectNone, Adverb},
	} {
		b.addFile(w.file, w.how, w.class)
	}
	for _, f := range Inflections("be", InflectVerb) {
		b.Add(f.Text, f.Class)
	}
	for _, lemma := range []string{"have", "do"} {
		for _, f := range Inflections(lemma, InflectVerb) {
			b.Add(f.Text, f.Class)
		}
	}
	for _, group := range []struct {
		class  Class
		lemmas string
	}{{causative, "help let make see hear watch dare"}, {getting, "get"},
		{twofold, `give grant offer award show tell teach ask name call consider dub elect appoint deem brand declare label allow deny pay send promise owe assign hand nickname make
			crown title entitle term render spare bring lend sell serve describe`}} {
		for _, lemma := range strings.Fields(group.lemmas) {
			for _, f := range Inflections(lemma, InflectVerb) {
				b.Add(f.Text, group.class)
			}
		}
	}
	b.addBoilerplate()
	b.Add("by", boilerStart)
	b.base = b.build()
	return b
}

// addFile adds the inflections of an embedded list of lemmas.
func (b *Builder) addFile(name string, how Inflect, class Class) {
	data, err := wordFiles.ReadFile("words/" + name + ".txt")
	if err != nil {
		panic(err) // the list is embedded: its absence is a mistake of the build
	}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, lemma := range strings.Fields(line) {
			for _, f := range Inflections(lemma, how) {
				c := class
				if c&Title != 0 && f.Class&NounPlural != 0 {
					c &^= Title
				}
				b.Add(f.Text, f.Class|c)
			}
		}
	}
}

// signForms are the punctuation marks and symbols that patterns may name.
var signForms = strings.Fields(`. , ; : ? ! ( ) [ ] { } " ' - — ... / & % $ € £ # @ + = < > ~ ^ _ | \ * • 's 're 've 'll 'd 'm § ° ©`)

// signs are the ids that the tokeniser gives without a look-up.
type signs struct {
	ascii    [128]int32
	dash     int32 // — – -- and spaced hyphens
	ellipsis int32
	degree   int32 // °
	bullet   int32
	clitics  [128]int32 // by the letter after the apostrophe; 'r' is 're
}

func (v *Vocabulary) findSigns() signs {
	s := signs{dash: v.Lookup("—"), ellipsis: v.Lookup("..."), degree: v.Lookup("°"), bullet: v.Lookup("•")}
	for _, form := range signForms {
		if len(form) == 1 {
			s.ascii[form[0]] = v.Lookup(form)
		} else if form[0] == '\'' {
			s.clitics[form[1]] = v.Lookup(form)
		}
	}
	return s
}

// keywords are the ids of single words that clause bounds depend on.
type keywords struct {
	a, an, the, no, not, never, longer, neither, nor, by, with, of, be, but, yet, so, as, such, well, than, because, once, who, which, whose, when, back, last, in int32
}

func (v *Vocabulary) findKeywords() keywords {
	id := v.Lookup
	return keywords{
		a: id("a"), an: id("an"), the: id("the"), no: id("no"), not: id("not"), never: id("never"), longer: id("longer"),
		neither: id("neither"), nor: id("nor"), by: id("by"), with: id("with"), of: id("of"), be: id("be"), but: id("but"), yet: id("yet"),
		so: id("so"), as: id("as"), such: id("such"), well: id("well"), than: id("than"), because: id("because"), once: id("once"),
		who: id("who"), which: id("which"), whose: id("whose"), when: id("when"), back: id("back"), last: id("last"), in: id("in"),
	}
}
