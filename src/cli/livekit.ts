import { type Environment, readEnvironment } from '../config/environment.ts';
import { buildLiveKitServer } from '../livekit-server/buildLiveKitServer.ts';
import { findLiveKitServer } from '../livekit-server/findLiveKitServer.ts';
import { progressLine } from './progressLine.ts';

export interface LiveKitCommandOptions {
  readonly env?: Environment;
  readonly output?: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };
  readonly signal?: AbortSignal;
}

/** Finds a livekit-server or builds one, in the foreground; says where it is. Rejects with `VA_LIVEKIT_SERVER`. */
export async function runLiveKitCommand(options: LiveKitCommandOptions = {}): Promise<string> {
  const env = options.env ?? readEnvironment();
  const output = options.output ?? process.stdout;
  const found = await findLiveKitServer(env);
  if (found) {
    output.write(`livekit-server is at ${found}\n`);
    return found;
  }
  const progress = progressLine(output);
  try {
    const built = await buildLiveKitServer({
      env,
      onProgress: progress.show,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    progress.end();
    output.write(`livekit-server is built: ${built}\n`);
    return built;
  } finally {
    progress.end();
  }
}
