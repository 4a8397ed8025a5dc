"""The auditor's desk: assigned cases, scoring alone, the joint round, the report (auditorens skrivebord)."""
