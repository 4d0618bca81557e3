import { businessPlan } from './businessPlan.ts';
import { report } from './report.ts';
import { subjectOf } from './subjectOf.ts';

/** A document in markdown of some 600 to 900 words about what `prompt` asks for. Deterministic. */
export function writeDocument(prompt: string): string {
  const subject = subjectOf(prompt);
  return subject.kind === 'businessPlan' ? businessPlan(subject.name) : report(subject.name);
}
