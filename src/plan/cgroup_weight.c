/*
 * plan/cgroup_weight.c - cpu.shares of cgroup v1 as cpu.weight of v2.
 *
 * Runs in the runtime process, pure.  It must not call libm: linking it would
 * cost every start the loading of a library.
 */
#include "plan/cgroup_build.h"

#define SHARES_MIN 2
#define SHARES_MAX 262144
#define WEIGHT_MIN 1
#define WEIGHT_MAX 10000

/*
 * log2 of a mantissa in [1, 2) is 2/ln(2) times atanh((m-1)/(m+1)), whose argument
 * is below 1/3: the series converges fast.
 */
static double log2_of(uint64_t number)
{
	unsigned exponent = 63u - (unsigned)__builtin_clzll(number);
	double mantissa = (double)number / (double)(1ull << exponent);
	double ratio = (mantissa - 1) / (mantissa + 1);
	double power = ratio, sum = 0;

	for (int n = 1; n < 40; n += 2) {
		sum += power / n;
		power *= ratio * ratio;
	}
	return exponent + sum * 2 / 0.69314718055994530942;
}

/* 10^x for 0 <= x <= 4: whole powers by multiplying, the rest by the series of e^x. */
static double exp10_of(double x)
{
	double whole = 1, term = 1, sum = 1;

	for (int power = (int)x; power > 0; power--) {
		whole *= 10;
		x -= 1;
	}
	for (int n = 1; n < 40; n++) {
		term *= x * 2.30258509299404568402 / n;
		sum += term;
	}
	return whole * sum;
}

uint64_t plan_cgroup_weight_from_shares(uint64_t shares)
{
	double log2_shares, value;
	uint64_t weight;

	if (shares == 0)
		return 0;
	if (shares <= SHARES_MIN)
		return WEIGHT_MIN;
	if (shares >= SHARES_MAX)
		return WEIGHT_MAX;
	log2_shares = log2_of(shares);
	value = exp10_of((log2_shares * log2_shares + 125 * log2_shares) / 612.0 - 7.0 / 34.0);
	weight = (uint64_t)value;
	/*
	 * Rounds up; the margin keeps the default, which is exactly 100, from becoming 101 by the last bit of a double.
	 */
	return value - (double)weight > 1e-9 ? weight + 1 : weight;
}
