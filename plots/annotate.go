package plots

import (
	"fmt"
	"math"
	"reflect"
)

// Rule is a line across the whole figure, as for a limit: upright at X, or
// level at Y. Set one of them: a number, a duration, or a name of that axis.
type Rule struct {
	X, Y  any
	Label string
}

// Span shades a part of an axis over the whole figure. Set X or Y to a pair:
// [2]float64{1, 3}, []time.Duration{a, b}, or the first and last of some names.
type Span struct {
	X, Y  any
	Label string
	Depth int // 1 for a span inside another, 2 inside that one
}

// Text writes a label beside a place, which has no mark of its own.
type Text struct {
	X, Y any
	Text string
}

// Peak marks a place with a cross and a label.
type Peak struct {
	X, Y  any
	Label string
}

// MIMEBundle shows the annotation as a figure of its own.
func (r Rule) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{r}}) }

// MIMEBundle shows the annotation as a figure of its own.
func (s Span) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{s}}) }

// MIMEBundle shows the annotation as a figure of its own.
func (t Text) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{t}}) }

// MIMEBundle shows the annotation as a figure of its own.
func (p Peak) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{p}}) }

func (Rule) uncoloured() {}
func (Span) uncoloured() {}
func (Text) uncoloured() {}
func (Peak) uncoloured() {}

func (r Rule) encode(e *encoder) ([]LayerData, error) {
	who := layerName("rule", r.Label)
	m := MarkData{Label: r.Label}
	var err error
	switch {
	case (r.X == nil) == (r.Y == nil):
		return nil, fmt.Errorf("%s: set either X or Y, where the rule stands", who)
	case r.X != nil:
		m.Kind = MarkRuleX
		m.X, err = e.place(who, "X", r.X)
	default:
		m.Kind = MarkRuleY
		m.Y, err = e.place(who, "Y", r.Y)
	}
	return marked(m), err
}

func (s Span) encode(e *encoder) ([]LayerData, error) {
	who := layerName("span", s.Label)
	if s.Depth < 0 || s.Depth > maxDepth {
		return nil, fmt.Errorf("%s: Depth is %d; it must be 0 to %d", who, s.Depth, maxDepth)
	}
	m := MarkData{Label: s.Label, Depth: s.Depth}
	var err error
	switch {
	case (s.X == nil) == (s.Y == nil):
		return nil, fmt.Errorf("%s: set either X or Y, the two ends of the span", who)
	case s.X != nil:
		m.Kind = MarkSpanX
		m.X, m.X1, err = e.ends(who, "X", s.X)
	default:
		m.Kind = MarkSpanY
		m.Y, m.Y1, err = e.ends(who, "Y", s.Y)
	}
	return marked(m), err
}

func (t Text) encode(e *encoder) ([]LayerData, error) {
	who := layerName("text", t.Text)
	if oneLine(t.Text) == "" {
		return nil, fmt.Errorf("%s: Text is empty", who)
	}
	return e.spot(who, MarkText, t.X, t.Y, t.Text)
}

func (p Peak) encode(e *encoder) ([]LayerData, error) {
	return e.spot(layerName("peak", p.Label), MarkPeak, p.X, p.Y, p.Label)
}

// maxDepth limits how deep spans lie in each other.
const maxDepth = 100

func marked(m MarkData) []LayerData { return []LayerData{{Kind: KindMark, Mark: &m}} }

// spot is an annotation of a place.
func (e *encoder) spot(who string, kind MarkKind, x, y any, label string) ([]LayerData, error) {
	m := MarkData{Kind: kind, Label: label}
	var err error
	if m.X, err = e.place(who, "X", x); err != nil {
		return nil, err
	}
	if m.Y, err = e.place(who, "Y", y); err != nil {
		return nil, err
	}
	return marked(m), nil
}

// ends reads a pair of places, in ascending order. Names are covered in their
// full width.
func (e *encoder) ends(who, axis string, pair any) (lo, hi float64, err error) {
	r := reflect.ValueOf(pair)
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array || r.Len() != 2 {
		return 0, 0, fmt.Errorf("%s: %s is %s, not a pair of numbers, durations or names", who, axis, typeText(pair))
	}
	if lo, err = e.place(who, axis, r.Index(0).Interface()); err != nil {
		return 0, 0, err
	}
	if hi, err = e.place(who, axis, r.Index(1).Interface()); err != nil {
		return 0, 0, err
	}
	lo, hi = math.Min(lo, hi), math.Max(lo, hi)
	if e.named(axis) != nil {
		lo, hi = lo-0.5, hi+0.5
	}
	return lo, hi, nil
}

