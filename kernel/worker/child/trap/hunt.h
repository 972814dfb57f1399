// What the hunt and the handler share. See hunt.c.

#ifndef HPGO_HUNT_H
#define HPGO_HUNT_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
	uintptr_t start, end;
	size_t places; // of a function
} hpgo_span;

// hpgo_table tells the handler about code. All lists are ascending.
typedef struct {
	size_t spans, functions, places;
	const hpgo_span *span;     // where cells are mapped
	const hpgo_span *function; // functions that have been looked at
	const uintptr_t *place;    // where a goroutine may be made to panic
} hpgo_table;

// hpgo_target is a goroutine to hit.
typedef struct {
	uintptr_t g;   // its descriptor; 0: none
	uint64_t id;   // its number, which the descriptor must still have
	int force;     // also while it panics already, that is, runs deferred calls
	int hit;
} hpgo_target;

enum { HPGO_TARGETS = 64 };

typedef struct {
	int hits, seen; // seen: a target was met running, anywhere
	uintptr_t unknown; // an address in a cell, in a function not looked at
} hpgo_outcome;

// HPGO_STAYING is how many goroutines breakpoints can wait for.
enum { HPGO_STAYING = 32 };

int hpgo_stay(uintptr_t at, uintptr_t g, uint64_t id);
int hpgo_leave(int slot);
int hpgo_install(void);
void hpgo_layout(size_t id_offset, size_t panic_offset);
void hpgo_publish(hpgo_table *t);
hpgo_outcome hpgo_hunt(hpgo_target *targets, int n, int skip, long resting, long microseconds, long pause);

#endif
