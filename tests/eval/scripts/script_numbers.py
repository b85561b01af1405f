import math

x, y = 3, 4.5
print(x + y, x - y, x * y, x / 2, x // 2, -x // 2, -7 % 3, 7 % -3, 2 ** 10, 2 ** -1, 7.5 // 2, -7.5 % 2)
print(1 < 2 < 3, 1 < 3 < 2, not x, x and y, 0 or "a", None, True)
print(10 // 3, -10 // 3, 10.0 // 3, 5 % 3, -5 % 3, 5.5 % -2, 3 == 3.0, 1 == True, 2**53 == 2.0**53, 2**53 + 1 == 2.0**53)
print(7 & 3, 7 | 8, 7 ^ 2, ~5, 1 << 10, -17 >> 2, 0x1F, 1_000, 0b101, 0o17, True + True, True & False)
print(-9223372036854775808, 9223372036854775807, 1e3, 1e15, 1e16, 0.1, 1 / 3, -0.0, 1e-4, 1e-5, 2.0**70, 1e300 * 1e10)
print(abs(-3), abs(-2.5), round(2.5), round(3.5), round(2.675, 2), round(1234, -2), pow(2, 5), pow(3, 4, 5), divmod(-7, 2), divmod(7.5, 2))
print(int("42"), int("ff", 16), int(3.9), int(-3.9), float("1.5"), float("1e3"), bool([]), bool("a"), complex(1, 2), 3j * 3j)
print((1 + 2j) / (3 - 1j), abs(3 + 4j), (1 + 2j) ** 2, (2 + 0j) ** 0.5, (1j).real, (1 + 2j).imag, (3 - 4j).conjugate())
print(math.sqrt(2), math.pi, math.floor(2.7), math.ceil(2.1), math.trunc(-2.7), math.sin(1), math.gcd(12, 18), math.factorial(10))
print(math.isclose(1, 1 + 1e-10), math.hypot(3, 4), math.log(10), math.log(8, 2), math.inf, math.log2(8), math.comb(10, 3), math.isqrt(17))
print(math.frexp(8.5), math.modf(2.5), math.fsum([0.1] * 10), sum([0.1] * 10), math.copysign(1, -0.0), math.degrees(math.pi))
print(hex(255), oct(8), bin(-5), ord("a"), chr(98), isinstance(1, int), isinstance(True, int), isinstance(1.0, (int, float)), type(1), type(1.5))
print(1 if x > 2 else 2, x is None, x is not None, float("inf"), float("-inf"), float("nan"), float("nan") == float("nan"))
