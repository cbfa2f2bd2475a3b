'use strict';
// npm `textmagic-client` 3.0.50062, generated from the vendor's OpenAPI description: contacts, lists, custom
// fields, notes, unsubscribers and the user, on the paths and with the JSON bodies that only it knows.

const { ApiClient, TextMagicApi } = require('textmagic-client');
const { assert, check, run } = require('../fixture/checks.cjs');
const records = require('../fixture/records.cjs');

const NOWHERE = 2000000000;
const [first] = records.load().filter((it) => it.isMt);
const made = {};

function connect(username, password) {
  const client = new ApiClient(process.env.ANSWERBACK_URL);
  Object.assign(client.authentications.BasicAuth, { username, password });
  return new TextMagicApi(client);
}

const api = connect(process.env.ANSWERBACK_USERNAME, process.env.ANSWERBACK_KEY);
const other = connect(process.env.ANSWERBACK_OTHER_USERNAME, process.env.ANSWERBACK_OTHER_KEY);

async function refused(status, call, ...blamed) {
  const error = await call().then(() => assert.fail(`expected ${status}`), (error) => error);
  assert.equal(error.status, status, String(error.error ?? error));
  assert.equal(error.body.code, status);
  assert.deepEqual(Object.keys(error.body.errors?.fields ?? {}), blamed);
}

/** The keys an object must have, and no others. Typed clients refuse any other. */
function keysAre(object, keys) {
  assert.deepEqual(Object.keys(object).sort(), [...keys].sort());
}

const idsOf = (answer) => answer.resources.map((it) => it.id);

function linked(answer, collection) {
  assert.equal(answer.href, `/api/v2/${collection}/${answer.id}`);
  return answer.id;
}

check('lists are made with all their marks', async () => {
  made.friends = linked(await api.createList({ name: 'Friends', favorited: true, isDefault: true }), 'lists');
  made.others = linked(await api.createList({ name: 'Others', shared: true }), 'lists');
  const { response } = await api.getListWithHttpInfo(made.friends);
  keysAre(response.body, ['id', 'name', 'description', 'favorited', 'membersCount', 'user', 'service', 'shared',
    'avatar', 'isDefault']);
  const one = await api.getList(made.friends);
  assert.deepEqual([one.favorited, one.isDefault, one.shared, one.membersCount], [true, true, false, 0]);
  assert.deepEqual(idsOf(await api.getLists({ favoriteOnly: 1 })), [made.friends]);
  assert.deepEqual(idsOf(await api.getLists({ orderBy: 'id', direction: 'asc' })), [made.friends, made.others]);
  assert.deepEqual(idsOf(await api.searchLists({ query: 'oth', onlyMine: 1 })), [made.others]);
  assert.deepEqual(idsOf(await api.searchLists({ onlyDefault: 1 })), [made.friends]);
  await refused(400, () => api.createList({ name: '' }), 'name');
  await refused(404, () => api.getList(NOWHERE));
});

check('custom fields', async () => {
  made.born = linked(await api.createCustomField({ name: 'Born' }), 'customfields');
  made.city = linked(await api.createCustomField({ name: 'Town' }), 'customfields');
  linked(await api.updateCustomField(made.city, { name: 'City' }), 'customfields');
  assert.equal((await api.getCustomField(made.city)).name, 'City');
  assert.deepEqual(idsOf(await api.getCustomFields({})), [made.city, made.born]);
});

