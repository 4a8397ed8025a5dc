"""A declared study, and the bundle in which it travels to where the register is: counted there with this library alone."""
