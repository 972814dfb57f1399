// Nine weights in C: what the rows with C run, and the peer that gcc compiles as a
// program of its own.
#include <stdlib.h>

static double nine(const double *a, const double *h, const double *b, const double *w, long left, long j, long right)
{
	return (w[0] * a[left] + w[1] * a[j] + w[2] * a[right]) + (w[3] * h[left] + w[4] * h[j] + w[5] * h[right]) + (w[6] * b[left] + w[7] * b[j] + w[8] * b[right]);
}

// convolve_rows computes rows lo to hi-1 of an image that isn't empty.
static void convolve_rows(double *restrict out, const double *restrict pixels, const double *restrict w, long width, long height, long lo, long hi)
{
	for (long i = lo; i < hi; i++) {
		const double *a = pixels + (i + height - 1) % height * width, *h = pixels + i * width, *b = pixels + (i + 1) % height * width;
		double *to = out + i * width;
		for (long j = 1; j < width - 1; j++)
			to[j] = nine(a, h, b, w, j - 1, j, j + 1);
		to[0] = nine(a, h, b, w, width - 1, 0, width > 1);
		if (width > 1)
			to[width - 1] = nine(a, h, b, w, width - 2, width - 1, 0);
	}
}

#ifdef PEER

struct input { long n; double *pixels, *out; };
static struct input *last;
static const double weights[9] = { 0, 1, 0, 1, -4, 1, 0, 1, 0 };
static double given[9]; // copied when a run begins: weights that gcc knows would be another subject

static void *make(long n)
{
	if (n < 0 || n > 1 << 14)
		return 0;
	struct input *in = calloc(1, sizeof *in);
	in->n = n;
	in->pixels = calloc(n * n + 1, 8);
	in->out = calloc(n * n + 1, 8);
	for (long i = 0; i < n; i++)
		for (long j = 0; j < n; j++)
			in->pixels[i * n + j] = (i * i * 7 + j * j * 13 + i * j * 5) % 251;
	for (int k = 0; k < 9; k++)
		((volatile double *)given)[k] = weights[k];
	return in;
}

static void serial(void *input)
{
	last = input;
	convolve_rows(last->out, last->pixels, given, last->n, last->n, 0, last->n);
}

static void openmp(void *input)
{
	struct input *in = last = input;
#pragma omp parallel for schedule(static)
	for (long i = 0; i < in->n; i++)
		convolve_rows(in->out, in->pixels, given, in->n, in->n, i, i + 1);
}

static struct row rows[] = {
	{ "gcc", "-O3 -march=native", serial },
	{ "gcc, OpenMP", "-O3 -march=native -fopenmp, rows divided", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	double placed = 0, squares = 0;
	long n = last->n;
	for (long k = 0; k < n * n; k++) {
		placed += k % 97 * last->out[k];
		squares += last->out[k] * last->out[k];
	}
	out[0] = (struct sum){ "sum times the place by 97", placed };
	out[1] = (struct sum){ "sum of squares", squares };
	out[2] = (struct sum){ "the value at a third down, half across", n ? last->out[n / 3 * n + n / 2] : 0 };
	return 3;
}

#endif
