/** What is said in the calls. Replies are of the usual kind: a short first sentence, then more. */
export const ANSWER = 'Here is what I found. There is nothing to add to it.';

/** Long enough that nobody waits for its end. */
export const READING =
  'It most likely began in the highlands of Ethiopia, where a legend tells of a goat herder named Kaldi. ' +
  'By the fifteenth century, people in Yemen were roasting the beans and brewing them to stay awake. ' +
  'From there the drink spread to Mecca, Cairo and Istanbul, and the first coffee houses opened their doors. ' +
  'Merchants brought it to Venice around the year sixteen hundred, and soon London had hundreds of its own.';

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
