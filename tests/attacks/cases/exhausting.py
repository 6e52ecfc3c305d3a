"""Accidents and attacks by loops, memory, processes, files and output."""

from __future__ import annotations

from tests.attacks.cases.case import RIGHT_ONE_HOT, RIGHT_SPLIT, Case, all_right, half

_KIND = "resource"


def body(*lines: str, imports: str = "") -> str:
    text = "".join(f"    {line}\n" for line in lines)
    return (f"import {imports}\n" if imports else "") + f"def one_hot(ids, depth):\n{text}"


CASES = (
    half("res_infinite_loop", _KIND, "while True in the call", body("while True: pass"), limit="seconds"),
    half(
        "res_sleep",
        _KIND,
        "sleeps for an hour in the call",
        body("time.sleep(3600)", imports="time"),
        limit="seconds",
    ),
    half(
        "res_toplevel_loop",
        _KIND,
        "infinite loop at import, before any function is defined",
        "while True:\n    pass\n" + RIGHT_ONE_HOT,
        limit="seconds",
    ),
    half(
        "res_memory_bomb",
        _KIND,
        "allocates 64 MiB blocks until refused",
        body(
            "kept = []",
            "while len(kept) < int(os.environ.get('BOMB_MB', '16384')) // 64:",
            "    kept.append(bytearray(b'x') * 2**26)",
            "return kept",
            imports="os",
        ),
    ),
    half(
        "res_fork_bomb",
        _KIND,
        "forks in a loop, at most BOMB_PROCS (default 3000) tries, each sleeps 60 s",
        body(
            "for _ in range(int(os.environ.get('BOMB_PROCS', '3000'))):",
            "    try:",
            "        if os.fork() == 0:",
            "            time.sleep(60)",
            "            os._exit(0)",
            "    except OSError:",
            "        pass",
            "time.sleep(60)",
            imports="os, time",
        ),
        limit="processes or seconds",
    ),
    half(
        "res_threads",
        _KIND,
        "starts BOMB_THREADS (default 3000) threads that stay alive",
        body(
            "for _ in range(int(os.environ.get('BOMB_THREADS', '3000'))):",
            "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
            "return None",
            imports="os, threading, time",
        ),
    ),
    half(
        "res_many_files",
        _KIND,
        "creates BOMB_FILES (default 100000) files in cwd",
        body(
            "for number in range(int(os.environ.get('BOMB_FILES', '100000'))):",
            "    open(f'file-{number}', 'w').close()",
            "return None",
            imports="os",
        ),
    ),
    half(
        "res_segfault",
        _KIND,
        "reads address 0",
        body("return ctypes.string_at(0)", imports="ctypes"),
        limit="process",
    ),
    half(
        "res_sigstop",
        _KIND,
        "stops its own process group with SIGSTOP",
        body("os.killpg(0, signal.SIGSTOP)", "return None", imports="os, signal"),
        limit="seconds",
        walls=True,
    ),
    half(
        "res_evade_pdeathsig",
        _KIND,
        "clears PR_SET_PDEATHSIG, leaves its session, ignores signals, then loops",
        body(
            "ctypes.CDLL(None).prctl(1, 0)",
            "if os.fork(): os._exit(0)",
            "os.setsid()",
            "for number in range(1, 65):",
            "    try: signal.signal(number, signal.SIG_IGN)",
            "    except (OSError, ValueError): pass",
            "while True: pass",
            imports="ctypes, os, signal",
        ),
    ),
    half(
        "res_deaf_loop",
        _KIND,
        "a loop that catches every exception, the interrupt too",
        body("while True:", "    try:", "        while True: pass", "    except BaseException: pass"),
        limit="seconds",
    ),
    half(
        "res_blocked_signals",
        _KIND,
        "blocks all signals, stops the timer, then loops",
        body(
            "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))",
            "signal.setitimer(signal.ITIMER_REAL, 0)",
            "signal.signal(signal.SIGALRM, signal.SIG_IGN)",
            "while True: pass",
            imports="signal",
        ),
        limit="seconds",
    ),
    all_right(
        "res_own_alarm",
        _KIND,
        "right, after a SIGALRM handler and timers of its own, left running",
        first="import signal\ndef ring(*args): raise SystemExit\nsignal.signal(signal.SIGALRM, ring)\n"
        "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nsignal.setitimer(signal.ITIMER_VIRTUAL, 100, 0.01)\n"
        "signal.siginterrupt(signal.SIGALRM, False)\n",
    ),
    half(
        "res_long_c_call",
        _KIND,
        "one endless call into C, where no interrupt is seen",
        body("return sum(itertools.repeat(1))", imports="itertools"),
        limit="seconds",
    ),
    half(
        "res_regex",
        _KIND,
        "a regular expression that backtracks for ages",
        body("return re.match('(a+)+$', 'a' * 60 + 'b')", imports="re"),
        limit="seconds",
    ),
    half(
        "res_huge_power", _KIND, "a number of a billion digits", body("return 10 ** 10 ** 9"), limit="seconds"
    ),
    half(
        "res_recursion",
        _KIND,
        "recursion without end, the limit lifted, until the C stack ends",
        "import sys\nsys.setrecursionlimit(10**9)\nclass Deep:\n    def __getattr__(self, name):\n"
        "        return getattr(self, name + '_')\ndef one_hot(ids, depth):\n    return repr(nest())\n"
        "def nest():\n    inner = []\n    for _ in range(10**6):\n        inner = [inner]\n    return inner\n",
    ),
    half("res_recursion_python", _KIND, "plain recursion without end", body("return one_hot(ids, depth)")),
    half(
        "res_print_flood",
        _KIND,
        "while True: print in the call",
        body("while True: print('x' * 1000)"),
        limit="seconds",
    ),
    all_right(
        "res_print_flood_cell",
        _KIND,
        "right, but a cell of its own prints without end",
        first="while True:\n    print('x' * 1000)\n",
        limit="seconds",
    ),
    all_right(
        "res_display_flood",
        _KIND,
        "right, after thousands of displays and large texts",
        first="for number in range(3000):\n    display(number)\nprint('y' * 10**7)\n'z' * 10**7\n",
    ),
    half("res_stdin", _KIND, "reads from the keyboard in the call", body("return input('depth? ')")),
    half("res_debugger", _KIND, "breakpoint() in the call", body("breakpoint()", "return 0")),
    half(
        "res_fill_disk",
        _KIND,
        "fills its folder, /tmp and /dev/shm with bytes",
        body(
            "for place in ('.', '/tmp', '/dev/shm'):",
            "    try:",
            "        with open(place + '/fill', 'wb') as file:",
            "            for _ in range(300): file.write(bytes(2**20))",
            "    except OSError: pass",
            "return None",
        ),
    ),
    all_right(
        "res_sparse_files",
        _KIND,
        "right, after sparse files of terabytes",
        first="import os\nfor size in (2**33, 2**40, 2**60):\n    try:\n        open('sparse', 'w').close()\n"
        "        os.truncate('sparse', size)\n    except OSError: pass\n",
    ),
    half(
        "res_shared_memory",
        _KIND,
        "shared anonymous memory, forked, in five processes",
        body(
            "for _ in range(4):",
            "    if os.fork() == 0: break",
            "shared = mmap.mmap(-1, 2**28)",
            "for place in range(0, 2**28, 4096): shared[place] = 1",
            "time.sleep(60)",
            imports="mmap, os, time",
        ),
    ),
    half(
        "res_memfd",
        _KIND,
        "files in memory that belong to no folder",
        body(
            "kept = []",
            "for _ in range(64):",
            "    kept.append(os.memfd_create('x'))",
            "    os.write(kept[-1], bytes(2**26))",
            "time.sleep(60)",
            imports="os, time",
        ),
    ),
    half(
        "res_pipes",
        _KIND,
        "fills pipes and sockets, until there are no more descriptors",
        body(
            "kept = []",
            "while True:",
            "    pair = socket.socketpair()",
            "    kept.append(pair)",
            "    pair[0].setblocking(False)",
            "    try: pair[0].send(bytes(2**20))",
            "    except BlockingIOError: pass",
            imports="socket",
        ),
    ),
    all_right(
        "res_kept_descriptors",
        _KIND,
        "right, with a hundred files left open",
        first="kept = [open(f'open-{n}', 'w') for n in range(100)]\n",
    ),
    Case(
        "res_threads_outlive",
        _KIND,
        "right, but each call leaves threads that burn time and print",
        10,
        one_hot="import threading\ndef burn():\n    for _ in range(10**6): pass\n    print('late')\n"
        + RIGHT_ONE_HOT.replace(
            "    return", "    threading.Thread(target=burn, daemon=True).start()\n    return"
        ),
        split=RIGHT_SPLIT,
    ),
    all_right(
        "res_daemons",
        _KIND,
        "right, but daemons, double-forked, with sessions of their own, stay behind",
        first="import os, time\nfor _ in range(5):\n    if os.fork() == 0:\n        os.setsid()\n"
        "        if os.fork() == 0:\n            time.sleep(600)\n        os._exit(0)\n"
        "import ctypes\nif os.fork() == 0:\n    ctypes.CDLL(None).prctl(36, 1)\n    if os.fork() == 0:\n"
        "        if os.fork() == 0: time.sleep(600)\n        os._exit(0)\n    time.sleep(600)\n",
    ),
    all_right(
        "res_background_shell",
        _KIND,
        "right, after background commands of a shell",
        first="!sleep 600 > /dev/null 2>&1 &\nget_ipython().system('nohup sleep 600 > /dev/null 2>&1 &')\n",
    ),
    half(
        "res_exit_in_atexit",
        _KIND,
        "sys.exit in atexit, then an exit in the call",
        "import atexit, os, sys\natexit.register(lambda: os._exit(5))\n" + body("sys.exit(0)"),
    ),
    half("res_abort", _KIND, "abort() in the call", body("os.abort()", imports="os"), limit="process"),
    half(
        "res_stack_of_threads",
        _KIND,
        "a thread with a stack of gigabytes that overflows",
        "import sys, threading\nsys.setrecursionlimit(10**8)\ndef deep(n): return deep(n + 1)\n"
        + body(
            "try: threading.stack_size(2**30)",
            "except ValueError: pass",
            "thread = threading.Thread(target=deep, args=(0,))",
            "thread.start()",
            "thread.join()",
            "return None",
        ),
    ),
)
