package plots

import (
	"fmt"
	"math"
	"slices"
)

// Cores shows how busy each processor core was over time: a strip for each, in
// colours from 0 to 100 %.
type Cores struct {
	Title string
	Alt   string // what a screen reader says; made from the data if empty
	// Use has a row for each core with the percentage in each stretch of time: a
	// [][]float64, or whatever Heat takes.
	Use any
	// T is when each stretch ended: durations, or numbers of seconds, ascending.
	// With one time more than there are stretches, the first is when they began;
	// else the first stretch was as long as the second. 0, 1, 2, ... if nil.
	T     any
	Names []string // of the cores; cpu0, cpu1, ... if nil

	Width, Height float64
	Notes         []string
	Interactive   bool
}

// MIMEBundle shows the cores in a notebook.
func (c Cores) MIMEBundle() map[string]any { return show(c) }

// String is the cores as text.
func (c Cores) String() string { return spoken(c) }

// Encode checks the numbers and returns them as data to draw.
func (c Cores) Encode() (Data, error) { return c.Figure().Encode() }

// coreHeight is the height of a core's strip in inches, as long as there are few.
const coreHeight = 0.18

// Figure composes the layers, for a figure with more of them. What is wrong with
// the numbers is an error of the figure.
func (c Cores) Figure() Figure {
	f := Figure{Title: c.Title, Alt: c.Alt, Width: c.Width, Height: c.Height, Notes: c.Notes, Interactive: c.Interactive,
		X: Axis{Label: "time", Unit: "s"}}
	heat, stretches, err := c.heat()
	if err != nil {
		f.Layers = Layers{faulty{fmt.Errorf("cores: %w", err)}}
		return f
	}
	if c.T == nil {
		f.X = Axis{Label: "sample"}
	}
	if f.Height == 0 {
		// Many cores get thinner strips, so that a large machine fits a screen.
		n := float64(len(heat.Rows))
		f.Height = 1.05 + math.Max(0.5, math.Min(coreHeight*n, 3.4+0.02*n))
	}
	if drawn := len(heat.Z.([][]float64)[0]); drawn != stretches {
		f.Notes = append(slices.Clone(c.Notes), fmt.Sprintf("%s stretches of time are drawn as their means in %s columns", group(stretches), group(drawn)))
	}
	f.Layers = Layers{heat}
	return f
}

// heat is the field with its names and columns of one length.
func (c Cores) heat() (heat Heat, stretches int, err error) {
	use, err := fieldOfNumbers(c.Use)
	if err != nil {
		return Heat{}, 0, fmt.Errorf("Use: %w", err)
	}
	names := c.Names
	for i := len(names); names == nil || c.Names == nil && i < use.rows; i++ {
		names = append(names, fmt.Sprintf("cpu%d", i))
	}
	if len(names) != use.rows {
		return Heat{}, 0, fmt.Errorf("Use has %d rows and there are %d Names", use.rows, len(names))
	}
	edges, err := c.edges(use.cols)
	if err != nil {
		return Heat{}, 0, err
	}
	columns := columnsFor(edges)
	z := make([][]float64, use.rows)
	for r := range z {
		if z[r] = use.v[r*use.cols : (r+1)*use.cols]; columns != use.cols {
			z[r] = means(z[r], edges, columns)
		}
	}
	return Heat{Name: "use", Unit: "%", Z: z, Rows: names, X: [2]float64{edges[0], edges[len(edges)-1]}, Range: [2]float64{0, 100}}, use.cols, nil
}

// edges are the ends of the stretches of time, one more than there are.
func (c Cores) edges(n int) ([]float64, error) {
	if c.T == nil {
		edges := make([]float64, n+1)
		for i := range edges {
			edges[i] = float64(i)
		}
		return edges, nil
	}
	t, err := columnOf(nil, c.T)
	switch {
	case err != nil:
		return nil, fmt.Errorf("T %w", err)
	case t.labels != nil:
		return nil, fmt.Errorf("T holds names, which are no numbers")
	case len(t.v) != n && len(t.v) != n+1:
		return nil, fmt.Errorf("Use has %d columns and T has %d values", n, len(t.v))
	}
	for i, v := range t.v {
		if !finite(v) || i > 0 && !(v > t.v[i-1]) {
			return nil, fmt.Errorf("T doesn't ascend: %v comes after %v", v, t.v[max(i-1, 0)])
		}
	}
	if len(t.v) == n+1 {
		return t.v, nil
	}
	first := 1.0
	if n > 1 {
		first = t.v[1] - t.v[0]
	} else if t.v[0] > 0 {
		first = t.v[0]
	}
	return append([]float64{t.v[0] - first}, t.v...), nil
}

// columnsFor is how many columns of one length show stretches of time: as many
// as there are if their lengths are alike but for the clock's jitter, else as
// many as the shortest needs; no more than pixels.
func columnsFor(edges []float64) int {
	n := len(edges) - 1
	shortest, longest := math.Inf(1), 0.0
	for i := range n {
		d := edges[i+1] - edges[i]
		shortest, longest = math.Min(shortest, d), math.Max(longest, d)
	}
	if longest <= 1.05*shortest && n <= maxHeatSide {
		return n
	}
	return int(math.Min(math.Ceil((edges[n]-edges[0])/shortest), maxHeatSide))
}

// means is the mean of the use in each of some columns of one length. It lies
// between the least and the greatest, from which rounding might take it.
func means(use, edges []float64, columns int) []float64 {
	n := len(use)
	out := make([]float64, columns)
	width := (edges[n] - edges[0]) / float64(columns)
	i := 0
	for c := range out {
		from, to := edges[0]+float64(c)*width, edges[0]+float64(c+1)*width
		sum, weight, within := 0.0, 0.0, extentOf{}
		for ; i < n; i++ {
			if d := math.Min(to, edges[i+1]) - math.Max(from, edges[i]); d > 0 && finite(use[i]) {
				sum, weight = sum+d*use[i], weight+d
				within.add(use[i])
			}
			if edges[i+1] > to {
				break
			}
		}
		out[c] = nan() // a gap, if nothing is known
		if within.any {
			out[c] = min(max(sum/weight, within.min), within.max)
		}
	}
	return out
}
