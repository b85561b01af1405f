"""kjit.cuda beside the rest: decorators with target='cuda', arrays of other libraries (__cuda_array_interface__, DLPack); with a driver
(the tests' own or a real one) and in the simulator."""

import gc
import unittest

import numpy as np

import kjit
from kjit import cuda


@cuda.jit
def axpy(y, x, a):
    i = cuda.grid(1)
    if i < y.size:
        y[i] += 2 * a * x[i]


def needs_driver(test):
    return unittest.skipIf(cuda.is_simulated(), "of drivers")(test)


@kjit.njit(parallel=True, target="cuda")
def combined(a, b):
    s = 0.0
    for i in kjit.prange(a.size):
        s += a[i] * b[i]
    return a * 2 + b, s


@kjit.njit(parallel=True, target="cuda")
def incremented(a):
    a += 1
    return a


@kjit.vectorize(["float32(float32, float32)", "float64(float64, float64)"], target="cuda")
def product_plus_one(x, y):
    return x * y + 1


@kjit.njit
def total(a):
    return a.sum()


class Targets(unittest.TestCase):
    def test_parallel_functions_take_arrays_of_either(self):
        a, b = np.arange(100.0), np.ones(100)
        made, s = combined(a, b)
        self.assertIsInstance(made, np.ndarray)
        np.testing.assert_array_equal(made, a * 2 + 1)
        self.assertEqual(s, 4950)
        made, s = combined(cuda.to_device(a), cuda.to_device(b))
        self.assertIsInstance(made, cuda.DeviceNDArray)
        np.testing.assert_array_equal(made.copy_to_host(), a * 2 + 1)
        self.assertEqual(s, 4950)
        d = cuda.to_device(a)
        same = incremented(a=d)
        self.assertEqual(same._address, d._address)
        np.testing.assert_array_equal(d.copy_to_host(), a + 1)

    def test_ufuncs_take_arrays_of_either(self):
        a = np.arange(6.0)
        d = cuda.to_device(a)
        np.testing.assert_array_equal(product_plus_one(a, 2), a * 2 + 1)
        np.testing.assert_array_equal(product_plus_one(d, 2.0).copy_to_host(), a * 2 + 1)
        np.testing.assert_array_equal(product_plus_one(d.reshape(6, 1), d).copy_to_host(), np.outer(a, a) + 1)
        single = cuda.to_device(a.astype(np.float32))
        self.assertEqual(product_plus_one(single, single).dtype, np.float32)
        out = cuda.device_array_like(d)
        self.assertIs(product_plus_one(d, d, out=out), out)
        np.testing.assert_array_equal(out.copy_to_host(), a * a + 1)
        self.assertIs(product_plus_one(d, d, out=(out,)), out)
        self.assertEqual(product_plus_one(2.0, 3.0), 7)
        self.assertEqual(product_plus_one.reduce(cuda.to_device(np.ones(4))), 4)

    def test_wrong_uses(self):
        d = cuda.to_device(np.arange(6.0))
        for error, text, wrong in ((NotImplementedError, "dtype", lambda: product_plus_one(d, d, dtype=np.float32)),
                                   (NotImplementedError, "no views", lambda: product_plus_one(d[::2], 1.0)),
                                   (NotImplementedError, "no views", lambda: combined(d[1:], d[1:])),
                                   (TypeError, "device array", lambda: total(d)),
                                   (ValueError, "exactly one", lambda: product_plus_one(d, d, out=(d, d)))):
            with self.subTest(text=text), self.assertRaisesRegex(error, text):
                wrong()
        with self.assertRaisesRegex(ValueError, "target"):
            kjit.vectorize(target="hsa")

        @kjit.njit(target="cuda")
        def serial(a):
            return a

        with self.assertRaisesRegex(kjit.CompilationError, "parallel=True"):
            serial(d)


