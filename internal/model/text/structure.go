package text

import (
	"strings"

	"stance/internal/model"
)

// structure cuts the tokens into paragraphs and sentences and names their
// sections.
func (r *Reader) structure(a *model.Article, l *model.Layers) {
	r.joinLines(a)
	l.Sentences, l.Paragraphs = l.Sentences[:0], l.Paragraphs[:0]
	r.nextStop = 0
	for i, first := range r.starts {
		last := int32(len(r.tokens))
		if i+1 < len(r.starts) {
			last = r.starts[i+1]
		}
		r.paragraph(l, first, last)
	}
	r.sections(a, l)
}

// lineLen returns the bytes of line k from its first to its last token.
func (r *Reader) lineLen(k int) int {
	return int(r.tokens[r.lineEnd(k)-1].End - r.lines[k].start)
}

// lineEnd returns the token after the last one of line k.
func (r *Reader) lineEnd(k int) int32 {
	if k+1 < len(r.lines) {
		return r.lines[k+1].token
	}
	return int32(len(r.tokens))
}

// joinLines decides which lines begin a paragraph and fills r.starts. Text
// that was wrapped at a fixed width is joined; otherwise each line is a
// paragraph, unless it plainly goes on with the line before.
func (r *Reader) joinLines(a *model.Article) {
	r.starts = r.starts[:0]
	for k := 0; k < len(r.lines); {
		e := r.block(k)
		if e-k > 2 {
			if w, ok := r.wrapped(k, e); ok && w > r.width {
				r.width = w
			}
		}
		k = e
	}
	for k := 0; k < len(r.lines); {
		e := r.block(k)
		w, wrapped := 0, false
		if e-k > 1 {
			w, wrapped = r.wrapped(k, e)
			if !wrapped && r.width > 0 && w <= r.width {
				w, wrapped = r.width, true
			}
		}
		list := e-k > 1 && r.bareList(k, e)
		for m := k; m < e; m++ {
			if m == k || !r.goesOn(m, wrapped, list, w) || a.BodyStart > 0 && r.lines[m-1].start < a.BodyStart && a.BodyStart <= r.lines[m].start {
				r.starts = append(r.starts, r.lines[m].token)
			}
		}
		k = e
	}
}

// block returns the end of the run of lines without a blank line from k on.
func (r *Reader) block(k int) int {
	for k++; k < len(r.lines) && !r.lines[k].blank; k++ {
	}
	return k
}

// wrapped reports whether the lines [k, e) were filled greedily up to some
// width, and the width.
func (r *Reader) wrapped(k, e int) (width int, ok bool) {
	for m := k; m < e; m++ {
		width = max(width, r.lineLen(m))
	}
	if e-k < 3 || width < 30 || width > 130 {
		return width, false
	}
	full := 0
	for m := k; m+1 < e; m++ {
		if r.full(m, width) {
			full++
		}
	}
	return width, full*100 >= (e-k-1)*80
}

// full reports whether the first word of the next line would not have fitted
// on line m.
func (r *Reader) full(m, width int) bool {
	first := r.tokens[r.lines[m+1].token]
	return r.lineLen(m)+1+first.Len() > width-3
}

// bareList reports whether the lines [k, e) are a list of words without stops.
func (r *Reader) bareList(k, e int) bool {
	if r.tokens[r.lines[k].token].Has(model.Capital) {
		return false
	}
	for m := k; m < e; m++ {
		if r.ended(r.lineEnd(m)) {
			return false
		}
	}
	return true
}

// ended reports whether the tokens before t end with a final mark.
func (r *Reader) ended(t int32) bool {
	for t--; t >= 0; t-- {
		switch k := r.tokens[t]; {
		case k.Has(model.Closing):
			continue
		case k.Kind == model.Punctuation:
			return r.text[k.Start] != ',' && r.text[k.Start] != '('
		default:
			return k.Kind == model.Word && r.text[k.End-1] == '.'
		}
	}
	return false
}

// goesOn reports whether line m is the continuation of the one before.
func (r *Reader) goesOn(m int, wrapped, list bool, width int) bool {
	first := r.lines[m].token
	if r.marker(first, int32(len(r.tokens))) != 0 || r.isBullet(first) || r.tokens[first].Kind == model.Symbol && !wrapped {
		return false
	}
	if wrapped {
		return r.full(m-1, width)
	}
	t := r.tokens[first]
	return !list && t.Kind == model.Word && !t.Has(model.Capital) && !r.ended(first) && byteKind[r.text[t.Start]]&cLower != 0
}

// isBullet reports whether token t is a bullet.
func (r *Reader) isBullet(t int32) bool {
	k := r.tokens[t]
	return k.Kind == model.Symbol && (k.ID == r.v.signs.bullet || k.Has(model.LineBefore) && (r.text[k.Start] == '*' || r.text[k.Start] == '-'))
}