func (e *encoder) named(axis string) []string {
	if axis == "X" {
		return e.categories.names
	}
	return e.flat.names
}

// place reads where on an axis an annotation stands, and makes the axis reach
// that far. Annotations are encoded after all other layers, so that the axes
// have their names and units.
func (e *encoder) place(who, axis string, v any) (float64, error) {
	if e.named(axis) != nil {
		return e.placeNamed(who, axis, v)
	}
	if axis == "X" {
		v = e.moment(v)
	}
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	at, unit, ok := number(r)
	switch {
	case r.Kind() == reflect.String:
		return 0, fmt.Errorf("%s: %s is %q, but its axis has numbers", who, axis, r.String())
	case v == nil || !ok:
		return 0, fmt.Errorf("%s: %s is %s, not a number or duration", who, axis, typeText(v))
	case !finite(at):
		return 0, fmt.Errorf("%s: %s is %v, which is no place on an axis", who, axis, at)
	}
	extent, settings, has := &e.x, e.fig.X, &e.xUnit
	if axis == "Y" {
		extent, settings, has = &e.y, e.fig.Y, &e.yUnit
	}
	switch {
	case settings.Log && at <= 0:
		return 0, fmt.Errorf("%s: %s is %v, but a log axis has only values above zero", who, axis, at)
	case unit != "" && settings.Unit != "" && unit != settings.Unit:
		return 0, fmt.Errorf("%s: %s is a duration, but its axis has the unit %q", who, axis, settings.Unit)
	case extent.any && unit != *has && settings.Unit != "s":
		return 0, fmt.Errorf("%s: %s must be a duration if the axis shows durations, and a plain number if not", who, axis)
	}
	if !extent.any {
		*has = unit
	}
	if a, b := settings.Limits[0], settings.Limits[1]; a != b && (at < math.Min(a, b) || at > math.Max(a, b)) {
		e.note("%s at %s lies outside of the limits", who, SI(at, unit))
	}
	extent.add(at)
	return at, nil
}

// placeNamed finds one of the axis's names, which may be written as numbers.
func (e *encoder) placeNamed(who, axis string, v any) (float64, error) {
	index := e.categories.index
	if axis == "Y" {
		index = e.flat.index
	}
	r := reflect.ValueOf(v)
	if _, _, ok := number(r); v == nil || !ok && r.Kind() != reflect.String {
		return 0, fmt.Errorf("%s: %s is %s, not a name of the axis", who, axis, typeText(v))
	}
	at, ok := index[fmt.Sprint(v)]
	if !ok {
		return 0, fmt.Errorf("%s: %s is %q, which is no name of the axis", who, axis, fmt.Sprint(v))
	}
	return float64(at), nil
}

// labelMost limits the characters of a label in text.
const labelMost = 200

// markText is the annotation in words.
func (d Data) markText(m *MarkData) string {
	where := ""
	switch m.Kind {
	case MarkRuleX:
		where = "rule at x = " + onAxis(d.X, m.X)
	case MarkRuleY:
		where = "rule at y = " + onAxis(d.Y, m.Y)
	case MarkSpanX:
		where = "span of x from " + spanText(d.X, m.X, m.X1)
	case MarkSpanY:
		where = "span of y from " + spanText(d.Y, m.Y, m.Y1)
	default:
		where = fmt.Sprintf("%s at %s, %s", m.Kind, onAxis(d.X, m.X), onAxis(d.Y, m.Y))
	}
	if m.Label != "" {
		where += ": " + clipped(oneLine(m.Label), labelMost)
	}
	return where
}

// onAxis is a value as the axis would write it.
func onAxis(a AxisData, v float64) string {
	if i := math.Round(v); a.Categories != nil && i >= 0 && i < float64(len(a.Categories)) {
		return oneLine(a.Categories[int(i)])
	}
	return a.Say(v)
}

func spanText(a AxisData, lo, hi float64) string {
	if a.Categories != nil { // names are covered in their full width
		lo, hi = lo+0.5, hi-0.5
	}
	return onAxis(a, lo) + " to " + onAxis(a, hi)
}
