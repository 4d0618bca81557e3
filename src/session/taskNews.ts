import type { EndedTask } from '../conversation/event.ts';

/** What a session needs of the tasks: to hear of finished ones, and to say that their notice was heard. */
export interface TaskNews {
  /** Calls back for each finished task of the owner nobody has told yet, now and later; returns how to stop that. */
  follow(owner: string, listener: (task: EndedTask) => void): () => void;
  heard(jobIds: readonly string[]): void;
  /** Calls back for each of the owner's tasks that runs, now and later: its notice can be made ahead. */
  running?(owner: string, listener: (task: Pick<EndedTask, 'description'>) => void): () => void;
  /** Whether any task of the owner runs at this moment; left out: none ever does. */
  isRunning?(owner: string): Promise<boolean>;
}
