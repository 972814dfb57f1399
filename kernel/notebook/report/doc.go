// Package report shows a notebook as one HTML file that needs nothing else:
// no network, no fonts, no scripts to be readable.
//
// # Rules
//
// Text from the notebook is escaped, with three exceptions, each of which is
// parsed and written back balanced, so that no stray tag reaches the page:
//
//   - markdown may hold HTML; it is reduced to a list of harmless elements and
//     attributes (clean.go), because markdown is often someone else's text;
//   - text/html outputs are the user's own program speaking and stay as they
//     are, except that ids are made unique and style sheets are confined to
//     the output (trusted.go); one that holds scripts goes into a sandboxed
//     frame of its own;
//   - SVG is inlined by the same rules (svg.go).
//
// A content security policy in the page holds it to the promise: whatever
// slips through can't load anything.
//
// Both themes are one set of CSS variables with two values; they follow the
// system, and a button that appears when scripts run overrides that. Colours
// are chosen for a contrast of at least 4.5, which a test computes.
//
// The same notebook and Meta always give the same bytes. The package starts
// no goroutines and does no I/O beyond Meta.ReadFile.
package report
