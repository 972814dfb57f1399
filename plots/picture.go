package plots

import (
	"encoding/json"
	"html"
)

// Picture is what this package draws: a Figure and everything else that isn't
// a layer of one. Each also has a MIMEBundle, by which a notebook shows it, and
// a String, its text form.
type Picture interface {
	// Encode checks the picture and returns it as data to draw.
	Encode() (Data, error)
}

// show is the MIME bundle of a picture, or of the error that keeps it from
// being one.
func show(p Picture) map[string]any {
	d, err := p.Encode()
	if err == nil {
		var raw []byte
		if raw, err = json.Marshal(d); err == nil {
			return map[string]any{MIME: json.RawMessage(raw), "text/plain": d.Summary()}
		}
	}
	text := "plot error: " + err.Error()
	return map[string]any{
		"text/plain": text,
		"text/html":  `<pre class="hpgo-plot-error" role="alert">` + html.EscapeString(text) + "</pre>",
	}
}

// spoken is the text form of a picture.
func spoken(p Picture) string {
	d, err := p.Encode()
	if err != nil {
		return "plot error: " + err.Error()
	}
	return d.Summary()
}
