// A cell that prints and reads from C.
package main

/*
#include <stdio.h>
static void line(void) { puts("one"); }
static void rest(void) { printf("three"); }
static int number(void) { int n = -1; scanf("%d", &n); return n; }
*/
import "C"

import "fmt"

// Cell is the entry.
func Cell() {
	C.line()
	fmt.Println("two")
	C.rest()
}

// Read is another.
func Read() { fmt.Print(C.number() * 2) }

func main() {}
