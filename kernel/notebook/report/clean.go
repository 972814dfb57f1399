package report

import (
	"cmp"
	"net/url"
	"path"
	"regexp"
	"strings"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const divAtom = atom.Div

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

var (
	// Elements that markdown may hold. Others lose their tags and keep
	// their content, except for those in dropped.
	allowed = set(`a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em
		figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s samp section small span
		strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr
		math semantics annotation mrow mi mo mn mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover
		mtable mtr mtd mstyle mphantom`)
	dropped = set(`script style iframe frame frameset object embed applet template noscript noembed noframes textarea select
		title head link meta base svg audio video canvas form button xmp plaintext`)
	// Attributes that any element may have; style is filtered besides.
	attributes = set(`id title lang dir align valign width height colspan rowspan scope start type reversed open datetime alt
		style class role display encoding stretchy fence form lspace rspace movablelimits minsize maxsize accent accentunder
		linethickness displaystyle scriptlevel mathvariant aria-label aria-hidden checked disabled value name`)
	// Classes that goldmark and this package write.
	classes = set(`footnotes footnote-ref footnote-backref math tex output-heading`)

	safeProperty = regexp.MustCompile(`^(?:text-align|vertical-align|color|background-color|font-(?:weight|style|size|family)|width|max-width|height|max-height|margin(?:-\w+)?|padding(?:-\w+)?|border(?:-[\w-]+)?|float|clear|display|list-style(?:-type)?|white-space|text-decoration)$`)
	unsafeValue  = regexp.MustCompile(`(?i)url\s*\(|expression|javascript|\\|@|/\*`)
	languageOf   = regexp.MustCompile(`^language-([\w+#.-]+)$`)
)

// cleaner reduces parsed HTML to what markdown may hold, and fills in what
// the page needs: images as data, coloured code, unique ids.
type cleaner struct {
	builder *builder
	context markdownContext
}

func (k *cleaner) clean(nodes []*nethtml.Node) []*nethtml.Node {
	var kept []*nethtml.Node
	for _, n := range nodes {
		kept = append(kept, k.node(n)...)
	}
	return kept
}

// node returns what is left of a node: itself, its children, or nothing.
func (k *cleaner) node(n *nethtml.Node) []*nethtml.Node {
	switch n.Type {
	case nethtml.TextNode:
		return []*nethtml.Node{n}
	case nethtml.ElementNode:
	default:
		return nil
	}
	if dropped[n.Data] {
		return nil
	}
	if n.Data == "pre" {
		if coloured, ok := fence(n); ok {
			return []*nethtml.Node{coloured}
		}
	}
	var children []*nethtml.Node
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		children = append(children, k.node(c)...)
	}
	if !allowed[n.Data] {
		return children
	}
	for _, c := range children {
		n.AppendChild(c)
	}
	return k.element(n)
}

func (k *cleaner) element(n *nethtml.Node) []*nethtml.Node {
	source, target := attribute(n, "src"), attribute(n, "href")
	name := attribute(n, "name")
	k.attributes(n)
	switch n.Data {
	case "img":
		return []*nethtml.Node{k.image(n, source)}
	case "a":
		if target != "" && safeLink(target) {
			n.Attr = append(n.Attr, nethtml.Attribute{Key: "href", Val: target})
		}
		if name != "" && attribute(n, "id") == "" {
			n.Attr = append(n.Attr, nethtml.Attribute{Key: "id", Val: k.builder.uniqueID(name)})
		}
	case "input":
		return checkbox(n)
	}
	return []*nethtml.Node{n}
}

// attributes drops what isn't on the lists.
func (k *cleaner) attributes(n *nethtml.Node) {
	var kept []nethtml.Attribute
	for _, a := range n.Attr {
		if a.Namespace != "" || !attributes[a.Key] && !strings.HasPrefix(a.Key, "aria-") {
			continue
		}
		switch a.Key {
		case "name":
			continue
		case "id":
			a.Val = k.builder.uniqueID(a.Val)
		case "style":
			a.Val = safeStyle(a.Val)
		case "class":
			var known []string
			for c := range strings.FieldsSeq(a.Val) {
				if classes[c] {
					known = append(known, c)
				}
			}
			a.Val = strings.Join(known, " ")
		}
		if a.Val == "" && (a.Key == "style" || a.Key == "class" || a.Key == "id") {
			continue
		}
		kept = append(kept, a)
	}
	n.Attr = kept
}

