package recording

import (
	"fmt"

	"hpgo/plots"
)

// Resolve returns a figure whose recordings have been read: data with a
// Recording become the figure that its options ask for, in the panels of a grid
// as well; other data are returned as they are.
func Resolve(d plots.Data) (out plots.Data, err error) {
	defer func() {
		// The readers are written for sound files; a notebook may hold others.
		if p := recover(); p != nil {
			out, err = d, fmt.Errorf("read recording: %v", p)
		}
	}()
	if d.Grid != nil {
		return resolveGrid(d)
	}
	if d.Recording == nil {
		return d, nil
	}
	if d.Recording.Profile != nil {
		return resolveProfile(d)
	}
	if d.Recording.Trace != nil {
		return resolveTrace(d)
	}
	return d, fmt.Errorf("read recording: it is empty")
}

// resolveGrid resolves the panels of small multiples.
func resolveGrid(d plots.Data) (plots.Data, error) {
	grid := *d.Grid
	grid.Panels = make([]plots.Data, len(d.Grid.Panels))
	for i, p := range d.Grid.Panels {
		var err error
		if grid.Panels[i], err = Resolve(p); err != nil {
			return d, fmt.Errorf("panel %d: %w", i+1, err)
		}
	}
	d.Grid = &grid
	return d, nil
}
