"""Copy what the pages need from node_modules; comments that name missing map files are stripped for the manifest."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
VENDOR = HOME / "src" / "klyngeforum" / "web" / "static" / "vendor"
MAPS = re.compile(r"(/\*|//)# sourceMappingURL=\S+( ?\*/)?")


def main() -> None:
    source = HOME / "node_modules" / "dkfds" / "dist"
    target = VENDOR / "dkfds"
    if target.exists():
        shutil.rmtree(target)
    for name in ("css/dkfds.min.css", "js/dkfds.min.js", "img/all-svg-icons.svg"):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, target / name)
    shutil.copytree(source / "img", target / "img", dirs_exist_ok=True)
    shutil.copytree(source / "fonts", target / "fonts")
    for file in (target / "css/dkfds.min.css", target / "js/dkfds.min.js"):
        file.write_text(MAPS.sub("", file.read_text(encoding="utf-8")), encoding="utf-8")
    (VENDOR / ".ready").touch()
    print("  design system copied", flush=True)


if __name__ == "__main__":
    main()
