'use strict';
// npm `textmagic-rest-client` 1.0.11, the first-generation client. It speaks TLS to port 443 and nothing
// else, so the one thing replaced here is `https.request`: it becomes plain HTTP to our address.

const http = require('node:http');
const https = require('node:https');

const origin = new URL(process.env.ANSWERBACK_URL);
https.request = (options, answer) =>
  http.request({ ...options, hostname: origin.hostname, port: origin.port }, answer);

const Client = require('textmagic-rest-client');
const { assert, check, sameList, run } = require('../fixture/checks.cjs');
const records = require('../fixture/records.cjs');
const STATUS = require('./status.json');

const NOWHERE = 2000000000;
const connect = (user, key) => new Client(user, key);
const client = connect(process.env.ANSWERBACK_USERNAME, process.env.ANSWERBACK_KEY);
const all = records.load();
const sent = all.filter((it) => it.isMt);
const received = all.filter((it) => !it.isMt);
const newestFirst = (list) => records.byTime(list).reverse();
const ids = new Map();
const sessions = new Map();

/** A call of the client, which wants a callback, as a promise. */
const ask = (object, method, options = {}) =>
  new Promise((resolve, reject) => {
    object[method](options, (error, answer) => (error ? reject(Object.assign(error, { answer })) : resolve(answer)));
  });

/** Every resource of a list, page after page. */
async function walk(object, method, options = {}, limit = 100) {
  const found = [];
  for (let page = 1; ; page += 1) {
    const answer = await ask(object, method, { ...options, page, limit });
    assert.deepEqual(Object.keys(answer).sort(), ['limit', 'page', 'pageCount', 'resources']);
    assert.deepEqual([answer.page, answer.limit], [page, limit]);
    found.push(...answer.resources);
    if (page >= answer.pageCount) return found;
  }
}

async function refused(status, call) {
  const error = await call().then(() => assert.fail(`expected ${status}`), (error) => error);
  assert.equal(error.answer?.code, status, error.message);
  assert.equal(error.answer.errors, null);
  return error;
}

const time = (seconds) => new Date(seconds * 1000).toISOString().replace(/\.000Z$/, '+0000');
const message = (it) => ({
  receiver: it.recipient, messageTime: time(it.seconds), status: STATUS[it.outcome], text: it.body, sender: it.sender,
});
const part = (object, keys) => Object.fromEntries(keys.map((key) => [key, object[key]]));

check('ping answers pong', async () => {
  assert.equal((await ask(client, 'ping')).ping, 'pong');
});

check('the user is the key\'s', async () => {
  assert.equal((await ask(client.User, 'info')).username, process.env.ANSWERBACK_USERNAME);
});

check('messages: every MT once, newest first', async () => {
  const found = await walk(client.Messages, 'list');
  const expected = newestFirst(sent);
  sameList(found.map((it) => part(it, Object.keys(message(sent[0])))), expected.map(message), 'messages');
  expected.forEach((it, at) => {
    ids.set(it.id, found[at].id);
    sessions.set(it.id, found[at].sessionId);
  });
  sameList((await walk(client.Messages, 'list', {}, 7)).map((it) => it.id), found.map((it) => it.id), 'by sevens');
});

check('one message, asked for by a number or with arguments of an earlier call', async () => {
  for (const it of [sent[3], sent[200], sent.at(-1)]) {
    const one = await ask(client.Messages, 'get', ids.get(it.id));
    assert.deepEqual(part(one, Object.keys(message(it))), message(it));
    assert.deepEqual(await ask(client.Messages, 'get', { id: ids.get(it.id), phone: '1', page: 'x' }), one);
  }
});

check('messages are found by ids, session and text', async () => {
  const pair = sent.filter((it) => it.batch === 'pair').map((it) => ids.get(it.id));
  const byIds = await ask(client.Messages, 'find', { ids: pair.join(','), page: 1, limit: 10 });
  assert.deepEqual(byIds.resources.map((it) => it.id).sort(), [...pair].sort());
  // The client sends `ids` again with this call: it keeps the arguments of earlier ones.
  const session = sessions.get(sent.find((it) => it.batch === 'pair').id);
  const bySession = await ask(client.Messages, 'find', { sessionId: session });
  assert.deepEqual(bySession.resources.map((it) => it.id).sort(), [...pair].sort());
  const byText = await walk(client.Messages, 'find', { ids: '', sessionId: '', query: 'Ваш заказ' });
  assert.equal(byText.length, sent.filter((it) => it.body.includes('Ваш заказ')).length);
});

