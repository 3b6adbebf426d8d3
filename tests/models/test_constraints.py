"""Every constraint of the database has a test that breaks it."""

from pathlib import Path

from django.apps import apps


class TestConstraints:
    def test_each_one_is_broken_by_a_test(self):
        tests = "".join(
            path.read_text(encoding="utf-8")
            for path in Path(__file__).parent.glob("*.py")
        )

        named = {
            constraint.name
            for model in apps.get_app_config("icctracker").get_models()
            for constraint in model._meta.constraints
        }

        assert named
        assert {name for name in named if f'"{name}"' not in tests} == set()
