"""Every adapter by name."""

from tests.ivr.gateways.fuzz import Target
from tests.ivr.gateways.fuzz_asterisk import asterisk_http, asterisk_websocket, audiosocket
from tests.ivr.gateways.fuzz_jambonz import (
    jambonz_gather_hooks,
    jambonz_listen,
    jambonz_speech,
    jambonz_stream_hooks,
)
from tests.ivr.gateways.fuzz_phone import phone, sip
from tests.ivr.gateways.fuzz_server import http_server

TARGETS: dict[str, Target] = {
    "audiosocket": audiosocket,
    "asterisk-websocket": asterisk_websocket,
    "asterisk-http": asterisk_http,
    "jambonz-stream-hooks": jambonz_stream_hooks,
    "jambonz-gather-hooks": jambonz_gather_hooks,
    "jambonz-listen": jambonz_listen,
    "jambonz-speech": jambonz_speech,
    "http-server": http_server,
    "phone": phone,
    "sip": sip,
}