check('one session and its messages', async () => {
  const members = sent.filter((it) => it.batch === 'spring-1');
  const id = sessions.get(members[0].id);
  const session = await ask(client.Messages.Sessions, 'get', id);
  assert.equal(session.numbersCount, members.length);
  assert.equal(session.referenceId, 'ref-spring-1');
  const found = await walk(client.Messages.Sessions, 'messages', { id }, 10);
  assert.deepEqual(found.map((it) => it.id).sort(), members.map((it) => ids.get(it.id)).sort());
});

check('replies: every MO once, newest first; one, and by text', async () => {
  const found = await walk(client.Messages.Replies, 'list');
  const keys = ['sender', 'receiver', 'text', 'messageTime'];
  const expected = newestFirst(received);
  sameList(
    found.map((it) => part(it, keys)),
    expected.map((it) => ({ sender: it.sender, receiver: it.recipient, text: it.body, messageTime: time(it.seconds) })),
    'replies',
  );
  expected.forEach((it, at) => ids.set(it.id, found[at].id));
  const byText = await walk(client.Messages.Replies, 'find', { query: 'schöne Grüße' });
  assert.equal(byText.length, received.filter((it) => it.body.includes('schöne Grüße')).length);
  assert.deepEqual(await ask(client.Messages.Replies, 'get', byText[0].id), byText[0]);
});

check('chats, and one by its phone, oldest message first', async () => {
  const expected = records.chats(all);
  const found = await walk(client.Messages, 'chats', {}, 20);
  assert.deepEqual(found.map((it) => it.phone).sort(), [...expected.keys()].sort());
  for (const [phone, messages] of [...expected].slice(0, 12)) {
    const chat = await walk(client.Messages, 'chat', { phone }, 4);
    sameList(
      chat.map((it) => [it.id, it.direction, it.text, it.status]),
      messages.map((it) => [ids.get(it.id), it.isMt ? 'out' : 'in', it.body, it.isMt ? STATUS[it.outcome] : null]),
      phone,
    );
  }
});

check('what does not exist is 404, with a body that the client can read', async () => {
  await refused(404, () => ask(client.Messages, 'get', NOWHERE));
  await refused(404, () => ask(client.Messages.Sessions, 'get', NOWHERE));
  await refused(404, () => ask(client.Messages.Replies, 'get', NOWHERE));
  await refused(404, () => ask(client.Messages, 'delete', NOWHERE));
});

check('wrong credentials are 401', async () => {
  const wrong = connect(process.env.ANSWERBACK_USERNAME, 'wrong');
  const error = await refused(401, () => ask(wrong, 'ping'));
  assert.equal(error.message, 'Wrong username and token combination.');
});

check('another account sees none of it', async () => {
  const other = connect(process.env.ANSWERBACK_OTHER_USERNAME, process.env.ANSWERBACK_OTHER_KEY);
  assert.deepEqual((await ask(other.Messages, 'list', { page: 1, limit: 10 })).resources, []);
  await refused(404, () => ask(other.Messages, 'get', ids.get(sent[0].id)));
});

check('message, reply and session are deleted', async () => {
  const message = ids.get(sent.find((it) => it.batch === 'pair').id);
  await ask(client.Messages, 'delete', message);
  await refused(404, () => ask(client.Messages, 'get', message));
  const reply = ids.get(received[0].id);
  await ask(client.Messages.Replies, 'delete', reply);
  await refused(404, () => ask(client.Messages.Replies, 'get', reply));
  const session = sessions.get(sent.find((it) => it.batch === 'withdrawn').id);
  await ask(client.Messages.Sessions, 'delete', session);
  await refused(404, () => ask(client.Messages.Sessions, 'get', session));
  assert.equal((await walk(client.Messages, 'list')).length, sent.length - 4);
  assert.equal((await walk(client.Messages.Replies, 'list')).length, received.length - 1);
});

run();
