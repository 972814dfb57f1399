package profiles

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"strings"
)

//go:embed book.js
var bookJS string

// Book is one HTML document with pprof's pages behind tabs. Links of the pages to
// each other turn them; links to what isn't there do nothing.
func Book(pages map[string]string) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>pprof</title><style>` +
		`body{margin:0;font:14px system-ui,sans-serif;display:flex;flex-direction:column;height:100vh}` +
		`nav{padding:4px;border-bottom:1px solid #ccc}button{font:inherit;margin-right:4px;padding:2px 10px}` +
		`button[aria-pressed=true]{font-weight:bold}iframe{flex:1;border:0}</style></head><body><nav>`)
	for _, v := range Views {
		if pages[v.Path] != "" {
			fmt.Fprintf(&b, `<button data-page="%s">%s</button>`, v.Path, html.EscapeString(v.Title))
		}
	}
	data, err := json.Marshal(pages)
	if err != nil {
		return err.Error() // of a map of strings: it can't be
	}
	// json.Marshal writes < as \u003c, so no page ends the script.
	fmt.Fprintf(&b, `</nav><iframe title="page of pprof" sandbox="allow-scripts"></iframe><script>const pages=%s;%s</script></body></html>`, data, bookJS)
	return b.String()
}
