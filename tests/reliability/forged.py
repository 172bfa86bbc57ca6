"""Forges HDF5 files from a valid pool, each under a content hash that is right where a hash can be,
and shows them to programs. Arguments: POOL SCOPE PROGRAM WORDS... ("{}" stands for the file; further
programs after "--"). A forged file is refused with exit 1 and one line, or, where it holds nothing
strange, is taken; always within 5 s and 500 MB. Prints a line for each that is not, and the count."""
import hashlib
import os
import random
import struct
import subprocess
import sys
import zlib

import h5py
import numpy as np

SECONDS, MEGABYTES = 5, 500
TYPES = {"|u1": "uint8", "<u4": "uint32", "<i8": "int64", "<f4": "float32", "<f8": "float64"}
MIB = 1 << 20


def number(value):
    return struct.pack("<Q", value & (1 << 64) - 1)


def field(value):
    data = value.encode() if isinstance(value, str) else value
    return number(len(data)) + data


def text_type(width, padding=h5py.h5t.STR_NULLPAD):
    made = h5py.h5t.C_S1.copy()
    made.set_size(max(width, 1))
    made.set_strpad(padding)
    made.set_cset(h5py.h5t.CSET_UTF8)
    return made


class Forged:
    """A copy of the pool to which anything may be added before finish()."""

    def __init__(self, path, pool, libver="v110", **how):
        self.path = path
        self.file = h5py.File(path, "w", libver=(libver, "v110"), **how)
        self.attributes, self.digests = {}, {}
        with h5py.File(pool, "r") as source:
            for name, value in source.attrs.items():
                if name not in ("sha256", "complete"):
                    self.attribute(name, value)
            source.visititems(self.copy)

    def copy(self, name, item):
        if isinstance(item, h5py.Dataset):
            about = item.attrs["about"]
            about = about if isinstance(about, bytes) else str(about).encode()
            values = np.asarray(item[()])
            item.file.copy(item, self.file.require_group(os.path.dirname("/" + name)))
            self.digest("/" + name, values, about)

    def attribute(self, name, value, place=None, counted=True):
        place = self.file if place is None else place
        if isinstance(value, (str, bytes)):
            data = value.encode() if isinstance(value, str) else value
            made = h5py.h5a.create(place.id, name.encode(), text_type(len(data)),
                                   h5py.h5s.create(h5py.h5s.SCALAR))
            made.write(np.array(data, dtype=f"S{max(len(data), 1)}"), mtype=text_type(len(data)))
            value = data
        else:
            value = int(value)
            place.attrs.create(name, np.int64(value), dtype="<i8")
        if place is self.file and counted:
            self.attributes[name] = value

    def digest(self, name, values, about=b""):
        texts = values.dtype.kind == "S"
        sha = hashlib.sha256(field("text" if texts else TYPES[values.dtype.str]) + number(values.ndim))
        sha.update(b"".join(number(length) for length in values.shape) + field(about))
        if texts:
            for text in values.ravel():
                sha.update(field(bytes(text)))
        else:
            sha.update(np.ascontiguousarray(values).tobytes())
        self.digests[name] = sha.hexdigest()

    def data(self, name, values, **how):
        made = self.file.create_dataset(name, data=values, **how)
        self.digest(name, values)
        return made

    def zeros(self, name, rows, columns=MIB, hashed=True):
        """Bytes, all zero, one row to a chunk."""
        made = self.file.create_dataset(name, shape=(rows, columns), dtype="u1", chunks=(1, columns),
                                        compression="gzip", compression_opts=9)
        packed, row = zlib.compress(bytes(columns), 9), bytes(columns)
        sha = hashlib.sha256(field("uint8") + number(2) + number(rows) + number(columns) + field(b""))
        for i in range(rows):
            made.id.write_direct_chunk((i, 0), packed)
            if hashed:
                sha.update(row)
        self.digests[name] = sha.hexdigest()

    def raw(self, name, bytes_of_chunk, chunk=1000, mask=0, **how):
        how.setdefault("compression", "gzip")
        made = self.file.create_dataset(name, shape=(chunk,), dtype="u1", chunks=(chunk,), **how)
        made.id.write_direct_chunk((0,), bytes_of_chunk, mask)
        self.digest(name, np.zeros(chunk, "u1"))

    def created(self, name, space, plist=None, kind=h5py.h5t.STD_U8LE):
        """A dataset that is created, not written."""
        space = h5py.h5s.create_simple(space) if isinstance(space, tuple) else space
        made = h5py.h5d.create(self.file.id, name.encode(), kind, space, plist)
        self.digests[name] = "0" * 64
        return made

    def finish(self, sha=True, complete=True):
        total = hashlib.sha256()
        for name, value in sorted(self.attributes.items(), key=lambda pair: pair[0].encode()):
            total.update(field("attribute") + field(name))
            if isinstance(value, bytes):
                total.update(field("text") + field(value))
            else:
                total.update(field("int64") + number(value))
        for name, digest in sorted(self.digests.items(), key=lambda pair: pair[0].encode()):
            total.update(field("dataset") + field(name) + field(digest))
        if sha:
            self.attribute("sha256", sha if isinstance(sha, str) else total.hexdigest(), counted=False)
        if complete:
            self.attribute("complete", 1, counted=False)
        self.file.close()


