package harness

import (
	"encoding/json"
	"fmt"

	"hpgo/kernel/display"
)

// RecordMIME is the type under which a Record travels to the kernel, which takes
// it out of what is shown.
const RecordMIME = "application/vnd.hpgo.record+json"

// Record is one thing that measuring code tells the kernel.
type Record struct {
	Kind string          `json:"kind"`
	Data json.RawMessage `json:"data"`
}

// MIMEBundle lets a record travel as an output.
func (r Record) MIMEBundle() map[string]any {
	return map[string]any{RecordMIME: r, "text/plain": r.Kind}
}

// Report sends a record. It arrives even if the process ends right afterwards,
// so what was measured before a panic or an interrupt isn't lost. It takes some
// ten microseconds: not for use inside of what is timed.
func Report(kind string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("report %s: %v", kind, err)) // of ours: results are plain structs
	}
	display.Show(Record{Kind: kind, Data: data})
}

// ReadRecord returns the record that a bundle carries; false: it carries none.
func ReadRecord(b display.Bundle) (Record, bool) {
	v, ok := b.Data[RecordMIME]
	if !ok {
		return Record{}, false
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return Record{}, false
	}
	var r Record
	return r, json.Unmarshal(raw, &r) == nil
}
