// Package hpgo carries the source of the packages that cells import, so that
// an installed binary needs nothing but the Go toolchain to compile them.
package hpgo

import "embed"

// Source holds go.mod, go.sum and the packages that a session's module resolves
// as hpgo/...: what cells import and what the worker is built from.
//
//go:embed go.mod go.sum kernel/display/*.go plots/*.go kernels magics/harness magics/interpreted/*.go magics/handover/*.go magics/prof/*.go magics/quantity/*.go magics/result/*.go
//go:embed kernel/worker/child kernel/worker/frame kernel/worker/guard kernel/live/methods kernel/worker/hpgo-worker
var Source embed.FS
