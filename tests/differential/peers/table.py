"""What cannot be guessed: arguments for some functions, and which functions take objects of their package."""
import re

import numpy as np

INPUTS = {}

# Functions whose arguments are neither numbers nor arrays.
OBJECTS = [
    (r"clifford/test/test_numba_extensions.py:Test(Layout|MultiVector)", "a multivector as argument"),
    (r"clifford/test/test_function_cache.py:foo$", "a multivector as argument"),
    (r"clifford/_layout.py:Layout._hitzer_inverse", "a multivector as argument"),
    (r"clifford/tools/g3c/__init__.py:(dorst_norm|check_sigma_for|check_infinite_roots|positive_root|negative_root|general_root)", "a multivector as argument"),
    (r"clifford/tools/g3c/__init__.py:(annihilate_k|(pos|neg)_twiddle_root|norm(alised)?$|rotor_between_planes|apply_rotor|fast_normalInv)", "a multivector as argument"),
    (r"datashader/compiler.py:make_antialias_stage_2_functions", "code made at run time"),
]


def takes_objects(name):
    return next((why for pattern, why in OBJECTS if re.match(pattern, name)), None)


def inputs_of(name):
    """Registers a function that gives lists of arguments."""
    def add(function):
        INPUTS[name] = function
        return function
    return add


RNG = np.random.default_rng(3)
SIGNAL = np.round(RNG.random(24), 3)


@inputs_of("librosa/sequence.py:__dtw_backtracking")
def _():
    steps = np.array([[0, 1, 1, 1], [2, 0, 1, 1], [2, 2, 0, 1], [2, 2, 2, 0]])
    sizes = np.array([[1, 1], [0, 1], [1, 0]])
    return [[steps, sizes, False, None], [steps, sizes, True, 2]]


@inputs_of("librosa/beat.py:__beat_local_score")
def _():
    return [[SIGNAL, np.array([4.0]), np.zeros(24)]]


@inputs_of("librosa/beat.py:__beat_track_dp")
def _():
    return [[SIGNAL, np.array([4.0]), 100.0, np.zeros(24, np.int32), np.zeros(24)]]


@inputs_of("librosa/beat.py:__trim_beats")
def _():
    return [[SIGNAL, SIGNAL > 0.5, True, np.zeros(24, np.bool_)]]


@inputs_of("librosa/beat.py:__dp_backtrack")
def _():
    return [[np.arange(-1, 23), 20, np.zeros(24, np.bool_)]]


@inputs_of("librosa/core/audio.py:_zc_wrapper")
def _():
    return [[SIGNAL - 0.5, 0.1, True, np.zeros(24, np.bool_)]]


@inputs_of("librosa/util/utils.py:__peak_pick_greedy")
def _():
    return [[SIGNAL, 2, 3, 2, 3, 0.05, 1, np.zeros(24, np.bool_)]]


@inputs_of("librosa/util/utils.py:__peak_pick_dp")
def _():
    return [[SIGNAL, 2, 3, 2, 3, 0.05, 1, True, np.zeros(24, np.bool_)]]


def grades_meet(a, b, c):
    return a == abs(b - c)


@inputs_of("clifford/_layout.py:_numba_construct_graded_mt")
def _():
    grades = np.array([0, 1, 1, 2])
    coords = np.array([[0, 1, 2, 3], [0, 1, 3, 2], [0, 0, 1, 3]])
    return [[grades, coords, np.array([1, -1, 1, -1]), grades_meet]]


for _name in ("librosa/core/pitch.py:_pi_stencil", "librosa/util/utils.py:_localmax_sten", "librosa/util/utils.py:_localmin_sten"):
    INPUTS[_name] = lambda: [[SIGNAL]]
for _name in ("librosa/util/utils.py:_localmax", "librosa/util/utils.py:_localmin"):
    INPUTS[_name] = lambda: [[SIGNAL, np.zeros(24, np.bool_)]]
INPUTS["librosa/core/pitch.py:_pi_wrapper"] = lambda: [[SIGNAL, np.zeros(24)]]
INPUTS["librosa/core/audio.py:_zc_stencil"] = lambda: [[SIGNAL - 0.5, 0.1, True]]


def _points(n, columns):
    return np.round(np.random.default_rng(5).random((n, columns)) * 3, 3).astype(np.float32)


@inputs_of("datashader/bundling.py:distance_between")
def _():
    return [[_points(1, 3)[0], _points(2, 3)[1]]]


@inputs_of("datashader/bundling.py:resample_segment")
def _():
    return [[_points(5, 3), np.zeros((9, 3), np.float32), np.array([1, 2, 1, 3, 1], np.uint16), 3]]


@inputs_of("datashader/bundling.py:smooth_segment")
def _():
    return [[_points(8, 3), 0.3, 0, 1]]


@inputs_of("datashader/layout.py:_cooling")
def _():
    adjacency = (_points(6, 6) > 1.5).astype(np.float32)
    return [[adjacency, _points(6, 2).astype(np.float64), 0.2, 3, 2, 0.4, False, False]]


def _ragged(dtype):
    return np.array([0, 2, 5], np.uint8), np.array([1, 2, 3, 4, 5, 6, 7], dtype)


@inputs_of("datashader/datatypes.py:_eq_ragged_ragged")
def _():
    start, flat = _ragged(np.float64)
    other = flat.copy()
    other[3] = 9
    return [[start, flat, start, other]]


@inputs_of("datashader/datatypes.py:_eq_ragged_scalar")
def _():
    start, flat = _ragged(np.float64)
    return [[start, flat, flat[2:5].copy()]]


@inputs_of("datashader/datatypes.py:_eq_ragged_ndarray2d")
def _():
    start, flat = np.array([0, 2, 4], np.uint8), np.array([1.0, 2, 3, 4, 5, 6])
    return [[start, flat, np.array([[1.0, 2], [3, 5], [5, 6]])]]


@inputs_of("librosa/sequence.py:__dtw_calc_accu_cost")
def _():
    n, m = 5, 6
    cost = np.round(np.random.default_rng(4).random((n, m)), 3)
    total = np.full((n + 1, m + 1), np.inf)
    total[1, 1] = cost[0, 0]
    sizes = np.array([[1, 1], [0, 1], [1, 0]])
    return [[cost, total, np.zeros((n + 1, m + 1), np.int32), sizes, np.zeros(3), np.ones(3), 1, 1]]


@inputs_of("librosa/util/utils.py:__shear_dense")
def _():
    return [[np.arange(12.0).reshape(3, 4)]]
