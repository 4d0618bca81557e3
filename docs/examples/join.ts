// The agent inside a program of one's own. It needs the keys of .env.example; run it with: npx tsx join.ts my-room
import { defineTool, joinRoom, shutDown } from 'voice-agent';
import { z } from 'zod';
import { getWeather } from './weather.ts';

const bookTable = defineTool({
  name: 'book_table',
  description: 'Books a table. Ask for the number of people and the time before you call it.',
  input: z.object({
    people: z.number().int().min(1).max(12),
    time: z.string().describe('As the caller said it: "tomorrow at seven".'),
  }),
  // It changes the world: never repeated within one turn of the caller, never given up half-way.
  sideEffect: true,
  run: ({ people, time }) => ({ booked: true, people, time }),
});

const call = await joinRoom({
  room: process.argv[2] ?? 'my-room',
  tools: [getWeather, bookTable],
  settings: { GREETING: 'Good evening, this is the Corner Cup. What can I do for you?' },
});
process.once('SIGINT', () => void call.hangUp());
const end = await call.ended;
console.log(`The call in ${call.room} is over: ${end.why}.`);
await shutDown();
