package gonb

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
)

//go:embed page.js
var pageScript string

// Script returns the HTML that connects a page to a kernel: kernelID is what the
// Jupyter server calls it.
func Script(kernelID string) string {
	return fmt.Sprintf("<script>%s(%q, %q);</script>", pageScript, kernelID, Target)
}

//go:embed wasm.js
var wasmScript string

// WasmHTML returns the HTML that runs a program for the page: in a <div> with the
// id given, from files of the server below url.
func WasmHTML(div, url, support, program string, args []string) string {
	list, err := json.Marshal(append([]string{}, args...))
	if err != nil {
		list = []byte("[]") // strings can always be written
	}
	return fmt.Sprintf(`<div id="%s"></div><script>%s(%q, %q, %q, %s);</script>`, html.EscapeString(div), wasmScript, url, support, program, list)
}
