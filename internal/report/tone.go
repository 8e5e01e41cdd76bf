package report

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"stance/internal/io/columnar"
	"stance/internal/io/table"
)

// Estimate is a mean over sentences with its 95 % interval. Sentences of one
// article say much the same, so the interval is that of a mean over clusters
// (the articles), with Student's t on one degree of freedom less than there
// are articles.
type Estimate struct {
	Sentences, Articles int
	Mean                float64
	Low, High           float64 // within [-1, 1]; set where Interval is true
	Interval            bool    // there are fewestClusters articles or more
}

// fewestClusters is how many articles an interval needs.
const fewestClusters = 3

// moments gathers what an Estimate is computed from, article by article.
type moments struct {
	n, articles    int
	s, ss, sn, nn2 float64 // sums over articles of s, s², s·n, n²: n rows that add up to s
}

func (m *moments) add(n int, s float64) {
	m.n += n
	m.articles++
	m.s += s
	m.ss += s * s
	m.sn += s * float64(n)
	m.nn2 += float64(n) * float64(n)
}

func (m *moments) estimate() Estimate {
	e := Estimate{Sentences: m.n, Articles: m.articles, Mean: m.s / float64(max(m.n, 1))}
	if m.articles < fewestClusters {
		return e
	}
	g := float64(m.articles)
	spread := max(m.ss-2*e.Mean*m.sn+e.Mean*e.Mean*m.nn2, 0) * g / (g - 1)
	half := student(m.articles-1) * math.Sqrt(spread) / float64(m.n)
	e.Low, e.High, e.Interval = max(e.Mean-half, -1), min(e.Mean+half, 1), true
	return e
}

// student returns the 0.975 quantile of Student's t: exact for two degrees of
// freedom, from there on by the expansion in 1/df (Abramowitz and Stegun
// 26.7.5), which is less than 0.025 below it.
func student(df int) float64 {
	if df <= 2 {
		return 4.302653
	}
	const z = 1.959964
	z2, v := z*z, float64(df)
	return z * (1 + (z2+1)/(4*v) + ((5*z2+16)*z2+3)/(96*v*v) + (((3*z2+19)*z2+17)*z2-15)/(384*v*v*v))
}

// period cuts time into pieces that are short enough to show a course and few
// enough to be told apart.
type period struct {
	name  string // of one piece: day, week, month, quarter, year, 2 years …
	years int    // of one piece, where it is years
}

// mostPeriods bounds the pieces of the time that a corpus spans.
const mostPeriods = 40

func periodFor(first, last day) period {
	switch days := int(last-first) + 1; {
	case days <= mostPeriods:
		return period{name: "day"}
	case days <= 7*mostPeriods:
		return period{name: "week"}
	case days <= 30*mostPeriods:
		return period{name: "month"}
	case days <= 91*mostPeriods:
		return period{name: "quarter"}
	default:
		years := (days/365 + mostPeriods) / mostPeriods
		if years == 1 {
			return period{"year", 1}
		}
		return period{number(years) + " years", years}
	}
}

// start returns the first day of the piece that d lies in. Weeks begin on
// Mondays.
func (p period) start(d day) day {
	t := d.time()
	switch p.name {
	case "day":
		return d
	case "week":
		return d - day((int(t.Weekday())+6)%7)
	case "month":
		return dayAt(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC))
	case "quarter":
		return dayAt(time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC))
	}
	return dayAt(time.Date(t.Year()-t.Year()%p.years, 1, 1, 0, 0, 0, 0, time.UTC))
}

// next returns the first day of the piece behind the one that begins on d.
func (p period) next(d day) day {
	t := d.time()
	switch p.name {
	case "day":
		return d + 1
	case "week":
		return d + 7
	case "month":
		return dayAt(t.AddDate(0, 1, 0))
	case "quarter":
		return dayAt(t.AddDate(0, 3, 0))
	}
	return dayAt(t.AddDate(p.years, 0, 0))
}

// label names the piece that begins on d.
func (p period) label(d day) string {
	switch t := d.time(); p.name {
	case "day", "week":
		return t.Format("2 Jan 2006")
	case "month":
		return t.Format("Jan 2006")
	case "quarter":
		return "Q" + number((int(t.Month())+2)/3) + t.Format(" 2006")
	default:
		return t.Format("2006")
	}
}

// Series is the tone towards one party over time.
type Series struct {
	Party  string
	All    Estimate // undated articles included
	Points []Point
}

// Point is the tone towards a party in one piece of time.
type Point struct {
	Start day // of the piece
	Label string
	Estimate
}

// mostSeries bounds the parties whose tone is drawn.
const mostSeries = 9

// tone gathers the tone towards each party from the rows that count.
type tone struct {
	period
	all  map[string]*moments
	at   map[string]map[day]*moments
	with int // sentences that name a party
}

func (t tables) tone(p period) (*tone, error) {
	o := &tone{period: p, all: make(map[string]*moments), at: make(map[string]map[day]*moments)}
	type sum struct {
		n int
		s float64
	}
	var article, sentence string
	var date day
	var dated bool
	of := make(map[string]sum) // of the article
	flush := func() {
		for party, x := range of {
			if o.all[party] == nil {
				o.all[party], o.at[party] = new(moments), make(map[day]*moments)
			}
			o.all[party].add(x.n, x.s)
			if !dated {
				continue
			}
			m := o.at[party][p.start(date)]
			if m == nil {
				m = new(moments)
				o.at[party][p.start(date)] = m
			}
			m.add(x.n, x.s)
		}
		clear(of)
	}
	err := t.each(table.Tones, []string{"article_id", "sentence_id", "counts", "party", "tone", "pub_date"}, func(c []columnar.Values, i int) {
		if !c[2].Bools[i] {
			return
		}
		if id := c[0].Texts[i]; id != article {
			flush()
			article = id
			date, dated = dayOf(&c[5], i)
		}
		if id := c[1].Texts[i]; id != sentence {
			sentence = id
			o.with++
		}
		x := of[c[3].Texts[i]]
		of[c[3].Texts[i]] = sum{x.n + 1, x.s + c[4].Floats[i]}
	})
	flush()
	return o, err
}

// series returns the parties with most sentences, and how many others there are.
func (o *tone) series() (list []Series, others int) {
	for party, m := range o.all {
		list = append(list, Series{Party: party, All: m.estimate()})
	}
	slices.SortFunc(list, func(a, b Series) int {
		return cmp.Or(cmp.Compare(b.All.Sentences, a.All.Sentences), strings.Compare(a.Party, b.Party))
	})
	others = max(len(list)-mostSeries, 0)
	list = list[:len(list)-others]
	for i := range list {
		s := &list[i]
		for start, m := range o.at[s.Party] {
			s.Points = append(s.Points, Point{start, o.label(start), m.estimate()})
		}
		slices.SortFunc(s.Points, func(a, b Point) int { return cmp.Compare(a.Start, b.Start) })
	}
	return list, others
}
