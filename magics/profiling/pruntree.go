package profiling

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/report"
	"hpgo/plots/recording/profiles"
)

// callNode is a function at one place of the tree of calls.
type callNode struct {
	name, where string
	value       float64
	children    []*callNode
}

func (n *callNode) child(name, where string) *callNode {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	c := &callNode{name: name, where: where}
	n.children = append(n.children, c)
	return c
}

// treeShare is the part of all that a function takes at least to stand in the tree.
const treeShare = 0.01

// prunTree is the tree of calls, as pyinstrument shows it: what a function took
// with all that it called, the largest first.
func prunTree(st *storedPrun) string {
	root := &callNode{}
	for _, s := range st.data.Stacks {
		v := float64(s.Values[st.value])
		root.value += v
		at := root
		for _, f := range slices.Backward(s.Frames) {
			at = at.child(profiles.Name(f.Func, f.File), prunPlace(f))
			at.value += v
		}
	}
	var b strings.Builder
	var walk func(n *callNode, lead, own string)
	walk = func(n *callNode, lead, own string) {
		if n != root {
			fmt.Fprintf(&b, "%s%s %s  %s\n", own, st.result.Amount(n.value*st.scale), n.name, n.where)
		}
		var shown []*callNode
		for _, c := range n.children {
			if c.value >= treeShare*root.value {
				shown = append(shown, c)
			}
		}
		slices.SortStableFunc(shown, func(a, b *callNode) int { return cmp.Compare(b.value, a.value) })
		for i, c := range shown {
			branch, below := "├─ ", "│  "
			if i == len(shown)-1 {
				branch, below = "└─ ", "   "
			}
			if n == root {
				branch, below = "", ""
			}
			walk(c, lead+below, lead+branch)
		}
	}
	walk(root, "", "")
	return b.String()
}

func prunPlace(f profiles.Frame) string {
	line := cmp.Or(f.Start, f.Line)
	if inCellFile.MatchString(f.File) && profiles.Name(f.Func, f.File) == f.File {
		return ""
	}
	if line == 0 {
		return shortFile(f.File) // of code that isn't Go no line is known
	}
	return fmt.Sprintf("%s:%d", shortFile(f.File), line)
}

// pprofPages are pprof's own pages of the profile, in a frame.
func (p *prun) pprofPages(h magic.Host, st *storedPrun) (report.Block, error) {
	sources := map[string]string{}
	for _, s := range st.data.Stacks {
		for _, f := range s.Frames {
			if _, ok := cellNumber(f.File); ok && sources[f.File] == "" {
				sources[f.File] = sourceText(h, f.File)
			}
		}
	}
	pages, err := profiles.Pages(st.data, p.base, sources, `^main\.`)
	if err != nil {
		return nil, err
	}
	return report.Frame{Title: "pprof", Page: profiles.Book(pages), Height: 600}, nil
}
