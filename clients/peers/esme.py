"""PyPI `smpplib`, an ESME that is not ours, bound to the simulated SMSC."""

import re
import socket

import smpplib.client
import smpplib.consts
import smpplib.exceptions
import smpplib.gsm
from checks import check, equal, raises, run, true, until
from smsc import Smsc

smsc = Smsc("--profile", "plain", "--seed", "7")
answers, delivered = [], []


def connect():
    client = smpplib.client.Client("127.0.0.1", smsc.port, timeout=10, allow_unknown_opt_params=True)
    client.set_message_sent_handler(lambda pdu: answers.append(pdu))
    client.set_message_received_handler(lambda pdu: delivered.append(pdu))
    client.connect()
    return client


client = connect()


def pump():
    """Reads what came within a moment."""
    client._socket.settimeout(0.1)
    try:
        client.read_once()
    except socket.timeout:
        pass


def wait(condition, what):
    def look():
        pump()
        return condition()
    return until(look, what)


def send(text, recipient, sender="Acme"):
    """One text in as many segments as smpplib makes of it; the ids of the segments."""
    parts, coding, form = smpplib.gsm.make_parts(text)
    before = len(answers)
    for part in parts:
        client.send_message(
            source_addr_ton=smpplib.consts.SMPP_TON_ALNUM, source_addr=sender,
            dest_addr_ton=smpplib.consts.SMPP_TON_INTL, dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
            destination_addr=recipient, short_message=part, data_coding=coding, esm_class=form,
            registered_delivery=True)
    wait(lambda: len(answers) == before + len(parts), "the answer to a submission")
    return [pdu.message_id.decode() for pdu in answers[before:]]


def receipt(identity):
    """The final receipt of a segment, by its parameter and by its text."""
    def final():
        for pdu in delivered:
            if pdu.receipted_message_id == identity.encode() and pdu.message_state in (2, 5, 8):
                return pdu
    return wait(final, f"the receipt of {identity}")


@check("a transceiver is bound whatever its password")
def _():
    client.bind_transceiver(system_id="peer", password="any")
    equal(smsc.stats()["binds"], 1)


@check("a short text is taken and delivered")
def _():
    [identity] = send("Hello from a peer", "46701740605")
    pdu = receipt(identity)
    true(pdu.esm_class & 0x3C == 0x04, "esm_class marks a receipt")
    text = pdu.short_message.decode()
    true(re.match(rf"id:{identity} sub:001 dlvrd:001 submit date:\d{{10}} done date:\d{{10}} stat:DELIVRD err:000 ", text),
         text)
    equal(pdu.source_addr, b"46701740605")
    equal(pdu.destination_addr, b"Acme")


@check("a long text goes in segments, each with a receipt of its own")
def _():
    identities = send("Snö och is på vägen, " * 20, "46701740606")
    equal(len(identities), 3)
    equal(len(set(identities)), 3)
    for identity in identities:
        equal(receipt(identity).message_state, 2)


@check("Cyrillic goes as UCS-2")
def _():
    [identity] = send("Привет, мир", "46701740607")
    equal(receipt(identity).message_state, 2)


@check("a number that ends in 0003 is refused with ESME_RINVDSTADR")
def _():
    refused = []
    client.set_error_pdu_handler(lambda pdu: refused.append(pdu))
    client.send_message(source_addr="Acme", destination_addr="46701740003", short_message=b"x",
                        registered_delivery=True)
    wait(lambda: refused, "the refusal")
    equal(refused[0].status, smpplib.consts.SMPP_ESME_RINVDSTADR)


@check("a number that ends in 0001 is not delivered")
def _():
    [identity] = send("x", "46701740001")
    pdu = receipt(identity)
    equal(pdu.message_state, 5)
    true(b"stat:UNDELIV" in pdu.short_message, pdu.short_message)


@check("an MO comes in, in two parts when it is long")
def _():
    del delivered[:]
    equal(smsc.write(**{"from": "46709999999", "to": "71717", "text": "Short"}), 1)
    [short] = wait(lambda: [pdu for pdu in delivered if pdu.source_addr == b"46709999999"], "the MO")
    equal((short.short_message, short.destination_addr, short.esm_class & 0x3C), (b"Short", b"71717", 0))
    del delivered[:]
    equal(smsc.write(**{"from": "46709999998", "to": "71717", "text": "word " * 40}), 2)
    parts = wait(lambda: len(delivered) == 2 and list(delivered), "both parts")
    heads = {bytes(pdu.short_message[:6]) for pdu in parts}
    equal(len(heads), 2)
    true(all(pdu.esm_class & 0x40 and head[:3] == b"\x05\x00\x03" for pdu, head in zip(parts, sorted(heads))), heads)
    equal({head[5] for head in heads}, {1, 2})


@check("an enquire_link is answered")
def _():
    pdu = smpplib.smpp.make_pdu("enquire_link", client=client)
    client.send_pdu(pdu)
    until(lambda: client.read_pdu().command == "enquire_link_resp", "the answer to an enquire_link")


@check("a second bind of the same connection is refused, a wrong command is answered")
def _():
    raises(smpplib.exceptions.PDUError, lambda: client.bind_transceiver(system_id="peer", password="any"))


@check("unbinding ends the session")
def _():
    client.unbind()
    client.disconnect()


@check("the centre's books balance")
def _():
    stats = until(lambda: (lambda now: now["pending"] == 0 and now)(smsc.stats()), "an empty centre")
    equal(stats["submitted"], stats["accepted"] + stats["refused"] + stats["taken_untold"] + stats["unanswered"])
    equal(stats["receipts_planned"], stats["receipts_acknowledged"])
    smsc.stop()


run()
