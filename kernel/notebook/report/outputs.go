package report

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"image"
	"image/color"
	_ "image/gif"  // sizes of pictures
	_ "image/jpeg" // sizes of pictures
	_ "image/png"  // sizes of pictures
	"maps"
	"slices"
	"strings"

	"hpgo/kernel/notebook"
	"hpgo/kernel/notebook/mathml"
)

// outputView is one output, ready for the page.
type outputView struct {
	Kind   string // stdout, stderr, display, result, error
	Prompt string // Out[3]
	Body   template.HTML
}

func (b *builder) output(position int, out *notebook.Output) (outputView, bool) {
	switch out.Type {
	case notebook.StreamOutput:
		text := notebook.FoldStream(out.Text)
		if text == "" {
			return outputView{}, false
		}
		kind := "stdout"
		if out.Name == "stderr" {
			kind = "stderr"
		}
		return outputView{Kind: kind, Body: template.HTML(textBlock(text, kind, kind+" of cell "+fmt.Sprint(position)))}, true
	case notebook.ErrorOutput:
		text := strings.Join(out.Traceback, "\n")
		if strings.TrimSpace(text) == "" {
			text = out.EName + ": " + out.EValue
		}
		return outputView{Kind: "error", Body: template.HTML(textBlock(text, "traceback", "error in cell "+fmt.Sprint(position)))}, true
	case notebook.DisplayOutput, notebook.ResultOutput:
		v := outputView{Kind: "display", Body: template.HTML(b.rich(position, out))}
		if out.Type == notebook.ResultOutput {
			v.Kind = "result"
			if out.ExecutionCount != nil {
				v.Prompt = fmt.Sprintf("Out[%d]", *out.ExecutionCount)
			}
		}
		return v, v.Body != ""
	}
	return outputView{}, false
}

// figureMIME is the data of a hpgo figure, whose drawing reads on any page.
const figureMIME = "application/vnd.hpgo.figure+json"

// rich shows the best form of a bundle: the first of the list that is there
// and sound.
func (b *builder) rich(position int, out *notebook.Output) string {
	text := func(mime string) string { s, _ := out.Data[mime].(string); return s }
	alt := altText(out, position)
	if s := text("text/html"); s != "" {
		if shown := b.trustedHTML(s, alt, text("text/plain")); shown != "" {
			return shown
		}
	}
	if s := text("image/svg+xml"); s != "" {
		_, own := out.Data[figureMIME]
		if shown := b.svg(s, alt, own); shown != "" {
			return shown
		}
	}
	for _, mime := range []string{"image/png", "image/jpeg", "image/gif", "image/webp"} {
		if s := text(mime); s != "" {
			if shown := picture(mime, s, alt, out.Metadata[mime]); shown != "" {
				return shown
			}
		}
	}
	if s := text("text/markdown"); s != "" {
		return `<div class="markdown">` + b.markdown(s, markdownContext{}) + "</div>"
	}
	if s := text("text/latex"); s != "" {
		return latex(s)
	}
	if s, ok := out.Data["text/plain"].(string); ok {
		return textBlock(s, "", "output of cell "+fmt.Sprint(position))
	}
	return b.fallback(position, out)
}

// fallback shows what has no form that a page can show.
func (b *builder) fallback(position int, out *notebook.Output) string {
	if v, ok := out.Data["application/json"]; ok {
		if pretty, err := json.MarshalIndent(v, "", "  "); err == nil {
			return textBlock(string(pretty), "", "JSON output of cell "+fmt.Sprint(position))
		}
	}
	types := slices.Sorted(maps.Keys(out.Data))
	// An empty form was meant to show nothing: that is how transient output
	// is taken back.
	types = slices.DeleteFunc(types, func(mime string) bool {
		s, ok := out.Data[mime].(string)
		return ok && strings.TrimSpace(s) == ""
	})
	if len(types) == 0 {
		return ""
	}
	return `<p class="note">Output without a text form: ` + html.EscapeString(strings.Join(types, ", ")) + "</p>"
}

