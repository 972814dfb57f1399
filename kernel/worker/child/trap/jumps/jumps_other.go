//go:build !amd64 && !arm64

package jumps

// Find reads no code of this architecture.
func Find([]byte) (jumps []Jump, calls []Call, ok bool) { return nil, nil, false }

// ClearsByte reads no code of this architecture.
func ClearsByte([]byte, int) bool { return false }
