package render

import (
	"gonum.org/v1/plot/vg/draw"
)

// table is the table under the axes.
type table struct{}

func (s *panel) arrangeTable(area draw.Canvas) draw.Canvas { return area }

func (s *panel) drawTable() {}
