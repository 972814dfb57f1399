//go:build !linux

package valgrind

import "os"

func rest() *os.File { return nil }
