// One number at a time from each distribution, by the methods of NumPy's legacy generator. Parameters are in range.
#pragma once

#include "random/generator.h"

namespace kjit::rt {

double gauss(kjit_random& random);
double standard_exponential(kjit_random& random);
double standard_gamma(kjit_random& random, double shape);
int64_t poisson(kjit_random& random, double lambda);
int64_t binomial(kjit_random& random, int64_t n, double p);  // n >= 0, 0 <= p <= 1
int64_t geometric(kjit_random& random, double p);            // 0 < p <= 1
double beta(kjit_random& random, double a, double b);        // a, b > 0
double log_gamma(double x);                                  // x > 0
double vonmises(kjit_random& random, double mean, double kappa);
double wald(kjit_random& random, double mean, double scale);
int64_t zipf(kjit_random& random, double a);       // a > 1
int64_t logseries(kjit_random& random, double p);  // 0 <= p < 1
// `sample` of `good` and `bad` ones, all at least 0 and sample at most good + bad: how many are good.
int64_t hypergeometric(kjit_random& random, int64_t good, int64_t bad, int64_t sample);

}  // namespace kjit::rt
