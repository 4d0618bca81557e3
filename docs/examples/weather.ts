// A tool of one's own: voice-agent start --tools ./weather.ts
import { defineTool } from 'voice-agent';
import { z } from 'zod';

const CITIES = {
  berlin: { latitude: 52.52, longitude: 13.41 },
  madrid: { latitude: 40.42, longitude: -3.7 },
  paris: { latitude: 48.85, longitude: 2.35 },
};

export const getWeather = defineTool({
  name: 'get_weather',
  description: 'The weather of this moment in Berlin, Madrid or Paris.',
  input: z.object({
    city: z.enum(['berlin', 'madrid', 'paris']).describe('The city, in lower case.'),
  }),
  // Looking changes nothing: it may be given up when the caller interrupts, and asked again.
  sideEffect: false,
  timeoutMs: 8_000,
  filler: 'Let me look out of the window.',
  async run({ city }, { signal }) {
    const { latitude, longitude } = CITIES[city];
    const base = process.env.WEATHER_URL ?? 'https://api.open-meteo.com/v1/forecast';
    const answer = await fetch(`${base}?latitude=${latitude}&longitude=${longitude}&current=temperature_2m`, {
      signal,
    });
    // What is thrown is told to the caller, in the agent's words.
    if (!answer.ok) throw new Error('The weather service does not answer.');
    const { current } = z
      .object({ current: z.object({ temperature_2m: z.number() }) })
      .parse(await answer.json());
    return `It is ${Math.round(current.temperature_2m)} degrees in ${city} now.`;
  },
});
