// Primes by division in C: what the rows with C run, and the peer that gcc compiles as
// a program of its own.
#include <stdint.h>

static int prime(uint64_t n)
{
	if (n < 5 || n % 2 == 0 || n % 3 == 0)
		return n == 2 || n == 3;
	for (uint64_t d = 5; d * d <= n; d += 6)
		if (n % d == 0 || n % (d + 2) == 0)
			return 0;
	return 1;
}

#ifdef PEER

static const uint64_t from = 1000000000000;
static long last;
static char *found;

static void *make(long count)
{
	long *in = malloc(sizeof *in);
	if (count < 0 || count > 1 << 24)
		return 0;
	*in = last = count;
	free(found);
	found = malloc(count + 1);
	return in;
}

static void serial(void *input)
{
	for (long i = 0; i < *(long *)input; i++)
		found[i] = prime(from + i);
}

static void openmp(void *input)
{
#pragma omp parallel for schedule(dynamic, 8)
	for (long i = 0; i < *(long *)input; i++)
		found[i] = prime(from + i);
}

static struct row rows[] = {
	{ "gcc", "6k±1, -O3 -march=native", serial },
	{ "gcc, OpenMP", "6k±1, -O3 -march=native -fopenmp, schedule dynamic", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	double count = 0, sum = 0;
	for (long i = 0; i < last; i++)
		if (found[i]) {
			count++;
			sum += (from + i) % 1000003;
		}
	out[0] = (struct sum){ "primes", count };
	out[1] = (struct sum){ "sum of their remainders by 1,000,003", sum };
	return 2;
}

#endif
