"""Attempts on the system below: system calls, /proc, other processes, files, descriptors, kernel interfaces."""

from __future__ import annotations

from tests.attacks.cases.case import RIGHT_ONE_HOT, RIGHT_SPLIT, TELL, Case, all_right, half

_KIND = "system"

_SYSCALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)

def attempt(name, *numbers):
    x86, arm, *arguments = numbers
    number = x86 if os.uname().machine == "x86_64" else arm
    result = libc.syscall(number, *arguments)
    if result >= 0:
        tell("ESCAPED", name, result)
    return result
"""


def calls(name: str, does: str, *lines: str) -> Case:
    """System calls that must be refused; one that is not is told as ESCAPED in a file outside, if it can."""
    code = TELL + _SYSCALL + "".join(f"attempt({line})\n" for line in lines)
    return Case(name, _KIND, does, 0, first=code, last=code, walls=True)


def tries(name: str, does: str, code: str, *, walls: bool = False) -> Case:
    return Case(name, _KIND, does, 0, first=TELL + code, last=TELL + code, walls=walls)


CASES = (
    calls(
        "sys_namespaces",
        "unshare, setns, clone with new namespaces, pivot_root, chroot",
        "'unshare', 272, 97, 0x10000000",
        "'unshare net', 272, 97, 0x40000000",
        "'setns', 308, 268, 0, 0",
        "'pivot_root', 155, 41, b'.', b'.'",
        "'chroot', 161, 51, b'/'",
        "'clone', 56, 220, 0x10000011, 0, 0, 0, 0",
        "'clone3', 435, 435, 0, 0",
    ),
    calls(
        "sys_mounts",
        "mount, umount, new mount calls",
        "'mount', 165, 40, b'none', b'.', b'tmpfs', 0, None",
        "'umount', 166, 39, b'/proc', 0",
        "'open_tree', 428, 428, -100, b'/', 1",
        "'fsopen', 430, 430, b'tmpfs', 0",
        "'move_mount', 429, 429, -1, b'', -1, b'', 0",
        "'mount_setattr', 442, 442, -100, b'/', 0, 0, 0",
    ),
    calls(
        "sys_tracing",
        "ptrace, process_vm_readv, process_vm_writev, pidfd_getfd, kcmp",
        "'ptrace attach', 101, 117, 16, os.getppid(), 0, 0",
        "'ptrace seize', 101, 117, 0x4206, 1, 0, 0",
        "'process_vm_readv', 310, 270, os.getppid(), 0, 0, 0, 0, 0",
        "'pidfd_getfd', 438, 438, 0, 0, 0",
        "'process_vm_writev', 311, 271, os.getppid(), 0, 0, 0, 0, 0",
        "'kcmp', 312, 272, os.getpid(), os.getppid(), 0, 0, 0",
    ),
    calls(
        "sys_kernel_doors",
        "bpf, perf_event_open, userfaultfd, io_uring, fanotify, modules, kexec",
        "'bpf', 321, 280, 5, ctypes.create_string_buffer(128), 128",
        "'perf', 298, 241, ctypes.create_string_buffer(128), 0, -1, -1, 0",
        "'userfaultfd', 323, 282, 1",
        "'io_uring', 425, 425, 8, ctypes.create_string_buffer(128)",
        "'fanotify_init', 300, 262, 0, 0",
        "'init_module', 175, 105, 0, 0, b''",
        "'kexec_load', 246, 104, 0, 0, 0, 0",
        "'open_by_handle_at', 304, 265, -100, ctypes.create_string_buffer(128), 0",
        "'memfd_secret', 447, 447, 0",
    ),
    calls(
        "sys_keys",
        "keyctl, add_key, request_key: the keys of the session",
        "'keyctl', 250, 219, 0, -3, 1",
        "'add_key', 248, 217, b'user', b'exfil', b'x', 1, -3",
        "'request_key', 249, 218, b'user', b'exfil', None, -3",
    ),
    calls(
        "sys_machine",
        "reboot, clock, host name, swap, ioperm, syslog, quota",
        "'reboot', 169, 142, 0xfee1dead, 672274793, 0, 0",
        "'sethostname', 170, 161, b'mallory', 7",
        "'clock_settime', 227, 112, 0, ctypes.create_string_buffer(16)",
        "'swapoff', 168, 225, b'/dev/null'",
        "'syslog', 103, 116, 3, ctypes.create_string_buffer(64), 64",
        "'acct', 163, 89, b'x'",
    ),
    tries(
        "sys_other_convention",
        "calls by the 32-bit convention, which a filter may forget",
        """
