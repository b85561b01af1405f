for i, (a, b) in enumerate(zip([1, 2], "xy")):
    print(i, a, b)
else:
    print("done")
n = 0
while True:
    n += 1
    if n == 3:
        continue
    if n > 5:
        break
else:
    print("never")
print(n)
while n > 3:
    n -= 1
else:
    print("else", n)
for k in range(10, 0, -4):
    print(k, end=" ")
print()
for k in []:
    pass
else:
    print("empty")
if n > 100:
    print("big")
elif n == 3:
    print("three")
else:
    print("small")
first, *middle, last = range(5)
print(first, middle, last)
(p, q), r = (1, 2), 3
p, q = q, p
print(p, q, r)
a = b = [1]
a.append(2)
a += [3]
print(b, a is b)
m = [[0] * 3 for _ in range(2)]
m[1][2] = 5
m[0][0] += 2
m[0][1] -= 1
print(m)
x: int = 7
y: float
x **= 2
x //= 3
x %= 7
x <<= 4
x |= 1
x ^= 3
x &= 0xFF
x >>= 1
print(x)
assert x > 0, "positive"
i = 100
print([i * i for i in range(5) if i % 2 if i > 1], i, [(u, v) for u in range(3) for v in range(u)])
print(__name__)
if __name__ == "__main__":
    print("main")
print(1, 2, sep="-", end="!\n")
