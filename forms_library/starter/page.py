"""A sheet of an official paper: margins, letters, headings, page numbers, and the tables that stand on it.

Measures are centimetres. The language of the styles is Russian, headings are real headings, and nothing here depends on the
day, so that the same form always gives the same starter.
"""

import copy
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
SHORT_SIDE, LONG_SIDE = 21.0, 29.7
TWIPS = 567
ALIGNED = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
EMU = 360_000
"""Word's own units in a centimetre, for what does not stand in the text."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: its lines, how wide it is, and how it looks."""

    text: str | Sequence[str]
    width: float
    span: int = 1
    align: str = ""
    size: float = 0
    is_bold: bool = False
    keep: bool = False  # on the page of the next row
    merge: str = ""  # «restart» begins a cell that goes on below, «continue» is what lies under it
    borders: tuple[str, ...] = ()


@dataclass
class Sheet:
    """A Word document that grows from top to bottom. The left margin is 3 cm for papers kept over ten years (ГОСТ Р 7.0.97)."""

    kept_over_ten_years: bool = False
    is_landscape: bool = False
    word: WordDocument = field(default_factory=Document)

    def __post_init__(self) -> None:
        body = self.word.element.body
        for child in list(body):
            if child.tag != qn("w:sectPr"):
                body.remove(child)
        self._set_styles()
        self._set_page()

    @property
    def width(self) -> float:
        """How much of a line is left between the margins."""
        return (LONG_SIDE if self.is_landscape else SHORT_SIDE) - self._left - 1.0

    @property
    def _left(self) -> float:
        return 3.0 if self.kept_over_ten_years else 2.0

    def _set_styles(self) -> None:
        styles = self.word.styles
        for name, size in (("Normal", 12), ("Heading 1", 14), ("Heading 2", 12), ("Header", 11)):
            style = styles[name]
            style.font.name, style.font.size = FONT, Pt(size)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            for script in ("eastAsia", "cs"):
                fonts.set(qn(f"w:{script}"), FONT)
            style.paragraph_format.space_after = Pt(0)
            style.paragraph_format.space_before = Pt(0)
            if name.startswith("Heading"):
                style.font.bold, style.font.color.rgb = True, RGBColor(0, 0, 0)
                style.paragraph_format.keep_with_next = True
                style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(10), Pt(4)
        for language in styles.element.iter(qn("w:lang")):
            for script in ("val", "eastAsia", "bidi"):
                language.set(qn(f"w:{script}"), "ru-RU")

    def turn(self) -> None:
        """Let everything from here on stand on pages that lie on their side; the numbers of pages go on."""
        if self.is_landscape:
            return
        last = self.word.element.body[-1]
        upright = copy.deepcopy(last)
        self.line(size=2)._p.get_or_add_pPr().append(upright)
        for reference in (*last.findall(qn("w:headerReference")), *last.findall(qn("w:titlePg"))):
            last.remove(reference)
        self.is_landscape = True
        self._set_size(self.word.sections[-1])

    def _set_size(self, section: Section) -> None:
        width, height = (LONG_SIDE, SHORT_SIDE) if self.is_landscape else (SHORT_SIDE, LONG_SIDE)
        section.page_width, section.page_height = Cm(width), Cm(height)
        section.orientation = WD_ORIENT.LANDSCAPE if self.is_landscape else WD_ORIENT.PORTRAIT

    def _set_page(self) -> None:
        section = self.word.sections[0]
        self._set_size(section)
        section.left_margin, section.right_margin = Cm(self._left), Cm(1)
        section.top_margin = section.bottom_margin = Cm(2)
        section.different_first_page_header_footer = True  # numbers begin on the second page
        number = section.header.paragraphs[0]
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shown = OxmlElement("w:fldSimple")
        shown.set(qn("w:instr"), "PAGE")
        number._p.append(shown)

    def line(
        self, text: str = "", align: str = "", *, is_bold: bool = False, size: float = 0, **spaces: Any
    ) -> Paragraph:
        """Add a paragraph; `before`, `after` are points, `keep` holds it on the page of the next one."""
        return _styled(self.word.add_paragraph(), text, align=align, is_bold=is_bold, size=size, **spaces)

    def heading(self, text: str, level: int = 2, align: str = "") -> Paragraph:
        """Add a heading that the document's outline and a screen reader know as one."""
        return _styled(self.word.add_paragraph(style=f"Heading {level}"), text, align=align)

    def table(self, widths: Sequence[float], *, has_borders: bool = True) -> Any:
        """Add an empty table with columns of these widths, stretched or shrunk to the line."""
        table = self.word.add_table(rows=0, cols=len(widths))
        table.style = "Table Grid" if has_borders else "Normal Table"
        table.autofit = False
        properties = table._tbl.tblPr
        margins = OxmlElement("w:tblCellMar")
        for side, wide in (("left", 85 if has_borders else 0), ("right", 85 if has_borders else 0)):
            margins.append(_measure(f"w:{side}", wide))
        look = properties.find(qn("w:tblLook"))
        properties.insert(list(properties).index(look), margins)
        for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
            column.set(qn("w:w"), str(round(width * TWIPS)))
        return table

    def row(
        self, table: Any, cells: Iterable[Cell], *, is_head: bool = False, height: float = 0, may_split: bool = False
    ) -> None:
        """Add a row; the rows of the head come again on every page. A row of long answers must be allowed to go on there."""
        row = OxmlElement("w:tr")
        properties = OxmlElement("w:trPr")
        if not may_split:
            properties.append(OxmlElement("w:cantSplit"))
        if height:
            least = OxmlElement("w:trHeight")
            least.set(qn("w:val"), str(round(height * TWIPS)))
            properties.append(least)
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
        row.append(properties)
        for cell in cells:
            row.append(self._cell(cell))
        table._tbl.append(row)

    def tag(self, table: Any, text: str, *, columns: int) -> None:
        """Add a row that holds only a tag of the template; it vanishes when the paper is filled."""
        self.row(table, [Cell(text=text, width=self.width, span=columns)])

    def _cell(self, cell: Cell) -> Any:
        element = OxmlElement("w:tc")
        properties = OxmlElement("w:tcPr")
        properties.append(_measure("w:tcW", round(cell.width * TWIPS)))
        if cell.span > 1:
            properties.append(_valued("w:gridSpan", str(cell.span)))
        if cell.merge:
            properties.append(_valued("w:vMerge", cell.merge))
        if cell.borders:
            borders = OxmlElement("w:tcBorders")
            for side in cell.borders:
                line = _valued(f"w:{side}", "single")
                line.set(qn("w:sz"), "4")
                borders.append(line)
            properties.append(borders)
        element.append(properties)
        for text in [cell.text] if isinstance(cell.text, str) else cell.text:
            paragraph = OxmlElement("w:p")
            element.append(paragraph)
            _styled(
                Paragraph(paragraph, self.word._body),
                text,
                align=cell.align,
                is_bold=cell.is_bold,
                size=cell.size,
                keep=cell.keep,
            )
        return element

    def picture(self, png: bytes, *, side: float, named: str) -> None:
        """Put a square picture into the lower right corner of the first page (ГОСТ Р 7.0.97), below the text.

        `named` is its alternative text.
        """
        titles = (
            paragraph for paragraph in self.word.paragraphs if paragraph.style and paragraph.style.name == "Heading 1"
        )
        run = next(titles).add_run()
        run.add_picture(io.BytesIO(png), width=Cm(side), height=Cm(side))
        inline = next(run._r.iter(qn("wp:inline")))
        inline.docPr.set("descr", named)
        inline.getparent().replace(inline, _in_the_corner(inline, side=side))

    def saved(self) -> bytes:
        """Return the document."""
        if self.word.element.body[-2].tag == qn("w:tbl"):  # Word wants a paragraph after the last table
            self.line(size=2)
        self.word.core_properties.title = ""
        self.word.core_properties.author = ""
        file = io.BytesIO()
        self.word.save(file)
        return file.getvalue()


