"""Long work that outlives the page that asked for it: taken by one worker at a time, kept part by part, stopped or taken over (opgaver)."""
