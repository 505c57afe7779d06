"""QTI 2.1 and QTI 3.0, which say the same in two spellings."""

import re
from typing import NamedTuple

from qbank.exchange.xml_writing import tag

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOM = ("http://ltsc.ieee.org/xsd/LOM", "http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd")
_PURL = "https://purl.imsglobal.org/spec/qti/v3p0"
_QTI21 = "http://www.imsglobal.org/xsd/qti/qtiv2p1"


class Dialect(NamedTuple):
    """A version of QTI: its names, and for each kind of file the namespace and where its schema lies."""

    is_kebab: bool
    item: tuple[str, str]
    package: tuple[str, str]
    metadata: tuple[str, str]
    schema: tuple[str, str]  # what the manifest says it keeps to, and the version of that
    item_type: str
    match_correct: str

    def element(self, name: str, content: str = "", /, **attributes: str) -> str:
        """An element of an item, by its name and the names of its attributes in QTI 2.1."""
        if not self.is_kebab:
            return tag(name, content, **attributes)
        spelled = {key if "_" in key else _kebab(key): value for key, value in attributes.items()}
        return tag(f"qti-{_kebab(name)}", content, **spelled)

    def flow(self, content: str) -> str:
        """Blocks within an element that QTI 3 wants in a body of their own."""
        return self.element("contentBody", content) if self.is_kebab else content

    def item_file(self, content: str, **attributes: str) -> str:
        """The file of an item."""
        return _file(self.element("assessmentItem", content, **_named([self.item]), **attributes))

    def manifest_file(self, content: str, **attributes: str) -> str:
        """The file that says what is in a package; `imsmd` is the prefix of learning object metadata, `imsqti` of QTI's."""
        places = _named([self.package, _LOM, self.metadata])
        prefixes = {"xmlns_imsmd": _LOM[0], "xmlns_imsqti": self.metadata[0]}
        return _file(tag("manifest", content, **places, **prefixes, **attributes))


QTI21 = Dialect(
    is_kebab=False,
    item=("http://www.imsglobal.org/xsd/imsqti_v2p1", f"{_QTI21}/imsqti_v2p1.xsd"),
    package=("http://www.imsglobal.org/xsd/imscp_v1p1", f"{_QTI21}/qtiv2p1_imscpv1p2_v1p0.xsd"),
    metadata=("http://www.imsglobal.org/xsd/imsqti_metadata_v2p1", f"{_QTI21}/imsqti_metadata_v2p1p1.xsd"),
    schema=("QTIv2.1 Package", "1.0.0"),
    item_type="imsqti_item_xmlv2p1",
    match_correct="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct",
)
QTI30 = Dialect(
    is_kebab=True,
    item=("http://www.imsglobal.org/xsd/imsqtiasi_v3p0", f"{_PURL}/schema/xsd/imsqti_asiv3p0_v1p0.xsd"),
    package=(
        "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
        f"{_PURL}/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    ),
    metadata=(
        "http://www.imsglobal.org/xsd/imsqti_metadata_v3p0",
        f"{_PURL}/schema/xsd/imsqti_metadatav3p0_v1p0.xsd",
    ),
    schema=("QTI Package", "3.0.0"),
    item_type="imsqti_item_xmlv3p0",
    match_correct=f"{_PURL}/rptemplates/match_correct",
)


def _kebab(name: str) -> str:
    return re.sub("[A-Z]", lambda match: f"-{match[0].lower()}", name)


def _named(places: list[tuple[str, str]]) -> dict[str, str]:
    """The first namespace as that of a whole file, and the places of the schemas of all."""
    locations = " ".join(f"{namespace} {place}" for namespace, place in places)
    return {"xmlns": places[0][0], "xmlns_xsi": _XSI, "xsi_schemaLocation": locations}


def _file(root: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'
