"""What a choice is called is looked up, without translating the choices beside it."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import translation
from django.utils.translation import trans_real

from icctracker.models import Evidence

WITH_CHOICES = [
    (model, field)
    for model in apps.get_app_config("icctracker").get_models()
    for field in model._meta.fields
    if field.choices
]


@pytest.mark.parametrize(
    ("model", "field"),
    WITH_CHOICES,
    ids=[f"{model.__name__}.{field.name}" for model, field in WITH_CHOICES],
)
def test_every_choice_is_called_as_django_has_it(model, field):
    for value in (*dict(field.flatchoices), "unheard-of", None):
        record = model(**{field.attname: value})

        label = getattr(record, f"get_{field.name}_display")()

        assert label == Model._get_FIELD_display(record, field)


def test_one_label_is_translated_and_not_all(monkeypatch):
    asked, translate = [], trans_real.gettext

    def noted(text):
        asked.append(text)
        return translate(text)

    monkeypatch.setattr(translation._trans, "gettext", noted)

    label = Evidence(kind="veto").get_kind_display()

    assert asked == [label]
