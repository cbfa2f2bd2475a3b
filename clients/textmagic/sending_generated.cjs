'use strict';
// npm `textmagic-client` 3.0.50062, generated from the vendor's OpenAPI description, sending: JSON bodies, zones,
// prices as an array, previews, and exactly the keys of the description.

const { ApiClient, TextMagicApi } = require('textmagic-client');
const { assert, check, until, run } = require('../fixture/checks.cjs');
const hooks = require('../fixture/hook.cjs');

const NOWHERE = 2000000000;
const JOHN = '447860021130';
const MARIA = '46701740605';
// The simulator's: it is delivered and answers in two parts.
const ANSWERS = '447860020042';
const NUMBER = '46737494990';

ApiClient.instance.basePath = process.env.ANSWERBACK_URL;
Object.assign(ApiClient.instance.authentications.BasicAuth, {
  username: process.env.ANSWERBACK_USERNAME,
  password: process.env.ANSWERBACK_KEY,
});
const api = new TextMagicApi();

/** The body as it came, before the client's models leave out what they do not know. */
async function body(method, ...parameters) {
  const { response } = await api[`${method}WithHttpInfo`](...parameters);
  return response.body;
}

function keysAre(object, keys) {
  assert.deepEqual(Object.keys(object).sort(), [...keys].sort());
}

async function refused(status, call, fields) {
  const error = await call().then(() => assert.fail(`expected ${status}`), (error) => error);
  assert.equal(error.status, status, String(error.error ?? error));
  if (fields) assert.deepEqual(Object.keys(error.body.errors.fields), fields);
}

/** Seconds as a local time of a zone without daylight saving is written. */
const local = (seconds, offset) => new Date((seconds + offset) * 1000).toISOString().slice(0, 19).replace('T', ' ');

check('one recipient is a message, several are a session', async () => {
  const answer = await body('sendMessage', { text: 'Hello, 世界', phones: JOHN, referenceId: 7, createChat: true });
  keysAre(answer, ['id', 'href', 'type', 'sessionId', 'bulkId', 'messageId', 'scheduleId', 'chatId']);
  assert.deepEqual([answer.type, answer.messageId], ['message', answer.id]);
  assert.equal((await api.getChat(answer.chatId)).phone, JOHN);
  assert.equal((await api.getOutboundMessage(answer.id)).text, 'Hello, 世界');
  assert.equal((await api.getMessageSession(answer.sessionId)).referenceId, '7');
  const session = await api.sendMessage({ text: 'Hi', phones: `${JOHN},${MARIA}` });
  assert.equal(session.type, 'session');
  const stat = await api.getMessageSessionStat(session.id, {});
  assert.deepEqual([stat.all, stat.scheduled], [2, 0]);
  const { resources } = await api.getMessagesBySessionId(session.id, {});
  assert.deepEqual(resources.map((it) => it.receiver).sort(), [JOHN, MARIA].sort());
});

check('prices are an array, and previews are messages', async () => {
  const asked = { text: 'Hi {Phone}', phones: `${JOHN},${MARIA}`, includeBlocked: 0 };
  const price = await body('getMessagePrice', asked);
  keysAre(price, ['total', 'parts', 'countries']);
  keysAre(price.countries[0], ['country', 'countryName', 'allowDedicated', 'count', 'max', 'sum', 'landline']);
  assert.deepEqual(price.countries.map((it) => [it.country, it.countryName, it.count, typeof it.sum]), [
    ['GB', 'United Kingdom', 1, 'string'],
    ['SE', 'Sweden', 1, 'string'],
  ]);
  const { messages } = await api.getMessagePreview(asked);
  assert.deepEqual(messages.map((it) => it.text), [`Hi ${JOHN}`, `Hi ${MARIA}`]);
});

check('what is sent later is a schedule with exactly its keys', async () => {
  const later = Math.floor(Date.now() / 1000) + 7200;
  const when = { sendingDateTime: local(later, -3 * 3600), sendingTimezone: 'America/Buenos_Aires' };
  const { id, type } = await api.sendMessage({ text: 'Later', phones: JOHN, ...when });
  assert.equal(type, 'schedule');
  const { resources } = await body('getAllScheduledMessages', { status: 'a', orderBy: 'id', limit: 1 });
  const schedule = resources[0];
  keysAre(schedule, [
    'id', 'nextSend', 'rrule', 'session', 'lastSent', 'contactName', 'parameters', 'type', 'summary', 'textParameters',
    'firstOccurrence', 'lastOccurrence', 'recipientsCount', 'timezone', 'completed', 'avatar', 'createdAt',
  ]);
  keysAre(schedule.parameters.recipients, ['contacts', 'groups', 'numbers', 'filteredViews']);
  keysAre(schedule.textParameters, ['cost', 'parts', 'chars', 'encoding', 'countries', 'charsetLabel']);
  assert.deepEqual([schedule.id, schedule.type, schedule.timezone], [id, 'Once', 'America/Buenos_Aires']);
  const one = await api.getScheduledMessage(id);
  assert.equal(one.nextSend.getTime(), later * 1000);
  assert.deepEqual(one.parameters.recipients.numbers, [JOHN]);
  const rule = { sendingTime: later, rrule: 'FREQ=MONTHLY;COUNT=2' };
  const again = await api.sendMessage({ text: 'Every month', phones: MARIA, ...rule });
  const found = await api.searchScheduledMessages({ query: 'every month' });
  assert.deepEqual(found.resources.map((it) => [it.id, it.type]), [[again.id, 'Monthly']]);
  await api.deleteScheduledMessagesBulk({ ids: `${id},${again.id}` });
  await refused(404, () => api.getScheduledMessage(id));
  assert.deepEqual((await api.getAllScheduledMessages({ status: 'a' })).resources, []);
});

