'use strict';
// npm `smpp` 0.5.1, an SMSC that is not ours: a link of the running server binds to it, sends what comes in over
// HTTP, takes its receipts and its MO.

const { assert, check, until, run } = require('../fixture/checks.cjs');
const { Centre, smpp } = require('./centre.cjs');
const { addCarrier, becomes, codes, command, read, reply, send } = require('./running.cjs');

const NUMBER = '46700000000';
const centre = new Centre();

check('a link that is added while the server runs binds', async () => {
  await addCarrier('peer', await centre.listen());
  await until(() => centre.session(), 'a bind');
  assert.match(await command('carrier', 'test', 'peer'), /is up/);
  await command('number', 'claim', '--account', 'Test', NUMBER);
});

check('a wrong password is told by its name', async () => {
  const address = `127.0.0.1:${centre.server.address().port}`;
  await command('carrier', 'add', 'wrong', '--smpp', address, '--system-id', 'peer', '--password', 'x', '--route', '999');
  const error = await command('carrier', 'test', 'wrong').then(() => assert.fail('it is bound'), (error) => error);
  assert.match(error.stdout + error.stderr, /ESME_RBINDFAIL/);
  await command('carrier', 'remove', 'wrong');
  assert.ok(centre.refused > 0);
});

check('a text goes out as it was written, and its receipt comes into its history', async () => {
  const batch = await send('46701740605', 'Hello to a peer');
  const [{ pdu, id }] = await centre.arrived('46701740605');
  assert.equal(pdu.source_addr, 'Peer');
  assert.equal(pdu.source_addr_ton, 5);
  assert.equal(pdu.dest_addr_ton, 1);
  assert.equal(pdu.registered_delivery & 1, 1);
  assert.equal(pdu.short_message.message.toString(), 'Hello to a peer');
  assert.equal(await centre.receipt('46701740605', id, 'DELIVRD'), 0);
  await becomes(batch, 201);
  assert.ok((await codes(batch)).includes(111));
});

check('the receipt may write the id in another form', async () => {
  const batch = await send('46701740606', 'Decimal');
  const [{ id }] = await centre.arrived('46701740606');
  assert.equal(await centre.receipt('46701740606', parseInt(id, 16).toString(10).padStart(10, '0'), 'UNDELIV'), 0);
  await becomes(batch, 501);
});

check('the receipt may come before the answer', async () => {
  const early = 'beef01';
  let taken = 0;
  const first = (pdu) => {
    taken += 1;
    centre.receipt('46701740607', early, 'DELIVRD').then(() => centre.session().send(pdu.response({ message_id: early })));
    return null;
  };
  await centre.answering(first, async () => {
    await becomes(await send('46701740607', 'Early'), 201);
  });
  assert.equal(taken, 1);
});

check('the receipt may come twice, and another one after the last word changes nothing', async () => {
  const batch = await send('46701740614', 'Twice');
  const [{ id }] = await centre.arrived('46701740614');
  for (const state of ['ACCEPTD', 'DELIVRD', 'DELIVRD', 'UNDELIV']) {
    assert.equal(await centre.receipt('46701740614', id, state), 0);
  }
  await becomes(batch, 201);
});

check('a long text goes in segments with one reference', async () => {
  const text = 'Snö och is på vägen, kör försiktigt. '.repeat(10);
  const batch = await send('46701740608', text);
  const parts = await centre.arrived('46701740608', 3);
  const heads = parts.map(({ pdu }) => [...pdu.short_message.udh[0]]);
  assert.deepEqual(heads.map((head) => head.slice(0, 2)), [[0, 3], [0, 3], [0, 3]]);
  assert.equal(new Set(heads.map((head) => head[2])).size, 1);
  assert.deepEqual(heads.map((head) => head[4]).sort(), [1, 2, 3]);
  const inOrder = [...parts].sort((a, b) => a.pdu.short_message.udh[0][4] - b.pdu.short_message.udh[0][4]);
  assert.equal(inOrder.map(({ pdu }) => pdu.short_message.message).join(''), text);
  for (const { id } of parts.slice(1)) await centre.receipt('46701740608', id, 'DELIVRD');
  assert.notEqual((await codes(batch)).at(-1), 201, 'one segment is still out');
  await centre.receipt('46701740608', parts[0].id, 'DELIVRD');
  await becomes(batch, 201);
});

check('Cyrillic goes as UCS-2', async () => {
  await send('46701740609', 'Привет, мир');
  const [{ pdu }] = await centre.arrived('46701740609');
  assert.equal(pdu.data_coding, 8);
  assert.equal(pdu.short_message.message, 'Привет, мир');
});

check('throttled, it comes again and once', async () => {
  let times = 2;
  const throttled = (pdu) => {
    if (times === 0) return centre.usual(pdu);
    times -= 1;
    centre.session().send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
    return null;
  };
  await centre.answering(throttled, async () => {
    await becomes(await send('46701740610', 'Patience'), 111);
  });
  assert.equal(times, 0);
  assert.equal(centre.to('46701740610').length, 1);
});

check('refused, it is told so', async () => {
  const refused = (pdu) => {
    centre.session().send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
    return null;
  };
  await centre.answering(refused, async () => {
    await becomes(await send('46701740611', 'Refused'), 501);
  });
});

check('cut inside the window it is uncertain, and is not sent again', async () => {
  const before = centre.session();
  let taken = 0;
  const cut = () => {
    taken += 1;
    before.destroy();
    return null;
  };
  let batch;
  await centre.answering(cut, async () => {
    batch = await send('46701740612', 'Cut in the middle');
    await until(() => taken > 0, 'the submission');
  });
  await until(() => centre.session() !== before, 'another bind');
  await becomes(await send('46701740613', 'After the cut'), 111);
  // Both dialects have a word of their own for it only together: it is on its way for one and out for the other.
  await becomes(batch, 110);
  const [message] = await read(`/messages/search?query=${encodeURIComponent('Cut in the middle')}`);
  assert.equal(message.status, 'r');
  assert.deepEqual([taken, centre.to('46701740612').length], [1, 0]);
});

check('an MO is in the chat, and a long one whole', async () => {
  assert.equal(await centre.deliver({ source_addr: '46709999999', destination_addr: NUMBER, short_message: 'Hi there' }), 0);
  const text = ['A long answer that comes ', 'in two parts'];
  for (const index of [1, 0]) {
    const udh = Buffer.from([5, 0, 3, 77, 2, index + 1]);
    const fields = { source_addr: '46709999998', destination_addr: NUMBER, esm_class: 0x40 };
    assert.equal(await centre.deliver({ ...fields, short_message: { udh, message: text[index] } }), 0);
  }
  assert.equal((await reply('46709999999')).text, 'Hi there');
  assert.equal((await reply('46709999998')).text, text.join(''));
  const cyrillic = { source_addr: '46709999997', destination_addr: NUMBER, data_coding: 8, short_message: 'Да, конечно' };
  assert.equal(await centre.deliver(cyrillic), 0);
  assert.equal((await reply('46709999997')).text, 'Да, конечно');
});

check('the link is taken out and unbinds', async () => {
  const ended = new Promise((resolve) => { centre.session().on('close', resolve); });
  await command('carrier', 'remove', 'peer');
  await ended;
  await centre.close();
});

run().then(() => process.exit(process.exitCode));
