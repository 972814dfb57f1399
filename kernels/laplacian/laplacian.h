// The Laplacian in C: what the rows with C run, and the peer that gcc compiles as a
// program of its own.
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

// laplacian_rows computes rows lo to hi, which have rows on both sides.
static void laplacian_rows(double *restrict out, const double *restrict u, long n, long lo, long hi, double factor)
{
	for (long i = lo; i < hi; i++) {
		const double *above = u + (i - 1) * n, *here = u + i * n, *below = u + (i + 1) * n;
		double *to = out + i * n;
		for (long j = 1; j < n - 1; j++)
			to[j] = (above[j] + below[j] + (here[j - 1] + here[j + 1]) - 4 * here[j]) * factor;
	}
}

// laplacian_rows_past writes past the caches: no line is read before it is written.
static void laplacian_rows_past(double *restrict out, const double *restrict u, long n, long lo, long hi, double factor)
{
#ifdef __SSE2__
	const __m128d four = _mm_set1_pd(4), factors = _mm_set1_pd(factor);
	for (long i = lo; i < hi; i++) {
		const double *above = u + (i - 1) * n, *here = u + i * n, *below = u + (i + 1) * n;
		double *to = out + i * n;
		long j = 1;
		for (; j < n - 1; j++) {
			if (((uintptr_t)(to + j) & 15) == 0 && j + 2 <= n - 1) {
				__m128d vertical = _mm_add_pd(_mm_loadu_pd(above + j), _mm_loadu_pd(below + j));
				__m128d horizontal = _mm_add_pd(_mm_loadu_pd(here + j - 1), _mm_loadu_pd(here + j + 1));
				__m128d middle = _mm_mul_pd(four, _mm_loadu_pd(here + j));
				_mm_stream_pd(to + j, _mm_mul_pd(_mm_sub_pd(_mm_add_pd(vertical, horizontal), middle), factors));
				j++;
			} else {
				to[j] = (above[j] + below[j] + (here[j - 1] + here[j + 1]) - 4 * here[j]) * factor;
			}
		}
	}
	_mm_sfence();
#else
	laplacian_rows(out, u, n, lo, hi, factor);
#endif
}

#ifdef PEER

struct input { long n; double *u, *out; };
static struct input *last;

static void *make(long n)
{
	if (n < 0 || n > 1 << 14)
		return 0;
	struct input *in = calloc(1, sizeof *in);
	in->n = n;
	in->u = calloc(n * n + 1, 8);
	in->out = calloc(n * n + 1, 8);
	double h = n > 1 ? 1.0 / (n - 1) : 1;
	for (long i = 0; i < n; i++)
		for (long j = 0; j < n; j++) {
			double x = j * h, y = i * h;
			in->u[i * n + j] = x * (1 - x) * (y * y);
		}
	return in;
}

static double factor(long n) { return n > 1 ? 1 / (1.0 / (n - 1) * (1.0 / (n - 1))) : 1; }

static void serial(void *input)
{
	struct input *in = last = input;
	laplacian_rows(in->out, in->u, in->n, 1, in->n - 1, factor(in->n));
}

static void openmp(void *input)
{
	struct input *in = last = input;
#pragma omp parallel for schedule(static)
	for (long i = 1; i < in->n - 1; i++)
		laplacian_rows(in->out, in->u, in->n, i, i + 1, factor(in->n));
}

static void openmp_past(void *input)
{
	struct input *in = last = input;
#pragma omp parallel for schedule(static)
	for (long i = 1; i < in->n - 1; i++)
		laplacian_rows_past(in->out, in->u, in->n, i, i + 1, factor(in->n));
}

static struct row rows[] = {
	{ "gcc", "-O3 -march=native", serial },
	{ "gcc, OpenMP", "-O3 -march=native -fopenmp, schedule static", openmp },
	{ "gcc, OpenMP, past the caches", "as OpenMP, with stores that read no line first", openmp_past },
	{ 0 },
};

static int sums(struct sum *out)
{
	double magnitudes = 0, squares = 0;
	long n = last->n;
	for (long k = 0; k < n * n; k++) {
		magnitudes += last->out[k] < 0 ? -last->out[k] : last->out[k];
		squares += last->out[k] * last->out[k];
	}
	out[0] = (struct sum){ "sum of magnitudes", magnitudes };
	out[1] = (struct sum){ "sum of squares", squares };
	out[2] = (struct sum){ "the value at a third down, half across", n ? last->out[n / 3 * n + n / 2] : 0 };
	return 3;
}

#endif
