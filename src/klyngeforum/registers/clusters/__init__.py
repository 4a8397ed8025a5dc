"""Every cluster organisation, network and platform, once (klyngeorganisationer)."""
