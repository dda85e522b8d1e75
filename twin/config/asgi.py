"""What an ASGI server loads. With keys that are not this database's it does not start."""

from twin.config.application import application, verify_keys_at_start

verify_keys_at_start()

__all__ = ["application"]
