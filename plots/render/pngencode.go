package render

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
)

// encoded is the picture as PNG. Without photographs it has a palette, which
// takes half the bytes and a tenth of the time.
func (c *pngCanvas) encoded() ([]byte, error) {
	var img image.Image = c.img
	if indexed := withPalette(c.img, c.photo); indexed != nil {
		img = indexed
	}
	var buf bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&buf, img); err != nil {
		return nil, fmt.Errorf("draw figure: %w", err)
	}
	return buf.Bytes(), nil
}

// How far a colour channel may be off in a picture that has more colours than a
// palette: nearly all of these are the smoothed edges of lines and letters. In
// a photograph or heat map the step must not be seen.
const (
	edgeError  = 40
	photoError = 4
)

// withPalette is a picture with 256 of its colours; the others get the nearest
// of these. It is nil where one would be too far off.
func withPalette(img *image.RGBA, photo bool) *image.Paletted {
	counts := countColours(img)
	slices.SortFunc(counts, func(a, b colourCount) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.rgb, b.rgb))
	})
	most := edgeError
	if photo {
		most = photoError
	}
	palette, table, off := choosePalette(counts)
	if off > most {
		return nil
	}
	out := image.NewPaletted(img.Rect, palette)
	for i := 0; i < len(out.Pix); {
		rgb, n := run(img.Pix, i)
		if at, _ := table.get(rgb); at > 0 { // the most frequent one is there
			for k := i; k < i+n; k++ {
				out.Pix[k] = uint8(at)
			}
		}
		i += n
	}
	return out
}

// run is the colour of the ith pixel, the red byte lowest, and how many pixels
// in a row have it.
func run(pix []uint8, i int) (rgb uint32, n int) {
	rest := pix[4*i:]
	one := binary.LittleEndian.Uint32(rest)
	two := uint64(one)<<32 | uint64(one)
	n = 1
	for len(rest) >= 4*n+8 && binary.LittleEndian.Uint64(rest[4*n:]) == two {
		n += 2
	}
	return one & 0xffffff, n
}

// Of pictures with very many colours only the most frequent are candidates, and
// a sample of the others.
const candidates = 1024

// split parts colours, the most frequent first, in candidates and others.
func split(counts []colourCount) (first, others []colourCount) {
	if len(counts) <= 2*candidates {
		return counts, nil
	}
	first = counts[:candidates:candidates]
	by := (len(counts)-candidates)/candidates + 1 | 1 // odd: colours come in even patterns
	for i, c := range counts[candidates:] {
		if i%by == 0 {
			first = append(first, c)
		} else {
			others = append(others, c)
		}
	}
	return first, others
}

// choosePalette takes half of a palette from the most frequent colours, and
// then one by one the colour that is farthest from those taken. It tells which
// of these each colour gets, and the greatest difference.
func choosePalette(counts []colourCount) (color.Palette, *colourTable, int) {
	const size, frequent = 256, 128
	first, others := split(counts)
	var palette []uint32
	nearest, off := make([]int, len(first)), make([]int, len(first))
	for i := range off {
		off[i] = 256
	}
	far := 0
	for len(palette) < min(size, len(first)) {
		next := len(palette)
		if len(palette) >= frequent && len(first) > size {
			next = far
		}
		rgb := first[next].rgb
		far = 0
		for i, c := range first {
			if off[i] == 0 {
				continue
			}
			if d := difference(c.rgb, rgb); d < off[i] {
				nearest[i], off[i] = len(palette), d
			}
			if off[i] > off[far] {
				far = i
			}
		}
		palette = append(palette, rgb)
	}
	table := newColourTable(len(counts))
	for i, c := range first {
		table.set(c.rgb, nearest[i])
	}
	worst := max(off[far], table.assign(others, palette))
	out := make(color.Palette, len(palette))
	for i, rgb := range palette {
		out[i] = color.RGBA{uint8(rgb), uint8(rgb >> 8), uint8(rgb >> 16), 255}
	}
	return out, table, worst
}

// assign gives colours the nearest of a palette; those that agree in the first
// five bits of each channel get the same. It returns the greatest difference.
func (t *colourTable) assign(counts []colourCount, palette []uint32) int {
	var known [1 << 15]int // 1 more than the index
	worst := 0
	for _, c := range counts {
		cell := &known[c.rgb>>19&31<<10|c.rgb>>11&31<<5|c.rgb>>3&31]
		if *cell == 0 {
			least := 256
			for i, rgb := range palette {
				if d := difference(c.rgb, rgb); d < least {
					*cell, least = i+1, d
				}
			}
		}
		t.set(c.rgb, *cell-1)
		worst = max(worst, difference(c.rgb, palette[*cell-1]))
	}
	return worst
}

type colourCount struct {
	rgb uint32
	n   int
}

// countColours counts the pixels of each colour.
func countColours(img *image.RGBA) []colourCount {
	var counts []colourCount
	table := newColourTable(1 << 12)
	for i := 0; i < len(img.Pix)/4; {
		rgb, n := run(img.Pix, i)
		at, ok := table.get(rgb)
		if !ok {
			at = len(counts)
			table.set(rgb, at)
			counts = append(counts, colourCount{rgb: rgb})
		}
		counts[at].n += n
		i += n
	}
	return counts
}

// difference is the greatest of a channel.
func difference(a, b uint32) int {
	channel := func(shift uint) int {
		d := int(a>>shift&255) - int(b>>shift&255)
		return max(d, -d)
	}
	return max(channel(16), channel(8), channel(0))
}

// colourTable finds numbers by colour: a hash table with open addressing.
type colourTable struct {
	rgb  []uint32 // 1 more than the colour; 0 is free
	at   []int
	used int
}

func newColourTable(n int) *colourTable {
	size := 1 << 10
	for size < 4*n {
		size *= 2
	}
	return &colourTable{rgb: make([]uint32, size), at: make([]int, size)}
}

// slot is the place of a colour, or the free one where it belongs.
func (t *colourTable) slot(rgb uint32) int {
	mask := len(t.rgb) - 1
	i := int(rgb*0x9E3779B1>>7) & mask
	for t.rgb[i] != 0 && t.rgb[i] != rgb+1 {
		i = (i + 1) & mask
	}
	return i
}

func (t *colourTable) get(rgb uint32) (int, bool) {
	i := t.slot(rgb)
	return t.at[i], t.rgb[i] != 0
}

func (t *colourTable) set(rgb uint32, at int) {
	if 2*t.used > len(t.rgb) {
		old := *t
		*t = *newColourTable(len(old.rgb))
		for i, c := range old.rgb {
			if c != 0 {
				t.set(c-1, old.at[i])
			}
		}
	}
	i := t.slot(rgb)
	if t.rgb[i] == 0 {
		t.used++
	}
	t.rgb[i], t.at[i] = rgb+1, at
}
