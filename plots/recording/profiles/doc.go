// Package profiles makes profiles in pprof's format of stacks from anywhere, reads
// them back, and has pprof itself draw its pages of them. It runs in the kernel's
// process. It starts no goroutines; pprof's driver starts some for a page, which end
// with it.
package profiles
