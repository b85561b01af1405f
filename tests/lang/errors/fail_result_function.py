# A function is not returned to scripts.
from numba import njit


@njit
def pick(n):
    f = lambda x: x + n
    return (n, f)  # error: function '<lambda>' cannot be returned to a script: functions stay in kernels [bad-return]


print(pick(3))
