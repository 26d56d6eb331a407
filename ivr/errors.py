"""One leaf per way a call can fail: a code for machines, a sentence for people."""

PROBLEM_TYPE = "application/problem+json"
"""How problems are told over HTTP (RFC 9457)."""


class CallProblem(Exception):  # noqa: N818 - an error is named after what happened
    """Root of everything that stops a call or a command."""

    code = "call_problem"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class RefusedRecording(CallProblem):
    """What was sent can be no turn of a call; the call is as it was."""

    code = "refused_recording"


class EmptyRecording(RefusedRecording):
    """No bytes came, or a header without sound."""

    code = "empty_recording"


class UnreadableAudio(RefusedRecording):
    """The bytes are no recording that can be read."""

    code = "unreadable_audio"


class TruncatedRecording(RefusedRecording):
    """The recording ends before its header says it does, and holds no usable sound."""

    code = "truncated_recording"


class UnsupportedAudio(RefusedRecording):
    """A recording, but of a rate, width or channel count that no telephone writes."""

    code = "unsupported_audio"


class RecordingTooLong(RefusedRecording):
    """One turn may not last this long."""

    code = "recording_too_long"


class UploadTooLarge(RefusedRecording):
    """More bytes than one turn may have."""

    code = "upload_too_large"


class HouseFull(CallProblem):
    """As many calls go on as may, or no more are taken before the service ends."""

    code = "house_full"

    def __init__(self, sentence: str, *, retry_after_s: int = 5) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class TooLate(CallProblem):
    """A part of the system did not answer in the time that it has."""

    code = "too_late"


class StageHangs(TooLate):
    """So much of a part of the system hangs that it is not asked any more."""

    code = "stage_hangs"


class PoolUnavailable(CallProblem):
    """The models that several workers share do not answer, or not in time."""

    code = "pool_unavailable"


class PoolBusy(PoolUnavailable):
    """As much is being asked of the pool as may be."""

    code = "pool_busy"


class PoolDiffers(CallProblem):
    """The pool has another model loaded than this worker needs."""

    code = "pool_differs"


class PhoneRefused(CallProblem):
    """A browser of another machine shows no token."""

    code = "phone_refused"


class NobodyAnswers(CallProblem):
    """A service that was to be called does not answer, or does not take the call."""

    code = "nobody_answers"


class BadOrder(CallProblem):
    """The page of the telephone sent something that is none of its messages."""

    code = "bad_order"


class UnknownLanguage(CallProblem):
    """Neither German nor English was asked for."""

    code = "unknown_language"


class UnknownCall(CallProblem):
    """No call of this id is known here."""

    code = "unknown_call"


class CallOver(CallProblem):
    """The call has ended; nothing more can be said in it."""

    code = "call_over"


class UnknownModel(CallProblem):
    """The catalogue has no model of this name."""

    code = "unknown_model"


class CatalogueUntrusted(CallProblem):
    """A catalogue is not what it was when somebody stood for it."""

    code = "catalogue_untrusted"


class ModelMissing(CallProblem):
    """A model that this work needs is not installed."""

    code = "model_missing"


class ModelDamaged(CallProblem):
    """A model's files are not the ones the catalogue describes."""

    code = "model_damaged"


class ModelUnobtainable(CallProblem):
    """None of a model's sources could deliver it."""

    code = "model_unobtainable"


class NoRecogniser(CallProblem):
    """No speech recogniser is installed for this language."""

    code = "no_recogniser"


class NoBusinessSystem(CallProblem):
    """Something was to be done in a business system, and none is connected."""

    code = "no_business_system"


class BadPack(CallProblem):
    """An intent pack cannot be used as it is written."""

    code = "bad_pack"


class MoodModelUnusable(CallProblem):
    """The model that hears anger in a voice is missing or damaged."""

    code = "mood_model_unusable"


class BadPolicy(CallProblem):
    """The policy file cannot be used as it is written."""

    code = "bad_policy"


class BadQueues(CallProblem):
    """The file of queues cannot be used as it is written."""

    code = "bad_queues"


class UnknownEntry(CallProblem):
    """No caller of this id waits or is being served."""

    code = "unknown_entry"


class BadPrompts(CallProblem):
    """A prompt file cannot be used as it is written."""

    code = "bad_prompts"


class BadDirectory(CallProblem):
    """The list of callers cannot be used as it is written."""

    code = "bad_directory"


class BadSources(CallProblem):
    """What is said about the sources of customers cannot be used as it is written."""

    code = "bad_sources"


class NoVoice(CallProblem):
    """No voice can speak this language here."""

    code = "no_voice"


class DirectoryUnavailable(CallProblem):
    """The directory of callers could not be read or written; nothing was changed."""

    code = "directory_unavailable"


class SourceUnavailable(DirectoryUnavailable):
    """The directory knows nobody of a number, and a source that might does not answer."""

    code = "source_unavailable"


