import { describe } from 'vitest';
import { findTestServer, startTestServer } from '../support/livekitServer.ts';
import { wholeCallSuite } from './wholeCallSuite.ts';

const binary = await findTestServer();

describe.skipIf(binary === undefined)('a whole call in a real LiveKit room, through WebRTC', () =>
  wholeCallSuite(() => startTestServer(binary ?? '')),
);
