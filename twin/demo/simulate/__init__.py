"""Workers and devices that live in the demo community, and speak to the twin as real ones do: over HTTP and MQTT, and in no
other way. Nothing in here touches the database or a room of the twin; `tests/demo` holds it to that.

    streets walk receiver outbox habits      pure: how people walk, what phones and devices do; seeded
    tokens site patrolling gateway run       the connections
"""
