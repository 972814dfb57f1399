package report

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"hpgo/magics/report/tablesort"
)

// trustedHTML shows a text/html output as it is, made safe for the page
// rather than from its author: balanced, ids unique, style sheets confined to
// it. Scripts run in a frame that can't reach the page, their own or one around
// the whole output; scripts from the network can't run in a page without one,
// so then "" asks for another form, or a note stands in when there is none.
func (b *builder) trustedHTML(source, alt, plain string) string {
	nodes, err := parseFragment(source)
	if err != nil {
		return ""
	}
	dropServerScripts(nodes)
	b.sorts = b.sorts || tablesort.In(source)
	switch scripts(nodes) {
	case scriptsRemote:
		if plain != "" {
			return `<p class="note">This output loads scripts from the network, which a self-contained report can't; its text form is shown.</p>` + textBlock(plain, "", alt)
		}
		return `<p class="note">This output loads scripts from the network, which a self-contained report can't.</p>`
	case scriptsInline:
		return b.framed(source, alt)
	case scriptsFramed:
		b.frames++ // the page's policy holds in its frames too
	}
	b.figures++
	scope := fmt.Sprintf("o%d", b.figures)
	body := render(confine(nodes, scope))
	if strings.TrimSpace(body) == "" {
		return ""
	}
	return `<div class="html" id="` + scope + `">` + body + "</div>"
}

// frameScript tells the page how tall the frame's content is.
const frameScript = `<script>(function(){function f(){parent.postMessage({hpgoFrame:name,height:document.documentElement.getBoundingClientRect().height},"*")}` +
	`addEventListener("load",f);new ResizeObserver(f).observe(document.body)})()</script>`

func (b *builder) framed(source, alt string) string {
	b.frames++
	document := `<!DOCTYPE html><meta charset="utf-8"><style>body{margin:0;font-family:system-ui,sans-serif}</style>` + source + frameScript
	return fmt.Sprintf(`<iframe class="frame" name="frame-%d" sandbox="allow-scripts" title="%s" srcdoc="%s"></iframe>`+
		`<noscript><p class="note">This output is interactive and needs scripts.</p></noscript>`,
		b.frames, html.EscapeString(alt), html.EscapeString(document))
}

// dropServerScripts takes out scripts that say of themselves that they are of use
// only where a Jupyter server runs the notebook: those of hpgo's widgets, and of its
// tables, for which the page has the script itself.
func dropServerScripts(nodes []*nethtml.Node) {
	var drop []*nethtml.Node
	walkAll(nodes, func(n *nethtml.Node) {
		if n.Type == nethtml.ElementNode && n.Data == "script" && n.Parent != nil && hasAttribute(n, "data-hpgo-server") {
			drop = append(drop, n)
		}
	})
	for _, n := range drop {
		n.Parent.RemoveChild(n)
	}
}

func hasAttribute(n *nethtml.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a nethtml.Attribute) bool { return a.Key == key })
}

type scriptUse int

const (
	scriptsNone   scriptUse = iota
	scriptsFramed           // in frames that can't reach the page
	scriptsInline
	scriptsRemote
)

// An inline script that names a script elsewhere is going to load it.
var loadsScript = regexp.MustCompile(`https?://[^\s"'<>]+\.m?js\b|https?://cdn\.[^\s"'<>]+`)

var dataScript = regexp.MustCompile(`^(?:application/(?:ld\+)?json|text/(?:plain|template|x-template))$`)

// scripts says whether markup runs scripts, and whether from the network.
func scripts(nodes []*nethtml.Node) scriptUse {
	use := scriptsNone
	walkAll(nodes, func(n *nethtml.Node) {
		if n.Type != nethtml.ElementNode {
			return
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				use = max(use, scriptsInline)
			}
		}
		switch n.Data {
		case "script":
			switch source := attribute(n, "src"); {
			case source != "" && !strings.HasPrefix(source, "data:"):
				use = scriptsRemote
			case loadsScript.MatchString(textOf(n)):
				use = scriptsRemote
			case !dataScript.MatchString(attribute(n, "type")):
				use = max(use, scriptsInline)
			}
		case "iframe", "object", "embed":
			if n.Data == "iframe" && sealed(n) {
				use = max(use, scriptsFramed)
			} else {
				use = max(use, scriptsInline)
			}
		}
	})
	return use
}

