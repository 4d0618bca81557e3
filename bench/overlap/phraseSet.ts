/** A sound without a spelling, as each synthesiser is told to make it. */
export interface Hum {
  readonly flite: string;
  readonly espeak: string;
}

/** What callers say while the agent speaks. */
export interface PhraseSet {
  readonly interruptions: Readonly<Record<'clear' | 'polite' | 'continuerFirst', readonly string[]>>;
  readonly backchannels: readonly string[];
  readonly hums: readonly Hum[];
}
