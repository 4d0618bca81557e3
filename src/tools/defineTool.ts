import { z } from 'zod';
import { VoiceAgentError } from '../errors.ts';
import type { Tool, ToolContext } from './tool.ts';
import { toolProblems } from './toolProblems.ts';

export interface ToolDefinition<Shape extends z.ZodRawShape> {
  /** What the model calls it: letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** Told to the model: what it does, and when to use it. */
  readonly description: string;
  /** Default: no input. `.describe()` each field: the model reads it. */
  readonly input?: z.ZodObject<Shape>;
  /**
   * Whether running it changes the world (books, sends, pays). Such a call is never given up once it has begun, and the same
   * call in one turn of the user runs once. Default true, the careful choice.
   */
  readonly sideEffect?: boolean;
  /** Milliseconds after which the caller is told that it did not answer. Default 10,000. */
  readonly timeoutMs?: number;
  /** Said when the caller has waited for it for a second: 'Let me look at the calendar.' Default: one of the usual words. */
  readonly filler?: string;
  /**
   * Answers the call, in text or in anything that JSON can hold. What it throws is told to the caller as a failure: put
   * nothing secret into an error's message.
   */
  run(input: z.output<z.ZodObject<Shape>>, context: ToolContext): unknown;
}

/** A tool of your own, checked and with its defaults filled in. Throws `VA_TOOL`, whose message names the cure. */
export function defineTool<Shape extends z.ZodRawShape = Record<never, z.ZodType>>(
  definition: ToolDefinition<Shape>,
): Tool {
  const input: z.ZodType<z.output<z.ZodObject<Shape>>> | undefined = definition.input;
  const schema = input ?? z.object({});
  const tool: Tool = {
    name: definition.name,
    description: definition.description,
    input: schema,
    sideEffect: definition.sideEffect ?? true,
    timeoutMs: definition.timeoutMs ?? 10_000,
    ...(definition.filler === undefined ? {} : { filler: definition.filler }),
    // The tool box has parsed the input with this very schema; parsing it again only tells the compiler so.
    run: async (given, context) =>
      textOf(await definition.run(given as z.output<z.ZodObject<Shape>>, context)),
  };
  const problems = toolProblems(tool);
  if (problems.length > 0) throw new VoiceAgentError('VA_TOOL', problems.join(' '));
  return tool;
}

/** What the model is told of an answer. */
function textOf(answer: unknown): string {
  if (typeof answer === 'string') return answer;
  if (answer === undefined || answer === null) return 'Done.';
  return JSON.stringify(answer) ?? String(answer);
}
