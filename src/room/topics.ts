/** Text stream topics and attribute names that LiveKit's front ends understand. */
export const TOPIC = {
  chat: 'lk.chat',
  /** Data packets of older front ends; new ones send a copy here, marked `ignoreLegacy`. */
  legacyChat: 'lk-chat-topic',
  transcription: 'lk.transcription',
} as const;

export const ATTRIBUTE = {
  agentState: 'lk.agent.state',
  segmentId: 'lk.segment_id',
  final: 'lk.transcription_final',
  trackId: 'lk.transcribed_track_id',
} as const;
