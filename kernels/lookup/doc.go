// Package lookup finds the numbers of names in a phone book: the sources' example of
// what a list, a sorted list and a hash table cost.
//
//	for i, name := range book.Lookups {
//		number, ok := index[name]
//		if !ok {
//			number = Absent
//		}
//		numbers[i] = number
//	}
//
// The question is that of High Performance Python, chapters 3 and 4: a scan is O(n), a
// binary search O(log n), a hash table O(1); the reader is asked to time them as the
// book grows. The source's book has two entries; here it has 4 to 1,000,000 and more. A
// run looks up 1,000 names, of which every other one isn't in the book. What the rows
// look things up in is built with the input and not measured, except in the rows that
// say so. All runs look up the same names, which stay in the CPU's caches, and whose way
// through a small sorted list its branch predictor learns: with Of a book can have as
// many lookups as one likes.
package lookup
