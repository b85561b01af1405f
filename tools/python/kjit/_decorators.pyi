from collections.abc import Callable
from typing import Any, overload

import numpy

from ._kjit import Dispatcher
from .types import Signature, Type

SignatureLike = str | Signature | Type | tuple[Type, ...]

class CompilationError(Exception): ...
class ReadonlyError(CompilationError, ValueError): ...
class SignatureError(CompilationError, TypeError): ...
class CompilationWarning(UserWarning): ...

@overload
def jit(signature_or_function: Callable[..., Any], **options: Any) -> Dispatcher: ...
@overload
def jit(
    signature_or_function: SignatureLike | list[SignatureLike] | None = None,
    *,
    nopython: bool = ...,
    parallel: bool = ...,
    fastmath: bool | set[str] = ...,
    cache: bool = ...,
    nogil: bool = ...,
    boundscheck: bool | None = ...,
    error_model: str = ...,
    inline: str = ...,
    locals: dict[str, Type | str] = ...,
    **options: Any,
) -> Callable[[Callable[..., Any]], Dispatcher]: ...

njit = jit

class prange:
    @overload
    def __new__(cls, stop: int, /) -> range: ...
    @overload
    def __new__(cls, start: int, stop: int, step: int = 1, /) -> range: ...

class pndindex(numpy.ndindex): ...
