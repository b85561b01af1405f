from numba import njit, prange


@njit(parallel=True)
def f(n):
    s = 0
    for i in prange(n):
        for j in range(i):
            if j == 3:
                break
        if i == 100:
            break  # error: leaving a parallel loop by 'break' is not supported
        s += i
    return s


f(1000)
