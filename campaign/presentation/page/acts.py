"""Acts in words."""

from campaign.usecases.serving.acts import ActRecord

_WORDS = {
    "add_token": "made a token",
    "add_user": "added a user",
    "end": "ended the dialling",
    "launch": "launched",
    "remove_user": "removed a user",
    "revoke_token": "revoked a token",
    "set_password": "set a password",
    "sign_in": "signed in",
    "sign_out": "signed out",
    "stop": "stopped",
    "resume": "resumed",
    "rerun": "called rejected rows again",
    "resolve": "looked lost answers up",
    "cancel": "cancelled",
    "forget": "erased the people of",
    "pace": "changed the pace",
    "upload": "uploaded",
    "download": "downloaded",
    "suppress": "put on the never-call list",
    "unsuppress": "took off the never-call list",
    "schedule_add": "added a schedule",
    "schedule_pause": "paused a schedule",
    "schedule_resume": "resumed a schedule",
    "schedule_remove": "removed a schedule",
    "schedule_ended": "fired a schedule",
    "schedule_refused": "could not fire a schedule",
    "schedule_missed": "missed a schedule's time",
    "schedule_skipped": "skipped a schedule's time",
    "schedule_abandoned": "left a schedule's run to a person",
    "schedule_firing": "stopped in the middle of a schedule's run",
    "schedule_loaded": "read the sheet of a schedule",
    "template_save": "changed a template",
    "template_add": "added a template",
    "template_rename": "renamed a template",
    "template_delete": "deleted a template",
    "try_key": "tried the key",
}


def act_words(act: ActRecord) -> str:
    """What was done; a code that has no words yet is shown as it is."""
    return _WORDS.get(act.what, act.what.replace("_", " "))
