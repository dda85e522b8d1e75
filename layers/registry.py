"""All layers, by name. Filled by `layers.catalog` at start-up; nothing is added later."""

from __future__ import annotations

from layers.layer import Layer
from twin.base.errors import NotVisible

_layers: dict[str, Layer] = {}


def register(layer: Layer) -> Layer:
    """Raises ValueError for a second layer of the same name."""
    if layer.name in _layers:
        raise ValueError(f"a layer named {layer.name} is registered already")
    _layers[layer.name] = layer
    return layer


def all_layers() -> tuple[Layer, ...]:
    """In the order of declaration, which is the order of drawing from the ground up."""
    return tuple(_layers.values())


def layer_named(name: str) -> Layer:
    """Raises NotVisible."""
    try:
        return _layers[name]
    except KeyError:
        raise NotVisible("There is no layer '%(name)s'.", name=name, where="layer") from None
