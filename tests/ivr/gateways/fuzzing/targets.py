"""Every adapter by name."""

from tests.ivr.gateways.fuzzing.asterisk import asterisk_http, asterisk_websocket, audiosocket
from tests.ivr.gateways.fuzzing.freeswitch import audio_fork, audio_stream, httapi, vosk
from tests.ivr.gateways.fuzzing.fuzz import Target
from tests.ivr.gateways.fuzzing.jambonz import (
    jambonz_gather_hooks,
    jambonz_listen,
    jambonz_speech,
    jambonz_stream_hooks,
)
from tests.ivr.gateways.fuzzing.phone import phone, sip
from tests.ivr.gateways.fuzzing.server import http_server
from tests.ivr.gateways.fuzzing.twilio import (
    twilio_gather_hooks,
    twilio_media,
    twilio_stream_hooks,
)

TARGETS: dict[str, Target] = {
    "audiosocket": audiosocket,
    "asterisk-websocket": asterisk_websocket,
    "asterisk-http": asterisk_http,
    "jambonz-stream-hooks": jambonz_stream_hooks,
    "jambonz-gather-hooks": jambonz_gather_hooks,
    "jambonz-listen": jambonz_listen,
    "jambonz-speech": jambonz_speech,
    "twilio-stream-hooks": twilio_stream_hooks,
    "twilio-gather-hooks": twilio_gather_hooks,
    "twilio-media": twilio_media,
    "httapi": httapi,
    "audio-fork": audio_fork,
    "audio-stream": audio_stream,
    "vosk-server": vosk,
    "http-server": http_server,
    "phone": phone,
    "sip": sip,
}
