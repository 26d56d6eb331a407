"""Models that several workers share: asked from here, or put there."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from biometrics import Encoder, EncoderId, usable_cores
from ivr.algebra import keep_to_one_thread
from ivr.errors import BadSettings
from ivr.models.content import digest_of
from ivr.pool.face import ENCODER, RECOGNISER, Pool
from ivr.pool.hears import Hears
from ivr.pool.node import Node, ray_environment
from ivr.pool.pooled_encoder import PooledEncoder, pooled_encoder
from ivr.pool.pooled_recogniser import PooledRecogniser, pooled_recogniser
from ivr.pool.reach import is_reached
from ivr.pool.replicas import EncoderReplica, RecogniserReplica
from ivr.pool.token import check_token, make_token
from ivr.settings import Settings

if TYPE_CHECKING:
    from ivr.pool.ray_pool import Deployment, State


def pool_of(settings: Settings) -> Pool | None:
    """The pool that IVR_POOL__ADDRESS names, joined; None where none is set.

    Raises:
        BadSettings: the extra or the token is missing.
        PoolUnavailable: it cannot be joined.
    """
    if not settings.pool.address:
        return None
    _prepare(settings)
    from ivr.pool.ray_pool import RayPool, connect

    connect(settings.pool)
    return RayPool(settings.pool)


def encoder_of(
    pool: Pool, settings: Settings, *, weights: Path, local: Encoder | None
) -> PooledEncoder:
    """The pool's voice encoder, held against the weights that lie here.

    Raises:
        PoolDiffers: it is another one.
    """
    wanted = EncoderId(settings.encoder)
    return pooled_encoder(pool, wanted=wanted, weights_sha256=digest_of(weights), local=local)


def recogniser_of(pool: Pool, settings: Settings, *, local: Hears | None) -> PooledRecogniser:
    """The pool's recogniser of whole turns.

    Raises:
        PoolDiffers: it is another one.
    """
    likely = settings.understand.likely_names
    return pooled_recogniser(pool, wanted="whisper", likely_names=likely, local=local)


class Pooling:
    """The pool's side: a node where there is none yet, and the models on it."""

    def __init__(self, settings: Settings) -> None:
        """Raises BadSettings: no address is set."""
        if not settings.pool.address:
            raise BadSettings("Set IVR_POOL__ADDRESS, such as 10.0.0.7:6379.")
        self._settings = settings
        self._node: Node | None = None

    @property
    def has_ended(self) -> bool:
        """The node that was started here is gone, and the models with it."""
        return self._node is not None and self._node.has_ended

    def open(self) -> None:
        """Start a node at the address, or join the one that is there, and deploy the models.

        Raises:
            PoolUnavailable: they do not start.
            BadSettings: the extra is missing, or others may read the token.
        """
        settings = self._settings
        is_there = is_reached(settings.pool.address)
        if not is_there:
            make_token(settings.pool_token_file)
        environment = _prepare(settings)
        from ivr.pool.ray_pool import connect, deploy, disconnect

        if not is_there:
            cores = usable_cores()
            self._node = Node(settings.pool.address, cores=cores, environment=environment)
        try:
            connect(settings.pool)
            deploy(_deployments(settings), settings.pool)
        except BaseException:
            # Whoever stops it while it starts leaves no node behind either.
            disconnect()
            self._end()
            raise

    def states(self) -> "tuple[State, ...]":
        """Of the models of a pool that is there.

        Raises:
            PoolUnavailable: it cannot be joined.
        """
        _prepare(self._settings)
        from ivr.pool.ray_pool import connect, disconnect, states

        connect(self._settings.pool)
        try:
            return states()
        finally:
            disconnect()

    def close(self) -> None:
        """Take the models away, and end the node if it was started here."""
        from ivr.pool.ray_pool import disconnect, withdraw

        if not self.has_ended:
            withdraw((ENCODER, RECOGNISER))
        disconnect()
        self._end()

    def _end(self) -> None:
        if self._node is not None:
            self._node.end()


def _prepare(settings: Settings) -> dict[str, str]:
    """What Ray reads from the environment, there before Ray is imported.

    Raises:
        BadSettings: the extra is missing, or the token is not there or not private.
    """
    check_token(settings.pool_token_file)
    environment = ray_environment(settings.pool_token_file)
    os.environ.update(environment)
    try:
        import ivr.pool.ray_pool  # noqa: F401 - whether it can be
    except ImportError as err:
        raise BadSettings(
            "IVR_POOL__ADDRESS needs Ray; install it: pip install rufwerk[ray]"
        ) from err
    return environment


def _deployments(settings: Settings) -> "tuple[Deployment, ...]":
    from ivr.pool.ray_pool import Deployment

    pool, there = settings.pool, settings_there(settings)
    encoder = Deployment(
        name=ENCODER,
        replica=EncoderReplica,
        load=partial(_load_encoder, there),
        replicas=pool.encoders,
        threads=pool.encoder_threads,
    )
    recogniser = Deployment(
        name=RECOGNISER,
        replica=RecogniserReplica,
        load=partial(_load_recogniser, there),
        replicas=pool.recognisers,
        threads=pool.recogniser_threads,
        cards=1 if settings.understand.device == "cuda" else 0,
        at_once=there.understand.lanes,
    )
    return (encoder,) if settings.understand.engine == "vosk" else (encoder, recogniser)


def settings_there(settings: Settings) -> Settings:
    """What the models need to be loaded, and none of the rest: it travels through the cluster."""
    pool = settings.pool
    return Settings(
        home=settings.home,
        models=settings.models,
        encoder=settings.encoder,
        catalogue=settings.catalogue,
        verify=replace(
            Settings().verify, engine=settings.verify.engine, threads=pool.encoder_threads
        ),
        understand=replace(
            settings.understand, names="", threads=pool.recogniser_threads, at_once=1
        ),
    )


def _load_encoder(settings: Settings) -> Encoder:
    from ivr.wiring.encoder import chosen_encoder
    from ivr.wiring.places import Places

    keep_to_one_thread()
    return chosen_encoder(Places(settings))[0]


def _load_recogniser(settings: Settings) -> Hears:
    from ivr.wiring.places import Places
    from ivr.wiring.words import loaded_whisper

    keep_to_one_thread()
    return loaded_whisper(Places(settings))
