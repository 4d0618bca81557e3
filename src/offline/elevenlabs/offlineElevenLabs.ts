import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Hono } from 'hono';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Recogniser } from '../../perception/recogniser.ts';
import type { Clock } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { systemClock } from '../../time/systemClock.ts';
import type { OfflineVendor } from '../vendor.ts';
import type { Voice } from '../voice.ts';
import {
  type Behaviour,
  LATENCY,
  type Latency,
  LIMITS,
  type Limits,
  QUIRKS,
  type Quirks,
} from './behaviour.ts';
import { Credentials } from './credentials.ts';
import { type Fault, type FaultAction, Faults } from './faults.ts';
import { addRoutes } from './httpRoutes.ts';
import { Speaker } from './speaker.ts';
import { parseSttQuery } from './sttQuery.ts';
import { failStt, SttSession } from './sttSession.ts';
import { TtsPeer } from './ttsPeer.ts';
import { detailBody, parseTtsQuery } from './ttsQuery.ts';
import { serveMulti, serveSingle, type TtsSocketOptions } from './ttsSockets.ts';
import { localVoice } from './voices.ts';
import { rateOf } from './wireAudio.ts';

export interface OfflineElevenLabsOptions {
  /** Hears for speech-to-text. Belongs to the caller, who closes it. */
  readonly recogniser: Recogniser;
  /** Speaks for text-to-speech. Belongs to the caller, who closes it. */
  readonly voice: Voice;
  readonly latency?: Partial<Latency>;
  readonly limits?: Partial<Limits>;
  readonly quirks?: Partial<Quirks>;
  /** The voice id that sounds like `slt`. Default: the project's default voice. */
  readonly defaultVoiceId?: string;
  /** Voice ids that do not exist here; those that begin with `notARealVoice` never do. */
  readonly unknownVoices?: readonly string[];
  readonly clock?: Clock;
}

/** What happened so far. */
export interface OfflineElevenLabsStats {
  readonly sttSessions: number;
  /** Texts of all answered commits, oldest first. */
  readonly heard: readonly string[];
  readonly ttsSockets: number;
  /** Most contexts that were open at once on one socket. */
  readonly ttsContextsPeak: number;
}

export interface OfflineElevenLabs extends OfflineVendor {
  readonly stats: OfflineElevenLabsStats;
  /** Lets the next `times` (default 1) occasions fail, in the order given. */
  failNext(fault: Fault, times?: number): void;
  clearFaults(): void;
  setLatency(latency: Partial<Latency>): void;
  setLimits(limits: Partial<Limits>): void;
  setQuirks(quirks: Partial<Quirks>): void;
  /** Cuts all connections without a close frame, as a network does. */
  dropConnections(): void;
}

const DEFAULT_VOICE_ID = 'JBFqnCBsd6RMkjVDRZzb';
const TTS_PATH = /^\/v1\/text-to-speech\/([^/]+)\/(stream-input|multi-stream-input)$/;

