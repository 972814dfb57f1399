// An empty file, so that the compiler accepts functions without bodies: their
// code is the runtime's, by go:linkname.
