"""Linux's Landlock by its system calls: a process gives up what it will not need, for good and without root.

The numbers are those of every Linux architecture (Landlock came after they were made common);
see the kernel's userspace-api/landlock. Where the kernel has none, nothing is given up and 0 is
returned, so that the caller can say so.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_NO_NEW_PRIVILEGES = 38
_ASK_VERSION = 1
_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_WRITE_FILE, _REMOVE_FOLDER, _REMOVE_FILE, _MAKE_FOLDER, _MAKE_FILE = 1 << 1, 1 << 4, 1 << 5, 1 << 7, 1 << 8
_TRUNCATE = 1 << 14
_OF_FILES = _READ_FILE | _WRITE_FILE | _TRUNCATE
_WRITING = _WRITE_FILE | _REMOVE_FOLDER | _REMOVE_FILE | _MAKE_FOLDER | _MAKE_FILE | _TRUNCATE
_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}  # rights known, by version
_FILES_NOW = (1 << 16) - 1  # since version 5
_NETWORK_SINCE, _TCP = 4, 0b11  # bind and connect
_SCOPE_SINCE, _SCOPES = 6, 0b11  # sockets without a name, and signals, of other processes


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Give the version of Landlock in this kernel; 0 if there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, _call(_CREATE, None, 0, _ASK_VERSION))


def refuses_network() -> bool:
    """Tell whether this kernel's Landlock can refuse connections."""
    return version() >= _NETWORK_SINCE


def restrict(*, read: Iterable[Path], write: Iterable[Path] = ()) -> int:
    """Give up, for this process and its children, all files but these and all TCP connections.

    Args:
        read: files and folders that may still be read; what does not exist is left out.
        write: folders that may still be read and changed.

    Returns:
        The version of Landlock that holds; 0 if the kernel has none and nothing was given up.
        Calling it again can only give up more.

    Raises:
        OSError: the kernel has Landlock and refuses.
    """
    known = version()
    if not known:
        return 0
    files = _FILES.get(known, _FILES_NOW)
    rules = _Rules(files, _TCP if known >= _NETWORK_SINCE else 0, _SCOPES if known >= _SCOPE_SINCE else 0)
    size = 8 * (1 + (known >= _NETWORK_SINCE) + (known >= _SCOPE_SINCE))
    made = _checked(_call(_CREATE, ctypes.byref(rules), size, 0))
    try:
        for path in read:
            _allow(made, path, _READ_FILE | _READ_FOLDER)
        for path in write:
            _allow(made, path, (_READ_FILE | _READ_FOLDER | _WRITING) & files)
        _checked(_library().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _checked(_call(_RESTRICT, made, 0))
    finally:
        os.close(made)
    return known


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        rule = _Beneath(rights if path.is_dir() else rights & _OF_FILES, handle)
        _checked(_call(_ADD, rules, _BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(handle)


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    """Call the kernel; whole numbers go as long ones, as ``syscall`` wants them."""
    sent = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return int(_library().syscall(ctypes.c_long(number), *sent))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
