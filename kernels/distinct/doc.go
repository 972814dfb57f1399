// Package distinct counts the different first names of a phone book: the sources'
// example of a program that a set makes thousands of times as fast.
//
//	set := map[string]struct{}{}
//	for _, name := range names {
//		first, _, _ := strings.Cut(name, " ")
//		set[first] = struct{}{}
//	}
//	return len(set)
//
// The experiment is that of High Performance Python, chapter 4: 10,000 entries whose
// first names are all different, where a list that is searched for each name takes 560
// times as long as a set there, and 4,300 times at 100,000. The list's work grows with
// the square of the number of names, the set's with the number.
package distinct
