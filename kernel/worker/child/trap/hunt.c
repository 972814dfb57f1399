//go:build hpgo_live && linux && !race && !msan && !asan && (amd64 || arm64)

// The signal handlers and the loop that sends the signals.
//
// A place is a certain instruction, at which a thread is rarely met by chance: of
// a compare and a jump, which the processor runs as one, never. So on amd64 a
// thread that is met in the right function goes on in single steps until it
// comes to a place or leaves the cells' code. And of a program that is nearly
// always in a library the cells' code is rarely met; there a breakpoint waits
// where the innermost call of the library returns to. Whoever else comes upon it
// removes it and goes on.
//
// The handlers run on a thread's signal stack at any moment, so they only read
// memory that can't go away and make system calls. What they read is published
// by atomic stores; "inside" counts the handlers at work, so that a table is
// freed when no handler can see it.

#define _GNU_SOURCE
#include "hunt.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

// The register of the g in Go code (src/cmd/compile/abi-internal.md).
#if defined(__x86_64__)
#define CONTEXT_PC(u) ((uintptr_t)(u)->uc_mcontext.gregs[REG_RIP])
#define CONTEXT_G(u) ((uintptr_t)(u)->uc_mcontext.gregs[REG_R14])
#define CONTEXT_FRAME(u) ((uintptr_t)(u)->uc_mcontext.gregs[REG_RBP])
#elif defined(__aarch64__)
#define CONTEXT_PC(u) ((uintptr_t)(u)->uc_mcontext.pc)
#define CONTEXT_G(u) ((uintptr_t)(u)->uc_mcontext.regs[28])
#define CONTEXT_FRAME(u) 0 // without breakpoints nobody asks for callers
#else
#error "no registers known"
#endif

// mark is the value of our own signals.
enum { mark = 0x6870676f };

// The handler to hand foreign signals to.
static struct sigaction before;
static size_t id_offset, panic_offset;
static _Atomic(hpgo_table *) table;
static _Atomic int inside;

// The hunt in progress. A slot is claimed by setting its g to 0.
static struct {
	_Atomic uintptr_t g;
	_Atomic uint64_t id;
	_Atomic int force, hit;
} slots[HPGO_TARGETS];
static _Atomic int slots_used;
static _Atomic int hits;
static _Atomic uintptr_t unknown;
static _Atomic uintptr_t site; // where a target will come back to the cells' code
static _Atomic int seen_on; // the thread that ran a target last

// steps is how many more instructions this thread is to run one by one.
static __thread int steps;
enum { most_steps = 5000 };

enum { trap_flag = 0x100 }; // of the processor's flags: single steps

// skipped is how many functions of the cells to leave out, from the inside: those
// that have recovered before. arrived: this thread came to the breakpoint in the
// one that is left.
static _Atomic int skipped, pushed;
static _Atomic uintptr_t planted; // the breakpoint; 0: none
static __thread int arrived;

// rest is how long, in nanoseconds of the thread's own time, a target that was
// hit before runs without a panic until it is hit again; strike numbers the hits,
// which tells a thread that its clock is of an earlier one. A function that
// recovers thus returns its results, however busy the machine is.
static _Atomic long rest;
static _Atomic unsigned strike;
static __thread long rested_since;
static __thread unsigned rested_of;

// rested reports whether target g has had its rest.
static int rested(uintptr_t g) {
	long need = atomic_load(&rest);
	if (!need) return 1;
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	long now = t.tv_sec * 1000000000L + t.tv_nsec;
	unsigned last = atomic_load(&strike);
	if (rested_of != last || *(const uintptr_t *)(g + panic_offset)) {
		rested_of = last;
		rested_since = now;
		return 0;
	}
	return now - rested_since >= need;
}

static const hpgo_span *span_of(const hpgo_span *s, size_t n, uintptr_t pc) {
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (pc < s[mid].start) hi = mid;
		else if (pc >= s[mid].end) lo = mid + 1;
		else return &s[mid];
	}
	return NULL;
}

