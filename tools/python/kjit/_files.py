"""Kernel files and texts."""

import os

from . import _kjit


class Module:
    """A loaded kernel file: its functions are kernels, its other globals values."""

    def __init__(self, module):
        self._module = module

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        found = self._module.attribute(name)
        self.__dict__[name] = found  # one dispatcher for all who ask
        return found

    def __dir__(self):
        return [*super().__dir__(), *self._module.functions()]

    def __repr__(self):
        return f"<kjit module {self._module.path!r}>"


def load(path):
    """Runs the top level of a kernel file. `load("file.py").kernel(a, b)` compiles the kernel for these arguments and calls it.

    Raises CompilationError when the file is not a kernel file, OSError when it cannot be read.
    """
    return Module(_kjit.load_file(os.fspath(path)))


def compile(text, path="<string>"):  # noqa: A001
    """The same for a text; `path` is what messages show, and where its imports are looked for."""
    return Module(_kjit.load_text(text, path, {}, 1))
