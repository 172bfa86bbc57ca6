"""Small raw data for the runs of attune-convert: raw.py omniglot|pictures FOLDER."""
import os
import struct
import sys
import zipfile
import zlib


def png(size, rows, depth, channels=1):
    def chunk(name, data):
        return (struct.pack(">I", len(data)) + name + data
                + struct.pack(">I", zlib.crc32(name + data)))
    colour = 0 if channels == 1 else 2
    header = struct.pack(">IIBBBBB", size, size, depth, colour, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
            + chunk(b"IEND", b""))


def omniglot(folder):
    for part, alphabets in (("images_background", "ABC"), ("images_evaluation", "DE")):
        with zipfile.ZipFile(f"{folder}/{part}.zip", "w") as out:
            for alphabet in alphabets:
                for character in (1, 2):
                    for drawer in range(1, 21):
                        ink = ord(alphabet) - 64 + character
                        rows = [b"\0" * ink + b"\xff" * (14 - ink) if y < 3 * drawer
                                else b"\xff" * 14 for y in range(105)]
                        out.writestr(f"{part}/{alphabet}/character0{character}/"
                                     f"{ink:04}_{drawer:02}.png", png(105, rows, 1))
    os.makedirs(f"{folder}/splits/vinyals")
    lists = {"train": ["A/character01", "D/character01"], "val": ["B/character01"],
             "test": ["A/character02", "E/character02"]}
    lists["trainval"] = lists["train"] + lists["val"]
    for name, characters in lists.items():
        with open(f"{folder}/splits/vinyals/{name}.txt", "w") as out:
            for character in characters:
                out.writelines(f"{character}/rot{turn:03}\n" for turn in (0, 90, 180, 270))


def pictures(folder):
    for c, name in enumerate(("bee", "cow", "dog", "eel", "fox")):
        os.makedirs(f"{folder}/{name}")
        for i in range(4):
            rows = [bytes(40 * c + i * 5 + y for _ in range(30)) for y in range(10)]
            with open(f"{folder}/{name}/{i}.png", "wb") as out:
                out.write(png(10, rows, 8, 3))


os.makedirs(sys.argv[2])
globals()[sys.argv[1]](sys.argv[2])
