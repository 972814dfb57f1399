package render

import (
	"encoding/base64"
	"fmt"
	"time"

	"hpgo/kernel/display"
	"hpgo/plots"
)

// Limits of a movie.
const (
	maxFrames  = 1000
	maxMovie   = 64 << 20        // bytes of the PNG
	lastFrame  = 1 * time.Second // before a movie begins again
	mostDots   = 100e6           // pixels of all frames
	leastFrame = 0.01            // seconds
	mostFrame  = 65              // seconds; the format has 16 bits of milliseconds
)

// checkMovie refuses movies that can't be drawn; the frames are checked as
// they come.
func checkMovie(d plots.Data) error {
	m := d.Movie
	if len(m.Frames) == 0 || len(m.Frames) > maxFrames || !(m.Delay >= leastFrame && m.Delay <= mostFrame) {
		return fmt.Errorf("movie has %d frames, one every %v s", len(m.Frames), m.Delay)
	}
	if dots := float64(d.DPI()); float64(len(m.Frames))*d.Width*d.Height*dots*dots > mostDots {
		return fmt.Errorf("movie has %d frames of %v x %v inches, which take too long to draw", len(m.Frames), d.Width, d.Height)
	}
	for i, f := range m.Frames {
		if f.Width != d.Width || f.Height != d.Height || f.Movie != nil || f.Recording != nil {
			return fmt.Errorf("movie of %v x %v inches: frame %d is no picture of this size", d.Width, d.Height, i+1)
		}
	}
	return nil
}

// moving draws a movie as an animated PNG.
func moving(d plots.Data) ([]byte, error) {
	dpi := d.DPI()
	var a apng
	for i, f := range d.Movie.Frames {
		if err := check(f); err != nil {
			return nil, fmt.Errorf("frame %d: %w", i+1, err)
		}
		c, err := painted(f, dpi)
		if err != nil {
			return nil, fmt.Errorf("frame %d: %w", i+1, err)
		}
		delay := time.Duration(d.Movie.Delay * float64(time.Second))
		if i == len(d.Movie.Frames)-1 {
			delay = max(delay, lastFrame)
		}
		if err := a.add(c.img, len(d.Movie.Frames), delay); err != nil {
			return nil, fmt.Errorf("frame %d: %w", i+1, err)
		}
		if a.buf.Len() > maxMovie {
			return nil, fmt.Errorf("the movie takes more than %s at frame %d of %d; fewer or smaller frames fit",
				plots.SI(maxMovie, "B"), i+1, len(d.Movie.Frames))
		}
	}
	return a.end(), nil
}

// addMovie adds the moving PNG, and takes the frames' data out of the bundle:
// they are many, and nobody draws them again.
func addMovie(b *display.Bundle, d plots.Data) error {
	delete(b.Data, plots.MIME)
	pic, err := PNG(d)
	if err != nil {
		return err
	}
	b.Data["image/png"] = base64.StdEncoding.EncodeToString(pic)
	sized(b, d)
	return nil
}
