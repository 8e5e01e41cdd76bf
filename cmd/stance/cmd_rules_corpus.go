package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"stance/internal/analysis"
	"stance/internal/diag"
	"stance/internal/io/corpus"
	"stance/internal/model"
	"stance/internal/model/text"
)

// corpusCommands are the rules commands that read a corpus, and symmetry.
func corpusCommands(std streams) []*cli.Command {
	top := &cli.IntFlag{Name: "top", Value: 25, Usage: "lines per list"}
	return []*cli.Command{
		{
			Name:      "stats",
			Usage:     "count on a corpus how often each rule is tried, fires, is shadowed or negated; dead and runaway rules, overlaps, contradictions",
			ArgsUsage: "INPUT...",
			Flags:     append(packFlags(), top),
			Action:    onCorpus(runRulesStats, std),
		},
		{
			Name:      "mine",
			Usage:     "list frequent verbs between two parties that no rule knows, and frequent names that no party knows, with examples",
			ArgsUsage: "INPUT...",
			Flags:     append(packFlags(), top),
			Action:    onCorpus(runRulesMine, std),
		},
		{
			Name:  "symmetry",
			Usage: "swap opponents in templates and in the inline tests: rules, aliases and lexicon must treat them alike; exit 1 when they do not",
			Flags: packFlags(),
			Action: func(c *cli.Context) error {
				if c.NArg() > 0 {
					return fail(exitUsage, "rules symmetry takes no arguments; packs are given with --pack")
				}
				a, err := analyzer(c)
				if err != nil {
					return err
				}
				return runRulesSymmetry(a, std)
			},
		},
		{
			Name:      "diff",
			Usage:     "compare two versions of a pack on a corpus: stances gained and lost per rule, with sentences; exit 1 when there are any",
			ArgsUsage: "PACK_A PACK_B",
			Flags: []cli.Flag{
				&cli.StringSliceFlag{Name: "corpus", Usage: "article file, folder or glob (repeatable, required)"},
				&cli.IntFlag{Name: "samples", Value: 3, Usage: "sentences shown per rule and kind of change"},
			},
			Action: func(c *cli.Context) error {
				if c.NArg() != 2 || len(c.StringSlice("corpus")) == 0 {
					return fail(exitUsage, "rules diff takes two packs and --corpus INPUT; see 'stance rules diff --help'")
				}
				return runRulesDiff(c.Context, c.Args().Get(0), c.Args().Get(1), c.StringSlice("corpus"), c.Int("samples"), std)
			},
		},
	}
}

// onCorpus makes the action of a command that reads a corpus.
func onCorpus(run func(context.Context, []string, *analysis.Analyzer, int, streams) error, std streams) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.NArg() == 0 {
			return fail(exitUsage, "no input given; see 'stance rules %s --help'", c.Command.Name)
		}
		if c.Int("top") < 1 {
			return fail(exitUsage, "--top %d is below 1", c.Int("top"))
		}
		a, err := analyzer(c)
		if err != nil {
			return err
		}
		return run(c.Context, c.Args().Slice(), a, c.Int("top"), std)
	}
}

// eachArticle analyses every article of the inputs with one analyzer after the
// other, in pieces as a run does, and gives each result to visit, one call at a
// time. The order of the articles is not fixed.
func eachArticle(ctx context.Context, inputs []string, analyzers []*analysis.Analyzer, visit func(analyzer int, r *model.Result)) error {
	src, err := corpus.Open(inputs, corpus.Options{})
	if err != nil {
		return err
	}
	type scratch struct {
		workers []*analysis.Worker
		results []*model.Result
	}
	pool := sync.Pool{New: func() any {
		s := &scratch{}
		for _, a := range analyzers {
			s.workers = append(s.workers, a.NewWorker())
			s.results = append(s.results, &model.Result{})
		}
		return s
	}}
	var mu sync.Mutex
	return src.Read(ctx, 0, func(b *model.Batch) error {
		s := pool.Get().(*scratch)
		defer pool.Put(s)
		for i := range b.Articles {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			for k, w := range s.workers {
				for more := true; more; more = s.results[k].Piece.More {
					w.AnalyzePiece(&b.Articles[i], s.results[k])
					mu.Lock()
					visit(k, s.results[k])
					mu.Unlock()
				}
			}
		}
		return nil
	})
}

