package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stance/internal/model"
)

// Who does what to whom, by causes that were read wrongly once: one sentence
// each, or two where the first introduces somebody.
func TestReadings(t *testing.T) {
	w := embedded(t).NewWorker()
	var r model.Result
	for _, c := range []struct{ text, want string }{
		// A party's letter behind a name, and what follows of the person.
		{"Rep. Tom Quillan (R-Ohio) criticized Hamas on Monday over the attack.", "republicans - hamas"},
		{"Tom Quillan, D-Maine, who is up for election, criticized Hamas on Monday over the attack.", "democrats - hamas"},
		{"Rep. Tom Quillan (R-Ohio) spoke in the town for an hour. Quillan criticized Hamas.", "republicans - hamas"},
		{"Tom Quillan, D-Maine, who wrote to Sen. Ann Quorley, R-S.C., criticized Hamas on Monday.", "democrats - hamas"},
		// People by their given names.
		{"In the town, Brian Quillan criticized Hamas.", "Brian Quillan - hamas"},
		{"Vladimir Putin spoke on Monday. Then Helen Quillan left, and she criticized Hamas.", "Helen Quillan - hamas"},
		{"Hamas was criticized by Vladimir Putin, and then by Brian", "russia - hamas"},
		// A name that nobody knows holds nothing.
		{"In the town, Quillan criticized Hamas over the attack.", ""},
		// Pronouns.
		{"Vladimir Putin spoke on Monday. A former aide said that he was attacked by Hamas.", ""},
		{"Vladimir Putin spoke on Monday. He was attacked by Hamas.", "hamas - russia"},
		{"Like Vladimir Putin, he criticized Hamas.", ""},
		{"Speaking to Brian Quillan, Vladimir Putin said he was attacked by Hamas.", "hamas - russia"},
		{"In an interview with Brian Quillan on Monday, Vladimir Putin said the day when he was attacked by Hamas was hard.", "hamas - russia"},
		// Relative clauses.
		{"Russia has long been one of the countries that criticize Hamas.", "russia - hamas"},
		{"He trained with Hezbollah, the army in southern Lebanon which criticized Hamas.", "hezbollah - hamas"},
		{"They wrote tweets about Israel that were condemned by Russia.", ""},
		{"They said that aid comes from Russia and from states like Iran, which back Hezbollah and distrust Hamas.", "iran + hezbollah; iran - hamas"},
		// Gerunds and infinitives.
		{"The officials say that Russia won the war by attacking Hamas.", "russia - hamas"},
		{"After months of attacking Hamas, Russia closed the base.", "russia - hamas"},
		{"Iran said that Russia upset the talks by refusing to sign and accusing Hamas.", "russia - hamas"},
		{"China has called on Russia to attack Hamas.", "china - russia; china - hamas required"},
		{"Russia spoke of attacking Hamas.", ""},
		{"Russia faces mounting pressure from many groups to criticize Hamas.", ""},
		// What is not so, or need not be.
		{"They know that no Democrat criticized Hamas.", ""},
		{"For many years no Russian army has attacked Hamas.", ""},
		{"Russia has no grounds to criticize Hamas.", ""},
		{"Officials spoke of Russia's refusal to criticize Hamas.", ""},
		{"Russia had no reluctance to criticize Hamas.", "russia - hamas"},
		{"They say Russia could spend the year criticizing Hamas.", "russia - hamas hypothetical"},
		{"He will not come until Russia criticizes Hamas.", "russia - hamas hypothetical"},
		{"The idea that Russia attacked Hamas is old.", "russia - hamas hypothetical"},
		{"Russia promised not to impose tariffs on goods.", "russia - tariffs"},
		{"Russia has never pursued or attacked Hamas.", ""},
		{"Russia refused to hear or even attack Hamas.", ""},
		{"Russia wanted to help Iran attack Hamas.", "russia + iran intended"},
		// Passives.
		{"Russia admitted the mistake but blamed inaction by Hamas.", "russia - hamas"},
		// Quantities before a subject.
		{"At least three Democrats criticized Hamas.", "democrats - hamas"},
	} {
		w.Analyze(&model.Article{Text: "The day in the world\n\n" + c.text + "\n", PublishedAt: time.Date(2019, 5, 5, 0, 0, 0, 0, time.UTC), Lang: "en"}, &r, nil)
		var got []string
		for _, s := range r.Stances {
			holder := "unknown"
			if s.Holder >= 0 {
				m := &r.Mentions[s.Holder]
				holder = cmp.Or(m.ID, m.Person)
			}
			target := &r.Mentions[s.Target]
			row := fmt.Sprintf("%s %c %s %s", holder, "-0+"[s.Polarity+1], cmp.Or(target.ID, target.Person), s.Modality)
			if row = strings.TrimSpace(row); !slices.Contains(got, row) {
				got = append(got, row)
			}
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s\n\tgot  %q\n\twant %q", c.text, text, c.want)
		}
	}
}
