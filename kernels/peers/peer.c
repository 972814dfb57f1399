// Drives the rows of a subject that are in C: see package protocol. It is compiled
// with -DSUBJECT='"path/to/subject.h"', and that gives, under PEER,
//
//	static void *make(long size)                 the input, or 0
//	static struct row rows[]                     { name, doc, function(input) } ... { 0 }
//	static int sums(struct sum *out)             the figures of the last result; how many
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct row { const char *name, *doc; void (*run)(void *input); };
struct sum { const char *name; double value; };

#define PEER
#include SUBJECT

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int count(void)
{
	int n = 0;
	while (rows[n].name)
		n++;
	return n;
}

static void opened(void)
{
	printf("{\"version\":\"gcc %s\",\"rows\":[", __VERSION__);
	for (int i = 0; i < count(); i++)
		printf("%s{\"name\":\"%s\",\"doc\":\"%s\"}", i ? "," : "", rows[i].name, rows[i].doc);
	printf("]}\n");
}

static char warm[sizeof rows / sizeof *rows], started; // rows that have run here have their threads and pages

// checked runs a row in a process of its own, where results are as they were before any
// row ran: one that leaves them as they are is found out. One that crashes is an error of
// the row.
static void checked(void *input, int row)
{
	int how = 0;
	if (started) { // OpenMP's threads don't come along into another process
		printf("{\"error\":\"checks come before runs\"}\n");
		return;
	}
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		struct sum found[16];
		rows[row].run(input);
		int n = sums(found);
		printf("{\"sums\":[");
		for (int i = 0; i < n; i++)
			printf("%s{\"name\":\"%s\",\"value\":%.17g}", i ? "," : "", found[i].name, found[i].value);
		printf("]}\n");
		fflush(stdout);
		_exit(0);
	}
	if (child < 0)
		printf("{\"error\":\"no process for the check\"}\n");
	else if (waitpid(child, &how, 0) == child && how)
		printf("{\"error\":\"%s\"}\n", WIFSIGNALED(how) ? strsignal(WTERMSIG(how)) : "the check has failed");
}

static void ran(void *input, int row, double seconds)
{
	if (!warm[row]) {
		warm[row] = started = 1;
		rows[row].run(input);
	}
	int runs = 0;
	double total = 0;
	while (runs == 0 || total < seconds) {
		double begin = now();
		rows[row].run(input);
		total += now() - begin;
		runs++;
	}
	printf("{\"runs\":%d,\"seconds\":%.9f}\n", runs, total);
}

int main(void)
{
	char line[256], name[64];
	void *input = 0;
	while (fgets(line, sizeof line, stdin)) {
		long size;
		int row;
		double seconds;
		if (sscanf(line, "open %63s %ld", name, &size) == 2) {
			if ((input = make(size)))
				opened();
			else
				printf("{\"error\":\"size %ld can't be\"}\n", size);
		} else if (sscanf(line, "check %d", &row) == 1 && input && row >= 0 && row < count()) {
			checked(input, row);
		} else if (sscanf(line, "run %d %lf", &row, &seconds) == 2 && input && row >= 0 && row < count()) {
			ran(input, row, seconds);
		} else {
			printf("{\"error\":\"no command, no such row, or nothing is open\"}\n");
		}
		fflush(stdout);
	}
	return 0;
}
