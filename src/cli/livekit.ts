import { type Environment, readEnvironment } from '../config/environment.ts';
import { buildLiveKitServer } from '../livekit-server/buildLiveKitServer.ts';
import { findLiveKitServer } from '../livekit-server/findLiveKitServer.ts';

export interface LiveKitCommandOptions {
  readonly env?: Environment;
  readonly output?: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };
  readonly signal?: AbortSignal;
}

/** Where no line can be rewritten, progress is told this often. */
const EVERY_MS = 10_000;

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

function progressLine(output: NonNullable<LiveKitCommandOptions['output']>) {
  let open = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    show(line: string) {
      if (output.isTTY) {
        output.write(`\r\x1b[2K${line}`);
        open = true;
      } else if (performance.now() - toldAt >= EVERY_MS) {
        toldAt = performance.now();
        output.write(`${line}\n`);
      }
    },
    end() {
      if (open) output.write('\r\x1b[2K');
      open = false;
    },
  };
}
