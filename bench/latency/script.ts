/** What is said in the calls. Replies are of the usual kind: a short first sentence, then more. */
export const ANSWER = 'Here is what I found. There is nothing to add to it.';

/** Questions of `fixtures/speech` that are spoken without a pause. */
export const QUESTIONS = [
  'capital-of-france',
  'capital-of-italy',
  'capital-of-japan',
  'colour-of-the-sky',
  'days-in-a-week',
  'months-in-a-year',
  'opposite-of-hot',
  'repeat-that',
  'spider-legs',
  'tallest-mountain',
  'task-status',
  'ten-times-ten',
  'two-plus-two',
  'who-wrote-hamlet',
] as const;

export const INTERRUPTIONS = ['stop-wait', 'repeat-that', 'capital-of-italy', 'who-wrote-hamlet'] as const;
