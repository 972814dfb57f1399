// Package plots describes figures as plain data. A figure or a single layer,
// left as a cell's last expression, shows itself:
//
//	plots.Line{X: sizes, Y: times}
//
//	plots.Figure{
//		Title:  "Sorting",
//		X:      plots.Axis{Label: "n", Log: true},
//		Y:      plots.Axis{Label: "time", Unit: "s", Log: true},
//		Layers: plots.Layers{
//			plots.Line{Name: "sort", X: n, Y: a, Markers: true},
//			plots.Line{Name: "radix", X: n, Y: b, Markers: true},
//		},
//	}
//
// Data may be a slice or array of any number type, of time.Duration (then the
// axis is in seconds) or of strings (then the axis has categories); a map from
// names or numbers to numbers; or, with Data set to a slice of structs, the
// name of a field.
//
// # What there is
//
// A Figure is made of layers between axes:
//
//	Line Scatter Bars        series; steps, bands, fitted lines, stacks, whiskers
//	Hist Density             the distribution of values, with percentiles
//	Box Strip Violin         distributions of groups
//	Growth                   times against sizes, with exponent and best curves
//	Heat Image               fields and pictures
//	Rule Span Text Peak Rug  annotations
//
// Other pictures stand on their own:
//
//	Grid                     small multiples of figures, with shared axes
//	Flame                    where time or memory goes, from a pprof profile or stacks:
//	                         flame graph, icicle, sunburst, or the difference of two
//	Gantt                    who did what when, from spans or an execution trace
//	Memory Cores             memory and processor cores over time
//	Source                   code with what was measured on its lines
//	Comparison               what candidates took beside a base, round by round
//	Movie                    figures one after the other, as an animated PNG
//
// All of them have Title, Alt, Width, Height (in inches), Notes and Interactive,
// which adds a version to zoom and search. What follows a loop is shown by
// display.Live.
//
// # Rules of the room
//
// Cells link this package, so it imports the standard library only and draws
// nothing. Figure.Encode checks the figure and turns it into Data, which
// travels as application/vnd.hpgo.figure+json; package render draws that with
// gonum.org/v1/plot in the kernel's process, or in any program that calls it.
// The text form, a summary with sparklines, is made here.
//
// Nothing is dropped silently: lengths that differ and empty series are errors
// that name the series; NaN, infinities, and values below zero on a log axis
// are gaps with a note; so is the thinning of series with more points than
// pixels. The package starts no goroutines and has no state.
package plots
