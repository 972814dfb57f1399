package render

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// svgCanvas is a vg.Canvas that writes SVG. It differs from gonum's own in
// that coordinates are final (no nested flips), classes and hover titles can
// be given, text is fitted, and files are a third of the size.
type svgCanvas struct {
	pen
	buf   bytes.Buffer
	theme *theme
	live  *live // nil for a plain picture
}

func newSVGCanvas(w, h vg.Length, t *theme) *svgCanvas {
	return &svgCanvas{pen: newPen(w, h), theme: t}
}

// num writes a coordinate with at most two decimals: 1/100 of a point.
func num(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}

// Begin opens a group with a title, which browsers show on hover.
func (c *svgCanvas) Begin(title string) {
	if c.live != nil && c.live.redrawn {
		c.buf.WriteString("<g>")
		return
	}
	c.buf.WriteString("<g><title>" + escape(title) + "</title>")
}

// End closes the group.
func (c *svgCanvas) End() { c.buf.WriteString("</g>\n") }

// Stroke draws the outline of a path.
func (c *svgCanvas) Stroke(p vg.Path) {
	if c.now.width <= 0 || len(p) == 0 {
		return
	}
	fmt.Fprintf(&c.buf, `<path d="%s" fill="none"%s stroke-width="%s"`, c.pathData(p), c.paint("stroke"), num(c.now.width.Points()))
	if len(c.now.dash) > 0 {
		parts := make([]string, len(c.now.dash))
		for i, d := range c.now.dash {
			parts[i] = num(d.Points())
		}
		fmt.Fprintf(&c.buf, ` stroke-dasharray="%s"`, strings.Join(parts, " "))
		if c.now.offset != 0 {
			fmt.Fprintf(&c.buf, ` stroke-dashoffset="%s"`, num(c.now.offset.Points()))
		}
	}
	c.buf.WriteString(" stroke-linejoin=\"round\"/>\n")
}

// Fill fills a path.
func (c *svgCanvas) Fill(p vg.Path) {
	if len(p) == 0 {
		return
	}
	fmt.Fprintf(&c.buf, "<path d=\"%s\"%s/>\n", c.pathData(p), c.paint("fill"))
}

// Dots draws many equal dots in one path, which is far smaller than circles.
func (c *svgCanvas) Dots(pts []vg.Point, radius vg.Length) {
	fmt.Fprintf(&c.buf, `<path d="%s" fill="none"%s stroke-width="%s" stroke-linecap="round"/>`+"\n",
		c.dotsData(pts), c.paint("stroke"), num(2*radius.Points()))
}

func (c *svgCanvas) dotsData(pts []vg.Point) string {
	if len(pts) >= compactFrom {
		return string(c.compactDots(pts))
	}
	var d strings.Builder
	for _, p := range pts {
		x, y := c.page(p.X.Points(), p.Y.Points())
		if c.live == nil {
			x, y = math.Round(x*10)/10, math.Round(y*10)/10
		}
		d.WriteString("M" + c.coord(x) + " " + c.coord(y) + "h0")
	}
	return d.String()
}

// paint is the colour as an attribute, with the class that lets a page change
// it when it is one of the theme's own.
func (c *svgCanvas) paint(attr string) string {
	n := color.NRGBAModel.Convert(c.now.color).(color.NRGBA)
	s := ""
	switch {
	case n == c.theme.grid:
		s = ` class="hpgo-grid"`
	case n == c.theme.ink && attr == "fill":
		s = ` class="hpgo-ink"`
	case n == c.theme.ink:
		s = ` class="hpgo-ink-line"`
	}
	s += fmt.Sprintf(` %s="#%02x%02x%02x"`, attr, n.R, n.G, n.B)
	if n.A < 255 {
		s += fmt.Sprintf(` %s-opacity="%s"`, attr, num(float64(n.A)/255))
	}
	return s
}

func (c *svgCanvas) pathData(p vg.Path) string {
	if short := c.compactPath(p); short != nil {
		return string(short)
	}
	var d strings.Builder
	at := func(op string, x, y float64) {
		x, y = c.page(x, y)
		d.WriteString(op + c.coord(x) + " " + c.coord(y))
	}
	for i, comp := range p {
		x, y := comp.Pos.X.Points(), comp.Pos.Y.Points()
		switch comp.Type {
		case vg.MoveComp:
			at("M", x, y)
		case vg.LineComp:
			at("L", x, y)
		case vg.CurveComp:
			if len(comp.Control) == 1 {
				at("Q", comp.Control[0].X.Points(), comp.Control[0].Y.Points())
			} else {
				at("C", comp.Control[0].X.Points(), comp.Control[0].Y.Points())
				at(" ", comp.Control[1].X.Points(), comp.Control[1].Y.Points())
			}
			at(" ", x, y)
		case vg.ArcComp:
			c.arc(&d, at, comp, i == 0)
		case vg.CloseComp:
			d.WriteString("Z")
		}
	}
	return d.String()
}

