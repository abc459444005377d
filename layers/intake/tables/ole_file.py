"""OLE files, the small file systems in which old Office programs keep their streams: read, and written anew.

Sectors of one size, a table that chains them, a directory of streams; small streams lie in smaller
sectors inside a stream of their own. Source: [MS-CFB].
"""

import struct

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NONE = 0xFFFFFFFF
_CHAIN_ENDS, _TABLE_ITSELF = 0xFFFFFFFE, 0xFFFFFFFD
_END = 0xFFFFFFFA  # and above: no sector
_PLACES_IN_HEADER = 109
_ENTRY = 128
_SECTOR = 512
_PLACES = _SECTOR // 4
_STREAM, _ROOT = 2, 5
_CUTOFF = 4096


class OleFile:
    """The streams of an OLE file; chains that run in circles end when all sectors are used up.

    Raises:
        struct.error, IndexError: the file is damaged.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in {9, 12} or small_shift != 6:  # noqa: PLR2004 (the sizes that the format knows)
            raise IndexError(shift)
        self._size, self._small_size = 1 << shift, 1 << small_shift
        self._count = len(content) // self._size
        directory, self._cutoff, small_fat = struct.unpack_from("<I4xII", content, 48)
        self._fat = self._table()
        self._small_fat = _numbers(self._chain(small_fat))
        listing = self._chain(directory)
        self._streams: dict[str, tuple[int, int]] = {}
        root = (0, 0)
        for at in range(0, len(listing) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", listing, at + 64)
            place = struct.unpack_from("<II", listing, at + 116)
            name = listing[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            if kind == _STREAM:
                self._streams[name.lower()] = place
            elif kind == _ROOT:
                root = place
        self._small = self._chain(root[0]) if root[1] else b""

    @property
    def names(self) -> frozenset[str]:
        """Names of the streams in lower case."""
        return frozenset(self._streams)

    def read(self, name: str) -> bytes:
        """Give a stream, nothing if there is none of the name."""
        if name not in self._streams:
            return b""
        start, size = self._streams[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        pieces = list[bytes]()
        while start < _END and len(pieces) * self._small_size < size:
            pieces.append(self._small[start * self._small_size : (start + 1) * self._small_size])
            start = self._small_fat[start]
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        return self._content[(number + 1) * self._size : (number + 2) * self._size]

    def _table(self) -> tuple[int, ...]:
        """Read the table that chains the sectors: its first places are in the header, the rest in sectors of places."""
        needed = 4 * self._count // self._size + 1
        places = list(struct.unpack_from(f"<{_PLACES_IN_HEADER}I", self._content, 76))
        following = struct.unpack_from("<I", self._content, 68)[0]
        while following < _END and len(places) < needed:
            more = _numbers(self._sector(following))
            places += more[:-1]
            following = more[-1]
        return _numbers(b"".join(self._sector(place) for place in places[:needed] if place < _END))

    def _chain(self, start: int) -> bytes:
        pieces: list[bytes] = []
        while start < _END and len(pieces) <= self._count:
            pieces.append(self._sector(start))
            start = self._fat[start]
        return b"".join(pieces)


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def written(name: str, stream: bytes) -> bytes:
    """Write an OLE file of one stream; zeros fill it up to the size from which it has sectors of its own."""
    stream = stream.ljust(_CUTOFF, b"\0")
    size = len(stream)
    data = stream + b"\0" * (-size % _SECTOR)
    used = len(data) // _SECTOR
    directory = _entry("Root Entry", _ROOT, _CHAIN_ENDS, 0) + _entry(name, _STREAM, 0, size) + _entry("", 0, 0, 0) * 2
    tables, lists = 1, 0
    while (used + 1 + tables + lists) > tables * _PLACES or tables > _PLACES_IN_HEADER + lists * (_PLACES - 1):
        tables += 1
        lists = -(-max(tables - _PLACES_IN_HEADER, 0) // (_PLACES - 1))
    chain = [*range(1, used), _CHAIN_ENDS, _CHAIN_ENDS, *[_TABLE_ITSELF] * tables, *[_TABLE_ITSELF - 1] * lists]
    table = struct.pack(f"<{tables * _PLACES}I", *chain, *[_NONE] * (tables * _PLACES - len(chain)))
    places = [*range(used + 1, used + 1 + tables)]
    first_list = used + 1 + tables
    further = b"".join(
        struct.pack(
            f"<{_PLACES}I", *_filled(places[at : at + _PLACES - 1], _PLACES - 1), _next(first_list, number, lists)
        )
        for number, at in enumerate(range(_PLACES_IN_HEADER, len(places), _PLACES - 1))
    )
    head = MARK + b"\0" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<4I", 0, tables, used, 0) + struct.pack("<3I", _CUTOFF, _CHAIN_ENDS, 0)
    head += struct.pack("<2I", first_list if lists else _CHAIN_ENDS, lists)
    head += struct.pack(f"<{_PLACES_IN_HEADER}I", *_filled(places[:_PLACES_IN_HEADER], _PLACES_IN_HEADER))
    return head + data + directory + table + further


def _filled(places: list[int], count: int) -> list[int]:
    return places + [_NONE] * (count - len(places))


def _next(first: int, number: int, lists: int) -> int:
    return first + number + 1 if number + 1 < lists else _CHAIN_ENDS


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    words = f"{name}\0".encode("utf-16-le") if name else b""
    child = 1 if kind == _ROOT else _NONE
    links = struct.pack("<BBIII", kind, 1, _NONE, _NONE, child)
    return words.ljust(64, b"\0") + struct.pack("<H", len(words)) + links + b"\0" * 36 + struct.pack("<IQ", start, size)
