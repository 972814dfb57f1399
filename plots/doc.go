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
