//go:build !unix

package history

import "os"

// lock does nothing here: two kernels that start in the same moment may count
// as one session.
func lock(*os.File) (bool, error) { return true, nil }
