package report

import (
	"encoding/base64"
	"errors"
	"html"
	"math"
	"net/url"
	"unicode/utf8"

	"hpgo/plots"
	"hpgo/plots/render"
)

// Block is one part of an output's HTML: Text, Headline, Note, Heading, Table, Figure,
// Frame or Details.
type Block interface{ write(w *writer) }

// Text is text as a terminal shows it.
type Text string

func (t Text) write(w *writer) {
	w.printf(`<pre style="margin:.4em 0;overflow-x:auto;white-space:pre">%s</pre>`, html.EscapeString(string(t)))
}

// Headline is the one figure that the reader came for, with what it means.
type Headline struct {
	Figure string // "1.21 μs ± 14.3 ns"
	Label  string // "per loop (mean ± std. dev. of 7 runs, 200,000 loops each)"
}

func (h Headline) write(w *writer) {
	space := "nowrap"
	if utf8.RuneCountInString(h.Figure) > longWords {
		space = "normal" // a sentence
	}
	w.printf(`<p style="margin:.4em 0"><strong style="font-size:1.25em;white-space:%s">%s</strong> %s</p>`, space, inline(h.Figure), inline(h.Label))
}

// Note is a remark; words in backquotes are code.
type Note string

func (n Note) write(w *writer) { w.small(string(n)) }

// Heading is the title of what follows.
type Heading string

func (h Heading) write(w *writer) {
	w.printf(`<p style="margin:.9em 0 .2em"><strong>%s</strong></p>`, inline(string(h)))
}

// Figure is a picture. One whose data says Interactive has a version to zoom and
// search below it, which opens with a click: the picture itself is there at once,
// on paper, and where no scripts run.
type Figure struct{ Picture plots.Picture }

func (f Figure) write(w *writer) {
	d, err := f.Picture.Encode()
	if err != nil {
		w.small("not drawn: " + err.Error())
		return
	}
	page := ""
	if d.Interactive {
		page, err = render.Interactive(d)
		d.Interactive = false
	}
	svg, bad := render.SVG(d)
	if err = errors.Join(err, bad); err != nil {
		w.small("not drawn: " + err.Error())
		return
	}
	f.still(w, d, svg)
	if page != "" {
		Details{Summary: "zoom and search", Blocks: []Block{markup(page)}}.write(w)
	}
}

// markup is HTML that was made elsewhere.
type markup string

func (m markup) write(w *writer) { w.b.WriteString(string(m)) }

// still writes the picture.
func (f Figure) still(w *writer, d plots.Data, svg []byte) {
	w.printf(`<img alt="%s" width="%v" style="display:block;max-width:100%%;height:auto" src="data:image/svg+xml;base64,%s">`,
		html.EscapeString(d.Alt), math.Round(d.Width*96), base64.StdEncoding.EncodeToString(svg))
}

// Frame is a whole page in a frame that can't reach the one around it: a page of
// pprof's, for example. It must load nothing from elsewhere.
type Frame struct {
	Title  string // what a screen reader says
	Page   string // the HTML document
	Height int    // in CSS pixels
}

func (f Frame) write(w *writer) {
	w.printf(`<iframe sandbox="allow-scripts" title="%s" style="display:block;width:100%%;height:%dpx;border:1px solid rgba(128,128,128,.4);background:#fff" srcdoc="%s"></iframe>`,
		html.EscapeString(f.Title), f.Height, html.EscapeString(f.Page))
}

// Link leads to a file beside the notebook.
type Link struct {
	Text   string
	Target string // relative to the notebook, or absolute
}

func (l Link) write(w *writer) {
	w.printf(`<p style="margin:.4em 0"><a href="%s" target="_blank" rel="noopener">%s</a> (<code>%s</code>)</p>`,
		html.EscapeString((&url.URL{Path: l.Target}).String()), html.EscapeString(l.Text), html.EscapeString(l.Target))
}

// Details are blocks that open with a click.
type Details struct {
	Summary string
	Open    bool
	Blocks  []Block
}

func (d Details) write(w *writer) {
	open := ""
	if d.Open {
		open = " open"
	}
	w.printf(`<details style="margin:.4em 0"%s><summary style="cursor:pointer">%s</summary>`, open, inline(d.Summary))
	for _, b := range d.Blocks {
		b.write(w)
	}
	w.b.WriteString("</details>")
}
