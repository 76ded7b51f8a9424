"""How fast and in how much memory an import goes: `python bench/imports.py [rows]`.

A YouTube Studio table and a 4CAT export of that many rows, made here, and an XLSX as large as is accepted.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crawler.imports.desk import import_file
from crawler.study import CrawlStudy

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/imports"))

STUDY = 'title = "Bench"\nsince = 2020-01-01\n'
ACCOUNTS = (
    "institution,level,platform,account\nROC X,mbo,youtube,@x\nROC X,mbo,instagram,x\nROC X,mbo,linkedin,x\n"
)
FOURCAT = "id,thread_id,author,body,timestamp,unix_timestamp,media_type,num_media,num_likes,num_comments\n"
LINKEDIN = ["Post title", "Post link", "Created date", "Content Type", "Likes"]


def studio(rows: int) -> bytes:
    """Return a YouTube Studio table of so many videos."""
    head = "Content,Video title,Video publish time,Views\nTotal,,,1\n"
    return (
        head + "".join(f'{n:011d},"Dag {n}, in de zorg","Dec 18, 2022",{n}\n' for n in range(rows))
    ).encode()


def fourcat(rows: int) -> bytes:
    """Return a 4CAT export of so many Instagram posts, with texts over two lines."""
    text = "Stage lopen, en dan? #stage #mbo\nMeer op de site. " * 6
    line = f'C{{n}},C{{n}},x,"{text}",2026-03-27 13:00:00,1774616400,photo,1,{{n}},2\n'
    return (FOURCAT + "".join(line.format(n=n) for n in range(rows))).encode()


def linkedin(rows: int) -> bytes:
    """Return a LinkedIn page export of so many posts."""
    from spreadsheet import packed, parts  # noqa: PLC0415

    link = "https://www.linkedin.com/feed/update/urn:li:activity:{}"
    table = [
        ["Open dag " * 5, link.format(7429441978368004242 + n), "02/17/2026", "Image", n] for n in range(rows)
    ]
    return packed(parts({"All posts": [LINKEDIN, *table]}))


def take(path: Path) -> None:
    """Import one file into a study of its own and print what that took."""
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder)
        (study / "study.toml").write_text(STUDY, encoding="utf-8")
        (study / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
        before, began = _peak(), time.perf_counter()
        result = import_file(CrawlStudy.read(study), path, everybody=False)
        spent = time.perf_counter() - began
    rate = result.rows / spent
    print(
        f"{path.name:20} {result.rows:>8,} rows {result.posts:>8,} posts {len(result.complaints):>3} refused"
        f" {rate:>7,.0f} rows/s {(_peak() - before) / 1024:>6.0f} MB more"
    )


def _peak() -> int:
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def main() -> None:
    """Make the files and import each in a process of its own, so that their memory is told apart."""
    if sys.argv[1:2] == ["--file"]:
        take(Path(sys.argv[2]))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    made = {
        "studio.csv": studio(rows),
        "fourcat.csv": fourcat(rows),
        "linkedin.xlsx": linkedin(min(rows, 50_000)),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, content in made.items():
            path = Path(folder) / name
            path.write_bytes(content)
            subprocess.run([sys.executable, __file__, "--file", str(path)], check=True)


if __name__ == "__main__":
    main()
