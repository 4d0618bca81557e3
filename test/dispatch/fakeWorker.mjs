// A call worker without calls: it obeys as the room's name says.
const calls = new Map();
let draining = false;
const send = (message) => process.connected && process.send(message);
const end = (callId, why) => {
  if (!calls.delete(callId)) return;
  send({ type: 'ended', callId, end: { why } });
  if (draining && calls.size === 0) process.exit(0);
};
process.on('message', (message) => {
  if (message.type === 'begin') {
    const { callId, job, resumed } = message;
    if (job.room === 'refused') {
      send({ type: 'refused', callId, code: 'VA_ROOM_AUTH', message: 'no such room', retryable: false });
      return;
    }
    // A call that kills its worker, whichever holds it.
    if (job.room === 'poison') setTimeout(() => process.exit(3), 50);
    calls.set(callId, job.room);
    send({ type: 'begun', callId, identity: `agent-${process.pid}` });
    const history = [...(resumed?.history ?? []), { kind: 'user', text: `${job.room} at ${process.pid}` }];
    const rest = { unfinished: false, turns: history.length, told: [] };
    send({ type: 'handover', callId, update: { keep: 0, items: history, ...rest } });
    // A call that leaves its first worker in an unknown state: that one hands its calls over and ends.
    if (job.room === 'breaks' && resumed === undefined)
      setTimeout(() => {
        send({ type: 'leaving' });
        for (const callId of [...calls.keys()]) end(callId, 'handedOver');
        setTimeout(() => process.exit(1), 200);
      }, 50);
    if (job.room === 'hang')
      setTimeout(() => {
        for (;;);
      }, 50);
  }
  if (message.type === 'hangUp') end(message.callId, 'hungUp');
  if (message.type === 'drain') {
    draining = true;
    if (calls.size === 0) process.exit(0);
    setTimeout(() => {
      for (const callId of [...calls.keys()])
        end(callId, message.rest === 'handOver' ? 'handedOver' : 'hungUp');
    }, message.limitMs);
  }
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => {});
send({ type: 'ready' });
setInterval(
  () =>
    send({
      type: 'load',
      load: { calls: calls.size, lagMs: 0, busy: Number(process.argv[2]), rssMb: 50 },
    }),
  50,
);
