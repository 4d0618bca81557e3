import { afterEach, describe, expect, it } from 'vitest';
import { loadTools } from '../../src/tools/loadTools.ts';
import { createToolBox } from '../../src/tools/toolBox.ts';
import { toolFolder } from '../support/toolFolder.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const removals: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
});

async function load(
  files: Record<string, string>,
  options: { type?: 'module' | 'commonjs'; taken?: string[] } = {},
) {
  const folder = await toolFolder(files, options);
  removals.push(folder.remove);
  return loadTools(Object.keys(files), { folder: folder.path, taken: options.taken ?? [] });
}

const HEAD = "import { defineTool } from 'voice-agent';\nimport { z } from 'zod';\n";
const tool = (name: string) =>
  `defineTool({ name: '${name}', description: 'Says hello.', input: z.object({ who: z.string() }), sideEffect: false, run: ({ who }) => 'Hello ' + who })`;

describe('tools of files', () => {
  it.each([
    [
      'a.ts',
      'module',
      `${HEAD}enum Kind { Own = 1 }\nexport const kind: Kind = Kind.Own;\nexport default [${tool('one')}, ${tool('two')}];`,
    ],
    [
      'a.mts',
      'commonjs',
      `${HEAD}export const one = ${tool('one')};\nexport const two = ${tool('two')};\nexport const helper = () => 1;`,
    ],
    ['a.js', 'module', `${HEAD}export const two = ${tool('two')};\nexport default ${tool('one')};`],
    [
      'a.mjs',
      'commonjs',
      `${HEAD}const one = ${tool('one')};\nexport { one };\nexport default [one, ${tool('two')}];`,
    ],
  ] as const)('%s in a %s package', async (name, type, text) => {
    const tools = await load({ [name]: text }, { type });
    expect(tools.map((one) => one.name).sort()).toEqual(['one', 'two']);
    const box = createToolBox(tools, { clock: new VirtualClock() });
    const use = { type: 'toolUse', id: 't', name: 'one', input: { who: 'Ann' } } as const;
    expect(await box.run(use, { owner: 'ann', turn: 1 })).toEqual({ content: 'Hello Ann', isError: false });
    expect(box.specs()[0]?.inputSchema).toMatchObject({ type: 'object', required: ['who'] });
  });

  it('plain objects will do, when they have all that a tool has', async () => {
    const text = `import { z } from 'zod';\nexport default { name: 'plain', description: 'x', input: z.object({}), sideEffect: true, timeoutMs: 5, run: async () => 'x' };`;
    expect(await load({ 'a.js': text })).toHaveLength(1);
  });
});

describe('what is wrong names the file and the cure', () => {
  it.each([
    ['no tool', 'export const x = 1;', /a\.js.*exports no tool.*defineTool/],
    [
      'no description',
      `${HEAD}export default defineTool({ name: 'x', description: ' ', run: () => '' });`,
      /a\.js.*x has no description: say what/,
    ],
    [
      'a bad name',
      `${HEAD}export default defineTool({ name: 'my tool', description: 'x', run: () => '' });`,
      /a\.js.*"my tool".*letters, digits/,
    ],
    [
      'no run',
      `${HEAD}export default { name: 'x', description: 'x', input: z.object({}), sideEffect: false, timeoutMs: 5 };`,
      /a\.js.*x has no run function/,
    ],
    [
      'no schema',
      `export default { name: 'x', description: 'x', input: { city: 'string' }, sideEffect: false, timeoutMs: 5, run() {} };`,
      /a\.js.*no zod schema.*z\.object/,
    ],
    [
      'a date',
      `${HEAD}export default defineTool({ name: 'x', description: 'x', input: z.object({ day: z.date() }), run: () => '' });`,
      /a\.js.*cannot be told to the model.*use text/,
    ],
    [
      'a string',
      `${HEAD}export default defineTool({ name: 'x', description: 'x', input: z.string(), run: () => '' });`,
      /a\.js.*no object: write z\.object/,
    ],
    [
      'a time limit',
      `${HEAD}export default defineTool({ name: 'x', description: 'x', timeoutMs: 0, run: () => '' });`,
      /a\.js.*timeoutMs 0: use milliseconds/,
    ],
    ['a number for a tool', 'export default [5];', /a\.js.*no tool: make it with defineTool/],
    ['a slip', 'export default [', /a\.js.*cannot be loaded.*correct the module/],
    ['a throw', "throw new Error('No key.');", /a\.js.*No key\..*has to load by itself/],
    ['a missing package', "import 'no-such-package';", /a\.js.*npm install no-such-package/],
  ])('%s', async (_what, text, message) => {
    const error = await load({ 'a.js': text }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'VA_TOOL', message: expect.stringMatching(message) });
  });

  it('a missing file', async () => {
    await expect(loadTools(['nowhere.ts'], { folder: '/' })).rejects.toThrow(
      /nowhere\.ts.*no such file: check the path/,
    );
  });

  it('a name that is taken, by us or by another file', async () => {
    const files = {
      'a.js': `${HEAD}export default ${tool('one')};`,
      'b.js': `${HEAD}export default ${tool('one')};`,
    };
    await expect(load(files)).rejects.toThrow(/b\.js.*one is taken by a\.js/);
    await expect(load({ 'a.js': files['a.js'] }, { taken: ['one'] })).rejects.toThrow(
      /taken by voice-agent itself/,
    );
  });
});
