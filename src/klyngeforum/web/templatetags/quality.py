"""Words of quality in templates: bilingual names, truths and explanations in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from klyngeforum.ground.bilingual import Bilingual

register = template.Library()


@register.filter
def spoken(value: Bilingual) -> str:
    return value.say(get_language() or "da")
