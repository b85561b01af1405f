"""Every function of NumPy and every method of arrays on whole arrays: one row for each way to call it.

A row: name in lang-spec/builtins.md, text of the call, kinds of dtype that are tried, tolerance in units of the last place of the largest
element (EXACT: equal), ranks that are tried. Names in the text say what the arguments are: a and b arrays of the rank under test, c a mask
of their shape, v and w vectors as long as the last axis of a, m and n square matrices, d a well-conditioned one (diagonally dominant,
symmetric), i a vector of small indices. Statements before the last are separated by "; ". What NumPy refuses (TypeError) is left out by itself.
"""
from table import EXACT, NUMPY_1, NUMPY_2, ULPS

ALL, REAL, ORDERED, FLOAT = "biufc", "iuf", "biuf", "f"
SUM = 16  # additions in another order

ROWS = []


def row(name, call, kinds=ALL, tolerance=EXACT, ranks="12"):
    ROWS.append((name, call, kinds, tolerance, ranks))


def rows(kinds, tolerance, ranks, *calls):
    """Rows whose name is that of the function that the text calls first, but for what it assigns to o."""
    for call in calls:
        text = next(s for s in call.split("; ") if not s.startswith("o = "))
        name = text.split("(")[0] if text.startswith("np.") else "array." + text.split(".", 1)[1].split("(")[0]
        row(name, call, kinds, tolerance, ranks)


# Element by element.
for name, (kinds, tolerance) in NUMPY_1.items():
    loose = 2 * tolerance if tolerance else EXACT
    row(f"np.{name}", f"np.{name}(a)", kinds, loose, "0123")
    if name not in ("sinc", "angle", "real", "imag", "nan_to_num", "round", "around", "fix", "isreal", "iscomplex", "isposinf", "isneginf"):
        row(f"np.{name}", f"o = np.{name}(a); np.{name}(a, o); np.{name}(a, out=o); o", kinds, loose, "2")
for name, (kinds, tolerance) in NUMPY_2.items():
    loose = 2 * tolerance if tolerance else EXACT
    row(f"np.{name}", f"np.{name}(a, b)", kinds, loose, "0123")
    row(f"np.{name}", f"np.{name}(a, v)", kinds, loose, "2")
    if name != "isclose":
        row(f"np.{name}", f"o = np.{name}(a, b); np.{name}(a, b, o); np.{name}(b, a, out=o); o", kinds, loose, "1")
rows(ORDERED, EXACT, "12", "np.modf(a)", "np.frexp(a)", "np.divmod(a, b)", "np.clip(a, 1, 3)", "np.clip(a, b, 3)", "np.clip(a, None, 2)")
rows(FLOAT, EXACT, "12", "np.ldexp(a, 3)", "np.round(a, 1)", "np.around(a, 1)", "np.nan_to_num(a, nan=1.0, posinf=2.0, neginf=3.0)")
rows(ALL, EXACT, "123", "np.where(c, a, b)", "np.where(c, a, 2)", "np.where(a)")
rows(ALL, EXACT, "0123", "np.isscalar(a)", "np.iscomplexobj(a)", "np.isrealobj(a)")
rows("fc", ULPS, "12", "np.angle(a, True)")

# Folds.
for name, kinds, tolerance in [("sum", ALL, SUM), ("prod", ALL, SUM), ("min", ALL, EXACT), ("max", ALL, EXACT), ("mean", ALL, SUM),
                               ("std", "iufc", SUM), ("var", "iufc", SUM), ("any", ALL, EXACT), ("all", ALL, EXACT)]:
    rows(kinds, tolerance, "0123", f"np.{name}(a)")
    rows(kinds, tolerance, "0123", f"a.{name}()")
    rows(kinds, tolerance, "123", f"np.{name}(a, axis=0)", f"a.{name}(axis=-1)", f"np.{name}(a, axis=-1, keepdims=True)", f"a.{name}(0)")
    rows(kinds, tolerance, "23", f"np.{name}(a, axis=(0, 1))", f"np.{name}(a, (-1, 0), keepdims=True)")
