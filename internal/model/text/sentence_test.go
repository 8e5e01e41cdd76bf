package text

import (
	"slices"
	"strings"
	"testing"

	"stance/internal/model"
)

// sentenceCases are texts cut into the sentences they hold; joined by a space
// they are the text.
var sentenceCases = [][]string{
	{"The U.S. and the U.N. met Lt. Gen. Ali.", "They left."},
	{"He works for the U.S. Treasury in D.C. on weekdays."},
	{"They flew to the U.S.", "The talks failed."},
	{"Sen. Warren and Rep. Omar spoke at 5 p.m. on Monday."},
	{"The talks ended at 5 p.m.", "The ministers left."},
	{"So said Sen. Hale, R-Ky.", "Marsh agreed.", "Rep. Jo Lee, D-Mass., did not."},
	{"No. 10 said no.", "It meant no."},
	{"Acme Inc. bought Zeta Ltd. in Jan. 2020.", "Shares fell 3.5 percent to $1.20."},
	{"The group, led by J. K. Marsh, met W. Hale in Bonn.", "He agreed."},
	{"Who broke it?", "You and I.", "Nobody else."},
	{"Read it at https://www.example.org/a.b?c=d.", "Or write to jo.marsh@example.org.", "Thanks!"},
	{"\"This is it,\" stated one official.", "\"We leave.", "They stay.\""},
	{"\"We leave.", "They stay,\" he said."},
	{"\"Really?\" Marsh asked.", "\"Yes!\" she said."},
	{"“Stop!” the crowd shouted.", "“Stop now.”", "It did not."},
	{"He left (it was late.) and slept.", "(She stayed.)", "They wrote."},
	{"GAZA CITY (Reuters) — Israel struck the city.", "Hamas replied."},
	{"WASHINGTON (AP) - The House voted.", "The Senate did not."},
	{"It was late … very late.", "He left. …", "She stayed..."},
	{"The plan — if it is one — failed.", "So be it."},
	{"The camp grew from 1,000 to 2,500 tents.", "3 burned down."},
	{"He met Mr. and Mrs. Hale on St. John's Rd. near the church."},
	{"The law (Sec. 4, para. 2) is clear, e.g. on aid, i.e. food vs. arms."},
	{"Dr. Hale, Ph.D., and Marsh Jr. spoke.", "Others listened."},
	{"She said: \"No.\"", "He said nothing."},
	{"It ended.", "The end came on 3 Feb. 2021."},
	{"They called it ‘a truce.’", "It was none."},
	{"The hostages' families wept.", "The ministers' aides left."},
	{"Is this the end?", "No!", "It goes on."},
	{"1. Release the hostages.", "2. Stop the fire.", "3. Talk."},
	{"The e-mail of the E.U. envoy, A. Hale, reached Prof. Dr. B. Marsh."},
	{"Vitamin C.", "It helps.", "Plan B.", "That failed."},
	{"The vote (5-4) fell on Nov. 5 at 10 a.m. EST in Washington, D.C."},
	{"„Das ist alles“, said the envoy.", "«C'est tout», said another."},
	{"He has a B.A. and an M.D. from Oxford.", "He teaches."},
	{"The company, etc.", "Marsh disagrees."},
}

func TestSentences(t *testing.T) {
	r := NewReader(vocabulary)
	var l model.Layers
	for _, want := range sentenceCases {
		checkSentences(t, r, &l, strings.Join(want, " "), want)
	}
}

func TestSkipsPastedLinks(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Rep. Jane Roe Jane (Jan) Ann RoeHouse slams budget What's next? Five \"big\" things MORE (R-Ohio), met Hale.", "Rep. Jane Roe ( R - Ohio ) , met Hale ."},
		{"He met Bob Hale Jr. Robert (Bob) Hale2024 votes open Marsh wins MORE's aide in Bonn.", "He met Bob Hale Jr. 's aide in Bonn ."},
		{"Ann Lee Ann LeeOne \"two MORE (D) and Jo Ray Joseph RayThree MORE said: \"No way.\"", "Ann Lee ( D ) and Jo Ray said : \" No way . \""},
		{"Jane Roe said Hale wants MORE (R-Ohio).", "Jane Roe said Hale wants MORE ( R - Ohio ) ."},
		{"Ann RoeHouse fell.\nThey want MORE of it now, he said.", "Ann RoeHouse fell . They want MORE of it now , he said ."},
	} {
		a := &model.Article{Text: c.text}
		var l model.Layers
		NewReader(vocabulary).Read(a, &l)
		var got []string
		for _, k := range l.Tokens {
			got = append(got, k.In(c.text))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q is read as %q, want %q", c.text, s, c.want)
		}
		if s := l.Sentences[len(l.Sentences)-1]; s.Question || s.End != int32(len(c.text)) {
			t.Errorf("the last sentence of %q is %+v", c.text, s)
		}
	}
}

func checkSentences(t *testing.T, r *Reader, l *model.Layers, text string, want []string) {
	t.Helper()
	a := &model.Article{Text: text}
	r.Read(a, l)
	check(t, a, l)
	var got []string
	for _, s := range l.Sentences {
		got = append(got, strings.Join(strings.Fields(s.In(text)), " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\n got %q\nwant %q", text, got, want)
	}
}

func TestSentencesAcrossLines(t *testing.T) {
	r := NewReader(vocabulary)
	var l model.Layers
	for _, c := range []struct {
		text string
		want []string
	}{
		{"The talks ended.The envoys left.", []string{"The talks ended.", "The envoys left."}},
		{"The envoys left at last.\r\n\r\nThey came back.\r\n", []string{"The envoys left at last.", "They came back."}},
		{"The U.S.\u00a0envoy met Mr.\u00a0Hale.\u00a0He left.", []string{"The U.S. envoy met Mr. Hale.", "He left."}},
		{"The foreign minister of the country met the\nenvoy on Monday in the capital and said that\nPresident Hale would not attend the talks in\nDoha. The envoy left on the same day for\nCairo.", []string{
			"The foreign minister of the country met the envoy on Monday in the capital and said that President Hale would not attend the talks in Doha.",
			"The envoy left on the same day for Cairo."}},
		{"Envoys leave Doha\n\nThe talks ended. No date was set", []string{"Envoys leave Doha", "The talks ended.", "No date was set"}},
		{"What they want:\n• an end to the war\n• aid\n• a vote", []string{"What they want:", "• an end to the war", "• aid", "• a vote"}},
		{"He said … nothing. “I… I can’t,” she said. She left…", []string{"He said … nothing.", "“I… I can’t,” she said.", "She left…"}},
		{"A cold rain fell\non the camp.", []string{"A cold rain fell on the camp."}},
	} {
		checkSentences(t, r, &l, c.text, c.want)
	}
}
