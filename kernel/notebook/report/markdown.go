package report

import (
	"encoding/base64"
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"
	nethtml "golang.org/x/net/html"

	"hpgo/kernel/notebook"
)

// markdownContext says where a piece of markdown stands.
type markdownContext struct {
	position    int             // the cell's, 0 for outputs
	attachments notebook.Object // images of the cell
	headings    bool            // headings take part in the outline
}

// markdown renders markdown to clean, balanced HTML. The cells of the
// notebook were rendered when the outline was planned.
func (b *builder) markdown(source string, c markdownContext) string {
	if c.headings {
		if nodes, ok := b.outline.cells[c.position]; ok {
			return render(nodes)
		}
	}
	nodes := b.markdownNodes(source, c)
	// Headings of outputs are no part of the document's outline.
	for _, h := range headingsIn(nodes) {
		h.DataAtom, h.Data = 0, "p"
		h.Attr = append(h.Attr, nethtml.Attribute{Key: "class", Val: "output-heading"})
	}
	return render(nodes)
}

func (b *builder) markdownNodes(source string, c markdownContext) []*nethtml.Node {
	b.figures++
	prefix := fmt.Sprintf("n%d-", b.figures) // footnotes are numbered per cell
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify, extension.TaskList,
			extension.NewFootnote(extension.WithFootnoteIDPrefix(prefix)), mathSyntax{}),
		// Raw HTML is let through here and cleaned below, where it can be
		// judged element by element.
		goldmark.WithRendererOptions(goldmarkhtml.WithUnsafe()),
	)
	var out strings.Builder
	if err := md.Convert([]byte(source), &out); err != nil {
		return textNodes(source)
	}
	nodes, err := parseFragment(out.String())
	if err != nil {
		return textNodes(source)
	}
	k := &cleaner{builder: b, context: c}
	return k.clean(nodes)
}

func textNodes(source string) []*nethtml.Node {
	pre := &nethtml.Node{Type: nethtml.ElementNode, Data: "pre"}
	pre.AppendChild(&nethtml.Node{Type: nethtml.TextNode, Data: source})
	return []*nethtml.Node{pre}
}

// image finds the source of an image: an attachment, a file beside the
// notebook, or data. ok is false for what the page can't hold.
func (b *builder) image(src string, attachments notebook.Object) (data string, ok bool) {
	if name, is := strings.CutPrefix(src, "attachment:"); is {
		if decoded, err := url.PathUnescape(name); err == nil {
			name = decoded
		}
		bundle, _ := attachments[name].(notebook.Object)
		for kind, v := range bundle {
			if s, isText := v.(string); isText && strings.HasPrefix(kind, "image/") {
				if kind == "image/svg+xml" && !isBase64(s) {
					s = base64.StdEncoding.EncodeToString([]byte(s))
				}
				return "data:" + kind + ";base64," + strings.Join(strings.Fields(s), ""), true
			}
		}
		return "", false
	}
	u, err := url.Parse(src)
	if err != nil {
		return "", false
	}
	switch {
	case u.Scheme == "data":
		return src, strings.HasPrefix(src, "data:image/")
	case u.Scheme != "" || u.Host != "" || u.Path == "" || b.meta.ReadFile == nil:
		return "", false
	}
	content, err := b.meta.ReadFile(u.Path)
	if err != nil {
		return "", false
	}
	kind := mime.TypeByExtension(path.Ext(u.Path))
	if !strings.HasPrefix(kind, "image/") {
		kind = http.DetectContentType(content)
	}
	if !strings.HasPrefix(kind, "image/") {
		return "", false
	}
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(content), true
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
	return err == nil
}

// parseFragment parses HTML as a browser would inside of a <div>.
func parseFragment(source string) ([]*nethtml.Node, error) {
	context := &nethtml.Node{Type: nethtml.ElementNode, Data: "div", DataAtom: divAtom}
	return nethtml.ParseFragment(strings.NewReader(source), context)
}

// render writes nodes; the parser made sure that they are balanced.
func render(nodes []*nethtml.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		if err := nethtml.Render(&b, n); err != nil {
			// The tree holds something that HTML can't express; its text can.
			return "<pre>" + html.EscapeString(textOf(nodes...)) + "</pre>"
		}
	}
	return b.String()
}

// textOf is the text of nodes without the sources of formulas.
func textOf(nodes ...*nethtml.Node) string {
	var b strings.Builder
	var walk func(*nethtml.Node)
	walk = func(n *nethtml.Node) {
		switch {
		case n.Type == nethtml.TextNode:
			b.WriteString(n.Data)
		case n.Type == nethtml.ElementNode && n.Data == "annotation":
		default:
			for c := range n.ChildNodes() {
				walk(c)
			}
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	return b.String()
}
