import type { Config } from './config.ts';
import { DEFAULTS } from './defaults.ts';

/** Lines for the log: what is used, and plainly what is only a stand-in. No secrets. */
export function describeConfig(config: Config): readonly string[] {
  const { claude, elevenLabs, doubleword, agent, livekit, offline } = config;
  const at = (url: string, usual: string) => (url === usual ? '' : ` at ${url}`);
  return [
    livekit ? `rooms: LiveKit at ${livekit.url}` : 'no LIVEKIT_URL: rooms on this machine only',
    offline.elevenLabs
      ? 'no ELEVENLABS_API_KEY: hearing and speaking with the offline stand-in'
      : `hearing with ${elevenLabs.sttModel}, speaking with ${elevenLabs.ttsModel}, voice ${elevenLabs.voiceId}` +
        at(elevenLabs.baseUrl, DEFAULTS.ELEVENLABS_BASE_URL),
    offline.claude
      ? 'no ANTHROPIC_API_KEY: thinking with the offline stand-in'
      : `thinking with ${claude.model}${at(claude.baseUrl, DEFAULTS.ANTHROPIC_BASE_URL)}`,
    offline.doubleword
      ? 'no DOUBLEWORD_API_KEY: batch tasks run on the offline stand-in'
      : `batch tasks with ${doubleword.model}, window ${doubleword.window}` +
        at(doubleword.baseUrl, DEFAULTS.DOUBLEWORD_BASE_URL),
    ...ignoredUrls(config),
    ...(agent.language !== DEFAULTS.AGENT_LANGUAGE && agent.greeting === DEFAULTS.GREETING
      ? [`the language is ${agent.language} but the greeting is the English one: set GREETING`]
      : []),
    ...(agent.language !== 'en' && offline.elevenLabs
      ? [`the offline stand-in hears and speaks English only, not ${agent.language}`]
      : []),
  ];
}

/** A base URL without its key looks like a setting that works and does not. */
function ignoredUrls({ offline, claude, elevenLabs, doubleword }: Config): readonly string[] {
  const vendors = [
    [offline.claude, claude.baseUrl, 'ANTHROPIC'],
    [offline.elevenLabs, elevenLabs.baseUrl, 'ELEVENLABS'],
    [offline.doubleword, doubleword.baseUrl, 'DOUBLEWORD'],
  ] as const;
  return vendors
    .filter(([standIn, url, vendor]) => standIn && url !== DEFAULTS[`${vendor}_BASE_URL`])
    .map(([, , vendor]) => `${vendor}_BASE_URL is not used without ${vendor}_API_KEY: set both`);
}
