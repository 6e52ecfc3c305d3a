"""What a notebook can do to the session that runs it: IPython's hooks and magics, kept across cells."""

from __future__ import annotations

from tests.attacks.cases.case import RIGHT_ONE_HOT, RIGHT_SPLIT, Case, all_right, half

_HOOK, _MAGIC = "hook", "magic"

CASES = (
    all_right(
        "hook_events",
        _HOOK,
        "right, with pre- and post-cell hooks that raise and print",
        first="""
def noisy(*args):
    print("hook")
    raise RuntimeError("hook")
for name in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    get_ipython().events.register(name, noisy)
""",
    ),
    all_right(
        "hook_ast_raises",
        _HOOK,
        "right, with an AST transformer that raises",
        first="class Bad:\n    def visit(self, node): raise RuntimeError\nget_ipython().ast_transformers.append(Bad())\n",
    ),
    Case(
        "hook_ast_rewrites",
        _HOOK,
        "an AST transformer that replaces every number by 1",
        0,
        first="import ast\nclass Ones(ast.NodeTransformer):\n    def visit_Constant(self, node):\n"
        "        return ast.copy_location(ast.Constant(1), node) if isinstance(node.value, int) else node\n"
        "get_ipython().ast_transformers.append(Ones())\n",
        one_hot="def one_hot(ids, depth):\n    return 0\n",
        split="def split(rows, at):\n    return 0\n",
    ),
    half(
        "hook_transformer_kills",
        _HOOK,
        "an input transformer that ends the process at the cell after it",
        "import os\nget_ipython().input_transformers_cleanup.append(\n"
        "    lambda lines: os._exit(1) if any('def one_hot(ids' in line for line in lines) else lines)\n",
        limit="",
    ),
    all_right(
        "hook_custom_exception",
        _HOOK,
        "right, with an exception handler that exits",
        first="import os\nget_ipython().set_custom_exc((Exception,), lambda *args, **kwargs: os._exit(1))\n",
        last="x = 1\n",
    ),
    all_right(
        "hook_display",
        _HOOK,
        "right, with formatters, displayhook and publisher that raise",
        first="""
shell = get_ipython()
class Loud:
    def _repr_png_(self): raise RuntimeError
    def _repr_html_(self): return "<script>alert(1)</script>"
    def _repr_mimebundle_(self, **kwargs): return {"text/plain": 5, "application/javascript": "alert(1)"}, 7
    def _ipython_display_(self): raise RuntimeError
    def __repr__(self): raise RuntimeError
display(Loud())
shell.display_formatter.formatters["text/plain"].for_type(int, lambda *args: 1 / 0)
3
Loud()
""",
    ),
    all_right(
        "hook_kernel",
        _HOOK,
        "right, after asking for the kernel, its sockets and its end",
        first="""
try:
    get_ipython().kernel.do_shutdown(False)
except AttributeError:
    pass
try:
    import ipykernel.kernelapp
    ipykernel.kernelapp.IPKernelApp.instance().iopub_socket.close()
except Exception:
    pass
""",
    ),
    all_right(
        "hook_background_jobs",
        _HOOK,
        "right, with event loops, timers and gui loops left running",
        first="""
import asyncio, threading
async def forever():
    while True:
        await asyncio.sleep(0.01)
try:
    task = asyncio.get_running_loop().create_task(forever())
except RuntimeError:
    pass
loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()
get_ipython().enable_gui("tk")
get_ipython().set_hook("pre_run_code_hook", lambda *args: 1 / 0)
""",
    ),
    Case(
        "hook_namespace",
        _HOOK,
        "puts a namespace in place whose lookups lie, raise and loop",
        5,
        one_hot="""
class Names(dict):
    def get(self, *args): raise RuntimeError
    def __missing__(self, name): return 5

def one_hot(ids, depth):
    get_ipython().user_ns = Names(get_ipython().user_ns, one_hot=5)
    raise ValueError
""",
        split=RIGHT_SPLIT,
    ),
    all_right(
        "hook_matplotlib",
        _HOOK,
        "right, after another backend, a matplotlibrc and figures left open",
        first="""
open("matplotlibrc", "w").write("backend: module://evil\\ninteractive: True\\n")
open("evil.py", "w").write("raise SystemExit")
import matplotlib
import matplotlib.pyplot as plt
matplotlib.rcParams["figure.max_open_warning"] = 1
for _ in range(5):
    plt.figure()
try:
    plt.switch_backend("module://evil")
except BaseException:
    pass
""",
    ),
    Case(
        "hook_import_lies",
        _HOOK,
        "an import hook that breaks every later import, in the function",
        5,
        one_hot="import sys\nclass Finder:\n    @staticmethod\n    def find_spec(name, *args): raise SystemExit(name)\n"
        "def one_hot(ids, depth):\n    sys.meta_path.insert(0, Finder)\n    import colorsys\n",
        split=RIGHT_SPLIT,
    ),
    all_right(
        "hook_modules_beside",
        _HOOK,
        "right, with files beside it called as modules: random.py, numpy.py, typing.py",
        first="for name in ('random', 'numpy', 'typing', 'json', 'autograder', 'inspect'):\n"
        "    open(name + '.py', 'w').write('raise SystemExit(1)')\nimport sys\nsys.path.insert(0, '.')\n",
    ),
    all_right(
        "magic_shell",
        _MAGIC,
        "right, after !id, %cd /, %run, %env, %who and %%bash",
        first="!id\n%cd /\n%pwd\n%who\n%env\nlisted = !ls -la /\n",
        middle="%%bash\nid; ls -la / ; env; ps aux\n",
        last="%run /etc/passwd\n",
    ),
    all_right("magic_kill", _MAGIC, "right, then !kill -9 -1", last="!kill -9 -1\n"),
    all_right(
        "magic_load",
        _MAGIC,
        "right, after %load, %store, %edit, %history -f, %save, %logstart, %notebook",
        first="%load /etc/passwd\n%store listed\n%logstart -o log.py\n%history -f history.py\n%save session.py 1\n"
        "%notebook out.ipynb\n%edit\n%store -z\n",
    ),
    all_right(
        "magic_languages",
        _MAGIC,
        "right, with cells in JavaScript, HTML, LaTeX, SVG, Perl and Ruby",
        first="%%javascript\nJupyter.notebook.kernel.execute('x = 1'); alert(1)\n",
        middle="%%html\n<script>parent.postMessage('10')</script><img src=x onerror=alert(1)>\n",
        last="%%svg\n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>\n",
    ),
    all_right(
        "magic_debugger",
        _MAGIC,
        "right, with %pdb on, %debug, %xmode Verbose, %tb and an error after them",
        first="%pdb on\n%xmode Verbose\n",
        middle="1 / 0\n",
        last="%debug\n%tb\n",
    ),
    all_right(
        "magic_exit",
        _MAGIC,
        "right, with cells that say exit, quit() and exit(3)",
        first="exit\n",
        middle="quit()\n",
        last="exit(3)\n",
    ),
    all_right(
        "magic_unknown",
        _MAGIC,
        "right, with magics that there are not, and one that is cut off",
        first="%%colab_secret\nx\n",
        middle="%load_ext nothing_here\n%%time\n",
        last="%matplotlib notebook\n!\n%\n?\n??\n",
    ),
    Case(
        "magic_reset",
        _MAGIC,
        "%reset -f after the first answer: it is forgotten, the second is right",
        5,
        one_hot=RIGHT_ONE_HOT,
        middle="%reset -f\nimport numpy as np\n",
        split=RIGHT_SPLIT,
    ),
    all_right(
        "magic_writefile",
        _MAGIC,
        "right, with %%writefile over the notebook and the released files",
        first="%%writefile toy.ipynb\n{}\n",
        middle="%%writefile ../../alice/toy/toy.ipynb\n{}\n",
        last="%%writefile @COURSE@/submitted/alice/toy/toy.ipynb\n{}\n",
    ),
    all_right(
        "magic_script_background",
        _MAGIC,
        "right, with %%script --bg and background jobs",
        first="%%script --bg bash\nsleep 600\n",
        middle="%%bash --bg --out output\nsleep 600\n",
        last="import time\nfrom IPython.lib import backgroundjobs\nbackgroundjobs.BackgroundJobManager().new('time.sleep(600)')\n",
    ),
    all_right(
        "magic_alias",
        _MAGIC,
        "right, with magics and aliases of its own in place of the usual ones",
        first="from IPython.core.magic import register_cell_magic, register_line_magic\n@register_line_magic\n"
        "def cd(line): raise SystemExit\n@register_cell_magic\ndef time(line, cell): raise SystemExit\n"
        "%alias ls rm -rf /box/x\n",
        middle="%%time\nx = 1\n",
        last="%cd /\n",
    ),
    all_right(
        "magic_autocall",
        _MAGIC,
        "right, with %autocall, %rehashx, %reload_ext and %autoreload",
        first="%autocall 2\n%rehashx\n%load_ext autoreload\n%autoreload 2\n",
    ),
)
