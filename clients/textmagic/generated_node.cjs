'use strict';
// npm `textmagic-client` 3.0.50062, generated from the vendor's OpenAPI description, pointed at us by its
// `basePath`. Basic authentication, JSON bodies, and the paths that only the generated clients know.

const { ApiClient, TextMagicApi } = require('textmagic-client');
const { assert, check, sameList, run } = require('../fixture/checks.cjs');
const records = require('../fixture/records.cjs');
const STATUS = require('./status.json');

const NOWHERE = 2000000000;
const all = records.load();
const sent = all.filter((it) => it.isMt);
const received = all.filter((it) => !it.isMt);
const chats = records.chats(all);
const newestFirst = (list) => records.byTime(list).reverse();
const ids = new Map();
const sessions = new Map();
const chatIds = new Map();

function connect(username, password) {
  const client = new ApiClient(process.env.ANSWERBACK_URL);
  Object.assign(client.authentications.BasicAuth, { username, password });
  return new TextMagicApi(client);
}

// The documented way: the shared instance, changed once.
ApiClient.instance.basePath = process.env.ANSWERBACK_URL;
Object.assign(ApiClient.instance.authentications.BasicAuth, {
  username: process.env.ANSWERBACK_USERNAME,
  password: process.env.ANSWERBACK_KEY,
});
const api = new TextMagicApi();

/** Every resource of a list, page after page. */
async function walk(call, limit = 100) {
  const found = [];
  for (let page = 1; ; page += 1) {
    const answer = await call({ page, limit });
    assert.deepEqual([answer.page, answer.limit], [page, limit]);
    found.push(...answer.resources);
    if (page >= answer.pageCount) return found;
  }
}

async function refused(status, call) {
  const error = await call().then(() => assert.fail(`expected ${status}`), (error) => error);
  assert.equal(error.status, status, String(error.error ?? error));
  assert.equal(error.body.code, status);
  assert.equal(typeof error.body.message, 'string');
  return error.body;
}

/** The keys an object must have, and those it may have. Typed clients refuse any other. */
function keysAre(object, required, optional = []) {
  const missing = required.filter((key) => !(key in object));
  const extra = Object.keys(object).filter((key) => !required.includes(key) && !optional.includes(key));
  assert.deepEqual({ missing, extra }, { missing: [], extra: [] });
}

const when = (date) => Math.floor(date.getTime() / 1000);
const idsOf = (list) => list.map((it) => it.id);
const ourIds = (list) => list.map((it) => ids.get(it.id));
const sorted = (list) => [...list].sort((a, b) => a - b);
const chatOf = (phone) => api.getChatByPhone(phone, {});

check('ping and user have exactly their keys', async () => {
  const { response } = await api.pingWithHttpInfo();
  keysAre(response.body, ['userId', 'ping', 'utcDateTime']);
  assert.equal((await api.ping()).ping, 'pong');
  const user = await api.getCurrentUser();
  assert.equal(user.username, process.env.ANSWERBACK_USERNAME);
  assert.equal(user.currency.id, 'EUR');
});

check('messages: every MT once, newest first, with exactly the keys of the description', async () => {
  const { response } = await api.getAllOutboundMessagesWithHttpInfo({ limit: 100 });
  keysAre(response.body, ['page', 'limit', 'pageCount', 'resources']);
  for (const it of response.body.resources) {
    keysAre(
      it,
      ['id', 'sender', 'receiver', 'text', 'price', 'status', 'partsCount', 'messageTime', 'charset', 'firstName',
        'lastName', 'country', 'contactId', 'sessionId', 'avatar', 'charsetLabel'],
      ['rejectReason', 'deleted', 'phone', 'fromEmail', 'fromNumber', 'senderSource', 'session'],
    );
  }
  const found = await walk((page) => api.getAllOutboundMessages(page));
  const expected = newestFirst(sent);
  sameList(
    found.map((it) => [it.receiver, it.text, it.status, when(it.messageTime), it.price ?? 0]),
    expected.map((it) => [it.recipient, it.body, STATUS[it.outcome], it.seconds, it.price]),
    'messages',
  );
  expected.forEach((it, at) => {
    ids.set(it.id, found[at].id);
    sessions.set(it.id, found[at].sessionId);
  });
});

check('messages below an id, whatever page is asked for', async () => {
  const [low, high] = [sorted([...ids.values()])[40], sorted([...ids.values()])[41]];
  const { resources } = await api.getAllOutboundMessages({ lastId: high, page: 3, limit: 100 });
  assert.equal(Math.max(...idsOf(resources)), low);
  assert.equal(resources.length, 41);
});

