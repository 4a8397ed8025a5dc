"""What every method needs: errors that say how to mend them, results that show themselves, engines that hold the rows."""
