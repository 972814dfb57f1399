package measuring

import (
	"fmt"
	"strings"

	"hpgo/magics/magic"
)

// Block is a piece of the user's Go with its name.
type Block struct {
	Name string
	magic.Piece
}

// Blocks splits a cell's body at its lines that begin with three dashes.
func Blocks(body magic.Piece) ([]Block, error) {
	var parts []Block
	off := 0
	for line := range strings.Lines(body.Text) {
		name, marks := strings.CutPrefix(strings.TrimRight(line, " \t\r\n"), "---")
		switch {
		case marks && strings.TrimSpace(name) == "":
			return nil, fmt.Errorf("block %d has no name: write --- NAME", len(parts)+1)
		case marks:
			parts = append(parts, Block{Name: strings.TrimSpace(name), Piece: magic.Piece{At: body.At + off + len(line)}})
		case len(parts) > 0:
			parts[len(parts)-1].Text += line
		case strings.TrimSpace(line) != "":
			return nil, fmt.Errorf("there is Go before the first block: begin it with --- NAME; what prepares all blocks stands on the line of the magic")
		}
		off += len(line)
	}
	return parts, nil
}