// sightings keeps the few first sentences, by article and place, that show
// something; so the choice does not depend on the order of reading.
type sightings struct {
	n    int
	keep []example
}

type example struct {
	article  string
	sentence int32
	text     string
}

func (e *sightings) add(x example, most int) {
	e.n++
	i, _ := slices.BinarySearchFunc(e.keep, x, func(a, b example) int {
		return cmp.Or(cmp.Compare(a.article, b.article), cmp.Compare(a.sentence, b.sentence))
	})
	if i >= most {
		return
	}
	x.text = strings.Clone(oneLine(x.text))
	e.keep = slices.Insert(e.keep, i, x)
	e.keep = e.keep[:min(len(e.keep), most)]
}

// ranked returns the keys of a count, the most frequent first.
func ranked(m map[string]*sightings) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(cmp.Compare(m[b].n, m[a].n), cmp.Compare(a, b)) })
}

// exampleOf returns a sentence of a result.
func exampleOf(r *model.Result, sentence int32) example {
	return example{article: r.Article.ID, sentence: r.Piece.Sentences + sentence, text: r.Sentences[sentence].In(r.Article.Text)}
}

func bump(m map[string]*sightings, key string, x example, most int) {
	e := m[key]
	if e == nil {
		e = &sightings{}
		m[key] = e
	}
	e.add(x, most)
}

