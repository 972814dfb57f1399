// Package anomaly finds the days of a stream, one value a second, whose values aren't
// normally distributed.
//
//	for each day of the stream {
//		values := the day's values // 86,400, one a second
//		if math.Exp(-K2(values)/2) < 1e-3 {
//			the day is anomalous
//		}
//	}
//
// High Performance Python, chapter 5, reads 20 years lazily, 7,305 days and
// 631,152,000 rows; its data are made up: 100 with a chance of 1 in 604,800, a week of
// seconds, else normally distributed. Values here are a function of the row's number
// alone (see Value), so days can be made in any order, by whichever language, and are
// the same to the last bit. A day is a UTC day, Unix seconds divided by 86,400; the
// chapter's day of the month begins at another moment in each time zone.
//
// The test is D'Agostino's and Pearson's K², of skewness and kurtosis, which is
// chi-squared with two degrees of freedom for normal values: p = exp(-K²/2). About one
// day in a thousand is found although its values are normal; that is what p means. Of
// the 20 years' days 996 are found, the first of them 1, 6, 21, 30 and 35 (counted from
// 0): all 987 with an outlier, and 9 without.
//
// Days that can't be tested have a K² of NaN and aren't anomalous: those with fewer
// than 8 rows, with NaN or an infinity among their values, and those whose values are
// all the same.
package anomaly
