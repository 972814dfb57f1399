package notebook

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// fillIDs gives every cell without an id, or with one that an earlier cell
// has, an id of its own. The ids follow from position and text rather than
// from chance, so that converting the same file twice gives the same bytes.
func (nb *Notebook) fillIDs() {
	if nb.Minor < 5 {
		return
	}
	taken := make(map[string]bool, len(nb.Cells))
	var without []int
	for i, c := range nb.Cells {
		if c.ID == "" || taken[c.ID] {
			without = append(without, i)
			continue
		}
		taken[c.ID] = true
	}
	for _, i := range without {
		c := nb.Cells[i]
		for salt := 0; ; salt++ {
			sum := sha256.Sum256(fmt.Appendf(nil, "%d/%d/%s/%s", i, salt, c.Type, c.Source))
			c.ID = hex.EncodeToString(sum[:4])
			if !taken[c.ID] {
				taken[c.ID] = true
				break
			}
		}
	}
}

// validID follows the schema of nbformat 4.5: 1 to 64 of letters, digits, - and _.
func validID(id string) bool {
	if len(id) == 0 || len(id) > 64 {
		return false
	}
	for _, r := range id {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_':
		default:
			return false
		}
	}
	return true
}
