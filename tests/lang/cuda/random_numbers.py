# only: device
# Random numbers of threads, a generator for each: the numbers are numba-cuda's.
import numpy as np
from numba import cuda
from numba.cuda.random import create_xoroshiro128p_states, xoroshiro128p_uniform_float32, xoroshiro128p_uniform_float64
from numba.cuda.random import xoroshiro128p_normal_float32, xoroshiro128p_normal_float64


@cuda.jit
def draw(out, states):
    i = cuda.grid(1)
    if i < out.shape[0]:
        out[i, 0] = xoroshiro128p_uniform_float64(states, i)
        out[i, 1] = xoroshiro128p_uniform_float32(states, i)
        out[i, 2] = xoroshiro128p_normal_float64(states, i)
        out[i, 3] = xoroshiro128p_normal_float32(states, i)


@cuda.jit
def estimate_pi(states, rounds, out):
    i = cuda.grid(1)
    inside = 0
    for _ in range(rounds):
        x = xoroshiro128p_uniform_float32(states, i)
        y = xoroshiro128p_uniform_float32(states, i)
        if x**2 + y**2 <= 1.0:
            inside += 1
    out[i] = 4.0 * inside / rounds


states = create_xoroshiro128p_states(6, seed=42)
out = np.zeros((6, 4))
draw[1, 32](out, states)
for row in (0, 5):
    print(np.round(out[row] * 1000))
# -> [  483.   292. -1356.  -570.]
# -> [ 393.   14. 2232. -808.]

n = 128
pis = np.zeros(n, dtype=np.float32)
estimate_pi[2, 64](create_xoroshiro128p_states(n, seed=1), 1000, pis)
print(abs(pis.mean() - np.pi) < 0.01, pis.std() > 0)  # -> True True
