import { describe, expect, it } from 'vitest';
import { parseModule } from './modules.ts';
import { LONGEST_FILE, violations } from './rules.ts';

/** What is wrong with one file of this content. */
const judge = (path: string, source: string) => violations([parseModule(path, source)]);

describe('the scan', () => {
  it.each([
    [`import x from './a.ts';`],
    [`import type { X } from './a.ts';`],
    [`import {\n  x,\n  type Y,\n} from "./a.ts";`],
    [`import './a.ts';`],
    [`export * from './a.ts';`],
    [`export { x } from './a.ts';`],
    [`const a = await import('./a.ts');`],
    [`let a: import('./a.ts').A;`],
    [`import y from '../b.ts'; import x from './a.ts';`],
  ])('finds %s', (source) => {
    expect(parseModule('src/x/y.ts', source).files).toContain('src/x/a.ts');
  });

  it.each([
    [`// import x from './a.ts';`],
    [`/* import x from './a.ts'; */`],
    [`/**\n * import x from './a.ts';\n */`],
    [`const url = 'http://host'; // from './a.ts'`],
  ])('is not misled by %s', (source) => {
    expect(parseModule('src/x/y.ts', source).files).toEqual([]);
  });

  it('names packages without their inner paths', () => {
    const source = `import a from '@scope/name/deep.js';\nimport b from 'plain/deep';\nimport c from 'node:fs/promises';`;
    expect(parseModule('a.ts', source).packages).toEqual(['@scope/name', 'plain', 'node:fs/promises']);
  });
});

describe('the rules', () => {
  it.each([
    ['src/conversation/x.ts', `import { y } from '../session/y.ts';`, 'src/conversation may import'],
    ['src/conversation/x.ts', `import { y } from '../time/clock.ts';`, 'src/conversation may import'],
    ['src/conversation/x.ts', `import fs from 'node:fs';`, 'imports no package'],
    ['src/audio/x.ts', `import { y } from '../perception/y.ts';`, 'src/audio may import'],
    ['src/session/x.ts', `import { y } from '../offline/y.ts';`, 'may import src/offline'],
    ['src/session/x.ts', `import { y } from '../cli/y.ts';`, 'level above'],
    ['src/stt/x.ts', `import { y } from '../session/y.ts';`, 'level above'],
    ['src/session/x.ts', `import { y } from '../dispatch/y.ts';`, 'level above'],
    ['src/session/x.ts', `import { Room } from '@livekit/rtc-node';`, 'only src/room may'],
    ['src/server/x.ts', `import { A } from 'livekit-server-sdk';`, 'only src/room and src/dispatch may'],
    ['src/session/x.ts', `import A from '@anthropic-ai/sdk/index.js';`, 'only src/llm may'],
    ['src/session/x.ts', `import A from 'openai';`, 'only src/tasks may'],
    ['src/session/x.ts', `import { WebSocket } from 'ws';`, 'imports ws'],
    ['src/offline/x.ts', `import * as ort from 'onnxruntime-node';`, 'only src/perception may'],
    ['src/llm/x.ts', `const key = process.env.KEY;`, 'reads process.env'],
    ['src/llm/x.ts', `const key = process['env'].KEY;`, 'reads process.env'],
    ['src/llm/x.ts', `import { env } from 'node:process';`, 'reads process.env'],
    ['src/llm/x.ts', `const { env } = process;`, 'reads process.env'],
    ['test/x.ts', `${'\n'.repeat(LONGEST_FILE)}x`, `has ${LONGEST_FILE + 1} lines`],
  ])('%s is reported with its file and rule (%#)', (path, source, rule) => {
    const found = judge(path, source);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(path);
    expect(found[0]).toContain(rule);
  });

  it.each([
    ['src/conversation/x.ts', `import { y } from './y.ts';\nimport { z } from '../audio/z.ts';`],
    ['src/session/x.ts', `import { y } from '../stt/y.ts';\nimport fs from 'node:fs';`],
    ['src/cli/x.ts', `import { y } from '../offline/y.ts';`],
    ['src/room/x.ts', `import { Room } from '@livekit/rtc-node';`],
    ['src/config/x.ts', `const key = process.env.KEY;`],
    ['src/llm/x.ts', `// process.env is read elsewhere\nconst options = { env: {} };`],
    ['test/x.ts', `import { y } from '../src/offline/y.ts';\nprocess.env.CI;\nimport OpenAI from 'openai';`],
    ['src/x.ts', `${'\n'.repeat(LONGEST_FILE - 1)}x\n`],
  ])('%s is in order (%#)', (path, source) => {
    expect(judge(path, source)).toEqual([]);
  });

  it('a cycle is reported once, as a chain', () => {
    const found = violations([
      parseModule('src/a.ts', `import './b.ts';`),
      parseModule('src/b.ts', `import './c.ts';`),
      parseModule('src/c.ts', `import './b.ts';`),
    ]);
    expect(found).toEqual(['src/b.ts → src/c.ts → src/b.ts: no import cycles']);
  });
});
