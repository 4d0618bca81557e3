/** The settings that messages name as the cure, spelt as in the environment. */
export const SETTING = {
  key: 'ELEVENLABS_API_KEY (or ELEVEN_API_KEY)',
  voice: 'ELEVEN_VOICE_ID',
  ttsModel: 'TTS_MODEL',
  sttModel: 'STT_MODEL',
  baseUrl: 'ELEVENLABS_BASE_URL',
} as const;