import ctypes, mmap, os
if os.uname().machine == "x86_64" and os.fork() == 0:
    code = bytes.fromhex("b81400000031dbcd80c3")  # mov eax, 20; int 0x80; ret
    page = mmap.mmap(-1, 4096, prot=7)
    page.write(code)
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    if call() == os.getpid():
        tell("ESCAPED 32 bit")
    os._exit(0)
""",
    ),
    tries(
        "sys_descriptors",
        "opens /proc/self/fd, /proc/1/fd, roots and working folders of processes, and writes there",
        """
import glob, os
for name in glob.glob("/proc/[0-9]*/fd/*"):
    if name.startswith(f"/proc/{os.getpid()}/fd/") and name.rsplit("/", 1)[1] in ("0", "1", "2", "3"):
        continue
    try:
        with open(name, "r+b", 0) as file:
            file.write(b"CORRUPT")
    except OSError:
        pass
for name in glob.glob("/proc/[0-9]*/cwd") + glob.glob("/proc/[0-9]*/roo[t]"):
    try:
        open(name + "/@COURSE@/written", "w").write("x")
        open(name + "/written", "w").write("x")
    except OSError:
        pass
""",
    ),
    tries(
        "sys_own_proc",
        "writes to /proc/self and /proc/sys: oom, uid_map, mem, comm, sysctl",
        """
import os
for name in ("self/oom_score_adj", "self/uid_map", "self/gid_map", "self/setgroups", "self/comm", "self/clear_refs",
             "self/coredump_filter", "self/timerslack_ns", "sys/kernel/core_pattern", "sys/kernel/hostname",
             "sys/vm/drop_caches", "sys/kernel/ns_last_pid", "sysrq-trigger", "1/oom_score_adj"):
    for text in ("-1000", "0 0 1", "|/bin/sh", "c"):
        try:
            if not (name == "sysrq-trigger" and os.getuid() == 0):
                open("/proc/" + name, "w").write(text)
        except OSError:
            pass
""",
        walls=True,
    ),
    tries(
        "sys_devices",
        "opens disks, memory, terminals, kvm, fuse and loop devices, makes devices",
        """
import glob, os, stat
for name in glob.glob("/dev/*"):
    if name.split("/")[-1].startswith(("vd", "sd", "nvme", "mem", "kmem", "kvm", "fuse", "loop", "tty", "port", "mapper")):
        try:
            os.close(os.open(name, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY))
            if name not in ("/dev/tty",):
                tell("ESCAPED", name)
        except OSError:
            pass
for kind, major, minor in ((stat.S_IFBLK, 254, 0), (stat.S_IFCHR, 1, 1), (stat.S_IFCHR, 10, 232)):
    try:
        os.mknod(f"device-{major}-{minor}", kind | 0o666, os.makedev(major, minor))
        tell("ESCAPED mknod", major, minor)
    except OSError:
        pass
""",
        walls=True,
    ),
    tries(
        "sys_terminal",
        "types into the terminal, takes the session's terminal",
        """
import fcntl, os, termios
for name in ("/dev/tty", "/dev/pts/0", "/dev/console"):
    try:
        number = os.open(name, os.O_RDWR | os.O_NONBLOCK)
        for letter in b"echo CORRUPT\\n":
            fcntl.ioctl(number, 0x5412, bytes([letter]))
        fcntl.ioctl(number, termios.TIOCSCTTY, 1)
        tell("ESCAPED", name)
    except OSError:
        pass
""",
        walls=True,
    ),
    tries(
        "sys_users",
        "setuid, setgid, capabilities, sudo, su, files with rights of others",
        """
