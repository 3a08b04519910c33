"""Changes of a configuration by dotted keys, and the error that refuses one."""

import pytest

from fragility.runtime import settings


def put(config, key, value):
    """Set a dotted key, in place; a value of None takes it away."""
    *blocks, name = key.split(".")
    for block in blocks:
        config = config[block]
    if value is None:
        del config[name]
    else:
        config[name] = value


def message(config):
    """The error that refuses the configuration."""
    with pytest.raises(settings.ConfigError) as caught:
        settings.check(config)
    return str(caught.value)
