package result

import (
	"encoding/json"
	"fmt"
)

// Read returns a result from its JSON. Generated code calls it to declare the
// variable of -v NAME; it panics if the text is not of that type, which the kernel
// that wrote it rules out.
func Read[T any](text string) T {
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic(fmt.Sprintf("result.Read[%T]: %v", v, err))
	}
	return v
}

// Envelope is the data of a measurement with all that is needed to judge it.
type Envelope struct {
	Schema    string         `json:"schema"`    // hpgo.timeit.v1
	Magic     string         `json:"magic"`     // timeit
	Cell      int            `json:"cell"`      // number of the cell
	Statement string         `json:"statement"` // what was measured
	Env       Env            `json:"env"`
	Params    map[string]any `json:"params"` // flags and choices, in SI base units
	Result    any            `json:"result"` // a value of this package
	Samples   any            `json:"samples,omitempty"`
	Warnings  []string       `json:"warnings"`
	Partial   string         `json:"partial,omitempty"` // "3 of 7 runs": the rest is missing
}