def creation(**settings):
    made = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    for name, value in settings.items():
        getattr(made, "set_" + name)(*value)
    return made


def nested(depth):
    def fill(forged):
        group = forged.file
        for _ in range(depth):
            group = group.create_group("g")
    return fill


def wide(count):
    return lambda forged: [forged.file.create_group(f"g{i}") for i in range(count)]


def call(name, *words, **named):
    return lambda forged: getattr(forged, name)(*words, **named)


def put(fill):
    return lambda forged: forged.file.__setitem__(*fill(forged.file))


def link(name, target):
    return lambda forged: h5py.h5o.link(forged.file[target].id, forged.file.id, name.encode())


def several_links(count):
    def fill(forged):
        for i in range(count):
            link(f"again{i}", "/pool/x")(forged)
            forged.digests[f"/again{i}"] = forged.digests["/pool/x"]
    return fill


def attributes(count, place="/"):
    def fill(forged):
        item = forged.file[place]
        for i in range(count):
            item.attrs.create(f"a{i}", np.int64(i), dtype="<i8")
            if place == "/":
                forged.attributes[f"a{i}"] = i
    return fill


def many_zeros(count, rows):
    return lambda forged: [forged.zeros(f"/z{i}", rows) for i in range(count)]


def virtual(forged):
    layout = h5py.VirtualLayout(shape=(1000,), dtype="u1")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", shape=(1000,))
    forged.file.create_virtual_dataset("v", layout)


def external(forged):
    forged.file.create_dataset("e", shape=(16,), dtype="u1", external=[("/etc/passwd", 0, 16)])


def committed(forged):
    forged.file["kind"] = np.dtype("<f4")


def of_committed(forged):
    forged.file["kind"] = np.dtype("u1")
    made = h5py.h5d.create(forged.file.id, b"x", h5py.h5t.open(forged.file.id, b"kind"),
                           h5py.h5s.create_simple((4,)))
    made.write(h5py.h5s.ALL, h5py.h5s.ALL, np.zeros(4, "u1"))
    del forged.file["kind"]


