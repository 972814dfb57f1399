package diagnostics

import (
	"cmp"
	"reflect"
	"slices"

	"hpgo/magics/result"
)

// Flags are the compile tool's flags for what Read reads. dir is a directory that
// doesn't exist yet.
func Flags(dir string) []string {
	return []string{"-m=2", "-d=ssa/prove/debug=1,wb=1", "-json=0," + dir}
}

// Read reads the remarks of one compilation, by place: its text, and the files
// that it wrote to dir. sources are the texts of files with line directives in them,
// by name, which the latter's positions don't follow.
func Read(messages, dir string, sources map[string]string) ([]result.Remark, error) {
	logged, err := readLogs(dir, sources)
	if err != nil {
		return nil, err
	}
	return merge(slices.Concat(readText(messages), logged)), nil
}

// merge sorts remarks by place and counts those that are the same.
func merge(all []result.Remark) []result.Remark {
	slices.SortStableFunc(all, func(a, b result.Remark) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	var out []result.Remark
	for _, r := range all {
		if i := same(out, r); i >= 0 {
			if counted(r.Kind) {
				out[i].Count++
			}
			continue
		}
		r.Count = 1
		out = append(out, r)
	}
	return out
}

// same finds the remark that a new one repeats; -1: none.
func same(before []result.Remark, r result.Remark) int {
	for i := len(before) - 1; i >= 0; i-- {
		b := before[i]
		if b.File != r.File || b.Line != r.Line || b.Col != r.Col {
			return -1
		}
		b.Count = 0
		if reflect.DeepEqual(b, r) {
			return i
		}
	}
	return -1
}

// counted tells kinds of which there can be several in one place. Others the
// compiler may only say twice.
func counted(kind string) bool {
	switch kind {
	case result.RemarkBounds, result.RemarkSliceBounds, result.RemarkNilCheck, result.RemarkCopy:
		return true
	}
	return false
}
