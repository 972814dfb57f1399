// Package catalog lists the subjects.
package catalog

import (
	"hpgo/kernels"
	"hpgo/kernels/anomaly"
	"hpgo/kernels/convolution"
	"hpgo/kernels/diffusion"
	"hpgo/kernels/distinct"
	"hpgo/kernels/elementwise"
	"hpgo/kernels/entropy"
	"hpgo/kernels/fibonacci"
	"hpgo/kernels/filter"
	"hpgo/kernels/hashtable"
	"hpgo/kernels/julia"
	"hpgo/kernels/laplacian"
	"hpgo/kernels/lookup"
	"hpgo/kernels/matmul/withgonum"
	"hpgo/kernels/norm"
	"hpgo/kernels/ols"
	"hpgo/kernels/pi"
	"hpgo/kernels/primes"
	"hpgo/kernels/rolling"
	"hpgo/kernels/sequence"
)

// All returns the subjects, in the order of the notebooks.
func All() []kernels.Entry {
	return []kernels.Entry{
		julia.Kernel,
		diffusion.Kernel,
		laplacian.Kernel,
		filter.Kernel,
		convolution.Kernel,
		norm.Kernel,
		elementwise.Kernel,
		lookup.Kernel,
		distinct.Kernel,
		hashtable.Kernel,
		entropy.Kernel,
		sequence.Kernel,
		fibonacci.Kernel,
		anomaly.Kernel,
		withgonum.Kernel,
		pi.Kernel,
		primes.Kernel,
		ols.Kernel,
		rolling.Kernel,
	}
}
