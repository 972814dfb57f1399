package group

import "time"

// What programs are given before less gentle ways are taken.
const (
	// KillAfter is what a program has to end after an interrupt.
	KillAfter = 500 * time.Millisecond
	// LetGo is how long output is awaited after a program ended while others
	// that it started keep its output open, as `!server &` does.
	LetGo = 700 * time.Millisecond
)
