/** A synthesiser on this machine. */
export interface Voice {
  warm(): Promise<void>;
  /** 16 kHz mono speech of `text` by a named voice (`slt`, `rms`, `awb`, `kal16`). */
  say(text: string, voice: string): Promise<Int16Array>;
  close(): Promise<void>;
}
