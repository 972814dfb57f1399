package tracing

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hpgo/magics/result"
)

var (
	accessLine  = regexp.MustCompile(`^(Previous )?((?i:atomic )?(?i:read|write)) at 0x[0-9a-f]+ by (.*):$`)
	createdLine = regexp.MustCompile(`^(?i:(goroutine \d+)) \(.*\) created at:$`)
	frameLine   = regexp.MustCompile(`^      (.*):(\d+) \+0x[0-9a-f]+$`)
)

// readRaces reads the reports of the race detector, those with the same two places
// once. seen is how many reports there were.
func readRaces(text string) (races []result.DataRace, seen int) {
	index := map[[2]string]int{}
	for _, block := range strings.Split(text, "==================\n") {
		if !strings.HasPrefix(block, "WARNING: DATA RACE") {
			continue
		}
		r, ok := readRace(block)
		if !ok {
			continue
		}
		seen++
		a, b := r.Access, r.Previous
		key := [2]string{at(a.At), at(b.At)}
		if key[0] > key[1] {
			key[0], key[1] = key[1], key[0] // the detector meets the two in either order
		}
		i, known := index[key]
		if !known {
			i = len(races)
			index[key] = i
			races = append(races, r)
		}
		races[i].Seen++
	}
	slices.SortStableFunc(races, func(a, b result.DataRace) int { return b.Seen - a.Seen })
	return races, seen
}

// readRace reads one report.
func readRace(block string) (r result.DataRace, ok bool) {
	started := map[string]result.TracePlace{} // by goroutine
	accesses := 0
	for _, section := range strings.Split(block, "\n\n") {
		section = strings.TrimPrefix(section, "WARNING: DATA RACE\n")
		head, body, _ := strings.Cut(section, "\n")
		calls := raceCalls(body)
		if m := accessLine.FindStringSubmatch(head); m != nil {
			a := &r.Access
			if m[1] != "" {
				a = &r.Previous
			}
			*a = result.RaceAccess{Op: strings.ToLower(m[2]), Goroutine: strings.ToLower(m[3]), At: innermost(goroutine{frames: calls}), Frames: []result.TracePlace{}}
			for _, c := range calls {
				if !c.ofSession() {
					a.Frames = append(a.Frames, c.place())
				}
			}
			accesses++
		} else if m := createdLine.FindStringSubmatch(head); m != nil && len(calls) > 0 {
			started[strings.ToLower(m[1])] = startedAt(calls)
		}
	}
	r.Access.Started, r.Previous.Started = started[r.Access.Goroutine], started[r.Previous.Goroutine]
	return r, accesses == 2
}

// startedAt is the innermost line of a cell, if the stack has one. The detector leaves
// out the callers of package sync, in which it doesn't look: then the line of that.
func startedAt(calls []call) result.TracePlace {
	for _, c := range calls {
		if c.inCell() {
			return c.place()
		}
	}
	if len(calls) > 0 && !calls[0].ofSession() {
		return calls[0].place()
	}
	return result.TracePlace{}
}

// raceCalls reads the calls of a section: a function, then its place.
func raceCalls(body string) []call {
	var calls []call
	lines := strings.Split(body, "\n")
	for i := 0; i+1 < len(lines); i++ {
		m := frameLine.FindStringSubmatch(lines[i+1])
		if m == nil {
			continue
		}
		c := call{fn: strings.TrimSuffix(strings.TrimSpace(lines[i]), "()"), file: m[1]}
		c.line, _ = strconv.Atoi(m[2])
		calls = append(calls, c)
		i++
	}
	return calls
}