class DiskFull(CallProblem):
    """There is no room left to write; nothing half-written was left behind."""

    code = "disk_full"


class DiskReadOnly(CallProblem):
    """The place to write to does not allow it."""

    code = "disk_read_only"


class BadSettings(CallProblem):
    """A setting in the environment cannot be used."""

    code = "bad_settings"


class StartRefused(CallProblem):
    """Something is not well without which no call can be taken as it must be."""

    code = "start_refused"


class BadApiKey(CallProblem):
    """A key of the service cannot be made or changed like this."""

    code = "bad_api_key"


class UnknownApiKey(CallProblem):
    """No such key of the service is kept, or none that is valid."""

    code = "unknown_api_key"


class BadTestSet(CallProblem):
    """The recordings or lists to measure on cannot be used."""

    code = "bad_test_set"


class CallBusy(CallProblem):
    """The earlier turn of this call is still being worked on."""

    code = "call_busy"


class OtherCaller(CallProblem):
    """The call id belongs to a call from another number."""

    code = "other_caller"


class BadCallId(CallProblem):
    """A call id of a shape that no gateway writes."""

    code = "bad_call_id"


class BadCheckpoint(CallProblem):
    """A file holds no checkpoints of the audit trail that can be read."""

    code = "bad_checkpoint"


class AlreadyEnrolled(CallProblem):
    """There is a voiceprint of this subject, and it was not to be replaced."""

    code = "already_enrolled"


class EnrolmentBusy(CallProblem):
    """An earlier recording of this subject is still being listened to."""

    code = "enrolment_busy"


class TooManyTakes(CallProblem):
    """More recordings than an enrolment may have; something is wrong with them."""

    code = "too_many_takes"


class BadEnrolmentList(CallProblem):
    """A list of whom to enrol cannot be used as it is written."""

    code = "bad_enrolment_list"


class BadBulkFolder(CallProblem):
    """A folder of encoded recordings is damaged, or was begun for something else."""

    code = "bad_bulk_folder"


class NoBulkFolder(BadBulkFolder):
    """There is no folder of encoded recordings at this place, or none any more."""

    code = "no_bulk_folder"


class WorkerLost(CallProblem):
    """A process that worked for this one has ended."""

    code = "worker_lost"


class WatchlistsOff(CallProblem):
    """Comparing one voice with many is switched off."""

    code = "watchlists_off"


class BadDay(CallProblem):
    """A day of made-up callers cannot be played as it was asked for."""

    code = "bad_day"


class BadIncident(CallProblem):
    """An incident cannot be kept as it is written."""

    code = "bad_incident"


class UnknownIncident(CallProblem):
    """No incident of this id is known here."""

    code = "unknown_incident"


class UnknownSentence(CallProblem):
    """No sentence of this id waits for somebody to look at it."""

    code = "unknown_sentence"


class AdditionsRefused(CallProblem):
    """Sentences cannot be added as they are labelled, or would do more harm than good."""

    code = "additions_refused"


class WeakPin(CallProblem):
    """This PIN may not be set: it is none, or one that others would try first."""

    code = "weak_pin"


class UnknownSubject(CallProblem):
    """Nobody in the directory has a voice of this id."""

    code = "unknown_subject"


class BadActions(CallProblem):
    """What a business system can do cannot be used as it is written."""

    code = "bad_actions"


class BadPerson(CallProblem):
    """An account cannot be made or changed like this."""

    code = "bad_person"


class UnknownPerson(CallProblem):
    """Nobody has an account of this name."""

    code = "unknown_person"


class WeakPassword(CallProblem):
    """This password may not be set: others would try it first, or it is too short."""

    code = "weak_password"


class BadWords(CallProblem):
    """The words of the pages cannot be used as they are written."""

    code = "bad_words"


class UnknownDocument(CallProblem):
    """Nothing of this name can be edited here."""

    code = "unknown_document"


class UnknownVersion(CallProblem):
    """No version of this number was published."""

    code = "unknown_version"


class EditRefused(CallProblem):
    """What was edited cannot be used as it is written; what was in use still is."""

    code = "edit_refused"


class EditedMeanwhile(CallProblem):
    """Somebody else published another text since the editing began."""

    code = "edited_meanwhile"


class EditedDamaged(CallProblem):
    """What was published is not as it was published."""

    code = "edited_damaged"


class UnknownContext(CallProblem):
    """No call is known by this token, or not any more."""

    code = "unknown_context"


class ClaimedByOther(CallProblem):
    """Somebody else has taken this call, or the caller has gone."""

    code = "claimed_by_other"


class DatabaseUnfit(CallProblem):
    """The database's tables are not those that this version works with."""

    code = "database_unfit"


class BadBackup(CallProblem):
    """A file is no backup that can be restored as it is."""

    code = "bad_backup"


class DatabaseInUse(CallProblem):
    """The database holds something that nobody said may be replaced."""

    code = "database_in_use"
