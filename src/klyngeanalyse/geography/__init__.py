"""Where the members are: the core of an organisation, its radius, the shares by distance and kind of place (geografi)."""
