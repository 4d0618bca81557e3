import type Anthropic from '@anthropic-ai/sdk';
import { claudeMessages } from './claudeMessages.ts';
import type { LlmRequest } from './languageModel.ts';
import { thinkingFor } from './thinking.ts';

/**
 * The body of one streamed request. The cache breakpoint stands on the system prompt: what comes before it (the tools,
 * then the prompt) is the same for every turn of a call, what comes after it is not.
 */
export function claudeRequest(
  request: LlmRequest,
  settings: { model: string; maxTokens: number },
): Anthropic.MessageCreateParamsStreaming {
  const cached = { cache_control: { type: 'ephemeral' } } as const;
  const hasSystem = request.system.trim() !== '';
  const tools = request.tools.map((tool, index): Anthropic.Tool => {
    const isPrefixEnd = !hasSystem && index === request.tools.length - 1;
    return {
      name: tool.name,
      description: tool.description,
      input_schema: { ...tool.inputSchema, type: 'object' },
      ...(isPrefixEnd ? cached : {}),
    };
  });
  return {
    model: settings.model,
    max_tokens: settings.maxTokens,
    stream: true,
    ...thinkingFor(settings.model),
    ...(hasSystem ? { system: [{ type: 'text', text: request.system, ...cached }] } : {}),
    ...(tools.length > 0 ? { tools } : {}),
    ...(tools.length > 0 && request.toolChoice === 'none' ? { tool_choice: { type: 'none' } } : {}),
    messages: claudeMessages(request.messages),
  };
}
