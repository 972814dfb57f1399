// Package machine is the family of %perf: what the machine did while Go ran. Events
// are counted in the session's worker (magics/harness/counters), or by a model of a CPU
// where it has no counters (magics/simulated); samples say at which instructions the
// time went (magics/harness/sampler).
//
// Figures of the two kinds are never in one table: a model knows neither the time nor
// this CPU.
package machine