def _styled(
    paragraph: Paragraph,
    text: str,
    *,
    align: str = "",
    is_bold: bool = False,
    size: float = 0,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
) -> Paragraph:
    if text:
        run = paragraph.add_run(text)
        run.bold = True if is_bold else None
        if size:
            run.font.size = Pt(size)
    elif size:  # an empty line is as high as the mark of its end
        mark = OxmlElement("w:rPr")
        mark.append(_valued("w:sz", str(round(size * 2))))
        paragraph._p.get_or_add_pPr().append(mark)
    if align:
        paragraph.alignment = ALIGNED[align]
    if before:
        paragraph.paragraph_format.space_before = Pt(before)
    if after:
        paragraph.paragraph_format.space_after = Pt(after)
    if keep:
        paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _in_the_corner(inline: Any, *, side: float) -> Any:
    """Return a picture that hangs on the edges of the page instead of standing in its line."""
    anchor = parse_xml(
        f'<wp:anchor {nsdecls("wp")} distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1"'
        ' behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="rightMargin"><wp:posOffset>%d</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="bottomMargin"><wp:posOffset>%d</wp:posOffset></wp:positionV>'
        "</wp:anchor>" % (round(-side * EMU), round(0.1 * EMU))
    )
    for part in list(inline):
        anchor.append(part)
        if part.tag == qn("wp:extent"):
            anchor.append(OxmlElement("wp:effectExtent", attrs=dict.fromkeys("ltrb", "0")))
            anchor.append(OxmlElement("wp:wrapNone"))
    return anchor


def _measure(name: str, twips: int) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:w"), str(twips))
    element.set(qn("w:type"), "dxa")
    return element


def _valued(name: str, value: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    return element
