package report

import (
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
)

var (
	svgLength = regexp.MustCompile(`^\s*([0-9.]+)\s*(?:px|pt)?\s*$`)
	themed    = regexp.MustCompile(`currentColor|prefers-color-scheme|light-dark\(|var\(--`)
)

// svg puts a drawing into the page: ids made unique, style sheets confined,
// named for screen readers. A drawing with scripts goes into a frame; "" is
// returned for what is no SVG. A drawing that isn't known to read on any page
// gets a white one.
func (b *builder) svg(source, alt string, anyPage bool) string {
	nodes, err := parseFragment(source)
	if err != nil {
		return ""
	}
	var root *nethtml.Node
	for _, n := range nodes {
		if n.Type == nethtml.ElementNode && n.Data == "svg" {
			root = n
			break
		}
	}
	if root == nil {
		return ""
	}
	if scripts(nodes) != scriptsNone {
		return b.framed(render([]*nethtml.Node{root}), alt)
	}
	class := "paper" // a drawing in fixed colours was made for a white page
	if anyPage || themed.MatchString(source) {
		class = "themed"
	}
	if styledUse(root) {
		return pictureOfSVG(root, alt, class)
	}
	b.figures++
	scope := fmt.Sprintf("o%d", b.figures)
	confine([]*nethtml.Node{root}, scope)
	nameSVG(root, alt)
	sizeSVG(root)
	return `<figure class="` + class + `" id="` + scope + `">` + render([]*nethtml.Node{root}) + "</figure>"
}

// styledUse reports whether a drawing has both a style sheet and <use>: the
// copies that use makes are matched without their surroundings, so a sheet
// that is confined to the drawing would no longer reach them.
func styledUse(root *nethtml.Node) bool {
	var style, use bool
	walkAll([]*nethtml.Node{root}, func(n *nethtml.Node) {
		if n.Type == nethtml.ElementNode {
			style = style || n.Data == "style"
			use = use || n.Data == "use"
		}
	})
	return style && use
}

// pictureOfSVG embeds a drawing as an image, a document of its own.
func pictureOfSVG(root *nethtml.Node, alt, class string) string {
	sizeSVG(root)
	if attribute(root, "xmlns") == "" {
		setAttribute(root, "xmlns", "http://www.w3.org/2000/svg")
	}
	declared := slices.ContainsFunc(root.Attr, func(a nethtml.Attribute) bool { return a.Namespace == "xmlns" && a.Key == "xlink" })
	if !declared { // XML insists on what HTML takes for granted
		root.Attr = append(root.Attr, nethtml.Attribute{Namespace: "xmlns", Key: "xlink", Val: "http://www.w3.org/1999/xlink"})
	}
	data := base64.StdEncoding.EncodeToString([]byte(render([]*nethtml.Node{root})))
	return `<figure class="` + class + `"><img src="data:image/svg+xml;base64,` + data + `" alt="` + html.EscapeString(alt) + `"></figure>`
}

// nameSVG gives a drawing without a title of its own the text alternative.
func nameSVG(root *nethtml.Node, alt string) {
	setAttribute(root, "role", "img")
	if attribute(root, "aria-labelledby") != "" || attribute(root, "aria-label") != "" {
		return
	}
	for c := range root.ChildNodes() {
		if c.Type == nethtml.ElementNode && c.Data == "title" {
			if t := strings.TrimSpace(textOf(c)); t != "" {
				alt = t
			}
		}
	}
	setAttribute(root, "aria-label", alt)
}

// sizeSVG makes sure that a drawing that is too wide for the page can shrink:
// that takes a viewBox.
func sizeSVG(root *nethtml.Node) {
	if attribute(root, "viewBox") != "" {
		return
	}
	w := svgLength.FindStringSubmatch(attribute(root, "width"))
	h := svgLength.FindStringSubmatch(attribute(root, "height"))
	if w != nil && h != nil {
		setAttribute(root, "viewBox", "0 0 "+html.EscapeString(w[1])+" "+html.EscapeString(h[1]))
	}
}
