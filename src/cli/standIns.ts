import type { Config } from '../config/config.ts';
import { createOfflineClaude } from '../offline/claude/offlineClaude.ts';
import { createOfflineDoubleword } from '../offline/doubleword/offlineDoubleword.ts';
import { createOfflineElevenLabs } from '../offline/elevenlabs/offlineElevenLabs.ts';
import { createFlite } from '../offline/flite.ts';
import { serve } from '../offline/serve.ts';
import type { OfflineVendor } from '../offline/vendor.ts';
import type { Recogniser } from '../perception/recogniser.ts';

/** A key that the stand-ins accept; it opens nothing else. */
export const STAND_IN_KEY = 'offline';

/** Long enough to talk about something else meanwhile, ms. */
const TURNAROUND_MS = 45_000;

export interface StandIns {
  /** The configuration with the stand-ins' addresses in place of what has no key. */
  readonly config: Config;
  /** Finishes every running batch now; undefined when the batch service is the real one. */
  readonly finishTasks: (() => void) | undefined;
  close(): Promise<void>;
}

/** Starts a stand-in for each vendor that has no key, all on one loopback port. */
export async function startStandIns(config: Config, options: { recogniser: Recogniser }): Promise<StandIns> {
  const { offline } = config;
  const doubleword = createOfflineDoubleword({
    turnaround: { ms: TURNAROUND_MS },
    models: [{ id: config.doubleword.model }],
  });
  const vendors: OfflineVendor[] = [];
  if (offline.claude) vendors.push(createOfflineClaude());
  if (offline.doubleword) vendors.push(doubleword);
  if (offline.elevenLabs) {
    const voice = createFlite();
    const vendor = createOfflineElevenLabs({ recogniser: options.recogniser, voice });
    vendors.push({
      app: vendor.app,
      upgrade: (request, socket, head) => vendor.upgrade?.(request, socket, head) ?? false,
      close: async () => {
        await vendor.close();
        await voice.close();
      },
    });
  }
  if (vendors.length === 0) return { config, finishTasks: undefined, close: async () => {} };

  const server = await serve(vendors);
  const standIn = { apiKey: STAND_IN_KEY, baseUrl: server.origin };
  return {
    config: {
      ...config,
      claude: { ...config.claude, ...(offline.claude ? standIn : {}) },
      elevenLabs: { ...config.elevenLabs, ...(offline.elevenLabs ? standIn : {}) },
      doubleword: {
        ...config.doubleword,
        ...(offline.doubleword ? { ...standIn, baseUrl: `${server.origin}/v1` } : {}),
      },
    },
    finishTasks: offline.doubleword
      ? () => {
          for (const { id, status } of doubleword.control.batches()) {
            if (status === 'in_progress' || status === 'validating') doubleword.control.complete(id);
          }
        }
      : undefined,
    close: () => server.close(),
  };
}
