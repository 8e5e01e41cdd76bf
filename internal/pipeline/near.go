package pipeline

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	"stance/internal/model"
)

// Near duplicates are found by one-permutation MinHash (Li, Owen and Zhang
// 2012) over windows of 32 bytes of the body: a rolling hash picks about one
// window in eight by its value, so that equal passages give equal picks
// wherever they stand, and the smallest picks of 64 bins stand for the text.
// The share of equal bins estimates the Jaccard similarity of two texts.
const (
	window     = 32
	bins       = 64
	bandBins   = 4
	bands      = bins / bandBins
	nearLeast  = 45  // equal bins from which on a text is a near copy: 0.7
	maxTries   = 256 // leads compared in a band, so that passages that all share cost no more
	shortBytes = 600 // shorter bodies are compared by their hash alone
)

// mark is what is kept of an article.
type mark struct {
	at   int64 // time of publication, Unix seconds
	bins [bins]uint8
}

// lead is the article of which another is a copy.
type lead struct {
	number int32
	id     string
	equal  int // bins
}

func (l lead) similarity() float32 { return float32(l.equal) / bins }

// near finds leads among marks, which are numbered in the order of the inputs.
type near struct {
	marks []mark
	leads map[int32]lead // by number of the copy
}

// gear gives bytes random values; letters count without case, and white
// space is all one.
var gear = func() (g [256]uint64) {
	x := uint64(0x9e3779b97f4a7c15)
	for i := range g {
		x = mix(x + uint64(i))
		g[i] = x
	}
	for c := 'a'; c <= 'z'; c++ {
		g[c-'a'+'A'] = g[c]
	}
	for c := range ' ' {
		g[c] = g[' ']
	}
	return g
}()

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func newMark(a *model.Article) mark {
	m := mark{at: a.PublishedAt.Unix()}
	if a.PublishedAt.IsZero() {
		m.at = 1 << 62 // after all that have a date
	}
	body := a.Text[a.BodyStart:]
	if len(body) < shortBytes {
		copy(m.bins[:], a.TextSHA256[:])
		copy(m.bins[32:], a.TextSHA256[:])
		return m
	}
	var least [bins]uint64
	for i := range least {
		least[i] = ^uint64(0)
	}
	// Two bits a byte: the high bits know the last 32 bytes.
	var h uint64
	for _, c := range []byte(body[:window-1]) {
		h = h<<2 + gear[c]
	}
	var picks [256]uint64
	for rest := body[window-1:]; len(rest) > 0; {
		part := rest[:min(len(picks), len(rest))]
		rest = rest[len(part):]
		// Which windows are picked is as good as random to the processor: no branch.
		n := 0
		for _, c := range []byte(part) {
			h = h<<2 + gear[c]
			picks[n&(len(picks)-1)] = h
			n += int((h>>61 - 1) >> 63)
		}
		for _, h := range picks[:n] {
			v := mix(h)
			least[v>>58] = min(least[v>>58], v)
		}
	}
	for i, v := range least {
		for step := uint64(1); v == ^uint64(0) && step < bins; step++ {
			// An empty bin takes the value of another one.
			if from := least[(uint64(i)+step)%bins]; from != ^uint64(0) {
				v = mix(from + step)
			}
		}
		m.bins[i] = uint8(v)
	}
	return m
}

// resolve finds, for each article in the order of publication, the earlier
// article that is no copy itself and most like it. Of those published at one
// time the first in the inputs is the earlier one, so that one that is added
// behind them leads none of them.
func (n *near) resolve() {
	order := n.alike()
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(n.marks[a].at, n.marks[b].at), cmp.Compare(a, b))
	})
	n.leads = map[int32]lead{}
	// Chains of leads with equal bands: heads by hash, links by lead.
	size := 1 << bits.Len(uint(len(order)))
	heads, links := make([]int32, bands*size), make([][bands]int32, len(order)+1)
	slots := [bands]int{}
	for i, number := range order {
		m := &n.marks[number]
		best, equal := int32(0), nearLeast-1
		for b := range bands {
			key := m.band(b)
			slots[b] = b*size + int(mix(uint64(key))%uint64(size))
			for l, tries := heads[slots[b]], maxTries; l != 0 && tries > 0; l, tries = links[l][b], tries-1 {
				c := &n.marks[order[l-1]]
				if c.band(b) != key {
					continue
				}
				if e := equalBins(c, m); e > equal || e == equal && best != 0 && l < best {
					best, equal = l, e
				}
			}
		}
		if best != 0 {
			n.leads[number] = lead{number: order[best-1], equal: equal}
			continue
		}
		for b, s := range slots {
			links[i+1][b] = heads[s]
			heads[s] = int32(i + 1)
		}
	}
	n.marks = nil
}

// alike returns the numbers of the marks that share a band with another: few,
// and only they need the memory that finding leads takes.
func (n *near) alike() []int32 {
	shared := make([]bool, len(n.marks))
	keys := make([]uint64, len(n.marks))
	for b := range bands {
		for i := range n.marks {
			keys[i] = uint64(n.marks[i].band(b))<<32 | uint64(i)
		}
		slices.Sort(keys)
		for i := 1; i < len(keys); i++ {
			if keys[i]>>32 == keys[i-1]>>32 {
				shared[uint32(keys[i])], shared[uint32(keys[i-1])] = true, true
			}
		}
	}
	var numbers []int32
	for i, s := range shared {
		if s {
			numbers = append(numbers, int32(i))
		}
	}
	return numbers
}

// band returns the b-th of the bands of bins.
func (m *mark) band(b int) uint32 { return binary.LittleEndian.Uint32(m.bins[b*bandBins:]) }

func equalBins(a, b *mark) (n int) {
	for i := range bins {
		if a.bins[i] == b.bins[i] {
			n++
		}
	}
	return n
}
