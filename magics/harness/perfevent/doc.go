// Package perfevent speaks to the kernel's performance events (perf_event_open(2)):
// what those who sample with them and those who count with them have in common.
// Cells link it, so it stays on the standard library.
package perfevent
