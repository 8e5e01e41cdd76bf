package stance_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"stance/data"
	"stance/internal/analysis"
	"stance/internal/model"
	"stance/internal/model/rules"
)

// learned analyses with the embedded packs and weights.
func learned(t testing.TB) *analysis.Worker {
	t.Helper()
	c := analysis.Config{Sentiment: data.Model("sentiment.tsv"), Tone: data.Model("tone.tsv"), Pair: data.Model("stance.tsv")}
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

// TestSpeech holds what a speaker says of a party without a cue of the packs.
func TestSpeech(t *testing.T) {
	w := learned(t)
	var r model.Result
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Ukraine said that Russia was a dangerous and brutal aggressor.", []string{"ukraine against russia: brutal"}},
		{"Russia said that Ukraine was a dangerous and brutal aggressor.", []string{"russia against ukraine: brutal"}},
		{"Israel's prime minister said Hamas was a cruel and corrupt gang.", []string{"israel against hamas: gang"}},
		{"A spokesman of Hamas said Israel was a cruel and corrupt gang.", []string{"hamas against israel: gang"}},
		{"“Republicans wasted two years with cowardly and disgraceful stunts,” a spokesman for the Democrats said.", []string{"democrats against republicans: disgraceful"}},
		{"“Democrats wasted two years with cowardly and disgraceful stunts,” a spokesman for the Republicans said.", []string{"republicans against democrats: disgraceful"}},
		// Who did it behind "by", and what somebody is warned of.
		{"Ukraine said that the villages were plundered by Russia.", []string{"ukraine against russia: plundered"}},
		{"Russia said that the villages were plundered by Ukraine.", []string{"russia against ukraine: plundered"}},
		{"Iran warned that Israel could cause a brutal catastrophe.", []string{"iran against israel: brutal"}},
		{"Israel warned that Iran could cause a brutal catastrophe.", []string{"israel against iran: brutal"}},
		// What befalls the target, what it thinks of a third party, what is asked, denied or not so.
		{"Ukraine said that Russia was worried about the deadly disaster.", nil},
		{"Ukraine said that Russia denounced the brutal attack.", nil},
		{"Ukraine said that Russia was not a brutal aggressor.", nil},
		{"Ukraine denied that Russia was a brutal aggressor.", nil},
		{"Ukraine said that it did not believe that Russia was a brutal aggressor.", nil},
		{"Ukraine asked whether Russia was a brutal aggressor.", nil},
		{"Ukraine said that Belarus, not Russia, was a brutal aggressor.", nil},
		{"Ukraine said that Russia would be a brutal aggressor.", nil},
		// The narrator, and nobody in particular.
		{"Russia was a dangerous and brutal aggressor.", nil},
		{"Analysts said that Russia was a dangerous and brutal aggressor.", nil},
	} {
		w.Analyze(&model.Article{Text: c.text, PublishedAt: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)}, &r, nil)
		var got []string
		for i := range r.Stances {
			if st := &r.Stances[i]; st.Rule == "speech" {
				if st.Polarity != -1 || st.Score >= 0 || st.Confidence <= 0 || st.Confidence > 1 {
					t.Errorf("%q: polarity %d, score %g, confidence %g", c.text, st.Polarity, st.Score, st.Confidence)
				}
				got = append(got, fmt.Sprintf("%s against %s: %s", r.Mentions[st.Holder].ID, r.Mentions[st.Target].ID, st.Cue.In(c.text)))
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
	}
}
