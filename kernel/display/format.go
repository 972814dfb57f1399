package display

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"reflect"
	"sort"
)

// The documented methods, each found by a type assertion.
type (
	htmler       interface{ HTML() string }
	markdowner   interface{ Markdown() string }
	svger        interface{ SVG() string }
	latexer      interface{ LaTeX() string }
	pnger        interface{ PNG() []byte }
	jpeger       interface{ JPEG() []byte }
	mimeBundler  interface{ MIMEBundle() map[string]any }
	ownContent   interface{ bundle() Bundle }
	bundleHolder = Bundle
)

// Format turns any value into a bundle; text/plain is always in it. It never
// panics and never fails: what goes wrong in a value's methods is said in the
// text.
func Format(v any) Bundle {
	switch x := v.(type) {
	case nil:
		return textBundle("<nil>")
	case bundleHolder:
		return completed(x)
	case ownContent:
		return guarded(v, x.bundle)
	case json.RawMessage:
		return jsonBundle(x)
	}
	if isNilPointer(v) {
		return textBundle(PrettyText(v))
	}
	if b, ok := fromMethods(v); ok {
		return b
	}
	if img, ok := v.(image.Image); ok {
		return guarded(v, func() Bundle { return imageBundle(img) })
	}
	if b, ok := fromGonumPlot(v); ok {
		return b
	}
	if b, ok := fromTabular(v); ok {
		return b
	}
	return textBundle(PrettyText(v))
}

// guarded runs make and falls back to plain text if the value panics.
func guarded(v any, make func() Bundle) (b Bundle) {
	defer func() {
		if p := recover(); p != nil {
			b = textBundle(fmt.Sprintf("%s\n(not shown in full: panic: %v)", PrettyText(v), p))
		}
	}()
	return make()
}

// completed copies a bundle that the user made and gives it a text.
func completed(b Bundle) Bundle {
	out := Bundle{Data: make(map[string]any, len(b.Data)+1), Metadata: b.Metadata}
	for mime, data := range b.Data {
		out.Data[mime] = encodable(mime, data)
	}
	if _, ok := out.Data[mimeText]; !ok {
		mimes := make([]string, 0, len(b.Data))
		for mime := range b.Data {
			mimes = append(mimes, mime)
		}
		sort.Strings(mimes)
		out.Data[mimeText] = fmt.Sprintf("%v", mimes)
	}
	return out
}

// encodable brings one entry of a foreign bundle into the form that Bundle
// promises: text, base64, or encoded JSON.
func encodable(mime string, data any) any {
	switch d := data.(type) {
	case string:
		return validUTF8(d)
	case json.RawMessage:
		if json.Valid(d) {
			return d
		}
		return validUTF8(string(d))
	case []byte:
		if isTextMIME(mime) {
			return validUTF8(string(d))
		}
		return base64.StdEncoding.EncodeToString(d)
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return fmt.Sprintf("%s (not encodable: %v)", PrettyText(data), err)
	}
	return json.RawMessage(raw)
}

// fromMethods asks a value for its rich forms through the documented methods;
// of a value that has none, it asks a pointer to a copy of it, so that a
// method with a pointer receiver counts too.
func fromMethods(v any) (Bundle, bool) {
	data := map[string]any{}
	var note string
	if !hasMethods(v) {
		t := reflect.TypeOf(v)
		if t.Kind() == reflect.Pointer || t.Name() == "" {
			return Bundle{}, false
		}
		p := reflect.New(t)
		p.Elem().Set(reflect.ValueOf(v))
		if !hasMethods(p.Interface()) {
			return Bundle{}, false
		}
		return fromMethods(p.Interface())
	}
	call := func(name string, f func()) {
		defer func() {
			if p := recover(); p != nil {
				note += fmt.Sprintf("\n(%s method: panic: %v)", name, p)
			}
		}()
		f()
	}
	if m, ok := v.(mimeBundler); ok {
		call("MIMEBundle", func() {
			for mime, d := range m.MIMEBundle() {
				data[mime] = encodable(mime, d)
			}
		})
	}
	textMethods(v, data, call)
	if m, ok := v.(pnger); ok {
		call("PNG", func() { data[mimePNG] = base64.StdEncoding.EncodeToString(m.PNG()) })
	}
	if m, ok := v.(jpeger); ok {
		call("JPEG", func() { data[mimeJPEG] = base64.StdEncoding.EncodeToString(m.JPEG()) })
	}
	text, ok := data[mimeText].(string)
	if !ok {
		text = PrettyText(v)
	}
	data[mimeText] = text + note
	return Bundle{Data: data}, true
}

func textMethods(v any, data map[string]any, call func(string, func())) {
	if m, ok := v.(htmler); ok {
		call("HTML", func() { data[mimeHTML] = validUTF8(m.HTML()) })
	}
	if m, ok := v.(markdowner); ok {
		call("Markdown", func() { data[mimeMarkdown] = validUTF8(m.Markdown()) })
	}
	if m, ok := v.(svger); ok {
		call("SVG", func() { data[mimeSVG] = validUTF8(m.SVG()) })
	}
	if m, ok := v.(latexer); ok {
		call("LaTeX", func() { data[mimeLaTeX] = validUTF8(m.LaTeX()) })
	}
}

func hasMethods(v any) bool {
	switch v.(type) {
	case mimeBundler, htmler, markdowner, svger, latexer, pnger, jpeger:
		return true
	}
	return false
}

func isNilPointer(v any) bool {
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
