// Package widget is the kernel's half of widgets: it speaks ipywidgets' protocol
// (version 2.1.0: models of @jupyter-widgets/controls and base 2.0.0, output
// 1.0.0) with the page for the widgets that cells make, and makes the form that
// pages without ipywidgets show.
//
// What a cell sends (package display) is the part of a widget's state that it
// cares about. A Table completes it to a model, with layout and style, keeps the
// states of all open models, and answers what the page asks about them without
// the worker: also while a cell runs, a page that is loaded again gets its widgets
// back. Changes of the page go on to the worker, and back to all pages as
// echo_update, so that two pages on one kernel show the same.
//
// What a cell prints and shows while an area runs is collected here and becomes
// the state of the area's model, figures drawn.
//
// # Pages without ipywidgets
//
// A widget's output has, beside the reference to its model, a text/html form: the
// controls as plain HTML with the state of that moment, disabled. A front end
// that knows ipywidgets prefers the reference and doesn't show it. Else a script
// in it connects to the Jupyter server's own WebSocket for the kernel, asks for
// the states, and brings the controls to life with the same messages. The script
// finds the server by the page's own configuration (base URL, token, https); where
// there is none, as in a report or on GitHub, the controls stay as they are, with a
// line that says so. Outputs of a run without a page have no reference, only these
// forms. A front end that takes scripts and forms away leaves the
// texts.
//
// JupyterLab without ipywidgets answers the opening of a model by closing it, as
// it knows no such target, and says so in the browser's console. The session
// doesn't pass that on: another page, or the script, may show the widget.
//
// The package does no I/O and starts no goroutines.
package widget
