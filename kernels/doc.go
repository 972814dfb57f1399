// Package kernels will hold the numeric and container kernels that the
// notebooks measure, one folder per subject.
package kernels
