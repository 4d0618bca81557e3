/** The environment of an agent whose vendors all are stand-ins at this origin. */
export function standInSettings(origin: string) {
  return {
    ANTHROPIC_API_KEY: 'bench',
    ANTHROPIC_BASE_URL: origin,
    ELEVENLABS_API_KEY: 'bench',
    ELEVENLABS_BASE_URL: origin,
    DOUBLEWORD_API_KEY: 'bench',
    DOUBLEWORD_BASE_URL: `${origin}/v1`,
  };
}
