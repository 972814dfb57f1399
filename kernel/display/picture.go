package display

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"io"
	"reflect"
)

// maxPixels limits what is encoded as PNG: 64 megapixels. An image.Uniform,
// for example, is two billion pixels wide.
const maxPixels = 64 << 20

// fastPixels is the size from which on speed counts more than file size.
const fastPixels = 4 << 20

// imageBundle draws an image as PNG.
func imageBundle(img image.Image) Bundle {
	size := img.Bounds().Size()
	name := typeName(reflect.TypeOf(img))
	if len(name) > 0 && name[0] == '*' {
		name = name[1:]
	}
	text := fmt.Sprintf("%s %dx%d", name, size.X, size.Y)
	if size.X <= 0 || size.Y <= 0 {
		return textBundle(text + " (empty)")
	}
	if size.X > maxPixels/size.Y {
		return textBundle(text + " (too large to show)")
	}
	enc := png.Encoder{}
	if size.X*size.Y > fastPixels {
		enc.CompressionLevel = png.BestSpeed
	}
	var buf bytes.Buffer
	if err := enc.Encode(&buf, img); err != nil {
		return textBundle(fmt.Sprintf("%s (not shown: %v)", text, err))
	}
	b := textBundle(text)
	b.Data[mimePNG] = base64.StdEncoding.EncodeToString(buf.Bytes())
	b.Metadata = map[string]any{mimePNG: map[string]any{"width": size.X, "height": size.Y}}
	return b
}

// The size of a gonum plot, in vg.Length's unit of 1/72 inch: 6 x 4 inches.
const (
	plotWidth  = 6 * 72
	plotHeight = 4 * 72
)

// rasterBytes is the size of a plot's SVG up to which it is drawn as PNG too.
// gonum's rasterizer takes time with the square of a line's length: a noisy
// line of some thousand points would hold the cell up for a minute.
const rasterBytes = 16 << 10

// fromGonumPlot recognises *plot.Plot of gonum.org/v1/plot by its type's name
// and draws it through its WriterTo method. Importing gonum/plot here would
// add about 13 MB to every cell.
func fromGonumPlot(v any) (Bundle, bool) {
	r := reflect.ValueOf(v)
	t := r.Type()
	if t.Kind() == reflect.Struct && t.PkgPath() == "gonum.org/v1/plot" && t.Name() == "Plot" {
		p := reflect.New(t)
		p.Elem().Set(r)
		r, t = p, p.Type()
	}
	if t.Kind() != reflect.Pointer || t.Elem().PkgPath() != "gonum.org/v1/plot" || t.Elem().Name() != "Plot" {
		return Bundle{}, false
	}
	b := textBundle("gonum plot")
	if title := r.Elem().FieldByName("Title"); title.Kind() == reflect.Struct {
		if text := title.FieldByName("Text"); text.Kind() == reflect.String && text.String() != "" {
			b = textBundle("gonum plot: " + text.String())
		}
	}
	svg, err := drawGonumPlot(r, "svg")
	if err != nil {
		return textBundle(fmt.Sprintf("%s (not shown: %v)", b.Data[mimeText], err)), true
	}
	b.Data[mimeSVG] = validUTF8(string(svg))
	if len(svg) < rasterBytes {
		if pic, err := drawGonumPlot(r, "png"); err == nil {
			b.Data[mimePNG] = base64.StdEncoding.EncodeToString(pic)
		}
	}
	return b, true
}

// drawGonumPlot calls WriterTo(w, h vg.Length, format string) (io.WriterTo, error).
func drawGonumPlot(plot reflect.Value, format string) (out []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, fmt.Errorf("panic: %v", p)
		}
	}()
	m := plot.MethodByName("WriterTo")
	if !m.IsValid() {
		return nil, fmt.Errorf("no WriterTo method")
	}
	t := m.Type()
	if t.NumIn() != 3 || t.NumOut() != 2 || t.In(0).Kind() != reflect.Float64 || t.In(2).Kind() != reflect.String {
		return nil, fmt.Errorf("WriterTo has an unknown signature %s", t)
	}
	res := m.Call([]reflect.Value{
		reflect.ValueOf(float64(plotWidth)).Convert(t.In(0)),
		reflect.ValueOf(float64(plotHeight)).Convert(t.In(1)),
		reflect.ValueOf(format),
	})
	if e, ok := res[1].Interface().(error); ok && e != nil {
		return nil, e
	}
	w, ok := res[0].Interface().(io.WriterTo)
	if !ok {
		return nil, fmt.Errorf("WriterTo returned %s", res[0].Type())
	}
	var buf bytes.Buffer
	if _, err := w.WriteTo(&buf); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
