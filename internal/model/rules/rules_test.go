package rules

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stance/internal/diag"
	"stance/internal/model"
	"stance/internal/model/text"
)

const header = "pack: {id: t, version: 1.0.0, lang: en, license: CC0-1.0}\n"

func src(body string) Source { return Source{Name: "t.yaml", Data: []byte(body)} }

func compileText(t testing.TB, bodies ...string) *Program {
	t.Helper()
	var c Config
	for i, b := range bodies {
		c.Packs = append(c.Packs, Source{Name: fmt.Sprintf("t%d.yaml", i), Data: []byte(b)})
	}
	p, l := Compile(c)
	if p == nil {
		t.Fatalf("compile: %v", l)
	}
	return p
}

func day(s string) Day {
	if s == "" {
		return 0
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return DayOf(d)
}

// TestErrors shows every kind of mistake with its whole message. The table is
// also the seed of the fuzz test.
func TestErrors(t *testing.T) {
	for _, c := range errorTable {
		t.Run(c.name, func(t *testing.T) {
			p, l := Compile(Config{Packs: []Source{src(c.body)}})
			got := l.Error()
			if want := strings.TrimSpace(c.want); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if (p == nil) != l.HasErrors() {
				t.Errorf("program %v with errors %v", p != nil, l.HasErrors())
			}
		})
	}
}

const party = header + "parties:\n  - {id: a, label: A, kind: igo, aliases: [Alpha]"

var errorTable = []struct{ name, body, want string }{
	{"good", party + "}\n", ""},
	{"empty", "", "t.yaml:1:1: the file is empty [syntax]"},
	{"comment only", "# nothing\n", "t.yaml:1:1: the file is empty [syntax]"},
	{"not a mapping", "- a\n", "t.yaml:1:1: expected a pack, got a list [type]"},
	{"no pack", "parties: []\n", `t.yaml:1:1: key "pack" is missing; expected pack: {id: …, version: …} [missing]`},
	{"syntax", header + "parties: [\n", "t.yaml:2:1: did not find expected node content [syntax]"},
	{"tab", header + "parties:\n\t- a\n", "t.yaml:3:1: found character that cannot start any token [syntax]"},
	{"not UTF-8", header + "parties: \"\xff\"\n", "t.yaml:2:11: byte 0xff is not UTF-8 [syntax]"},
	{"two documents", header + "---\n" + header, "t.yaml:2:1: a second document begins here; only one is read [unsupported]"},
	{"anchor", header + "never: &x [Alpha]\n", "t.yaml:2:8: anchor &x; write the value out where it is needed [unsupported]"},
	{"alias", header + "never: &x [Alpha]\ncontrast: *x\n", `
t.yaml:2:8: anchor &x; write the value out where it is needed [unsupported]
t.yaml:3:11: expected a list of words, got nothing [type]
t.yaml:3:11: alias *x; write the value out here [unsupported]`},
	{"merge", header + "degree:\n  <<: {intensify: {very: 1.3}}\n", "t.yaml:3:3: merge key <<; write the keys out here [unsupported]"},
	{"tag", header + "never: !!seq [Alpha]\n", "t.yaml:2:8: tag !!seq; none is needed [unsupported]"},
	{"unknown key", header + "partys: []\n", `t.yaml:2:1: unknown key "partys" in a pack; did you mean "parties"? [unknown-key]`},
	{"unknown key far", header + "zzz: []\n", `t.yaml:2:1: unknown key "zzz" in a pack; expected one of contrast, cues, degree, issues, labels, modality, negation, never, pack, parties, products, reporting, reversers, titles [unknown-key]`},
	{"duplicate key", header + "never: [A]\ncontrast: [but]\nnever: [B]\n", `t.yaml:4:1: key "never" stands twice; first at line 2 [duplicate-key]`},
	{"key is a list", header + "[a]: b\n", "t.yaml:2:1: a key must be text [type]"},
	{"language", "pack: {id: t, lang: fr}\n", `t.yaml:1:21: language "fr"; this version reads en [value]`},
	{"pack id", "pack: {id: T, version: 1}\n", `t.yaml:1:12: a pack id "T"; expected lower-case letters, digits and hyphens [value]`},
	{"no pack id", "pack: {version: 1}\n", "t.yaml:1:7: pack has no id [missing]"},
	{"needs", "pack: {id: t, needs: [world]}\n", `t.yaml:1:23: pack "world" is needed and not loaded [unknown-pack]`},
	{"party without all", header + "parties: [{}]\n", `
t.yaml:2:11: the party has no id [missing]
t.yaml:2:11: the party has no kind [missing]
t.yaml:2:11: the party has no label [missing]`},
	{"party kind", header + "parties: [{id: a, label: A, kind: goverment}]\n", `t.yaml:2:35: a party kind "goverment"; did you mean "government"? [value]`},
	{"party twice", party + "}\n  - {id: a, label: A, kind: igo}\n", "t.yaml:4:10: party a is also declared at t.yaml:3:10 [duplicate-id]"},
	{"extend nothing", header + "parties: [{id: a, extend: true}]\n", `t.yaml:2:16: party "a"; expected one of  [unknown-id]`},
	{"extend too much", party + "}\n  - {id: a, extend: true, label: B}\n", "t.yaml:4:27: a party that extends another cannot give label [extend]"},
	{"parent", party + ", parent: b}\n", `t.yaml:3:60: parent "b"; expected one of a [unknown-id]`},
	{"own ancestor", party + ", parent: b}\n  - {id: b, label: B, kind: igo, parent: a}\n", `
t.yaml:3:10: party a is its own ancestor [cycle]
t.yaml:4:10: party b is its own ancestor [cycle]`},
	{"label is a number", header + "parties: [{id: a, label: 3, kind: igo}]\n", "t.yaml:2:26: expected a label, got the number 3; quote it [type]"},
	{"aliases no list", header + "parties: [{id: a, label: A, kind: igo, aliases: Alpha}]\n", `t.yaml:2:49: expected a list of aliases, got "Alpha" [type]`},
	{"alias empty", header + "parties: [{id: a, label: A, kind: igo, aliases: [\" \"]}]\n", "t.yaml:2:50: expected an alias, got empty text [value]"},
	{"alias no word", header + "parties: [{id: a, label: A, kind: igo, aliases: [\"*\"]}]\n", `t.yaml:2:50: alias "*" holds no word [pattern]`},
	{"alias without text", header + "parties: [{id: a, label: A, kind: igo, aliases: [{kind: name}]}]\n", "t.yaml:2:50: the alias has no text [missing]"},
	{"alias kind", header + "parties: [{id: a, label: A, kind: igo, aliases: [{text: B, kind: metonim}]}]\n", `t.yaml:2:66: an alias kind "metonim"; did you mean "metonym"? [value]`},
	{"else alone", header + "parties: [{id: a, label: A, kind: igo, aliases: [{text: B, else: place}]}]\n", `t.yaml:2:50: alias "B" has else without a context key (unless_prev, if_next, near …) [value]`},
	{"priority", header + "parties: [{id: a, label: A, kind: igo, aliases: [{text: B, priority: 12}]}]\n", "t.yaml:2:70: priority is 12; expected a number from -9 to 9 [value]"},
	{"priority fraction", header + "parties: [{id: a, label: A, kind: igo, aliases: [{text: B, priority: 1.5}]}]\n", "t.yaml:2:70: priority is 1.5; expected a whole number [value]"},
	{"truth value", header + "parties: [{id: a, label: A, kind: igo, aliases: [{text: B, needs_cue: 1}]}]\n", "t.yaml:2:71: expected needs_cue: true or false, got the number 1 [type]"},
	{"sense words", header + "cues: [{id: a, class: verb, lemmas: [beat], unless: [two words], frame: {target: object}, emit: {polarity: -1, strength: 0.5, act: fight}}]\n",
		`t.yaml:2:54: "two words"; expected a single word [pattern]
t.yaml:2:54: "two words"; expected single words [value]`},
	{"context words", header + "parties: [{id: a, label: A, kind: igo, aliases: [{text: B, near: [two words]}]}]\n", `
t.yaml:2:67: "two words"; expected a single word [pattern]
t.yaml:2:67: "two words"; expected single words [value]`},
	{"date", header + "parties: [{id: a, label: A, kind: igo, aliases: [{text: B, from: 2020-13-01}]}]\n", `t.yaml:2:66: "2020-13-01"; expected a date: YYYY-MM-DD [date]`},
	{"dates turned", header + "parties: [{id: a, label: A, kind: igo, aliases: [{text: B, from: 2020-02-01, to: 2019-01-01}]}]\n", "t.yaml:2:82: to 2019-01-01 lies before from 2020-02-01 [date]"},
	{"heads without adj", party + ", demonyms: {heads: [army]}}\n", "t.yaml:3:62: heads without adj; heads follow an adjective [value]"},
	{"leader without names", party + ", leaders: [{person: x, office: chief}]}\n", "t.yaml:3:71: person x has no names [missing]"},
	{"leader without id", party + ", leaders: [{names: [X Y]}]}\n", "t.yaml:3:62: the leader has no person [missing]"},
	{"coalition", party + ", coalition: [{from: 2020-01-01}]}\n", "t.yaml:3:64: the membership has no in [missing]"},
	{"issue twice", header + "issues: [{id: i}, {id: i}]\n", "t.yaml:2:24: issue i is also declared at t.yaml:2:15 [duplicate-id]"},
	{"issue parent", header + "issues: [{id: i, parent: j}]\n", `t.yaml:2:26: parent "j"; expected one of i [unknown-id]`},
	{"cue empty", header + "cues: [{id: c}]\n", `
t.yaml:2:8: cue c has no class [missing]
t.yaml:2:8: cue c has no emit [missing]
t.yaml:2:8: cue c has no frame [missing]
t.yaml:2:8: cue c has no lemmas [missing]
t.yaml:2:13: cue c has no lemmas [missing]`},
	{"slot", cueWith("frame: {target: objekt}"), `t.yaml:2:63: slot "objekt"; did you mean "object"? [value]`},
	{"slot without words", cueWith("frame: {target: prep}"), `t.yaml:2:63: slot "prep"; expected prep(word, …) [value]`},
	{"slot open", cueWith(`frame: {target: "prep(of"}`), `t.yaml:2:63: slot "prep(of"; a bracket is not closed [value]`},
	{"slot with words", cueWith(`frame: {target: "object(of)"}`), `t.yaml:2:63: slot "object(of)"; object takes no words in brackets [value]`},
	{"slot hole", cueWith(`frame: {target: "prep(of,)"}`), `t.yaml:2:63: slot "prep(of,)"; expected words between the brackets [value]`},
	{"no target slot", cueWith("frame: {holder: subject}"), "t.yaml:2:54: cue c emits a stance to its target and the frame has no target [frame]"},
	{"polarity", header + "cues: [{id: c, class: verb, lemmas: [x], frame: {target: object}, emit: {polarity: 2, strength: 0, act: a}}]\n", `
t.yaml:2:84: polarity is 2; expected a number from -1 to 1 [value]
t.yaml:2:97: strength is 0; expected more [value]`},
	{"emit keys", header + "cues: [{id: c, class: verb, lemmas: [x], frame: {target: object}, emit: [{polarity: 1}]}]\n", `
t.yaml:2:74: the emitted stance has no act [missing]
t.yaml:2:74: the emitted stance has no strength [missing]`},
	{"lemma", header + "cues: [{id: c, class: verb, lemmas: [\"-\"], frame: {target: object}, emit: {polarity: 1, strength: 1, act: a}}]\n", `t.yaml:2:38: lemma "-" holds no word [pattern]`},
	{"scope", cueWith("frame: {target: object}, scope: {sections: [bodi], clause: some}"), `
t.yaml:2:91: a section "bodi"; did you mean "body"? [value]
t.yaml:2:106: clause "some"; did you mean "same"? [value]`},
	{"implicative", header + "negation: {implicative: {deny: turn}}\n", `t.yaml:2:32: an effect "turn"; expected one of flip, keep, neutral, weaken [value]`},
	{"modality", header + "modality: [{mode: intended}]\n", "t.yaml:2:12: the modality has no when [missing]"},
	{"reporting pattern", header + "reporting: {patterns: [\"said\"]}\n", `t.yaml:2:24: pattern "said"; expected S (speaker) and Q (what is said), as in "according to S" or "Q, S said" [value]`},
	{"label", header + "labels: [{id: l, polarity: 3}]\n", `
t.yaml:2:10: the label has no words [missing]
t.yaml:2:28: polarity is 3; expected a number from -1 to 1 [value]`},
	{"degree", header + "degree: {intensify: {very: 0.5}, weaken: {slightly: 2}}\n", `
t.yaml:2:28: factor is 0.5; expected a number from 1 to 3 [value]
t.yaml:2:53: factor is 2; expected a number from 0 to 1 [value]`},
	{"product", header + "products:\n  - {id: p, nouns: [two words], acts: [x]}\n  - {id: p, verbs: 3}\n", `
t.yaml:3:21: "two words"; expected single words [value]
t.yaml:3:40: act "x"; no rule emits it [unknown-act]
t.yaml:4:5: the product has no nouns [missing]
t.yaml:4:10: product p is also declared at t.yaml:3:10 [duplicate-id]
t.yaml:4:20: expected a word, got the number 3; quote it [type]`},
	{"wildcards", header + "never: [\"a* b*\"]\n", `t.yaml:2:9: the wildcards of "a* b*" stand for more than 20000 phrases; write more of the words [limit]`},
	{"control character", header + "never: [\"a\\u0007b\"]\n", "t.yaml:2:9: names holds a control character [value]"},
	{"all at once, sorted", header + "nevr: []\nparties:\n  - {id: A, kind: goverment}\n", `
t.yaml:2:1: unknown key "nevr" in a pack; did you mean "never"? [unknown-key]
t.yaml:4:5: the party has no label [missing]
t.yaml:4:10: a party id "A"; expected lower-case letters, digits and hyphens [value]
t.yaml:4:19: a party kind "goverment"; did you mean "government"? [value]`},
}

func cueWith(rest string) string {
	return header + "cues: [{id: c, class: verb, lemmas: [accuse], " + rest + ", emit: {polarity: -1, strength: 1, act: a}}]\n"
}

func TestDuplicatesAcrossPacks(t *testing.T) {
	trusted := Source{Name: "own.yaml", Data: []byte(header + "issues: [{id: own}]\n"), Trusted: true}
	user := Source{Name: "user.yaml", Data: []byte(header + "issues: [{id: user}]\n")}
	p, l := Compile(Config{Packs: []Source{trusted, user}})
	if p == nil || len(p.Issues) != 1 || p.Issues[0].ID != "user" {
		t.Fatalf("a user's pack should replace ours: %v", l)
	}
	_, l = Compile(Config{Packs: []Source{user, user}})
	if want := "user.yaml:1:7: pack t is also in user.yaml [duplicate-id]"; l.Error() != want {
		t.Errorf("got %s, want %s", l.Error(), want)
	}
}

// TestLimits holds hostile files to their limits, each within a second.
func TestLimits(t *testing.T) {
	bomb := header + "never:\n  - &a [" + strings.Repeat("x, ", 50) + "x]\n"
	for i := range 40 {
		bomb += fmt.Sprintf("  - &a%d [%s]\n", i, strings.TrimSuffix(strings.Repeat("*a, ", 50), ", "))
	}
	for _, c := range []struct{ name, body, want string }{
		{"bytes", header + "#" + strings.Repeat("x", maxBytes), "[limit]"},
		{"nodes", header + "never: [" + strings.Repeat("a,", maxNodes) + "a]\n", "[limit]"},
		{"flow depth", header + "never: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "\n", "[limit]"},
		{"flow depth, open", header + "never: " + strings.Repeat("[", 900_000), ""},
		{"block depth", header + "never:\n  " + strings.Repeat("- ", 300_000) + "a\n", ""},
		{"mapping depth", header + "never: " + strings.Repeat("{a: ", 1000) + "b" + strings.Repeat("}", 1000) + "\n", "[limit]"},
		{"question marks", header + strings.Repeat("? ", 300_000) + "a\n", ""},
		{"bomb", bomb, "[unsupported]"},
		{"many wildcards", header + "never: [" + strings.Repeat("\"c*\", ", 9000) + "x]\n", "[limit]"},
		{"many keys", header + manyKeys(200_000), ""},
		{"many same keys", header + strings.Repeat("a: 1\n", 4000), "[duplicate-key]"},
		{"long key", strings.Repeat("k", 500_000) + ": 1\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			// What does not end soon runs into the limit of the test itself.
			p, l := Compile(Config{Packs: []Source{src(c.body)}})
			if p != nil || !strings.Contains(l.Error(), c.want) {
				t.Errorf("program %v, want %s in %.300s", p != nil, c.want, l.Error())
			}
		})
	}
	large := Source{Name: "own.yaml", Data: []byte(header + "never: [" + strings.Repeat("Alpha,", maxNodes) + "Beta]\n"), Trusted: true}
	if p, l := Compile(Config{Packs: []Source{large}}); p == nil {
		t.Errorf("a trusted pack may be large: %v", l)
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		if b.Len() > maxBytes-4096 {
			break
		}
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	return b.String()
}

func FuzzCompile(f *testing.F) {
	for _, c := range errorTable {
		f.Add([]byte(c.body), []byte("word\tpos\tpolarity\tclass\nbad\ta\t-0.5\tx\n"))
	}
	f.Fuzz(func(t *testing.T, pack, lexicon []byte) {
		c := Config{Packs: []Source{{Name: "f.yaml", Data: pack}}, Lexicons: []Source{{Name: "f.tsv", Data: lexicon}}}
		p, l := Compile(c)
		if (p == nil) != l.HasErrors() {
			t.Fatalf("program %v, errors %v", p != nil, l)
		}
		for _, d := range l {
			if d.Kind == "" || d.Message == "" {
				t.Fatalf("empty diagnostic %+v", d)
			}
		}
		if p != nil {
			if again, m := Compile(c); l.Error() != m.Error() || p.Hash != again.Hash {
				t.Fatal("two compilations differ")
			}
			Lint(c)
		}
		Import("f.yaml", pack)
		Import("f.csv", pack)
	})
}

func TestLexiconErrors(t *testing.T) {
	lex := "word\tpos\tpolarity\tclass\treversal\n# a comment\n\nbad\ta\t-0.5\n\ta\t1\tx\nbad\tq\t1\tx\nbad\ta\t2\tx\nbad\ta\tNaN\tx\nbad\ta\t1\t\nlack of\tp\t-0.1\tx\tmaybe\n" +
		"good\ta\t0.5\tx\ngood\ta\t0.4\tx\n"
	_, l := Compile(Config{Lexicons: []Source{{Name: "l.tsv", Data: []byte(lex)}}})
	want := `l.tsv:4:1: 3 columns; expected word, pos, polarity, class and perhaps reversal, with tabs between [lexicon]
l.tsv:5:1: word ""; expected a word [lexicon]
l.tsv:6:5: pos "q"; expected v, n, a, r or p [lexicon]
l.tsv:7:7: polarity "2"; expected a number from -1 to 1 [lexicon]
l.tsv:8:7: polarity "NaN"; expected a number from -1 to 1 [lexicon]
l.tsv:9:9: no class [lexicon]
l.tsv:10:18: reversal "maybe"; expected reversal or nothing [lexicon]
l.tsv:12:1: warning: "good" stands twice; first at l.tsv:11:1 [duplicate-word]`
	if l.Error() != want {
		t.Errorf("got\n%s\nwant\n%s", l.Error(), want)
	}
}

func TestLint(t *testing.T) {
	body := `pack: {id: t}
parties:
  - id: a
    label: A
    kind: government
    aliases: [Alpha, Alpha, {text: Alphaland, case: upper}, {text: Gamma, unless_next: [x], if_next: [x]}, Peace Alpha]
    leaders:
      - {person: one, names: [One Man], office: president, from: 2010-01-01, to: 2015-01-01}
      - {person: two, names: [Two Man], office: president, from: 2014-06-01, to: 2019-01-01}
      - {person: two, names: [Other Person], office: minister of x, from: 2018-06-01}
  - {id: b, label: B, kind: igo, aliases: [Alpha, {text: Beta, from: 2020-01-01}]}
  - {id: c, label: C, kind: igo, aliases: [{text: Beta, to: 2019-12-31}]}
cues:
  - {id: c, class: verb, lemmas: [accuse], frame: {target: object}, emit: {polarity: -1, strength: 1, act: a}}
  - {id: d, class: verb, lemmas: [accuse], frame: {target: object}, emit: {polarity: -1, strength: 1, act: a}, tests: [{text: x, expect: [{holder: nobody, target: a}]}]}
`
	lex := "word\tpos\tpolarity\tclass\npeace\tn\t0.5\tx\n"
	l := Lint(Config{Packs: []Source{src(body)}, Lexicons: []Source{{Name: "l.tsv", Data: []byte(lex)}}})
	want := `t.yaml:1:7: warning: pack t names no license [license]
t.yaml:1:7: warning: pack t has no version [version]
t.yaml:6:22: warning: alias "Alpha" stands twice; first at t.yaml:6:15 [duplicate]
t.yaml:6:36: warning: alias "Alphaland" asks for capitals and is written with small letters [unreachable]
t.yaml:6:68: warning: alias "Gamma" excludes every word that it asks for [unreachable]
t.yaml:6:108: warning: alias "Peace Alpha" holds "peace", a word of the lexicon [lexicon]
t.yaml:9:18: warning: two and one are both president of a at once; see t.yaml:8:18 [overlap]
t.yaml:10:18: warning: person two has no name in common with the one at t.yaml:9:18; are these two people? [person]
t.yaml:11:44: warning: alias "Alpha" names party b, and party a at t.yaml:6:15; give dates, a context or a priority [collision]
t.yaml:11:44: warning: alias "Alpha" names party b, and party a at t.yaml:6:22; give dates, a context or a priority [collision]
t.yaml:14:10: warning: cue c has no tests [untested]
t.yaml:15:10: warning: cues d and c open the same frame with "accuse" [collision]
t.yaml:15:148: warning: the test names "nobody"; no loaded pack declares it [unknown-id]`
	if got := l.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCompiled(t *testing.T) {
	p := compileText(t, header+`
parties:
  - id: north
    label: Government of Northland
    kind: government
    xref: {cameo: NTH}
    coalition: [{in: pact, from: 2020-01-01, to: 2022-12-31}, west]
    aliases: [Northland, {text: UN, kind: name}, the north, Al-Nord, soldier*]
    demonyms: {adj: [Northern], noun: [Northlanders], heads: [official*]}
    leaders:
      - {person: roe, names: [Jane Roe], short: [Roe], office: prime minister, from: 2020-01-01}
      - {person: poe, names: [John Poe], office: prime minister, from: 2010-01-01, to: 2019-12-31}
      - {person: roe, names: [Jane Roe], office: foreign minister, from: 2012-01-01, to: 2015-01-01}
  - {id: pact, label: Pact, kind: igo, parent: world}
  - {id: world, label: World, kind: igo}
issues: [{id: truce, phrases: [truce, cease-fire*]}]
cues:
  - {id: blame, class: verb, lemmas: [accuse, {phrase: "call on"}, "denounc*"], frame: {holder: subject, target: "object | prep(of)"}, emit: {polarity: -1, strength: 0.8, act: accuse}}
  - {id: noun, class: noun, lemmas: [attack], frame: {holder: possessive, target: "prep(on)"}, emit: [{polarity: -1, strength: 0.8, act: attack}], negated: flip, scope: {clause: any, max_gap: 4}}
  - {id: win, class: verb, lemmas: [beat], never: [beat up], unless: [run*, poll], needs: [war], frame: {target: object}, emit: {polarity: -1, strength: 0.5, act: fight}}
negation: {triggers: [not], implicative: {refuse: flip}, pseudo: [not only], stop_at: [but]}
reporting: {neutral: [say], distancing: [claim], patterns: [according to S, "Q, S said"]}
degree: {intensify: {very: 1.3}}
contrast: [but]
`)
	v := p.Vocabulary
	if i, ok := p.PartyByID("north"); !ok || p.Parties[i].XRef["cameo"] != "NTH" || p.Parties[i].Label != "Government of Northland" {
		t.Errorf("party north: %v %v", i, ok)
	}
	if _, ok := p.PartyByID("south"); ok {
		t.Error("south is no party")
	}
	if i, ok := p.IssueByID("truce"); !ok || i != 0 {
		t.Errorf("issue truce: %v %v", i, ok)
	}
	cases := map[string]CaseRule{"Northland": CaseInitial, "UN": CaseUpper, "the north": CaseAny, "Al-Nord": CaseInitial}
	spellings := 0
	for _, a := range p.Aliases {
		if c, ok := cases[a.Text]; ok && a.Case != c {
			t.Errorf("case of %s is %d", a.Text, a.Case)
		}
		if a.Text == "Al-Nord" {
			spellings++
			if a.Caps&1 == 0 {
				t.Errorf("Al-Nord begins with a capital in every spelling: %b", a.Caps)
			}
		}
	}
	if spellings != 3 {
		t.Errorf("%d spellings of Al-Nord, want hyphen, space and none", spellings)
	}
	// The terms of one person lie together, in the order of time.
	var terms []string
	for _, s := range p.Persons {
		terms = append(terms, s.ID+" "+s.Office)
	}
	if want := []string{"roe foreign minister", "roe prime minister", "poe prime minister"}; !slices.Equal(terms, want) {
		t.Errorf("terms %q", terms)
	}
	if at := p.TermAt(0, day("2013-01-01")); at != 0 {
		t.Errorf("term in 2013: %d", at)
	}
	if at := p.TermAt(1, day("2018-01-01")); at != -1 {
		t.Errorf("term in 2018: %d", at)
	}
	if at := p.TermAt(0, 0); at != 1 {
		t.Errorf("term on an unknown day: %d", at)
	}
	forms := map[string]text.Class{}
	for i := range v.Len() {
		for _, m := range p.CuePhrases.Match([]model.Token{{ID: int32(i)}}, 0, nil) {
			if p.CueForms[m.Value].Lemma == "accuse" {
				forms[v.Form(int32(i))] |= p.CueForms[m.Value].Form
			}
		}
	}
	for form, class := range map[string]text.Class{"accuse": text.VerbBase, "accuses": text.VerbS, "accused": text.VerbPast | text.VerbPast2, "accusing": text.VerbIng} {
		if forms[form] != class {
			t.Errorf("class of %s is %b", form, forms[form])
		}
	}
	if win := p.Cues[2]; len(win.Needs) != 1 || !slices.IsSorted(win.Unless) || !slices.ContainsFunc(win.Unless, func(id int32) bool { return v.Form(id) == "poll" }) {
		t.Errorf("the sense words of win are %v and %v", win.Unless, win.Needs)
	}
	if !slices.ContainsFunc(p.CueForms, func(f CueForm) bool { return f.Never && f.Lemma == "beat up" }) {
		t.Error("no form says what beat is not")
	}
	blame := p.Cues[0]
	if by := blame.Passive.Holder[0]; by.Kind != SlotPrep || v.Form(by.Words[0]) != "by" {
		t.Errorf("passive holder %+v", by)
	}
	if s := blame.Passive.Target; s[0].Kind != SlotSubject || s[1].Kind != SlotPrep {
		t.Errorf("passive target %+v", s)
	}
	if blame.Negated != NegatedNeutral || !blame.Scope.SameClause || p.Cues[1].Negated != NegatedFlip || p.Cues[1].Scope.SameClause || p.Cues[1].Scope.MaxGap != 4 {
		t.Errorf("defaults of cues: %+v", p.Cues)
	}
	kinds := map[OperatorKind]int{}
	for _, o := range p.Operators {
		kinds[o.Kind]++
	}
	if kinds[OpNegation] != 1 || kinds[OpPseudo] != 1 || kinds[OpStop] != 1 || kinds[OpAccordingTo] != 1 || kinds[OpContrast] != 1 || kinds[OpImplicative] < 4 || kinds[OpReporting] < 6 {
		t.Errorf("operators %v", kinds)
	}
	if p.Version != "t@1.0.0" || len(p.Hash) != 16 {
		t.Errorf("version %q, hash %q", p.Version, p.Hash)
	}
	for _, c := range []struct {
		day  string
		want []string
	}{{"2021-06-01", []string{"pact", "west", "world"}}, {"2023-06-01", []string{"west"}}, {"", []string{"west"}}} {
		if got := p.Rollup(0, day(c.day)); !slices.Equal(got, c.want) {
			t.Errorf("rollup on %q: %q, want %q", c.day, got, c.want)
		}
	}
	if p.Rollup(-1, 0) != nil {
		t.Error("nobody has no rollup")
	}
}

func TestLookup(t *testing.T) {
	p := compileText(t, header+`
parties:
  - {id: a, label: A, kind: government, aliases: [Alpha, {text: Al-Nord, to: 2000-01-01}], never: [Alpha Centauri],
     leaders: [{person: roe, names: [Jane Roe], office: president, from: 2010-01-01, to: 2015-01-01}, {person: roe, names: [Jane Roe], office: envoy, from: 2016-01-01}]}
  - {id: b, label: B, kind: igo, aliases: [Alpha*]}
`)
	show := func(name, on string) string {
		var out []string
		for _, f := range p.Lookup(name, day(on)) {
			out = append(out, fmt.Sprint(f.Party, f.Person, " ", f.Office, " ", f.Valid))
		}
		return strings.Join(out, "; ")
	}
	for _, c := range []struct{ name, day, want string }{
		{"alpha", "2020-01-01", "a  true; b  true"},
		{"ALPHABET", "2020-01-01", "b  true"},
		{"Al Nord", "2020-01-01", "a  false"},
		{"Al-Nord", "1999-01-01", "a  true"},
		{"Jane Roe", "2012-01-01", "aroe president true; aroe envoy false"},
		{"jane  roe", "2017-01-01", "aroe envoy true; aroe president false"},
		{"Alpha Centauri", "", "  false"},
		{"nobody", "", ""},
	} {
		if got := show(c.name, c.day); got != c.want {
			t.Errorf("%s on %s: %q, want %q", c.name, c.day, got, c.want)
		}
	}
}

func TestHash(t *testing.T) {
	a := compileText(t, header+"never: [A, B]\n")
	b := compileText(t, header+"# comment\nnever:\n  - A\n  - B\n")
	c := compileText(t, header+"never: [A, C]\n")
	if a.Hash != b.Hash {
		t.Error("comments and layout change the hash")
	}
	if a.Hash == c.Hash {
		t.Error("a word does not change the hash")
	}
}

// TestPlainPatterns: the short way through a plain pattern gives what the
// tokenizer gives.
func TestPlainPatterns(t *testing.T) {
	p, l := Compile(embedded(t))
	if p == nil {
		t.Fatal(l)
	}
	r := text.NewReader(p.Vocabulary)
	var layers model.Layers
	for i := range p.Aliases {
		if a := p.Aliases[i].Text; plain(a) {
			r.Read(&model.Article{Text: "They met " + a + " there."}, &layers)
			if got, want := len(layers.Tokens), strings.Count(a, " ")+5; got != want {
				t.Errorf("%q: %d tokens, want %d", a, got, want)
			}
		}
	}
}

func TestDays(t *testing.T) {
	from, to := day("2020-01-01"), day("2020-12-31")
	for _, c := range []struct {
		day      string
		from, to Day
		want     bool
	}{{"2020-01-01", from, to, true}, {"2020-12-31", from, to, true}, {"2021-01-01", from, to, false}, {"2019-12-31", from, to, false},
		{"1999-01-01", 0, to, true}, {"2030-01-01", from, 0, true}, {"", from, 0, true}, {"", from, to, false}, {"", 0, 0, true}} {
		if got := day(c.day).Within(c.from, c.to); got != c.want {
			t.Errorf("%q in [%d, %d]: %v", c.day, c.from, c.to, got)
		}
	}
}

func TestImport(t *testing.T) {
	for _, c := range []struct{ name, data, want, diag string }{
		{"Actors EU.yml", "European Union:\n  Bodies: [Commission*, \"Euro*p\"]\n  States:\n    - Malta\n    - Large: [France, \"Germany's\"]\nNATO: [nato]\n", `pack: {id: actors-eu, version: 0.1.0, lang: en, license: unknown}

parties:
  - id: european-union
    label: "European Union"
    kind: group
  - id: european-union-bodies
    label: "Bodies"
    kind: group
    parent: european-union
    aliases:
      - "Commission*"
  - id: european-union-states
    label: "States"
    kind: group
    parent: european-union
    aliases:
      - "Malta"
  - id: european-union-states-large
    label: "Large"
    kind: group
    parent: european-union-states
    aliases:
      - "France"
      - "Germany's"
  - id: nato
    label: "NATO"
    kind: group
    aliases:
      - "nato"
`, `Actors EU.yml:2:25: warning: "Euro*p" is left out; a wildcard can only stand for the end of a word [pattern]`},
		{"p.csv", "party,alias,kind\nRed Front,\"Front, Red\",party\nRed Front,RF\nÉquipe,équipe\n", `pack: {id: p, version: 0.1.0, lang: en, license: unknown}

parties:
  - id: red-front
    label: "Red Front"
    kind: party
    aliases:
      - "Front, Red"
      - "RF"
  - id: equipe
    label: "Équipe"
    kind: group
    aliases:
      - "équipe"
`, ""},
		{"p.csv", "a,b,c,d\n?,x\nx,y,king\n\"", "", "p.csv:1:1: 4 columns; expected party, alias and perhaps kind [value]\np.csv:2:1: party \"?\"; expected a name with letters or digits [value]\n" +
			"p.csv:3:5: a party kind \"king\"; expected one of armed_group, government, group, igo, media, ngo, party, person [value]\np.csv:4:2: extraneous or missing \" in quoted-field [syntax]"},
		{"p.txt", "x", "", `p.txt: file type ".txt"; expected .yaml, .yml or .csv [value]`},
		{"p.csv", "party,alias\n", "", "p.csv:1:1: the file names no party [missing]"},
		{"p.yaml", "a: [x]\nA: [y]\n", "", `p.yaml:2:1: category "A" gives the party id a a second time [duplicate-id]`},
	} {
		got, l := Import(c.name, []byte(c.data))
		if string(got) != c.want || l.Error() != c.diag {
			t.Errorf("%s %q: got\n%s\n%s\nwant\n%s\n%s", c.name, c.data, got, l.Error(), c.want, c.diag)
		}
		if got != nil {
			if p, l := Compile(Config{Packs: []Source{{Name: "x.yaml", Data: got}}}); p == nil {
				t.Errorf("the pack does not compile: %v", l)
			}
		}
	}
}

// embedded returns the packs and lexicons of the project.
func embedded(t testing.TB) Config {
	t.Helper()
	var c Config
	add := func(pattern string, to *[]Source) {
		names, err := filepath.Glob(filepath.Join("..", "..", "..", "data", pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, n := range names {
			b, err := os.ReadFile(n)
			if err != nil {
				t.Fatal(err)
			}
			*to = append(*to, Source{Name: filepath.Base(n), Data: b, Trusted: true})
		}
	}
	add("rules/*.yaml", &c.Packs)
	add("parties/*.yaml", &c.Packs)
	add("lexicon/*.tsv", &c.Lexicons)
	return c
}

// TestPacks holds the project's own packs to more than users' packs: nothing
// ambiguous, unreachable, untested or without a licence.
func TestPacks(t *testing.T) {
	for _, d := range Lint(embedded(t)) {
		switch d.Kind {
		case "lexicon", "overlap": // names are masked; two may share an office
		default:
			t.Error(d)
		}
	}
}

func TestPacksDeterministic(t *testing.T) {
	c := embedded(t)
	a, l := Compile(c)
	if a == nil {
		t.Fatal(l)
	}
	b, _ := Compile(c)
	if a.Hash != b.Hash || a.Vocabulary.Len() != b.Vocabulary.Len() || len(a.Aliases) != len(b.Aliases) {
		t.Error("two compilations differ")
	}
	for i := range a.Vocabulary.Len() {
		if a.Vocabulary.Form(int32(i)) != b.Vocabulary.Form(int32(i)) {
			t.Fatalf("form %d is %q and %q", i, a.Vocabulary.Form(int32(i)), b.Vocabulary.Form(int32(i)))
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	c := embedded(b)
	size := 0
	for _, s := range slices.Concat(c.Packs, c.Lexicons) {
		size += len(s.Data)
	}
	for i := range 100_000 {
		c.Words = append(c.Words, fmt.Sprintf("w%dx", i))
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if p, l := Compile(c); p == nil {
			b.Fatal(l)
		}
	}
}

func TestTreeEscapes(t *testing.T) {
	_, l := Compile(Config{Packs: []Source{{Name: "a\x1b[31m.yaml", Data: []byte("\u202e: 1\n")}}})
	if bytes.ContainsAny([]byte(l.Error()), "\x1b\u202e") {
		t.Errorf("raw control characters in %q", l.Error())
	}
	var none diag.List
	if got := none.Error(); got != "" {
		t.Errorf("empty list is %q", got)
	}
}
