// Package quantity writes what magics measure: times, bytes, counts and shares.
// Every text of a magic and every result's String goes through it, so that the
// same figure looks the same everywhere. Cells link it (package result does), so
// it uses the standard library only. It has no state.
package quantity
