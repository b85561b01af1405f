# Random numbers of threads: xoroshiro128+ (Blackman and Vigna), a row of two words of state for each thread.
import math

import numpy as np


def xoroshiro128p_next(states, index):
    s0 = states[index, 0]
    s1 = states[index, 1]
    result = s0 + s1
    s1 = s1 ^ s0
    states[index, 0] = ((s0 << np.uint64(55)) | (s0 >> np.uint64(9))) ^ s1 ^ (s1 << np.uint64(14))
    states[index, 1] = (s1 << np.uint64(36)) | (s1 >> np.uint64(28))
    return result


def xoroshiro128p_uniform_float64(states, index):
    return np.float64(xoroshiro128p_next(states, index) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


def xoroshiro128p_uniform_float32(states, index):
    return np.float32(xoroshiro128p_uniform_float64(states, index))


def xoroshiro128p_normal_float64(states, index):
    u = xoroshiro128p_uniform_float64(states, index)
    v = xoroshiro128p_uniform_float64(states, index)
    return np.sqrt(-2.0 * np.log(u)) * np.cos(2 * math.pi * v)


def xoroshiro128p_normal_float32(states, index):
    u = xoroshiro128p_uniform_float32(states, index)
    v = xoroshiro128p_uniform_float32(states, index)
    return np.sqrt(np.float32(-2.0) * np.log(u)) * np.cos(np.float32(2 * math.pi) * v)
