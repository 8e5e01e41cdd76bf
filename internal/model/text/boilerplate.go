package text

import (
	"strings"
	"unicode/utf8"

	"stance/internal/model"
)

// boilerplateStarts are beginnings, folded, of short paragraphs that are no
// journalism; boilerplateWhole are such paragraphs by themselves.
var (
	boilerplateStarts = strings.Split(`click here|click to|click on|read more|read also|read the full|read next|see also|see more:|see related|reporting by|editing by|additional reporting|writing by|compiled by|(reporting by|(additional reporting|(writing by|(editing by|(reporting and|reporting and writing|sign up|subscribe|follow us|like us on|share this|share on|story continue|article continue|continue reading|more on this|more from|more:|most read|recommended for you|related:|related stor|related article|related news|related content|related topics|related video|related coverage|watch:|watch the video|watch video|watch live|video:|photo:|photos:|( photos:|(photos:|photo by|(photo by|photo credit|photo gallery|file photo|(file photo|image:|images:|image source|image caption|image credit|media caption|(ap photo|getty images|copyright|all rights reserved|© |(c) 20|this material may not be|like what you read|download the app|download our|skip to|also on|join the conversation|leave a comment|get the latest|scroll down|tags:|filed under|topics:|share:|email this|print this|this article originally appeared|this article was originally|this story originally|originally published|send tips|contact the author|credit:|source:|photograph by|photograph:|hide caption|toggle caption|enlarge this|enlarge image|view gallery|gallery:|view image|listen:|must read|trending:|don't miss|exclusive offer|your email|enter your email|thank you for subscribing|we've sent|by signing up|terms of|privacy policy|the associated press contributed|associated press writer|reuters contributed to this|contributed to this report|correction:|editor's note:`, "|")
	boilerplateWhole  = strings.Split(`advertisement|advertising|comments|related|newsletter|loading|promoted|sponsored|caption|ad|share|tweet|print|email|facebook|twitter|more|video|videos|photos|gallery|slideshow|subscribe now|read full article|top stories|latest news|close|menu|search|next|previous|skip ad|sponsored content|paid content|getty|ap|afp|reuters|click|watch`, "|")
	// boilerplateEnds close captions and credit lines.
	boilerplateEnds = strings.Split(`getty images|getty images)|ap photo|ap photo)|/ap|/ap)|/afp|/afp)|/reuters|/reuters)|reuters)|all rights reserved|read more|click here|contributed to this report|contributed to this article|contributed reporting`, "|")
)

// boilerplateLength is the most bytes that a boilerplate paragraph has.
const boilerplateLength = 320

// head is how the text of a paragraph begins, in small letters.
type head [5]byte

// boilerplateHeads are the heads of boilerplateStarts: most paragraphs that
// begin with one of their first words have none of them and need not be folded.
var boilerplateHeads = func() map[head]bool {
	heads := map[head]bool{}
	for _, start := range boilerplateStarts {
		heads[head([]byte((start + "    ")[:len(head{})]))] = true
	}
	return heads
}()

// mayStart reports whether s may begin with one of boilerplateStarts.
func mayStart(s string) bool {
	var h head
	if len(s) < len(h) {
		return true
	}
	for i := range h {
		if h[i] = s[i]; byteKind[s[i]]&cUpper != 0 {
			h[i] |= 0x20
		} else if s[i] >= utf8.RuneSelf {
			return true // folding may change it
		}
	}
	return boilerplateHeads[h]
}

// addBoilerplate marks the words that such paragraphs begin or end with, so
// that all others are passed by with one look.
func (b *Builder) addBoilerplate() {
	for _, list := range [][]string{boilerplateStarts, boilerplateWhole} {
		for _, start := range list {
			word := strings.FieldsFunc(start, func(r rune) bool { return !('a' <= r && r <= 'z' || r == '\'') })
			if len(word) > 0 {
				b.Add(strings.TrimSuffix(word[0], "'s"), boilerStart)
			}
		}
	}
	for _, end := range strings.Fields("images photo ap afp reuters reserved more here report article reporting") {
		b.Add(end, boilerEnd)
	}
}

// boilerplate reports whether a paragraph is no journalism.
func (r *Reader) boilerplate(l *model.Layers, p *model.Paragraph) bool {
	if p.Len() > boilerplateLength {
		return false
	}
	first, last := l.Sentences[p.First].First, l.Sentences[p.Last-1].Last
	word := func(t int32) bool { k := r.tokens[t].Kind; return k <= model.Number || k == model.URL }
	for first < last && !word(first) {
		first++
	}
	end := last - 1
	for end > first && !word(end) {
		end--
	}
	if first == last {
		return true
	}
	c := r.v.classes[r.tokens[first].ID]
	begins := c&boilerStart != 0
	ends := r.v.classes[r.tokens[end].ID]&boilerEnd != 0
	date := r.tokens[first].Kind == model.Number || c&(Month|Weekday) != 0
	if !begins && !ends && !date {
		return false
	}
	words, dated, names := 0, true, true
	for t := first; t < last && (dated || names || words <= 3); t++ {
		if k := r.tokens[t]; word(t) {
			c := r.v.classes[k.ID]
			words++
			dated = dated && (k.Kind == model.Number || k.Kind == model.Word && c&(Month|Weekday|Abbreviation) != 0)
			names = names && (k.Has(model.Capital) || c&(Coordinator|Preposition) != 0)
		}
	}
	if dated && words > 1 && words <= 7 {
		return true
	}
	if begins && (names || words <= 3 || mayStart(p.In(r.text))) {
		r.buf = foldAppend(r.buf[:0], r.text[p.Start:r.tokens[min(first+10, last-1)].End])
		if names && words > 1 && words <= 10 && strings.HasPrefix(string(r.buf[:3]), "by ") && !r.stopped(last) {
			return true // a byline
		}
		for _, start := range boilerplateStarts {
			if start[0] == r.buf[0] && len(r.buf) >= len(start) && string(r.buf[:len(start)]) == start {
				return true
			}
		}
		if words <= 3 {
			for len(r.buf) > 0 && strings.IndexByte(".:!> ", r.buf[len(r.buf)-1]) >= 0 {
				r.buf = r.buf[:len(r.buf)-1]
			}
			for _, whole := range boilerplateWhole {
				if len(r.buf) > 0 && whole[0] == r.buf[0] && string(r.buf) == whole {
					return true
				}
			}
		}
	}
	if ends {
		r.buf = foldAppend(r.buf[:0], r.text[r.tokens[max(first, last-10)].Start:p.End])
		for len(r.buf) > 0 && strings.IndexByte(".:!>\" ", r.buf[len(r.buf)-1]) >= 0 {
			r.buf = r.buf[:len(r.buf)-1]
		}
		for _, end := range boilerplateEnds {
			if len(r.buf) >= len(end) && string(r.buf[len(r.buf)-len(end):]) == end {
				return true
			}
		}
	}
	return false
}
