# np.random in kernels: NumPy's numbers bit for bit, in mixed order, of scalars and arrays; scripts and kernels share the generator.
import numpy as np
from numba import njit


@njit
def uniform_numbers(seed):
    np.random.seed(seed)
    a = np.random.random()
    b = np.random.rand()
    c = np.random.rand(3)
    d = np.random.random_sample((2, 2))
    e = np.random.uniform(-1.0, 2.5)
    f = np.random.uniform(0, 3, size=2)
    return a, b, c.sum(), d.ravel()[3], e, f[1], np.random.ranf(), np.random.sample(2)[0], np.random.rand(2, 3)[1, 2]


@njit
def normal_numbers(seed):
    np.random.seed(seed)
    a = np.random.randn()
    b = np.random.randn(4)
    c = np.random.normal(1.5, 2.0)
    d = np.random.normal(size=3)
    e = np.random.standard_normal()
    f = np.random.lognormal(0.5, 0.25)
    return a, b[3], c, d[2], e, f, np.random.standard_normal((2, 2))[1, 0], np.random.normal(3.0)


@njit
def continuous(seed):
    np.random.seed(seed)
    return (
        np.random.exponential(),
        np.random.exponential(2.0, 3)[2],
        np.random.standard_exponential(),
        np.random.gamma(0.5),
        np.random.gamma(3.5, 2.0),
        np.random.standard_gamma(2.0, 2)[1],
        np.random.beta(0.5, 0.75),
        np.random.beta(2.0, 3.0, size=2)[0],
        np.random.chisquare(3.0),
        np.random.f(2.0, 5.0),
        np.random.standard_t(4.0),
        np.random.standard_cauchy(),
    )


@njit
def more_continuous(seed):
    np.random.seed(seed)
    return (
        np.random.pareto(3.0),
        np.random.weibull(1.5),
        np.random.power(2.5),
        np.random.rayleigh(2.0),
        np.random.laplace(),
        np.random.laplace(1.0, 2.0, (2,))[1],
        np.random.logistic(0.5, 1.5),
        np.random.gumbel(1.0, 2.0),
        np.random.triangular(-1.0, 0.5, 2.0),
        np.random.random(),
    )


@njit
def counts(seed):
    np.random.seed(seed)
    return (
        np.random.poisson(3.5),
        np.random.poisson(40.0, 3).sum(),
        np.random.binomial(10, 0.3),
        np.random.binomial(1000, 0.4),
        np.random.binomial(1000, 0.7, size=20).sum(),
        np.random.binomial(100, 0.5, size=(3, 7)).sum(),
        np.random.binomial(0, 0.5) + np.random.binomial(5, 0.0),
        np.random.geometric(0.5),
        np.random.geometric(0.05, 2)[1],
        np.random.negative_binomial(5, 0.4),
        np.random.random(),
    )


@njit
def integers(seed):
    np.random.seed(seed)
    a = np.random.randint(10)
    b = np.random.randint(5, 1000, 4)
    c = np.random.randint(-3, 4, size=(2, 3))
    d = np.random.randint(0, 256, 9, np.uint8)
    e = np.random.randint(-100, 100, 7, dtype=np.int16)
    f = np.random.randint(0, 2, 5, dtype=np.bool_)
    g = np.random.randint(0, 2**40, 3)
    h = np.random.randint(1, 7, dtype=np.int32)
    return a, b.sum(), c[1, 2], d.sum(), e.sum(), f.sum(), g[2], h, np.random.randint(0, 2**32, dtype=np.int64), np.random.random()


@njit
def orders(seed):
    np.random.seed(seed)
    x = np.arange(10)
    np.random.shuffle(x)
    m = np.arange(12).reshape(4, 3)
    np.random.shuffle(m)
    p = np.random.permutation(6)
    q = np.random.permutation(x[::2])
    return x[0] * 100 + x[9], m[0, 0], m[3, 2], p[0] * 10 + p[5], q[0], np.random.permutation(m)[2, 1], np.random.random()


@njit
def choices(seed):
    np.random.seed(seed)
    x = np.array([10.0, 20.0, 30.0, 40.0])
    p = np.array([0.1, 0.2, 0.3, 0.4])
    a = np.random.choice(x)
    b = np.random.choice(5)
    c = np.random.choice(x, 6)
    d = np.random.choice(8, 5, False)
    e = np.random.choice(x, 3, p=p)
    f = np.random.choice(4, 3, replace=False, p=p)
    g = np.random.choice(x, size=(2, 2))
    return a, b, c.sum(), d[0] * 1000 + d[4], e.sum(), f[0] * 100 + f[1] * 10 + f[2], g[1, 1], np.random.choice(4, p=p), np.random.random()


