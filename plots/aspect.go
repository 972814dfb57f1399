package plots

import "math"

// The room around the data of a figure with an image, in inches: about what
// labels, ticks and margins take.
const (
	besideImage = 0.75
	belowImage  = 0.5
	aboveImage  = 0.3 // a title
	tallImage   = 4.4 // the most that the data are high
)

// pictureSize is the size of a figure that shows an image alone and sets no size
// itself: one in which a unit of x is about as long as a unit of y, so that
// pictures aren't squashed. ok is false for other figures and for images so long
// that they would be a strip.
func (f Figure) pictureSize(d Data) (width, height float64, ok bool) {
	if f.Width != 0 || f.Height != 0 || f.X.Limits != [2]float64{} || f.Y.Limits != [2]float64{} {
		return 0, 0, false
	}
	var extent Extent
	for _, l := range d.Layers {
		switch l.Kind {
		case KindImage:
			extent = l.Extent
		case KindMark:
		default:
			return 0, 0, false
		}
	}
	ratio := (extent.Y1 - extent.Y0) / (extent.X1 - extent.X0)
	if !(ratio > 0.2 && ratio < 5) {
		return 0, 0, false
	}
	room := belowImage
	if f.Title != "" {
		room += aboveImage
	}
	wide := math.Min(defaultWidth-besideImage, tallImage/ratio)
	return wide + besideImage, wide*ratio + room, true
}