static int is_place(const hpgo_table *t, uintptr_t pc) {
	size_t lo = 0, hi = t->places;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (pc < t->place[mid]) hi = mid;
		else if (pc > t->place[mid]) lo = mid + 1;
		else return 1;
	}
	return 0;
}

// fault makes this thread find a nil dereference at the interrupted address. A
// process may give itself any si_code. The signal is blocked while the handler
// runs; on return the kernel delivers it ahead of asynchronous ones.
static int fault(void) {
	siginfo_t si;
	memset(&si, 0, sizeof si);
	si.si_signo = SIGSEGV;
	si.si_code = SEGV_MAPERR;
	si.si_addr = 0; // below 4096: sigpanic takes it for a nil dereference
	return syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), SIGSEGV, &si) == 0;
}

// find_site looks for the innermost caller in the cells' code, or one further out
// that is left when skip callers are not counted, by the frame pointers of the
// goroutine's stack: each points to the next, behind which the return address
// stands. The stack's bounds are the first words of a descriptor (runtime2.go:
// "offset known to runtime/cgo").
static uintptr_t find_site(const hpgo_table *t, uintptr_t g, uintptr_t frame, int skip) {
	uintptr_t low = ((const uintptr_t *)g)[0], high = ((const uintptr_t *)g)[1];
	uintptr_t found = 0;
	for (int depth = 0; depth < 10000; depth++) {
		if (frame < low || frame > high - 2 * sizeof frame || frame % sizeof frame) break;
		uintptr_t back = ((const uintptr_t *)frame)[1], next = *(const uintptr_t *)frame;
		if (span_of(t->span, t->spans, back)) {
			const hpgo_span *f = span_of(t->function, t->functions, back);
			if (!f) atomic_store(&unknown, back);
			if (!f) break;
			if (f->places) { // else it is library code that came with a cell
				found = back;
				if (skip-- <= 0) break;
			}
		}
		if (next <= frame) break;
		frame = next;
	}
	if (found) atomic_store(&site, found);
	return found;
}

enum { elsewhere, near, hit }; // what look found

// look judges one interrupted thread. near: it runs a target in a function that
// has places, but not at one.
//
// Of a target whose inner functions have recovered, those are skipped. They may
// never end by themselves, so they are pushed: made to panic, without counting,
// when the breakpoint stands where they return to.
static int look(uintptr_t pc, uintptr_t g, uintptr_t frame) {
	int outer = arrived ? 0 : atomic_load(&skipped);
	const hpgo_table *t = atomic_load(&table);
	int n = atomic_load(&slots_used);
	for (int i = 0; t && g && i < n; i++) {
		if (atomic_load(&slots[i].g) != g) continue;
		atomic_store(&seen_on, (int)syscall(SYS_gettid));
		if (!atomic_load(&slots[i].force) && !rested(g)) return elsewhere;
		if (!span_of(t->span, t->spans, pc)) {
			find_site(t, g, frame, outer);
			return elsewhere;
		}
		const hpgo_span *f = span_of(t->function, t->functions, pc);
		if (!f) {
			atomic_store(&unknown, pc);
			return elsewhere;
		}
		if (!f->places) {
			find_site(t, g, frame, outer);
			return elsewhere;
		}
		// This is Go code and the register holds a descriptor.
		if (*(const uint64_t *)(g + id_offset) != atomic_load(&slots[i].id)) return elsewhere;
		if (*(const uintptr_t *)(g + panic_offset) && !atomic_load(&slots[i].force)) return elsewhere;
		uintptr_t next = outer > 0 ? find_site(t, g, frame, outer - 1) : 0;
		if (next && (next != atomic_load(&planted) || atomic_load(&pushed))) return elsewhere;
		if (!is_place(t, pc)) return near;
		if (next) {
			if (!atomic_exchange(&pushed, 1)) fault();
			return elsewhere;
		}
		if (atomic_exchange(&slots[i].g, 0) != g || !fault()) return elsewhere;
		atomic_store(&slots[i].hit, 1);
		atomic_fetch_add(&strike, 1);
		atomic_fetch_add(&hits, 1);
		return hit;
	}
	return elsewhere;
}

