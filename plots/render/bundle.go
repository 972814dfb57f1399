package render

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"hpgo/kernel/display"
	"hpgo/plots"
	"hpgo/plots/recording"
)

// Bundle adds the drawn forms, image/svg+xml and image/png, to a bundle that
// holds a figure; other bundles are returned as they are. A figure that can't
// be drawn keeps its text, with the reason. A recording is read, and leaves the
// bundle for what it shows.
func Bundle(b display.Bundle) display.Bundle { return completed(b, addPictures) }

// Draft is Bundle for a figure that is about to be replaced: it leaves the
// image/png out, which takes ten times as long to draw as the rest, and the
// figure's data, which nobody will read.
func Draft(b display.Bundle) display.Bundle { return completed(b, addSketch) }

// completed is a bundle with the forms of its figure that add draws.
func completed(b display.Bundle, add func(*display.Bundle, plots.Data) error) display.Bundle {
	raw, ok := b.Data[plots.MIME]
	if !ok {
		return b
	}
	out := display.Bundle{Data: make(map[string]any, len(b.Data)+2), Metadata: b.Metadata}
	for mime, data := range b.Data {
		out.Data[mime] = data
	}
	d, err := decode(raw)
	if err == nil && isRecorded(d) {
		// The figure takes the place of the recording, which may be large.
		delete(out.Data, plots.MIME)
		if d, err = recording.Resolve(d); err == nil {
			out.Data["text/plain"] = d.Summary()
			out.Data[plots.MIME], err = encoded(d)
		}
	}
	if err == nil {
		err = add(&out, d)
	}
	if err != nil {
		text, _ := out.Data["text/plain"].(string)
		out.Data["text/plain"] = fmt.Sprintf("%s\n(not drawn: %v)", text, err)
	}
	return out
}

// isRecorded reports whether a figure, or a panel of it, is a recording to read.
func isRecorded(d plots.Data) bool {
	return d.Recording != nil || d.Grid != nil && slices.ContainsFunc(d.Grid.Panels, isRecorded)
}

func encoded(d plots.Data) (json.RawMessage, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode figure: %w", err)
	}
	return raw, nil
}

// decode reads a figure from any form that a bundle may hold JSON in: encoded,
// or decoded into maps on its way through a message.
func decode(raw any) (plots.Data, error) {
	var d plots.Data
	data, ok := raw.(json.RawMessage)
	if !ok {
		var err error
		if data, err = json.Marshal(raw); err != nil {
			return d, fmt.Errorf("read figure: %w", err)
		}
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return d, fmt.Errorf("read figure: %w", err)
	}
	return d, nil
}

func addSketch(b *display.Bundle, d plots.Data) error {
	delete(b.Data, plots.MIME)
	if d.Movie != nil {
		return nil // has no other form than the one to leave out
	}
	svg, err := SVG(d)
	if err != nil {
		return err
	}
	b.Data["image/svg+xml"] = string(svg)
	return nil
}

func addPictures(b *display.Bundle, d plots.Data) error {
	if d.Movie != nil {
		return addMovie(b, d)
	}
	svg, err := SVG(d)
	if err != nil {
		return err
	}
	pic, err := PNG(d)
	if err != nil {
		return err
	}
	b.Data["image/svg+xml"] = string(svg)
	b.Data["image/png"] = base64.StdEncoding.EncodeToString(pic)
	sized(b, d)
	if d.Interactive {
		page, err := Interactive(d)
		if err != nil {
			return err
		}
		b.Data["text/html"] = page
	}
	return nil
}

// sized says how large the picture is on the page: it has more pixels.
func sized(b *display.Bundle, d plots.Data) {
	meta := make(map[string]any, len(b.Metadata)+1)
	for mime, m := range b.Metadata {
		meta[mime] = m
	}
	meta["image/png"] = map[string]any{"width": int(d.Width * 96), "height": int(d.Height * 96)}
	b.Metadata = meta
}
