// Package remote looks into Go programs that run somewhere: by the pages of
// net/http/pprof, or, on this machine, by samples that the kernel takes of a process
// that need not know of it. Both give profiles as package profiles has them.
package remote
