// Package harness is what magics link into cells: it looks at values where they
// live, in the worker, and measures code where it runs. What it finds it reports to
// the kernel at once (Report), so that a panic, an interrupt or the end of the
// process loses nothing. Since every cell that uses it carries it, it uses the
// standard library, package display and the other rooms that cells link, only.
//
// What measuring changes in the process it changes back, also after a panic: see
// display.AtCellEnd. Package variables hold what must outlast a call of the cell's
// function, and are guarded by locks.
package harness
