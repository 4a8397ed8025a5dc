"""Types of organisations, reach, lineage."""

from klyngeforum.ground.words import Term, mark


class ClusterKind(Term):
    """High-tech platforms and SPIR centres are kept in the register but are not clusters (strategy, Bilag 1)."""

    CLUSTER = "cluster", mark("Cluster organisation")
    INNOVATION_NETWORK = "innovation_network", mark("Innovation network")
    NETWORK = "network", mark("Business network")
    EMERGING = "emerging", mark("Emerging cluster")
    PLATFORM = "platform", mark("High-tech platform")
    SPIR = "spir", mark("SPIR centre")


COUNTED_KINDS = (ClusterKind.CLUSTER, ClusterKind.INNOVATION_NETWORK, ClusterKind.NETWORK, ClusterKind.EMERGING)


class Level(Term):
    LOCAL = "local", mark("Local")
    REGIONAL = "regional", mark("Regional")
    NATIONAL = "national", mark("National")
    INTERNATIONAL = "international", mark("International")


class LineageKind(Term):
    MERGER = "merger", mark("Merged into")
    SPLIT = "split", mark("Split off as")
    RENEWAL = "renewal", mark("Continued as")
