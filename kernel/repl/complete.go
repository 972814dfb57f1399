package repl

import (
	"context"
	"strings"

	"hpgo/magics"
)

// complete offers what may stand at an offset.
func (k *console) complete(_ context.Context, text string, at int) completion {
	start := strings.LastIndexByte(text[:at], '\n') + 1
	from, found := magics.Complete(text[start:at])
	c := completion{from: start + from, to: at}
	for _, f := range found {
		c.items = append(c.items, candidate{f.Text, f.Doc})
	}
	return c
}
