"""What is looked for inside files: each is refused with its reason; what only looks alike is taken."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from portal.files.inspection import inspect
from portal.files.refusal import FileRefused

from .samples import EICAR, GOOD, ODT, PAGE, TYPES, docx, object_stream, ods, odt, package, pdf, picture, xlsx

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "lol">'
    + "".join(f'<!ENTITY b{n} "{("&b" + str(n - 1) + ";") * 10 if n > 1 else "&b;" * 10}">' for n in range(1, 10))
    + "]><a>&b9;</a>"
)
OUTSIDE = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'
RELATION = (
    '<Relationships><Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="https://mechant.exemple/x" TargetMode="External"/></Relationships>'
)
JS = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
MACRO_TYPES = TYPES.replace("application/xml", "application/vnd.ms-word.document.macroEnabled.main+xml")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def bomb(size: int, name: str = "word/media/image1.bmp") -> bytes:
    return docx(parts={name: bytes(size)})


def lying(content: bytes, announced: int) -> bytes:
    """A package whose list says that its last part unpacks to ``announced`` bytes."""
    at = content.rfind(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<L", announced) + content[at + 28 :]


def overlapping() -> bytes:
    """A package whose list names the same compressed part a hundred times."""
    one = docx(parts={"word/big": bytes(900_000)})
    start, end = one.index(b"PK\x01\x02"), one.rindex(b"PK\x05\x06")
    listed = one[start:end]
    record = listed[listed.rindex(b"PK\x01\x02") :]
    listed += b"".join(record.replace(b"word/big", b"word/b%02d" % number) for number in range(99))
    count = 4 + 99
    return one[:start] + listed + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(listed), start, 0)


def encrypted_part() -> bytes:
    content = bytearray(docx())
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def behind(first: bytes, second: bytes) -> bytes:
    return first + second


def png(width: int, height: int, pixels: bytes | None) -> bytes:
    """A PNG of that size in grey, whatever ``pixels`` there are; None: what does not inflate."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", b"nonsense" if pixels is None else zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + header + data + chunk(b"IEND", b"")


