"""A hash of the installed packages, Python version and machine type.

With it cached results are reused only in the same environment.
"""

import hashlib
import platform
from importlib import metadata


def fingerprint() -> str:
    """Sixteen hexadecimal digits that change with any package, version, Python or machine type."""
    packages = {f"{package.name}=={package.version}" for package in metadata.distributions()}
    lines = [platform.python_version(), platform.system(), platform.machine(), *sorted(packages)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
