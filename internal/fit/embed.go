package fit

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"stance/internal/model"
	"stance/internal/model/rules"
	"stance/internal/model/text"
)

// Company counts which words of a program's vocabulary stand near each other
// in texts without labels. Words that keep like company get like vectors,
// which lets a fit carry over from frequent words to rare ones. Use NewCompany.
type Company struct {
	v      *text.Vocabulary
	reader *text.Reader
	layers model.Layers
	ids    []int32 // of all texts; 0 is a word that does not count, -1 ends a sentence
	counts []int
}

// NewCompany counts words of the program's vocabulary.
func NewCompany(p *rules.Program) *Company {
	return &Company{v: p.Vocabulary, reader: text.NewReader(p.Vocabulary), counts: make([]int, p.Vocabulary.Len())}
}

// Add reads one text. Words with a capital are passed over: they name
// somebody or start a sentence.
func (c *Company) Add(s string) {
	c.reader.Read(&model.Article{Text: s, Lang: "en"}, &c.layers)
	for _, sent := range c.layers.Sentences {
		for _, t := range c.layers.Tokens[sent.First:sent.Last] {
			id := t.ID
			if t.Kind != model.Word || t.Has(model.Capital) {
				id = 0
			}
			c.ids = append(c.ids, id)
			c.counts[id]++
		}
		c.ids = append(c.ids, -1)
	}
}

const (
	vectorSize   = 50
	contextWords = 2000 // the most frequent words, which describe the others
	leastCount   = 20   // occurrences that a vector needs
	windowSize   = 5    // words on each side
	nearWindow   = 2    // words that count in full
	farCount     = 0.6
	contextPower = 0.75 // raises the expectation of rare contexts (Levy et al. 2015)
	spare        = 10   // further directions of the randomised decomposition
	powerSteps   = 2
)

// vectors returns a unit vector for each word, by form: the leading
// directions of the positive pointwise mutual information of words and
// contexts, found by randomised decomposition (Halko et al. 2011).
func (c *Company) vectors() map[string][]float64 {
	var words []int32
	for id := 1; id < len(c.counts); id++ {
		if c.counts[id] >= leastCount {
			words = append(words, int32(id))
		}
	}
	slices.SortFunc(words, func(a, b int32) int { return cmp.Or(cmp.Compare(c.counts[b], c.counts[a]), cmp.Compare(a, b)) })
	n, k := len(words), min(len(words), contextWords)
	if k <= vectorSize+spare {
		return nil
	}
	row := make([]int32, len(c.counts))
	for i := range row {
		row[i] = -1
	}
	for i, id := range words {
		row[id] = int32(i)
	}
	m := newMatrix(n, k)
	for i, id := range c.ids {
		if id <= 0 || row[id] < 0 {
			continue
		}
		for d := 1; d <= windowSize && i+d < len(c.ids) && c.ids[i+d] >= 0; d++ {
			other := row[c.ids[i+d]]
			if other < 0 {
				continue
			}
			x := float32(1)
			if d > nearWindow {
				x = farCount
			}
			if int(other) < k {
				m.row(int(row[id]))[other] += x
			}
			if int(row[id]) < k {
				m.row(int(other))[row[id]] += x
			}
		}
	}
	m.information()
	u, s := m.decompose(vectorSize, spare)
	out := make(map[string][]float64, n)
	for i, id := range words {
		v := make([]float64, vectorSize)
		norm := 0.0
		for d := range v {
			v[d] = u[d][i] * math.Sqrt(s[d])
			norm += v[d] * v[d]
		}
		if norm == 0 {
			continue
		}
		for d := range v {
			v[d] /= math.Sqrt(norm)
		}
		out[c.v.Form(id)] = v
	}
	return out
}

// matrix is dense, row by row.
type matrix struct {
	rows, cols int
	x          []float32
}

func newMatrix(rows, cols int) *matrix { return &matrix{rows, cols, make([]float32, rows*cols)} }

func (m *matrix) row(i int) []float32 { return m.x[i*m.cols : (i+1)*m.cols] }

