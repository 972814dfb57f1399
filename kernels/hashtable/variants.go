package hashtable

import (
	"hpgo/kernels/hashes"
)

// watched builds a Table and looks words up in it. The options are those of each run,
// since hash functions with seeds have a new one.
func watched(options func() Options[string]) func(Words) []int64 {
	return func(w Words) []int64 {
		table := New[string, int64](options())
		for i, key := range w.Keys {
			table.Set(key, int64(i)+1)
		}
		return lookups(w, func(key string) int64 {
			value, _ := table.Get(key)
			return value
		})
	}
}

// lookups asks for a key and for a text that is missing, in turn.
func lookups(w Words, get func(string) int64) []int64 {
	found := make([]int64, 0, 2*len(w.Keys))
	for i := range w.Keys {
		found = append(found, get(w.Keys[i]), get(w.Missing[i]))
	}
	return found
}

// hinted is Plain with the number of keys told before.
func hinted(w Words) []int64 {
	table := make(map[string]int64, len(w.Keys))
	for i, key := range w.Keys {
		table[key] = int64(i) + 1
	}
	return lookups(w, func(key string) int64 { return table[key] })
}

// list has the keys in a list, which is searched from the front.
func list(w Words) []int64 {
	var keys []string
	keys = append(keys, w.Keys...)
	return lookups(w, func(key string) int64 {
		for i, k := range keys {
			if k == key {
				return int64(i) + 1
			}
		}
		return 0
	})
}

// array has a place for each word there can be: a hash table that needs no keys. Words
// that it has no place for, as of other letters or lengths, are looked up in a map.
func array(w Words) []int64 {
	letters, places := 2, 676
	for places < len(w.Keys) {
		letters, places = letters+1, places*26
	}
	values, others := make([]int64, places), map[string]int64{}
	for i, key := range w.Keys {
		if n := hashes.Letters(key); len(key) == letters && n < uint64(places) && small(key) {
			values[n] = int64(i) + 1
		} else {
			others[key] = int64(i) + 1
		}
	}
	return lookups(w, func(key string) int64 {
		if n := hashes.Letters(key); len(key) == letters && n < uint64(places) && small(key) {
			return values[n]
		}
		return others[key]
	})
}

// small tells whether a word has only the letters a to z.
func small(word string) bool {
	for i := 0; i < len(word); i++ {
		if word[i]-'a' > 25 {
			return false
		}
	}
	return true
}
