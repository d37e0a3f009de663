"""Slips by an encoder that is not ours: python-escpos.

    encode.py KIND [PICTURE.png]   writes the bytes of a slip to standard output

KIND is how the picture travels (raster, graphics, columns), or "ticket" for a slip of letters and
a QR code of the printer's own, or "vietnamese" for letters of its code pages.
"""

import sys

from escpos.printer import Dummy

PICTURES = {"raster": "bitImageRaster", "graphics": "graphics", "columns": "bitImageColumn"}


def main() -> None:
    kind, *picture = sys.argv[1:]
    printer = Dummy(profile="TM-T20II")
    printer.hw("INIT")
    if kind in PICTURES:
        printer.image(picture[0], impl=PICTURES[kind])
    elif kind == "vietnamese":
        printer.text("Hộ tịch\n")
    elif kind == "ticket":
        printer.set(align="center")
        printer.text("Civil status\n")
        printer.set(align="center", custom_size=True, width=6, height=6, bold=True)
        printer.text("A012\n")
        printer.set_with_default(align="center")
        printer.qr("http://192.0.2.10:8081/t/7KQ2MZ4V9X3B", native=True, size=6, ec=1)
        printer.ln(2)
        printer.set(align="right", font="b")
        printer.text("7:42, 23/11/2026\n")
    else:
        sys.exit(f"there is no slip {kind}")
    printer.cut()
    sys.stdout.buffer.write(printer.output)


main()