check('one message', async () => {
  for (const it of [sent[0], sent[100], sent.at(-1)]) {
    const one = await api.getOutboundMessage(ids.get(it.id));
    assert.deepEqual([one.receiver, one.text, one.status], [it.recipient, it.body, STATUS[it.outcome]]);
  }
});

check('messages are searched by status: the letters share out all of them', async () => {
  let total = 0;
  for (const letter of new Set(Object.values(STATUS))) {
    const found = await walk((page) => api.searchOutboundMessages({ ...page, statuses: letter }));
    const expected = newestFirst(sent.filter((it) => STATUS[it.outcome] === letter));
    sameList(idsOf(found), ourIds(expected), `status ${letter}`);
    total += found.length;
  }
  assert.equal(total, sent.length);
});

check('messages are searched by text, session and ids, together', async () => {
  const zephyr = sent.filter((it) => it.body.toLowerCase().includes('zephyr'));
  const found = await walk((page) => api.searchOutboundMessages({ ...page, query: 'zephyr' }));
  sameList(idsOf(found), ourIds(newestFirst(zephyr)), 'by text');
  const members = sent.filter((it) => it.batch === 'emoji');
  const sessionId = sessions.get(members[0].id);
  const both = await api.searchOutboundMessages({ sessionId, ids: ourIds(members.slice(2)).join(','), limit: 100 });
  assert.deepEqual(sorted(idsOf(both.resources)), sorted(ourIds(members.slice(2))));
});

check('sessions: all of them, one, and the messages of one by status', async () => {
  const { response } = await api.getAllMessageSessionsWithHttpInfo({});
  keysAre(response.body.resources[0], ['id', 'startTime', 'text', 'price', 'source', 'numbersCount', 'referenceId',
    'destination', 'initiatorId', 'title']);
  const found = await walk((page) => api.getAllMessageSessions(page));
  assert.deepEqual(sorted(idsOf(found)), sorted([...new Set(sessions.values())]));
  const members = sent.filter((it) => it.batch === 'accents');
  const id = sessions.get(members[0].id);
  const one = await api.getMessageSession(id);
  assert.deepEqual([one.referenceId, one.text, one.numbersCount], ['ref-accents', members[0].body, members.length]);
  for (const statuses of [undefined, 'd', 'e']) {
    const part = await walk((page) => api.getMessagesBySessionId(id, { ...page, statuses }));
    const expected = members.filter((it) => !statuses || STATUS[it.outcome] === statuses);
    assert.deepEqual(sorted(idsOf(part)), sorted(ourIds(expected)), `status ${statuses}`);
  }
});

check('replies: every MO, in each order', async () => {
  const found = await walk((page) => api.getAllInboundMessages(page));
  const expected = newestFirst(received);
  sameList(
    found.map((it) => [it.sender, it.receiver, it.text, when(it.messageTime)]),
    expected.map((it) => [it.sender, it.recipient, it.body, it.seconds]),
    'replies',
  );
  expected.forEach((it, at) => ids.set(it.id, found[at].id));
  const byId = await walk((page) => api.getAllInboundMessages({ ...page, orderBy: 'id', direction: 'asc' }));
  assert.deepEqual(idsOf(byId), sorted(idsOf(found)));
  const oldest = await walk((page) => api.getAllInboundMessages({ ...page, orderBy: 'messageTime', direction: 'asc' }));
  sameList(idsOf(oldest), ourIds(records.byTime(received)), 'oldest first');
  const bySender = await walk((page) => api.getAllInboundMessages({ ...page, orderBy: 'sender', direction: 'asc' }));
  const senders = bySender.map((it) => it.sender);
  assert.deepEqual(senders, [...senders].sort());
});

check('replies are searched, and one is read', async () => {
  const found = await walk((page) => api.searchInboundMessages({ ...page, query: 'D\'accord', expand: 1 }));
  assert.deepEqual(sorted(idsOf(found)), sorted(ourIds(received.filter((it) => it.body.includes('D\'accord')))));
  const some = received.slice(5, 8);
  const byIds = await api.searchInboundMessages({ ids: ourIds(some).join(',') });
  assert.deepEqual(sorted(idsOf(byIds.resources)), sorted(ourIds(some)));
  const one = await api.getInboundMessage(ids.get(some[0].id));
  assert.deepEqual([one.sender, one.text], [some[0].sender, some[0].body]);
});

