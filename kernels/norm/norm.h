// The sum of squares in C: what the row with C runs, and the peer that gcc compiles
// as a program of its own.
static double sum_of_squares(const double *v, long n)
{
	double sum = 0;
	for (long i = 0; i < n; i++)
		sum += v[i] * v[i];
	return sum;
}

#ifdef PEER

struct input { long n; double *v; };
static double result;

static void *make(long size)
{
	if (size < 0 || size > 1 << 28)
		return 0;
	struct input *in = malloc(sizeof *in);
	in->n = size;
	in->v = malloc(8 * (size + 1));
	for (long i = 0; i < size; i++)
		in->v[i] = i;
	return in;
}

static void serial(void *input)
{
	struct input *in = input;
	result = sum_of_squares(in->v, in->n);
}

static void openmp(void *input)
{
	struct input *in = input;
	double sum = 0;
#pragma omp parallel for simd reduction(+ : sum)
	for (long i = 0; i < in->n; i++)
		sum += in->v[i] * in->v[i];
	result = sum;
}

static struct row rows[] = {
	{ "gcc", "-O3 -march=native: sums stay in order, so no vectors", serial },
	{ "gcc, OpenMP simd", "reduction over threads and vectors", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	out[0] = (struct sum){ "sum of squares", result };
	return 1;
}

#endif
