"""`python -I -S _runner.py SECONDS COMMAND ...`: runs a command once and says its exit, seconds, processor seconds and peak memory as JSON.

A process of its own, and a small one: what Linux tells as a process's peak counts the memory of whoever started it.
"""

import json
import os
import resource
import subprocess
import sys
import time


def main() -> None:
    allowed, command = int(sys.argv[1]), sys.argv[2:]

    def limited() -> None:
        if allowed:
            resource.setrlimit(resource.RLIMIT_CPU, (allowed, allowed + 5))

    begun = time.perf_counter()
    process = subprocess.Popen(command, preexec_fn=limited)
    _, status, used = os.wait4(process.pid, 0)
    told = {
        "exit": os.waitstatus_to_exitcode(status), "seconds": time.perf_counter() - begun,
        "processor": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024,
    }  # fmt: skip
    with open(os.environ["RUNNER_TELLS"], "w") as out:
        json.dump(told, out)


main()
