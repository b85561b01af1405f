// Life of a generator.
#include <kjit_rt/random.h>

#include <cstdlib>

extern "C" void kjit_random_free(kjit_random* random) { std::free(random); }
