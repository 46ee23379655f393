"""Types for functions that sign requests and verify responses."""

from collections.abc import Callable

from sealwire._signing import Pairs
from sealwire._wsgi import Environ

Check = Callable[[int, Pairs, bytes], object]
Sign = Callable[[Environ], Check]
