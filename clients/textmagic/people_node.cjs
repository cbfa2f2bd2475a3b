'use strict';
// npm `textmagic-rest-client` 1.0.11, the first-generation client: contacts, lists, custom fields, unsubscribers
// and the user. It keeps the arguments of earlier calls of a method and sends them again, so that every call
// here says all it means. As in its other suite, `https.request` becomes plain HTTP to our address.

const http = require('node:http');
const https = require('node:https');

const origin = new URL(process.env.ANSWERBACK_URL);
https.request = (options, answer) =>
  http.request({ ...options, hostname: origin.hostname, port: origin.port }, answer);

const Client = require('textmagic-rest-client');
const { assert, check, run } = require('../fixture/checks.cjs');
const records = require('../fixture/records.cjs');

const NOWHERE = 2000000000;
const client = new Client(process.env.ANSWERBACK_USERNAME, process.env.ANSWERBACK_KEY);
const [first] = records.load().filter((it) => it.isMt);
const made = {};

/** A call of the client, which wants a callback, as a promise. */
const ask = (object, method, options = {}) =>
  new Promise((resolve, reject) => {
    object[method](options, (error, answer) => (error ? reject(Object.assign(error, { answer })) : resolve(answer)));
  });

async function refused(status, blamed, call) {
  const error = await call().then(() => assert.fail(`expected ${status}`), (error) => error);
  assert.equal(error.answer?.code, status, error.message);
  assert.deepEqual(error.answer.errors && Object.keys(error.answer.errors.fields), blamed);
}

function linked(answer, collection) {
  assert.deepEqual(answer, { id: answer.id, href: `/api/v2/${collection}/${answer.id}` });
  return answer.id;
}

const ids = (answer) => {
  assert.deepEqual(Object.keys(answer), ['page', 'limit', 'pageCount', 'resources']);
  return answer.resources.map((it) => it.id);
};

check('lists are made, found and changed', async () => {
  made.friends = linked(await ask(client.Lists, 'create', { name: 'Vänner' }), 'lists');
  made.others = linked(await ask(client.Lists, 'create', { name: 'Others', description: 'x', shared: 1 }), 'lists');
  const one = await ask(client.Lists, 'get', made.friends);
  assert.deepEqual(Object.keys(one), ['id', 'name', 'description', 'membersCount', 'shared', 'favorited', 'user',
    'service', 'avatar', 'isDefault']);
  assert.deepEqual([one.name, one.description, one.membersCount, one.shared], ['Vänner', null, 0, false]);
  assert.equal(linked(await ask(client.Lists, 'update', { id: made.friends, name: 'Friends' }), 'lists'), made.friends);
  assert.deepEqual(ids(await ask(client.Lists, 'list')), [made.others, made.friends]);
  assert.deepEqual(ids(await ask(client.Lists, 'find', { query: 'friend' })), [made.friends]);
  await refused(400, ['name'], () => ask(client.Lists, 'create', { name: '', description: '' }));
});

check('contacts are made, found and changed', async () => {
  const asa = { phone: first.recipient, lists: made.friends, firstName: 'Åsa', email: 'asa@example.com' };
  made.asa = linked(await ask(client.Contacts, 'create', asa), 'contacts');
  // The e-mail address of the call before would come again.
  const bo = { phone: '46701740002', lists: `${made.friends},${made.others}`, firstName: 'Bo', email: '' };
  made.bo = linked(await ask(client.Contacts, 'create', bo), 'contacts');
  const one = await ask(client.Contacts, 'get', made.asa);
  assert.deepEqual([one.firstName, one.lastName, one.phone, one.email], ['Åsa', null, first.recipient, 'asa@example.com']);
  assert.equal((await ask(client.Contacts, 'get', made.bo)).email, null);
  assert.deepEqual(ids(await ask(client.Contacts, 'list', { page: 1, limit: 1 })), [made.bo]);
  assert.deepEqual(ids(await ask(client.Contacts, 'find', { listId: made.others })), [made.bo]);
  assert.deepEqual(ids(await ask(client.Contacts, 'find', { listId: '', query: 'åsa@' })), []);
  assert.deepEqual(ids(await ask(client.Contacts, 'find', { listId: '', query: 'asa@' })), [made.asa]);
  assert.deepEqual(ids(await ask(client.Contacts, 'contactLists', { id: made.bo })), [made.others, made.friends]);
  const change = { id: made.bo, phone: '46701740003', lists: made.others };
  assert.equal(linked(await ask(client.Contacts, 'update', change), 'contacts'), made.bo);
  assert.equal((await ask(client.Contacts, 'get', made.bo)).phone, '46701740003');
  assert.equal((await ask(client.Contacts, 'get', made.bo)).firstName, 'Bo');
  await refused(400, ['phone', 'lists'], () => ask(client.Contacts, 'create', { phone: '', lists: '', firstName: 'x' }));
  await refused(404, null, () => ask(client.Contacts, 'get', NOWHERE));
});