rows(ALL, EXACT, "12", "np.amin(a)", "np.amax(a, axis=0)")
rows(ALL, EXACT, "0123", "np.count_nonzero(a)")
rows(ALL, EXACT, "123", "np.count_nonzero(a, axis=-1)", "np.count_nonzero(a, axis=0, keepdims=True)")
rows("iuf", SUM, "12", "np.sum(a, dtype=np.float64)", "np.prod(a, axis=0, dtype=np.float64)", "np.mean(a, axis=0, dtype=np.float64)",
     "np.std(a, ddof=1)", "np.var(a, axis=-1, ddof=2)")
rows("biu", EXACT, "12", "np.sum(a, axis=0, dtype=np.int32)", "a.sum(dtype=np.int64)")
rows(ALL, EXACT, "0123", "np.argmin(a)", "np.argmax(a)", "a.argmin()", "a.argmax()")
rows(ALL, EXACT, "123", "np.argmin(a, axis=0)", "np.argmax(a, axis=-1)", "a.argmin(axis=-1)", "a.argmax(0)")
rows(ALL, SUM, "1", "np.cumsum(a)", "np.cumprod(a)", "a.cumsum()", "a.cumprod()")
rows("iufc", SUM, "2", "np.cumsum(a, axis=0)", "np.cumprod(a, axis=-1)", "a.cumsum(axis=1)", "np.cumsum(a)")
rows(REAL, SUM, "012", "np.nancumsum(a)", "np.nancumprod(a)")
rows(ALL, SUM, "0", "np.cumsum(a)", "np.cumprod(a)", "a.cumsum()", "a.cumprod()", "np.sum(a, keepdims=True)", "np.add.reduce(a)", "np.average(a)")
rows("iuf", EXACT, "0", "np.mean(a, dtype=np.float32)", "np.ptp(a)", "np.median(a)", "np.percentile(a, 50)", "np.nansum(a)", "np.nanmax(a)", "np.nanmean(a)")
rows(ORDERED, EXACT, "0", "np.argsort(a)", "a.argsort()", "np.unique(a)", "np.tile(a, 2)", "np.repeat(a, 2)", "a.repeat(3)", "np.array_equal(a, a)")
rows(FLOAT, EXACT, "0", "np.linalg.norm(a)", "np.allclose(a, a)")
rows(REAL, EXACT, "12", "np.ptp(a)", "np.ptp(a, axis=0)")
rows(FLOAT, EXACT, "12", "a.clip(-1, 2)", "a.round()", "a.round(1)")
rows("iufc", SUM, "2", "np.trace(a)", "np.trace(a, 1)", "a.trace()", "a.trace(offset=-1)")

# Shapes.
rows(ALL, EXACT, "0123", "np.shape(a)", "np.size(a)", "np.ndim(a)", "np.ravel(a)", "a.ravel()", "a.flatten()", "np.transpose(a)", "a.transpose()",
     "np.copy(a)", "a.copy()", "np.real(a)", "np.imag(a)", "a.conj()", "a.conjugate()", "a.fill(1); a")
rows(ALL, EXACT, "2", "np.reshape(a, (9, 4))", "np.reshape(a, -1)", "a.reshape(2, 18)", "a.reshape((3, -1))", "np.transpose(a, (1, 0))", "a.transpose(1, 0)")
rows(ALL, EXACT, "3", "a.transpose(2, 0, 1)", "np.transpose(a, axes=(1, 2, 0))", "a.reshape(5, 6)")
rows(ALL, EXACT, "12", "np.flip(a)", "np.flip(a, 0)", "np.flip(a, axis=-1)", "np.repeat(a, 2)", "np.repeat(a, 3, axis=0)", "a.repeat(2)", "a.repeat(2, axis=-1)",
     "np.concatenate((a, b))", "np.concatenate((a, b, a), axis=-1)", "np.hstack((a, b))", "np.vstack((a, b))", "np.stack((a, b))",
     "np.stack((a, b), axis=1)", "np.take(a, i)", "np.take(a, i, axis=0)", "a.take(i)", "a.take(i, axis=-1)")
