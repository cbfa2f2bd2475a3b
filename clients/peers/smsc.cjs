'use strict';
// npm `smpp` 0.5.1, an SMSC that is not ours: a link of the running server binds to it, sends what comes in over
// HTTP, takes its receipts and its MO.

const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const smpp = require('smpp');

const { assert, check, run } = require('../fixture/checks.cjs');

const { ANSWERBACK_URL: url, ANSWERBACK_KEY: key, ANSWERBACK_BINARY: binary, ANSWERBACK_DIRECTORY: data } = process.env;
const submitted = [];
let session;
let ids = 0x1a00;
let answer = (pdu) => pdu.response({ message_id: (ids += 1).toString(16) });

const server = smpp.createServer((opened) => {
  opened.on('bind_transceiver', (pdu) => {
    const good = pdu.system_id === 'peer' && pdu.password === 'secret';
    if (good) session = opened;
    opened.send(pdu.response(good ? { system_id: 'node' } : { command_status: smpp.ESME_RBINDFAIL }));
  });
  opened.on('submit_sm', (pdu) => {
    const response = answer(pdu);
    if (!response) return;
    submitted.push({ pdu, id: response.message_id });
    opened.send(response);
  });
  opened.on('enquire_link', (pdu) => opened.send(pdu.response()));
  opened.on('unbind', (pdu) => opened.send(pdu.response(), () => opened.close()));
  opened.on('error', () => {});
});

const pause = () => new Promise((resolve) => { setTimeout(resolve, 20); });

async function until(condition, what) {
  const end = Date.now() + 30000;
  while (Date.now() < end) {
    const found = await condition();
    if (found) return found;
    await pause();
  }
  throw new Error(`${what} did not come within 30 s`);
}

async function ask(method, path, body) {
  const headers = { authorization: `Bearer ${key}`, accept: 'application/json', 'content-type': 'application/json' };
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

/** Sends one text to one number; the id of its batch. */
async function send(recipient, text) {
  const made = await ask('POST', '/v2/batches', { sender: 'Peer', recipients: [recipient], body: text });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.id;
}

/** The codes of a batch's one message, oldest first. */
async function codes(batch) {
  const [message] = (await ask('GET', `/v2/batches/${batch}/messages`)).body;
  const whole = await ask('GET', `/v2/batches/${batch}/messages/${message.id}`);
  return whole.body.statuses.map((status) => status.code);
}

const becomes = (batch, code) => until(async () => (await codes(batch)).at(-1) === code, `status ${code}`);
const to = (recipient) => submitted.filter(({ pdu }) => pdu.destination_addr === recipient);
const arrived = (recipient, count = 1) => until(() => to(recipient).length >= count && to(recipient), `a submission to ${recipient}`);

/** A receipt as its text only; `id` in whatever form. */
function receipt(recipient, id, state) {
  const text = `id:${id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:${state} err:000 text:`;
  return new Promise((resolve) => {
    session.deliver_sm(
      { source_addr: recipient, destination_addr: 'Peer', esm_class: 4, short_message: text },
      (pdu) => resolve(pdu.command_status),
    );
  });
}

function write(fields) {
  return new Promise((resolve) => { session.deliver_sm(fields, (pdu) => resolve(pdu.command_status)); });
}

check('a link that is added while the server runs binds', async () => {
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = `127.0.0.1:${server.address().port}`;
  const words = ['carrier', 'add', 'peer', '--smpp', address, '--system-id', 'peer', '--password', 'secret'];
  const options = ['reconnect_min=100ms', 'reconnect_max=500ms', 'throttle_pause=100ms', 'response_timeout=3s'];
  for (const option of options) words.push('--set', option);
  await promisify(execFile)(binary, [...words, '--data', data]);
  await until(() => session, 'a bind');
});

check('a text goes out as it was written, and its receipt comes into its history', async () => {
  const batch = await send('46701740605', 'Hello to a peer');
  const [{ pdu, id }] = await arrived('46701740605');
  assert.equal(pdu.source_addr, 'Peer');
  assert.equal(pdu.source_addr_ton, 5);
  assert.equal(pdu.dest_addr_ton, 1);
  assert.equal(pdu.registered_delivery & 1, 1);
  assert.equal(pdu.short_message.message.toString(), 'Hello to a peer');
  assert.equal(await receipt('46701740605', id, 'DELIVRD'), 0);
  await becomes(batch, 201);
  assert.ok((await codes(batch)).includes(111));
});

check('the receipt may write the id in another form', async () => {
  const batch = await send('46701740606', 'Decimal');
  const [{ id }] = await arrived('46701740606');
  assert.equal(await receipt('46701740606', parseInt(id, 16).toString(10).padStart(10, '0'), 'UNDELIV'), 0);
  await becomes(batch, 501);
});

check('the receipt may come before the answer', async () => {
  const usual = answer;
  answer = (pdu) => {
    const early = 'beef01';
    receipt('46701740607', early, 'DELIVRD').then(() => session.send(pdu.response({ message_id: early })));
    submitted.push({ pdu, id: early });
    return null;
  };
  const batch = await send('46701740607', 'Early');
  await becomes(batch, 201);
  answer = usual;
  assert.equal(to('46701740607').length, 1);
});

check('a long text goes in segments with one reference', async () => {
  const text = 'Snö och is på vägen, kör försiktigt. '.repeat(10);
  const batch = await send('46701740608', text);
  const parts = await arrived('46701740608', 3);
  const heads = parts.map(({ pdu }) => [...pdu.short_message.udh[0]]);
  assert.deepEqual(heads.map((head) => head.slice(0, 2)), [[0, 3], [0, 3], [0, 3]]);
  assert.equal(new Set(heads.map((head) => head[2])).size, 1);
  assert.deepEqual(heads.map((head) => head[4]).sort(), [1, 2, 3]);
  for (const { id } of parts.slice(1)) await receipt('46701740608', id, 'DELIVRD');
  assert.notEqual((await codes(batch)).at(-1), 201, 'one segment is still out');
  await receipt('46701740608', parts[0].id, 'DELIVRD');
  await becomes(batch, 201);
});

check('Cyrillic goes as UCS-2', async () => {
  await send('46701740609', 'Привет, мир');
  const [{ pdu }] = await arrived('46701740609');
  assert.equal(pdu.data_coding, 8);
  assert.equal(pdu.short_message.message, 'Привет, мир');
});

check('throttled, it comes again and once', async () => {
  const usual = answer;
  let times = 2;
  answer = (pdu) => {
    if (times === 0) return usual(pdu);
    times -= 1;
    session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
    return null;
  };
  const batch = await send('46701740610', 'Patience');
  await becomes(batch, 111);
  answer = usual;
  assert.equal(to('46701740610').length, 1);
});

check('refused, it is told so', async () => {
  const usual = answer;
  answer = (pdu) => { session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR })); return null; };
  const batch = await send('46701740611', 'Refused');
  await becomes(batch, 501);
  answer = usual;
});

