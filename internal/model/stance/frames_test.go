package stance_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"stance/internal/model"
)

// TestConstructions reads one sentence each and compares who is for (+), against
// (-) or neither (0) whom.
func TestConstructions(t *testing.T) {
	w := worker(t)
	var r model.Result
	for _, c := range []struct{ text, want string }{
		// What a relative clause is about is the object that its verb lacks.
		{"Guterres, whom Israel has long accused of bias, arrived in Cairo.", "israel-united-nations"},
		{"Russia cut its ties with Poland, which it accused of sabotage.", "russia-poland russia-poland"},
		{"Ukraine, which NATO supports, wants more shells.", "nato+ukraine"},
		{"China, which Japan accused of theft and blamed for the leak, sent masks.", "japan-china japan-china"},
		{"Egypt and Qatar, which Israel thanked for their work, sent envoys.", "israel+egypt israel+qatar"},
		{"China, which Japan did not accuse of anything, sent ships.", ""},
		{"Russia stopped its sales of missiles to Iran, which it had supported for years.", "russia-iran"}, // the sales or Iran
		{"Macron told Iran in May that he supported a strike.", ""},
		// A noun sums up what was told or said.
		{"Hungary blocked the loan, a step Poland denounced as blackmail.", "poland-hungary"},
		{"Japan offered two ships, an offer that Ukraine welcomed.", "ukraine+japan"},
		{"Egypt closed the crossing, a move that was criticized by Hamas.", "hamas-egypt"},
		{"Trump said that Mexico had sent drugs north, a claim Mexico rejected.", "mexico-united-states"},
		{"The minister closed the crossing, a move that was criticized by Hamas.", ""},
		{"Republicans are unhappy with the deal Macron reached.", "republicans-france"},
		// Verbs in a row have one subject.
		{"Russia met no envoys, accused Ukraine of murder and praised Hungary.", "russia-ukraine russia+hungary"},
		{"Poland summoned the envoy, demanded an apology from Belarus and threatened Russia.", "poland-belarus poland-russia"},
		{"Modi arrived on Monday, toured the port, and later that evening condemned Pakistan.", "india-pakistan"},
		{"Lavrov said the talks had failed, accused NATO of lies and thanked Turkey.", "russia-nato russia+turkey"},
		// Appositions between coordinated actors; joiners of several words.
		{"Emmanuel Macron, the French president, and Friedrich Merz, the German chancellor, condemned Russia.", "france-russia germany-russia"},
		{"Elizabeth Warren, Kamala Harris and Bernie Sanders criticized Trump.", "democrats-united-states democrats-united-states democrats-united-states"},
		{"The Kremlin, hardly a friend of the court, condemned Israel.", "russia-israel"},
		{"Turkey condemned not only Israel but also the United States.", "turkey-israel turkey-united-states"},
		{"Turkey condemned Israel as well as the United States.", "turkey-israel turkey-united-states"},
		{"China imposed sanctions on Japan and on Taiwan.", "china-japan china-taiwan"},
		{"Serbia blamed Kosovo, and not the European Union, for the unrest.", "serbia-kosovo"},
		{"Hezbollah threatened Israel and, indirectly, Cyprus.", "hezbollah-israel hezbollah-cyprus"},
		{"The bus held two Democrats with roots in Iran who have denounced China.", "democrats-china"},
		{"headline: Pelosi, in Taipei, Blames China for Tension", "democrats-china"},
		{"headline: China and Japan Trade Threats", "china-japan japan-china"},
		{"headline: Trump Thanks Egypt as Israel Strikes Syria", "united-states+egypt israel-syria"},
		{"headline: Iran accused of lying about nuclear plant", "-iran"},
		{"headline: Iran urged by Germany to free crew", "germany-iran"},
		// Whoever asks for a deed is for or against whom it is done to.
		{"Egypt urged Britain to punish Serbia.", "egypt-serbia egypt-united-kingdom"},
		{"Chuck Schumer pressed the White House to sanction China and to arm Taiwan.", "democrats-united-states democrats-china democrats+taiwan"},
		{"Poland demanded that Germany expel the Russian ambassador.", "poland-germany poland-russia"},
		{"Congress was asked by Republicans to investigate Planned Parenthood.", "republicans0congress republicans-planned-parenthood"},
		{"Congress was asked to investigate Planned Parenthood.", ""},
		{"Egypt urged Israel not to attack Lebanon.", "egypt-israel"},
		{"Egypt urged Israel to meet Hamas.", "egypt-israel"},
		{"Turkey was forced to ally itself with Russia.", "turkey+russia"},
		// Numbers, and what of somebody is hit.
		{"Israel killed at least a dozen Palestinians.", "israel-palestinians"},
		{"Russia jailed more than 30 Ukrainians, and nearly 20 Poles were expelled by Belarus.", "belarus-poland russia-ukraine"},
		{"Ukraine hit a Russian pumping station and Russia's fuel trucks.", "ukraine-russia"},
		{"The European Union imposed sanctions on two Hezbollah paymasters.", "european-union-hezbollah"},
		{"Canada imposed sanctions on six cronies of President Maduro.", "canada-venezuela"},
		{"Robbers shot a Russian tourist.", ""},
		{"Japan imposed sanctions on Iranian lenders and Russian shipyards.", "japan-iran japan-russia"},
		{"The Houthis fired rockets at Israel and at an American freighter.", "houthis-israel houthis-united-states"},
		// Those who stand beside, or among, somebody unknown.
		{"Amnesty International faulted both the juntas and the Taliban for the deaths.", "amnesty-international-taliban"},
		{"Israel accused several states, including Iran and Turkey, of meddling.", "israel-iran israel-turkey"},
		{"Russia thanked its friends, among them Cuba and China.", "russia+china russia+cuba"},
		{"Egypt expressed gratitude to three members, Algeria and Guyana among them.", "egypt+algeria egypt+guyana"},
		{"Pakistan opened a meeting, including China.", ""},
		{"Israel was condemned by mediators and the United Nations.", "united-nations-israel"},
		{"China closed crossings to areas held by the Kachin Independence Army.", "china-kachin-independence-army"},
		{"Canada sanctioned nine officers loyal to Nicolás Maduro.", "+venezuela canada-venezuela"},
		{"India blames gunmen backed by Pakistan.", "india-pakistan"},
		{"Russia fired drones at depots in two Romanian counties and struck a hotel in Moldova.", "russia-moldova russia-romania"},
		{"The deaths are a matter for which Greece and Turkey blame each other.", "greece-turkey turkey-greece"},
		{"The governor struck a deal in Moldova.", ""},
		{"Gunmen led by Hamas stormed Israel.", "hamas-israel"},
		{"Hamas-led gunmen stormed Israel.", "hamas-israel"},
		{"The U.N. Security Council condemned the attack in a statement drafted by Pakistan.", ""},
		// A time before the subject, or between it and a second verb.
		{"In recent days Israel has bombed Lebanon.", "israel-lebanon"},
		{"Earlier in the week President Emmanuel Macron condemned Russia.", "france-russia"},
		{"In 15 Ukrainian towns bombed by Russia, lights went out.", "russia-ukraine"},
		{"Japan promised calm to China and on Sunday condemned Russia.", "japan+china japan-russia"},
		{"Iran, for its part, blames the United States.", "iran-united-states"},
		{"Democrats, for their part, fault the National Rifle Association.", "democrats-nra"},
		{"India answered by closing its skies to Pakistani airliners.", "india-pakistan"},
		// Participles.
		{"Israel struck the port, drawing condemnation from Turkey.", "turkey-israel"},
		{"Russia answered by breaking off its visits to Belgium, which it accused of lies.", "russia-belgium"},
		{"Turkey sent a letter to Macron accusing Israel of murder.", "turkey-israel"},
		{"Turkey published a report which faulted Greece.", "turkey-greece"},
		{"Sergei Lavrov, in Doha, praised the army of Hungary for setting a trap.", "russia+hungary"},
		{"Iran condemned what it called criminal attacks by Israel.", "iran-israel"},
		{"Israel sent its jets across the whole of the wide desert to attack Hamas.", "israel-hamas"},
		{"Egypt and Qatar, both friends of the port, thanked Hamas.", "egypt+hamas qatar+hamas"},
		{"Turkey will go to the United Nations, before which it has accused Israel.", "turkey-israel"},
		{"In May the court met in a hall in which Iran accused Israel.", "iran-israel"},
		{"Japan demanded that China release the crew.", "japan-china"},
	} {
		headline, ok := strings.CutPrefix(c.text, "headline: ")
		body := "The harbor was quiet all week."
		if !ok {
			headline, body = "Talks go on", c.text
		}
		a := &model.Article{Text: headline + "\n\n" + body, PublishedAt: time.Date(2025, 7, 12, 0, 0, 0, 0, time.UTC)}
		w.Analyze(a, &r, nil)
		var got []string
		for _, st := range r.Stances {
			name := func(m int32) string {
				if m < 0 {
					return ""
				}
				return r.Mentions[m].ID
			}
			got = append(got, name(st.Holder)+string("-0+"[st.Polarity+1])+name(st.Target))
		}
		want := strings.Fields(c.want)
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, want)
		}
	}
}