rows(ALL, EXACT, "12", "np.diag(a)", "np.diag(a, 1)", "np.diag(a, k=-2)")
rows(ALL, EXACT, "23", "np.triu(a)", "np.tril(a)", "np.triu(a, 1)", "np.tril(a, k=-1)")
rows(ALL, EXACT, "12", "np.array(a)", "np.asarray(a)", "np.ascontiguousarray(a)", "np.asfortranarray(a)", "np.asarray(a, dtype=np.complex128)")
for dtype in "int8 uint16 int64 float32 float64 complex128 bool_".split():
    rows("biu" if dtype[0] in "iu" else ALL if dtype[0] in "cb" else ORDERED, EXACT, "12", f"a.astype(np.{dtype})")
rows(ALL, EXACT, "123", "np.nonzero(a)", "a.nonzero()", "np.flatnonzero(a)")
rows(ALL, EXACT, "1", "a.item(2)")
rows("bifc", EXACT, "0", "a.item()")  # of uint64 a np.uint64 (lang-spec/differences.md)
row("np.ndenumerate", "t = 0; \nfor k, x in np.ndenumerate(a):\n        t += k[0] * int(x != 0); t", ALL, EXACT, "12")
row("np.ndindex", "t = 0; \nfor k in np.ndindex(a.shape):\n        t = t * 3 + k[0]; t", "f", EXACT, "12")

rows(ALL, EXACT, "12", "np.roll(a, 2)", "np.roll(a, -1, axis=0)", "np.roll(a, 3, -1)", "np.argwhere(a)", "np.atleast_1d(a)", "np.atleast_2d(a)", "np.atleast_3d(a)",
     "np.expand_dims(a, 0)", "np.expand_dims(a, -1)", "np.broadcast_to(a, (2,) + a.shape)")
rows(ALL, EXACT, "0", "np.atleast_1d(a)", "np.atleast_2d(a)", "np.atleast_3d(a)")
rows(ALL, EXACT, "23", "np.rot90(a)", "np.rot90(a, k=-1)", "np.swapaxes(a, 0, 1)", "a.swapaxes(0, -1)", "np.moveaxis(a, 0, -1)", "np.moveaxis(a, (0, 1), (1, 0))",
     "np.diagonal(a)", "a.diagonal(1)", "np.diagonal(a, offset=-1, axis1=1, axis2=0)", "np.fliplr(a)", "np.flipud(a)", "np.squeeze(a[:1], 0)", "a[:, :1].squeeze(1)")
rows(ALL, EXACT, "12", "np.dstack((a, b))", "np.column_stack((a, b))")

# Order.
rows(ALL, EXACT, "12", "np.sort(a)", "np.sort(a, axis=-1)", "a.sort(); a")
row("np.argsort", "v[np.argsort(v)]", ALL, EXACT, "12")  # which of two equal elements comes first is open in NumPy
row("array.argsort", "v[v.argsort(axis=-1)]", ORDERED, EXACT, "1")

rows(ALL, EXACT, "2", "np.sort(a, axis=0)", "np.sort(a, axis=None)", "a.sort(axis=0); a")
rows(ALL, EXACT, "1", "np.argsort(a, kind='stable')", "a.argsort(kind='stable')", "np.unique(a)", "np.unique(a, return_index=True)",
     "np.unique(a, return_inverse=True, return_counts=True)")
rows(REAL, EXACT, "1", "np.searchsorted(np.sort(a), b)", "np.searchsorted(np.sort(a), b, side='right')", "np.digitize(a, np.array([-1.0, 0.5, 2.0]))",
     "np.digitize(a, np.array([2.0, 1.0]), right=True)")
row("array.searchsorted", "v[0:1].searchsorted(v, side='right')", REAL, EXACT, "1")
rows("iu", EXACT, "1", "np.bincount(i)", "np.bincount(i, minlength=8)")
rows(REAL, SUM, "1", "np.bincount(i, v[:5])")

# New arrays.
for name in "empty zeros ones".split():
    shape = ".shape" if name == "empty" else ""
    rows(FLOAT, EXACT, "12", f"np.{name}(a.shape){shape}", f"np.{name}((2, 3), dtype=np.int32){shape}", f"np.{name}(4, dtype=np.complex64){shape}")
    rows(ALL, EXACT, "0123", f"np.{name}_like(a){shape}", f"np.{name}_like(a, dtype=np.int16){shape}")