check('cut inside the window it is uncertain, and is not sent again', async () => {
  const usual = answer;
  let taken = 0;
  answer = () => { taken += 1; session.destroy(); return null; };
  const batch = await send('46701740612', 'Cut');
  await becomes(batch, 110);
  answer = usual;
  const before = session;
  await until(() => session !== before, 'another bind');
  const after = await send('46701740613', 'After the cut');
  await arrived('46701740613');
  await becomes(after, 111);
  assert.equal(taken, 1);
  assert.equal(to('46701740612').length, 0);
});

check('an MO is in the chat, and a long one whole', async () => {
  assert.equal(await write({ source_addr: '46709999999', destination_addr: '46700000000', short_message: 'Hi there' }), 0);
  const text = ['A long answer that comes ', 'in two parts'];
  for (const index of [1, 0]) {
    const udh = [Buffer.from([0, 3, 77, 2, index + 1])];
    const fields = { source_addr: '46709999998', destination_addr: '46700000000', esm_class: 0x40 };
    assert.equal(await write({ ...fields, short_message: { udh, message: text[index] } }), 0);
  }
  const headers = { 'x-tm-username': process.env.ANSWERBACK_USERNAME, 'x-tm-key': key };
  const replies = async () => {
    const response = await fetch(`${url}/api/v2/replies?limit=10`, { headers });
    return (await response.json()).resources.map((reply) => [reply.sender, reply.text]);
  };
  const found = await until(async () => {
    const all = await replies();
    return all.some(([sender]) => sender === '46709999998') && all;
  }, 'the MO');
  assert.deepEqual(found.slice(0, 2), [['46709999998', text.join('')], ['46709999999', 'Hi there']]);
});

check('the link is taken out and unbinds', async () => {
  const ended = new Promise((resolve) => { session.on('close', resolve); });
  await promisify(execFile)(binary, ['carrier', 'remove', 'peer', '--data', data]);
  await ended;
  await new Promise((resolve) => { server.close(resolve); });
});

run().then(() => process.exit(process.exitCode));
