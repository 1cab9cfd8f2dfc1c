"""Letters that appeared, and sendings in several states. Copies are rows alone: nothing leaves, nobody is there."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import slugify

from newsletters import consent_texts
from newsletters.addresses import fingerprint
from newsletters.digests.moments import next_moment
from newsletters.enums import (
    CampaignState,
    ConsentAction,
    DeliveryState,
    Purpose,
    SkipReason,
    Source,
    SubscriptionState,
)
from newsletters.letters.rendering import render
from newsletters.letters.selection import as_blocks, last_days, propose
from newsletters.models import (
    Campaign,
    Click,
    ConsentEvent,
    Delivery,
    Digest,
    MailingList,
    NewsletterPage,
    Segment,
    Subscriber,
    Subscription,
    TrackedLink,
)
from portal.accounts.models import User
from portal.territories.models import Space

from ..content import letters as content
from .body import typeset

if TYPE_CHECKING:
    from .pages import Seeder

LIST_SLUG = "demonstration-mediateurs"


def seed_letters(seeder: Seeder) -> None:
    """A list of readers, a published letter of each row of the content with its sending, and what waits."""
    space = seeder.spaces.get("nation-FR")
    if space is None:
        return
    readers = seeder.store.once("letters:readers", lambda: _readers(space))
    for number, row in enumerate(content.LETTERS):
        letter = seeder.store.once(f"letter:{row[1]}", lambda row=row: _letter(seeder, row))
        if readers is None or letter is None:
            continue
        seeder.store.once(f"campaign:{row[1]}", lambda letter=letter, row=row: _sent(letter, readers, row[4]))
        if number == 0:
            seeder.store.once("campaign:waiting", lambda letter=letter: _asked(letter, readers))
    if readers is not None:
        seeder.store.once("letters:segment", lambda: _segment(space, readers))
        seeder.store.once("letters:digest", lambda: _digest(space, readers))


def _readers(space: Space) -> MailingList:
    """A second list of the whole country, with its people and the proof of their consent."""
    one = MailingList.objects.create(
        territory=space.territory,
        name="Médiateurs et conseillers numériques",
        slug=LIST_SLUG,
        description="Pour celles et ceux qui accompagnent. Contenu de démonstration.",
    )
    moment = timezone.now() - dt.timedelta(days=200)
    people = Subscriber.objects.bulk_create(
        Subscriber(address=f"lecture{number}@exemple.fr", tracking=number % 4 == 0, last_contact_at=moment)
        for number in range(content.READERS)
    )
    Subscription.objects.bulk_create(
        Subscription(list=one, subscriber=each, state=SubscriptionState.ACTIVE, confirmed_at=moment) for each in people
    )
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            subscriber=each,
            fingerprint=fingerprint(each.address),
            list=one,
            purpose=Purpose.LETTER,
            action=ConsentAction.GIVEN,
            text_version=consent_texts.CURRENT,
            source=Source.LINK,
            at=moment,
        )
        for each in people
    )
    return one


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def _letter(seeder: Seeder, row: tuple[str, str, str, str, int]) -> NewsletterPage:
    """A letter with every kind of block, of what the space has of the last month."""
    key, title, subject, preheader, days = row
    space, parent = seeder.spaces[key], seeder.section(key, "lettres")
    assert parent is not None
    criteria = last_days(space.territory, 60)
    chosen = propose(criteria)[:9]
    image = next(iter(seeder.images.values()))
    first = {"page": chosen[0].pk, "title": "", "lead": ""}
    item = {"type": "item", "value": {"page": chosen[-1].pk, "title": "", "lead": ""}, "id": str(uuid.uuid4())}
    link = {"page": None, "url": "https://www.exemple.fr/"}
    text, author, author_title = content.QUOTE
    blocks = [
        _block("intro", content.INTRODUCTION),
        _block("headline", first),
        *(one | {"id": str(uuid.uuid4())} for one in as_blocks(criteria, chosen[1:])),
        _block("pages", {"title": "À relire", "with_images": True, "pages": [item]}),
        _block("separator", None),
        _block("text", content.TEXT),
        _block("image", {"image": {"image": image.pk, "decorative": True, "alt_text": ""}, "caption": ""}),
        _block("quote", {"text": text, "author": author, "author_title": author_title, "source": "", "source_url": ""}),
        _block("button", link | {"label": "Voir la carte des lieux"}),
        _block("contribute", link | {"title": "Et chez vous ?", "text": content.CALL, "label": "Proposer un contenu"}),
        _block("footer", {"why": "", "sender": "Contenu de démonstration"}),
    ]
    if not any(one["type"] == "agenda" for one in blocks):
        blocks.insert(3, _block("agenda", {"title": "L’agenda", "scope": "inside", "limit": 4, "pages": []}))
    letter = NewsletterPage(
        title=typeset(title),
        slug=slugify(title)[:80],
        subject=typeset(subject),
        preheader=typeset(preheader),
        list=MailingList.objects.filter(territory=space.territory, is_default=True).first(),
        body=NewsletterPage._meta.get_field("body").stream_block.to_python(blocks),
    )
    published: NewsletterPage = seeder.publish(parent, letter, days_ago=days)
    return published


def _frozen(letter: NewsletterPage, **fields: Any) -> Campaign:
    rendered = render(letter)
    assert letter.space is not None
    campaign = Campaign.objects.create(
        letter=letter,
        territory=letter.space.territory,
        time_zone=letter.space.territory.time_zone,
        frozen_at=timezone.now(),
        frozen_revision=letter.get_latest_revision(),
        frozen_pages=rendered.pages,
        subject=rendered.subject,
        preheader=rendered.preheader,
        html=rendered.html,
        text=rendered.text,
        created_by=User.objects.filter(email="editeur@exemple.fr").first(),
        **fields,
    )
    TrackedLink.objects.bulk_create(
        TrackedLink(campaign=campaign, position=link.position, url=link.url, label=link.label)
        for link in rendered.links
    )
    return campaign


def _sent(letter: NewsletterPage, readers: MailingList, days: int) -> Campaign:
    """A sending that is over: most copies arrived, some came back, one is uncertain; links were followed."""
    start = timezone.now() - dt.timedelta(days=days)
    campaign = _frozen(
        letter,
        state=CampaignState.FINISHED,
        scheduled_at=start,
        started_at=start,
        snapshot_at=start,
        finished_at=start + dt.timedelta(minutes=40),
        recipients=content.READERS,
    )
    campaign.lists.set([readers])
    chance = random.Random(days)  # noqa: S311 - the same figures each time
    states = [state for state, share in content.OUTCOMES for _ in range(share)]
    held = Subscription.objects.filter(list=readers).select_related("subscriber").order_by("pk")
    copies = Delivery.objects.bulk_create(
        [_copy(campaign, one, states[number % 100], start, chance) for number, one in enumerate(held)]
    )
    links = list(campaign.links.order_by("position"))
    arrived = [copy for copy in copies if copy.state == DeliveryState.DELIVERED]
    Click.objects.bulk_create(
        Click(link=chance.choice(links), at=start + dt.timedelta(minutes=chance.randrange(60, 4000)))
        for _ in range(len(arrived) // 2)
    )
    return campaign


def _copy(campaign: Campaign, one: Subscription, state: str, start: dt.datetime, chance: random.Random) -> Delivery:
    sent = None if state in ("skipped", "failed", "unknown") else start + dt.timedelta(minutes=chance.randrange(40))
    opened = sent if state == "delivered" and one.subscriber.tracking and chance.random() < 0.6 else None
    return Delivery(
        campaign=campaign,
        list_id=one.list_id,
        subscription=one,
        subscriber=one.subscriber,
        address=one.subscriber.address,
        message_id=f"<{uuid.uuid4().hex}@exemple.fr>",
        state=state,
        skip_reason=SkipReason.PAUSED if state == "skipped" else "",
        code={"bounced": "550 5.1.1", "failed": "550 5.7.1"}.get(state, "250"),
        attempts=1,
        due_at=start,
        sent_at=sent,
        settled_at=sent or start,
        opened_at=opened and opened + dt.timedelta(hours=2),
    )


def _asked(letter: NewsletterPage, readers: MailingList) -> Campaign:
    """A sending in preparation that waits for a second person."""
    asked = timezone.now() - dt.timedelta(hours=3)
    author = User.objects.filter(email="editeur@exemple.fr").first()
    campaign = _frozen(letter, requested_by=author, requested_at=asked)
    campaign.lists.set([readers])
    return campaign


def _segment(space: Space, readers: MailingList) -> Segment:
    segment = Segment.objects.create(
        territory=space.territory, name="Abonnés de l’année", conditions={"subscribed_since": "2026-01-01"}
    )
    segment.lists.set([readers])
    return segment


def _digest(space: Space, readers: MailingList) -> Digest:
    """A monthly one, stopped: the demonstration writes no draft by itself."""
    digest = Digest(territory=space.territory, list=readers, name="L’essentiel du mois", stopped_at=timezone.now())
    digest.next_at = next_moment(digest, timezone.now())
    digest.save()
    return digest


def delete_sending(campaign: Campaign) -> None:
    """A sending with its copies and all that was heard of them."""
    campaign.deliveries.all().delete()
    campaign.delete()


def delete_readers(one: MailingList) -> None:
    """The list with its people and the proof of their consent, which was nobody's."""
    people = list(Subscriber.objects.filter(subscriptions__list=one).values_list("pk", flat=True))
    ConsentEvent._base_manager.filter(list=one)._raw_delete(one._state.db)
    Subscriber.objects.filter(pk__in=people).delete()
    one.delete()