rows(ALL, EXACT, "012", "np.full_like(a, 3)", "np.full(a.shape, a.size)", "np.full((2, 3), 7, dtype=np.uint8)")
rows(FLOAT, EXACT, "1", "np.arange(7)", "np.arange(1, a.size, 2)", "np.arange(0.0, 1.0, 0.25)", "np.arange(5, dtype=np.float32)", "np.eye(3)", "np.eye(3, 4, k=-1)",
     "np.eye(2, dtype=np.int64)", "np.identity(3)", "np.identity(2, dtype=np.complex64)", "np.linspace(0, 1)", "np.linspace(0.0, 2.0, 7, endpoint=False)",
     "np.linspace(1, 5, num=3, dtype=np.int64)", "np.linspace(0, 1, 5, retstep=True)", "np.iinfo(np.int32).max", "np.finfo(np.float32).eps")
row("np.dtype", "a.astype(np.dtype('float64'))", "iuf", EXACT, "1")

rows(FLOAT, EXACT, "1", "np.tri(3)", "np.tri(2, 4, 1)", "np.tri(3, k=-1, dtype=np.int64)")
row("np.ndarray", "np.ndarray((2, 3)).shape", "f", EXACT, "1")
row("np.result_type", "a.astype(np.result_type(a, np.float32))", "iuf", EXACT, "1")
row("np.promote_types", "a.astype(np.promote_types(np.int16, np.float32))", "iuf", EXACT, "1")

# Products.
for call in ("np.dot(v, w)", "np.dot(m, v)", "np.matmul(m, n)", "np.dot(m, n)", "np.outer(v, w)", "np.vdot(v, w)", "v.dot(w)", "m.dot(n)"):
    rows("iufc", SUM, "2", call)

rows("iufc", SUM, "1", "np.convolve(v, w)", "np.convolve(v, w, 'same')", "np.correlate(v, w)", "np.correlate(v, w, mode='full')")
row("np.cross", "np.cross(v[:3], w[:3])", "iuf", SUM, "1")
row("np.cross", "np.cross(a.reshape(12, 3), b.reshape(12, 3))", "iuf", SUM, "2")
row("np.interp", "np.interp(v, np.array([-2.0, 0.0, 1.0]), np.array([1.0, 3.0, 2.0]))", "iuf", ULPS, "1")
row("np.interp", "np.interp(v, np.array([-2.0, 0.0, 1.0]), np.array([1.0, 3.0, 2.0]), left=-5.0, right=7.5)", "f", ULPS, "1")

rows("iufc", SUM, "2", "np.inner(v, w)", "np.inner(m, n)", "np.kron(v[:3], w[:2])", "np.kron(d, d)")

# Methods of functions of two numbers.
rows("iufc", SUM, "12", "np.add.outer(a, v)", "np.multiply.outer(v, w)", "np.subtract.outer(a, 2)", "np.add.reduce(a)", "np.add.reduce(a, axis=None)",
     "np.multiply.reduce(a, axis=-1, keepdims=True)", "np.add.accumulate(a)", "np.multiply.accumulate(a, axis=-1)", "np.add.reduceat(a, [0, 2, 1], axis=-1)",
     "np.subtract.reduce(a)", "np.add.reduce(a, 0, initial=3)", "np.subtract.accumulate(a, -1)")
rows(ORDERED, EXACT, "12", "np.less.outer(a, v)", "np.maximum.outer(v, w)", "np.maximum.reduce(a)", "np.minimum.reduce(a, axis=-1)", "np.fmax.reduce(a, axis=None)",
     "np.maximum.accumulate(a)", "np.minimum.reduceat(a, [1, 0, 3])", "np.fmin.accumulate(a, axis=-1)", "np.maximum.reduce(a, initial=2)")
rows(ALL, EXACT, "12", "np.logical_and.reduce(a)", "np.logical_or.reduce(a, axis=None)", "np.logical_xor.reduce(a, axis=-1)", "np.logical_or.accumulate(a)",
     "np.equal.outer(v, w)", "np.logical_and.outer(v, w)")