REFUSED = [
    # PDF
    ("page.pdf", PAGE, "other_content"),
    ("svg.pdf", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "other_content"),
    ("programme.pdf", b"MZ\x90\0" + bytes(300), "other_content"),
    ("tardif.pdf", PAGE + pdf(), "other_content"),
    ("page-dedans.pdf", pdf().replace(b"\n%\xe2", b"\n%<script>alert(1)</script>\n%\xe2"), "polyglot"),
    ("archive-derriere.pdf", behind(pdf(), docx()) + b"\nstartxref\n9\n%%EOF", "polyglot"),
    ("archive-derriere-sans-fin.pdf", behind(pdf(), docx()), "polyglot"),
    ("coupe.pdf", pdf()[:-40], "broken"),
    ("coupe-au-milieu.pdf", pdf()[: len(pdf()) // 2], "broken"),
    ("table-plus-loin.pdf", pdf().replace(b"startxref\n", b"startxref\n99999"), "broken"),
    ("sans-catalogue.pdf", pdf().replace(b"/Pages 2 0 R", b""), "broken"),
    ("vide-de-sens.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF", "broken"),
    ("chiffre.pdf", pdf(trailer=b"/Encrypt 5 0 R"), "encrypted"),
    ("chiffre-ici.pdf", pdf(trailer=b"/Encrypt<</Filter/Standard>>"), "encrypted"),
    ("programme-a-l-ouverture.pdf", pdf(catalog=b"/OpenAction" + JS), "active"),
    ("nom-echappe.pdf", pdf(catalog=b"/OpenAction<</S/J#61va#53cript/JS(1)>>"), "active"),
    ("commande.pdf", pdf(catalog=b"/OpenAction<</S/Launch/F(cmd.exe)>>"), "active"),
    ("action-de-page.pdf", pdf(body=b"7 0 obj<</AA<</O<</S/JavaScript/JS(1)>>>>>>endobj\n"), "active"),
    ("programme-d-un-media.pdf", pdf(body=b"7 0 obj<</S/Rendition/JS(1)>>endobj\n"), "active"),
    ("piece-jointe.pdf", pdf(catalog=b"/Names<</EmbeddedFiles<</Names[]>>>>"), "active"),
    ("piece-jointe-2.pdf", pdf(body=b"7 0 obj<</Type/EmbeddedFile>>stream\nx\nendstream endobj\n"), "active"),
    ("formulaire.pdf", pdf(catalog=b"/AcroForm<</XFA[]>>"), "active"),
    ("cache.pdf", pdf(body=object_stream(JS)), "active"),
    ("cache-sans-type.pdf", pdf(body=object_stream(JS, b"/N 1/First 5/Filter/FlateDecode")), "active"),
    ("cache-echappe.pdf", pdf(body=object_stream(b"<</S/#4aavaScript>>")), "active"),
    ("cache-commentaire.pdf", pdf(body=object_stream(JS, head=b"%c\n9 0 ")), "active"),
    (
        "cache-autrement.pdf",
        pdf(body=object_stream(b"<<>>", b"/Type/ObjStm/N 1/First 5/Filter[/ASCIIHexDecode/FlateDecode]")),
        "broken",
    ),
    ("dans-une-mise-a-jour.pdf", pdf() + b"1 0 obj" + JS + b"endobj\nstartxref\n9\n%%EOF\n", "active"),
    # Office
    ("page.docx", PAGE, "other_content"),
    ("archive.docx", package({"lisezmoi": "x"}), "other_content"),
    ("tableur.docx", xlsx(), "other_content"),
    ("document.xlsx", docx(), "other_content"),
    ("opendocument.docx", odt(), "other_content"),
    ("protege.docx", OLE, "encrypted"),
    ("partie-chiffree.docx", encrypted_part(), "encrypted"),
    ("coupe.docx", docx()[:-30], "broken"),
    ("coupe.xlsx", xlsx()[: len(xlsx()) // 2], "broken"),
    ("macro.docx", docx(parts={"word/vbaProject.bin": b"x"}), "active"),
    ("type-macro.docx", docx(parts={"[Content_Types].xml": MACRO_TYPES}), "active"),
    ("macro-excel-4.xlsx", xlsx(parts={"xl/macrosheets/sheet1.xml": "<a/>"}), "active"),
    ("controle.docx", docx(parts={"word/activeX/activeX1.bin": b"x"}), "active"),
    ("modele.docx", docx(parts={"word/_rels/settings.xml.rels": RELATION.format("attachedTemplate")}), "active"),
    ("modele-du-paquet.docx", docx(parts={"_rels/.rels": RELATION.format("attachedTemplate")}), "active"),
    ("entites-du-paquet.docx", docx(parts={"_rels/.rels": ENTITIES}), "xml_bomb"),
    ("modele-en-capitales.docx", docx(parts={"word/_rels/a.xml.RELS": RELATION.format("attachedTemplate")}), "active"),
    ("programme.docx", docx(parts={"word/embeddings/x.exe": b"MZ"}), "active"),
    ("programme-sans-nom.docx", docx(parts={"word/embeddings/.exe": b"MZ"}), "active"),
    ("archive-dedans.docx", docx(parts={"word/x.zip": b"PK"}), "active"),
    ("entites.docx", docx(parts={"word/document.xml": ENTITIES}), "xml_bomb"),
    ("entites-utf16.docx", docx(parts={"word/document.xml": ENTITIES.replace("?>", ' encoding="utf-16"?>', 1)
                                       .encode("utf-16")}), "xml_bomb"),
    ("entites-dessin.xlsx", xlsx(parts={"xl/drawings/vmlDrawing1.vml": ENTITIES}), "xml_bomb"),
    ("dehors.docx", docx(parts={"word/document.xml": OUTSIDE}), "xml_bomb"),
    ("mal-forme.docx", docx(parts={"word/document.xml": "<a><b></a>"}), "broken"),
    ("bombe.docx", bomb(20_000_000), "bomb"),
    ("bombe-annoncee.docx", lying(docx(), 300_000_000), "bomb"),
    ("bombe-tue.docx", lying(bomb(20_000_000), 1000), "broken"),
    ("bombe-superposee.docx", overlapping(), "bomb"),
    ("parties.docx", docx(parts={f"word/p{n}": b"" for n in range(5001)}), "too_many_entries"),
    ("chemin.docx", docx(parts={"../../x": b""}), "broken"),
    ("prefixe.docx", b"PK\x03\x04" + bytes(40) + docx(), "polyglot"),
    ("pdf.docx", package({"%PDF-1.7": b""} | {"[Content_Types].xml": TYPES, "word/document.xml": "<a/>"}), "polyglot"),
    # OpenDocument
    ("tableur.odt", ods(), "other_content"),
    ("texte.ods", odt(), "other_content"),
    ("sans-type.odt", package({"content.xml": "<a/>"}), "other_content"),
    ("macro.odt", odt(parts={"Basic/Standard/Module1.xml": "<a/>"}), "active"),
    ("script.odt", odt(parts={"Scripts/python/x.txt": "x"}), "active"),
    ("chiffre.odt", odt(parts={"META-INF/manifest.xml": "<m><e><encryption-data/></e></m>"}), "encrypted"),
    ("entites.odt", odt(parts={"content.xml": ENTITIES}), "xml_bomb"),
    ("entites-manifeste.odt", odt(parts={"META-INF/manifest.xml": ENTITIES}), "xml_bomb"),
    # Images
    ("texte.png", b"Bonjour.", "other_content"),
    ("photo.png", picture("JPEG"), "other_content"),
    ("photo.jpg", picture(), "other_content"),
    ("anime.png", picture("GIF"), "other_content"),
    ("coupee.png", picture(size=(300, 300))[:-60], "broken"),
    ("somme-fausse.png", picture()[:-5] + b"x" + picture()[-4:], "broken"),
    ("pixels-manquants.png", png(40, 30, bytes(100)), "broken"),
    ("pixels-en-trop.png", png(40, 30, bytes(2_000_000)), "broken"),
    ("pixels-illisibles.png", png(40, 30, None), "broken"),
    ("coupee.jpg", picture("JPEG", (900, 900))[:-4000], "broken"),
    ("archive.png", behind(picture(), docx()), "polyglot"),
    ("page.png", behind(picture(), PAGE), "polyglot"),
    # CSV
    ("page.csv", PAGE, "other_content"),
    ("binaire.csv", b"a;b\n\0\0", "other_content"),
    ("pdf.csv", pdf(), "other_content"),
    ("archive.csv", docx(), "other_content"),
    ("programme.csv", b"#!/bin/sh\nrm -rf /\n", "other_content"),
    ("commandes.csv", b"a;\x1b[31mb\n", "broken"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_is_refused(name, content, code):
    with pytest.raises(FileRefused) as refusal:
        inspect(io.BytesIO(content), name.rpartition(".")[2])
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


def shot(mode: str, kind: str = "PNG", **options: bool) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (41, 31)).save(buffer, kind, **options)
    return buffer.getvalue()


def interlaced() -> bytes:
    """A PNG of 2 × 2 pixels in grey, in seven passes (W3C PNG, 8.2), of which three hold something."""
    made = bytearray(png(2, 2, b"\0a" + b"\0b" + b"\0cd"))
    made[28] = 1
    made[29:33] = struct.pack(">I", zlib.crc32(made[12:29]))
    return bytes(made)


TAKEN = {
    **GOOD,
    "docx-est-un-zip.docx": docx(),
    "espace-devant.pdf": b"\n" + pdf(),
    "objets-compresses.pdf": pdf(body=object_stream(b"<</Type/Font>>")),
    "metadonnees-en-clair.pdf": pdf(catalog=b"/EncryptMetadata false"),
    "ouvre-a-la-page-2.pdf": pdf(catalog=b"/OpenAction[3 0 R/Fit]"),
    "melange.pdf": pdf(body=b"7 0 obj<</BM/Screen>>endobj\n"),
    "catalogue-compresse.pdf": pdf(body=object_stream(b"<</Type/Catalog/Pages 2 0 R>>")).replace(
        b"<</Type/Catalog/Pages 2 0 R>>\nendobj", b"<</X 1>>\nendobj"
    ),
    "dessin-mal-forme.xlsx": xlsx(parts={"xl/drawings/vmlDrawing1.vml": "<xml><div>a<br>b</div></xml>"}),
    "parties-vides.odt": odt(parts={"Configurations2/accelerator/current.xml": ""}),
    "zip-cite.pdf": pdf(body=b"7 0 obj(PK\x05\x06)endobj\n"),
    "lien.docx": docx(parts={"word/_rels/document.xml.rels": RELATION.format("hyperlink")}),
    "bibliotheques-vides.odt": odt(parts={"Basic/script-lc.xml": "<a/>", "Basic/Standard/script-lb.xml": "<a/>"}),
    "manifeste-ancien.odt": odt(
        parts={"META-INF/manifest.xml": '<!DOCTYPE m PUBLIC "-//OpenOffice.org//DTD" "Manifest.dtd"><m/>'}
    ),
    "stocke.odt": package({"mimetype": ODT, "content.xml": "<a/>"}, zipfile.ZIP_STORED),
    "formule.csv": b'=HYPERLINK("http://x");1\n',
    "virus-d-essai.csv": EICAR,
    "photo-de-telephone.jpg": picture("MPO"),
    "gris.png": png(40, 30, bytes(41 * 30)),
    "entrelacee.png": interlaced(),
    "palette.png": shot("P"),
    "transparente.png": shot("RGBA"),
    "deux-couleurs.png": shot("1"),
    "seize-bits.png": shot("I;16"),
    "gris-et-transparence.png": shot("LA"),
    "progressive.jpg": shot("RGB", "JPEG", progressive=True),
    "grise.jpg": shot("L", "JPEG"),
    "quadri.jpg": shot("CMYK", "JPEG"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken(name):
    file = io.BytesIO(TAKEN[name])
    inspect(file, name.rpartition(".")[2].lower())
    assert file.tell() == 0


def test_the_limits_are_those_of_the_specification(settings):
    """5,000 parts and 50 million pixels pass, one more does not."""
    base = {"[Content_Types].xml": TYPES, "word/document.xml": "<a/>"}
    inspect(io.BytesIO(package(base | {f"word/{n}": "" for n in range(4998)})), "docx")
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1200
    inspect(io.BytesIO(picture(size=(40, 30))), "png")
    with pytest.raises(FileRefused, match="trop de pixels"):
        inspect(io.BytesIO(picture(size=(1201, 1))), "png")


def test_a_picture_of_many_pixels_is_refused_before_they_take_memory():
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 0, 0, 0, 0)
    huge = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    with pytest.raises(FileRefused, match="trop de pixels"):
        inspect(io.BytesIO(huge), "png")
