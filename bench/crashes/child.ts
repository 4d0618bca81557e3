// First, so that what is imported next finds the counted files and requests.
import './points.ts';
import { live } from './life.ts';
import { asOne, point, points } from './points.ts';

const [origin = '', path = '', toldPath = '', dieAt = '0'] = process.argv.slice(2);
points.dieAt = Number(dieAt);
await live({ origin, path, toldPath, point, asOne });
process.stdout.write(JSON.stringify(points.passed));
