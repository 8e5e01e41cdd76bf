package stance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stance/data"
	"stance/internal/analysis"
	"stance/internal/model"
	"stance/internal/model/rules"
)

// worker analyses with the embedded packs and without learned weights.
func worker(t testing.TB) *analysis.Worker {
	t.Helper()
	var c analysis.Config
	for _, f := range data.Packs() {
		c.Packs = append(c.Packs, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	for _, f := range data.Lexicons() {
		c.Lexicons = append(c.Lexicons, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	a, mistakes, err := analysis.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if a == nil {
		t.Fatal(mistakes.Err())
	}
	return a.NewWorker()
}

// shown writes a quote as "method: source / content", with + before one that
// goes on with the quote before and > before one that lies in another.
func shown(text string, q *model.Quote) string {
	lead := ""
	if q.Continues {
		lead = "+ "
	}
	if q.Parent >= 0 {
		lead += "> "
	}
	return fmt.Sprintf("%s%s: %s / %s", lead, q.Method, q.Source.In(text), q.Span.In(text))
}

func TestAttribution(t *testing.T) {
	w := worker(t)
	for _, c := range []struct {
		text string
		want []string
	}{
		// Quotations with the cue beside them.
		{"“The bridge is safe,” the engineer said.", []string{"speaker-verb-quote: the engineer / “The bridge is safe,”"}},
		{"“The bridge is safe,” said Mara Voss, an engineer of the city.", []string{"quote-verb-speaker: Mara Voss, an engineer of the city / “The bridge is safe,”"}},
		{"Mara Voss said, “The bridge is safe and it will stay open.”", []string{"speaker-verb-quote: Mara Voss / “The bridge is safe and it will stay open.”"}},
		{"“Nobody listens to us,” she fumed.", []string{"speaker-verb-quote: she / “Nobody listens to us,”"}},
		{"Voss was blunt: “Nobody asked the engineers about the bridge.”", []string{"speaker-verb-quote: Voss / “Nobody asked the engineers about the bridge.”"}},
		{"Mara Voss: “Nobody asked the engineers about the bridge.”", []string{"colon: Mara Voss / “Nobody asked the engineers about the bridge.”"}},
		// One attribution in two pieces.
		{"“The bridge,” Voss said, “is safe for now.”", []string{"speaker-verb-quote: Voss / “The bridge,”", "+ speaker-verb-quote: Voss / “is safe for now.”"}},
		{"“The bridge is safe,” Voss said. “It will stay open.”", []string{"speaker-verb-quote: Voss / “The bridge is safe,”", "+ floating-quote: Voss / “It will stay open.”"}},
		{"Voss said the bridge was safe. “It will stay open.”", []string{"that-clause: Voss / the bridge was safe", "+ floating-quote: Voss / “It will stay open.”"}},
		// A quotation that each paragraph opens again.
		{"“The bridge is safe,” Voss said.\n\nThe council met. “Our engineers saw it. They went down there.\n\n“They found no cracks at all,” Lind said.", []string{
			"speaker-verb-quote: Voss / “The bridge is safe,”", "paragraph: Lind / “Our engineers saw it. They went down there.", "speaker-verb-quote: Lind / “They found no cracks at all,”"}},
		// Fragments make reported speech mixed.
		{"Voss said the plan was “a disgrace to the city” and its people.", []string{"that-clause: Voss / the plan was “a disgrace to the city” and its people"}},
		{"They have “no idea of the cost,” she said.", []string{"fronted: she / They have “no idea of the cost,”"}},
		{"The mayor called the plan “a disgrace to the city” on Monday.", []string{"object: The mayor / the plan “a disgrace to the city”"}},
		{"The mayor called the plan “unworkable” on Monday.", []string{"object: The mayor / the plan “unworkable”"}},
		{"The union derided the bridge as “a ramp”.", []string{"object: The union / the bridge as “a ramp”"}},
		{"The union brushed the offer aside as “a bribe in need of a bow”.", []string{"object: The union / “a bribe in need of a bow”"}},
		{"The union “sharply criticized” the mayor.", []string{"object: The union / “sharply criticized”", "object: The union / the mayor"}},
		{"The plan was branded “a sham” by the union.", []string{"passive: the union / “a sham”"}},
		{"The union denounced what it called “a betrayal”.", []string{"object: The union / what it called “a betrayal”"}},
		{"“The bridge is safe,” she said by telephone.", []string{"speaker-verb-quote: she / “The bridge is safe,”"}},
		{"“The bridge is safe,” said an aide to Voss.", []string{"quote-verb-speaker: an aide to Voss / “The bridge is safe,”"}},
		// Scare quotes and titles are nobody's words.
		{"The city paved the “smart” bridge.", nil},
		{"The so-called “smart” bridge reopened.", nil},
		{"The play “The Old Mill” opens in May.", nil},
		// Clauses.
		{"The harbor board said on Monday that the dam would hold.", []string{"that-clause: The harbor board / that the dam would hold"}},
		{"The harbor board said the dam would hold, but the mayor closed the road.", []string{"that-clause: The harbor board / the dam would hold"}},
		{"Jane Roe, 69, said she had seen the water rise.", []string{"that-clause: Jane Roe, 69 / she had seen the water rise"}},
		{"Jane Roe, a governor whose state is poor, said the dam would hold.", []string{"that-clause: Jane Roe, a governor / the dam would hold"}},
		{"The union said the dam was safe, a claim that the mayor disputes.", []string{"that-clause: The union / the dam was safe"}},
		{"The mayor asked whether the dam was safe.", []string{"that-clause: The mayor / whether the dam was safe"}},
		{"The mayor told reporters she would resign.", []string{"that-clause: The mayor / she would resign"}},
		{"One negotiator of Hamas said the talks had failed.", []string{"that-clause: One negotiator of Hamas / the talks had failed"}},
		{"John Doe, a spokesman for the Israeli army, said the road was open.", []string{"that-clause: John Doe, a spokesman for the Israeli army / the road was open"}},
		{"Voss praised the crew, saying the bridge was safe.", []string{"object: Voss / the crew", "that-clause: Voss / the bridge was safe"}},
		{"Voss said closing the bridge would hurt trade.", []string{"that-clause: Voss / closing the bridge would hurt trade"}},
		// What is said comes first, or on both sides.
		{"The dam will hold until spring, the harbor board said.", []string{"fronted: the harbor board / The dam will hold until spring"}},
		{"The dam, the harbor board said, will hold until spring.", []string{"fronted: the harbor board / The dam, the harbor board said, will hold until spring"}},
		{"The dam will hold until spring, said Mara Voss.", []string{"fronted: Mara Voss / The dam will hold until spring"}},
		{"According to the harbor board, the dam will hold until spring.", []string{"according-to: the harbor board / the dam will hold until spring"}},
		{"The dam will hold until spring, according to the harbor board.", []string{"according-to: the harbor board / The dam will hold until spring"}},
		// Will and judgement.
		{"The council hopes to reopen the road.", []string{"infinitive: The council / to reopen the road"}},
		{"The union rejected the offer last week.", []string{"object: The union / the offer"}},
		{"The union urged the council to reopen the road.", []string{"object: The union / the council to reopen the road"}},
		{"The mayor called for a vote on the budget.", []string{"preposition: The mayor / a vote on the budget"}},
		{"The plan was opposed by the union.", []string{"passive: the union / The plan"}},
		{"The board is expected to approve the budget.", []string{"seeming:  / The board is expected to approve the budget"}},
		{"The mayor is critical of the budget.", []string{"noun: The mayor / the budget"}},
		{"The mayor has no plans to resign.", []string{"noun: The mayor / to resign"}},
		{"The mayor repeated her claim that the dam was safe.", []string{"noun: her / that the dam was safe"}},
		{"While the union opposed the plan, the council approved it.", []string{"object: the union / the plan", "object: the council / it"}},
		{"With aides urging the mayor to resign, the council met.", []string{"object: aides / the mayor to resign"}},
		// Nested: only what names somebody new.
		{"Kyiv said Moscow had claimed that the convoy carried shells.", []string{"that-clause: Kyiv / Moscow had claimed that the convoy carried shells", "> that-clause: Moscow / that the convoy carried shells"}},
		{"“I think the bridge is safe,” Voss said.", []string{"speaker-verb-quote: Voss / “I think the bridge is safe,”"}},
		{"The mayor would say that the dam is safe.", nil},
		{"The dam held all winter.", nil},
	} {
		var r model.Result
		w.Analyze(&model.Article{Text: c.text, PublishedAt: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)}, &r, nil)
		var got []string
		for i := range r.Quotes {
			got = append(got, shown(c.text, &r.Quotes[i]))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.text, strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
		}
	}
}

// TestAttitudesAreNoSpeech checks that what somebody wants or opposes puts no
// words into his mouth: the narrator speaks on.
func TestAttitudesAreNoSpeech(t *testing.T) {
	w := worker(t)
	for _, c := range []struct {
		text     string
		attitude bool
		kind     model.QuoteKind
		voice    model.Voice
	}{
		{"Israel opposed the plan.", true, model.QuoteIndirect, model.VoiceNarrator},
		{"John Doe, a spokesman for the Israeli army, said the road to the north would be open for trucks with food by noon.", false, model.QuoteIndirect, model.VoiceParty},
		{"One negotiator of Hamas said the talks had failed over the lists.", false, model.QuoteIndirect, model.VoiceParty},
		{"Israel said the plan would fail within a year.", false, model.QuoteIndirect, model.VoiceParty},
		{"Israel called the plan “a gift to its worst enemies.”", false, model.QuoteMixed, model.VoiceParty},
	} {
		var r model.Result
		w.Analyze(&model.Article{Text: c.text}, &r, nil)
		if len(r.Quotes) != 1 {
			t.Fatalf("%s: %d quotes, want 1", c.text, len(r.Quotes))
		}
		if q := r.Quotes[0]; q.Attitude != c.attitude || q.Kind != c.kind || r.Attributions[0].Voice != c.voice {
			t.Errorf("%s: attitude %t, kind %s, voice %s; want %t, %s, %s", c.text, q.Attitude, q.Kind, r.Attributions[0].Voice, c.attitude, c.kind, c.voice)
		}
	}
}

// TestQuotesHoldTogether checks on texts cut at random places that quotes are
// ordered, lie in the text, and name parents that contain them.
func TestQuotesHoldTogether(t *testing.T) {
	w := worker(t)
	text := "“We — the board — said ‘no’,” Voss told aides, “and (as Lind said) we mean it. " +
		"While the union, which opposed it, said: “Never! It called for a vote” — according to Lind — the mayor hopes to, and plans for, more.\n\n" +
		"“It is, he said, “over; she asked whether, why and, told that, he said said that said.” The plan was opposed by, as critics claim, the"
	var r model.Result
	for from := 0; from < len(text); from += 3 {
		for to := len(text); to > from; to -= 17 {
			cut := strings.ToValidUTF8(text[from:to], "")
			w.Analyze(&model.Article{Text: cut}, &r, nil)
			last := int32(0)
			for i := range r.Quotes {
				q := &r.Quotes[i]
				if q.Start < last || q.End <= q.Start || int(q.End) > len(cut) || q.LastSentence <= q.FirstSentence || q.Method == "" {
					t.Fatalf("%q: quote %d: %+v", cut, i, *q)
				}
				if q.Parent >= int32(i) || q.Parent >= 0 && !r.Quotes[q.Parent].Contains(q.Span) {
					t.Fatalf("%q: quote %d has parent %d", cut, i, q.Parent)
				}
				last = q.Start
			}
		}
	}
}

// TestOpensWithParticiple reads a participle as the first word of all, before
// which no comma can stand.
func TestOpensWithParticiple(t *testing.T) {
	text := "Accusing Iran of lying, Hamas was condemned by Israel."
	var r model.Result
	worker(t).Analyze(&model.Article{Text: text}, &r, nil)
	found := false
	for i := range r.Stances {
		st := &r.Stances[i]
		found = found || st.Holder >= 0 && r.Mentions[st.Holder].In(text) == "Israel" && r.Mentions[st.Target].In(text) == "Hamas" && st.Score < 0
	}
	if !found {
		t.Errorf("%s: stances %+v, want Israel against Hamas", text, r.Stances)
	}
}
