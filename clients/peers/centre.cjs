'use strict';
// An SMSC made of npm `smpp` 0.5.1, for links of the running server to bind to.

const smpp = require('smpp');

const { until } = require('../fixture/checks.cjs');

const KINDS = ['bind_transceiver', 'bind_transmitter', 'bind_receiver'];

class Centre {
  /** `secure` has `key` and `cert` where TLS is spoken. */
  constructor(secure = {}) {
    // What was taken, in its order: the PDU, the id it got, and what kind of bind it came over.
    this.submitted = [];
    // Every good bind there was, by kind; the last of a kind is the one that counts.
    this.binds = [];
    this.refused = 0;
    this.ids = 0x1a00;
    this.usual = (pdu) => pdu.response({ message_id: (this.ids += 1).toString(16) });
    // What to say to a submission; null says nothing.
    this.answer = this.usual;
    this.server = smpp.createServer(secure, (session) => this.#serve(session));
    // A caller who does not trust the certificate hangs up.
    this.server.on('tlsClientError', () => {});
  }

  #serve(session) {
    let kind;
    for (const bind of KINDS) {
      session.on(bind, (pdu) => {
        const good = pdu.system_id === 'peer' && pdu.password === 'secret';
        if (good) {
          kind = bind;
          this.binds.push({ kind, session });
        } else {
          this.refused += 1;
        }
        session.send(pdu.response(good ? { system_id: 'node' } : { command_status: smpp.ESME_RBINDFAIL }));
      });
    }
    session.on('submit_sm', (pdu) => {
      const response = this.answer(pdu);
      if (!response) return;
      this.submitted.push({ pdu, id: response.message_id, kind });
      session.send(response);
    });
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => session.send(pdu.response(), () => session.close()));
    session.on('error', () => {});
  }

  async listen() {
    await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    return `127.0.0.1:${this.server.address().port}`;
  }

  /** The newest session of a kind of bind. */
  session(kind = 'bind_transceiver') {
    return this.binds.findLast((bind) => bind.kind === kind)?.session;
  }

  /** Over which receipts and MO go. */
  #inward() {
    return this.session('bind_receiver') ?? this.session();
  }

  /** Answers otherwise while something is done. */
  async answering(answer, during) {
    this.answer = answer;
    try {
      await during();
    } finally {
      this.answer = this.usual;
    }
  }

  /** What was taken for a recipient. */
  to(recipient) {
    return this.submitted.filter(({ pdu }) => pdu.destination_addr === recipient);
  }

  /** The same, once there is so much. */
  arrived(recipient, count = 1) {
    const enough = () => this.to(recipient).length >= count && this.to(recipient);
    return until(enough, `a submission to ${recipient}`);
  }

  /** Delivers something; the status it was answered with. */
  deliver(fields) {
    return new Promise((resolve) => { this.#inward().deliver_sm(fields, (pdu) => resolve(pdu.command_status)); });
  }

  /** Delivers a receipt that is a text only; `id` in whatever form. */
  receipt(recipient, id, state) {
    const text = `id:${id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:${state} err:000 text:`;
    return this.deliver({ source_addr: recipient, destination_addr: 'Peer', esm_class: 4, short_message: text });
  }

  close() {
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}

module.exports = { Centre, smpp };
