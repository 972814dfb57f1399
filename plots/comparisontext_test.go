package plots

import "testing"

// What the program around a benchmark allocates once isn't shown as thousandths of
// a byte.
func TestMemoryText(t *testing.T) {
	for _, c := range []struct {
		bytes, objects float64
		want           string
	}{
		{0.000936, 0.00002, "0 B, 0 allocs"},
		{0.33, 0.33, "0.33 B, 0.33 allocs"},
		{48, 1, "48 B, 1 alloc"},
		{1.5e6, 12.4, "1.5 MB, 12 allocs"},
	} {
		bytes, objects := ComparisonRow{Memory: Numbers{c.bytes, c.objects}}.MemoryText()
		if got := bytes + ", " + objects; got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
