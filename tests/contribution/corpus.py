"""What word processors, mail and other editors put in the clipboard, and the rich text it must become."""

from __future__ import annotations

WORD_HEAD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<link rel=File-List href="file:///C:/Users/C/AppData/Local/Temp/msohtmlclip1/01/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:DoNotPromoteQF/></w:WordDocument></xml><![endif]-->
<!--[if gte mso 9]><xml><w:LatentStyles DefLockedState="false"><w:LsdException Name="Normal"/></w:LatentStyles></xml>
<![endif]--><style><!-- /* Font Definitions */ @font-face {font-family:"Cambria Math";} p.MsoNormal
{mso-style-unhide:no;margin:0cm;} --></style>
<!--[if gte mso 10]><style>table.MsoNormalTable {mso-style-name:"Tableau Normal";}</style>
<![endif]--></head><body lang=FR style='tab-interval:35.4pt;word-wrap:break-word'><!--StartFragment-->"""
WORD_FOOT = "<!--EndFragment--></body></html>"


def word(body: str) -> str:
    return f"{WORD_HEAD}{body}{WORD_FOOT}"


def word_item(text: str, mark: str = "·", level: int = 1, place: str = "Middle") -> str:
    """An item as Word writes it: a paragraph, its bullet drawn in the text."""
    return (
        f"<p class=MsoListParagraphCxSp{place} style='text-indent:-18.0pt;mso-list:l0 level{level} lfo1'>"
        "<![if !supportLists]><span style='font-family:Symbol;mso-fareast-font-family:Symbol'>"
        f"<span style='mso-list:Ignore'>{mark}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span>"
        f"</span></span><![endif]>{text}<o:p></o:p></p>\n"
    )


#: name: (what is pasted, what it becomes)
CORPUS: dict[str, tuple[str, str]] = {
    "word, paragraphs and emphasis": (
        word(
            "<p class=MsoNormal>Bonjour <b style='mso-bidi-font-weight:normal'>à\ntous</b>,<o:p></o:p></p>\n\n"
            "<p class=MsoNormal><o:p>&nbsp;</o:p></p>\n<p class=MsoNormal><span lang=EN-US style='color:red'>Une "
            "<i style='mso-bidi-font-style:normal'>permanence</i></span>.</p>"
        ),
        "<p>Bonjour <strong>à tous</strong>,</p><p>Une <em>permanence</em>.</p>",
    ),
    "word, headings of three levels": (
        word(
            "<h1><a name='_Toc1'></a>Le projet<o:p></o:p></h1><p class=MsoNormal>Texte.</p>"
            "<h2><b><span style='font-size:14pt'>Les moyens</span></b></h2><h4>Détail</h4><p class=MsoNormal>Suite.</p>"
        ),
        "<h2>Le projet</h2><p>Texte.</p><h3>Les moyens</h3><h3>Détail</h3><p>Suite.</p>",
    ),
    "word, a title": (
        word("<p class=MsoTitle>Bilan</p><h1>Année</h1><p class=MsoSubtitle>Un sous-titre</p>"),
        "<h2>Bilan</h2><h2>Année</h2><p>Un sous-titre</p>",
    ),
    "word, a list of bullets with one beneath": (
        word(
            word_item("ordinateurs", place="First")
            + word_item("portables", "o", 2)
            + word_item("imprimantes <b>3D</b>", "§", place="Last")
        ),
        "<ul><li>ordinateurs<ul><li>portables</li></ul></li><li>imprimantes <strong>3D</strong></li></ul>",
    ),
    "word, a numbered list": (
        word("<p class=MsoNormal>Étapes :</p>" + word_item("S’inscrire", "1.") + word_item("Venir", "2.")),
        "<p>Étapes :</p><ol><li>S’inscrire</li><li>Venir</li></ol>",
    ),
    "word for the web, lists without style": (
        '<p class="MsoListParagraphCxSpFirst"><span>·</span><span>&nbsp;&nbsp; </span>pain</p>'
        '<p class="MsoListParagraphCxSpLast"><span>·</span><span>&nbsp;&nbsp; </span>lait</p>',
        "<ul><li>pain</li><li>lait</li></ul>",
    ),
    "word, lists whose classes and styles a browser dropped": (
        "<p>·&nbsp;&nbsp;&nbsp; pain</p><p>•&nbsp;lait</p><p>ou miel</p>",
        "<ul><li>pain</li><li>lait</li></ul><p>ou miel</p>",
    ),
    "word, a table": (
        word(
            "<table class=MsoTableGrid border=1><tr style='mso-yfti-irow:0'><td><p class=MsoNormal>Lundi</p></td>"
            "<td><p class=MsoNormal>9 h</p></td></tr></table><p class=MsoNormal>Fin.</p>"
        ),
        "<p>Lundi</p><p>9 h</p><p>Fin.</p>",
    ),
    "word, links, notes and bookmarks": (
        word(
            "<p class=MsoNormal><a href='https://exemple.fr/a?b=1&amp;c=2'><span style='color:red'>Le site</span></a>"
            "<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'><sup>[1]</sup></a>, "
            "<a href='file:///C:/plan.docx'>le plan</a>, <a href='javascript:alert(1)'>ici</a></p>"
        ),
        '<p><a href="https://exemple.fr/a?b=1&amp;c=2">Le site</a><sup>[1]</sup>, le plan, ici</p>',
    ),
    "word, an image and a drawing": (
        word(
            "<p class=MsoNormal><!--[if gte vml 1]><v:shape id='i'><v:imagedata src='file:///C:/x.png'/></v:shape>"
            "<![endif]--><![if !vml]><img width=10 src='file:///C:/x.png' v:shapes='i'><![endif]>Légende</p>"
        ),
        "<p>Légende</p>",
    ),
    "word, followed changes": (
        word("<p class=MsoNormal>Le <del cite='mailto:x'>lundi</del><ins cite='mailto:x'>mardi</ins></p>"),
        "<p>Le mardi</p>",
    ),
    "libreoffice": (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML"><html><head><title></title><meta name="generator" '
        'content="LibreOffice 7.4"/><style type="text/css">p { line-height: 115%; }</style></head><body lang="fr-FR">'
        '<h2 class="western">Le <font face="Liberation Sans">lieu</font></h2><p style="margin-bottom: 0cm"><font '
        'color="#c9211e"><b>Dax</b></font>, salle<br/>\ndes fêtes</p><ol><li><p style="margin-bottom: 0cm">un</p>'
        "<li><p>deux</p><ul><li><p>a</p></ul></ol></body></html>",
        "<h2>Le lieu</h2><p><strong>Dax</strong>, salle<br/>des fêtes</p>"
        "<ol><li>un</li><li>deux<ul><li>a</li></ul></li></ol>",
    ),
    "libreoffice calc, cells without paragraphs": (
        '<table cellspacing="0"><colgroup width="85"></colgroup><tr><td align="left">Commune</td><td>Jour</td>'
        "</tr><tr><td>Dax</td><td>mardi</td></tr></table>",
        "<p>Commune</p><p>Jour</p><p>Dax</p><p>mardi</p>",
    ),
    "google docs": (
        '<meta charset=\'utf-8\'><b style="font-weight:normal;" id="docs-internal-guid-1a"><h1 dir="ltr"><span '
        'style="font-size:20pt;font-weight:400;">Atelier</span></h1><p dir="ltr"><span style="font-weight:700;'
        'font-style:normal;">Gras</span><span style="font-weight:400;font-style:italic"> penché</span></p><br /><ul>'
        '<li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400">un</span></p></li>'
        '<ul><li dir="ltr" aria-level="2"><p role="presentation"><span>dedans</span></p></li></ul></ul></b>',
        "<h2>Atelier</h2><p><strong>Gras</strong> <em>penché</em></p><ul><li>un<ul><li>dedans</li></ul></li></ul>",
    ),
    "gmail": (
        '<div dir="ltr">Bonjour,<div><br></div><div>Le texte<b> suit</b>.</div><div><br></div><div><div>Camille</div>'
        '<div dir="ltr" class="gmail_signature">Dax</div></div></div>',
        "<p>Bonjour,</p><p>Le texte <strong>suit</strong>.</p><p>Camille</p><p>Dax</p>",
    ),
    "outlook": (
        "<div class=WordSection1><p class=MsoNormal>Un<br>deux<br><br>trois</p><div align=center><hr></div></div>",
        "<p>Un<br/>deux</p><p>trois</p><hr/>",
    ),
    "a browser's own editor": (
        "un<div>deux</div><div>trois&nbsp;</div><ul><li>a<br></li><li><br></li></ul>",
        "<p>un</p><p>deux</p><p>trois</p><ul><li>a</li></ul>",
    ),
    "a web page": (
        "<article><header><h3>Titre</h3></header><section><p>Un</p>seul<figure><img><figcaption>Légende</figcaption>"
        "</figure></section><h2>Puis</h2><h5>Enfin</h5></article>",
        "<h2>Titre</h2><p>Un</p><p>seul</p><p>Légende</p><h2>Puis</h2><h3>Enfin</h3>",
    ),
    "emphasis across paragraphs": (
        "<b>un<p>deux</p></b><p>trois <i><b>quatre</i> cinq</b></p>",
        "<p><strong>un</strong></p><p><strong>deux</strong></p>"
        "<p>trois <em><strong>quatre</strong></em> <strong>cinq</strong></p>",
    ),
    "typed text with a few tags": (
        "Bonjour <b>à tous</b>\n\n- un\n- deux",
        "<p>Bonjour <strong>à tous</strong></p><ul><li>un</li><li>deux</li></ul>",
    ),
    "typed text": (
        "Le 12 : 3 < 4 & <5.\r\nSuite\r\n\r\n1. un\r\n2) deux\r\n- trois",
        "<p>Le 12 : 3 &lt; 4 &amp; &lt;5.<br/>Suite</p><ol><li>un</li><li>deux</li><li>trois</li></ol>",
    ),
}