rows("biu", EXACT, "12", "np.bitwise_and.reduce(a)", "np.bitwise_or.reduce(a, axis=None)", "np.bitwise_xor.accumulate(a)", "np.bitwise_and.reduce(a, keepdims=True)")
rows("iu", EXACT, "12", "np.gcd.reduce(a)", "np.add.reduce(a, dtype=np.float64)")
rows("f", SUM, "12", "np.hypot.reduce(a)", "np.logaddexp.reduce(v)", "np.divide.reduce(a)", "np.divide.outer(a, v)", "np.arctan2.outer(v, w)")
rows("iufc", SUM, "23", "np.add.reduce(a, axis=(0, 1))", "np.multiply.reduce(a, axis=(0, -1), keepdims=True)")
rows("iu", EXACT, "23", "np.bitwise_xor.reduce(a, axis=(0, 1))", "np.bitwise_or.reduce(a, axis=(-1, 0), keepdims=True)")
rows("iufc", EXACT, "1", "o = a[:5].copy(); np.add.at(o, i, v[:5]); o", "o = a[:5].copy(); np.multiply.at(o, i, 2); o", "o = a[:5].copy(); np.subtract.at(o, -1, 2); o",
     "o = a[:5].copy(); np.add.at(o, o != 0, 1); o")
rows("iufc", EXACT, "2", "o = a.copy(); np.add.at(o, i, b[:3, 0:1].sum()); o", "o = a.copy(); np.add.at(o, (i, i), 1); o", "o = a.copy(); np.subtract.at(o, (i, 1), i); o")
rows(ORDERED, EXACT, "1", "o = a[:5].copy(); np.maximum.at(o, i, v[:5]); o")

# Places.
row("np.unravel_index", "np.unravel_index(i, (2, 3))", "f", EXACT, "1")
row("np.unravel_index", "np.unravel_index(a.size - 1, a.shape)", "f", EXACT, "12")
row("np.unravel_index", "np.unravel_index(i, (4, 3, 2), order='F')", "f", EXACT, "1")
row("np.ravel_multi_index", "np.ravel_multi_index((i, i), (4, 5))", "f", EXACT, "1")
row("np.ravel_multi_index", "np.ravel_multi_index((i, i * 3), (3, 4), mode='wrap')", "f", EXACT, "1")
row("np.ravel_multi_index", "np.ravel_multi_index((i, i, 2), (3, 2, 3), mode='clip', order='F')", "f", EXACT, "1")
rows(ALL, EXACT, "1", "np.choose(i, (v[:5], w[:5], v[5:10], 1))")
row("np.choose", "np.choose(i % 2, v[:10].reshape(2, 5))", ALL, EXACT, "1")
row("array.choose", "i.choose((v[:5], w[:5]), mode='clip')", ALL, EXACT, "1")
row("np.apply_along_axis", "np.apply_along_axis(np.sum, 0, a)", "if", SUM, "23")
row("np.apply_along_axis", "np.apply_along_axis(np.cumsum, -1, a)", "if", SUM, "123")
rows("if", 4096, "1", "np.polyfit(np.arange(v.size), v, 2)", "np.polyfit(np.arange(v.size), v, 1, w=np.arange(1, v.size + 1))")
rows(FLOAT, SUM, "23", "np.median(a, axis=(0, 1))", "np.percentile(a, 30, axis=(0, -1))", "np.quantile(a, [0.1, 0.5], axis=(1, 0), keepdims=True)",
     "np.nanmedian(a, axis=(0, 1), keepdims=True)", "np.percentile(a, 40, keepdims=True)")
rows("biuf", EXACT, "23", "np.unique(a, axis=0)", "np.unique(a, axis=-1, return_index=True, return_counts=True)")
row("np.interp", "np.interp(v, np.array([3.0, -2.0, 0.5]), np.array([1.0, 3.0, 2.0]), period=4.0)", "iuf", ULPS, "1")

# Grids.
for call in ("np.mgrid[0:4, 1:3]", "np.mgrid[0:2:0.5, -1:1]", "np.mgrid[0:1:3j, 0:2:4j]", "np.mgrid[2:9:3]", "np.mgrid[0:1:5j]", "np.mgrid[5:0:-2,]",
             "np.mgrid[:2, :3, :2]", "np.mgrid[3:1, 0:2]", "np.mgrid[0:1:1j, 0:2]", "np.mgrid[:a.size:9, 0:1]"):
    row("np.mgrid", call, FLOAT, ULPS, "1")
    row("np.ogrid", call.replace("mgrid", "ogrid"), FLOAT, ULPS, "1")

