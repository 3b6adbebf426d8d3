"""What is due: assessments, and criteria that nobody has searched for a year."""

from django.utils import timezone
from django.views.generic import TemplateView

from icctracker.due import criteria_unsearched, reviews_ahead, reviews_due
from icctracker.standing import standings

from .access import ReviewAccess


class DueList(ReviewAccess, TemplateView):
    """Which recommendations are to be assessed, and what is to be searched."""

    template_name = "review/due_list.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        rows = standings(today)
        return super().get_context_data(
            due=reviews_due(rows),
            ahead=reviews_ahead(rows),
            unsearched=criteria_unsearched(today),
            **kwargs,
        )
