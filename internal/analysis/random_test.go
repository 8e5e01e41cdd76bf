package analysis

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"

	"stance/internal/model"
)

// words are what random articles are made of: parties, people, references and
// the words that open, join, close and turn what is said of them.
var words = strings.Split(`Israel|Hamas|Russia|Ukraine|the White House|Democrats|Republican senators|Iran's foreign minister|Vladimir Putin|Putin|Rep. Tom Quillan (R-Ohio)|`+
	`Brian Quillan, the spokesman|Gaza|in Washington|Kyiv|the group|the ministry|the official|he|she|they|it|him|them|its|his|whom|who|which|that|the ceasefire|the tariffs|the attack|the ruling|`+
	`the proposal|the accusation|her remarks|accused|Accusing|accusing|condemned|was condemned by|were attacked|has been accused of|praised|praising|to praise|demanded that|urged|`+
	`called|called on|described as|likened|holds|responsible|blamed|blaming|criticism of|condemnation from|support for|met with|talks with|refused to|denied that|failed to|not|never|no|`+
	`would|could|if|vowed to|said|says|said that|, said|told|according to|in a statement|by|for|of|over|to|with|against|from|as|and|or|but|while|after|because|before|`+
	`,|,|.|.|.|!|?|:|;|(|)|“|”|"|"|'s|’s|—|liar|terrorists|a disgrace|deadly|brave|violating|lying|stalling|the truce|aid|peace|on Monday|two|million|`+
	"\n|\n\n", "|")

// TestRandomArticles holds what every result promises, in whatever order words
// come: nothing is out of bounds, and rows point at what is there. Rules need
// not give codes of events.
func TestRandomArticles(t *testing.T) {
	plain := embeddedConfig()
	code := regexp.MustCompile(`, cameo: "[0-9]*"`)
	for i := range plain.Packs {
		plain.Packs[i].Data = code.ReplaceAll(plain.Packs[i].Data, nil)
	}
	n := 30000
	if testing.Short() {
		n /= 10
	}
	t.Run("embedded", func(t *testing.T) { readRandom(t, embedded(t), n) })
	t.Run("without codes", func(t *testing.T) { readRandom(t, compiled(t, plain), n/10) })
}

func readRandom(t *testing.T, a *Analyzer, n int) {
	rng := rand.New(rand.NewPCG(3, 4))
	w := a.NewWorker()
	var r model.Result
	stances := 0
	for range n {
		var b strings.Builder
		for range 1 + rng.IntN(40) {
			b.WriteString(words[rng.IntN(len(words))])
			if rng.IntN(6) > 0 {
				b.WriteByte(' ')
			}
		}
		text := b.String()
		func() {
			defer func() {
				if e := recover(); e != nil {
					t.Fatalf("%v in %q\n%s", e, text, debug.Stack())
				}
			}()
			w.Analyze(&model.Article{Text: text, Lang: "en"}, &r, nil)
		}()
		if problem := consistent(&r); problem != "" {
			t.Fatalf("%s in %q", problem, text)
		}
		stances += len(r.Stances)
	}
	if stances < n/100 {
		t.Errorf("%d stances in %d random articles: too few to say anything", stances, n)
	}
}

// consistent names what a result breaks of its promises, if anything.
func consistent(r *model.Result) string {
	mention := func(m int32) bool { return m >= -1 && int(m) < len(r.Mentions) }
	for i := range r.Mentions {
		if m := &r.Mentions[i]; m.Start < 0 || m.End <= m.Start || int(m.End) > len(r.Article.Text) {
			return fmt.Sprintf("mention %d spans %d to %d", i, m.Start, m.End)
		}
	}
	for i := range r.Stances {
		s := &r.Stances[i]
		switch {
		case s.Sentence < 0 || int(s.Sentence) >= len(r.Sentences):
			return fmt.Sprintf("stance %d is in sentence %d", i, s.Sentence)
		case s.Target < 0 || !mention(s.Target) || !mention(s.Holder) || !mention(s.ReportedBy) || !mention(s.Issue):
			return fmt.Sprintf("stance %d has target %d, holder %d, reporter %d and issue %d of %d mentions", i, s.Target, s.Holder, s.ReportedBy, s.Issue, len(r.Mentions))
		case s.Holder == s.Target:
			return fmt.Sprintf("stance %d is held towards its holder", i)
		case s.Score < -1 || s.Score > 1 || s.Polarity < -1 || s.Polarity > 1:
			return fmt.Sprintf("stance %d has score %g and polarity %d", i, s.Score, s.Polarity)
		}
		if x := r.Sentences[s.Sentence]; s.Cue.Start < x.Start || s.Cue.End > x.End || s.Cue.End <= s.Cue.Start {
			return fmt.Sprintf("the cue of stance %d lies outside its sentence", i)
		}
	}
	for i := range r.Tones {
		if p := r.Tones[i].P; p[0] < 0 || p[1] < 0 || p[2] < 0 || p[0]+p[1]+p[2] < .999 || p[0]+p[1]+p[2] > 1.001 {
			return fmt.Sprintf("the probabilities of tone %d are %v", i, p)
		}
	}
	for i := range r.Quotes {
		if q := &r.Quotes[i]; !mention(q.Mention) || q.Start < 0 || int(q.End) > len(r.Article.Text) || q.End < q.Start {
			return fmt.Sprintf("quotation %d spans %d to %d and has speaker %d", i, q.Start, q.End, q.Mention)
		}
	}
	return ""
}
