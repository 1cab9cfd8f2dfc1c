"""Webhooks in the shapes that providers document, for one copy."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

KINDS = ("delivered", "deferred", "hard", "soft", "complained", "opened", "clicked", "unsubscribed", "rejected")
AT = 1_760_000_000  # 2025-10-09
SIGNING_KEY = "x"


def brevo(kind: str, address: str, token: str | None, number: str, at: int = AT) -> Any:
    """https://developers.brevo.com/docs/transactional-webhooks"""
    names = {"hard": "hard_bounce", "soft": "soft_bounce", "complained": "spam", "clicked": "click",
             "unsubscribed": "unsubscribe", "rejected": "blocked"}  # fmt: skip
    event = {
        "event": names.get(kind, kind), "email": address, "id": 26224, "date": "2025-10-09 10:53:20", "ts": at,
        "message-id": number, "ts_event": at, "ts_epoch": at * 1000, "subject": "La lettre", "tag": "",
        "sending_ip": "185.41.28.109", "reason": "550 5.1.1 <p0@exemple.fr> unknown" if kind == "hard" else "",
    }  # fmt: skip
    return event | ({"X-Mailin-custom": json.dumps({"delivery": token})} if token else {})


def mailjet(kind: str, address: str, token: str | None, number: str, at: int = AT) -> Any:
    """https://dev.mailjet.com/email/guides/webhooks/"""
    names = {"delivered": "sent", "hard": "bounce", "soft": "bounce", "deferred": "bounce", "complained": "spam",
             "opened": "open", "clicked": "click", "unsubscribed": "unsub", "rejected": "blocked"}  # fmt: skip
    event: dict[str, Any] = {
        "event": names[kind], "time": at, "MessageID": number, "Message_GUID": "1ab23cd4", "email": address,
        "mj_campaign_id": 7257, "mj_contact_id": 4, "customcampaign": "campagne1", "CustomID": "", "Payload": "",
    }  # fmt: skip
    errors = {"hard": "user unknown", "soft": "quota exceeded", "deferred": "greylisted"}
    if names[kind] == "bounce":
        event |= {"blocked": False, "hard_bounce": kind == "hard", "comment": "",
                  "error_related_to": "recipient" if kind == "hard" else "domain",
                  "error": errors[kind]}  # fmt: skip
    if token:
        event["Payload"] = json.dumps({"delivery": token})
    return [event]


def postmark(kind: str, address: str, token: str | None, number: str, at: int = AT) -> Any:
    """https://postmarkapp.com/developer/webhooks/bounce-webhook and those beside it"""
    moment = time.strftime("%Y-%m-%dT%H:%M:%S.0000000Z", time.gmtime(at))
    base: dict[str, Any] = {"MessageID": number, "ServerID": 23, "MessageStream": "broadcast", "Tag": "campagne1"}
    base["Metadata"] = {"delivery": token} if token else {}
    bounces = {"hard": "HardBounce", "soft": "SoftBounce", "deferred": "Transient", "rejected": "Blocked"}
    if kind in bounces:
        return base | {"RecordType": "Bounce", "Type": bounces[kind], "ID": 4_323_372_036_854_775_800 + len(kind),
                       "TypeCode": 1, "Name": "Bounce", "Description": "Le serveur a répondu.", "Email": address,
                       "Details": f"action: failed <{address}> 550", "BouncedAt": moment}  # fmt: skip
    if kind == "complained":
        return base | {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "ID": 42, "Email": address,
                       "BouncedAt": moment}  # fmt: skip
    if kind == "unsubscribed":
        return base | {"RecordType": "SubscriptionChange", "Recipient": address, "ChangedAt": moment,
                       "SuppressSending": True, "SuppressionReason": "ManualSuppression"}  # fmt: skip
    names = {
        "delivered": ("Delivery", "DeliveredAt"),
        "opened": ("Open", "ReceivedAt"),
        "clicked": ("Click", "ReceivedAt"),
    }
    record, when = names[kind]
    return base | {"RecordType": record, "Recipient": address, when: moment}


def mailgun(kind: str, address: str, token: str | None, number: str, at: int = AT) -> Any:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhook-payloads"""
    names = {"hard": "failed", "soft": "failed", "deferred": "failed"}
    data: dict[str, Any] = {
        "event": names.get(kind, kind), "timestamp": float(at), "id": "CPgfbmQMTCKtHW6uIWtuVe", "recipient": address,
        "log-level": "info", "tags": ["campagne1"], "message": {"headers": {"message-id": number.strip("<>")}},
        "user-variables": {"delivery": token} if token else {},
    }  # fmt: skip
    if kind in names:
        said = {"hard": "550 5.1.1 user unknown", "soft": "550 5.7.1 blocked", "deferred": "451 4.2.0 later"}[kind]
        data |= {"severity": "temporary" if kind == "deferred" else "permanent", "reason": "bounce",
                 "delivery-status": {"code": 550, "message": said, "description": ""}}  # fmt: skip
    signed = hashlib.sha256(f"{kind}{address}{number}{at}".encode()).hexdigest()[:50]
    signature = hmac.new(SIGNING_KEY.encode(), f"{at}{signed}".encode(), hashlib.sha256).hexdigest()
    return {"signature": {"token": signed, "timestamp": str(at), "signature": signature}, "event-data": data}


SHAPES = {"brevo": brevo, "mailjet": mailjet, "postmark": postmark, "mailgun": mailgun}
