package render

import (
	"image/color"
	"math"
)

// codePaint is the colours of a listing. Text can't have a contrast of 4.5 to 1
// on an unknown ground, so code stands on a card, as in a terminal: dark in the
// pictures that must read on white and on black, light in those on white.
type codePaint struct {
	card, fold, rule color.NRGBA
	text, muted      color.NRGBA
	keyword, literal color.NRGBA
	bar              color.NRGBA
	cold, hot        float64 // the ends of the ramp in inferno
}

// code is the colours of a listing in a theme.
func (t *theme) code() codePaint {
	if t.background == nil {
		return codePaint{
			card: color.NRGBA{0x1b, 0x1d, 0x23, 255}, fold: color.NRGBA{0x26, 0x29, 0x31, 255}, rule: color.NRGBA{0x45, 0x4a, 0x55, 255},
			text: color.NRGBA{0xd8, 0xdb, 0xe0, 255}, muted: color.NRGBA{0x98, 0x9f, 0xab, 255},
			keyword: color.NRGBA{0x8f, 0xb8, 0xf0, 255}, literal: color.NRGBA{0xa9, 0xcb, 0x9b, 255},
			bar: color.NRGBA{0xf9, 0x8e, 0x09, 255}, cold: 0.12, hot: 0.92,
		}
	}
	return codePaint{
		card: color.NRGBA{0xf6, 0xf7, 0xf9, 255}, fold: color.NRGBA{0xe8, 0xeb, 0xef, 255}, rule: color.NRGBA{0xc4, 0xca, 0xd2, 255},
		text: color.NRGBA{0x1f, 0x23, 0x28, 255}, muted: color.NRGBA{0x57, 0x60, 0x6b, 255},
		keyword: color.NRGBA{0x16, 0x4d, 0xa0, 255}, literal: color.NRGBA{0x2b, 0x65, 0x2b, 255},
		bar: color.NRGBA{0xd2, 0x46, 0x44, 255}, cold: 1, hot: 0.4,
	}
}

// heat is the ground of a line at a level from 0 to 1. The ramp begins with the
// card's own colour, so that little heat is hardly seen.
func (p codePaint) heat(level float64) color.NRGBA {
	const melted = 0.25 // the level from which on the card doesn't count
	level = math.Min(level, 1)
	c, part := sampled(inferno[:], p.cold+(p.hot-p.cold)*level), math.Min(level/melted, 1)
	mix := func(card, hot uint8) uint8 { return uint8(math.Round(float64(card)*(1-part) + float64(hot)*part)) }
	return color.NRGBA{mix(p.card.R, c.R), mix(p.card.G, c.G), mix(p.card.B, c.B), 255}
}

// token is the colour of a kind of token.
func (p codePaint) token(k tokenKind) color.NRGBA {
	switch k {
	case keywordToken:
		return p.keyword
	case literalToken:
		return p.literal
	case commentToken:
		return p.muted
	}
	return p.text
}

// legible is a colour for text, or where it has too little contrast on a
// ground, white or black. One of these always has 4.5.
func legible(c, ground color.NRGBA) color.NRGBA {
	if contrast(c, ground) >= 4.5 {
		return c
	}
	return readableOn(ground)
}

// inferno is sampled at 17 points of matplotlib's map of that name (by Smith
// and van der Walt, CC0), perceptually uniform like viridis.
var inferno = [...][3]uint8{
	{0, 0, 4}, {11, 7, 36}, {33, 12, 74}, {61, 9, 101}, {87, 16, 110}, {113, 25, 110}, {138, 34, 106}, {163, 44, 97}, {188, 55, 84},
	{210, 70, 68}, {228, 90, 49}, {241, 115, 29}, {249, 142, 9}, {252, 172, 17}, {249, 203, 53}, {242, 234, 105}, {252, 255, 164},
}
