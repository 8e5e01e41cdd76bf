package rules

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"stance/internal/diag"
	"stance/internal/model/text"
)

// lexicons reads tab-separated files of words with a prior polarity:
//
//	lemma-or-phrase  pos(v|n|a|r|p)  polarity -1..1  class  [reversal]
//
// The first line is a header; # begins a comment line. Verbs, nouns and
// adjectives are inflected; phrases and adverbs stand as they are, and * ends
// a word of which any continuation will do.
func (k *compiler) lexicons(sources []Source) *text.PhraseBuilder {
	pb := text.NewPhraseBuilder(k.b)
	h := sha256.New()
	seen := map[string]diag.Position{}
	for _, s := range sources {
		if len(s.Data) > maxBytes && !s.Trusted {
			k.l.Errorf(diag.Position{File: s.Name, Line: 1, Col: 1}, "limit", "the file has %d bytes; at most %d are read", len(s.Data), maxBytes)
			continue
		}
		line, header := 0, false
		for raw := range bytes.Lines(s.Data) {
			line++
			row := strings.TrimRight(string(raw), "\r\n")
			if strings.TrimSpace(row) == "" || strings.HasPrefix(row, "#") {
				continue
			}
			if !header {
				header = true
				continue
			}
			k.lexiconRow(s.Name, line, row, seen, pb)
			h.Write([]byte(row))
			h.Write([]byte{'\n'})
		}
	}
	k.p.LexiconHash = hex.EncodeToString(h.Sum(nil))[:16]
	return pb
}

func (k *compiler) lexiconRow(file string, line int, row string, seen map[string]diag.Position, pb *text.PhraseBuilder) {
	fields := strings.Split(row, "\t")
	pos := func(i int) diag.Position {
		col := 1
		for _, f := range fields[:i] {
			col += len([]rune(f)) + 1
		}
		return diag.Position{File: file, Line: line, Col: col}
	}
	if len(fields) < 4 || len(fields) > 5 {
		k.l.Errorf(pos(0), "lexicon", "%d columns; expected word, pos, polarity, class and perhaps reversal, with tabs between", len(fields))
		return
	}
	word, class := strings.TrimSpace(fields[0]), strings.TrimSpace(fields[3])
	if !hasWord(word) {
		k.l.Errorf(pos(0), "lexicon", "word %q; expected a word", clip(word))
		return
	}
	how, ok := map[string]text.Inflect{"v": text.InflectVerb, "n": text.InflectNoun, "a": text.InflectAdjective,
		"r": text.InflectNone, "p": text.InflectNone}[fields[1]]
	if !ok {
		k.l.Errorf(pos(1), "lexicon", "pos %q; expected v, n, a, r or p", clip(fields[1]))
		return
	}
	polarity, err := strconv.ParseFloat(strings.TrimSpace(fields[2]), 64)
	if err != nil || !(polarity >= -1 && polarity <= 1) {
		k.l.Errorf(pos(2), "lexicon", "polarity %q; expected a number from -1 to 1", clip(fields[2]))
		return
	}
	if class == "" {
		k.l.Errorf(pos(3), "lexicon", "no class")
		return
	}
	reversal := false
	if len(fields) == 5 {
		switch strings.TrimSpace(fields[4]) {
		case "reversal", "1", "true":
			reversal = true
		case "", "0", "false":
		default:
			k.l.Errorf(pos(4), "lexicon", "reversal %q; expected reversal or nothing", clip(fields[4]))
			return
		}
	}
	key := text.Fold(word) + "\t" + fields[1]
	if first, ok := seen[key]; ok {
		k.l.Warnf(pos(0), "duplicate-word", "%q stands twice; first at %s", clip(word), first)
		return
	}
	seen[key] = pos(0)
	at := int32(len(k.p.Lexicon))
	k.p.Lexicon = append(k.p.Lexicon, LexiconEntry{Text: word, Polarity: float32(polarity), Class: class, Reversal: reversal})
	if strings.Contains(word, "*") {
		how = text.InflectNone
	}
	for _, f := range text.Inflections(word, how) {
		class := f.Class
		if fields[1] == "r" {
			class = text.Adverb
		}
		k.vocabulary(f.Text, class)
		k.add(pb, str{f.Text, pos(0)}, at)
	}
}
