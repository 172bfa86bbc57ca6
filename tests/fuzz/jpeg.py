"""A grey JPEG of 8×8 pixels on stdout: one block, one Huffman code each for DC and AC."""
import struct
import sys


def segment(marker, data):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def table(number, symbol):  # one code of one bit, "0"
    return segment(0xC4, bytes([number]) + bytes([1] + [0] * 15) + bytes([symbol]))


sys.stdout.buffer.write(
    b"\xff\xd8" + segment(0xDB, b"\0" + bytes([16] * 64))
    + segment(0xC0, struct.pack(">BHHB", 8, 8, 8, 1) + bytes([1, 0x11, 0]))
    + table(0x00, 0) + table(0x10, 0)
    + segment(0xDA, bytes([1, 1, 0x00, 0, 63, 0]))
    + b"\x3f" + b"\xff\xd9")  # DC difference 0, end of block