// sealed reports whether a frame holds a page of its own and keeps it to itself,
// as the interactive figures of plots/render do.
func sealed(n *nethtml.Node) bool {
	return attribute(n, "sandbox") == "allow-scripts" && attribute(n, "srcdoc") != "" && attribute(n, "src") == "" && attribute(n, "title") != ""
}

func walkAll(nodes []*nethtml.Node, f func(*nethtml.Node)) {
	var walk func(*nethtml.Node)
	walk = func(n *nethtml.Node) {
		f(n)
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
}

// confine makes ids unique by a prefix, keeps style sheets to the element
// with the id scope, and takes out what would act on the whole page.
func confine(nodes []*nethtml.Node, scope string) []*nethtml.Node {
	ids := map[string]bool{}
	walkAll(nodes, func(n *nethtml.Node) {
		if id := attribute(n, "id"); id != "" {
			ids[id] = true
		}
	})
	r := renamer{ids: ids, prefix: scope + "-"}
	var kept []*nethtml.Node
	for _, n := range nodes {
		if !pageWide(n) {
			kept = append(kept, n)
		}
	}
	var remove []*nethtml.Node
	walkAll(kept, func(n *nethtml.Node) {
		switch {
		case pageWide(n):
			remove = append(remove, n)
		case n.Type == nethtml.ElementNode && n.Data == "style":
			css := r.css(textOf(n))
			for c := n.FirstChild; c != nil; c = n.FirstChild {
				n.RemoveChild(c)
			}
			n.AppendChild(&nethtml.Node{Type: nethtml.RawNode, Data: scopeCSS(css, "#"+scope)})
		case n.Type == nethtml.ElementNode:
			if n.Data == "plaintext" { // has no end: it would swallow the page
				n.Data, n.DataAtom = "pre", atom.Pre
			}
			r.element(n)
			remoteImage(n)
			if isHeading(n) && attribute(n, "role") == "" {
				// Looks like one, but is no part of the document's outline.
				setAttribute(n, "role", "presentation")
			}
		}
	})
	for _, n := range remove {
		n.Parent.RemoveChild(n)
	}
	return kept
}

// pageWide reports whether a node says something about the whole page.
func pageWide(n *nethtml.Node) bool {
	switch n.Type {
	case nethtml.CommentNode, nethtml.DoctypeNode:
		return true
	case nethtml.ElementNode:
		switch n.Data {
		case "base", "meta", "link", "title", "noscript":
			// noscript is text to a browser with scripts and markup to one
			// without: it could only be checked for one of them.
			return n.Namespace == ""
		}
	}
	return false
}

// remoteImage turns a picture from the network into a link to it.
func remoteImage(n *nethtml.Node) {
	if n.Data != "img" || n.Namespace != "" {
		return
	}
	source := attribute(n, "src")
	if source == "" || strings.HasPrefix(source, "data:") {
		return
	}
	link := linkedImage(attribute(n, "alt"), source)
	n.Data, n.DataAtom, n.Attr = "span", 0, nil
	n.AppendChild(link)
}

// renamer gives ids a prefix, wherever they are referred to.
type renamer struct {
	ids    map[string]bool
	prefix string
}

var (
	urlReference = regexp.MustCompile(`url\(\s*(['"]?)#([^'")\s]+)(['"]?)\s*\)`)
	cssID        = regexp.MustCompile(`#(-?[A-Za-z_][\w-]*)`)
)

func (r renamer) id(id string) string {
	if r.ids[id] {
		return r.prefix + id
	}
	return id
}

func (r renamer) urls(s string) string {
	return urlReference.ReplaceAllStringFunc(s, func(m string) string {
		p := urlReference.FindStringSubmatch(m)
		return "url(" + p[1] + "#" + r.id(p[2]) + p[3] + ")"
	})
}

func (r renamer) css(s string) string {
	return cssID.ReplaceAllStringFunc(r.urls(s), func(m string) string { return "#" + r.id(m[1:]) })
}

func (r renamer) element(n *nethtml.Node) {
	for i, a := range n.Attr {
		switch a.Key {
		case "id":
			n.Attr[i].Val = r.id(a.Val)
		case "href":
			if target, ok := strings.CutPrefix(a.Val, "#"); ok {
				n.Attr[i].Val = "#" + r.id(target)
			}
		case "for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list":
			words := strings.Fields(a.Val)
			for j, w := range words {
				words[j] = r.id(w)
			}
			n.Attr[i].Val = strings.Join(words, " ")
		default:
			if strings.Contains(a.Val, "url(") {
				n.Attr[i].Val = r.urls(a.Val)
			}
		}
	}
}
