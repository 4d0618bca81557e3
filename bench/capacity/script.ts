export const GREETING = 'Hello! I am your voice assistant. How can I help you today?';
export const QUESTION = 'What is the capital of France?';
export const ANSWER =
  'The capital of France is Paris, which lies on the river Seine in the north of the country. ' +
  'About two million people live in the city itself, and more than ten million in the towns around it.';
/** A caller asks so long after the one before, ms: about a third of a call is the caller's speech, a half the agent's. */
export const TURN_MS = 18_000;
