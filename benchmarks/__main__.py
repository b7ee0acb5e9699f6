"""Run the benchmarks: `python -m benchmarks quality --data DIR`, `python -m benchmarks speed`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.progress import progress_bars
from benchmarks.metrics import below

application = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
BASELINE = Path(__file__).with_name("baseline.json")

Data = Annotated[Path, typer.Option(help="The folder with the data sets.", exists=True, file_okay=False)]
Home = Annotated[Path, typer.Option(help="Where the indexes of the data sets are kept between runs.")]
Floors = Annotated[
    bool, typer.Option(help="Exit with 1 where a figure is below benchmarks/baseline.json, or missing.")
]


@application.command()
def quality(data: Data, home: Home = Path(".benchmarks"), floors: Floors = False) -> None:
    """Print how good search, quoting and abstaining are, as JSON."""
    from benchmarks.quality import run

    with progress_bars() as progress:
        figures = run(data, home, progress)
    _print("quality", figures, floors)


@application.command()
def speed(data: Data, home: Home = Path(".benchmarks"), floors: Floors = False) -> None:
    """Print how fast everything is on this machine, as JSON; ratios are within this run."""
    from benchmarks.speed import run

    with progress_bars() as progress:
        figures = run(data, home, progress)
    _print("speed", figures, floors)


@application.command()
def extraction(data: Data, floors: Floors = False) -> None:
    """Print how well articles are cut out of pages, beside trafilatura alone, as JSON."""
    from benchmarks.extraction import run

    _print("extraction", run(data), floors)


@application.command()
def ingestion(
    data: Data,
    home: Home = Path(".benchmarks"),
    floors: Floors = False,
    articles: Annotated[int | None, typer.Option(help="How many of MultiHop-RAG; all by default.")] = None,
    most: Annotated[int, typer.Option(help="The largest collection of made articles.")] = 100_000,
    without_peers: Annotated[
        bool, typer.Option(help="Measure alone, also where the peer's packages are installed.")
    ] = False,
) -> None:
    """Print how fast and in how much memory articles get in, beside LlamaIndex's pipeline, as JSON."""
    from benchmarks.ingestion import run

    with progress_bars() as progress:
        figures = run(data, home, progress, articles, most, without_peers)
    _print("ingestion", figures, floors, ("multihoprag/llama_index/",) if without_peers else ())


def _print(name: str, figures: dict[str, Any], floors: bool, left_out: tuple[str, ...] = ()) -> None:
    typer.echo(json.dumps(_rounded(figures), indent=2))
    if not floors:
        return
    bounds = json.loads(BASELINE.read_text(encoding="utf-8"))[name].items()
    missed = below({path: bound for path, bound in bounds if not path.startswith(left_out)}, figures)
    for line in missed:
        typer.echo(f"{name} {line}", err=True)
    if missed:
        raise typer.Exit(1)


def _rounded(figures: Any) -> Any:  # noqa: ANN401 - figures are nested as deep as a benchmark likes
    if isinstance(figures, dict):
        return {key: _rounded(value) for key, value in figures.items()}
    return round(figures, 4) if isinstance(figures, float) else figures


if __name__ == "__main__":
    application()