// sections names the section of each paragraph and finds layout and headline.
func (r *Reader) sections(a *model.Article, l *model.Layers) {
	ps := l.Paragraphs
	for i := range ps {
		if r.boilerplate(l, &ps[i]) {
			ps[i].Section = model.SectionBoilerplate
		}
	}
	body := 0
	if l.Piece.Number > 0 {
		for ; body < len(ps) && ps[body].Start < a.BodyStart; body++ {
			ps[body].Section = model.SectionHeadline // one of more than a piece
		}
		r.spread(l)
		return
	}
	l.Layout, l.Headline = model.LayoutPlain, model.Span{}
	switch h := r.findHeadline(a, l); {
	case h < 0:
	case l.Layout == model.LayoutFields:
		for body < len(ps) && ps[body].Start < a.BodyStart {
			ps[body].Section = model.SectionHeadline
			body++
		}
		l.Headline = model.Span{Start: ps[0].Start, End: ps[body-1].End}
		for body < len(ps) && ps[body].Section == model.SectionBoilerplate {
			body++
		}
		if body < len(ps) && r.same(l, &ps[0], l.Headline.End, &ps[body]) {
			ps[body].Section, ps[body].HeadlineMatch = model.SectionHeadlineRepeat, true
		}
	default:
		ps[h].Section = model.SectionHeadline
		l.Headline = ps[h].Span
		for i := range h {
			if ps[i].Section != model.SectionBoilerplate {
				ps[i].Section = model.SectionSummary
			}
		}
		body = h + 1
		if body < len(ps) && r.same(l, &ps[h], ps[h].End, &ps[body]) {
			ps[body].Section, ps[body].HeadlineMatch = model.SectionHeadlineRepeat, true
			body++
			if l.Layout == model.LayoutDigest && body+1 < len(ps) && ps[body].Section == model.SectionBody && ps[body].Last-ps[body].First <= 2 {
				ps[body].Section = model.SectionDek
			}
		}
	}
	r.spread(l)
}

// spread gives sentences the section of their paragraph.
func (r *Reader) spread(l *model.Layers) {
	for i := range l.Paragraphs {
		p := &l.Paragraphs[i]
		for s := p.First; s < p.Last; s++ {
			l.Sentences[s].Section = p.Section
		}
	}
}

// findHeadline returns the paragraph of the headline and sets the layout; -1
// when there is none.
func (r *Reader) findHeadline(a *model.Article, l *model.Layers) int {
	ps := l.Paragraphs
	if a.BodyStart > 0 {
		l.Layout = model.LayoutFields
		if len(ps) == 0 || ps[0].Start >= a.BodyStart {
			return -1
		}
		return 0
	}
	// A paragraph said twice in a row near the top is the headline of a digest.
	for i := 0; i+1 < len(ps) && i < 6; i++ {
		if ps[i].Len() <= 300 && ps[i].Section == model.SectionBody && r.same(l, &ps[i], ps[i].End, &ps[i+1]) {
			if i > 0 {
				l.Layout = model.LayoutDigest
			}
			return i
		}
	}
	for i := range ps {
		if ps[i].Section == model.SectionBoilerplate && i < 4 {
			continue
		}
		last := l.Sentences[ps[i].Last-1].Last
		t := r.tokens[last-1]
		if i+1 < len(ps) && i < 4 && ps[i].Len() <= 160 && ps[i].Last-ps[i].First <= 2 && r.text[t.End-1] != '.' && r.text[t.End-1] != ':' && !r.stopped(last) {
			return i
		}
		break
	}
	return -1
}

// stopped reports whether a full stop stands before the closing marks before t.
func (r *Reader) stopped(t int32) bool {
	for t--; t >= 0 && r.tokens[t].Has(model.Closing); t-- {
	}
	return t >= 0 && r.text[r.tokens[t].End-1] == '.'
}

// same reports whether the text from a paragraph up to byte end and another
// paragraph hold the same words, whatever their case and punctuation.
func (r *Reader) same(l *model.Layers, a *model.Paragraph, end int32, b *model.Paragraph) bool {
	i, j := int(l.Sentences[a.First].First), int(l.Sentences[b.First].First)
	words := 0
	for {
		for i < len(r.tokens) && r.tokens[i].End <= end && r.tokens[i].Kind != model.Word && r.tokens[i].Kind != model.Number {
			i++
		}
		for j < len(r.tokens) && r.tokens[j].End <= b.End && r.tokens[j].Kind != model.Word && r.tokens[j].Kind != model.Number {
			j++
		}
		ea, eb := i >= len(r.tokens) || r.tokens[i].End > end, j >= len(r.tokens) || r.tokens[j].End > b.End
		if ea || eb {
			return ea && eb && words > 1
		}
		x, y := r.tokens[i], r.tokens[j]
		if x.ID != y.ID || x.ID == 0 && !strings.EqualFold(x.In(r.text), y.In(r.text)) {
			return false
		}
		words++
		i++
		j++
	}
}