// inspect looks at the thread that a signal interrupted. Where the processor can,
// it has the thread go on instruction by instruction while it is near a place.
static void inspect(ucontext_t *u, int budget) {
	int saved = errno;
	atomic_fetch_add(&inside, 1);
	int found = look(CONTEXT_PC(u), CONTEXT_G(u), CONTEXT_FRAME(u));
	atomic_fetch_sub(&inside, 1);
	errno = saved;
	steps = found == near ? budget : 0;
	arrived = arrived && steps;
#if defined(__x86_64__)
	if (steps) u->uc_mcontext.gregs[REG_EFL] |= trap_flag;
	else u->uc_mcontext.gregs[REG_EFL] &= ~trap_flag;
#endif
}

// pass hands a signal that isn't ours to who had it before.
static void pass(const struct sigaction *to, int sig, siginfo_t *info, void *context) {
	if (to->sa_flags & SA_SIGINFO) {
		if (to->sa_sigaction) to->sa_sigaction(sig, info, context);
	} else if (to->sa_handler != SIG_IGN && to->sa_handler != SIG_DFL) {
		to->sa_handler(sig);
	}
}

static void handler(int sig, siginfo_t *info, void *context) {
	if (info->si_code == SI_QUEUE && info->si_pid == getpid() && info->si_value.sival_int == mark) inspect(context, most_steps);
	else pass(&before, sig, info, context);
}

static void nap(long microseconds) {
	struct timespec t = {microseconds / 1000000, microseconds % 1000000 * 1000};
	nanosleep(&t, NULL);
}

// quiesce waits until no handler is at work with what it read before.
static void quiesce(void) {
	while (atomic_load(&inside)) nap(10);
}

#if defined(__x86_64__)
static struct sigaction before_trap;

// The breakpoint. Code is written through /proc/self/mem, which needs no change
// of its protection; where a system forbids that, there are no breakpoints.
static const unsigned char int3 = 0xcc;
static int memory = -1;
static unsigned char original; // the byte where it is planted

// recent are the last places of the breakpoint: a thread may have run into it
// just before it was removed.
enum { recents = 64 };
static _Atomic uintptr_t recent[recents];

static void unplant(void) {
	uintptr_t at = atomic_load(&planted);
	if (at && pwrite(memory, &original, 1, at) == 1) atomic_compare_exchange_strong(&planted, &at, 0);
}

static void plant(void) {
	static unsigned count;
	uintptr_t at = atomic_load(&site);
	if (memory < 0 || !at || at == atomic_load(&planted)) return;
	unplant();
	if (atomic_load(&planted)) return;
	quiesce(); // a handler may be about to put the original back
	original = *(const unsigned char *)at;
	if (original == int3) return;
	atomic_store(&recent[1 + count++ % (recents - 1)], at);
	atomic_store(&planted, at);
	if (pwrite(memory, &int3, 1, at) != 1) atomic_store(&planted, 0);
}

// ran_into reports whether a thread that trapped at pc ran into our breakpoint.
static int ran_into(uintptr_t pc) {
	for (int i = 0; i < recents; i++)
		if (atomic_load(&recent[i]) == pc) return 1;
	return 0;
}

// Breakpoints that wait for one goroutine each, which was parked when it was left
// behind. Others that come upon one go on past it: the original byte is put back
// for one step.
static struct {
	_Atomic uintptr_t at, g; // at 0: free; g 0: hit
	_Atomic uint64_t id;
	unsigned char original;
} staying[HPGO_STAYING];
static __thread uintptr_t passing; // this thread goes past the one here

static int stays(uintptr_t pc) {
	for (int i = 0; i < HPGO_STAYING; i++)
		if (atomic_load(&staying[i].at) == pc) return i + 1;
	return 0;
}

