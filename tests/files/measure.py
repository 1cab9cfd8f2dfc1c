"""What checking a file costs: ``.venv/bin/python -m tests.files.measure`` prints seconds and peak memory of each case,
each in a process of its own. Docs/files.md holds what it said. With ``--bombs`` only what is made to harm, and the end
is 1 where one passes the limits of the specification (docs/dossier-pieces.md).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django
from PIL import Image

MB = 1_000_000
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/x" '
    'ContentType="application/xml"/></Types>'
)


def docx(path: Path, size: int, chunk: bytes, name: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", "<a/>")
        with archive.open(name, "w", force_zip64=True) as part:
            part.write(b"<a>")
            for _ in range(size // len(chunk)):
                part.write(chunk)
            part.write(b"</a>")


def bomb(path: Path) -> None:
    docx(path, 100 * MB, bytes(MB), "word/media/image1.bmp")


def heavy_bomb(path: Path) -> None:
    """210 MB that pack to a tenth."""
    docx(path, 210 * MB, random.Random(1).randbytes(50_000) + bytes(450_000), "word/media/image1.bmp")


def heavy_text(path: Path) -> None:
    """A document of 100 MB of XML, which is none of a person's."""
    words = b"".join(b"<w:p n='%d'>%s</w:p>" % (n, random.Random(n).randbytes(20).hex().encode()) for n in range(3000))
    docx(path, 100 * MB, words, "word/big.xml")


def pdf(path: Path, body: Callable[[], bytes]) -> None:
    from tests.files.samples import pdf as made

    path.write_bytes(made(body=body()))


def scans(path: Path) -> None:
    noise = random.Random(2)
    page = b"%d 0 obj<</Subtype/Image/Filter/DCTDecode/Length 1000000>>stream\n%s\nendstream\nendobj\n"
    pdf(path, lambda: b"".join(page % (n, noise.randbytes(MB)) for n in range(10, 29)))


def texts(path: Path) -> None:
    noise = random.Random(3)
    packed = [zlib.compress(noise.randbytes(2400).hex().encode()) for _ in range(7000)]
    page = b"%d 0 obj<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n"
    pdf(path, lambda: b"".join(page % (n, len(each), each) for n, each in enumerate(packed, start=10)))


def objects(path: Path) -> None:
    from tests.files.samples import object_stream

    noise = random.Random(4)
    one = [object_stream(noise.randbytes(20_000).hex().encode()) for _ in range(950)]
    pdf(path, lambda: b"".join(one))


def picture(path: Path, kind: str, mode: str = "RGB") -> None:
    small = Image.effect_noise((1000, 1000), 60).convert(mode)
    large = Image.new(mode, (8000, 6250))
    for x in range(0, 8000, 1000):
        for y in range(0, 6250, 1000):
            large.paste(small, (x, y))
    large.save(path, kind)


CASES: dict[str, Callable[[Path], None]] = {
    "DOCX that unpacks to 100 MB of nothing.docx": bomb,
    "DOCX that unpacks to 210 MB.docx": heavy_bomb,
    "DOCX of 100 MB of XML.docx": heavy_text,
    "PDF of scanned pages.pdf": scans,
    "PDF of 7,000 streams of text.pdf": texts,
    "PDF of object streams.pdf": objects,
    "JPEG of 50 Mpx.jpg": lambda path: picture(path, "JPEG"),
    "PNG of 50 Mpx.png": lambda path: picture(path, "PNG"),
    "PNG of 50 Mpx, transparent.png": lambda path: picture(path, "PNG", "RGBA"),
}


def progressive(path: Path) -> None:
    Image.new("RGB", (8000, 6250), "#123456").save(path, "JPEG", progressive=True, subsampling=0)


def blank(path: Path) -> None:
    """50 million pixels in 150 kB."""
    Image.new("RGB", (8000, 6250)).save(path, "PNG")


def made(name: str) -> Callable[[Path], None]:
    """One of the hostile files of the tests of dossiers."""

    def write(path: Path) -> None:
        from tests.dossiers.pieces.hostile import FILES

        path.write_bytes(next(content for each, content, _ in FILES if each == name))

    return write


BOMBS: dict[str, Callable[[Path], None]] = {
    "DOCX that unpacks to 100 MB of nothing.docx": bomb,
    "DOCX that unpacks to 210 MB.docx": heavy_bomb,
    "XLSX that unpacks to 25 MB of nothing.xlsx": made("bombe.xlsx"),
    "DOCX of 30 MB of blanks in XML.docx": made("bombe-d-espaces.docx"),
    "DOCX of one part listed a hundred times.docx": made("bombe-superposee.docx"),
    "DOCX whose list lies about a part.docx": made("bombe-tue.docx"),
    "DOCX of 5,001 parts.docx": made("parties.docx"),
    "DOCX of XML entities (billion laughs).docx": made("entites.docx"),
    "DOCX of XML entities (quadratic).docx": made("entites-quadratiques.docx"),
    "DOCX with an archive within.docx": made("archive-dans-archive.docx"),
    "PDF of a stream of 9 MB of blanks.pdf": made("flux.pdf"),
    "PNG that announces 3,600 Mpx.png": made("pixels.png"),
    "PNG of 50 Mpx of nothing.png": blank,
    "JPEG of 50 Mpx, progressive.jpg": progressive,
}
SECONDS, MEMORY = 2.0, 200 * MB / (1 << 20)


def peak() -> float:
    """The most memory that this process had, in MiB (Linux)."""
    [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def check(path: Path) -> bool:
    """Check one file and print a line, with the memory above that of the process before. Whether it kept the limits."""
    from portal.files.inspection import inspect
    from portal.files.refusal import FileRefused

    Path("/proc/self/clear_refs").write_text("5")  # The peak begins anew.
    before = peak()
    start, computing = time.perf_counter(), time.thread_time()
    try:
        with path.open("rb") as file:
            inspect(file, path.suffix[1:])
        answer = "taken"
    except FileRefused as refusal:
        answer = f"refused ({refusal.code})"
    seconds, computed = time.perf_counter() - start, time.thread_time() - computing
    took, more = f"{seconds:.2f} s ({computed:.2f})", peak() - before
    print(f"| {path.stem} | {path.stat().st_size / MB:.1f} MB | {answer} | {took} | {more:.0f} MiB |", flush=True)
    return computed < SECONDS and more < MEMORY


def apart(work: Callable[[], object]) -> bool:
    """Whether ``work`` gives something true, in a child of this process: what it takes of memory is its own."""
    child = os.fork()
    if child == 0:
        done = False
        try:
            done = bool(work())
        finally:
            os._exit(0 if done else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def measure_bombs() -> bool:
    """Whether every bomb kept the limits."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {Path(folder, name): make for name, make in BOMBS.items()}
        made = apart(lambda: [make(path) for path, make in paths.items()])
        kept = [apart(partial(check, path)) for path in paths]
        return made and all(kept)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    # Before the measuring, as in a process that serves.
    from portal.files.inspection import inspect  # noqa: F401

    if sys.argv[1:] and sys.argv[1] != "--bombs":
        sys.exit(0 if check(Path(sys.argv[1])) else 1)
    print("| file | weight | answer | time (computing) | memory |\n| --- | --- | --- | --- | --- |", flush=True)
    if sys.argv[1:]:
        sys.exit(0 if measure_bombs() else 1)
    with tempfile.TemporaryDirectory() as folder:
        for name, make in CASES.items():
            path = Path(folder, name)
            make(path)
            subprocess.run([sys.executable, "-m", "tests.files.measure", str(path)], check=False)
            path.unlink()
