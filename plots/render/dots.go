package render

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// dotBatch is the number of dots that are filled at once on a raster canvas.
// Each fill prepares the whole canvas, and each dot of a fill slows it a little.
const dotBatch = 64

// fillDots draws many equal dots on a raster canvas, as octagons: at this size
// they can't be told from circles, and thousands take a tenth of the time.
func fillDots(c *draw.Canvas, pts []vg.Point, radius vg.Length) {
	var corners [8]vg.Point
	for i := range corners {
		sin, cos := math.Sincos((float64(i) + 0.5) * math.Pi / 4)
		corners[i] = vg.Point{X: radius * vg.Length(cos), Y: radius * vg.Length(sin)}
	}
	for len(pts) > 0 {
		n := min(dotBatch, len(pts))
		var path vg.Path
		for _, p := range pts[:n] {
			path.Move(p.Add(corners[0]))
			for _, corner := range corners[1:] {
				path.Line(p.Add(corner))
			}
			path.Close()
		}
		c.Fill(path)
		pts = pts[n:]
	}
}