// meet handles a thread that ran into a breakpoint which stays.
static void meet(ucontext_t *u, uintptr_t pc, int first) {
	uintptr_t g = CONTEXT_G(u);
	u->uc_mcontext.gregs[REG_RIP] = pc;
	for (int i = first; i < HPGO_STAYING; i++) {
		if (atomic_load(&staying[i].at) != pc || atomic_load(&staying[i].g) != g) continue;
		if (*(const uint64_t *)(g + id_offset) != atomic_load(&staying[i].id)) continue;
		atomic_store(&staying[i].g, 0);
		if (!*(const uintptr_t *)(g + panic_offset) && fault()) return;
	}
	if (pwrite(memory, &staying[first].original, 1, pc) == 1) {
		passing = pc;
		u->uc_mcontext.gregs[REG_EFL] |= trap_flag;
	}
}

// passed puts a breakpoint back behind a thread.
static void passed(ucontext_t *u) {
	if (stays(passing)) (void)!pwrite(memory, &int3, 1, passing);
	passing = 0;
	if (!steps) u->uc_mcontext.gregs[REG_EFL] &= ~trap_flag;
}

// hpgo_stay has a breakpoint at an address, which is a place, wait for a
// goroutine. It returns its slot, or -1. No hunt is in progress.
int hpgo_stay(uintptr_t at, uintptr_t g, uint64_t id) {
	if (memory < 0) return -1;
	int same = stays(at);
	for (int i = 0; i < HPGO_STAYING; i++) {
		if (atomic_load(&staying[i].at)) continue;
		staying[i].original = same ? staying[same - 1].original : *(const unsigned char *)at;
		atomic_store(&staying[i].id, id);
		atomic_store(&staying[i].g, g);
		atomic_store(&staying[i].at, at);
		if (same || pwrite(memory, &int3, 1, at) == 1) return i;
		atomic_store(&staying[i].at, 0);
		return -1;
	}
	return -1;
}

// hpgo_leave removes one and reports whether its goroutine came. A thread that has just run into it goes on: see recent.
int hpgo_leave(int slot) {
	uintptr_t at = atomic_load(&staying[slot].at);
	unsigned char original = staying[slot].original;
	atomic_store(&recent[0], at);
	atomic_store(&staying[slot].at, 0);
	if (!stays(at)) (void)!pwrite(memory, &original, 1, at);
	quiesce();
	// Who was going past it meanwhile has found it gone, or has put it back.
	if (!stays(at)) (void)!pwrite(memory, &original, 1, at);
	return atomic_load(&staying[slot].g) == 0;
}

static void trapped(int sig, siginfo_t *info, void *context) {
	ucontext_t *u = context;
	uintptr_t pc = CONTEXT_PC(u) - 1;
	int saved = errno;
	atomic_fetch_add(&inside, 1);
	int stay = info->si_code > 0 && info->si_code != TRAP_TRACE ? stays(pc) : 0;
	if (passing && info->si_code == TRAP_TRACE) {
		passed(u);
		if (steps) inspect(u, steps - 1);
	} else if (stay) {
		meet(u, pc, stay - 1);
	} else if (steps && info->si_code == TRAP_TRACE) {
		inspect(u, steps - 1);
	} else if (info->si_code > 0 && ran_into(pc)) {
		if (pc == atomic_load(&planted)) unplant();
		arrived = 1;
		u->uc_mcontext.gregs[REG_RIP] = pc;
		inspect(u, most_steps);
	} else {
		pass(&before_trap, sig, info, context);
	}
	atomic_fetch_sub(&inside, 1);
	errno = saved;
}
#else
int hpgo_stay(uintptr_t at, uintptr_t g, uint64_t id) { return -1; }
int hpgo_leave(int slot) { return 0; }
static void plant(void) {}
static void unplant(void) {}
#endif

