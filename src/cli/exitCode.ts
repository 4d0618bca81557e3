/** What the shell is told. */
export const EXIT = {
  ok: 0,
  /** Something failed while running: a vendor, the network, a call. */
  failed: 1,
  /** The command line or the settings are wrong: nothing was started. */
  usage: 2,
  /** Ended by Ctrl-C, as shells have it. */
  interrupted: 130,
} as const;
