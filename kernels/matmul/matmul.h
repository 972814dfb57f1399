// The product of matrices in C: what the rows with C run, and the peer that gcc
// compiles as a program of its own.
static void add_rows(double *restrict c, const double *restrict a, const double *restrict b, long n, long lo, long hi, long from, long to)
{
	for (long i = lo; i < hi; i++)
		for (long k = from; k < to; k++) {
			double factor = a[i * n + k];
			for (long j = 0; j < n; j++)
				c[i * n + j] += factor * b[k * n + j];
		}
}

static void band(double *c, const double *a, const double *b, long n, long lo, long hi)
{
	for (long i = lo * n; i < hi * n; i++)
		c[i] = 0;
	for (long k = 0; k < n; k += 64)
		add_rows(c, a, b, n, lo, hi, k, k + 64 < n ? k + 64 : n);
}

#ifdef PEER
#include <stdint.h>

struct input { long n; double *a, *b, *c; };
static struct input *last;

static double *filled(long count, uint64_t seed)
{
	const uint64_t golden = 0x9e3779b97f4a7c15;
	double *out = malloc(8 * (count + 1));
	for (long i = 0; i < count; i++) {
		uint64_t z = (seed * golden << 32) + (i + 1) * golden;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		z ^= z >> 31;
		out[i] = (z >> 11) * 0x1p-53;
	}
	return out;
}

static void *make(long n)
{
	if (n < 0 || n > 1 << 13)
		return 0;
	struct input *in = calloc(1, sizeof *in);
	in->n = n;
	in->a = filled(n * n, 1);
	in->b = filled(n * n, 2);
	in->c = malloc(8 * (n * n + 1));
	return in;
}

static void serial(void *input)
{
	struct input *in = last = input;
	band(in->c, in->a, in->b, in->n, 0, in->n);
}

static void openmp(void *input)
{
	struct input *in = last = input;
#pragma omp parallel for schedule(dynamic)
	for (long lo = 0; lo < in->n; lo += 32)
		band(in->c, in->a, in->b, in->n, lo, lo + 32 < in->n ? lo + 32 : in->n);
}

static struct row rows[] = {
	{ "gcc", "tiled, -O3 -march=native", serial },
	{ "gcc, OpenMP", "tiled, -O3 -march=native -fopenmp, bands of 32 rows", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	double all = 0, trace = 0;
	long n = last->n;
	for (long i = 0; i < n * n; i++)
		all += last->c[i];
	for (long i = 0; i < n; i++)
		trace += last->c[i * n + i];
	out[0] = (struct sum){ "sum of all values", all };
	out[1] = (struct sum){ "trace", trace };
	out[2] = (struct sum){ "the last value", n ? last->c[n * n - 1] : 0 };
	return 3;
}

#endif
