// Package report turns a magic's result into what is shown: text, an HTML table
// with its picture, and data. It runs in the kernel.
//
// # HTML that stands everywhere
//
// The HTML is put into pages of others: JupyterLab, VS Code, nbconvert, hpgo's own
// reports, mail. It has no style sheet, since untrusted notebooks lose those; what it
// needs is in style attributes, and its colours are translucent over the page's own
// ground and text, so that they read in light and dark themes. Wide tables scroll
// inside their own box. Pictures are <img> with the SVG in them: they keep their ids
// to themselves, and sanitisers leave them in place. The one script sorts tables by
// a click on a heading; it says of itself that it is of use only in a live page, so
// reports drop it instead of shutting the whole output into a frame.
//
// The package has no state but tables and starts no goroutines.
package report