check('chats: one for everybody who wrote, with exactly the keys of the description', async () => {
  const { response } = await api.getAllChatsWithHttpInfo({ limit: 100 });
  for (const it of response.body.resources) {
    keysAre(
      it,
      ['id', 'phone', 'contact', 'unread', 'updatedAt', 'originalId', 'unsubscribedContactId', 'status', 'mute',
        'lastMessage', 'direction', 'replyOptionsType', 'from', 'mutedUntil', 'timeLeftMute', 'country', 'pinned',
        'type', 'smsPrice', 'mmsPrice'],
      ['tags'],
    );
  }
  const found = await walk((page) => api.getAllChats(page), 9);
  assert.deepEqual(found.map((it) => it.phone).sort(), [...chats.keys()].sort());
  assert.deepEqual(idsOf(found), sorted(idsOf(found)).reverse());
  for (const it of found) {
    chatIds.set(it.phone, it.id);
    const inbound = chats.get(it.phone).filter((one) => !one.isMt);
    assert.equal(when(it.updatedAt), inbound.at(-1).seconds);
    const last = chats.get(it.phone).at(-1);
    // What is due in the future is in the chat, but nothing says whether it is its last message already.
    if (last.outcome !== 'scheduled') {
      assert.deepEqual([it.lastMessage, it.direction], [last.body, last.isMt ? 'o' : 'i'], it.phone);
    }
    assert.equal(it.status, 'a');
  }
});

check('chats by their last message and by what is unread', async () => {
  const recent = await walk((page) => api.getAllChats({ ...page, orderBy: 'messageTime' }));
  const times = recent.map((it) => when(it.updatedAt));
  assert.deepEqual(times, sorted(times).reverse());
  const unread = (await walk((page) => api.getAllChats({ ...page, orderBy: 'unread' }))).map((it) => it.unread);
  assert.deepEqual(unread, sorted(unread).reverse());
});

check('one chat by its id and by its phone', async () => {
  for (const [phone, id] of [...chatIds].slice(0, 5)) {
    assert.equal((await api.getChat(id)).phone, phone);
    assert.equal((await chatOf(phone)).id, id);
  }
  await refused(404, () => chatOf('46701740001'));
});

check('messages of a chat, newest first and oldest first, to the end', async () => {
  for (const [phone, messages] of [...chats].slice(0, 15)) {
    const found = await walk((page) => api.getChatMessages(chatIds.get(phone), page), 4);
    sameList(
      found.map((it) => [it.id, it.direction[0], it.text, it.status, when(it.messageTime)]),
      [...messages].reverse().map((it) =>
        [ids.get(it.id), it.isMt ? 'o' : 'i', it.body, it.isMt ? STATUS[it.outcome] : 'd', it.seconds]),
      phone,
    );
    const upwards = await walk((page) => api.getChatMessages(chatIds.get(phone), { ...page, direction: 'asc' }), 7);
    sameList(idsOf(upwards), ourIds(messages), `${phone} upwards`);
  }
});

check('messages of a chat have no null where the description allows none', async () => {
  const { response } = await api.getChatMessagesWithHttpInfo([...chatIds.values()][3], { limit: 100 });
  for (const it of response.body.resources) {
    for (const key of ['id', 'direction', 'receiver', 'messageTime', 'text', 'status', 'firstName', 'lastName']) {
      assert.notEqual(it[key] ?? null, null, key);
    }
    assert.ok('sessionId' in it);
  }
});

check('messages of a chat by period and by text', async () => {
  const [phone, messages] = [...chats].find(([, list]) => list.length > 8 && list.at(-1).outcome !== 'scheduled');
  const [start, end] = [messages[2].seconds, messages[6].seconds];
  const inPeriod = await walk((page) => api.getChatMessages(chatIds.get(phone), { ...page, start, end }));
  const expected = messages.filter((it) => it.seconds >= start && it.seconds <= end).reverse();
  sameList(idsOf(inPeriod), ourIds(expected), 'period');
  const query = messages[4].body.slice(0, 8);
  const byText = await walk((page) => api.getChatMessages(chatIds.get(phone), { ...page, query }));
  const matching = messages.filter((it) => it.body.toLowerCase().includes(query.toLowerCase())).reverse();
  sameList(idsOf(byText), ourIds(matching), 'text');
});

check('chats are searched by text, ids and phone', async () => {
  const found = await walk((page) => api.searchChats({ ...page, query: 'schöne Grüße' }));
  const expected = [...chats].filter(([, list]) => list.some((it) => it.body.includes('schöne Grüße')));
  assert.deepEqual(found.map((it) => it.phone).sort(), expected.map(([phone]) => phone).sort());
  const some = [...chatIds.values()].slice(3, 6);
  const byIds = await api.searchChatsByIds({ ids: some.join(','), limit: 10 });
  assert.deepEqual(sorted(idsOf(byIds.resources)), sorted(some));
  const phone = [...chatIds.keys()][7];
  const byPhone = await walk((page) => api.searchChatsByReceipent({ ...page, query: phone }));
  assert.deepEqual(byPhone.map((it) => it.phone), [phone]);
});

