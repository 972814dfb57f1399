// A cell whose package can't be initialised.
package main

import "os"

var first = []int{1}[len(os.Args)+5]

// Cell is the entry.
func Cell() { println(first) }

func main() {}