check('contacts are put into a list and taken out by a query', async () => {
  const contacts = `${made.asa},${made.bo}`;
  assert.equal(linked(await ask(client.Lists, 'assign', { id: made.others, contacts }), 'lists'), made.others);
  assert.deepEqual(ids(await ask(client.Lists, 'contactsByList', made.others)), [made.bo, made.asa]);
  await ask(client.Lists, 'unassign', { id: made.others, contacts: made.asa });
  assert.deepEqual(ids(await ask(client.Lists, 'contactsByList', made.others)), [made.bo]);
  assert.equal((await ask(client.Contacts, 'get', made.asa)).lists[0].id, made.friends);
  await refused(400, ['contacts'], () => ask(client.Lists, 'assign', { id: made.others, contacts: '' }));
});

check('custom fields and their values', async () => {
  const fields = client.Contacts.Customfields;
  made.born = linked(await ask(fields, 'create', { name: 'DOB' }), 'customfields');
  const value = { id: made.born, contactId: made.asa, value: '1983-08-31' };
  assert.equal(linked(await ask(fields, 'updateForContact', value), 'contacts'), made.asa);
  assert.equal(linked(await ask(fields, 'update', { id: made.born, name: 'Born' }), 'customfields'), made.born);
  const { createdAt } = await ask(fields, 'get', made.born);
  assert.deepEqual((await ask(client.Contacts, 'get', made.asa)).customFields,
    [{ value: '1983-08-31', id: made.born, name: 'Born', createdAt, userCustomFieldId: made.born }]);
  assert.deepEqual(ids(await ask(fields, 'list')), [made.born]);
  await ask(fields, 'delete', made.born);
  await refused(404, null, () => ask(fields, 'get', made.born));
});

check('unsubscribers', async () => {
  const { Unsubscribers } = client.Contacts;
  const id = linked(await ask(Unsubscribers, 'create', { phone: first.recipient }), 'unsubscribers');
  const one = await ask(Unsubscribers, 'get', id);
  assert.deepEqual(Object.keys(one), ['id', 'phone', 'unsubscribeTime', 'firstName', 'lastName']);
  assert.deepEqual([one.phone, one.firstName, one.lastName], [first.recipient, 'Åsa', null]);
  assert.deepEqual(ids(await ask(Unsubscribers, 'list')), [id]);
  await refused(400, ['phone'], () => ask(Unsubscribers, 'create', { phone: 'nobody' }));
});

check('the user changes its names; time zones', async () => {
  const names = { firstName: 'Eva', lastName: 'Lind', company: 'Lind' };
  assert.deepEqual(await ask(client.User, 'update', names), { href: '/api/v2/user' });
  const user = await ask(client.User, 'info');
  assert.deepEqual([user.firstName, user.lastName, user.company], ['Eva', 'Lind', 'Lind']);
  assert.ok(Object.values(await ask(client.User, 'timezones')).includes('Europe/Stockholm'));
});

check('contacts and lists are deleted', async () => {
  await ask(client.Lists, 'delete', made.others);
  await refused(404, null, () => ask(client.Contacts, 'get', made.bo));
  await ask(client.Contacts, 'delete', made.asa);
  await refused(404, null, () => ask(client.Contacts, 'delete', made.asa));
  assert.deepEqual(ids(await ask(client.Lists, 'find', { query: '' })), [made.friends]);
});

run();
