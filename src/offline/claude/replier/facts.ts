import { answerArithmetic } from './arithmetic.ts';
import { answerCalendar } from './calendar.ts';
import { answerCapital } from './capitals.ts';

/** Every pattern must be found in the folded text, in any order. */
const FACTS: readonly (readonly [readonly RegExp[], string])[] = [
  [[/hamlet|romeo and juliet|macbeth/, /who|author|wrote|written|write/], 'William Shakespeare wrote it.'],
  [[/mona lisa/, /who|painted|painter/], 'Leonardo da Vinci painted the Mona Lisa.'],
  [[/(largest|biggest) planet/], 'Jupiter is the largest planet in our solar system.'],
  [[/smallest planet/], 'Mercury is the smallest planet in our solar system.'],
  [[/planets/, /how many/], 'There are eight planets in our solar system.'],
  [[/spider/, /leg/], 'A spider has eight legs.'],
  [[/\b(insect|ant|bee|fly|beetle)s?\b/, /legs?\b/], 'An insect has six legs.'],
  [[/\b(dog|cat|horse|cow)s?\b/, /legs?\b/], 'It has four legs.'],
  [[/\bdays?\b.*\bweeks?\b/], 'There are seven days in a week.'],
  [
    [/\bdays?\b.*\byears?\b/],
    'There are three hundred and sixty-five days in a year, and one more in a leap year.',
  ],
  [[/\bmonths?\b.*\byears?\b/], 'There are twelve months in a year.'],
  [[/\bweeks?\b.*\byears?\b/], 'There are fifty-two weeks in a year.'],
  [[/\bhours?\b.*\bdays?\b/], 'There are twenty-four hours in a day.'],
  [[/\bminutes?\b.*\b(h?our)s?\b/], 'There are sixty minutes in an hour.'],
  [[/\bseconds?\b.*\bminutes?\b/], 'There are sixty seconds in a minute.'],
  [[/colou?r/, /\bsky\b/], 'The sky is blue.'],
  [[/colou?r/, /\bgrass\b/], 'Grass is green.'],
  [[/colou?r/, /\bbananas?\b/], 'A ripe banana is yellow.'],
  [[/opposite/, /\bhot\b/], 'The opposite of hot is cold.'],
  [[/opposite/, /\bcold\b/], 'The opposite of cold is hot.'],
  [[/opposite/, /\bup\b/], 'The opposite of up is down.'],
  [[/opposite/, /\b(big|large)\b/], 'The opposite of big is small.'],
  [[/opposite/, /\bday\b/], 'The opposite of day is night.'],
  [[/(tallest|highest|biggest) mountain/], 'Mount Everest is the tallest mountain in the world.'],
  [[/longest river/], 'The Nile is usually called the longest river in the world.'],
  [[/(largest|biggest) ocean/], 'The Pacific is the largest ocean.'],
  [[/(largest|biggest) (animal|mammal|whale)/], 'The blue whale is the largest animal.'],
  [[/(fastest) (land )?animal/], 'The cheetah is the fastest animal on land.'],
  [[/water/, /\bboils?\b|boiling/], 'Water boils at one hundred degrees Celsius.'],
  [[/water/, /\bfreez/], 'Water freezes at zero degrees Celsius.'],
  [[/how many continents/], 'There are seven continents.'],
];

/** A small fact in one sentence, if the folded text asks for one that is known here. */
export function answerFact(folded: string): string | undefined {
  return (
    answerCapital(folded) ??
    answerCalendar(folded) ??
    FACTS.find(([patterns]) => patterns.every((pattern) => pattern.test(folded)))?.[1] ??
    answerArithmetic(folded)
  );
}
