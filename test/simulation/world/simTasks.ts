import type { EndedTask } from '../../../src/conversation/event.ts';
import type { TaskNews } from '../../../src/session/taskNews.ts';

type Listener = (task: EndedTask) => void;

interface Ended extends EndedTask {
  readonly owner: string;
  /** How often the call said that its notice was heard. */
  heard: number;
}

/** Who is told of which task, as the real desk does it. */
export class SimTasks implements TaskNews {
  readonly ended: Ended[] = [];
  readonly #preparing = new Map<(task: { description: string }) => void, string>();
  readonly #followers = new Map<Listener, string>();

  begin(owner: string, description: string): void {
    for (const [listener, followed] of this.#preparing) if (followed === owner) listener({ description });
  }

  finish(owner: string, task: EndedTask): void {
    this.ended.push({ ...task, owner, heard: 0 });
    for (const [listener, followed] of this.#followers) if (followed === owner) listener(task);
  }

  follow(owner: string, listener: Listener): () => void {
    const told = new Set<string>();
    const tell = (task: EndedTask) => {
      if (!this.#followers.has(tell) || told.has(task.jobId)) return;
      told.add(task.jobId);
      const { jobId, description, status } = task;
      listener({ jobId, description, status });
    };
    this.#followers.set(tell, owner);
    const pending = this.ended.filter((task) => task.owner === owner && task.heard === 0);
    void Promise.resolve(pending).then((tasks) => tasks.forEach(tell));
    return () => this.#followers.delete(tell);
  }

  running(owner: string, listener: (task: { description: string }) => void): () => void {
    this.#preparing.set(listener, owner);
    return () => this.#preparing.delete(listener);
  }

  heard(jobIds: readonly string[]): void {
    for (const task of this.ended) if (jobIds.includes(task.jobId)) task.heard++;
  }
}
