package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"strconv"
	"strings"

	"stance/internal/diag"
)

//go:embed page.html
var pageSource string

//go:embed page.css
var pageStyle string

// Page renders the figures as one HTML page that needs nothing else: no
// script, no font, no picture from outside, and a policy that forbids them.
// Equal figures give equal bytes.
func Page(f *Figures) ([]byte, error) {
	sum := sha256.Sum256([]byte(pageStyle))
	t, err := template.New("page").Funcs(template.FuncMap{
		"number": func(n any) string { return thousands(n) },
		"signed": signed,
		"shade":  shade,
		"safe":   safe,
		"date":   func(d day) string { return d.time().Format("2 January 2006") },
		"chart":  f.chart,
		"web":    web,
		"share":  percent,
		"escape": escape,
	}).Parse(pageSource)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		*Figures
		Policy string
		Style  template.CSS // the one text that is not escaped: it is part of the tool
		Shares []share
	}{f, "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'", template.CSS(pageStyle), f.shares()})
	return b.Bytes(), err
}

// mostName bounds what is shown of a name, headline or message.
const mostName = 160

// safe shows control and bidirectional characters instead of obeying them, and
// cuts what is too long for a name. HTML is escaped by the template.
func safe(s string) string {
	if len(s) > mostName {
		if r := []rune(s); len(r) > mostName {
			s = string(r[:mostName-1]) + "…"
		}
	}
	return escape(s)
}

// escape is diag.Escape for a page, where white space is white space.
func escape(s string) string {
	return diag.Escape(strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(s))
}

// web returns an address that a reader may follow, "" for any other.
func web(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}

func number(n int) string { return thousands(n) }

// thousands renders 1234567 as 1,234,567.
func thousands(n any) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// signed renders a score with a sign of its own width.
func signed(x float64) string {
	if math.Abs(x) < 0.005 {
		return "0.00"
	}
	return strings.Replace(fmt.Sprintf("%+.2f", x), "-", "−", 1)
}

func percent(n, of int) string {
	if of == 0 {
		return "–"
	}
	return strconv.Itoa(int(math.Round(100*float64(n)/float64(of)))) + " %"
}

// shade names the class of a mean score: n3 (against) to p3 (in favor).
func shade(x float64) string {
	for _, b := range []struct {
		below float64
		name  string
	}{{-0.6, "n3"}, {-0.3, "n2"}, {-0.05, "n1"}, {0.05, "z"}, {0.3, "p1"}, {0.6, "p2"}} {
		if x < b.below {
			return b.name
		}
	}
	return "p3"
}

// share is a piece of the bar of all stances.
type share struct {
	Class, Name string
	N           int
	X, W        string // per cent of the bar
}

func (f *Figures) shares() []share {
	list := []share{{Class: "n3", Name: "against", N: f.Against}, {Class: "z", Name: "neutral", N: f.Neutral}, {Class: "p3", Name: "in favor", N: f.Favor}}
	x := 0.0
	for i := range list {
		w := 100 * float64(list[i].N) / float64(max(f.Stances, 1))
		list[i].X, list[i].W = coordinate(x), coordinate(w)
		x += w
	}
	return list
}

func coordinate(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

// chart is the picture of one Series. Coordinates are those of its viewBox.
type chart struct {
	Scale  string // tone at the top; at the bottom it is the same below 0
	Points []mark
	Line   string // of the points' means
	Ticks  []tick
}

type mark struct {
	Point
	X, Y, Top, Bottom, Bar string
}

type tick struct{ X, Anchor, Label string }

// The chart's plane: x from left to right, tone from top to bottom.
const (
	chartLeft, chartRight = 34.0, 312.0
	chartTop, chartBottom = 8.0, 128.0
)

// scale returns the tone at the top of every chart: the least that leaves room
// for all of them.
func (f *Figures) scale() float64 {
	most := 0.0
	for _, s := range f.Tone {
		for _, p := range s.Points {
			most = max(most, math.Abs(p.Mean), -p.Low, p.High)
		}
	}
	for _, scale := range []float64{0.25, 0.5, 0.75} {
		if most <= scale {
			return scale
		}
	}
	return 1
}

// chart places the points of a series in the time that the whole corpus
// spans and on one scale, so that charts beside each other can be compared.
func (f *Figures) chart(s Series) chart {
	scale := f.scale()
	c := chart{Scale: strconv.FormatFloat(scale, 'f', -1, 64)}
	p := periodFor(f.First, f.Last)
	first, last := p.start(f.First), f.Last+1
	x := func(d float64) float64 {
		return chartLeft + 6 + (chartRight-chartLeft-12)*(d-float64(first))/float64(last-first)
	}
	y := func(v float64) string { return coordinate((chartTop+chartBottom)/2 - v/scale*(chartBottom-chartTop)/2) }
	for _, o := range s.Points {
		at := x(float64(o.Start+min(p.next(o.Start), last)) / 2) // the middle of its piece of time
		m := mark{Point: o, X: coordinate(at), Y: y(o.Mean), Bar: coordinate(at - 3)}
		if o.Interval {
			m.Top, m.Bottom = y(o.High), y(o.Low)
		}
		c.Points = append(c.Points, m)
		c.Line += m.X + "," + m.Y + " "
	}
	if f.Dated > 0 {
		c.Ticks = append(c.Ticks, tick{coordinate(chartLeft), "start", p.label(first)})
		middle, end := p.start(first+(last-first)/2), p.start(f.Last)
		if middle != first && middle != end {
			c.Ticks = append(c.Ticks, tick{coordinate(x(float64(middle+p.next(middle)) / 2)), "middle", p.label(middle)})
		}
		if end != first {
			c.Ticks = append(c.Ticks, tick{coordinate(chartRight), "end", p.label(end)})
		}
	}
	return c
}