check('what is unread adds up, and is marked read and unread', async () => {
  const unread = async () => (await walk((page) => api.getAllChats(page))).reduce((sum, it) => sum + it.unread, 0);
  const total = async () => (await api.getUnreadMessagesTotal()).total;
  assert.equal(await total(), await unread());
  await api.markChatsReadBulk({ all: true });
  assert.deepEqual([await total(), await unread()], [0, 0]);
  const phone = [...chatIds.keys()][0];
  await api.markChatsUnreadBulk({ ids: String(chatIds.get(phone)) });
  assert.ok((await chatOf(phone)).unread > 0);
  assert.equal(await total(), await unread());
  await api.markChatsReadBulk({ ids: String(chatIds.get(phone)) });
  assert.equal(await total(), 0);
});

check('a chat is closed, listed among the closed, and opened again', async () => {
  const [id, other] = [...chatIds.values()];
  const link = await api.setChatStatus({ id, status: 'c' });
  assert.equal(link.id, id);
  await api.closeChatsBulk({ ids: String(other) });
  const closed = await walk((page) => api.getAllChats({ ...page, status: 'c' }));
  assert.deepEqual(sorted(idsOf(closed)), sorted([id, other]));
  await api.reopenChatsBulk({ ids: `${id},${other}` });
  assert.deepEqual(await walk((page) => api.getAllChats({ ...page, status: 'c' })), []);
  assert.equal((await api.getChat(id)).status, 'a');
});

check('a chat is muted and heard again', async () => {
  const id = [...chatIds.values()][2];
  await api.muteChat({ id, mute: true, for: 2 });
  const muted = await api.getChat(id);
  assert.equal(muted.mute, 1);
  assert.ok(muted.timeLeftMute > 7000 && muted.timeLeftMute <= 7200, String(muted.timeLeftMute));
  await api.unmuteChatsBulk({ ids: String(id) });
  assert.equal((await api.getChat(id)).mute, 0);
});

check('a chat is made on demand for a phone that never wrote', async () => {
  const made = await api.getChatByPhone('46701740001', { upsert: 1 });
  assert.deepEqual([made.phone, made.unread], ['46701740001', 0]);
  assert.equal((await chatOf('46701740001')).id, made.id);
});

check('what does not exist is 404, wrong credentials are 401', async () => {
  assert.equal((await refused(404, () => api.getOutboundMessage(NOWHERE))).errors, null);
  await refused(404, () => api.getMessageSession(NOWHERE));
  await refused(404, () => api.getInboundMessage(NOWHERE));
  await refused(404, () => api.deleteOutboundMessage(NOWHERE));
  for (const [user, key] of [[process.env.ANSWERBACK_USERNAME, 'wrong'], ['wrong', process.env.ANSWERBACK_KEY], []]) {
    await refused(401, () => connect(user, key).getAllChats({}));
  }
});

check('another account sees none of it and changes none of it', async () => {
  const other = connect(process.env.ANSWERBACK_OTHER_USERNAME, process.env.ANSWERBACK_OTHER_KEY);
  assert.deepEqual((await other.getAllChats({})).resources, []);
  assert.equal((await other.getUnreadMessagesTotal()).total, 0);
  await refused(404, () => other.getOutboundMessage(ids.get(sent[0].id)));
  await refused(404, () => other.deleteMessageSession(sessions.get(sent[0].id)));
  await other.deleteOutboundMessagesBulk({ ids: String(ids.get(sent[0].id)) }).catch(() => {});
  assert.equal((await api.getOutboundMessage(ids.get(sent[0].id))).text, sent[0].body);
});

check('messages, replies, a session and a chat\'s messages are deleted', async () => {
  const pair = ourIds(sent.filter((it) => it.batch === 'pair'));
  await api.deleteOutboundMessagesBulk({ ids: pair.join(',') });
  for (const id of pair) await refused(404, () => api.getOutboundMessage(id));
  const replies = ourIds(received.slice(0, 2));
  await api.deleteInboundMessagesBulk({ ids: replies.join(',') });
  for (const id of replies) await refused(404, () => api.getInboundMessage(id));
  const session = sessions.get(sent.find((it) => it.batch === 'withdrawn').id);
  await api.deleteMessageSession(session);
  await refused(404, () => api.getMessageSession(session));
  assert.equal((await walk((page) => api.getAllOutboundMessages(page))).length, sent.length - 5);
  assert.equal((await walk((page) => api.getAllInboundMessages(page))).length, received.length - 2);
  const [phone] = [...chats].find(([, list]) => list.length > 8);
  await api.deleteChatMessages(chatIds.get(phone), { all: true });
  assert.deepEqual((await api.getChatMessages(chatIds.get(phone), {})).resources, []);
});

run();
