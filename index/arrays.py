"""The arrays that go between modules, by what they hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]  # of passages in the catalog
Vectors = NDArray[np.float32]  # one of shape (dimension,), or several of shape (vectors, dimension)
Floats = NDArray[np.float64]  # weights and scores