@njit
def pi(n):
    inside = 0
    for _ in range(n):
        x = np.random.random()
        y = np.random.random()
        if x * x + y * y < 1.0:
            inside += 1
    return 4.0 * inside / n


for seed in (0, 7, 123456):
    print(*uniform_numbers(seed))
    print(*normal_numbers(seed))
    print(*continuous(seed))
    print(*more_continuous(seed))
    print(*counts(seed))
    print(*integers(seed))
    print(*orders(seed))
    print(*choices(seed))
# -> 0.5488135039273248 0.7151893663724195 1.5713013584074456 0.9636627605010293 0.3420453158902219 1.5866847592587134 0.5680445610939323 0.925596638292661 0.978618342232764
# -> 1.764052345967664 1.8675579901499675 -0.45455575975282203 -0.10321885179355784 0.41059850193837233 1.7091751620903228 0.12167501649282841 3.3336743273742666
# -> 0.79587450816311 1.5744023046345414 0.5510484910954992 0.4522643969597036 11.99267295608218 2.373356083685735 0.2285955824681683 0.6463321425320139 1.3107430862405849 0.940088750648535 -0.16708505078678665 -0.16813188554872377
# -> 0.30381098483863833 1.1640647338075083 0.8166928297707933 2.509503779343272 -0.1656891272949613 0.7333358550778104 3.663471126223948 -1.3968622644042168 0.3135778753907208 0.7917250380826646
# -> 6 129 1 375 14027 1050 0 5 11 6 0.5908727612481732
# -> 5 2517 3 1357 -36 3 332161587272 2 2783877012 0.02021839744032572
# -> 205 3 2 30 0 4 0.6481718720511972
# -> 10.0 0 220.0 1000 100.0 231 30.0 1 0.8700872583584364
# -> 0.07630828937395717 0.7799187922401146 2.1398639212684376 0.26843898010187117 0.7495887528894598 2.411217108313126 0.3809411331485384 0.06593634690590511 0.6005489174641225
# -> 1.690525703800356 -0.7889230286257386 1.5041311458118962 1.0176580056634932 0.6004985159195494 1.4100748054709855 -0.261356415191647 1.5467585875092094
# -> 0.07937690952144451 2.5708370536416214 3.816236211795087 0.29166323544585904 5.790875838473433 1.1236594794806651 0.08609813257776784 0.48073215049831153 2.564306534768003 2.108924907679318 8.82930369752122 -0.16058053528590513
# -> 0.026812116132444164 1.318371370040759 0.7190380552904192 3.2067660055835825 3.1230890312351423 1.004486883909895 -3.333400867238563 3.3258239518237995 0.4998237408825812 0.6792299961209405
# -> 2 109 4 415 14060 1050 0 3 15 5 0.664968962904761
# -> 4 1849 3 1202 163 3 1076629404678 4 2980842940 0.2133853535799155
# -> 804 3 8 10 0 4 0.34597293624374237
# -> 40.0 4 210.0 7006 80.0 231 20.0 3 0.26258377004339706
# -> 0.12696983303810094 0.966717838482003 1.5344622464200282 0.12310214428849964 0.9005917071646345 1.3439904740578306 0.12944067971751294 0.8598787065799693 0.8528997809488618
# -> 0.4691122999071863 1.2121120250208506 1.1535707018933827 -0.8618489633477999 -2.1045692188948086 1.456837049883814 -0.7067711336300845 3.27185988554283
# -> 0.13578516822765094 4.550650568937313 0.47280710120700725 0.11304506136330232 1.3202239912836795 2.0192762634104495 0.0683535438207656 0.5278762143745043 1.1927797848344872 3.709042971219749 0.9976982151395128 0.3593475028279411
# -> 0.046301665017945304 2.262309275813025 0.5838578040526535 4.266450782061039 -0.28302701422795734 0.7953872778778805 2.990190865458835 5.059554741905137 0.5659909028223262 0.37301222522143085
# -> 3 108 2 416 13968 1007 0 1 24 18 0.030361631883263462
# -> 1 1881 -3 935 -272 2 613578506950 3 3523541186 0.175545970738333
# -> 801 3 2 52 8 1 0.35274214908769996
# -> 20.0 2 180.0 1006 80.0 213 30.0 1 0.7767837505077176

np.random.seed(3)
print(np.random.rand())  # -> 0.5507979025745755
print(pi(1000))  # -> 3.124
print(np.random.rand(), np.random.beta(2.0, 2.0), np.random.binomial(10, 0.5))  # -> 0.8017182204621155 0.36325324166472206 4
