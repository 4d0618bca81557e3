import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type FakeBehaviour = 'healthy' | 'stubborn' | 'dies' | 'portTakenOnce';

/** A program that stands in for livekit-server: takes its configuration, listens, ends on signals. */
export function fakeServer(folder: string, behaviour: FakeBehaviour): string {
  const path = join(folder, `fake-${behaviour}`);
  writeFileSync(
    path,
    `#!${process.execPath}
const fs = require('node:fs');
const config = JSON.parse(process.env.LIVEKIT_CONFIG);
const behaviour = ${JSON.stringify(behaviour)};
const note = (line) => fs.appendFileSync(${JSON.stringify(join(folder, 'notes'))}, line + '\\n');
note('started ' + JSON.stringify({ argv: process.argv.slice(2), env: Object.keys(process.env), pid: process.pid }));
if (behaviour === 'dies') {
  console.error('cannot do this with ' + Object.values(config.keys)[0]);
  process.exit(3);
}
if (behaviour === 'portTakenOnce' && fs.readFileSync(${JSON.stringify(join(folder, 'notes'))}, 'utf8').split('started').length === 2) {
  console.log('listen udp 127.0.0.1:7882: bind: address already in use');
  process.exit(0);
}
let terms = 0;
process.on('SIGTERM', () => {
  note('SIGTERM');
  terms += 1;
  if (behaviour !== 'stubborn' || terms === 2) process.exit(0);
});
require('node:http').createServer((request, response) => response.end('OK')).listen(config.port, '127.0.0.1', () => {
  console.log(JSON.stringify({ msg: 'starting LiveKit server', secret: Object.values(config.keys)[0] }));
});
`,
  );
  chmodSync(path, 0o755);
  return path;
}