GOOD, BAD, EITHER = "taken", "refused", "taken or refused"
ZEROS = np.zeros((300, 40), "u1")
BIG = 1 << 40
# name, what is right, what is put in
INSIDE = [
    ("as it is", GOOD, lambda forged: None),
    *[(f"{depth} nested groups", GOOD if depth <= 9 else BAD, nested(depth))
      for depth in (1, 8, 9, 10, 100, 1000, 4000, 30000)],
    *[(f"{count} groups", GOOD if count < 10000 else BAD, wide(count))
      for count in (5000, 10001, 30000, 100000)],
    *[(f"{count} more links to a dataset", BAD, several_links(count)) for count in (1, 5, 3000)],
    ("a group in itself", BAD, link("pool/again", "pool")),
    ("the root in itself", BAD, link("again", "/")),
    ("a second name of a group", BAD, link("again", "pool")),
    ("a soft link", BAD, put(lambda file: ("s", h5py.SoftLink("/pool/x")))),
    ("a soft link in a circle", BAD, put(lambda file: ("s", h5py.SoftLink("/s")))),
    ("an external link", BAD, put(lambda file: ("s", h5py.ExternalLink("/etc/passwd", "/")))),
    *[(f"{rows} MiB of zeros", GOOD if rows < 60 else BAD, call("zeros", "/z", rows, hashed=rows < 500))
      for rows in (40, 100, 300, 1000, 4000)],
    *[(f"{count} times 1 MiB of zeros", GOOD if count < 60 else BAD, many_zeros(count, 1))
      for count in (30, 200, 800)],
    ("1000 chunks of 1 byte", GOOD, call("data", "/t", np.zeros(1000, "u1"), chunks=(1,))),
    ("9000 chunks of 1 byte", BAD, call("data", "/t", np.zeros(9000, "u1"), chunks=(1,))),
    ("2^40 chunks", BAD, call("created", "/t", (BIG,), creation(chunk=((1,),)))),
    ("chunks that are not there", BAD, call("created", "/t", (9000,), creation(chunk=((100,),)))),
    ("gzip chunks that are not there", BAD,
     call("created", "/t", (60 * MIB,), creation(chunk=((MIB,),), deflate=(9,)))),
    ("data that are not there", BAD, call("created", "/t", (50 * MIB,))),
    ("chunks of 8 MiB", BAD, call("created", "/t", (8 * MIB,), creation(chunk=((8 * MIB,),)))),
    ("chunks that cut rows", GOOD, call("data", "/t", ZEROS, chunks=(7, 11), compression="gzip")),
    *[(f"a chunk that gives {size} bytes of 1000", BAD, call("raw", "/t", zlib.compress(bytes(size), 9)))
      for size in (0, 10, 999, 1001, 500000)],
    ("a chunk that gives 100 MB", BAD, call("raw", "/t", zlib.compress(bytes(100 * MIB), 9), MIB)),
    ("a chunk of noise", BAD, call("raw", "/t", b"noise" * 100)),
    ("a chunk of 1 byte", BAD, call("raw", "/t", b"x")),
    ("a chunk that skips gzip", BAD, call("raw", "/t", zlib.compress(bytes(1000)), mask=1)),
    ("a short chunk without filters", BAD, call("raw", "/t", b"x" * 10, compression=None, fletcher32=True)),
    ("a wrong checksum", BAD, call("raw", "/t", b"x" * 1004, compression=None, fletcher32=True)),
    ("gzip and shuffle", GOOD, call("data", "/t", ZEROS, compression="gzip", shuffle=True)),
    ("Fletcher-32", GOOD, call("data", "/t", ZEROS, chunks=(10, 40), fletcher32=True)),
    ("in one piece", GOOD, call("data", "/t", ZEROS)),
    ("lzf", BAD, call("data", "/t", ZEROS, compression="lzf")),
    ("scale and offset", BAD, call("data", "/t", ZEROS, scaleoffset=2)),
    ("gzip twice", BAD, call("created", "/t", (100,), creation(chunk=((100,),), deflate=(9,), shuffle=()))),
    ("compact", BAD, call("created", "/t", (100,), creation(layout=(h5py.h5d.COMPACT,)))),
    ("a virtual dataset", BAD, virtual),
    ("external storage", BAD, external),
    *[(f"an extent of {dims}", BAD, call("created", "/t", dims, creation(chunk=((1,) * len(dims),))))
      for dims in ((BIG, 1 << 23), (0, BIG), (1 << 62, 1 << 62), (2,) * 32, (0,) + (1 << 30,) * 20)],
    ("a null space", BAD, call("created", "/t", h5py.h5s.create(h5py.h5s.NULL))),
    ("one text of 1 GiB", BAD, call("created", "/t", (1,), creation(chunk=((1,),)), text_type(1 << 30))),
    ("50 million texts", BAD, call("created", "/t", (50 << 20,), creation(chunk=((MIB,),)), text_type(1))),
    ("texts of any length", BAD, call("created", "/t", (9,), None, h5py.h5t.py_create(h5py.string_dtype()))),
    ("texts padded with spaces", BAD, call("created", "/t", (9,), None, text_type(9, h5py.h5t.STR_SPACEPAD))),
    ("int16", BAD, call("created", "/t", (9,), None, h5py.h5t.STD_I16BE)),
    ("references", BAD, call("created", "/t", (9,), None, h5py.h5t.STD_REF_OBJ)),
    ("records", BAD, call("created", "/t", (9,), None, h5py.h5t.py_create(np.dtype("u1,f4")))),
    ("lists", BAD, call("created", "/t", (9,), None, h5py.h5t.vlen_create(h5py.h5t.STD_U8LE))),
    ("a named type", BAD, committed),
    ("data of a named type", BAD, of_committed),
    *[(f"{count} attributes", GOOD if count < 900 else BAD, attributes(count))
      for count in (100, 1000, 20000, 100000)],
    *[(f"{count} attributes of a dataset", BAD, attributes(count, "/pool/x")) for count in (17, 30000)],
    ("2000 attributes of a group", BAD, attributes(2000, "/pool")),
    ("an attribute of 60 KB", BAD, call("attribute", "long", "x" * 60000)),
    *[(f"a name of {size} bytes", GOOD if size < 1000 else BAD, call("data", "/" + "n" * size, ZEROS))
      for size in (900, 1100, 60000)],
]


