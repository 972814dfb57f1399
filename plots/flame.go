package plots

import (
	"fmt"
	"math"
	"strconv"
)

// Flame shows where a program spends time or memory: stacks of calls as bars,
// as wide as what they take. It draws a pprof profile,
//
//	var buf bytes.Buffer
//	pprof.StartCPUProfile(&buf)
//	work()
//	pprof.StopCPUProfile()
//	plots.Flame{Profile: &buf}
//
// or Stacks of any origin. Siblings stand in the order of their values, the
// largest first, as in pprof.
type Flame struct {
	// Profile is a profile as pprof writes it: []byte, *bytes.Buffer,
	// *pprof.Profile, an io.Reader or the path of a file. Buffers and files are
	// not consumed.
	Profile any
	// Stacks, in place of Profile, is a map from folded stacks ("main;sort;less")
	// to numbers or durations, lines of folded text ("main;sort;less 12"), or
	// []Stack.
	Stacks any
	// Base is a profile or stacks to compare with, of the kinds above. Widths
	// show the newer one and colours how each frame's share has changed.
	Base any

	Form     Form
	Value    string  // which value of a profile: "cpu", "alloc_space"; of Stacks, what they count
	Unit     string  // of Stacks: "s", "B"
	Focus    string  // keep only stacks with a frame whose name holds this; a|b: one of them
	Ignore   string  // drop stacks with such a frame
	Root     string  // begin stacks at such a frame; "label:key" puts pprof's label under all
	MinShare float64 // leave out frames below this part of all; 0.001 if 0

	Title       string
	Alt         string  // what a screen reader says; made from the data if empty
	Width       float64 // inches; 8 if 0, and 6.5 for a Sunburst
	Height      float64 // inches; as the depth needs if 0
	Notes       []string
	Interactive bool
}

// Limits of a flame graph.
const (
	flameWidth  = 8.0
	flameLevels = 40   // calls above each other
	sunLevels   = 12   // rings
	ringShare   = 0.03 // part of all that the outermost ring holds at least
	towerShare  = 0.01 // and the uppermost row
	flameFrames = 1500
	sunFrames   = 800
	flameShare  = 0.001
)

// MIMEBundle shows the flame graph in a notebook.
func (f Flame) MIMEBundle() map[string]any { return show(f) }

// String is the flame graph's summary.
func (f Flame) String() string { return spoken(f) }

// Encode checks the flame graph and returns it as data: Stacks as a tree, a
// Profile as it is, to be read in the kernel's process.
func (f Flame) Encode() (Data, error) {
	d, err := f.encode()
	if err != nil {
		return Data{}, fmt.Errorf("flame graph: %w", err)
	}
	if d.Alt == "" {
		d.Alt = d.describe()
	}
	return d, nil
}

func (f Flame) encode() (Data, error) {
	d := Data{Version: Version, Title: f.Title, Alt: f.Alt, Interactive: f.Interactive, Notes: append([]string{}, f.Notes...)}
	switch f.Form {
	case Flames, Icicle, Sunburst:
	default:
		return d, fmt.Errorf("Form is %q; there are plots.Flames, plots.Icicle and plots.Sunburst", f.Form)
	}
	if !(f.MinShare >= 0 && f.MinShare < 1) {
		return d, fmt.Errorf("MinShare is %v; it is a part of all, such as 0.01", f.MinShare)
	}
	width, height := flameWidth, 0.0
	if f.Form == Sunburst {
		width = defaultWidth
	}
	var err error
	if d.Width, err = side("Width", f.Width, width); err != nil {
		return d, err
	}
	if d.Height, err = side("Height", f.Height, height); err != nil {
		return d, err
	}
	switch {
	case f.Profile != nil && f.Stacks != nil:
		return d, fmt.Errorf("Profile and Stacks are both given; it draws one of them")
	case f.Profile != nil:
		return f.record(d)
	case f.Stacks != nil:
		return f.draw(d)
	}
	return d, fmt.Errorf("it has neither Profile nor Stacks")
}

