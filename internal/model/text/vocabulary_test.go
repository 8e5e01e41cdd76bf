package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stance/internal/model"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Israel": "israel", "DON’T": "don't", "Erdoğan": "erdogan", "São": "sao", "Straße": "strasse", "STRAẞE": "strasse",
		"İstanbul": "istanbul", "ısı": "isi", "Æthel": "aethel", "e\u0301lan": "elan", "É": "e", "so\u00adft": "soft", "non‑stop": "non-stop",
		"Ελλάς": "ελλάσ", "Москва": "москва", "и\u0306": "й", "日本": "日本", "ﬁne": "fine", "Łódź": "lodz", "Đà": "da", "K\u200bL": "kl", "…": "...", "Ｕ": "u",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("İSTANBUL e\u0301 ß ﬃ Ω Å")
	f.Fuzz(func(t *testing.T, s string) {
		if once := Fold(s); Fold(once) != once {
			t.Errorf("Fold(%q) = %q, folded again %q", s, once, Fold(once))
		}
	})
}

func TestInflections(t *testing.T) {
	for _, c := range []struct {
		lemma string
		how   Inflect
		want  string
	}{
		{"accuse", InflectVerb, "accuse, accuses, accused, accusing"},
		{"condemn", InflectVerb, "condemn, condemns, condemned, condemning"},
		{"deny", InflectVerb, "deny, denies, denied, denying"},
		{"stop", InflectVerb, "stop, stops, stopped, stopping"},
		{"visit", InflectVerb, "visit, visits, visited, visiting"},
		{"commit", InflectVerb, "commit, commits, committed, committing"},
		{"occur", InflectVerb, "occur, occurs, occurred, occurring"},
		{"target", InflectVerb, "target, targets, targeted, targeting"},
		{"travel", InflectVerb, "travel, travels, traveled, travelled, traveling, travelling"},
		{"reveal", InflectVerb, "reveal, reveals, revealed, revealing"},
		{"quit", InflectVerb, "quit, quits, quitted, quitting"},
		{"equip", InflectVerb, "equip, equips, equipped, equipping"},
		{"quiz", InflectVerb, "quiz, quizzes, quizzed, quizzing"},
		{"panic", InflectVerb, "panic, panics, panicked, panicking"},
		{"die", InflectVerb, "die, dies, died, dying"},
		{"agree", InflectVerb, "agree, agrees, agreed, agreeing"},
		{"flee", InflectVerb, "flee, flees, fled, fleeing"},
		{"veto", InflectVerb, "veto, vetoes, vetoed, vetoing"},
		{"have", InflectVerb, "have, has, had, having"},
		{"go", InflectVerb, "go, goes, went, gone, going"},
		{"take", InflectVerb, "take, takes, took, taken, taking"},
		{"put", InflectVerb, "put, puts, putting"},
		{"withdraw", InflectVerb, "withdraw, withdraws, withdrew, withdrawn, withdrawing"},
		{"call on", InflectVerb, "call on, calls on, called on, calling on"},
		{"singe", InflectVerb, "singe, singes, singed, singeing"},
		{"focus", InflectVerb, "focus, focuses, focused, focussed, focusing, focussing"},
		{"play", InflectVerb, "play, plays, played, playing"},
		{"fix", InflectVerb, "fix, fixes, fixed, fixing"},
		{"attack", InflectNoun, "attack, attacks"},
		{"country", InflectNoun, "country, countries"},
		{"spokesman", InflectNoun, "spokesman, spokesmen"},
		{"German", InflectNoun, "German, Germans"},
		{"spokesperson", InflectNoun, "spokesperson, spokespeople, spokespersons"},
		{"crisis", InflectNoun, "crisis, crises"},
		{"hostage deal", InflectNoun, "hostage deal, hostage deals"},
		{"bus", InflectNoun, "bus, buses"},
		{"church", InflectNoun, "church, churches"},
		{"monarch", InflectNoun, "monarch, monarchs"},
		{"big", InflectAdjective, "big, bigger, biggest"},
		{"happy", InflectAdjective, "happy, happier, happiest"},
		{"good", InflectAdjective, "good, better, best"},
		{"humanitarian", InflectAdjective, "humanitarian"},
		{"ceasefire", InflectNone, "ceasefire"},
	} {
		var got []string
		for _, f := range Inflections(c.lemma, c.how) {
			got = append(got, f.Text)
		}
		slices.Sort(got)
		want := strings.Split(c.want, ", ")
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", c.lemma, got, want)
		}
	}
	if f := Inflections("put", InflectVerb); f[0].Class != VerbBase|VerbPast|VerbPast2 {
		t.Errorf("put has classes %b", f[0].Class)
	}
}

