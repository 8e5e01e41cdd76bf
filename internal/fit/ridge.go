package fit

import (
	"context"
	"math"
)

// sparse is a matrix by rows.
type sparse struct {
	cols   int
	ends   []int // of the rows
	at     []int32
	values []float64
}

func (m *sparse) add(col int32, v float64) { m.at, m.values = append(m.at, col), append(m.values, v) }
func (m *sparse) endRow()                  { m.ends = append(m.ends, len(m.at)) }

// ridge returns the w that minimises |m w - y|² + lambda |w|², by conjugate
// gradients on the normal equations with a diagonal preconditioner. It runs
// on one goroutine in a fixed order, so that the result is always the same.
func (m *sparse) ridge(ctx context.Context, y []float64, lambda float64) ([]float64, error) {
	const steps, tolerance = 200, 1e-5
	w, r, z, p, q := make([]float64, m.cols), make([]float64, m.cols), make([]float64, m.cols), make([]float64, m.cols), make([]float64, m.cols)
	diagonal := make([]float64, m.cols)
	for i := range diagonal {
		diagonal[i] = lambda
	}
	from := 0
	for i, end := range m.ends {
		for k := from; k < end; k++ {
			v := m.values[k]
			r[m.at[k]] += v * y[i]
			diagonal[m.at[k]] += v * v
		}
		from = end
	}
	rz := 0.0
	for i := range r {
		z[i] = r[i] / diagonal[i]
		p[i] = z[i]
		rz += r[i] * z[i]
	}
	stop := rz * tolerance * tolerance
	for range steps {
		if rz <= stop || rz == 0 {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range q {
			q[i] = lambda * p[i]
		}
		from := 0
		for _, end := range m.ends {
			s := 0.0
			for k := from; k < end; k++ {
				s += m.values[k] * p[m.at[k]]
			}
			for k := from; k < end; k++ {
				q[m.at[k]] += m.values[k] * s
			}
			from = end
		}
		pq := 0.0
		for i := range p {
			pq += p[i] * q[i]
		}
		step := rz / pq
		next := 0.0
		for i := range w {
			w[i] += step * p[i]
			r[i] -= step * q[i]
			z[i] = r[i] / diagonal[i]
			next += r[i] * z[i]
		}
		if math.IsNaN(next) {
			break
		}
		turn := next / rz
		for i := range p {
			p[i] = z[i] + turn*p[i]
		}
		rz = next
	}
	return w, nil
}
