"""Runs programs under pseudo-terminals.

Reads a JSON list of {args, env, cwd, columns, keys: [[seen, typed], ...], timeout} from standard
input and writes a list of {code, output} in the same order. `typed` is sent once `seen` is in the
output, one after the other.
"""

import concurrent.futures
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time


def run(job):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, job["columns"], 0, 0))
    process = subprocess.Popen(
        job["args"],
        cwd=job["cwd"],
        env={**os.environ, **job["env"]},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(slave)
    output = b""
    keys = list(job["keys"])
    looked = 0
    end = time.monotonic() + job["timeout"]
    while True:
        if time.monotonic() > end:
            process.kill()
            output += b"\nTIMEOUT\n"
            break
        if not select.select([master], [], [], 0.1)[0]:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        output += data
        while keys and keys[0][0].encode() in output[looked:]:
            looked = output.index(keys[0][0].encode(), looked) + len(keys[0][0].encode())
            os.write(master, keys.pop(0)[1].encode())
    code = process.wait()
    os.close(master)
    return {"code": code, "output": output.decode(errors="replace")}


jobs = json.load(sys.stdin)
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    json.dump(list(pool.map(run, jobs)), sys.stdout)