# Sums of products.
rows("iufc", SUM, "2", "np.einsum('xy->yx', a)", "np.einsum('xy->', a)", "np.einsum('xy->y', a)", "np.einsum('yx', a)", "np.einsum('xx', d)", "np.einsum('xx->x', d)",
     "np.einsum('xy,yz->xz', a, n)", "np.einsum('xy,zy->zx', a, n)", "np.einsum('xy,xy', a, b)", "np.einsum('xy,xy->x', a, b)", "np.einsum('x,y->xy', v, w)",
     "np.einsum('xy,y', a, v)", "np.einsum('x,xy->y', v, m)", "np.einsum('...y,yz->...z', a, m)", "np.einsum('xy,yz,zx->x', m, n, m)", "np.einsum('xx,xy->y', d, d)",
     "np.einsum('xy,z->', a, v)", "o = a.copy(); np.einsum('xy,yz->xz', a, n, out=o); o")
rows("iufc", SUM, "3", "np.einsum('xyz->zx', a)", "np.einsum('xyz,xyw->xzw', a, b)", "np.einsum('xyz,xyz->', a, b)", "np.einsum('xyz,zw->xyw', a, m)",
     "np.einsum('xyz,wyz->xw', a, b)", "np.einsum('...z,...z->...', a, b)", "np.einsum('xyz,xwz->xyw', a, b)", "np.einsum('xyz->zyx', a)")
row("np.einsum", "np.einsum('xy->x', a)", "b", EXACT, "2")

# Linear algebra, of what has one answer: factors by their products.
SOLVED = 4096
rows("fc", SOLVED, "2", "np.linalg.inv(d)", "np.linalg.solve(d, v[:5])", "np.linalg.solve(d, m[:5, :3])", "np.linalg.det(d)", "np.linalg.slogdet(d)",
     "np.linalg.cholesky(d)", "np.linalg.eigvalsh(d)", "np.linalg.eigh(d)[0]", "np.linalg.svd(d)[1]", "np.linalg.svdvals(d)", "np.linalg.norm(v)",
     "np.linalg.norm(m)", "np.linalg.cond(d)", "np.linalg.matrix_rank(d)", "np.linalg.pinv(d)", "np.linalg.matrix_power(d, 3)", "np.linalg.lstsq(d, v[:5])[0]")
row("np.linalg.qr", "q, r = np.linalg.qr(d); q @ r", "fc", SOLVED, "2")
row("np.linalg.eig", "w, v = np.linalg.eig(d); (d @ v - v * w).real + 1", "c", SOLVED, "2")
row("np.linalg.eigvals", "np.sort(np.linalg.eigvals(d).real)", "fc", SOLVED, "2")

# Statistics.
rows("iuf", 64, "2", "np.cov(a)", "np.cov(a, rowvar=False)", "np.cov(a, bias=True)", "np.corrcoef(a)")
rows("iuf", SUM, "1", "np.histogram_bin_edges(a)", "np.histogram_bin_edges(a, 5, (-1, 2.5))", "np.histogram2d(a, b)", "np.histogram2d(a, b, (3, 4))",
     "np.histogram2d(a, b, 4, ((-1.0, 2.0), (0.0, 4.0)))", "np.histogram2d(a, b, (np.array([-2.0, 0.0, 3.0]), 2), None, True)",
     "np.histogram2d(a, b, np.array([-2.0, 0.0, 1.5, 3.0]), weights=np.minimum(b, 8))")
rows("iuf", EXACT, "1", "np.histogram(a)", "np.histogram(a, 4)", "np.histogram(a, bins=3, range=(-1.0, 2.0))", "np.histogram(a, 5, weights=np.minimum(b, 8))")
rows("iufc", EXACT, "12", "np.diff(a)", "np.diff(a, axis=0)", "np.diff(a, 2)")

