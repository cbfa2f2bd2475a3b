'use strict';
// The same SMSC, and the forms a link may have: two binds, 16-bit references, sar parameters, message_payload, TLS.
// Each has a link and a centre of its own, found by the recipient's prefix.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const { promisify } = require('node:util');

const { assert, check, until, run } = require('../fixture/checks.cjs');
const { Centre } = require('./centre.cjs');
const { addCarrier, becomes, codes, command, reply, send } = require('./running.cjs');

const NUMBER = '46700000000';
const GSM = 'Snö och is på vägen, kör försiktigt: 5 € {väg} '.repeat(8);
const UCS = 'Осторожно, на дорогах снег и лёд. '.repeat(5);
const opened = [];

/** A centre, and a link to it for one prefix. */
async function open(name, prefix, secure, ...options) {
  const centre = new Centre(secure);
  await addCarrier(name, await centre.listen(), '--route', prefix, ...options);
  opened.push([name, centre]);
  return centre;
}

const joined = (parts, place) => [...parts].sort((a, b) => place(a.pdu) - place(b.pdu))
  .map(({ pdu }) => pdu.short_message.message).join('');

check('a pair: submissions over the transmitter, receipts and MO over the receiver', async () => {
  const centre = await open('pair', '46701', {}, '--bind', 'pair');
  await until(() => centre.session('bind_transmitter') && centre.session('bind_receiver'), 'both binds');
  assert.deepEqual(centre.binds.map(({ kind }) => kind).sort(), ['bind_receiver', 'bind_transmitter']);
  await command('number', 'claim', '--account', 'Test', NUMBER);
  const batch = await send('46701740605', 'By two');
  const [{ id, kind }] = await centre.arrived('46701740605');
  assert.equal(kind, 'bind_transmitter');
  assert.equal(await centre.receipt('46701740605', id, 'DELIVRD'), 0);
  await becomes(batch, 201);
  assert.equal(await centre.deliver({ source_addr: '46701740605', destination_addr: NUMBER, short_message: 'To one' }), 0);
  assert.equal((await reply('46701740605')).text, 'To one');
});

check('a pair: the receiver is cut, the receipt of what goes out meanwhile comes over the next', async () => {
  const [[, centre]] = opened;
  const before = centre.session('bind_receiver');
  before.destroy();
  const batch = await send('46701740606', 'Meanwhile');
  const [{ id }] = await centre.arrived('46701740606');
  await until(() => centre.session('bind_receiver') !== before, 'another receiver');
  assert.equal(await centre.receipt('46701740606', id, 'DELIVRD'), 0);
  await becomes(batch, 201);
});

check('references of 16 bits', async () => {
  const centre = await open('udh16', '46702', {}, '--set', 'long=udh16');
  const batch = await send('46702740605', GSM);
  const parts = await centre.arrived('46702740605', 3);
  const heads = parts.map(({ pdu }) => [...pdu.short_message.udh[0]]);
  assert.deepEqual(heads.map((head) => [head[0], head[1], head[4]]), [[8, 4, 3], [8, 4, 3], [8, 4, 3]]);
  assert.equal(new Set(heads.map((head) => `${head[2]} ${head[3]}`)).size, 1);
  assert.equal(joined(parts, (pdu) => pdu.short_message.udh[0][5]), GSM);
  for (const { id } of parts) await centre.receipt('46702740605', id, 'DELIVRD');
  await becomes(batch, 201);
});

check('sar parameters instead of a header', async () => {
  const centre = await open('sar', '46703', {}, '--set', 'long=sar');
  for (const [recipient, text, count] of [['46703740605', GSM, 3], ['46703740606', UCS, 3]]) {
    const batch = await send(recipient, text);
    const parts = await centre.arrived(recipient, count);
    assert.deepEqual(new Set(parts.map(({ pdu }) => pdu.esm_class & 0x40)), new Set([0]));
    assert.deepEqual(new Set(parts.map(({ pdu }) => pdu.sar_total_segments)), new Set([count]));
    assert.equal(new Set(parts.map(({ pdu }) => pdu.sar_msg_ref_num)).size, 1);
    assert.equal(joined(parts, (pdu) => pdu.sar_segment_seqnum), text);
    for (const { id } of parts) await centre.receipt(recipient, id, 'DELIVRD');
    await becomes(batch, 201);
  }
  const [{ pdu }] = await send('46703740607', 'Short').then(() => centre.arrived('46703740607'));
  assert.equal(pdu.sar_total_segments, undefined);
});

check('message_payload: the whole at once, and one receipt', async () => {
  const centre = await open('payload', '46704', {}, '--set', 'long=payload');
  for (const [recipient, text, coding] of [['46704740605', GSM, 0], ['46704740606', UCS, 8]]) {
    const batch = await send(recipient, text);
    const [{ pdu, id }] = await centre.arrived(recipient);
    assert.deepEqual([pdu.message_payload.message, pdu.data_coding, pdu.esm_class & 0x40], [text, coding, 0]);
    assert.equal(pdu.short_message.message, '');
    assert.equal((await codes(batch)).includes(201), false);
    await centre.receipt(recipient, id, 'DELIVRD');
    await becomes(batch, 201);
    assert.equal(centre.to(recipient).length, 1);
  }
});

check('TLS: an authority of the carrier\'s own is trusted, and only for its name', async () => {
  const openssl = (...words) => promisify(execFile)('openssl', words);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Peer authority');
  await openssl('req', ...key, '-keyout', 'smsc.key', '-out', 'smsc.csr', '-subj', '/CN=smsc.example.org');
  fs.writeFileSync('smsc.ext', 'subjectAltName = DNS:smsc.example.org\n');
  await openssl('x509', '-req', '-in', 'smsc.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'smsc.pem',
    '-days', '2', '-extfile', 'smsc.ext');
  const secure = { key: fs.readFileSync('smsc.key'), cert: fs.readFileSync('smsc.pem') };
  const authority = fs.realpathSync('ca.pem');

  const centre = await open('tls', '46705', secure, '--tls', '--set', `tls_name=smsc.example.org`);
  const test = async () => command('carrier', 'test', 'tls').catch((error) => error.stdout + error.stderr);
  assert.match(await test(), /certificate/i);
  await command('carrier', 'set', 'tls', '--set', `tls_ca=${authority}`, '--set', 'tls_name=other.example.org');
  assert.match(await test(), /certificate/i);
  assert.deepEqual([centre.binds.length, centre.refused], [0, 0], 'the password was not sent');
  await command('carrier', 'set', 'tls', '--set', 'tls_name=smsc.example.org');
  await until(() => centre.session(), 'a bind');
  assert.equal(centre.session().socket.encrypted, true);

  const batch = await send('46705740605', 'In secret');
  const [{ pdu, id }] = await centre.arrived('46705740605');
  assert.equal(pdu.short_message.message, 'In secret');
  await centre.receipt('46705740605', id, 'DELIVRD');
  await becomes(batch, 201);
});

check('all of them unbind', async () => {
  for (const [name, centre] of opened) {
    const last = centre.binds.at(-1).session;
    const ended = new Promise((resolve) => { last.on('close', resolve); });
    await command('carrier', 'remove', name);
    await ended;
    await centre.close();
  }
});

run().then(() => process.exit(process.exitCode));
