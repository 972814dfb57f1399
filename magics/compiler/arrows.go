package compiler

import (
	"cmp"
	"slices"
	"strings"

	"hpgo/magics/result"
)

// maxLanes is how many arrows stand side by side; those that go around more others
// are left out, since nobody could follow them.
const maxLanes = 8

// jump is an arrow between two instructions, by index.
type jump struct {
	from, to int
	lane     int // 0 is next to the code
}

func (j jump) first() int { return min(j.from, j.to) }
func (j jump) last() int  { return max(j.from, j.to) }

// jumps are the jumps inside the code, each on a lane where it meets no other.
func jumps(ins []result.DisasmInstruction) []jump {
	index := map[int]int{}
	for i, in := range ins {
		index[in.Offset] = i
	}
	var all []jump
	for i, in := range ins {
		if in.Target == nil {
			continue
		}
		if to, ok := index[*in.Target]; ok && to != i {
			all = append(all, jump{from: i, to: to})
		}
	}
	// The shortest are next to the code, so that arrows stand inside one another.
	slices.SortStableFunc(all, func(a, b jump) int { return cmp.Compare(a.last()-a.first(), b.last()-b.first()) })
	var placed []jump
	for _, j := range all {
		for j.lane = 0; j.lane < maxLanes && meets(placed, j); j.lane++ {
		}
		if j.lane < maxLanes {
			placed = append(placed, j)
		}
	}
	return placed
}

// meets reports whether an arrow would touch another on its lane. Those to one
// target may end together.
func meets(placed []jump, j jump) bool {
	return slices.ContainsFunc(placed, func(p jump) bool { return p.lane == j.lane && p.first() <= j.last() && j.first() <= p.last() })
}

// arrows draws the jumps as text before each instruction, all of one width.
func arrows(ins []result.DisasmInstruction) []string {
	all := jumps(ins)
	lanes := 0
	for _, j := range all {
		lanes = max(lanes, j.lane+1)
	}
	rows := make([][]rune, len(ins))
	for i := range rows {
		rows[i] = []rune(strings.Repeat(" ", lanes+1))
	}
	for _, j := range all {
		at := lanes - 1 - j.lane
		for i := j.first() + 1; i < j.last(); i++ {
			rows[i][at] = over(rows[i][at], '│')
		}
		rows[j.first()][at], rows[j.last()][at] = over(rows[j.first()][at], '╭'), over(rows[j.last()][at], '╰')
		for _, i := range []int{j.from, j.to} {
			for k := at + 1; k < lanes; k++ {
				rows[i][k] = over(rows[i][k], '─')
			}
		}
		if rows[j.from][lanes] == ' ' {
			rows[j.from][lanes] = '─'
		}
		rows[j.to][lanes] = '>'
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = string(r)
	}
	return out
}

// over is what is to be seen where a line is drawn over another.
func over(was, drawn rune) rune {
	switch {
	case was == ' ' || was == drawn:
		return drawn
	case was == '│' && drawn == '─', was == '─' && drawn == '│':
		return '┼'
	case was == '─':
		return drawn
	}
	return was
}
