import { randomBytes } from 'node:crypto';
import type { Fault } from './faults.ts';
import { modelRules } from './models.ts';
import { jsonPieces, textPieces } from './pieces.ts';
import type { PlannedBlock, PlannedReply, VendorStopReason } from './plannedReply.ts';
import { signThinking } from './signature.ts';
import type { MessagesRequest } from './wire.ts';

/** One block as it goes out: its deltas, and the whole of it for an answer without a stream. */
export interface ComposedBlock {
  /** `content_block` of the start event. */
  readonly start: Readonly<Record<string, unknown>>;
  readonly deltas: readonly Readonly<Record<string, unknown>>[];
  readonly whole: Readonly<Record<string, unknown>>;
}

export interface ComposedMessage {
  readonly id: string;
  readonly model: string;
  readonly blocks: readonly ComposedBlock[];
  readonly stopReason: VendorStopReason;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Puts a planned reply into the vendor's blocks: thinking by the model's rules, ids, deltas, and the token limit. */
export function composeMessage(request: MessagesRequest, plan: PlannedReply, fault?: Fault): ComposedMessage {
  const brokenJson = fault?.kind === 'invalidToolJson';
  const blocks = withThinking(request, plan.blocks).map((block) => compose(block, brokenJson));
  const limit = fault?.kind === 'maxTokens' ? fault.afterDeltas : request.maxTokens;
  const kept = cut(blocks, limit);
  const isCut = countDeltas(kept) < countDeltas(blocks);
  const calls = plan.blocks.some((block) => block.type === 'tool_use');
  return {
    id: newId('msg'),
    model: request.model,
    blocks: kept,
    stopReason: isCut ? 'max_tokens' : (plan.stopReason ?? (calls ? 'tool_use' : 'end_turn')),
    inputTokens: Math.ceil(JSON.stringify(request.messages).length / 4),
    outputTokens: Math.max(1, countDeltas(kept)),
  };
}

/**
 * A thinking model may begin with a block whose text is left out. Sonnet 5.5 is silent between tools: what it would have
 * said beside a tool call comes as thinking.
 */
function withThinking(request: MessagesRequest, blocks: readonly PlannedBlock[]): readonly PlannedBlock[] {
  const thinks = request.thinking
    ? request.thinking !== 'disabled'
    : modelRules(request.model)?.thinksByDefault;
  if (!thinks || blocks.some((block) => block.type === 'thinking')) return blocks;
  const calls = blocks.some((block) => block.type === 'tool_use');
  if (request.model.startsWith('claude-sonnet-5-5') && calls) {
    return blocks.map((block) =>
      block.type === 'text' ? { type: 'thinking', thinking: block.text } : block,
    );
  }
  return request.thinking === 'between_tools' ? blocks : [{ type: 'thinking', thinking: '' }, ...blocks];
}

function compose(block: PlannedBlock, brokenJson: boolean): ComposedBlock {
  switch (block.type) {
    case 'text':
      return {
        start: { type: 'text', text: '' },
        deltas: textPieces(block.text).map((text) => ({ type: 'text_delta', text })),
        whole: { type: 'text', text: block.text, citations: null },
      };
    case 'thinking': {
      const { thinking } = block;
      const signature = signThinking(thinking);
      return {
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: [
          ...textPieces(thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
          { type: 'signature_delta', signature },
        ],
        whole: { type: 'thinking', thinking, signature },
      };
    }
    case 'tool_use': {
      const start = { type: 'tool_use', id: newId('toolu'), name: block.name, input: {} };
      const json = brokenJson ? '{"task_description": "plan", }' : JSON.stringify(block.input);
      return {
        start,
        deltas: ['', ...jsonPieces(json)].map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
        whole: { ...start, input: block.input },
      };
    }
    case 'vendor':
      return { start: block.block, deltas: [], whole: block.block };
  }
}

/** Keeps so many deltas; the block in which the limit falls is kept as far as it got. */
function cut(blocks: readonly ComposedBlock[], limit: number): ComposedBlock[] {
  const kept: ComposedBlock[] = [];
  let left = limit;
  for (const block of blocks) {
    if (block.deltas.length <= left) {
      kept.push(block);
    } else {
      if (left > 0) kept.push(shorten(block, left));
      return kept;
    }
    left -= block.deltas.length;
  }
  return kept;
}

function shorten(block: ComposedBlock, deltas: number): ComposedBlock {
  const kept = block.deltas.slice(0, deltas);
  const text = kept.map((delta) => String(delta.text ?? '')).join('');
  return {
    start: block.start,
    deltas: kept,
    whole: block.start.type === 'text' ? { ...block.whole, text } : block.start,
  };
}

function countDeltas(blocks: readonly ComposedBlock[]): number {
  return blocks.reduce((sum, block) => sum + block.deltas.length, 0);
}

function newId(prefix: string): string {
  return `${prefix}_01${randomBytes(16).toString('base64url').replace(/[-_]/g, 'x')}`;
}
