"""What is due: assessments, and criteria that nobody has searched for a year."""

from django.views.generic import TemplateView

from icctracker.due import reviews_ahead

from .access import ReviewAccess


class DueList(ReviewAccess, TemplateView):
    """Which recommendations are to be assessed, and what is to be searched."""

    tab = "due-list"
    template_name = "review/due_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            due=self.due,
            ahead=reviews_ahead(self.standings),
            unsearched=self.unsearched,
            **kwargs,
        )
