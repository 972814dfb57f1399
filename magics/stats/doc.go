// Package stats decides: from samples of a measurement to summaries, intervals,
// tests and verdicts. Its functions are pure; they neither measure nor show.
//
// A sample is a []float64 in the order of measurement, of finite values in base
// units (seconds, bytes). Samples are never changed. Results carry Warnings:
// complete sentences without a full stop, to be shown beside the figures.
package stats
