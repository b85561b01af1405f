from numba import njit


@njit
def f(t, x):
    a = t - x  # error: operator '-' does not take tuple(int (Python), int (Python)) and float (Python) [bad-operand]
    b = x | 2  # error: operator '|' does not take float (Python) and int (Python) [bad-operand]
    c = ~x  # error: operator '~' does not take float (Python) [bad-operand]
    d = x < t  # error: operator '<' does not take
    return a


f((1, 2), 1.5)
