// Package hashtable has a hash table that one can watch, with a hash function, a way of
// probing, and a rule of growth that one chooses, and measures what each choice costs.
//
//	table := map[string]int64{}
//	for i, key := range words.Keys {
//		table[key] = int64(i) + 1
//	}
//	for i := range words.Keys {
//		found = append(found, table[words.Keys[i]], table[words.Missing[i]])
//	}
//
// The subject's keys are the 676 words of two letters of High Performance Python,
// chapter 4, where a hash that is 42 for all keys makes lookups 54 times as slow as one
// that is different for each. Book is all words of three letters.
//
// # The table
//
// A [Table] is open addressing: each slot has at most one key, and a key whose home is
// taken goes to a slot further along its probe sequence. [Options] has what can be
// chosen, and a function that is told of each slot that is looked at, each key that is
// placed, removed or moved:
//
//	table := hashtable.New[string, int](hashtable.Options[string]{
//		Hash: hashes.FirstLetter, Probing: hashtable.Perturbed, Growth: hashtable.CPythonDict(),
//		Watch: func(s hashtable.Step[string]) { fmt.Println(s) },
//	})
//
// A cell that ends with a table shows it drawn, with arrows from home to where keys had
// to go; [Table.Picture] has the arrows of the searches that one asks for, [Table.Slots]
// the slots as a list of values, [Table.Path] the slots that a search visits,
// [Table.Stats] what has happened so far. A Table may be used by one goroutine at a
// time.
//
// With Options.Compact it has CPython's layout since 3.6, entries in the order of
// insertion and an index of small numbers. [Table.Bytes] compares the two: numbers for
// numbers, the compact table takes 21 to 47 % less as a dict grows, and 28 to 73 % where
// a table gets four slots for each key, as the older dict did.
package hashtable