check('a contact is made with everything, and has exactly the keys of the description', async () => {
  const asa = {
    phone: first.recipient, lists: `${made.friends},${made.others}`, firstName: 'Åsa', lastName: 'Lind',
    companyName: 'Lind', email: 'asa@example.com', favorited: true, blocked: false, type: -1, local: false,
    customFieldValues: [{ id: made.born, value: '1983-08-31' }],
  };
  made.asa = linked(await api.createContact(asa), 'contacts');
  made.bo = linked(await api.createContact({ phone: '46701740002', lists: `${made.others}`, firstName: 'Bo' }), 'contacts');
  const { response } = await api.getContactWithHttpInfo(made.asa);
  keysAre(response.body, ['id', 'firstName', 'lastName', 'companyName', 'phone', 'email', 'country', 'customFields',
    'favorited', 'blocked', 'user', 'lists', 'phoneType', 'avatar', 'notes']);
  assert.deepEqual(response.body.lists.map((it) => it.id), [made.friends, made.others]);
  assert.deepEqual(response.body.customFields.map((it) => [it.id, it.name, it.value]), [[made.born, 'Born', '1983-08-31']]);
  linked(await api.updateCustomFieldValue(made.city, { contactId: made.asa, value: 'Umeå' }), 'contacts');
  assert.equal((await api.getContact(made.asa)).customFields.length, 2);
  assert.equal((await api.getContactByPhone(first.recipient)).id, made.asa);
  await refused(400, () => api.createContact({ phone: 'x', lists: '' }), 'phone', 'lists');
  await refused(404, () => api.getContact(NOWHERE));
});

check('contacts are listed in each order, searched and changed', async () => {
  assert.deepEqual(idsOf(await api.getContacts({ orderBy: 'firstName', direction: 'asc' })), [made.bo, made.asa]);
  assert.deepEqual(idsOf(await api.getContacts({ limit: 1, page: 2 })), [made.asa]);
  assert.deepEqual(idsOf(await api.searchContacts({ query: 'lind', orderBy: 'lastName' })), [made.asa]);
  assert.deepEqual(idsOf(await api.searchContacts({ listId: made.friends, ids: `${made.asa},${made.bo}` })), [made.asa]);
  const local = { query: '0701740002', local: 1, country: 'SE', exactMatch: 1 };
  assert.deepEqual(idsOf(await api.searchContacts(local)), [made.bo]);
  const change = { phone: '46701740002', lists: `${made.friends}`, lastName: 'Ek' };
  assert.equal(linked(await api.updateContact(made.bo, change), 'contacts'), made.bo);
  const bo = await api.getContact(made.bo);
  assert.deepEqual([bo.firstName, bo.lastName], ['Bo', 'Ek']);
  assert.deepEqual(idsOf(await api.getListsOfContact(made.bo, {})), [made.friends]);
});

check('contacts of a list: added, listed, replaced, taken out', async () => {
  linked(await api.assignContactsToList(made.others, { contacts: `${made.bo}` }), 'lists');
  assert.deepEqual(await api.getListContactsIds(made.others), [made.asa, made.bo]);
  assert.deepEqual(idsOf(await api.getContactsByListId(made.others, { direction: 'asc' })), [made.asa, made.bo]);
  linked(await api.clearAndAssignContactsToList(made.others, { contacts: `${made.asa}` }), 'lists');
  assert.deepEqual(await api.getListContactsIds(made.others), [made.asa]);
  linked(await api.clearAndAssignContactsToList(made.others, { all: true }), 'lists');
  await api.deleteContactsFromList(made.others, { contacts: `${made.bo}` });
  assert.deepEqual(await api.getListContactsIds(made.others), [made.asa]);
  await api.deleteListContactsBulk(made.others, { all: true });
  assert.deepEqual(await api.getListContactsIds(made.others), []);
  assert.equal((await api.getContacts({})).resources.length, 2, 'both are in another list');
});

check('favorites, suggestions, blocking', async () => {
  const favorites = (await api.getFavorites({})).resources;
  assert.deepEqual(favorites.map((it) => [it.entityType, it.entityId]), [['contact', made.asa], ['list', made.friends]]);
  const [suggested] = await api.getContactsAutocomplete('Bo', {});
  assert.deepEqual([suggested.entityId, suggested.label], [made.bo, 'Bo Ek']);
  assert.equal(linked(await api.blockContact({ phone: '46701740002' }), 'contacts'), made.bo);
  assert.deepEqual(idsOf(await api.getBlockedContacts({})), [made.bo]);
  assert.equal((await api.getContactIfBlocked('46701740002')).id, made.bo);
  assert.deepEqual(idsOf(await api.searchContacts({})), [made.asa]);
  assert.deepEqual(idsOf(await api.searchContacts({ includeBlocked: 1 })), [made.bo, made.asa]);
  await api.unblockContact({ phone: '46701740002' });
  await refused(404, () => api.getContactIfBlocked('46701740002'));
  await api.blockContact({ phone: '46701740002' });
  await api.unblockContactsBulk({ all: true });
  assert.deepEqual(idsOf(await api.getBlockedContacts({})), []);
});

