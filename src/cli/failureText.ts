import { VoiceAgentError } from '../errors.ts';
import { createRedactor } from '../telemetry/redactor.ts';

/**
 * What a person reads when a command has failed. What is ours names its cure; anything else is a fault of the program, and its
 * stack, which repeats the message, is the way to it.
 */
export function failureText(error: unknown, secrets: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && !(error instanceof VoiceAgentError) ? `${error.stack}\n` : '';
  return createRedactor(secrets)(`voice-agent: ${message}\n${stack}`);
}
