package pipeline

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"stance/internal/model"
)

// Near duplicates are found by one-permutation MinHash (Li, Owen and Zhang
// 2012) over windows of 32 bytes of the body: a rolling hash picks about one
// window in eight by its value, so that equal passages give equal picks
// wherever they stand, and the smallest picks of 64 bins stand for the text.
// The share of equal bins estimates the Jaccard similarity of two texts.
const (
	bins       = 64
	bandBins   = 4
	nearLeast  = 45  // equal bins from which on a text is a near copy: 0.7
	maxTries   = 256 // leads compared in a band, so that passages that all share cost no more
	shortBytes = 600 // shorter bodies are compared by their hash alone
)

// mark is what is kept of an article: about 120 bytes.
type mark struct {
	id   string
	at   int64 // time of publication, Unix seconds
	bins [bins]uint8
}

// lead is the article of which another is a copy.
type lead struct {
	id         string
	similarity float32
}

// near finds leads among marks.
type near struct {
	marks []mark
	leads map[string]lead // by id of the copy
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
	// A copy, or the id would hold on to the memory of the text around it.
	m := mark{id: strings.Clone(a.ID), at: a.PublishedAt.Unix()}
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
	var h uint64
	for i := range len(body) {
		// Two bits a byte: the high bits know the last 32 bytes.
		h = h<<2 + gear[body[i]]
		if h>>61 == 0 && i >= 31 {
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

func (n *near) add(m []mark) { n.marks = append(n.marks, m...) }

// resolve finds, for each article in the order of publication, the earlier
// article that is no copy itself and most like it.
func (n *near) resolve() {
	marks := n.marks
	slices.SortFunc(marks, func(a, b mark) int {
		return cmp.Or(strings.Compare(a.id, b.id), slices.Compare(a.bins[:], b.bins[:]), cmp.Compare(a.at, b.at))
	})
	// Of several with one id one is kept; when they differ, none takes part.
	keep := marks[:0]
	for i := 0; i < len(marks); {
		j := i + 1
		same := true
		for ; j < len(marks) && marks[j].id == marks[i].id; j++ {
			same = same && marks[j].bins == marks[i].bins
		}
		if same {
			keep = append(keep, marks[i])
		}
		i = j
	}
	marks = keep
	slices.SortFunc(marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.id, b.id))
	})
	n.leads = map[string]lead{}
	// Chains of leads with equal bands: heads by hash, links by lead.
	size := 1 << bits.Len(uint(len(marks)))
	const bands = bins / bandBins
	heads, links := make([]int32, bands*size), make([][bands]int32, len(marks)+1)
	slots := [bands]int{}
	for i := range marks {
		m := &marks[i]
		best, equal := int32(0), nearLeast-1
		for b := range bands {
			at := m.bins[b*bandBins:]
			key := mix(uint64(at[0]) | uint64(at[1])<<8 | uint64(at[2])<<16 | uint64(at[3])<<24)
			slots[b] = b*size + int(key%uint64(size))
			for l, tries := heads[slots[b]], maxTries; l != 0 && tries > 0; l, tries = links[l][b], tries-1 {
				c := &marks[l-1]
				if [bandBins]uint8(c.bins[b*bandBins:]) != [bandBins]uint8(at) {
					continue
				}
				if e := equalBins(c, m); e > equal || e == equal && best != 0 && l < best {
					best, equal = l, e
				}
			}
		}
		if best != 0 {
			n.leads[m.id] = lead{marks[best-1].id, float32(equal) / bins}
			continue
		}
		for b, s := range slots {
			links[i+1][b] = heads[s]
			heads[s] = int32(i + 1)
		}
	}
	n.marks = nil
}

func equalBins(a, b *mark) (n int) {
	for i := range bins {
		if a.bins[i] == b.bins[i] {
			n++
		}
	}
	return n
}

// lead returns the article of which a is a copy, and how similar they are;
// "" when it is none.
func (n *near) lead(a *model.Article) (string, float32) {
	l := n.leads[a.ID]
	return l.id, l.similarity
}
