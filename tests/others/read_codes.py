"""Codes by a reader that is not ours: zxing-cpp.

    read_codes.py PICTURE.png   prints what each code in it holds, a line each
"""

import sys

import zxingcpp
from PIL import Image

for code in zxingcpp.read_barcodes(Image.open(sys.argv[1]).convert("L")):
    print(code.text)
