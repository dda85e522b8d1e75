"""A twin that runs for years: what nobody needs any more goes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from twin.base.models import Upload
from twin.base.tasks import forget_old_jobs, keep_house
from twin.base.uploads import KEPT, once


def an_upload(batch: str, age: timedelta) -> None:
    once(sender="somebody", batch=batch, body=b"", work=dict)
    Upload.objects.filter(batch=batch).update(created_at=timezone.now() - age)


def test_answers_to_uploads_are_forgotten_when_nobody_sends_them_again(db: None) -> None:
    an_upload("old", KEPT + timedelta(days=1))
    an_upload("new", KEPT - timedelta(days=1))
    keep_house(0)
    assert [upload.batch for upload in Upload.objects.all()] == ["new"]


def test_log_ins_that_have_expired_are_forgotten(db: None) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for expiry in (-1, 60):
        session = store()
        session.set_expiry(expiry)
        session.save()
    keep_house(0)
    assert Session.objects.count() == 1


async def work_off() -> None:
    """What is due, as the worker does."""
    worker = app.with_connector(app.connector.get_worker_connector())
    async with worker.open_async():
        await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.mark.django_db(transaction=True)
def test_jobs_of_last_week_are_forgotten() -> None:
    job = keep_house.defer(timestamp=0)  # the worker may add one of its own, at the right time of night
    asyncio.run(work_off())
    assert ProcrastinateJob.objects.get(pk=job).status == "succeeded"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '8 days' WHERE job_id = %s", [job])
    forget_old_jobs.defer(timestamp=0)
    asyncio.run(work_off())
    assert not ProcrastinateJob.objects.filter(pk=job).exists()
