package text

import (
	"fmt"
	"strings"
	"testing"

	"stance/internal/model"
)

// clausesOf renders the clauses of the first sentence: kind, the index of the
// parent where it is not the clause before, + for a resumed one, and the words.
func clausesOf(a *model.Article, l *model.Layers) string {
	var out []string
	s := l.Sentences[0]
	for c := s.FirstClause; c < s.LastClause; c++ {
		k := l.Clauses[c]
		name := k.Kind.String()
		if k.Resumes >= 0 {
			name = "+" + name
		}
		if k.Parent >= 0 && k.Parent != c-1 {
			name += fmt.Sprint(k.Parent)
		}
		out = append(out, name+"["+a.Text[l.Tokens[k.First].Start:l.Tokens[k.Last-1].End]+"]")
	}
	return strings.Join(out, " ")
}

// groupsOf renders the verb groups of the first sentence.
func groupsOf(a *model.Article, l *model.Layers) string {
	var out []string
	s := l.Sentences[0]
	for g := s.FirstGroup; g < s.LastGroup; g++ {
		k := l.Groups[g]
		w := strings.ReplaceAll(a.Text[l.Tokens[k.First].Start:l.Tokens[k.Last-1].End], " ", "_") + "/" + formNames[k.Form][:3]
		for _, flag := range []struct {
			set  bool
			name string
		}{{k.Passive, "+passive"}, {k.Negated, "+neg"}, {k.Perfect, "+perf"}, {k.Progressive, "+prog"}, {k.Modal >= 0, "+modal"}} {
			if flag.set {
				w += flag.name
			}
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

func TestClauses(t *testing.T) {
	r := NewReader(vocabulary)
	var l model.Layers
	for _, c := range []struct{ text, clauses, groups string }{
		{"Israel said Hamas had attacked the camp.",
			"main[Israel said] that[Hamas had attacked the camp.]",
			"said/fin had_attacked/fin+perf"},
		{"The group, which Egypt backs, rejected the plan that Qatar drafted.",
			"main[The group,] relative[which Egypt backs,] +main[rejected the plan] relative0[that Qatar drafted.]",
			"backs/fin rejected/fin drafted/fin"},
		{"When the talks failed, Hamas fired rockets and Israel struck back.",
			"adverbial1[When the talks failed,] main[Hamas fired rockets] coordinate[and Israel struck back.]",
			"failed/fin fired/fin struck/fin"},
		{"The ministry said 32 men, including guards, were killed by Israeli fire.",
			"main[The ministry said] that[32 men, including guards, were killed by Israeli fire.]",
			"said/fin were_killed/fin+passive"},
		{"Trump's trip came hours after militants stormed a base in Benghazi, Libya, and killed three guards.",
			"main[Trump's trip came hours] adverbial[after militants stormed a base in Benghazi, Libya,] coordinate[and killed three guards.]",
			"came/fin stormed/fin killed/fin"},
		{"Obama left Egypt after Hamas attacked Israel, and praised Jordan.",
			"main[Obama left Egypt] adverbial[after Hamas attacked Israel,] coordinate0[and praised Jordan.]",
			"left/fin attacked/fin praised/fin"},
		{"They condemned those who disagree and oppose the plan.",
			"main[They condemned those] relative[who disagree] coordinate[and oppose the plan.]",
			"condemned/fin disagree/fin oppose/fin"},
		{"He will neither accept the offer nor meet the envoy.",
			"main[He will neither accept the offer] coordinate[nor meet the envoy.]",
			"will/fin+neg+modal meet/fin+modal"},
		{"Israel wants to expel the group and has asked Egypt to help.",
			"main[Israel wants] infinitive[to expel the group] coordinate0[and has asked Egypt] infinitive[to help.]",
			"wants/fin to_expel/inf has_asked/fin+perf to_help/inf"},
		{"If asked, France would not send troops.",
			"condition1[If asked,] main[France would not send troops.]",
			"asked/par would_not_send/fin+neg+modal"},
		{"Men accused of spying were arrested by Iran.",
			"main[Men] participle[accused of spying] +main[were arrested by Iran.]",
			"accused/par spying/ger were_arrested/fin+passive"},
		{"“We will not yield,” the minister said, adding that aid had been blocked.",
			"that1[“We will not yield,”] main[the minister said,] participle[adding] that[that aid had been blocked.]",
			"will_not_yield/fin+neg+modal said/fin adding/ger had_been_blocked/fin+passive+perf"},
		{"The bills passed by the House and vetoed by Obama have not become law.",
			"main[The bills] participle[passed by the House] coordinate[and vetoed by Obama] +main[have not become law.]",
			"passed/par+passive vetoed/par+passive have_not_become/fin+neg+perf"},
		{"Egypt met the envoy, accused Israel of murder and praised Hamas.",
			"main[Egypt met the envoy,] coordinate[accused Israel of murder] coordinate[and praised Hamas.]",
			"met/fin accused/fin praised/fin"},
		{"He praised Egypt for its role, a claim the ministry called false.",
			"main[He praised Egypt for its role, a claim] relative[the ministry called false.]",
			"praised/fin called/fin"},
		{"Iran asked that the army lift its siege.",
			"main[Iran asked] that[that the army lift its siege.]",
			"asked/fin lift/fin"},
		{"Japan demanded that China release the crew.",
			"main[Japan demanded] that[that China release the crew.]",
			"demanded/fin release/fin"},
		{"Poland as well as Lithuania met the envoy.",
			"main[Poland as well as Lithuania met the envoy.]",
			"met/fin"},
		{"It was an offer Iran has refused.",
			"main[It was an offer] relative[Iran has refused.]",
			"was/fin has_refused/fin+perf"},
		{"The army, a force based in the hills, left.",
			"main[The army, a force] participle[based in the hills,] +main[left.]",
			"based/par left/fin"},
	} {
		a := &model.Article{Text: c.text}
		r.Read(a, &l)
		check(t, a, &l)
		if got := clausesOf(a, &l); got != c.clauses {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.clauses)
		}
		if got := groupsOf(a, &l); got != c.groups {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.groups)
		}
	}
}

// TestTitleCase counts capitals among the words of more than three letters.
func TestTitleCase(t *testing.T) {
	r := NewReader(vocabulary)
	for s, want := range map[string]bool{
		"Israel Rejects a Truce With Hamas":                                            true,
		"Israel Rejects a Truce with Hamas":                                            true,
		"Israel rejects a Truce with Hamas":                                            false,
		"Talks on Gaza Fail":                                                           false, // three longer words
		"The US and the UN":                                                            false,
		"Gaza, 2024: “Talks Between Israel and Hamas” End Again":                       true,
		"Gaza Talks Between Israel And Hamas End Again, but in the end they may go on": true,
		"Talks in Gaza between Israel and Hamas ended without result on a Friday":      false,
	} {
		if r.tokenise(s, 0); titleCase(r.tokens) != want {
			t.Errorf("%q: %v, want %v", s, !want, want)
		}
	}
}