/** A stand-in for ElevenLabs on its wire protocols: it really hears and really speaks, with local models. */
export function createOfflineElevenLabs(options: OfflineElevenLabsOptions): OfflineElevenLabs {
  const { clock = systemClock, recogniser } = options;
  const behaviour: Behaviour = {
    latency: { ...LATENCY, ...options.latency },
    limits: { ...LIMITS, ...options.limits },
    quirks: { ...QUIRKS, ...options.quirks },
  };
  const faults = new Faults();
  const credentials = new Credentials(clock);
  const speaker = new Speaker(options.voice);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 16 * 1024 * 1024,
    perMessageDeflate: false,
  });
  const stats = { sttSessions: 0, heard: [] as string[], ttsSockets: 0, ttsContextsPeak: 0 };
  const app = new Hono();

  const sayAs = (voiceId: string, rate: number) => {
    const voice = localVoice(voiceId, {
      defaultVoiceId: options.defaultVoiceId ?? DEFAULT_VOICE_ID,
      unknown: options.unknownVoices ?? [],
    });
    return voice === undefined ? undefined : (text: string) => speaker.say(text, voice, rate);
  };
  addRoutes(app, { credentials, behaviour, faults, clock, sayAs });

  async function acceptStt(
    socket: WebSocket,
    request: IncomingMessage,
    query: URLSearchParams,
  ): Promise<void> {
    stats.sttSessions += 1;
    const fault = faults.take('stt', 'connect');
    const early: Buffer[] = [];
    const keep = (data: Buffer) => early.push(data);
    socket.on('message', keep);
    const token = query.get('token');
    const isKnown =
      token === null ? credentials.isGoodKey(keyOf(request)) : credentials.consume(token, 'realtime_scribe');
    if (!isKnown) {
      failStt(socket, 'auth_error', 'You must be authenticated to use this endpoint.');
      return;
    }
    if (fault) {
      if (fault.do === 'error') failStt(socket, fault.error, fault.message ?? `Injected ${fault.error}.`);
      else breakOff(socket, fault);
      return;
    }
    const config = parseSttQuery(query);
    if (typeof config === 'string') {
      failStt(socket, 'invalid_request', config);
      return;
    }
    await sleep(clock, behaviour.latency.sttSessionMs);
    if (socket.readyState !== socket.OPEN) return;
    socket.off('message', keep);
    const onHeard = (text: string) => stats.heard.push(text);
    new SttSession({ socket, config, recogniser, behaviour, faults, clock, onHeard });
    for (const data of early) socket.emit('message', data, false);
  }

  function acceptTts(socket: WebSocket, setup: Omit<TtsSocketOptions, 'socket'>, isMulti: boolean): void {
    stats.ttsSockets += 1;
    const fault = faults.take('tts', 'connect');
    if (fault) {
      new TtsPeer({ socket, clock, behaviour, faults }).apply(fault);
      return;
    }
    if (isMulti) serveMulti({ ...setup, socket });
    else serveSingle({ ...setup, socket });
  }

  function upgradeTts(
    accept: Accept,
    request: IncomingMessage,
    url: URL,
    voiceId: string,
    isMulti: boolean,
  ): void {
    const config = parseTtsQuery(url.searchParams);
    if ('status' in config) {
      const { status, type, code, message, param } = config;
      accept.refuse(status, JSON.stringify(detailBody(type, code, message, { param })));
      return;
    }
    const setup = {
      config,
      voiceId,
      say: sayAs(voiceId, rateOf(config.format)),
      behaviour,
      faults,
      clock,
      credentials: ttsCredentials(request, url.searchParams),
      isGoodKey: (key: string | undefined) => credentials.isGoodKey(key),
      onContexts: (open: number) => {
        stats.ttsContextsPeak = Math.max(stats.ttsContextsPeak, open);
      },
    };
    accept.take((socket) => acceptTts(socket, setup, isMulti));
  }

  function ttsCredentials(request: IncomingMessage, query: URLSearchParams): TtsSocketOptions['credentials'] {
    const token = query.get('single_use_token');
    if (token !== null) return credentials.consume(token, 'tts_websocket') ? 'good' : 'bad';
    const key = keyOf(request) ?? query.get('authorization')?.replace(/^bearer\s+/i, '');
    if (key === undefined) return 'pending';
    return credentials.isGoodKey(key) ? 'good' : 'bad';
  }

  return {
    app,
    stats,
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? '/', 'http://offline');
      const tts = TTS_PATH.exec(url.pathname);
      const isStt = url.pathname === '/v1/speech-to-text/realtime';
      if (!isStt && tts === null) return false;
      const accept: Accept = {
        take: (serve) => sockets.handleUpgrade(request, socket, head, serve),
        refuse: (status, body) => refuseUpgrade(socket, status, body),
      };
      const refusal = faults.takeRefusal(isStt ? 'stt' : 'tts');
      if (refusal) accept.refuse(refusal.status, refusal.body ?? '');
      else if (isStt) accept.take((ws) => void acceptStt(ws, request, url.searchParams));
      else if (tts)
        upgradeTts(accept, request, url, decodeURIComponent(tts[1] ?? ''), tts[2] !== 'stream-input');
      return true;
    },
    failNext: (fault, times = 1) => faults.add(fault, times),
    clearFaults: () => faults.clear(),
    setLatency(change) {
      behaviour.latency = { ...behaviour.latency, ...change };
    },
    setLimits(change) {
      behaviour.limits = { ...behaviour.limits, ...change };
    },
    setQuirks(change) {
      behaviour.quirks = { ...behaviour.quirks, ...change };
    },
    dropConnections() {
      for (const socket of sockets.clients) socket.terminate();
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

interface Accept {
  take(serve: (socket: WebSocket) => void): void;
  refuse(status: number, body: string): void;
}

function keyOf(request: IncomingMessage): string | undefined {
  const key = request.headers['xi-api-key'];
  return typeof key === 'string' ? key : undefined;
}

function breakOff(socket: WebSocket, fault: FaultAction): void {
  if (fault.do === 'drop') socket.terminate();
  else if (fault.do === 'close') socket.close(fault.code, fault.reason);
}

function refuseUpgrade(socket: Duplex, status: number, body: string): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
