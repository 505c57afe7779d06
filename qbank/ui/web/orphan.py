"""A served face whose server was killed: nobody else would end it, and it would hold its block for good."""

import os
import signal
import threading
import time

LOOK_SECONDS = 1.0
ENDING_SECONDS = 5.0


def end_with(server: int) -> None:
    """End this process, as a closed terminal would, once the process that started it is no longer its parent."""
    threading.Thread(target=_watch, args=(server,), daemon=True, name="qbank-orphan").start()


def _watch(server: int) -> None:
    while os.getppid() == server:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ENDING_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