// install puts a handler in place, also again when user code has taken the signal
// for itself meanwhile; that code goes on getting its own.
static int install(int sig, void (*to)(int, siginfo_t *, void *), struct sigaction *old) {
	struct sigaction now, ours;
	if (sigaction(sig, NULL, &now) != 0) return errno;
	if ((now.sa_flags & SA_SIGINFO) && now.sa_sigaction == to) return 0;
	*old = now;
	memset(&ours, 0, sizeof ours);
	ours.sa_sigaction = to;
	ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
	sigfillset(&ours.sa_mask);
	return sigaction(sig, &ours, NULL) == 0 ? 0 : errno;
}

int hpgo_install(void) {
#if defined(__x86_64__)
	if (memory < 0) memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	int err = install(SIGTRAP, trapped, &before_trap);
	if (err) return err;
#endif
	return install(SIGUSR2, handler, &before);
}

void hpgo_layout(size_t id, size_t panic) {
	id_offset = id;
	panic_offset = panic;
}

// hpgo_publish gives the handler a table, which is ours from now on: one block.
void hpgo_publish(hpgo_table *t) {
	hpgo_table *old = atomic_exchange(&table, t);
	quiesce();
	free(old);
}

static void signal_thread(int pid, int tid) {
	siginfo_t si;
	memset(&si, 0, sizeof si);
	si.si_signo = SIGUSR2;
	si.si_code = SI_QUEUE;
	si.si_pid = pid;
	si.si_uid = getuid();
	si.si_value.sival_int = mark;
	syscall(SYS_rt_tgsigqueueinfo, pid, tid, SIGUSR2, &si);
}

// signal_all signals every thread but this one.
static void signal_all(int pid, int self) {
	DIR *d = opendir("/proc/self/task");
	if (!d) return;
	for (struct dirent *e; (e = readdir(d));) {
		int tid = atoi(e->d_name);
		if (tid > 0 && tid != self) signal_thread(pid, tid);
	}
	closedir(d);
}

static long now_us(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

// hpgo_hunt signals threads, with a pause between rounds, until a target was
// hit, a function was met that nobody looked at, or the time is over.
hpgo_outcome hpgo_hunt(hpgo_target *targets, int n, int skip, long resting, long microseconds, long pause) {
	hpgo_outcome out = {0};
	int pid = getpid(), self = syscall(SYS_gettid);
	int slack = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0); // else each pause is 50 microseconds longer
	atomic_store(&hits, 0);
	atomic_store(&unknown, 0);
	atomic_store(&site, 0);
	atomic_store(&skipped, skip);
	atomic_store(&rest, resting * 1000);
	atomic_store(&pushed, 0);
	atomic_store(&seen_on, 0);
	for (int i = 0; i < n; i++) {
		atomic_store(&slots[i].id, targets[i].id);
		atomic_store(&slots[i].force, targets[i].force);
		atomic_store(&slots[i].hit, 0);
		atomic_store(&slots[i].g, targets[i].g);
	}
	atomic_store(&slots_used, n);
	long end = now_us() + microseconds;
	for (unsigned round = 0;; round++) {
		// Mostly the thread on which a target was met last; it may have moved on.
		int tid = atomic_load(&seen_on);
		if (tid && tid != self && round % 8) signal_thread(pid, tid);
		else signal_all(pid, self);
		nap(pause);
		plant();
		if (atomic_load(&hits) || atomic_load(&unknown) || now_us() >= end) break;
	}
	for (int i = 0; i < n; i++) atomic_store(&slots[i].g, 0);
	atomic_store(&slots_used, 0);
	unplant();
	quiesce();
	for (int i = 0; i < n; i++) targets[i].hit = atomic_load(&slots[i].hit);
	out.hits = atomic_load(&hits);
	out.seen = atomic_load(&seen_on) != 0;
	out.unknown = atomic_load(&unknown);
	if (slack > 0) prctl(PR_SET_TIMERSLACK, slack, 0, 0, 0);
	return out;
}
