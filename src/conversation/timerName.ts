export type TimerName =
  /** The user has been silent for as long as the words so far ask for. */
  | 'turn.endpoint'
  /** A commit was not answered in time. */
  | 'turn.commit'
  /** Time to listen again to what the user says over us. */
  | 'overlap.look'
  /** Nothing has been audible for so long that something has to be said. */
  | 'silence'
  /** A notice has waited long enough behind our own answer. */
  | 'notice.patience'
  /** A notice that the voice could not speak is tried again. */
  | 'notice.again';
