# np.mgrid, np.ogrid: bounds holds start, stop and step of each slice.
import numpy as np


def length(start, stop, step):
    if isinstance(step, complex):
        return int(abs(step))
    if step == 0:
        raise ZeroDivisionError("division by zero")
    return int(np.ceil((stop - start) / step))


def lengths(bounds):
    if len(bounds) == 0:
        return ()
    return (length(bounds[0], bounds[1], bounds[2]),) + lengths(bounds[3:])


def grid_type(bounds):
    if len(bounds) == 0:
        return np.int64
    if isinstance(bounds[0], int) and isinstance(bounds[1], int) and isinstance(bounds[2], int):
        return grid_type(bounds[3:])
    return np.float64


def spacing(start, stop, step):
    if isinstance(step, complex):
        n = int(abs(step))
        return (stop - start) / float(n - 1) if n != 1 else 1.0
    return step


def fill(o, start, step):
    for i in range(o.shape[0]):
        for j in range(o.shape[1]):
            for q in range(o.shape[2]):
                o[i, j, q] = j * step + start


def fill_grid(out, bounds, k: literal):
    fill(blocks(out[k], k), bounds[0], spacing(bounds[0], bounds[1], bounds[2]))
    if k + 1 < out.ndim - 1:
        fill_grid(out, bounds[3:], k + 1)


# One slice that stands alone: np.arange, or as many numbers as the complex step says.
def line(start, stop, step):
    if isinstance(step, complex):
        return np.arange(0, int(abs(step)), 1) * spacing(start, stop, step) + float(start)
    return np.arange(start, stop, step)


def mgrid(together: literal, *bounds):
    if not together:
        return line(bounds[0], bounds[1], bounds[2])
    out = np.empty((len(bounds) // 3,) + lengths(bounds), grid_type(bounds))
    fill_grid(out, bounds, 0)
    return out


def axis_grid(start, stop, step, t: literal, before: literal, behind: literal):
    n = max(length(start, stop, step), 0)
    out = np.empty((1,) * before + (n,) + (1,) * behind, t)
    fill(out.reshape(1, n, 1), start, spacing(start, stop, step))
    return out


def axis_grids(bounds, t: literal, before: literal, behind: literal):
    first = (axis_grid(bounds[0], bounds[1], bounds[2], t, before, behind),)
    return first if behind == 0 else first + axis_grids(bounds[3:], t, before + 1, behind - 1)


def ogrid(together: literal, *bounds):
    if not together:
        return line(bounds[0], bounds[1], bounds[2])
    return axis_grids(bounds, grid_type(bounds), 0, len(bounds) // 3 - 1)