// altText describes a picture: what the program said it is, else its text
// form when that is more than a Go or Python address.
func altText(out *notebook.Output, position int) string {
	for _, scope := range []any{out.Metadata["image/png"], out.Metadata["image/svg+xml"], out.Metadata["image/jpeg"], out.Metadata} {
		if o, ok := scope.(notebook.Object); ok {
			if s, ok := o["alt"].(string); ok && s != "" {
				return s
			}
		}
	}
	if s, ok := out.Data["text/plain"].(string); ok {
		s = strings.TrimSpace(stripANSI(s))
		if s != "" && len(s) <= 300 && !strings.HasPrefix(s, "<") && !strings.Contains(s, "0x") {
			return s
		}
	}
	return fmt.Sprintf("Figure: output of cell %d", position)
}

// picture shows a base64 image; "" when it is none.
func picture(mime, data, alt string, metadata any) string {
	data = strings.Join(strings.Fields(data), "")
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil || len(raw) == 0 {
		return ""
	}
	width, height, class := 0, 0, "paper" // what is transparent was made for a white page
	if c, _, err := image.DecodeConfig(bytes.NewReader(raw)); err == nil {
		width, height = c.Width, c.Height
		if opaque(c.ColorModel) {
			class = "opaque"
		}
	}
	if m, ok := metadata.(notebook.Object); ok {
		w, hasWidth := pixels(m["width"])
		h, hasHeight := pixels(m["height"])
		switch {
		case hasWidth && hasHeight:
			width, height = w, h
		case hasWidth && width > 0:
			width, height = w, height*w/width
		case hasHeight && height > 0:
			width, height = width*h/height, h
		}
	}
	size := ""
	if width > 0 && height > 0 {
		size = fmt.Sprintf(` width="%d" height="%d"`, width, height)
	}
	return `<figure class="` + class + `"><img src="data:` + mime + ";base64," + data + `" alt="` + html.EscapeString(alt) + `"` + size + "></figure>"
}

// opaque reports whether pictures of the model have no transparent points.
func opaque(m color.Model) bool {
	switch m {
	case color.GrayModel, color.Gray16Model, color.RGBAModel, color.RGBA64Model, color.YCbCrModel, color.CMYKModel:
		return true // RGBA is what the PNG decoder calls RGB without alpha
	}
	return false
}

func pixels(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return int(f), err == nil && f >= 1 && f < 100_000
}

func latex(s string) string {
	s = strings.TrimSpace(s)
	for _, d := range [][2]string{{"$$", "$$"}, {"$", "$"}, {`\[`, `\]`}, {`\(`, `\)`}} {
		if len(s) > len(d[0])+len(d[1]) && strings.HasPrefix(s, d[0]) && strings.HasSuffix(s, d[1]) {
			s = s[len(d[0]) : len(s)-len(d[1])]
			break
		}
	}
	return `<div class="math">` + formula(s, true) + "</div>"
}

// formula is MathML, or the source when that is beyond the converter.
func formula(tex string, display bool) string {
	out, err := mathml.Convert(tex, display)
	if err == nil {
		return out
	}
	mark := "$"
	if display {
		mark = "$$"
	}
	return `<code class="tex" title="` + html.EscapeString(err.Error()) + `">` + html.EscapeString(mark+tex+mark) + "</code>"
}

// A text that is longer or wider than this scrolls in a region that the
// keyboard can reach.
const (
	manyLines = 30
	wideLine  = 90
)

// textBlock shows text with its terminal colours.
func textBlock(s, class, label string) string {
	s = strings.TrimRight(s, "\n")
	region := ""
	if tall(s) {
		region = ` tabindex="0" role="region" aria-label="` + html.EscapeString(label) + `"`
	}
	if class != "" {
		class = " " + class
	}
	return `<pre class="text` + class + `"` + region + ">" + ansiHTML(s) + "</pre>"
}

func tall(s string) bool {
	lines := 0
	for l := range strings.Lines(s) {
		lines++
		if lines > manyLines || len(l) > wideLine {
			return true
		}
	}
	return false
}
