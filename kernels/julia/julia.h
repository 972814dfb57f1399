// The Julia set's counts in C: what the rows with C run, and the peer that gcc
// compiles as a program of its own.
#include <complex.h>
#include <stdint.h>

static inline int32_t escape(double re, double im, double cr, double ci, int maxiter)
{
	int n = 0;
	while (n < maxiter) {
		double re2 = re * re, im2 = im * im;
		if (!(re2 + im2 < 4))
			break;
		im = 2 * (re * im) + ci;
		re = re2 - im2 + cr;
		n++;
	}
	return n;
}

// zs and cs are pairs of real and imaginary part.
static void counts(int32_t *out, const double *zs, const double *cs, long n, int maxiter)
{
	for (long i = 0; i < n; i++)
		out[i] = escape(zs[2 * i], zs[2 * i + 1], cs[2 * i], cs[2 * i + 1], maxiter);
}

#ifdef PEER

struct input { long n; double *zs, *cs; };
static int32_t *result;
static long results;

static void *make(long size)
{
	if (size < 0 || size > 1 << 15)
		return 0;
	struct input *in = calloc(1, sizeof *in);
	long most = (size + 1) * (size + 1);
	in->zs = malloc(16 * most);
	in->cs = malloc(16 * most);
	double step = 3.6 / size;
	for (double y = 1.8; size && y > -1.8; y -= step)
		for (double x = -1.8; x < 1.8; x += step) {
			in->zs[2 * in->n] = x, in->zs[2 * in->n + 1] = y;
			in->cs[2 * in->n] = -0.62772, in->cs[2 * in->n + 1] = -0.42193;
			in->n++;
		}
	free(result);
	results = in->n;
	result = malloc(4 * (results + 1));
	return in;
}

static void serial(void *input)
{
	struct input *in = input;
	counts(result, in->zs, in->cs, in->n, 300);
}

static void openmp(void *input)
{
	struct input *in = input;
	const double *zs = in->zs, *cs = in->cs;
#pragma omp parallel for schedule(guided)
	for (long i = 0; i < in->n; i++)
		result[i] = escape(zs[2 * i], zs[2 * i + 1], cs[2 * i], cs[2 * i + 1], 300);
}

static struct row rows[] = {
	{ "gcc", "-O3 -march=native", serial },
	{ "gcc, OpenMP", "-O3 -march=native -fopenmp, schedule guided", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	double sum = 0;
	for (long i = 0; i < results; i++)
		sum += result[i];
	out[0] = (struct sum){ "sum of counts", sum };
	return 1;
}

#endif
