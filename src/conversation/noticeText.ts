/** As much of an ended task as its notice needs. */
export interface Finished {
  readonly description: string;
  /** `completed`, or what else became of it. */
  readonly status: string;
}

/** What the agent says, word for word and without a model, when tasks have ended. */
export function noticeText(tasks: Finished | readonly Finished[]): string {
  const all: readonly Finished[] = 'status' in tasks ? [tasks] : tasks;
  const ready = all.filter((task) => task.status === 'completed');
  const others = all.filter((task) => task.status !== 'completed');
  const sentences: string[] = [];
  if (ready.length > 0) {
    sentences.push(
      ready.length === 1
        ? `Your task ${names(ready)} is ready. Would you like me to read the results?`
        : `Your tasks ${names(ready)} are ready. Would you like me to read the results?`,
    );
  }
  for (const status of new Set(others.map((task) => task.status))) {
    const same = others.filter((task) => task.status === status);
    sentences.push(
      same.length === 1
        ? `Sorry, your task ${names(same)} has ${status}. Would you like me to try again?`
        : `Sorry, your tasks ${names(same)} have ${status}. Would you like me to try them again?`,
    );
  }
  return sentences.join(' ');
}

function names(tasks: readonly Finished[]): string {
  const quoted = tasks.map((task) => `'${task.description}'`);
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}
