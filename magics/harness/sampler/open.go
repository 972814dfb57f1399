package sampler

import (
	"encoding/json"
	"fmt"
	"sync/atomic"

	"hpgo/magics/harness"
)

// open is the sampling that goes on from cell to cell.
var open atomic.Pointer[Sampler]

// Open begins to sample the process until Close, beyond the end of the cell that
// calls it: for cells that are to run as they are. options are Options as JSON.
func Open(options string) error {
	var o Options
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		return fmt.Errorf("read how to sample: %w", err)
	}
	s, err := Start(o)
	if err != nil {
		return err
	}
	if old := open.Swap(s); old != nil {
		old.Stop()
	}
	return nil
}

// Close ends what Open began and reports it as a Run without times of its own.
func Close() {
	if s := open.Swap(nil); s != nil {
		harness.Report(RecordKind, Run{Samples: s.Stop()})
	}
}
