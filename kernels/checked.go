package kernels

// Checked is what a table says about a row that has run once.
type Checked struct {
	Row
	Wrong string `json:"wrong,omitempty"` // how its result isn't the reference's
}

// CheckAll runs every row that can be itself once and compares its result with the
// reference's.
func CheckAll(p Problem) []Checked {
	var out []Checked
	for i, r := range p.Rows() {
		c := Checked{Row: r}
		if r.Missing == "" {
			if err := p.Check(i); err != nil {
				c.Wrong = err.Error()
			}
		}
		out = append(out, c)
	}
	return out
}

// Must is the problem that At has returned; an error of it is a panic.
func Must(p Problem, err ...error) Problem {
	for _, e := range err {
		if e != nil {
			panic(e)
		}
	}
	return p
}
