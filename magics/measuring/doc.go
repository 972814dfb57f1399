// Package measuring holds what all magics that measure have in common: the Go that
// they measure (Subject), variables that are given their values back (Measure),
// word of how far they are (Progress), and their common flags, from which a result
// is shown, written, kept and declared (Row, Finish).
package measuring
