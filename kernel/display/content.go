package display

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// The MIME types of bundles.
const (
	mimeText     = "text/plain"
	mimeHTML     = "text/html"
	mimeMarkdown = "text/markdown"
	mimeLaTeX    = "text/latex"
	mimeSVG      = "image/svg+xml"
	mimePNG      = "image/png"
	mimeJPEG     = "image/jpeg"
	mimeJSON     = "application/json"
)

// HTML is shown as a piece of HTML: display.Show(display.HTML("<b>x</b>")).
type HTML string

// Markdown is shown as rendered Markdown; $...$ sets mathematics.
type Markdown string

// SVG is a picture as an SVG document.
type SVG string

// LaTeX is shown as typeset mathematics; it is given with its delimiters, for
// example $$\sum_i x_i$$.
type LaTeX string

// Text is shown as it is, not quoted as a string would be.
type Text string

// PNG holds the bytes of a PNG file.
type PNG []byte

// JPEG holds the bytes of a JPEG file.
type JPEG []byte

// JSONValue is a value shown as an expandable JSON tree; JSON makes one.
type JSONValue struct {
	value any
}

// JSON shows v, anything that encoding/json accepts, as an expandable tree.
func JSON(v any) JSONValue { return JSONValue{v} }

func (h HTML) bundle() Bundle     { return rich(mimeHTML, string(h)) }
func (m Markdown) bundle() Bundle { return rich(mimeMarkdown, string(m)) }
func (l LaTeX) bundle() Bundle    { return rich(mimeLaTeX, string(l)) }
func (t Text) bundle() Bundle     { return textBundle(string(t)) }

func (s SVG) bundle() Bundle {
	b := textBundle(fmt.Sprintf("SVG picture, %s bytes", group(len(s))))
	b.Data[mimeSVG] = validUTF8(string(s))
	return b
}

func (p PNG) bundle() Bundle {
	b := textBundle(fmt.Sprintf("PNG picture, %s bytes", group(len(p))))
	b.Data[mimePNG] = base64.StdEncoding.EncodeToString(p)
	return b
}

func (j JPEG) bundle() Bundle {
	b := textBundle(fmt.Sprintf("JPEG picture, %s bytes", group(len(j))))
	b.Data[mimeJPEG] = base64.StdEncoding.EncodeToString(j)
	return b
}

// bundle encodes once here, so that a value that JSON can't hold (NaN, a
// channel, a cycle) becomes text with the reason and not a broken message.
func (j JSONValue) bundle() (b Bundle) {
	defer func() {
		if p := recover(); p != nil {
			b = textBundle(fmt.Sprintf("%s\n(not shown as JSON: panic: %v)", PrettyText(j.value), p))
		}
	}()
	data, err := json.Marshal(j.value)
	if err != nil {
		return textBundle(fmt.Sprintf("%s\n(not shown as JSON: %v)", PrettyText(j.value), err))
	}
	return jsonBundle(data)
}

// jsonBundle shows encoded JSON; data that is not valid JSON is shown as text.
func jsonBundle(data []byte) Bundle {
	if !json.Valid(data) {
		return textBundle(limitText(validUTF8(string(data))))
	}
	b := textBundle(limitText(validUTF8(string(data))))
	b.Data[mimeJSON] = json.RawMessage(data)
	return b
}

// rich is a bundle of one textual form whose source serves as its text.
func rich(mime, source string) Bundle {
	source = validUTF8(source)
	b := textBundle(source)
	b.Data[mime] = source
	return b
}

func textBundle(text string) Bundle {
	return Bundle{Data: map[string]any{mimeText: validUTF8(text)}}
}
