'use strict';
// npm `textmagic-rest-client` 1.0.11, the first-generation client, sending. As in `classic_node.cjs`, the one thing
// replaced is `https.request`. The client keeps the arguments of earlier calls of the same method and sends them
// again, so every call names them all; empty ones count as absent.

const http = require('node:http');
const https = require('node:https');

const origin = new URL(process.env.ANSWERBACK_URL);
https.request = (options, answer) =>
  http.request({ ...options, hostname: origin.hostname, port: origin.port }, answer);

const Client = require('textmagic-rest-client');
const { assert, check, until, run } = require('../fixture/checks.cjs');
const hooks = require('../fixture/hook.cjs');

const NOWHERE = 2000000000;
const JOHN = '447860021130';
const MARIA = '46701740605';
// The simulator's: it is delivered and answers `Yes`.
const ANSWERS = '447860020040';
const NUMBER = '46737494990';
const LATER = Math.floor(Date.now() / 1000) + 7200;
const ABSENT = { text: '', templateId: '', phones: '', sendingTime: '', rrule: '', from: '', referenceId: '', dummy: '' };
const client = new Client(process.env.ANSWERBACK_USERNAME, process.env.ANSWERBACK_KEY);
const { Messages, Templates, Sources } = client;

/** A call of the client, which wants a callback, as a promise. */
const ask = (object, method, options = {}) =>
  new Promise((resolve, reject) => {
    object[method](options, (error, answer) => (error ? reject(Object.assign(error, { answer })) : resolve(answer)));
  });

const send = (options) => ask(Messages, 'send', { ...ABSENT, ...options });

async function refused(code, call, fields) {
  const error = await call().then(() => assert.fail(`expected ${code}`), (error) => error);
  assert.equal(error.answer?.code, code, error.message);
  if (fields) assert.deepEqual(Object.keys(error.answer.errors.fields), fields);
}

const stamp = (seconds) => new Date(seconds * 1000).toISOString().replace(/\.000Z$/, '+0000');

check('one recipient is a message, read back with its session', async () => {
  const answer = await send({ text: 'Hello from Node', phones: JOHN, from: 'Acme', referenceId: 'node-1' });
  assert.deepEqual(Object.keys(answer), [
    'id', 'href', 'type', 'sessionId', 'bulkId', 'messageId', 'scheduleId', 'chatId',
  ]);
  assert.deepEqual([answer.type, answer.messageId, answer.scheduleId], ['message', answer.id, null]);
  const message = await ask(Messages, 'get', answer.id);
  assert.deepEqual([message.text, message.receiver, message.sender], ['Hello from Node', JOHN, 'Acme']);
  const session = await ask(Messages.Sessions, 'get', answer.sessionId);
  assert.deepEqual([session.source, session.numbersCount, session.referenceId], ['A', 1, 'node-1']);
});

check('several recipients are a session', async () => {
  const answer = await send({ text: 'Zażółć gęślą jaźń 🎉', phones: `${JOHN}, ${MARIA}` });
  assert.deepEqual([answer.type, answer.href], ['session', `/api/v2/sessions/${answer.id}`]);
  const { resources } = await ask(Messages.Sessions, 'messages', { id: answer.id });
  assert.deepEqual(resources.map((it) => it.receiver).sort(), [JOHN, MARIA].sort());
  assert.equal(resources[0].text, 'Zażółć gęślą jaźń 🎉');
});

check('prices are told, and nothing is sent', async () => {
  const before = (await ask(Messages, 'list', { page: 1, limit: 1 })).pageCount;
  for (const price of [
    await ask(Messages, 'price', { text: 'hi', phones: `${JOHN},${MARIA}` }),
    await send({ text: 'hi', phones: `${JOHN},${MARIA}`, dummy: 1 }),
  ]) {
    assert.deepEqual([price.parts, price.countries.GB.count, price.countries.SE.country], [1, 1, 'SE']);
  }
  assert.equal((await ask(Messages, 'list', { page: 1, limit: 1 })).pageCount, before);
});

check('what is sent later is a schedule, and is withdrawn with it', async () => {
  const answer = await send({ text: 'Later', phones: JOHN, sendingTime: LATER, rrule: 'FREQ=WEEKLY' });
  assert.deepEqual([answer.type, answer.scheduleId, answer.sessionId], ['schedule', answer.id, null]);
  const schedule = await ask(Messages.Schedules, 'get', answer.id);
  assert.deepEqual([schedule.nextSend, schedule.rrule], [stamp(LATER), 'FREQ=WEEKLY']);
  const { resources } = await ask(Messages.Schedules, 'list', { page: 1, limit: 10 });
  assert.equal(resources[0].id, answer.id);
  await ask(Messages.Schedules, 'delete', answer.id);
  await refused(404, () => ask(Messages.Schedules, 'get', answer.id));
  const waiting = await ask(Messages, 'find', { sessionId: schedule.session.id });
  assert.equal(waiting.resources[0].status, 'e');
});

