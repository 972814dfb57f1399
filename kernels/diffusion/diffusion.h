// A step of diffusion in C: what the row with C runs, and the peer that gcc compiles
// as a program of its own.
static void step_row(double *next, const double *above, const double *here, const double *below, long n)
{
	for (long j = 1; j < n - 1; j++) {
		double xx = below[j] + above[j] - 2 * here[j];
		double yy = here[j + 1] + here[j - 1] - 2 * here[j];
		next[j] = here[j] + (xx + yy) * 0.1;
	}
}

static void step_end(double *next, const double *above, const double *here, const double *below, long j, long left, long right)
{
	double xx = below[j] + above[j] - 2 * here[j];
	double yy = here[right] + here[left] - 2 * here[j];
	next[j] = here[j] + (xx + yy) * 0.1;
}

static void step_rows(double *next, const double *u, long n, long lo, long hi)
{
	for (long i = lo; i < hi; i++) {
		const double *above = u + (i - 1 + n) % n * n, *here = u + i * n, *below = u + (i + 1) % n * n;
		double *to = next + i * n;
		step_end(to, above, here, below, 0, n - 1, n > 1 ? 1 : 0);
		step_end(to, above, here, below, n - 1, n > 1 ? n - 2 : 0, 0);
		step_row(to, above, here, below, n);
	}
}

#ifdef PEER

struct input { long n, steps; double *start, *u, *next; };
static struct input *last;

static void *make(long n)
{
	if (n < 0 || n > 1 << 14)
		return 0;
	struct input *in = calloc(1, sizeof *in);
	in->n = n;
	in->steps = 1000;
	if (n > 0) {
		long steps = 1000L * 512 * 512 / (n * n);
		in->steps = steps > 1000 ? 1000 : steps < 2 ? 2 : steps;
	}
	in->start = calloc(n * n + 1, 8);
	in->u = calloc(n * n + 1, 8);
	in->next = calloc(n * n + 1, 8);
	for (long i = n * 4 / 10; i < n / 2; i++)
		for (long j = n * 4 / 10; j < n / 2; j++)
			in->start[i * n + j] = 0.005;
	return in;
}

static void swapped(struct input *in)
{
	double *u = in->u;
	in->u = in->next;
	in->next = u;
}

static void serial(void *input)
{
	struct input *in = last = input;
	for (long s = 0; s < in->steps; s++, swapped(in))
		step_rows(in->next, s ? in->u : in->start, in->n, 0, in->n);
}

static void openmp(void *input)
{
	struct input *in = last = input;
	for (long s = 0; s < in->steps; s++, swapped(in)) {
#pragma omp parallel for schedule(static)
		for (long i = 0; i < in->n; i++)
			step_rows(in->next, s ? in->u : in->start, in->n, i, i + 1);
	}
}

static struct row rows[] = {
	{ "gcc", "-O3 -march=native", serial },
	{ "gcc, OpenMP", "-O3 -march=native -fopenmp, schedule static", openmp },
	{ 0 },
};

static int sums(struct sum *out)
{
	double mass = 0, squares = 0;
	long n = last->n, at = n * 45 / 100;
	for (long k = 0; k < n * n; k++) {
		mass += last->u[k];
		squares += last->u[k] * last->u[k];
	}
	out[0] = (struct sum){ "sum of all cells", mass };
	out[1] = (struct sum){ "sum of squares", squares };
	out[2] = (struct sum){ "the middle of the block", n ? last->u[at * n + at] : 0 };
	return 3;
}

#endif