class OtherLibraries(unittest.TestCase):
    class Foreign:
        def __init__(self, array, **changes):
            self.array, self.changes = array, changes

        @property
        def __cuda_array_interface__(self):
            return {**self.array.__cuda_array_interface__, **self.changes}

    @needs_driver
    def test_interface_fields(self):
        d = cuda.to_device(np.arange(12, dtype=np.int16).reshape(3, 4))
        interface = d.__cuda_array_interface__
        self.assertEqual(interface, {"version": 3, "shape": (3, 4), "typestr": "<i2", "strides": None, "stream": 1,
                                     "data": interface["data"]})
        view = d[1:, ::2].__cuda_array_interface__
        self.assertEqual((view["shape"], view["strides"], view["data"]), ((2, 2), (8, 4), (interface["data"][0] + 8, False)))
        self.assertEqual(cuda.device_array(0).__cuda_array_interface__["data"][0], 0)

    @needs_driver
    def test_foreign_arrays_are_arguments_without_copies(self):
        d = cuda.to_device(np.arange(10.0))
        foreign = self.Foreign(d)
        axpy[1, 16](foreign, np.ones(10), 1)
        axpy[1, 16](foreign, foreign, 0.5)
        np.testing.assert_array_equal(product_plus_one(foreign, 1.0).copy_to_host(), d.copy_to_host() + 1)
        self.assertEqual(combined(foreign, foreign)[1], (d.copy_to_host() ** 2).sum())
        np.testing.assert_array_equal(d.copy_to_host(), 2 * np.arange(10.0) + 4)
        ours = cuda.as_cuda_array(self.Foreign(d[::-2]))
        self.assertEqual(ours.__cuda_array_interface__, d[::-2].__cuda_array_interface__)
        np.testing.assert_array_equal(ours.copy_to_host(), d.copy_to_host()[::-2])
        ours[0] = -5
        self.assertEqual(d[9], -5)
        self.assertTrue(cuda.is_cuda_array(foreign))
        before = cuda.memory_allocated()
        self.assertEqual(cuda.to_device(foreign)._address, d._address)
        self.assertEqual(cuda.memory_allocated(), before)

    @needs_driver
    def test_foreign_memory_is_kept_alive(self):
        d = cuda.to_device(np.arange(10.0))
        before = cuda.memory_allocated()
        ours = cuda.as_cuda_array(self.Foreign(d))
        del d
        gc.collect()
        np.testing.assert_array_equal(ours[3:].copy_to_host(), np.arange(3.0, 10.0))
        del ours
        gc.collect()
        self.assertEqual(cuda.memory_allocated(), before - 80)

    @needs_driver
    def test_interfaces_that_are_refused(self):
        d = cuda.to_device(np.arange(10.0))
        for error, changes in ((ValueError, {"stream": 0}), (NotImplementedError, {"mask": d}), (TypeError, {"typestr": ">f8"}),
                               (TypeError, {"typestr": "<M8[s]"})):
            with self.assertRaises(error):
                cuda.as_cuda_array(self.Foreign(d, **changes))
        with self.assertRaises(TypeError):
            cuda.as_cuda_array(np.zeros(3))
        self.assertEqual(cuda.as_cuda_array(self.Foreign(d, stream=2)).shape, (10,))

    def test_dlpack_there_and_back(self):
        a = np.arange(24, dtype=np.float32).reshape(4, 6)
        for dtype in (np.bool_, np.int16, np.uint64, np.float32, np.complex64):
            for view in (lambda m: m, lambda m: m.T, lambda m: m[1:, ::2], lambda m: m[::-1], lambda m: m[:0]):
                for version in (None, (1, 0)):
                    d = view(cuda.to_device(a.astype(dtype)))
                    with self.subTest(dtype=dtype, version=version):
                        ours = cuda.DeviceNDArray(kjit._kjit.cuda_from_dlpack(d.__dlpack__(max_version=version)))
                        self.assertEqual((ours.dtype, ours.shape), (d.dtype, d.shape))
                        if d.size:
                            self.assertEqual((ours.strides, ours._address), (d.strides, d._address))
                        del d
                        np.testing.assert_array_equal(ours.copy_to_host(), view(a.astype(dtype)))

    def test_dlpack_arrays_are_arguments_and_kept_alive(self):
        class Exporter:
            def __init__(self, array):
                self.array = array

            def __dlpack_device__(self):
                return self.array.__dlpack_device__()

            def __dlpack__(self, **arguments):
                return self.array.__dlpack__(**arguments)

        class Older(Exporter):
            def __dlpack__(self, stream=None):
                return self.array.__dlpack__(stream=stream)

        gc.collect()
        before = cuda.memory_allocated()
        for sort in (Exporter, Older):
            d = cuda.to_device(np.arange(8.0))
            ours = cuda.from_dlpack(sort(d))
            axpy[1, 8](ours, ours, 0.5)
            if not cuda.is_simulated():
                axpy[1, 8](sort(d), sort(d), 0.5)
                axpy[1, 8](sort(d), np.ones(8), 0.0)
            del d
            gc.collect()
            np.testing.assert_array_equal(ours.copy_to_host(), np.arange(8.0) * (2 if cuda.is_simulated() else 4))
            self.assertEqual(cuda.memory_allocated(), before + 64)
            del ours
            gc.collect()
            self.assertEqual(cuda.memory_allocated(), before)
        cuda.to_device(np.arange(8.0)).__dlpack__()  # a capsule that nobody takes
        gc.collect()
        self.assertEqual(cuda.memory_allocated(), before)

    def test_dlpack_that_is_refused(self):
        d = cuda.to_device(np.arange(8.0))
        capsule = d.__dlpack__()
        kjit._kjit.cuda_from_dlpack(capsule)
        for error, wrong in ((ValueError, lambda: kjit._kjit.cuda_from_dlpack(capsule)),
                             (ValueError, lambda: kjit._kjit.cuda_from_dlpack(3)),
                             (ValueError, lambda: d.__dlpack__(stream=0)),
                             (BufferError, lambda: d.__dlpack__(copy=True)),
                             (BufferError, lambda: d.__dlpack__(dl_device=(7, 0))),
                             (TypeError, lambda: cuda.from_dlpack(3))):
            with self.assertRaises(error):
                wrong()
        if cuda.is_simulated():
            np.testing.assert_array_equal(np.from_dlpack(d), np.arange(8.0))
        else:
            with self.assertRaisesRegex(BufferError, "not on the device"):
                cuda.from_dlpack(type("OnHost", (), {"__dlpack__": lambda self, **_: np.arange(8.0).__dlpack__()})())

    def test_the_simulators_arrays_are_no_ones_elses(self):
        d = cuda.to_device(np.zeros(3))
        self.assertTrue(cuda.is_cuda_array(d))
        self.assertEqual(hasattr(d, "__cuda_array_interface__"), not cuda.is_simulated())


if __name__ == "__main__":
    unittest.main()