func TestVocabulary(t *testing.T) {
	b := NewBuilder()
	words := map[string]int32{}
	for i := range 5000 {
		w := fmt.Sprintf("w%dx%s", i, strings.Repeat("y", i%20))
		words[w] = b.Add(w, Noun)
	}
	accent := b.Add("Erdoğan", Noun)
	wide := b.AddPrefix("militar")
	wider := b.AddPrefix("militaris")
	two := b.AddPrefix("zq")
	v := b.Build()
	for w, id := range words {
		if v.Lookup(w) != id || v.Form(id) != w || v.Class(id) != Noun {
			t.Fatalf("%s has id %d, want %d", w, v.Lookup(w), id)
		}
	}
	r := NewReader(v)
	r.tokenise("ERDOGAN militaryish Militariszed unknownword w19xyyyyyyyyyyyyyyyyyyy zqa zq qzq Zqabcdefghij", 0)
	want := []int32{accent, wide, wider, 0, words["w19x"+strings.Repeat("y", 19)], two, two, 0, two}
	for i, k := range r.tokens {
		if k.ID != want[i] {
			t.Errorf("%s has id %d (%s), want %d", k.In(r.text), k.ID, v.Form(k.ID), want[i])
		}
	}
	if v.Lookup("not a word") != 0 || v.Form(0) != "" || v.Class(0) != 0 {
		t.Error("unknown words should have id 0")
	}
	for form, class := range map[string]Class{"attack": Noun | VerbBase, "said": VerbPast | VerbPast2 | Reporting, "the": Determiner, "officials": NounPlural | PersonNoun,
		"won't": Modal | Negator, "gen.": Title | Abbreviation, "because": Subordinate, "taken": VerbPast2, "monday": Weekday} {
		if got := v.Class(v.Lookup(form)); got&class != class {
			t.Errorf("%s has classes %b, want %b among them", form, got, class)
		}
	}
}

func TestPhrases(t *testing.T) {
	b := NewBuilder()
	p := NewPhraseBuilder(b, 0)
	for i, pattern := range []string{"ceasefire agreement*", "cease-fire", "Israeli official*", "the U.S.", "call* on", "Israel's plan", "hostage deal", "israeli", "anti-war move*", "don't"} {
		p.AddPattern(pattern, int32(i))
	}
	b.Add("agreements", NounPlural)
	b.Add("officialdom", Noun)
	v := b.Build()
	phrases := p.Build(v)
	r := NewReader(v)
	for _, c := range []struct{ text, want string }{
		{"Ceasefire agreements failed", "1@0+1 0@0+2"},
		{"the cease-fire", "1@1+3"}, {"a cease fire", "1@1+2"}, {"ceasefire", "1@0+1"},
		{"ISRAELI officials say", "7@0+1 2@0+2"}, {"israeli officialdom", "7@0+1 2@0+2"}, {"israeli officialxyz", "7@0+1 2@0+2"},
		{"in the U.S. today", "3@1+2"}, {"he called on Israel’s plan", "4@1+2 5@3+3"},
		{"hostage-deal", ""}, {"antiwar moves", "8@0+2"}, {"anti-war movement", "8@0+4"}, {"Don’t", "9@0+1"},
	} {
		r.tokenise(c.text, 0)
		var got []string
		for i := range r.tokens {
			found := phrases.Match(r.tokens, i, nil)
			if len(found) > 0 && !phrases.Starts(r.tokens[i].ID) {
				t.Errorf("%q: Starts is false where a phrase starts", c.text)
			}
			for _, m := range found {
				got = append(got, fmt.Sprintf("%d@%d+%d", m.Value, i, m.Len))
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: got %s, want %s", c.text, s, c.want)
		}
	}
}

func TestTokens(t *testing.T) {
	r := NewReader(vocabulary)
	for _, c := range []struct{ text, want string }{
		{"Israel's", "Israel 's/clitic"},
		{"Israel’s plan", "Israel ’s/clitic plan"},
		{"they've don't can’t", "they 've/clitic don't can’t"},
		{"the hostages' families", "the hostages '/clitic families"},
		{"Israeli-backed", "Israeli -/hyphen backed"},
		{"Israel–Hamas war", "Israel –/hyphen Hamas war"},
		{"war – and—peace -- now", "war –/dash and —/dash peace --/dash now"},
		{"a 12-year-old 1,000.5 10th 1990s $3.5bn", "a 12/number -/hyphen year -/hyphen old 1,000.5/number 10th/number 1990s/number $/symbol 3.5bn/number"},
		{"U.S. U.N.-led J.K. e.g.", "U.S. U.N. -/hyphen led J.K. e.g."},
		{"O'Neill Sana'a Qur’an", "O'Neill Sana'a Qur’an"},
		{"AT&T & R&D", "AT&T &/symbol R&D"},
		{"'90s 'em", "'90s/number 'em"},
		{"He said 'no.'", "He said '/quote no ./punct '/quote"},
		{"‘a truce’s end’", "‘/quote a truce ’s/clitic end ’/quote"},
		{"a.b@c.org www.x.org/y, x.com. @who #tag", "a.b@c.org/url www.x.org/y/url ,/punct x.com/url ./punct @who/url #tag/url"},
		{"https://x.org/a?b=c. Yes", "https://x.org/a?b=c/url ./punct Yes"},
		{"wait... what…", "wait .../punct what …/punct"},
		{"No. 10, no. Ten", "No. 10/number ,/punct no ./punct Ten"},
		{"<p>Hi</p> &amp; so", "<p>/symbol Hi </p>/symbol &amp;/symbol so"},
		{"so\u00adft e\u0301lan İzmir", "so\u00adft e\u0301lan İzmir"},
		{"café", "café"},
		{"(GHF) [sic]", "(/punct GHF )/punct [/punct sic ]/punct"},
	} {
		r.tokenise(c.text, 0)
		var got []string
		for _, k := range r.tokens {
			s := k.In(c.text)
			if k.Kind != model.Word {
				s += "/" + kindNames[k.Kind]
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, s, c.want)
		}
	}
	r.tokenise("The US and U.S. McCain iPhone É", 0)
	for i, want := range []model.TokenFlags{model.Capital, model.Capital | model.AllCaps, 0, model.Capital | model.AllCaps, model.Capital, 0, model.Capital} {
		if got := r.tokens[i].Flags & (model.Capital | model.AllCaps); got != want {
			t.Errorf("%s has flags %b, want %b", r.tokens[i].In(r.text), got, want)
		}
	}
}