// arc writes an arc as one or, for more than half a turn, two SVG arcs. Angles
// grow counterclockwise, and y on the page goes down: sweep is 0 for those.
func (c *svgCanvas) arc(d *strings.Builder, at func(string, float64, float64), comp vg.PathComp, first bool) {
	x, y, r := comp.Pos.X.Points(), comp.Pos.Y.Points(), comp.Radius.Points()
	point := func(angle float64) (float64, float64) {
		sin, cos := math.Sincos(angle)
		return x + r*cos, y + r*sin
	}
	op := "L"
	if first {
		op = "M"
	}
	x0, y0 := point(comp.Start)
	at(op, x0, y0)
	steps := 1
	if math.Abs(comp.Angle) > math.Pi {
		steps = 2
	}
	sweep := "0"
	if comp.Angle < 0 {
		sweep = "1"
	}
	for i := 1; i <= steps; i++ {
		x1, y1 := point(comp.Start + comp.Angle*float64(i)/float64(steps))
		d.WriteString("A" + num(r) + " " + num(r) + " 0 0 " + sweep)
		at(" ", x1, y1)
	}
}

// FillString writes text. textLength holds it to the measured width in
// whatever font the reader has.
func (c *svgCanvas) FillString(f font.Face, pt vg.Point, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	x, y := c.page(pt.X.Points(), pt.Y.Points())
	text = strings.TrimRight(text, " ") // trailing space has only placed the text
	fmt.Fprintf(&c.buf, `<text x="%s" y="%s"`, num(x), num(y))
	if angle := math.Atan2(c.now.b, c.now.a); angle != 0 {
		fmt.Fprintf(&c.buf, ` transform="rotate(%s %s %s)"`, num(-angle*180/math.Pi), num(x), num(y))
	}
	fmt.Fprintf(&c.buf, ` font-size="%s"`, num(f.Font.Size.Points()))
	if f.Font.Weight > 0 {
		c.buf.WriteString(` font-weight="bold"`)
	}
	if measurable(text) {
		fmt.Fprintf(&c.buf, ` textLength="%s" lengthAdjust="spacingAndGlyphs"`, num(f.Width(text).Points()))
	}
	fmt.Fprintf(&c.buf, "%s>%s</text>\n", c.paint("fill"), escape(text))
}

// measurable reports whether the text has about one glyph of known width for
// each rune, as Latin, Greek, Cyrillic and East Asian scripts do. Forcing
// others to a length would pull their letters apart.
func measurable(s string) bool {
	for _, r := range s {
		if r >= 0x500 && !(r >= 0x2000 && r < 0x2300) && !(r >= 0x2e80 && r < 0xd800) {
			return false
		}
	}
	return true
}

// DrawImage embeds a picture. Pixels stay sharp squares when it is enlarged.
func (c *svgCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	file, ok := img.(pngFile)
	if !ok {
		var buf bytes.Buffer
		if err := png.Encode(&buf, img); err != nil {
			return // the picture was decoded from PNG: it has a size that PNG takes
		}
		file.data = buf.Bytes()
	}
	x, y := c.page(rect.Min.X.Points(), rect.Max.Y.Points())
	size := rect.Size()
	fmt.Fprintf(&c.buf, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,%s"/>`+"\n",
		num(x), num(y), num(size.X.Points()), num(size.Y.Points()), base64.StdEncoding.EncodeToString(file.data))
}

// fontStack begins with the fonts that have the widths of the measuring font,
// Liberation Sans.
const fontStack = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"

// document wraps what was drawn. Sizes are in CSS pixels, 96 to the inch.
func (c *svgCanvas) document(title, alt string) []byte {
	var out bytes.Buffer
	w, h := c.w.Points(), c.h.Points()
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-label="%s" font-family="%s">`+"\n",
		num(w*96/72), num(h*96/72), num(w), num(h), escape(alt), fontStack)
	if title != "" {
		out.WriteString("<title>" + escape(title) + "</title>\n")
	}
	out.WriteString("<desc>" + escape(alt) + "</desc>\n")
	out.Write(c.buf.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes()
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// escape makes text safe in XML, which has no control characters at all.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return escaper.Replace(s)
}
