"""Assessments of cluster organisations: self-evaluation, interview, audit and ex-ante check (vurderinger, strategy 5.1)."""
