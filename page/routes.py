"""All routes that the page reads besides gradio's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from page.adding import adding_routes
from page.article import article_routes
from page.collection import collection_routes
from page.exports import export_routes
from page.feedback import feedback_routes

if TYPE_CHECKING:
    from assistant.answering import Assistant


def routes(assistant: Assistant) -> list[BaseRoute]:
    """List the routes of the page; that on which articles are added only where the settings allow it."""
    index, settings = assistant.index, assistant.settings
    every = [
        *article_routes(assistant),
        *collection_routes(index),
        *export_routes(index),
        *feedback_routes(settings.home, index),
    ]
    return [*every, *adding_routes(index, settings.home)] if settings.add else every
