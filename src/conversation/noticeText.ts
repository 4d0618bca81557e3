/** As much of an ended task as its notice needs. */
export interface Finished {
  readonly description: string;
  /** `completed`, or what else became of it. */
  readonly status: string;
  /** It ended before its owner joined. */
  readonly whileAway?: boolean;
}

/** What the agent says, word for word and without a model, when tasks have ended. */
export function noticeText(tasks: Finished | readonly Finished[]): string {
  const all: readonly Finished[] = 'status' in tasks ? [tasks] : tasks;
  return newsOf(all)
    .flatMap(({ words, offer }) => (offer === '' ? [words] : [words, offer]))
    .join(' ');
}

/** The tasks whose news are told by so much of the beginning of their notice as was heard. */
export function toldBy<Task extends Finished>(heard: string, tasks: readonly Task[]): readonly Task[] {
  const news = newsOf(tasks);
  let left = folded(heard);
  return news.flatMap(({ words, offer, about }) => {
    const rest = without(left, folded(words));
    left = without(rest ?? [], folded(offer)) ?? [];
    return rest ? about : [];
  });
}

/**
 * What of `heard` follows after all of `expected`, in order; undefined when not all of it was heard. A voice that broke says
 * the beginning of a phrase twice, so words in between do not count.
 */
function without(heard: readonly string[], expected: readonly string[]): readonly string[] | undefined {
  let at = 0;
  for (const word of expected) {
    at = heard.indexOf(word, at) + 1;
    if (at === 0) return undefined;
  }
  return heard.slice(at);
}

/** Tasks that are told of in one sentence. */
interface News<Task> {
  readonly words: string;
  readonly offer: string;
  readonly about: readonly Task[];
}

function newsOf<Task extends Finished>(tasks: readonly Task[]): readonly News<Task>[] {
  // The older news come first.
  const groups = [true, false].map((away) => tasks.filter(({ whileAway = false }) => whileAway === away));
  const completed = groups
    .map((group) => group.filter(({ status }) => status === 'completed'))
    .filter((group) => group.length > 0)
    .map((group, i, all) => ready(group, i === all.length - 1));
  const others = groups.flatMap((group) => {
    const statuses = [...new Set(group.map(({ status }) => status))].filter((one) => one !== 'completed');
    return statuses.map((status) =>
      failed(
        status,
        group.filter((task) => task.status === status),
      ),
    );
  });
  return [...completed, ...others];
}

/** `last`: one question serves for all that are ready. */
function ready<Task extends Finished>(about: readonly Task[], last: boolean): News<Task> {
  const tasks = about.length === 1 ? `your task ${names(about)}` : `your tasks ${names(about)}`;
  const words = isAway(about)
    ? `While you were away, ${tasks} finished.`
    : `Y${tasks.slice(1)} ${about.length === 1 ? 'is' : 'are'} ready.`;
  return { words, offer: last ? 'Would you like me to read the results?' : '', about };
}

function failed<Task extends Finished>(status: string, about: readonly Task[]): News<Task> {
  const isOne = about.length === 1;
  const when = isAway(about) ? ' while you were away' : '';
  return {
    words: isOne
      ? `Sorry, your task ${names(about)} has ${status}${when}.`
      : `Sorry, your tasks ${names(about)} have ${status}${when}.`,
    offer: isOne ? 'Would you like me to try again?' : 'Would you like me to try them again?',
    about,
  };
}

function isAway(about: readonly Finished[]): boolean {
  return about.some(({ whileAway }) => whileAway === true);
}

function names(tasks: readonly Finished[]): string {
  const quoted = tasks.map((task) => `'${task.description}'`);
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}

/** Words as a listener knows them: no punctuation, no case. */
function folded(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
