"""Where an industry is strong: location quotients, stars by rule set, concentration, growth, emerging fields (styrkepositioner)."""
