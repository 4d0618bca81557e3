/** What the agent says when it is to be interrupted: long enough that nobody waits for its end. */
export const READING =
  'It most likely began in the highlands of Ethiopia, where a legend tells of a goat herder named Kaldi. ' +
  'By the fifteenth century, people in Yemen were roasting the beans and brewing them to stay awake. ' +
  'From there the drink spread to Mecca, Cairo and Istanbul, and the first coffee houses opened their doors. ' +
  'Merchants brought it to Venice around the year sixteen hundred, and soon London had hundreds of its own.';