def after(change):
    """A finished file whose bytes are changed."""
    def make(path, pool):
        Forged(path, pool).finish()
        with open(path, "rb") as file:
            data = change(file.read())
        with open(path, "wb") as file:
            file.write(data)
    return make


def hole(front, size):
    def make(path, pool):
        with open(pool, "rb") as file:
            data = bytearray(file.read(front))
        if front >= 36:
            data[28:36] = number(size)
        with open(path, "wb") as file:
            file.write(data)
            file.truncate(size)
    return make


def finished(how=None, **end):
    return lambda path, pool: Forged(path, pool, **(how or {})).finish(**end)


def flipped(seed):
    def change(data):
        place = random.Random(seed).randrange(len(data))
        return data[:place] + bytes([data[place] ^ 1 << seed % 8]) + data[place + 1:]
    return change


WHOLE = [
    ("no hash", BAD, finished(sha=False)),
    ("another hash", BAD, finished(sha="0" * 64)),
    ("not complete", BAD, finished(complete=False)),
    ("something before it", BAD, finished({"userblock_size": 512})),
    ("an old superblock", BAD, finished({"libver": "earliest"})),
    ("a byte behind it", BAD, after(lambda data: data + b"x")),
    ("a byte cut off", BAD, after(lambda data: data[:-1])),
    ("its first half", BAD, after(lambda data: data[:len(data) // 2])),
    ("its signature", BAD, after(lambda data: data[:8])),
    ("opened for writing", BAD, after(lambda data: data[:11] + b"\5" + data[12:])),
    ("a hole of 3 GB", BAD, hole(0, 3 * 10**9)),
    ("a signature and a hole of 3 GB", BAD, hole(8, 3 * 10**9)),
    ("a superblock and a hole of 3 GB", BAD, hole(48, 3 * 10**9)),
    ("a superblock and a hole of 100 MB", BAD, hole(48, 10**8)),
    *[(f"bit flip {seed}", EITHER, after(flipped(seed))) for seed in range(12)],
]


def inside(fill):
    def make(path, pool):
        forged = Forged(path, pool)
        fill(forged)
        forged.finish()
    return make


def show(command, path):
    """Exit status, seconds, MB and stderr of the program given the file."""
    words = [path if word == "{}" else word for word in command]
    with open("shown.time", "w", encoding="utf-8") as clock, open("shown.err", "wb") as errors:
        clock.close()
        status = subprocess.run(["/usr/bin/time", "-q", "-f", "%U %S %e %M", "-o", "shown.time",
                                 "timeout", "-s", "KILL", "60", *words],
                                stdout=subprocess.DEVNULL, stderr=errors, check=False).returncode
    with open("shown.time", encoding="utf-8") as clock:
        user, system, _, kilobytes = clock.read().split()[-4:]
    with open("shown.err", "rb") as errors:
        said = errors.read().decode(errors="replace")
    # Of the processor: a busy machine is no fault of the program.
    return status, float(user) + float(system), int(kilobytes) / 1000, said


def judge(right, seen):
    status, seconds, megabytes, said = seen
    if seconds > SECONDS:
        return f"{seconds} s"
    if megabytes > MEGABYTES:
        return f"{megabytes:.0f} MB"
    if status == 0 and right != BAD:
        return ""
    if status == 1 and right != GOOD and said.count("\n") == 1 and ": error: " in said:
        return ""
    return f"exit {status}: {said[:300]}"


def main():
    pool, scope, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    commands = [[]]
    for word in words:
        if word == "--":
            commands.append([])
        else:
            commands[-1].append(word)
    files = [(name, right, inside(fill)) for name, right, fill in INSIDE] + WHOLE
    if scope == "short":
        files = [entry for i, entry in enumerate(files)
                 if i % 3 == 0 and "0000" not in entry[0] and "4000" not in entry[0]]
    passed = failed = 0
    worst = [0.0, 0.0]
    for name, right, make in files:
        make("forged.h5", pool)
        for command in commands:
            seen = show(command, "forged.h5")
            worst = [max(worst[0], seen[1]), max(worst[1], seen[2])]
            fault = judge(right, seen)
            if fault:
                print(f"WRONG: {os.path.basename(command[0])}: {name}: {fault}")
            passed, failed = passed + (not fault), failed + bool(fault)
        os.remove("forged.h5")
    print(f"COUNT {len(files)} forged files, at most {worst[0]:.1f} s and {worst[1]:.0f} MB each")
    print(f"{passed} passed, {failed} failed")


main()
