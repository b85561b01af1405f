"""kjit.cuda: arrays of the device, launches and what is wrong with them; with a driver (the tests' own or a real one) and in the
simulator."""

import gc
import os
import signal
import threading
import traceback
import unittest

import numpy as np

import kjit
from kjit import cuda
from kjit.cuda import atomic, grid, shared, threadIdx as position
from kjit.cuda.random import create_xoroshiro128p_states, xoroshiro128p_uniform_float32


@cuda.jit(device=True)
def twice(v):
    return v * 2


@cuda.jit
def axpy(y, x, a):
    i = cuda.grid(1)
    if i < y.size:
        y[i] += a * twice(x[i])


@cuda.jit
def add_one(a):
    i, j = cuda.grid(2)
    if i < a.shape[0] and j < a.shape[1]:
        a[i, j] += 1


@cuda.jit("void(float32[:], float32)")
def scale(a, k):
    i = cuda.grid(1)
    if i < a.size:
        a[i] *= k


@cuda.jit
def reverse(a):
    buffer = cuda.shared.array(0, kjit.float64)
    i = cuda.threadIdx.x
    buffer[i] = a[i]
    cuda.syncthreads()
    a[i] = buffer[a.size - 1 - i]


@cuda.jit
def count(total, n):
    if cuda.grid(1) < n:
        cuda.atomic.add(total, 0, 1)


@cuda.jit
def histogram(values, counts):
    i = grid(1)
    own = shared.array(4, kjit.int64)
    if position.x < 4:
        own[position.x] = 0
    cuda.syncthreads()
    if i < values.size:
        atomic.add(own, values[i], 1)
    kjit.cuda.syncthreads()
    if position.x < 4:
        atomic.add(counts, position.x, own[position.x])


