package frame

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// FlightHeader is how many bytes at the beginning of a trace say what it is.
const FlightHeader = 16

// FlightFiles are the files of a flight recorder whose Flight.File is prefix, oldest
// first: together they are a trace, if all but the first are read from behind their
// FlightHeader.
func FlightFiles(prefix string) []string {
	dir, base := filepath.Split(prefix)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // it has written none
	}
	var numbers []int
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), base+"."); ok {
			if n, err := strconv.Atoi(rest); err == nil {
				numbers = append(numbers, n)
			}
		}
	}
	slices.Sort(numbers)
	var names []string
	for _, n := range numbers {
		names = append(names, FlightFile(prefix, n))
	}
	return names
}

// FlightFile is the name of one of them.
func FlightFile(prefix string, n int) string { return prefix + "." + strconv.Itoa(n) }
