import { z } from 'zod';
import type { Tool } from './tool.ts';

/** Longest that a caller can be left waiting for one tool, ms. */
const LONGEST_TIMEOUT_MS = 600_000;

/** What is wrong with a tool, a sentence each with its cure; empty when it can be used. Takes anything: modules are untyped. */
export function toolProblems(candidate: unknown): string[] {
  if (typeof candidate !== 'object' || candidate === null) {
    return ['This is no tool: make it with defineTool({ name, description, input, run }).'];
  }
  const tool: Partial<Record<keyof Tool, unknown>> = candidate;
  const { name } = tool;
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    return [
      `A tool has the name ${JSON.stringify(name)}: use letters, digits, "_" and "-", at most 64 of them.`,
    ];
  }
  const problems: string[] = [];
  const problem = (text: string) => problems.push(`The tool ${name} ${text}`);
  if (typeof tool.description !== 'string' || tool.description.trim() === '') {
    problem('has no description: say what it does and when to use it, the model knows nothing else of it.');
  }
  if (typeof tool.run !== 'function') {
    problem('has no run function: add run(input, context) that answers the call.');
  }
  if (typeof tool.sideEffect !== 'boolean') {
    problem('has a sideEffect that is neither true nor false: say whether running it changes the world.');
  }
  const { timeoutMs, filler } = tool;
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    problem(`has the timeoutMs ${String(timeoutMs)}: use milliseconds, from 1 to ${LONGEST_TIMEOUT_MS}.`);
  }
  if (filler !== undefined && typeof filler !== 'string') {
    problem('has a filler that is no text: write the words that are said while it runs, or leave it out.');
  }
  const input = inputProblem(tool.input);
  if (input !== undefined) problem(input);
  return problems;
}

function inputProblem(input: unknown): string | undefined {
  if (!isSchema(input)) {
    return 'has an input that is no zod schema: write z.object({ … }), with zod 4.';
  }
  try {
    const { type } = z.toJSONSchema(input, { io: 'input' });
    return type === 'object' ? undefined : 'has an input that is no object: write z.object({ … }).';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `has an input that cannot be told to the model (${reason}): use text, numbers, booleans, enums, arrays and objects, and make what else you need of them in run.`;
  }
}

function isSchema(input: unknown): input is z.ZodType {
  return (
    typeof input === 'object' &&
    input !== null &&
    '_zod' in input &&
    'safeParseAsync' in input &&
    typeof input.safeParseAsync === 'function'
  );
}
