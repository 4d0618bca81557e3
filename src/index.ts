/** What `import … from "voice-agent"` gives. Loading it loads nothing native: that waits until a room is joined. */
export { type ErrorCode, VoiceAgentError } from './errors.ts';
export type { Call, JoinRoomOptions } from './library/call.ts';
export { joinRoom } from './library/joinRoom.ts';
export { shutDown } from './library/shutDown.ts';
export type { SessionEnd } from './session/session.ts';
export { asData, type DataMark } from './tools/asData.ts';
export { defineTool, type ToolDefinition } from './tools/defineTool.ts';
export type { Tool, ToolContext, ToolConversation } from './tools/tool.ts';
