/** Limits of the multi-context socket and our margins on them. Times in milliseconds. */
export interface TtsTuning {
  /** From dialling to the open socket. */
  readonly connectTimeoutMs: number;
  /** A bad key is reported right after the upgrade, which succeeds: `warm` waits this long for it. */
  readonly settleMs: number;
  /** The vendor allows five contexts and frees one at its `isFinal`; with this many outstanding we hold back. */
  readonly contextLimit: number;
  /** How long to wait for a slot before a fresh socket is opened instead. */
  readonly slotWaitMs: number;
  /** Without audio for this long after a clause, or on the way to `isFinal`, the utterance has failed. */
  readonly silenceMs: number;
  /** A context that waits for text is kept alive at this interval (the vendor's limit is set to 180 s). */
  readonly keepaliveMs: number;
  /** An idle socket that lived this long is replaced in the background when it ends. */
  readonly rewarmAfterMs: number;
}

export const TTS_TUNING = {
  connectTimeoutMs: 5000,
  settleMs: 250,
  contextLimit: 4,
  slotWaitMs: 150,
  silenceMs: 8000,
  keepaliveMs: 60_000,
  rewarmAfterMs: 5000,
} as const satisfies TtsTuning;
