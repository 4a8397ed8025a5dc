"""The table of the library's mutants: what is tried now is written beside what was tried before."""

import pytest

library = pytest.importorskip("tools.mutants_library")

EARLIER = "| `effects/cells` | 80 | 20 | 15 | 75 % ± 16 |"


def test_rows_of_modules_that_are_not_tried_now_stay_and_count_in_the_sum(tmp_path, monkeypatch):
    page = tmp_path / "mutation.md"
    page.write_text(
        f"before\n{library.BEGIN}\n{EARLIER}\n| `schedule/bound` | 9 | 9 | 1 | 11 % |\n{library.END}\nafter\n"
    )
    monkeypatch.setattr(library, "FILE", page)
    library.written([library.Found("schedule/bound", 30, 30, 27, ())])
    library.written([library.Found("matching/kernel", 10, 10, 9, ())])
    lines = page.read_text().splitlines()
    assert lines[0] == "before" and lines[-1] == "after"
    assert [line for line in lines if line.startswith("| `")] == [
        EARLIER,
        "| `matching/kernel` | 10 | 10 | 9 | 90 % |",
        "| `schedule/bound` | 30 | 30 | 27 | 90 % |",
    ]
    assert "| together | | 60 | 51 | **85.0 %** |" in lines
