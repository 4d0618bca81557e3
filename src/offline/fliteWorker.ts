import { serveRequests } from '../workers/serveRequests.ts';
import { type FliteEngine, loadFlite } from './fliteEngine.ts';

type FliteRequest =
  | { readonly type: 'warm' }
  | { readonly type: 'say'; readonly text: string; readonly voice: string };

let loading: Promise<FliteEngine> | undefined;

function engine(): Promise<FliteEngine> {
  loading ??= loadFlite().catch((error: unknown) => {
    // The next request tries again.
    loading = undefined;
    throw error;
  });
  return loading;
}

serveRequests(async (message) => {
  const request = message as FliteRequest;
  const loaded = await engine();
  if (request.type === 'warm') return undefined;
  return loaded.say(request.text, request.voice);
});
