'use strict';
// The running server, as these peers use it: commands, iP.1 to send and Textmagic to read.

const { execFile } = require('node:child_process');
const { promisify } = require('node:util');

const { assert, until } = require('../fixture/checks.cjs');

const { ANSWERBACK_URL: url, ANSWERBACK_KEY: key, ANSWERBACK_USERNAME: username } = process.env;
const { ANSWERBACK_BINARY: binary, ANSWERBACK_DIRECTORY: data } = process.env;

/** What a command prints; a command that fails is an error with what it said. */
const command = async (...words) => (await promisify(execFile)(binary, [...words, '--data', data])).stdout;

/** Adds a link to an SMSC, quick in everything. */
async function addCarrier(name, address, ...more) {
  const words = ['carrier', 'add', name, '--smpp', address, '--system-id', 'peer', '--password', 'secret', ...more];
  const options = ['reconnect_min=100ms', 'reconnect_max=500ms', 'throttle_pause=100ms', 'response_timeout=3s'];
  for (const option of options) words.push('--set', option);
  await command(...words);
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

/** The resources of one of Textmagic's lists. */
async function read(path) {
  const headers = { 'x-tm-username': username, 'x-tm-key': key };
  return (await (await fetch(`${url}/api/v2${path}`, { headers })).json()).resources;
}

/** The reply of a sender, once it is there. */
const reply = (sender) => until(
  async () => (await read('/replies?limit=20')).find((it) => it.sender === sender),
  `a reply of ${sender}`,
);

module.exports = { addCarrier, becomes, codes, command, read, reply, send };
