def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def f(a, b=2, *args, c=3, d=None):
    """Takes anything."""
    return (a, b, args, c, d)


def make(k):
    total = 0

    def add(v):
        return v * k + total

    total = 100
    return add


def outer():
    xs = [i * k for i in range(3) for k in (1, 10)]

    def inner(n):
        if n == 0:
            return 0
        return n + inner(n - 1)

    return xs, inner(4)


def counter(start, step=1):
    state = [start]

    def nxt():
        state[0] += step
        return state[0]

    return nxt


def nothing():
    pass


def early(xs):
    for x in xs:
        while x > 0:
            if x == 7:
                return "seven"
            x -= 5
    else:
        return "none"


print(fib(15), f(1), f(1, 5, 6, 7, c=9), f(b=1, a=0, d="x"), f(*[1, 2], *(3, 4)), nothing(), f.__name__, f.__doc__)
print(make(3)(4), outer(), early([1, 12]), early([3]))
tick = counter(10, step=5)
print(tick(), tick(), tick())
sq = lambda v, p=2: v ** p
print(sq(5), sq(2, 3), list(map(sq, [1, 2, 3])), (lambda: 42)(), (lambda *a: a)(1, 2))
print([g() for g in [lambda: i for i in range(3)]], [g() for g in [lambda i=i: i for i in range(3)]])
later = lambda: defined_later + 1
defined_later = 41
print(later())


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


print(depth(500))
