// The slopes of windows in C: what the rows with C run, and the peer that gcc compiles
// as a program of its own.

// rolling_slopes goes along the windows for each weight, 512 windows at a time, which
// stay in the smallest cache and which gcc makes vectors of.
static void rolling_slopes(double *restrict out, const double *restrict y, const double *restrict w, long windows, long window)
{
	for (long lo = 0; lo < windows; lo += 512) {
		long n = windows - lo < 512 ? windows - lo : 512;
		for (long s = 0; s < n; s++)
			out[lo + s] = 0;
		for (long j = 0; j < window; j++)
			for (long s = 0; s < n; s++)
				out[lo + s] += y[lo + s + j] * w[j];
	}
}

#ifdef PEER
#include <stdint.h>

#define DAYS 14
#define LENGTH 743
#define WINDOWS (LENGTH - DAYS + 1)

struct input { long users; double w[DAYS], *y, *out; };
static struct input *last;

static void *make(long users)
{
	if (users < 0 || users > 1 << 18)
		return 0;
	struct input *in = calloc(1, sizeof *in);
	in->users = users;
	in->y = malloc(8 * (users * LENGTH + 1));
	in->out = malloc(8 * (users * WINDOWS + 1));
	for (long i = 0; i < users * LENGTH; i++) {
		uint64_t z = (i + 1) * 0x9e3779b97f4a7c15;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		in->y[i] = (z ^ z >> 31) % 121 / 60.0;
	}
	double squares = 0;
	for (int j = 0; j < DAYS; j++)
		squares += (j - 6.5) * (j - 6.5);
	for (int j = 0; j < DAYS; j++)
		in->w[j] = (j - 6.5) / squares;
	return in;
}

// unrolled is rolling_slopes for a window that gcc knows: a sum in registers for
// neighbouring windows, without a pass over the results for each weight.
static void unrolled(double *restrict out, const double *restrict y, const double *restrict w)
{
	for (long s = 0; s < WINDOWS; s++) {
		double sum = 0;
		for (long j = 0; j < DAYS; j++)
			sum += y[s + j] * w[j];
		out[s] = sum;
	}
}

static void serial(void *input)
{
	struct input *in = last = input;
	for (long u = 0; u < in->users; u++)
		unrolled(in->out + u * WINDOWS, in->y + u * LENGTH, in->w);
}

static void passes(void *input)
{
	struct input *in = last = input;
	for (long u = 0; u < in->users; u++)
		rolling_slopes(in->out + u * WINDOWS, in->y + u * LENGTH, in->w, WINDOWS, DAYS);
}

static void openmp(void *input)
{
	struct input *in = last = input;
#pragma omp parallel for schedule(static)
	for (long u = 0; u < in->users; u++)
		unrolled(in->out + u * WINDOWS, in->y + u * LENGTH, in->w);
}

static struct row rows[] = {
	{ "gcc", "weights, a window of 14 known, -O3 -march=native", serial },
	{ "gcc, passes", "weights, a pass along the windows for each, -O3 -march=native", passes },
	{ "gcc, OpenMP", "as gcc, -fopenmp, users divided", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	long n = last->users * WINDOWS;
	double total = 0, largest = n ? last->out[0] : 0, smallest = largest;
	for (long i = 0; i < n; i++) {
		double s = last->out[i];
		total += s < 0 ? -s : s;
		largest = s > largest ? s : largest;
		smallest = s < smallest ? s : smallest;
	}
	out[0] = (struct sum){ "sum of the slopes' sizes", total };
	out[1] = (struct sum){ "largest", largest };
	out[2] = (struct sum){ "smallest", smallest };
	return 3;
}

#endif
