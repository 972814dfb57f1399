package report

import (
	"fmt"
	"html"
	"html/template"
	"strings"

	"golang.org/x/net/html/atom"

	nethtml "golang.org/x/net/html"

	"hpgo/kernel/notebook"
)

// outline is the document's headings and the rendered markdown they stand in.
type outline struct {
	title     string // the notebook's own title, when it starts with one
	titleID   string
	titleHTML template.HTML // with its formulas and code
	headings  []heading
	cells     map[int][]*nethtml.Node // markdown cells by position
}

type heading struct {
	level    int // 2 and deeper; 1 is the page's title
	id, text string
}

// planHeadings renders the markdown cells and puts their headings in order:
// a heading of level 1 that starts the notebook becomes the page's title, all
// others go below it, and no level is left out.
func (b *builder) planHeadings() *outline {
	o := &outline{cells: map[int][]*nethtml.Node{}}
	type level struct{ written, shown int }
	stack := []level{{0, 1}}
	first := true
	for i, c := range b.nb.Cells {
		if c.Type != notebook.Markdown {
			continue
		}
		nodes := b.markdownNodes(c.Source, markdownContext{position: i + 1, attachments: c.Attachments})
		for _, h := range headingsIn(nodes) {
			text := strings.Join(strings.Fields(textOf(h)), " ")
			written := int(h.Data[1] - '0')
			id := attribute(h, "id")
			if id == "" {
				id = b.uniqueID(headingID(text))
			}
			if first && written == 1 && (b.meta.Title == "" || b.meta.Title == text) && nodes[0] == h {
				o.title, o.titleID = text, id
				o.titleHTML = template.HTML(render(childrenOf(h)))
				nodes = nodes[1:]
				first = false
				continue
			}
			first = false
			for len(stack) > 1 && stack[len(stack)-1].written >= written {
				stack = stack[:len(stack)-1]
			}
			shown := min(stack[len(stack)-1].shown+1, 6)
			stack = append(stack, level{written, shown})
			h.Data = fmt.Sprintf("h%d", shown)
			h.DataAtom = atom.Lookup([]byte(h.Data))
			setAttribute(h, "id", id)
			o.headings = append(o.headings, heading{shown, id, text})
		}
		o.cells[i+1] = nodes
	}
	return o
}

func childrenOf(n *nethtml.Node) []*nethtml.Node {
	var all []*nethtml.Node
	for c := range n.ChildNodes() {
		all = append(all, c)
	}
	return all
}

// headingID is the anchor that Jupyter gives a heading, so that links inside
// of notebooks hold.
func headingID(text string) string {
	return strings.ReplaceAll(text, " ", "-")
}

// uniqueID returns the id, or a numbered one when the page has it already.
func (b *builder) uniqueID(id string) string {
	id = strings.Join(strings.Fields(id), "-")
	if id == "" {
		id = "section"
	}
	unique := id
	for n := 2; b.ids[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", id, n)
	}
	b.ids[unique] = true
	return unique
}

func isHeading(n *nethtml.Node) bool {
	return n.Type == nethtml.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && '1' <= n.Data[1] && n.Data[1] <= '6'
}

// headingsIn finds the headings in document order.
func headingsIn(nodes []*nethtml.Node) []*nethtml.Node {
	var found []*nethtml.Node
	var walk func(*nethtml.Node)
	walk = func(n *nethtml.Node) {
		if isHeading(n) {
			found = append(found, n)
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	return found
}

// deepestListed is the last heading level that the table of contents shows.
const deepestListed = 4

// html is the table of contents as nested lists; "" when there is nothing to list.
func (o *outline) html() template.HTML {
	var b strings.Builder
	depth := 1
	for _, h := range o.headings {
		if h.level > deepestListed {
			continue
		}
		for ; depth > h.level; depth-- {
			b.WriteString("</li></ul>")
		}
		if depth == h.level {
			b.WriteString("</li>")
		}
		for ; depth < h.level; depth++ {
			b.WriteString("<ul>")
		}
		fmt.Fprintf(&b, `<li><a href="#%s">%s</a>`, html.EscapeString(h.id), html.EscapeString(h.text))
	}
	for ; depth > 1; depth-- {
		b.WriteString("</li></ul>")
	}
	return template.HTML(b.String())
}