@cuda.jit
def draw(states, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = xoroshiro128p_uniform_float32(states, i)


def thrice(v):  # without a decorator
    return v + twice(v)


@cuda.jit(device=True, inline=True)
def plus(a, b=1):
    return a + b


TABLE = np.arange(4.0)


class Settings:
    SCALE = 3


@cuda.jit(fastmath=True, lineinfo=True)
def uses_names_of_the_module(out):
    i = cuda.grid(1)
    table = cuda.const.array_like(TABLE)
    if i < out.shape[0]:
        out[i] = plus(thrice(i)) * Settings.SCALE + table[i]


@cuda.jit((kjit.int32[:], kjit.int32))
def add_integer(a, k):
    a[cuda.grid(1)] += k


@cuda.jit([(kjit.float64[:],), (kjit.float32[:],)])
def increment(a):
    a[cuda.grid(1)] += 1


@cuda.jit
def count_badly(total):
    total[0] += 1


@cuda.jit
def for_ever(a):
    i = 0
    while a[0] >= 0:
        i = (i + 1) % 1000
        a[0] = i


def needs_driver(test):
    return unittest.skipIf(cuda.is_simulated(), "of drivers")(test)


class Arrays(unittest.TestCase):
    def test_there_and_back(self):
        for dtype in (np.bool_, np.int8, np.uint16, np.int64, np.float32, np.float64, np.complex64, np.complex128):
            for shape in ((), (0,), (3, 0, 2), (7,), (2, 3, 4)):
                a = (np.arange(np.prod(shape, dtype=int)) % 2).reshape(shape).astype(dtype)
                d = cuda.to_device(a)
                self.assertEqual((d.shape, d.dtype, d.ndim, d.size, d.nbytes), (a.shape, a.dtype, a.ndim, a.size, a.nbytes))
                if a.size:
                    self.assertEqual(d.strides, a.strides)
                back = d.copy_to_host()
                self.assertEqual(back.dtype, a.dtype)
                np.testing.assert_array_equal(back, a)

    def test_order_is_kept(self):
        a = np.asfortranarray(np.arange(6.0).reshape(2, 3))
        d = cuda.to_device(a)
        self.assertEqual(d.strides, a.strides)
        self.assertTrue(d.is_f_contiguous() and not d.is_c_contiguous())
        back = d.copy_to_host()
        self.assertTrue(back.flags.f_contiguous)
        np.testing.assert_array_equal(back, a)
        np.testing.assert_array_equal(d.ravel("F").copy_to_host(), a.ravel("F"))
        self.assertEqual(cuda.device_array((2, 3), np.float32, order="F").strides, (4, 8))

    def test_views_share_memory_and_are_as_numpys(self):
        a = np.arange(60.0).reshape(3, 4, 5)
        d = cuda.to_device(a)
        for index in (1, (1, 2), slice(None, None, -1), (slice(None), 1), (Ellipsis, slice(1, 4, 2)), (None, 2), (2, slice(3, 0, -2)),
                      (slice(0, 0),), (-1, Ellipsis), (slice(None), slice(None), -2)):
            with self.subTest(index=index):
                view, expected = d[index], a[index]
                self.assertEqual((view.shape, view.strides), (expected.shape, expected.strides))
                np.testing.assert_array_equal(view.copy_to_host(), expected)
        np.testing.assert_array_equal(d.T.copy_to_host(), a.T)
        np.testing.assert_array_equal(d.reshape(6, -1).copy_to_host(), a.reshape(6, -1))
        np.testing.assert_array_equal(d.reshape((60,))[7:9].copy_to_host(), a.reshape(60)[7:9])
        self.assertEqual(d[2, 1, 3], a[2, 1, 3])
        self.assertEqual(len(d), 3)
        d[1][2][0] = -1
        d[:, 1, ::2] = np.full((3, 3), 9.0)
        d[0] = d[2]
        a[1][2][0] = -1
        a[:, 1, ::2] = 9
        a[0] = a[2]
        np.testing.assert_array_equal(d.copy_to_host(), a)

    def test_a_view_keeps_the_memory(self):
        d = cuda.to_device(np.arange(10.0))
        view = d[5:]
        del d
        gc.collect()
        np.testing.assert_array_equal(view.copy_to_host(), np.arange(5.0, 10.0))

    def test_copies_into_given_arrays(self):
        a = np.arange(12.0).reshape(3, 4)
        d = cuda.to_device(a)
        out = np.zeros((3, 4))
        self.assertIs(d.copy_to_host(out), out)
        np.testing.assert_array_equal(out, a)
        wide = np.zeros((3, 8))
        d.copy_to_host(wide[:, ::2])
        np.testing.assert_array_equal(wide[:, ::2], a)
        d.T[1].copy_to_host(out[0, :3])
        np.testing.assert_array_equal(out[0, :3], a[:, 1])
        d.copy_to_device(a + 1)
        self.assertIs(cuda.to_device(a * 3, to=d), d)
        np.testing.assert_array_equal(d.copy_to_host(), a * 3)

    def test_wrong_uses(self):
        d = cuda.to_device(np.arange(12.0).reshape(3, 4))
        for error, wrong in ((TypeError, lambda: d.copy_to_host(np.zeros((3, 4), np.float32))),
                             (ValueError, lambda: d.copy_to_host(np.zeros((4, 3)))),
                             (ValueError, lambda: d.copy_to_device(np.zeros(5))),
                             (TypeError, lambda: cuda.to_device(np.zeros((3, 4), np.int32), to=d)),
                             (TypeError, lambda: cuda.to_device(np.array(["text"]))),
                             (TypeError, lambda: cuda.to_device(np.zeros(3, ">f8"))),
                             (TypeError, lambda: cuda.device_array(3, object)),
                             (ValueError, lambda: cuda.device_array(-1)),
                             (MemoryError, lambda: cuda.device_array(1 << 62)),
                             (IndexError, lambda: d[3]),
                             (IndexError, lambda: d[0, 0, 0]),
                             (NotImplementedError, lambda: d[[0, 1]]),
                             (NotImplementedError, lambda: d[np.zeros((3, 4), bool)]),
                             (NotImplementedError, lambda: d.T.reshape(12)),
                             (ValueError, lambda: d.reshape(5)),
                             (TypeError, lambda: np.asarray(d)),
                             (TypeError, lambda: d.copy_to_host(stream="fast")),
                             (NotImplementedError, lambda: cuda.mapped_array(3)),
                             (NotImplementedError, lambda: cuda.managed_array(3))):
            with self.assertRaises(error):
                wrong()
        read_only = np.zeros((3, 4))
        read_only.flags.writeable = False
        with self.assertRaises(ValueError):
            d.copy_to_host(read_only)

    def test_freed_arrays(self):
        d = cuda.to_device(np.arange(4.0))
        view = d[1:]
        d.free()
        for use in (d.free, d.copy_to_host, lambda: d[0], lambda: axpy[1, 4](d, d, 1.0), lambda: axpy[1, 4](np.ones(4), d, 1.0)):
            with self.assertRaisesRegex(RuntimeError, "freed"):
                use()
        np.testing.assert_array_equal(view.copy_to_host(), [1, 2, 3])

    def test_memory_is_counted_and_given_back(self):
        gc.collect()
        before = cuda.memory_allocated()
        d = cuda.device_array(1 << 16, np.uint8)
        self.assertEqual(cuda.memory_allocated() - before, 1 << 16)
        self.assertGreaterEqual(cuda.max_memory_allocated(), cuda.memory_allocated())
        del d
        self.assertEqual(cuda.memory_allocated(), before)
        cuda.reset_peak_memory_stats()
        self.assertEqual(cuda.max_memory_allocated(), before)
        cuda.empty_cache()
        self.assertIn("allocated", cuda.memory_summary())

    def test_pinned_arrays(self):
        p = cuda.pinned_array((3, 4), np.float32)
        self.assertEqual((p.shape, p.dtype, p.flags.c_contiguous), ((3, 4), np.float32, True))
        p[:] = np.arange(12).reshape(3, 4)
        stream = cuda.stream()
        d = cuda.to_device(p, stream)
        out = d.copy_to_host(cuda.pinned_array_like(p), stream)
        stream.synchronize()
        np.testing.assert_array_equal(out, p)


class Launches(unittest.TestCase):
    def test_arrays_of_the_host_come_back(self):
        y, x = np.ones(100), np.arange(100.0)
        axpy[4, 32](y, x, 0.5)
        np.testing.assert_array_equal(y, 1 + x)
        every_other = np.ones(200)[::2]
        axpy[4, 32](every_other, x[::-1], 0.5)
        np.testing.assert_array_equal(every_other, 1 + x[::-1])

    def test_arrays_of_the_device_stay(self):
        y, x = cuda.to_device(np.ones(100)), cuda.to_device(np.arange(100.0))
        axpy[4, 32](y, x, 0.5)
        axpy[4, 32](y[10:20], x[::-1][:10], 1)
        expected = 1 + np.arange(100.0)
        expected[10:20] += 2 * np.arange(99.0, 89.0, -1)
        np.testing.assert_array_equal(y.copy_to_host(), expected)
        host = np.zeros(100)
        axpy[4, 32](host, x, 0.5)
        np.testing.assert_array_equal(host, np.arange(100.0))

    def test_strided_and_column_major_arrays(self):
        a = np.arange(48.0).reshape(6, 8)
        for view in (lambda m: m, lambda m: m.T, lambda m: m[::2, 1::3], lambda m: m[::-1, ::-1]):
            d, expected = cuda.to_device(a), a.copy()
            add_one[(2, 2), (4, 4)](view(d))
            view(expected)[...] += 1
            np.testing.assert_array_equal(d.copy_to_host(), expected)
        columns = cuda.to_device(np.asfortranarray(a))
        add_one[(2, 2), (4, 4)](columns)
        np.testing.assert_array_equal(columns.copy_to_host(), a + 1)

    def test_signatures_convert_numbers(self):
        a = cuda.to_device(np.ones(5, np.float32))
        scale[1, 8](a, 2)
        scale[1, 8](a, np.float64(1.5))
        np.testing.assert_array_equal(a.copy_to_host(), np.full(5, 3, np.float32))
        with self.assertRaisesRegex(TypeError, "signature"):
            scale[1, 8](cuda.to_device(np.ones(5)), 2)

    def test_shared_memory_of_the_launch(self):
        a = np.arange(8.0)
        reverse[1, 8, 0, 8 * 8](a)
        np.testing.assert_array_equal(a, np.arange(8.0)[::-1])

    def test_forall_has_enough_threads(self):
        for tpb in (0, 7):
            total = cuda.to_device(np.zeros(1, np.int64))
            count.forall(1000, tpb)(total, 1000)
            self.assertEqual(total[0], 1000)

    def test_names_of_the_package_under_any_name(self):
        counts = np.zeros(4, np.int64)
        histogram[4, 16](np.arange(64) % 4, counts)
        np.testing.assert_array_equal(counts, [16] * 4)
        out = np.zeros(4)
        uses_names_of_the_module[1, 4](out)
        np.testing.assert_array_equal(out, (3 * np.arange(4) + 1) * 3 + TABLE)
        whole = np.zeros(4, np.int32)
        add_integer[1, 4](whole, 3)
        np.testing.assert_array_equal(whole, [3] * 4)
        for dtype in (np.float32, np.float64):
            out = np.zeros(4, dtype)
            increment[1, 4](out)
            np.testing.assert_array_equal(out, [1] * 4)

    def test_random_numbers_are_numba_cudas(self):
        states = create_xoroshiro128p_states(3, seed=1)
        self.assertEqual(states.copy_to_host()[0].tolist(), [10451216379200822465] * 2)
        later = create_xoroshiro128p_states(1, seed=1, subsequence_start=2).copy_to_host()
        np.testing.assert_array_equal(later[0], states.copy_to_host()[2])
        out = np.zeros(3, np.float32)
        draw[1, 4](states, out)
        self.assertTrue(((out > 0) & (out < 1)).all())
        self.assertEqual(len(set(out.tolist())), 3)
        with self.assertRaisesRegex(RuntimeError, "cuda.random.*kernels"):
            xoroshiro128p_uniform_float32(states, 0)

    @unittest.skipUnless(cuda.is_simulated(), "drivers check with debug=True")
    def test_errors_of_kernels(self):
        with self.assertRaisesRegex(IndexError, r"index 5 is out of bounds.*in thread \(1, 0, 0\) of block \(1, 0, 0\)"):
            increment[2, 4](np.zeros(5))
        try:
            increment[2, 4](np.zeros(5))
        except IndexError as error:
            self.assertIn("in increment", "".join(traceback.format_exception(error)))
        with self.assertRaisesRegex(RuntimeError, "race"):
            count_badly[1, 4](cuda.to_device(np.zeros(1)))

    @unittest.skipUnless(cuda.is_simulated(), "drivers stop no kernel")
    def test_the_keyboard_stops_a_kernel(self):
        for array in (np.zeros(1), cuda.to_device(np.zeros(1))):
            timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
            timer.start()
            with self.assertRaises(KeyboardInterrupt):
                for_ever[1, 1](array)
            timer.join()

    def test_keywords_and_closures(self):
        k = 3

        @cuda.jit
        def fill(a, value=2):
            i = cuda.grid(1)
            if i < a.size:
                a[i] = value * k

        d = cuda.to_device(np.zeros(3))
        fill[1, 4](d)
        np.testing.assert_array_equal(d.copy_to_host(), [6, 6, 6])
        fill[1, 4](a=d, value=5)
        np.testing.assert_array_equal(d.copy_to_host(), [15, 15, 15])

    def test_streams_and_events(self):
        stream, begin, end = cuda.stream(), cuda.event(), cuda.event()
        a = cuda.to_device(np.zeros(64), stream)
        begin.record(stream)
        axpy[1, 64, stream](a, a, 1.0)
        end.record(stream)
        end.synchronize()
        self.assertTrue(end.query())
        self.assertGreaterEqual(cuda.event_elapsed_time(begin, end), 0)
        end.wait(cuda.stream())
        out = a.copy_to_host(stream=stream)
        stream.synchronize()
        np.testing.assert_array_equal(out, np.zeros(64))
        with cuda.stream().auto_synchronize() as s:
            axpy[1, 64, s](a, a, 1.0)
        del stream  # with work that may be under way

    def test_wrong_launches(self):
        a = cuda.to_device(np.zeros(4))
        for error, text, wrong in ((ValueError, "is launched", lambda: axpy(a, a, 1)),
                                   (ValueError, "kernel.blocks, threads.", lambda: axpy[1]),
                                   (ValueError, "kernel.blocks, threads.", lambda: axpy[1, 2, 3, 4, 5]),
                                   (ValueError, "axes", lambda: axpy[(1, 1, 1, 1), 2]),
                                   (ValueError, "launched", lambda: axpy[-1, 2]),
                                   (TypeError, "integers", lambda: axpy[1.5, 2]),
                                   (TypeError, "stream", lambda: axpy[1, 2, "fast"]),
                                   (ValueError, "empty", lambda: axpy[0, 1](a, a, 1)),
                                   (ValueError, "more than", lambda: axpy[1, 2048](a, a, 1)),
                                   (TypeError, "'x'", lambda: axpy[1, 4](a, object(), 1)),
                                   (TypeError, "list", lambda: axpy[1, 4](a, [1.0], 1)),
                                   (TypeError, "missing|argument", lambda: axpy[1, 4](a, a)),
                                   (TypeError, "argument", lambda: axpy[1, 4](a, a, 1, 2)),
                                   (TypeError, "argument", lambda: axpy[1, 4](a, a, b=2)),
                                   (kjit.CompilationError, "indexed", lambda: axpy[1, 4](a, 1.0, 1)),
                                   (RuntimeError, "kernels with @cuda.jit", lambda: cuda.grid(1)),
                                   (RuntimeError, "kernels with @cuda.jit", lambda: cuda.threadIdx.x),
                                   (RuntimeError, "kernels with @cuda.jit", lambda: cuda.atomic.add(a, 0, 1)),
                                   (TypeError, "option", lambda: cuda.jit(fast=True)),
                                   (NotImplementedError, "link", lambda: cuda.jit(link=["a.cu"])),
                                   (TypeError, "function", lambda: cuda.jit(print))):
            with self.subTest(text=text), self.assertRaisesRegex(error, text):
                wrong()

    def test_launched_types_are_known(self):
        @cuda.jit
        def nothing(a, k):
            pass

        self.assertEqual(nothing.signatures, [])
        nothing[1, 1](cuda.to_device(np.zeros(3, np.float32)), 1)
        nothing[1, 1](np.zeros(3, np.float32), 2)  # the same code
        nothing[1, 1](cuda.to_device(np.zeros((3, 2)))[:, 0], 1.5)
        self.assertEqual([s[0] for s in nothing.signatures][0], "array(float32, 1d, C)")
        self.assertEqual(nothing.signatures[-1][0], "array(float64, 1d, A)")

    def test_kernels_are_named_functions(self):
        self.assertEqual((axpy.__name__, axpy.py_func.__name__), ("axpy", "axpy"))
        self.assertIn("axpy", repr(axpy))

    @needs_driver
    def test_inspection(self):
        @cuda.jit("void(float64[:])", max_registers=32)
        def zero(a):
            a[cuda.grid(1)] = 0

        self.assertGreater(zero.get_regs_per_thread(), 0)
        self.assertGreaterEqual(zero.get_max_threads_per_block(), 64)
        zero[1, 4](cuda.to_device(np.ones(4)))
        (signature, text), = zero.inspect_asm().items()
        self.assertEqual(signature, ("array(float64, 1d, A)",))
        self.assertIn(".entry zero", text)
        self.assertIn(".maxnreg 32", text)
        self.assertEqual(zero.inspect_ptx(signature), text)


class Devices(unittest.TestCase):
    def test_the_device(self):
        self.assertTrue(cuda.is_available())
        self.assertGreaterEqual(cuda.device_count(), 1)
        device = cuda.get_current_device()
        self.assertEqual((device.id, device.WARP_SIZE), (0, 32))
        self.assertGreaterEqual(device.compute_capability, (7, 5))
        self.assertGreater(device.MULTIPROCESSOR_COUNT, 0)
        free, total = cuda.current_context().get_memory_info()
        self.assertTrue(0 < free <= total)
        self.assertEqual(len(cuda.gpus), 1)
        with cuda.gpus[0]:
            cuda.synchronize()
        cuda.select_device(0)
        with self.assertRaisesRegex(ValueError, "no CUDA device"):
            cuda.select_device(99)

    def test_simulate_comes_first(self):
        cuda.memory_allocated()
        cuda.simulate(cuda.is_simulated())  # what is so already
        with self.assertRaisesRegex(RuntimeError, "before the first kernel"):
            cuda.simulate(not cuda.is_simulated())


if __name__ == "__main__":
    unittest.main()
