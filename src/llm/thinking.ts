import type Anthropic from '@anthropic-ai/sdk';

export type ThinkingSettings = Pick<Anthropic.MessageCreateParams, 'thinking' | 'output_config'>;

/** Families that always think: `disabled` is refused, so only the effort can be lowered. */
const ALWAYS_THINKING = /^claude-(opus-5-5|(fable|mythos)-5-[12])/;

/**
 * The settings that bring the first word soonest from each model family. A family that is not listed gets none, because
 * a wrong setting is refused with 400 while the vendor's default always works.
 */
export function thinkingFor(model: string): ThinkingSettings {
  if (model.startsWith('claude-haiku-5-5')) return { thinking: { type: 'disabled' } };
  // Sonnet 5.5 refuses `disabled`; `between_tools` gives plain text at once where no tool is involved.
  if (model.startsWith('claude-sonnet-5-5')) {
    return { thinking: { type: 'between_tools' }, output_config: { effort: 'low' } };
  }
  if (ALWAYS_THINKING.test(model)) return { output_config: { effort: 'low' } };
  return {};
}
