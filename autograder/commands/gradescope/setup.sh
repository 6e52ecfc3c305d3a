#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: an environment from the lock, beside source/.
set -euo pipefail

source="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(dirname "$source")"
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# A final release of Python 3.11, 3.12 or 3.13 that can make environments; prints where it is.
fitting() {
    local name
    for name in python3.12 python3.13 python3.11 python3; do
        "$name" - 2>/dev/null <<'PYTHON' && return
import sys, ensurepip, venv
if not ((3, 11) <= sys.version_info[:2] < (3, 14) and sys.version_info.releaselevel == "final"):
    sys.exit(1)
print(sys.executable)
PYTHON
    done
    return 1
}

with_apt() {
    command -v apt-get >/dev/null || return 1
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends python3.12 python3.12-venv ||
        apt-get install -y -qq --no-install-recommends python3.13 python3.13-venv
}

# Ubuntu 22.04, Gradescope's usual image, has no final release of a Python that fits: uv brings one.
with_uv() {
    local found
    export UV_PYTHON_INSTALL_DIR="$root/python" PIP_BREAK_SYSTEM_PACKAGES=1
    { command -v pip3 >/dev/null || apt-get install -y -qq --no-install-recommends python3-pip; } &&
        pip3 install --quiet uv &&
        uv python install 3.12 &&
        found="$(uv python find 3.12)" &&
        export PATH="${found%/*}:$PATH"
}

python="$(fitting)" || { { with_apt || with_uv; } >&2 && python="$(fitting)"; } || {
    echo "No Python 3.11, 3.12 or 3.13 could be had: choose a newer base image on Gradescope." >&2
    exit 1
}
version="$("$python" -c 'import sys; print("%d%d" % sys.version_info[:2])')"
"$python" -m venv --clear "$root/env"
"$root/env/bin/python" -m pip install --quiet --no-input --require-hashes --only-binary :all: \
    -r "$source/requirements/lock-py$version.txt"

# not PYTHONPATH: the kit starts processes with an environment of their own
"$root/env/bin/python" - "$source/kit" <<'PYTHON'
import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "kit.pth").write_text(sys.argv[1] + "\n")
PYTHON

# the box that students' code runs in; where the container forbids it, the next lower level is in force
command -v bwrap >/dev/null || apt-get install -y -qq --no-install-recommends bubblewrap || true
"$root/env/bin/python" -m compileall -q "$source/kit" >/dev/null || true
