// The box filter in C: what the rows with C run, and the peer that gcc compiles as a
// program of its own.
#include <stdlib.h>
#include <string.h>

enum { WRAP, ZERO, REFLECT };

static long place(long i, long n, int beyond)
{
	if (i >= 0 && i < n)
		return i;
	if (n == 0)
		return -1;
	if (beyond == WRAP)
		return (i % n + n) % n;
	if (beyond == ZERO)
		return -1;
	i = (i % (2 * n) + 2 * n) % (2 * n);
	return i >= n ? 2 * n - 1 - i : i;
}

// box_rows computes rows lo to hi: sums of columns that run down the image, then k
// additions along the row. scratch holds width + k - 1 values.
static void box_rows(double *restrict out, const double *restrict pixels, double *restrict scratch, long width, long height, long k, int beyond, long lo, long hi)
{
	long r = k / 2;
	double *columns = scratch + r, factor = 1.0 / (k * k);
	memset(columns, 0, 8 * width);
	for (long i = lo; i < hi; i++) {
		for (long y = i == lo ? i - r : i + r; y <= i + r; y++) {
			long gain = place(y, height, beyond), loss = i == lo ? -1 : place(i - r - 1, height, beyond);
			for (long j = 0; gain >= 0 && j < width; j++)
				columns[j] += pixels[gain * width + j];
			for (long j = 0; loss >= 0 && j < width; j++)
				columns[j] -= pixels[loss * width + j];
		}
		for (long j = 0; j < width; j++) // a sum that is no number is added up anew
			if (columns[j] - columns[j] != 0) {
				columns[j] = 0;
				for (long y = i - r; y <= i + r; y++) {
					long from = place(y, height, beyond);
					if (from >= 0)
						columns[j] += pixels[from * width + j];
				}
			}
		for (long x = 1; x <= r; x++) {
			long left = place(-x, width, beyond), right = place(width - 1 + x, width, beyond);
			columns[-x] = left >= 0 ? columns[left] : 0;
			columns[width - 1 + x] = right >= 0 ? columns[right] : 0;
		}
		double *to = out + i * width;
		for (long j = 0; j < width; j++)
			to[j] = 0;
		for (long x = 0; x < k; x++)
			for (long j = 0; j < width; j++)
				to[j] += scratch[j + x];
		for (long j = 0; j < width; j++)
			to[j] *= factor;
	}
}

#ifdef PEER

struct input { long n; double *pixels, *out; };
static struct input *last;

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
	return in;
}

static void band(struct input *in, long lo, long hi)
{
	double *scratch = malloc(8 * (in->n + 8));
	box_rows(in->out, in->pixels, scratch, in->n, in->n, 9, REFLECT, lo, hi);
	free(scratch);
}

static void serial(void *input)
{
	last = input;
	band(last, 0, last->n);
}

static void openmp(void *input)
{
	struct input *in = last = input;
	const long bands = 16;
#pragma omp parallel for schedule(dynamic)
	for (long b = 0; b < bands; b++)
		band(in, b * in->n / bands, (b + 1) * in->n / bands);
}

static struct row rows[] = {
	{ "gcc", "-O3 -march=native", serial },
	{ "gcc, OpenMP", "-O3 -march=native -fopenmp, 16 bands", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	double sum = 0, squares = 0;
	long n = last->n;
	for (long k = 0; k < n * n; k++) {
		sum += last->out[k];
		squares += last->out[k] * last->out[k];
	}
	out[0] = (struct sum){ "sum", sum };
	out[1] = (struct sum){ "sum of squares", squares };
	out[2] = (struct sum){ "the value at a third down, half across", n ? last->out[n / 3 * n + n / 2] : 0 };
	return 3;
}

#endif