check('templates are kept, changed, sent, found and removed', async () => {
  const { id } = await ask(Templates, 'create', { name: 'Node greeting', content: 'Hello {Phone}' });
  await ask(Templates, 'update', { id, name: 'Node greeting', content: 'Hi {Phone}' });
  assert.equal((await ask(Templates, 'get', id)).content, 'Hi {Phone}');
  assert.equal((await ask(Templates, 'find', { name: 'node' })).resources[0].id, id);
  const answer = await send({ templateId: id, phones: MARIA });
  assert.equal((await ask(Messages, 'get', answer.id)).text, `Hi ${MARIA}`);
  await ask(Templates, 'delete', id);
  await refused(404, () => ask(Templates, 'get', id));
});

check('delivered and answered, and told by callbacks in parts', async () => {
  // The client knows no callbacks, so they are set as a person would; the format is the one of who chooses none.
  const hook = await hooks.open();
  const headers = { 'x-tm-username': process.env.ANSWERBACK_USERNAME, 'x-tm-key': process.env.ANSWERBACK_KEY };
  const given = new URLSearchParams({ outUrl: hook.url('/out'), inUrl: hook.url('/in') });
  const set = await fetch(`${origin.origin}/api/v2/callback/settings`, { method: 'PUT', headers, body: given });
  assert.deepEqual([set.status, (await set.json()).format], [200, 'm']);

  const { id } = await send({ text: 'Coming, naïve friend?', phones: ANSWERS, from: NUMBER, referenceId: 'node-2' });
  await until(async () => (await ask(Messages, 'get', id)).status === 'd', 'the receipt');
  const reply = await until(async () => {
    const { resources } = await ask(Messages.Replies, 'list', { page: 1, limit: 10 });
    return resources.find((it) => it.sender === ANSWERS);
  }, 'the reply');
  assert.deepEqual([reply.text, reply.receiver], ['Yes', NUMBER]);
  const chat = await ask(Messages, 'chat', { phone: ANSWERS, page: 1, limit: 10 });
  assert.deepEqual(chat.resources.map((it) => [it.direction, it.status]), [['out', 'd'], ['in', null]]);

  const form = (call) => new Response(call.body, { headers: { 'content-type': call.headers['content-type'] } }).formData();
  // What was sent before is told too.
  const told = (path, name, value) => until(async () => {
    const forms = await Promise.all(hook.at(path).map(form));
    return forms.find((it) => it.get(name) === value);
  }, `${value} at ${path}`);
  const delivery = await told('/out', 'id', String(id));
  const message = await told('/in', 'id', String(reply.id));
  assert.deepEqual(
    ['id', 'status', 'receiver', 'text', 'referenceId'].map((name) => delivery.get(name)),
    [String(id), 'd', ANSWERS, 'Coming, naïve friend?', 'node-2'],
  );
  assert.deepEqual(
    ['id', 'sender', 'receiver', 'text', 'messageTime'].map((name) => message.get(name)),
    [String(reply.id), ANSWERS, NUMBER, 'Yes', reply.messageTime],
  );
  const nowhere = new URLSearchParams({ outUrl: '', inUrl: '' });
  const unset = await fetch(`${origin.origin}/api/v2/callback/settings`, { method: 'PUT', headers, body: nowhere });
  assert.deepEqual(await unset.json(), { outUrl: null, inUrl: null, format: 'm' });
});

check('more than a thousand recipients are a bulk', async () => {
  const phones = Array.from({ length: 1001 }, (_, at) => 447860000000 + at).join(',');
  const answer = await send({ text: 'Hello everybody', phones });
  assert.deepEqual([answer.type, answer.bulkId], ['bulk', answer.id]);
  const bulk = await ask(Messages, 'bulk', answer.id);
  assert.deepEqual([bulk.itemsTotal, bulk.session.numbersCount, bulk.text], [1001, 1001, 'Hello everybody']);
  assert.equal((await ask(Messages, 'bulks')).resources[0].id, answer.id);
});

check('refusals can be read', async () => {
  await refused(400, () => send({ phones: JOHN }), []);
  await refused(400, () => send({ text: 'hi', phones: 'abc' }), ['phones']);
  await refused(400, () => send({ templateId: NOWHERE, phones: JOHN }), ['templateId']);
  await refused(400, () => ask(Templates, 'create', { name: '', content: '' }), ['name', 'content']);
});

check('sender ids and sources', async () => {
  const { id } = await ask(Sources.SenderIds, 'create', { senderId: 'NodeRod', explanation: 'our name' });
  assert.equal((await ask(Sources.SenderIds, 'get', id)).senderId, 'NodeRod');
  assert.deepEqual((await ask(Sources, 'list')).senderIds, ['NodeRod']);
  await ask(Sources.SenderIds, 'delete', id);
  assert.deepEqual((await ask(Sources.SenderIds, 'list')).resources, []);
});

run();
