import { serveRequests } from '../workers/serveRequests.ts';
import { loadMoonshineModel, type MoonshineModel } from './moonshineModel.ts';

type MoonshineRequest = { readonly type: 'warm' } | { readonly type: 'transcribe'; readonly pcm: Int16Array };

let loading: Promise<MoonshineModel> | undefined;

function model(): Promise<MoonshineModel> {
  loading ??= loadMoonshineModel().catch((error: unknown) => {
    // The next request tries again.
    loading = undefined;
    throw error;
  });
  return loading;
}

serveRequests(async (message, signal) => {
  const request = message as MoonshineRequest;
  const loaded = await model();
  if (request.type === 'warm') return undefined;
  return loaded.transcribe(request.pcm, signal);
});
