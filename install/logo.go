package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
)

// logoBar is a rectangle of the logo, a flame graph on a grid of 16 by 16.
type logoBar struct {
	x, y, w, h int
	fill       color.NRGBA
}

var (
	logoBlue   = color.NRGBA{0x00, 0x8f, 0xb5, 0xff}
	logoYellow = color.NRGBA{0xf2, 0xa6, 0x00, 0xff}
	logoRed    = color.NRGBA{0xd9, 0x4f, 0x2b, 0xff}
)

var logoBars = []logoBar{
	{1, 12, 14, 3, logoBlue},
	{1, 8, 9, 3, logoYellow}, {11, 8, 4, 3, logoYellow},
	{1, 4, 5, 3, logoRed}, {7, 4, 2, 3, logoRed},
	{2, 0, 3, 3, logoRed},
}

// logoSVG is the logo for front ends that scale it.
func logoSVG() []byte {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" role="img" aria-label="Go (hpgo)">` + "\n")
	for _, r := range logoBars {
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#%02x%02x%02x"/>`+"\n", r.x, r.y, r.w, r.h, r.fill.R, r.fill.G, r.fill.B)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// logoPNG is the logo in size by size pixels; size is a multiple of 16.
func logoPNG(size int) ([]byte, error) {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	u := size / 16
	for _, r := range logoBars {
		draw.Draw(img, image.Rect(r.x*u, r.y*u, (r.x+r.w)*u, (r.y+r.h)*u), image.NewUniform(r.fill), image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("draw the logo: %w", err)
	}
	return b.Bytes(), nil
}
