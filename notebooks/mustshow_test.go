package notebooks

// mustShow is text that a notebook shows at every scale, with how often.
var mustShow = map[string]map[string]int{
	"00-tour.ipynb": {
		"checksum 33219980":              2, // of High Performance Python, chapter 2
		"(2, 42)":                        1, // the goroutine's total after two cells
		"(3, 3, 3)":                      1, // after the errors
		"Oslo: 70.7 °F":                  2, // by the new function
		"picture 1000x1000":              1,
		"picture 200x200":                1, // of the sliders
		"899679 of 1000000":              1,
		"did you mean r.Temp":            1,
		"did you mean warmest":           1,
		"index out of range [3]":         1,
		"1000 of 1000 rows":              1, // updated by a later cell
		"fit: width^":                    1,
		"Iterations":                     1,
		"go version go":                  1,
		"Wall time":                      1,
		`"100-300":101905`:               1,
		"for **c = −0.62772 − 0.4219":    1,
		"julia counts the iterations of": 1, // in the help
	},
	"01-understanding.ipynb": {
		"checked: a second, fifty times a day: 1 day":       1,
		"checked: 10,000,000 isn't prime, 10,000,019 is":    1,
		"checked: the last divisor to try is 3162 for both": 1,
		"rounded twice: 0  once: 5.551115123125783e-17":     1,
		"VFMADD231SD":                                           2, // mulAdd at v3, hornerFused
		"checked: both chains end at 2":                         1,
		"checked: a ring of 1024 places, shuffled":              2,
		"checked: 100000 lines are read, in order and shuffled": 1,
		"checked: a jump in the largest set takes several":      1,
		"checked: the masses are 499,500 in each layout":        1,
		"bytes arrive by each way":                              1,
		"checked: C and Go add up to the same":                  1,
		"checked: both have moved":                              1,
		"checked: all 100 are asked, also by 200":               1,
		"below 10 s: 14 cores; below 5 s: 0":                    1,
		"isn't, by 1 to 50 workers":                             1,
		"one CPU, by turns":                                     1,
		"checked: five searches agree on 3 sizes, 4 places":     1,
		"heat of 16 by 5 values":                                1,
		"by Proebsting's law, the work of":                      1,
		"the profile gains":                                     3, // calls, division, two types
		"checked: everybody is asked":                           1,
	},
	"02-profiling.ipynb": {
		"checksum 33,219,980":               6, // of each version, before it is timed
		"mean ± std. dev. of 7 runs":        1,
		"function calls":                    1, // %prun
		"calls of cmplx.Abs: ":              1, // counted, and compared with the iterations
		"Hits         Time  Per Hit":        4, // %lprun
		"peak memory:":                      3, // %memit, %mprof
		"Alloc (B)":                         2, // %mprun, by function
		"region       times":                1,
		"vs base":                           3, // %compare
		"--- PASS: TestSquare":              1,
		"of the points take 100":            1,
		"calls of abs would be saved":       1,
		"time.Sleep(20 * time.Millisecond)": 1,
		"rule at y = 1×: no cost":           1,
		"a copy 16, objects for any 16":     1, // B a point, by %cprun
	},
	"03-machine.ipynb": {
		"checksum 33,219,980":           3,
		"Performance counter stats for": 5,
		"inlined math.Hypot":            1,
		"calls math.archHypot":          1,
		"archHypot":                     4,
		"bounds check: xs[i]":           1,
		"slice bounds: ys[:len(xs)]":    1,
		"no check needed ×2":            1,
		"no bounds checks in the":       1, // of the build with -B
		"heap: n.(int) + 1":             1,
		"busy":                          2, // by the traces
		"1 data race":                   1,
		"3 goroutines left behind":      1,
		"by the program's own profiler": 1,
		"called by | function | calls":  1,
		"true":                          5, // versions agree
	},
	"05-maps-hashing.ipynb": {
		"checked: ":                                    32,
		"3 ways agree on 1,000 lookups":                1,
		"3 and 3 different first names of 5":           1,
		"499500 comparisons if all differ, 125250":     1,
		"0b11111111 =  47 of 256 slots":                1,
		"0b111111111 = 303 of 512 slots":               1,
		"slot 5: Barcelona, home 2":                    1,
		"Johannesburg: [2 5 2 3 0] false":              1,
		"forgetful true : Barcelona looks at [2]":      1,
		" 500 cities: 474 collide, 19.2 for each hash": 1,
		"1000 cities: 974 collide, 38.5 for each hash": 1,
		"first letter  : 21 slots looked at":           1,
		"notes: [8 18 39 81 165]":                      1,
		"dict:  [8 16 32 64 128 256]":                  1,
		"insert   9:   16 slots in 1 tables":           1,
		"insert 449: 1024 slots in 1 tables":           1,
		"dict, by the rule: [6 11 22 43 86 171]":       1,
		"checked: tombstones of 15 keys in 32 slots":   1,
		"by 1024 slots at most; with a size hint 0":    1,
		"map[point]: 1 entry, map[*point]: 2 entries":  1,
		"sign bit of the key: true value: minus zero":  1,
		"invalid map key type []int":                   1,
		"hash of unhashable type []int":                1,
		"1.3862943611198906 1.1682824501765625":        1,
		"constant       0.00 bits, 675 of 676 collide": 1,
		"perfect        9.40 bits,   0 of 676 collide": 1,
		"16384 (14 bits); Go: 8192 slots in 8 tables":  1,
		"zz: 677 slots looked at with the constant":    1,
		"65536     500.5, most   1000":                 1,
		"multiples of 2 or 3: 5461 of both: 1366":      1,
		"five ways add up to 1500":                     1,
		"an insert has to copy":                        1,
	},
	"04-slices-arrays.ipynb": {
		"checked: ":                          50,
		"header: 24 bytes; len 6, cap 6":     1,
		"[0 8 16 24 32 40]":                  1, // where the elements lie
		"1,000 steps visit all of 1,000":     1,
		"61 is at index 7":                   1,
		"it would never end":                 2, // the published binary search
		"--- PASS: TestSearches":             1,
		"--- PASS: FuzzSearches/seed#1":      1,
		"500 to 496":                         1,
		"all ways to sort agree":             1,
		"CPython: 1000000 elements, 1056084": 1,
		"104,391,068 slots after 125 steps":  1,
		"append 5       len 5, cap 8":        1,
		"room for 16, a clone for 10":        1,
		"all ways hold the same numbers":     1,
		"a slice of it twice: 24 + 2·24":     1,
		"255 needs no box, 256 does":         1,
		"all three columns count Oslo":       1,
		"makeList was called 2 times":        1,
		"clipping changes the capacity":      1,
		"arrays and structs are values":      1,
		"grows like":                         20, // of the sweeps
		"the mended search finds all":        1,
		"a key: map[int]int":                 1,
		"addLists was called 1 times":        1,
	},
	"06-iterators-generators.ipynb": {
		"4 loops, equal sums":                        1,
		"told to stop":                               2, // by the loop's break, and by stop
		"take 1\ntold to stop\nclean up":             1,
		"a function that reads on:     3 0":          1,
		"continued iteration after function":         1, // for loop body returned false
		"pairs 0 1 and 2 3, of 4 items made":         1,
		"all others make 10":                         1,
		"inlined overSeq.upTo.func1":                 1,
		"it has a defer statement":                   1,
		"F(93) = 12200160415121876738":               1,
		"kept:   [34 55 34 55 34 55 34 55 34 55]":    1,
		"a quarter of them, in both":                 1,
		"13 in all three":                            1,
		"took 5 items of an endless source":          1,
		"asked for item 1000000":                     1,
		"1 goroutine left behind":                    1,
		"no goroutine was left behind":               2,
		"coroutines left: 0 with stop, 100 without":  1,
		"three readers, equal sums":                  1,
		"[A4 B2 A2]":                                 1,
		"1970-01-02 1970-01-07 1970-01-22":           2, // by the loop, and by Pull
		"3110401 rows were made":                     1,
		"equal to nine digits":                       1,
		"kept: [[0 1 2] [1 2 3] [2 3 4]]":            2,
		"kept: [[3 4 2] [4 2 3] [2 3 4]]":            1, // the ring's
		"with 1, 2 and 4 workers":                    1,
		"equal means with one and with four workers": 1,
		"minus sine, in five ways":                   1,
		"solved:":                                    11,
	},
	"07-matrix-vector.ipynb": {
		"checked: ":                                31,
		"as expected":                              20, // hypotheses that are judged, whichever way
		"the sum is 20 at every time":              1,
		"both squares keep their heat":             1,
		"naive equals the kernel":                  1,
		"three ways to find a neighbour agree":     1,
		"those at the edges":                       1,
		"five layouts agree":                       1,
		"bytes a cell: 8 in a slice, 16":           1,
		"exact: 333,332,833,333,500,000":           1,
		"after addTo the array is the same: true":  1,
		"after u = add(u, v):               false": 1,
		"four variants equal the naive loop":       1,
		"16 MB hold two squares of side 1000":      1,
		"into the array: [1 2 99 4 5]":             1,
		"shape [4 4]    strides [144 16]":          1,
		"shape [12]     strides [-8]":              1,
		"the tiled sum equals the other":           1,
		"all 961 points agree":                     1,
		"every permutation is one cycle":           1,
		"float16              65504  0.000976562":  1,
		"rounded to float16 alike by both":         1,
		"2049 and 257":                             1,
		"+4: the heat is kept (0.2450 and 0.2450), but after 20 steps a cell has 13": 1,
		"1.8 times with each step":                1,
		"the clock without Wait shows less: true": 1,
		"five schemes equal the plain one":        1,
		"PyTorch, convolution   19705.6 times":    1,
	},
	"08-compiling.ipynb": {
		"checksum 33,219,980":                         1,
		"times go build, the same sum":                1, // of the programs beside
		"the sum is 33219980":                         1, // by i*step
		"other count: 0 points":                       1, // fusing
		"one step too many for each point":            1,
		"1 1.4142135623730951 1 1.4142135623730951 1": 1, // abs, three ways
		"INCQ AX":                                     2, // x + 1
		"calls runtime.convT64":                       2, // x + 1 of any, and the listing
		"heap: n.(int) + 1":                           1,
		"calls math.archHypot":                        2,
		"100000 +Inf":                                 1,
		"at 16777216":                                 1, // where a float32 stops
		"slice bounds: out[:len(in)]":                 1,
		"static   8 workers are busy  32 %":           1,
		"dynamic  8 workers are busy 100 %":           1,
		"four schedules agree with the plain loop":    1,
		"yes: a chunk of n / workers":                 1,
		"36 MB fit into any GPU":                      1,
		"two of them used: 25":                        1, // fields of a struct of C
		"declared as int: no error, and right: false": 1,
		"0 counts differ, compensated 1e-10":          1, // C
		"5 5 5 5":                                     1, // additions by four routes
		"shared: 300 behind the copy: 0":              1,
		"all agree after a step on 262144 cells":      1,
		"the same, row by row":                        1,
		"equal sums: true":                            1,
		"written after three collections: 0 bytes":    1,
		"written with defer w.Flush(): 9 bytes":       1,
		"closed by the collector: true":               1,
		"SIGSEGV: segmentation violation":             1,
		"a new worker: 2 + 3 = 5":                     1,
	},
	"plots-gallery.ipynb": {
		"of 1,000,000 points":               1, // thinned, and said
		"95 % band of the mean":             2, // of the fitted line and of the growth
		"heat temperature of 64 by 64":      2, // the picture and the live one
		"panel 4: after 300 steps":          1,
		"movie of 12 frames":                1,
		"only in the base: decode":          1,
		"pipeline.func1":                    1, // a goroutine by its function
		"peak at":                           2,
		"44,981":                            1, // times that the hottest line runs
		"2 of 9 values are NaN or infinite": 1,
		`line "sort": X has `:               1,
	},
}
