import type { Tool } from '../tools/tool.ts';
import { Readings } from './results/readings.ts';
import type { TaskDesk } from './taskDesk.ts';
import { cancelTool } from './voice/cancelTool.ts';
import { refineTool } from './voice/refineTool.ts';
import { resultTool } from './voice/resultTool.ts';
import { retryTool } from './voice/retryTool.ts';
import { statusTool } from './voice/statusTool.ts';
import { submitTool } from './voice/submitTool.ts';

export interface VoiceToolsOptions {
  /** Characters of a result that the model is given at most; default 6000. */
  readonly maxResultCharacters?: number;
  /** Where callers are in their results; shared by all calls of a process, so that a later call goes on. */
  readonly readings?: Readings;
}

/** Names that tools of one's own cannot have. */
export const VOICE_TOOL_NAMES = [
  'submit_batch_task',
  'check_task_status',
  'get_task_result',
  'cancel_task',
  'retry_task',
  'refine_task',
] as const;

/** What the model can do with long work during a call. */
export function voiceTools(desk: TaskDesk, options: VoiceToolsOptions = {}): readonly Tool[] {
  const { maxResultCharacters = 6000, readings = new Readings() } = options;
  return [
    submitTool(desk),
    statusTool(desk),
    resultTool(desk, { maxCharacters: maxResultCharacters, readings }),
    cancelTool(desk),
    retryTool(desk),
    refineTool(desk),
  ];
}
