/* NumPy's legacy random generator (np.random.seed, rand, randn, ...), bit for bit. */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

KJIT_RT_API void kjit_random_free(kjit_random* random); /* null: nothing */

#ifdef __cplusplus
}
#endif