import ctypes, os, subprocess
for change in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0])):
    try:
        change()
        if os.path.exists("@COURSE@"):
            tell("ESCAPED")
    except OSError:
        pass
for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["newuidmap", "1", "0", "0", "1"], ["pkexec", "id"],
                ["unshare", "-Ur", "id"], ["bwrap", "--bind", "/", "/", "id"], ["mount", "-t", "tmpfs", "x", "."]):
    try:
        done = subprocess.run(command, capture_output=True, timeout=2)
        if done.returncode == 0:
            tell("ESCAPED", command)
    except (OSError, subprocess.TimeoutExpired):
        pass
""",
        walls=True,
    ),
    tries(
        "sys_neighbours",
        "signals, stops, slows and limits every process number near its own",
        """
import os, resource, signal
for pid in [*range(1, 50), *range(os.getpid() - 30, os.getpid() + 30)]:
    if pid in (os.getpid(), os.getpgid(0)) or pid < 1:
        continue
    for change in (lambda: os.kill(pid, signal.SIGSTOP), lambda: os.kill(pid, signal.SIGKILL),
                   lambda: os.setpriority(os.PRIO_PROCESS, pid, 19),
                   lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)),
                   lambda: os.sched_setaffinity(pid, [0])):
        try:
            change()
        except OSError:
            pass
""",
        walls=True,
    ),
    tries(
        "sys_shared_memory",
        "SysV and POSIX shared memory, semaphores and queues of everybody",
        """
import ctypes, glob, os
libc = ctypes.CDLL(None)
for key in range(1, 200):
    for make in (libc.shmget, libc.semget):
        made = make(key, 1, 0)
        if made >= 0:
            tell("ESCAPED", key)
for number in range(50):
    libc.shmctl(number, 0, None)
for name in glob.glob("/dev/shm/*") + glob.glob("/dev/mqueue/*"):
    try:
        open(name, "r+b").write(b"CORRUPT")
    except OSError:
        pass
""",
        walls=True,
    ),
    all_right(
        "sys_odd_files",
        _KIND,
        "right; leaves FIFOs, sockets, odd names, deep folders, folders without rights",
        first="""
import os, socket
os.mkfifo("fifo")
os.symlink("fifo", "toy.ipynb.lock")
os.symlink("/", "root"); os.symlink(".", "self"); os.symlink("loop", "loop")
for name in ("a\\nb", "\\x1b[2J", "\\u202egnp.exe", "-rf", "*", "~", "x" * 250, b"\\xff\\xfe".decode("utf-8", "surrogateescape")):
    try:
        open(name, "w").write("x")
    except OSError:
        pass
try:
    socket.socket(socket.AF_UNIX).bind("socket")
except OSError:
    pass
here = os.getcwd()
for _ in range(200):
    os.mkdir("deep"); os.chdir("deep")
os.chdir(here)
os.mkdir("closed"); open("closed/file", "w").close(); os.chmod("closed", 0)
os.chmod("fifo", 0)
""",
    ),
    all_right(
        "sys_deep_folder",
        _KIND,
        "right; folders nested four thousand deep, the last one closed",
        first="""
import os
here = os.getcwd()
try:
    for _ in range(4000):
        os.mkdir("d"); os.chdir("d")
    os.mkdir("closed"); open("closed/file", "w").close(); os.chmod("closed", 0)
except OSError:
    pass
os.chdir(here)
""",
    ),
    all_right(
        "sys_lost_folder",
        _KIND,
        "right; its working folder deleted, its rights taken, umask 0777",
        first="import os, tempfile\nos.chdir(tempfile.mkdtemp())\nos.rmdir(os.getcwd())\nos.umask(0o777)\n",
    ),
    all_right(
        "sys_no_rights",
        _KIND,
        "right; takes all rights from its home and working folder",
        first="import os\nos.chmod('.', 0)\nos.chmod(os.path.expanduser('~'), 0)\n",
    ),
    all_right(
        "sys_closed_streams",
        _KIND,
        "right; closes and replaces stdin, stdout and stderr",
        first="import os, sys\nsys.stdout.close()\nsys.stderr = 5\nsys.stdin = None\nsys.__stdout__ = None\n"
        "for number in (0, 1, 2):\n    os.close(number)\n",
    ),
    all_right(
        "sys_stolen_streams",
        _KIND,
        "right; opens files in place of the closed 0, 1 and 2",
        first="import os\nfor number in (0, 1, 2):\n    os.close(number)\n    os.open('stream', os.O_RDWR | os.O_CREAT)\n",
    ),
    all_right(
        "sys_settings",
        _KIND,
        "right, after other locale, time zone, environment, limits, switch interval",
        first="""
