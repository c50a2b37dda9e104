"""What the browser reads out of a packed array."""

import base64

import numpy as np


def unpacked(packed, *shape):
    array = np.frombuffer(base64.b64decode(packed["data"]), f"<{packed['type']}")
    return array.reshape(shape) if shape else array
