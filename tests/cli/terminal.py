"""A terminal for tests: a program on a pty, what it writes, what is typed."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

PATIENCE = float(os.environ.get("KJIT_TEST_PATIENCE", "100"))  # seconds: sanitized trees are slow
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z~]|\x1b(\[[0-9;?]*)?$|\r")


class Terminal:
    """`raw` is all that the program wrote so far, `seen` the same without control sequences; `at` is how far wait() has looked."""

    def __init__(self, command, folder, terminal="xterm-256color", **environment):
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "KJIT_HISTORY", "XDG_STATE_HOME")}
        kept.update(TERM=terminal, HOME=str(folder), **environment)
        self.raw, self.seen, self.at = b"", "", 0
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(folder)
                os.execvpe(command[0], [str(word) for word in command], kept)
            finally:
                os._exit(127)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))

    def type(self, text):
        os.write(self.file, text if isinstance(text, bytes) else text.encode())

    def read(self, seconds):
        """Whether there was something to read."""
        if not select.select([self.file], [], [], seconds)[0]:
            return False
        try:
            part = os.read(self.file, 65536)
        except OSError:  # the program has ended
            part = b""
        self.raw += part
        self.seen = CONTROL.sub("", self.raw.decode(errors="replace"))
        return bool(part)

    def wait(self, text):
        """Reads until `text` comes after what was waited for before; gives what came before it."""
        end = time.monotonic() + PATIENCE
        while (found := self.seen.find(text, self.at)) < 0:
            if not self.read(max(0.0, end - time.monotonic())):
                raise AssertionError(f"waited for {text!r}, in vain; the terminal shows\n{self.seen[self.at:]}")
        before = self.seen[self.at:found]
        self.at = found + len(text)
        return before

    def close(self):
        """The exit status, 128 + the signal that ended it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.read(0.02)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            raise AssertionError(f"the program did not end; the terminal shows\n{self.seen[self.at:]}")
        while self.read(0):
            pass
        os.close(self.file)
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
