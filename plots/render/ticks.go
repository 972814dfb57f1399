package render

import (
	"cmp"
	"math"
	"strconv"
	"strings"

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
	long   int     // characters of a name; longName if 0
}

// longName is the usual length at which names of categories are cut.
const longName = 28

func newTicks(a plots.AxisData, most int) axisTicks {
	t := axisTicks{data: a, most: max(most, 2), factor: 1}
	if !a.Log {
		lo, hi := padded(a)
		t.scale(lo, hi, math.Max(math.Abs(a.Min), math.Abs(a.Max)))
	}
	return t
}

// scale chooses the prefix by the size of the numbers, or a smaller one where
// they differ by so little that the ticks would need more than four decimals, or
// one where the prefix stands at the number.
func (t *axisTicks) scale(lo, hi, size float64) {
	if t.data.Plain() {
		return
	}
	t.prefix, t.factor = plots.Prefix(size, t.data.Unit)
	most := 1e4
	if !plots.TakesPrefix(t.data.Unit) {
		most = 10 // plain digits are easier to read than 123.46k
	}
	if step := niceStep((hi - lo) / float64(t.most)); step > 0 && step < t.factor/most {
		t.prefix, t.factor = plots.Prefix(step*most, t.data.Unit)
	}
}

// label is the axis's label with its unit. On a log axis each tick has the
// unit, since prefixes change along it.
func (t axisTicks) label() string {
	switch {
	case t.data.Unit == "" || t.data.Log:
		return t.data.Label
	case t.data.Label == "":
		return t.unit()
	}
	return t.data.Label + " (" + t.unit() + ")"
}

// unit is the unit with the prefix, unless that stands at the numbers.
func (t axisTicks) unit() string {
	if plots.TakesPrefix(t.data.Unit) {
		return t.prefix + t.data.Unit
	}
	return t.data.Unit
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
		if scaled = 0; t.prefix != "" && !plots.TakesPrefix(t.data.Unit) {
			return "0" // and not 0.0 beside 0.5k
		}
	}
	var text string
	switch a := math.Abs(scaled); {
	case s < 1e-4 && a == 0:
		text = "0"
	case s < 1e-4 || a >= 1e12:
		digits := math.Floor(math.Log10(a)+1e-9) - math.Floor(math.Log10(s)+1e-9) + 1
		text = strconv.FormatFloat(scaled, 'g', int(min(max(digits, 1), 17)), 64)
	default:
		text = strconv.FormatFloat(scaled, 'f', int(math.Min(math.Max(0, math.Ceil(-math.Log10(s)-1e-9)), 4)), 64)
	}
	if !plots.TakesPrefix(t.data.Unit) && scaled != 0 {
		text += t.prefix
	}
	return shortExponent(text)
}

// shortExponent writes 1e-09 s as 1e-9 s, and 1e+06 as 1e6.
func shortExponent(label string) string {
	number, unit, found := strings.Cut(label, " ")
	number = strings.NewReplacer("e+0", "e", "e-0", "e-", "e+", "e").Replace(number)
	if found {
		number += " " + unit
	}
	return number
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
	if decades < closeUpBelow {
		return t.closeUp(lo, hi)
	}
	var ticks []plot.Tick
	labels := 0
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
				tick.Label = shortExponent(plots.SI(v, t.data.Unit))
				labels++
			}
			ticks = append(ticks, tick)
		}
	}
	if labels < enoughLabels && decades < 1.5 {
		if near := t.closeUp(lo, hi); len(near) > labels {
			return near
		}
	}
	return ticks
}

// closeUpBelow is the length of a log axis, in decades, below which powers of
// ten and their fractions are too few to read it by.
const closeUpBelow = 0.5

// enoughLabels are those that it takes to read a log axis.
const enoughLabels = 3

// closeUp labels a short log axis as a linear one, without the labels that
// would stand too close at the far end.
func (t axisTicks) closeUp(lo, hi float64) []plot.Tick {
	lin := t
	lin.data.Log, lin.most = false, max(t.most, enoughLabels+1)
	lin.scale(lo, hi, hi)
	ticks := lin.linear(lo, hi)
	apart, before := 0.6/float64(lin.most)*(math.Log(hi)-math.Log(lo)), math.Inf(-1)
	for i := range ticks {
		at := math.Log(ticks[i].Value)
		if at-before < apart {
			ticks[i].Label = ""
			continue
		}
		before = at
		if t.data.Unit != "" {
			ticks[i].Label += " " + lin.unit()
		}
	}
	return ticks
}

// names labels categories, every nth when there are more than have room.
func (t axisTicks) names(lo, hi float64) []plot.Tick {
	every := max(1, (len(t.data.Categories)+t.most-1)/t.most)
	var ticks []plot.Tick
	for i, label := range shortNames(t.data.Categories, cmp.Or(t.long, longName)) {
		if i%every == 0 {
			if t.turned {
				label += "  " // keeps the end off the axis
			}
			ticks = append(ticks, plot.Tick{Value: float64(i), Label: label})
		}
	}
	return ticks
}

// shortNames keeps names to n characters: from their start, or where those are
// the same, as of functions' full names, without what all have in common, or
// with both ends.
func shortNames(names []string, n int) []string {
	rest := commonStart(names)
	var out []string
	for _, cut := range []func(r []rune) string{
		func(r []rune) string { return shortened(string(r), n) },
		func(r []rune) string { return shortened("…"+string(r[min(rest, len(r)):]), n) },
		func(r []rune) string { return string(r[:n/3]) + "…" + string(r[len(r)-(n-1-n/3):]) },
	} {
		var differ bool
		if out, differ = cutNames(names, n, cut); differ {
			return out
		}
	}
	return out
}

// cutNames cuts long names, and reports whether they still differ.
func cutNames(names []string, n int, cut func([]rune) string) (out []string, differ bool) {
	out, differ = make([]string, len(names)), true
	seen := make(map[string]string, len(names))
	for i, name := range names {
		out[i] = name
		if r := []rune(name); len(r) > n {
			out[i] = cut(r)
		}
		was, ok := seen[out[i]]
		differ = differ && (!ok || was == name)
		seen[out[i]] = name
	}
	return out, differ
}

// commonStart is the number of characters that all names begin with, up to the
// last one that sets parts of a path or name apart.
func commonStart(names []string) int {
	if len(names) == 0 {
		return 0
	}
	first := []rune(names[0])
	n := len(first)
	for _, name := range names[1:] {
		i := 0
		for _, r := range name {
			if i >= n || first[i] != r {
				break
			}
			i++
		}
		n = i
	}
	for n > 0 && !strings.ContainsRune("/.:;,_- ", first[n-1]) {
		n--
	}
	return n
}

// shortened keeps a name to n characters.
func shortened(name string, n int) string {
	r := []rune(name)
	if len(r) <= n {
		return name
	}
	return string(r[:n-1]) + "…"
}
