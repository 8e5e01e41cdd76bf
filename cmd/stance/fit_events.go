package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"stance/internal/diag"
	"stance/internal/io/gold"
	"stance/internal/model"
)

// coded is a sentence coded in PLOVER: actors by what they are called, and a
// code instead of a quad.
type coded struct {
	ID, Text       string
	Source, Target []struct{ Mention string }
	Code           *string `json:"event_code"`
}

// Codes of PLOVER by their quad class (Open Event Data Alliance, PLOVER
// codebook): what is not here is unknown.
var (
	verbalCooperation   = []string{"AGREE", "CONSULT", "SUPPORT", "CONCEDE"}
	materialCooperation = []string{"COOPERATE", "AID", "RETREAT"}
	verbalConflict      = []string{"REQUEST", "DEMAND", "ACCUSE", "DISAPPROVE", "REJECT", "THREATEN", "INVESTIGATE"}
	materialConflict    = []string{"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "FIGHT"}
)

// quadOf returns the quad class of a PLOVER code, 0 when it is unknown.
func quadOf(code string) int {
	for i, codes := range [][]string{verbalCooperation, materialCooperation, verbalConflict, materialConflict} {
		if slices.Contains(codes, code) {
			return i + 1
		}
	}
	return 0
}

// readCoded reads lines coded in PLOVER as samples of the task stance. ok
// tells that the file is of that form; its first line decides. Sentences
// whose actors are not both named in the text are passed over; two sources
// without a target act on each other.
func readCoded(path string, b []byte) (samples []gold.Sample, ok bool, mistakes diag.List) {
	line := 0
	for row := range bytes.Lines(b) {
		line++
		if len(bytes.TrimSpace(row)) == 0 {
			continue
		}
		pos := diag.Position{File: path, Line: line, Col: 1}
		var c coded
		err := json.Unmarshal(row, &c)
		if !ok && (err != nil || c.Code == nil) {
			return nil, false, nil
		}
		ok = true
		switch {
		case err != nil:
			mistakes.Errorf(pos, "syntax", "%v", err)
			continue
		case c.Code == nil || quadOf(*c.Code) == 0:
			mistakes.Errorf(pos, "value", "\"event_code\" is no code of PLOVER")
			continue
		}
		if len(c.Target) == 0 && len(c.Source) == 2 {
			c.Source, c.Target = c.Source[:1], c.Source[1:]
		}
		e := &gold.Event{Quad: quadOf(*c.Code)}
		for _, m := range c.Source {
			e.Source = appendMention(e.Source, c.Text, m.Mention)
		}
		for _, m := range c.Target {
			e.Target = appendMention(e.Target, c.Text, m.Mention)
		}
		if len(e.Source) > 0 && len(e.Target) > 0 {
			samples = append(samples, gold.Sample{ID: c.ID, Article: c.Text, Text: c.Text, Pos: pos, Event: e})
		}
	}
	return samples, ok, mistakes
}

// appendMention appends where the text first names somebody.
func appendMention(spans []model.Span, text, mention string) []model.Span {
	at := strings.Index(text, mention)
	if at < 0 || mention == "" {
		return spans
	}
	return append(spans, model.Span{Start: int32(at), End: int32(at + len(mention))})
}
