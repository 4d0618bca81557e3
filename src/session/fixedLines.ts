import type { ConversationOptions } from '../conversation/options.ts';

/** What a call may have to say without the model, and soon; those of its end are left out. */
export function fixedLines({ greeting, lines }: ConversationOptions): readonly string[] {
  const { fillers, stillWorking, modelFailed, notUnderstood, cannotHear, toolFillers = {} } = lines;
  return [
    modelFailed,
    ...fillers,
    ...Object.values(toolFillers),
    ...stillWorking,
    notUnderstood,
    cannotHear,
    greeting,
  ];
}
