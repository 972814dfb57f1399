package display_test

import (
	"fmt"

	"hpgo/kernel/display"
)

type color struct{ R, G, B uint8 }

// HTML shows the colour as a swatch in a notebook.
func (c color) HTML() string {
	return fmt.Sprintf(`<span style="background:#%02x%02x%02x">&emsp;</span>`, c.R, c.G, c.B)
}

func ExampleShow() {
	display.Show("text", 42, []int{1, 2, 3})
	display.Show(display.Markdown("*marked*"))
	// Output:
	// "text"
	// 42
	// []int{1, 2, 3}
	// *marked*
}

func ExampleFormat() {
	b := display.Format(color{255, 128, 0})
	fmt.Println(b.Data["text/html"])
	fmt.Println(b.Data["text/plain"])
	// Output:
	// <span style="background:#ff8000">&emsp;</span>
	// display_test.color{R:255, G:128, B:0}
}

func ExampleTable() {
	type row struct {
		Name  string
		Speed float64
	}
	rows := []row{{"loop", 1}, {"unrolled", 1.5}, {"simd", 13.25}}
	display.Show(display.Table(rows).Caption("speed against the loop"))
	// Output:
	// speed against the loop
	// Name      Speed
	// ────────  ─────
	// loop       1.00
	// unrolled   1.50
	// simd      13.25
}

func ExampleResult() {
	display.Result(3, nil)
	// Output: (3, <nil>)
}

func ExampleShowID() {
	h := display.ShowID("clock", "12:00")
	h.Update("12:01")
	// Output:
	// "12:00"
	// "12:01"
}

func ExampleTrack() {
	sum := 0
	for i := range display.Track("adding", 5) {
		sum += i
	}
	fmt.Println(sum)
	// Output: 10
}

func ExampleLive() {
	live := display.NewLive()
	heat := []int{0, 0, 100, 0, 0}
	for range 1000 {
		next := append([]int{}, heat...)
		for i := 1; i < len(heat)-1; i++ {
			next[i] = (heat[i-1] + 2*heat[i] + heat[i+1]) / 4
		}
		heat = next
		live.Show(heat) // some of these, in a notebook
	}
	live.Done() // and the last
	// Output: []int{0, 0, 0, 0, 0}
}

// In a notebook the controls and the area below them are in the page, and the
// function runs again whenever the user changes one. Elsewhere it runs once.
func ExampleInteract() {
	display.Interact(func(n int, unit string) string {
		return fmt.Sprint(n*n, " ", unit)
	}, display.Slider("n", 1, 10).Start(3), display.Select("unit", "cm²", "m²"))
	// Output:
	// "9 cm²"
	// n: 3 (1 to 10)
	// unit: cm² (of 2)
}
