// Package display shows Go values in a notebook: as images, tables, HTML,
// SVG, Markdown, LaTeX or JSON, always with readable text beside it.
//
// User code imports it as hpgo/kernel/display:
//
//	display.Show(img, err)             // an output now, one per value
//	display.Show(display.HTML("<b>hi</b>"))
//	h := display.ShowID("clock", now)  // an output that can change
//	h.Update(later)
//	live := display.NewLive()          // an output that follows a loop
//	for range steps { ...; live.Show(field) }
//	for i := range display.Track(1000, "warming up") { ... }
//	display.Interact(func(n int) any { return draw(n) })
//	n := display.Slider("n", 0, 100)   // a control in the page: see Widget
//
// The value of a cell's last expression goes through Result, which generated
// code calls; Format turns any value into a Bundle without showing it.
//
// # How a value is recognised
//
// Format looks, in this order, for
//
//   - the types of this package (HTML, Markdown, SVG, LaTeX, Text, PNG, JPEG,
//     JSON, Table) and json.RawMessage;
//   - one or several of the methods MIMEBundle() map[string]any, HTML() string,
//     Markdown() string, SVG() string, LaTeX() string, PNG() []byte and
//     JPEG() []byte, on the value or on a pointer to it;
//   - image.Image, drawn as a PNG;
//   - *plot.Plot of gonum.org/v1/plot (by its WriterTo method, without
//     importing it), drawn as SVG and PNG;
//   - tables: slices of structs, maps, slices of number slices, and matrices
//     with the methods Dims and At, as gonum's have;
//   - anything else: text in the manner of Go's syntax, `Point{X:1, Y:2}`,
//     with the String and Error methods honoured as fmt does.
//
// # Rules of the room
//
// It is linked into every cell, so it stays on the standard library and on
// the light part of it: no net, no templates, no XML. A method looked up by
// reflection is named by a constant, since anything else would make the linker
// keep every method of every type. Nothing here panics because of a user's
// value: panics in user methods are shown as fmt shows them, sizes and depth
// are limited, cycles are cut. Only the functions that make widgets panic, about
// arguments that make no sense.
//
// The package starts no goroutines; a timer sends what a widget's value became,
// when its values come faster than anybody can look at them. Its functions may be
// called from any number of goroutines: events reach the transport one at a time,
// in the order of the calls. The transport, the counter of display identifiers and the list of
// Lives with a frame to show are the only package state; live cells share them
// with the worker, which sets the transport once, before user code runs, and
// calls Flush when a cell has ended.
package display
