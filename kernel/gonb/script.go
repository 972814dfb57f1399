package gonb

import (
	_ "embed"
	"fmt"
)

//go:embed page.js
var pageScript string

// Script returns the HTML that connects a page to a kernel: kernelID is what the
// Jupyter server calls it.
func Script(kernelID string) string {
	return fmt.Sprintf("<script>%s(%q, %q);</script>", pageScript, kernelID, Target)
}
