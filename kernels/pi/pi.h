// Darts in C: what the rows with C run, and the peer that gcc compiles as a program of
// its own.
#include <stdint.h>

static long throw_darts(long lo, long hi)
{
	const uint64_t side = 1 << 26;
	uint64_t hits = 0;
	for (long i = lo; i < hi; i++) {
		uint64_t z = ((uint64_t)i + 1) * 0x9e3779b97f4a7c15;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		z ^= z >> 31;
		uint64_t x = z >> 38, y = z >> 12 & (side - 1);
		hits += (x * x + y * y - side * side) >> 63;
	}
	return hits;
}

#ifdef PEER

static long hits;

static void *make(long darts)
{
	long *in = malloc(sizeof *in);
	*in = darts;
	return darts < 0 ? 0 : in;
}

static void serial(void *input) { hits = throw_darts(0, *(long *)input); }

static void openmp(void *input)
{
	long darts = *(long *)input, sum = 0;
#pragma omp parallel for reduction(+:sum)
	for (long part = 0; part < 64; part++)
		sum += throw_darts(part * darts / 64, (part + 1) * darts / 64);
	hits = sum;
}

static struct row rows[] = {
	{ "gcc", "whole numbers, -O3 -march=native", serial },
	{ "gcc, OpenMP", "whole numbers, -O3 -march=native -fopenmp, 64 parts", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	out[0] = (struct sum){ "hits", hits };
	return 1;
}

#endif
