"""Methods of cluster analysis (klyngeanalyse): effects, strengths, map, matching and meetings; numbers in, numbers out, no web and no words."""
