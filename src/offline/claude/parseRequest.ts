import { ApiError, badRequest } from './apiError.ts';
import { checkMessages } from './checkMessages.ts';
import { isRecord } from './isRecord.ts';
import { type ModelRules, modelRules } from './models.ts';
import { parseMessages } from './parseMessages.ts';
import { checkThinking } from './signature.ts';
import type { MessagesRequest, ThinkingType, ToolParam, ToolProperty } from './wire.ts';

const SAMPLING = ['temperature', 'top_p', 'top_k'];
const THINKING_TYPES: readonly ThinkingType[] = ['enabled', 'disabled', 'adaptive', 'between_tools'];
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];
const TOOL_CHOICES = ['auto', 'any', 'tool', 'none'];
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

/** Checks a body of `POST /v1/messages` by the vendor's rules. Throws `ApiError`. */
export function parseRequest(body: unknown): MessagesRequest {
  if (!isRecord(body)) throw badRequest('The request body is not valid JSON.');
  if (typeof body.model !== 'string') throw badRequest('model: Field required');
  const model = modelRules(body.model);
  if (!model) throw new ApiError(404, `model: ${body.model}`);
  const maxTokens = body.max_tokens;
  if (maxTokens === undefined) throw badRequest('max_tokens: Field required');
  if (!Number.isInteger(maxTokens) || Number(maxTokens) < 0) {
    throw badRequest('max_tokens: Input should be a valid integer greater than or equal to 0');
  }
  for (const name of SAMPLING) {
    if (name in body) throw badRequest(`${name}: Extra inputs are not permitted`);
  }
  const thinking = parseThinking(body, model);
  checkSystem(body.system);
  const tools = parseTools(body.tools);
  const choice = toolChoice(body.tool_choice, model);
  const messages = parseMessages(body.messages);
  checkMessages(messages, model);
  checkThinking(messages);
  return {
    model: body.model,
    maxTokens: Number(maxTokens),
    stream: body.stream === true,
    thinking,
    messages,
    tools: choice === 'none' ? [] : tools,
  };
}

function parseThinking(body: Record<string, unknown>, model: ModelRules): ThinkingType | undefined {
  const effort = isRecord(body.output_config) ? body.output_config.effort : undefined;
  if (effort !== undefined && effort !== null && !EFFORTS.includes(String(effort))) {
    throw badRequest("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
  }
  if (body.thinking === undefined) return undefined;
  const given = isRecord(body.thinking) ? body.thinking : {};
  const type = THINKING_TYPES.find((known) => known === given.type);
  if (!type) throw badRequest(`thinking.type: Input should be one of: ${THINKING_TYPES.join(', ')}`);
  if (!model.thinking.includes(type)) {
    throw badRequest(`thinking.type: \`${type}\` is not supported on ${model.id}`);
  }
  if (type === 'enabled' && !(Number(given.budget_tokens) >= 1024)) {
    throw badRequest('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  }
  if (type !== 'enabled' && 'budget_tokens' in given) {
    throw badRequest(`thinking.${type}.budget_tokens: Extra inputs are not permitted`);
  }
  if (type === 'between_tools' && (effort === 'xhigh' || effort === 'max')) {
    throw badRequest(`thinking: \`between_tools\` does not work at effort \`${effort}\``);
  }
  return type;
}

function checkSystem(system: unknown): void {
  if (system === undefined || typeof system === 'string') return;
  const valid =
    Array.isArray(system) &&
    system.every(
      (block: unknown) => isRecord(block) && block.type === 'text' && typeof block.text === 'string',
    );
  if (!valid) throw badRequest('system: Input should be a valid string or a list of text blocks');
  if (system.some((block: { text: string }) => block.text === '')) {
    throw badRequest('system: text content blocks must be non-empty');
  }
}

function parseTools(tools: unknown): ToolParam[] {
  if (tools === undefined) return [];
  if (!Array.isArray(tools)) throw badRequest('tools: Input should be a valid list');
  const parsed = tools.map((tool: unknown, index): ToolParam => {
    if (!isRecord(tool) || typeof tool.name !== 'string')
      throw badRequest(`tools.${index}.name: Field required`);
    if (!TOOL_NAME.test(tool.name)) {
      throw badRequest(`tools.${index}.name: String should match pattern '${TOOL_NAME.source}'`);
    }
    const isCustom = tool.type === undefined || tool.type === null || tool.type === 'custom';
    if (isCustom && !(isRecord(tool.input_schema) && tool.input_schema.type === 'object')) {
      throw badRequest(`tools.${index}.custom.input_schema.type: Field required`);
    }
    return { name: tool.name, ...inputOf(tool.input_schema) };
  });
  if (new Set(parsed.map((tool) => tool.name)).size < parsed.length) {
    throw badRequest('tools: Tool names must be unique.');
  }
  return parsed;
}

function inputOf(schema: unknown): Pick<ToolParam, 'properties' | 'required'> {
  if (!isRecord(schema) || !isRecord(schema.properties)) return {};
  const properties = Object.entries(schema.properties).map(([name, property]): [string, ToolProperty] => {
    const { type, enum: values } = isRecord(property) ? property : {};
    return [name, { type: String(type ?? ''), values: Array.isArray(values) ? values.map(String) : [] }];
  });
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return { properties: Object.fromEntries(properties), required };
}

function toolChoice(choice: unknown, model: ModelRules): string {
  if (choice === undefined) return 'auto';
  const type = isRecord(choice) ? String(choice.type) : '';
  if (!TOOL_CHOICES.includes(type)) {
    throw badRequest(`tool_choice.type: Input should be one of: ${TOOL_CHOICES.join(', ')}`);
  }
  if ((type === 'any' || type === 'tool') && !model.forcedTools) {
    throw badRequest(`tool_choice: forcing a tool is not supported on ${model.id}`);
  }
  return type;
}