# Functions of the library.
rows(FLOAT, SUM, "12", "np.median(a)", "np.median(a, axis=0)", "np.percentile(a, 30)", "np.percentile(a, [10, 50.5, 90], axis=-1)", "np.quantile(a, 0.25)",
     "np.quantile(a, 0.3, axis=0, method='lower')", "np.average(a)", "np.average(a, axis=0)")
rows("iu", SUM, "12", "np.median(a)", "np.percentile(a, 50)")
rows(FLOAT, SUM, "12", "np.nansum(a)", "np.nanmean(a)", "np.nanmin(a)", "np.nanmax(a)", "np.nanstd(a)", "np.nanvar(a)", "np.nanprod(a)", "np.nanmedian(a)",
     "np.nansum(a, axis=0)", "np.nanmean(a, axis=-1)", "np.nanmax(a, axis=0)", "np.nanpercentile(a, 40)", "np.nanquantile(a, 0.6)", "np.nanargmin(v)",
     "np.nanargmax(v)")
rows(ALL, EXACT, "12", "np.tile(a, 2)", "np.tile(a, (2, 3))", "np.pad(a, 2)", "np.pad(a, 1, mode='edge')", "np.argwhere(a)", "np.extract(c, a)", "np.delete(a, 1)",
     "np.append(a, b)", "np.insert(v, 2, 1)", "np.array_equal(a, b)", "np.array_equal(a, a)", "np.rot90(m)", "np.diagflat(v)", "np.vander(v, 3)",
     "np.atleast_1d(a)", "np.atleast_2d(a)", "np.atleast_3d(a)")
rows(ORDERED, EXACT, "1", "np.isin(a, b)", "np.intersect1d(a, b)", "np.union1d(a, b)", "np.setdiff1d(a, b)", "np.setxor1d(a, b)", "np.partition(a, 3)[3]",
     "np.trim_zeros(a)", "np.ediff1d(v)")
rows("iufc", EXACT, "1", "np.split(a, 4)", "np.array_split(a, 5)", "np.compress(c, a)")
rows(ALL, EXACT, "2", "np.hsplit(a, 3)", "np.vsplit(a, 2)")
rows(ORDERED, EXACT, "2", "np.take_along_axis(a, np.argsort(a, axis=-1), -1)")
rows(ALL, EXACT, "1", "np.put(a, [0, 2], [1, 0]); a", "np.place(a, c, b[:2]); a", "np.putmask(a, c, b); a", "np.fill_diagonal(m, 1); m")
rows("uif", EXACT, "1", "np.select([a > 2, a > 1], [a, b], 0)")
rows("fc", SUM, "1", "np.gradient(v)", "np.trapezoid(v)", "np.tensordot(m, n, 1)", "np.polyval(v[:3], w)")
rows(FLOAT, SUM, "1", "np.unwrap(v)")
rows("iu", SUM, "1", "np.tensordot(m, n, 1)", "np.polyval(v[:3], w)")
rows(ALL, EXACT, "1", "np.meshgrid(v, w)")
rows(ALL, EXACT, "1", "np.concat((a, b))", "np.row_stack((a, b))", "np.sort_complex(a)", "np.ix_(i, c)", "np.ix_(i)")
rows(ALL, EXACT, "23", "np.permute_dims(a)", "np.matrix_transpose(a)", "np.rollaxis(a, 1)", "np.rollaxis(a, -1, 1)", "np.rollaxis(a, 0, 2)",
     "np.concat((a, b), axis=1)")
rows(ALL, EXACT, "12", "o = b.copy(); np.copyto(o, a); o", "o = b.copy(); np.copyto(o, a, where=c); o", "o = b.copy(); np.copyto(o, a[::-1]); o",
     "o = b.copy(); np.copyto(o, o[..., ::-1], where=c); o", "o = b.copy(); np.copyto(o, v.astype(np.float64), casting='unsafe'); o")
