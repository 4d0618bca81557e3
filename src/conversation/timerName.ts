export type TimerName =
  /** The user has been silent for as long as the words so far ask for. */
  | 'turn.endpoint'
  /** A commit was not answered in time. */
  | 'turn.commit'
  /** A notice has waited long enough behind our own answer. */
  | 'notice.patience';
