"""What can stop a voice from being enrolled, kept or compared."""


class VoiceProblem(Exception):  # noqa: N818 - an error is named after what happened
    """Root of everything that stops work on a voice: a code for machines, a sentence for people."""

    code = "voice_problem"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StoreUnavailable(VoiceProblem):
    """The database could not be read or written; nothing was changed."""

    code = "store_unavailable"


class KeysUnavailable(StoreUnavailable):
    """The keys that open what is kept of voices are missing, or are the wrong ones."""

    code = "keys_unavailable"


class TooLittleSpeech(VoiceProblem):
    """The recordings hold less speech than an enrolment needs."""

    code = "too_little_speech"


class PoorRecording(VoiceProblem):
    """A recording is not fit to be enrolled: tones, music, noise or more than one voice."""

    code = "poor_recording"


class SamplesDisagree(VoiceProblem):
    """The recordings offered for one enrolment do not sound like one person."""

    code = "samples_disagree"


class SubjectOptedOut(VoiceProblem):
    """This person has refused voice recognition; nothing may be enrolled."""

    code = "subject_opted_out"


class EncoderUnusable(VoiceProblem):
    """The encoder's files are missing, damaged or of an unknown kind."""

    code = "encoder_unusable"


class CalibrationUnusable(VoiceProblem):
    """No calibration fits the encoder, so no score can be judged."""

    code = "calibration_unusable"


class TooFewTrials(VoiceProblem):
    """The recordings give too few comparisons to measure or calibrate anything."""

    code = "too_few_trials"


class DetectorUnusable(VoiceProblem):
    """The speech detector's file is missing or damaged."""

    code = "detector_unusable"


class UnreadableRecording(VoiceProblem):
    """A file is no recording that can be read."""

    code = "unreadable_recording"


class BadTrialList(VoiceProblem):
    """A list of who is compared with whom cannot be read, written or believed."""

    code = "bad_trial_list"


class BadPeople(VoiceProblem):
    """A list of the speakers' ages and sexes cannot be read."""

    code = "bad_people"


class ConsentMissing(VoiceProblem):
    """Nobody may be enrolled who has not agreed to be recognised by voice."""

    code = "consent_missing"


class ConsentTextUnknown(VoiceProblem):
    """There is no consent text of this version and language."""

    code = "consent_text_unknown"


class SpoofDetectorUnusable(VoiceProblem):
    """The files of a detector of synthetic voices are missing, damaged or of an unknown kind."""

    code = "spoof_detector_unusable"


class UnknownWatchlist(VoiceProblem):
    """There is no watchlist, entry or review of this name."""

    code = "unknown_watchlist"


class WatchlistUnusable(VoiceProblem):
    """Nobody may be looked for on this list: it is not allowed, or not possible with certainty."""

    code = "watchlist_unusable"