rows("iufc", SUM, "12", "np.vecdot(a, b)", "np.vecdot(a, v)")
rows(ORDERED, EXACT, "1", "np.lexsort((a, b))", "np.lexsort((b, a, v))")
rows(REAL, EXACT, "2", "np.lexsort(a)")
rows("f", ULPS, "1", "np.logspace(0, 2, 5)", "np.geomspace(1, 100, 4)", "np.hanning(7)", "np.hamming(7)", "np.blackman(7)", "np.bartlett(7)")
rows("i", EXACT, "1", "np.tril_indices(4)", "np.triu_indices(4, 1)", "np.diag_indices(3)", "np.indices((2, 3))")
rows("fc", EXACT, "12", "np.allclose(a, b)")
rows(ALL, EXACT, "3", "np.dsplit(a, 5)")
row("np.argpartition", "v[np.argpartition(v, 3)[3]]", ORDERED, EXACT, "1")

# Views, windows, polynomials.
rows("iuf", EXACT, "12", "a.view(np.uint8)", "a.view(a.dtype)", "np.ascontiguousarray(a).view(np.int8)")
rows("fc", EXACT, "12", "np.ascontiguousarray(a).view(np.int32)")
rows(ALL, EXACT, "12", "np.resize(a, 7)", "np.resize(a, (5, 9))", "np.broadcast_arrays(a, 1)", "np.broadcast_arrays(a, a[:1])", "np.array_equiv(a, a[:1])")
rows(ALL, EXACT, "1", "np.frombuffer(np.ascontiguousarray(a), dtype=np.uint8)", "a.put([0, 2], [1, 0]); a", "a.compress(c)")
row("np.frombuffer", "np.frombuffer(np.ascontiguousarray(a))", "f", EXACT, "1")
rows(ALL, EXACT, "2", "a.compress(c[:, 0], axis=0)", "np.tril_indices_from(a)", "np.triu_indices_from(a, 1)", "np.diag_indices_from(d)",
     "np.lib.stride_tricks.sliding_window_view(a[:3, :3], (2, 2))", "np.lib.stride_tricks.sliding_window_view(a[:, :3], 2, axis=1)")
row("np.lib.stride_tricks.as_strided", "np.lib.stride_tricks.as_strided(np.arange(4), (2, 3), (8, 8))", "f", EXACT, "1")
row("np.lib.stride_tricks.sliding_window_view", "np.lib.stride_tricks.sliding_window_view(v, 3)", ALL, EXACT, "1")
row("np.broadcast_shapes", "np.broadcast_shapes(a.shape, (1,))", "f", EXACT, "123")
row("np.asarray_chkfinite", "np.asarray_chkfinite(i)", "f", EXACT, "1")
row("array.partition", "v.partition(3); v[3]", ORDERED, EXACT, "1")
row("array.argpartition", "v[v.argpartition(3)[3]]", ORDERED, EXACT, "1")
rows(ALL, SUM, "1", "np.cumulative_sum(a)", "np.cumulative_prod(a)")
rows("iufc", SUM, "2", "np.cumulative_sum(a, axis=0)", "np.cumulative_prod(a, axis=1, include_initial=True)")
rows("f", ULPS, "1", "np.kaiser(7, 5.0)", "np.i0(v)")
row("np.roots", "np.roots(np.array([2.0, -6.0, 4.0, 0.0]))", "f", SOLVED, "1")
for call in ("polyadd(v, w[:3])", "polysub(v, w[:3])", "polymul(v, w[:3])", "polyint(v)", "polyint(v, 2)", "polyder(v)", "polyder(v, 2)", "polyval(w[0], v)",
             "polyval(v, w[:4])", "polyval(v, m)"):
    row("np.polynomial.polynomial." + call.split("(")[0], "np.polynomial.polynomial." + call, "ifc", 64, "1")
row("np.polynomial.polynomial.polydiv", "np.polynomial.polynomial.polydiv(np.array([1.0, 5.0, 4.0, 2.0]), np.array([2.0, 1.0]))", "f", SUM, "1")
row("np.polynomial.polyutils.trimseq", "np.polynomial.polyutils.trimseq(v)", ALL, EXACT, "1")

# Tuples and lists where arrays are taken.
row("np.sum", "np.sum((1, 2.5, 3))", "f", EXACT, "1")
row("np.max", "np.max([a.sum(), 1.0])", "f", SUM, "1")
row("np.stack", "np.stack(((1, 2), v[:2]))", ALL, EXACT, "1")
row("np.array", "np.array([v, w])", ALL, EXACT, "1")
row("np.add", "v[:3] + (1, 2, 3)", ALL, EXACT, "1")
