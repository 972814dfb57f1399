package report

import (
	_ "embed"
	"regexp"
)

//go:embed sort.js
var sortJS string

// sortScript is sort.js as it is put into outputs: without comments and indents.
var sortScript = regexp.MustCompile(`(?m)^\s*(// .*\n)?`).ReplaceAllString(sortJS, "")
