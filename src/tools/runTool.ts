import type { Clock } from '../time/clock.ts';
import type { Tool, ToolContext, ToolConversation } from './tool.ts';
import type { ToolOutcome } from './toolOutcome.ts';

/**
 * Runs a tool within its time limit and never rejects. `signal` gives up a call that changes nothing; a side effect that
 * has begun is let finish. `onLate` receives the answer of a tool that came after its limit.
 */
export function runTool<Input>(
  tool: Tool<Input>,
  input: Input,
  options: {
    owner: string;
    conversation?: ToolConversation | undefined;
    clock: Clock;
    signal?: AbortSignal | undefined;
    onLate?(outcome: ToolOutcome): void;
  },
): Promise<ToolOutcome> {
  const { owner, conversation, clock, signal, onLate } = options;
  if (signal?.aborted) return Promise.resolve(cancelled(tool.name));
  const limit = new AbortController();
  return new Promise((resolve) => {
    let settled = false;
    const settle = (outcome: ToolOutcome) => {
      if (settled) return false;
      settled = true;
      cancelTimer();
      signal?.removeEventListener('abort', giveUp);
      resolve(outcome);
      return true;
    };
    const giveUp = () => {
      settle(cancelled(tool.name));
      limit.abort();
    };
    const cancelTimer = clock.setTimer(tool.timeoutMs, () => {
      settle(timedOut(tool));
      limit.abort();
    });
    if (!tool.sideEffect) signal?.addEventListener('abort', giveUp, { once: true });
    start(tool, input, {
      owner,
      signal: limit.signal,
      ...(conversation === undefined ? {} : { conversation }),
    }).then(
      (content) => {
        const outcome = { content, isError: false };
        if (!settle(outcome)) onLate?.(outcome);
      },
      (error: unknown) => settle(failed(tool.name, error)),
    );
  });
}

/** A tool that throws before its first await is a failed call like any other. */
async function start<Input>(tool: Tool<Input>, input: Input, context: ToolContext): Promise<string> {
  return tool.run(input, context);
}

function failed(name: string, error: unknown): ToolOutcome {
  const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
  return { content: `${name} failed: ${reason}`, isError: true };
}

function cancelled(name: string): ToolOutcome {
  return { content: `${name} was cancelled before it answered.`, isError: true };
}

function timedOut(tool: Pick<Tool, 'name' | 'sideEffect' | 'timeoutMs'>): ToolOutcome {
  const seconds = Math.round(tool.timeoutMs / 100) / 10;
  const unknown = tool.sideEffect
    ? ' It is not known whether it took effect: say so, and do not repeat it unasked.'
    : '';
  return { content: `${tool.name} did not answer within ${seconds} s.${unknown}`, isError: true };
}
