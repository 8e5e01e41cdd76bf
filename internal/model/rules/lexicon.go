package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"stance/internal/diag"
	"stance/internal/model/text"
)

// lexicon is what the lexicon files hold, before it meets the vocabulary.
type lexicon struct {
	rows []lexiconRow
	seen map[string]diag.Position
	hash string
	l    diag.List
}

type lexiconRow struct {
	entry LexiconEntry
	pos   diag.Position
	forms []text.Form
}

// readLexicons reads tab-separated files of words with a prior polarity:
//
//	lemma-or-phrase  pos(v|n|a|r|p)  polarity -1..1  class  [reversal]
//
// The first line is a header; # begins a comment line. Verbs, nouns and
// adjectives are inflected; phrases and adverbs stand as they are, and * ends
// a word of which any continuation will do.
func readLexicons(sources []Source) *lexicon {
	size := 0
	for _, s := range sources {
		size += len(s.Data)
	}
	const row = 24 // bytes of a usual row
	x := &lexicon{seen: make(map[string]diag.Position, size/row), rows: make([]lexiconRow, 0, size/row)}
	h := sha256.New()
	for _, s := range sources {
		if len(s.Data) > maxBytes && !s.Trusted {
			x.l.Errorf(diag.Position{File: s.Name, Line: 1, Col: 1}, "limit", "the file has %d bytes; at most %d are read", len(s.Data), maxBytes)
			continue
		}
		line, header := 0, false
		for row := range strings.Lines(string(s.Data)) {
			line++
			row = strings.TrimRight(row, "\r\n")
			if strings.TrimSpace(row) == "" || strings.HasPrefix(row, "#") {
				continue
			}
			if !header {
				header = true
				continue
			}
			x.row(s.Name, line, row)
			h.Write([]byte(row))
			h.Write([]byte{'\n'})
		}
	}
	x.hash = hex.EncodeToString(h.Sum(nil))[:16]
	return x
}

// LexiconNames returns the words and the classes of lexicons. It leaves their
// mistakes to Compile.
func LexiconNames(sources []Source) (words, classes map[string]bool) {
	words, classes = map[string]bool{}, map[string]bool{}
	for _, r := range readLexicons(sources).rows {
		words[r.entry.Text], classes[r.entry.Class] = true, true
	}
	return words, classes
}

func (x *lexicon) row(file string, line int, row string) {
	fields := strings.Split(row, "\t")
	pos := func(i int) diag.Position {
		col := 1
		for _, f := range fields[:i] {
			col += len([]rune(f)) + 1
		}
		return diag.Position{File: file, Line: line, Col: col}
	}
	if len(fields) < 4 || len(fields) > 5 {
		x.l.Errorf(pos(0), "lexicon", "%d columns; expected word, pos, polarity, class and perhaps reversal, with tabs between", len(fields))
		return
	}
	word, class := strings.TrimSpace(fields[0]), strings.TrimSpace(fields[3])
	if !hasWord(word) {
		x.l.Errorf(pos(0), "lexicon", "word %q; expected a word", clip(word))
		return
	}
	how := text.InflectNone
	switch fields[1] {
	case "v":
		how = text.InflectVerb
	case "n":
		how = text.InflectNoun
	case "a":
		how = text.InflectAdjective
	case "r", "p":
	default:
		x.l.Errorf(pos(1), "lexicon", "pos %q; expected v, n, a, r or p", clip(fields[1]))
		return
	}
	polarity, err := strconv.ParseFloat(strings.TrimSpace(fields[2]), 64)
	if err != nil || !(polarity >= -1 && polarity <= 1) {
		x.l.Errorf(pos(2), "lexicon", "polarity %q; expected a number from -1 to 1", clip(fields[2]))
		return
	}
	if class == "" {
		x.l.Errorf(pos(3), "lexicon", "no class")
		return
	}
	reversal := false
	if len(fields) == 5 {
		switch strings.TrimSpace(fields[4]) {
		case "reversal", "1", "true":
			reversal = true
		case "", "0", "false":
		default:
			x.l.Errorf(pos(4), "lexicon", "reversal %q; expected reversal or nothing", clip(fields[4]))
			return
		}
	}
	key := text.Fold(word) + "\t" + fields[1]
	if first, ok := x.seen[key]; ok {
		x.l.Warnf(pos(0), "duplicate-word", "%q stands twice; first at %s", clip(word), first)
		return
	}
	x.seen[key] = pos(0)
	if strings.Contains(word, "*") {
		how = text.InflectNone
	}
	forms := text.Inflections(word, how)
	if fields[1] == "r" {
		for i := range forms {
			forms[i].Class = text.Adverb
		}
	}
	x.rows = append(x.rows, lexiconRow{LexiconEntry{Text: word, Polarity: float32(polarity), Class: class, Reversal: reversal}, pos(0), forms})
}

// lexicons enters the words of the lexicon.
func (k *compiler) lexicons(x *lexicon) *text.PhraseBuilder {
	forms := 0
	for i := range x.rows {
		forms += len(x.rows[i].forms)
	}
	pb := text.NewPhraseBuilder(k.b, forms)
	*k.l = append(*k.l, x.l...)
	k.p.LexiconHash = x.hash
	k.p.Lexicon = make([]LexiconEntry, 0, len(x.rows))
	for i := range x.rows {
		r := &x.rows[i]
		at := int32(len(k.p.Lexicon))
		k.p.Lexicon = append(k.p.Lexicon, r.entry)
		for _, f := range r.forms {
			for _, seq := range k.inflected(f, r.pos) {
				pb.Add(seq, at)
			}
		}
	}
	return pb
}
