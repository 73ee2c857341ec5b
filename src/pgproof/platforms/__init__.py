"""Where databases run, and extensions that a server lacks, as data."""

from pgproof.platforms.preset import PLAIN, Platform, load, names, recognise, recognise_by_use
from pgproof.platforms.standin import StandIn, standins

__all__ = ["PLAIN", "Platform", "StandIn", "load", "names", "recognise", "recognise_by_use", "standins"]
