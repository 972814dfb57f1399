//go:build hpgo_never

// This file keeps in go.mod what sessions import out of the box: a session's
// module is made of hpgo's requirements. It is never compiled.
package build

import (
	_ "github.com/janpfeifer/gonb/cache"
	_ "github.com/janpfeifer/gonb/gonbui/plotly"
	_ "github.com/janpfeifer/gonb/gonbui/widgets"
	_ "golang.org/x/exp/constraints"
	_ "gonum.org/v1/gonum/mat"
	_ "gonum.org/v1/gonum/stat"
	_ "gonum.org/v1/plot"
)
