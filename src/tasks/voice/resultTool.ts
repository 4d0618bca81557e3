import { z } from 'zod';
import { asData } from '../../tools/asData.ts';
import type { Tool } from '../../tools/tool.ts';
import { findSection, summarySection } from '../results/findSection.ts';
import { caughtUp, type Delivery, passage, type Reading } from '../results/reading.ts';
import type { Readings } from '../results/readings.ts';
import { type Script, scriptOf } from '../results/script.ts';
import type { TaskDesk } from '../taskDesk.ts';
import type { Task } from '../taskRecord.ts';
import { pickTask } from './pickTask.ts';

const input = z.object({
  job_id: z.string().trim().min(1).describe("The task's job id; its description also works."),
  section: z
    .string()
    .trim()
    .optional()
    .describe(
      "To read the result out, a part at a time: 'summary' first, 'next' to go on from where the caller stopped hearing, 'repeat' for the last part again, or the title or number of a section. Leave it out to get the text itself, for answering questions about it.",
    ),
});

export interface ResultToolOptions {
  /** Characters of a result that the model is given at most. */
  readonly maxCharacters: number;
  readonly readings: Readings;
}

export function resultTool(desk: TaskDesk, options: ResultToolOptions): Tool<z.infer<typeof input>> {
  const { maxCharacters, readings } = options;
  return {
    name: 'get_task_result',
    description:
      'Gets the result of a finished background task: a part of it to read out, or the text to answer questions about it.',
    input,
    sideEffect: false,
    timeoutMs: 10_000,
    filler: 'I am looking for it.',
    async run({ job_id, section }, { owner, conversation }) {
      const picked = await pickTask(desk, owner, job_id, ({ status }) => status === 'completed');
      if ('answer' in picked) return picked.answer;
      const { task } = picked;
      const unreadable = whyUnreadable(task, maxCharacters);
      if (unreadable !== undefined) return unreadable;
      const text = task.result ?? '';
      const script = scriptOf(text);
      const before = readings.get(owner, task.jobId);
      const heard = before.last && conversation?.heardSince(before.last.callId);
      const turn = conversation?.turn ?? 0;
      const reading = caughtUp(before, script, heard, turn);
      const part = section ? partFor(section, script, reading) : wholeFor(script, reading);
      if (part === undefined) {
        return `The result of '${task.description}' has no section '${section}', and nothing was read. Offer the caller what there is. ${sectionMap(script)}`;
      }
      if (part.to > part.from) {
        const callId = conversation?.callId ?? '';
        readings.set(owner, task.jobId, { ...reading, last: { ...part, callId, turn } });
      }
      return section ? passageText(task, script, part) : wholeText(task, script, text, maxCharacters);
    },
  };
}

type Part = Pick<Delivery, 'from' | 'to' | 'next'>;

/** Of a result nobody has begun to hear, its summary; else the place does not move by what is only looked up. */
function wholeFor(script: Script, { position }: Reading): Part {
  const to = script.lines.length;
  return { from: position, to, next: position === 0 ? summary(script).next : position };
}

function partFor(section: string, script: Script, reading: Reading): Part | undefined {
  const asked = section.toLowerCase();
  if (/^(next|go on|continue|more|the rest|rest)\b/.test(asked)) {
    return reading.position === 0 && !reading.last ? summary(script) : from(script, reading.position);
  }
  if (/^(repeat|again|last|same|once more)( part| one)?$/.test(asked)) {
    const { last } = reading;
    return last
      ? { ...from(script, last.from), next: Math.min(last.next, script.lines.length) }
      : summary(script);
  }
  const index = findSection(script, section);
  if (index !== undefined) return from(script, script.sections[index]?.from ?? 0);
  return /^(summary|overview|beginning|start)\b/.test(asked) ? summary(script) : undefined;
}

function summary(script: Script): Part {
  const index = summarySection(script) ?? 0;
  const part = from(script, script.sections[index]?.from ?? 0);
  // A summary that stands at the end does not make the rest heard.
  return index <= 1 ? part : { ...part, next: 0 };
}

function from(script: Script, start: number): Part {
  const { to } = passage(script, start);
  return { from: start, to, next: to };
}

function whyUnreadable(task: Task, maxCharacters: number): string | undefined {
  const name = `'${task.description}'`;
  switch (task.status) {
    case 'processing':
      return `Task ${name} is still processing. Please wait. Job ID: ${task.jobId}.`;
    case 'completed':
      return task.result
        ? undefined
        : `Task ${name} completed but no results were saved. Job ID: ${task.jobId}.`;
    default: {
      const reason = (task.result ?? 'No reason is known.').slice(0, maxCharacters);
      return `Task ${name} has ${task.status}. Job ID: ${task.jobId}. ${data(task, reason)}`;
    }
  }
}

function passageText(task: Task, script: Script, { from: start, to, next }: Part): string {
  const name = `'${task.description}'`;
  if (to <= start) {
    return `All of the result of ${name} has been read: that was the end of it. Job ID: ${task.jobId}.`;
  }
  const text = script.lines
    .slice(start, to)
    .map((line) => line.text)
    .join(' ');
  const after =
    next < script.lines.length
      ? 'Read this out as it stands, then ask whether to go on: more follows.'
      : 'Read this out as it stands: it is the end of the result.';
  return `Results for ${name}, a part to be read out. Job ID: ${task.jobId}. ${data(task, text)}\n${after}`;
}

function wholeText(task: Task, script: Script, text: string, maxCharacters: number): string {
  const cut = text.length > maxCharacters;
  const shown = cut ? text.slice(0, maxCharacters).replace(/[\uD800-\uDBFF]$/, '') : text;
  const note = cut
    ? `\n(The first ${shown.length} of ${text.length} characters are shown; ask for the rest by section.)`
    : '';
  const map = script.sections.length > 1 ? `${sectionMap(script)}\n` : '';
  return `Results for '${task.description}'. Job ID: ${task.jobId}. ${map}${data(task, shown)}${note}`;
}

function data(task: Task, text: string): string {
  return asData(text, { tag: 'task_result', attributes: { job_id: task.jobId } });
}

/** Sections that are listed at most. */
const MOST_SECTIONS = 40;

function sectionMap({ sections }: Script): string {
  const list = sections
    .slice(0, MOST_SECTIONS)
    .map(({ title, words }, index) => `${index + 1}. ${title} (${words} words)`);
  if (sections.length > MOST_SECTIONS) list.push(`… and ${sections.length - MOST_SECTIONS} more`);
  return asData(list.join('\n'), { tag: 'task_sections' });
}
