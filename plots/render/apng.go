package render

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
	"time"
)

// apng writes an animated PNG: an ordinary PNG of its first frame, with chunks
// that other readers skip (PNG, third edition, sections 4.9 and 11.3.5). A frame
// holds the rectangle in which it differs from the one before.
type apng struct {
	buf      bytes.Buffer
	header   []byte // of the first frame; all must agree on the colour type
	sequence uint32
	before   *image.RGBA
}

var pngSignature = []byte("\x89PNG\r\n\x1a\n")

// chunk writes one chunk.
func (a *apng) chunk(kind string, data ...[]byte) {
	body := append([]byte(kind), bytes.Join(data, nil)...)
	a.buf.Write(binary.BigEndian.AppendUint32(nil, uint32(len(body)-4)))
	a.buf.Write(body)
	a.buf.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
}

// numbered returns the next sequence number, by which readers find missing
// chunks.
func (a *apng) numbered() []byte {
	a.sequence++
	return binary.BigEndian.AppendUint32(nil, a.sequence-1)
}

// add appends one of n frames of one size.
func (a *apng) add(frame *image.RGBA, n int, delay time.Duration) error {
	area := frame.Bounds()
	if a.before != nil {
		area = changed(a.before, frame)
	}
	header, pixels, err := a.compressed(frame.SubImage(area))
	if err != nil {
		return err
	}
	if a.before == nil {
		a.header = header
		a.buf.Write(pngSignature)
		a.chunk("IHDR", header)
		a.chunk("acTL", binary.BigEndian.AppendUint32(nil, uint32(n)), make([]byte, 4)) // for ever
	} else if !bytes.Equal(header[8:], a.header[8:]) {
		return fmt.Errorf("encode movie: a frame has another colour type than the first")
	}
	control := a.numbered()
	for _, v := range []int{area.Dx(), area.Dy(), area.Min.X, area.Min.Y} {
		control = binary.BigEndian.AppendUint32(control, uint32(v))
	}
	control = binary.BigEndian.AppendUint16(control, uint16(delay.Milliseconds()))
	control = binary.BigEndian.AppendUint16(control, 1000)
	a.chunk("fcTL", control, []byte{0, 0}) // leave what was there; replace this area
	if a.before == nil {
		a.chunk("IDAT", pixels)
	} else {
		a.chunk("fdAT", a.numbered(), pixels)
	}
	if a.before == nil {
		a.before = image.NewRGBA(frame.Bounds())
	}
	draw.Draw(a.before, area, frame, area.Min, draw.Src)
	return nil
}

// end completes the file.
func (a *apng) end() []byte {
	a.chunk("IEND")
	return a.buf.Bytes()
}

// compressed are the header and the pixels of a picture, as image/png makes
// them.
func (a *apng) compressed(img image.Image) (header, pixels []byte, err error) {
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return nil, nil, fmt.Errorf("encode movie: %w", err)
	}
	for data := buf.Bytes()[len(pngSignature):]; len(data) >= 12; {
		n := binary.BigEndian.Uint32(data)
		body := data[8 : 8+n]
		switch string(data[4:8]) {
		case "IHDR":
			header = body
		case "IDAT":
			pixels = append(pixels, body...)
		}
		data = data[12+n:]
	}
	return header, pixels, nil
}

// changed is the smallest rectangle outside of which two pictures of one size
// are equal; a single pixel if they are.
func changed(a, b *image.RGBA) image.Rectangle {
	r := b.Bounds()
	row := func(img *image.RGBA, x0, x1, y int) []byte {
		return img.Pix[img.PixOffset(x0, y):img.PixOffset(x1, y)]
	}
	same := func(x0, x1, y int) bool { return bytes.Equal(row(a, x0, x1, y), row(b, x0, x1, y)) }
	for r.Min.Y < r.Max.Y && same(r.Min.X, r.Max.X, r.Min.Y) {
		r.Min.Y++
	}
	for r.Min.Y < r.Max.Y && same(r.Min.X, r.Max.X, r.Max.Y-1) {
		r.Max.Y--
	}
	column := func(x int) bool {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			if !same(x, x+1, y) {
				return false
			}
		}
		return true
	}
	for r.Min.X < r.Max.X && column(r.Min.X) {
		r.Min.X++
	}
	for r.Min.X < r.Max.X && column(r.Max.X-1) {
		r.Max.X--
	}
	if r.Empty() {
		b := b.Bounds()
		return image.Rect(b.Min.X, b.Min.Y, b.Min.X+1, b.Min.Y+1)
	}
	return r
}
