"""PyPI `textmagic` 2.0.3, the first-generation client: contacts, lists, custom fields, unsubscribers and the user.

It writes all it reads, except for the messages of the records, whose recipients get names.
"""

import os

from textmagic.rest import TextmagicRestClient
from textmagic.rest.exceptions import TextmagicRestException

import records
from checks import check, equal, raises, run, true

BASE = os.environ["ANSWERBACK_URL"] + "/api/v2"
NOWHERE = 2_000_000_000
CONTACT_KEYS = {
    "id", "firstName", "lastName", "companyName", "phone", "email", "country", "customFields", "favorited", "blocked",
    "user", "lists", "phoneType", "avatar", "notes",
}
LIST_KEYS = {
    "id", "name", "description", "membersCount", "shared", "favorited", "user", "service", "avatar", "isDefault",
}

client = TextmagicRestClient(os.environ["ANSWERBACK_USERNAME"], os.environ["ANSWERBACK_KEY"], base=BASE)
stranger = TextmagicRestClient(
    os.environ["ANSWERBACK_OTHER_USERNAME"], os.environ["ANSWERBACK_OTHER_KEY"], base=BASE)
sent = [record for record in records.load() if record.is_mt]
# What was made, by a name of ours.
made = {}


def ids(answer):
    resources, pager = answer
    equal(sorted(pager), ["limit", "page", "pageCount"], "the envelope")
    return [it.id for it in resources]


def linked(answer, collection):
    """The id of what was made or changed, with its link."""
    equal(answer.href, f"/api/v2/{collection}/{answer.id}")
    return answer.id


def refused(status, call, *blamed):
    error = raises(TextmagicRestException, call)
    equal(error.status, status, "the status")
    true(isinstance(error.msg, str) and error.msg, "the error says why")
    if blamed:
        equal(error.msg, "Validation Failed")
        equal(sorted(error.errors["fields"]), sorted(blamed), "what is blamed")
    else:
        equal(error.errors, None, "no field is to blame")


@check("lists are made, read, changed and searched")
def _():
    equal(client.lists.list(), ([], {"page": 1, "limit": 10, "pageCount": 1}))
    for name in ["Friends", "Family", "Clients"]:
        made[name] = linked(client.lists.create(name=name), "lists")
    friends = client.lists.get(made["Friends"])
    equal(set(vars(friends)), LIST_KEYS)
    equal((friends.name, friends.description, friends.membersCount, friends.shared), ("Friends", None, 0, False))
    changed = client.lists.update(made["Friends"], name="Old friends", description="from school", shared=1)
    equal(linked(changed, "lists"), made["Friends"])
    friends = client.lists.get(made["Friends"])
    equal((friends.name, friends.description, friends.shared), ("Old friends", "from school", True))
    equal(ids(client.lists.list()), [made["Clients"], made["Family"], made["Friends"]])
    equal(ids(client.lists.list(page=2, limit=2)), [made["Friends"]])
    equal(ids(client.lists.list(search=True, query="FRIENDS")), [made["Friends"]])
    equal(ids(client.lists.list(search=True, ids=f"{made['Family']},{NOWHERE}")), [made["Family"]])
    refused(400, lambda: client.lists.create(description="x"), "name")
    refused(404, lambda: client.lists.get(NOWHERE))


@check("a contact is made in lists, and gives its name to the messages that went to its phone")
def _():
    phone = sent[0].recipient
    lists = f"{made['Friends']}, {made['Family']}"
    answer = client.contacts.create(
        firstName="Åsa", lastName="O'Neil", companyName="Blåbär & Co", email="asa@example.com", phone="+" + phone,
        lists=lists)
    made["Asa"] = linked(answer, "contacts")
    asa = client.contacts.get(made["Asa"])
    equal(set(vars(asa)), CONTACT_KEYS)
    equal((asa.firstName, asa.lastName, asa.companyName), ("Åsa", "O'Neil", "Blåbär & Co"))
    equal((asa.phone, asa.email, asa.customFields), (phone, "asa@example.com", []))
    equal(asa.country["id"], sent[0].country)
    equal(ids(client.contacts.lists(made["Asa"])), [made["Family"], made["Friends"]])
    equal(client.lists.get(made["Friends"]).membersCount, 1)
    found, _ = client.messages.list(search=True, query=sent[0].body[:20], limit=100)
    named = {it.firstName for it in found if it.receiver == phone}
    equal(named, {"Åsa"}, "the messages")


