package render

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
	"hpgo/plots/recording"
)

// How the interactive form is shown.
//
// It is a text/html output: a box that holds an iframe and, below it, the plain
// picture as an <img>. The box has the height of the iframe and hides what is
// beyond, so the picture is out of sight. A front end that takes the iframe
// away (JupyterLab for a notebook that isn't trusted, GitHub, mail) shows the
// picture in its place, with no script or style needed. The page in the iframe
// holds the picture too, and its script adds to it: where scripts don't run, it
// is still there. (nbconvert with --sanitize-html is an exception: it turns
// iframes of any kind into text.)
//
// The page can't know whether it stands on white or on black: in a sandbox it
// doesn't see its parent, and prefers-color-scheme follows the system (measured
// with JupyterLab 4.6: "light" inside the dark theme). So it is transparent,
// with the static picture's colours that read on both. An iframe is transparent
// only if its colour scheme is that of the document in it, else browsers put a
// white ground under it, as JupyterLab's dark theme would get: hence
// color-scheme:light on the element and in the page, whatever the theme is. VS
// Code and nbconvert's dark theme set a scheme too, and need the same.
//
// The sandbox allows scripts and nothing else, and the page's own policy
// allows this package's script by its hash, data: pictures, and no network.

//go:embed interactive
var assets embed.FS

// barHeight is the height of the row with hint, search and buttons, in pixels.
const barHeight = 26

// Interactive is a figure as HTML to zoom, pan, hover and search, for a
// notebook's text/html. It has the plain picture in it, for front ends without
// iframes or scripts.
func Interactive(d plots.Data) (out string, err error) {
	defer recovered(&err)
	if d, err = recording.Resolve(d); err != nil {
		return "", err
	}
	plain, err := SVG(d)
	if err != nil {
		return "", err
	}
	page, err := interactivePage(d)
	if err != nil {
		return "", err
	}
	w, h := math.Round(d.Width*96), math.Round(d.Height*96)+barHeight
	var b bytes.Buffer
	fmt.Fprintf(&b, `<div style="width:100%%;max-width:%vpx;aspect-ratio:%v/%v;overflow:hidden">`, w, w, h)
	fmt.Fprintf(&b, `<iframe sandbox="allow-scripts" title="%s" width="%v" height="%v" style="display:block;border:0;width:100%%;height:auto;aspect-ratio:%v/%v;color-scheme:light" srcdoc='%s'></iframe>`,
		escape(frameTitle(d)), w, h, w, h, srcdoc.Replace(page))
	fmt.Fprintf(&b, `<img alt="%s" width="%v" style="display:block;max-width:100%%;height:auto" src="data:image/svg+xml;base64,%s">`,
		escape(d.Alt), w, base64.StdEncoding.EncodeToString(plain))
	b.WriteString("</div>")
	return b.String(), nil
}

// srcdoc escapes a page for an attribute in single quotes: of the double ones
// it is full.
var srcdoc = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;")

// frameTitle is what a screen reader calls the iframe.
func frameTitle(d plots.Data) string {
	if d.Title == "" {
		return "interactive figure"
	}
	return "interactive figure: " + d.Title
}

// livePage is the page's data, as its script reads it.
type livePage struct {
	Panels []*livePanel `json:"panels,omitempty"`
	Flame  *liveFlame   `json:"flame,omitempty"`
	Gantt  *liveGantt   `json:"gantt,omitempty"`
}

// interactivePage is the document in the iframe.
func interactivePage(d plots.Data) (string, error) {
	if err := check(d); err != nil {
		return "", err
	}
	t := adaptive()
	c := newSVGCanvas(vg.Length(d.Width)*vg.Inch, vg.Length(d.Height)*vg.Inch, t)
	c.live = &live{single: d.Grid == nil}
	if err := (&sheet{data: d, theme: t, canvas: draw.New(c)}).draw(); err != nil {
		return "", err
	}
	svg := c.document(d.Title, d.Alt)
	switch {
	case len(c.live.flames) == 1:
		return document(d, svg, livePage{Flame: c.live.flames[0]}, "flame", "search.js", "flame.js")
	case len(c.live.gantts) == 1:
		return document(d, svg, livePage{Gantt: c.live.gantts[0]}, "gantt", "ticks.js", "axis.js", "zoom.js", "search.js", "gantt.js")
	}
	if len(c.live.panels) == 0 {
		return document(d, svg, livePage{}, "source", "search.js", "source.js")
	}
	return document(d, svg, livePage{Panels: c.live.linked()}, "panels", "ticks.js", "axis.js", "panel.js", "zoom.js")
}

// document puts picture, data and script into a page. The script is the files
// after common.js, ending with a call of the function start.
func document(d plots.Data, svg []byte, page livePage, start string, files ...string) (string, error) {
	script, err := scriptOf(start, files...)
	if err != nil {
		return "", err
	}
	style, err := assets.ReadFile("interactive/page.css")
	if err != nil {
		return "", err
	}
	// Marshal escapes < > & and the line separators U+2028 and U+2029, so the
	// data can't end its element.
	data, err := json.Marshal(page)
	if err != nil {
		return "", fmt.Errorf("draw figure: %w", err)
	}
	sum := sha256.Sum256([]byte(script))
	policy := "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="` + policy + `">` +
		`<meta name="color-scheme" content="light"><meta name="viewport" content="width=device-width, initial-scale=1">` +
		`<title>` + escape(frameTitle(d)) + `</title><style>` + string(style) + `</style>` +
		`<body><div id="bar"><span id="says" role="status"></span></div>` + string(svg) + `<div id="tip" hidden></div>` +
		`<script type="application/json" id="spec">` + string(data) + `</script><script>` + script + `</script></body></html>`, nil
}

// scriptOf joins files of the script in one scope.
func scriptOf(start string, files ...string) (string, error) {
	var b bytes.Buffer
	b.WriteString("(function () {\n\"use strict\";\n")
	for _, name := range append([]string{"common.js"}, files...) {
		text, err := assets.ReadFile("interactive/" + name)
		if err != nil {
			return "", err
		}
		b.Write(text)
	}
	b.WriteString("document.body.className = \"live\";\n" + start + "();\n})();\n")
	return b.String(), nil
}

// linked joins the axes that panels have in common.
func (l *live) linked() []*livePanel {
	if len(l.panels) < 2 {
		return l.panels
	}
	link := func(a liveAxis) string {
		if a.Names != nil {
			return fmt.Sprintf("%q", a.Names)
		}
		return fmt.Sprintf("%v %v %v %v", a.Min, a.Max, a.Log, a.Flip)
	}
	for _, p := range l.panels {
		p.Link = [2]string{link(p.X), link(p.Y)}
	}
	return l.panels
}
