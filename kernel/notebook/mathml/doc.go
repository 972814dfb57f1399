// Package mathml turns TeX math into MathML Core, which browsers show without
// fonts or scripts of ours.
//
// It knows the part of TeX and amsmath that notebooks use: scripts, fractions
// and roots, Greek and the usual symbols, big operators with limits, accents,
// fonts, text, stretching brackets, matrices, cases and the align family. It
// defines no macros. A command that it does not know is an error that names
// it, so that the caller can show the source instead of a formula with a hole.
//
// Everything that comes from the source is escaped; the result never holds an
// attribute or an element whose name comes from it. Nesting and length are
// limited. The package starts no goroutines and keeps no state.
package mathml