@check("contacts are listed, searched and changed")
def _():
    for name, phone, lists in [("Bo", "46701740002", "Family"), ("Cia", "46701740003", "Clients")]:
        made[name] = client.contacts.create(firstName=name, phone=phone, lists=made[lists]).id
    equal(ids(client.contacts.list()), [made["Cia"], made["Bo"], made["Asa"]])
    equal(ids(client.contacts.list(page=3, limit=1, shared=1)), [made["Asa"]])
    equal(ids(client.contacts.list(search=True, query="blåbär")), [made["Asa"]])
    equal(ids(client.contacts.list(search=True, query="4670174")), [made["Cia"], made["Bo"]])
    equal(ids(client.contacts.list(search=True, ids=f"{made['Bo']},{made['Asa']}")), [made["Bo"], made["Asa"]])
    equal(ids(client.contacts.list(search=True, listId=made["Family"])), [made["Bo"], made["Asa"]])
    changed = client.contacts.update(made["Bo"], phone="46701740002", lastName="Ek", lists=str(made["Clients"]))
    equal(linked(changed, "contacts"), made["Bo"])
    bo = client.contacts.get(made["Bo"])
    equal((bo.firstName, bo.lastName), ("Bo", "Ek"), "what was not given stayed")
    equal(ids(client.contacts.lists(made["Bo"])), [made["Clients"]])
    refused(400, lambda: client.contacts.create(firstName="x"), "phone", "lists")
    refused(400, lambda: client.contacts.create(phone="abc", lists=1), "phone")
    refused(400, lambda: client.contacts.update(made["Bo"], phone="46701740003", lists=1), "phone")
    refused(404, lambda: client.contacts.get(NOWHERE))


@check("contacts are put into a list beside those it has, and taken out again")
def _():
    answer = client.lists.put_contacts(made["Clients"], contacts=f"{made['Asa']}, {NOWHERE}")
    equal(linked(answer, "lists"), made["Clients"])
    equal(ids(client.lists.contacts(made["Clients"])), [made["Cia"], made["Bo"], made["Asa"]])
    equal(ids(client.lists.contacts(made["Clients"], page=2, limit=2)), [made["Asa"]])
    # The client sends this form without a content type.
    true(client.lists.delete_contacts(made["Clients"], contacts=f"{made['Asa']},{made['Cia']}"), "taken out")
    equal(ids(client.lists.contacts(made["Clients"])), [made["Bo"]])
    equal(ids(client.contacts.list()), [made["Bo"], made["Asa"]], "who was in no other list is gone")
    refused(404, lambda: client.lists.put_contacts(NOWHERE, contacts=made["Asa"]))


@check("custom fields and their values")
def _():
    made["DOB"] = linked(client.custom_fields.create(name="DOB"), "customfields")
    field = client.custom_fields.get(made["DOB"])
    equal((field.name, set(vars(field))), ("DOB", {"id", "name", "createdAt"}))
    answer = client.custom_fields.update_value(made["DOB"], contactId=made["Asa"], value="1983-08-31")
    equal(linked(answer, "contacts"), made["Asa"])
    equal(linked(client.custom_fields.update(made["DOB"], name="Born"), "customfields"), made["DOB"])
    [value] = client.contacts.get(made["Asa"]).customFields
    equal((value["value"], value["id"], value["name"]), ("1983-08-31", made["DOB"], "Born"))
    equal(value["createdAt"], field.createdAt)
    equal(ids(client.custom_fields.list()), [made["DOB"]])
    refused(400, lambda: client.custom_fields.create(name="Born"), "name")
    refused(400, lambda: client.custom_fields.update_value(made["DOB"], contactId=NOWHERE, value="x"), "contactId")
    true(client.custom_fields.delete(made["DOB"]), "deleted")
    equal(client.contacts.get(made["Asa"]).customFields, [])
    refused(404, lambda: client.custom_fields.get(made["DOB"]))


@check("unsubscribers are added once and stay")
def _():
    phone = sent[0].recipient
    first = linked(client.unsubscribers.create(phone=phone), "unsubscribers")
    equal(linked(client.unsubscribers.create(phone="+" + phone), "unsubscribers"), first)
    second = client.unsubscribers.create(phone="46701740009").id
    equal(ids(client.unsubscribers.list()), [second, first])
    asa = client.unsubscribers.get(first)
    equal(set(vars(asa)), {"id", "phone", "unsubscribeTime", "firstName", "lastName"})
    equal((asa.phone, asa.firstName, asa.lastName), (phone, "Åsa", "O'Neil"))
    equal(client.unsubscribers.get(second).firstName, None)
    refused(400, lambda: client.unsubscribers.create(phone="nobody"), "phone")
    refused(405, lambda: client.unsubscribers.delete_instance(first))


@check("the user changes its names")
def _():
    true(client.user.update(firstName="Eva", lastName="Lind", company="Lind & Co"), "changed")
    user = client.user.get()
    equal((user.firstName, user.lastName, user.company), ("Eva", "Lind", "Lind & Co"))
    refused(400, lambda: client.user.update(firstName="x"), "lastName", "company")
    true(stranger.user.get().company != "Lind & Co", "the other's stays")


@check("another account sees none of it and changes none of it")
def _():
    for collection in [stranger.contacts, stranger.lists, stranger.custom_fields, stranger.unsubscribers]:
        equal(ids(collection.list()), [])
    refused(404, lambda: stranger.contacts.get(made["Asa"]))
    refused(404, lambda: stranger.lists.delete(made["Friends"]))
    refused(404, lambda: stranger.lists.put_contacts(made["Friends"], contacts="1"))


@check("a list is deleted with the contacts that are in no other; a contact is deleted")
def _():
    true(client.lists.delete(made["Clients"]), "deleted")
    refused(404, lambda: client.contacts.get(made["Bo"]))
    equal(ids(client.contacts.list()), [made["Asa"]])
    true(client.contacts.delete(made["Asa"]), "deleted")
    refused(404, lambda: client.contacts.delete(made["Asa"]))
    equal(client.lists.get(made["Friends"]).membersCount, 0)


run()
