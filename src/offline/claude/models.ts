import type { ThinkingType } from './wire.ts';

export interface ModelRules {
  readonly id: string;
  readonly displayName: string;
  readonly createdAt: string;
  /** What `thinking.type` may be. */
  readonly thinking: readonly ThinkingType[];
  /** Whether a reply thinks when the request says nothing about it. */
  readonly thinksByDefault: boolean;
  /** Whether `tool_choice` may force a tool. */
  readonly forcedTools: boolean;
  /** Whether a conversation may end with the beginning of the assistant's answer. */
  readonly prefill: boolean;
  /** Whether `role: "system"` is allowed among the messages. */
  readonly systemMessages: boolean;
}

type Family = Omit<ModelRules, 'id' | 'displayName' | 'createdAt'>;

const ALWAYS_ADAPTIVE: Family = {
  thinking: ['adaptive'],
  thinksByDefault: true,
  forcedTools: false,
  prefill: false,
  systemMessages: true,
};
const HAIKU_5_5: Family = {
  thinking: ['adaptive', 'disabled'],
  thinksByDefault: true,
  forcedTools: true,
  prefill: false,
  systemMessages: false,
};
const SONNET_5_5: Family = {
  thinking: ['adaptive', 'between_tools'],
  thinksByDefault: true,
  forcedTools: false,
  prefill: false,
  systemMessages: false,
};
const OPUS_4_8: Family = {
  thinking: ['adaptive', 'disabled', 'enabled'],
  thinksByDefault: false,
  forcedTools: true,
  prefill: false,
  systemMessages: true,
};
const SONNET_5: Family = { ...OPUS_4_8, systemMessages: false };
const FOUR_5: Family = { ...SONNET_5, thinking: ['disabled', 'enabled'], prefill: true };

const FAMILIES: readonly (readonly [Family, string, readonly string[]])[] = [
  [HAIKU_5_5, '2026-10-07', ['claude-haiku-5-5']],
  [SONNET_5_5, '2026-09-28', ['claude-sonnet-5-5']],
  [
    ALWAYS_ADAPTIVE,
    '2026-08-20',
    ['claude-opus-5-5', 'claude-fable-5-2', 'claude-mythos-5-2', 'claude-fable-5-1', 'claude-mythos-5-1'],
  ],
  [
    OPUS_4_8,
    '2026-05-01',
    ['claude-opus-5', 'claude-fable-5', 'claude-mythos-5', 'claude-opus-4-8', 'claude-mythos-preview'],
  ],
  [SONNET_5, '2026-02-01', ['claude-sonnet-5', 'claude-opus-4-7', 'claude-opus-4-6', 'claude-sonnet-4-6']],
  [
    FOUR_5,
    '2025-10-01',
    [
      'claude-haiku-4-5',
      'claude-haiku-4-5-20251001',
      'claude-opus-4-5',
      'claude-opus-4-5-20251101',
      'claude-sonnet-4-5',
      'claude-sonnet-4-5-20250929',
    ],
  ],
];

/** Every model id that the stand-in knows, newest family first. */
export const MODELS: readonly ModelRules[] = FAMILIES.flatMap(([family, date, ids]) =>
  ids.map((id) => ({ id, displayName: displayName(id), createdAt: `${date}T00:00:00Z`, ...family })),
);

export function modelRules(id: string): ModelRules | undefined {
  return MODELS.find((model) => model.id === id);
}

/** `claude-haiku-5-5` → `Claude Haiku 5.5` */
function displayName(id: string): string {
  const [, family = '', ...version] = id.split('-');
  return `Claude ${family[0]?.toUpperCase() ?? ''}${family.slice(1)} ${version.join('.')}`;
}