check('notes about a contact', async () => {
  const id = linked(await api.createContactNote(made.asa, { note: 'calls at nine' }), 'notes');
  const second = linked(await api.createContactNote(made.asa, { note: 'or ten' }), 'notes');
  const { response } = await api.getContactNoteWithHttpInfo(id);
  keysAre(response.body, ['id', 'createdAt', 'note', 'user']);
  assert.equal(response.body.user.username, process.env.ANSWERBACK_USERNAME);
  linked(await api.updateContactNote(id, { note: 'calls at eight' }), 'notes');
  assert.equal((await api.getContactNote(id)).note, 'calls at eight');
  assert.deepEqual(idsOf(await api.getContactNotes(made.asa, {})), [second, id]);
  assert.equal((await api.getContact(made.asa)).notes.length, 2);
  await api.deleteContactNote(id);
  await api.deleteContactNotesBulk(made.asa, { all: true });
  assert.deepEqual(idsOf(await api.getContactNotes(made.asa, {})), []);
  await refused(404, () => api.getContactNote(id));
});

check('unsubscribers', async () => {
  const id = linked(await api.unsubscribeContact({ phone: first.recipient }), 'unsubscribers');
  const one = await api.getUnsubscribedContact(id);
  assert.deepEqual([one.phone, one.firstName, one.lastName], [first.recipient, 'Åsa', 'Lind']);
  assert.ok(Math.abs(one.unsubscribeTime - Date.now()) < 600000);
  assert.deepEqual(idsOf(await api.getUnsubscribers({})), [id]);
  await refused(400, () => api.unsubscribeContact({ phone: 'nobody' }), 'phone');
});

check('the user, time zones and countries', async () => {
  const zones = await api.getTimezones({ full: 1 });
  const paris = zones.find((it) => it.timezone === 'Europe/Paris');
  const names = { firstName: 'Eva', lastName: 'Lind', company: 'Lind', timezone: paris.id };
  const { response } = await api.updateCurrentUserWithHttpInfo(names);
  assert.equal(response.status, 201);
  keysAre(response.body, ['username', 'firstName', 'lastName', 'email', 'phone', 'company', 'timezone']);
  const user = await api.getCurrentUser();
  assert.deepEqual([user.firstName, user.company, user.timezone.timezone], ['Eva', 'Lind', 'Europe/Paris']);
  const countries = await api.getCountries();
  assert.equal(countries.find((it) => it.id === 'SE').name, 'Sweden');
});

check('another account sees none of it and changes none of it', async () => {
  assert.deepEqual(idsOf(await other.getContacts({})), []);
  assert.deepEqual(idsOf(await other.getLists({})), []);
  await refused(404, () => other.getContact(made.asa));
  await refused(404, () => other.assignContactsToList(made.friends, { contacts: '1' }));
  await other.deleteContactsByIds({ ids: `${made.asa}` });
  await other.deleteAllContacts();
  assert.equal((await api.getContact(made.asa)).firstName, 'Åsa');
});

check('contacts, lists and fields are deleted', async () => {
  await api.deleteCustomField(made.city);
  assert.equal((await api.getContact(made.asa)).customFields.length, 1);
  await api.deleteContactsByIds({ ids: `${made.bo},${NOWHERE}` });
  await refused(404, () => api.getContact(made.bo));
  await api.deleteList(made.friends);
  await refused(404, () => api.getContact(made.asa));
  await api.deleteListsBulk({ all: true });
  assert.deepEqual(idsOf(await api.getLists({})), []);
  await api.createContact({ phone: '46701740002', lists: '1' });
  await api.deleteAllContacts();
  assert.deepEqual(idsOf(await api.getContacts({})), []);
});

run();