// draw makes the tree of the stacks.
func (f Flame) draw(d Data) (Data, error) {
	stacks, unit, err := readStacks(f.Stacks)
	if err != nil {
		return d, fmt.Errorf("Stacks %w", err)
	}
	var base []Stack
	if f.Base != nil {
		var baseUnit string
		if base, baseUnit, err = readStacks(f.Base); err != nil {
			return d, fmt.Errorf("Base %w", err)
		}
		if unit != baseUnit {
			return d, fmt.Errorf("one of Stacks and Base holds durations and the other plain numbers")
		}
	}
	if unit == "" {
		unit = f.Unit
	} else if f.Unit != "" && f.Unit != unit {
		return d, fmt.Errorf("durations are drawn in seconds, but Unit is %q", f.Unit)
	}
	t := &flameTree{flame: f, unit: unit, diff: f.Base != nil}
	if err := t.grow(stacks, base); err != nil {
		return d, err
	}
	levels := t.levels(d.Height)
	body := t.body(levels)
	d.Flame = &body
	d.Notes = append(d.Notes, t.notes...)
	if d.Height == 0 {
		d.Height = f.height(d)
	}
	return d, nil
}

// record hands the profile on to the process that can read it.
func (f Flame) record(d Data) (Data, error) {
	if f.Unit != "" {
		return d, fmt.Errorf("a Profile brings its own Unit")
	}
	const stopHint = "a CPU profile is written when pprof.StopCPUProfile is called"
	profile, err := recorded(f.Profile, stopHint)
	if err != nil {
		return d, fmt.Errorf("Profile %w", err)
	}
	r := &RecordingData{Profile: profile, Options: map[string]string{}}
	if f.Base != nil {
		if r.Base, err = recorded(f.Base, stopHint); err != nil {
			return d, fmt.Errorf("Base %w", err)
		}
	}
	for name, text := range map[string]string{"form": string(f.Form), "value": f.Value,
		"focus": f.Focus, "ignore": f.Ignore, "root": f.Root, "alt": f.Alt} {
		if text != "" {
			r.Options[name] = text
		}
	}
	if f.MinShare > 0 {
		r.Options["minShare"] = strconv.FormatFloat(f.MinShare, 'g', -1, 64)
	}
	if f.Height == 0 {
		r.Options["height"] = "fit"
		d.Height = defaultHeight // until the depth is known
	}
	d.Recording = r
	return d, nil
}

// FlameOf is the reverse of what Encode does to a Profile: the Flame that data
// with a recorded profile ask for, to be encoded again with the profile's Stacks.
func FlameOf(d Data) Flame {
	f := Flame{Title: d.Title, Width: d.Width, Height: d.Height, Notes: d.Notes, Interactive: d.Interactive}
	r := d.Recording
	if r == nil {
		return f
	}
	f.Form, f.Value = Form(r.Options["form"]), r.Options["value"]
	f.Focus, f.Ignore, f.Root = r.Options["focus"], r.Options["ignore"], r.Options["root"]
	if share, err := strconv.ParseFloat(r.Options["minShare"], 64); err == nil {
		f.MinShare = share
	}
	if r.Options["height"] == "fit" {
		f.Height = 0
	}
	f.Alt = r.Options["alt"]
	return f
}

// Heights in points that a drawing of the default height counts with. Package
// render measures for itself and makes the rows fit.
const (
	flameRow    = 13.0
	flameExtra  = 44.0 // margins, legend, the row of the total
	flameLegend = 15.0
	noteHeight  = 9.1
	leastRow    = 8.0
)

// height is the figure's height in inches that its depth needs.
func (f Flame) height(d Data) float64 {
	if f.Form == Sunburst {
		return math.Min(d.Width, maxSide)
	}
	points := flameExtra + flameRow*float64(d.Flame.Levels())
	if len(d.Flame.Groups) < 2 && !d.Flame.Diff {
		points -= flameLegend
	}
	if d.Title != "" {
		points += 19
	}
	for _, n := range d.Notes {
		points += noteHeight * math.Ceil(float64(len(n)+6)*3.4/(d.Width*72-12))
	}
	return math.Min(math.Max(points/72, 1), maxSide)
}
