"""What is installed, as one word: results made with other versions are other results."""

import hashlib
import platform
from importlib import metadata


def fingerprint() -> str:
    """Sixteen hexadecimal digits, others for any other package, version, Python or machine type."""
    packages = {f"{found.name}=={found.version}" for found in metadata.distributions()}
    lines = [platform.python_version(), platform.system(), platform.machine(), *sorted(packages)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
