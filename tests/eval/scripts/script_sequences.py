l = [5, 3, 8, 1]
l.sort()
print(l, sorted(l, reverse=True), sorted(["bb", "a", "ccc"], key=len), sorted([3, 1, 2], key=lambda v: -v))
l[1:3] = [9, 9, 9]
print(l, l[::-1], l[-1], l[1:3], l[10:], l[-2:])
print(l.pop(), l.pop(0), l.index(9), l.count(9), l + [1], [0] * 3, 9 in l, 7 not in l, l)
l.insert(1, "x")
l.extend((1, 2))
l.reverse()
l.remove(9)
print(l, len(l), l.copy() == l)
l[::2] = [0, 0, 0]
print(l)
t = (1, "a", 2.5)
p, q, r = t
print(p, q, r, t[1], t[-1], t[:2], t + (4,), (1, 2) * 2, (1, 2) < (1, 3), [1, 2] == [1, 2.0], t.index("a"), (), (1,))
print(list(range(5)), list(range(10, 0, -3)), range(3), len(range(0, 10, 3)), range(10)[3], 4 in range(0, 10, 2))
print(all([1, 2]), any([0, 0]), list(reversed([1, 2, 3])), list(zip([1, 2], [3, 4])), list(enumerate("ab", 1)))
print(min(3, 1, 2), max([1, 5, 2]), sum([1, 2, 3], 10), max("a", "bb", key=len), min([3, 1], default=0), max([], default=7))
print(list(filter(lambda v: v > 1, [1, 2, 3])), tuple("abc"), list((1, 2)), [[]], [()], [1, [2, [3]]], next(iter([7])))
print([1, 2.0, "a", (1,), (1, 2), [None, True]], "a" in "cat", None == 0, [1, 2] < [1, 3], isinstance([], list))
