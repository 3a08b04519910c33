"""Changes of a configuration by dotted keys."""


def put(config, key, value):
    """Set a dotted key, in place; a value of None takes it away."""
    *blocks, name = key.split(".")
    for block in blocks:
        config = config[block]
    if value is None:
        del config[name]
    else:
        config[name] = value
