/** Answers of about half a minute, in sentences, so that there is something to interrupt and to go on with. */
const COFFEE = [
  'Coffee has a long and colourful history.',
  'It most likely began in the highlands of Ethiopia, where a legend tells of a goat herder named Kaldi who saw his goats dance after eating red berries.',
  'By the fifteenth century, people in Yemen were roasting the beans and brewing them to stay awake through long nights of prayer.',
  'From there the drink spread to Mecca, Cairo and Istanbul, and the first coffee houses opened their doors.',
  'Merchants brought it to Venice around the year sixteen hundred, and soon London and Paris had hundreds of coffee houses of their own.',
  'People met there to trade news, to do business and to argue about politics.',
  'The Dutch carried plants to Java, and the French took them to the Caribbean.',
  'From the Caribbean coffee reached Brazil, which still grows more of it than any other country.',
  'In the twentieth century came instant coffee, the espresso machine and the big coffee chains.',
  'Today people drink more than two billion cups of it every day.',
];

const STORY = [
  'Once upon a time there was a lighthouse keeper named Clara, who lived alone on a small island.',
  'Every evening she climbed two hundred steps to light the lamp.',
  'One stormy night the lamp went out, and she found that there was no oil left.',
  'Far out on the water she could hear the horn of a ship.',
  'So Clara gathered every candle, every lantern and every mirror that she owned, and carried them all up to the top.',
  'She lit the candles one by one, and the mirrors threw their light across the waves.',
  'The captain saw the strange, flickering glow and turned his ship away from the rocks.',
  'In the morning the whole crew rowed to the island to thank her, and they brought her a barrel of oil and a little dog.',
  'From that day on, Clara was never alone, and the lamp never went out again.',
];

export const LONG_TALKS: readonly (readonly string[])[] = [COFFEE, STORY];

/** The talk that the folded text asks for. */
export function longTalk(folded: string): readonly string[] | undefined {
  if (/\b(history|story|origins?) of coffee\b|\b(tell|talk|know)\b.*\babout\b.*\bcoffee\b/.test(folded))
    return COFFEE;
  if (/\b(tell|read|give|hear)\b.*\b(story|tale)\b|^(a )?story( please)?$/.test(folded)) return STORY;
  return undefined;
}
