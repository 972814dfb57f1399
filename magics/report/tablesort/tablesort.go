// Package tablesort holds the script that sorts the tables of magics by a click
// on a heading. Outputs bring it along for live pages; hpgo's own reports, which
// drop scripts of outputs, have it in the page.
package tablesort

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed sort.js
var source string

// Script is the script without comments and indents. It looks for tables with the
// class hpgo-measured and the attribute data-sort, which it takes away.
var Script = regexp.MustCompile(`(?m)^\s*(// .*\n)?`).ReplaceAllString(source, "")

// Mark is what a table has in its tag to be sorted by a click.
const Mark = ` data-sort`

// Open is how the tag of such tables begins.
const Open = `<table class="hpgo-measured"`

// In reports whether HTML has a table to sort.
func In(html string) bool {
	_, rest, found := strings.Cut(html, Open)
	return found && strings.Contains(rest, Mark+">")
}
