"""The folder that a run writes to, which belongs to one configuration."""

from pathlib import Path
from types import TracebackType
from typing import Generic
from typing import Self
from typing import TypeVar

from distill_tf.config.options import CONFIG_FILE
from distill_tf.config.options import Config
from distill_tf.errors import DistillError
from distill_tf.files import check_writable
from distill_tf.files import refuse_other_files
from distill_tf.pipeline.folder_lock import FolderLock
from distill_tf.pipeline.origin import Origin

_STAGES = "stages"

KindOfOrigin = TypeVar("KindOfOrigin", bound=Origin)


class OutputFolder(Generic[Config]):
    """run_config.json says which run it is; stages/ holds the training.

    trained_on.json says what it was begun with.

    Other processes are kept out as long as a `with` block uses the folder: from its
    beginning if there is a run already, else from `begin` or `create` on.
    """

    def __init__(self, config: Config):
        """Checks the folder without writing anything.

        Args:
            config: has an `output_dir`.

        Raises:
            DistillError: the folder cannot be written, or holds something else, or a
                run with another configuration.
        """
        self.config = config
        self.path = Path(config.output_dir)
        self._lock = FolderLock(self.path)
        check_writable(self.path, "output_dir")
        self._refuse_what_is_not_ours()

    def _refuse_what_is_not_ours(self) -> None:
        config_file = self.path / CONFIG_FILE
        if not config_file.exists():
            self._refuse_other_files()
        elif self._is_begun():
            self._refuse_other_run(config_file)

    def _is_begun(self) -> bool:
        """Whether there is something that another configuration must not go on with."""
        return self.stage().exists()

    def _refuse_other_files(self) -> None:
        # A kill may leave a hidden temporary file behind.
        found = [p.name for p in self.path.glob("*") if p.name[0] != "."]
        refuse_other_files(self.path, found, "one of this run")

    def _refuse_other_run(self, config_file: Path) -> None:
        difference = self.config.difference(type(self.config).load(config_file))
        if difference:
            raise DistillError(
                f"{self.path} holds another run ({difference}); choose another "
                "output_dir, or remove that folder."
            )

    def __enter__(self) -> Self:
        if (self.path / CONFIG_FILE).exists():
            self.hold()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()

    def hold(self, waits: bool = False) -> Self:
        """Keeps other processes out.

        Args:
            waits: whether to wait for one that is at it.

        Raises:
            DistillError: another process is at it, and `waits` is false.
        """
        self._lock.acquire(waits)
        return self

    def create(self) -> None:
        """Writes the configuration; from here on the folder belongs to the run.

        Raises:
            DistillError: another process is at the folder, or has been meanwhile.
        """
        self.hold()
        self._refuse_what_is_not_ours()
        self.config.save(self.path / CONFIG_FILE)

    def begin(self, origin: Origin) -> None:
        """Creates the folder, or goes on in it.

        Raises:
            DistillError: another process is at the folder, or the run was begun on
                other data or with another teacher.
        """
        self.hold()
        goes_on = self.stage().exists()
        earlier = self.begun_with(type(origin)) if goes_on else None
        if earlier:
            self._refuse_other_origin(origin.difference(earlier))
        self.create()
        if not goes_on:
            origin.save(self._origin_file)

    def begun_with(self, kind: type[KindOfOrigin]) -> KindOfOrigin | None:
        """What the run was begun with; None of runs of earlier versions."""
        return kind.load(self._origin_file) if self._origin_file.exists() else None

    @property
    def _origin_file(self) -> Path:
        return self.path / "trained_on.json"

    def _refuse_other_origin(self, difference: str | None) -> None:
        if difference:
            raise DistillError(
                f"{self.path} holds a run that was begun otherwise ({difference}); "
                "restore what it was begun with, choose another output_dir, or remove "
                "that folder."
            )

    def stage(self, *names: str) -> Path:
        return self.path.joinpath(_STAGES, *names)
