"""Zip files that are the same bytes each time they are made: no clock and no owner in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping


def zipped(entries: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """A zip file of these entries, by path; readable by their owner alone, ``executable`` ones by all."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in entries.items():
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix: elsewhere the modes would be lost
            entry.external_attr = (0o755 if path in executable else 0o600) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()