// information turns counts into positive pointwise mutual information.
func (m *matrix) information() {
	col := make([]float64, m.cols)
	for i := range m.rows {
		for j, x := range m.row(i) {
			col[j] += float64(x)
		}
	}
	total := 0.0
	for j := range col {
		col[j] = math.Pow(col[j], contextPower)
		total += col[j]
	}
	for i := range m.rows {
		r, sum := m.row(i), 0.0
		for _, x := range r {
			sum += float64(x)
		}
		for j, x := range r {
			if x > 0 {
				r[j] = float32(max(math.Log(float64(x)*total/(sum*col[j])), 0))
			}
		}
	}
}

// decompose returns the size leading left singular vectors and values.
func (m *matrix) decompose(size, spare int) (u [][]float64, s []float64) {
	d := size + spare
	random := rand.New(rand.NewPCG(1, 2)) // fixed: equal input gives equal vectors
	q := make([][]float64, d)
	for i := range q {
		q[i] = make([]float64, m.cols)
		for j := range q[i] {
			q[i][j] = random.NormFloat64()
		}
	}
	left := m.times(q)
	for range powerSteps {
		orthonormalise(left)
		right := m.transposed(left)
		orthonormalise(right)
		left = m.times(right)
	}
	orthonormalise(left)
	b := m.transposed(left) // the matrix within the subspace, d rows
	gram := make([][]float64, d)
	for i := range gram {
		gram[i] = make([]float64, d)
		for j := range gram[i] {
			gram[i][j] = dot(b[i], b[j])
		}
	}
	values, turn := eigen(gram)
	for c := range size {
		v := make([]float64, m.rows)
		for i := range left {
			axpy(turn[i][c], left[i], v)
		}
		u, s = append(u, v), append(s, math.Sqrt(max(values[c], 0)))
	}
	return u, s
}

// times returns the products of the matrix with column vectors.
func (m *matrix) times(v [][]float64) [][]float64 {
	out := vectorsOf(len(v), m.rows)
	for i := range m.rows {
		for j, x := range m.row(i) {
			if x != 0 {
				for d := range v {
					out[d][i] += float64(x) * v[d][j]
				}
			}
		}
	}
	return out
}

// transposed returns the products of the transposed matrix.
func (m *matrix) transposed(v [][]float64) [][]float64 {
	out := vectorsOf(len(v), m.cols)
	for i := range m.rows {
		for j, x := range m.row(i) {
			if x != 0 {
				for d := range v {
					out[d][j] += float64(x) * v[d][i]
				}
			}
		}
	}
	return out
}

func vectorsOf(n, size int) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, size)
	}
	return out
}

// orthonormalise makes vectors orthonormal by Gram and Schmidt's steps, done
// twice against rounding.
func orthonormalise(v [][]float64) {
	for i := range v {
		for range 2 {
			for j := range i {
				axpy(-dot(v[i], v[j]), v[j], v[i])
			}
		}
		if n := math.Sqrt(dot(v[i], v[i])); n > 1e-9 {
			scale(1/n, v[i])
		} else {
			clear(v[i])
		}
	}
}

// eigen returns the eigenvalues of a symmetric matrix, largest first, and the
// eigenvectors as columns, by Jacobi's rotations. The matrix is used up.
func eigen(a [][]float64) (values []float64, vectors [][]float64) {
	n := len(a)
	v := vectorsOf(n, n)
	for i := range v {
		v[i][i] = 1
	}
	for range 60 {
		off, size := 0.0, 0.0
		for i := range a {
			for j := range a {
				size += a[i][j] * a[i][j]
				if i != j {
					off += a[i][j] * a[i][j]
				}
			}
		}
		if off <= 1e-20*size {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				if a[p][q] == 0 {
					continue
				}
				theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
				t := math.Copysign(1, theta) / (math.Abs(theta) + math.Sqrt(theta*theta+1))
				c := 1 / math.Sqrt(t*t+1)
				s := t * c
				for i := range n {
					a[i][p], a[i][q] = c*a[i][p]-s*a[i][q], s*a[i][p]+c*a[i][q]
				}
				for i := range n {
					a[p][i], a[q][i] = c*a[p][i]-s*a[q][i], s*a[p][i]+c*a[q][i]
				}
				for i := range n {
					v[i][p], v[i][q] = c*v[i][p]-s*v[i][q], s*v[i][p]+c*v[i][q]
				}
			}
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(a[j][j], a[i][i]) })
	vectors = vectorsOf(n, n)
	for c, o := range order {
		values = append(values, a[o][o])
		for i := range n {
			vectors[i][c] = v[i][o]
		}
	}
	return values, vectors
}
