// A cell that prints from C.
package main

/*
#include <stdio.h>
static void line(void) { puts("one"); }
static void rest(void) { printf("three"); }
*/
import "C"

import "fmt"

// Cell is the entry.
func Cell() {
	C.line()
	fmt.Println("two")
	C.rest()
}

func main() {}
