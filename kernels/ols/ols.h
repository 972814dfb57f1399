// The slopes of rows in C: what the rows with C run, and the peer that gcc compiles as
// a program of its own.
static void slopes(double *restrict out, const double *restrict y, const double *restrict w, long rows, long columns)
{
	for (long i = 0; i < rows; i++) {
		double sum = 0;
		for (long j = 0; j < columns; j++)
			sum += y[i * columns + j] * w[j];
		out[i] = sum;
	}
}

#ifdef PEER
#include <stdint.h>

#define DAYS 14

struct input { long rows; double w[DAYS], *y, *out; };
static struct input *last;

static double uniform(uint64_t i)
{
	uint64_t z = (i + 1) * 0x9e3779b97f4a7c15;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return ((z ^ z >> 31) >> 11) * 0x1p-53;
}

static void *make(long rows)
{
	double shares[200], term = 8.756510762696521e-27, sum = 0;
	if (rows < 0 || rows > 1 << 23)
		return 0;
	for (int k = 0; k < 200; k++) {
		shares[k] = sum += term;
		term = term * 60 / (k + 1);
	}
	struct input *in = calloc(1, sizeof *in);
	in->rows = rows;
	in->y = malloc(8 * (rows * DAYS + 1));
	in->out = malloc(8 * (rows + 1));
	for (long i = 0; i < rows * DAYS; i++) {
		double u = uniform(i);
		int count = 0;
		while (count < 200 && !(shares[count] > u))
			count++;
		in->y[i] = count / 60.0;
	}
	double squares = 0;
	for (int j = 0; j < DAYS; j++)
		squares += (j - 6.5) * (j - 6.5);
	for (int j = 0; j < DAYS; j++)
		in->w[j] = (j - 6.5) / squares;
	return in;
}

static void serial(void *input)
{
	struct input *in = last = input;
	slopes(in->out, in->y, in->w, in->rows, DAYS);
}

static void openmp(void *input)
{
	struct input *in = last = input;
#pragma omp parallel for schedule(static)
	for (long lo = 0; lo < in->rows; lo += 512)
		slopes(in->out + lo, in->y + lo * DAYS, in->w, in->rows - lo < 512 ? in->rows - lo : 512, DAYS);
}

static struct row rows[] = {
	{ "gcc", "weights, -O3 -march=native", serial },
	{ "gcc, OpenMP", "weights, -O3 -march=native -fopenmp, 512 rows at a time", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	double total = 0, largest = last->rows ? last->out[0] : 0, smallest = largest;
	for (long i = 0; i < last->rows; i++) {
		double s = last->out[i];
		total += s;
		largest = s > largest ? s : largest;
		smallest = s < smallest ? s : smallest;
	}
	out[0] = (struct sum){ "sum of slopes", total };
	out[1] = (struct sum){ "largest", largest };
	out[2] = (struct sum){ "smallest", smallest };
	return 3;
}

#endif
