import { z } from 'zod';
import type { ToolUse } from '../conversation/message.ts';
import { VoiceAgentError } from '../errors.ts';
import type { ToolSpec } from '../llm/languageModel.ts';
import type { Clock } from '../time/clock.ts';
import { canonicalJson } from './canonicalJson.ts';
import { Ledger } from './ledger.ts';
import { runTool } from './runTool.ts';
import type { Tool } from './tool.ts';
import type { ToolOutcome } from './toolOutcome.ts';

export interface ToolRunContext {
  /** Whose call it is: participant identity, or room name where identities are random. */
  readonly owner: string;
  /** Number of the user turn that the call answers: the same side effect twice in one turn happens once. */
  readonly turn: number;
  /** Gives up tools that only read. A side effect that has begun is never given up by it, only by its time limit. */
  readonly signal?: AbortSignal;
  /** See `ToolConversation.heardSince`. */
  heardSince?(callId: string): readonly string[] | undefined;
}

export interface ToolBox {
  specs(): ToolSpec[];
  /** Never rejects: whatever goes wrong is told to the model, honestly, with `isError`. */
  run(use: ToolUse, context: ToolRunContext): Promise<ToolOutcome>;
}

/** Everything the model may do in a call: checks the input, keeps the time limit, and lets no side effect happen twice. */
export function createToolBox(tools: readonly Tool[], { clock }: { clock: Clock }): ToolBox {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  if (byName.size < tools.length) {
    const names = tools.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    throw new VoiceAgentError(
      'VA_TOOL',
      `There are two tools with the name ${twice}: give one another name.`,
    );
  }
  const specs = tools.map(specOf);
  const ledger = new Ledger();

  async function run(use: ToolUse, context: ToolRunContext): Promise<ToolOutcome> {
    const { owner, turn, signal, heardSince } = context;
    const tool = byName.get(use.name);
    if (!tool) return unknownTool(use.name, [...byName.keys()]);
    const parsed = await parse(tool, use.input);
    if (!parsed.ok) return parsed.outcome;
    const { input } = parsed;
    const conversation = { callId: use.id, turn, heardSince: (id: string) => heardSince?.(id) };
    // Nothing has happened when it was given up before it began: that is no outcome to remember.
    if (!tool.sideEffect || signal?.aborted)
      return runTool(tool, input, { owner, conversation, clock, signal });
    const key = canonicalJson([owner, turn, tool.name, input]);
    return ledger.once(key, () =>
      runTool(tool, input, {
        owner,
        conversation,
        clock,
        signal,
        onLate: (outcome) => ledger.correct(key, outcome),
      }),
    );
  }

  return { specs: () => specs, run };
}

function specOf(tool: Tool): ToolSpec {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(tool.input, { io: 'input' });
  if (inputSchema.type !== 'object') throw new TypeError(`The input of tool ${tool.name} must be an object.`);
  return { name: tool.name, description: tool.description, inputSchema };
}

type Parsed = { ok: true; input: unknown } | { ok: false; outcome: ToolOutcome };

async function parse(tool: Tool, input: unknown): Promise<Parsed> {
  try {
    const result = await tool.input.safeParseAsync(input);
    if (result.success) return { ok: true, input: result.data };
    return { ok: false, outcome: invalid(tool.name, z.prettifyError(result.error)) };
  } catch (error) {
    return { ok: false, outcome: invalid(tool.name, error instanceof Error ? error.message : String(error)) };
  }
}

function invalid(name: string, problems: string): ToolOutcome {
  return { content: `${name} did not run, because its input is not valid:\n${problems}`, isError: true };
}

function unknownTool(name: string, known: readonly string[]): ToolOutcome {
  return { content: `There is no tool ${name}. There are: ${known.join(', ') || 'none'}.`, isError: true };
}
