from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.people.models import Household, Person
from twin.places.models import Community
from twin.points.querysets import CandidateQuerySet, FamilyVoteQuerySet, TurnoutQuerySet


class FamilyVote(Stamped):
    """The choice of the civilised families (文明家庭): residents' votes and points, each with its weight.

    The ballot is secret: what is kept is who has voted, and how many votes each family has, not who voted for whom.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    title = models.CharField(_("title"), max_length=80)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    counts_from = models.DateTimeField(_("points from"))
    counts_until = models.DateTimeField(_("points until"))
    vote_weight = models.PositiveSmallIntegerField(_("weight of the votes (%)"), default=50)
    choices = models.PositiveSmallIntegerField(_("families on one ballot, at most"), default=3)
    places = models.PositiveSmallIntegerField(_("families to be honoured"), default=10)
    closed_at = models.DateTimeField(_("counted"), null=True, blank=True, editable=False)

    objects = FamilyVoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote on civilised families")
        verbose_name_plural = _("votes on civilised families")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at"), counts_until__gt=F("counts_from")),
                name="a_vote_closes_after_it_opens",
                violation_error_message=_(
                    "A vote closes after it opens, and so does the time whose points count."
                ),
            ),
            models.CheckConstraint(
                condition=Q(vote_weight__lte=100, choices__gte=1, choices__lte=20, places__gte=1),
                name="a_vote_can_be_counted",
                violation_error_message=_(
                    "The weight is 0 to 100 %, a ballot has 1 to 20 families, and at least one is honoured."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Candidate(Stamped):
    """A family that can be voted for. Points, score and place are written once, when the votes are counted."""

    vote = models.ForeignKey(
        FamilyVote, on_delete=models.PROTECT, related_name="candidates", verbose_name=_("vote")
    )
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="+", verbose_name=_("household")
    )
    story = models.CharField(
        _("put up for"),
        max_length=120,
        blank=True,
        help_text=_("What the family has done, as it agreed to be told: everybody in the community reads it"),
    )
    votes = models.PositiveIntegerField(_("votes"), default=0)
    points = models.IntegerField(_("points"), null=True, blank=True)
    score = models.FloatField(_("score (0-100)"), null=True, blank=True)
    place = models.PositiveIntegerField(_("place"), null=True, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        constraints = [
            models.UniqueConstraint(fields=["vote", "household"], name="a_family_stands_once_in_a_vote"),
            models.CheckConstraint(
                condition=Q(points=None, score=None, place=None)
                | Q(points__isnull=False, score__isnull=False, place__isnull=False),
                name="a_candidate_is_counted_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.household_id} {self.story}".rstrip()

    @property
    def community_id(self) -> int:
        return self.vote.community_id


class Turnout(Stamped):
    """Somebody has voted. For whom is not known: the votes are counted up on the candidates."""

    vote = models.ForeignKey(FamilyVote, on_delete=models.PROTECT, related_name="turnout")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    votes = models.PositiveSmallIntegerField()

    objects = TurnoutQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "person"], name="everyone_votes_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"
