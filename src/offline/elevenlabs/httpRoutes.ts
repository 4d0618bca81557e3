import type { Context, Hono } from 'hono';
import type { Clock } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { sliceChars } from './alignment.ts';
import type { Behaviour } from './behaviour.ts';
import { type Credentials, TOKEN_TYPES } from './credentials.ts';
import type { Faults } from './faults.ts';
import type { Spoken } from './speaker.ts';
import { detailBody, rejectFormat, requestId } from './ttsQuery.ts';
import { rateOf, toBytes } from './wireAudio.ts';

export interface RouteOptions {
  readonly credentials: Credentials;
  readonly behaviour: Behaviour;
  readonly faults: Faults;
  readonly clock: Clock;
  /** Undefined: the voice is unknown. */
  readonly sayAs: (voiceId: string, rate: number) => ((text: string) => Promise<Spoken>) | undefined;
}

interface Speech {
  readonly spoken: Spoken;
  readonly headers: Record<string, string>;
}

const CHUNK_MS = 250;

/** Single-use tokens and streamed text-to-speech over HTTP. */
export function addRoutes(app: Hono, options: RouteOptions): void {
  const { credentials, behaviour, faults, clock } = options;
  const gap = () => sleep(clock, behaviour.latency.ttsFrameGapMs);

  app.post('/v1/single-use-token/:type', (c) => {
    const denied = checkKey(c);
    if (denied) return denied;
    const type = TOKEN_TYPES.find((known) => known === c.req.param('type'));
    if (type === undefined)
      return invalid(c, ['path', 'token_type'], `Input should be one of ${TOKEN_TYPES.join(', ')}`);
    return c.json({ token: credentials.issue(type, behaviour.limits.tokenLifeMs) });
  });

  for (const path of ['/v1/text-to-speech/:voice', '/v1/text-to-speech/:voice/stream'] as const) {
    app.post(path, async (c) => {
      const speech = await prepare(c, c.req.param('voice'));
      if (speech instanceof Response) return speech;
      const { spoken, headers } = speech;
      const bytes = toBytes(spoken.pcm);
      const size = Math.round((spoken.rate * CHUNK_MS) / 1000) * 2 + (behaviour.quirks.oddHttpChunks ? 1 : 0);
      return new Response(stream(pieces(bytes, size), gap), {
        headers: { ...headers, 'content-type': 'audio/pcm' },
      });
    });
  }

  app.post('/v1/text-to-speech/:voice/stream/with-timestamps', async (c) => {
    const speech = await prepare(c, c.req.param('voice'));
    if (speech instanceof Response) return speech;
    const { spoken, headers } = speech;
    return new Response(stream(timedLines(spoken), gap), {
      headers: { ...headers, 'content-type': 'application/json' },
    });
  });

  async function prepare(c: Context, voiceId: string): Promise<Speech | Response> {
    const denied = checkKey(c);
    if (denied) return denied;
    const fault = faults.take('http', 'request');
    if (fault?.do === 'refuse') return refuse(fault.status, fault.body ?? '{"detail":{}}');
    const body: unknown = await c.req.json().catch(() => undefined);
    const field = (name: string): unknown => Reflect.get(Object(body), name);
    const text = field('text');
    if (typeof text !== 'string') return invalid(c, ['body', 'text'], 'Field required');
    const model = field('model_id') ?? 'eleven_multilingual_v2';
    if (model === 'eleven_v3' && (field('previous_text') ?? field('next_text')) !== undefined) {
      return refuse(
        400,
        detail(
          'validation_error',
          'unsupported_model',
          "Model 'eleven_v3' takes no previous_text or next_text.",
        ),
      );
    }
    const format = c.req.query('output_format') ?? 'mp3_44100_128';
    const rejected = rejectFormat(format);
    if (rejected)
      return refuse(
        rejected.status,
        detail(rejected.type, rejected.code, rejected.message, { param: rejected.param }),
      );
    const say = options.sayAs(voiceId, rateOf(format));
    if (say === undefined) {
      return refuse(
        404,
        detail('not_found', 'voice_not_found', `A voice with voice_id '${voiceId}' was not found.`),
      );
    }
    const spoken = await say(text);
    const headers = {
      'request-id': requestId(),
      'character-cost': String([...text].length),
      'x-region': 'offline',
    };
    return { spoken, headers };
  }

  function checkKey(c: Context): Response | undefined {
    const key = c.req.header('xi-api-key');
    if (credentials.isGoodKey(key)) return undefined;
    return refuse(
      401,
      JSON.stringify({
        detail: {
          type: 'authentication_error',
          code: 'unauthorized',
          message: 'Invalid API key',
          status: 'invalid_api_key',
          request_id: requestId(),
        },
      }),
    );
  }
}

function detail(...parts: Parameters<typeof detailBody>): string {
  return JSON.stringify(detailBody(...parts));
}

function refuse(status: number, body: string): Response {
  return new Response(body, { status, headers: { 'content-type': 'application/json' } });
}

function invalid(c: Context, loc: readonly string[], msg: string): Response {
  return c.json({ detail: [{ loc, msg, type: 'missing' }] }, 422);
}

function* pieces(bytes: Buffer, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function* timedLines(spoken: Spoken): Generator<Uint8Array> {
  const size = Math.round((spoken.rate * CHUNK_MS) / 1000);
  const ms = (samples: number) => (samples * 1000) / spoken.rate;
  for (let from = 0; from < spoken.pcm.length; from += size) {
    const to = Math.min(from + size, spoken.pcm.length);
    const times = sliceChars(
      spoken.times,
      ms(from),
      to === spoken.pcm.length ? Number.POSITIVE_INFINITY : ms(to),
    );
    const alignment = times && {
      characters: times.chars,
      character_start_times_seconds: times.startsMs.map((start) => start / 1000),
      character_end_times_seconds: times.startsMs.map(
        (start, at) => (start + (times.durationsMs[at] ?? 0)) / 1000,
      ),
    };
    const line = {
      audio_base64: toBytes(spoken.pcm.subarray(from, to)).toString('base64'),
      alignment: alignment ?? null,
      normalized_alignment: alignment ?? null,
    };
    yield Buffer.from(`${JSON.stringify(line)}\n`);
  }
}

function stream(parts: Generator<Uint8Array>, gap: () => Promise<void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const next = parts.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
      await gap();
    },
  });
}
