//go:build !linux

package harness

import (
	"fmt"
	"runtime"
	"time"
)

// processMemory reads what the system knows of this process's memory: here
// nothing, since there is no /proc.
type processMemory struct{}

func openProcessMemory() (*processMemory, error) { return &processMemory{}, errNoProc() }

func (p *processMemory) close() {}

func (p *processMemory) rss() int64 { return 0 }

func resetPeak() error { return errNoProc() }

func peakMemory() (int64, error) { return 0, errNoProc() }

func childrenRSS(int) int64 { return 0 }

func errNoProc() error {
	return fmt.Errorf("resident memory is read in /proc, which %s doesn't have", runtime.GOOS)
}

func pause(d time.Duration) { time.Sleep(d) }
