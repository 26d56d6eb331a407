"""Everything an operator can set, grouped by room."""

from ivr.settings.calls import CallsSettings
from ivr.settings.catalogue import CatalogueSettings
from ivr.settings.deadlines import DeadlineSettings
from ivr.settings.decide import DecideSettings
from ivr.settings.editing import EditingSettings
from ivr.settings.everything import Settings, read_settings
from ivr.settings.gateways import (
    AudioSocketSettings,
    FreeSwitchSettings,
    GatewaySettings,
    JambonzSettings,
    LiveSettings,
    PhoneSettings,
    SipSettings,
    TwilioSettings,
    VoskServerSettings,
)
from ivr.settings.handover import HandoverSettings
from ivr.settings.identify import IdentifySettings
from ivr.settings.journal import JournalSettings
from ivr.settings.limits import LimitSettings
from ivr.settings.listen import ListenSettings
from ivr.settings.load import LoadSettings
from ivr.settings.mood import MoodSettings
from ivr.settings.onward import OnwardSettings
from ivr.settings.pages import PagesSettings
from ivr.settings.pin import PinSettings
from ivr.settings.pool import PoolSettings
from ivr.settings.postgres import PostgresSettings
from ivr.settings.queue import QueueSettings
from ivr.settings.reach import ReachSettings
from ivr.settings.review import ReviewSettings
from ivr.settings.seeing import SeeingSettings
from ivr.settings.serve import ServeSettings
from ivr.settings.service import ServiceSettings
from ivr.settings.speak import SpeakSettings
from ivr.settings.understand import UnderstandSettings
from ivr.settings.verify import AttemptSettings, ChallengeSettings, VerifySettings
from ivr.settings.voices import KeySettings, WatchlistSettings

__all__ = [
    "AttemptSettings",
    "AudioSocketSettings",
    "CallsSettings",
    "CatalogueSettings",
    "ChallengeSettings",
    "DeadlineSettings",
    "DecideSettings",
    "EditingSettings",
    "FreeSwitchSettings",
    "GatewaySettings",
    "HandoverSettings",
    "IdentifySettings",
    "JambonzSettings",
    "JournalSettings",
    "KeySettings",
    "LimitSettings",
    "ListenSettings",
    "LiveSettings",
    "LoadSettings",
    "MoodSettings",
    "OnwardSettings",
    "PagesSettings",
    "PhoneSettings",
    "PinSettings",
    "PoolSettings",
    "PostgresSettings",
    "QueueSettings",
    "ReachSettings",
    "ReviewSettings",
    "SeeingSettings",
    "ServeSettings",
    "ServiceSettings",
    "Settings",
    "SipSettings",
    "SpeakSettings",
    "TwilioSettings",
    "UnderstandSettings",
    "VerifySettings",
    "VoskServerSettings",
    "WatchlistSettings",
    "read_settings",
]