func runRulesStats(ctx context.Context, inputs []string, a *analysis.Analyzer, top int, std streams) error {
	cues := a.Program.Cues
	counts := make([]model.RuleCount, len(cues))
	articles := make([]int64, len(cues))
	overlaps, conflicts := map[string]*sightings{}, map[string]*sightings{}
	var sentences, stances int64
	err := eachArticle(ctx, inputs, []*analysis.Analyzer{a}, func(_ int, r *model.Result) {
		sentences += int64(len(r.Sentences)) - int64(r.Piece.Known)
		stances += int64(len(r.Stances))
		if !r.Piece.More {
			for i, c := range r.RuleCounts { // of all pieces
				counts[i].Tried += c.Tried
				counts[i].Fired += c.Fired
				counts[i].Shadowed += c.Shadowed
				counts[i].Negated += c.Negated
				if c.Fired > 0 {
					articles[i]++
				}
			}
		}
		for i := range r.Stances {
			s := &r.Stances[i]
			for _, lost := range s.Shadowed {
				bump(overlaps, s.Rule+" over "+lost, exampleOf(r, s.Sentence), 1)
			}
			for j := i + 1; j < len(r.Stances) && r.Stances[j].Sentence == s.Sentence; j++ {
				o := &r.Stances[j]
				if o.Rule != s.Rule && s.Holder >= 0 && s.Holder == o.Holder && s.Target == o.Target && s.Polarity*o.Polarity < 0 {
					bump(conflicts, s.Rule+" against "+o.Rule, exampleOf(r, s.Sentence), 1)
				}
			}
		}
	})
	if err != nil {
		return err
	}
	order := make([]int, len(cues))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int {
		return cmp.Or(cmp.Compare(counts[y].Fired, counts[x].Fired), cmp.Compare(cues[x].ID, cues[y].ID))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%s sentences, %s stances, %s rules\n\n", thousands(sentences), thousands(stances), thousands(int64(len(cues))))
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "rule\ttried\tfired\tshadowed\tnegated\tarticles\tper 1,000 sentences\t")
	var dead, runaway []string
	var fired int64
	for _, i := range order {
		fired += counts[i].Fired
	}
	for n, i := range order {
		c := counts[i]
		if n < top {
			fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t%.2f\t\n", cues[i].ID, c.Tried, c.Fired, c.Shadowed, c.Negated, articles[i], 1000*float64(c.Fired)/float64(max(sentences, 1)))
		}
		if c.Fired == 0 {
			dead = append(dead, cues[i].ID)
		}
		if fired >= 100 && c.Fired*10 > fired {
			runaway = append(runaway, cues[i].ID)
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	list := func(name string, ids []string) {
		slices.Sort(ids)
		fmt.Fprintf(&b, "\n%s (%d): %s\n", name, len(ids), cmp.Or(strings.Join(ids, " "), "none"))
	}
	list("dead rules, which never fired", dead)
	list("runaway rules, with a tenth of all firings or more", runaway)
	writeRanked(&b, "overlaps: the rule that took the words, over the one that lost", overlaps, top, false)
	writeRanked(&b, "contradictions: two rules with opposite signs on one holder and target", conflicts, top, true)
	return writeOut(std.out, b.String())
}

func writeRanked(b *strings.Builder, title string, m map[string]*sightings, top int, show bool) {
	fmt.Fprintf(b, "\n%s (%d)\n", title, len(m))
	for n, k := range ranked(m) {
		if n == top {
			break
		}
		fmt.Fprintf(b, "  %6d  %s\n", m[k].n, diag.Escape(k))
		if show {
			for _, e := range m[k].keep {
				fmt.Fprintf(b, "          %s: %s\n", diag.Escape(e.article), diag.Escape(e.text))
			}
		}
	}
}

func writeOut(w io.Writer, s string) error {
	if _, err := io.WriteString(w, s); err != nil {
		return fail(exitIO, "%w", err)
	}
	return nil
}

func runRulesMine(ctx context.Context, inputs []string, a *analysis.Analyzer, top int, std streams) error {
	verbs, names := map[string]*sightings{}, map[string]*sightings{}
	err := eachArticle(ctx, inputs, []*analysis.Analyzer{a}, func(_ int, r *model.Result) {
		mineVerbs(a, r, verbs)
		mineNames(a, r, names)
	})
	if err != nil {
		return err
	}
	var b strings.Builder
	writeRanked(&b, "verbs between two parties that no rule knows", verbs, top, true)
	writeRanked(&b, "names that no party knows", names, top, true)
	return writeOut(std.out, b.String())
}

// mineReach is how many tokens a party may stand from the verb to count.
const mineReach = 4

// mineVerbs counts main verbs with one party close before and another close
// behind, where no stance was found between the two.
func mineVerbs(a *analysis.Analyzer, r *model.Result, out map[string]*sightings) {
	for g := range r.Groups {
		grp := &r.Groups[g]
		si := int32(r.SentenceAt(r.Tokens[grp.Head].Start))
		if si < r.Piece.Known {
			continue
		}
		var before, behind *model.Mention
		for i := range r.Mentions {
			m := &r.Mentions[i]
			if m.Sentence != si || m.Kind != model.MentionParty || m.Party < 0 || !m.Actor() {
				continue
			}
			if m.Last <= grp.First && grp.First-m.Last < mineReach {
				before = m
			} else if m.First >= grp.Last && m.First-grp.Last < mineReach && behind == nil {
				behind = m
			}
		}
		if before == nil || behind == nil || before.Party == behind.Party {
			continue
		}
		linked := slices.ContainsFunc(r.Stances, func(s model.Stance) bool {
			return s.Sentence == si && s.Cue.Start >= before.Start && s.Cue.Start < behind.End
		})
		if id := r.Tokens[grp.Head].ID; !linked && id != 0 && a.Program.Vocabulary.Class(id)&(text.Be|text.Have|text.Reporting) == 0 {
			bump(out, a.Program.Vocabulary.Form(id), exampleOf(r, si), 2)
		}
	}
}

// mineNames counts runs of capitalised words inside sentences that are no
// mention: parties that the packs may lack. One article, or piece of a long one,
// counts once.
func mineNames(a *analysis.Analyzer, r *model.Result, out map[string]*sightings) {
	covered := make([]bool, len(r.Tokens))
	for i := range r.Mentions {
		if m := &r.Mentions[i]; m.Kind != model.MentionPerson {
			for t := m.First; t < m.Last; t++ {
				covered[t] = true
			}
		}
	}
	seen := map[string]bool{}
	for si := r.Piece.Known; int(si) < len(r.Sentences); si++ {
		s := &r.Sentences[si]
		if s.Section != model.SectionBody {
			continue // headlines capitalise everything
		}
		for t := s.First + 1; t < s.Last; t++ {
			from := t
			for t < s.Last && !covered[t] && r.Tokens[t].Kind == model.Word && r.Tokens[t].Has(model.Capital) &&
				a.Program.Vocabulary.Class(r.Tokens[t].ID)&(text.Weekday|text.Month|text.Pronoun|text.Title) == 0 {
				t++
			}
			if t-from < 2 || t-from > 6 {
				continue
			}
			name := oneLine(r.Article.Text[r.Tokens[from].Start:r.Tokens[t-1].End])
			if !seen[name] {
				seen[name] = true
				bump(out, strings.Clone(name), exampleOf(r, si), 1)
			}
		}
	}
}

func runRulesSymmetry(a *analysis.Analyzer, std streams) error {
	checked, faults := a.Symmetry()
	for _, f := range faults {
		fmt.Fprintln(std.out, diag.Escape(f))
	}
	fmt.Fprintf(std.out, "%s compared with their mirror image, %s\n", plural(checked, "sentence"), plural(len(faults), "difference"))
	if len(faults) > 0 {
		return &exitError{exitCheck, nil}
	}
	return nil
}

// stanceKey tells a stance from others of its article.
func stanceKey(r *model.Result, s *model.Stance) string {
	name := func(m int32) string {
		if m < 0 {
			return "-"
		}
		return cmp.Or(r.Mentions[m].ID, r.Mentions[m].Person, "?")
	}
	return fmt.Sprintf("%s\x00%d\x00%s -> %s %+d %s", s.Rule, r.Piece.Sentences+s.Sentence, name(s.Holder), name(s.Target), s.Polarity, s.Act)
}

func runRulesDiff(ctx context.Context, before, after string, inputs []string, samples int, std streams) error {
	var analyzers []*analysis.Analyzer
	for _, p := range []string{before, after} {
		c, err := configuration([]string{p}, false)
		if err != nil {
			return err
		}
		a, err := newAnalyzer(c)
		if err != nil {
			return err
		}
		analyzers = append(analyzers, a)
	}
	gained, lost := map[string]*sightings{}, map[string]*sightings{}
	same := 0
	// By article: a stance's rule and sentence, by its key. The articles of an
	// input may be in the hands of several workers.
	type told struct {
		rule string
		example
	}
	found := map[*model.Article]*[2]map[string]told{}
	err := eachArticle(ctx, inputs, analyzers, func(k int, r *model.Result) {
		keys := found[r.Article]
		if keys == nil {
			keys = &[2]map[string]told{{}, {}}
			found[r.Article] = keys
		}
		for i := range r.Stances {
			s := &r.Stances[i]
			keys[k][stanceKey(r, s)] = told{s.Rule, exampleOf(r, s.Sentence)}
		}
		if k == 0 || r.Piece.More {
			return
		}
		delete(found, r.Article)
		for k, other := range []int{1, 0} {
			out := [...]map[string]*sightings{lost, gained}[k]
			for key, s := range keys[k] {
				if _, ok := keys[other][key]; !ok {
					bump(out, s.rule, s.example, samples)
				} else if k == 0 {
					same++
				}
			}
		}
	})
	if err != nil {
		return err
	}
	var b strings.Builder
	writeRanked(&b, "stances lost, by rule", lost, len(lost), true)
	writeRanked(&b, "stances gained, by rule", gained, len(gained), true)
	fmt.Fprintf(&b, "\n%s unchanged\n", plural(same, "stance"))
	if err := writeOut(std.out, b.String()); err != nil {
		return err
	}
	if len(gained)+len(lost) > 0 {
		return &exitError{exitCheck, nil}
	}
	return nil
}
