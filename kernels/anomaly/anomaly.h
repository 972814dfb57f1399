// Days of a stream that aren't normally distributed, in C: the peer that gcc compiles
// as a program of its own. See Value and K2 of package anomaly for the formulas.
#ifdef PEER

#include <math.h>
#include <stdint.h>

#define DAY 86400
#define GOLDEN 0x9E3779B97F4A7C15u
#define RARE (UINT64_MAX / 604800 + 1)
#define LANES 0x0000FFFF0000FFFFu

static inline uint64_t mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static inline uint64_t lanes(uint64_t z) { return (z & LANES) + (z >> 16 & LANES); }

static inline double value(uint64_t i)
{
	uint64_t at = 4 * i;
	uint64_t sums = lanes(mix((at + 2) * GOLDEN)) + lanes(mix((at + 3) * GOLDEN)) + lanes(mix((at + 4) * GOLDEN));
	int64_t sum = (int64_t)((sums & 0xFFFFFFFF) + (sums >> 32));
	double r = (double)(sum - 6 * 65535) / (4 * 65536), r2 = r * r;
	double y = (((0.029899776 * r2 + 0.008355968) * r2 + 0.076542912) * r2 + 0.252408784) * r2 + 3.949846138;
	return mix((at + 1) * GOLDEN) < RARE ? 100 : y * r;
}

static double k2(double n, double mean, double m2, double m3, double m4)
{
	double variance = m2 / n;
	if (n < 8 || !(sqrt(variance) > 0x1p-52 * fabs(mean)))
		return NAN;
	double y = m3 / n / pow(variance, 1.5) * sqrt((n + 1) * (n + 3) / (6 * (n - 2)));
	double beta2 = 3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9));
	double w2 = sqrt(2 * (beta2 - 1)) - 1;
	double zs = asinh(y / sqrt(2 / (w2 - 1))) / sqrt(log(w2) / 2);
	double x = (m4 / n / (variance * variance) - 3 * (n - 1) / (n + 1)) /
		sqrt(24 * n * (n - 2) * (n - 3) / ((n + 1) * (n + 1) * (n + 3) * (n + 5)));
	double root = 6 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9)) * sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)));
	double a = 6 + 8 / root * (2 / root + sqrt(1 + 4 / (root * root)));
	double zk = (1 - 2 / (9 * a) - cbrt((1 - 2 / a) / (1 + x * sqrt(2 / (a - 4))))) / sqrt(2 / (9 * a));
	return zs * zs + zk * zk;
}

// day tests one day in a buffer.
static double day(long number, double *values)
{
	double sum = 0, m2 = 0, m3 = 0, m4 = 0;
	for (long k = 0; k < DAY; k++)
		values[k] = value(number * DAY + k);
	for (long k = 0; k < DAY; k++)
		sum += values[k] - values[0];
	double mean = values[0] + sum / DAY;
	for (long k = 0; k < DAY; k++) {
		double d = values[k] - mean, d2 = d * d;
		m2 += d2, m3 += d2 * d, m4 += d2 * d2;
	}
	return k2(DAY, mean, m2, m3, m4);
}

static long days;
static double *result;

static void *make(long size)
{
	if (size < 0 || size > 1 << 20)
		return 0;
	days = size;
	free(result);
	result = malloc(sizeof *result * (days + 1));
	return &days;
}

static void serial(void *input)
{
	double *values = malloc(sizeof *values * DAY);
	for (long d = 0; d < days; d++)
		result[d] = day(d, values);
	free(values);
}

static void openmp(void *input)
{
#pragma omp parallel
	{
		double *values = malloc(sizeof *values * DAY);
#pragma omp for schedule(dynamic, 4)
		for (long d = 0; d < days; d++)
			result[d] = day(d, values);
		free(values);
	}
}

static struct row rows[] = {
	{ "gcc", "-O3 -march=native, a day at a time", serial },
	{ "gcc, OpenMP", "-O3 -march=native -fopenmp, schedule dynamic", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	static const char *names[] = { "anomalous day 1", "anomalous day 2", "anomalous day 3", "anomalous day 4", "anomalous day 5" };
	double sum = 0;
	int found = 0;
	for (int i = 0; i < 5; i++)
		out[3 + i] = (struct sum){ names[i], -1 };
	for (long d = 0; d < days; d++) {
		if (result[d] == result[d])
			sum += result[d];
		if (exp(-result[d] / 2) < 1e-3 && found++ < 5)
			out[2 + found].value = d;
	}
	out[0] = (struct sum){ "days", days };
	out[1] = (struct sum){ "sum of K²", sum };
	out[2] = (struct sum){ "anomalous days", found };
	return 8;
}

#endif
