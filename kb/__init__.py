"""Floor 1: reads and checks knowledge. Nothing here derives anything about a firm."""

from kb.dossier import Dossier, Stated, read_dossier, read_dossier_bytes
from kb.folder import nested
from kb.load import examine, load, shipped
from kb.model import Knowledge
from kb.problem import FaultyDossier, FaultyInput, FaultyKnowledge, Mark, Problem, Problems

__all__ = [
    "Dossier",
    "FaultyDossier",
    "FaultyInput",
    "FaultyKnowledge",
    "Knowledge",
    "Mark",
    "Problem",
    "Problems",
    "Stated",
    "examine",
    "load",
    "nested",
    "read_dossier",
    "read_dossier_bytes",
    "shipped",
]