func attribute(n *nethtml.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func setAttribute(n *nethtml.Node, key, value string) {
	for i, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, nethtml.Attribute{Key: key, Val: value})
}

func safeStyle(style string) string {
	var kept []string
	for d := range strings.SplitSeq(style, ";") {
		property, value, ok := strings.Cut(d, ":")
		property = strings.ToLower(strings.TrimSpace(property))
		value = strings.TrimSpace(value)
		if ok && safeProperty.MatchString(property) && value != "" && !unsafeValue.MatchString(value) {
			kept = append(kept, property+":"+value)
		}
	}
	return strings.Join(kept, ";")
}

func safeLink(target string) bool {
	u, err := url.Parse(strings.TrimSpace(target))
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "", "http", "https", "mailto":
		return true
	}
	return false
}

// image puts the picture into the page, or a link in its place: the page may
// not load anything.
func (k *cleaner) image(n *nethtml.Node, source string) *nethtml.Node {
	if attribute(n, "alt") == "" {
		setAttribute(n, "alt", cmp.Or(attribute(n, "title"), imageName(source)))
	}
	if data, ok := k.builder.image(source, k.context.attachments); ok {
		n.Attr = append(n.Attr, nethtml.Attribute{Key: "src", Val: data})
		return n
	}
	return linkedImage(attribute(n, "alt"), source)
}

// imageName is what a picture without a description is called.
func imageName(source string) string {
	u, err := url.Parse(source)
	if err != nil || u.Scheme == "data" {
		return "image"
	}
	return path.Base(cmp.Or(u.Path, u.Opaque, "image"))
}

// linkedImage stands for a picture that isn't in the page.
func linkedImage(alt, source string) *nethtml.Node {
	label := "image"
	if alt != "" {
		label += ": " + alt
	}
	if !safeLink(source) || source == "" {
		return &nethtml.Node{Type: nethtml.TextNode, Data: "[" + label + "]"}
	}
	a := &nethtml.Node{Type: nethtml.ElementNode, Data: "a", DataAtom: atom.A, Attr: []nethtml.Attribute{{Key: "href", Val: source}}}
	a.AppendChild(&nethtml.Node{Type: nethtml.TextNode, Data: "[" + label + "]"})
	return a
}

// checkbox keeps the boxes of task lists and drops every other input.
func checkbox(n *nethtml.Node) []*nethtml.Node {
	if attribute(n, "type") != "checkbox" {
		return nil
	}
	label := "to do"
	box := &nethtml.Node{Type: nethtml.ElementNode, Data: "input", DataAtom: atom.Input, Attr: []nethtml.Attribute{{Key: "type", Val: "checkbox"}, {Key: "disabled"}}}
	for _, a := range n.Attr {
		if a.Key == "checked" {
			label = "done"
			box.Attr = append(box.Attr, nethtml.Attribute{Key: "checked"})
		}
	}
	box.Attr = append(box.Attr, nethtml.Attribute{Key: "aria-label", Val: label})
	return []*nethtml.Node{box}
}

// fence colours <pre><code class="language-x">; ok is false for another pre.
func fence(pre *nethtml.Node) (_ *nethtml.Node, ok bool) {
	code := pre.FirstChild
	if code == nil || code.Data != "code" || code.NextSibling != nil {
		return nil, false
	}
	language := ""
	if m := languageOf.FindStringSubmatch(attribute(code, "class")); m != nil {
		language = m[1]
	}
	clean := &nethtml.Node{Type: nethtml.ElementNode, Data: "pre", DataAtom: atom.Pre, Attr: []nethtml.Attribute{{Key: "class", Val: "code"}}}
	inner := &nethtml.Node{Type: nethtml.ElementNode, Data: "code", DataAtom: atom.Code}
	inner.AppendChild(&nethtml.Node{Type: nethtml.RawNode, Data: highlightFence(language, strings.TrimRight(textOf(code), "\n"))})
	clean.AppendChild(inner)
	return clean, true
}
