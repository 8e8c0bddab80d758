"""Page `/new`: what can be uploaded, and what is refused with one sentence, the right status, and nothing kept."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from campaign.usecases.context import Ledger
from campaign.usecases.serving.uploads import uploads_of
from campaign.web.app import application
from campaign.web.serve import ServerOptions, site_of
from campaign.web.site import Binding, Site
from campaign.web.surroundings import ServerSurroundings
from tests.web.conftest import ADDRESS, PORT, SHEET, TEMPLATE

FORM = {"template": "visit.toml", "where": "sandbox"}
BOUNDARY = "a-boundary-of-its-own"


def alert(html: str) -> str:
    """The one sentence that says why."""
    found = html.split('role="alert">')[1].split("</p>", maxsplit=1)[0]
    assert "\n" not in found
    return found


def kept(ledger: Ledger, site: Site) -> list[str]:
    files = site.around.home / "uploads"
    return [one.name for one in uploads_of(ledger)] + [path.name for path in files.glob("*") if files.is_dir()]


def test_each_template_says_in_one_line_what_it_is(client: TestClient, site: Site) -> None:
    """Whoever chooses one must not open a file to know what would be said, and when."""
    hours = '\n[hours]\nfrom = 09:00:00\nuntil = 20:00:00\ndays = ["mon", "tue", "wed", "thu", "fri"]\n'
    (site.templates / "kind.toml").write_text(f'title = "Kind reminder"\n{TEMPLATE}{hours}')
    (site.templates / "broken.toml").write_text("nonsense = [")
    page = client.get("/new").text
    assert "Kind reminder" in page
    assert "rings Mon to Fri 09:00 to 20:00 where the person is; speaks appointment" in page
    assert "rings at any hour; speaks appointment" in page
    broken = page.split('value="broken.toml"')[1].split("</label>")[0]
    assert "disabled" in broken
    assert "not valid TOML" in broken
    assert str(site.templates) not in page


@pytest.mark.parametrize(
    ("name", "content", "status", "says"),
    [
        ("people.vcf", b"BEGIN:VCARD\nFN:Ada Example\nEND:VCARD\n", 415, "a vCard file of contacts"),
        ("people.xlsx", b"%PDF-1.7 whatever its name says", 415, "a PDF document"),
        ("people.csv", b"", 415, "the file is empty"),
    ],
)
def test_what_is_no_sheet_is_refused_before_it_is_kept(
    client: TestClient, ledger: Ledger, site: Site, *, name: str, content: bytes, status: int, says: str
) -> None:
    answer = client.post("/new", data=FORM, files={"sheet": (name, content)})
    assert (answer.status_code, says in alert(answer.text)) == (status, True)
    assert kept(ledger, site) == []


@pytest.mark.parametrize(
    ("data", "files", "status", "says"),
    [
        (FORM, None, 422, "Choose a sheet first"),
        ({"where": "sandbox"}, {"sheet": ("a.csv", SHEET.encode())}, 422, "Choose a template"),
        ({"template": "visit.toml"}, {"sheet": ("a.csv", SHEET.encode())}, 422, "Choose where calls go"),
        ({**FORM, "where": "real"}, {"sheet": ("a.csv", SHEET.encode())}, 422, "AICALLER_API_KEY"),
        ({**FORM, "template": "../visit.toml"}, {"sheet": ("a.csv", SHEET.encode())}, 404, "not there any more"),
    ],
)
def test_a_form_that_lacks_something_says_what(
    client: TestClient,
    ledger: Ledger,
    site: Site,
    *,
    data: dict[str, str],
    files: dict[str, object],
    status: int,
    says: str,
) -> None:
    answer = client.post("/new", data=data, files=files)  # type: ignore[arg-type] # the two forms of httpx
    assert (answer.status_code, says in alert(answer.text)) == (status, True)
    assert kept(ledger, site) == []


@pytest.fixture
def small(around: ServerSurroundings, tmp_path: Path) -> TestClient:
    """A site that takes a thousand bytes."""
    made = site_of(ServerOptions(Binding("127.0.0.1", PORT), tmp_path / "templates"), around)
    object.__setattr__(made, "most_bytes", 1_000)
    return TestClient(application(made), base_url=ADDRESS)


@pytest.mark.parametrize("size", [1_001, 3_000_000])
def test_too_large_a_sheet_is_413_in_words(small: TestClient, ledger: Ledger, site: Site, *, size: int) -> None:
    """Just over the limit it is seen when it is whole; far over it, before it is read."""
    answer = small.post("/new", data=FORM, files={"sheet": ("people.csv", b"x" * size)})
    assert answer.status_code == 413
    assert "larger than 1,000 bytes" in alert(answer.text)
    assert answer.headers["content-security-policy"]
    assert kept(ledger, site) == []


# Starlette leaves the file of a part without an end to the garbage collector, which removes it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_body_that_was_cut_off_keeps_nothing(client: TestClient, ledger: Ledger, site: Site) -> None:
    """A proxy that gave up must not leave half a sheet behind, whose other half nobody would miss."""
    head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="sheet"; filename="people.csv"\r\n\r\n'
    answer = client.post(
        "/new", content=(head + SHEET).encode(), headers={"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    )
    assert (answer.status_code, "did not arrive whole" in alert(answer.text)) == (400, True)
    broken = client.post("/new", content=b"--x", headers={"content-type": "multipart/form-data"})
    assert (broken.status_code, "cut off or damaged" in alert(broken.text)) == (400, True)
    assert kept(ledger, site) == []


def test_a_name_is_shown_without_its_folders_and_never_used(
    uploaded: Callable[..., str], ledger: Ledger, site: Site
) -> None:
    uploaded(name="../../etc/C:\\people\u202e.csv")
    assert [one.name for one in uploads_of(ledger)] == ["people.csv"]
    assert {path.parent for path in site.around.home.rglob("*.csv")} == {site.around.home / "uploads"}


def workbook(*sheet: str) -> bytes:
    """A workbook with that sheet in it, as small as one can be; the sheet comes in parts."""
    made = io.BytesIO()
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr(
            "xl/workbook.xml",
            f'<workbook {names} xmlns:r="{links}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            for text in (f"<worksheet {names}><sheetData>", *sheet, "</sheetData></worksheet>"):
                part.write(text.encode())
    return made.getvalue()


def row(number: int, *cells: str) -> str:
    shown = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{shown}</row>'


def bomb() -> bytes:
    """A workbook of a megabyte that would be 400 of them."""
    before, after = row(2, "CELL", "+12025550110", "now").split("CELL")
    return workbook(HEADER, before, *["A" * 1_000_000] * 400, after)


HEADER = row(1, "name", "phone", "appointment")
UNREADABLE: dict[str, Callable[[], bytes]] = {
    "ole": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "bomb": bomb,
    "far": lambda: workbook(HEADER, row(10**9, "Ada Example", "+12025550110", "now")),
    "blank": workbook,
}


@pytest.mark.parametrize("kind", list(UNREADABLE))
def test_a_workbook_that_cannot_be_read_says_so_on_its_page(client: TestClient, site: Site, kind: str) -> None:
    """It is kept, since reading it takes a while; its page says in one sentence why it is not called."""
    content = UNREADABLE[kind]()
    answer = client.post("/new", data=FORM, files={"sheet": ("people.xlsx", content)}, follow_redirects=False)
    assert answer.status_code == 303
    draft = answer.headers["location"].split("/")[2]
    assert site.loader.wait(draft, seconds=60)
    page = client.get(f"/drafts/{draft}/check")
    assert page.status_code == 422
    assert "people.xlsx" in alert(page.text)
    assert draft not in alert(page.text)
    assert client.get(f"/drafts/{draft}/columns").status_code == 422


def test_the_sample_goes_into_the_sandbox_with_its_template(client: TestClient, site: Site, ledger: Ledger) -> None:
    """The first screen of somebody with no account: one press leads to a check."""
    answer = client.post("/sample", follow_redirects=False)
    address = answer.headers["location"]
    assert site.loader.wait(address.split("/")[2], seconds=60)
    page = client.get(address)
    assert page.status_code == 200
    assert "to call" in page.text
    assert (site.templates / "appointment_reminder.toml").is_file()
    assert [one.name for one in uploads_of(ledger)] == ["appointments.csv"]


def test_the_sample_writes_over_no_template(client: TestClient, site: Site) -> None:
    (site.templates / "appointment_reminder.toml").write_text(TEMPLATE)
    address = client.post("/sample", follow_redirects=False).headers["location"]
    assert site.loader.wait(address.split("/")[2], seconds=60)
    assert "to call" in client.get(address).text
    assert (site.templates / "appointment_reminder.toml").read_text() == TEMPLATE
