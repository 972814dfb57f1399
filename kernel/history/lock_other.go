//go:build !unix

package history

import "os"

// lock does nothing here: two kernels that start in the same moment may count
// as one session.
func lock(*os.File) (unlock func(), err error) { return func() {}, nil }
