"""Runs the program named by the arguments, a notebook kernel, for as long as its parent lives.

Jupyter starts kernels in a session of their own and may be ended before it has ended them; a kernel
that nobody can reach any more would then run for ever. Signals that Jupyter sends go to the whole
process group and so reach the kernel as well.
"""

import os
import signal
import subprocess
import sys

POLL_SECONDS = 0.25

parent = int(os.environ.get("JPY_PARENT_PID") or os.getppid())
signal.signal(signal.SIGINT, signal.SIG_IGN)
# Windows keeps the number of a parent that has ended; there, Jupyter has to end its kernels itself.
watches_parent = os.name != "nt"


def hear_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


kernel = subprocess.Popen(sys.argv[1:], preexec_fn=hear_interrupts if watches_parent else None)
while True:
    try:
        sys.exit(kernel.wait(timeout=POLL_SECONDS))
    except subprocess.TimeoutExpired:
        if watches_parent and os.getppid() != parent:
            kernel.kill()
