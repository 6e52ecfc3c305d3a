"""Zip files that are the same bytes each time they are made: no clock and no owner in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping


def zipped(
    entries: Mapping[str, bytes],
    *,
    mode: int = 0o600,
    executable: Collection[str] = (),
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A zip file of these entries, by path.

    Args:
        entries: the content of each file.
        mode: who may read them; their owner alone by default.
        executable: those that everybody may run.
        compression: ZIP_STORED where the bytes have to be the same on every machine: compressors differ.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for path, data in entries.items():
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix: elsewhere the modes would be lost
            entry.external_attr = (0o755 if path in executable else mode) << 16
            entry.compress_type = compression
            archive.writestr(entry, data)
    return buffer.getvalue()
