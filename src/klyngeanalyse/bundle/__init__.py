"""A declared study, and the bundle in which it travels to where the register is: counted there with this library alone."""

from klyngeanalyse.bundle.declared import Declared, counted, parts_of
from klyngeanalyse.bundle.packet import Packet, pack, sealed, signed, unpack

__all__ = ["Declared", "Packet", "counted", "pack", "parts_of", "sealed", "signed", "unpack"]
