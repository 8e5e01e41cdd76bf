package rules

import (
	"slices"
	"strings"

	"stance/internal/diag"
	"stance/internal/model/text"
)

// cues compiles the rules and all inflected forms of their words.
func (k *compiler) cues() *text.PhraseBuilder {
	pb := text.NewPhraseBuilder(k.b, cap(k.p.CueForms))
	for _, pk := range k.packs {
		for i := range pk.cues {
			d := &pk.cues[i]
			if !k.claim("cue", d.id) {
				continue
			}
			at := int32(len(k.p.Cues))
			c := Cue{ID: d.id.S, Pack: pk.info.ID, Class: d.class, Reciprocal: d.reciprocal, Emits: d.emits,
				Negated: d.negated, Scope: d.scope, Unless: k.wordList(d.unless), Needs: k.wordList(d.needs), Pos: d.id.Pos}
			c.Frame = k.frame(&d.frame)
			switch {
			case d.passive != nil:
				f := k.frame(d.passive)
				c.Passive = &f
			case d.class == CueVerb:
				f := k.passive(&c.Frame)
				c.Passive = &f
			}
			if len(d.lemmas) == 0 && d.id.S != "" {
				k.l.Errorf(d.id.Pos, "missing", "cue %s has no lemmas", d.id.S)
			}
			k.emittable(d)
			for _, t := range d.tests {
				c.Tests = append(c.Tests, t.test)
			}
			k.p.Cues = append(k.p.Cues, c)
			for _, lm := range d.lemmas {
				k.lemma(d, lm.text, at, false, pb)
			}
			for _, s := range d.never {
				k.lemma(d, s, at, true, pb)
			}
		}
	}
	return pb
}

// emittable reports stances whose addressee the frame has no slot for.
func (k *compiler) emittable(d *cueDecl) {
	if d.frame.refused {
		return
	}
	for _, e := range d.emits {
		switch {
		case e.To == ToTarget && len(d.frame.target) == 0:
			k.l.Errorf(d.frame.pos, "frame", "cue %s emits a stance to its target and the frame has no target", d.id.S)
		case e.To == ToIssue && len(d.frame.issue) == 0:
			k.l.Errorf(d.frame.pos, "frame", "cue %s emits a stance to its issue and the frame has no issue", d.id.S)
		case e.To == ToHolder && len(d.frame.holder) == 0:
			k.l.Errorf(d.frame.pos, "frame", "cue %s emits a stance to its holder and the frame has no holder", d.id.S)
		}
	}
}

func (k *compiler) frame(d *frameDecl) Frame {
	return Frame{Holder: k.slots(d.holder), Target: k.slots(d.target), Issue: k.slots(d.issue)}
}

func (k *compiler) slots(ds []slotDecl) []Slot {
	var out []Slot
	for _, d := range ds {
		s := Slot{Kind: d.kind}
		if len(d.words) > 0 {
			s.Words = slices.Clone(k.wordList(d.words))
			slices.Sort(s.Words)
		}
		out = append(out, s)
	}
	return out
}

// passive derives the frame of the passive voice: the subject moves behind
// "by", the object becomes the subject, everything else stays.
func (k *compiler) passive(f *Frame) Frame {
	by := []int32{k.b.Add("by", 0)}
	turn := func(in []Slot) []Slot {
		var out []Slot
		for _, s := range in {
			switch s.Kind {
			case SlotSubject:
				s = Slot{Kind: SlotPrep, Words: by}
			case SlotObject:
				s = Slot{Kind: SlotSubject}
			case SlotPrep:
				if slices.Contains(s.Words, by[0]) && slices.ContainsFunc(in, func(o Slot) bool { return o.Kind == SlotObject }) {
					continue // who stands behind "by" now does it
				}
			}
			out = append(out, s)
		}
		return out
	}
	return Frame{Holder: turn(f.Holder), Target: turn(f.Target), Issue: turn(f.Issue)}
}

// anyForm is the class of a form whose inflection a wildcard leaves open.
var anyForm = [...]text.Class{
	CueVerb:      text.Verb,
	CueNoun:      text.Noun | text.NounPlural,
	CueAdjective: text.Adjective,
	CuePhrase:    0,
}

// lemma adds the inflected forms of one of a cue's phrases. Verbs inflect
// their first word, nouns and adjectives their last; a word that ends in a
// wildcard stands for its inflections.
func (k *compiler) lemma(d *cueDecl, lm str, at int32, never bool, pb *text.PhraseBuilder) {
	how := [...]text.Inflect{CueVerb: text.InflectVerb, CueNoun: text.InflectNoun, CueAdjective: text.InflectAdjective, CuePhrase: text.InflectNone}[d.class]
	if !hasWord(lm.S) {
		k.l.Errorf(lm.Pos, "pattern", "lemma %q holds no word", clip(lm.S))
		return
	}
	words := strings.Fields(lm.S)
	inflects := words[len(words)-1]
	if d.class == CueVerb {
		inflects = words[0]
	}
	if strings.HasSuffix(inflects, "*") || d.class == CueAdjective && len(words) > 1 {
		how = text.InflectNone
	}
	for _, f := range text.Inflections(lm.S, how) {
		class := f.Class
		if how == text.InflectNone {
			class = anyForm[d.class]
		}
		for _, seq := range k.inflected(f, lm.Pos) {
			head := int32(len(seq)) - 1
			if d.class == CueVerb || d.class == CuePhrase {
				head = 0
			}
			pb.Add(seq, int32(len(k.p.CueForms)))
			k.p.CueForms = append(k.p.CueForms, CueForm{Cue: at, Lemma: strings.ReplaceAll(lm.S, "*", ""), Form: class, Head: head, Never: never})
		}
	}
}

// inflected is pattern for an inflected form. It joins the class of a single
// word to the vocabulary, so that the text stage knows verbs that only a pack
// names.
func (k *compiler) inflected(f text.Form, pos diag.Position) [][]int32 {
	if single := f.Class != 0 && !strings.ContainsAny(f.Text, " -*"); single && plain(f.Text) {
		return k.plain(f.Text, f.Class)
	} else if single {
		k.b.Add(f.Text, f.Class)
	}
	return k.pattern(str{f.Text, pos})
}

func hasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r != '*' && r != ' ' && r != '-' })
}

// operators compiles negation, modality, reporting, labels, degree, contrast
// and reversal.
func (k *compiler) operators() *text.PhraseBuilder {
	pb := text.NewPhraseBuilder(k.b, 0)
	for _, pk := range k.packs {
		for _, d := range pk.operator {
			if !hasWord(d.text.S) {
				k.l.Errorf(d.text.Pos, "pattern", "%q holds no word", clip(d.text.S))
				continue
			}
			how := text.InflectNone
			if d.verb && !strings.HasSuffix(strings.Fields(d.text.S)[0], "*") {
				how = text.InflectVerb
			}
			for _, f := range text.Inflections(d.text.S, how) {
				for _, seq := range k.inflected(f, d.text.Pos) {
					pb.Add(seq, int32(len(k.p.Operators)))
				}
				k.p.Operators = append(k.p.Operators, Operator{Kind: d.kind, ID: d.id, Lemma: d.text.S, Factor: d.factor,
					Distance: d.distance, Form: f.Class})
			}
		}
	}
	return pb
}
