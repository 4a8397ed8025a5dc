"""The programme as data: measures, targets, leagues, parties, principles, dated and sourced (programværdier)."""
