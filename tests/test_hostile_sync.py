from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hostile_files import write_hostile_files
from storing import HashEmbedding, article, write

from index import confined
from index.library import ArticleIndex
from index.sources.document import Document, key_of

SECONDS = 20  # for one file, waiting for a process included


@pytest.fixture
def hostile(tmp_path: Path) -> list[Path]:
    return write_hostile_files(tmp_path)


def test_of_120_hostile_files_each_is_a_reason_or_an_article_and_the_rest_goes_in(
    hostile: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        write(tmp_path, number)
    longest, ran = dict[str, float](), confined.Parser.run

    def timed(
        self: confined.Parser, task: str, *arguments: Document, file: BinaryIO | None = None
    ) -> Iterator[Any]:
        began = time.monotonic()
        try:
            yield from ran(self, task, *arguments, file=file)
        finally:
            name = getattr(file, "name", None) or arguments[0].key
            longest[str(name)] = time.monotonic() - began

    monkeypatch.setattr(confined.Parser, "run", timed)
    home = tmp_path.with_name(tmp_path.name + "-home")
    with ArticleIndex.open(home, HashEmbedding()) as index:
        report = index.sync([tmp_path])
        assert index.article(article(2).id).text == article(2).text
        told = {one.source.split("/#")[0] for one in report.failed}
        taken = {key.split("/#")[0] for key in (*report.added, *report.passed_over)}
        everything = {key_of(path) for path in hostile if not path.is_dir()}
        silent = everything - told - taken
        assert {Path(one).name for one in silent} <= {"link-to-parent"}, silent
        assert len(hostile) >= 120
        assert all(one.reason.strip() and len(one.reason) < 500 for one in report.failed)
        assert {name: seconds for name, seconds in longest.items() if seconds > SECONDS + 2} == {}
        again = index.sync([tmp_path])
        assert again.added == again.changed == again.removed == ()