check('templates', async () => {
  const { id } = await api.createTemplate({ name: 'Generated greeting', content: 'Hello' });
  await api.updateTemplate(id, { name: 'Generated greeting', content: 'Hi' });
  const template = await body('getTemplate', id);
  keysAre(template, ['id', 'name', 'content', 'lastModified']);
  assert.equal(template.content, 'Hi');
  assert.deepEqual((await api.searchTemplates({ content: 'hi' })).resources.map((it) => it.id), [id]);
  const answer = await api.sendMessage({ templateId: id, phones: JOHN });
  assert.equal((await api.getOutboundMessage(answer.messageId)).text, 'Hi');
  await api.deleteTemplate(id);
  await refused(404, () => api.getTemplate(id));
});

check('delivered and answered at length, and told by callbacks in JSON', async () => {
  const hook = await hooks.open();
  const given = { outUrl: hook.url('/out'), inUrl: hook.url('/in'), format: 'j' };
  await api.updateCallbackSettings(given);
  assert.deepEqual(await body('getCallbackSettings'), given);

  const sent = await api.sendMessage({ text: 'How so? €', phones: ANSWERS, from: NUMBER, referenceId: 8, createChat: true });
  const delivered = async () => (await api.getOutboundMessage(sent.id)).status === 'd';
  await until(delivered, 'the receipt');
  const reply = await until(async () => {
    const { resources } = await body('getAllInboundMessages', { limit: 10 });
    return resources.find((it) => it.sender === ANSWERS);
  }, 'the reply');
  assert.match(reply.text, /^This answer is too long .* to put them together\.$/);
  assert.equal(reply.receiver, NUMBER);
  const { resources } = await api.getChatMessages(sent.chatId, {});
  assert.deepEqual(resources.map((it) => it.direction).sort(), ['in', 'out']);

  // What was sent before is told too.
  const callback = (path, wanted) => until(
    () => hook.at(path).map((call) => JSON.parse(call.body)).find((it) => it.id === wanted),
    `${wanted} at ${path}`,
  );
  const told = await callback('/out', sent.id);
  keysAre(told, [
    'id', 'sender', 'receiver', 'text', 'price', 'status', 'partsCount', 'messageTime', 'charset', 'firstName', 'lastName',
    'country', 'referenceId',
  ]);
  assert.deepEqual([told.id, told.status, told.text, told.referenceId], [sent.id, 'd', 'How so? €', '8']);
  const { id, sender, receiver, text, messageTime } = reply;
  assert.deepEqual(await callback('/in', id), { id, sender, receiver, messageTime, text });
  await api.updateCallbackSettings({ outUrl: '', inUrl: '', format: 'j' });
});

check('ten thousand recipients are a bulk', async () => {
  const phones = Array.from({ length: 10000 }, (_, at) => 447860000000 + at).join(',');
  const { bulkId, type } = await api.sendMessage({ text: 'Hello everybody', phones });
  assert.equal(type, 'bulk');
  const bulk = await body('getBulkSession', bulkId);
  keysAre(bulk, ['id', 'status', 'itemsProcessed', 'itemsTotal', 'createdAt', 'session', 'text']);
  assert.deepEqual([bulk.itemsTotal, bulk.session.numbersCount], [10000, 10000]);
  const stat = await api.getMessageSessionStat(bulk.session.id, {});
  assert.equal(stat.all, 10000);
  assert.equal((await api.getAllBulkSessions({})).resources[0].id, bulkId);
});

check('refusals name what is wrong', async () => {
  await refused(400, () => api.sendMessage({ phones: JOHN }), []);
  await refused(400, () => api.sendMessage({ text: 'hi', phones: '12' }), ['phones']);
  await refused(400, () => api.sendMessage({ text: 'hi', phones: JOHN, lists: String(NOWHERE) }), ['lists']);
  await refused(400, () => api.sendMessage({ text: 'hi', phones: JOHN, destination: 'mms' }), ['destination']);
  await refused(400, () => api.getMessagePrice({ text: 'hi' }));
});

check('sender ids, statistics, invoices', async () => {
  const { id } = await api.requestSenderId({ senderId: 'GenRod', explanation: 'our name' });
  keysAre((await body('getSenderIds', {})).resources[0], ['id', 'senderId', 'user', 'status']);
  await api.deleteSenderId(id);
  const [item] = await body('getMessagingStat', { by: 'off' });
  assert.equal(Object.keys(item).length, 11);
  const spent = (await body('getSpendingStat', { limit: 1 })).resources[0];
  keysAre(spent, ['id', 'userId', 'date', 'balance', 'delta', 'type', 'value', 'comment']);
  assert.deepEqual((await api.getInvoices({})).resources, []);
  const counts = await api.getMessagingCounters();
  assert.ok(counts.sent >= 10000);
});

run();
