// Loaded into worker threads that run from the TypeScript sources: `--import tsx` takes effect in the main thread only.
import { register } from 'tsx/esm/api';

register();
