"""The command `ivr`. Reading this loads no model library, so that --help answers at once."""

import sys

import typer

from biometrics import VoiceProblem
from ivr.cli import (
    actions,
    api_keys,
    attacks,
    attempts,
    audit,
    bench,
    bulk,
    calibrate,
    call,
    callers,
    contacts,
    daily,
    db,
    demo,
    edited,
    enrol,
    evaluate,
    fixtures,
    incidents,
    intents,
    keys,
    models,
    people,
    phone,
    pin,
    pool,
    queue,
    recordings,
    review,
    rules,
    serve,
    simulate,
    voiceprint,
    watchlist,
)
from ivr.cli.doctor import doctor
from ivr.errors import CallProblem

app = typer.Typer(
    name="ivr",
    help="A voice IVR that knows who is calling.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("call")(call.call)
app.command("enrol")(enrol.enrol)
app.command("calibrate")(calibrate.calibrate)
app.command("serve")(serve.serve)
app.command("phone")(phone.phone)
app.command("simulate")(simulate.simulate)
app.command("demo")(demo.demo)
app.command("backend")(actions.backend)
app.command("doctor")(doctor)
app.command("daily")(daily.daily)
app.add_typer(callers.app, name="callers")
app.add_typer(actions.app, name="actions")
app.add_typer(incidents.app, name="incidents")
app.add_typer(contacts.app, name="contacts")
app.add_typer(voiceprint.app, name="voiceprint")
app.add_typer(watchlist.app, name="watchlist")
app.add_typer(db.app, name="db")
app.add_typer(keys.app, name="keys")
app.add_typer(api_keys.app, name="api-keys")
app.add_typer(people.app, name="people")
app.add_typer(audit.app, name="audit")
app.add_typer(attempts.app, name="attempts")
app.add_typer(pin.app, name="pin")
app.add_typer(pool.app, name="pool")
app.add_typer(models.app, name="models")
app.add_typer(rules.app, name="rules")
app.add_typer(queue.app, name="queue")
app.add_typer(recordings.app, name="recordings")
app.add_typer(review.app, name="review")
app.add_typer(edited.app, name="edited")
app.add_typer(intents.app, name="intents")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(bulk.app, name="bulk")
app.add_typer(bench.app, name="bench")
app.command("make-fixtures", hidden=True)(fixtures.make_fixtures)
app.command("make-attacks", hidden=True)(attacks.make_attacks)


def main() -> None:
    """Run one command; what goes wrong is one sentence and its code, never a traceback."""
    try:
        app()
    except (CallProblem, VoiceProblem) as err:
        sys.exit(f"{err.sentence} [{err.code}]")
