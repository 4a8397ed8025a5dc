"""Copy what the pages need from node_modules: the style, the script, the icons, and the files that the style names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
VENDOR = HOME / "src" / "klyngeforum" / "web" / "static" / "vendor"
FACES = HOME / "src" / "klyngeforum" / "web" / "papers" / "fonts"
MAPS = re.compile(
    r"(/\*|//)# sourceMappingURL=\S+( ?\*/)?"
)  # the map files stay behind, and the manifest refuses to name what is not there
NAMED = re.compile(r"url\(['\"]?\.\./([^)'\"?#]+)")


def main() -> None:
    source = HOME / "node_modules" / "dkfds" / "dist"
    target = VENDOR / "dkfds"
    if target.exists():
        shutil.rmtree(target)
    style = (source / "css/dkfds.min.css").read_text(encoding="utf-8")
    wanted = {"css/dkfds.min.css", "js/dkfds.min.js", "img/all-svg-icons.svg", *NAMED.findall(style)}
    for name in sorted(wanted):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, target / name)
    FACES.mkdir(exist_ok=True)
    for face in ("Regular", "Italic", "SemiBold", "Bold"):
        shutil.copy(source / "fonts/IBMPlexSans/complete/ttf" / f"IBMPlexSans-{face}.ttf", FACES)
    for file in (target / "css/dkfds.min.css", target / "js/dkfds.min.js"):
        file.write_text(MAPS.sub("", file.read_text(encoding="utf-8")), encoding="utf-8")
    (VENDOR / ".ready").touch()
    print("  design system copied", flush=True)


if __name__ == "__main__":
    main()
