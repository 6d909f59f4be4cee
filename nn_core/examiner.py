"""What a run asks of its network on the way: the test split, a few images of it, the images held out."""

from __future__ import annotations

from collections.abc import Generator

from nn_core.data.dataset import Dataset, Split
from nn_core.evaluation import Evaluation, Evaluator
from nn_core.events import Evaluated, Event, Validated, Working

SAMPLE = 500  # test images of a quick evaluation


class Examiner:
    """Evaluates a network on the images of a dataset that it is not trained on; each method yields what it finds."""

    def __init__(self, evaluator: Evaluator, dataset: Dataset) -> None:
        self._evaluator, self._dataset = evaluator, dataset
        self.has_tested = False  # on the whole test split, once at least

    def test(self, step: int, epoch: float) -> Generator[Event, None, Evaluation]:
        """Look at the whole test split."""
        found = yield from self._evaluated(self._dataset.test)
        self.has_tested = True
        yield Evaluated(step, epoch, found.loss, found.accuracy, found.images)
        return found

    def sample(self, step: int, epoch: float) -> Generator[Event]:
        """Look at the first test images, for those who watch."""
        test = self._dataset.test
        found = yield from self._evaluated(Split(test.images[:SAMPLE], test.labels[:SAMPLE]), told=False)
        yield Evaluated(step, epoch, found.loss, found.accuracy, found.images)

    def validate(self, step: int, epoch: float) -> Generator[Event, None, Evaluation | None]:
        """Look at the images held out, if there are any."""
        if self._dataset.validation is None:
            return None
        found = yield from self._evaluated(self._dataset.validation)
        yield Validated(step, epoch, found.loss, found.accuracy, found.images)
        return found

    def _evaluated(self, split: Split, *, told: bool = True) -> Generator[Working, None, Evaluation]:
        running = self._evaluator.evaluate(split)
        while True:
            try:
                done = next(running)
            except StopIteration as end:
                found: Evaluation = end.value
                return found
            if told:
                yield Working("Evaluating", done, len(split.labels))
