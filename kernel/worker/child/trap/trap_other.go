//go:build !hpgo_live || !linux || !cgo || race || msan || asan || !(amd64 || arm64)

package trap

import (
	"errors"

	"hpgo/kernel/worker/child"
)

// New reports that there is no trap in this build.
func New(func() []string) (child.Trap, error) {
	return nil, errors.New("no trap in this build")
}