import decimal, gc, locale, os, random, resource, sys, time
os.environ.clear()
os.environ.update(TZ="Asia/Kathmandu", LANG="tr_TR.UTF-8", PYTHONHASHSEED="7", PATH="", LD_PRELOAD="/evil.so")
time.tzset()
for name in ("tr_TR.UTF-8", "de_DE.UTF-8", "C"):
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        pass
sys.setswitchinterval(100)
sys.set_int_max_str_digits(640)
gc.disable(); gc.set_threshold(1)
random.seed(1); np.random.seed(1)
np.seterr(all="raise"); np.set_printoptions(precision=1, threshold=1)
decimal.getcontext().prec = 1
for kind in (resource.RLIMIT_CORE, resource.RLIMIT_STACK, resource.RLIMIT_NOFILE):
    try:
        resource.setrlimit(kind, (resource.getrlimit(kind)[1],) * 2)
    except (OSError, ValueError):
        pass
import warnings
warnings.simplefilter("error")
""",
    ),
    all_right(
        "sys_gc_callbacks",
        _KIND,
        "right; garbage collection at every step, with callbacks that raise and free",
        first="import gc, sys\ndef called(phase, info):\n    raise RuntimeError(phase)\n"
        "gc.callbacks.append(called)\ngc.set_threshold(1, 1, 1)\nclass Noisy:\n    def __del__(self): raise ValueError\n"
        "for _ in range(10): Noisy()\nsys.unraisablehook = lambda *args: None\n",
    ),
    all_right(
        "sys_faulthandler",
        _KIND,
        "right; faulthandler, tracemalloc and profilers left running",
        first="import faulthandler, sys, threading, tracemalloc\nfaulthandler.enable(file=open('faults', 'w'))\n"
        "faulthandler.dump_traceback_later(0.2, repeat=True, file=open('later', 'w'))\ntracemalloc.start(25)\n"
        "sys.setprofile(lambda *args: None)\nthreading.setprofile(lambda *args: None)\n",
    ),
    half(
        "sys_audit_hook",
        _KIND,
        "an audit hook that refuses everything from its first call on",
        "import sys\nactive = False\ndef hook(event, arguments):\n    if active: raise RuntimeError(event)\n"
        "sys.addaudithook(hook)\ndef one_hot(ids, depth):\n    global active\n    active = True\n"
        "    raise SystemExit\n",
    ),
    half(
        "sys_undumpable",
        _KIND,
        "hides its memory from the watch, then takes gigabytes",
        "import ctypes, os, time\ndef one_hot(ids, depth):\n    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\n    kept = []\n"
        "    for _ in range(4):\n        if os.fork() == 0: break\n    while True:\n"
        "        try: kept.append(bytearray(b'x') * 2**24)\n        except MemoryError: time.sleep(60)\n",
    ),
    all_right(
        "sys_changed_nice",
        _KIND,
        "right; asks for real-time priority, locked memory, all processors",
        first="import ctypes, os\nfor change in (lambda: os.nice(-20), lambda: os.sched_setscheduler(0, os.SCHED_FIFO, "
        "os.sched_param(50)), lambda: os.sched_setaffinity(0, range(64))):\n    try: change()\n"
        "    except OSError: pass\nctypes.CDLL(None).mlockall(0)\n",
    ),
    Case(
        "sys_vfork_zombies",
        _KIND,
        "right, among hundreds of dead children that nobody waits for",
        10,
        one_hot="import os\nfor _ in range(20):\n    if os.fork() == 0: os._exit(0)\n" + RIGHT_ONE_HOT,
        split=RIGHT_SPLIT,
    ),
)
