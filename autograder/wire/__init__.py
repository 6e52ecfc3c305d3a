"""What may cross the wall between worker and judge: plain values, in frames, both ways."""

from autograder.wire.channel import Channel
from autograder.wire.reading import decode
from autograder.wire.values import Callback, Handle, LayerSpec, Limits, Uncarriable
from autograder.wire.writing import encode

__all__ = ["Callback", "Channel", "Handle", "LayerSpec", "Limits", "Uncarriable", "decode", "encode"]
