"""`POST /sample`: invented people and their template go into the sandbox, for a first look at a campaign."""

from starlette.responses import Response

from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.load_upload import UploadSettings
from campaign.usecases.serving.reading.offered import sample_files, sample_template
from campaign.usecases.serving.uploads import keep_upload
from campaign.web.asking import Ask, see_other
from campaign.web.pages.new import begun


def sample(ask: Ask) -> Response:
    """Uploads the sample as if it had been dropped on the page."""
    template, sheet = sample_files()
    settings = UploadSettings(template=sample_template(ask.site.templates, template), sandbox=True)
    with sheet.open("rb") as file:
        kept = keep_upload(ask.ledger, file, name=sheet.name, owner=ask.visitor.name, most_bytes=ask.site.most_bytes)
    record_act(ask.ledger, who=ask.visitor.name, what="sample", target=kept.name)
    return see_other(begun(ask, kept, settings))
