package render

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"

	"hpgo/plots"
)

// axisTicks makes the ticks of one axis and the unit to write with its label.
type axisTicks struct {
	data   plots.AxisData
	most   int     // about so many labels have room
	prefix string  // SI prefix of linear labels
	factor float64 // what it stands for
	turned bool    // labels are turned and end below their tick
}

func newTicks(a plots.AxisData, most int) axisTicks {
	t := axisTicks{data: a, most: max(most, 2), factor: 1}
	if !a.Log {
		lo, hi := padded(a)
		t.scale(lo, hi, math.Max(math.Abs(a.Min), math.Abs(a.Max)))
	}
	return t
}

// scale chooses the prefix by the size of the numbers, or a smaller one where
// they differ by so little that the ticks would need more than four decimals.
func (t *axisTicks) scale(lo, hi, size float64) {
	t.prefix, t.factor = plots.Prefix(size, t.data.Unit)
	if step := niceStep((hi - lo) / float64(t.most)); step > 0 && step < t.factor/1e4 {
		t.prefix, t.factor = plots.Prefix(step*1e4, t.data.Unit)
	}
}

// label is the axis's label with its unit. On a log axis each tick has the
// unit, since prefixes change along it.
func (t axisTicks) label() string {
	unit := t.data.Unit
	switch {
	case unit == "" || t.data.Log:
		return t.data.Label
	case t.data.Label == "":
		return t.prefix + unit
	}
	return t.data.Label + " (" + t.prefix + unit + ")"
}

// Ticks implements plot.Ticker.
func (t axisTicks) Ticks(lo, hi float64) []plot.Tick {
	switch {
	case t.data.Categories != nil:
		return t.names(lo, hi)
	case t.data.Log:
		return t.log(lo, hi)
	}
	return t.linear(lo, hi)
}

// linear puts ticks at multiples of 1, 2 or 5 times a power of ten.
func (t axisTicks) linear(lo, hi float64) []plot.Tick {
	step := niceStep((hi - lo) / float64(t.most))
	if t.data.Whole {
		step = math.Max(step, 1)
	}
	if !(step > 0) {
		return nil
	}
	var ticks []plot.Tick
	first := math.Ceil(lo/step - 1e-9)
	for i := 0.0; i < 100; i++ {
		v := (first + i) * step
		if v > hi+step*1e-9 {
			break
		}
		v = math.Min(math.Max(v, lo), hi) // gonum leaves out what is a rounding error outside
		ticks = append(ticks, plot.Tick{Value: v, Label: t.number((first+i)*step, step)})
	}
	return ticks
}

// number is a linear tick's label, with as many decimals as the step needs.
func (t axisTicks) number(v, step float64) string {
	scaled, s := v/t.factor, step/t.factor
	if math.Abs(scaled) < s/1e6 {
		if scaled = 0; t.prefix != "" && t.data.Unit == "" {
			return "0" // and not 0.0 beside 0.5k
		}
	}
	var text string
	switch a := math.Abs(scaled); {
	case s < 1e-4 && a == 0:
		text = "0"
	case s < 1e-4 || a >= 1e12:
		digits := math.Floor(math.Log10(a)+1e-9) - math.Floor(math.Log10(s)+1e-9) + 1
		text = strconv.FormatFloat(scaled, 'g', int(min(max(digits, 1), 15)), 64)
	default:
		text = strconv.FormatFloat(scaled, 'f', int(math.Min(math.Max(0, math.Ceil(-math.Log10(s)-1e-9)), 4)), 64)
	}
	if t.data.Unit == "" && scaled != 0 {
		text += t.prefix
	}
	return text
}

// niceStep is the least of 1, 2, 5 times a power of ten that is not below v.
func niceStep(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// log labels the powers of ten, every second or third of them when there are
// many, and 2 and 5 as well when there are few.
func (t axisTicks) log(lo, hi float64) []plot.Tick {
	first, last := int(math.Floor(math.Log10(lo)-1e-9)), int(math.Ceil(math.Log10(hi)+1e-9))
	decades := math.Log10(hi) - math.Log10(lo) // hi/lo may overflow
	every := max(1, int(math.Ceil(decades/float64(t.most))))
	if decades < 0.5 {
		return t.closeUp(lo, hi)
	}
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		for m := 1; m <= 9; m++ {
			v := float64(m) * math.Pow(10, float64(e))
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) {
				continue
			}
			labelled := m == 1 && e%every == 0 || (m == 2 || m == 5) && decades*3 <= float64(t.most) ||
				m == 3 && decades <= 2 && decades*3 > float64(t.most)
			if m > 1 && !labelled && decades > 8 {
				continue // minor ticks would be a smear
			}
			tick := plot.Tick{Value: math.Min(math.Max(v, lo), hi)}
			if labelled {
				tick.Label = plots.SI(v, t.data.Unit)
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks
}

// closeUp labels a log axis that is shorter than half a decade as a linear one.
func (t axisTicks) closeUp(lo, hi float64) []plot.Tick {
	lin := t
	lin.data.Log = false
	lin.scale(lo, hi, hi)
	ticks := lin.linear(lo, hi)
	for i := range ticks {
		if t.data.Unit != "" {
			ticks[i].Label += " " + lin.prefix + t.data.Unit
		}
	}
	return ticks
}

// names labels categories, every nth when there are more than have room.
func (t axisTicks) names(lo, hi float64) []plot.Tick {
	every := max(1, (len(t.data.Categories)+t.most-1)/t.most)
	var ticks []plot.Tick
	for i, name := range t.data.Categories {
		if i%every == 0 {
			label := shortened(name, 28)
			if t.turned {
				label += "  " // keeps the end off the axis
			}
			ticks = append(ticks, plot.Tick{Value: float64(i), Label: label})
		}
	}
	return ticks
}

// shortened keeps a name to n characters.
func shortened(name string, n int) string {
	r := []rune(name)
	if len(r) <= n {
		return name
	}
	return string(r[:n-1]) + "…"
}
